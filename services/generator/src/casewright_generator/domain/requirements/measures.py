"""What a number measures: its kind and its unit."""

import re
from dataclasses import dataclass
from decimal import Decimal

from casewright_generator.domain.language import words
from casewright_generator.domain.requirements.amounts import Amount, amounts, plural_of
from casewright_generator.domain.requirements.blanking import blot
from casewright_generator.domain.requirements.clock import moments
from casewright_generator.domain.requirements.comparators import Relation, before
from casewright_generator.domain.requirements.model import ConstraintKind
from casewright_generator.domain.requirements.units import unit_named

_K = ConstraintKind
_NUMBER_OF = re.compile(
    (
        r"\b(?:(?:number|amount|count|anzahl|número|nombre) (?:of |de |der |von |d['\u2019])|how many "
        r")(?:the |all |any "
        r"|simultaneous |parallel )?(?P<noun>[^\W\d_][\w-]*(?: [^\W\d_][\w-]*){0,3})"
    ),
    re.IGNORECASE,
)
_LABELLED = re.compile(r"(?:^|[|;.,]\s*)(?P<noun>[^\W\d_]\w{2,20}s):\s*$")
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
    rf"\b(?:has|have|had|having) turned\s*$|\b(?:over|under)-$|"
    rf"\b(?:you|we) (?:must|have to|need to|should|may|can)(?: only)? be(?: at least| older than| over| "
    rf"exactly)?\s*$|"
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
_BY_AGE = re.compile(
    rf"\b(?:(?:{_PERSON})|who(?:ever)?|that['\u2019]s|worker|child|person|[a-z]+(?:er|or|ant|ent|ist|"
    rf"ee))\b[^.;|,]{{0,20}} "
    r"(?:(?:is|are|was|were) not yet|up to and including)\s*$",
    re.IGNORECASE,
)
"""`anybody up to and including 17`: people are counted in words, and aged by bare numbers."""
_OF_AGE = re.compile(r"[^|;:]{0,30}\bage\b[^|;]{0,60};", re.IGNORECASE)
"""A row of a table about an age."""
_LENGTH_COUNT = re.compile(
    r"\b(?P<unit>word|character|letter|line|digit) count\b[^.;|]{0,60}$", re.IGNORECASE
)
_LENGTH_OF = re.compile(r"\blength(?: is| of|:| =)? *$", re.IGNORECASE)
_IN_UNIT = re.compile(
    r"\b(?:(?:given|entered|shown|stated|measured|expressed|typed|stored|recorded|noted|counted|quoted|"
    r"kept|written|"
    r"displayed|told|set|is|are) in|in(?= \S{1,12},)) (?:whole |full )?(?P<unit>[^\W\d_]{1,12}|%|°C|°F|[€$£])"
    r"(?=[ ,;:])",
    re.IGNORECASE,
)
"""`is entered in cm, from 0 to 40`."""
_MOST_OF = re.compile(
    r"\b(?:max(?:imum|imal)?|min(?:imum|imal)?)\.? (?P<noun>[^\W\d_]\w{2,20}s)(?: ?[:=]| is| are)? *$",
    re.IGNORECASE,
)
_COUNTED_AS = re.compile(
    r"\b(?P<noun>[^\W\d_]\w{2,20}s) (?:(?:are|get) counted(?: from| between| up to)?|count (?:as|for))\s*"
    r"(?:only |just )?$",
    re.IGNORECASE,
)
_OLDER = re.compile(r"\b(?:or|and) (?:older|younger)\b", re.IGNORECASE)
_OLD_THING = re.compile(
    (
        r"\b(?:file|files|record|records|entry|entries|log|logs|value|backup|backups|version|message|"
        r"messages|e-?mails?|mails?|documents?|photos?|pictures?|orders?|results?|notes?|alerts?|offers?|post|posts|invoice|invoices|draft|drafts|session|report|data|request|ticket)s?\b"
    ),
    re.IGNORECASE,
)
_WEIGHS = re.compile(r"\b(?:weigh\w*|heav\w+|load|parcel|luggage|lift)\b", re.IGNORECASE)
_STOPS = words.word_set(
    "is are be must should can may has have between at in per which that and or, of to for from with "
    "not exceeds exceed shall will as they he she it we you one"
)
_OF_THOSE = re.compile(r"\s+of\b")
_PRONOUN = re.compile(
    r"\b(?:the|an?|this|that|each|every|which|any|another|their|its) (?:[\w-]+ )?$", re.IGNORECASE
)
"""`the last one`: no number."""
_TEXT = 24
"""Characters behind a number that may say it is an age."""
_ARTICLE_REACH = 40
_CLAUSE_REACH = 160
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


