"""A constraint as found in a text, before it is tied to its criterion."""

from dataclasses import dataclass
from decimal import Decimal

from casewright_generator.domain.requirements.comparators import Relation
from casewright_generator.domain.requirements.model import ConstraintKind


@dataclass(frozen=True, slots=True)
class Found:
    """A constraint with its place in the text that was read.

    Attributes: as those of `model.Constraint`; `start` and `end` are offsets in the text.
    """

    kind: ConstraintKind
    start: int
    end: int
    low: Decimal | str | None = None
    high: Decimal | str | None = None
    low_in: bool = True
    high_in: bool = True
    unit: str = ""
    values: tuple[str, ...] = ()
    from_state: str = ""
    to_state: str = ""


def bounded(
    kind: ConstraintKind, value: Decimal | str, relation: Relation, *, unit: str, start: int, end: int
) -> Found:
    """A constraint of one value: a relation that isn't known makes it an exact one."""
    exact = relation in {Relation.NONE, Relation.EXACT}
    return Found(
        kind,
        start,
        end,
        low=value if exact or relation in {Relation.AT_LEAST, Relation.MORE} else None,
        high=value if exact or relation in {Relation.AT_MOST, Relation.LESS} else None,
        low_in=relation is not Relation.MORE,
        high_in=relation is not Relation.LESS,
        unit=unit,
    )
