"""Reading stories, cases, decisions on them and runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from casewright_common.events import CaseChange, Priority, Technique
from casewright_gateway.domain.records import CaseRecord, Page, Review, Run, StoryRecord
from casewright_gateway.domain.story_status import StoryStatus


class ReviewState(StrEnum):
    """Whether and how somebody decided on a case."""

    OPEN = "open"
    APPROVED = "approved"
    EDITED = "edited"
    REJECTED = "rejected"


@dataclass(frozen=True)
class CaseFilter:
    """Which cases to list: those that fit all that is given.

    Attributes:
        change: Without it, all but the retired ones.
        tag: One of the case's tags.
        min_score: Least overall score; cases without scores are left out.
        prompt_version: Version that the case was written with.
    """

    story_id: UUID | None = None
    project_id: UUID | None = None
    technique: Technique | None = None
    priority: Priority | None = None
    review: ReviewState | None = None
    change: CaseChange | None = None
    tag: str | None = None
    min_score: float | None = None
    prompt_version: str | None = None


class Stories(Protocol):
    """The read model, as the API reads it. Lists raise `NotFoundError` for an unknown organisation."""

    async def stories(
        self,
        org_id: UUID,
        *,
        limit: int,
        cursor: str | None,
        project_id: UUID | None = None,
        issue_key: str | None = None,
        text: str | None = None,
        status: StoryStatus | None = None,
    ) -> Page[StoryRecord]:
        """Newest first; `text` is looked for in key, title and text, whatever its case."""
        ...

    async def story(self, org_id: UUID, story_id: UUID) -> StoryRecord:
        """Raises `NotFoundError`."""
        ...

    async def cases(
        self, org_id: UUID, *, limit: int, cursor: str | None, only: CaseFilter
    ) -> Page[CaseRecord]:
        """Story by story, in each story's order."""
        ...

    async def case(self, org_id: UUID, case_id: UUID) -> CaseRecord:
        """Raises `NotFoundError`."""
        ...

    async def reviews(self, org_id: UUID, case_id: UUID) -> Sequence[Review]:
        """All decisions on a case, newest first; none where nobody knows the case."""
        ...

    async def runs(
        self,
        org_id: UUID,
        *,
        limit: int,
        cursor: str | None,
        story_id: UUID | None = None,
        project_id: UUID | None = None,
        outcome: str | None = None,
    ) -> Page[Run]:
        """Newest first."""
        ...

    async def run(self, org_id: UUID, run_id: UUID) -> Run:
        """Raises `NotFoundError`."""
        ...
