"""Boundary values of a Given/When/Then: `When I upload 1 to 5 files of at most 10 MB each`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.constraints import Constraint, Dimension, Point, constraints, points
from casewright_generator.domain.reading.contraries import denied
from casewright_generator.domain.reading.statements import Kind, Statement
from casewright_generator.domain.rules.said import SPAN, counted

_COUNTED = {
    Dimension.COUNT,
    Dimension.LENGTH,
    Dimension.SIZE,
    Dimension.MONEY,
    Dimension.PERCENT,
    Dimension.WEIGHT,
    Dimension.AGE,
}
_MOST_LIMITS = 4
_WITHIN = re.compile(rf"^ (?:within|in less than|in under|in at most) (?P<span>{SPAN})", re.IGNORECASE)
_EACH = re.compile(r"(\b1 [a-z]+ of [^,.;]{1,30}?) each\b")
_LASTS = re.compile(rf" for (?P<span>{SPAN})\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit in one of the steps."""

    step: int
    bound: Constraint

    @property
    def is_repetition(self) -> bool:
        """Whether it says how often something is done."""
        return self.bound.unit.lower() == "times"


def cases(statement: Statement) -> list[Statement]:
    """A case for each value at and next to each limit of its steps; none where they set no limit.

    While one limit is tried, the others are kept. On the other side of a limit no outcome may come,
    which is an assumption.
    """
    steps = [*statement.given, *statement.actions]
    limits = [Limit(index, bound) for index, step in enumerate(steps) for bound in _limits(step)]
    if not limits or len(limits) > _MOST_LIMITS or not statement.outcomes:
        return []
    found: list[Statement] = []
    for tried in limits:
        others = [other for other in limits if other is not tried]
        for point in points(tried.bound):
            if point.value == 0 and others and tried.bound.dimension is Dimension.COUNT:
                continue  # no files of 10 MB each
            varied = _varied(statement, steps, [(tried, point), *((one, _kept(one)) for one in others)])
            if varied is None:
                return []
            found.append(_case(statement, varied, tried, point))
        found.extend(_too_slow(statement, steps, tried))
    return [*_unique(found), *_over(statement, found)]


def _unique(found: Sequence[Statement]) -> Iterator[Statement]:
    """Without the values that all limits keep, said twice."""
    seen: set[tuple[str, ...]] = set()
    for one in found:
        told = (*one.given, *one.actions)
        if told not in seen:
            seen.add(told)
            yield one


def _limits(step: str) -> Sequence[Constraint]:
    return [one for one in constraints(step) if one.dimension in _COUNTED and not one.delay]


def _kept(limit: Limit) -> Point:
    """A value that the limit allows: the highest."""
    return [point for point in points(limit.bound) if point.inside][-1]


def _varied(
    statement: Statement, steps: Sequence[str], values: Sequence[tuple[Limit, Point]]
) -> list[str] | None:
    """The steps with each limit's value in its place; `None` where one can't be found again."""
    changed = [" ".join(step.split()) for step in steps]
    for limit, point in values:
        step = changed[limit.step]
        at = step.lower().find(limit.bound.text.lower())
        if at < 0:
            return None
        if limit.is_repetition:
            told = counted(int(point.value), "times") if point.value else "not once"
        else:
            told = _spoken(replace(statement, text=step, conditions=()), limit.bound, point)
            told = f"of {told}" if _after_noun(step[:at]) and not told.startswith("of ") else told
        changed[limit.step] = f"{step[:at]}{told}{step[at + len(limit.bound.text) :]}"
    return [_EACH.sub(r"\1", step) for step in changed]


def _case(statement: Statement, varied: list[str], limit: Limit, point: Point) -> Statement:
    outcomes = statement.outcomes if point.inside else _denied(statement.outcomes)
    short = varied[limit.step].rstrip(".")
    name = (
        f"number of {limit.bound.unit}"
        if limit.bound.dimension is Dimension.COUNT
        else limit.bound.dimension.value
    )
    return replace(
        statement,
        kind=Kind.CASE,
        headline=f"{outcomes[0].rstrip('.')}: {short[:1].lower()}{short[1:]}",
        given=tuple(varied[: len(statement.given)]),
        actions=tuple(varied[len(statement.given) :]),
        outcomes=outcomes,
        constraints=(),
        technique=Technique.BOUNDARY_VALUE,
        data=((name, point.text),),
        negated=not point.inside,
        supposed=not point.inside,
    )


