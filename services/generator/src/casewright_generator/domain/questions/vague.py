"""Words that can't be measured, where nothing beside them measures them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from casewright_common.events import Criterion
from casewright_generator.domain.questions.vague_words import (
    ANYWHERE,
    BEFORE_NOUN,
    CAPABLE,
    COMPOUNDS,
    PHRASES,
    SAID_OF,
    Sort,
)
from casewright_generator.domain.requirements.blanking import without_quotations
from casewright_generator.domain.requirements.exclusions import sentences
from casewright_generator.domain.requirements.model import Constraint

_WORD = re.compile(r"[^\W\d_](?:[\w'\u2019]|-(?=\w))*")
_INTENSIVE = (
    r"(?:not|very|too|so|as|more|most|less|really|quite|rather|fairly|reasonably|sufficiently|relatively|"
    r"particularly|especially|extremely|equally|always|also|still|all|nice and|sehr|immer|recht|muy|más|"
    r"très|plus|"
    r"assez|molto|più|heel|muito)"
)
_COPULA = (
    r"(?:(?:be|is|are|stays?|remains?|looks?|feels?|seems?|sounds?|becomes?|appears?|lies?|keeps?|kept|"
    r"ist|sind|bleibt|bleiben|wirkt|wirken|ser|es|son|sea|sean|resulte|être|est|sont|soit|soient|rester|"
    r"reste|restent|"
    r"essere|è|sono|sia|siano|é|são|seja|sejam|blijft|zijn)|(?<=[a-z])['\u2019](?:s|re))"
)
_SAID_BEFORE = re.compile(
    rf"\b{_COPULA}\s+(?:{_INTENSIVE}\s+){{0,3}}(?:[\w-]+(?:,| and| or| but)\s+){{0,2}}$", re.IGNORECASE
)
_MADE_BEFORE = re.compile(r"(?<!\bto )\b(?:keep|make|leave|hold)s?\s+(?:[\w-]+\s+){1,4}$", re.IGNORECASE)
_NOUN_BEFORE = re.compile(
    rf"(?:\b(?:an?|very|reasonably|fairly|sufficiently)|{_COPULA} (?:an? )?{_INTENSIVE})\s+$", re.IGNORECASE
)
_END = r"\s*(?:[.,;:!?)\]~]|$)"
_CLOSED = re.compile(_END)
_SAID_AFTER = re.compile(
    rf"{_END}|\s+(?:and|or|but|for|with|on|in|at|to|enough|so|even|while|when|whenever|if|because|from|by|"
    rf"also|that|"
    r"since|across|under|during|everywhere|too|after|before|over|without|y|e|et|ou|und|oder|en|para|pour|"
    r"per|voor|für)\b",
    re.IGNORECASE,
)
_AT_END_AFTER = re.compile(
    r"\s+(?:(?:und|en) [\w-]+ )?(?:sein|bleiben|wirken|aussehen|erscheinen|zijn|blijven|ogen)\b",
    re.IGNORECASE,
)
"""Where German and Dutch say it last."""
_NOUN_AFTER = re.compile(r"\s+[^\W\d_]")
_OR_OTHER = re.compile(
    r"\s*(?:,|/|\bor\b|\band\b|\boder\b|\bo\b|\bou\b|\bof\b)\s*(?:or |and )?([\w-]+)", re.IGNORECASE
)
_OTHER_OR = re.compile(r"([\w-]+)\s*(?:,|/|\bor|\boder|\bou)\s*$", re.IGNORECASE)
_AS_MUCH = re.compile(r"\bas\s+$", re.IGNORECASE)
_AS_THAT = re.compile(r"\s+as\b(?! possible)", re.IGNORECASE)
_THAN = re.compile(r"\s+than\b", re.IGNORECASE)
_COMPARATIVE = re.compile(r"(?:small|larg|bigg|short|long|high|low|cheap|fast|slow|quick)er|better|worse")
_HOW = re.compile(r"\b(?:how|the most)\s+$", re.IGNORECASE)
_TO_DO = re.compile(
    r"(?:\b(?:to|may|must|can|could|should|will|shall|not|never|cannot|doesn't|don't|won't|can't)|,|^)\s+$",
    re.IGNORECASE,
)
_DONE_TO = re.compile(
    r"\s+(?:the|an?|its|their|his|her|our|your|any|all|each|every|this|that|them|it|down|up|out|off|"
    r"somebody|someone|"
    r"anybody|everybody|people)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?:\b(?:no|not|without(?: an?)?|isn['\u2019]t|aren['\u2019]t|never|nor|cannot be)|n['\u2019]t be)\s+$",
    re.IGNORECASE,
)
_ON_CONDITION = re.compile(
    r"\b(?:if|when|whenever|once|unless|given|as long as|whether)\b[^,;]*$", re.IGNORECASE
)
_BACKGROUND = re.compile(
    r"\b(?:as (?:is|it was)|at the moment|currently|so far|today)\b[^.;]*$", re.IGNORECASE
)
_TITLE = re.compile(
    r"^\s*(?:Scenario|Szenario|Escenario|Scénario|Feature|Background|Rule)\b[^:]{0,20}:", re.IGNORECASE
)
_EXPLAINED = re.compile(
    r"^\W*(?:that|this|which|quick|fast|soon|prompt\w*)?\s*(?:means|is|meaning|i\.e\.|in other words|"
    r"concretely)\b",
    re.IGNORECASE,
)
"""Begins a sentence that measures what the one before it says."""
_BEGINS = re.compile(r"(?:^|[.:;!?(\u201c\"]\s*|^\W*\d*\W*)$")
_LONGEST = 4_000
_NEAR = 60
"""Characters around a word that are looked at."""


@dataclass(frozen=True, slots=True)
class Vague:
    """A vague word with the sentence that it stands in."""

    criterion: str
    word: str
    sentence: str
    ask: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A word in its sentence: what stands right before and behind it."""

    word: str
    before: str
    after: str


