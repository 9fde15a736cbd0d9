import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_common.events import Criterion, CriterionOrigin, Story
from casewright_embedder.domain.chunks import MAX_CHUNKS, chunks_of


def words(text: str) -> int:
    return len(text.split())


def story(text: str = "", *, title: str = "Reset the password", criteria: tuple[str, ...] = ()) -> Story:
    return Story(
        title=title,
        text=text,
        criteria=tuple(
            Criterion(id=f"AC-{number}", text=criterion, origin=CriterionOrigin.LIST)
            for number, criterion in enumerate(criteria, 1)
        ),
        issue_type="Story",
    )


def texts(of: Story, *, window: int = 20) -> list[str]:
    return [chunk.text for chunk in chunks_of(of, window=window, count=words)]


def test_a_short_story_is_one_chunk_and_its_criteria_another() -> None:
    short = story("Mail a link.", criteria=("It expires.", "It works once."))
    assert texts(short) == ["Reset the password\n\nMail a link.", "It expires.\nIt works once."]


def test_paragraphs_that_do_not_fit_together_are_apart() -> None:
    assert texts(story("one two three\n\nfour five six", title="t"), window=4) == [
        "t\n\none two three",
        "four five six",
    ]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    assert texts(story("One two three. Four five six. Seven.", title=""), window=4) == [
        "One two three.",
        "Four five six. Seven.",
    ]


def test_an_edit_of_the_description_leaves_the_criteria_chunk_as_it_was() -> None:
    before = chunks_of(story("Old.", criteria=("It expires.",)), window=20, count=words)
    after = chunks_of(story("New, and longer.", criteria=("It expires.",)), window=20, count=words)
    assert before[1] == after[1]
    assert before[0] != after[0]


def test_a_pasted_log_does_not_crowd_out_the_criteria() -> None:
    log = "\n\n".join(f"at frame {number} in some file" for number in range(500))
    found = texts(story(log, criteria=("It expires.",)), window=8)
    assert len(found) == MAX_CHUNKS
    assert "It expires." in found


def test_equal_paragraphs_make_one_chunk() -> None:
    assert texts(story("same words here\n\nsame words here", title=""), window=3) == ["same words here"]


def test_a_window_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one token"):
        chunks_of(story(), window=0, count=words)


@given(text=st.text(max_size=2000), title=st.text(max_size=50), window=st.integers(1, 60))
def test_every_chunk_fits_the_window_and_is_made_again_alike(text: str, title: str, window: int) -> None:
    any_story = story(text, title=title)
    found = chunks_of(any_story, window=window, count=words)
    assert found == chunks_of(any_story, window=window, count=words)
    assert all(chunk.text.strip() and words(chunk.text) <= window for chunk in found)
    assert len({chunk.digest for chunk in found}) == len(found) <= MAX_CHUNKS


@given(words_=st.lists(st.text("abcdefgh", min_size=1, max_size=6), max_size=60))
def test_no_word_is_lost_while_there_is_room(words_: list[str]) -> None:
    found = chunks_of(story(" ".join(words_), title=""), window=10, count=words)
    seen = [word for chunk in found for word in chunk.text.split()]
    assert set(seen) == set(words_)
