"""Decision tables: each condition of a rule made false once, and each alternative of an `or` alone."""

import re
from dataclasses import replace

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.masking import mask
from casewright_generator.domain.planning.conditions import TestCondition, normal
from casewright_generator.domain.reading.contraries import denied
from casewright_generator.domain.reading.sentences import conjuncts
from casewright_generator.domain.reading.situations import Setting, sort_conditions
from casewright_generator.domain.reading.statements import Condition, Kind, Statement

_MARKERS = frozenset(
    {
        "if",
        "when",
        "only if",
        "only when",
        "while",
        "where",
        "given",
        "given that",
        "unless",
        "until",
        "only while",
    }
)


def conditions(statement: Statement, setting: Setting) -> list[TestCondition]:
    """The rows of a rule beside the one in which everything holds."""
    rule = next((c for c in statement.conditions if c.marker in _MARKERS), None)
    if rule is None or not statement.outcomes:
        return []
    alternatives = _alternatives(rule.text)
    if len(alternatives) > 1:
        return _each_alone(statement, rule, alternatives, setting)
    parts = conjuncts(rule.text)
    if len(parts) > 1:
        return _each_false(statement, rule, parts, setting)
    return _opposite(statement, rule, setting)


def _alternatives(text: str) -> list[str]:
    masked = mask(text).lower()
    at = masked.find(" or ")
    if at < 0:
        return [text]
    left, right = text[:at].strip(" ,"), text[at + 4 :].strip()
    one, two = clauses.parse(left), clauses.parse(right)
    if not one.has_predicate or not one.subject or not two.has_predicate:
        return [text]
    if (two.form is clauses.Form.ACTIVE and not two.subject) or right.split()[0].lower() in words.AUXILIARIES:
        right = f"{one.subject} {right}"
    elif not two.subject:
        return [text]
    return [left, *_alternatives(right)]


def _each_alone(
    statement: Statement, rule: Condition, parts: list[str], setting: Setting
) -> list[TestCondition]:
    found = []
    for part in parts:
        given, actions = sort_conditions((Condition(rule.marker, part),), setting)
        own, _ = sort_conditions((rule,), setting)
        last = statement.actions[-1:] if own else ()
        variant = replace(
            statement,
            given=given,
            actions=(*actions, *last) if given or not actions else actions,
            headline=f"{statement.outcomes[0].rstrip('.')} {rule.marker} {clauses.lower_first(part)}",
        )
        found.append(_condition(statement, variant, part, assumption=False, negative=False))
    return [*found, *_none(statement, rule, parts, setting)]


def _none(statement: Statement, rule: Condition, parts: list[str], setting: Setting) -> list[TestCondition]:
    """The row in which none of the alternatives holds."""
    contraries = tuple(denied(part) for part in parts)
    if rule.marker == "unless" or not all(_is_state(part, setting) for part in parts):
        return []
    outcomes = _outcomes(statement)
    told = " and ".join(clauses.lower_first(one.rstrip(".")) for one in contraries)
    variant = replace(
        statement,
        given=contraries,
        outcomes=outcomes,
        headline=f"{outcomes[0].rstrip('.')} {rule.marker.removeprefix('only ')} {told}",
    )
    return [_condition(statement, variant, told, assumption=not statement.otherwise, negative=True)]


def _each_false(
    statement: Statement, rule: Condition, parts: list[str], setting: Setting
) -> list[TestCondition]:
    found = []
    for index, part in enumerate(parts):
        clause = clauses.parse(part)
        bounded = any(one.text.lower() in part.lower() for one in statement.constraints)
        if not clause.subject or bounded or not _is_state(part, setting):
            continue
        others = tuple(Condition(rule.marker, other) for place, other in enumerate(parts) if place != index)
        given, actions = sort_conditions(others, setting)
        contrary = denied(part)
        told = clauses.lower_first(contrary.rstrip("."))
        duty = _is_duty(statement)
        if duty and not setting.errand:
            continue
        outcomes = (_relieved(statement, parts),) if duty else _outcomes(statement)
        doing = (clauses.sentence(setting.errand),) if duty else statement.actions
        variant = replace(
            statement,
            given=(*given, contrary),
            actions=actions or doing,
            actor="" if duty else statement.actor,
            kind=Kind.CASE if duty else statement.kind,
            outcomes=outcomes,
            headline=f"{outcomes[0].rstrip('.')} {rule.marker} {told}",
        )
        found.append(
            _condition(statement, variant, contrary, assumption=not statement.otherwise, negative=True)
        )
    return found


