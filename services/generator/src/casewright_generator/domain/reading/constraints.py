"""Limits in a sentence (`at most 5 files`, `3 to 20 characters`), and the values next to them."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from casewright_generator.domain.language import words
from casewright_generator.domain.language.masking import mask


class Dimension(StrEnum):
    """What a number counts: decides which values are neighbours."""

    COUNT = "count"
    LENGTH = "length"
    SIZE = "size"
    DURATION = "duration"
    MONEY = "money"
    PERCENT = "percent"
    WEIGHT = "weight"
    AGE = "age"
    NUMBER = "number"


_LENGTHS = words.word_set("character characters char chars letter letters digit digits symbols")
_SIZES = words.word_set("byte bytes kb kib mb mib gb gib tb tib kilobytes megabytes gigabytes")
_SMALLER = {  # of a duration's unit: the unit one step down, and how many of them make one
    "millisecond": ("ms", 0),
    "ms": ("ms", 0),
    "second": ("s", 0),
    "sec": ("s", 0),
    "s": ("s", 0),
    "minute": ("second", 60),
    "min": ("s", 60),
    "hour": ("minute", 60),
    "h": ("min", 60),
    "hr": ("min", 60),
    "day": ("day", 0),
    "week": ("day", 7),
    "month": ("day", 0),
    "year": ("day", 0),
}
_WEIGHTS = words.word_set("kg kilograms kilogram g gram grams lb lbs pounds tons")
_CURRENCIES = words.word_set("eur usd gbp chf jpy euro euros dollar dollars cents")
_TRAILING = words.word_set(
    "long old each free maximum minimum max min only high wide deep total more less away"
)
_LONGEST_NOUN = 3
_ABBREVIATED = 3
"""Letters up to which a unit has no plural: `s`, `min`."""
_SYMBOL = 2
"""Letters up to which a unit is a symbol: `h`, `ms`, `MB`."""
_THOUSANDS = 3
"""Digits after a comma that groups thousands."""
_SYMBOLS = "$€£¥"
_WORDS = {
    word: value
    for value, word in enumerate(
        words.phrases(
            "zero | one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve"
        )
    )
}
_NOT_NOUNS = words.word_set(
    "and or of the a an to for in on at by is are be was were has have must should can will may then "
    "when if with "
    "from per via more less than older out as that which who not but so up over under"
)

_QUANTITY = re.compile(
    r"(?<![\w.,/:#-])(?P<symbol>[$€£¥])?(?P<number>\d{1,12}(?:[.,]\d{1,6}){0,3}|"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?![\w-]))"
    r"(?:(?P<pct> ?%)|[ -]?(?P<unit>[A-Za-z€£]{1,20})(?![\w@./:]*[\w@]))?(?![\d.]*\d)",
    re.IGNORECASE,
)
_BEFORE = (
    (
        "ge",
        words.phrases(
            "at least | minimum of | minimum | min | min. | no less than | not less than | no fewer "
            "than | >= | ≥ | starting at | starting from | a minimum of | minimum is | must have at "
            "least"
        ),
    ),
    (
        "le",
        words.phrases(
            "at most | maximum of | maximum | max | max. | no more than | not more than | no longer "
            "than | no larger than | up to | limited to | limit of | limit is | maximum is | <= | ≤ | "
            "not exceed | not to exceed | within | a maximum of | not exceeding | capped at | maximum "
            "length of | maximum size of"
        ),
    ),
    (
        "gt",
        words.phrases(
            "more than | over | above | greater than | older than | longer than | larger than | "
            "bigger than | higher than | exceeds | exceed | exceeding | exceeded | > | in excess of"
        ),
    ),
    (
        "lt",
        words.phrases(
            "less than | fewer than | under | below | younger than | smaller than | shorter than | "
            "lower than | <"
        ),
    ),
    ("eq", ("exactly", "precisely")),
    ("after", ("after",)),
)
_AFTER = (
    (
        "ge",
        words.phrases(
            "or more | or above | or older | and above | or longer | or higher | and more | and older "
            "| or greater | minimum | and up"
        ),
    ),
    (
        "le",
        words.phrases(
            "or less | or fewer | or below | or younger | maximum | max | or lower | and below | or "
            "shorter | at most | at the most"
        ),
    ),
)
_NEGATED = re.compile(
    r"(?:\bnot|n't|\bcannot|\bnever|\bno)(?: be| have| contain| hold)?(?: \w+)? $", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts.

    Attributes:
        unit: As written, such as `characters`, `MB`, `EUR`, `files`; empty for a bare number.
        text: Number and unit as written.
    """

    value: Decimal
    unit: str
    symbol: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Constraint:
    """A limit that a sentence sets.

    Attributes:
        low: Lower bound, if any; `low_in` whether the bound itself is inside.
        high: Upper bound, likewise.
        unit: As written.
        text: As written, with its comparator.
        delay: Whether it says after what time something happens, not how much is allowed.
        start: Offset in the sentence; `end` likewise.
    """

    dimension: Dimension
    unit: str
    symbol: str
    text: str
    start: int
    end: int
    low: Decimal | None = None
    low_in: bool = True
    high: Decimal | None = None
    high_in: bool = True
    delay: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A value at or next to a bound.

    Attributes:
        text: The value with its unit, ready to read.
        inside: Whether the constraint allows it.
        place: `minimum`, `maximum`, `below the minimum`, `above the maximum`.
    """

    value: Decimal
    text: str
    inside: bool
    place: str


def _number(raw: str) -> Decimal | None:
    lowered = raw.lower()
    if lowered in _WORDS:
        return Decimal(_WORDS[lowered])
    whole, comma, last = raw.rpartition(",")
    if comma and len(last) != _THOUSANDS and "." not in raw:
        raw = f"{whole}.{last}"
    try:
        return Decimal(raw.replace(",", ""))
    except InvalidOperation:
        return None


def quantities(text: str) -> tuple[Quantity, ...]:
    """All numbers outside quotations, with their units."""
    found = []
    masked = _unquoted(text)
    for match in _QUANTITY.finditer(masked):
        value = _number(match["number"])
        if value is None:
            continue
        unit = "%" if match["pct"] else (match["unit"] or "")
        if unit.lower() in _NOT_NOUNS:
            unit = ""
        end = match.end() if unit or match["pct"] else match.end("number")
        if unit.isalpha() and not match["symbol"] and not _measure(unit):
            unit, end = _noun_phrase(masked, match.start("unit"))
            end = end or match.end("number")
        found.append(
            Quantity(
                value, unit, match["symbol"] or "", text[match.start() : end].strip(), match.start(), end
            )
        )
    return tuple(found)


def _measure(unit: str) -> bool:
    lowered = unit.lower()
    return (
        lowered in _SIZES | _CURRENCIES | _WEIGHTS | {"percent", "pct", "times"}
        or lowered.removesuffix("s") in _SMALLER
        or lowered in _SMALLER
    )


_WORD = re.compile(r"[A-Za-z][A-Za-z-]{0,24}(?![\w@/])")


def _noun_phrase(text: str, start: int) -> tuple[str, int]:
    """The noun that is counted, with up to two words before it, and where it ends."""
    ends: list[tuple[str, int]] = []
    at = start
    while len(ends) < _LONGEST_NOUN and (match := _WORD.match(text, at)):
        word = match.group().lower()
        if (
            word in _NOT_NOUNS
            or word in words.MODALS
            or (ends and ends[-1][0].endswith("s") and words.base_of_third(word))
        ):
            break
        ends.append((word, match.end()))
        if word in _LENGTHS or text[match.end() : match.end() + 1] != " ":
            break
        at = match.end() + 1
    while ends and (
        ends[-1][0] in _TRAILING or words.base_of_participle(ends[-1][0]) or ends[-1][0].endswith("ly")
    ):
        ends.pop()
    if len(ends) > 1 and ends[0][0].endswith("s") and not ends[-1][0].endswith("s"):
        ends = ends[:1]
    return (text[start : ends[-1][1]], ends[-1][1]) if ends else ("", 0)


def _unquoted(text: str) -> str:
    """Quotations blotted out, but not brackets: `(max 10 MB)` counts."""
    return mask(text.replace("(", ",").replace(")", ",").replace("[", ",").replace("]", ","))


def _dimension(quantity: Quantity, around: str) -> Dimension:
    unit = quantity.unit.lower()
    if quantity.symbol:
        return Dimension.MONEY
    for units, dimension in _DIMENSIONS:
        if unit in units:
            return dimension
    aged = any(word in around for word in ("older than", "younger than", " aged ", " age ", " years old"))
    if aged and (not unit or unit.startswith("year")):
        return Dimension.AGE
    if unit.removesuffix("s") in _SMALLER or unit in _SMALLER or unit.startswith(_CALENDARS):
        return Dimension.DURATION
    return Dimension.COUNT if unit else Dimension.NUMBER


_CALENDARS = tuple(
    f"{kind} {span}"
    for kind in ("business", "working", "calendar", "bank", "banking")
    for span in ("day", "hour", "week", "month")
)
_DIMENSIONS = (
    (_CURRENCIES | frozenset(_SYMBOLS), Dimension.MONEY),
    (frozenset({"%", "percent", "pct"}), Dimension.PERCENT),
    (_LENGTHS, Dimension.LENGTH),
    (_WEIGHTS, Dimension.WEIGHT),
    (frozenset({"times"}), Dimension.COUNT),
    (_SIZES, Dimension.SIZE),
)


def constraints(text: str) -> tuple[Constraint, ...]:
    """The limits in a sentence, in order; a number without comparator is none."""
    found: list[Constraint] = []
    known = quantities(text)
    lowered = text.lower()
    skip = -1
    for index, quantity in enumerate(known):
        if index == skip:
            continue
        following = known[index + 1] if index + 1 < len(known) else None
        if following and (ranged := _range(text, lowered, quantity, following)):
            found.append(ranged)
            skip = index + 1
        elif single := _single(text, lowered, quantity):
            found.append(single)
    return tuple(found)


def _range(text: str, lowered: str, one: Quantity, two: Quantity) -> Constraint | None:
    gap = lowered[one.end : two.start].strip()
    before = lowered[max(0, one.start - 9) : one.start].rstrip()
    spoken = (gap == "and" and before.endswith("between")) or (
        gap == "to" and (before.endswith("from") or two.unit)
    )
    if not spoken and gap not in {"-", "\u2013", "\u2014", "..", "..."}:
        return None
    if one.value >= two.value or (one.unit and two.unit and one.unit.lower() != two.unit.lower()):
        return None
    if gap == "-" and not two.unit and not one.symbol:
        return None  # a code or a date rather than a range
    lead = len(before) - len(before.removesuffix("between").removesuffix("from"))
    start = one.start - lead - 1 if lead else one.start
    unit, symbol = two.unit or one.unit, two.symbol or one.symbol
    dimension = _dimension(Quantity(two.value, unit, symbol, "", 0, 0), lowered)
    return Constraint(
        dimension, unit, symbol, text[start : two.end], start, two.end, low=one.value, high=two.value
    )


def _single(text: str, lowered: str, quantity: Quantity) -> Constraint | None:
    relation, start, end = _comparator(lowered, quantity)
    dimension = _dimension(quantity, lowered)
    if not relation:
        return None
    if relation == "after":
        if dimension is not Dimension.DURATION and not (dimension is Dimension.COUNT and quantity.value > 1):
            return None
        return _bounded(dimension, quantity, text, start, end, "ge", delay=True)
    if relation in {"gt", "lt"} and _NEGATED.search(lowered[max(0, start - 30) : start].rstrip() + " "):
        relation = "le" if relation == "gt" else "ge"
    return _bounded(dimension, quantity, text, start, end, relation, delay=False)


def _comparator(lowered: str, quantity: Quantity) -> tuple[str, int, int]:
    """Relation, and where it starts and ends; an empty relation where none is said. The longest wins."""
    before = lowered[max(0, quantity.start - 40) : quantity.start].rstrip()
    best, relation = "", ""
    for name, phrases in _BEFORE:
        for phrase in phrases:
            ends = before.endswith(phrase) and not before[: -len(phrase)][-1:].isalpha()
            if ends and len(phrase) > len(best):
                best, relation = phrase, name
    if relation:
        return relation, max(0, quantity.start - len(best) - 1), quantity.end
    after = lowered[quantity.end : quantity.end + 24].lstrip(" ,")
    for name, phrases in _AFTER:
        for phrase in phrases:
            if after.startswith(phrase) and not after[len(phrase) :][:1].isalpha():
                return name, quantity.start, lowered.index(phrase, quantity.end) + len(phrase)
    if quantity.unit.lower() == "times" and quantity.value > 1:
        relation = "ge"
    return relation, quantity.start, quantity.end


def _bounded(
    dimension: Dimension, quantity: Quantity, text: str, start: int, end: int, relation: str, *, delay: bool
) -> Constraint:
    low = quantity.value if relation in {"ge", "gt", "eq"} else None
    high = quantity.value if relation in {"le", "lt", "eq"} else None
    return Constraint(
        dimension,
        quantity.unit,
        quantity.symbol,
        text[start:end].strip(),
        start,
        end,
        low=low,
        low_in=relation != "gt",
        high=high,
        high_in=relation != "lt",
        delay=delay,
    )


def points(constraint: Constraint, *, three: bool = False) -> tuple[Point, ...]:
    """The bounds and their neighbours; nothing below zero.

    Two-value analysis takes the bound and its neighbour on the other side; with `three`, both neighbours.
    """
    low = _at(constraint, constraint.low, upper=False, three=three)
    high = _at(constraint, constraint.high, upper=True, three=three)
    found: list[Point] = []
    for point in (*low, *high):
        if all(point.text != other.text for other in found):
            found.append(point)
    return tuple(found)


def _at(constraint: Constraint, bound: Decimal | None, *, upper: bool, three: bool) -> list[Point]:
    """The values at and beside one bound, the smallest first."""
    if bound is None:
        return []
    name = "maximum" if upper else "minimum"
    limit = "upper limit" if upper else "lower limit"
    closed = constraint.high_in if upper else constraint.low_in
    below, above = _beside(constraint, bound, up=False), _beside(constraint, bound, up=True)
    exact = constraint.low is not None and constraint.low == constraint.high
    within = three and not exact
    here = shown(constraint, bound)
    found = [Point(bound, here, inside=closed, place=name if closed else limit)]
    if upper and (within or not closed):
        found.insert(0, Point(*below, inside=True, place=f"below the {name if closed else limit}"))
    if not upper and (within or not closed):
        found.append(Point(*above, inside=True, place=f"above the {name if closed else limit}"))
    if upper and (closed or three):
        found.append(Point(*above, inside=False, place=f"above the {name if closed else limit}"))
    if not upper and (closed or three) and bound > 0:
        found.insert(0, Point(*below, inside=False, place=f"below the {name if closed else limit}"))
    return [point for point in found if point.value >= 0 and _is_within(constraint, point)]


def _is_within(constraint: Constraint, point: Point) -> bool:
    """Whether a value beside one bound isn't on the other side of the other one."""
    if not point.inside:
        return True
    low, high = constraint.low, constraint.high
    return (low is None or point.value >= low) and (high is None or point.value <= high)


