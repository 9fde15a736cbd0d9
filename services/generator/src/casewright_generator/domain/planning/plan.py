"""Which test conditions a story gives ground for, after ISO/IEC/IEEE 29119-4."""

import re
from collections.abc import Sequence
from dataclasses import replace

from casewright_common.events import CriterionOrigin, Depth, Priority, Technique, TestData
from casewright_generator.domain.language import words
from casewright_generator.domain.planning import (
    decisions,
    pairwise,
    partitions,
    permissions,
    scope,
    transitions,
)
from casewright_generator.domain.planning.conditions import Plan, TestCondition, is_ambiguous, normal, parrots
from casewright_generator.domain.planning.measured import conditions as measured
from casewright_generator.domain.planning.measured.reactions import with_reactions
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.analysis import Analysis
from casewright_generator.domain.reading.sentences import conjuncts
from casewright_generator.domain.reading.statements import Kind, Statement
from casewright_generator.domain.requirements.model import Constraint, ConstraintKind

__all__ = ["Plan", "TestCondition", "plan"]

_HIGH = words.phrases(
    "password | login | log in | sign in | permission | security | secure | payment | pay  | "
    "price | money | refund | transfer | delete | token | encrypt | credit | invoice | lost | "
    "unauthorized | data loss"
)
_RANK = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2}


def plan(
    analysis: Analysis,
    *,
    max_cases: int,
    depth: Depth = Depth.STANDARD,
    exclusions: Sequence[str] = (),
) -> Plan:
    """The conditions to test, at most `max_cases`.

    One of each technique is taken before a second of any, then one of each criterion, then one refusal of
    each technique, then the rest by priority; what finds no room is in `left_out`. The order is the story's.

    Args:
        analysis: The story as it was read.
        max_cases: Upper bound on the conditions, at least 1.
        depth: How many conditions are planned at all.
        exclusions: What the story leaves out, beside what the analysis found; nothing is planned about it.

    Raises:
        ValueError: If `max_cases` is less than 1.
    """
    if max_cases < 1:
        raise ValueError("max_cases must be at least 1")
    outside = scope.topics((*analysis.out_of_scope, *exclusions))
    every = depth is Depth.THOROUGH
    bounds = _measured(analysis, three=every)
    found: list[TestCondition] = [*bounds]
    for statement in analysis.statements:
        found.extend(one for one in _conditions(statement, analysis) if not _is_told_by(bounds, one))
    found.extend(transitions.too_early(analysis.statements, analysis.setting, every=every))
    found.extend(pairwise.conditions(analysis))
    place = {criterion.id: index for index, criterion in enumerate(analysis.criteria)}
    found.sort(key=lambda condition: place.get(condition.criteria[0], 0))
    known = "\n".join((analysis.title, *(criterion.text for criterion in analysis.criteria))).casefold()
    clear = [
        one
        for one in _without_told(_merged(found))
        if not is_ambiguous(" ".join(one.statement.outcomes), known) and not scope.is_outside(one, outside)
    ]
    planned = _unique(clear)
    if depth is Depth.LEAN:
        planned = _lean(planned)
    chosen = _choose(planned, max_cases)
    taken = [
        replace(planned[index], id=f"C-{number}") for number, index in enumerate(sorted(chosen), start=1)
    ]
    rest = [index for index in range(len(planned)) if index not in chosen]
    return Plan(
        criteria=tuple(one for one in analysis.criteria if not scope.excludes(one.text, outside)),
        conditions=tuple(taken),
        left_out=tuple(
            replace(planned[index], id=f"C-{number}") for number, index in enumerate(rest, len(taken) + 1)
        ),
    )


