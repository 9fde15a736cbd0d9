"""Stories."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from casewright_common.events import CaseChange
from casewright_gateway.domain.story_status import StoryStatus
from casewright_gateway.routes import patterns
from casewright_gateway.routes.conventions import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    PREFIX,
    Cursor,
    Limit,
    OrganisationId,
    problems,
)
from casewright_gateway.routes.read_schemas import QuestionsOut, StoryOut, StorySummaryOut
from casewright_gateway.routes.schemas import IssueKey, PageOut
from casewright_gateway.service.stories import CaseFilter, Stories


def build_router(stories: Stories) -> APIRouter:
    """`/organisations/{organisation_id}/stories`."""
    router = APIRouter(prefix=PREFIX + "/organisations/{organisation_id}/stories", tags=["stories"])

    @router.get("", operation_id="listStories", responses=problems(404))
    async def list_all(
        organisation_id: OrganisationId,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        project_id: Annotated[UUID | None, Query(description="Only those of one project.")] = None,
        key: Annotated[IssueKey | None, Query(description="Only the story with that key.")] = None,
        text: Annotated[
            str | None,
            Query(
                min_length=1,
                max_length=200,
                pattern=patterns.SEARCH,
                description="Only those with that in key, title or text, whatever its case.",
            ),
        ] = None,
        status: Annotated[StoryStatus | None, Query(description="Only those that stand there.")] = None,
    ) -> PageOut[StorySummaryOut]:
        """An organisation's stories, newest first."""
        page = await stories.stories(
            organisation_id,
            limit=limit,
            cursor=cursor,
            project_id=project_id,
            issue_key=key,
            text=text,
            status=status,
        )
        return PageOut(items=[StorySummaryOut.of(item) for item in page.items], next_cursor=page.next_cursor)

    @router.get("/{story_id}", operation_id="getStory", responses=problems(404))
    async def get(
        organisation_id: OrganisationId, story_id: Annotated[UUID, Path(description="Id of the story.")]
    ) -> StoryOut:
        """One story with its content, its open questions, and what was left out or retired."""
        story = await stories.story(organisation_id, story_id)
        retired = await stories.cases(
            organisation_id,
            limit=MAX_LIMIT,
            cursor=None,
            only=CaseFilter(story_id=story_id, change=CaseChange.RETIRED),
        )
        return StoryOut.of_story(story, retired.items)

    @router.get("/{story_id}/questions", operation_id="listQuestions", responses=problems(404))
    async def questions(
        organisation_id: OrganisationId, story_id: Annotated[UUID, Path(description="Id of the story.")]
    ) -> QuestionsOut:
        """What the story's author should answer: vague words, contradictions, outcomes that aren't said."""
        story = await stories.story(organisation_id, story_id)
        return QuestionsOut(
            story_id=story.id,
            issue_key=story.issue_key,
            revision=story.generated_revision,
            items=story.open_questions,
        )

    return router
