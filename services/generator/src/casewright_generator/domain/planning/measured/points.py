"""The values at and next to the bounds of a constraint."""

from dataclasses import dataclass
from decimal import Decimal

from casewright_generator.domain.language import words
from casewright_generator.domain.requirements.model import Constraint, ConstraintKind

_SMALLER = {"hours": ("minutes", 60), "minutes": ("seconds", 60)}
_SYMBOL = 3
"""Letters up to which a unit has no plural: `MB`, `kg`, `EUR`."""


@dataclass(frozen=True, slots=True)
class Point:
    """A value at or next to a bound.

    Attributes:
        text: The value with its unit, ready to read.
        inside: Whether the constraint allows it.
        place: `the maximum of 12`, `just above the maximum of 12`.
        order: By which points are sorted.
    """

    text: str
    inside: bool
    place: str
    order: tuple[Decimal, int]


def points(constraint: Constraint, *, three: bool = False) -> list[Point]:
    """The bounds and their neighbours on the other side, with `three` on both; the smallest first."""
    found: dict[str, Point] = {}
    for bound, closed, up in (
        (constraint.low, constraint.low_in, False),
        (constraint.high, constraint.high_in, True),
    ):
        if isinstance(bound, Decimal):
            for one in _at(constraint, bound, closed=closed, up=up, three=three):
                found.setdefault(one.text, one)
    return sorted((one for one in found.values() if _is_possible(constraint, one)), key=lambda one: one.order)


def _is_possible(constraint: Constraint, point: Point) -> bool:
    low, high = constraint.low, constraint.high
    value, side = point.order
    if value < 0 and not (isinstance(low, Decimal) and low < 0):
        return False
    if not point.inside:
        return value > 0 or side >= 0
    return (not isinstance(low, Decimal) or value >= low) and (not isinstance(high, Decimal) or value <= high)


def _at(constraint: Constraint, bound: Decimal, *, closed: bool, up: bool, three: bool) -> list[Point]:
    exact = constraint.low == constraint.high
    here = shown(constraint, bound)
    name = "required" if exact else "limit of" if not closed else "maximum of" if up else "minimum of"
    outer = _beside(constraint, bound, up=up)
    inner = _beside(constraint, bound, up=not up)
    found = [Point(here, closed, f"the {name} {here}", (bound, 0))]
    if closed or three:
        found.append(Point(outer[0], inside=False, place=f"{_side(up=up)} the {name} {here}", order=outer[1]))
    if not exact and (three or not closed):
        found.append(
            Point(inner[0], inside=True, place=f"{_side(up=not up)} the {name} {here}", order=inner[1])
        )
    return found


def _side(*, up: bool) -> str:
    return "just above" if up else "just below"


def _beside(constraint: Constraint, value: Decimal, *, up: bool) -> tuple[str, tuple[Decimal, int]]:
    """The value next to a bound, as text and as place in the order."""
    sign = 1 if up else -1
    if constraint.kind is ConstraintKind.SIZE and constraint.unit != "bytes":
        return f"{shown(constraint, value)} {'plus' if up else 'minus'} 1 byte", (value, sign)
    smaller, many = _SMALLER.get(constraint.unit, ("", 0))
    if constraint.kind in (ConstraintKind.DURATION, ConstraintKind.TIMEOUT) and many:
        if up:
            return f"{shown(constraint, value)} 1 {smaller.removesuffix('s')}", (value, sign)
        rest = f"{many - 1} {smaller}"
        return rest if value == 1 else f"{shown(constraint, value - 1)} {rest}", (value, sign)
    beside = value + sign * _step(constraint)
    return shown(constraint, beside), (beside, 0)


def _step(constraint: Constraint) -> Decimal:
    if constraint.kind is ConstraintKind.MONEY:
        return Decimal("0.01")
    bounds = [one for one in (constraint.low, constraint.high) if isinstance(one, Decimal)]
    exponents = [one.as_tuple().exponent for one in bounds]
    digits = max((-one for one in exponents if isinstance(one, int) and one < 0), default=0)
    finer = {"kg", "t"} & {constraint.unit}
    return Decimal(1).scaleb(-max(digits, 1 if finer else 0))


def number(constraint: Constraint, value: Decimal) -> str:
    """The value alone, with cents where money has any."""
    if constraint.kind is ConstraintKind.MONEY:
        bounds = [one for one in (constraint.low, constraint.high, value) if isinstance(one, Decimal)]
        return f"{value:.2f}" if any("." in f"{one:f}" for one in bounds) else f"{value:.0f}"
    exponent = value.as_tuple().exponent
    return f"{value:f}" if isinstance(exponent, int) and exponent < 0 else f"{value:.0f}"


def shown(constraint: Constraint, value: Decimal) -> str:
    """A value of the constraint with its unit, ready to read."""
    if constraint.kind is ConstraintKind.PERCENT:
        return f"{number(constraint, value)} %"
    return f"{number(constraint, value)} {agreed(constraint.unit, value)}".strip()


def agreed(unit: str, value: Decimal | int) -> str:
    """The unit, in the singular for one of it."""
    return words.singular(unit) if value == 1 and len(unit) > _SYMBOL else unit


def allowed(constraint: Constraint) -> str:
    """What the constraint allows: `8 to 64 characters`, `at most 12 MB`, `more than 0 kg`."""
    low, high = constraint.low, constraint.high
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        if low == high:
            return f"exactly {shown(constraint, low)}"
        if constraint.low_in and constraint.high_in:
            first = (
                shown(constraint, low)
                if constraint.kind is ConstraintKind.PERCENT
                else number(constraint, low)
            )
            return f"{first} to {shown(constraint, high)}"
        one = f"{'at least' if constraint.low_in else 'more than'} {shown(constraint, low)}"
        return f"{one} and {'at most' if constraint.high_in else 'less than'} {shown(constraint, high)}"
    if isinstance(low, Decimal):
        return f"{'at least' if constraint.low_in else 'more than'} {shown(constraint, low)}"
    if isinstance(high, Decimal):
        return f"{'at most' if constraint.high_in else 'less than'} {shown(constraint, high)}"
    return constraint.text