def _measured(analysis: Analysis, *, three: bool) -> list[TestCondition]:
    """What the constraints give ground for; running text of developers' issues describes too much."""
    plain = {one.id for one in analysis.criteria if one.origin is CriterionOrigin.SENTENCE}
    customary = [one for one in analysis.statements if one.customary and one.technique in _BOUNDING]
    moved = bool(transitions.moves(analysis.statements))
    wanted = tuple(
        one
        for one in analysis.requirements.constraints
        if not (moved and one.kind is ConstraintKind.TRANSITION)
        and not any(_is_customary(one, statement) for statement in customary)
    )
    requirements = replace(analysis.requirements, constraints=wanted)
    found = measured.conditions(requirements, errand=analysis.setting.errand, three=three)
    told = analysis.setting.told
    return [with_reactions(one, analysis.statements) for one in found if told or one.criteria[0] not in plain]


_BOUNDING = frozenset({Technique.BOUNDARY_VALUE, Technique.EQUIVALENCE_PARTITION})


def _is_customary(constraint: Constraint, statement: Statement) -> bool:
    """Whether a rule in a customary form says all about a constraint; a choice is better tried at once."""
    if constraint.kind is ConstraintKind.ENUMERATION or constraint.criterion != statement.criterion:
        return False
    return normal(constraint.text) in normal(statement.text)


def _is_told_by(bounds: Sequence[TestCondition], condition: TestCondition) -> bool:
    """Whether the conditions of a constraint say the same, and better."""
    if condition.technique is Technique.ROLE_PERMISSION:
        return False
    own = [one for one in bounds if one.criteria[0] == condition.criteria[0]]
    several = any(len(conjuncts(one.text)) > 1 for one in condition.statement.conditions)
    if several and condition.technique is Technique.DECISION_TABLE and condition.negative:
        kept = " ".join(condition.statement.given).lower()
        own = [one for one in own if one.constraint.lower() not in kept]
    return any(_says_the_same(one, condition) for one in own)


def _says_the_same(bound: TestCondition, condition: TestCondition) -> bool:
    """Whether a condition comes from the same words: the bound stands in them, or its outcome is the same."""
    said = normal(condition.statement.text)
    if normal(bound.constraint) in said:
        return True
    told, whole = set(said.split()), set(normal(bound.statement.text).split())
    numbers = {word for word in told if any(map(str.isdigit, word))}
    close = len(told & whole) * 3 >= len(told) * 2
    alike = len(told & whole) * 2 >= len(told)
    if alike and numbers & (whole | set(_named(bound))):
        return True
    listed = bound.technique is condition.technique is Technique.EQUIVALENCE_PARTITION
    if listed and (set(_named(bound)) <= told or (close and told & set(_named(bound)))):
        return True
    outcome = normal(" ".join(condition.statement.outcomes))
    return bool(outcome) and outcome == normal(" ".join(bound.statement.outcomes))


def _named(bound: TestCondition) -> list[str]:
    return [word for one in bound.values for word in normal(one.value).split()]


def _conditions(statement: Statement, analysis: Analysis) -> list[TestCondition]:
    if statement.kind is Kind.ROW:
        return [_main(statement)]
    if statement.kind is Kind.CASE:
        return [_said_in_full(statement)]
    parts = partitions.conditions(statement, analysis.setting)
    rows = [] if parts else decisions.conditions(statement, analysis.setting)
    replaced = bool(parts) or any(not row.negative for row in rows)
    main = [] if replaced else [_main(statement)]
    duty = _undone_duty(statement) if not (parts or rows) else []
    return [*main, *parts, *rows, *duty, *permissions.conditions(statement, analysis.roles)]


_DUTY = re.compile(r"\b(?:is|are) (?:required|obliged) to\b|\bhas to\b|\bhave to\b", re.IGNORECASE)


def _undone_duty(statement: Statement) -> list[TestCondition]:
    """`Members are required to accept the rules`: who doesn't, can't go on."""
    if statement.kind is not Kind.CAPABILITY or not statement.actor or not _DUTY.search(statement.text):
        return []
    act = statement.actions[-1].rstrip(".")
    left_out = f"{act[0].lower()}{act[1:]}"
    title = f"It is not possible to go on without this: {left_out}"
    return [
        TestCondition(
            key=f"{normal(statement.text)} left out",
            technique=Technique.NEGATIVE,
            criteria=(statement.criterion,),
            description=title,
            title=title,
            statement=replace(
                statement,
                kind=Kind.CASE,
                actions=(*statement.actions[:-1], f"Leave this out, and try to go on: {left_out}."),
                outcomes=("It is not possible to go on.",),
                headline=title,
            ),
            priority=Priority.HIGH,
            negative=True,
        )
    ]