def _denied(outcomes: Sequence[str]) -> tuple[str, ...]:
    """The contrary of what comes out; that something doesn't come out isn't denied again."""
    told = [one for one in outcomes if not clauses.parse(one).negated] or list(outcomes[:1])
    return tuple(denied(_LASTS.sub(".", one)) for one in told)


def _too_slow(statement: Statement, steps: Sequence[str], limit: Limit) -> list[Statement]:
    """`5 times within 10 minutes`: as often, but not in that time."""
    step = " ".join(steps[limit.step].split())
    at = step.lower().find(limit.bound.text.lower()) + len(limit.bound.text)
    match = _WITHIN.match(step[at:]) if limit.is_repetition and at > 0 else None
    span = next(iter(constraints(f"at most {match['span']}")), None) if match else None
    if not match or span is None:
        return []
    late = next(point for point in points(span) if not point.inside)
    slow = f"{step[:at]}, the last one {late.text} after the first{step[at + match.end() :]}"
    varied = [*steps[: limit.step], slow, *steps[limit.step + 1 :]]
    made = _case(statement, varied, limit, late)
    return [
        replace(made, data=(("time from the first to the last", late.text),), supposed=True, negated=True)
    ]


def _over(statement: Statement, found: Sequence[Statement]) -> list[Statement]:
    """`… is locked for 30 minutes`: and then no longer."""
    reached = next((one for one in reversed(found) if not one.negated), None)
    for outcome in statement.outcomes:
        match = _LASTS.search(outcome)
        clause = clauses.parse(outcome[: match.start()]) if match else None
        if not match or not clause or not reached or clause.form is not clauses.Form.PASSIVE:
            continue
        thing = observing.definite(clause.subject)
        ended = f"{thing} {words.is_are(thing)} no longer {clause.written or words.participle(clause.verb)}"
        told = f"{clauses.capital(ended)} after {match['span']}"
        return [
            replace(
                reached,
                headline=told,
                actions=(*reached.actions, f"Let {match['span']} pass."),
                outcomes=(clauses.sentence(ended),),
                data=(("time passed", match["span"]),),
            )
        ]
    return []


def _after_noun(before: str) -> bool:
    """Whether the limit follows what it limits: `a file larger than 5 MB`."""
    if len(before.split()) == 1:
        return False  # the step's own verb: "Upload 5 files"
    last = before.rsplit(maxsplit=1)[-1].lower() if before.strip() else ""
    little = words.PREPOSITIONS | words.DETERMINERS | words.AUXILIARIES | words.MODALS | {"and", "or"}
    verbal = words.is_verb(last) or words.base_of_third(last) or words.base_of_participle(last)
    return bool(last) and last not in little and (words.may_be_noun(last) if verbal else True)


def _spoken(statement: Statement, constraint: Constraint, point: Point) -> str:
    """The point in the place of the comparator and its number."""
    first = constraint.text.split(maxsplit=1)[0].lower()
    text = " ".join(statement.text.split())
    before = text[: max(0, text.find(constraint.text))].split()
    previous = before[-1].lower().strip(",") if before else ""
    value = (
        f"{point.value} years old"
        if constraint.dimension is Dimension.AGE and not constraint.unit
        else point.text
    )
    if point.value == 0 and constraint.dimension is Dimension.COUNT:
        value = f"no {words.plural(constraint.unit)}"
    if first in {"exceeds", "exceed", "exceeded"}:
        return f"is {value}"
    if words.base_of_third(previous) in _REACHING or previous in _REACHING:
        return f"to {value}"
    if first == "within" and constraint.dimension is Dimension.DURATION:
        return f"after {value}"
    verbal = words.base_of_third(previous)
    if verbal and not words.may_be_noun(verbal):
        return value
    if first == "exceeding" or (
        not words.is_verb(previous) and words.is_plural(previous) and previous not in words.AUXILIARIES
    ):
        return f"of {value}"
    return value


_REACHING = words.word_set("fall drop rise sink climb go increase decrease")
