from pathlib import Path

import pytest

from casewright_evaluation import stories
from casewright_evaluation.stories import StoryFileError, is_held_out, load, misquoted, read

STORY = """\
name: voucher-codes
domain: retail
shape: prose
language: en
issue_type: Story
title: Apply a voucher
description: |
  A code has 8 characters. Shops open at 10:30. Somebody says yes or no.
criteria:
  - quote: A code has 8 characters.
    constraints:
      - {kind: length, low: 8, high: 8, high_in: false, unit: characters}
  - quote: Shops open at 10:30.
    constraints:
      - {kind: time, low: 10:30, high: 10:30}
  - quote: Somebody says yes or no.
    constraints:
      - {kind: enumeration, values: [yes, no]}
roles: []
states: []
out_of_scope: []
questions: []
"""


def written(folder: Path, text: str, name: str = "voucher-codes") -> Path:
    path = folder / "holdout" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_all_stories_keep_the_format_and_at_least_sixty_are_there() -> None:
    assert len(load()) >= 60
    assert {story.part for story in load("holdout")} == {"holdout"}


def test_every_quote_stands_in_its_story() -> None:
    assert not [story.name for story in load() if misquoted(story)]


def test_half_of_the_stories_have_neither_lists_nor_headings() -> None:
    shapes = [story.shape for story in load()]
    assert shapes.count("prose") + shapes.count("gherkin") + shapes.count("table") >= len(shapes) / 2


def test_times_and_words_like_yes_are_read_as_they_are_written(tmp_path: Path) -> None:
    story = read(written(tmp_path, STORY))
    length, time, choice = story.constraints
    assert (length.low, length.high_in) == ("8", False)
    assert time.low == "10:30"
    assert choice.values == ("yes", "no")


def test_a_held_out_name_may_not_lie_among_the_stories_to_tune_on(tmp_path: Path) -> None:
    held_out = next(name for name in (f"voucher-codes-{number}" for number in range(99)) if is_held_out(name))
    for part in ("holdout", "unusual", "tuning"):
        path = tmp_path / part / f"{held_out}.yaml"
        path.parent.mkdir()
        path.write_text(STORY.replace("voucher-codes", held_out), encoding="utf-8")
        if part != "tuning":
            assert read(path).part == part
    with pytest.raises(StoryFileError, match="may not be tuned on"):
        read(path)


def test_an_unknown_part_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "voucher-codes.yaml"
    path.parent.mkdir()
    path.write_text(STORY, encoding="utf-8")
    with pytest.raises(StoryFileError, match="part"):
        read(path)


def test_an_error_names_the_field_and_never_shows_what_it_holds(tmp_path: Path) -> None:
    path = written(tmp_path, STORY.replace("kind: length", "kind: verysecret"))
    with pytest.raises(StoryFileError) as raised:
        read(path)
    assert "criteria.0.constraints.0.kind" in str(raised.value)
    assert "verysecret" not in str(raised.value)


@pytest.mark.parametrize(
    "broken", ["a: [", "just text", "", STORY.replace("name: voucher-codes", "name: other")]
)
def test_what_is_no_story_is_refused(tmp_path: Path, broken: str) -> None:
    with pytest.raises(StoryFileError):
        read(written(tmp_path, broken))


def test_a_missing_folder_or_file_is_said_clearly(tmp_path: Path) -> None:
    with pytest.raises(StoryFileError, match="no stories"):
        load(folder=tmp_path)
    with pytest.raises(StoryFileError, match="can't be read"):
        read(tmp_path / "none.yaml")


def test_a_misquoted_criterion_is_found_out(tmp_path: Path) -> None:
    story = read(written(tmp_path, STORY.replace("quote: A code has 8", "quote: A code has 9")))
    assert misquoted(story) == ("A code has 9 characters.",)


def test_a_third_of_many_names_is_hold_out() -> None:
    names = [f"story-{number}" for number in range(3_000)]
    share = sum(is_held_out(name) for name in names) / len(names)
    assert share == pytest.approx(stories.HOLDOUT_BELOW / 256, abs=0.03)
