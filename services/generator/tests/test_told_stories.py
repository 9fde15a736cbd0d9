"""Running text of stories: what it plainly states gets cases."""

import pytest

from casewright_common.events import CaseDraft, Criterion, CriterionOrigin, Story, Technique
from casewright_generator.domain.designer import design
from casewright_generator.domain.planning.coverage import uncovered
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.reading import compounds, references, tone
from casewright_generator.domain.reading.analysis import analyse
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.spans import Timing, timed

BACKGROUND = (
    "As a beekeeper I want to lend my honey extractor to neighbours, so that it doesn't gather dust in the "
    "barn for most of the year. Today we do this by phone, and twice last summer two of them stood at "
    "the gate on the same morning. The association has asked for it for years and pays for the first season."
)


def a_story(*criteria: str, title: str = "Lend an extractor", text: str = BACKGROUND) -> Story:
    return Story(
        title=title,
        text="\n\n".join((text, *criteria)),
        criteria=tuple(
            Criterion(id=f"AC-{number}", text=one, origin=CriterionOrigin.SENTENCE)
            for number, one in enumerate(criteria, start=1)
        ),
        issue_type="Story",
    )


def cases_of(*criteria: str) -> tuple[CaseDraft, ...]:
    story = a_story(*criteria)
    return design(plan(analyse(story), max_cases=40), story, story_id="S-1")


def told(cases: tuple[CaseDraft, ...]) -> list[tuple[str, str]]:
    return [(case.steps[-1].action, case.steps[-1].expected) for case in cases]


def test_what_happens_after_a_time_has_not_happened_just_before() -> None:
    cases = cases_of("An unclaimed extractor is offered to everybody after 3 days.")

    assert [(case.data[-1].value, case.negative) for case in cases] == [
        ("4 March 2027 at 09:59", True),
        ("4 March 2027 at 10:00", False),
    ]
    assert cases[0].steps[-1].expected == "An unclaimed extractor has not been offered to everybody yet."
    assert {case.technique for case in cases} == {Technique.BOUNDARY_VALUE}


def test_what_must_happen_in_time_is_brought_about_and_timed() -> None:
    (case,) = cases_of("The calendar shows a new loan within 5 seconds.")

    assert "time" in case.steps[-1].action
    assert "5 seconds" in case.steps[-1].expected


def test_what_lasts_for_a_time_no_longer_lasts_after_it() -> None:
    cases = cases_of("The offer stays open for 2 hours.")

    assert [(case.data[-1].value, case.negative) for case in cases] == [
        ("1 March 2027 at 11:59", False),
        ("1 March 2027 at 12:01", True),
    ]


def test_two_demands_in_one_sentence_get_cases_each() -> None:
    cases = cases_of("A loan lasts 4 days at most, and a borrower can hold up to 2 extractors.")

    assert {value.value for case in cases for value in case.data} >= {"2 extractors", "3 extractors"}


def test_what_may_happen_once_is_refused_a_second_time() -> None:
    once, twice = cases_of("A loan may be prolonged once.")

    assert not once.negative
    assert twice.negative
    assert twice.steps[-1].action == "Try to prolong the same loan for the second time."


def test_a_plain_statement_is_seen_once_the_story_is_played() -> None:
    (case,) = cases_of("The barn door stays shut.")

    assert told((case,)) == [("Lend an extractor, and look at the barn door.", "The barn door stays shut.")]
    assert not uncovered(a_story("The barn door stays shut.").criteria, [case])


def test_a_quality_without_a_measure_is_not_tried() -> None:
    assert not cases_of("The barn door opens smoothly.")


def test_a_field_of_a_table_shows_its_message_where_its_limit_is_broken() -> None:
    table = "Field | Rule | Message\nNick | 3 to 9 characters | N-1\nHive | max. 4 digits | N-2"
    story = a_story("Nick | 3 to 9 characters | N-1", text=f"{BACKGROUND}\n\n{table}")

    cases = design(plan(analyse(story), max_cases=40), story, story_id="S-1")

    refused = [case for case in cases if case.negative]
    assert [case.data[0].value for case in refused] == ["2 characters", "10 characters"]
    assert all("Message: N-1." in case.steps[-1].expected for case in refused)


