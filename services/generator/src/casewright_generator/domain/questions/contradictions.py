"""Two statements on one thing that can't both hold. Precision first: what may be an exception is none."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from casewright_common.events import Criterion
from casewright_generator.domain.language import words
from casewright_generator.domain.requirements.model import Constraint, ConstraintKind

_K = ConstraintKind
_BOUNDS = frozenset(
    {
        _K.LENGTH,
        _K.COUNT,
        _K.NUMBER,
        _K.MONEY,
        _K.PERCENT,
        _K.SIZE,
        _K.WEIGHT,
        _K.AGE,
        _K.DURATION,
        _K.TIMEOUT,
    }
)
_SCALE = {
    "milliseconds": ("time", Decimal("0.001")),
    "seconds": ("time", Decimal(1)),
    "minutes": ("time", Decimal(60)),
    "hours": ("time", Decimal(3600)),
    "days": ("time", Decimal(86400)),
    "weeks": ("time", Decimal(604800)),
    "months": ("time", Decimal(2629800)),
    "years": ("time", Decimal(31557600)),
    "bytes": ("size", Decimal(1)),
    "KB": ("size", Decimal(1000)),
    "MB": ("size", Decimal(10) ** 6),
    "GB": ("size", Decimal(10) ** 9),
    "TB": ("size", Decimal(10) ** 12),
    "g": ("weight", Decimal(1)),
    "kg": ("weight", Decimal(1000)),
}
_LITTLE = words.word_set(
    "a an the and or of to in on at by for with from as is are be been was were will would can could "
    "may might must shall should has have had do does did not no never it its they them their he she "
    "his her we "
    "our you your this that these those which who whom whose there then than so also too only just "
    "still again any all each every some more most less least at up down out over under above below "
    "between within "
    "after before until since while when if once because but however very own other another one two "
    "three four five first per via into onto off about possible remain remains stay stays get gets got "
    "go goes going "
    "longer later earlier maximum minimum max min exactly least most up limit limited allowed exceed "
    "exceeds than them itself always anymore anyway such both either neither total time times day days "
    "hour hours minute minutes "
    "second seconds week weeks month months year years characters digits words lines percent eur usd "
    "gbp chf mb kb gb kg new through between single given whole"
)
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]+")
_REASON = re.compile(
    r"^(?:since|as|because|although|though|while)\b[^,]{0,160},|\b(?:because|so that|in order to)\b.*$",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|once|unless|except|otherwise|while|as long as|as soon as|only|without|"
    r"instead|before|after|until|during|for those|provided)\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:can|could|may|must|shall|should|will|wo|is|are|was|were|do|does|did|has|have|need)(?:not|"
    r"n?['\u2019]t| not| never)\b|\bcannot\b|\bnever\b|\bnobody\b|\bno longer\b|"
    r"\b(?:forbidden|prohibited|not (?:allowed|permitted|possible)|impossible|rejected|refused|"
    r"disabled|blocked)\b|^no\b",
    re.IGNORECASE,
)
_POSITIVE = re.compile(
    r"\b(?:can|may|allowed|possible|able|permitted|enabled|always|must|has to|have to|every|is|are)\b",
    re.IGNORECASE,
)
_ALLOWS = re.compile(r"\b(?:can|may|allowed|possible|able|permitted|enabled)\b", re.IGNORECASE)
_FREE = re.compile(
    r"\b(?:without (?:any )?(?:costs?|charges?|fees?)|free(?: of charge)?|for free|no (?:fee|charge|"
    r"cost)s?|at no (?:cost|charge)|nothing is charged|not charged)\b",
    re.IGNORECASE,
)
_COSTS = re.compile(
    r"\b(?:(?:is|are) charged|charged (?:at|with)|costs?|a fee of|fee|must pay|has to pay|have to pay|"
    r"is billed)\b",
    re.IGNORECASE,
)
_MANDATORY = re.compile(
    r"\b(?:mandatory|required|compulsory|obligatory|must (?:be )?(?:given|entered|filled(?: in)?|"
    r"provided|stated|chosen|selected|set|not be empty)|has to be (?:given|entered|filled(?: in)?|"
    r"provided|stated))\b",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    r"\b(?:optional(?:ly)?|not (?:mandatory|required|compulsory)|voluntary|(?:may|can) (?:be )?(?:left "
    r"(?:empty|blank|out)|omitted|skipped)|need(?:n['\u2019]t| not) be (?:given|entered|filled(?: in)?|"
    r"provided|stated))\b",
    re.IGNORECASE,
)
_NEEDS = re.compile(
    r"\b(?:needs?|requires?|must be (?:approved|confirmed|signed|released|checked)|has to be "
    r"(?:approved|confirmed)|have to be (?:approved|confirmed))\b[^.;]*\b(?:ok|okay|approv\w+|consent|"
    r"confirm\w+|signature|sign-?off|permission|release|countersign\w*|agreement|by)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\b(?:any|all|every|regardless|irrespective|whatever|no matter)\b[^.;]*\b(?:on (?:their|its|his|"
    r"her) own|alone|without (?:further |any |additional )?(?:approval|consent|confirmation|sign-?off|"
    r"asking)|by (?:themselves|himself|herself|itself))\b",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(
    r"\b(?:for|with|in|on|abroad|at|within|outside|without|during|to|from|of)\s+(?:the |a |an |their |"
    r"its |all |our )?([^\W\d_]\w+)",
    re.IGNORECASE,
)
_HARD = re.compile(
    r"\b(?:at most|up to|max\w*\.?|no more|not more|at least|min\w*\.?|between|exactly|only|never|"
    r"limited|may not|must not|has|have)\b",
    re.IGNORECASE,
)
_COMMON = 8
"""A word that stands in more sentences than this is the story's topic and tells no two apart."""
_STEM = 5
_CONTAINED = 2
_ALIKE = 0.75
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sentences, in the order of the story, with the ids of their criteria, and what is at odds."""

    criteria: tuple[str, str]
    sentences: tuple[str, str]
    ask: str


@dataclass(frozen=True, slots=True)
class _Said:
    index: int
    criterion: str
    text: str
    stems: frozenset[str]
    limits: tuple[Constraint, ...]


def contradictions(
    criteria: Sequence[Criterion], constraints: Sequence[Constraint]
) -> Iterator[Contradiction]:
    """The contradictions of a story, each once."""
    limits: dict[str, list[Constraint]] = {}
    for constraint in constraints:
        limits.setdefault(constraint.criterion, []).append(constraint)
    said = [_said(index, one, limits.get(one.id, ())) for index, one in enumerate(criteria)]
    for one, two in _pairs(said):
        if ask := _at_odds(one, two):
            yield Contradiction((one.criterion, two.criterion), (one.text, two.text), ask)


def _said(index: int, criterion: Criterion, limits: Sequence[Constraint]) -> _Said:
    text = " ".join(criterion.text.split())[:_LONGEST]
    return _Said(index, criterion.id, text, _stems(_REASON.sub("", text)), tuple(limits))


_LONGEST = 600
_SHORTEST = 3
"""Letters of a word that says something."""


def _stems(text: str) -> frozenset[str]:
    return frozenset(
        _stem(word) for word in _WORD.findall(text.lower()) if word not in _LITTLE and len(word) >= _SHORTEST
    )  # shorter ones say nothing


def _stem(word: str) -> str:
    plain = re.sub(r"['\u2019]s$", "", word)
    plain = re.sub(r"(?:ations?|ing|ed|ies|es|s|ly)$", "", plain) or plain
    return plain[:_STEM]


def _pairs(said: Sequence[_Said]) -> Iterator[tuple[_Said, _Said]]:
    """Sentences that share two words which aren't the story's topic."""
    places: dict[str, list[int]] = {}
    for one in said:
        for stem in one.stems:
            places.setdefault(stem, []).append(one.index)
    for one in said:
        shared: Counter[int] = Counter()
        for stem in one.stems:
            if len(places[stem]) <= max(_COMMON, 1):
                shared.update(index for index in places[stem] if index > one.index)
        for index in sorted(shared):
            yield one, said[index]


def _at_odds(one: _Said, two: _Said) -> str:
    shared = one.stems & two.stems
    if not shared:
        return ""
    return (
        _needs_and_alone(one, two)
        or _mandatory_and_optional(one, two, shared)
        or _bounds(one, two)
        or _cost(one, two, shared)
        or _modality(one, two, shared)
    )


def _needs_and_alone(one: _Said, two: _Said) -> str:
    for first, second in ((one, two), (two, one)):
        if _NEEDS.search(first.text) and _ALONE.search(second.text):
            return "Which of the two holds where both apply?"
    return ""


def _mandatory_and_optional(one: _Said, two: _Said, shared: frozenset[str]) -> str:
    for first, second in ((one, two), (two, one)):
        must, may = _MANDATORY.search(first.text), _OPTIONAL.search(second.text)
        if (
            not must
            or not may
            or _OPTIONAL.search(first.text)
            or _CONDITION.search(first.text)
            or _CONDITION.search(second.text)
        ):
            continue
        named = _stems(first.text[: must.start()]) or _stems(first.text)
        other = _stems(second.text[: may.start()]) or _stems(second.text)
        if named and other and (named <= other or other <= named) and named & other & shared:
            return "Must it be given, or may it be left out?"
    return ""


def _interval(one: Constraint) -> tuple[Decimal | None, Decimal | None, str] | None:
    if one.kind not in _BOUNDS or isinstance(one.low, str) or isinstance(one.high, str):
        return None
    family, scale = _SCALE.get(one.unit, (f"{one.kind}:{one.unit.lower()}", Decimal(1)))
    low = one.low * scale if one.low is not None else None
    high = one.high * scale if one.high is not None else None
    return low, high, family


def _bounds(one: _Said, two: _Said) -> str:
    for first in one.limits:
        for second in two.limits:
            a, b = _interval(first), _interval(second)
            if (
                a is None
                or b is None
                or a[2] != b[2]
                or (first.kind is not second.kind and {first.kind, second.kind} != {_K.DURATION, _K.TIMEOUT})
            ):
                continue
            if _same_thing(one, first, two, second, disjoint=_disjoint(a, b)) and _incompatible(a, b):
                return f"Does “{first.text}” or “{second.text}” hold?"
    return ""


def _disjoint(
    a: tuple[Decimal | None, Decimal | None, str], b: tuple[Decimal | None, Decimal | None, str]
) -> bool:
    return (a[0] is not None and b[1] is not None and a[0] > b[1]) or (
        b[0] is not None and a[1] is not None and b[0] > a[1]
    )


def _incompatible(
    a: tuple[Decimal | None, Decimal | None, str], b: tuple[Decimal | None, Decimal | None, str]
) -> bool:
    if _disjoint(a, b):
        return True
    same_shape = (a[0] is None) == (b[0] is None) and (a[1] is None) == (b[1] is None)
    return same_shape and (a[0], a[1]) != (b[0], b[1])


def _subject(said: _Said, limit: Constraint) -> tuple[frozenset[str], str]:
    """What a limit is about: the words of its sentence, or of its column and its row's first cell."""
    cells = [part.strip() for part in re.split(r"; | \| ", said.text)]
    if len(cells) > 1 and (": " in cells[0] or " | " in said.text):
        own = next((cell for cell in cells if limit.text and limit.text in cell), cells[0])
        text = f"{cells[0]} {own}"
        return _stems(text), text
    parts = [
        part
        for part in re.split(r";|\.(?=\s)|, and ", _REASON.sub("", said.text))
        if limit.text and limit.text in part
    ]
    text = parts[0] if parts else said.text
    return _stems(text), text


