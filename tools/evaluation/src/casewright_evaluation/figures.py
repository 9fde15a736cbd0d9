"""Measured figures, and what is asked of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "score", "count", "usd", "seconds"]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure must be, and why.

    Attributes:
        least: The figure must be at least this.
        most: The figure must be at most this.
        above: The figure must be more than this.
    """

    reason: str
    least: float | None = None
    most: float | None = None
    above: float | None = None

    def holds(self, value: float) -> bool:
        """Whether the value is what is asked for; a figure that is no number never is."""
        return (
            value == value  # noqa: PLR0124 - false for NaN alone
            and (self.least is None or value >= self.least)
            and (self.most is None or value <= self.most)
            and (self.above is None or value > self.above)
        )

    def __str__(self) -> str:
        bounds = (("≥", self.least), ("≤", self.most), (">", self.above))
        return ", ".join(f"{sign} {bound:g}" for sign, bound in bounds if bound is not None)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value.

    Attributes:
        key: Stable, such as `criteria.f1.holdout`.
        name: For readers.
        value: Shares and scores from 0 to 1.
        of: On how many it was measured; 0 where that says nothing.
        aim: `None` where nothing is asked.
    """

    key: str
    name: str
    value: float
    unit: Unit = "share"
    of: int = 0
    aim: Aim | None = None

    @property
    def holds(self) -> bool:
        """Whether it is what is asked for."""
        return self.aim is None or self.aim.holds(self.value)

    def shown(self) -> str:
        """The value as a reader wants it."""
        match self.unit:
            case "share":
                return f"{100 * self.value:.1f} %"
            case "usd":
                return f"{self.value:.4f} USD"
            case "seconds":
                return f"{self.value:.1f} s"
            case "count":
                return f"{self.value:,.0f}"
            case "score":
                return f"{self.value:.3f}"


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together.

    Attributes:
        note: What they were measured on, in a sentence or two.
        skipped: What could not be measured, and why; a run with any is no success.
    """

    title: str
    note: str
    figures: tuple[Figure, ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All sections of a run."""

    sections: tuple[Section, ...]

    @property
    def failed(self) -> tuple[Figure, ...]:
        """Figures that are not what is asked for."""
        return tuple(one for section in self.sections for one in section.figures if not one.holds)

    @property
    def skipped(self) -> tuple[str, ...]:
        """What could not be measured."""
        return tuple(one for section in self.sections for one in section.skipped)

    @property
    def status(self) -> int:
        """For the shell: 1 where a figure is below its aim, else 2 where something was skipped, else 0."""
        return 1 if self.failed else 2 if self.skipped else 0


def table(figures: Sequence[Figure]) -> list[tuple[str, str, str, str, str]]:
    """Rows of name, value, on how many, aim and verdict."""
    return [
        (
            one.name,
            one.shown(),
            f"{one.of:,}" if one.of else "",
            str(one.aim) if one.aim else "",
            "" if one.aim is None else "holds" if one.holds else "**below**",
        )
        for one in figures
    ]
