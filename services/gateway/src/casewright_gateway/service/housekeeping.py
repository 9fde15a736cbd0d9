"""Forgetting what is no longer needed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from casewright_common.vault import SecretWriter
from casewright_gateway.service.stores import ConfigurationStore

PAGE = 200
SEEN_FOR = timedelta(days=30)
"""Longer than any topic that the gateway consumes keeps an event: what may come again isn't forgotten."""


@dataclass(frozen=True)
class KeepHouse:
    """Deletes replaced secrets after a while, and notes about events and idempotency keys.

    Attributes:
        keep_secrets: How long a replaced secret stays readable: events that name it may be on their way.
    """

    store: ConfigurationStore
    vault: SecretWriter
    now: Callable[[], datetime]
    keep_secrets: timedelta

    async def __call__(self) -> None:
        """Go through all organisations; what fails is tried again next time."""
        cursor: str | None = None
        while True:
            page = await self.store.organisations(limit=PAGE, cursor=cursor)
            for organisation in page.items:
                async with self.store.begin(organisation.id) as unit:
                    await unit.forget_seen(self.now() - SEEN_FOR)
                    due = await unit.retired_secrets(self.now() - self.keep_secrets)
                for secret_id in due:
                    await self.vault.delete(org_id=organisation.id, secret_id=secret_id)
                    async with self.store.begin(organisation.id) as unit:
                        await unit.forget_retired(secret_id)
            cursor = page.next_cursor
            if cursor is None:
                return