def _step(constraint: Constraint, value: Decimal) -> Decimal:
    if constraint.dimension is Dimension.MONEY:
        return Decimal("0.01")
    if constraint.dimension is Dimension.WEIGHT and constraint.unit.lower().startswith("k"):
        return Decimal("0.1")
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)


def _beside(constraint: Constraint, value: Decimal, *, up: bool) -> tuple[Decimal, str]:
    if constraint.dimension is Dimension.SIZE and not constraint.unit.lower().startswith("byte"):
        sign = "plus" if up else "minus"
        return value, f"{shown(constraint, value)} {sign} 1 byte"
    if constraint.dimension is Dimension.DURATION:
        return _duration_beside(constraint, value, up=up)
    step = _step(constraint, value)
    beside = value + step if up else value - step
    return beside, shown(constraint, beside)


def _duration_beside(constraint: Constraint, value: Decimal, *, up: bool) -> tuple[Decimal, str]:
    unit = constraint.unit.lower()
    smaller, many = _SMALLER.get(unit, _SMALLER.get(unit.removesuffix("s"), ("", 0)))
    whole = unit.removesuffix("s") if len(unit) > _SYMBOL else unit
    if not many and smaller == "day" and whole != "day":
        return value, f"{shown(constraint, value)} {'plus' if up else 'minus'} 1 day"
    if not many:
        beside = value + 1 if up else value - 1
        return beside, shown(constraint, beside)
    if up:
        return value, f"{shown(constraint, value)} {_plural(Decimal(1), smaller)}"
    less = value - 1
    rest = _plural(Decimal(many - 1), smaller)
    return less, rest if less == 0 else f"{shown(constraint, less)} {rest}"


