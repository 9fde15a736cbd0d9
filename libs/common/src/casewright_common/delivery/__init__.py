"""The delivery runtime: many messages in flight, in order per key, and none lost.

Handlers stay ordinary FastStream subscribers; this package decides when they are called, what happens when
they fail, and when an offset may be committed. `docs/adr/0002-delivery-runtime.md` says why it is ours.
"""

from casewright_common.delivery.dead_letters import DeadLetter, Header, read_dead_letter, replay_of
from casewright_common.delivery.publishing import Publish
from casewright_common.delivery.runtime import Delivery, consumer

__all__ = ["DeadLetter", "Delivery", "Header", "Publish", "consumer", "read_dead_letter", "replay_of"]
