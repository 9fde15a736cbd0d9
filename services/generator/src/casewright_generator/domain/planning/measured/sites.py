"""Where a constraint stands: the sentence around it, and what the sentence is labelled with."""

import re
from dataclasses import dataclass, replace

from casewright_common.events import Criterion
from casewright_generator.domain.language import words
from casewright_generator.domain.reading.sentences import sentences
from casewright_generator.domain.requirements.model import Constraint

_LABEL = re.compile(r"^(?P<label>[A-Z][^:.;,!?|]{1,48}): (?P<rest>\S.*)$", re.DOTALL)
_MOST_WORDS = 6
_ANSWERS = re.compile(r"^(?:(?:error )?message|error|hint|warning): (?P<text>.+)$", re.IGNORECASE)
_PRESET = re.compile(r"^(?:preset|default|preselected|initial(?: value)?|example): ", re.IGNORECASE)
_SCENARIO = re.compile(r"^\s*(?:scenario|given|when|then)\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Site:
    """A constraint in its sentence.

    Attributes:
        criterion: The criterion.
        sentence: The part of it that the constraint stands in, without its label and full stop.
        before: What precedes the constraint in the sentence; `after` what follows.
        label: What the sentence is about, where it opens with `Label:`; may be empty.
        reaction: The message that a table or list names for a wrong value; may be empty.
    """

    criterion: Criterion
    constraint: Constraint
    sentence: str
    before: str
    after: str
    label: str = ""
    reaction: str = ""


def is_scenario(text: str) -> bool:
    """Whether a criterion is told as Given, When and Then."""
    return len(_SCENARIO.findall(text)) > 1


def sites(criterion: Criterion, constraints: list[Constraint]) -> list[Site]:
    """Each constraint of a criterion in its sentence; none for what can't be found in one."""
    parts = [part for sentence in sentences(criterion.text) for part in sentence.split("; ")]
    reaction = next((match["text"] for part in parts if (match := _ANSWERS.match(part))), "").rstrip(".")
    labelled = [
        part for part in parts if _LABEL.match(part) and not _ANSWERS.match(part) and not _PRESET.match(part)
    ]
    if len(labelled) > 1:
        return []  # a row of a table of rules
    label = ""
    found: list[Site] = []
    for index, raw in enumerate(parts):
        part = raw.strip().rstrip(".;")
        match = _LABEL.match(part)
        if match and len(match["label"].split()) <= _MOST_WORDS and not _ANSWERS.match(part):
            part, own = match["rest"].strip(), match["label"].strip()
            label = own if index == 0 else label
        else:
            own = label if index == 0 else _required(parts[index - 1]) if index else ""
        start = 0
        for one in constraints:
            written = one.text.rstrip(" .")
            at = part.find(written, start)
            if (
                not written
                or at < 0
                or _ANSWERS.match(raw)
                or _PRESET.match(raw)
                or any(one is other.constraint for other in found)
            ):
                continue
            start = at + len(written)
            before, after = part[:at].rstrip(), part[start:].strip()
            meant = _capped(one) if _is_cap(before, after) else one
            found.append(Site(criterion, meant, part, before, after, own, reaction))
    return found


_CAPPED = re.compile(r"\b(?:ends? after|capped at|limited to|tops out at|cut (?:off )?at)$", re.IGNORECASE)
_CAPPING = re.compile(
    r"^(?:each$|each[,;.]|(?:long )?at the (?:outside|most|utmost|longest)|as (?:the|an|its) (?:upper|"
    r"maximum)|tops\b)",
    re.IGNORECASE,
)


def _is_cap(before: str, after: str) -> bool:
    """`A title ends after 80 characters`, `50 characters each`: the most, though not in so many words."""
    return bool(_CAPPED.search(before) or _CAPPING.match(after))


def _capped(one: Constraint) -> Constraint:
    return replace(one, low=None) if one.low is not None and one.low == one.high else one


_REQUIRED = re.compile(r"^(?P<thing>.{1,60}?) (?:is|are) (?:mandatory|required|optional)\.?$", re.IGNORECASE)


def _required(previous: str) -> str:
    """`Reference is mandatory; max 35 characters`: what the second part is about."""
    match = _REQUIRED.match(previous.strip())
    return match["thing"] if match else ""


_SECOND = re.compile(
    r"^(?P<thing>.{1,60}?),? (?:is|are|has to|have to|must|may|can|should)\b.{0,80}? and "
    r"(?P<rest>(?:must(?:n['\u2019]t)?|may|can(?:not|['\u2019]t)?|should|has|have|is|are|contains?)\b.{0,40})$",
    re.IGNORECASE | re.DOTALL,
)
_POSSIBLE = re.compile(
    r"^(?P<thing>(?:an?|the|every|each) .{1,60}?) (?:is|are|can|may)\b[^:]*:$", re.IGNORECASE
)


def rejoined(before: str) -> str:
    """`A note is optional and may be` without its first predicate: `A note may be`."""
    before = re.sub(r"\b(is|are) one of$", r"\1", before.rstrip())
    if match := _POSSIBLE.match(before):
        return match["thing"]
    match = _SECOND.match(before)
    return f"{match['thing']} {match['rest']}" if match else before


def phrase(text: str) -> str:
    """A noun phrase without its article and quantifier; empty where it doesn't look like one."""
    bare = re.sub(
        r"^(?:(?:the|an?|each|every|any|all|its|their|his|her|our|your|one|single)\s+)+",
        "",
        text.strip(" ,:-"),
        flags=re.IGNORECASE,
    ).strip()
    found = bare.lower().split()
    if not 0 < len(found) <= _MOST_WORDS or not bare[0].isalpha():
        return ""
    if set(found) & _NO_NOUNS or found[0] in words.PREPOSITIONS or found[-1] in words.PREPOSITIONS:
        return ""
    return bare if re.fullmatch(r"[\w'\u2019/ ().&-]+", bare) else ""


_NO_NOUNS = (
    words.AUXILIARIES
    | words.PRONOUNS
    | words.RELATIVES
    | words.word_set(
        "this these those such same there here not no only if when which anything nothing what both either "
        "otherwise unless until else then also instead however whenever once while whether because since"
    )
) - {"will", "may"}
