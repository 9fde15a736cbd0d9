"""Constraints in a form in which equal ones are equal, whoever wrote them down."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from casewright_evaluation.matching import Matched, stem, tokens
from casewright_evaluation.stories import ExpectedConstraint
from casewright_generator.domain.requirements.model import Constraint

_RATIOS = {
    # Only ratios that hold always: a month is not 30 days.
    "millisecond": ("millisecond", 1),
    "second": ("millisecond", 1_000),
    "minute": ("millisecond", 60_000),
    "hour": ("millisecond", 3_600_000),
    "day": ("millisecond", 86_400_000),
    "week": ("millisecond", 604_800_000),
    "month": ("month", 1),
    "year": ("month", 12),
    "byte": ("byte", 1),
    "kb": ("byte", 10**3),
    "mb": ("byte", 10**6),
    "gb": ("byte", 10**9),
    "tb": ("byte", 10**12),
    "gram": ("gram", 1),
    "kilogram": ("gram", 1_000),
    "ton": ("gram", 10**6),
}
_SPELLINGS = {
    "second": "s sec secs",
    "minute": "min mins",
    "hour": "h hr hrs",
    "day": "d",
    "year": "yr yrs",
    "millisecond": "ms",
    "byte": "b",
    "kb": "kib kilobyte",
    "mb": "mib megabyte",
    "gb": "gib gigabyte",
    "tb": "tib terabyte",
    "gram": "g",
    "kilogram": "kg kilo",
    "ton": "t tonne",
    "pound": "lb lbs",
    "character": "char chars sign",
    "eur": "€ euro",
    "usd": "$ dollar",
    "gbp": "£",
    "percent": "%",
    "celsius": "°c",
    "m": "metre meter",
    "km": "kilometre kilometer",
    "mile": "mile",
}
_UNITS = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings.split()}
_LAST_WORD = frozenset({"count", "length"})
_WITHOUT_UNIT = frozenset({"percent", "date", "time", "enumeration", "format", "transition"})
_ARTICLE = re.compile(r"^(?:an?|the) ")
_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::00)?$")


AnyConstraint = ExpectedConstraint | Constraint
Bound = tuple[Decimal | str, bool] | None


@dataclass(frozen=True, slots=True)
class Canonical:
    """A constraint with numbers as `Decimal` in the smallest unit of their family, and names normalised."""

    kind: str
    low: Bound
    high: Bound
    unit: str
    values: frozenset[str]
    from_state: str
    to_state: str


def canonical(constraint: AnyConstraint) -> Canonical:
    """The same for two constraints that say the same."""
    kind = str(constraint.kind)
    unit, ratio = _unit(kind, constraint.unit or "")
    return Canonical(
        kind=kind,
        low=_bound(constraint.low, constraint.low_in, ratio),
        high=_bound(constraint.high, constraint.high_in, ratio),
        unit=unit,
        values=frozenset(_value(kind, value) for value in constraint.values),
        from_state=_plain(constraint.from_state or ""),
        to_state=_plain(constraint.to_state or ""),
    )


def _unit(kind: str, unit: str) -> tuple[str, int]:
    if kind in _WITHOUT_UNIT:
        return "", 1
    unit = " ".join(unit.casefold().split()) or ("years" if kind == "age" else "")
    if kind in _LAST_WORD:
        unit = unit.rpartition(" ")[2]
    unit = _UNITS.get(unit, unit)
    singular = (
        unit.removesuffix("s") if unit.removesuffix("s") in {*_RATIOS, *_UNITS, *_UNITS.values()} else unit
    )
    singular = _UNITS.get(singular, singular)
    family, ratio = _RATIOS.get(singular, (singular, 1))
    return (family if singular in _RATIOS else stem(family)), ratio


def _bound(value: Decimal | str | None, inside: bool, ratio: int) -> Bound:  # noqa: FBT001 - a field of the constraint
    if value is None or value == "":
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        text = str(value).casefold().strip()
        time = _TIME.match(text)
        return (f"{int(time[1]):02}:{time[2]}" if time else text), inside
    return (number * ratio).normalize(), inside


def _value(kind: str, value: str) -> str:
    plain = _plain(value)
    # `e-mail` and `email`, `ISO-8601` and `ISO 8601` name the same format.
    return plain.replace(" ", "") if kind == "format" else plain


def _plain(text: str) -> str:
    return _ARTICLE.sub("", " ".join(tokens(text)))


def match_constraints(
    wanted: Sequence[ExpectedConstraint], found: Sequence[Constraint]
) -> Matched[ExpectedConstraint, Constraint]:
    """Equal ones, one to one, within a story: which criterion they stand with is not compared."""
    waiting: dict[Canonical, list[int]] = {}
    for place in reversed(range(len(found))):
        waiting.setdefault(canonical(found[place]), []).append(place)
    pairs, missed = [], []
    for one in wanted:
        same = waiting.get(canonical(one))
        if same:
            pairs.append((one, found[same.pop()]))
        else:
            missed.append(one)
    surplus = sorted(place for places in waiting.values() for place in places)
    return Matched(tuple(pairs), tuple(missed), tuple(found[place] for place in surplus))
