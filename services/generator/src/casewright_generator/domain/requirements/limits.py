"""Limits in the text of one criterion: amounts, dates and times of day with their bounds."""

import re
from collections.abc import Sequence

from casewright_generator.domain.requirements import comparators, telling, timers
from casewright_generator.domain.requirements.allowed import allowed
from casewright_generator.domain.requirements.amounts import beside
from casewright_generator.domain.requirements.blanking import blot
from casewright_generator.domain.requirements.clauses import Clauses
from casewright_generator.domain.requirements.comparators import Relation
from casewright_generator.domain.requirements.days import hours, of_day, relative_days
from casewright_generator.domain.requirements.found import Found, bounded
from casewright_generator.domain.requirements.measures import Point, comparable, measure, points
from casewright_generator.domain.requirements.model import ConstraintKind
from casewright_generator.domain.requirements.ordinals import places
from casewright_generator.domain.requirements.repeats import repetitions
from casewright_generator.domain.requirements.units import unit_named

_K = ConstraintKind
_LOWS = frozenset({Relation.AT_LEAST, Relation.MORE})
_HIGHS = frozenset({Relation.AT_MOST, Relation.LESS})
_STRICT = frozenset({Relation.MORE, Relation.LESS})
_EITHER = frozenset({"or", "oder", "o", "ou", "of"})
_DASHES = frozenset({"-", "\u2013", "\u2014"})
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
    r"(?: (?:an?|per|each|every) [a-z]{3,10})?[,;]?\s*(?:and|or|but|und|aber|y|o|et|mais|e|en|"
    r"~)?,?\s*(?:the |an? )?(?:is |are |be )?$",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:rais|increas|lower|reduc|extend|shorten|chang|bump|drop)\w*(?: \w+){0,4} from\s*$", re.IGNORECASE
)
_RATE_BEFORE = re.compile(r"\b(?:times|once|twice)\s*$", re.IGNORECASE)
_FROM = re.compile(
    r"\b(?:from|von|de|desde|dal?|van|(?:in|within) (?:the|a) range(?: of| from)?|ranging from)\s*$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:length|range|quantity|age|value|amount|score|number)s?:? ?$", re.IGNORECASE)
_INEQUALITY = re.compile(r" ?(?P<low><=?|≤) ?(?P<what>[^\W\d][\w -]{0,40}?) ?(?P<high><=?|≤) ?")
"""Between the ends of `10 <= age <= 65`."""
_RATED = re.compile(r"\b(?P<unit>[a-z]{4,12}s) from\s*$")
"""`stars from 1 to 5`"""
_REACHES = re.compile(r"\b(?:reach|go|stretch|extend|look|run)(?:e?s|ed)?(?: for)?\s*$", re.IGNORECASE)
_INTO = re.compile(r" (?:into the (?:future|past)|ahead|back)\b", re.IGNORECASE)
_BESIDE = re.compile(r"\s*(?:and|und|y|et)\s*")
_COMMA = re.compile(r"\s*,\s*(?:and\s*)?")
_ALTERNATIVE = re.compile(r"\s*or\s*")
_MEASURED = frozenset({_K.COUNT, _K.LENGTH, _K.SIZE, _K.WEIGHT, _K.MONEY})
_THINGS = frozenset({_K.COUNT, _K.LENGTH})
_OF = re.compile(r"\s*(?:of|à|von|de)\s*")
_APPLIES = re.compile(
    r"\b(?:appl(?:y|ies)|starts?|begins?|free|granted|reduced|cheaper|discount)\b", re.IGNORECASE
)
_LISTED = re.compile(r"\s*(?:,|and|or|und|y|et|, and|, or)\s*")
_SINCE = re.compile(r"\bfrom\s*$", re.IGNORECASE)
_ON = re.compile(r"\s+(?:on|onwards?|up|upwards)\b")
_OR = re.compile(r"\s*(?:or|nor|oder|noch|ni|o|ou)\s*(?:be )?$", re.IGNORECASE)
_ONWARDS = frozenset({_K.MONEY, _K.PERCENT, _K.AGE, _K.WEIGHT})
"""Of these, a single `from` is a lower bound."""
_ALWAYS = re.compile(r"\balways (?:\w+s?|\w+ed) (?:only |just )?$", re.IGNORECASE)
_SHOWN = re.compile(r"\b(?:first|last|next|top|newest|latest|oldest|best|most recent)\s*$", re.IGNORECASE)
_NEITHER = re.compile(r"\s*(?:,? ?(?:or|nor|and)) ", re.IGNORECASE)
_ENDS_OF = re.compile(r",? (?:and|or|nor|but)(?: [\w'\u2019-]+){1,6} ?$", re.IGNORECASE)
_BACK = 60
_LONGEST_LIST = 8
"""Spans of a list whose end is looked for."""
_DATED = re.compile(r"\b(?:on|is|starts?|ends?|begins?|am|el|le)\s*(?:the )?$", re.IGNORECASE)


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
    found = [*dated, *reader.run(), *repetitions(rest)]
    told = {(one.high, one.high_in) for one in found if one.kind is _K.COUNT}
    found.extend(one for one in places(reader.clauses, language) if (one.high, True) not in told)
    return sorted(found, key=lambda one: one.start)


