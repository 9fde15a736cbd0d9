"""Boundary values of a Given/When/Then: `When I enter a password of at least 12 characters`."""

from collections.abc import Sequence
from dataclasses import replace

from casewright_common.events import Technique
from casewright_generator.domain import words
from casewright_generator.domain.constraints import Constraint, Dimension, constraints, points
from casewright_generator.domain.statements import Kind, Statement
from casewright_generator.domain.thresholds import denied, spoken

_COUNTED = {
    Dimension.COUNT,
    Dimension.LENGTH,
    Dimension.SIZE,
    Dimension.MONEY,
    Dimension.PERCENT,
    Dimension.WEIGHT,
}


def cases(statement: Statement) -> list[Statement]:
    """A case for each value at and next to the one limit of its steps; none where they set no limit.

    On the other side of the limit the outcome must not come, which is an assumption.
    """
    steps = [*statement.given, *statement.actions]
    limited = [(index, found) for index, step in enumerate(steps) for found in _limits(step)]
    if len(limited) != 1 or not statement.outcomes:
        return []
    ((index, limit),) = limited
    return [*_cases(statement, steps, index, limit)]


def _limits(step: str) -> Sequence[Constraint]:
    return [one for one in constraints(step) if one.dimension in _COUNTED and not one.delay]


def _cases(statement: Statement, steps: list[str], index: int, limit: Constraint) -> list[Statement]:
    step = " ".join(steps[index].split())
    at = step.lower().find(limit.text.lower())
    if at < 0 or limit.unit.lower() == "times":
        return []
    made = []
    for point in points(limit):
        told = spoken(replace(statement, text=step, conditions=()), limit, point)
        told = f"of {told}" if _after_noun(step[:at]) and not told.startswith("of ") else told
        changed = f"{step[:at]}{told}{step[at + len(limit.text) :]}"
        short = changed.rstrip(".")
        varied = [*steps[:index], changed, *steps[index + 1 :]]
        outcomes = statement.outcomes if point.inside else (denied(statement.outcomes[0]),)
        made.append(
            replace(
                statement,
                kind=Kind.CASE,
                headline=f"{outcomes[0].rstrip('.')}: {short[:1].lower()}{short[1:]}",
                given=tuple(varied[: len(statement.given)]),
                actions=tuple(varied[len(statement.given) :]),
                outcomes=outcomes,
                constraints=(),
                technique=Technique.BOUNDARY_VALUE,
                data=((limit.dimension.value, point.text),),
                negated=not point.inside,
                supposed=not point.inside,
            )
        )
    return made


def _after_noun(before: str) -> bool:
    """Whether the limit follows what it limits: `a file larger than 5 MB`."""
    last = before.rsplit(maxsplit=1)[-1].lower() if before.strip() else ""
    little = words.PREPOSITIONS | words.DETERMINERS | words.AUXILIARIES | words.MODALS
    verbal = words.is_verb(last) or words.base_of_third(last) or words.base_of_participle(last)
    return bool(last) and last not in little and (words.may_be_noun(last) if verbal else True)
