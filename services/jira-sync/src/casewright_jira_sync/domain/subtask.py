"""The sub-task that stands for one test case."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from casewright_common.events import CaseDraft, CasesGeneratedV1
from casewright_jira_sync.domain.adf import (
    Node,
    clipped,
    content_hash,
    document,
    inlines,
    one_line,
    paragraph,
    rule,
    size,
    spaced,
)
from casewright_jira_sync.domain.case_block import (
    TECHNIQUES,
    TITLE,
    case_blocks,
    compact_case_blocks,
    criteria_text,
    priority_lozenge,
)

MAX_SUMMARY = 255
"""Characters that Jira takes in a summary."""
MAX_DESCRIPTION = 32_767
RETIRED_PREFIX = "[retired] "

_PREFIX = "Test: "
_FILLED = frozenset({"project", "issuetype", "parent", "summary", "description", "reporter"})


@dataclass(frozen=True)
class Subtask:
    """What a sub-task shows.

    Attributes:
        summary: One line of 1 to 255 characters.
        description: An ADF document.
    """

    summary: str
    description: Node

    @property
    def hash(self) -> str:
        """SHA-256 in hex over summary and description."""
        return content_hash({"summary": self.summary, "description": self.description})


@dataclass(frozen=True)
class Field:
    """A field of an issue type's creation form."""

    id: str
    name: str
    required: bool
    has_default: bool


@dataclass(frozen=True)
class SubtaskType:
    """The sub-task type of a project, and its creation form."""

    id: str
    fields: tuple[Field, ...]

    @property
    def unfillable(self) -> tuple[str, ...]:
        """Required fields without a default that we can't fill, as `Name (id)`, sorted."""
        return tuple(
            sorted(
                f"{field.name} ({field.id})"
                for field in self.fields
                if field.required and not field.has_default and field.id not in _FILLED
            )
        )

    def creation(
        self, subtask: Subtask, *, project_key: str, parent_id: str, reporter: str
    ) -> dict[str, Any]:
        """The `fields` of the request that creates the sub-task.

        Args:
            subtask: What it shows.
            project_key: Where it is created: the story's project.
            parent_id: Id of the story.
            reporter: Account id; sent only where the form insists on one.
        """
        fields: dict[str, Any] = {
            "project": {"key": project_key},
            "issuetype": {"id": self.id},
            "parent": {"id": parent_id},
            **self.content(subtask),
        }
        if any(field.id == "reporter" and field.required and not field.has_default for field in self.fields):
            fields["reporter"] = {"id": reporter}
        return fields

    def content(self, subtask: Subtask) -> dict[str, Any]:
        """The `fields` that say what the case is; without a description where the form has none."""
        fields: dict[str, Any] = {"summary": subtask.summary}
        if any(field.id == "description" for field in self.fields):
            fields["description"] = subtask.description
        return fields


def render_subtask(event: CasesGeneratedV1, case: CaseDraft) -> Subtask:
    """Summary and description of one case's sub-task, within Jira's limits.

    A case that is too long for a table of its steps shows them as a list, and one that is too long even for
    that shows as many as fit and says so.
    """
    summary = _PREFIX + (one_line(case.title) or "untitled")
    return Subtask(summary=_cut(summary), description=_description(event, case))


def retired_summary(summary: str) -> str:
    """The summary of a sub-task whose case no longer exists."""
    return summary if summary.startswith(RETIRED_PREFIX) else _cut(RETIRED_PREFIX + summary)


def retired_hash() -> str:
    """What stands for the content of a retired sub-task; no rendered case has it."""
    return "retired"


def _cut(summary: str) -> str:
    return summary if len(summary) <= MAX_SUMMARY else summary[: MAX_SUMMARY - 1].rstrip() + "…"


def _description(event: CasesGeneratedV1, case: CaseDraft) -> Node:
    full = document(_frame(event, case, case_blocks(case)))
    if size(full) <= MAX_DESCRIPTION:
        return full
    compact = document(_frame(event, case, compact_case_blocks(case)))
    if size(compact) <= MAX_DESCRIPTION:
        return compact
    return _shortened(event, case)


def _shortened(event: CasesGeneratedV1, case: CaseDraft) -> Node:
    """As many steps, then preconditions and data, as fit."""
    cut = case.model_copy(update={"preconditions": case.preconditions[:8], "data": case.data[:8]})
    steps = len(case.steps)
    while True:
        shown = cut.model_copy(update={"steps": case.steps[:steps]})
        note = paragraph(
            inlines(
                f"Shortened: a description in Jira can't be longer. The case has {len(case.steps)} steps,"
                f" {len(case.preconditions)} preconditions and {len(case.data)} values.",
                "em",
            )
        )
        short = document(_frame(event, case, [note, *compact_case_blocks(shown)]))
        if size(short) <= MAX_DESCRIPTION or steps == 1:
            return short
        steps = max(1, steps // 2)


def _frame(event: CasesGeneratedV1, case: CaseDraft, blocks: Iterable[Node]) -> Iterable[Node]:
    yield paragraph(
        priority_lozenge(case.priority),
        spaced(f" {TECHNIQUES[case.technique]} · criteria {clipped(one_line(criteria_text(case)), TITLE)}"),
    )
    if len(_PREFIX + one_line(case.title)) > MAX_SUMMARY:
        yield paragraph(inlines(clipped(one_line(case.title), 4 * TITLE), "strong"))
    yield from blocks
    yield rule()
    yield paragraph(
        inlines(
            f"Casewright wrote this test case for revision {event.revision} of {event.issue_key} and"
            " rewrites it when the story changes.",
            "em",
        )
    )
