"""Test cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from casewright_common.events import CaseChange, Priority, Technique
from casewright_gateway.routes import patterns
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
from casewright_gateway.service.stories import CaseFilter, ReviewState, Stories

_Tag = Annotated[
    str | None,
    Query(min_length=1, max_length=100, pattern=patterns.LINE, description="Only those with that tag."),
]
_Version = Annotated[
    str | None,
    Query(max_length=50, pattern=patterns.PROMPT_VERSION, description="Only those written with it."),
]


def build_router(stories: Stories) -> APIRouter:
    """`/organisations/{organisation_id}/cases`."""
    router = APIRouter(prefix=PREFIX + "/organisations/{organisation_id}/cases", tags=["cases"])

    @router.get("", operation_id="listCases", responses=problems(404))
    async def list_all(  # one parameter per filter
        organisation_id: OrganisationId,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        story_id: Annotated[UUID | None, Query(description="Only those of one story.")] = None,
        project_id: Annotated[UUID | None, Query(description="Only those of one project.")] = None,
        technique: Annotated[Technique | None, Query(description="Only those of one technique.")] = None,
        priority: Annotated[Priority | None, Query(description="Only those of one priority.")] = None,
        review: Annotated[ReviewState | None, Query(description="Only those decided on so.")] = None,
        change: Annotated[
            CaseChange | None, Query(description="Only those that became so; all but retired if absent.")
        ] = None,
        tag: _Tag = None,
        min_score: Annotated[
            float | None, Query(ge=0, le=1, description="Only those with that overall score or a better one.")
        ] = None,
        prompt_version: _Version = None,
    ) -> PageOut[CaseOut]:
        """Cases, story by story in each story's order."""
        page = await stories.cases(
            organisation_id,
            limit=limit,
            cursor=cursor,
            only=CaseFilter(
                story_id=story_id,
                project_id=project_id,
                technique=technique,
                priority=priority,
                review=review,
                change=change,
                tag=tag,
                min_score=min_score,
                prompt_version=prompt_version,
            ),
        )
        return PageOut(items=[CaseOut.of(item) for item in page.items], next_cursor=page.next_cursor)

    @router.get("/{case_id}", operation_id="getCase", responses=problems(404))
    async def get(
        organisation_id: OrganisationId,
        case_id: Annotated[UUID, Path(description="Id of the case.")],
        response: Response,
    ) -> CaseOut:
        """One case."""
        found = await stories.case(organisation_id, case_id)
        response.headers["ETag"] = f'"{found.version}"'
        return CaseOut.of(found)

    return router
