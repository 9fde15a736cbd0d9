"""Bounds by place in a row: `down to the fourth level`, `after the third try`, `a sixth one is refused`."""

import re
from collections.abc import Iterator
from decimal import Decimal

from casewright_generator.domain.language import words
from casewright_generator.domain.requirements import refusal
from casewright_generator.domain.requirements.amounts import plural_of
from casewright_generator.domain.requirements.clauses import Clauses
from casewright_generator.domain.requirements.comparators import Relation
from casewright_generator.domain.requirements.found import Found, bounded
from casewright_generator.domain.requirements.model import ConstraintKind

_ORDINALS = {
    name: place
    for place, name in enumerate(
        words.phrases(
            "second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth | eleventh | twelfth"
        ),
        start=2,
    )
}
_PLACE = (
    rf"(?:(?P<word>{'|'.join(_ORDINALS)})|(?P<digits>\d{{1,3}})(?:st|nd|rd|th))"
    r"(?: (?:consecutive|successive|failed|wrong|incorrect|unsuccessful|invalid|further|such|bad|vain|"
    r"mistaken|"
    r"[a-z]{3,12}(?:ed|ful|less)))?"
)
_NOUN = r" (?P<noun>[^\W\d_][\w-]{1,30})"
_DEPTH = re.compile(
    rf"\b(?:(?:down |up |only |even )to|until|as (?:far|deep|high) as|(?:nest|go|reach|run)\w*(?: \w+)? to) "
    rf"(?:and including )?(?:the|a) {_PLACE}{_NOUN}",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"\b(?:after|on|upon|with|at|following|by) (?:the|a|his|her|their) {_PLACE}{_NOUN}", re.IGNORECASE
)
_TRY = re.compile(
    r"(?:attempt|tr(?:y|ies)|retry|failure|mistake|error|miss|strike|no-show|warning|reminder|pin|code|"
    r"password|"
    r"time|entry|login|sign-in|call|scan|guess|input|request)s?",
    re.IGNORECASE,
)
"""What is done again and again; of days, floors or pages the place is a label."""
_GIVES_UP = re.compile(
    r"\b(?:giv(?:e|es|en|ing) up|gave up|abort\w*|abandon\w*|stop\w*|end(?:s|ed)?|kept|retained|swallowed|"
    r"over|"
    r"cancel\w*|clos(?:es?|ed)|void|invalid\w*|expires?|disabled?|reported|escalat\w*|fails?|is failed|"
    r"lost|dropped|"
    r"signed out|logged out|thrown out|withdrawn|deleted|removed|marked|handed)\b",
    re.IGNORECASE,
)
_ONE_MORE = re.compile(
    rf"\b(?:(?P<no>no|without a|never a)|an?|any|the|every|each) {_PLACE}{_NOUN}",
    re.IGNORECASE,
)
_WHOLE_TIME = re.compile(
    r"(?:second|minute|hour|day|week|month|quarter|year|monday|tuesday|wednesday|thursday|friday|saturday|"
    r"sunday|"
    r"time|factor|line|half|part|step|screen|page|column|row|party|person|round|case|section)s?",
    re.IGNORECASE,
)
_REACH = 160
_TO_BE = words.word_set("is are was were must can cannot can't may will shall gets get would has have does")


def places(clauses: Clauses, language: str) -> Iterator[Found]:
    """The bounds that places in a row make, in order; only in English."""
    if language != "en":
        return
    masked = clauses.masked
    for match in _DEPTH.finditer(masked):
        if not _WHOLE_TIME.fullmatch(match["noun"]) and match["noun"].lower() not in _TO_BE:
            yield _at_most(match, _value(match))
    for match in _AFTER.finditer(masked):
        start, end = _near(clauses, match)
        inside = masked[start:end]
        if _TRY.fullmatch(match["noun"]) and (
            _GIVES_UP.search(inside) or refusal.locks(inside) or refusal.refuses(inside, language)
        ):
            yield _at_most(match, _value(match))
    for match in _ONWARDS.finditer(masked):
        if not _WHOLE_TIME.fullmatch(match["noun"]):
            yield _bounded(match, _value(match), Relation.AT_LEAST)
    if not clauses.scenario:
        yield from _beyond(clauses, language)


def _near(clauses: Clauses, match: re.Match[str]) -> tuple[int, int]:
    """The clause around a match, as far as it is looked at."""
    start, end = clauses.span(match.start(), match.end())
    return max(start, match.start() - _REACH), min(end, match.end() + _REACH)


def _beyond(clauses: Clauses, language: str) -> Iterator[Found]:
    """`no second booking`, `a fourth device is refused`: one fewer is allowed."""
    masked = clauses.masked
    for match in _LOCKING.finditer(masked):
        if _TRY.fullmatch(match["noun"]) and refusal.locks(masked[match.end() : _near(clauses, match)[1]]):
            yield _at_most(match, _value(match))
    for match in _ONCE_MORE.finditer(masked):
        yield _at_most(match, _value(match) - 1)
    for match in _ONE_MORE.finditer(masked):
        noun = match["noun"].lower()
        if _WHOLE_TIME.fullmatch(noun) or noun in _TO_BE or noun in {"one", "of"}:
            continue
        start, end = _near(clauses, match)
        before = re.split(r"[,:]", masked[start : match.start()])[-1]
        told = f"{before} {masked[match.end() : end]}"
        spared = masked[match.start() :].lower().startswith("the ") and _AFTER_WORD.search(before)
        if match["no"] or (not spared and _OPENS.fullmatch(before) and refusal.refuses(told, language)):
            yield _at_most(match, _value(match) - 1)


_LOCKING = re.compile(
    rf"(?:^|(?<=[.;:!?] ))(?:the|a|an) {_PLACE}{_NOUN}(?= (?:in a row )?\w+s\b)", re.IGNORECASE
)
"""`The third failure locks …`"""
_ONCE_MORE = re.compile(
    rf"(?:\bnot|\bnever|\bcannot|n['\u2019]t) (?:\w+ ){{1,4}}an? {_PLACE} (?P<noun>time)\b", re.IGNORECASE
)
"""`may not be brought along a fifth time`"""
_AFTER_WORD = re.compile(r"\b(?:after|on|upon|with|at|following|by|until|to)\s*$", re.IGNORECASE)
_ONWARDS = re.compile(
    rf"\b(?:from|starting with|as of) the {_PLACE}{_NOUN} (?:on|onwards?|up|upwards)\b", re.IGNORECASE
)
_OPENS = re.compile(r"\W*(?:\w+ ){0,2}(?:and|then|so)?\W*", re.IGNORECASE)


def _value(match: re.Match[str]) -> Decimal:
    digits = match["digits"]
    return Decimal(digits) if digits else Decimal(_ORDINALS[match["word"].lower()])


def _at_most(match: re.Match[str], value: Decimal) -> Found:
    return _bounded(match, value, Relation.AT_MOST)


def _bounded(match: re.Match[str], value: Decimal, relation: Relation) -> Found:
    noun = plural_of(match["noun"])
    unit = noun if noun[:2].isupper() else noun.lower()
    return bounded(ConstraintKind.COUNT, value, relation, unit=unit, start=match.start(), end=match.end())
