"""One test case as ADF blocks; shared by the comment and the sub-task."""

from collections.abc import Iterator

from casewright_common.events import (
    CaseChange,
    CaseDraft,
    CaseStep,
    Priority,
    Provenance,
    ReviewDecision,
    Technique,
    TestData,
)
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
    Technique.PAIRWISE: "Pairwise",
    Technique.ROLE_PERMISSION: "Role and permission",
    Technique.NEGATIVE: "Negative",
    Technique.ERROR_GUESSING: "Error guessing",
    Technique.NON_FUNCTIONAL: "Non-functional",
}

WRITERS: dict[Provenance, str] = {
    Provenance.DESIGNER: "built-in designer",
    Provenance.MODEL: "model",
    Provenance.HUMAN: "person",
}

_CHANGES: dict[CaseChange, tuple[str, Color]] = {
    CaseChange.UPDATED: ("updated", "blue"),
    CaseChange.STALE: ("stale", "yellow"),
    CaseChange.RETIRED: ("retired", "neutral"),
}

_REVIEWS: dict[ReviewDecision, tuple[str, Color]] = {
    ReviewDecision.APPROVED: ("approved", "green"),
    ReviewDecision.EDITED: ("edited", "green"),
    ReviewDecision.REJECTED: ("rejected", "red"),
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
_FINDING = 200
_MOST_FINDINGS = 3


def priority_lozenge(priority: Priority) -> Node:
    """The priority as a coloured lozenge."""
    return status(priority.value, _PRIORITY_COLORS[priority])


def state_lozenges(case: CaseDraft) -> list[Node]:
    """What people decided on the case, and what became of it lately; empty for a new one."""
    shown = [_REVIEWS[case.review]] if case.review is not None else []
    if case.proposal_for is not None:
        shown.append(("proposal", "purple"))
    elif case.change in _CHANGES:
        shown.append(_CHANGES[case.change])
    return [node for text, color in shown for node in (*spaced(" "), status(text, color))]


def criteria_text(case: CaseDraft) -> str:
    """Ids of the case's criteria, or `none`."""
    return ", ".join(case.criteria) or "none"


def case_blocks(case: CaseDraft) -> list[Node]:
    """What a case checks, its preconditions, its data and a table of its steps; overlong texts are cut."""
    blocks = [*_checks(case), *_findings(case)]
    if case.preconditions:
        blocks += [
            paragraph(inlines("Preconditions", "strong")),
            bullets(inlines(clipped(text, _PRECONDITION)) for text in case.preconditions),
        ]
    if case.data:
        blocks += [paragraph(inlines("Test data", "strong")), bullets(map(_datum, case.data))]
    rows = (
        (
            inlines(str(number)),
            inlines(clipped(step.action, _STEP)),
            inlines(clipped(step.expected, _STEP)),
            list(_source(step)),
        )
        for number, step in enumerate(case.steps, start=1)
    )
    return [*blocks, table(("#", "Action", "Expected result", "Criterion"), rows)]


def compact_case_blocks(case: CaseDraft) -> list[Node]:
    """The same words in a third of the size: a paragraph each, and the steps as a numbered list."""
    blocks = [*_checks(case), *_findings(case)]
    if case.preconditions:
        given = "; ".join(clipped(text, _PRECONDITION).rstrip(".") for text in case.preconditions)
        blocks.append(paragraph(spaced("Preconditions: ", "strong"), inlines(given)))
    if case.data:
        values = "; ".join(
            f"{clipped(datum.name, _NAME)} = {clipped(datum.value, _VALUE) or '(empty)'}"
            f"{' (sample value)' if datum.sample else ''}"
            for datum in case.data
        )
        blocks.append(paragraph(spaced("Test data: ", "strong"), inlines(values)))
    return [*blocks, numbered(inlines(_line(step)) for step in case.steps)]


def _checks(case: CaseDraft) -> Iterator[Node]:
    """The planned condition, where it adds to the title and no person has said it in their own words."""
    if case.condition not in {"", case.title} and case.review is not ReviewDecision.EDITED:
        yield paragraph(spaced("Checks: ", "strong"), inlines(clipped(case.condition, _CONDITION)))


def _findings(case: CaseDraft) -> Iterator[Node]:
    """What the reader should look at twice; few, and how many more there are."""
    told = [text for finding in case.findings if (text := clipped(finding.detail, _FINDING))]
    if told:
        more = len(told) - _MOST_FINDINGS
        shown = "; ".join(one.rstrip(".") for one in told[:_MOST_FINDINGS])
        rest = f"; and {more} more" if more > 0 else ""
        yield paragraph(spaced("Look at twice: ", "strong"), inlines(shown + rest))


def _datum(datum: TestData) -> list[Node]:
    value = inlines(clipped(datum.value, _VALUE), "code") or inlines("(empty)", "em")
    sample = spaced(" (sample value)", "em") if datum.sample else []
    return [*inlines(clipped(datum.name, _NAME)), *spaced(" = "), *value, *sample]


def _line(step: CaseStep) -> str:
    expected = clipped(step.expected, _STEP)
    source = ", ".join([*step.criteria, *(["assumption"] if step.assumption else [])])
    line = clipped(step.action, _STEP)
    if expected:
        line += f" → {expected}"
    return f"{line} ({source})" if source else line


def _source(step: CaseStep) -> Iterator[Node]:
    if step.criteria:
        yield from inlines(", ".join(step.criteria))
    if step.assumption:
        if step.criteria:
            yield from spaced(" ")
        yield status("assumption", "yellow")
