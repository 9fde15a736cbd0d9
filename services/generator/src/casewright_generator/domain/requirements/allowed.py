"""The bound of what is allowed, where a sentence tells what is refused."""

import re
from itertools import pairwise

from casewright_generator.domain.requirements import refusal
from casewright_generator.domain.requirements.clauses import Clauses
from casewright_generator.domain.requirements.comparators import FLIPPED, Relation
from casewright_generator.domain.requirements.measures import Point
from casewright_generator.domain.requirements.model import ConstraintKind

_K = ConstraintKind
_STRICT = frozenset({Relation.MORE, Relation.LESS})
_ATTEMPTS = re.compile(
    r"\b(?:after|on|nach|bei|tras|après|following|at)\s+(?:the |a total of |another |den )?$", re.IGNORECASE
)
_FURTHER = re.compile(r"\b(?:further|another|more|additional|next|one more|second|new)\b", re.IGNORECASE)
_WRONG = re.compile(
    r"\b(?:wrong\w*|incorrect\w*|fail\w*|invalid\w*|false|mistyped|falsch\w*|incorrect[oa]\w*)\b",
    re.IGNORECASE,
)
_WRONG_BEHIND = re.compile(r"\w+ (?:wrong|incorrect|failed|invalid|false|mistyped)\b", re.IGNORECASE)
_ANSWERED = re.compile(r"[^.;\n|]{0,40}\|[^.;\n]{0,40}?\b(?:HTTP )?4\d\d\b")
"""The cells of a row after the value: what is told of it there is an error."""
_ENDS = re.compile(
    r"\b(?:closed|signed out|logged out|deleted|ends|stopped|aborted|cancelled|void|invalidated|disabled)\b",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"[^,;.]{0,30}?\b(?:is|are|comes?|goes?|travels?) (?:\w+ly )?(?:free|allowed|permitted|possible|included|"
    r"covered|accepted|tolerated|let through|gratis)\b",
    re.IGNORECASE,
)
_STOPS = re.compile(
    r"\b(?:ends?|stops?|breaks? off|(?:is|are|gets?) (?:cut|cut off|truncated|shortened|trimmed|clipped|"
    r"wrapped))"
    r" (?:after|at|to|down to)\s*$",
    re.IGNORECASE,
)
_TURNED = re.compile(r"\b(?:has|have|had|having) (?:turned|reached)\s*$", re.IGNORECASE)
_MAY_BE = re.compile(
    r" (?:can|may) be (?:used|booked|added|picked|chosen|swapped|drawn|borrowed|renewed|claimed|"
    r"saved|selected|"
    r"invited|uploaded)\b"
)
_NEEDED = re.compile(r"\b(?:needs? to|must|has to|have to) be\s*$", re.IGNORECASE)
_OF_EACH = re.compile(r"\b(?:each|every)\b", re.IGNORECASE)
_KEEPS = re.compile(r"\b(?:holds?|has a capacity of)\s*$", re.IGNORECASE)
_HOLDS = re.compile(r"\b(?:holds?|takes?|stores?|accepts?|carries|carry)\s*$", re.IGNORECASE)
_TRIES = frozenset({"attempts", "tries", "retries", "guesses", "chances", "goes", "shots"})
_GIVEN = re.compile(
    r"\b(?:has|have|gets?|got|allow(?:s|ed)?|given|with|grants?|granted)(?: \w+)?\s*$", re.IGNORECASE
)
_BEHIND = 24
_FIELDS = re.compile(r"\b(?:fields?|inputs?|text box(?:es)?)\b", re.IGNORECASE)
_EACH = re.compile(r",? each\b", re.IGNORECASE)
_COORDINATE = re.compile(r", (?:and|while|whereas|und|y|et) ")
_FINITE = (
    r"(?:must|shall|should|will|would|can|could|may|might|cannot|is|are|was|were|has|have|had|does|do|did|"
    r"gets?|"
    r"never|(?:must|should|wo|wouldn|couldn|ca|is|are|was|were|does|do|did|has|have)n?['\u2019]t)"
)
_SECOND_PREDICATE = re.compile(rf",? (?:and|or) (?={_FINITE}\b)", re.IGNORECASE)
_PREDICATE = re.compile(rf"\b{_FINITE}\b", re.IGNORECASE)
_HELD = re.compile(r"\W*(?:and )?(?:if|when|with|for|unless)\b", re.IGNORECASE)
_OR_MORE = re.compile(r",? (?:or|and) |\+")
_ALREADY = re.compile(r"\balready\b")
_BEYOND = re.compile(r"\bexceed|\bbeyond|\babove")