def vague(criteria: Sequence[Criterion], constraints: Sequence[Constraint]) -> Iterator[Vague]:
    """The vague words of criteria, in order.

    One that a number measures, in its sentence or in the next that explains it, is none.
    """
    by_criterion: dict[str, list[Constraint]] = {}
    for constraint in constraints:
        by_criterion.setdefault(constraint.criterion, []).append(constraint)
    told = [
        (criterion.id, sentence)
        for criterion in criteria
        for line in criterion.text[:_LONGEST].split("\n")
        if not _TITLE.match(line)
        for sentence in sentences(line)
    ]
    for (criterion_id, sentence), (next_id, following) in pairwise([*told, ("", "")]):
        own = [one for one in by_criterion.get(criterion_id, ()) if one.text and one.text in sentence]
        if _EXPLAINED.match(following):
            own += by_criterion.get(next_id, ())
        yield from _of_sentence(criterion_id, sentence, own)


def _of_sentence(criterion: str, sentence: str, constraints: Sequence[Constraint]) -> Iterator[Vague]:
    masked = without_quotations(sentence)
    kinds = {one.kind for one in constraints}
    values = [value.lower() for one in constraints if not _describe(one.values) for value in one.values]
    found: dict[int, tuple[int, Sort]] = {}
    for pattern, sort in PHRASES:
        for match in pattern.finditer(masked):
            if not any(match.start() < end and start < match.end() for start, (end, _) in found.items()):
                found[match.start()] = (match.end(), sort)
    taken = sorted((start, end) for start, (end, _) in found.items())
    for match in _WORD.finditer(masked):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        if sort_of := _sort(_place(masked, match.start(), match.end()), values):
            found[match.start()] = (match.end(), sort_of)
    for start, (end, sort) in sorted(found.items()):
        if not kinds & sort.measured and not _BACKGROUND.search(masked[:start]):
            yield Vague(criterion, sentence[start:end], sentence, sort.ask)


def _describe(values: Sequence[str]) -> bool:
    """Whether values are no names but all vague words: `warm and polite`."""
    return all(value.lower() in ANYWHERE or value.lower() in SAID_OF for value in values)


def _place(masked: str, start: int, end: int) -> _Place:
    return _Place(masked[start:end], masked[max(0, start - _NEAR) : start], masked[end : end + _NEAR])


def _sort(place: _Place, values: Sequence[str]) -> Sort | None:
    """What sort of vague word stands there; `None` where it is none, or means something else."""
    word = place.word.lower()
    sort = ANYWHERE.get(word) or SAID_OF.get(word)
    if sort is None or _names(place, word, values) or _acts(place, word) or _HOW.search(place.before):
        return None
    if word in CAPABLE and (_DENIED.search(place.before) or _ON_CONDITION.search(place.before)):
        return None
    if (_AS_MUCH.search(place.before) and _AS_THAT.match(place.after)) or (
        _COMPARATIVE.fullmatch(word) and _ON_CONDITION.search(place.before)
    ):
        return None
    return sort if word in ANYWHERE or _is_said(place, word) else None


def _names(place: _Place, word: str, values: Sequence[str]) -> bool:
    """Whether it is part of a name: of a compound, of a value, or written with a capital."""
    behind = _WORD.search(place.after[: _NEAR // 2])
    follows = behind.group() if behind and place.after[: behind.start()].strip() == "" else ""
    if follows.lower() in COMPOUNDS.get(word, ()):
        return True
    phrases = (f"{word} {follows.lower()}", word)
    if (
        any(phrase in value for value in values for phrase in phrases[: 1 if follows else 2])
        or word in values
    ):
        return True
    begins = bool(_BEGINS.search(place.before))
    return place.word[0].isupper() and (not begins or (follows[:1].isupper() and follows[1:].islower()))


def _acts(place: _Place, word: str) -> bool:
    """Whether it is a verb there: `to slow the start`, `Inviting somebody`, `close the lid`."""
    if word.endswith("ing"):
        return bool(_DONE_TO.match(place.after))
    return bool(_TO_DO.search(place.before) and _DONE_TO.match(place.after))


def _is_said(place: _Place, word: str) -> bool:
    """Whether an adjective is said of something, without anything that it is compared with."""
    chosen = any(
        other is not None and other[1].lower() in SAID_OF and word in _OPPOSED.get(other[1].lower(), ())
        for other in (_OR_OTHER.match(place.after), _OTHER_OR.search(place.before))
    )
    if chosen or _THAN.match(place.after):
        return False
    if _SAID_BEFORE.search(place.before) and _SAID_AFTER.match(place.after):
        return True
    if _AT_END_AFTER.match(place.after) or (_MADE_BEFORE.search(place.before) and _CLOSED.match(place.after)):
        return True
    return (
        word in BEFORE_NOUN
        and bool(_NOUN_BEFORE.search(place.before))
        and bool(_NOUN_AFTER.match(place.after))
    )


_OPPOSED: dict[str, frozenset[str]] = {
    word: frozenset(group.split())
    for group in (
        "big small large",
        "short long",
        "high low",
        "good bad poor fair great",
        "simple complex",
        "strong weak",
        "light heavy",
        "warm cool",
        "near far close",
        "strict lenient",
        "groß klein",
    )
    for word in group.split()
}
"""What a choice between words of one scale names: `low, medium or high`."""
