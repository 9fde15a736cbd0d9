"""Changes of state: what must be there first, and the same event in a state that comes too early."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from casewright_common.events import Priority, Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.planning.conditions import TestCondition, normal
from casewright_generator.domain.reading.situations import Setting, retold
from casewright_generator.domain.reading.statements import Kind, Statement

_NAME = r"[\"“][^\"”\n]{1,40}[\"”]"
_MOVE = re.compile(
    rf"\b(?P<noun>status|state|phase|stage)\b(?: of (?P<of>(?:the|an?) [\w -]{{2,30}}?))? "
    rf"(?:changes?|moves?|goes|switches|is changed|is set|must change|should change) "
    rf"from (?P<old>{_NAME}) to (?P<new>{_NAME})",
    re.IGNORECASE,
)
_OWNER = re.compile(
    rf"\b(?:an?|the|each|every) (?:new )?(?P<one>[a-z]+) (?:has|gets|starts with) the "
    rf"(?:status|state) {_NAME}|"
    rf"\b(?:an?|the) (?P<two>[a-z]+) in the (?:status|state) {_NAME}",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?P<owner>[a-z]+) (?:status|state)\b", re.IGNORECASE)
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Move:
    """One change of state.

    Attributes:
        old: The state before, in its quotation marks; `new` the one after.
        noun: `status`, `state`, …
    """

    statement: Statement
    noun: str
    old: str
    new: str


def moves(statements: Sequence[Statement]) -> list[Move]:
    """The changes of state that the statements describe, each brought about by an event."""
    found = []
    for statement in statements:
        match = _MOVE.search(statement.text) if statement.kind is Kind.SCENARIO else None
        if match and statement.actions:
            found.append(Move(statement, match["noun"].lower(), match["old"], match["new"]))
    return found


def prepared(statements: Sequence[Statement], title: str) -> tuple[Statement, ...]:
    """The statements, each change of state with the state that it starts from."""
    owner = _owner(statements, title)
    by_statement = {id(move.statement): move for move in moves(statements)}
    return tuple(
        _placed(one, by_statement[id(one)], owner) if id(one) in by_statement and owner else one
        for one in statements
    )


def _owner(statements: Sequence[Statement], title: str) -> str:
    """What has the states: `order`; empty where nobody says it."""
    for statement in statements:
        if match := _OWNER.search(statement.text):
            return (match["one"] or match["two"]).lower()
        if (match := _MOVE.search(" ".join(statement.outcomes))) and match["of"]:
            return match["of"].split()[-1].lower()
    match = _TITLE.search(title)
    return match["owner"].lower() if match else ""


def _placed(statement: Statement, move: Move, owner: str) -> Statement:
    state = f"{clauses.capital(words.with_article(owner))} is in the {move.noun} {move.old}."
    own = any(move.old in one for one in statement.given)
    return statement if own else replace(statement, given=(state, *statement.given))


def too_early(
    statements: Sequence[Statement], setting: Setting, *, every: bool = False
) -> list[TestCondition]:
    """Each event once more in the state before the one in which it counts: nothing may change.

    With `every`, in each other state that the story names and gives no change for.
    """
    known = moves(statements)
    if len(known) < _FEWEST:
        return []
    found: list[TestCondition] = []
    states = dict.fromkeys(state for move in known for state in (move.old, move.new))
    for move in known if every else ():
        taken = {other.old for other in known if _event(other) == _event(move)}
        found.extend(_refused(move, state, setting) for state in states if state not in taken)
    for move in () if every else known:
        earlier = next((other for other in known if other.new == move.old and other.old != move.new), None)
        if earlier and not any(other.old == earlier.old and _event(other) == _event(move) for other in known):
            found.append(_refused(move, earlier.old, setting))
    return found


def _event(move: Move) -> str:
    return normal(" ".join(move.statement.actions))


def _refused(move: Move, state: str, setting: Setting) -> TestCondition:
    statement = move.statement
    given = tuple(one.replace(move.old, state) for one in statement.given)
    when = " and ".join(retold(condition.text, setting) for condition in statement.conditions)
    headline = f"The {move.noun} stays {state} when {when}"
    variant = replace(
        statement,
        given=given if given != statement.given else (f"The {move.noun} is {state}.", *statement.given),
        outcomes=(f"The {move.noun} stays {state} and doesn't change to {move.new}.",),
        headline=headline,
        negated=True,
    )
    return TestCondition(
        key=f"{normal(statement.text)} in {normal(state)}",
        technique=Technique.STATE_TRANSITION,
        criteria=(statement.criterion,),
        description=headline,
        title=headline,
        statement=variant,
        priority=Priority.MEDIUM,
        negative=True,
        assumption=True,
    )