def allowed(
    clauses: Clauses,
    point: Point,
    relation: Relation,
    kind: ConstraintKind,
    lead: str,
    *,
    language: str,
    inherited: bool,
) -> Relation:
    """How values that are allowed stand to a point.

    Args:
        clauses: Those of the text that it stands in.
        point: A value.
        relation: What its comparator says.
        kind: What it measures.
        lead: The words before it.
        language: A code of `tongue`.
        inherited: Whether the sentence before refused, and this one says the same.
    """
    start, end = clauses.span(point.start, point.end)
    inside = clauses.masked[start:end]
    times = relation is Relation.NONE and kind is _K.COUNT
    told = _told(kind, point.unit, lead, clauses.masked[point.end : point.end + _BEHIND])
    if relation is Relation.NONE and told is not Relation.NONE:
        return told
    if not _is_refused(clauses, point, inside, start, language) and not (inherited and relation in _STRICT):
        tried = times and _ATTEMPTS.search(lead) and refusal.locks(inside)
        wrong = times and point.unit == "times" and _WRONG.search(inside) and _ENDS.search(inside)
        free = times and _FREE.match(clauses.masked, point.end)
        in_row = times and _WRONG_BEHIND.match(clauses.masked, point.start) and refusal.locks(inside)
        return Relation.AT_MOST if tried or wrong or free or in_row else relation
    if relation in _STRICT:
        return FLIPPED[relation]
    if relation is Relation.AT_LEAST and _OR_MORE.match(clauses.masked, point.end):
        return Relation.LESS
    full = clauses.scenario and (_FURTHER.search(clauses.masked) or _ALREADY.search(clauses.masked))
    if times and (full or _ATTEMPTS.search(lead) or point.unit == "times" or _ALREADY.search(lead)):
        return Relation.AT_MOST
    amount = relation is Relation.NONE and kind in {_K.MONEY, _K.SIZE}
    beyond = amount and clauses.scenario and _BEYOND.search(clauses.masked)
    return Relation.AT_MOST if beyond else relation


def _told(kind: ConstraintKind, unit: str, lead: str, behind: str) -> Relation:
    """What words other than comparators say of a value: `ends after 30 words`, `has turned 40`."""
    shortened = _STOPS.search(lead) or (_FIELDS.search(lead) and _EACH.match(behind))
    sized = kind in {_K.SIZE, _K.LENGTH, _K.WEIGHT} or (kind is _K.NUMBER and unit != "")
    held = (sized and _HOLDS.search(lead)) or (
        kind is _K.COUNT and _KEEPS.search(lead) and not _OF_EACH.search(lead)
    )
    if (kind in {_K.LENGTH, _K.COUNT} and shortened) or held:
        return Relation.AT_MOST
    if kind is _K.COUNT and _MAY_BE.match(behind):
        return Relation.AT_MOST
    if kind is _K.COUNT and unit in _TRIES and _GIVEN.search(lead):
        return Relation.AT_MOST
    aged = kind is _K.AGE and (_TURNED.search(lead) or _NEEDED.search(lead))
    return Relation.AT_LEAST if aged else Relation.NONE


def _is_refused(clauses: Clauses, point: Point, inside: str, start: int, language: str) -> bool:
    if clauses.scenario:
        return point.start < clauses.then and refusal.refuses(clauses.outcome, language)
    if _ANSWERED.match(clauses.masked, point.end):
        return True
    at = point.start - start
    if language != "en":
        return refusal.refuses(inside[point.end - start :], language)
    if not refusal.refuses(inside, language):
        return False
    joint = _joint(inside, at)
    if joint and not refusal.refuses(joint, language):
        return False
    other = _other_predicate(inside, at, point.end - start)
    return other is None or refusal.refuses(inside[:other], language)


def _other_predicate(clause: str, at: int, end: int) -> int | None:
    """Where a second thing is said of the subject, if a point stands in the first: `is 5 and can't …`."""
    match = _SECOND_PREDICATE.search(clause, end)
    return match.start() if match and _PREDICATE.search(clause, 0, at) else None


def _joint(clause: str, at: int) -> str:
    """The part between `, and` in which a point stands; empty for the whole, or for a condition of it."""
    cuts = [0, *(match.start() for match in _COORDINATE.finditer(clause)), len(clause)]
    for start, end in pairwise(cuts):
        if start <= at < end and end - start < len(clause):
            part = clause[start:end]
            return "" if _HELD.match(part) else part
    return ""
