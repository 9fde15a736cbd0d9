"""What to do with a message whose handler raised."""

import random
from dataclasses import dataclass

from casewright_common.errors import CasewrightError, Retry, UpstreamUnavailableError

FIRST_RETRY_S = 0.2
LONGEST_RETRY_S = 15.0
LONGEST_REQUESTED_WAIT_S = 300.0
DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Park:
    """The message goes to the dead letters.

    Attributes:
        code: The error's code.
        of_one_owner: Whether it says nothing about the messages of others.
    """

    code: str
    of_one_owner: bool = False


@dataclass(frozen=True, slots=True)
class Again:
    """The message is tried again.

    Attributes:
        delay_s: Seconds from now.
        unavailable: Whether a dependency is down, so that the next messages would probably fail too.
        asked_s: Seconds that the dependency asked us to wait, else 0.
        code: The error's code.
    """

    delay_s: float
    unavailable: bool
    asked_s: float
    code: str


def back_off_s(attempt: int) -> float:
    """Seconds to wait after the `attempt`-th failure (1, 2, …): doubled each time up to 15 s, with jitter.

    Half of it is certain and half random, so that messages which failed together don't return together.
    """
    longest = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(attempt - 1, DOUBLINGS))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311  # jitter isn't a secret


def decide(error: BaseException, attempt: int, max_attempts: int) -> Park | Again:
    """What becomes of a message after its `attempt`-th failure (from 1).

    An error that isn't ours is a bug: it is parked and not tried again.
    """
    if not isinstance(error, CasewrightError):
        return Park("internal")
    if error.retry is Retry.UNTIL_AVAILABLE:
        if not isinstance(error, UpstreamUnavailableError):
            return Again(back_off_s(attempt), unavailable=False, asked_s=0.0, code=error.code)
        asked_s = min(error.retry_after_s or 0.0, LONGEST_REQUESTED_WAIT_S)
        return Again(max(back_off_s(attempt), asked_s), unavailable=True, asked_s=asked_s, code=error.code)
    if error.retry is Retry.BOUNDED and attempt < max_attempts:
        return Again(back_off_s(attempt), unavailable=False, asked_s=0.0, code=error.code)
    return Park(error.code, of_one_owner=error.of_one_owner)
