"""Cases from the constraints of a story: each kind, in each mode in which a sentence says it."""

import pytest

from casewright_common.events import CaseDraft, Criterion, CriterionOrigin, Depth, Story, Technique
from casewright_generator.domain.designer import design
from casewright_generator.domain.gate.verify import verify
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.reading.analysis import analyse

BACKGROUND = (
    "As a skipper I want to book a berth, so that I need not phone the harbour before I arrive. "
    "The harbour has thirty berths and one office."
)


def a_story(*criteria: str) -> Story:
    return Story(
        title="Book a berth",
        text="\n".join((BACKGROUND, *criteria)),
        criteria=tuple(
            Criterion(id=f"AC-{number}", text=text, origin=CriterionOrigin.LIST)
            for number, text in enumerate(criteria, start=1)
        ),
        issue_type="Story",
    )


def cases_of(*criteria: str, depth: Depth = Depth.STANDARD) -> tuple[CaseDraft, ...]:
    story = a_story(*criteria)
    return design(plan(analyse(story), max_cases=40, depth=depth), story, story_id="S-1")


def titles(*criteria: str) -> list[str]:
    return [case.title for case in cases_of(*criteria)]


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (
            "Lifejackets are counted from 0 to 9",
            ["Lifejackets: 0", "Lifejackets: 9", "Lifejackets: 10"],
        ),
        (
            "Mast height between 5 and 30 m",
            ["Mast height: 4 m", "Mast height: 5 m", "Mast height: 30 m", "Mast height: 31 m"],
        ),
        (
            "Ship name and home port, 40 characters each",
            [
                "Ship name: 40 characters",
                "Ship name: 41 characters",
                "Home port: 40 characters",
                "Home port: 41 characters",
            ],
        ),
        ("Remark: max. 200 characters", ["Remark: 200 characters", "Remark: 201 characters"]),
    ],
)
def test_a_value_that_is_entered_is_tried_at_and_beyond_its_bounds(
    criterion: str, expected: list[str]
) -> None:
    found = titles(criterion)

    assert len(found) == len(expected)
    assert all(title.startswith(start) for title, start in zip(found, expected, strict=True))


def test_a_refused_value_is_seen_by_a_message_and_by_what_is_not_saved() -> None:
    *_, beyond = cases_of("Mast height between 5 and 30 m")

    assert beyond.negative
    assert beyond.steps[-1].action == "For mast height, enter or set 31 m, and try to save."
    assert "a message names 5 to 30 m as allowed, and nothing is saved" in beyond.steps[-1].expected


def test_a_thorough_plan_tries_both_neighbours_of_each_bound() -> None:
    cases = cases_of("Mast height between 5 and 30 m", depth=Depth.THOROUGH)

    assert [case.data[0].value for case in cases] == ["4 m", "5 m", "6 m", "29 m", "30 m", "31 m"]


def test_a_value_that_the_product_makes_is_not_entered() -> None:
    criteria = ("A gate code is generated for each booking", "The gate code is 6 digits long")

    assert not [title for title in titles(*criteria) if "refused" in title]


@pytest.mark.parametrize(
    ("criterion", "moments"),
    [
        ("A booking lapses 3 days after it was made", ["4 March 2027 at 09:59", "4 March 2027 at 10:00"]),
        (
            "Check-in closes 45 minutes before the departure",
            ["1 March 2027 at 09:14", "1 March 2027 at 09:15"],
        ),
        ("The offer stays valid for 12 hours", ["1 March 2027 at 21:59", "1 March 2027 at 22:01"]),
        (
            "Cancelling is free until 2 hours before the arrival",
            ["1 March 2027 at 08:00", "1 March 2027 at 08:01"],
        ),
        (
            "Requests that nobody answers for 2 weeks are closed automatically",
            ["15 March 2027 at 09:59", "15 March 2027 at 10:00"],
        ),
        (
            "If the harbour master doesn't answer for 24 hours, the request is granted",
            ["2 March 2027 at 09:59", "2 March 2027 at 10:00"],
        ),
    ],
)
def test_a_span_is_tried_on_both_sides_of_its_end_on_a_clock(criterion: str, moments: list[str]) -> None:
    cases = cases_of(criterion)

    assert [case.data[-1].value for case in cases] == moments
    assert len({case.negative for case in cases}) == len(cases)


def test_what_has_not_happened_yet_is_said_so() -> None:
    before, after = cases_of("Requests that nobody answers for 2 weeks are closed automatically")

    assert before.steps[-1].expected == "Requests have not been closed yet."
    assert after.steps[-1].expected == "Requests are closed automatically."
    assert before.preconditions[-1] == (
        "Since 1 March 2027 at 10:00, there have been requests that nobody answers."
    )


def test_a_short_span_is_waited() -> None:
    cases = cases_of("Without a touch the screen returns to its start page after 15 seconds.")

    assert [case.steps[-1].action for case in cases] == [
        "Wait 14 s without a touch.",
        "Wait 15 s without a touch.",
    ]


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (
            "No keys are handed out after 18:30",
            ["At 18:30: keys are handed out", "At 18:31: no keys are handed out"],
        ),
        (
            "A berth not paid by 31 May 2027 is marked as Open",
            ["On 31 May 2027: a berth is not marked as Open", "On 1 June 2027: a berth is marked as Open"],
        ),
    ],
)
def test_a_time_or_a_date_is_tried_at_it_and_after_it(criterion: str, expected: list[str]) -> None:
    assert titles(criterion) == expected


def test_a_condition_with_a_number_parts_two_outcomes() -> None:
    calm, storm = cases_of("With more than 20 boats waiting the office shows a warning.")

    assert calm.title.startswith("With 20 boats waiting: the office does not show a warning")
    assert storm.title.startswith("With 21 boats waiting: the office shows a warning")
    assert not any("Refused" in case.title for case in (calm, storm))


