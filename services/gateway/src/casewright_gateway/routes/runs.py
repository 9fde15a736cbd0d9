"""Runs: one per generation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from casewright_gateway.routes.conventions import (
    DEFAULT_LIMIT,
    PREFIX,
    Cursor,
    Limit,
    OrganisationId,
    problems,
)
from casewright_gateway.routes.read_schemas import RunOut, RunOutcome
from casewright_gateway.routes.schemas import PageOut
from casewright_gateway.service.stories import Stories


def build_router(stories: Stories) -> APIRouter:
    """`/organisations/{organisation_id}/runs`."""
    router = APIRouter(prefix=PREFIX + "/organisations/{organisation_id}/runs", tags=["runs"])

    @router.get("", operation_id="listRuns", responses=problems(404))
    async def list_all(
        organisation_id: OrganisationId,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        story_id: Annotated[UUID | None, Query(description="Only those of one story.")] = None,
        project_id: Annotated[UUID | None, Query(description="Only those of one project.")] = None,
        outcome: Annotated[RunOutcome | None, Query(description="Only those that ended so.")] = None,
    ) -> PageOut[RunOut]:
        """Runs, newest first."""
        page = await stories.runs(
            organisation_id,
            limit=limit,
            cursor=cursor,
            story_id=story_id,
            project_id=project_id,
            outcome=None if outcome is None else outcome.value,
        )
        return PageOut(items=[RunOut.of(item) for item in page.items], next_cursor=page.next_cursor)

    @router.get("/{run_id}", operation_id="getRun", responses=problems(404))
    async def get(
        organisation_id: OrganisationId, run_id: Annotated[UUID, Path(description="Id of the run.")]
    ) -> RunOut:
        """One run."""
        return RunOut.of(await stories.run(organisation_id, run_id))

    return router
