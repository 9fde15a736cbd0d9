"""A case as a text that is found by what it tests."""

from collections.abc import Iterable

from casewright_common.events import CaseDraft, Criterion


def case_text(case: CaseDraft, criteria: Iterable[Criterion]) -> str:
    """The criteria that it cites, then what it sets up, does and expects."""
    cited = [criterion.text for criterion in criteria if criterion.id in case.criteria]
    steps = [" ".join(filter(None, (step.action, step.expected))) for step in case.steps]
    return "\n\n".join(filter(None, ("\n".join(cited), " ".join(case.preconditions), "\n".join(steps))))
