"""What a decision of a person makes of a case, and what is left of it when a generation arrives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from casewright_common.events import (
    CaseChange,
    CaseDraft,
    CaseStep,
    Criterion,
    Provenance,
    ReviewDecision,
    TestData,
)

ACCEPTED = frozenset({ReviewDecision.APPROVED, ReviewDecision.EDITED})
_CHANGED = frozenset({CaseChange.UPDATED, CaseChange.STALE})


@dataclass(frozen=True)
class Edit:
    """What a person writes anew; the rest of the case stays."""

    title: str
    preconditions: tuple[str, ...]
    data: tuple[TestData, ...]
    steps: tuple[CaseStep, ...]


def decide(case: CaseDraft, decision: ReviewDecision, edit: Edit | None = None) -> CaseDraft:
    """The case after a decision.

    An edited case is the person's own: neither scores and findings nor Gherkin fit it any more. A step that
    cites nothing and isn't an assumption checks what the case is about. Model and prompt stay, so that what
    they wrote first can be judged.

    Args:
        case: As it stood.
        decision: What was decided.
        edit: The new content, for `EDITED` only.
    """
    # A stale case that somebody decides on stands for the criteria as they are now.
    change = CaseChange.KEPT if case.change is CaseChange.STALE else case.change
    decided = {"review": decision, "reviews": case.reviews + 1, "change": change}
    if edit is None:
        return case.model_copy(update=decided)
    steps = tuple(
        step if step.criteria or step.assumption else step.model_copy(update={"criteria": case.criteria})
        for step in edit.steps
    )
    cited = tuple(dict.fromkeys(criterion for step in steps for criterion in step.criteria))
    return case.model_copy(
        update=decided
        | {
            "title": edit.title,
            "preconditions": edit.preconditions,
            "data": edit.data,
            "steps": steps,
            "criteria": cited or case.criteria,
            "provenance": Provenance.HUMAN,
            "gherkin": "",
            "scores": None,
            "findings": (),
        }
    )


def superseded_by(case: CaseDraft) -> UUID | None:
    """The case that `case` takes the place of: the one that it was proposed beside, once it is accepted."""
    return case.proposal_for if case.review in ACCEPTED else None


def retired(case: CaseDraft) -> CaseDraft:
    """The case when nothing asks for it any more."""
    return case.model_copy(update={"change": CaseChange.RETIRED})


def cited(case: CaseDraft, *known: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """The criteria that the case or a step of it cites; of several versions that in the first of `known`."""
    found: dict[str, Criterion] = {}
    for criteria in known:
        found = {criterion.id: criterion for criterion in criteria} | found
    names = dict.fromkeys((*case.criteria, *(name for step in case.steps for name in step.criteria)))
    return tuple(found[name] for name in names if name in found)


def after_generation(
    told: Sequence[CaseDraft],
    gone: Sequence[CaseDraft],
    *,
    shown: Iterable[CaseDraft],
    decided: Mapping[UUID, CaseDraft],
) -> tuple[CaseDraft, ...]:
    """A story's cases once a generation is known, those whose criteria are gone last.

    The generation tells which decisions it knew (`CaseDraft.reviews`). One that it didn't know was made while
    it was at work: the case stays as the person left it, stale where its criteria have changed since. So
    does an accepted case that the generation doesn't mention.

    Args:
        told: The generation's cases.
        gone: Its retired cases.
        shown: The story's cases until now.
        decided: Each case that somebody decided on, as it stood after the last decision.
    """
    mentioned = {case.case_id: case for case in (*told, *gone)}
    unseen = {
        case_id: case
        for case_id, case in decided.items()
        if case_id not in mentioned or mentioned[case_id].reviews < case.reviews
    }
    replaced = {superseded_by(case) for case in unseen.values()}
    left = [
        unseen[case.case_id]
        for case in shown
        if case.case_id in unseen
        and case.case_id not in mentioned
        and case.change is not CaseChange.RETIRED
        and unseen[case.case_id].review in ACCEPTED
    ]
    standing = [_standing(case, unseen.get(case.case_id)) for case in told]
    standing += [case.model_copy(update={"change": CaseChange.STALE}) for case in left]
    kept = [case for case in standing if case.case_id not in replaced]
    away = [retired(case) for case in standing if case.case_id in replaced]
    return (*kept, *away, *(retired(unseen.get(case.case_id, case)) for case in gone))


def _standing(told: CaseDraft, unseen: CaseDraft | None) -> CaseDraft:
    if unseen is None:
        return told
    change = CaseChange.STALE if told.change in _CHANGED else CaseChange.KEPT
    return unseen.model_copy(update={"change": change})
