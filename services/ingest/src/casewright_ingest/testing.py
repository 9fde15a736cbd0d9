"""Twins of the adapters in memory, for tests; held to the same contract."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from casewright_ingest.domain.revisions import StoryState
from casewright_ingest.service import IssueRef


@dataclass
class StorySlotInMemory:
    """A `StorySlot`."""

    state: StoryState | None

    async def save(self, state: StoryState) -> None:
        """Replace `state`."""
        self.state = state


class StoriesInMemory:
    """`Stories` without PostgreSQL.

    Attributes:
        failures: Raised by the next calls of `lock`, in order.
    """

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self._states: dict[IssueRef, StoryState] = {}
        self._locks: defaultdict[IssueRef, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def lock(self, issue: IssueRef) -> AsyncIterator[StorySlotInMemory]:
        """See `Stories.lock`."""
        if self.failures:
            raise self.failures.pop(0)
        async with self._locks[issue]:
            slot = StorySlotInMemory(self._states.get(issue))
            yield slot
            if slot.state is not None:
                self._states[issue] = slot.state
