"""Decisions on cases."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, status

from casewright_gateway.routes.conventions import (
    PREFIX,
    Caller,
    IdempotencyKey,
    IfMatch,
    OrganisationId,
    problems,
    version_in,
)
from casewright_gateway.routes.read_schemas import ReviewOut, ReviewsOut
from casewright_gateway.routes.review_schemas import ReviewIn
from casewright_gateway.service.reviews import Decision, ReviewCase
from casewright_gateway.service.stories import Stories

CaseId = Annotated[UUID, Path(description="Id of the case.")]


def build_router(review_case: ReviewCase, stories: Stories) -> APIRouter:
    """`/organisations/{organisation_id}/cases/{case_id}/review`."""
    router = APIRouter(prefix=PREFIX + "/organisations/{organisation_id}/cases/{case_id}", tags=["reviews"])

    @router.post(
        "/review",
        operation_id="reviewCase",
        status_code=status.HTTP_201_CREATED,
        responses=problems(400, 404, 409, 412, 413),
    )
    async def review(
        organisation_id: OrganisationId,
        case_id: CaseId,
        body: ReviewIn,
        caller: Caller,
        idempotency_key: IdempotencyKey = None,
        if_match: IfMatch = None,
    ) -> ReviewOut:
        """Approve, edit or reject a case; a proposal is accepted or dismissed so.

        With the case's `ETag` as `If-Match` only what was read is decided on.
        """
        made = await review_case(
            organisation_id,
            case_id,
            Decision(
                decision=body.decision,
                reason=body.reason,
                reviewed_by=caller,
                edit=None if body.case is None else body.case.edit(),
                version=version_in(if_match),
            ),
            idempotency_key=idempotency_key,
        )
        return ReviewOut.of(made)

    @router.get("/reviews", operation_id="listReviews", responses=problems(404))
    async def list_all(organisation_id: OrganisationId, case_id: CaseId) -> ReviewsOut:
        """All decisions on a case, newest first; those on a case that is gone too."""
        found = await stories.reviews(organisation_id, case_id)
        if not found:
            await stories.case(organisation_id, case_id)  # raises where nobody knows the case
        return ReviewsOut(items=[ReviewOut.of(each) for each in found])

    return router
