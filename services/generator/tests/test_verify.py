from uuid import UUID

import pytest

from casewright_common.events import (
    CaseDraft,
    CaseStep,
    Criterion,
    CriterionOrigin,
    Story,
    Technique,
    TestData,
)
from casewright_generator.domain.gate.checks import BY_CODE, CHECKS, Weight
from casewright_generator.domain.gate.verify import verify
from casewright_generator.domain.planning.conditions import Plan
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.reading.analysis import analyse

STORY = Story(
    title="Cart of ShopFront",
    text="A cart holds at most 10 items.",
    criteria=(
        Criterion(id="AC-1", text="A cart holds at most 10 items.", origin=CriterionOrigin.LIST),
        Criterion(
            id="AC-2", text='The cart shows "Cart is empty" when it is empty.', origin=CriterionOrigin.LIST
        ),
    ),
    issue_type="Story",
)
PLAN = plan(analyse(STORY), max_cases=10)


def a_case(
    action: str = "Put 11 items into the cart.",
    expected: str = "Only 10 items are in the cart.",
    *,
    number: int = 1,
    criteria: tuple[str, ...] = ("AC-1",),
    assumption: bool = False,
    data: tuple[TestData, ...] = (),
    condition: str = PLAN.conditions[1].description,
) -> CaseDraft:
    return CaseDraft(
        case_id=UUID(int=number),
        title="Refuse one item too many",
        technique=Technique.BOUNDARY_VALUE,
        condition=condition,
        criteria=criteria,
        data=data,
        steps=(CaseStep(action=action, expected=expected, criteria=criteria, assumption=assumption),),
    )


def reasons(case: CaseDraft, *, context: tuple[str, ...] = ()) -> tuple[str, ...]:
    verdict = verify([case], PLAN, STORY, context=context)
    return verdict.rejected[0].reasons if verdict.rejected else ()


def test_a_sound_case_is_accepted_and_counts_for_coverage() -> None:
    verdict = verify([a_case()], PLAN, STORY)

    assert [case.case_id for case in verdict.accepted] == [UUID(int=1)]
    assert verdict.coverage.covered == 1
    assert verdict.coverage.uncovered_criteria == ("AC-2",)


def test_an_accepted_case_carries_its_scores_and_no_finding() -> None:
    (case,) = verify([a_case()], PLAN, STORY).accepted

    assert case.findings == ()
    assert case.scores is not None
    assert case.scores.overall == case.scores.grounded == case.scores.cited == case.scores.distinct == 1


def test_the_two_sides_of_a_boundary_are_no_likeness_of_each_other() -> None:
    within = PLAN.conditions[0].description
    full = a_case("Put 10 items into the cart.", "All 10 items are in the cart.", number=2, condition=within)

    verdict = verify([full, a_case()], PLAN, STORY)

    assert [case.scores.distinct for case in verdict.accepted if case.scores] == [1, 1]


def test_what_only_lowers_a_case_lets_it_through_with_a_finding_that_names_the_step() -> None:
    eager = a_case("Open the cart, put 11 items into the cart, save it and close the cart.")

    (case,) = verify([eager], PLAN, STORY).accepted

    assert [(one.check, one.blocking, one.step) for one in case.findings] == [("eager_step", False, 1)]
    assert case.scores is not None
    assert case.scores.overall == pytest.approx(1 - BY_CODE["eager_step"].cost)


