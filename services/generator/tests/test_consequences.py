"""What a bound, a condition or a need leads to is told apart from what is refused at the door."""

import pytest

from casewright_common.events import CaseDraft, Criterion, CriterionOrigin, Story
from casewright_generator.domain.designer import design
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.reading.analysis import analyse


def cases_of(*criteria: str, title: str = "Book a studio") -> tuple[CaseDraft, ...]:
    story = Story(
        title=title,
        text="\n".join(criteria),
        criteria=tuple(
            Criterion(id=f"AC-{number}", text=text, origin=CriterionOrigin.LIST)
            for number, text in enumerate(criteria, start=1)
        ),
        issue_type="Story",
    )
    return design(plan(analyse(story), max_cases=40), story, story_id="S-1")


def seen(*criteria: str) -> list[str]:
    return [step.expected for case in cases_of(*criteria) for step in case.steps[-1:]]


def words_of(*criteria: str) -> str:
    return " ".join(
        " ".join((case.title, *case.preconditions, *(f"{one.action} {one.expected}" for one in case.steps)))
        for case in cases_of(*criteria)
    )


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (
            "Baskets above 80 EUR ship free.",
            ["Baskets of 80 EUR do not ship free.", "Baskets of 80.01 EUR ship free."],
        ),
        (
            "Parcels over 5 kg travel by rail.",
            ["Parcels of 5 kg do not travel by rail.", "Parcels of 5.1 kg travel by rail."],
        ),
        (
            "Baskets above 80 EUR qualify for a gift.",
            ["Baskets of 80 EUR do not qualify for a gift.", "Baskets of 80.01 EUR qualify for a gift."],
        ),
        (
            "Guests with an allergy get the warning from 3 g on.",
            [
                "Guests with an allergy do not get the warning.",
                "Guests with an allergy get the warning.",
            ],
        ),
    ],
)
def test_a_number_that_leads_to_something_refuses_nothing(criterion: str, expected: list[str]) -> None:
    assert seen(criterion) == expected


@pytest.mark.parametrize(
    "criterion",
    ["Baskets above 80 EUR total value.", "Files over 5 MB in Germany.", "Baskets above 80 EUR by noon."],
)
def test_a_noun_after_a_number_is_no_verb(criterion: str) -> None:
    assert " do not " not in words_of(criterion)


def test_how_long_a_thing_is_needs_no_clock() -> None:
    told = words_of(
        "If the studio has a piano and the session is longer than 3 hours, the manager must confirm it."
    )
    assert "clock" not in told
    assert "the session is 3 hours long" in told
    assert "The manager does not have to confirm the session if the studio does not have a piano" in told
    assert "It is not confirmed" not in told


def test_a_state_that_lasts_still_needs_the_clock() -> None:
    assert "Set the clock" in words_of(
        "If the terminal is idle for more than 15 minutes, the porter is signed out."
    )


@pytest.mark.parametrize(
    ("criterion", "inside", "outside"),
    [
        (
            "The delivery date must be no later than 2 months from today.",
            "2 months from today",
            "2 months and 1 day from today",
        ),
        (
            "The opening day may lie at most 30 days in the future.",
            "30 days from today",
            "31 days from today",
        ),
    ],
)
def test_a_date_is_bounded_by_today(criterion: str, inside: str, outside: str) -> None:
    cases = cases_of(criterion)
    assert [(case.data[0].value, case.negative) for case in cases] == [(inside, False), (outside, True)]


def test_a_limit_from_today_is_no_time_that_anything_takes() -> None:
    told = words_of("The delivery date must lie in the future, no later than one year from today.")
    assert "measure the time" not in told
    assert "takes" not in told


@pytest.mark.parametrize(
    ("criterion", "inside", "outside"),
    [
        ("Studios can be reserved up to 45 days in advance.", "45 days", "46 days"),
        ("A studio may be reserved at least 2 days in advance.", "2 days", "1 day"),
    ],
)
def test_how_far_ahead_something_may_be_done_has_two_sides(criterion: str, inside: str, outside: str) -> None:
    found = {case.data[0].value: case.negative for case in cases_of(criterion)}
    assert found == {inside: False, outside: True}


def test_the_load_of_a_time_limit_is_no_bound() -> None:
    told = words_of("The import finishes within 20 seconds for up to 3,000 rows.")
    assert "refused" not in told
    assert "20 seconds" in told


def test_what_an_act_needs_is_given_and_left_out() -> None:
    with_it, without = cases_of("Cancelling a reservation needs a code.")
    assert "give a code" in with_it.steps[-1].action
    assert without.negative
    assert "give no code" in without.steps[-1].action
    assert "not cancelled" in without.steps[-1].expected


def test_a_right_is_not_given_like_a_code() -> None:
    assert "give the role" not in words_of("Cancelling a reservation requires the role of a porter.")


def test_what_is_logged_leaves_one_entry() -> None:
    (case,) = cases_of("Every refund is logged with time, amount and clerk.")
    assert "exactly one entry more" in case.steps[-1].expected
    assert "time, amount and clerk" in case.steps[-1].expected


def test_a_thing_begins_in_its_state() -> None:
    (case,) = cases_of("A claim is created as Draft.")
    assert case.steps[-1].action == "Create a claim, and look at its state."
    assert '"Draft"' in case.steps[-1].expected


def test_a_lock_that_is_told_in_words_is_tried_like_one_in_digits() -> None:
    titles = [
        case.title
        for case in cases_of("After six wrong codes within 5 minutes the card is blocked for two hours.")
    ]
    assert "The card is not blocked after 5 wrong codes within 5 minutes" in titles
    assert "The card is blocked after 6 wrong codes within 5 minutes" in titles
    assert "The card is no longer blocked two hours later" in titles


@pytest.mark.parametrize(
    "part", ["above 5 EUR ship ", "booking is longer than ", "Deleting a ", "every a, ", "with "]
)
def test_a_hostile_repetition_is_read_at_once(part: str) -> None:
    assert cases_of(part * 500) is not None
