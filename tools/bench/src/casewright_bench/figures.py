"""A measured figure beside its yardstick, and how it is printed."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One figure, its yardstick measured in the same run, and what is asked of their ratio.

    Attributes:
        name: What was measured.
        samples: One value per run, in `unit`.
        yardstick: What it is held against.
        yardstick_samples: One value per run of the yardstick, in `unit`.
        unit: Of both, such as `messages/s` or `ms`.
        least_ratio: `median / yardstick median` must be at least this; `None` if nothing is asked.
    """

    name: str
    samples: Sequence[float]
    yardstick: str
    yardstick_samples: Sequence[float]
    unit: str
    least_ratio: float | None = None

    @property
    def ratio(self) -> float:
        """Median over the yardstick's median."""
        return statistics.median(self.samples) / statistics.median(self.yardstick_samples)

    @property
    def holds(self) -> bool:
        """Whether the ratio is what is asked for."""
        return self.least_ratio is None or self.ratio >= self.least_ratio

    def asked(self) -> str:
        """What is asked of the ratio, in words."""
        return "" if self.least_ratio is None else f"≥ {self.least_ratio:g}"


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of text: medians with minimum and maximum over the runs."""
    rows = [("figure", "median (min to max)", "yardstick", "median (min to max)", "ratio", "asked", "")]
    rows += [
        (
            figure.name,
            _spread(figure.samples, figure.unit),
            figure.yardstick,
            _spread(figure.yardstick_samples, figure.unit),
            f"{figure.ratio:.2f}",
            figure.asked(),
            "" if not figure.asked() else "holds" if figure.holds else "FAILS",
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _spread(samples: Sequence[float], unit: str) -> str:
    least, middle, most = (
        _short(value) for value in (min(samples), statistics.median(samples), max(samples))
    )
    return f"{middle} {unit} ({least} to {most}, n={len(samples)})"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004  # three digits either way
