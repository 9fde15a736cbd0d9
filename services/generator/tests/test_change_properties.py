"""What holds for every change of a story, whatever people decided."""

from uuid import UUID, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from casewright_common.events import (
    CaseChange,
    CaseDraft,
    CaseStep,
    Criterion,
    CriterionOrigin,
    ReviewDecision,
    Technique,
)
from casewright_generator.domain.change.composing import Composition, compose, on_the_shelf
from casewright_generator.domain.change.criteria import cited, diff, plain, renamed
from casewright_generator.domain.change.past import Decision, Known
from casewright_generator.domain.change.standing import Standing, stand
from casewright_generator.domain.planning.conditions import Plan

SPACE = UUID(int=9)
TEXTS = st.sampled_from(
    ["alpha", "beta", "gamma  delta", "gamma delta", "epsilon 5", "epsilon 6", "Ünder", "Ünder"]
)
IDS = st.sampled_from(["AC-1", "AC-2", "AC-3", "AC-4"])


@st.composite
def criteria(draw: st.DrawFn) -> tuple[Criterion, ...]:
    ids = draw(st.lists(IDS, unique=True, max_size=4))
    return tuple(Criterion(id=one, text=draw(TEXTS), origin=CriterionOrigin.LIST) for one in ids)


@st.composite
def drafts(draw: st.DrawFn, name: str) -> CaseDraft:
    ids = tuple(draw(st.lists(IDS, unique=True, min_size=1, max_size=2)))
    return CaseDraft(
        case_id=uuid5(SPACE, name),
        title=draw(st.sampled_from(["Log in", "Log in twice", "Pay 5", "Pay 6"])),
        technique=draw(st.sampled_from([Technique.USE_CASE, Technique.BOUNDARY_VALUE])),
        negative=draw(st.booleans()),
        condition=f"{name} {draw(st.sampled_from(['is tried', 'is refused']))}",
        criteria=ids[:1],
        steps=(CaseStep(action="Do it.", expected="It is done.", criteria=ids),),
    )


@st.composite
def known(draw: st.DrawFn, name: str) -> Known:
    case = draw(drafts(name))
    basis = tuple(Criterion(id=one, text=draw(TEXTS), origin=CriterionOrigin.LIST) for one in cited(case))
    decision = None
    if draw(st.booleans()):
        told = draw(st.sampled_from(list(ReviewDecision)))
        theirs = case.model_copy(update={"title": "Mine"}) if told is ReviewDecision.EDITED else case
        decision = Decision(draw(st.integers(1, 3)), told, theirs, criteria=basis)
    return Known(case, basis, listed=draw(st.booleans()), decision=decision)


@st.composite
def pasts(draw: st.DrawFn) -> tuple[Known, ...]:
    cases = [draw(known(f"case {number}")) for number in range(draw(st.integers(0, 5)))]
    for place in range(1, len(cases)):
        if draw(st.integers(0, 3)) == 0:
            one = cases[place]
            beside = {"proposal_for": cases[place - 1].draft.case_id}
            decision = one.decision
            if decision is not None:
                case = decision.case.model_copy(update=beside)
                decision = Decision(decision.number, decision.decision, case, criteria=decision.criteria)
            cases[place] = Known(one.draft.model_copy(update=beside), one.basis, one.listed, decision)
    return tuple(cases)


@st.composite
def writings(draw: st.DrawFn) -> tuple[CaseDraft, ...]:
    names = draw(st.lists(st.integers(0, 8), unique=True, max_size=5))
    return tuple(draw(drafts(f"case {number}")) for number in names)


def everything(composition: Composition) -> list[CaseDraft]:
    return [*composition.cases, *composition.retired]


@given(criteria(), criteria())
def test_every_criterion_is_unchanged_edited_added_or_removed_and_only_one_of_these(
    before: tuple[Criterion, ...], now: tuple[Criterion, ...]
) -> None:
    changes = diff(before, now)
    old, new = {one.id for one in before}, {one.id for one in now}
    kept = set(changes.unchanged.values())
    assert len(kept) == len(changes.unchanged)
    assert changes.edited | changes.added | kept == new
    assert not changes.edited & changes.added
    assert not kept & changes.affected
    assert changes.unchanged.keys() | changes.edited | changes.removed >= old
    assert changes.unchanged.keys() & changes.removed == set()
    texts = {one.id: plain(one.text) for one in now}
    assert all(
        texts[changes.unchanged[one.id]] == plain(one.text) for one in before if one.id in changes.unchanged
    )


