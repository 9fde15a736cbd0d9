"""Running text of a story, written as one: which of its sentences say what must hold.

A sentence is judged by itself and by its company: rules stand together, and so does background.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from casewright_ingest.domain import facts
from casewright_ingest.domain import vocabulary as say
from casewright_ingest.domain.asides import doubts, is_aside, speaks_of_code, told
from casewright_ingest.domain.sentences import judged, words_in
from casewright_ingest.domain.vocabulary import spoken
from casewright_ingest.domain.wishes import is_role_sentence

_FEWEST_WORDS = 3
_ASIDE = -2.0
_ENOUGH = 0.9
_COMPANY = 0.5
_NEAR = 8
_OPENING = 0.75
_BEFORE_WISH = 1.5
_LONGEST_WHY = 3
"""Sentences of a paragraph that may do nothing but say why the story is told."""
_FEWEST_RULES = 2
_FEWEST_RULES_ALONE = 3
_LEAST_MEAN = 1.6
_LEAST_SHARE = 0.3
_MOST_CODE = 0.2
_STRICT = spoken("""
    only | never | nobody | no one | none | neither | nothing | always | at once | at all times | each
    | every | any
    | automatically | by itself | by themselves | on (?:its|their|his|her) own | optional | optionally
    | mandatory
    | required | instead | one of | either | unless | until | as long as | whenever | at the latest
    | at the earliest
    | read-only | default | defaults | exactly | unique | immediately | at any time | in any case | provided
    | nur | nie | niemand | immer | jede[rsnm]? | kein(?:e[rsnm]?)? | automatisch | höchstens | mindestens
    | spätestens
    | erst | muss | müssen | darf | dürfen | kann | können | soll | sollen | sofern | sobald | falls
    | lässt sich
    | solo | sólo | nunca | siempre | cada | ningún | ninguna | automáticamente | como (?:máximo|mínimo)
    | al menos
    | a lo sumo | hasta | puede | pueden | debe | deben | obligatori[oa]
    | seul | seule | seulement | jamais | toujours | chaque | aucun | aucune | automatiquement | au (?:plus
    |moins)
    | peut | peuvent | doit | doivent | obligatoire | sous \\d+
    | soltanto | mai | sempre | ogni | nessun[oa]? | automaticamente | al (?:massimo|minimo) | può | possono
    | apenas | somente | nenhum | nenhuma | no (?:máximo|mínimo) | pode | podem | deve | devem
    | alleen | nooit | altijd | elke? | geen | automatisch | maximaal | minstens | uiterlijk | moet
    | moeten | mag
    | mogen
""")
_LIMIT = spoken("""
    only | at (?:least|most) | no (?:more|less|fewer) than | never | optional | mandatory | höchstens
    | mindestens
    | nur | solo | como máximo | seulement | au (?:plus|moins)
