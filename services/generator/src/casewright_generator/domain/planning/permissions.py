"""Roles: who may, and who may not."""

import re
from dataclasses import replace

from casewright_common.events import Priority, Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.planning.conditions import TestCondition, normal
from casewright_generator.domain.reading.statements import Kind, Statement

_ONLY = re.compile(
    r"^only (?:the |an? |users with (?:the )?)?(?P<who>[\w -]{2,40}?)(?: can| may| should| must| is| are|$)",
    re.IGNORECASE,
)


_TOLD_APART = re.compile(r"(?P<role>[\w -]+?) (?:who|that|whose)\b")
_ROLE = re.compile(r"\b(?:with|in|having) the roles? [\"“]", re.IGNORECASE)


def is_about_role(statement: Statement) -> bool:
    """Whether the statement says what those in a role may or may not do."""
    able = statement.kind in (Kind.CAPABILITY, Kind.PROHIBITION)
    only = bool(_ONLY.match(statement.text.strip()) or _ONLY.match(statement.main.strip()))
    return able and (only or bool(_ROLE.search(f"{statement.subject} ")))


def conditions(statement: Statement, roles: tuple[str, ...]) -> list[TestCondition]:
    """Where `only` some may: the same by somebody else, refused."""
    match = _ONLY.match(statement.text.strip()) or _ONLY.match(statement.main.strip())
    if not match or statement.kind is not Kind.CAPABILITY or not (statement.actions and statement.actor):
        return []
    allowed = match["who"].lower().removesuffix("s")
    other = next(
        (role for role in roles if allowed not in role and role.split()[-1] not in {"user", allowed}), ""
    )
    who = words.with_article(other) if other else f"a user who is not {words.with_article(allowed)}"
    if told_apart := _TOLD_APART.match(allowed):  # the same role, but somebody else in it
        who = f"{words.with_article(told_apart['role'])} other than the {allowed}"
    *before, last = statement.actions
    act = f"{last[0].lower()}{last[1:].rstrip('.')}"
    title = f"Refuse {who} who tries to {act}"
    variant = replace(
        statement,
        given=(*statement.given, clauses.sentence(f"Acting as {who}")),
        actions=(*before, clauses.sentence(f"Try to {act}")),
        outcomes=("This is refused or not offered, and nothing has changed.",),
        headline=title,
        actor="",
    )
    return [
        TestCondition(
            key=f"{normal(statement.text)} not {allowed}",
            technique=Technique.ROLE_PERMISSION,
            criteria=(statement.criterion,),
            description=title,
            title=title,
            statement=variant,
            priority=Priority.HIGH,
            negative=True,
        )
    ]
