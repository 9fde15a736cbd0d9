"""Puts together what stands and what was written: the cases of a generation."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from casewright_common.events import EVENT_NAMESPACE, CaseChange, CaseDraft
from casewright_generator.domain.change.criteria import cited, plain
from casewright_generator.domain.change.pairing import pair
from casewright_generator.domain.change.past import Known
from casewright_generator.domain.change.standing import Standing
from casewright_generator.domain.planning.conditions import Plan
from casewright_generator.domain.planning.coverage import covered


@dataclass(frozen=True, slots=True)
class Composition:
    """The cases of a generation.

    Attributes:
        cases: In the plan's order; a proposal follows the case that it is for.
        retired: Listed by the last generation and no longer.
        crowded_out: How many of `retired` gave way to cases of changed criteria, for the cap's sake.
    """

    cases: tuple[CaseDraft, ...]
    retired: tuple[CaseDraft, ...]
    crowded_out: int = 0


def compose(standing: Standing, written: Sequence[CaseDraft], plan: Plan, *, max_cases: int) -> Composition:
    """What there is after a generation. No case that a person made theirs is changed or left out.

    Args:
        standing: Of the known cases.
        written: New cases, by the criteria as they are.
        plan: What they were written for.
        max_cases: Machines' cases give way beyond so many: those first that the plan doesn't ask for.
    """
    done = covered(plan, standing.kept)
    ids = {case.case_id for case in standing.kept}
    texts = {criterion.id: plain(criterion.text) for criterion in plan.criteria}
    taken = standing.human - ids - {case.case_id for case in standing.stale}
    fresh = [
        # A person's case that isn't listed any more keeps its id: it may come back.
        case.model_copy(update={"case_id": _id_beside(case, texts)}) if case.case_id in taken else case
        for case in written
        if case.case_id not in ids
        and ((condition := plan.find(case.condition)) is None or condition.id not in done)
    ]
    beside = pair(standing.stale, fresh, strict=False)
    instead = pair(standing.open, [one for one in fresh if one.case_id not in beside], strict=True)
    before = {case.case_id: case for case in standing.open}
    stale = {case.case_id: case for case in standing.stale}
    proposed = {case.proposal_for for case in standing.open}
    added: list[CaseDraft] = []
    for case in fresh:
        if case.case_id in beside:
            own = stale[beside[case.case_id]]
            change = CaseChange.UPDATED if own.case_id in proposed else CaseChange.NEW
            added += _proposal(case, own, texts, change)
        elif case.case_id in instead:
            added.append(_successor(case, before[instead[case.case_id]]))
        else:
            added.append(_marked(case, CaseChange.NEW))
    kept, crowded = _within(standing, added, plan, max_cases)
    listed = {case.case_id for case in (*kept, *added, *standing.stale)}
    gone = {
        *instead.values(),
        *(one.case_id for one in before.values() if one.proposal_for in beside.values()),
    }
    left = [one for one in standing.open if one.case_id not in gone]
    retired = [one for one in (*standing.retired, *left, *crowded) if one.case_id not in listed]
    return Composition(
        cases=_ordered((*kept, *standing.stale, *added), plan),
        retired=tuple(_marked(one, CaseChange.RETIRED) for one in retired),
        crowded_out=len(crowded),
    )


def on_the_shelf(cases: Sequence[Known], composition: Composition, standing: Standing) -> frozenset[UUID]:
    """Ids of the cases that aren't listed but may come back: when their criteria do, or a person wants them.

    What a machine wrote for criteria that read as they did isn't among them: it was given up on purpose.
    """
    listed = {case.case_id for case in composition.cases}
    return frozenset(
        known.draft.case_id
        for known in cases
        if known.draft.case_id not in listed
        and (known.decision is not None or known.draft.case_id not in standing.fitting)
    )


def _proposal(case: CaseDraft, own: CaseDraft, texts: dict[str, str], change: CaseChange) -> list[CaseDraft]:
    """The case beside the one that a person made theirs, under an id of its own; none if it says the same."""
    if _content(case) == _content(own):
        return []
    case_id = _id_beside(case, texts) if case.case_id == own.case_id else case.case_id
    return [case.model_copy(update={"case_id": case_id, "proposal_for": own.case_id, "change": change})]


def _id_beside(case: CaseDraft, texts: dict[str, str]) -> UUID:
    """An id for a case of the same condition as a person's: the same for the same criteria."""
    read = "\n".join(texts.get(one, "") for one in cited(case))
    return uuid5(EVENT_NAMESPACE, f"proposal:{case.case_id}:{read}")


def _successor(case: CaseDraft, old: CaseDraft) -> CaseDraft:
    same = case.case_id == old.case_id
    if same and _content(case) == _content(old):
        return old.model_copy(update={"change": CaseChange.KEPT, "proposal_for": None})
    return case.model_copy(
        update={"change": CaseChange.UPDATED, "reviews": old.reviews if same else case.reviews}
    )


def _marked(case: CaseDraft, change: CaseChange) -> CaseDraft:
    return case.model_copy(update={"change": change})


def _content(case: CaseDraft) -> tuple[object, ...]:
    """All that a tester reads."""
    return case.title, case.criteria, case.preconditions, case.data, case.steps


def _within(
    standing: Standing, added: Sequence[CaseDraft], plan: Plan, max_cases: int
) -> tuple[list[CaseDraft], list[CaseDraft]]:
    """The kept cases, and those that must give way."""
    room = max_cases - len(standing.stale) - sum(case.proposal_for is None for case in added)
    over = len(standing.kept) - max(room, 0) if added else 0
    crowded: dict[UUID, CaseDraft] = {}
    for case in reversed(standing.kept):
        if len(crowded) >= over:
            break
        if case.case_id not in standing.human and plan.find(case.condition) is None:
            crowded[case.case_id] = case
    return [case for case in standing.kept if case.case_id not in crowded], list(crowded.values())


def _ordered(cases: Sequence[CaseDraft], plan: Plan) -> tuple[CaseDraft, ...]:
    place = {criterion.id: index for index, criterion in enumerate(plan.criteria)}
    asked = {condition.description: index for index, condition in enumerate(plan.conditions)}

    def own(case: CaseDraft) -> tuple[int, int]:
        first = min((place[one] for one in cited(case) if one in place), default=len(place))
        return first, asked.get(case.condition, len(asked))

    listed = {case.case_id for case in cases}
    beside: dict[UUID | None, list[CaseDraft]] = {}
    for case in cases:
        beside.setdefault(case.proposal_for if case.proposal_for in listed else None, []).append(case)
    return tuple(
        one for case in sorted(beside.get(None, ()), key=own) for one in (case, *beside.get(case.case_id, ()))
    )