_DUTIES = frozenset({"must", "shall", "should", "has to", "have to", "needs to", "need to"})


def _is_duty(statement: Statement) -> bool:
    """`…, the manager must approve it`: where it doesn't apply, the manager isn't kept from it."""
    return statement.kind is Kind.CAPABILITY and statement.modal in _DUTIES and not statement.negated


def _relieved(statement: Statement, parts: list[str]) -> str:
    """The contrary of a duty: `The manager does not have to approve the booking`."""
    clause = clauses.parse(statement.main)
    who, thing = clause.subject, clauses.parse(parts[-1]).subject
    named = thing and not words.is_plural(thing)
    rest = re.sub(r"^it\b", lambda _: clauses.lower_first(thing), clause.rest) if named else clause.rest
    do = "do" if words.is_plural(who) else "does"
    return clauses.sentence(f"{who} {do} not have to {clause.verb} {rest}")


def _opposite(statement: Statement, rule: Condition, setting: Setting) -> list[TestCondition]:
    """What the sentence says of the contrary: `only if`, `unless`, `otherwise`."""
    told = bool(statement.otherwise) or rule.marker.startswith("only") or rule.marker == "unless"
    if not _is_state(rule.text, setting) or (not told and not _is_two_sided(statement, rule)):
        return []
    if statement.otherwise and any(one.text.lower() in rule.text.lower() for one in statement.constraints):
        return []  # the limit's own cases say it
    met = rule.marker in {"unless", "until"}
    contrary = clauses.sentence(rule.text) if met else denied(rule.text)
    kept = tuple(
        one for one in statement.given if normal(one) not in (normal(rule.text), normal(denied(rule.text)))
    )
    outcomes = _outcomes(statement)
    marker = "if" if rule.marker.startswith("only") or met else rule.marker
    *before, last = statement.actions
    tried = last if statement.otherwise or not statement.assumed else f"Try to {last[0].lower()}{last[1:]}"
    variant = replace(
        statement,
        given=(*kept, contrary),
        actions=(*before, tried),
        outcomes=outcomes
        if not statement.assumed or statement.otherwise
        else ("This is refused, and nothing has changed.",),
        headline=f"{outcomes[0].rstrip('.')} {marker} {clauses.lower_first(contrary.rstrip('.'))}",
    )
    return [_condition(statement, variant, contrary, assumption=not told, negative=True)]


def _is_two_sided(statement: Statement, rule: Condition) -> bool:
    """Whether the contrary is worth a case, although the story doesn't speak of it: one state, one result."""
    clause = clauses.parse(rule.text)
    result = clauses.parse(statement.outcomes[0].rstrip("."))
    limited = any(one.text.lower() in rule.text.lower() for one in statement.constraints)
    return (
        statement.kind is Kind.SCENARIO
        and len(statement.conditions) == 1
        and len(statement.outcomes) == 1
        and not limited
        and rule.marker in {"if", "when", "while", "until", "where"}
        and bool(clause.subject and clause.verb and result.subject and result.verb)
        and (
            clause.form in (clauses.Form.COPULA, clauses.Form.PASSIVE)
            or clause.perfect
            or clause.negated
            or clause.subject.lower().startswith("no ")
        )
        and not clause.modal
        and (rule.marker == "until" or not rule.text.lower().startswith("both "))
        and not any(map(str.isdigit, statement.outcomes[0]))
        and not (rule.marker != "until" and set(rule.text.lower().split()[1:]) & _UNDENIABLE)
    )


_UNDENIABLE = words.word_set(
    "another other any only more less too also no missing unknown invalid unavailable already been"
)
"""Words whose contrary isn't said by a `not`."""


def _outcomes(statement: Statement) -> tuple[str, ...]:
    if statement.otherwise:
        return (statement.otherwise,)
    return (denied(statement.outcomes[0]),)


def _is_state(text: str, setting: Setting) -> bool:
    given, actions = sort_conditions((Condition("if", text),), setting)
    return bool(given) and not actions


def _condition(
    statement: Statement, variant: Statement, tag: str, *, assumption: bool, negative: bool
) -> TestCondition:
    stateful = (
        any("while" in one.marker for one in statement.conditions) or " status" in statement.text.lower()
    )
    return TestCondition(
        key=f"{normal(statement.text)} {normal(tag)}",
        technique=Technique.STATE_TRANSITION if stateful else Technique.DECISION_TABLE,
        criteria=(statement.criterion,),
        description=variant.headline,
        title=variant.headline,
        statement=variant,
        negative=negative,
        assumption=assumption,
    )
