"""Cases that people turned down, and what follows for the next ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from casewright_common.events import CaseDraft, Criterion, Priority, Technique
from casewright_generator.domain.learning.likeness import likeness, marks
from casewright_generator.domain.planning.conditions import Plan, TestCondition, normal

_ALIKE = 0.6
_LOWER = {Priority.HIGH: Priority.MEDIUM, Priority.MEDIUM: Priority.LOW, Priority.LOW: Priority.LOW}
_MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Rejected:
    """A case that a person of the same project turned down.

    Attributes:
        reason: In the reviewer's words; may be empty.
        criteria: Texts of the criteria that it cited; empty where nobody told.
    """

    case: CaseDraft
    reason: str = ""
    criteria: tuple[str, ...] = ()


_Mark = tuple[Technique, str, frozenset[str]]


def is_turned_down(
    about: TestCondition | CaseDraft, criteria: Sequence[Criterion], rejected: Sequence[Rejected]
) -> bool:
    """Whether a case of the very same was turned down: technique, condition and criteria, word for word.

    An edited criterion makes it another one.

    Args:
        about: A condition, or a case of it.
        criteria: All criteria of its story.
        rejected: Of the project.
    """
    texts = {criterion.id: normal(criterion.text) for criterion in criteria}
    read = frozenset(texts.get(one, "") for one in about.criteria)
    words = normal(about.condition if isinstance(about, CaseDraft) else about.description)
    return any(
        one.case.technique is about.technique
        and normal(one.case.condition) == words
        and (not one.criteria or frozenset(map(normal, one.criteria)) == read)
        for one in rejected
    )


def preferred(plan: Plan, rejected: Sequence[Rejected]) -> Plan:
    """The plan, with what resembles something turned down a priority lower.

    Where the cap leaves conditions out that resemble nothing of the sort, they take the places of those that
    do, unless a criterion would lose its only one.
    """
    told = [_marks(one) for one in rejected]

    def resembles(condition: TestCondition) -> bool:
        own = marks(condition.description)
        return any(likeness(own, other) >= _ALIKE for other in told)

    low = {one.description for one in (*plan.conditions, *plan.left_out) if resembles(one)}
    if not low:
        return plan
    chosen, left_out = list(plan.conditions), list(plan.left_out)
    for condition in reversed(plan.conditions):
        spare = next((one for one in left_out if one.description not in low), None)
        if condition.description in low and spare is not None and not _is_only_one(condition, chosen):
            left_out[left_out.index(spare)] = condition
            chosen[chosen.index(condition)] = spare
    place = {criterion.id: index for index, criterion in enumerate(plan.criteria)}
    chosen.sort(key=lambda one: min((place.get(id_, 0) for id_ in one.criteria), default=0))
    return replace(
        plan,
        conditions=tuple(_lower(one) if one.description in low else one for one in chosen),
        left_out=tuple(left_out),
    )


def _lower(condition: TestCondition) -> TestCondition:
    return replace(condition, priority=_LOWER[condition.priority])


def _is_only_one(condition: TestCondition, chosen: Sequence[TestCondition]) -> bool:
    others = {id_ for one in chosen if one is not condition for id_ in one.criteria}
    return not others.issuperset(condition.criteria)


def most_like(plan: Plan, rejected: Sequence[Rejected]) -> tuple[Rejected, ...]:
    """What a writer of the plan should know of: at most five, the most alike first, reasons before none."""
    wanted = [marks(one.description) for one in plan.conditions]
    ranked = sorted(
        ((max((likeness(_marks(one), other) for other in wanted), default=0.0), one) for one in rejected),
        key=lambda row: (not row[1].reason, -row[0]),
    )
    return tuple(one for alike, one in ranked if alike > 0)[:_MOST_TOLD]


def _marks(one: Rejected) -> frozenset[str]:
    return marks(one.case.condition)