def _main(statement: Statement) -> TestCondition:
    forbidden = statement.kind in (Kind.PROHIBITION, Kind.REFUSAL)
    return TestCondition(
        key=normal(statement.text),
        technique=_technique(statement),
        criteria=(statement.criterion,),
        description=statement.headline,
        title=statement.headline,
        statement=statement,
        priority=_priority(statement),
        negative=forbidden,
        values=tuple(TestData(name=name, value=value) for name, value in statement.data),
    )


def _said_in_full(statement: Statement) -> TestCondition:
    return TestCondition(
        key=normal(f"{statement.text} {statement.headline}"),
        technique=statement.technique,
        criteria=(statement.criterion,),
        description=statement.headline,
        title=statement.headline,
        statement=statement,
        priority=Priority.HIGH if statement.negated else Priority.MEDIUM,
        negative=statement.negated,
        values=tuple(TestData(name=name, value=value) for name, value in statement.data),
        assumption=statement.supposed,
    )


_IN_STATE = re.compile(r"\bin the (?:status|state|phase|stage) [\"“]", re.IGNORECASE)
_STATES = frozenset({"status", "state", "phase", "stage"})


def _technique(statement: Statement) -> Technique:
    """A change of state is tested as a transition, a role by its rights, everything else as a use case."""
    if statement.kind is Kind.ROW:
        return Technique.ROLE_PERMISSION if statement.subject == "role" else Technique.DECISION_TABLE
    if permissions.is_about_role(statement):
        return Technique.ROLE_PERMISSION
    if statement.kind in (Kind.PROHIBITION, Kind.REFUSAL):
        named = _IN_STATE.search(statement.text)
        return Technique.STATE_TRANSITION if named else Technique.NEGATIVE
    moves = statement.verb in {"change", "move", "transition", "switch", "go", "become"}
    stateful = observing.head(statement.subject) in _STATES
    if (moves and " from " in statement.main) or (stateful and (moves or statement.verb == "set")):
        return Technique.STATE_TRANSITION
    return Technique.USE_CASE


def _priority(statement: Statement) -> Priority:
    lowered = statement.text.lower()
    if (
        statement.modal in {"must", "shall"}
        or statement.kind is Kind.PROHIBITION
        or any(word in lowered for word in _HIGH)
    ):
        return Priority.HIGH
    if statement.modal in {"may", "could", "might"}:
        return Priority.LOW
    return Priority.MEDIUM


def _merged(found: Sequence[TestCondition]) -> list[TestCondition]:
    """Where two criteria bound the same value, one case per value: the one that says more about it."""
    best: dict[str, TestCondition] = {}
    for condition in found:
        mark = _measure(condition)
        known = best.get(mark)
        if mark and (known is None or _tells_more(condition, known)):
            best[mark] = condition
    cited: dict[str, set[str]] = {}
    for condition in found:
        cited.setdefault(_measure(condition), set()).update(condition.criteria)
    merged = []
    for condition in found:
        mark = _measure(condition)
        if not mark:
            merged.append(condition)
        elif best[mark] is condition:
            merged.append(replace(condition, criteria=tuple(sorted(cited[mark], key=_number))))
    return merged


_TOO = re.compile(r"\btoo [a-z]+\b", re.IGNORECASE)


def _without_told(found: Sequence[TestCondition]) -> list[TestCondition]:
    """Without `If the file is too large, …` where a case beyond the limit expects the same already."""
    told = {
        (criterion, outcome)
        for condition in found
        if condition.technique is Technique.BOUNDARY_VALUE and condition.negative
        for criterion in condition.criteria[1:]
        for outcome in condition.statement.outcomes
    }
    return [
        condition
        for condition in found
        if condition.technique is not Technique.USE_CASE
        or not any(_TOO.search(one.text) for one in condition.statement.conditions)
        or not all((condition.criteria[0], one) in told for one in condition.statement.outcomes)
    ]


