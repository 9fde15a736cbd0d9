"""How much of a plan a set of cases covers."""

from collections.abc import Sequence

from casewright_common.events import CaseDraft, Coverage
from casewright_generator.domain.planning.conditions import Plan


def covered(plan: Plan, cases: Sequence[CaseDraft]) -> frozenset[str]:
    """Ids of the conditions that a case names, by id or in words."""
    named = {_plain(case.condition) for case in cases}
    return frozenset(
        condition.id
        for condition in plan.conditions
        if _plain(condition.id) in named or _plain(condition.description) in named
    )


def coverage(plan: Plan, cases: Sequence[CaseDraft]) -> Coverage:
    """Conditions and criteria covered."""
    cited = {criterion for case in cases for criterion in case.criteria}
    return Coverage(
        conditions=len(plan.conditions),
        covered=len(covered(plan, cases)),
        criteria=len(plan.criteria),
        uncovered_criteria=tuple(criterion.id for criterion in plan.criteria if criterion.id not in cited),
    )


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(".")
