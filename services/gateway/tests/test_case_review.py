"""What a decision makes of a case, and that no generation loses one that it didn't know."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from casewright_common.events import (
    CaseChange,
    CaseDraft,
    CaseScores,
    CaseStep,
    Criterion,
    CriterionOrigin,
    GateFinding,
    Provenance,
    ReviewDecision,
    Technique,
)
from casewright_gateway.domain.case_review import ACCEPTED, Edit, after_generation, cited, decide

APPROVED, EDITED, REJECTED = ReviewDecision.APPROVED, ReviewDecision.EDITED, ReviewDecision.REJECTED


def case(number: int = 1, **more: object) -> CaseDraft:
    values = {
        "case_id": UUID(int=number),
        "title": f"Case {number}",
        "technique": Technique.USE_CASE,
        "condition": "A condition",
        "criteria": ("AC-1",),
        "steps": (CaseStep(action="Do it", expected="Done", criteria=("AC-1",)),),
    }
    return CaseDraft.model_validate(values | more)


def edit(title: str = "Mine", *steps: CaseStep) -> Edit:
    return Edit(title=title, preconditions=(), data=(), steps=steps or (CaseStep(action="Do that"),))


def after(
    told: list[CaseDraft], decided: list[CaseDraft], *, gone: list[CaseDraft] | None = None
) -> dict[int, CaseDraft]:
    found = after_generation(
        told, gone or [], shown=decided, decided={each.case_id: each for each in decided}
    )
    assert len({each.case_id for each in found}) == len(found)
    return {each.case_id.int: each for each in found}


def test_an_approval_changes_nothing_but_the_decision() -> None:
    before = case(model="openai/x", prompt_version="v1", gherkin="Scenario: x")
    assert decide(before, APPROVED) == before.model_copy(update={"review": APPROVED, "reviews": 1})
    assert decide(decide(before, APPROVED), REJECTED).reviews == 2


def test_an_edited_case_is_a_persons_own() -> None:
    scores = CaseScores(grounded=1, cited=1, verifiable=1, distinct=1, overall=1)
    before = case(
        model="openai/x", gherkin="Scenario: x", scores=scores, findings=(GateFinding(check="eager"),)
    )
    steps = (
        CaseStep(action="First"),
        CaseStep(action="Second", criteria=("AC-2",)),
        CaseStep(action="Third", assumption=True),
    )
    mine = decide(before, EDITED, edit("Mine", *steps))
    assert (mine.title, mine.provenance, mine.review, mine.reviews) == ("Mine", Provenance.HUMAN, EDITED, 1)
    assert (mine.scores, mine.findings, mine.gherkin) == (None, (), "")
    assert [step.criteria for step in mine.steps] == [("AC-1",), ("AC-2",), ()]
    assert mine.criteria == ("AC-1", "AC-2")
    assert (mine.case_id, mine.condition, mine.model) == (before.case_id, before.condition, before.model)


def test_a_decision_on_a_stale_case_makes_it_current() -> None:
    assert decide(case(change=CaseChange.STALE), APPROVED).change is CaseChange.KEPT
    assert decide(case(change=CaseChange.UPDATED), APPROVED).change is CaseChange.UPDATED


def test_a_decision_that_the_generation_knew_may_be_overruled_by_it() -> None:
    decided = decide(case(), APPROVED)
    told = case(title="New text", change=CaseChange.UPDATED, reviews=1)
    assert after([told], [decided]) == {1: told}


def test_a_decision_made_while_the_generation_was_at_work_stands() -> None:
    decided = decide(case(), EDITED, edit())
    new = after([case(title="Generated again")], [decided])[1]
    assert (new.title, new.review, new.change) == ("Mine", EDITED, CaseChange.KEPT)
    changed = after([case(title="Generated again", change=CaseChange.UPDATED)], [decided])[1]
    assert (changed.title, changed.change) == ("Mine", CaseChange.STALE)


def test_the_second_of_two_decisions_stands_where_only_the_first_was_known() -> None:
    first = decide(case(), EDITED, edit("First"))
    second = decide(first, EDITED, edit("Second"))
    assert after([first], [second])[1].title == "Second"


def test_an_accepted_case_that_is_not_mentioned_stays_and_a_rejected_one_goes() -> None:
    found = after([case(3)], [decide(case(1), APPROVED), decide(case(2), REJECTED)])
    assert set(found) == {1, 3}
    assert (found[1].review, found[1].change) == (APPROVED, CaseChange.STALE)


def test_what_was_retired_before_is_not_brought_back() -> None:
    decided = decide(case(1), APPROVED)
    shown = [decided.model_copy(update={"change": CaseChange.RETIRED})]
    assert after_generation([], [], shown=shown, decided={decided.case_id: decided}) == ()


def test_a_retired_case_keeps_its_decision() -> None:
    found = after([], [decide(case(1), EDITED, edit())], gone=[case(1)])
    assert (found[1].title, found[1].change, found[1].review) == ("Mine", CaseChange.RETIRED, EDITED)


def test_an_accepted_proposal_retires_the_case_that_it_was_beside() -> None:
    proposal = decide(case(2, proposal_for=UUID(int=1)), APPROVED)
    told = [case(1, change=CaseChange.STALE), case(2, proposal_for=UUID(int=1))]
    found = after(told, [proposal])
    assert (found[1].change, found[2].change, found[2].review) == (
        CaseChange.RETIRED,
        CaseChange.KEPT,
        APPROVED,
    )
    dismissed = after(told, [decide(told[1], REJECTED)])
    assert (dismissed[1].change, dismissed[2].review) == (CaseChange.STALE, REJECTED)


def test_the_criteria_told_are_those_that_the_case_was_written_for() -> None:
    def criterion(number: int, text: str) -> Criterion:
        return Criterion(id=f"AC-{number}", text=text, origin=CriterionOrigin.LIST)

    found = cited(
        case(criteria=("AC-1", "AC-2", "AC-9")),
        [criterion(1, "As generated"), criterion(3, "Another")],
        [criterion(1, "Newer"), criterion(2, "Only newer")],
    )
    assert [each.text for each in found] == ["As generated", "Only newer"]


decisions = st.tuples(
    st.integers(1, 4), st.sampled_from(list(ReviewDecision)), st.integers(1, 3), st.booleans()
)


@given(
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from(list(CaseChange)), st.integers(0, 3)), max_size=4),
    st.lists(decisions, max_size=4, unique_by=lambda each: each[0]),
)
def test_no_generation_loses_a_decision_that_it_did_not_know(
    told: list[tuple[int, CaseChange, int]], made: list[tuple[int, ReviewDecision, int, bool]]
) -> None:
    cases = {number: case(number, change=change, reviews=seen) for number, change, seen in told}
    decided = [case(n, title="Decided", review=d, reviews=r) for n, d, r, _ in made]
    found = after(list(cases.values()), decided)
    for each in decided:
        known = cases.get(each.case_id.int)
        if known is not None and known.reviews >= each.reviews:
            assert found[each.case_id.int] == known
        elif known is not None or each.review in ACCEPTED:
            shown = found[each.case_id.int]
            assert (shown.title, shown.review, shown.reviews) == ("Decided", each.review, each.reviews)
