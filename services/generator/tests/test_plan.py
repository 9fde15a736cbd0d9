from itertools import combinations

import pytest

from casewright_common.events import Criterion, CriterionOrigin, Depth, Priority, Story, Technique
from casewright_generator.domain.planning.conditions import Plan
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.reading.analysis import analyse


def plan_of(
    *criteria: str,
    limit: int = 40,
    title: str = "Story",
    text: str = "",
    depth: Depth = Depth.STANDARD,
    exclusions: tuple[str, ...] = (),
) -> Plan:
    story = Story(
        title=title,
        text=text,
        criteria=tuple(
            Criterion(id=f"AC-{number}", text=one, origin=CriterionOrigin.LIST)
            for number, one in enumerate(criteria, start=1)
        ),
        issue_type="Story",
    )
    return plan(analyse(story), max_cases=limit, depth=depth, exclusions=exclusions)


def titles(made: Plan) -> list[str]:
    return [condition.title for condition in made.conditions]


def test_a_limit_is_tested_at_and_beside_its_bounds() -> None:
    made = plan_of("The quantity must be between 1 and 10.")

    assert titles(made) == [
        "Quantity: 0 refused (just below the minimum of 1)",
        "Quantity: 1 accepted (the minimum of 1)",
        "Quantity: 10 accepted (the maximum of 10)",
        "Quantity: 11 refused (just above the maximum of 10)",
    ]
    assert {condition.technique for condition in made.conditions} == {Technique.BOUNDARY_VALUE}
    assert [condition.negative for condition in made.conditions] == [True, False, False, True]


def test_each_alternative_of_a_list_is_a_partition() -> None:
    made = plan_of("The user can sort the results by name, price or date.")

    assert titles(made) == [f"The user can sort the results by {key}" for key in ("name", "price", "date")]
    assert {condition.technique for condition in made.conditions} == {Technique.EQUIVALENCE_PARTITION}


def test_a_format_that_is_not_listed_is_a_partition_of_its_own_and_an_assumption() -> None:
    *_, other = plan_of("The user can upload a file in PNG or JPG format.").conditions

    assert other.negative
    assert other.assumption
    assert other.values[0].sample


def test_each_condition_of_a_rule_is_made_false_once() -> None:
    made = plan_of("If the cart is empty and the user is signed in, a hint is shown.")

    assert titles(made) == [
        "A hint is shown if the cart is empty and the user is signed in",
        "A hint is not shown if the cart is not empty",
        "A hint is not shown if the user is not signed in",
    ]
    assert [condition.assumption for condition in made.conditions] == [False, True, True]


def test_what_otherwise_happens_is_no_assumption() -> None:
    made = plan_of('If the code is known, a discount is granted, otherwise "Unknown code" is shown.')

    assert made.conditions[-1].negative
    assert not made.conditions[-1].assumption
    assert made.conditions[-1].statement.outcomes == ('"Unknown code" is shown.',)


def test_only_means_that_nobody_else_may() -> None:
    made = plan_of("Only teachers can create courses.")

    assert [condition.technique for condition in made.conditions] == [
        Technique.ROLE_PERMISSION,
        Technique.ROLE_PERMISSION,
    ]
    assert made.conditions[1].negative


def test_a_change_of_state_is_tested_as_a_transition() -> None:
    (condition,) = plan_of(
        'When the payment succeeds, the order status changes from "Pending" to "Paid".'
    ).conditions

    assert condition.technique is Technique.STATE_TRANSITION


def test_two_criteria_about_one_limit_make_one_case_per_value() -> None:
    made = plan_of("Files up to 5 MB are accepted.", 'If the file is larger than 5 MB, "Too large" is shown.')

    assert len(made.conditions) == 2
    assert all(condition.criteria == ("AC-1", "AC-2") for condition in made.conditions)


def test_a_small_limit_still_touches_each_criterion() -> None:
    made = plan_of(
        "The quantity must be between 1 and 10.", "Guests cannot pay.", "The cart shows its total.", limit=3
    )

    assert [condition.criteria for condition in made.conditions] == [("AC-1",), ("AC-2",), ("AC-3",)]


@pytest.mark.parametrize(
    ("criterion", "priority"),
    [
        ("The total must be shown.", Priority.HIGH),
        ("The user can reset the password.", Priority.HIGH),
        ("The user can sort the list.", Priority.MEDIUM),
        ("A tooltip may be shown.", Priority.LOW),
    ],
)
def test_priority_follows_from_the_modal_verb_and_what_is_at_stake(
    criterion: str, priority: Priority
) -> None:
    assert plan_of(criterion).conditions[0].priority is priority


def test_a_condition_is_found_by_its_id_or_in_words() -> None:
    made = plan_of("Guests cannot pay.")

    assert made.find("C-1") is made.conditions[0]
    assert made.find(made.conditions[0].description.upper()) is made.conditions[0]
    assert made.find("C-2") is None


def test_a_plan_needs_room_for_one_case() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        plan_of("Guests cannot pay.", limit=0)


def test_items_inside_a_sentence_are_tested_one_by_one() -> None:
    made = plan_of("The teacher can: (1) start a class, (2) share/block audio, and (3) end the class.")

    assert titles(made) == [
        "The teacher can start a class",
        "The teacher can share audio",
        "The teacher can block audio",
        "The teacher can end the class",
    ]


def test_a_thorough_plan_tries_both_sides_of_each_bound() -> None:
    made = plan_of("The quantity must be between 1 and 10.", depth=Depth.THOROUGH)

    assert [condition.values[0].value for condition in made.conditions] == ["0", "1", "2", "9", "10", "11"]
    assert [condition.negative for condition in made.conditions] == [True, False, False, False, False, True]


