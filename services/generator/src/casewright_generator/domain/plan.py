"""Which test conditions a story gives ground for, after ISO/IEC/IEEE 29119-4."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from casewright_common.events import Criterion, Priority, Technique, TestData
from casewright_generator.domain import constraints as limits
from casewright_generator.domain.analysis import Analysis
from casewright_generator.domain.constraints import Constraint, Dimension, Point
from casewright_generator.domain.statements import Kind, Statement


class Aim(StrEnum):
    """What a condition is after, finer than its technique."""

    MAIN = "main"
    FORBIDDEN = "forbidden"
    LIMIT = "limit"
    THRESHOLD = "threshold"
    DELAY = "delay"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class TestCondition:
    """One thing to be tested.

    Attributes:
        id: `C-1`, `C-2`, … in the order of the plan.
        key: What the condition is about, normalised: stable over revisions and reorderings.
        description: In words; unique within the plan.
        values: Values that a case of this condition uses.
        assumption: Whether what must come out isn't in the story.
    """

    __test__ = False  # pytest would collect the name

    id: str
    key: str
    technique: Technique
    criteria: tuple[str, ...]
    description: str
    aim: Aim
    statement: Statement
    priority: Priority = Priority.MEDIUM
    negative: bool = False
    values: tuple[TestData, ...] = ()
    assumption: bool = False
    constraint: Constraint | None = None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The test conditions of a story: the yardstick of coverage, whoever writes the cases."""

    criteria: tuple[Criterion, ...]
    conditions: tuple[TestCondition, ...]


_HIGH = (
    "password", "login", "log in", "sign in", "permission", "access", "security", "secure", "payment", "pay ", "price",
    "money", "refund", "transfer", "delete", "token", "encrypt", "credit", "invoice", "lost", "unauthorized",
)  # fmt: skip


def plan(analysis: Analysis, *, max_cases: int) -> Plan:
    """The conditions to test, at most `max_cases`; each criterion's first and each kind come first.

    Raises:
        ValueError: If `max_cases` is less than 1.
    """
    if max_cases < 1:
        raise ValueError("max_cases must be at least 1")
    found: list[TestCondition] = []
    for statement in analysis.statements:
        found.extend(_conditions(statement))
    chosen = _choose(_unique(found), max_cases)
    return Plan(
        criteria=analysis.criteria,
        conditions=tuple(_numbered(condition, number) for number, condition in enumerate(chosen, start=1)),
    )


def _numbered(condition: TestCondition, number: int) -> TestCondition:
    from dataclasses import replace

    return replace(condition, id=f"C-{number}")


def _unique(found: Sequence[TestCondition]) -> list[TestCondition]:
    seen: set[str] = set()
    kept = []
    for condition in found:
        mark = f"{condition.technique}:{condition.key}"
        if mark not in seen:
            seen.add(mark)
            kept.append(condition)
    return kept


def _choose(found: list[TestCondition], limit: int) -> list[TestCondition]:
    """First of each criterion, then first of each technique, then the rest; in the story's order."""
    order: list[int] = []
    criteria: set[str] = set()
    techniques: set[Technique] = set()
    for index, condition in enumerate(found):
        if not set(condition.criteria) <= criteria:
            criteria.update(condition.criteria)
            techniques.add(condition.technique)
            order.append(index)
    for index, condition in enumerate(found):
        if index not in order and condition.technique not in techniques:
            techniques.add(condition.technique)
            order.append(index)
    taken = set(order)
    rank = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2}
    order += sorted(
        (i for i in range(len(found)) if i not in taken), key=lambda i: (rank[found[i].priority], i)
    )
    return [found[index] for index in sorted(order[:limit])]


def _priority(statement: Statement) -> Priority:
    lowered = statement.text.lower()
    if statement.modal in {"must", "shall"} or statement.kind is Kind.PROHIBITION:
        return Priority.HIGH
    if any(word in lowered for word in _HIGH):
        return Priority.HIGH
    if statement.modal in {"may", "could", "might"}:
        return Priority.LOW
    return Priority.MEDIUM


def _normal(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())


def _conditions(statement: Statement) -> list[TestCondition]:
    found = []
    bounded = [one for one in statement.constraints if one.low is not None or one.high is not None]
    inputs = [one for one in bounded if not one.delay]
    forbidden = statement.kind is Kind.PROHIBITION
    found.append(
        TestCondition(
            id="",
            key=_normal(statement.text),
            technique=Technique.NEGATIVE if forbidden else Technique.USE_CASE,
            criteria=(statement.criterion,),
            description=statement.headline,
            aim=Aim.FORBIDDEN if forbidden else Aim.MAIN,
            statement=statement,
            priority=_priority(statement),
            negative=forbidden,
            assumption=not statement.outcomes,
        )
    )
    for constraint in inputs:
        found.extend(_boundaries(statement, constraint))
    return found


def field_of(statement: Statement, constraint: Constraint) -> str:
    """What the constraint limits, as a noun phrase without article."""
    noun = constraint.unit.lower() if constraint.dimension is Dimension.COUNT else ""
    if noun:
        return f"number of {noun if noun.endswith('s') else noun + 's'}"
    subject = statement.subject.strip()
    first, _, others = subject.partition(" ")
    return (others if first.lower() in {"the", "a", "an", "each", "every"} and others else subject) or "value"


def _boundaries(statement: Statement, constraint: Constraint) -> list[TestCondition]:
    if constraint.dimension is Dimension.DURATION:
        return []
    name = field_of(statement, constraint)
    found = []
    for point in limits.points(constraint):
        found.append(
            TestCondition(
                id="",
                key=f"{_normal(statement.text)} {_normal(name)} {point.text}",
                technique=Technique.BOUNDARY_VALUE,
                criteria=(statement.criterion,),
                description=f"{name[:1].upper()}{name[1:]} of {point.text}: {point.place}, {'allowed' if point.inside else 'not allowed'}",
                aim=Aim.LIMIT,
                statement=statement,
                priority=Priority.HIGH if not point.inside else Priority.MEDIUM,
                negative=not point.inside,
                values=(TestData(name=name, value=point.text),),
                assumption=not point.inside,
                constraint=constraint,
                point=point,
            )
        )
    return found
