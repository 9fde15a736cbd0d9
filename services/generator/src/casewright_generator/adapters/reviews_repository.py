"""What people decided about cases, in PostgreSQL."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, Table, and_, cast, func, not_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from casewright_common.events import (
    CaseChange,
    CaseDraft,
    CasesGeneratedV1,
    CasesReviewedV1,
    Criterion,
    IssueEvent,
    ReviewDecision,
    StoryChange,
    StoryIndexedV1,
)
from casewright_common.postgres import Database
from casewright_generator.adapters.tables import cases, generations, reviews, stories
from casewright_generator.service import Accepted, Lessons, Rejected, Retell

_MOST = 300
_FIELDS = ("project_id", "issue_key", "number", "decision", "reason", "draft", "criteria", "reviewed_at")


class ReviewsRepository:
    """`ReviewStore` and `LessonSource` over the table of reviews.

    Lessons are bounded: the latest 300 accepted and the latest 300 rejected cases of a project.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, review: CasesReviewedV1, retell: Retell) -> CasesGeneratedV1 | None:
        """See `ReviewStore.record`."""
        async with self._database.transaction(review.org_id) as connection:
            # Who stores a generation updates this row: one waits for the other, and nothing is overlooked.
            number = await connection.scalar(
                select(stories.c.generation).where(_of_story(stories, review)).with_for_update()
            )
            told = await connection.scalar(_of_cause(review))
            if told is not None:
                return CasesGeneratedV1.model_validate(told)
            row = insert(reviews).values(_row(review))
            kept = await connection.execute(
                row.on_conflict_do_update(
                    index_elements=list(reviews.primary_key),
                    set_={name: row.excluded[name] for name in _FIELDS},
                    where=reviews.c.number < row.excluded.number,
                ).returning(reviews.c.number)
            )
            if number is None or kept.one_or_none() is None:
                return None
            latest = await connection.scalar(_latest(review))
            if latest is None:
                return None
            event = retell(CasesGeneratedV1.model_validate(latest), review, generation=number + 1)
            if event is not None:
                await connection.execute(
                    update(stories).where(_of_story(stories, review)).values(generation=event.generation)
                )
                await connection.execute(insert(generations).values(_told(review, event)))
            return event

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


def _told(review: CasesReviewedV1, event: CasesGeneratedV1) -> dict[str, Any]:
    return {
        "org_id": review.org_id,
        "cause_id": review.event_id,
        "connection_id": review.connection_id,
        "issue_id": review.issue_id,
        "failed": False,
        "event": event.model_dump(mode="json"),
    }


def _of_story(table: Table, event: IssueEvent) -> ColumnElement[bool]:
    return and_(
        table.c.org_id == event.org_id,
        table.c.connection_id == event.connection_id,
        table.c.issue_id == event.issue_id,
    )


def _of_cause(review: CasesReviewedV1) -> Select[Any]:
    return select(generations.c.event).where(
        generations.c.org_id == review.org_id, generations.c.cause_id == review.event_id
    )


def _latest(event: IssueEvent) -> Select[Any]:
    """What was last published of a story's cases; the index of the table is made for this."""
    return (
        select(generations.c.event)
        .where(_of_story(generations, event), not_(generations.c.failed))
        .order_by(cast(generations.c.event["generation"].astext, Integer).desc())
        .limit(1)
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
