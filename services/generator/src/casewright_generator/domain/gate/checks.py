"""The gate's checks: their codes, whether a case gets through with them, and where they come from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from casewright_common.events import GateFinding


class Weight(StrEnum):
    """What a finding of a check does to its case."""

    BLOCKS = "blocks"
    LOWERS = "lowers"
    """Takes `Check.cost` from the score."""
    EITHER = "either"
    """Blocks where the step does nothing else, else lowers."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the gate looks for.

    Attributes:
        code: Stable, in snake case: in findings, reasons, metrics and the evaluation.
        looks_for: In words, for the documentation.
        source: Where the check comes from.
        cost: Taken from the overall score for each kind of finding, from 0 to 1.
    """

    code: str
    weight: Weight
    looks_for: str
    source: str = "design"
    cost: float = 0.0


_HAUPTMANN = "Hauptmann et al., ICSE 2013"
_SOARES = "Soares et al., ESEM 2023"
_BOTH = f"{_HAUPTMANN}; {_SOARES}"

CHECKS: Final = (
    Check("unknown_criterion", Weight.BLOCKS, "a citation of a criterion that the story doesn't have"),
    Check("uncited_step", Weight.BLOCKS, "a step that neither cites a criterion nor is marked an assumption"),
    Check("uncited_case", Weight.BLOCKS, "a case without a criterion whose steps aren't all assumptions"),
    Check("wrong_citation", Weight.BLOCKS, "a step that cites one criterion and is about another"),
    Check("invented_number", Weight.BLOCKS, "a number that neither story, context, condition nor sample has"),
    Check("invented_quote", Weight.BLOCKS, "a quoted text that nobody wrote"),
    Check("invented_name", Weight.BLOCKS, "a field, button, page or other name that the story doesn't have"),
    Check("invented_behaviour", Weight.BLOCKS, "a clause about what the story says nothing of"),
    Check("invented_role", Weight.BLOCKS, "somebody whom the story doesn't know"),
    Check("invented_link", Weight.BLOCKS, "a link or e-mail address that the story doesn't contain"),
    Check("invented_mention", Weight.BLOCKS, "a mention of a person that the story doesn't contain"),
    Check(
        "wrong_boundary", Weight.BLOCKS, "a boundary's case without its value, or with the opposite verdict"
    ),
    Check("out_of_scope", Weight.BLOCKS, "a case about what the story excludes"),
    Check("duplicate", Weight.BLOCKS, "a case that another one of the answer says already"),
    Check("duplicate_of_approved", Weight.BLOCKS, "a case that an approved one says already"),
    Check("parroted_criterion", Weight.BLOCKS, "a step that does and expects the criterion's own sentence"),
    Check(
        "placeholder_step", Weight.BLOCKS, "a step that points to the criterion instead of saying what to do"
    ),
    Check(
        "unverified_step", Weight.BLOCKS, "a last step, or one that says so, without expected result", _BOTH
    ),
    Check("ambiguous_test", Weight.BLOCKS, "an expected result that can't be checked: `as expected`", _BOTH),
    Check("conditional_test", Weight.BLOCKS, "a step or result that depends on what is found", _BOTH),
    Check(
        "misplaced_verification", Weight.EITHER, "a check among the actions: `verify that …`", _SOARES, 0.1
    ),
    Check("misplaced_action", Weight.LOWERS, "an instruction among the expected results", _SOARES, 0.1),
    Check("misplaced_precondition", Weight.LOWERS, "a state to start from among the actions", _SOARES, 0.1),
    Check("eager_step", Weight.LOWERS, "four or more actions in one step", _SOARES, 0.1),
    Check("tacit_knowledge", Weight.LOWERS, "a step that only those who know already can do", _SOARES, 0.15),
    Check("unplanned", Weight.LOWERS, "a case of no condition of the plan"),
)
"""In the order in which a case's findings are listed."""

BY_CODE: Final = {check.code: check for check in CHECKS}
_PLACE: Final = {check.code: place for place, check in enumerate(CHECKS)}


def found(code: str, detail: str, *, step: int | None = None, blocking: bool | None = None) -> GateFinding:
    """A finding of a check.

    Args:
        code: Of the check.
        detail: What exactly, in a sentence.
        step: From 1; `None` for the whole case.
        blocking: Only for a check that may do either.
    """
    check = BY_CODE[code]
    blocks = check.weight is Weight.BLOCKS if blocking is None else blocking
    return GateFinding(check=code, blocking=blocks, detail=detail[:_LONGEST], step=step)


def place(finding: GateFinding) -> tuple[int, int]:
    """For sorting: the table's order, then the steps'."""
    return _PLACE[finding.check], finding.step or 0


_LONGEST = 300
"""Characters of a detail: a case may be as long as a model likes."""