def _same_thing(one: _Said, first: Constraint, two: _Said, second: Constraint, *, disjoint: bool) -> bool:
    (a, text_a), (b, text_b) = _subject(one, first), _subject(two, second)
    if first.unit and first.kind is _K.COUNT:
        a, b = a | {_stem(first.unit.lower())}, b | {_stem(second.unit.lower())}
    small, large, large_text = (a, b, text_b) if len(a) <= len(b) else (b, a, text_a)
    small_text, small_said, small_limit = (text_a, one, first) if len(a) <= len(b) else (text_b, two, second)
    if not small <= large or (len(small) < _CONTAINED and small != large):
        return False
    if _CONDITION.search(re.sub(r"\b(?:after|before) [^,;.]*", "", small_text)):
        return False
    if disjoint:
        return bool(_HARD.search(small_said.text)) and (
            small_limit.low is None or small_limit.high is None or small != large
        )
    extras = large - small
    if _CONDITION.search(re.sub(r"\b(?:after|before) [^,;.]*", "", large_text)):
        return False
    qualified = {_stem(match.lower()) for match in _QUALIFIED.findall(large_text)}
    if qualified & extras:
        return False
    tokens = [word.lower() for word in _WORD.findall(large_text)]
    return not any(
        after not in _LITTLE
        and not words.is_verb(before)
        and (
            (_stem(before) in extras and _stem(after) in small)
            or (_stem(before) in small and _stem(after) in extras)
        )
        for before, after in pairwise(tokens)
    )


