"""Limits in the text of one criterion: amounts, dates and times of day with their bounds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from casewright_generator.domain.language import words
from casewright_generator.domain.requirements import comparators, refusal, timers
from casewright_generator.domain.requirements.amounts import Amount, amounts, plural_of
from casewright_generator.domain.requirements.blanking import blot
from casewright_generator.domain.requirements.clock import moments
from casewright_generator.domain.requirements.comparators import Relation
from casewright_generator.domain.requirements.found import Found, bounded
from casewright_generator.domain.requirements.model import ConstraintKind

_K = ConstraintKind
_CUT = re.compile(
    (
        r"[;!?\n]|"
        r"(?<!\bmax)(?<!\bmin)(?<!\bapprox)(?<!\bca)(?<!\bNo)(?<!\bno)(?<!\bnr)(?<!\bNr)(?<!\bp\.m)(?<!\ba\.m)\.(?=\s|"
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
_NUMBER_OF = re.compile(
    (
        r"\b(?:number|amount|count|anzahl|número|nombre) (?:of |de |der |von |d['\u2019])?(?:the |all |any "
        r"|simultaneous |parallel )?(?P<noun>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*){0,3})"
    ),
    re.IGNORECASE,
)
_PERSON = (
    r"people|persons?|child(?:ren)?|kids?|users?|customers?|drivers?|riders?|guests?|members?|players?|"
    r"patients?|minors?|pupils?|students?|"
    r"applicants?|adults?|anyone|anybody|someone|somebody|nobody|no one|everyone|everybody|those|"
    r"readers?|visitors?|employees?|candidates?|"
    r"participants?|passengers?|tenants?|owners?|viewers?|subscribers?|buyers?|travellers?|travelers?|"
    r"residents?|citizens?|volunteers?|"
    r"parents?|donors?|policyholders?|account holders?|creators?|individuals?|women|men|boys|girls|"
    r"athletes?|swimmers?|spectators?|"
    r"borrowers?|clients?|renters?|hirers?|learners?|seniors?|babies|teenagers?|youths?|mitglieder?n?|"
    r"personen|kinder|kunden|nutzer|fahrer|"
    r"lectores|usuarios|clientes|personas|menores|mayores|niños|enfants|personnes|clients|bambini|she|he|they"
)
_AGED_BEFORE = re.compile(
    rf"\b(?:aged?|ages|age(?: is| of| limit| must be)?|alter|years of age|edad|âge|âgée?s?)\b[^.;|"
    rf"]{{0,24}}$|\b(?:older|younger) than\s*$|"
    rf"\b(?:{_PERSON})(?: (?:who|that|which))?(?: (?:are|is|be|must be|must be at least|has to be|have "
    rf"to be|need to be|should be|was|were|under|over|aged|below|above|"
    rf"at least|older than|younger than|not|unter|über|ab|menores de|mayores de|de|de plus|de moins|"
    rf"plus|moins|from|between|exactly|of|up to|turns|turn))*\s*$",
    re.IGNORECASE,
)
_AGED_BEHIND = re.compile(
    (
        r"(?:[ -]*(?:years?|yrs?)?[ -]*(?:old|of age)\b|[ -]year-old|(?: years?)? and (?:over|older|under)|"
        r"\s*(?:años|ans|jahre|anni|jaar) (?:de edad|d'âge|alt|oud)|s\b)"
    ),
    re.IGNORECASE,
)
_OLDER = re.compile(r"\b(?:or|and) (?:older|younger)\b", re.IGNORECASE)
_OLD_THING = re.compile(
    (
        r"\b(?:file|files|record|records|entry|entries|log|logs|value|backup|backups|version|message|"
        r"messages|post|posts|invoice|invoices|draft|drafts|session|report|data|request|ticket)s?\b"
    ),
    re.IGNORECASE,
)
_WEIGHS = re.compile(r"\b(?:weigh\w*|heav\w+|load|parcel|luggage|lift)\b", re.IGNORECASE)
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
_ONLY_TIMES = re.compile(
    r"(?P<bound>\b(?:can|may|could|kann|darf|puede|peut)\b[^.;,]{0,60}|\bworks?|\bvalid|\bonly|"
    r"\bcounts?|\bnot more than|\bno more than|\bat most|\bmaximum(?: of)?|\bup to|\bnever more than|"
    r"\bmax\.?|"
    r"\bhöchstens|\bnur|\buse[ds]?|\bjust)\s*$",
    re.IGNORECASE,
)
_TWICE = re.compile(
    (
        r"\b(?P<word>once|twice|thrice|einmal|zweimal|dreimal)\b(?! (?:the|an?(?! (?:second|minute|hour|"
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
_TIMES = {"once": 1, "twice": 2, "thrice": 3, "einmal": 1, "zweimal": 2, "dreimal": 3}
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
_SET_TO = re.compile(
    (
        r"\b(?:defaults? to|default(?: value)?(?: is|:| of)?|is set to|are set to|set to|is preset to|"
        r"preset to|equals?|initially|starts? (?:at|with)|resets? to|is reset to|standard(?:mäßig)?|by "
        r"default)\s*$"
    ),
    re.IGNORECASE,
)
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
_SECONDS = {
    "milliseconds": Decimal("0.001"),
    "seconds": Decimal(1),
    "minutes": Decimal(60),
    "hours": Decimal(3600),
    "days": Decimal(86400),
    "weeks": Decimal(604800),
}
_BYTES = {
    "bytes": Decimal(1),
    "KB": Decimal(1000),
    "MB": Decimal(10) ** 6,
    "GB": Decimal(10) ** 9,
    "TB": Decimal(10) ** 12,
}
_UNIT_STEPS = (
    _SECONDS,
    _BYTES,
    {"days": Decimal(1), "weeks": Decimal(7)},
    {"months": Decimal(1), "years": Decimal(12)},
    {"g": Decimal(1), "kg": Decimal(1000)},
)
_ONE_OF_BEFORE = re.compile(
    (
        r"\b(?:one|einen?|uno|una?|une?)\s+(?:of|von|de)(?: (?:the|den|les|las|los))?\s*$|^\s*(?:one|any|"
        r"each|all) of (?:the )?$"
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Point:
    """A value with its place: an amount, a date or a time of day."""

    kind: ConstraintKind | None
    value: Decimal | str
    unit: str
    start: int
    end: int
    amount: Amount | None = None


def limits(text: str, masked: str, language: str, *, refused: bool = False) -> list[Found]:
    """The limits of a text, in order.

    Args:
        text: As written.
        masked: The same without what must not be read, of the same length.
        language: A code of `tongue`.
        refused: Whether the sentence before said that what this one names is refused, too.
    """
    dated = list(_relative_days(masked, language))
    masked = blot(masked, [(one.start, one.end) for one in dated])
    points = _points(masked, language)
    reader = _Reader(text, masked, language, points, refused=refused)
    return sorted([*dated, *reader.run(), *_repetitions(masked, [*points])], key=lambda one: one.start)


def _points(masked: str, language: str) -> list[Point]:
    times = moments(masked)
    rest = blot(masked, [(one.start, one.end) for one in times])
    found = [Point(one.kind, one.value, "", one.start, one.end) for one in times]
    found += [
        Point(one.kind, one.value, one.unit, one.start, one.end, one)
        for one in amounts(rest, language)
        if not (one.spelled and one.value == 1 and _OF_THOSE.match(rest, one.number_end))
        and not (
            one.article
            and comparators.before(rest[max(0, one.start - 40) : one.start], language)[0] is Relation.NONE
        )
    ]
    return sorted(found, key=lambda one: one.start)


_OF_THOSE = re.compile(r"\s+of\b")


class _Reader:
    """Reads the points of one text from left to right."""

    def __init__(
        self, text: str, masked: str, language: str, points: Sequence[Point], *, refused: bool
    ) -> None:
        self.text, self.masked, self.language, self.points = text, masked, language, points
        self.inherited = refused
        self.cuts = [match.start() for match in _CUT.finditer(masked)]
        self.scenario = len(_SCENARIO.findall(masked)) > 1
        then = _THEN.search(masked)
        self.outcome = masked[then.start() :] if self.scenario and then else ""
        self.then = then.start() if self.scenario and then else len(masked)
        self.last = Relation.NONE

    def run(self) -> list[Found]:
        found: list[Found] = []
        index = 0
        while index < len(self.points):
            one = self.points[index]
            two = self.points[index + 1] if index + 1 < len(self.points) else None
            if two and (ranged := self._range(index, one, two)):
                found.extend(ranged)
                index += 2
                continue
            if single := self._single(index, one):
                found.append(single)
            index += 1
        return found

    def _floor(self, index: int) -> int:
        """Where the words before a point begin that may belong to it."""
        at = self.points[index].start
        before = [cut for cut in self.cuts if cut < at][-1:] or [-1]
        return max(before[0] + 1, self.points[index - 1].end if index else 0)

    def _clause(self, point: Point) -> tuple[int, int]:
        start = max((cut + 1 for cut in self.cuts if cut < point.start), default=0)
        end = min((cut for cut in self.cuts if cut >= point.end), default=len(self.masked))
        return start, end

    def _relation(self, index: int, point: Point) -> tuple[Relation, int, int]:
        floor = self._floor(index)
        lead = self.masked[floor : point.start]
        relation, start = comparators.before(lead, self.language)
        after, end = comparators.after(self.masked, point.end, self.language)
        if point.amount and point.amount.more:
            after = comparators.after(f" {point.amount.more}", 0, self.language)[0] or after
            if after is Relation.NONE and point.amount.more.startswith("+"):
                after = Relation.AT_LEAST
        if after is not Relation.NONE and (
            relation in {Relation.NONE, Relation.EXACT} or self._loose(lead[start:])
        ):
            return after, point.start, end
        if (
            relation is Relation.NONE
            and _ONE_OF_BEFORE.search(lead)
            and index
            and point.kind is not None
            and self.points[index - 1].kind is point.kind
        ):
            return self.last, point.start, point.end
        return relation, floor + start, point.end

    @staticmethod
    def _loose(comparator: str) -> bool:
        """Whether the comparator before is `for`-like, so that the one behind is what is meant."""
        return not comparator.strip()

    def _range(self, index: int, one: Point, two: Point) -> list[Found] | None:
        gap = " ".join(self.masked[one.end : two.start].split())
        kind = two.kind if one.kind is None else one.kind
        if two.kind is not None and one.kind is not None and one.kind is not two.kind:
            return None
        if kind in {_K.DATE, _K.TIME} and (one.kind is None or two.kind is None):
            return None
        if isinstance(one.value, str) != isinstance(two.value, str):
            return None
        lead = self.masked[self._floor(index) : one.start]
        between = _BETWEEN.search(lead)
        plain = (between and _AND.fullmatch(gap)) or (
            _TO.fullmatch(gap) and not (gap == "a" and self.language == "en")
        )
        if plain:
            return self._plain_range(one, two, lead, between)
        return self._two_sided(index, one, two, gap)

    def _plain_range(
        self, one: Point, two: Point, lead: str, between: re.Match[str] | None
    ) -> list[Found] | None:
        if _CHANGED.search(lead):
            return [
                bounded(
                    two.kind or _K.NUMBER,
                    two.value,
                    Relation.EXACT,
                    unit=two.unit,
                    start=two.start,
                    end=two.end,
                )
            ]
        values = _comparable(one, two)
        if values is None or (not isinstance(one.value, str) and values[0] > values[1]):
            return None
        from_ = re.search(r"\b(?:from|von|de|desde|dal?|van)\s*$", lead, re.IGNORECASE)
        unmeasured = two.amount and two.amount.kind is None and one.kind is None
        if unmeasured and not between and not from_:
            gap = self.masked[one.end : two.start]
            if gap.strip() in {"-", "\u2013", "\u2014"} and not self._alone(one, two):
                return None
            if one.amount and one.amount.label:
                return None
        kind, unit = self._kind(two if two.kind else one, lead, self.masked[two.end : two.end + 30])
        if kind is None:
            return None
        start = one.start - (len(lead) - (between or from_).start() if between or from_ else 0)  # type: ignore[union-attr] # one of them matched
        low, high, unit = values[0], values[1], values[2] or unit
        return [Found(kind, start, two.end, low=low, high=high, unit=unit)]

    def _alone(self, one: Point, two: Point) -> bool:
        """Whether a range of bare numbers is all that a cell or a bracket holds: `Length: 3-20`."""
        before = self.masked[max(0, one.start - 2) : one.start].strip()
        behind = self.masked[two.end : two.end + 2].strip()
        return (not before or before in {":", ",", "|"}) and (not behind or behind[0] in ",.;|")

    def _two_sided(self, index: int, one: Point, two: Point, gap: str) -> list[Found] | None:
        """`at least A and at most B`, `more than A but less than B`."""
        first, start, first_end = self._relation(index, one)
        second, second_start, end = self._relation(index + 1, two)
        second_start = max(second_start, one.end)
        glue = self.masked[max(one.end, first_end) : second_start]
        lows, highs = {Relation.AT_LEAST, Relation.MORE}, {Relation.AT_MOST, Relation.LESS}
        if not ((first in lows and second in highs) or (first in highs and second in lows)):
            return None
        if (
            not _JOIN.fullmatch(glue)
            or ";" in glue
            or re.search(r"\b(?:or|oder|o)\b", glue)
            or (
                gap.startswith(";")
                or (
                    one.kind is not None
                    and two.kind is not None
                    and one.unit != two.unit
                    and one.unit
                    and two.unit
                    and _comparable(one, two) is None
                )
            )
        ):
            return None
        values = _comparable(one, two)
        if values is None:
            return None
        low_first = first in lows
        low, high = (values[0], values[1]) if low_first else (values[1], values[0])
        if not isinstance(low, str) and not isinstance(high, str) and low > high:
            return None
        kind, unit = self._kind(
            two if two.kind else one,
            self.masked[self._floor(index) : one.start],
            self.masked[two.end : two.end + 30],
        )
        if kind is None:
            return None
        return [
            Found(
                kind,
                start,
                end,
                low=low,
                high=high,
                low_in=(first if low_first else second) is not Relation.MORE,
                high_in=(second if low_first else first) is not Relation.LESS,
                unit=values[2] or unit,
            )
        ]

    def _kind(self, point: Point, lead: str, behind: str) -> tuple[ConstraintKind | None, str]:
        """What a point measures, with its unit; `None` where it is only a number of something."""
        if point.amount is None:
            return point.kind, ""
        amount = point.amount
        if amount.code:
            return _K.NUMBER, ""
        years = amount.kind is _K.DURATION and amount.unit == "years"
        if years and (
            _AGED_BEHIND.match(self.masked[amount.number_end : amount.number_end + 24]) or _aged(lead)
        ):
            return _K.AGE, "years"
        person = amount.kind is _K.COUNT and amount.unit.lower() in {"s", "years"}
        if amount.kind is None or person:
            if match := self._number_of(point):
                return _K.COUNT, match
            if (
                _aged(lead)
                or _AGED_BEHIND.match(self.masked[amount.number_end : amount.number_end + 24])
                or _OLDER.search(behind[:14])
            ):
                return _K.AGE, "years"
            return _K.NUMBER, ""
        if amount.kind is _K.COUNT and amount.unit.lower() == "pounds":
            return (_K.WEIGHT, "lb") if _WEIGHS.search(self.masked) else (_K.MONEY, "GBP")
        return amount.kind, amount.unit

    def _number_of(self, point: Point) -> str:
        start, _ = self._clause(point)
        match = None
        for match in _NUMBER_OF.finditer(self.masked, start, point.start):
            pass
        if match is None:
            return ""
        noun = ""
        for word in match["noun"].split():
            if word.lower() in _STOPS:
                break
            noun = word
            if word.endswith("s"):
                break
        return plural_of(noun) if noun else ""

    def _single(self, index: int, point: Point) -> Found | None:
        relation, start, end = self._relation(index, point)
        clause_start, clause_end = self._clause(point)
        lead = self.masked[self._floor(index) : point.start]
        kind, unit = self._kind(point, lead, self.masked[point.end : point.end + 30])
        if kind is None:
            return None
        if kind is _K.DURATION:
            return self._span(point, relation, start, end, unit)
        if kind is _K.TIME:
            relation = self._of_day(relation, lead, self.language)
        if kind is _K.DATE and relation is Relation.NONE:
            relation = self._of_day(relation, lead, self.language)
            if relation is Relation.NONE and not re.search(
                r"\b(?:on|is|starts?|ends?|begins?|am|el|le)\s*(?:the )?$", lead, re.IGNORECASE
            ):
                return None
        if point.amount and not self._counts(index, point, kind, relation, lead):
            return None
        relation = self._allowed(index, point, relation, kind, lead, (clause_start, clause_end))
        self.last = relation
        return bounded(kind, point.value, relation, unit=unit, start=start, end=end)

    @staticmethod
    def _of_day(relation: Relation, lead: str, language: str) -> Relation:
        tail = lead[-24:]
        if relation is Relation.NONE or relation is Relation.LESS:
            for found, pattern in _DAY_RELATIONS:
                if match := pattern.search(tail):
                    negated = found in {Relation.MORE, Relation.LESS} and comparators.denied(
                        lead[: len(lead) - len(tail) + match.start()], language
                    )
                    return comparators.FLIPPED[found] if negated else found
        return relation

    def _counts(self, index: int, point: Point, kind: ConstraintKind, relation: Relation, lead: str) -> bool:
        """Whether a plain number limits something, rather than being told in passing."""
        amount = point.amount
        assert amount is not None  # the caller asks for amounts only
        if amount.code:
            return True
        if amount.article and kind is _K.COUNT and relation in {Relation.NONE, Relation.MORE}:
            return False
        if relation is not Relation.NONE and not (
            relation is Relation.EXACT and amount.spelled and amount.value == 1
        ):
            return not (kind is _K.NUMBER and amount.spelled and amount.value == 1 and not amount.unit)
        if kind is _K.NUMBER and not amount.unit:
            return bool(_SET_TO.search(lead)) and not amount.label
        if amount.label:
            return False
        if kind is not _K.COUNT or not amount.spelled:
            return not (kind is _K.COUNT and _DETERMINED.search(lead) and not self._of_whole(lead))
        around = self.masked[max(0, amount.start - 12) : amount.end + 12]
        behind = self.masked[amount.number_end : amount.number_end + 12]
        if amount.value == 1 and (_IDIOM.search(around) or _OF_ONE.search(lead) or _ONE_OF.match(behind)):
            return False
        if _DETERMINED.search(lead) or _ONE_OF_BEFORE.search(lead):
            return False
        clause_start, clause_end = self._clause(point)
        return not (
            amount.value == 2 and _ANY_TWO.search(self.masked, clause_start, clause_end)
        )  # two of a kind

    @staticmethod
    def _of_whole(lead: str) -> bool:
        return bool(re.search(r"\b(?:of|first|last|next|all)\s*$", lead, re.IGNORECASE))

    def _allowed(
        self,
        index: int,
        point: Point,
        relation: Relation,
        kind: ConstraintKind,
        lead: str,
        clause: tuple[int, int],
    ) -> Relation:
        """The bound of what is allowed, where the sentence tells what is refused."""
        start, end = clause
        inside = self.masked[start:end]
        if self.scenario:
            refused = point.start < self.then and refusal.refuses(self.outcome, self.language)
        elif self.language == "en":
            refused = refusal.refuses(inside, self.language)
        else:
            refused = refusal.refuses(self.masked[point.end : end], self.language)
        if not self.scenario and refused and (joint := _joint(inside, point.start - start)):
            refused = refusal.refuses(joint, self.language)
        refused = refused or (self.inherited and relation in {Relation.MORE, Relation.LESS})
        if not refused:
            if (
                relation is Relation.NONE
                and kind is _K.COUNT
                and point.amount
                and _ATTEMPTS.search(lead)
                and refusal.locks(inside)
            ):
                return Relation.AT_MOST
            if (
                relation is Relation.NONE
                and point.unit == "times"
                and _WRONG.search(inside)
                and _ENDS.search(inside)
            ):
                return Relation.AT_MOST
            return relation
        if relation in {Relation.MORE, Relation.LESS}:
            return comparators.FLIPPED[relation]
        if relation is Relation.AT_LEAST and re.match(
            r",? (?:or|and) |\+", self.masked[point.end : point.end + 8]
        ):
            return Relation.LESS
        if relation is Relation.NONE and kind is _K.COUNT and point.amount:
            if self.scenario and (_FURTHER.search(self.masked) or re.search(r"\balready\b", self.masked)):
                return Relation.AT_MOST
            if (
                _ATTEMPTS.search(lead)
                or point.unit == "times"
                or re.search(r"\balready (?:has|have|had)?\b", lead)
            ):
                return Relation.AT_MOST
        if (
            relation is Relation.NONE
            and kind in {_K.MONEY, _K.SIZE}
            and self.scenario
            and re.search(r"\bexceed|\bbeyond|\babove", self.masked)
        ):
            return Relation.AT_MOST
        return relation

    def _span(self, point: Point, relation: Relation, start: int, end: int, unit: str) -> Found | None:
        clause_start, clause_end = self._clause(point)
        amount = point.amount
        if (
            amount
            and amount.spelled
            and amount.number_end == amount.start
            and _RATE_BEFORE.search(self.masked[max(0, point.start - 8) : point.start])
        ):
            return None
        if self.scenario:
            clause_end = len(self.masked)
            clause_start = max(
                (match.start() for match in _SCENARIO.finditer(self.masked) if match.start() <= point.start),
                default=0,
            )
        around = timers.Surroundings(
            relation,
            self.masked[min(start, point.start) : point.start],
            self.masked[clause_start : min(start, point.start)],
            self.masked[point.end : clause_end] if end == point.end else self.masked[end:clause_end],
            self.masked[clause_start : self._sentence_end(point)],
            self.masked[end : self._sentence_end(point)],
        )
        told = timers.reading(around)
        relation = told.relation
        if told.kind is _K.DURATION and relation in {Relation.MORE, Relation.LESS}:
            index = self.points.index(point)
            relation = self._allowed(index, point, relation, _K.DURATION, "", (clause_start, clause_end))
        return bounded(told.kind, point.value, relation, unit=unit, start=start, end=end)

    def _sentence_end(self, point: Point) -> int:
        match = re.compile(r"[.!?](?=\s|$)|\n\s*\n").search(self.masked, point.end)
        return len(self.masked) if self.scenario or match is None else match.start()


_STOPS = words.word_set(
    "is are be must should can may has have between at in per which that and or, of to for from with "
    "not exceeds exceed shall will"
)
_RATE_BEFORE = re.compile(r"\b(?:times|once|twice)\s*$", re.IGNORECASE)
_DAY_RELATIONS = (
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
                r"closes at|ends at|bis|spätestens|hasta|jusqu['\u2019]à|before or on|through|"
                r"tot)\s*(?:the |um |"
                r"at |las )?$"
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


_WRONG = re.compile(
    r"\b(?:wrong\w*|incorrect\w*|fail\w*|invalid\w*|false|mistyped|falsch\w*|incorrect[oa]\w*)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:closed|signed out|logged out|deleted|ends|stopped|aborted|cancelled|void|invalidated|disabled)\b",
    re.IGNORECASE,
)
_COORDINATE = re.compile(r", (?:and|while|whereas|und|y|et) ")


def _joint(clause: str, at: int) -> str:
    """The part between `, and` in which the point stands, unless it is a condition of the whole."""
    cuts = [match.start() for match in _COORDINATE.finditer(clause)]
    if not cuts:
        return ""
    start = max((cut for cut in cuts if cut <= at), default=0)
    end = min((cut for cut in cuts if cut > at), default=len(clause))
    part = clause[start:end]
    return "" if re.match(r"\W*(?:and )?(?:if|when|with|for|unless)\b", part, re.IGNORECASE) else part


def _aged(lead: str) -> bool:
    match = _AGED_BEFORE.search(lead[-60:])
    return bool(match) and not _OLD_THING.search(lead[-40:])


def _comparable(one: Point, two: Point) -> tuple[Decimal | str, Decimal | str, str] | None:
    """Both values in the smaller of their units, and that unit; `None` where they can't be compared."""
    if isinstance(one.value, str) or isinstance(two.value, str):
        return one.value, two.value, ""
    if not one.unit or not two.unit or one.unit == two.unit or one.kind is _K.COUNT:
        return one.value, two.value, two.unit or one.unit
    for steps in _UNIT_STEPS:
        if one.unit in steps and two.unit in steps:
            small = min(one.unit, two.unit, key=lambda unit: steps[unit])
            return (
                one.value * steps[one.unit] / steps[small],
                two.value * steps[two.unit] / steps[small],
                small,
            )
    return None


