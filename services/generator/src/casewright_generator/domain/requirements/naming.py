"""Words in a list that belong to none of its values: before the first or after the last, what all are."""

import re
from collections.abc import Sequence

from casewright_generator.domain.language import words

_KIND = (
    r"(?:values?|options?|status(?:es)?|states?|types?|modes?|levels?|categor(?:y|ies)|roles?|reasons?|"
    r"priorit(?:y|ies)|severit(?:y|ies)|grades?|sizes?|colou?rs?|plans?|stages?|phases?|kinds?|formats?|sorts?|"
    r"languages?|currenc(?:y|ies)|units?|tags?|labels?|themes?|topics?|answers?|choices?|results?|ratings?|"
    r"channels?|methods?|groups?|tiers?|ranks?|steps?|actions?|buttons?|entries|entry|names?|titles?|words?|"
    r"texts?|frequenc(?:y|ies)|intervals?|periods?|durations?|amounts?|words?)"
)
_NAMED = (
    r"(?:labelled|labeled|called|named|marked|tagged|flagged|rated|graded|classified|titled|entitled|headed|"
    r"known|categori[sz]ed)"
)
_LEAD = re.compile(
    rf"(?:(?:exactly |only |any |either )?(?:one|any) of (?:(?:the |these )?(?:[a-z]+ ){{0,2}}{_KIND}:? )?|"
    rf"{_NAMED} (?:as |either )?|"
    rf"{_KIND} (?:of |is |are )?(?=[A-ZÄÖÜ\d\"“„`«'])|"
    rf"[a-z]{{2,20}}s of (?=[A-ZÄÖÜ\d\"“„`«']))(?=\S)",
)
_GIVEN = re.compile(rf"{_KIND} (?=[a-z])")
_GIVING = re.compile(r"(?:\b(?:the|its|their|an?|of|by|has|have) ?)$")


def without_lead(values: Sequence[str], raw: str, before: str) -> str:
    """The first value without what says what all of them are (`the status Open, …`, `packs of 1 GB, …`).

    Args:
        values: Of the list, two or more; the others show whether the words belong to the first alone.
        raw: The first item as written.
        before: The words in front of it.
    """
    first = values[0]
    lead = _LEAD.match(first)
    if lead is None and _GIVING.search(f"{before}{raw[: max(0, raw.find(first))]}"):
        lead = _GIVEN.match(first)
    if lead is None or lead.end() == len(first):
        return first
    opening = lead.group().split()[0]
    repeated = any(opening in other.split() for other in values[1:])
    return first if repeated else first[lead.end() :]


_HEAD = (
    r"(?:modes?|plans?|tiers?|levels?|priorit(?:y|ies)|class(?:es)?|categor(?:y|ies)|views?|formats?|sizes?|"
    r"status(?:es)?|states?|types?|themes?|options?|units?|styles?|grades?|ranks?|quality|resolution|intervals?|"
    r"frequenc(?:y|ies)|memberships?|subscriptions?|severit(?:y|ies)|speed|direction|orientation|layouts?|"
    r"colou?rs?|loot|chests?|badges?|medals?|tariffs?|rates?|zones?|stages?|phases?|editions?|versions?)"
)
_TIERS = (
    r"bronze|silver|gold|platinum|diamond|basic|standard|premium|express|economy|business|regular|"
    r"monthly|weekly|daily|yearly"
)
_DESCRIBING = re.compile(
    (
        rf"early|late|short|long|high|low|small|medium|big|large|tiny|new|old|hot|cold|warm|hard|soft|dry|wet|"
        rf"full|half|empty|first|second|third|last|next|middle|left|right|top|bottom|front|back|inner|outer|upper|"
        rf"lower|north|south|east|west|northern|southern|eastern|western|odd|even|plain|extra|spare|mobile|paper|"
        rf"thick|thin|fast|slow|public|private|open|closed|round|square|flat|single|double|"
        rf"white|black|red|green|blue|amber|yellow|orange|gr[ae]y|brown|purple|pink|{_TIERS}|"
        rf"[a-z]{{3,}}(?:ly|al|ic|ish|ive|able|ible|ous|ful|less|ed|an|ese)"
    ),
    re.IGNORECASE,
)
"""Adjectives that can stand for a choice."""


def tells(value: str) -> bool:
    """Whether a value is an adjective of how something is."""
    return _DESCRIBING.fullmatch(value) is not None and not words.base_of_participle(value.lower())


_ARTICLE = re.compile(r"\b(?:an?|the)\s", re.IGNORECASE)
_MEASURE = re.compile(r"\d[\d.,]*")
_FEW = 2
_NEAR = 8


def shared_head(values: Sequence[str], opening: str) -> str:
    """The noun that stands once and belongs to all (`a green, an amber or a red lamp`); else empty.

    Args:
        values: Of the list.
        opening: The clause up to its first word.
    """
    if len(values) < _FEW:
        return ""
    *others, last = values
    first, _, head = last.partition(" ")
    if not head or " " in head or not head.islower() or head in others or any(" " in one for one in others):
        return ""
    return head if _belongs_to_all(head, (*others, first), opening) else ""


def _belongs_to_all(head: str, values: Sequence[str], opening: str) -> bool:
    if re.search(rf"\b{re.escape(head.removesuffix('s'))}s?\b", opening, re.IGNORECASE):
        return True  # `Tickets are single, return or day tickets`
    if re.fullmatch(_HEAD, head):
        return not any(words.is_verb(one.lower()) and one[0].isupper() for one in values[:-1])
    if len(values) == _FEW:
        return False
    telling = [bool(_DESCRIBING.fullmatch(one)) for one in values]
    articled = _ARTICLE.search(opening[-_NEAR:]) is not None
    return all(_MEASURE.fullmatch(one) for one in values) or all(telling) or (articled and any(telling))
