"""Deciding on cases: the decision, the case as it now stands and its event are one transaction."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

from casewright_common.events import CaseChange, CaseDraft, CasesReviewedV1, Event, ReviewDecision
from casewright_gateway.domain import case_review
from casewright_gateway.domain.case_review import Edit
from casewright_gateway.domain.errors import InvalidFieldError, NotApplicableError, RevisionMismatchError
from casewright_gateway.domain.records import CaseRecord, Review, StoryRecord
from casewright_gateway.domain.story_status import StoryStatus


class ReviewUnit(Protocol):
    """One transaction over the cases of one organisation, and the outbox."""

    async def remember(self, key: str, request_hash: bytes, review_id: UUID, at: datetime) -> UUID:
        """The review that the idempotency key stands for; raises `KeyReusedError`."""
        ...

    async def review(self, review_id: UUID) -> Review:
        """A review that is known to be there."""
        ...

    async def lock(self, case_id: UUID) -> tuple[StoryRecord, CaseRecord]:
        """The case and its story; no generation arrives until the end. Raises `NotFoundError`."""
        ...

    async def case(self, story_id: UUID, case_id: UUID) -> CaseDraft | None:
        """Another case of the story, if it is there."""
        ...

    async def save_case(self, story_id: UUID, case: CaseDraft) -> None:
        """Write a case that is there."""
        ...

    async def add(self, review: Review) -> None:
        """Note a decision."""
        ...

    async def send(self, event: Event) -> None:
        """Put an event into the outbox."""
        ...


class ReviewStore(Protocol):
    """Where units come from."""

    def begin(self, org_id: UUID) -> AbstractAsyncContextManager[ReviewUnit]:
        """One transaction; commits unless the block raises."""
        ...


@dataclass(frozen=True)
class Decision:
    """What somebody decided on a case.

    Attributes:
        edit: The new content; for `EDITED` only.
        version: `CaseRecord.version` that it is based on; `None` for any.
    """

    decision: ReviewDecision
    reason: str
    reviewed_by: str
    edit: Edit | None = None
    version: str | None = None


@dataclass(frozen=True)
class ReviewCase:
    """Approve, edit or reject a case; for a proposal, accept or dismiss it."""

    store: ReviewStore
    now: Callable[[], datetime]

    async def __call__(
        self, org_id: UUID, case_id: UUID, decision: Decision, *, idempotency_key: str | None
    ) -> Review:
        """The review; with an idempotency key that came before, the one that it made.

        Raises:
            NotFoundError: No such case.
            NotApplicableError: The case is retired, or its story is gone.
            RevisionMismatchError: The case is another one than it is based on.
            InvalidFieldError: A step cites a criterion that the story doesn't have.
            KeyReusedError: The key came before, with another decision.
        """
        async with self.store.begin(org_id) as unit:
            review_id, at = uuid4(), self.now()
            if idempotency_key is not None:
                request = hashlib.sha256(f"{case_id}\n{decision!r}".encode()).digest()
                known = await unit.remember(idempotency_key, request, review_id, at)
                if known != review_id:
                    return await unit.review(known)
            story, record = await unit.lock(case_id)
            _check(story, record, decision)
            case = case_review.decide(record.case, decision.decision, decision.edit)
            review = Review(
                id=review_id,
                story_id=story.id,
                project_id=record.project_id,
                review=case.reviews,
                decision=decision.decision,
                reason=decision.reason,
                reviewed_by=decision.reviewed_by,
                reviewed_at=at,
                revision=max(1, story.generated_revision),
                generation=record.generation,
                case=case,
            )
            await unit.add(review)
            await unit.save_case(story.id, case)
            replaced = case_review.superseded_by(case)
            other = None if replaced is None else await unit.case(story.id, replaced)
            if other is not None:
                await unit.save_case(story.id, case_review.retired(other))
            await unit.send(reviewed_event(org_id, story, review))
            return review


def reviewed_event(org_id: UUID, story: StoryRecord, review: Review) -> CasesReviewedV1:
    """The event that tells a decision; the same decision always makes the same event."""
    return CasesReviewedV1(
        event_id=CasesReviewedV1.derive_id(review.case.case_id, review.review),
        occurred_at=review.reviewed_at,
        org_id=org_id,
        connection_id=story.connection_id,
        issue_id=story.issue_id,
        issue_key=story.issue_key,
        project_id=review.project_id,
        revision=review.revision,
        decision=review.decision,
        reviewed_by=review.reviewed_by,
        case=review.case,
        review=review.review,
        reason=review.reason,
        criteria=case_review.cited(review.case, story.generated_criteria, story.criteria),
    )


def _check(story: StoryRecord, record: CaseRecord, decision: Decision) -> None:
    if decision.version is not None and decision.version != record.version:
        raise RevisionMismatchError
    if story.status is StoryStatus.REMOVED:
        raise NotApplicableError("The story is gone from Jira.")
    if record.case.change is CaseChange.RETIRED:
        raise NotApplicableError("The case is retired: nothing in the story asks for it any more.")
    if decision.edit is None:
        return
    known = {each.id for each in (*story.generated_criteria, *story.criteria)} | set(record.case.criteria)
    for number, step in enumerate(decision.edit.steps):
        for place, criterion in enumerate(step.criteria):
            if criterion not in known:
                raise InvalidFieldError(
                    f"/case/steps/{number}/criteria/{place}", "The story has no such criterion."
                )
