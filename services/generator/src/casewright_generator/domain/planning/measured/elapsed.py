"""Spans of time after which, until which or for how long before which something holds."""

import re
from decimal import Decimal

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Form
from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.measured.calendar import Moments, moments
from casewright_generator.domain.planning.measured.cases import Datum, lowered, made, upper
from casewright_generator.domain.planning.measured.points import shown
from casewright_generator.domain.planning.measured.sites import Site
from casewright_generator.domain.planning.measured.spans import Span, span
from casewright_generator.domain.requirements.model import ConstraintKind

_KINDS = frozenset({ConstraintKind.TIMEOUT, ConstraintKind.DURATION})
_AUTOMATIC = re.compile(
    r",? (?:automatically|by (?:itself|themselves|the system)|on (?:its|their) own|without [^,]*|"
    r"again by itself)$",
    re.IGNORECASE,
)
_MAY = frozenset({"can", "may", "could", "might"})
_JOINED = re.compile(
    r"\b(?:and|but|or|who|which|that|only|nobody|never|no)\b|, |n['\u2019]t\b|\bnot\b", re.IGNORECASE
)


def elapsed(site: Site) -> list[TestCondition]:
    """The conditions on both sides of the moment; none where the sentence doesn't say one."""
    one = site.constraint
    value = one.high if isinstance(one.high, Decimal) else one.low
    if one.kind not in _KINDS or not isinstance(value, Decimal):
        return []
    found = span(site)
    if found is None:
        return []
    times = moments(value, one.unit, ahead=found.ahead)
    if times is None:
        return []
    return [
        _condition(site, found, times, side, outcome, negative=negative)
        for side, outcome, negative in _sides(site, found)
    ]


_BEFORE, _AT, _AFTER = range(3)


def _sides(site: Site, found: Span) -> list[tuple[int, str, bool]]:
    """When to look, what is seen then, and whether that is the contrary of the rule."""
    rule = found.rule.strip(" ,.")
    said = _AUTOMATIC.sub("", rule)
    clause = clauses.parse(said)
    joined = bool(_JOINED.search(said))
    if found.holds:
        held = clauses.present(clause) if clause.modal and clause.modal not in _MAY else said
        ended = f"This no longer holds: {_told(rule, site)}" if joined else _ended(clause, said)
        first = (_AT if found.ahead or site.constraint.high is None else _BEFORE, held, False)
        least = site.constraint.high is None and not found.ahead
        return [first] if least else [first, (_AFTER, ended, True)]
    comes = clauses.present(clause) if clause.modal and clause.modal not in _MAY else rule
    not_yet = "" if joined else _not_yet(clause)
    nothing = clause.negated or rule.lower().startswith(("no ", "nobody ", "nothing "))
    open_ = f"This {'does not apply' if nothing else 'has not happened'} yet: {_told(rule, site)}"
    late = not site.constraint.low_in and site.constraint.low is not None
    return [
        (_AT if late else _BEFORE, not_yet or open_, True),
        (_AFTER if late else _AT, comes, False),
    ]


def _told(rule: str, site: Site) -> str:
    return f'"{rule}"' if rule in site.sentence else rule


def _not_yet(clause: clauses.Clause) -> str:
    """`The link has not expired yet`; empty where that can't be said of the clause."""
    if clause.negated or clause.modal or not clause.verb:
        return ""
    has = words.has_have(clause.subject)
    if clause.form is Form.PASSIVE:
        done = clause.written or words.participle(clause.verb)
        return f"{clause.subject} {has} not been {done} {clause.rest}".strip() + " yet"
    if clause.form is Form.ACTIVE and clause.verb != "get":
        return f"{clause.subject} {has} not {words.participle(clause.verb)} {clause.rest}".strip() + " yet"
    return f"{clauses.present(clause, negated=True)} yet"


def _ended(clause: clauses.Clause, said: str) -> str:
    """`The link is no longer valid`."""
    rest = f" {clause.rest}".rstrip()
    done = clause.written or words.participle(clause.verb)
    if clause.negated:
        return f'This no longer holds: "{said}"'
    if clause.modal in _MAY:
        act = f"be {done}" if clause.form is Form.PASSIVE else clause.verb
        return f"{clause.subject} can no longer {act}{rest}"
    be = words.is_are(clause.subject)
    if clause.form is Form.COPULA:
        return f"{clause.subject} {be} no longer{rest}"
    if clause.form is Form.PASSIVE:
        return f"{clause.subject} {be} no longer {done}{rest}"
    verb = clause.verb if words.is_plural(clause.subject) else words.third_person(clause.verb)
    return f"{clause.subject} no longer {verb}{rest}"


def _condition(
    site: Site, found: Span, times: Moments, side: int, outcome: str, *, negative: bool
) -> TestCondition:
    one = site.constraint
    value = one.high if isinstance(one.high, Decimal) else one.low
    written = shown(one, value) if isinstance(value, Decimal) else one.text
    if isinstance(value, Decimal) and one.unit == "hours" and value != value.to_integral():
        written = f"{value * 60:.0f} minutes"
    moment = (times.before, times.at, times.after)[side]
    told = ("just under", "exactly", "just over")[2 - side if found.ahead else side]
    event = found.start.strip(" ,.")
    when = f"{told} {written} {f'before {lowered(event)}' if found.ahead else 'later'}"
    waited = times.waited[side]
    given = [*found.given, _started(found, event, times.start, written, waited=bool(waited))]
    how = f" {lowered(event)}" if waited and event.lower().startswith(("without", "with no")) else ""
    act = f"Wait {waited}{how}" if waited else f"Set the clock to {moment}, {when}"
    data = [Datum("time waited", waited)] if waited else [Datum("clock", moment, sample=True)]
    if not waited:
        data.insert(0, Datum("start" if not found.ahead else "event", times.start, sample=True))
    return made(
        site, f"{upper(outcome)} ({when})", [(act, outcome)], given=given, data=data, negative=negative
    )


def _started(found: Span, event: str, start: str, written: str, *, waited: bool) -> str:  # noqa: PLR0911  # one return for each form of a sentence
    """From when on the time counts."""
    if not event or event.lower().startswith(("without", "with no")):
        return "" if waited else f"The {written} start on {start}"
    if found.since:
        if waited:
            return upper(event)
        if found.clause:
            return f"From {start} on, {lowered(event)}"
        return f"Since {start}, there {words.has_have(event)} been {lowered(event)}"
    if waited:
        return "" if not found.clause else f"This has just happened: {lowered(event)}"
    if found.clause:
        return f"{upper(event)} on {start}"
    if words.is_plural(event):
        return f"This happens on {start}: {lowered(event)}"
    return f"{upper(event)} {words.is_are(event) if found.ahead else 'took place'} on {start}"
