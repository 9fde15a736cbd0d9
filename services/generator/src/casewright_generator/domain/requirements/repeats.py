"""How often something is done: `once`, `twice a day`."""

import re
from collections.abc import Iterator
from decimal import Decimal

from casewright_generator.domain.requirements.comparators import Relation
from casewright_generator.domain.requirements.found import Found, bounded
from casewright_generator.domain.requirements.model import ConstraintKind

_ONLY_TIMES = re.compile(
    r"(?P<bound>\b(?:can|may|could|kann|darf|puede|peut)\b[^.;,]{0,60}|\bworks?|\bvalid|\bonly|"
    r"\bcounts?|\bnot more than|\bno more than|\bat most|\bmaximum(?: of)?|\bup to|\bnever more than|"
    r"\bmax\.?|"
    r"\bhöchstens|\bnur|\buse[ds]?|\bjust)\s*$",
    re.IGNORECASE,
)
_TWICE = re.compile(
    (
        r"\b(?<!at )(?P<word>once|twice|thrice|einmal|zweimal|dreimal|a single time|"
        r"one single time)\b(?! (?:the|an?\b(?! (?:second|"
        r"minute|hour|"
        r"day|week|month|year)\b)|more|again|he|she|it|they|that|this|you|we|somebody|someone|all|every(?! "
        r"(?:second|minute|hour|day|week|month|year|\d))|\w+ (?:has|have|is|are)|paid|done|finished|logged|"
        r"signed|\w+ed\b))"
    ),
    re.IGNORECASE,
)
_RATE = re.compile(
    (
        r"\s*(?:a|an|per|every|each|pro|por|par|al|am|im) (?:single )?(?P<unit>second|minute|hour|day|week|"
        r"month|year|tag|woche|monat|jahr|stunde|minute|día|semana|mes|jour|semaine|mois)\b"
    ),
    re.IGNORECASE,
)
_TIMES = {
    "once": 1,
    "a single time": 1,
    "one single time": 1,
    "twice": 2,
    "thrice": 3,
    "einmal": 1,
    "zweimal": 2,
    "dreimal": 3,
}
_FREQUENT = re.compile(r"\b(?:at least|mindestens|no less often than|minimum)\s*$", re.IGNORECASE)
_RARE = re.compile(
    (
        r"\b(?:at most|no more than|not more than|never more than|only|maximum|up to|more often than|more "
        r"than|höchstens|nur)\s*$"
    ),
    re.IGNORECASE,
)
_VERB_BEFORE = re.compile(
    (
        r"(?:\w+(?:ed|en|n)|works?|valid|happens?|sent|shown|run|runs|rings?|beeps?|blinks?|appears?|used|"
        r"exactly|only)\s*$"
    ),
    re.IGNORECASE,
)
_RATE_UNITS = {
    "second": "seconds",
    "minute": "minutes",
    "hour": "hours",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "year": "years",
    "tag": "days",
    "woche": "weeks",
    "monat": "months",
    "jahr": "years",
    "stunde": "hours",
    "día": "days",
    "semana": "weeks",
    "mes": "months",
    "jour": "days",
    "semaine": "weeks",
    "mois": "months",
}
_EVERY = re.compile(r"\s+(?:every|in) (?:\d|two|three|four|five|six|ten|half|an?\b)")
_ENDS = re.compile(
    r"\s*(?:[.,;|]|$|per\b|and\b|for\b|in\b|before\b|after\b|only\b|at\b|during\b|pro\b|with\b)"
)
_CUT = re.compile(r"[.;:|\n]")
_REACH = 70


def repetitions(masked: str) -> Iterator[Found]:
    """The repetitions of a text, in order."""
    for match in _TWICE.finditer(masked):
        value = Decimal(_TIMES[match["word"].lower()])
        lead = masked[max(0, match.start() - _REACH) : match.start()]
        tail = lead[max((cut.end() for cut in _CUT.finditer(lead)), default=0) :]
        rate = _RATE.match(masked, match.end())
        if rate and value == 1 and not _RARE.search(tail):
            relation = Relation.AT_MOST if _FREQUENT.search(tail) else Relation.EXACT
            unit = _RATE_UNITS[rate["unit"].lower()]
            yield bounded(
                ConstraintKind.DURATION, value, relation, unit=unit, start=match.start(), end=rate.end()
            )
        elif relation := _relation(masked, match.end(), tail, rated=rate is not None):
            yield bounded(
                ConstraintKind.COUNT, value, relation, unit="times", start=match.start(), end=match.end()
            )


def _relation(masked: str, end: int, tail: str, *, rated: bool) -> Relation:
    if _EVERY.match(masked, end):
        return Relation.NONE
    if masked[:end].endswith("single time"):
        return Relation.AT_MOST
    if _RARE.search(tail) or _ONLY_TIMES.search(tail):
        return Relation.AT_MOST
    if _FREQUENT.search(tail):
        return Relation.AT_LEAST
    twice = not masked[max(0, end - 8) : end].lower().endswith(("once", "einmal"))
    told = (twice or _VERB_BEFORE.search(tail)) and (rated or _ENDS.match(masked, end))
    return Relation.EXACT if told else Relation.NONE
