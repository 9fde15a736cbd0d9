"""The right to write about one story for some seconds, and the ledger that grants it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from casewright_jira_sync.domain.claim import Decision, Granted, Settled, SyncOutcome
from casewright_jira_sync.errors import StoryBusyError

TargetKind = Literal["comment", "subtask"]
Clock = Callable[[], float]


@dataclass(frozen=True)
class StoryKey:
    """A story as the ledger knows it; Jira's issue id is unique within its site only."""

    org_id: UUID
    connection_id: UUID
    issue_id: str


@dataclass(frozen=True)
class Placed:
    """What the ledger knows of one thing that stands in Jira.

    Attributes:
        case_id: The case that a sub-task stands for; `None` for the comment.
        jira_key: Key of the sub-task; empty for the comment.
        generation: The generation that was seen or written there last.
    """

    kind: TargetKind
    case_id: UUID | None
    jira_id: str
    jira_key: str
    content_hash: str
    generation: int
    retired: bool = False


class Ledger(Protocol):
    """Claims and targets per story. Every method is one short transaction.

    Raises:
        UpstreamUnavailableError: From every method: PostgreSQL is away.
    """

    async def claim(self, story: StoryKey, generation: int, *, owner: UUID, lease_s: float) -> Decision:
        """Claim the story for `generation`, as `domain.claim.decide` has it; a grant is stored."""
        ...

    async def renew(self, story: StoryKey, *, owner: UUID, lease_s: float) -> bool:
        """Let the lease run for `lease_s` from now; false where `owner` no longer holds it."""
        ...

    async def placed(self, story: StoryKey) -> tuple[Placed, ...]:
        """Everything known to stand in Jira, in no particular order."""
        ...

    async def record(self, story: StoryKey, placed: Placed, *, owner: UUID) -> bool:
        """Remember a target by kind and case; false, and nothing stored, where `owner` holds no lease."""
        ...

    async def settle(
        self, story: StoryKey, generation: int, outcome: SyncOutcome, *, owner: UUID, suspect: bool
    ) -> Settled | None:
        """End the claim of `generation`; `None`, and nothing stored, where `owner` holds no lease.

        A generation that was settled before keeps its first outcome and time, which are returned.
        """
        ...

    async def release(self, story: StoryKey, *, owner: UUID, suspect: bool) -> None:
        """Give the lease back unsettled, if `owner` still holds it."""
        ...


class Lease:
    """A granted claim.

    The lease outlives the longest call to Jira, so that whoever takes over after a kill finds the effect of
    the last call when it looks. It is checked, and renewed if need be, right before each write.

    Args:
        call_s: Longest time that one call to Jira can take; less than `lease_s`.
        began: When the claim was asked for, by `clock`: the lease can't run longer than from then.
    """

    def __init__(
        self,
        ledger: Ledger,
        story: StoryKey,
        generation: int,
        granted: Granted,
        *,
        owner: UUID,
        lease_s: float,
        call_s: float,
        began: float,
        clock: Clock = time.monotonic,
    ) -> None:
        self.story = story
        self.generation = generation
        self.granted = granted
        self._ledger = ledger
        self._owner = owner
        self._lease_s = lease_s
        self._call_s = call_s
        self._clock = clock
        self._ends = began + lease_s
        self._doubtful = False

    @property
    def suspect(self) -> bool:
        """Whether Jira may hold something of ours that the ledger doesn't know."""
        return self.granted.suspect

    @property
    def doubtful(self) -> bool:
        """Whether a write of ours may have happened although it seemed to fail."""
        return self._doubtful

    @property
    def overstayed(self) -> bool:
        """Whether somebody else may have taken over."""
        return self._clock() >= self._ends

    def doubt(self) -> None:
        """Note that the effect of a write is unknown."""
        self._doubtful = True

    async def fence(self) -> None:
        """Return only if a call that starts now ends within the lease.

        Raises:
            StoryBusyError: Somebody else took over.
        """
        if self._ends - self._clock() < self._call_s:
            await self.extend(0.0)

    async def extend(self, wait_s: float) -> None:
        """Keep the lease over a pause of `wait_s` seconds.

        Raises:
            StoryBusyError: Somebody else took over.
        """
        began, lasts = self._clock(), wait_s + self._lease_s
        if not await self._ledger.renew(self.story, owner=self._owner, lease_s=lasts):
            raise StoryBusyError("another member took this story over")
        self._ends = began + lasts

    async def record(self, placed: Placed) -> None:
        """Remember what stands in Jira.

        Raises:
            StoryBusyError: Somebody else took over.
        """
        if not await self._ledger.record(self.story, placed, owner=self._owner):
            raise StoryBusyError("another member took this story over")

    async def settle(self, outcome: SyncOutcome) -> Settled:
        """End the claim; whoever vanished before us may still wake up, so the next claim searches once more.

        Raises:
            StoryBusyError: Somebody else took over.
        """
        settled = await self._ledger.settle(
            self.story, self.generation, outcome, owner=self._owner, suspect=self.granted.taken_over
        )
        if settled is None:
            raise StoryBusyError("another member took this story over")
        return settled

    async def release(self) -> None:
        """Give the story back for another attempt."""
        await self._ledger.release(self.story, owner=self._owner, suspect=self.suspect or self._doubtful)
