"""What a story requires, as values."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from casewright_common.events import Criterion, SourceSpan


class ConstraintKind(StrEnum):
    """What a constraint limits, lists or names."""

    LENGTH = "length"
    """Characters, digits, words or lines of a text."""
    COUNT = "count"
    NUMBER = "number"
    """A bare number, or a measure that fits nowhere else."""
    MONEY = "money"
    PERCENT = "percent"
    SIZE = "size"
    """Bytes."""
    WEIGHT = "weight"
    AGE = "age"
    DURATION = "duration"
    """How long something may take, last or lie apart."""
    TIMEOUT = "timeout"
    """After what time something happens or ends by itself."""
    DATE = "date"
    TIME = "time"
    """Of day."""
    ENUMERATION = "enumeration"
    FORMAT = "format"
    TRANSITION = "transition"


@dataclass(frozen=True, slots=True)
class Constraint:
    """What limits, lists or names values that a test would use.

    Attributes:
        criterion: Id of the criterion that says it.
        text: As written, with its comparator where it has one.
        source: Where `text` stands in the story; `None` where it isn't found there literally.
        low: Lowest allowed value: a number, a date (`2026-12-31`, `12-31` or `today`) or a time (`08:00`);
            `None` where there is no such bound. `high` likewise.
        low_in: Whether `low` itself is allowed; `high_in` likewise.
        unit: Plural and English (`characters`, `days`), an ISO code of a currency, a symbol (`MB`, `kg`) or
            the noun that is counted, as the story has it; empty for a bare number.
        values: Of an enumeration or a format, as written.
        from_state: Of a transition; empty where it isn't said.
        to_state: Of a transition.
    """

    kind: ConstraintKind
    criterion: str
    text: str
    source: SourceSpan | None = None
    low: Decimal | str | None = None
    high: Decimal | str | None = None
    low_in: bool = True
    high_in: bool = True
    unit: str = ""
    values: tuple[str, ...] = ()
    from_state: str = ""
    to_state: str = ""


@dataclass(frozen=True, slots=True)
class Requirements:
    """What was read in a story.

    Attributes:
        criteria: The story's, without those that it excludes, each with its place where that is found.
        constraints: In the order of the criteria, and of their words.
        roles: Those who act or are acted upon, in lower case and singular.
        states: Named conditions that a thing can move between, as written.
        exclusions: Sentences and items that say what is not part of the story, as they stand in its text.
        language: ISO 639 code (`en`, `de`, `es`, `fr`, `it`, `nl`, `pt`), or empty where it can't be told.
    """

    criteria: tuple[Criterion, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    roles: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    language: str = "en"