def _number(criterion: str) -> tuple[int, str]:
    digits = criterion.rpartition("-")[2]
    return (int(digits) if digits.isdigit() else 0, criterion)


def _measure(condition: TestCondition) -> str:
    """Value and unit, where a case is about one; numbers without unit may mean anything."""
    if condition.technique is not Technique.BOUNDARY_VALUE or len(condition.values) != 1:
        return ""
    if condition.statement.kind is Kind.CASE and not _SIZE.search(condition.values[0].value):
        return ""
    value = condition.values[0].value
    return f"{normal(condition.values[0].name)} {value}" if any(map(str.isalpha, value)) else ""


_SIZE = re.compile(r"\b(?:[KMGT]i?B|bytes?)\b")
"""Sizes are bounded in one place, and the message said in another; other values may decide two things."""


def _tells_more(one: TestCondition, other: TestCondition) -> bool:
    return (one.assumption, one.statement.assumed, one.statement.kind is not Kind.SCENARIO) < (
        other.assumption,
        other.statement.assumed,
        other.statement.kind is not Kind.SCENARIO,
    )


def _unique(found: Sequence[TestCondition]) -> list[TestCondition]:
    seen: set[tuple[str, str]] = set()
    kept = []
    for condition in found:
        statement = condition.statement
        content = (
            *statement.given,
            *(item.value for item in condition.values),
            *statement.actions,
            *statement.outcomes,
        )
        marks = {
            ("key", f"{condition.technique}:{condition.key}"),
            ("description", normal(condition.description)),
            ("content", normal(" ".join((statement.actor, *content)))),
        }
        if not marks & seen and not _parrots(condition) and not _breaks_off(condition):
            seen |= marks
            kept.append(condition)
    return kept


_DANGLING = re.compile(
    r"\bif\W*$|\b(?:let|try to|the|an?) (?:if|until)\b|(?<![\"\u201c])\b(?:otherwise|unless|whether)\b",
    re.IGNORECASE,
)


def _breaks_off(condition: TestCondition) -> bool:
    """Whether it says something on a condition that never comes: a torn sentence makes no case."""
    statement = condition.statement
    return any(_DANGLING.search(text) for text in (*statement.actions, *statement.outcomes))


def _parrots(condition: TestCondition) -> bool:
    statement = condition.statement
    expected = normal(" ".join(statement.outcomes))
    text = normal(statement.text)
    return any(parrots(normal(action), expected, text) for action in statement.actions[-1:])


def _lean(found: Sequence[TestCondition]) -> list[TestCondition]:
    """Of each criterion the first condition, and the first that refuses or is at a bound."""
    kept: list[TestCondition] = []
    told: set[tuple[str, bool]] = set()
    for condition in found:
        telling = condition.negative or condition.technique is Technique.BOUNDARY_VALUE
        marks = {(criterion, condition.negative if telling else False) for criterion in condition.criteria}
        if not marks <= told:
            told |= marks
            kept.append(condition)
    return kept


def _choose(found: Sequence[TestCondition], limit: int) -> set[int]:
    """Places of the first of each technique, criterion and refusal, then of the rest by priority."""
    ranked = sorted(range(len(found)), key=lambda index: (_RANK[found[index].priority], index))
    order: dict[int, None] = {}
    techniques: set[Technique] = set()
    touched: set[str] = set()
    refused: set[Technique] = set()
    for index, condition in enumerate(found):
        if condition.technique not in techniques:
            techniques.add(condition.technique)
            touched.update(condition.criteria)
            order[index] = None
    for index, condition in enumerate(found):
        if not set(condition.criteria) <= touched:
            touched.update(condition.criteria)
            order[index] = None
    for index in ranked:
        condition = found[index]
        if condition.negative and condition.technique not in refused:
            refused.add(condition.technique)
            order.setdefault(index)
    order.update(dict.fromkeys(ranked))
    return set(list(order)[:limit])
