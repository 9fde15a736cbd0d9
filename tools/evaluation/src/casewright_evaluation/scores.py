"""Precision, recall and F1, micro-averaged: counts are added up, not figures."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """What was looked for and found.

    Attributes:
        right: Found, and to be found.
        missed: To be found, and not found.
        surplus: Found, and not to be found.
    """

    right: int = 0
    missed: int = 0
    surplus: int = 0

    @property
    def precision(self) -> float:
        """Share of what was found that is right, 0 to 1; 1 where nothing was found."""
        return _share(self.right, self.right + self.surplus)

    @property
    def recall(self) -> float:
        """Share of what was to be found that was, 0 to 1; 1 where nothing was to be found."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of both, 0 to 1."""
        return _share(2 * self.right, 2 * self.right + self.missed + self.surplus)

    @property
    def expected(self) -> int:
        """How much there was to be found."""
        return self.right + self.missed

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.right + other.right, self.missed + other.missed, self.surplus + other.surplus)


def total(counts: Iterable[Counts]) -> Counts:
    """The sum."""
    return sum(counts, Counts())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
