"""Test cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from casewright_common.events import Priority, Technique
from casewright_gateway.routes.conventions import (
    DEFAULT_LIMIT,
    PREFIX,
    Cursor,
    Limit,
    OrganisationId,
    problems,
)
from casewright_gateway.routes.read_schemas import CaseOut
from casewright_gateway.routes.schemas import PageOut
from casewright_gateway.service.stories import Stories


def build_router(stories: Stories) -> APIRouter:
    """`/organisations/{organisation_id}/cases`."""
    router = APIRouter(prefix=PREFIX + "/organisations/{organisation_id}/cases", tags=["cases"])

    @router.get("", operation_id="listCases", responses=problems(404))
    async def list_all(
        organisation_id: OrganisationId,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        story_id: Annotated[UUID | None, Query(description="Only those of one story.")] = None,
        project_id: Annotated[UUID | None, Query(description="Only those of one project.")] = None,
        technique: Annotated[Technique | None, Query(description="Only those of one technique.")] = None,
        priority: Annotated[Priority | None, Query(description="Only those of one priority.")] = None,
    ) -> PageOut[CaseOut]:
        """Cases, story by story in each story's order."""
        page = await stories.cases(
            organisation_id,
            limit=limit,
            cursor=cursor,
            story_id=story_id,
            project_id=project_id,
            technique=technique,
            priority=priority,
        )
        return PageOut(items=[CaseOut.of(item) for item in page.items], next_cursor=page.next_cursor)

    @router.get("/{case_id}", operation_id="getCase", responses=problems(404))
    async def get(
        organisation_id: OrganisationId, case_id: Annotated[UUID, Path(description="Id of the case.")]
    ) -> CaseOut:
        """One case."""
        return CaseOut.of(await stories.case(organisation_id, case_id))

    return router