def test_a_rejected_case_carries_the_findings_behind_its_reasons() -> None:
    (rejection,) = verify([a_case(expected="")], PLAN, STORY).rejected

    assert rejection.reasons == ("unverified_step",)
    assert [(one.check, one.blocking, one.step) for one in rejection.case.findings] == [
        ("unverified_step", True, 1)
    ]
    assert rejection.case.scores is not None
    assert rejection.case.scores.verifiable == 0


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (a_case(criteria=("AC-9",)), "unknown_criterion"),
        (a_case(criteria=()), "uncited_step"),
        (a_case(criteria=()), "uncited_case"),
        (a_case(action="Put 57 items into the cart."), "invented_number"),
        (a_case(expected='"Too many" is shown.'), "invented_quote"),
        (a_case(action="Open MegaBasket and put 11 items into it."), "invented_name"),
        (a_case(action="As a warehouse auditor, put 11 items into the cart."), "invented_role"),
        (a_case(expected="All 11 items are in the cart."), "wrong_boundary"),
        (a_case(expected=""), "unverified_step"),
        (a_case(expected="The cart works as expected."), "ambiguous_test"),
        (a_case(action="If there are items, remove one."), "conditional_test"),
        (a_case(action="Verify that the cart is there."), "misplaced_verification"),
        (a_case(action="Carry out what AC-1 describes."), "placeholder_step"),
        (a_case(action="Check AC-1."), "placeholder_step"),
        (a_case(action="Do what the criterion says."), "placeholder_step"),
        (a_case(action="Do it.", expected="Do it."), "parroted_criterion"),
        (
            a_case(
                action="A cart holds at most 10 items.", expected="A cart holds at most 10 items, indeed."
            ),
            "parroted_criterion",
        ),
    ],
)
def test_a_faulty_case_is_rejected_with_its_reason(case: CaseDraft, code: str) -> None:
    assert code in reasons(case)


def test_every_check_has_a_code_of_its_own_and_what_lowers_has_a_price() -> None:
    assert len(BY_CODE) == len(CHECKS)
    assert all(check.cost > 0 for check in CHECKS if check.weight is Weight.EITHER)
    assert all(check.cost == 0 for check in CHECKS if check.weight is Weight.BLOCKS)


def test_the_neighbour_of_a_limit_is_no_invention_for_the_condition_that_asks_for_it() -> None:
    assert "invented_number" not in reasons(a_case(action="Put 11 items into the cart."))
    assert "invented_number" in reasons(
        a_case(action="Put 11 items into the cart.", condition="something else")
    )


def test_made_up_values_are_fine_where_they_are_marked_as_samples() -> None:
    sample = TestData(name="items", value="57", sample=True)
    plain = sample.model_copy(update={"sample": False})
    action = "Put 57 items into the cart."

    assert reasons(a_case(action=action, data=(sample,), condition="many items")) == ()
    assert reasons(a_case(action=action, data=(plain,), condition="many items")) == ("invented_number",)


def test_what_the_context_says_is_no_invention() -> None:
    case = a_case(expected='Only 10 items are in the cart, and "Too many" is shown.')

    assert reasons(case) == ("invented_quote",)
    assert reasons(case, context=('Too many things end in "Too many".',)) == ()


def test_a_step_without_criterion_must_be_marked_an_assumption() -> None:
    assert reasons(a_case(criteria=(), assumption=True)) == ()


def test_a_case_that_no_condition_asks_for_passes_with_a_remark() -> None:
    (case,) = verify(
        [a_case("Empty the cart.", '"Cart is empty" is shown.', condition="x")], PLAN, STORY
    ).accepted

    assert [one.check for one in case.findings] == ["unplanned"]


def test_the_same_case_twice_is_accepted_once() -> None:
    verdict = verify([a_case(number=1), a_case(number=2)], PLAN, STORY)

    assert [case.case_id for case in verdict.accepted] == [UUID(int=1)]
    assert verdict.rejected[0].reasons == ("duplicate",)
    assert verdict.duplicates == ((UUID(int=2), UUID(int=1)),)


def test_a_case_that_an_approved_one_covers_is_rejected_but_the_approved_one_counts() -> None:
    verdict = verify([a_case(number=2)], PLAN, STORY, approved=[a_case(number=1)])

    assert verdict.rejected[0].reasons == ("duplicate_of_approved",)
    assert verdict.coverage.covered == 1


def test_an_approved_case_is_no_duplicate_of_itself() -> None:
    assert verify([a_case()], PLAN, STORY, approved=[a_case()]).accepted


def test_an_approved_case_with_another_number_is_another_case() -> None:
    approved = a_case(action="Put 10 items into the cart.", number=1)

    assert verify([a_case(number=2)], PLAN, STORY, approved=[approved]).accepted


def test_nothing_is_covered_where_there_is_nothing_to_cover() -> None:
    coverage = verify([], Plan(), STORY).coverage

    assert (coverage.conditions, coverage.covered, coverage.criteria) == (0, 0, 0)