@given(criteria())
def test_nothing_changes_between_a_revision_and_itself(now: tuple[Criterion, ...]) -> None:
    changes = diff(now, tuple(reversed(now)))
    assert changes.unchanged == {one.id: one.id for one in now}
    assert not changes.affected | changes.removed


@given(cases=pasts(), now=criteria(), again=st.booleans())
def test_a_case_is_kept_exactly_where_its_criteria_read_as_they_did(
    cases: tuple[Known, ...], now: tuple[Criterion, ...], *, again: bool
) -> None:
    standing = stand(cases, now, again=again)
    kept = {case.case_id for case in standing.kept}
    accepted = {one.draft.case_id for one in cases if one.is_human and one.draft.case_id in standing.fitting}
    for one in cases:
        fits = set(cited(one.case)) <= diff(one.made_from, now).unchanged.keys()
        settled = not one.is_human and one.case.proposal_for in accepted
        expected = fits and not one.is_rejected and (one.is_human or not again) and not settled
        assert (one.draft.case_id in kept) == expected


@settings(max_examples=300)
@given(cases=pasts(), written=writings(), now=criteria(), again=st.booleans(), max_cases=st.integers(1, 6))
def test_what_a_person_made_theirs_is_neither_changed_nor_lost(
    cases: tuple[Known, ...],
    written: tuple[CaseDraft, ...],
    now: tuple[Criterion, ...],
    *,
    again: bool,
    max_cases: int,
) -> None:
    standing = stand(cases, now, again=again)
    composition = compose(standing, written, Plan(criteria=now), max_cases=max_cases)
    shelf = on_the_shelf(cases, composition, standing)
    there = {case.case_id: case for case in everything(composition)}
    said = {"change", "review", "reviews", "proposal_for"}
    for one in cases:
        if not one.is_human:
            continue
        assert one.draft.case_id in there or one.draft.case_id in shelf
        found = there.get(one.draft.case_id)
        if found is not None:
            theirs = (
                renamed(one.case, diff(one.made_from, now).unchanged)
                if found.change in (CaseChange.KEPT, CaseChange.NEW)
                else one.case
            )
            assert found.model_dump(exclude=said) == theirs.model_dump(exclude=said)


@given(cases=pasts(), written=writings(), now=criteria(), again=st.booleans())
def test_a_generation_lists_no_case_twice_and_none_that_was_turned_down(
    cases: tuple[Known, ...], written: tuple[CaseDraft, ...], now: tuple[Criterion, ...], *, again: bool
) -> None:
    rejected = {one.draft.case_id for one in cases if one.is_rejected}
    fresh = [case for case in written if case.case_id not in rejected]
    standing = stand(cases, now, again=again)
    composition = compose(standing, fresh, Plan(criteria=now), max_cases=3)
    ids = [case.case_id for case in everything(composition)]
    assert len(ids) == len(set(ids))
    assert not rejected & set(ids)
    assert all(case.change is CaseChange.RETIRED for case in composition.retired)
    assert all(case.change is not CaseChange.RETIRED for case in composition.cases)
    listed = {case.case_id for case in composition.cases}
    assert all(case.proposal_for in listed for case in composition.cases if case.proposal_for)


@given(cases=pasts(), written=writings(), now=criteria(), again=st.booleans())
def test_every_case_that_was_listed_is_told_of_replaced_or_turned_down(
    cases: tuple[Known, ...], written: tuple[CaseDraft, ...], now: tuple[Criterion, ...], *, again: bool
) -> None:
    standing: Standing = stand(cases, now, again=again)
    composition = compose(standing, written, Plan(criteria=now), max_cases=100)
    ids = {case.case_id for case in everything(composition)}
    silent = [one for one in cases if one.listed and not one.is_rejected and one.draft.case_id not in ids]
    replacing = [case for case in composition.cases if case.change in (CaseChange.UPDATED, CaseChange.NEW)]
    assert len(silent) <= len(replacing)
    assert all(not one.is_human for one in silent)
