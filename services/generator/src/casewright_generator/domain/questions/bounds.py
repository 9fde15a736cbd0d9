"""Limits of one thing that can't both hold, and how long a state lasts."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from casewright_generator.domain.language import words
from casewright_generator.domain.questions.wording import (
    LITTLE,
    Said,
    distinct,
    stem,
    stems,
    without_reason,
    words_of,
)
from casewright_generator.domain.requirements.model import Constraint, ConstraintKind

_K = ConstraintKind
_BOUNDS = frozenset(
    {
        _K.LENGTH,
        _K.COUNT,
        _K.NUMBER,
        _K.MONEY,
        _K.PERCENT,
        _K.SIZE,
        _K.WEIGHT,
        _K.AGE,
        _K.DURATION,
        _K.TIMEOUT,
        _K.TIME,
    }
)
_LASTING = frozenset({_K.DURATION, _K.TIMEOUT})
_SCALE = {
    "milliseconds": ("time", Decimal("0.001")),
    "seconds": ("time", Decimal(1)),
    "minutes": ("time", Decimal(60)),
    "hours": ("time", Decimal(3600)),
    "days": ("time", Decimal(86400)),
    "weeks": ("time", Decimal(604800)),
    "months": ("time", Decimal(2629800)),
    "years": ("time", Decimal(31557600)),
    "bytes": ("size", Decimal(1)),
    "KB": ("size", Decimal(1000)),
    "MB": ("size", Decimal(10) ** 6),
    "GB": ("size", Decimal(10) ** 9),
    "TB": ("size", Decimal(10) ** 12),
    "g": ("weight", Decimal(1)),
    "kg": ("weight", Decimal(1000)),
}
_LIFE = {
    stem_: group[0]
    for group in (("valid", "expir", "lapse", "laps", "usabl", "last"), ("delet", "kept", "archi"))
    for stem_ in group
}
"""How long something is there is told by what ends it as well: `valid for`, `expires after`."""
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)$")
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|once|while|as long as|as soon as|during|provided)\b(?P<that>[^,;.]*)|"
    r"\b(?:unless|except|otherwise|only|without|instead|for those|until|after|before)\b",
    re.IGNORECASE,
)
_MEASURED_FROM = re.compile(r"\b(?:after|before|until) [^,;.]*", re.IGNORECASE)
_ABOVE = re.compile(
    r"\b(?:older|over|above|more than|longer than|higher than|later than|larger than|beyond|exceed\w*|or "
    r"more|or older)\b",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"\b(?:younger|under|below|up to|less than|fewer than|shorter than|lower than|earlier than|smaller "
    r"than|or "
    r"less|or fewer)\b",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"(?<!half )\b(?:an?(?! second)|per|each|every) (second|minute|hour|day|week|month|quarter|year|night)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:not|never|no|without|unless|cannot)\b|n['\u2019]t\b", re.IGNORECASE)
_QUALIFIED = re.compile(
    r"\b(?:for|with|in|on|abroad|at|within|outside|without|during|to|from|of)\s+(?:the |a |an |their |"
    r"its |all |our )?([^\W\d_]\w+)",
    re.IGNORECASE,
)
_HARD = re.compile(
    r"\b(?:at most|up to|max\w*\.?|no more|not more|at least|min\w*\.?|between|exactly|only|never|"
    r"limited|may not|must not|has|have)\b",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"\b(?:without (?:any )?(?:costs?|charges?|fees?)|free(?: of charge)?|for free|no (?:fee|charge|"
    r"cost)s?|at no (?:cost|charge)|nothing is charged|not charged)\b",
    re.IGNORECASE,
)
_COSTS = re.compile(
    r"\b(?:(?:is|are) charged|charged (?:at|with)|costs?|a fee of|fee|must pay|has to pay|have to pay|"
    r"is billed)\b",
    re.IGNORECASE,
)
_STAYS = r"\b(?:remains?|stays?|is|are|keeps?|kept|still|left)\b[^,;.]{{0,40}}\b{state}\b"
_CONTAINED = 2
_COST = stem("cost")
_PAYING = frozenset({_COST, stem("paid"), stem("pay")})

_Interval = tuple[Decimal | None, Decimal | None, str]


def bounds(one: Said, two: Said) -> str:
    """What to ask where two limits of the same thing can't both hold; empty where they can."""
    for first, second, a, b in _comparable(one, two):
        if _incompatible(a, b) and _same_thing(one, first, two, second, disjoint=_disjoint(a, b)):
            return f"Does “{first.text}” or “{second.text}” hold?"
    return ""


def cost(one: Said, two: Said) -> str:
    """What to ask where something is free and charged at the same time."""
    for first, second in ((one, two), (two, one)):
        if not (_FREE.search(first.text) and _COSTS.search(second.text)) or _FREE.search(second.text):
            continue
        if len((first.stems & second.stems) - {_COST}) < _CONTAINED:
            continue
        for a, b, x, y in _comparable(first, second):
            if x[2] == "time" and not _disjoint(x, y):
                return f"Is it free or charged where both “{a.text}” and “{b.text}” apply?"
    return ""


def lasting(one: Said, two: Said) -> str:
    """What to ask where a state is left after one time, and is said to last another."""
    for first, second in ((one, two), (two, one)):
        left = {
            limit.from_state for limit in first.limits if limit.kind is _K.TRANSITION and limit.from_state
        }
        for state in left:
            if not re.search(_STAYS.format(state=re.escape(state)), second.text, re.IGNORECASE):
                continue
            for a, b, x, y in _comparable(first, second):
                if {a.kind, b.kind} <= _LASTING and x[:2] != y[:2]:
                    return f"Does {state} last “{a.text}” or “{b.text}”?"
    return ""


