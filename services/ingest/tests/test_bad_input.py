"""Issues that hold nothing, too much, or nothing that can be read."""

import time
from collections.abc import Callable

import pytest

from casewright_common.events import IssueReceivedV1, Story
from casewright_ingest.domain.blocks import MAX_CHARACTERS
from casewright_ingest.domain.criteria import MAX_CRITERIA, MAX_CRITERION_CHARACTERS
from casewright_ingest.domain.stories import story_of

Received = Callable[..., IssueReceivedV1]
LONGEST_S = 60.0
"""For one issue of 1 MB on a machine that does other things too; usually it takes a second, at worst six."""
MEGABYTE = 1_000_000


@pytest.fixture
def read(received: Received) -> Callable[..., Story]:
    def make(description: object, title: str = "Orders") -> Story:
        began = time.perf_counter()
        story = story_of(received(summary=title, description=description), criteria_field=None)
        assert time.perf_counter() - began < LONGEST_S
        story.model_dump_json().encode()
        return story

    return make


Read = Callable[..., Story]


def found(story: Story) -> list[str]:
    return [criterion.text for criterion in story.criteria]


@pytest.mark.parametrize(
    "description",
    [
        None,
        "",
        " \n\t\n ",
        "!screenshot.png|thumbnail!",
        {
            "type": "doc",
            "version": 1,
            "content": [{"type": "mediaSingle", "content": [{"type": "media", "attrs": {"id": "1"}}]}],
        },
        "{code:java}\nif (order.isPaid()) { ship(order); }\n{code}",
        "{noformat}\nERROR 2026-01-02 12:00:00 must not be null\n{noformat}",
        "🎉🎉🎉",
        "|| || ||",
    ],
)
def test_an_issue_without_a_word_of_substance_is_a_story_without_criteria(
    read: Read, description: object
) -> None:
    story = read(description)
    assert found(story) == []
    assert story.criteria_left_out == 0


def test_two_thousand_items_are_read_up_to_the_bound_and_the_rest_is_counted(read: Read) -> None:
    marked = read(
        "AC:\n" + "\n".join(f"* The page shows row {number} of the table" for number in range(2_000))
    )
    assert len(marked.criteria) == MAX_CRITERIA
    assert marked.criteria_left_out == 2_000 - MAX_CRITERIA
    unmarked = read("\n".join(f"* The page shows row {number} of the table" for number in range(2_000)))
    assert len(unmarked.criteria) + unmarked.criteria_left_out == 2_000


def test_a_story_with_as_many_criteria_as_are_read_leaves_none_out(read: Read) -> None:
    story = read("AC:\n" + "\n".join(f"* The page shows row {number}" for number in range(MAX_CRITERIA)))
    assert (len(story.criteria), story.criteria_left_out) == (MAX_CRITERIA, 0)


def test_a_megabyte_of_sentences_says_how_much_is_not_read(read: Read) -> None:
    text = " ".join(f"The page shows row {number} after {number} minutes." for number in range(30_000))
    story = read(text[:MEGABYTE])
    assert len(story.criteria) == MAX_CRITERIA
    assert story.criteria_left_out > text[:MEGABYTE].count(".") - MAX_CRITERIA - 10
    kept, _, mark = story.text.rpartition("… (")
    assert int(mark.split()[0]) == MEGABYTE - len(kept.rstrip()) - 1  # and the blank between
    assert len(story.text) < MAX_CHARACTERS + 100


@pytest.mark.parametrize(
    "description",
    ["x" * MEGABYTE, "word " * 200_000, "|| " * 330_000, "* " * 500_000, "(a " * 333_333, '"' * MEGABYTE],
)
def test_a_megabyte_of_nothing_takes_bounded_time(read: Read, description: str) -> None:
    read(description)


def test_a_long_document_is_counted_like_a_long_text(read: Read) -> None:
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": f"The page shows row {number}."}]}
        for number in range(6_000)
    ]
    story = read({"type": "doc", "version": 1, "content": paragraphs})
    assert len(story.criteria) + story.criteria_left_out == len(paragraphs)


def test_a_criterion_that_is_cut_says_so(read: Read) -> None:
    (text,) = found(read("AC:\n* The page shows " + "many words " * 1_000))
    assert len(text) <= MAX_CRITERION_CHARACTERS
    kept, _, mark = text.rpartition("… (")
    assert int(mark.split()[0]) + len(kept) == len("The page shows " + "many words " * 1_000) - 1


def test_a_table_without_a_header_is_told_by_its_cells(read: Read) -> None:
    assert found(read("|Name|max 50 characters|\n|Age|18-99|")) == [
        "Name has at most 50 characters",
        "Age is between 18 and 99",
    ]
    assert found(read("|red|4|\n|blue|7|")) == []


def test_text_from_right_to_left_and_emoji_are_kept_whole(read: Read) -> None:
    hebrew = "המשתמש רואה את ההזמנה לאחר 5 דקות"
    arabic = "يجب أن يرى المستخدم الطلب خلال 24 ساعة"
    emoji = "The page shows 🎉 when the order is paid 👍🏽"
    assert found(read(f"AC:\n* {hebrew}\n* {arabic}\n* {emoji}")) == [hebrew, arabic, emoji]
    assert read(f"{hebrew}. {arabic}.").text == f"{hebrew}. {arabic}."


@pytest.mark.parametrize("title", ["", "🎉", "?" * 255, "إعادة تعيين كلمة المرور"])
def test_any_title_is_read(read: Read, title: str) -> None:
    assert read("", title=title).criteria == ()
