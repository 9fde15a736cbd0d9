"""How many test cases a comment holds, as far as a foreign reader can tell."""

from collections.abc import Mapping
from typing import Any

from casewright_jira_simulator.domain.adf import walk
from casewright_jira_simulator.domain.model import Comment

MARK = "casewright"
_COUNTS = ("cases", "case_count", "case_ids", "case_keys")


def marked_properties(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that Casewright wrote: their key begins with its name."""
    return {key: value for key, value in properties.items() if key.lower().startswith(MARK)}


def count_cases(comment: Comment) -> int:
    """Number of cases in a comment of Casewright; 0 for any other comment.

    A count or a list in the marking property is believed; else expandable sections are counted, else
    headings below the first one.
    """
    marked = marked_properties(comment.properties)
    if not marked:
        return 0
    for value in marked.values():
        told = _told(value)
        if told is not None:
            return told
    if not isinstance(comment.body, Mapping):
        return 0
    kinds = [node["type"] for node in walk(comment.body)]
    expands = kinds.count("expand") + kinds.count("nestedExpand")
    return expands or max(kinds.count("heading") - 1, 0)


def _told(value: Any) -> int | None:
    if not isinstance(value, Mapping):
        return None
    for name in _COUNTS:
        found = value.get(name)
        if isinstance(found, int) and not isinstance(found, bool):
            return found
        if isinstance(found, list):
            return len(found)
    return None
