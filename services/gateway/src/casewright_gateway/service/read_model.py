"""Keeping the read model: each event is taken in once, in one transaction."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from casewright_common.events import (
    CaseDraft,
    CasesGeneratedV1,
    CasesSyncedV1,
    GenerationFailedV1,
    GenerationOutcome,
    IssueEvent,
    StoryChangedV1,
)
from casewright_gateway.domain import case_review
from casewright_gateway.domain.records import story_id
from casewright_gateway.domain.story_state import (
    StoryState,
    after_change,
    after_decision,
    after_failure,
    after_generation,
    after_sync,
)


class ReadModelUnit(Protocol):
    """One transaction over one story's part of the read model."""

    async def lock(self) -> StoryState:
        """What is known of the story; nothing else changes it until the end."""
        ...

    async def save(self, state: StoryState) -> None:
        """Store the state and the status that follows from it."""
        ...

    async def cases(self) -> Sequence[CaseDraft]:
        """The story's cases until now, in their order."""
        ...

    async def decided(self) -> Mapping[UUID, CaseDraft]:
        """Each case of the story that somebody decided on, as it stood after the last decision."""
        ...

    async def replace_cases(self, event: CasesGeneratedV1, cases: Sequence[CaseDraft]) -> None:
        """Only `cases` remain, told by `event`."""
        ...

    async def save_generated(self, event: CasesGeneratedV1, started_at: datetime | None) -> None:
        """The generation's run: that of its request, or one of its own."""
        ...

    async def save_failed(self, event: GenerationFailedV1, started_at: datetime | None) -> None:
        """The failure's run: that of its request, or one of its own."""
        ...

    async def save_synced(self, event: CasesSyncedV1) -> None:
        """What became of the generation in Jira."""
        ...

    async def started(self, revision: int, at: datetime) -> None:
        """Runs for that revision of which nobody knew when they began, did so then."""
        ...


class ReadModelStore(Protocol):
    """Where units come from."""

    def begin(self, event: IssueEvent, story_id: UUID) -> AbstractAsyncContextManager[ReadModelUnit | None]:
        """One transaction for one event; `None` where the event was taken in before."""
        ...


@dataclass(frozen=True)
class KeepReadModel:
    """Takes in what the other services tell."""

    store: ReadModelStore

    async def story_changed(self, event: StoryChangedV1) -> None:
        """A story has a new revision, or is gone."""
        async with self._begin(event) as unit:
            if unit is not None:
                await unit.save(after_change(await unit.lock(), event))
                await unit.started(event.revision, event.occurred_at)

    async def cases_generated(self, event: CasesGeneratedV1) -> None:
        """There are cases, or questions, for a revision; or cases go to Jira as people decided on them."""
        async with self._begin(event) as unit:
            if unit is None:
                return
            old = await unit.lock()
            if event.decided_on is not None:
                await unit.save(after_decision(old, event))
                return
            new = after_generation(old, event)
            await unit.save(new)
            if new.generation > old.generation:
                await unit.replace_cases(event, await _cases(unit, event))
            await unit.save_generated(event, _start(old, event.revision))

    async def generation_failed(self, event: GenerationFailedV1) -> None:
        """Nothing could be written."""
        async with self._begin(event) as unit:
            if unit is not None:
                old = await unit.lock()
                await unit.save(after_failure(old, event))
                await unit.save_failed(event, _start(old, event.revision))

    async def cases_synced(self, event: CasesSyncedV1) -> None:
        """A generation stands in Jira, or never will."""
        async with self._begin(event) as unit:
            if unit is not None:
                await unit.save(after_sync(await unit.lock(), event))
                await unit.save_synced(event)

    def _begin(self, event: IssueEvent) -> AbstractAsyncContextManager[ReadModelUnit | None]:
        return self.store.begin(event, story_id(event.connection_id, event.issue_id))


async def _cases(unit: ReadModelUnit, event: CasesGeneratedV1) -> Sequence[CaseDraft]:
    if event.outcome is GenerationOutcome.RETIRED:
        return ()
    return case_review.after_generation(
        event.cases, event.retired_cases, shown=await unit.cases(), decided=await unit.decided()
    )


def _start(state: StoryState, revision: int | None) -> datetime | None:
    """When work on a revision that nobody asked for began: when it was found, if that is known."""
    return state.changed_at if revision is not None and state.revision == revision else None