def _relative_days(masked: str, language: str) -> Iterator[Found]:
    """`not in the future`, `not before today`; a bound of a range with today is found with the other one."""
    for match in _FUTURE.finditer(masked):
        word = (match["when"] or match["when2"] or match["when3"]).lower()
        ahead = word in {"future", "zukunft", "futuro", "futur", "avenir"}
        clause = masked[match.start() : match.end() + 80].split(".", maxsplit=1)[0]
        no = (
            bool(match["no"])
            or (bool(match["when3"]) and refusal.refuses(clause, language))
            or (not match["no"] and comparators.denied(masked[: match.start()], language))
        )
        if match["when3"] and not no:
            continue
        relation = (
            (Relation.AT_MOST if ahead else Relation.AT_LEAST)
            if no
            else (Relation.MORE if ahead else Relation.LESS)
        )
        yield bounded(_K.DATE, "today", relation, unit="", start=match.start(), end=match.end())
    for match in _TODAY_OR.finditer(masked):
        later = match["rel"].lower() in {"later", "after"}
        yield bounded(
            _K.DATE,
            "today",
            Relation.AT_LEAST if later else Relation.AT_MOST,
            unit="",
            start=match.start(),
            end=match.end(),
        )
    done = -1
    for match in _TODAY.finditer(masked):
        if match["or"] or match.start() < done:
            continue
        spoken = match["rel"].lower()
        if spoken in {"and", "to"}:
            earlier = [
                one
                for one in moments(masked[max(0, match.start() - 40) : match.start()])
                if one.kind is _K.DATE
            ]
            lead = masked[max(0, match.start() - 70) : match.start()]
            if earlier and re.search(r"\b(?:between|from)\b", lead):
                shift = max(0, match.start() - 40)
                yield Found(
                    _K.DATE, shift + earlier[-1].start, match.end(), low=earlier[-1].value, high="today"
                )
                done = match.end()
            continue
        if spoken in {"between", "since"} or (match["day"] and not spoken.startswith(("not", "no"))):
            continue
        relation = _TODAY_RELATIONS.get(spoken, Relation.NONE)
        if relation is Relation.NONE:
            continue
        if spoken in {"before", "after"} and comparators.denied(masked[: match.start()], language):
            relation = comparators.FLIPPED[Relation.MORE if spoken == "after" else Relation.LESS]
        yield bounded(_K.DATE, "today", relation, unit="", start=match.start(), end=match.end())


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


