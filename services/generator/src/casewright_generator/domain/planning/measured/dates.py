"""Dates that somebody enters, bounded by today: `The start date must be at most 30 days ahead`."""

import re
from decimal import Decimal

from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.measured.cases import Datum, as_act, made, upper
from casewright_generator.domain.planning.measured.entered import accepted
from casewright_generator.domain.planning.measured.points import shown
from casewright_generator.domain.planning.measured.sites import Site, phrase
from casewright_generator.domain.requirements.model import ConstraintKind

_DATED = re.compile(
    r"^(?P<thing>(?:(?:the|an?|every|each) )?(?:[a-z-]+ ){0,3}(?:date|day)) (?:must|may|can|should|shall|"
    r"has to|is to) (?:not |only )?(?:be|lie)\b",
    re.IGNORECASE,
)
_FROM_TODAY = re.compile(
    r"^(?:(?:from|after) (?:today|now)|in the future|ahead|in advance)(?:$|[,;.])", re.IGNORECASE
)
_FUTURE = re.compile(r"\bin the future$", re.IGNORECASE)
_DAYS = frozenset({"days", "weeks", "months", "years"})


def dates(site: Site) -> list[TestCondition]:
    """The last date that is allowed and the day after it, or tomorrow and today; none for other bounds."""
    one, match = site.constraint, _DATED.match(site.sentence)
    name = phrase(match["thing"]) if match else ""
    if not name:
        return []
    told = site.after.startswith(",")  # the plain form has its case already
    if told and one.kind is ConstraintKind.DATE and one.low == "today" and _FUTURE.search(one.text):
        return [
            _condition(site, name, "tomorrow", inside=True),
            _condition(site, name, "today", inside=False),
        ]
    bounded = (
        one.kind in (ConstraintKind.DURATION, ConstraintKind.TIMEOUT) and one.low is None and one.high_in
    )
    if not bounded or one.unit not in _DAYS or not _FROM_TODAY.match(site.after):
        return []
    if not isinstance(one.high, Decimal):
        return []
    span = shown(one, one.high)
    beyond = shown(one, one.high + 1) if one.unit == "days" else f"{span} and 1 day"
    return [
        _condition(site, name, f"{span} from today", inside=True),
        _condition(site, name, f"{beyond} from today", inside=False),
    ]


def _condition(site: Site, name: str, day: str, *, inside: bool) -> TestCondition:
    what = as_act(name)
    action = (
        f"For {what}, enter the date of {day}"
        if day in {"today", "tomorrow"}
        else (f"For {what}, enter the date that is {day}")
    )
    refused = f"The input for {what} is refused with a message, and nothing is saved"
    return made(
        site,
        f"{upper(name)}: {day} {'accepted' if inside else 'refused'}",
        [(f"{action}, and {'save' if inside else 'try to save'}", accepted(what) if inside else refused)],
        data=[Datum(what, day)],
        negative=not inside,
    )
