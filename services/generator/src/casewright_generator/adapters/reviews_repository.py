"""What people decided about cases, in PostgreSQL."""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from casewright_common.events import (
    CaseChange,
    CaseDraft,
    CasesReviewedV1,
    Criterion,
    IssueEvent,
    ReviewDecision,
    StoryChange,
    StoryIndexedV1,
)
from casewright_common.postgres import Database
from casewright_generator.adapters.tables import cases, reviews, stories
from casewright_generator.service import Accepted, Lessons, Rejected

_MOST = 300
_FIELDS = ("project_id", "issue_key", "number", "decision", "reason", "draft", "criteria", "reviewed_at")


class ReviewsRepository:
    """`ReviewStore` and `LessonSource` over the table of reviews.

    Lessons are bounded: the latest 300 accepted and the latest 300 rejected cases of a project.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, review: CasesReviewedV1) -> None:
        """See `ReviewStore.record`."""
        async with self._database.transaction(review.org_id) as connection:
            # Who stores a generation updates this row: one waits for the other, and nothing is overlooked.
            await connection.execute(select(stories.c.revision).where(_of_story(review)).with_for_update())
            row = insert(reviews).values(_row(review))
            await connection.execute(
                row.on_conflict_do_update(
                    index_elements=list(reviews.primary_key),
                    set_={name: row.excluded[name] for name in _FIELDS},
                    where=reviews.c.number < row.excluded.number,
                )
            )

    async def lessons(self, story: StoryIndexedV1) -> Lessons:
        """See `LessonSource.lessons`."""
        async with self._database.transaction(story.org_id) as connection:
            accepted = await connection.execute(_accepted(story))
            rejected = await connection.execute(_rejected(story))
        return Lessons(
            tuple(
                Accepted(_draft(row), row.issue_key, _texts(row), stands=bool(row.stands)) for row in accepted
            ),
            tuple(Rejected(_draft(row), row.reason, _texts(row)) for row in rejected),
        )


def _row(review: CasesReviewedV1) -> dict[str, Any]:
    return {
        "org_id": review.org_id,
        "connection_id": review.connection_id,
        "issue_id": review.issue_id,
        "case_id": review.case.case_id,
        "project_id": review.project_id,
        "issue_key": review.issue_key,
        "number": review.review,
        "decision": review.decision.value,
        "reason": review.reason.replace("\x00", ""),
        "draft": review.case.model_dump(mode="json"),
        "criteria": [one.model_dump(mode="json") for one in review.criteria],
        "reviewed_at": review.occurred_at,
    }


def _of_story(event: IssueEvent) -> ColumnElement[bool]:
    return and_(
        stories.c.org_id == event.org_id,
        stories.c.connection_id == event.connection_id,
        stories.c.issue_id == event.issue_id,
    )


def _others(story: StoryIndexedV1, *decisions: ReviewDecision) -> ColumnElement[bool]:
    """Decisions on cases of other stories of the same project."""
    return and_(
        reviews.c.org_id == story.org_id,
        reviews.c.project_id == story.project_id,
        reviews.c.decision.in_([decision.value for decision in decisions]),
        or_(reviews.c.connection_id != story.connection_id, reviews.c.issue_id != story.issue_id),
    )


def _accepted(story: StoryIndexedV1) -> Any:
    same = [reviews.c[name] == cases.c[name] for name in ("org_id", "connection_id", "issue_id", "case_id")]
    of = [reviews.c[name] == stories.c[name] for name in ("org_id", "connection_id", "issue_id")]
    stands = and_(
        func.coalesce(cases.c.listed, True),
        func.coalesce(cases.c.draft["change"].astext, "") != CaseChange.STALE.value,
        func.coalesce(stories.c.event["change"].astext, "") != StoryChange.REMOVED.value,
    )
    return (
        select(
            reviews.c.issue_key, reviews.c.reason, reviews.c.draft, reviews.c.criteria, stands.label("stands")
        )
        .select_from(reviews)
        .outerjoin(cases, and_(*same))
        .outerjoin(stories, and_(*of))
        .where(_others(story, ReviewDecision.APPROVED, ReviewDecision.EDITED))
        .order_by(reviews.c.reviewed_at.desc(), reviews.c.case_id)
        .limit(_MOST)
    )


def _rejected(story: StoryIndexedV1) -> Any:
    return (
        select(reviews.c.issue_key, reviews.c.reason, reviews.c.draft, reviews.c.criteria)
        .where(_others(story, ReviewDecision.REJECTED))
        .order_by(reviews.c.reviewed_at.desc(), reviews.c.case_id)
        .limit(_MOST)
    )


def _draft(row: Row[Any]) -> CaseDraft:
    return CaseDraft.model_validate(row.draft)


def _texts(row: Row[Any]) -> tuple[str, ...]:
    """Of the criteria that the case itself cites."""
    own = set(row.draft.get("criteria", ()))
    read = [Criterion.model_validate(one) for one in row.criteria]
    return tuple(one.text for one in read if one.id in own)
