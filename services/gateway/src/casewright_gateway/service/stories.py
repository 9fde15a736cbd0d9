"""Reading stories, cases and runs."""

from typing import Protocol
from uuid import UUID

from casewright_common.events import Priority, Technique
from casewright_gateway.domain.records import CaseRecord, Page, Run, StoryRecord
from casewright_gateway.domain.story_status import StoryStatus


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
        self,
        org_id: UUID,
        *,
        limit: int,
        cursor: str | None,
        story_id: UUID | None = None,
        project_id: UUID | None = None,
        technique: Technique | None = None,
        priority: Priority | None = None,
    ) -> Page[CaseRecord]:
        """Story by story, in each story's order."""
        ...

    async def case(self, org_id: UUID, case_id: UUID) -> CaseRecord:
        """Raises `NotFoundError`."""
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
