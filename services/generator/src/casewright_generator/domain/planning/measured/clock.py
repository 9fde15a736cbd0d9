"""Times of day and dates until which, or from which on, something holds."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Form
from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.measured.calendar import day
from casewright_generator.domain.planning.measured.cases import Datum, as_act, lowered, made, upper
from casewright_generator.domain.planning.measured.entered import accepted, refused
from casewright_generator.domain.planning.measured.sites import Site, phrase
from casewright_generator.domain.requirements.model import ConstraintKind

_TIME = re.compile(r"^\d\d:\d\d$")
_DATE = re.compile(r"^\d{4}-\d\d-\d\d$")
_RELATIVE = {
    "today": ("today", "yesterday", "tomorrow"),
    "tomorrow": ("tomorrow", "today", "the day after tomorrow"),
    "yesterday": ("yesterday", "two days ago", "today"),
}


def clock(site: Site) -> list[TestCondition]:
    """The conditions of a time or date; none where the sentence doesn't say what it bounds."""
    one = site.constraint
    if one.kind not in (ConstraintKind.TIME, ConstraintKind.DATE) or one.low == one.high:
        return []
    if site.label and not site.before:
        return _field(site)
    found = _rule(site)
    if found is None:
        return []
    rule, inverted, late = found
    made_ = []
    for bound, closed, up in ((one.low, one.low_in, False), (one.high, one.high_in, True)):
        around = _around(bound)
        if around is None:
            continue
        before, at, after = around
        if up:
            inner, outer = (at, after) if closed else (before, at)
        else:
            inner, outer = (at, before) if closed else (after, at)
        if late:
            inner, outer = (at, after) if up else (before, at)
        for moment, inside in ((inner, True), (outer, False)):
            made_.append(
                _condition(site, _other_end(site, rule) if up else rule, moment, holds=inside != inverted)
            )
    return made_


def _around(bound: object) -> tuple[str, str, str] | None:
    """The moments before, at and after a bound, each with its preposition."""
    text = str(bound) if bound is not None else ""
    if _TIME.match(text):
        at = datetime.strptime(text, "%H:%M")  # noqa: DTZ007  # a time of day, in any zone
        minute = timedelta(minutes=1)
        return tuple(f"at {one:%H:%M}" for one in (at - minute, at, at + minute))  # type: ignore[return-value]
    if _DATE.match(text):
        at = datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007  # a date, in any zone
        step = timedelta(days=1)
        return tuple(f"on {day(one)}" for one in (at - step, at, at + step))  # type: ignore[return-value]
    return None


def _other_end(site: Site, rule: str) -> str:
    """`No flight may begin before 07:00 or end after 21:00`: what is said of the second time."""
    match = re.search(r"\bor (?P<verb>[a-z]+) (?:after|later than|until|by)\b", site.constraint.text)
    return f"{rule.rpartition(' ')[0]} {match['verb']}" if match else rule


_LEAD = re.compile(
    r"^(?:only )?(?:from|until|till|after|before|by|between|up to|as of|starting|since)$", re.IGNORECASE
)
_TRAILING = re.compile(
    r" (?:only )?(?:from|until|till|after|before|by|between|up to|at|on|starting|starting at|as of|"
    r"no later than|not later than|at the latest by)$",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"^(?:$|[,;.]|on the\b|of the\b|each|every|a day|local|and start)", re.IGNORECASE)
_NEGLECT = re.compile(
    r"^(?P<who>(?:an? |the |every )?[\w' -]{2,30}?) (?:(?:that|which|who) (?:is|are|has|have)(?:n['\u2019]t|"
    r" not) (?:been )?|not )(?P<done>[\w ]+?) by$",
    re.IGNORECASE,
)
_NO = re.compile(r"^(?:no|nobody|nothing)\b", re.IGNORECASE)


def _rule(site: Site) -> tuple[str, bool, bool] | None:
    """What holds within the bounds, whether the contrary is said, and whether it is about a missed date."""
    before, after = site.before.rstrip(" ,"), site.after
    text = site.constraint.text
    missed = _NEGLECT.match(before) or (
        _NEGLECT.match(f"{before} by") if text.lower().startswith("by ") else None
    )
    if missed and after:
        rule = f"{missed['who']} {after}"
        return (rule, True, True) if _is_rule(rule) else None
    if not before or _LEAD.match(before):
        main = re.sub(r"^(?:on|onwards?)\b,? ?", "", after).lstrip(", ")
        return (main, False, False) if _is_rule(main) else None
    placed = re.match(
        r"^(?P<who>.+?) (?P<verb>placed|made|received|entered|submitted|sent|booked|posted) (?:by|before|"
        r"until|up to|after|from)$",
        before,
        re.IGNORECASE,
    ) or (
        re.match(
            r"^(?P<who>.+?) (?P<verb>placed|made|received|entered|submitted|sent|booked|posted)$",
            before,
            re.IGNORECASE,
        )
    )
    if placed and after:
        rule = f"{placed['who']} {after}"
        return (rule, False, False) if _is_rule(rule) else None
    rule = _TRAILING.sub("", before)
    if not _AFTERWARDS.match(after) or not _is_rule(rule) or " or " in rule or "," in rule:
        return None
    denied = bool(_NO.match(rule)) or clauses.parse(rule).negated
    return rule, denied, False


