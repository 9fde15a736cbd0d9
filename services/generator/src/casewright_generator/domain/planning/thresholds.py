"""Thresholds: on one side of a limit the outcome comes, on the other it doesn't."""

import re
from dataclasses import replace

from casewright_common.events import Priority, Technique, TestData
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.planning.conditions import TestCondition, normal
from casewright_generator.domain.planning.limit_words import ADJECTIVES, ENTERED, done, left_undone
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.constraints import Constraint, Dimension, Point
from casewright_generator.domain.reading.demands import of_sentence
from casewright_generator.domain.reading.sentences import conjuncts
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Kind, Statement


def of_threshold(
    statement: Statement, constraint: Constraint, point: Point, setting: Setting
) -> TestCondition | None:
    """The condition of a point next to a threshold; `None` where the sentence can't be said with it."""
    text = " ".join(statement.text.split())
    at = text.lower().find(constraint.text.lower())
    if at < 0:
        return None
    if constraint.delay and statement.kind is Kind.PROHIBITION and statement.actions:
        return _too_late(statement, constraint, point)
    if constraint.delay:
        variant = _delayed(statement, constraint, point)
    else:
        told = spoken(statement, constraint, point)
        again = text[:at] + told + text[at + len(constraint.text) :]
        variant = of_sentence(statement.criterion, " ".join(again.split()), setting)
    if variant is None:
        return None
    states = tuple(one for one in statement.given if _IN_STATE.search(one) and one not in variant.given)
    variant = replace(variant, given=(*states, *variant.given))
    assumption = False
    if not point.inside:
        variant, assumption = _reversed(variant, statement, setting.errand, late=constraint.delay)
    return TestCondition(
        key=f"{normal(text)} {point.text}",
        technique=Technique.BOUNDARY_VALUE,
        criteria=(statement.criterion,),
        description=f"{variant.headline} ({point.place})",
        title=variant.headline,
        statement=variant,
        priority=Priority.MEDIUM,
        negative=not point.inside,
        values=(TestData(name=_measured(statement, constraint), value=point.text),),
        constraint=constraint.text,
        assumption=assumption,
    )


_IN_STATE = re.compile(r" is in the (?:status|state|phase|stage) ")


def _too_late(statement: Statement, constraint: Constraint, point: Point) -> TestCondition:
    """`A rating can't be changed after 24 hours`: it is changed just before, and refused from then on."""
    *before, last = statement.actions
    at = last.lower().find(constraint.text.lower())
    act = (
        f"{last[:at].strip()} {last[at + len(constraint.text) :].strip()}".strip(" .")
        if at >= 0
        else last[:-1]
    )
    plain = act[0].lower() + act[1:]
    span = f"Let {point.text} pass" if constraint.dimension is Dimension.DURATION else f"Make {point.text}"
    title = f"Refuse to {plain} after {point.text}" if point.inside else f"{act} after {point.text}"
    variant = replace(
        statement,
        kind=Kind.SCENARIO,
        actions=(
            *before,
            clauses.sentence(span),
            clauses.sentence(f"Try to {plain}" if point.inside else act),
        ),
        outcomes=(clauses.sentence(left_undone(act) if point.inside else done(act)),),
        headline=title,
    )
    return TestCondition(
        key=f"{normal(statement.text)} {point.text}",
        technique=Technique.BOUNDARY_VALUE,
        criteria=(statement.criterion,),
        description=f"{title} ({point.place})",
        title=title,
        statement=variant,
        negative=point.inside,
        values=(TestData(name=_measured(statement, constraint), value=point.text),),
        constraint=constraint.text,
    )


def _measured(statement: Statement, constraint: Constraint) -> str:
    """Name of the value that decides."""
    if constraint.dimension is Dimension.DURATION:
        return "time passed"
    if constraint.dimension is Dimension.COUNT:
        return f"number of {constraint.unit}"
    for condition in statement.conditions:
        for part in conjuncts(condition.text):
            clause = clauses.parse(part)
            if constraint.text.lower() in part.lower() and clause.subject:
                if constraint.dimension is Dimension.WEIGHT:
                    return f"weight of {observing.definite(clause.subject)}"
                return clauses.lower_first(ADJECTIVES.sub("", clause.subject)) or "value"
    text = " ".join(statement.text.split())
    before = text[: max(0, text.find(constraint.text))].split()
    while before and before[-1].lower() in words.PREPOSITIONS:
        before.pop()
    return clauses.lower_first(before[-1].strip(",.")) if before and before[-1].isalpha() else "value"


