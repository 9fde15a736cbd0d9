"""Limits in the text of one criterion: amounts, dates and times of day with their bounds."""

import re
from collections.abc import Sequence
from itertools import pairwise

from casewright_generator.domain.requirements import comparators, refusal, timers
from casewright_generator.domain.requirements.amounts import Amount
from casewright_generator.domain.requirements.blanking import blot
from casewright_generator.domain.requirements.comparators import Relation
from casewright_generator.domain.requirements.days import of_day, relative_days
from casewright_generator.domain.requirements.found import Found, bounded
from casewright_generator.domain.requirements.measures import Point, comparable, measure, points
from casewright_generator.domain.requirements.model import ConstraintKind
from casewright_generator.domain.requirements.repeats import repetitions

_K = ConstraintKind
_LOWS = frozenset({Relation.AT_LEAST, Relation.MORE})
_HIGHS = frozenset({Relation.AT_MOST, Relation.LESS})
_STRICT = frozenset({Relation.MORE, Relation.LESS})
_DASHES = frozenset({"-", "\u2013", "\u2014"})
_PAIR = 2
_CUT = re.compile(
    (
        r"[;!?\n]|"
        r"(?<!\bmax)(?<!\bmin)(?<!\bapprox)(?<!\bca)(?<!\bNo)(?<!\bno)(?<!\bnr)(?<!\bNr)(?<!\bp\.m)(?<!\ba\.m)\.(?=\s|"
        r""
        r""
        r""
        r""
        r""
        r""
        r""
        r""
        r""
        r""
        r""
        r""
        r""
        r""
        r"$)|,? but\b|,? otherwise\b|,? or else\b|,? aber\b|,? sonst\b|,? pero\b|,? mais\b"
    ),
    re.IGNORECASE,
)
_SCENARIO = re.compile(
    (
        r"^\s*(?:Given|When|Then|And|But|Angenommen|Wenn|Dann|Und|Dado|Cuando|Entonces|Étant donné|Quand|"
        r"Alors)\b"
    ),
    re.MULTILINE,
)
_THEN = re.compile(r"^\s*(?:Then|Dann|Entonces|Alors)\b", re.MULTILINE)
_TO = re.compile(
    (
        r"(?:to|through|thru|up to|and up to|till|until|bis(?: zu)?|bis einschließlich|hasta|a|à|"
        r"jusqu['\u2019]à|tot|até|al|fino a|-|\u2013|\u2014|\.{2,3}|\u2026)"
    ),
    re.IGNORECASE,
)
_AND = re.compile(r"(?:and|und|y|e|et|en|&|to|-|\u2013)", re.IGNORECASE)
_BETWEEN = re.compile(
    (
        r"\b(?:between|betw\.|zwischen|entre|tra|fra|tussen)(?: (?:the )?(?:ages? of|about|approximately|"
        r"roughly|den|dem|les?|las?|los?|el))?\s*$"
    ),
    re.IGNORECASE,
)
_JOIN = re.compile(
    r"[,;]?\s*(?:and|or|but|und|aber|y|o|et|mais|e|en|~)?,?\s*(?:is |are |be )?$", re.IGNORECASE
)
_CHANGED = re.compile(
    r"\b(?:rais|increas|lower|reduc|extend|shorten|chang|bump|drop)\w*(?: \w+){0,4} from\s*$", re.IGNORECASE
)
_ANY_TWO = re.compile(
    r"\b(?:apart|the same|each other|one another|overlap\w*|differ\w*|identical|in common)\b", re.IGNORECASE
)
_DETERMINED = re.compile(
    (
        r"\b(?:between|zwischen|entre|the|these|those|both|all|our|its|their|other|any|of|into|next|first|"
        r"last|im|dem|den|der|die|das|los|las|les|previous|past|coming)\s*$"
    ),
    re.IGNORECASE,
)
_OF_ONE = re.compile(
    (
        r"\b(?:this|that|the|no|any|each|every|which|another|other|first|last|in|to|of|from|for|at|on|into|"
        r"per|than|as|only|or|and|not|shares?|shared|(?:an?|the|each|any|every|this|that) [\w-]+)\s*$"
    ),
    re.IGNORECASE,
)
_ONE_OF = re.compile(
    r"\s*(?:of|another|or|by|after|at a time|go\b|and\b|day\b|more\b|on\b|in\b)", re.IGNORECASE
)
_IDIOM = re.compile(
    (
        r"\bin one go\b|\bone (?:by|at a|to|or the|after|another|other|of)\b|\bat one (?:go|time|stroke)\b|"
        r"\bno one\b|\bone-(?:off|time|way|to-\w+)\b|\beach one\b|\bthis one\b|\bthe one\b|\bzero[- "
        r"]trust\b"
    ),
    re.IGNORECASE,
)
_ATTEMPTS = re.compile(
    r"\b(?:after|on|nach|bei|tras|après|following|at)\s+(?:the |a total of |another |den )?$", re.IGNORECASE
)
_FURTHER = re.compile(r"\b(?:further|another|more|additional|next|one more|second|new)\b", re.IGNORECASE)
_SET_TO = re.compile(
    (
        r"\b(?:defaults? to|default(?: value)?(?: is|:| of)?|is set to|are set to|set to|is preset to|"
        r"preset to|equals?|initially|starts? at|resets? to|is reset to|standard(?:mäßig)?|by "
        r"default)\s*$"
    ),
    re.IGNORECASE,
)
_ONE_OF_BEFORE = re.compile(
    (
        r"\b(?:one|einen?|uno|una?|une?)\s+(?:of|von|de)(?: (?:the|den|les|las|los))?\s*$|^\s*(?:one|any|"
        r"each|all) of (?:the )?$"
    ),
    re.IGNORECASE,
)
_RATE_BEFORE = re.compile(r"\b(?:times|once|twice)\s*$", re.IGNORECASE)
_WRONG = re.compile(
    r"\b(?:wrong\w*|incorrect\w*|fail\w*|invalid\w*|false|mistyped|falsch\w*|incorrect[oa]\w*)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:closed|signed out|logged out|deleted|ends|stopped|aborted|cancelled|void|invalidated|disabled)\b",
    re.IGNORECASE,
)
_COORDINATE = re.compile(r", (?:and|while|whereas|und|y|et) ")
_FROM = re.compile(r"\b(?:from|von|de|desde|dal?|van)\s*$", re.IGNORECASE)
_BESIDE = re.compile(r"\s*(?:and|und|y|et)\s*")
_OF = re.compile(r"\s*(?:of|à|von|de)\s*")
_APPLIES = re.compile(
    r"\b(?:appl(?:y|ies)|starts?|begins?|free|granted|reduced|cheaper|discount)\b", re.IGNORECASE
)
_LISTED = re.compile(r"\s*(?:,|and|or|und|y|et|, and|, or)\s*")
_LAST_ONE = re.compile(r"\b(?:first|last|next|previous)\s*$", re.IGNORECASE)
_SINCE = re.compile(r"\bfrom\s*$", re.IGNORECASE)
_ON = re.compile(r"\s+(?:on|onwards?|up|upwards)\b")
_OR = re.compile(r"\s*(?:or|nor|oder|noch|ni|o|ou)\s*(?:be )?$", re.IGNORECASE)
_ONWARDS = frozenset({_K.MONEY, _K.PERCENT, _K.AGE, _K.WEIGHT})
"""Of these, a single `from` is a lower bound."""
_DATED = re.compile(r"\b(?:on|is|starts?|ends?|begins?|am|el|le)\s*(?:the )?$", re.IGNORECASE)
_OF_WHOLE = re.compile(r"\b(?:of|first|last|next|all)\s*$", re.IGNORECASE)
_OR_MORE = re.compile(r",? (?:or|and) |\+")
_ALREADY = re.compile(r"\balready\b")
_BEYOND = re.compile(r"\bexceed|\bbeyond|\babove")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n\s*\n")
_HELD = re.compile(r"\W*(?:and )?(?:if|when|with|for|unless)\b", re.IGNORECASE)