@dataclass(frozen=True, slots=True)
class Point:
    """A value with its place: an amount, a date or a time of day."""

    kind: ConstraintKind | None
    value: Decimal | str
    unit: str
    start: int
    end: int
    amount: Amount | None = None


def points(masked: str, language: str) -> list[Point]:
    """All values of a text, in order; an article that may be a number only beside a comparator."""
    times = moments(masked)
    rest = blot(masked, [(one.start, one.end) for one in times])
    found = [Point(one.kind, one.value, "", one.start, one.end) for one in times]
    for one in amounts(rest, language):
        if one.spelled and one.value == 1 and _OF_THOSE.match(rest, one.number_end):
            continue
        lead = rest[max(0, one.start - _ARTICLE_REACH) : one.start]
        if one.spelled and one.value == 1 and one.kind in {None, _K.COUNT} and _PRONOUN.search(lead):
            continue
        if one.article and before(lead, language)[0] is Relation.NONE:
            continue
        found.append(Point(one.kind, one.value, one.unit, one.start, one.end, one))
    return sorted(found, key=lambda one: one.start)


def measure(masked: str, point: Point, lead: str, clause_start: int) -> tuple[ConstraintKind | None, str]:
    """What a point measures, with its unit.

    Args:
        masked: The text that it stands in.
        point: A value.
        lead: The words before it, from the value before it on.
        clause_start: Where its clause begins.
    """
    amount = point.amount
    if amount is None or amount.code:
        return point.kind, ""
    behind = masked[amount.number_end : amount.number_end + _TEXT]
    old = bool(_AGED_BEHIND.match(behind)) or _aged(lead)
    kind, unit = amount.kind, amount.unit
    old = old or bool(_OF_AGE.match(masked))
    if kind is _K.DURATION and unit == "years" and old:
        kind = _K.AGE
    elif kind is None or (kind is _K.COUNT and unit.lower() in {"s", "years"}):
        old = old or bool(_OLDER.search(masked[point.end : point.end + 14]))
        clause = masked[max(clause_start, point.start - _CLAUSE_REACH) : point.start]
        noun = _counted(clause)
        given = _IN_UNIT.search(clause)
        kind, unit = (_K.COUNT, noun) if noun else (_K.AGE, "years") if old else (_K.NUMBER, "")
        if counted := _LENGTH_COUNT.search(clause):
            kind, unit = _K.LENGTH, f"{counted['unit'].lower()}s"
        elif kind is _K.NUMBER and _LENGTH_OF.search(clause):
            kind, unit = _K.LENGTH, "characters"
        if kind is _K.NUMBER and given and (named := unit_named(given["unit"])):
            kind, unit = named.kind, named.name
    elif kind is _K.COUNT and unit.lower() == "pounds":
        kind, unit = (_K.WEIGHT, "lb") if _WEIGHS.search(masked) else (_K.MONEY, "GBP")
    return kind, unit


def _counted(before_it: str) -> str:
    """What `the number of guests` or `Seats:` counts, in the plural; empty where nothing is."""
    if match := _LABELLED.search(before_it):
        return match["noun"].lower()
    if match := _MOST_OF.search(before_it):
        return match["noun"].lower()
    if match := _COUNTED_AS.search(before_it):
        return match["noun"].lower()
    matches = list(_NUMBER_OF.finditer(before_it))
    noun = ""
    for word in matches[-1]["noun"].split() if matches else ():
        if word.lower() in _STOPS:
            break
        noun = word
        if word.endswith("s"):
            break
    return plural_of(noun) if noun else ""


def _aged(lead: str) -> bool:
    match = _AGED_BEFORE.search(lead[-60:]) or _BY_AGE.search(lead[-60:])
    return bool(match) and not _OLD_THING.search(lead[-80:])


def comparable(one: Point, two: Point) -> tuple[Decimal | str, Decimal | str, str] | None:
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