def spoken(statement: Statement, constraint: Constraint, point: Point) -> str:
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


def _delayed(statement: Statement, constraint: Constraint, point: Point) -> Statement | None:
    """`The link expires after 24 hours` with so and so much time gone by."""
    text = " ".join(statement.text.split())
    at = text.lower().find(constraint.text.lower())
    tail = text[at + len(constraint.text) :]
    lead, comma, main = tail.partition(",")
    if at == 0 and comma:
        qualifier = lead.strip()
    else:
        match = re.match(r"\s+(?:of|without|from|since)\b[^,.;]*", tail)
        qualifier = match.group().strip() if match else ""
        main = f"{text[:at].rstrip(' ,')}{tail[len(match.group()) if match else 0 :]}"
    clause = clauses.parse(main)
    if not clause.verb or not clause.subject:
        return None
    outcome = clauses.present(clause)
    span = f"{point.text} {qualifier}".strip()
    verb = "Enter" if observing.head(constraint.unit) in ENTERED else "Make"
    act = f"Let {span} pass" if constraint.dimension is Dimension.DURATION else f"{verb} {span}"
    return replace(
        statement,
        given=(),
        actions=(clauses.sentence(act),),
        outcomes=(clauses.sentence(outcome),),
        headline=f"{_capital(outcome)} after {span}",
        main=main,
        conditions=(),
        kind=Kind.SCENARIO,
    )


def _reversed(variant: Statement, statement: Statement, errand: str, *, late: bool) -> tuple[Statement, bool]:
    """The variant in which the outcome doesn't come, and whether that is an assumption."""
    when = " ".join(f"{c.marker} {clauses.lower_first(c.text.rstrip('.'))}" for c in variant.conditions)
    if statement.otherwise:
        headline = f"{statement.otherwise.rstrip('.')} {when}".strip()
        return replace(variant, outcomes=(statement.otherwise,), headline=headline), False
    negated = tuple(denied(outcome) for outcome in variant.outcomes[:1]) or ("This is refused.",)
    if variant.kind is Kind.CAPABILITY and variant.modal in {"must", "shall", "should"} and variant.given:
        return _free(variant, when, errand)
    if variant.kind is Kind.CAPABILITY:
        *before, last = variant.actions
        negated = (clauses.sentence(left_undone(last.rstrip("."))),)
        variant = replace(
            variant, actions=(*before, f"Try to {last[0].lower()}{last[1:]}"), actor=variant.actor
        )
        return replace(
            variant, outcomes=negated, headline=f"Not possible: {clauses.lower_first(variant.headline)}"
        ), True
    headline = f"{negated[0].rstrip('.')} {when}".strip()
    if late:
        headline = f"{negated[0].rstrip('.')} after {_after(variant)}"
    return replace(variant, outcomes=negated, headline=headline), not late


def _free(variant: Statement, when: str, errand: str) -> tuple[Statement, bool]:
    """The variant in which nobody is obliged."""
    act = clauses.parse(variant.actions[-1].rstrip("."))
    who = observing.definite(variant.subject or "the user")
    do = "do" if words.is_plural(who) else "does"
    headline = clauses.sentence(f"{who} {do} not have to {act.verb} {act.rest}").rstrip(".")
    actions = variant.actions[:-1] or ((clauses.sentence(errand),) if errand else ())
    outcome = clauses.sentence(headline)
    return replace(
        variant,
        kind=Kind.SCENARIO,
        actions=actions or (f"Go on without this: {clauses.lower_first(variant.actions[-1])}",),
        outcomes=(outcome,),
        headline=f"{headline} {when}",
        negated=True,
    ), True


def _after(variant: Statement) -> str:
    act = variant.actions[-1].rstrip(".")
    return act.removeprefix("Let ").removeprefix("Make ").removeprefix("Enter ").removesuffix(" pass")


def denied(outcome: str) -> str:
    """The contrary of an observation, as a sentence."""
    clause = clauses.parse(outcome.rstrip("."))
    if not clause.verb or not clause.subject:
        return clauses.sentence(f"This does not happen: {clauses.lower_first(outcome.rstrip('.'))}")
    if clause.subject.lower().startswith("no "):
        return clauses.sentence(clauses.present(clause, subject=words.with_article(clause.subject[3:])))
    if clause.perfect and clause.form is clauses.Form.ACTIVE:
        done = clauses.perfected(clause, negated=not clause.negated)
        return clauses.sentence(done)
    return clauses.sentence(clauses.present(clause, negated=not clause.negated))


def _capital(text: str) -> str:
    return clauses.capital(text)
