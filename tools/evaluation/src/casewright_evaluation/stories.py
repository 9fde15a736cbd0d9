"""Stories with answers made by hand; `tools/evaluation/stories/README.md` is their format."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

FOLDER = Path(__file__).parents[2] / "stories"
"""Where the stories lie in a checkout."""

HOLDOUT_BELOW = 86
"""A story is never tuned on whose name's SHA-256 begins with a byte below this: a third of all."""

Part = Literal["tuning", "holdout", "unusual"]
"""`unusual` is hold-out too: stories whose wordings were made as rare as their writers could."""
PARTS: tuple[Part, ...] = ("tuning", "holdout", "unusual")
Kind = Literal[
    "length", "count", "number", "money", "percent", "size", "weight", "age",
    "duration", "timeout", "date", "time", "enumeration", "format", "transition",
]  # fmt: skip


class StoryFileError(Exception):
    """A story can't be used; the message names the file and never quotes it: it may be hold-out."""


class _Answer(BaseModel):
    # Values of a hold-out story must not come to light in an error.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ExpectedConstraint(_Answer):
    """What limits or names values; fields as in the README, numbers as written there."""

    kind: Kind
    low: str | None = None
    high: str | None = None
    low_in: bool = True
    high_in: bool = True
    unit: str | None = None
    values: tuple[str, ...] = ()
    from_state: Annotated[str | None, Field(alias="from")] = None
    to_state: Annotated[str | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.low or self.high or self.values or self.to_state):
            raise ValueError("a constraint without bound, value or state")
        return self


class ExpectedCriterion(_Answer):
    """A criterion, quoted exactly, and the constraints that its words say."""

    quote: Annotated[str, Field(min_length=1)]
    constraints: tuple[ExpectedConstraint, ...] = ()


class ExpectedQuestion(_Answer):
    """A vague `word`, or two `quotes` that contradict each other."""

    kind: Literal["vague", "contradiction"]
    word: str = ""
    quotes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.kind == "vague") != bool(self.word) or (self.kind == "contradiction") != bool(self.quotes):
            raise ValueError("vague asks about a word, contradiction about quotes")
        return self


class AnsweredStory(_Answer):
    """A story and what a careful tester reads in it."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    domain: str
    shape: Literal["prose", "list", "headings", "gherkin", "table"]
    language: str
    issue_type: str
    title: Annotated[str, Field(min_length=1)]
    description: str
    criteria: tuple[ExpectedCriterion, ...]
    roles: tuple[str, ...]
    states: tuple[str, ...]
    out_of_scope: tuple[str, ...]
    questions: tuple[ExpectedQuestion, ...]
    part: Part

    @property
    def constraints(self) -> tuple[ExpectedConstraint, ...]:
        """Those of all criteria, in order."""
        return tuple(one for criterion in self.criteria for one in criterion.constraints)


def is_held_out(name: str) -> bool:
    """Whether a story of that name may never be tuned on."""
    return hashlib.sha256(name.encode()).digest()[0] < HOLDOUT_BELOW


def load(part: Part | None = None, *, folder: Path = FOLDER) -> tuple[AnsweredStory, ...]:
    """The stories of one part or of all, by name.

    Raises:
        StoryFileError: There are none, or one breaks the format or may not lie in its part.
    """
    parts: Iterable[Part] = (part,) if part else PARTS
    found = [read(path) for one in parts for path in sorted((folder / one).glob("*.yaml"))]
    if not found:
        raise StoryFileError(f"There are no stories in {folder}.")
    return tuple(sorted(found, key=lambda story: story.name))


def read(path: Path) -> AnsweredStory:
    """One story.

    Raises:
        StoryFileError: It can't be read, breaks the format, or may not lie in its part.
    """
    try:
        # Without a guess at types: `yes` in a list of values is a word, `10:30` a time of day.
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - builds strings only
        placed = {**content, "part": path.parent.name} if isinstance(content, dict) else content
        story = AnsweredStory.model_validate(placed)
    except OSError as error:
        raise StoryFileError(f"{path.name} can't be read: {error.strerror}.") from error
    except yaml.YAMLError as error:
        raise StoryFileError(f"{path.name} is no YAML.") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise StoryFileError(f"{path.name}: {wrong}.") from None
    if story.name != path.stem:
        raise StoryFileError(f"{path.name}: the name in the file is another one.")
    if story.part == "tuning" and is_held_out(story.name):
        raise StoryFileError(f"{path.name} may not be tuned on.")
    return story


def misquoted(story: AnsweredStory) -> tuple[str, ...]:
    """Quotes that the story does not contain, whatever its line breaks and table marks."""
    text = _plain(f"{story.title}\n{story.description}")
    quotes = [criterion.quote for criterion in story.criteria]
    quotes += [*story.out_of_scope, *(quote for question in story.questions for quote in question.quotes)]
    return tuple(quote for quote in quotes if _plain(quote) not in text)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())
