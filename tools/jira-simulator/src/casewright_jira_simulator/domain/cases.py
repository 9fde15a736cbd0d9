"""How many test cases a comment holds, as far as a foreign reader can tell."""

import re
from collections.abc import Mapping
from typing import Any

from casewright_jira_simulator.domain.adf import walk
from casewright_jira_simulator.domain.model import Comment

MARK = "casewright"
_TOLD = re.compile(r"\b(\d+) test cases?\b")


def is_marked(properties: Mapping[str, Any]) -> bool:
    """Whether Casewright wrote it and still stands by it: a property of its name, not retired."""
    values = [value for key, value in properties.items() if key.lower().startswith(MARK)]
    return bool(values) and not any(isinstance(value, Mapping) and value.get("retired") for value in values)


def count_cases(comment: Comment) -> int:
    """Number of cases in a comment of Casewright; 0 for any other comment.

    The first heading tells it; where it does not, every expandable section is a case.
    """
    if not isinstance(comment.body, Mapping) or not is_marked(comment.properties):
        return 0
    expands = 0
    for node in walk(comment.body):
        if node["type"] == "heading" and (told := _TOLD.search(_text(node))):
            return int(told[1])
        expands += node["type"] == "expand"
    return expands


def _text(node: Mapping[str, Any]) -> str:
    return "".join(str(child.get("text", "")) for child in node.get("content") or ())
