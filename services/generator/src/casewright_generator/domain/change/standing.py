"""Sorts the cases of a story by what its new revision does to them."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from uuid import UUID

from casewright_common.events import CaseChange, CaseDraft, Criterion
from casewright_generator.domain.change.criteria import cited, diff, renamed
from casewright_generator.domain.change.past import Known
from casewright_generator.domain.planning import scope
from casewright_generator.domain.planning.conditions import Plan


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the known cases stand; those turned down, or given up before, are in none of these.

    Attributes:
        kept: Their criteria read as they did: nobody writes them again.
        stale: A person made them theirs, and their criteria read otherwise now.
        open: Nobody made them theirs, and they are to be written again.
        retired: Listed until now; their criteria are gone, or a person accepted a proposal in their place.
        human: Ids of those that a person approved or edited.
        fitting: Ids of those whose criteria read as they did, also where they are open.
    """

    kept: tuple[CaseDraft, ...] = ()
    stale: tuple[CaseDraft, ...] = ()
    open: tuple[CaseDraft, ...] = ()
    retired: tuple[CaseDraft, ...] = ()
    human: frozenset[UUID] = frozenset()
    fitting: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class _Placed:
    known: Known
    case: CaseDraft
    fits: bool
    gone: bool


def stand(cases: Sequence[Known], now: Sequence[Criterion], *, again: bool = False) -> Standing:
    """Sort the cases of a story whose criteria read `now`.

    Args:
        cases: All that are known, listed or not: one that isn't comes back where its criteria do.
        now: Criteria of the new revision.
        again: Whether a person asked for new cases: then only what people made theirs is kept.
    """
    placed = [_place(known, now) for known in cases if not known.is_rejected]
    accepted = {one.case.case_id: one.case for one in placed if one.known.is_human and one.fits}
    settled = {case.proposal_for for case in accepted.values()}
    sorted_: dict[CaseChange, list[CaseDraft]] = {change: [] for change in CaseChange}
    for one in placed:
        change = _became(one, again=again, accepted=accepted.keys(), settled=settled)
        if change in (CaseChange.KEPT, CaseChange.STALE) or one.known.listed:
            brought_back = change is CaseChange.KEPT and not one.known.listed
            sorted_[change].append(_marked(one.case, CaseChange.NEW if brought_back else change))
    stale = sorted_[CaseChange.STALE]
    waiting = {case.case_id for case in stale}
    return Standing(
        kept=tuple(_settled(case, waiting) for case in sorted_[CaseChange.KEPT]),
        stale=tuple(_settled(case, waiting) for case in stale),
        open=tuple(sorted_[CaseChange.UPDATED]),
        retired=tuple(sorted_[CaseChange.RETIRED]),
        human=frozenset(one.case.case_id for one in placed if one.known.is_human),
        fitting=frozenset(one.case.case_id for one in placed if one.fits),
    )


def in_scope(standing: Standing, plan: Plan, exclusions: Sequence[str]) -> Standing:
    """Without the machines' cases of what the story leaves out by now: they are retired.

    Args:
        standing: Of the known cases.
        plan: Of the story; what it asks for is in its scope.
        exclusions: What the story leaves out, as written.
    """
    outside = scope.topics(exclusions)
    gone = {
        case.case_id
        for case in standing.kept
        if case.case_id not in standing.human
        and plan.find(case.condition) is None
        and scope.excludes(_told(case), outside)
    }
    if not gone:
        return standing
    left = tuple(
        _marked(case, CaseChange.RETIRED)
        for case in standing.kept
        if case.case_id in gone and case.change is CaseChange.KEPT
    )
    kept = tuple(case for case in standing.kept if case.case_id not in gone)
    return replace(standing, kept=kept, retired=(*standing.retired, *left))


def _told(case: CaseDraft) -> str:
    steps = (text for step in case.steps for text in (step.action, step.expected))
    return "\n".join((case.title, case.condition, *steps))


def _became(
    one: _Placed, *, again: bool, accepted: AbstractSet[UUID], settled: AbstractSet[UUID | None]
) -> CaseChange:
    """What becomes of a case; `UPDATED` for one that is to be written again."""
    case = one.case
    if one.known.is_human:
        if one.fits:
            return CaseChange.KEPT
        # Of a case and its proposal one was accepted for the criteria as they are: that settles it.
        replaced = case.case_id in settled or case.proposal_for in accepted
        return CaseChange.RETIRED if one.gone or replaced else CaseChange.STALE
    if case.proposal_for in accepted or (one.gone and not again):
        return CaseChange.RETIRED
    return CaseChange.KEPT if one.fits and not again else CaseChange.UPDATED


def _place(known: Known, now: Sequence[Criterion]) -> _Placed:
    case = known.case
    wanted = cited(case)
    changes = diff(known.made_from, now)
    names = changes.unchanged
    there = {criterion.id for criterion in now}
    fits = all(one in names for one in wanted)
    gone = bool(wanted) and not any(one in names or one in there for one in wanted)
    return _Placed(known, renamed(case, names) if fits else case, fits, gone)


def _marked(case: CaseDraft, change: CaseChange) -> CaseDraft:
    return case.model_copy(update={"change": change})


def _settled(case: CaseDraft, waiting: set[UUID]) -> CaseDraft:
    """A proposal beside nothing is a case like any other."""
    if case.proposal_for is None or case.proposal_for in waiting:
        return case
    return case.model_copy(update={"proposal_for": None})