def _is_rule(rule: str) -> bool:
    clause = clauses.parse(rule)
    plain = clause.form in (Form.ACTIVE, Form.PASSIVE, Form.COPULA)
    return (
        plain
        and bool(clause.subject)
        and clause.subject.lower().split()[0]
        not in {"it", "they", "this", "that", "which", "who", "he", "she"}
    )


_EACH = re.compile(r"^(?:every|each|all|any)\b", re.IGNORECASE)


def _condition(site: Site, rule: str, moment: str, *, holds: bool) -> TestCondition:
    clause = clauses.parse(rule)
    joined = re.search(r"\b(?:and|but|or|who|which|that|only|nobody|never)\b|, ", rule)
    denied = clause.negated or bool(_NO.match(rule))
    positive = _one(re.sub(r"^no ", "", rule, flags=re.IGNORECASE)) if _NO.match(rule) else rule
    if denied:  # the rule itself says what doesn't happen beyond the bound
        outcome = rule if holds else _free(clause, positive)
    elif holds:
        outcome = clauses.present(clause) if clause.modal in {"must", "should", "shall"} else rule
    else:
        outcome = "" if joined or _EACH.match(rule) else clauses.present(clause, negated=True)
    outcome = outcome or f'The rule "{site.sentence}" does not apply'
    negative = not holds if not denied else holds
    date = moment.startswith("on ")
    return made(
        site,
        f"{upper(moment)}: {lowered(outcome)}",
        [(_act(rule, moment), outcome)],
        data=[Datum("date" if date else "time", moment.partition(" ")[2])],
        negative=negative,
    )


def _act(rule: str, moment: str) -> str:
    """How the moment is brought about: `Set the clock to 17:16, and ask for tickets`."""
    date = moment.startswith("on ")
    clause = clauses.parse(rule)
    subject = re.sub(r"^(?:no|the|an?|every|each) ", "", clause.subject, flags=re.IGNORECASE)
    what = "date" if date else "clock"
    if clause.form is Form.ACTIVE and clauses.is_actor(clause.subject):
        act = lowered(clauses.imperative(replace(clause, modal="", negated=False)))
        return f"Set the {what} to {moment.partition(' ')[2]}, and try this: {act}"
    return f"Set the {what} to {moment.partition(' ')[2]}, and look at the {lowered(subject)}"


def _one(rule: str) -> str:
    subject = clauses.parse(rule).subject
    return (
        f"{words.with_article(subject)}{rule[len(subject) :]}"
        if subject and rule.startswith(subject)
        else rule
    )


def _free(clause: clauses.Clause, positive: str) -> str:
    if clause.negated and not _NO.match(clause.subject):
        return clauses.present(clause, negated=False)
    return upper(clauses.present(clauses.parse(positive)) if not clauses.parse(positive).modal else positive)


def _field(site: Site) -> list[TestCondition]:
    """`Acceptance date: not later than today`: a date that is entered."""
    one, name = site.constraint, phrase(site.label)
    if not name:
        return []
    found, what = [], as_act(name)
    for bound, closed, up in ((one.low, one.low_in, False), (one.high, one.high_in, True)):
        around = _named(bound)
        if around is None:
            continue
        at, before, after = around
        beyond, within = (after, before) if up else (before, after)
        tries = ((at, True), (beyond, False)) if closed else ((within, True), (at, False))
        for value, inside in tries:
            act = f"For {as_act(name)}, enter {value}, and {'save' if inside else 'try to save'}"
            told = accepted(what)
            found.append(
                made(
                    site,
                    f"{upper(name)}: {value} {'accepted' if inside else 'refused'}",
                    [(act, told if inside else refused(site, what))],
                    data=[Datum(lowered(name), value)],
                    negative=not inside,
                )
            )
    return found


def _named(bound: object) -> tuple[str, str, str] | None:
    if bound in _RELATIVE:
        return _RELATIVE[str(bound)]
    around = _around(bound)
    return (
        (around[1].partition(" ")[2], around[0].partition(" ")[2], around[2].partition(" ")[2])
        if around
        else None
    )