def test_a_thorough_plan_of_a_range_of_two_values_names_none_twice() -> None:
    made = plan_of("The quantity must be between 1 and 2.", depth=Depth.THOROUGH)

    assert [condition.values[0].value for condition in made.conditions] == ["0", "1", "2", "3"]


def test_a_lean_plan_has_a_case_and_a_refusal_for_each_criterion() -> None:
    made = plan_of(
        "The quantity must be between 1 and 10.",
        "The user can sort the list by name or price.",
        depth=Depth.LEAN,
    )

    assert [(condition.criteria, condition.negative) for condition in made.conditions] == [
        (("AC-1",), True),
        (("AC-1",), False),
        (("AC-2",), False),
    ]


def test_the_cap_keeps_one_of_each_technique_before_a_second_of_any_and_tells_what_it_cut() -> None:
    criteria = (
        "The quantity must be between 1 and 10.",
        "The weight must be between 2 and 20 kg.",
        "Only teachers can create courses.",
        "The user can sort the results by name, price or date.",
    )
    whole = plan_of(*criteria)

    made = plan_of(*criteria, limit=3)

    assert {condition.technique for condition in made.conditions} == {
        Technique.BOUNDARY_VALUE,
        Technique.ROLE_PERMISSION,
        Technique.EQUIVALENCE_PARTITION,
    }
    assert len(made.left_out) == len(whole.conditions) - 3
    assert {one.key for one in (*made.conditions, *made.left_out)} == {one.key for one in whole.conditions}
    assert len({one.id for one in (*made.conditions, *made.left_out)}) == len(whole.conditions)
    assert not whole.left_out


def test_a_condition_names_the_limit_that_it_comes_from() -> None:
    made = plan_of("The quantity must be between 1 and 10.")

    assert {condition.constraint for condition in made.conditions} == {"between 1 and 10"}


@pytest.mark.parametrize("told", ["Refunds of gift cards", "This story doesn't cover refunds of gift cards."])
def test_nothing_is_planned_about_what_is_out_of_scope(told: str) -> None:
    criteria = ("The clerk can refund a gift card.", "The clerk can void a receipt.")

    made = plan_of(*criteria, exclusions=(told,))

    assert titles(made) == ["The clerk can void a receipt"]
    assert [criterion.id for criterion in made.criteria] == ["AC-2"]
    assert len(plan_of(*criteria).conditions) == 2


def test_an_exclusion_that_says_more_than_a_criterion_does_not_rule_it_out() -> None:
    made = plan_of("The clerk can refund a gift card.", exclusions=("Refunds of gift cards abroad",))

    assert titles(made) == ["The clerk can refund a gift card"]


def test_what_stands_under_out_of_scope_is_not_planned() -> None:
    made = plan_of("The clerk can print a receipt.", text="h3. Out of scope\n\n- Printing receipts")

    assert not made.conditions


def test_choices_that_combine_are_tried_in_every_pair() -> None:
    made = plan_of(
        "Payment by card, PayPal or invoice; delivery standard or express; customer guest or registered."
    )

    rows = [
        {value.name: value.value for value in condition.values}
        for condition in made.conditions
        if condition.technique is Technique.PAIRWISE
    ]
    factors = {
        "payment": ("card", "PayPal", "invoice"),
        "delivery": ("standard", "express"),
        "customer": ("guest", "registered"),
    }
    pairs = {
        ((one, a), (two, b))
        for one, two in combinations(factors, 2)
        for a in factors[one]
        for b in factors[two]
    }
    assert pairs == {pair for row in rows for pair in combinations(row.items(), 2)}
    assert len(rows) < 3 * 2 * 2


def test_fields_that_several_criteria_give_values_for_combine_too() -> None:
    made = plan_of("Crust: thin or thick", "Size can be S, M or L.", "The bill shows the price.")

    paired = [condition for condition in made.conditions if condition.technique is Technique.PAIRWISE]

    assert len(paired) == 6
    assert {condition.criteria for condition in paired} == {("AC-1", "AC-2")}


def test_one_choice_alone_makes_no_pairs() -> None:
    made = plan_of("The user can sort the results by name, price or date.", "Crust: thin or thick")

    assert Technique.PAIRWISE not in {condition.technique for condition in made.conditions}


def test_the_same_pairs_are_planned_every_time() -> None:
    text = "Seats by window, aisle or middle; class economy or business; meal vegan, halal or none."

    assert plan_of(text) == plan_of(text)


@pytest.mark.parametrize(
    ("criterion", "value"),
    [
        ("The tracking page loads within 2 seconds.", "2 seconds"),
        ("The booking service must be available 99.5 % per month.", "216"),
        ("The shop supports up to 500 concurrent users.", "500 concurrent users"),
    ],
)
def test_a_quality_with_a_measure_is_measured(criterion: str, value: str) -> None:
    (condition,) = plan_of(criterion).conditions

    assert condition.technique is Technique.NON_FUNCTIONAL
    assert condition.values[0].value == value


def test_a_thorough_plan_tries_each_event_in_each_state_that_has_no_change_for_it() -> None:
    criteria = (
        'When the clerk accepts the claim, the status changes from "New" to "Accepted".',
        'When the clerk pays the claim, the status changes from "Accepted" to "Paid".',
    )

    standard = [one for one in plan_of(*criteria).conditions if one.negative]
    thorough = [one for one in plan_of(*criteria, depth=Depth.THOROUGH).conditions if one.negative]

    assert len(standard) == 1
    assert len(thorough) == 4
