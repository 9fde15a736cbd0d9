"""Numbers in a text, in digits and in words, and what they amount to in another unit."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from casewright_generator.domain.language import words

_NUMBER = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)*")
_BARE = re.compile(r"(?<![^\W\d_])(?<![\d.,])(?<!\w[-_])\d+(?:[.,]\d+)*")
_REFERENCE = re.compile(r"\b(?:AC|C|TC|Step|Test|Case|Criterion|Condition)[ -]?#?\d+\b", re.IGNORECASE)
_SPELLED: Final = {
    word: Decimal(value)
    for value, word in enumerate(
        words.phrases(
            "zero | one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve | "
            "thirteen | fourteen | fifteen | sixteen | seventeen | eighteen | nineteen | twenty"
        )
    )
} | {"half": Decimal("0.5"), "once": Decimal(1), "twice": Decimal(2), "thirty": Decimal(30)}
_ORDINALS: Final = {
    word: Decimal(value)
    for value, word in enumerate(
        words.phrases(
            "first | second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth | eleventh | "
            "twelfth"
        ),
        start=1,
    )
}
_SPELLED_OUT = re.compile(rf"(?<![\w-])(?:{'|'.join({*_SPELLED, *_ORDINALS})})(?![\w])", re.IGNORECASE)
_UNITS: Final = {
    "ms": ("time", "0.001"), "millisecond": ("time", "0.001"), "s": ("time", "1"), "sec": ("time", "1"),
    "second": ("time", "1"), "min": ("time", "60"), "minute": ("time", "60"), "h": ("time", "3600"),
    "hour": ("time", "3600"), "day": ("time", "86400"), "week": ("time", "604800"),
    "byte": ("size", "1"), "kb": ("size", "1000"), "mb": ("size", "1000000"), "gb": ("size", "1000000000"),
    "g": ("weight", "1"), "gram": ("weight", "1"), "kg": ("weight", "1000"), "kilogram": ("weight", "1000"),
    "cent": ("money", "0.01"), "eur": ("money", "1"), "euro": ("money", "1"), "month": ("months", "1"),
    "year": ("months", "12"), "mm": ("way", "1"), "cm": ("way", "10"), "m": ("way", "1000"),
    "km": ("way", "1000000"),
}  # fmt: skip
_MEASURED = re.compile(
    rf"(?<![\w.,])(\d+(?:[.,]\d+)*|{'|'.join(_SPELLED)}|an?)[ -]?"
    rf"({'|'.join(sorted(_UNITS, key=len, reverse=True))})s?\b",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
Amount = tuple[str, Decimal]


def value_of(number: str) -> Decimal:
    """`1,000` and `1000`, `5.00` and `5` are the same; `2,5` is two and a half."""
    plain = number.replace(",", "") if _GROUPED.match(number) else number.replace(",", ".")
    try:
        return Decimal(plain).normalize()
    except InvalidOperation:  # a date or a version: only its digits count
        return Decimal(re.sub(r"\D", "", number)[:_MOST_DIGITS] or "0")


_MOST_DIGITS = 20


@lru_cache(maxsize=4_096)
def written(text: str) -> frozenset[Decimal]:
    """All numbers in digits, also within codes."""
    return frozenset(value_of(one) for one in _NUMBER.findall(text))


@lru_cache(maxsize=4_096)
def spelled(text: str) -> frozenset[Decimal]:
    """Numbers in words, also ordinals."""
    found = (one.lower() for one in _SPELLED_OUT.findall(text))
    return frozenset(_SPELLED.get(one, _ORDINALS.get(one, Decimal(0))) for one in found)


@lru_cache(maxsize=4_096)
def claimed(text: str) -> dict[Decimal, str]:
    """Numbers that a case claims, with how it writes them: no references, no digits within names."""
    without = _REFERENCE.sub(" ", text)
    found = {value_of(one): one for one in _BARE.findall(without)}
    for one in _SPELLED_OUT.findall(without):
        value = _SPELLED.get(one.lower())
        if value is not None and value > _FEW:
            found.setdefault(value, one)
    return found


_FEW = 2
"""Numbers in words up to here are articles as often as numbers."""


@lru_cache(maxsize=4_096)
def amounts(text: str) -> frozenset[Amount]:
    """Numbers with a unit, each in its smallest one."""
    return frozenset(amount for _, amount in measured(text))


@lru_cache(maxsize=4_096)
def measured(text: str) -> tuple[tuple[Decimal, Amount], ...]:
    """Numbers with a unit, as written and in the smallest unit of their kind."""
    found = []
    for raw, unit in _MEASURED.findall(text):
        lowered = raw.lower()
        number = _SPELLED.get(lowered, Decimal(1)) if lowered[0].isalpha() else value_of(raw)
        kind, factor = _UNITS[unit.lower()]
        found.append((number, (kind, (number * Decimal(factor)).normalize())))
    return tuple(found)


def neighbours(value: Decimal) -> frozenset[Decimal]:
    """The values next to a boundary: one more and less, and one more and less in its last digit."""
    exponent = value.as_tuple().exponent
    last = Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(1)
    return frozenset(
        (value + step).normalize() for step in (Decimal(-1), Decimal(0), Decimal(1), -last, last)
    )
