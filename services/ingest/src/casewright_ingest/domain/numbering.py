"""Criteria keep their numbers over the revisions of a story, whatever moves or is edited around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from casewright_common.events import Criterion

LEAST_ALIKE = 0.5
"""Share of words that an edited criterion has in common with what it was; below, it is another one."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """The criteria of a revision.

    Attributes:
        criteria: In the order of the issue, each under its number.
        highest: The highest number that the story has ever given.
    """

    criteria: tuple[Criterion, ...]
    highest: int


@dataclass(frozen=True, slots=True)
class _Known:
    number: int
    said: str
    words: frozenset[str]
    place: int


def numbered(found: Sequence[Criterion], before: Sequence[Criterion] = (), *, highest: int = 0) -> Numbered:
    """Give newly found criteria their numbers.

    The same text, whatever its case and punctuation, keeps its number wherever it stands. Of the others the
    most alike pairs, at least `LEAST_ALIKE`, are one criterion before and after an edit. All else gets the
    next number that was never given.

    Args:
        found: The criteria of the new revision, in the order of the issue, under any numbers.
        before: Those of the last revision.
        highest: The highest number given so far; one of `before` may be higher.
    """
    known = [
        _Known(number_of(one), _said(one.text), _words(one.text), place) for place, one in enumerate(before)
    ]
    highest = max([highest, *(one.number for one in known)])
    numbers = _same(found, known)
    numbers |= _edited(found, known, numbers)
    criteria: list[Criterion] = []
    for place, one in enumerate(found):
        if place not in numbers:
            highest += 1
            numbers[place] = highest
        criteria.append(one.model_copy(update={"id": f"AC-{numbers[place]}"}))
    return Numbered(tuple(criteria), highest)


def number_of(criterion: Criterion) -> int:
    """Number of a criterion, at least 1."""
    return int(criterion.id.removeprefix("AC-"))


def _same(found: Sequence[Criterion], known: Sequence[_Known]) -> dict[int, int]:
    """Number by place in `found`, for texts that were there before; of equal ones the first goes first."""
    numbers_of: dict[str, list[int]] = {}
    for one in reversed(known):
        numbers_of.setdefault(one.said, []).append(one.number)
    same: dict[int, int] = {}
    for place, criterion in enumerate(found):
        if waiting := numbers_of.get(_said(criterion.text)):
            same[place] = waiting.pop()
    return same


def _edited(found: Sequence[Criterion], known: Sequence[_Known], given: dict[int, int]) -> dict[int, int]:
    """Number by place in `found`, for texts that were edited: the most alike first, then the nearest."""
    taken = set(given.values())
    gone = [one for one in known if one.number not in taken]
    new = [(place, _words(one.text)) for place, one in enumerate(found) if place not in given]
    pairs = sorted(
        (-alike, abs(place - one.place), place, one.number)
        for place, words in new
        for one in gone
        if (alike := _alike(words, one.words)) >= LEAST_ALIKE
    )
    edited: dict[int, int] = {}
    for _, _, place, number in pairs:
        if place not in edited and number not in taken:
            edited[place] = number
            taken.add(number)
    return edited


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of words in common, from 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _said(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold())) or text