def _repetitions(masked: str, points: Sequence[Point]) -> Iterator[Found]:
    """`once`, `twice a day`."""
    for match in _TWICE.finditer(masked):
        value = Decimal(_TIMES[match["word"].lower()])
        lead = masked[max(0, match.start() - 70) : match.start()]
        rate = _RATE.match(masked, match.end())
        tail = lead[max((cut.end() for cut in re.finditer(r"[.;:|\n]", lead)), default=0) :]
        if rate and value == 1 and not _RARE.search(tail):
            unit = _RATE_UNITS[rate["unit"].lower()]
            relation = Relation.AT_MOST if _FREQUENT.search(tail) else Relation.EXACT
            yield bounded(_K.DURATION, value, relation, unit=unit, start=match.start(), end=rate.end())
            continue
        if re.match(r"\s+(?:every|in)\b", masked[match.end() :]) and any(
            0 < point.start - match.end() < 8 for point in points
        ):  # the words between
            continue
        rare = _RARE.search(tail)
        bound = _ONLY_TIMES.search(tail)
        if rare or bound:
            relation = Relation.AT_MOST
        elif _FREQUENT.search(tail):
            relation = Relation.AT_LEAST
        elif _VERB_BEFORE.search(tail) and (
            rate
            or re.match(
                r"\s*(?:[.,;|]|$|per\b|and\b|for\b|in\b|before\b|after\b|only\b|at\b|during\b|pro\b|with\b)",
                masked[match.end() :],
            )
        ):
            relation = Relation.EXACT
        else:
            continue
        yield bounded(_K.COUNT, value, relation, unit="times", start=match.start(), end=match.end())


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