def limits(masked: str, language: str, *, refused: bool = False) -> list[Found]:
    """The limits of a text, in order.

    Args:
        masked: The text without what must not be read.
        language: A code of `tongue`.
        refused: Whether the sentence before said that what this one names is refused, too.
    """
    dated = list(relative_days(masked, language))
    rest = blot(masked, [(one.start, one.end) for one in dated])
    reader = _Reader(rest, language, points(rest, language), refused=refused)
    return sorted([*dated, *reader.run(), *repetitions(rest)], key=lambda one: one.start)


class _Reader:
    """Reads the points of one text from left to right."""

    def __init__(self, masked: str, language: str, found: Sequence[Point], *, refused: bool) -> None:
        self.masked, self.language, self.points = masked, language, found
        self.inherited = refused
        self.cuts = [match.start() for match in _CUT.finditer(masked)]
        self.scenario = len(_SCENARIO.findall(masked)) > 1
        then = _THEN.search(masked)
        self.outcome = masked[then.start() :] if self.scenario and then else ""
        self.then = then.start() if self.scenario and then else len(masked)
        self.last = Relation.NONE

    def run(self) -> list[Found]:
        """The limits that the points make: ranges first, then what is left."""
        found: list[Found] = []
        taken = -1
        for index, one in enumerate(self.points):
            if index == taken:
                continue
            two = self.points[index + 1] if index + 1 < len(self.points) else None
            made = self._range(index, one, two) if two else None
            if made:
                taken = index + 1
            made = made or self._single(index, one)
            if made:
                found.append(made)
        return found

    def _floor(self, index: int) -> int:
        """Where the words before a point begin that may belong to it."""
        cut = max((cut + 1 for cut in self.cuts if cut < self.points[index].start), default=0)
        return max(cut, self.points[index - 1].end if index else 0)

    def _lead(self, index: int) -> str:
        return self.masked[self._floor(index) : self.points[index].start]

    def _clause(self, point: Point) -> tuple[int, int]:
        start = max((cut + 1 for cut in self.cuts if cut < point.start), default=0)
        end = min((cut for cut in self.cuts if cut >= point.end), default=len(self.masked))
        return start, end

    def _measure(self, index: int, point: Point) -> tuple[ConstraintKind | None, str]:
        return measure(self.masked, point, self._lead(index), self._clause(point)[0])

    def _relation(self, index: int, point: Point) -> tuple[Relation, int, int]:
        """How values stand to a point, and where the words that say so begin and end."""
        floor, lead = self._floor(index), self._lead(index)
        relation, start = comparators.before(lead, self.language)
        behind, end = comparators.after(self.masked, point.end, self.language)
        if point.amount and point.amount.more:
            behind = comparators.after(f" {point.amount.more}", 0, self.language)[0] or behind
            if behind is Relation.NONE and point.amount.more.startswith("+"):
                behind = Relation.AT_LEAST
        if behind is not Relation.NONE and (
            relation in {Relation.NONE, Relation.EXACT} or not lead[start:].strip()
        ):
            return behind, point.start, end
        onwards = _ON.match(self.masked, point.end) or point.kind in _ONWARDS or _APPLIES.search(lead)
        if relation is Relation.NONE and onwards and (match := _SINCE.search(lead)):
            return Relation.AT_LEAST, floor + match.start(), point.end
        previous = self.points[index - 1] if index else None
        if (
            previous
            and relation is Relation.NONE
            and _ONE_OF_BEFORE.search(lead)
            and point.kind is previous.kind
        ):
            return self.last, point.start, point.end
        if previous and relation is Relation.NONE and self._is_shared(previous, point, lead):
            return self.last, point.start, point.end
        joined = previous and relation in _STRICT and _OR.fullmatch(lead[:start])
        if previous and joined and self._is_denied(point, previous):
            relation = comparators.FLIPPED[relation]
        return relation, floor + start, point.end

    def _is_shared(self, previous: Point, point: Point, lead: str) -> bool:
        """Whether a bound holds for what is joined to it: `up to 2 adults and 3 children`."""
        if self.last not in {Relation.AT_MOST, Relation.AT_LEAST} or previous.kind is not _K.COUNT:
            return False
        if self._clause(previous) != self._clause(point):
            return False
        beside = point.kind is _K.COUNT and _BESIDE.fullmatch(lead)
        return bool(beside or (point.kind is _K.SIZE and _OF.fullmatch(lead)))

    def _is_denied(self, point: Point, previous: Point) -> bool:
        return comparators.denied(self.masked[self._clause(point)[0] : previous.start], self.language)

    def _range(self, index: int, one: Point, two: Point) -> Found | None:
        kinds = {kind for kind in (one.kind, two.kind) if kind is not None}
        dated = kinds & {_K.DATE, _K.TIME}
        if len(kinds) > 1 or (dated and None in {one.kind, two.kind}):
            return None
        if isinstance(one.value, str) != isinstance(two.value, str):
            return None
        gap = " ".join(self.masked[one.end : two.start].split())
        between = _BETWEEN.search(self._lead(index))
        if (between and _AND.fullmatch(gap)) or (
            _TO.fullmatch(gap) and not (gap == "a" and self.language == "en")
        ):
            return self._plain_range(index, one, two, between)
        return self._two_sided(index, one, two)

    def _plain_range(self, index: int, one: Point, two: Point, between: re.Match[str] | None) -> Found | None:
        """`3 to 5`, `between 3 and 5`."""
        lead = self._lead(index)
        kind, unit = self._measure(index, two if two.kind else one)
        if _CHANGED.search(lead):
            return bounded(
                kind or _K.NUMBER, two.value, Relation.EXACT, unit=unit, start=two.start, end=two.end
            )
        values = comparable(one, two)
        if values is None or kind is None:
            return None
        low, high, common = values
        if not isinstance(low, str) and not isinstance(high, str) and low > high:
            return None
        opening = between or _FROM.search(lead)
        if one.kind is None and two.kind is None and not opening and not self._is_plain(one, two):
            return None
        if kind is _K.DATE and isinstance(low, str) and isinstance(high, str) and len(low) < len(high):
            low = f"{high[: -len(low)]}{low}"  # `1 March to 30 April 2027`
        start = one.start - (len(lead) - opening.start()) if opening else one.start
        return Found(kind, start, two.end, low=low, high=high, unit=common or unit)

    def _is_plain(self, one: Point, two: Point) -> bool:
        """Whether bare numbers may be a range: not `page 3-5`, nor a code, unless they stand alone."""
        if one.amount and one.amount.label:
            return False
        if self.masked[one.end : two.start].strip() not in _DASHES:
            return True
        before = self.masked[max(0, one.start - 2) : one.start].strip()
        behind = self.masked[two.end : two.end + 2].strip()
        return before == ":" or ((not before or before in ",|") and (not behind or behind[0] in ",.;|"))

    def _two_sided(self, index: int, one: Point, two: Point) -> Found | None:
        """`at least 3 and at most 5`, `more than 3 but less than 5`."""
        first, start, first_end = self._relation(index, one)
        second, second_start, end = self._relation(index + 1, two)
        if not ((first in _LOWS and second in _HIGHS) or (first in _HIGHS and second in _LOWS)):
            return None
        glue = self.masked[max(one.end, first_end) : max(second_start, one.end)]
        values = comparable(one, two)
        if (
            values is None
            or not _JOIN.fullmatch(glue)
            or ";" in glue
            or re.search(r"\b(?:or|oder|o)\b", glue)
        ):
            return None
        kind, unit = self._measure(index, two if two.kind else one)
        rising = first in _LOWS
        low, high = values[:_PAIR] if rising else (values[1], values[0])
        if kind is None or (not isinstance(low, str) and not isinstance(high, str) and low > high):
            return None
        lower, upper = (first, second) if rising else (second, first)
        return Found(
            kind,
            start,
            end,
            low=low,
            high=high,
            low_in=lower is not Relation.MORE,
            high_in=upper is not Relation.LESS,
            unit=values[2] or unit,
        )

    def _single(self, index: int, point: Point) -> Found | None:
        relation, start, end = self._relation(index, point)
        kind, unit = self._measure(index, point)
        if kind is None:
            return None
        if kind is _K.DURATION:
            return self._span(point, relation, (start, end), unit)
        lead = self._lead(index)
        if kind in {_K.TIME, _K.DATE}:
            relation = of_day(relation, lead, self.language)
        if kind is _K.DATE and relation is Relation.NONE and not _DATED.search(lead):
            return None
        if point.amount and not self._counts(point.amount, kind, relation, lead):
            return None
        relation = self._allowed(point, relation, kind, lead)
        self.last = relation
        return bounded(kind, point.value, relation, unit=unit, start=start, end=end)

    def _counts(self, amount: Amount, kind: ConstraintKind, relation: Relation, lead: str) -> bool:
        """Whether a number limits something, rather than being told in passing."""
        one = amount.spelled and amount.value == 1
        if amount.code or (one and _LAST_ONE.search(lead)):
            return amount.code
        if amount.article and kind is _K.COUNT and relation in {Relation.NONE, Relation.MORE}:
            return False
        if relation is not Relation.NONE and not (relation is Relation.EXACT and one):
            return not (kind is _K.NUMBER and one and not amount.unit)
        if amount.label or (kind is _K.NUMBER and not amount.unit):
            return not amount.label and bool(_SET_TO.search(lead))
        if kind is not _K.COUNT or not amount.spelled:
            return kind is not _K.COUNT or not _DETERMINED.search(lead) or bool(_OF_WHOLE.search(lead))
        return self._is_told(amount, lead)

    def _is_told(self, amount: Amount, lead: str) -> bool:
        """Whether a spelled number counts something, unlike `one by one` or `two of the same`."""
        around = self.masked[max(0, amount.start - 12) : amount.end + 12]
        behind = self.masked[amount.number_end : amount.number_end + 12]
        if amount.value == 1 and (_IDIOM.search(around) or _OF_ONE.search(lead) or _ONE_OF.match(behind)):
            return False
        if _DETERMINED.search(lead) or _ONE_OF_BEFORE.search(lead):
            return False
        start = max((cut + 1 for cut in self.cuts if cut < amount.start), default=0)
        end = min((cut for cut in self.cuts if cut >= amount.end), default=len(self.masked))
        return not (amount.value == _PAIR and _ANY_TWO.search(self.masked, start, end))

    def _allowed(self, point: Point, relation: Relation, kind: ConstraintKind, lead: str) -> Relation:
        """The bound of what is allowed, where the sentence tells what is refused."""
        start, end = self._clause(point)
        inside = self.masked[start:end]
        times = relation is Relation.NONE and kind is _K.COUNT
        if not self._is_refused(point, inside, start, end) and not (self.inherited and relation in _STRICT):
            tried = times and _ATTEMPTS.search(lead) and refusal.locks(inside)
            wrong = times and point.unit == "times" and _WRONG.search(inside) and _ENDS.search(inside)
            return Relation.AT_MOST if tried or wrong else relation
        if relation in _STRICT:
            return comparators.FLIPPED[relation]
        if relation is Relation.AT_LEAST and _OR_MORE.match(self.masked, point.end):
            return Relation.LESS
        full = self.scenario and (_FURTHER.search(self.masked) or _ALREADY.search(self.masked))
        if times and (full or _ATTEMPTS.search(lead) or point.unit == "times" or _ALREADY.search(lead)):
            return Relation.AT_MOST
        if (
            relation is Relation.NONE
            and kind in {_K.MONEY, _K.SIZE}
            and self.scenario
            and _BEYOND.search(self.masked)
        ):
            return Relation.AT_MOST
        return relation

    def _is_refused(self, point: Point, inside: str, start: int, end: int) -> bool:
        if self.scenario:
            return point.start < self.then and refusal.refuses(self.outcome, self.language)
        if self.language != "en":
            return refusal.refuses(self.masked[point.end : end], self.language)
        if not refusal.refuses(inside, self.language):
            return False
        joint = _joint(inside, point.start - start)
        return not joint or refusal.refuses(joint, self.language)

    def _span(self, point: Point, relation: Relation, place: tuple[int, int], unit: str) -> Found | None:
        """A time span: a duration, or the time after which something happens by itself."""
        amount, (start, end) = point.amount, place
        article = amount is not None and amount.spelled and amount.number_end == amount.start
        if article and _RATE_BEFORE.search(self.masked, max(0, point.start - 8), point.start):
            return None
        clause_start, clause_end = self._clause(point)
        if self.scenario:
            steps = [match.start() for match in _SCENARIO.finditer(self.masked)]
            clause_start, clause_end = (
                max((at for at in steps if at <= point.start), default=0),
                len(self.masked),
            )
        lead = min(start, point.start)
        end = self._listed_end(point, end)
        told = timers.reading(
            timers.Surroundings(
                relation,
                words=self.masked[lead : point.start],
                before=self.masked[clause_start:lead],
                after=self.masked[end:clause_end],
                whole=self.masked[clause_start : self._sentence_end(point)],
                rest=self.masked[end : self._sentence_end(point)],
            )
        )
        relation = told.relation
        if told.kind is _K.DURATION and relation in _STRICT:
            relation = self._allowed(point, relation, _K.DURATION, "")
        return bounded(told.kind, point.value, relation, unit=unit, start=start, end=place[1])

    def _listed_end(self, point: Point, end: int) -> int:
        """Where the words begin that stand behind all of a list of spans: `7, 3 and 1 days before`."""
        for one in self.points[self.points.index(point) + 1 :]:
            if one.unit != point.unit or not _LISTED.fullmatch(self.masked, end, one.start):
                break
            end = one.end
        return end

    def _sentence_end(self, point: Point) -> int:
        match = _SENTENCE_END.search(self.masked, point.end)
        return len(self.masked) if self.scenario or match is None else match.start()


def _joint(clause: str, at: int) -> str:
    """The part between `, and` in which a point stands; empty for the whole, or for a condition of it."""
    cuts = [0, *(match.start() for match in _COORDINATE.finditer(clause)), len(clause)]
    for start, end in pairwise(cuts):
        if start <= at < end and end - start < len(clause):
            part = clause[start:end]
            return "" if _HELD.match(part) else part
    return ""
