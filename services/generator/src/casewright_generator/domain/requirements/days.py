"""Bounds by today, and the words that bound a date or a time of day."""

import re
from collections.abc import Iterator

from casewright_generator.domain.requirements import comparators, refusal
from casewright_generator.domain.requirements.clock import moments
from casewright_generator.domain.requirements.comparators import Relation
from casewright_generator.domain.requirements.found import Found, bounded
from casewright_generator.domain.requirements.model import ConstraintKind

_K = ConstraintKind
_FUTURE = re.compile(
    r"(?P<no>\b(?:not|never|no|cannot|n['\u2019]t|nicht|no puede|pas)\b(?: \w+){0,3}? )?(?:\b(?:lie |"
    r"be |set )?in (?:the|der) (?P<when>future|past|zukunft|vergangenheit)\b|(?:\ben el|\bdans le|"
    r"\bdans l['\u2019]) ?(?P<when2>futuro|futur|pasado|passé|avenir)\b)|"
    r"\b(?P<when3>future|past) (?:dates?|days?|bookings?|appointments?)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"\b(?P<rel>not (?:after|later than)|no later than|not before|no earlier than|not earlier than|"
    r"before|after|from|until|up to|by|on or before|on or after|earlier than|"
    r"later than|latest|at the latest|at the earliest|earliest|between|and|to|since|>=|<=|starting|"
    r"nicht nach|nicht vor|ab|bis)\s+(?:the day of (?:the |its |their )?(?P<day>(?!last|previous|first|"
    r"next)\w+)|"
    r"(?P<today>today(?:'s date)?|heute|hoy|aujourd['\u2019]hui|the current (?:day|date)|the present "
    r"day))\b(?P<or> or (?:later|earlier|after|before))?",
    re.IGNORECASE,
)
_TODAY_OR = re.compile(
    r"\b(?:today|the current (?:day|date)) or (?P<rel>later|after|earlier|before)\b", re.IGNORECASE
)
_DAY_RELATIONS = (
    (Relation.AT_LEAST, re.compile(r"\bat least (?:until|till)\s*(?:the )?$", re.IGNORECASE)),
    (
        Relation.AT_LEAST,
        re.compile(
            (
                r"\b(?:not before|no earlier than|not earlier than|no sooner than|from|since|"
                r"starting(?: at| on| "
                r"from)?|ab|desde|a partir de|dès|à partir de|frühestens|onwards from|from as early as|"
                r"earliest)\s*(?:the )?$"
            ),
            re.IGNORECASE,
        ),
    ),
    (
        Relation.AT_MOST,
        re.compile(
            (
                r"\b(?:not after|no later than|not later than|until|till|by|up to|up until|at the "
                r"latest|latest|"
                r"bis|spätestens|hasta|jusqu['\u2019]à|before or on|through|"
                r"tot)\s*(?:the |um |"
                r"at |las |(?:mon|tues|wednes|thurs|fri|satur|sun)day,? (?:at )?)?$"
            ),
            re.IGNORECASE,
        ),
    ),
    (
        Relation.MORE,
        re.compile(r"\b(?:after|past|later than|nach|después de|après)\s*(?:the |las )?$", re.IGNORECASE),
    ),
    (
        Relation.LESS,
        re.compile(r"\b(?:before|earlier than|prior to|vor|antes de|avant)\s*(?:the |las )?$", re.IGNORECASE),
    ),
)
_TODAY_RELATIONS = {
    "not after": Relation.AT_MOST,
    "not later than": Relation.AT_MOST,
    "no later than": Relation.AT_MOST,
    "until": Relation.AT_MOST,
    "up to": Relation.AT_MOST,
    "by": Relation.AT_MOST,
    "on or before": Relation.AT_MOST,
    "latest": Relation.AT_MOST,
    "at the latest": Relation.AT_MOST,
    "<=": Relation.AT_MOST,
    "nicht nach": Relation.AT_MOST,
    "bis": Relation.AT_MOST,
    "not before": Relation.AT_LEAST,
    "no earlier than": Relation.AT_LEAST,
    "not earlier than": Relation.AT_LEAST,
    "from": Relation.AT_LEAST,
    "on or after": Relation.AT_LEAST,
    "at the earliest": Relation.AT_LEAST,
    "earliest": Relation.AT_LEAST,
    ">=": Relation.AT_LEAST,
    "starting": Relation.AT_LEAST,
    "nicht vor": Relation.AT_LEAST,
    "ab": Relation.AT_LEAST,
    "before": Relation.LESS,
    "earlier than": Relation.LESS,
    "after": Relation.MORE,
    "later than": Relation.MORE,
}
_OF_SUBJECT = re.compile(
    r"\b(?:dated|lying|dates?|set|that (?:is|are|lies?)|which (?:is|are|lies?)|\w+s|days?)\s*$"
)
"""What stands in the subject is what the sentence then refuses: `entries dated in the future are refused`."""
_AHEAD = frozenset({"future", "zukunft", "futuro", "futur", "avenir"})
_RANGE = re.compile(r"\b(?:between|from)\b")
_SPAN = re.compile(r"(?:minutes?|hours?|days?|weeks?|months?|years?)\s*$")
_DATE_REACH = 40
_RANGE_REACH = 70
_REST = 80


def of_day(relation: Relation, lead: str, language: str) -> Relation:
    """The relation of a date or time of day to the words before it, where no comparator says another."""
    tail = lead[-24:]
    if _AT.search(tail) and not _BOUNDED_AT.search(tail):
        ends = _ends_of_day(lead)
        told = ends is Relation.NONE and relation in {Relation.AT_MOST, Relation.AT_LEAST}
        return relation if told else ends  # `at 22:00 at the latest`
    if relation not in {Relation.NONE, Relation.LESS}:
        return relation
    for found, pattern in _DAY_RELATIONS:
        if match := pattern.search(tail):
            upto = len(lead) - len(tail) + match.start()
            negated = found in {Relation.MORE, Relation.LESS} and comparators.denied(lead[:upto], language)
            return comparators.FLIPPED[found] if negated else found
    return relation


def _ends_of_day(lead: str) -> Relation:
    """`the earliest one starts at …`, `closes at …`: the verb itself makes no bound."""
    clause = _PHRASE.split(lead)[-1]
    if _EARLIEST.search(clause):
        return Relation.AT_LEAST
    return Relation.AT_MOST if _LATEST.search(clause) else Relation.NONE


def hours(lead: str, gap: str) -> bool:
    """Whether two times of day are opening and closing: `open at … and close at …`."""
    return bool(_OPENS.search(lead) and _CLOSES.fullmatch(gap))


_OPENS = re.compile(
    r"\b(?:opens?|opened|starts?|begins?|starting|beginning|opening)(?: daily| every day)?(?: at)?\s*$"
)
_CLOSES = re.compile(
    r",? (?:and|to) (?:(?:it|they) )?(?:closes?|ends?|finish(?:es)?|stops?|shuts?|closing|ending)(?: "
    r"again)?(?: at)? ?"
)
_AT = re.compile(r"\b(?:at|um)\s*$", re.IGNORECASE)
_BOUNDED_AT = re.compile(
    r"\b(?:earliest|latest|starting|least|most|earlier|later|before|after|until|till|from|to|or)\s+at\s*$",
    re.IGNORECASE,
)
_PHRASE = re.compile(r"[,;]| and | but | or ")
_EARLIEST = re.compile(r"\b(?:earliest|first)\b(?! of)", re.IGNORECASE)
_LATEST = re.compile(r"\b(?:latest|last)\b(?! of)", re.IGNORECASE)


def relative_days(masked: str, language: str) -> Iterator[Found]:
    """`not in the future`, `today or later`, `between 1 May 2026 and today`."""
    yield from _tenses(masked, language)
    for match in _TODAY_OR.finditer(masked):
        relation = Relation.AT_LEAST if match["rel"].lower() in {"later", "after"} else Relation.AT_MOST
        yield _today(relation, match.start(), match.end())
    for match in _TODAY.finditer(masked):
        if not match["or"] and (found := _by_today(masked, match, language)):
            yield found


def _today(relation: Relation, start: int, end: int) -> Found:
    return bounded(_K.DATE, "today", relation, unit="", start=start, end=end)


def _tenses(masked: str, language: str) -> Iterator[Found]:
    for match in _FUTURE.finditer(masked):
        if _SPAN.search(masked[: match.start()][-12:]):
            continue  # `at least one hour in the future`
        ahead = (match["when"] or match["when2"] or match["when3"]).lower() in _AHEAD
        clause = masked[match.start() : match.end() + 80].split(".", maxsplit=1)[0]
        if match["when3"]:
            no = refusal.refuses(clause, language) or comparators.denied(masked[: match.start()], language)
            if not no:
                continue
        else:
            no = bool(match["no"]) or comparators.denied(masked[: match.start()], language)
            no = no or (
                (_OF_SUBJECT.search(masked, 0, match.start()) is not None)
                and refusal.refuses(
                    masked[match.end() : match.end() + 80].split(".", maxsplit=1)[0], language
                )
            )
        wanted = Relation.MORE if ahead else Relation.LESS
        yield _today(comparators.FLIPPED[wanted] if no else wanted, match.start(), match.end())


def _by_today(masked: str, match: re.Match[str], language: str) -> Found | None:
    spoken = match["rel"].lower()
    if spoken in {"and", "to"}:
        return _until_today(masked, match)
    if match["day"] and not spoken.startswith(("not", "no")):
        return None
    relation = _TODAY_RELATIONS.get(spoken, Relation.NONE)
    denied = comparators.denied(masked[: match.start()], language)
    rest = masked[match.end() : match.end() + _REST].split(".", maxsplit=1)[0]
    if spoken in {"before", "after"} and (denied or refusal.refuses(rest, language)):
        relation = comparators.FLIPPED[relation]
    return None if relation is Relation.NONE else _today(relation, match.start(), match.end())


def _until_today(masked: str, match: re.Match[str]) -> Found | None:
    shift = max(0, match.start() - _DATE_REACH)
    dates = [one for one in moments(masked[shift : match.start()]) if one.kind is _K.DATE]
    if not dates or not _RANGE.search(masked[max(0, match.start() - _RANGE_REACH) : match.start()]):
        return None
    return Found(_K.DATE, shift + dates[-1].start, match.end(), low=dates[-1].value, high="today")
