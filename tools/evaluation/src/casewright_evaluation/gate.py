"""The gate against planted faults: does each check find its own, and leave clean cases alone?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casewright_evaluation.designing import findings
from casewright_evaluation.faults import Planted
from casewright_evaluation.scores import Counts
from casewright_generator.domain.gate.verify import verify


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """How one check did.

    Attributes:
        counts: Planted with it and found; planted and missed; found in clean cases.
        elsewhere: Found in cases that were planted with another fault. One fault may show in two ways, so
            that this is no error by itself.
    """

    check: str
    counts: Counts
    elsewhere: int


def found_in(one: Planted) -> frozenset[str]:
    """Codes of what the gate finds in the planted case."""
    verdict = verify(
        (*one.others, one.case),
        one.plan,
        one.story,
        context=one.context,
        approved=one.approved,
        exclusions=one.exclusions,
    )
    return findings(verdict).get(one.case.case_id, frozenset())


Looked = tuple[Planted, frozenset[str]]


def look(planted: Iterable[Planted]) -> tuple[Looked, ...]:
    """What the gate finds in each."""
    return tuple((one, found_in(one)) for one in planted)


def measure(looked: Sequence[Looked]) -> tuple[CheckFigures, ...]:
    """Figures of each check with which something was planted, by name of the check."""
    return tuple(_figures(check, looked) for check in sorted({one.check for one, _ in looked if one.check}))


def _figures(check: str, looked: Sequence[Looked]) -> CheckFigures:
    own = [check in found for one, found in looked if one.check == check]
    return CheckFigures(
        check,
        Counts(
            right=sum(own),
            missed=len(own) - sum(own),
            surplus=sum(one.check is None and check in found for one, found in looked),
        ),
        sum(one.check not in {None, check} and check in found for one, found in looked),
    )


def clean_let_through(looked: Sequence[Looked]) -> Counts:
    """Clean cases without any finding, as right; with one, as missed."""
    clean = [not found for one, found in looked if one.check is None]
    return Counts(right=sum(clean), missed=len(clean) - sum(clean))
