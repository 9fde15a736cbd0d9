"""The events that a generation ends in."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from casewright_common.events import (
    CaseDraft,
    CasesGeneratedV1,
    Coverage,
    Criterion,
    EngineUsed,
    GenerationFailedV1,
    GenerationOutcome,
    GenerationRequestedV1,
    Omission,
    OpenQuestion,
)
from casewright_generator.service.ports import Cause, Claimed

NO_COVERAGE = Coverage(conditions=0, covered=0, criteria=0)


@dataclass(frozen=True)
class Found:
    """What `CasesGeneratedV1` says of a story, beside what every such event says."""

    outcome: GenerationOutcome
    criteria: tuple[Criterion, ...] = ()
    cases: tuple[CaseDraft, ...] = ()
    retired: tuple[CaseDraft, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()
    omitted: tuple[Omission, ...] = ()
    engine: EngineUsed = field(default_factory=lambda: EngineUsed(kind="designer"))
    coverage: Coverage = NO_COVERAGE


def generated(claim: Claimed, found: Found, *, generation: int, occurred_at: datetime) -> CasesGeneratedV1:
    """The event of a generation that came to cases, questions or the end of a story."""
    story, cause = claim.story, claim.cause
    return CasesGeneratedV1(
        event_id=CasesGeneratedV1.derive_id(cause.event_id),
        caused_by=cause.event_id,
        occurred_at=occurred_at,
        org_id=story.org_id,
        connection_id=story.connection_id,
        issue_id=story.issue_id,
        issue_key=story.issue_key,
        project_id=story.project_id,
        project_key=story.project_key,
        revision=story.revision,
        generation=generation,
        request_id=_request_id(cause),
        outcome=found.outcome,
        story_title=story.story.title,
        criteria=found.criteria,
        cases=found.cases,
        questions=tuple(question.text for question in found.questions),
        open_questions=found.questions,
        retired_cases=found.retired,
        omitted=found.omitted,
        engine=found.engine,
        coverage=found.coverage,
    )


def failed(
    cause: Cause, code: str, detail: str, *, occurred_at: datetime, revision: int | None = None
) -> GenerationFailedV1:
    """The event of a generation that came to nothing."""
    return GenerationFailedV1(
        event_id=GenerationFailedV1.derive_id(cause.event_id),
        caused_by=cause.event_id,
        occurred_at=occurred_at,
        org_id=cause.org_id,
        connection_id=cause.connection_id,
        issue_id=cause.issue_id,
        issue_key=cause.issue_key,
        project_id=cause.project_id,
        revision=revision,
        request_id=_request_id(cause),
        code=code,
        detail=detail,
    )


def _request_id(cause: Cause) -> UUID | None:
    return cause.request_id if isinstance(cause, GenerationRequestedV1) else None