class _Reader:
    """Reads the points of one text from left to right."""

    def __init__(self, masked: str, language: str, found: Sequence[Point], *, refused: bool) -> None:
        self.masked, self.language, self.points = masked, language, found
        self.inherited = refused
        self.clauses = Clauses(masked)
        self.last = Relation.NONE

    def run(self) -> list[Found]:
        """The limits that the points make: ranges first, then what is left."""
        found: list[Found] = []
        taken = -1
        for index, one in enumerate(self.points):
            if index == taken:
                continue
            two = self.points[index + 1] if index + 1 < len(self.points) else None
            told = _INEQUALITY.fullmatch(self.masked, one.end, two.start) if two else None
            made = self._inequality(one, two, told) if two and told else None
            made = made or (self._range(index, one, two) if two else None)
            if made:
                taken = index + 1
            previous = self.points[index - 1] if index else None
            if previous and previous.value == one.value and beside(self.masked, previous.end, one.start):
                continue  # `at least 20 x 20 cm`
            made = made or self._single(index, one)
            if made:
                found.append(made)
        return found

    def _floor(self, index: int) -> int:
        """Where the words before a point begin that may belong to it."""
        start = self.clauses.start(self.points[index].start)
        if not index:
            return start
        behind = comparators.after(self.masked, self.points[index - 1].end, self.language)[1]
        return max(start, min(behind, self.points[index].start))

    def _lead(self, index: int) -> str:
        return self.masked[self._floor(index) : self.points[index].start]

    def _clause(self, point: Point) -> tuple[int, int]:
        return self.clauses.span(point.start, point.end)

    def _measure(self, index: int, point: Point) -> tuple[ConstraintKind | None, str]:
        return measure(self.masked, point, self._lead(index), self._clause(point)[0])

    def _relation(self, index: int, point: Point) -> tuple[Relation, int, int]:
        """How values stand to a point, and where the words that say so begin and end."""
        floor, lead = self._floor(index), self._lead(index)
        relation, start = comparators.before(lead, self.language)
        behind = self._behind(point, relation, lead, start)
        if behind is not None:
            return behind
        onwards = _ON.match(self.masked, point.end) or point.kind in _ONWARDS or _APPLIES.search(lead)
        if relation is Relation.NONE and onwards and (match := _SINCE.search(lead)):
            return Relation.AT_LEAST, floor + match.start(), point.end
        previous = self.points[index - 1] if index else None
        if previous and self._takes_over(previous, point, relation, lead):
            return self.last, point.start, point.end
        joined = previous and relation in _STRICT and _OR.fullmatch(lead[:start])
        if previous and joined and self._is_denied(point, previous):
            relation = comparators.FLIPPED[relation]
        return relation, floor + start, point.end

    def _behind(
        self, point: Point, relation: Relation, lead: str, start: int
    ) -> tuple[Relation, int, int] | None:
        """What the words behind a point say of it, where they count more than `relation` before it."""
        behind, end = comparators.after(self.masked, point.end, self.language)
        if point.amount and point.amount.more:
            behind = comparators.after(f" {point.amount.more}", 0, self.language)[0] or behind
            if behind is Relation.NONE and point.amount.more.startswith("+"):
                behind = Relation.AT_LEAST
        free = relation in {Relation.NONE, Relation.EXACT} or not lead[start:].strip()
        spread = behind is Relation.AT_MOST and relation is Relation.MORE  # `over 12 months at the longest`
        if behind is not Relation.NONE and (free or spread):
            return behind, point.start, end
        if _REACHES.search(lead) and _INTO.match(self.masked, point.end):
            return Relation.AT_MOST, point.start, point.end
        return None

    def _takes_over(self, previous: Point, point: Point, relation: Relation, lead: str) -> bool:
        """Whether the relation of the point before holds for this one too."""
        if beside(self.masked, previous.end, point.start):
            return True
        several = telling.of_several(lead) and point.kind is previous.kind
        return relation is Relation.NONE and bool(several or self._is_shared(previous, point, lead))

    def _is_shared(self, previous: Point, point: Point, lead: str) -> bool:
        """Whether a bound holds for what is joined to it: `up to 2 adults and 3 children`."""
        if self.last is Relation.AT_MOST and point.kind is not previous.kind and _ALTERNATIVE.fullmatch(lead):
            return point.kind in _MEASURED and previous.kind in _MEASURED
        if self.last not in {Relation.AT_MOST, Relation.AT_LEAST} or previous.kind not in _THINGS:
            return False
        if self._clause(previous) != self._clause(point):
            return False
        joined = _BESIDE.fullmatch(lead) or (_COMMA.fullmatch(lead) and point.kind is previous.kind)
        return bool((point.kind in _THINGS and joined) or (point.kind is _K.SIZE and _OF.fullmatch(lead)))

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
        if kinds == {_K.TIME} and (found := self._hours(index, one, two)):
            return found
        if self._is_either(index, one, two, gap):
            return self._plain_range(index, one, two, None)
        return self._two_sided(index, one, two)

    def _inequality(self, one: Point, two: Point, told: re.Match[str]) -> Found | None:
        """`10 <= age <= 65`."""
        values = comparable(one, two)
        kind, unit = measure(self.masked, two, f"{told['what']} ", one.end)
        if values is None or kind is None:
            return None
        return Found(
            kind,
            one.start,
            two.end,
            low=values[0],
            high=values[1],
            low_in=told["low"] != "<",
            high_in=told["high"] != "<",
            unit=values[2] or unit,
        )

    def _hours(self, index: int, one: Point, two: Point) -> Found | None:
        """`no … before 8:00 or after 18:00`, `the earliest at 8:00 and the latest at 18:00`."""
        if self._clause(one)[0] != self._clause(two)[0]:
            return None
        lead, gap = self._lead(index), self.masked[one.end : two.start]
        if not hours(lead, gap):
            first = of_day(self._relation(index, one)[0], lead, self.language)
            second = of_day(self._relation(index + 1, two)[0], gap, self.language)
            if _NEITHER.match(gap) and first is Relation.AT_LEAST and second is Relation.MORE:
                second = Relation.AT_MOST if self._is_denied(two, one) else second
            if first is not Relation.AT_LEAST or second is not Relation.AT_MOST or not _ENDS_OF.match(gap):
                return None
        return Found(_K.TIME, one.start, two.end, low=one.value, high=two.value)

    def _is_either(self, index: int, one: Point, two: Point, gap: str) -> bool:
        """`three or four digits`: neighbours are a range."""
        if isinstance(one.value, str) or isinstance(two.value, str) or not two.unit or one.unit != two.unit:
            return False
        return (
            gap.lower() in _EITHER
            and two.value == one.value + 1
            and self._relation(index, one)[0] in {Relation.NONE, Relation.EXACT}
            and self._relation(index + 1, two)[0] in {Relation.NONE, Relation.EXACT}
        )

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
        if one.kind is None and two.kind is None and not opening and not self._is_plain(index, one, two):
            return None
        if kind is _K.DATE and isinstance(low, str) and isinstance(high, str) and len(low) < len(high):
            low = f"{high[: -len(low)]}{low}"  # `1 March to 30 April 2027`
        start = one.start - (len(lead) - opening.start()) if opening else one.start
        if kind is _K.NUMBER and not unit and (rated := _RATED.search(lead)):
            known = unit_named(rated["unit"])
            unit = known.name if known else ""
        return Found(kind, start, two.end, low=low, high=high, unit=common or unit)

    def _is_plain(self, index: int, one: Point, two: Point) -> bool:
        """Whether bare numbers may be a range: not `page 3-5`, nor a code, unless they stand alone."""
        if one.amount and one.amount.label:
            return False
        if self.masked[one.end : two.start].strip() not in _DASHES or _NAMED.search(self._lead(index)):
            return True
        if self._measure(index, one)[0] is _K.AGE:
            return True
        before = self.masked[max(0, one.start - 2) : one.start].strip()
        behind = self.masked[two.end : two.end + 2].strip()
        return before == ":" or ((not before or before in ",|") and (not behind or behind[0] in ",.;|"))

    def _two_sided(self, index: int, one: Point, two: Point) -> Found | None:
        """`at least 3 and at most 5`, `more than 3 but less than 5`."""
        first, start, first_end = self._relation(index, one)
        second, second_start, end = self._relation(index + 1, two)
        if first in _STRICT and second in _STRICT and first is not second:
            return self._refused_outside(index, (one, first, start), (two, second, second_start))
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
        low, high = values[:2] if rising else (values[1], values[0])
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

    def _refused_outside(
        self, index: int, low: tuple[Point, Relation, int], high: tuple[Point, Relation, int]
    ) -> Found | None:
        """`less than 3 or more than 5 is refused`."""
        (one, first, start), (two, second, second_start) = low, high
        values = comparable(one, two)
        if (
            first is not Relation.LESS
            or values is None
            or not _OR.fullmatch(self.masked[one.end : second_start])
        ):
            return None
        kind, unit = self._measure(index, two if two.kind else one)
        flipped = kind and self._allowed(two, second, kind, "")
        if kind is None or flipped is not Relation.AT_MOST:
            return None
        return Found(kind, start, two.end, low=values[0], high=values[1], unit=values[2] or unit)

    def _single(self, index: int, point: Point) -> Found | None:
        relation, start, end = self._relation(index, point)
        kind, unit = self._measure(index, point)
        if kind is None:
            return None
        if kind is _K.DURATION:
            return self._span(index, relation, (start, end), unit)
        lead = self._lead(index)
        if kind in {_K.TIME, _K.DATE}:
            relation = of_day(relation, lead, self.language)
        if kind is _K.DATE and relation is Relation.NONE and not _DATED.search(lead):
            return None
        if point.amount and not telling.counts(self.clauses, point.amount, kind, relation, lead):
            return None
        if (
            kind is _K.COUNT
            and relation is Relation.AT_MOST
            and _ALWAYS.search(self.masked[max(0, start - _BACK) : start])
        ):
            windowed = _SHOWN.search(self.masked[start : point.start])
            relation = Relation.EXACT if windowed else relation
        relation = self._allowed(point, relation, kind, lead)
        self.last = relation
        return bounded(kind, point.value, relation, unit=unit, start=start, end=end)

    def _allowed(self, point: Point, relation: Relation, kind: ConstraintKind, lead: str) -> Relation:
        return allowed(
            self.clauses, point, relation, kind, lead, language=self.language, inherited=self.inherited
        )

    def _span(self, index: int, relation: Relation, place: tuple[int, int], unit: str) -> Found | None:
        """A time span: a duration, or the time after which something happens by itself."""
        point, (start, end) = self.points[index], place
        amount = point.amount
        article = amount is not None and amount.spelled and amount.number_end == amount.start
        if article and _RATE_BEFORE.search(self.masked, max(0, point.start - 8), point.start):
            return None
        clause_start, clause_end = self._clause(point)
        if self.clauses.scenario:
            clause_start, clause_end = (
                self.clauses.step(point.start),
                self.clauses.reach(point.end),
            )
        lead = min(start, point.start)
        sentence_end = self.clauses.sentence_end(point.end)
        end = self._listed_end(index, point, end)
        told = timers.reading(
            timers.Surroundings(
                relation,
                words=self.masked[lead : point.start],
                before=self.masked[clause_start:lead],
                after=self.masked[end:clause_end],
                whole=self.masked[clause_start:sentence_end],
                rest=self.masked[end:sentence_end],
            )
        )
        relation = told.relation
        if told.kind is _K.DURATION and relation in _STRICT:
            relation = self._allowed(point, relation, _K.DURATION, "")
        return bounded(told.kind, point.value, relation, unit=unit, start=start, end=place[1])

    def _listed_end(self, index: int, point: Point, end: int) -> int:
        """Where the words begin that stand behind all of a list of spans: `7, 3 and 1 days before`."""
        for one in self.points[index + 1 : index + 1 + _LONGEST_LIST]:
            if one.unit != point.unit or not _LISTED.fullmatch(self.masked, end, one.start):
                break
            end = one.end
        return end
