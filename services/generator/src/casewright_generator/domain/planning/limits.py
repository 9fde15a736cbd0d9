"""Boundary values: cases at and next to the limits that a statement sets."""

import re
from dataclasses import replace

from casewright_common.events import Priority, Technique, TestData
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.planning.conditions import TestCondition, normal
from casewright_generator.domain.planning.limit_words import put
from casewright_generator.domain.planning.thresholds import of_threshold
from casewright_generator.domain.reading.constraints import Constraint, Dimension, Point, points
from casewright_generator.domain.reading.sentences import conjuncts
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Kind, Statement

_FOR = re.compile(r"\bfor (?:[\w-]+ ){1,4}$", re.IGNORECASE)
_LOW_SIDE = re.compile(
    r"\b(?:too (?:short|few|small|low|little|young)|less|fewer|below|under|minimum|shorter|lower)\b",
    re.IGNORECASE,
)
_HIGH_SIDE = re.compile(
    r"\b(?:exceed\w*|too (?:long|many|large|big|high|much|old)|over|above|maximum|longer|larger|greater)\b",
    re.IGNORECASE,
)
_ANY_SIDE = re.compile(
    r"\b(?:invalid|out of range|limit|not met|violat\w*|outside|not valid|wrong|incorrect)\b", re.IGNORECASE
)
_EMPTY = (
    words.PREPOSITIONS
    | words.DETERMINERS
    | words.AUXILIARIES
    | {"be", "and", "or", "least", "most", "minimum", "maximum", "limit"}
)
_ADMITS = words.word_set("accept allow support permit process upload")


def is_bare_limit(statement: Statement) -> bool:
    """Whether the statement says nothing but its limit: the boundary cases say it better than another one."""
    if not statement.constraints or statement.conditions or statement.kind is Kind.SCENARIO:
        return False
    return any(
        not _is_no_bound(statement, one) and _nature(statement, one) in {"limit", "delay"}
        for one in statement.constraints
    )


def conditions(
    statement: Statement, setting: Setting, others: tuple[Statement, ...], *, three: bool = False
) -> list[TestCondition]:
    """The conditions of all limits of a statement; with `three`, on both sides of each bound."""
    found: list[TestCondition] = []
    for constraint in statement.constraints:
        nature = "" if _is_no_bound(statement, constraint) else _nature(statement, constraint)
        for point in points(constraint, three=three):
            if nature in {"limit", "window"}:
                found.append(_limit(statement, constraint, point, others))
            elif nature in {"threshold", "delay"} and (
                one := of_threshold(statement, constraint, point, setting)
            ):
                found.append(one)
    return found


_AHEAD = re.compile(r"\s*(?:in advance|before|prior|ahead|earlier)\b", re.IGNORECASE)
_TAKEN = re.compile(
    r"\b(?:(?:response|load|loading|processing|waiting|run) time|latency|duration)\W*$", re.IGNORECASE
)


def _is_no_bound(statement: Statement, constraint: Constraint) -> bool:
    """A span that nobody sets: how long something takes, how long before, or what didn't happen in it."""
    written = constraint.text.lower()
    following = statement.text[statement.text.lower().find(written) + len(written) :]
    missed = written.startswith("within") and any(
        written in c.text.lower() and re.search(r"\bnot\b|n't\b", c.text.lower())
        for c in statement.conditions
    )
    timed = constraint.dimension is Dimension.DURATION
    return timed and (missed or bool(_AHEAD.match(following)) or bool(_TAKEN.search(statement.subject)))


def _nature(statement: Statement, constraint: Constraint) -> str:
    """Whether the limit bounds what is allowed, tells two outcomes apart, or says when something happens."""
    written = constraint.text.lower()
    told = next((c.text for c in statement.conditions if written in f"{c.marker} {c.text}".lower()), "")
    if told:
        return "threshold"
    if constraint.delay:
        return "delay"
    able = statement.kind in (Kind.CAPABILITY, Kind.PROHIBITION)
    timed = constraint.dimension is Dimension.DURATION and written.startswith(
        ("within", "in ", "under", "less")
    )
    if timed and able and written.startswith("within"):
        return "window"
    if timed or constraint.unit.lower() == "times" or statement.kind in _UNBOUND:
        return ""
    return "threshold" if _parts(statement, constraint, able=able) else "limit"


def _parts(statement: Statement, constraint: Constraint, *, able: bool) -> bool:
    """Whether the limit tells those that the sentence is about from others: `Orders over 50 EUR are …`."""
    text = " ".join(statement.text.split())
    written = constraint.text.lower()
    of_subject = written in statement.subject.lower() and statement.verb not in _ADMITS and not able
    return of_subject or bool(_FOR.search(text[: max(0, text.find(constraint.text))]))


_UNBOUND = (Kind.SCENARIO, Kind.CHANGE, Kind.DEFECT, Kind.QUOTED)


def _limit(
    statement: Statement, constraint: Constraint, point: Point, others: tuple[Statement, ...]
) -> TestCondition:
    told_as = put(statement, constraint, point)
    criteria = [statement.criterion]
    told = bool(statement.otherwise) and not point.inside
    outcomes = [] if told else [clauses.sentence(told_as.outcome)]
    if not point.inside:
        entered = told_as.counted and constraint.dimension is Dimension.LENGTH
        for reaction, criterion in _reactions(statement, point, () if entered else others):
            outcomes.append(reaction)
            if criterion not in criteria:
                criteria.append(criterion)
    variant = replace(
        statement,
        given=(*statement.given, *told_as.given),
        actions=told_as.actions,
        outcomes=tuple(outcomes),
        headline=told_as.title,
        assumed=False,
    )
    allowed = "allowed" if point.inside else "not allowed"
    return TestCondition(
        key=f"{normal(statement.text)} {normal(told_as.name)} {point.text}",
        technique=Technique.BOUNDARY_VALUE,
        criteria=tuple(criteria),
        description=f"{_capital(told_as.name)}: {point.text} ({point.place}, {allowed})",
        title=told_as.title,
        statement=variant,
        priority=Priority.MEDIUM if point.inside else Priority.HIGH,
        negative=not point.inside,
        values=(TestData(name=told_as.name, value=told_as.value, sample=told_as.sample),),
        constraint=constraint.text,
    )


def _reactions(statement: Statement, point: Point, others: tuple[Statement, ...]) -> list[tuple[str, str]]:
    """What other sentences say happens beyond this limit, with the ids of their criteria."""
    if statement.otherwise:
        return [(statement.otherwise, statement.criterion)]
    own = set(normal(f"{statement.subject} {statement.object}").split()) - _EMPTY
    sides = _LOW_SIDE if "minimum" in point.place or "lower" in point.place else _HIGH_SIDE
    for other in others:
        if other is statement or len(other.conditions) != 1 or other.assumed or other.constraints:
            continue
        said = other.conditions[0].text
        if len(conjuncts(said)) > 1:
            continue
        if (_ANY_SIDE.search(said) or sides.search(said)) and own & set(normal(said).split()):
            return [(outcome, other.criterion) for outcome in other.outcomes]
    return []


def _capital(text: str) -> str:
    return clauses.capital(text)
