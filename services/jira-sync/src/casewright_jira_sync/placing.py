"""One thing into Jira, exactly once in effect: look, then write, then look again where in doubt."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from casewright_jira_sync.domain.claim import SyncOutcome
from casewright_jira_sync.domain.ownership import Mark, Standing, oldest_first
from casewright_jira_sync.domain.pacing import FIRST_WAIT_S, JITTER, MAX_TRIES, wait_s
from casewright_jira_sync.errors import JiraFailedError, JiraUnavailableError, NotThereError
from casewright_jira_sync.lease import Lease, Placed, TargetKind

ResultT = TypeVar("ResultT")

Fence = Callable[[], Awaitable[None]]
"""Called right before the bytes of a write leave; raises where we may no longer write."""


class Slot(Protocol):
    """A place in Jira that holds at most one thing of ours, and what shall stand there.

    Raises:
        JiraUnavailableError, JiraFailedError, UpstreamRejectedError: From every method.
        NotThereError: The story is gone; from `update` and `delete`: the thing itself is.
        StoryBusyError: From `create`, `update` and `delete`: the fence held us back.
    """

    @property
    def kind(self) -> TargetKind:
        """What it is."""
        ...

    @property
    def mark(self) -> Mark:
        """Whose it is and what it says; its hash and generation decide whether to write."""
        ...

    async def find(self, jira_id: str) -> Standing | None:
        """The thing with this id, if it stands there and is ours."""
        ...

    async def search(self, *, fresh: bool) -> list[Standing]:
        """Everything of ours that stands there, duplicates included.

        Args:
            fresh: Ask Jira again; otherwise what this lease has seen, and written since, will do.
        """
        ...

    async def create(self, fence: Fence) -> Standing:
        """Write it anew."""
        ...

    async def update(self, standing: Standing, fence: Fence) -> None:
        """Write over what stands there."""
        ...

    async def delete(self, standing: Standing, fence: Fence) -> None:
        """Remove a duplicate."""
        ...


class Observer(Protocol):
    """What counts."""

    def wrote(self, kind: TargetKind, outcome: str) -> None:
        """A thing was `created`, `updated`, `unchanged`, `superseded`, or a `duplicate_removed`."""
        ...

    def found(self, kind: TargetKind) -> None:
        """A search found something of ours that the ledger did not know."""
        ...


@dataclass(frozen=True)
class Patience:
    """How long to go on trying one thing before the delivery runtime takes over.

    Attributes:
        tries: Tries at one thing.
        first_wait_s: Pause after the first failure, doubling, where Jira names none.
        longest_wait_s: A longer pause is left to the delivery runtime.
    """

    tries: int = MAX_TRIES
    first_wait_s: float = FIRST_WAIT_S
    longest_wait_s: float = 30.0


@dataclass(frozen=True)
class Placer:
    """Puts slots into the state they shall have, under one lease."""

    lease: Lease
    observer: Observer
    patience: Patience

    async def place(self, slot: Slot, known: Placed | None) -> tuple[SyncOutcome, Standing]:
        """Make `slot` stand in Jira as its mark says; returns what stands there afterwards.

        Args:
            slot: The place and its content.
            known: What the ledger says stands there.

        Raises:
            NotThereError: The story is gone.
            JiraUnavailableError, JiraFailedError: Patience ran out.
            UpstreamRejectedError: Jira refuses what we write.
            StoryBusyError: Somebody else took the story over.
        """
        return await self.patiently(
            lambda: self._once(slot, known, search=self.lease.suspect or self.lease.doubtful)
        )

    async def patiently(self, call: Callable[[], Awaitable[ResultT]]) -> ResultT:
        """Try `call` again while Jira is away or wants us to wait, keeping the lease."""
        attempt = 0
        while True:
            attempt += 1
            try:
                return await call()
            except (JiraUnavailableError, JiraFailedError) as error:
                if error.effect_unknown:
                    self.lease.doubt()
                jitter = random.uniform(*JITTER)  # noqa: S311  # spreads retries, guards nothing
                pause = wait_s(attempt, error.retry_after_s, jitter, first_s=self.patience.first_wait_s)
                if error.quota or attempt >= self.patience.tries or pause > self.patience.longest_wait_s:
                    raise
                await self.lease.extend(pause)
                await asyncio.sleep(pause)

    async def _once(self, slot: Slot, known: Placed | None, *, search: bool) -> tuple[SyncOutcome, Standing]:
        standing = None if search or known is None else await slot.find(known.jira_id)
        if standing is None:
            ours = oldest_first(await slot.search(fresh=search))
            newest = max(ours, key=lambda one: one.mark.generation, default=None)
            if newest is not None and newest.mark.generation > self.lease.generation:
                return await self._noted(slot, newest, "superseded")
            await self._remove(slot, ours[1:])
            standing = ours[0] if ours else None
            if standing is not None and (known is None or known.jira_id != standing.id):
                self.observer.found(slot.kind)
        if standing is not None:
            outcome = await self._brought_up_to_date(slot, standing)
            if outcome is not None:
                return await self._noted(slot, standing, outcome)
        return await self._created(slot, search=search)

    async def _brought_up_to_date(self, slot: Slot, standing: Standing) -> SyncOutcome | None:
        """The outcome, or `None` where the thing vanished under our hands."""
        if standing.mark.generation > self.lease.generation:
            self.observer.wrote(slot.kind, "superseded")
            return "superseded"
        if standing.mark.content_hash == slot.mark.content_hash:
            self.observer.wrote(slot.kind, "unchanged")
            # Written by an attempt at this very generation that could not tell us.
            return "written" if standing.mark.generation == self.lease.generation else "unchanged"
        try:
            await slot.update(standing, self.lease.fence)
        except NotThereError:
            return None
        self.observer.wrote(slot.kind, "updated")
        return "written"

    async def _created(self, slot: Slot, *, search: bool) -> tuple[SyncOutcome, Standing]:
        created = await slot.create(self.lease.fence)
        self.observer.wrote(slot.kind, "created")
        if search or self.lease.overstayed:
            # Somebody may have written at the same time: all keep the oldest, and each removes the others.
            ours = oldest_first(await slot.search(fresh=True))
            if ours and ours[0].id != created.id:
                return await self._once(slot, None, search=True)
            await self._remove(slot, ours[1:])
        return await self._noted(slot, created, "written")

    async def _remove(self, slot: Slot, duplicates: list[Standing]) -> None:
        for duplicate in duplicates:
            try:
                await slot.delete(duplicate, self.lease.fence)
            except NotThereError:
                continue
            self.observer.wrote(slot.kind, "duplicate_removed")

    async def _noted(
        self, slot: Slot, standing: Standing, outcome: SyncOutcome
    ) -> tuple[SyncOutcome, Standing]:
        mark = slot.mark if outcome == "written" else standing.mark
        await self.lease.record(placed_of(slot.kind, slot.mark.case_id, standing, mark))
        return outcome, standing


def placed_of(kind: TargetKind, case_id: UUID | None, standing: Standing, mark: Mark) -> Placed:
    """The ledger's line about something that stands in Jira with `mark`."""
    return Placed(
        kind=kind,
        case_id=case_id,
        jira_id=standing.id,
        jira_key=standing.key,
        content_hash=mark.content_hash,
        generation=mark.generation,
        retired=mark.retired,
    )