def test_a_row_of_a_table_is_a_case_with_its_header() -> None:
    table = "Size | Deposit | Answer\nSmall | max. 40 EUR | code 12\nLarge | max. 90 EUR | code 13"
    story = a_story("Small | max. 40 EUR | code 12", text=f"{BACKGROUND}\n\n{table}")

    cases = design(plan(analyse(story), max_cases=40), story, story_id="S-1")

    assert cases[0].data[0].name == "size"
    assert "Answer: code 12." in cases[0].steps[-1].expected
    assert [case.data[0].value for case in cases[1:]] == ["40 EUR", "40.01 EUR"]


@pytest.mark.parametrize(
    "text",
    [
        "The module throws an exception when the config has no bean. The class should be refactored.",
        f"{BACKGROUND}\n\n```\nint main() {{}}\n```",
        f"{BACKGROUND} See http://example.org for more.",
        "Too short.",
    ],
)
def test_notes_of_developers_are_no_told_story(text: str) -> None:
    assert not tone.is_told("Lend an extractor", text)


def test_a_title_that_reports_a_fault_is_no_told_story() -> None:
    assert tone.is_told("Lend an extractor", BACKGROUND)
    assert not tone.is_told("Extractor can't be lent", BACKGROUND)


@pytest.mark.parametrize(
    ("sentence", "timing", "span", "event"),
    [
        ("The hive is locked after 12 hours", Timing.DELAY, "12 hours", ""),
        (
            "The lid opens 4 seconds after the button was pressed",
            Timing.DELAY,
            "4 seconds",
            "the button was pressed",
        ),
        ("A hint is sent 2 days before the harvest", Timing.AHEAD, "2 days", "the harvest"),
        ("Loans can be called off until 3 hours before the pick-up", Timing.UNTIL, "3 hours", "the pick-up"),
        ("The scale answers within half a second", Timing.IN_TIME, "half a second", ""),
        ("The ticket is kept for 6 weeks", Timing.LASTS, "6 weeks", ""),
        ("The figures change every 9 seconds", Timing.EVERY, "9 seconds", ""),
        ("A hive that was shut for 30 days is cleared", Timing.DELAY, "30 days", ""),
    ],
)
def test_a_span_of_time_is_read_with_what_it_says(
    sentence: str, timing: Timing, span: str, event: str
) -> None:
    found = timed(sentence)

    assert found
    assert (found.timing, found.span, found.event) == (timing, span, event)


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("The lid shuts, and a lamp goes on.", ["The lid shuts", "A lamp goes on."]),
        ("The lid shuts; the fan stops.", ["The lid shuts", "The fan stops."]),
        ("The lid and the fan are shown.", ["The lid and the fan are shown."]),
        ("The lid shuts because the fan stops.", ["The lid shuts because the fan stops."]),
        ("The lid shuts, otherwise the fan stops.", ["The lid shuts, otherwise the fan stops."]),
    ],
)
def test_a_sentence_is_cut_only_between_clauses_that_stand_alone(sentence: str, parts: list[str]) -> None:
    assert compounds.demands(sentence) == parts


@pytest.mark.parametrize(
    ("before", "sentence", "whole"),
    [
        ("The clerk prints a receipt.", "It carries the date.", "The receipt carries the date."),
        ("Receipts are printed at once.", "They carry the date.", "Receipts carry the date."),
        ("The clerk prints a receipt.", "He signs it.", "The clerk signs it."),
        ("Nothing was said.", "It carries the date.", "It carries the date."),
    ],
)
def test_a_pronoun_stands_for_what_the_sentence_before_is_about(
    before: str, sentence: str, whole: str
) -> None:
    assert references.resolved(sentence, before, Setting()) == whole