def _comparable(one: Said, two: Said) -> Iterator[tuple[Constraint, Constraint, _Interval, _Interval]]:
    for first in one.limits:
        for second in two.limits:
            a, b = _interval(first), _interval(second)
            same_kind = first.kind is second.kind or {first.kind, second.kind} == _LASTING
            if a is not None and b is not None and a[2] == b[2] and same_kind:
                yield first, second, a, b


def _interval(one: Constraint) -> _Interval | None:
    if one.kind not in _BOUNDS:
        return None
    family, scale = _SCALE.get(one.unit, (f"{one.kind}:{one.unit.lower()}", Decimal(1)))
    low, high = _number(one.low), _number(one.high)
    if one.kind in _LASTING and low == high:
        low = None  # what lasts 30 days ends after 30 days
    if low is None is high:
        return None
    return (None if low is None else low * scale, None if high is None else high * scale, family)


def _number(value: Decimal | str | None) -> Decimal | None:
    """A number, or a time of day in minutes."""
    clock = _CLOCK.match(value) if isinstance(value, str) else None
    if clock:
        return Decimal(int(clock[1]) * 60 + int(clock[2]))
    return None if isinstance(value, str) else value


def _disjoint(a: _Interval, b: _Interval) -> bool:
    return (a[0] is not None and b[1] is not None and a[0] > b[1]) or (
        b[0] is not None and a[1] is not None and b[0] > a[1]
    )


def _incompatible(a: _Interval, b: _Interval) -> bool:
    if _disjoint(a, b):
        return True
    same_shape = (a[0] is None) == (b[0] is None) and (a[1] is None) == (b[1] is None)
    return same_shape and (a[0], a[1]) != (b[0], b[1])


def _subject(said: Said, limit: Constraint) -> tuple[frozenset[str], str]:
    """What a limit is about: the words of its sentence, or of its column and its row's first cell."""
    cells = [part.strip() for part in re.split(r"; | \| ", said.text)]
    if len(cells) > 1 and (": " in cells[0] or " | " in said.text):
        own = next((cell for cell in cells if limit.text and limit.text in cell), cells[0])
        text = f"{cells[0]} {own}"
    else:
        parts = [
            part
            for part in re.split(r";|\.(?=\s)|, and ", without_reason(said.text))
            if limit.text and limit.text in part
        ]
        text = parts[0] if parts else said.text
    found = frozenset(_LIFE.get(one, one) for one in stems(text))
    if limit.kind is _K.MONEY:
        found -= _PAYING
    if limit.unit and limit.kind is _K.COUNT:
        found |= {stem(limit.unit.lower())}
    return found, text


def _same_thing(one: Said, first: Constraint, two: Said, second: Constraint, *, disjoint: bool) -> bool:
    (a, text_a), (b, text_b) = _subject(one, first), _subject(two, second)
    small, large, small_text, large_text = (
        (a, b, text_a, text_b) if len(a) <= len(b) else (b, a, text_b, text_a)
    )
    small_said, small_limit = (one, first) if len(a) <= len(b) else (two, second)
    if not small <= large or (len(small) < _CONTAINED and small != large) or not small:
        return False
    if distinct(text_a, small) != distinct(text_b, small) or {_side(text_a), _side(text_b)} == {1, -1}:
        return False
    if _rates(text_a) != _rates(text_b):
        return False
    if _conditional(small_text) or (not disjoint and _conditional(large_text)):
        # The same condition in both is no difference, if nothing else differs either.
        return (
            small == large
            and _polarity(text_a) == _polarity(text_b)
            and _others(one, first) == _others(two, second)
        )
    if disjoint and not (_exact(first) and _exact(second)):
        one_sided = small_limit.low is None or small_limit.high is None
        return bool(_HARD.search(small_said.text)) and (one_sided or small != large)
    return (
        not _conditional(large_text)
        and not _restricted(large_text, small, large - small)
        and (not disjoint or _others(one, first) == _others(two, second))
    )


def _exact(limit: Constraint) -> bool:
    return limit.low is not None and limit.low == limit.high


def _conditional(text: str) -> bool:
    return bool(_CONDITION.search(_MEASURED_FROM.sub("", text)))


def _rates(text: str) -> frozenset[str]:
    """The periods for which a text counts: `a day`."""
    return frozenset(period.lower() for period in _RATE.findall(text))


def _side(text: str) -> int:
    """1 where a text speaks of what is above a value, -1 of what is below, else 0."""
    above, below = bool(_ABOVE.search(text)), bool(_BELOW.search(text))
    return int(above) - int(below)


def _polarity(text: str) -> int:
    return len(_NEGATION.findall(text)) % 2


def _others(said: Said, limit: Constraint) -> set[tuple[object, ...]]:
    """What else a statement limits."""
    return {(one.kind, one.low, one.high, one.unit) for one in said.limits if one is not limit}


def _restricted(text: str, shared: frozenset[str], extras: frozenset[str]) -> bool:
    """Whether words of its own make a text speak of a part of what the other speaks of."""
    if {_life(stem(match.lower())) for match in _QUALIFIED.findall(text)} & extras:
        return True
    return any(
        after not in LITTLE
        and not words.is_verb(before)
        and (
            (_life(stem(before)) in extras and _life(stem(after)) in shared)
            or (_life(stem(before)) in shared and _life(stem(after)) in extras)
        )
        for before, after in pairwise(words_of(text))
    )


def _life(one: str) -> str:
    return _LIFE.get(one, one)
