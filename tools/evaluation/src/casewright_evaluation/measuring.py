"""Measures everything; a model only where one is named, all else without a network."""

from collections.abc import Callable, Iterator

from casewright_evaluation.figures import Evaluation, Section
from casewright_evaluation.options import Options, Tell
from casewright_evaluation.sections import (
    answered,
    cost,
    modelled,
    planted_faults,
    real_issues,
    requirements,
    retrieving,
)

_MEASURES: dict[str, Callable[[Options, Tell], Iterator[Section]]] = {
    "stories": answered.measure,
    "fullteaching": requirements.measure,
    "issues": real_issues.measure,
    "gate": planted_faults.measure,
    "retrieval": retrieving.measure,
    "cost": cost.measure,
    "model": modelled.measure,
}


def evaluate(options: Options, tell: Tell) -> Evaluation:
    """Measure; what can't be is named in its section.

    Args:
        options: What to measure.
        tell: Takes a line about progress.
    """
    return Evaluation(
        tuple(section for name in options.sections for section in _MEASURES[name](options, tell))
    )