""")
_CONDITION = re.compile(
    r"^\W*(?:when|whenever|if|once|while|after|before|until|unless|where|without|with no|as soon as"
    r"|as long as"
    r"|on (?!the (?:other|one) hand)|for (?!the last|now|instance|example|years)|should|in case|during"
    r"|from|up to"
    r"|wenn|falls|sobald|nach|vor|solange|wird|werden|bei|ohne|ab|bis|si|cuando|al|mientras|después|sin"
    r"|hasta|lorsque"
    r"|quand|dès|après|avant|sans|se|quando|dopo|prima|senza|ao|depois|als|zodra|na|voor|zonder)\b.{4,}",
    re.IGNORECASE | re.DOTALL,
)
_AMOUNT = re.compile(
    r"(?<![\w.-])\d[\d.,:']*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve"
    r"|half an?) [a-z]{3,}s?\b"
    r"|\b(?:drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|tres|cuatro|cinco|seis|siete|ocho|diez|trois"
    r"|quatre|cinq"
    r"|sept|huit|dix)\b",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"\b(?:appears?|entered|written|shown|given|formatted|displayed|printed|stored|typed|coded|has|have|"
    r"form|format"
    r"|pattern|looks?)(?: (?:in|of|the|a|form|format|pattern))* (?:as|like|form|format|pattern|of) "
    r"[\"\u201c']?"
    r"(?=[A-Z\d]{2}\S*|\S+[./+-]\S+)",
)
"""What form a value has: `entered as PRJ-NNNNN`."""
_QUOTED = re.compile(r"\"[^\"]{1,200}\"|“[^”]{1,200}”|„[^“”]{1,200}[“”]|«[^»]{1,200}»")
_PASSIVE = re.compile(
    r"\b(?:is|are|be|gets?|isn't|aren't|'s|'re)(?: (?:not|then|also|only|never|always|additionally"
    r"|automatically"
    r"|likewise|still|once|again|immediately|\w+ly)){0,2} (?:\w+ed|shown|sent|kept|given|set|hidden|told"
    r"|made|taken"
    r"|put|paid|sold|held|begun|written|read|built|drawn|lent|lost|found|bound|left|chosen|cut)\b"
    r"|\b(?:wird|werden|ist|sind)\b.*\b\w+(?:t|en)\b|\bse \w+(?:a|e|an|en)\b|\b(?:est|sont) \w+(?:é|ée|és"
    r"|ées|i|ie|is"
    r"|ies)\b|\b(?:wordt|worden)\b|\b(?:viene|vengono)\b|\b(?:é|são) \w+[ao]s?\b",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(?:from|von|de|van|da) [\"“„«]?[A-Z]?[\w ]{2,30}[\"”“»]? (?:to|auf|nach|zu|a|à|naar|para"
    r"|in) [\"“„«]?[A-Z]\w+"
    r"|\b(?:moves?|changes?|switch(?:es)?|goes|turns?|falls? back|returns?|set|starts?|becomes?|stays?"
    r"|remains?)"
    r"(?: back)? (?:to|into|in|as|on)?\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"^\W*(?:(?i:the|an?|each|every|any|all|both|only|no|other|new|this|its?|they|he|she|at|in|by|up to|to"
    r"|what"
    r"|nothing|anything|anyone|here|there)|[A-Z][\w-]*)\b"
)
_VERB = re.compile(
    r"\b(?!(?:is|has|was|does|this|its|us|as|his|various|always|plus|less|thus|across|besides|perhaps"
    r"|means)\b)"
    r"[a-z]{3,}(?<![aiu]s)(?<!ss)s\b(?! (?:is|are|of|and|or|have|has|can|must)\b)|\b(?:is|are|has|have|can"
    r"|may)\b"
)
_MANY_DO = re.compile(r"^\W*[A-Z][\w'-]*(?: [a-z][\w'-]*){0,2}(?<=\w\w)(?<!s)s [a-z]{2,}(?<!s)\b")
"""`Referred quotes turn up`: several of a kind, and what they do."""
_ELSEWHERE = re.compile(
    r"^\W*(?:Der|Die|Das|Den|Dem|Ein|Eine|Einen|Einem|Einer|El|La|Los|Las|Un|Una|Le|Les|Une|Il|Lo|Gli|I|O"
    r"|Os|As|Het"
    r"|De|Een|Um|Uma|L'|L\u2019)\b ?\w+ \w+ \w+"
)
"""A subject and more in another language, of whose verbs nothing is known."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together.

    Attributes:
        opening: Whether nothing but a wish stands before it, no heading either: there a story
            says why it is told.
    """

    sentences: tuple[str, ...]
    opening: bool = False


@lru_cache(maxsize=1024)
def weight(sentence: str) -> float:
    """How much a sentence by itself looks like a rule of the product: about -2 to 3."""
    if words_in(sentence) < _FEWEST_WORDS or is_aside(sentence):
        return _ASIDE
    whole = judged(sentence)
    text = told(whole)
    signs = (
        2.0 * bool(say.STRONG.search(text) or say.MEDIUM.search(text) or facts.states_bound(whole))
        + 1.0 * bool(_STRICT.search(text))
        + 1.0 * bool(_CONDITION.match(text))
        + 1.0 * bool(_AMOUNT.search(text))
        + 1.0 * bool(_QUOTED.search(whole) or _FORM.search(whole))
        + 0.75 * bool(_PASSIVE.search(text))
        + 0.75 * bool(_STATE.search(text))
        + 1.0 * bool((_NAMED.match(whole) and _VERB.search(text)) or _MANY_DO.match(whole))
        + 1.5 * bool(_ELSEWHERE.match(whole))
    )
    return min(signs, 3.0) - doubts(whole)


def chosen(paragraphs: Sequence[Paragraph], *, doubt: float = 0.0, beside: int = 0) -> list[list[bool]]:
    """Which sentences of each paragraph state rules.

    Args:
        paragraphs: The story's paragraphs that may hold rules.
        doubt: How much more each sentence has to show, where title or type make it doubtful.
        beside: How many criteria the story has in other shapes.
    """
    weights = [[weight(sentence) for sentence in paragraph.sentences] for paragraph in paragraphs]
    states = [_states(own, _ENOUGH + doubt) for own in weights]
    wish = next((at for at, one in enumerate(paragraphs) if any(map(is_role_sentence, one.sentences))), 0)
    for at, paragraph in enumerate(paragraphs):
        others = beside + sum(map(sum, states)) - sum(states[at])
        if others >= _FEWEST_RULES and (paragraph.opening or at < wish):
            enough = _ENOUGH + doubt + (_BEFORE_WISH if at < wish else _OPENING)
            states[at] = _states(weights[at], enough)
            longest = max((sum(kept) for other, kept in enumerate(states) if other != at), default=0)
            most = min(_LONGEST_WHY, others / 2, max(longest, beside) - 1)
            if len(paragraph.sentences) <= most:
                demands = [_demands(sentence) for sentence in paragraph.sentences]
                states[at] = [all(both) for both in zip(states[at], demands, strict=True)]
    return states


def _demands(sentence: str) -> bool:
    text = told(judged(sentence))
    return bool(say.STRONG.search(text) or say.MEDIUM.search(text) or _LIMIT.search(text))


def reads_as_story(
    paragraphs: Sequence[Paragraph], states: Sequence[Sequence[bool]], *, beside: int = 0
) -> bool:
    """Whether so much of a running text states rules that it was written to state them.

    Args:
        paragraphs: Its paragraphs.
        states: Which of their sentences were `chosen`.
        beside: How many criteria the story has in other shapes; few rules are enough beside some.
    """
    sentences = [sentence for paragraph in paragraphs for sentence in paragraph.sentences]
    told_so = [told_so for paragraph in states for told_so in paragraph]
    kept = [weight(sentence) for sentence, keeps in zip(sentences, told_so, strict=True) if keeps]
    code = sum(map(speaks_of_code, sentences))
    enough = (
        len(kept) >= _FEWEST_RULES
        if beside >= _FEWEST_RULES
        else len(kept) >= _FEWEST_RULES_ALONE and sum(kept) >= _LEAST_MEAN * len(kept)
    )
    return enough and len(kept) >= _LEAST_SHARE * len(sentences) and code <= _MOST_CODE * len(sentences)


def _states(weights: Sequence[float], enough: float) -> list[bool]:
    return [
        own > _ASIDE and own + _COMPANY * _company(weights, at) >= enough for at, own in enumerate(weights)
    ]


def _company(weights: Sequence[float], at: int) -> float:
    """Mean weight of the sentences around one, the nearer the more; 0 without company."""
    first = max(0, at - _NEAR)
    near = [
        (1 / abs(other - at), weight)
        for other, weight in enumerate(weights[first : at + _NEAR + 1], start=first)
        if other != at
    ]
    total = sum(share for share, _ in near)
    return sum(share * max(-2.0, min(weight, 2.0)) for share, weight in near) / total if near else 0.0