def _cost(one: _Said, two: _Said, shared: frozenset[str]) -> str:
    for first, second in ((one, two), (two, one)):
        if (
            not (_FREE.search(first.text) and _COSTS.search(second.text))
            or _FREE.search(second.text)
            or len(shared) < _CONTAINED
        ):
            continue
        for a in first.limits:
            for b in second.limits:
                x, y = _interval(a), _interval(b)
                if x and y and x[2] == y[2] == "time" and not _disjoint(x, y):
                    return f"Is it free or charged where both “{a.text}” and “{b.text}” apply?"
    return ""


def _modality(one: _Said, two: _Said, shared: frozenset[str]) -> str:
    """`Guests can comment`, `Guests can't comment`."""
    small = min(len(one.stems), len(two.stems))
    union = len(one.stems | two.stems)
    negative = (bool(_NEGATIVE.search(one.text)), bool(_NEGATIVE.search(two.text)))
    if negative[0] == negative[1] or small < _CONTAINED or (one.limits != () and two.limits != ()):
        return ""
    positive = two if negative[0] else one
    if not _ALLOWS.search(positive.text) and not re.search(
        r"\b(?:must|always|every)\b", positive.text, re.IGNORECASE
    ):
        return ""
    if _CONDITION.search(one.text) or _CONDITION.search(two.text):
        return ""
    alike = len(shared) / union >= _ALIKE or (len(shared) == small and len(shared) / union > _HALF)
    return "Is it allowed or not?" if alike else ""
