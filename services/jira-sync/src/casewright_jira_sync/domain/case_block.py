"""One test case as ADF blocks; shared by the comment and the sub-task."""

from collections.abc import Iterator

from casewright_common.events import CaseDraft, CaseStep, Priority, Provenance, Technique, TestData
from casewright_jira_sync.domain.adf import (
    Color,
    Node,
    bullets,
    clipped,
    inlines,
    numbered,
    paragraph,
    spaced,
    status,
    table,
)

TECHNIQUES: dict[Technique, str] = {
    Technique.USE_CASE: "Use case",
    Technique.EQUIVALENCE_PARTITION: "Equivalence partition",
    Technique.BOUNDARY_VALUE: "Boundary value",
    Technique.DECISION_TABLE: "Decision table",
    Technique.STATE_TRANSITION: "State transition",
    Technique.ROLE_PERMISSION: "Role and permission",
    Technique.NEGATIVE: "Negative",
    Technique.ERROR_GUESSING: "Error guessing",
}

WRITERS: dict[Provenance, str] = {
    Provenance.DESIGNER: "built-in designer",
    Provenance.MODEL: "model",
    Provenance.HUMAN: "person",
}

_PRIORITY_COLORS: dict[Priority, Color] = {
    Priority.HIGH: "red",
    Priority.MEDIUM: "blue",
    Priority.LOW: "neutral",
}

# Longest texts, in characters; a longer one says how long it was.
TITLE = 240
_CONDITION = 400
_PRECONDITION = 500
_NAME = 100
_VALUE = 400
_STEP = 900


def priority_lozenge(priority: Priority) -> Node:
    """The priority as a coloured lozenge."""
    return status(priority.value, _PRIORITY_COLORS[priority])


def criteria_text(case: CaseDraft) -> str:
    """Ids of the case's criteria, or `none`."""
    return ", ".join(case.criteria) or "none"


def case_blocks(case: CaseDraft, *, compact: bool = False) -> list[Node]:
    """What a case checks, its preconditions, its data and its steps; at least one block.

    Args:
        case: Any case; overlong texts are cut and say so.
        compact: Steps as a numbered list instead of a table: the same words in a third of the size.
    """
    blocks = [
        paragraph(spaced("Checks: ", "strong"), inlines(clipped(case.condition or case.title, _CONDITION)))
    ]
    if case.preconditions:
        blocks += [
            paragraph(inlines("Preconditions", "strong")),
            bullets(inlines(clipped(text, _PRECONDITION)) for text in case.preconditions),
        ]
    if case.data:
        blocks += [paragraph(inlines("Test data", "strong")), bullets(map(_datum, case.data))]
    if compact:
        blocks += [paragraph(inlines("Steps", "strong")), numbered(map(_line, case.steps))]
    else:
        blocks.append(
            table(
                ("#", "Action", "Expected result", "Criterion"),
                (
                    (
                        inlines(str(number)),
                        inlines(clipped(step.action, _STEP)),
                        inlines(clipped(step.expected, _STEP)),
                        list(_source(step)),
                    )
                    for number, step in enumerate(case.steps, start=1)
                ),
            )
        )
    return blocks


def _datum(datum: TestData) -> list[Node]:
    value = inlines(clipped(datum.value, _VALUE), "code") or inlines("(empty)", "em")
    sample = spaced(" (sample value)", "em") if datum.sample else []
    return [*inlines(clipped(datum.name, _NAME)), *spaced(" = "), *value, *sample]


def _line(step: CaseStep) -> list[Node]:
    expected = clipped(step.expected, _STEP)
    return [
        *inlines(clipped(step.action, _STEP)),
        *(spaced(" → ") + inlines(expected, "em") if expected else []),
        *spaced(" "),
        *_source(step),
    ]


def _source(step: CaseStep) -> Iterator[Node]:
    if step.criteria:
        yield from inlines(", ".join(step.criteria))
    if step.assumption:
        if step.criteria:
            yield from spaced(" ")
        yield status("assumption", "yellow")
