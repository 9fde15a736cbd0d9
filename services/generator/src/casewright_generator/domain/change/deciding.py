"""What a decision of a person makes of the cases that a story has."""

from collections.abc import Sequence

from casewright_common.events import (
    CaseChange,
    CaseDraft,
    CasesGeneratedV1,
    CasesReviewedV1,
    Coverage,
    EngineUsed,
    GenerationOutcome,
    ReviewDecision,
)
from casewright_generator.domain.change.criteria import cited, diff, renamed
from casewright_generator.domain.planning.coverage import uncovered


def after_decision(
    latest: CasesGeneratedV1, review: CasesReviewedV1, *, generation: int
) -> CasesGeneratedV1 | None:
    """The story's cases once more, as they are after `review`; `None` where nothing changes.

    A rejected case goes; an accepted one stands as the person left it, comes back where it had gone, and
    takes the place of the case that it was proposed beside. It is stale where the decision was made on an
    older revision, and a criterion that it cites reads otherwise by now.

    Args:
        latest: What was last published of the story, a decision's event included.
        review: A decision that is newer than those that `latest` knows of the case.
        generation: Number of the new event.
    """
    ids = {case.case_id: place for place, case in enumerate(latest.cases)}
    place = ids.get(review.case.case_id)
    if latest.outcome is not GenerationOutcome.CASES or any(
        case.case_id == review.case.case_id for case in latest.retired_cases
    ):
        return None
    cases, retired = list(latest.cases), latest.retired_cases
    if place is not None and cases[place].reviews >= review.review:
        return None
    if review.decision is ReviewDecision.REJECTED:
        if place is None:
            return None
        del cases[place]
    else:
        case = _accepted(latest, review)
        if place is not None:
            cases[place] = case
        else:
            cases.insert(_place(case, latest), case)
        if case.change is not CaseChange.STALE and case.proposal_for is not None:
            replaced = [one for one in cases if one.case_id == case.proposal_for]
            retired += tuple(one.model_copy(update={"change": CaseChange.RETIRED}) for one in replaced)
            cases = [one for one in cases if one not in replaced]
    shown = _beside_what_is_there(cases)
    return latest.model_copy(
        update={
            "event_id": CasesGeneratedV1.derive_id(review.event_id),
            "caused_by": review.event_id,
            "occurred_at": review.occurred_at,
            "generation": generation,
            "decided_on": latest.decided_on or latest.generation,
            "request_id": None,
            "cases": shown,
            "retired_cases": retired,
            "engine": _for_nothing(latest.engine),
            "coverage": _coverage(latest, shown),
        }
    )


def _accepted(latest: CasesGeneratedV1, review: CasesReviewedV1) -> CaseDraft:
    case = review.case.model_copy(update={"review": review.decision, "reviews": review.review})
    if review.revision >= latest.revision:
        return case
    # The person read an older revision than the latest cases are for.
    names = diff(review.criteria, latest.criteria).unchanged
    if all(one in names for one in cited(case)):
        return renamed(case, names).model_copy(update={"change": CaseChange.KEPT})
    return case.model_copy(update={"change": CaseChange.STALE})


def _place(case: CaseDraft, latest: CasesGeneratedV1) -> int:
    """Behind the last case whose first criterion doesn't come later in the story."""
    order = {criterion.id: number for number, criterion in enumerate(latest.criteria)}

    def first(one: CaseDraft) -> int:
        return min((order[name] for name in cited(one) if name in order), default=len(order))

    before = [number for number, one in enumerate(latest.cases, 1) if first(one) <= first(case)]
    return max(before, default=0)


def _beside_what_is_there(cases: Sequence[CaseDraft]) -> tuple[CaseDraft, ...]:
    """A proposal beside nothing is a case like any other."""
    ids = {case.case_id for case in cases}
    return tuple(
        case
        if case.proposal_for is None or case.proposal_for in ids
        else case.model_copy(update={"proposal_for": None})
        for case in cases
    )


def _for_nothing(engine: EngineUsed) -> EngineUsed:
    """The same writer, who wasn't asked this time."""
    return EngineUsed(
        kind=engine.kind,
        model=engine.model,
        prompt_version=engine.prompt_version,
        fallback_reason=engine.fallback_reason,
    )


def _coverage(latest: CasesGeneratedV1, cases: Sequence[CaseDraft]) -> Coverage:
    """A condition that only a rejected case had isn't asked for any more, as in the next generation."""
    before, now = ({case.condition for case in some} for some in (latest.cases, cases))
    added = len(now - before) - len(before - now)
    covered = max(0, latest.coverage.covered + added)
    return Coverage(
        conditions=max(covered, latest.coverage.conditions + added),
        covered=covered,
        criteria=latest.coverage.criteria,
        uncovered_criteria=uncovered(latest.criteria, cases),
        approved=min(covered, latest.coverage.approved),
    )
