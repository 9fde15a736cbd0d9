import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright_common.events import Criterion, CriterionOrigin, Story
from casewright_generator.domain.requirements.model import ConstraintKind
from casewright_generator.domain.requirements.reading import read

_WORDS = st.sampled_from(
    [
        *[
            "the",
            "a",
            "user",
            "users",
            "must",
            "may",
            "can't",
            "not",
            "never",
            "no",
            "only",
            "at",
            "least",
            "most",
            "more",
            "than",
            "less",
            "between",
            "and",
            "or",
            "to",
            "from",
            "up",
            "until",
            "before",
            "after",
            "within",
            "for",
            "every",
            "once",
            "twice",
            "3",
            "10",
            "1,500",
            "2.5",
            "-4",
            "12:30",
            "8",
            "am",
            "2026-05-01",
            "5",
            "%",
            "EUR",
            "$5",
            "€7",
            "kg",
            "MB",
            "days",
            "hours",
            "characters",
            "items",
            "years",
            "old",
            "PDF",
            ".csv",
            "e-mail",
            "is",
            "are",
            "one",
            "of",
            "either",
            "Open",
            "Closed",
            "Draft",
            "moves",
            "changes",
            "becomes",
            "rejected",
            "locked",
            "expires",
            "sent",
            "|",
            ":",
            ";",
            ",",
            ".",
            "(",
            ")",
            '"',
            "“",
            "”",
            "-",
            "Given",
            "When",
            "Then",
            "Out",
            "of",
            "scope",
            "this",
            "story",
            "today",
            "future",
            "mindestens",
            "höchstens",
            "Zeichen",
            "nicht",
            "entre",
            "máximo",
            "días",
            "au",
            "plus",
            "jours",
            "é",
            "日本",
            "\u200b",
        ],
        "\n",
        "\t",
    ]
)
_TEXTS = st.one_of(st.lists(_WORDS, min_size=1, max_size=30).map(" ".join), st.text(max_size=200))


@st.composite
def stories(draw: st.DrawFn) -> Story:
    texts = draw(st.lists(_TEXTS.filter(str.strip), max_size=5))
    text = draw(st.one_of(_TEXTS, st.just("\n".join(texts))))
    origins = st.sampled_from(list(CriterionOrigin))
    return Story(
        title=draw(_TEXTS),
        text=text,
        criteria=tuple(
            Criterion(id=f"AC-{number}", text=one, origin=draw(origins))
            for number, one in enumerate(texts, start=1)
        ),
        issue_type="Story",
    )


@settings(max_examples=300, deadline=None)
@given(story=stories())
def test_any_story_is_read_into_sound_requirements(story: Story) -> None:
    found = read(story)
    texts = {criterion.id: criterion.text for criterion in story.criteria}

    assert [criterion.id for criterion in found.criteria] == [
        id_ for id_ in texts if id_ in {criterion.id for criterion in found.criteria}
    ]
    for criterion in found.criteria:
        if source := criterion.source:
            whole = story.title if source.part == "title" else story.text
            assert 0 <= source.start < source.end <= len(whole)
        if criterion.text.strip() in story.text:
            assert criterion.source is not None
            assert story.text[criterion.source.start : criterion.source.end] == criterion.text.strip()
    for constraint in found.constraints:
        assert constraint.criterion in texts
        if constraint.kind in {ConstraintKind.ENUMERATION, ConstraintKind.FORMAT}:
            assert constraint.values
        elif constraint.kind is ConstraintKind.TRANSITION:
            assert constraint.to_state
        else:
            assert constraint.low is not None or constraint.high is not None
        if place := constraint.source:
            whole = story.title if place.part == "title" else story.text
            assert whole[place.start : place.end] == constraint.text
    assert all(one in story.text for one in found.exclusions)


@settings(max_examples=60, deadline=None)
@given(story=stories())
def test_the_same_story_is_read_the_same_again(story: Story) -> None:
    assert read(story) == read(story)


_HOSTILE = (
    "a",
    " ",
    "1",
    "1.",
    ",000",
    "a, ",
    "a or ",
    '"',
    "(",
    "not ",
    "more than ",
    "at most 3 ",
    "from Open to ",
    "one of ",
    "is not part of ",
    "this story will not ",
    "hundred and ",
    "a | b\n",
    "- x\n",
    "As a \n",
    "\n",
    "max aa bb cc ",
    "مرحبا 5 ",
)


@pytest.mark.parametrize("piece", _HOSTILE)
def test_a_long_text_of_one_piece_is_read_in_time_in_line_with_its_length(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        criterion = Criterion(id="AC-1", text=text.strip() or "x", origin=CriterionOrigin.SENTENCE)
        story = Story(title="A title", text=text, criteria=(criterion,), issue_type="Story")
        start = time.process_time()
        read(story)
        return time.process_time() - start

    seconds(1_000)
    small, large = seconds(20_000), seconds(200_000)

    assert large < 20 * small + 0.5


def test_a_megabyte_is_read_in_seconds() -> None:
    text = "A basket holds at least 3 and at most 5 eggs, unless it is red, green or blue.\n" * 12_500
    criteria = tuple(
        Criterion(id=f"AC-{number}", text=line, origin=CriterionOrigin.LIST)
        for number, line in enumerate(text.splitlines()[:200], start=1)
    )

    start = time.process_time()
    found = read(Story(title="Eggs", text=text, criteria=criteria, issue_type="Story"))

    assert len(found.constraints) >= 200
    assert time.process_time() - start < 30
