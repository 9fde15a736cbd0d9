"""Rows of the table `reviews`: decisions of people."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.events import CaseDraft, ReviewDecision
from casewright_gateway.adapters.storable import storable
from casewright_gateway.adapters.tables import reviews
from casewright_gateway.domain.records import Review


async def latest(connection: AsyncConnection, org_id: UUID, story_id: UUID) -> Mapping[UUID, CaseDraft]:
    """Each case of a story that somebody decided on, as it stood after the last decision."""
    query = (
        select(reviews.c.case_id, reviews.c.case)
        .ext(distinct_on(reviews.c.case_id))
        .where(reviews.c.org_id == org_id, reviews.c.story_id == story_id)
        .order_by(reviews.c.case_id, reviews.c.review.desc())
    )
    rows = (await connection.execute(query)).all()
    return {row.case_id: CaseDraft.model_validate(row.case) for row in rows}


async def of_case(connection: AsyncConnection, org_id: UUID, case_id: UUID) -> Sequence[Review]:
    """All decisions on a case, newest first."""
    query = (
        select(reviews)
        .where(reviews.c.org_id == org_id, reviews.c.case_id == case_id)
        .order_by(reviews.c.review.desc())
    )
    return [_review(row) for row in (await connection.execute(query)).all()]


async def by_id(connection: AsyncConnection, org_id: UUID, review_id: UUID) -> Review:
    """A decision that is known to be there."""
    query = select(reviews).where(reviews.c.org_id == org_id, reviews.c.id == review_id)
    return _review((await connection.execute(query)).one())


async def add(connection: AsyncConnection, org_id: UUID, review: Review) -> None:
    """Note a decision."""
    await connection.execute(
        insert(reviews).values(
            org_id=org_id,
            case_id=review.case.case_id,
            review=review.review,
            id=review.id,
            story_id=review.story_id,
            project_id=review.project_id,
            decision=review.decision.value,
            reason=review.reason,
            reviewed_by=review.reviewed_by,
            reviewed_at=review.reviewed_at,
            revision=review.revision,
            generation=review.generation,
            prompt_version=review.case.prompt_version,
            case=storable(review.case.model_dump(mode="json")),
        )
    )


def _review(row: Row[Any]) -> Review:
    return Review(
        id=row.id,
        story_id=row.story_id,
        project_id=row.project_id,
        review=row.review,
        decision=ReviewDecision(row.decision),
        reason=row.reason,
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
        revision=row.revision,
        generation=row.generation,
        case=CaseDraft.model_validate(row.case),
    )