def test_what_others_get_is_what_the_sentence_says_of_them() -> None:
    small, big = cases_of(
        "A boat of 12 m or less is put at the pier, bigger ones wait for the harbour master."
    )

    assert "12 m" in small.title
    assert big.steps[-1].expected == "Bigger ones wait for the harbour master."


def test_how_many_there_may_be_is_tried_with_the_most_and_one_more() -> None:
    most, more = cases_of("A booking has up to 8 guests")

    assert most.title == "Guests per booking: 8 accepted (the maximum)"
    assert more.title == "Guests per booking: 9 refused (one above the maximum)"
    assert "the number stays at 8" in more.steps[-1].expected


def test_how_often_something_may_be_done_is_tried_with_the_last_time_and_the_next() -> None:
    last, beyond = cases_of("A skipper may move a booking twice at most")

    assert last.steps[-1].action == "Move a booking for the second time."
    assert beyond.steps[-1].action == "Try to move a booking for the third time."
    assert beyond.negative


def test_a_closed_choice_is_offered_exactly_and_each_value_is_chosen() -> None:
    offered, each = cases_of("The mooring is either bow or stern.")

    assert "bow and stern" in offered.steps[-1].expected
    assert [step.expected for step in each.steps] == [
        "When it is opened again, bow is shown for mooring.",
        "When it is opened again, stern is shown for mooring.",
    ]
    assert {offered.technique, each.technique} == {Technique.EQUIVALENCE_PARTITION}


def test_a_price_is_reckoned_for_one_and_for_two() -> None:
    one, two = cases_of("A night costs 18.50 EUR.")

    assert "18.50 EUR" in one.steps[-1].expected
    assert "37.00 EUR" in two.steps[-1].expected
    assert two.data[-1].sample


def test_a_change_of_state_has_its_start_and_its_end() -> None:
    (case,) = [
        one
        for one in cases_of("When the skipper pays, the booking moves from Reserved to Confirmed.")
        if one.technique is Technique.STATE_TRANSITION
    ]

    assert case.preconditions[-1] == "The booking is in the state Reserved."
    assert case.steps[-1].expected == "The booking is in the state Confirmed, and no longer Reserved."


@pytest.mark.parametrize(
    "criterion",
    [
        "It lapses 30 days after it was issued.",
        "See chapter 12 of the harbour rules.",
        "About 40 boats a week call the office.",
    ],
)
def test_what_cannot_be_worded_sensibly_is_not_measured(criterion: str) -> None:
    story = a_story(criterion)
    made = plan(analyse(story), max_cases=40)

    assert not [one for one in made.conditions if " later)" in one.title or "refused" in one.title]


def test_the_gate_lets_measured_cases_through() -> None:
    story = a_story(
        "Lifejackets are counted from 0 to 9",
        "Requests that nobody answers for 2 weeks are closed automatically",
        "No keys are handed out after 18:30",
        "A booking has up to 8 guests",
        "The mooring is either bow or stern.",
        "A night costs 18.50 EUR.",
    )
    made = plan(analyse(story), max_cases=40)

    verdict = verify(design(made, story, story_id="S-1"), made, story)

    assert not [(one.case.title, one.reasons) for one in verdict.rejected]


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (
            "A depot must always have at least 3 drivers.",
            ["A depot has 2 drivers: refused", "A depot has 3 drivers: accepted"],
        ),
        (
            "No crate holds over nine glass bottles.",
            ["A crate holds 9 glass bottles: accepted", "A crate holds 10 glass bottles: refused"],
        ),
        (
            "The offer may not raise the rent by more than 5 %.",
            ["The offer raises the rent by 5 %: accepted", "The offer raises the rent by 6 %: refused"],
        ),
        (
            "Users may upload up to 4 plans.",
            ["Upload 4 plans: accepted", "Upload 5 plans: refused"],
        ),
        (
            "Two flights lie at least 20 minutes apart.",
            [
                "Two flights lie 19 minutes 59 seconds apart: refused",
                "Two flights lie 20 minutes apart: accepted",
            ],
        ),
        (
            "Referees must be 16 or older and know the rules.",
            ["Referees are 15 years old: refused", "Referees are 16 years old: accepted"],
        ),
        (
            "The transfer limit is 1000 EUR.",
            ["Use a transfer of 1000 EUR: accepted", "Use a transfer of 1000.01 EUR: refused"],
        ),
    ],
)
def test_a_bound_inside_a_clause_is_tried_with_the_clause_itself(criterion: str, expected: list[str]) -> None:
    assert [title.partition(" (")[0] for title in titles(criterion)] == expected


@pytest.mark.parametrize(
    "criterion",
    [
        "The parcel is ready within 20 seconds.",
        "A keeper can save three drafts; saving a fourth replaces the oldest.",
        "It needs the consent of at least 2 keepers.",
        "Walkers whose torch is down to 10 % or lower are warned.",
        "The kiln stays between -24 and -18 °C.",
        "Queue numbers run from 1 to 999.",
    ],
)
def test_what_nobody_bounds_by_an_act_is_not_refused(criterion: str) -> None:
    assert not [title for title in titles(criterion) if "refused" in title]


def test_a_second_predicate_bounds_the_subject_of_the_first() -> None:
    assert titles("Badge number is mandatory and has exactly 6 characters.")[0].startswith("Badge number: 5")
    assert titles("A note is mandatory; max 35 characters")[0].startswith("Note: 35")


def test_beyond_a_bound_comes_what_the_sentence_says_happens_otherwise() -> None:
    *_, beyond = cases_of("A crate holds at most 9 bottles, otherwise an alarm sounds.")

    assert beyond.steps[-1].expected == "An alarm sounds."
