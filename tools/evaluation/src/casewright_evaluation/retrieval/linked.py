"""Real issues that name another one of their project: people have said that the two belong together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from casewright_evaluation.issues import Issue, sample

_KEY = re.compile(r"\b[A-Z][A-Z0-9]+-\d+\b")
_LEAST = 15
"""Issues with links that a project must have to be searched at all."""


@dataclass(frozen=True, slots=True)
class Linked:
    """An issue, and those that it names."""

    issue: Issue
    named: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """What is searched in one project: `issues`, by the texts of `queries`, which are among them or not."""

    name: str
    queries: tuple[Linked, ...]
    issues: tuple[Issue, ...]


def projects(issues: Sequence[Issue], *, queries: int, distractors: int) -> tuple[Project, ...]:
    """Projects with enough links, by name.

    Args:
        issues: All there are.
        queries: The most issues of a project that are searched with, the same ones always.
        distractors: How many issues of the project are there to be found beside those that are named.
    """
    by_project: dict[str, list[Issue]] = {}
    for one in issues:
        by_project.setdefault(project_of(one), []).append(one)
    found = (_project(name, by_project[name], queries, distractors) for name in sorted(by_project))
    return tuple(one for one in found if one is not None)


def project_of(issue: Issue) -> str:
    """Name of the file that it is from."""
    return issue.id.partition("/")[0]


def without_keys(text: str) -> str:
    """Without the keys of issues: they would tell which one is named."""
    return _KEY.sub(" ", text)


def _project(name: str, issues: Sequence[Issue], queries: int, distractors: int) -> Project | None:
    by_key = {one.id.partition("/")[2]: one for one in issues}
    linked = []
    for one in issues:
        named = {key: by_key[key] for key in _KEY.findall(one.description) if key in by_key}
        others = tuple(other for other in named.values() if other is not one)
        if others:
            linked.append(Linked(one, others))
    if len(linked) < _LEAST:
        return None
    chosen_ids = {one.id for one in sample([one.issue for one in linked], queries)}
    chosen = tuple(one for one in linked if one.issue.id in chosen_ids)
    there = {one.id: one for one in (*(n for c in chosen for n in c.named), *sample(issues, distractors))}
    return Project(name, chosen, tuple(there.values()))
