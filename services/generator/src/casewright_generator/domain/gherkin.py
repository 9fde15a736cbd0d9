"""A case as a Gherkin scenario, whoever wrote it."""

from collections.abc import Iterator, Sequence

from casewright_common.events import CaseDraft, CaseStep, TestData

_INDENT = "  "


def scenario(case: CaseDraft) -> str:
    """The case as one scenario: tags, Given with its data, and When and Then by turns.

    Without a `Feature` around it, so that several fit into one; ends without a line break.
    """
    lines = [f"Scenario: {_line(case.title)}"]
    if case.tags:
        lines.insert(0, " ".join(f"@{tag}" for tag in case.tags))
    given = [f"{_line(one)}" for one in case.preconditions]
    lines.extend(_block("Given", given))
    if case.data:
        lines.append(f"{_INDENT}{'And' if given else 'Given'} these values:")
        lines.extend(_table(case.data))
    for action, expected in _turns(case.steps):
        lines.extend(_block("When", action))
        lines.extend(_block("Then", expected))
    return "\n".join(lines)


def _turns(steps: Sequence[CaseStep]) -> Iterator[tuple[list[str], list[str]]]:
    """Actions up to one with an expected result, and that result."""
    actions: list[str] = []
    for step in steps:
        actions.append(_line(step.action))
        if step.expected.strip():
            yield actions, [_line(step.expected)]
            actions = []
    if actions:
        yield actions, []


def _block(keyword: str, texts: Sequence[str]) -> Iterator[str]:
    for index, text in enumerate(texts):
        yield f"{_INDENT}{'And' if index else keyword} {text}"


def _table(data: Sequence[TestData]) -> Iterator[str]:
    yield f"{_INDENT * 2}| name | value |"
    for one in data:
        yield f"{_INDENT * 2}| {_cell(one.name)} | {_cell(one.value)} |"


def _cell(text: str) -> str:
    return _line(text).replace("\\", "\\\\").replace("|", "\\|")


def _line(text: str) -> str:
    """On one line: Gherkin's steps end at a line break."""
    return " ".join(text.split())