def _plural(value: Decimal, unit: str) -> str:
    return f"{value} {unit}{'' if value == 1 or len(unit) <= _ABBREVIATED else 's'}"


def shown(constraint: Constraint, value: Decimal) -> str:
    """A value of the constraint with its unit, ready to read."""
    number = f"{value:f}"
    if constraint.dimension is Dimension.MONEY:
        bounds = [bound for bound in (constraint.low, constraint.high) if bound is not None]
        cents = any(bound != bound.to_integral() or "." in f"{bound:f}" for bound in (*bounds, value))
        number = f"{value:.2f}" if cents else f"{value:f}"
        if constraint.symbol:
            return f"{constraint.symbol}{number}"
    if constraint.unit == "%":
        return f"{number}%"
    unit = constraint.unit
    if unit and constraint.dimension in (
        Dimension.COUNT,
        Dimension.LENGTH,
        Dimension.DURATION,
        Dimension.AGE,
    ):
        unit = _agree(unit, value)
    return f"{number} {unit}".strip()


def _agree(unit: str, value: Decimal) -> str:
    if len(unit) <= _SYMBOL or unit.lower() in {"min", "sec", "people", "times"}:
        return unit
    if value == 1:
        if unit.endswith("ies"):
            return unit[:-3] + "y"
        return unit.removesuffix("s") if not unit.endswith("ss") else unit
    if unit.endswith(("s", "x")):
        return unit
    return unit[:-1] + "ies" if unit.endswith("y") and unit[-2:-1] not in set("aeiou") else unit + "s"
