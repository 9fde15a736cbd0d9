"""A list of values that begins at a place: its items, and whether they can be a choice."""

import re
from dataclasses import dataclass

from casewright_generator.domain.language import words
from casewright_generator.domain.requirements import naming
from casewright_generator.domain.requirements.found import Found
from casewright_generator.domain.requirements.model import ConstraintKind

OR = r"(?:or|oder|o|u|ou|of|e/o)"
AND = r"(?:and|und|y|e|et|en|&)"
_ITEM = (
    r"(?:\"[^\"\n]{1,80}\"|“[^”\n]{1,80}”|„[^“”\n]{1,80}[“”]|«[^»\n]{1,80}»|`[^`\n]{1,80}`|"
    r"\*[^*\n]{1,40}\*|(?![,;:|()\n]| ?\.(?:\s|$))(?:(?<=\d):(?=\d)|(?!, | (?:or|oder|and|und|ou|et|y|o) |"
    r"[,;:|()\n\u2013]|\.(?:\s|$)| - | / ).){1,60})"
)
_SEPARATOR = rf"(?:\s*[,;/]\s+(?:{OR}|{AND})\s+|\s*,\s+|\s+(?:{OR}|{AND})\s+|\s*/\s*)"
LIST = re.compile(rf"{_ITEM}(?:{_SEPARATOR}{_ITEM}){{1,24}}", re.IGNORECASE)
_PIECE = re.compile(rf"(?P<item>{_ITEM})(?P<sep>{_SEPARATOR})?", re.IGNORECASE)
_LEADING = re.compile(
    (
        r"^(?:(?:an?|the|(?:amount|value|sum|size|period) of|his|her|their|by|through|via|either|also|"
        r"per|der|die|das|den|ein|eine|einen|mit|"
        r"el|la|los|las|un|una|por|le|les|une|par|soit)\s+)+(?=\S)"
    ),
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\s+(?:as|is|are|in|for|when|if|from|with|at|on|to|by|per|but|so|that|which|who|before|after|"
    r"until|unless|during|only|can|must|may|will|has|have|his|her|the|"
    r"their|them|it|him|depending|according|within|where|while|here|there|this|these|instead|too|again|"
    r"its|first|should|then|because|of|into|be|always|once|"
    r"zur|wählen|gewählt|wählbar|auswählen|ausgewählt|möglich|werden|wird|sein|ist|sind|für|auf|ansehen|"
    r"para|pour|cuando|si|wenn|als|via|each|daily basis|without|not|"
    r"files?|nothing|up|requests?|it\.)(?=\s|$|[.,;])",
    re.IGNORECASE,
)
_VERBAL = re.compile(
    (
        r"\b(?:that|which|this|is|are|was|were|must|should|can|may|will|has|have|does|do|gets?|cannot|"
        r"can't|shall|wird|"
        r"werden|muss|kann|ist|sind|debe|puede|est|sont|doit|n't|shows?|sees?|needs?|holds?)\b"
    ),
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"(?<![\w-])(?:more|less|fewer|higher|lower|older|younger|longer|shorter|above|below|later|earlier|over|"
    r"under|greater|larger|smaller|mehr|weniger|más|menos|plus|moins|both|so|"
    r"nothing|else|all|later|vice versa|never|down|up|back|two|another|every|each|everyone|anyone|"
    r"nobody|if|then|when|at least|at most|max|min|optional|mandatory|required|exactly|unique)\b",
)
_MOST_WORDS = 5
PAIR = 2
_ROLES = words.word_set(
    "owner owners admin admins administrator administrators manager managers user users customer "
    "customers author moderator moderators member members guest guests nurse doctor clerk agent agents "
    "editor editors supervisor parent parents teacher host planner approver reviewer operator staff "
    "colleague lead"
)
FLAGS = frozenset({"yes", "no", "ja", "nein", "sí", "oui", "non", "y", "n", "x", "-"})
JOINS = re.compile(rf"\s(?:{OR}|{AND})\s|[,/]", re.IGNORECASE)


def list_at(
    text: str, at: int, *, joined: str, least: int, stop: int | None = None, whole: bool = False
) -> Found | None:
    """The list that begins at `at`; `None` where none does, or where its items aren't values."""
    limit = min(len(text), stop if stop is not None else len(text), at + _FURTHEST)
    match = LIST.match(text, at, limit)
    if not match:
        return None
    items: list[_Item] = []
    position, separator = match.start(), ""
    while position < match.end() and (piece := _PIECE.match(text, position, match.end())):
        items.append(_Item(piece["item"], piece.start("item"), separator.strip(" ,;/").lower()))
        separator = piece["sep"] or ""
        if piece.end() == position:
            break
        position = piece.end()
    taken = _taken(items, least=least, whole=whole)
    if taken and _governs(text, taken):
        return None
    values = tuple(value for value, _, _ in taken)
    if values:
        if len(items) > 1 and items[1].raw[:1] in _QUOTES and (within := _ENDS_QUOTED.match(items[0].raw)):
            values = (within["in"], *values[1:])
        values = (naming.without_lead(values, items[0].raw, text[: match.start()][-_BEFORE:]), *values[1:])
    articled = _LEADING.match(items[len(taken) - 1].raw) if taken else None
    shared = naming.shared_head(
        values, text[max(0, match.start() - (_NEAR if articled else _CLAUSE)) : match.start() + _NEAR]
    )
    values = tuple(value.removesuffix(f" {shared}") for value in values) if shared else values
    if not _is_choice(values, {joint for _, _, joint in taken}, joined=joined, least=least, whole=whole):
        return None
    wordy = any(len(one.split()) > PAIR and text[text.find(one) - 1] not in _QUOTES for one in values)
    if least > PAIR and wordy:
        return None
    return Found(ConstraintKind.ENUMERATION, match.start(), taken[-1][1], values=values)


def _governs(text: str, taken: list[tuple[str, int, str]]) -> bool:
    """`picks a row or drags the bar`: what has an object, and only that, is a verb of another clause."""
    verbal = [
        bool(words.is_verb(one) or words.base_of_third(one)) for one in (v.split()[0] for v, _, _ in taken)
    ]
    if not verbal[-1] or any(verbal[:-1]):
        return False
    third = words.base_of_third(taken[-1][0].split()[0]) and not words.is_verb(taken[-1][0].split()[0])
    return (_ADVERBIAL if third else _OBJECT).match(text, taken[-1][1]) is not None


_ADVERBIAL = re.compile(
    r"\s+(?:with|by|to|at|from|into|the|his|her|their|them|it|him|its|these|those|this|an?)\b"
)
_OBJECT = re.compile(r"\s+(?:the|his|her|their|them|it|him|its|these|those|this|an?)\b")


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of a list, with what joins it to the one before it."""

    raw: str
    start: int
    joint: str


_QUOTES = '"“„«`*'
_ENDS_QUOTED = re.compile(r"[^\"“„«`]{2,50} [\"“„«`](?P<in>[^\"”“»`]{1,40})[\"”“»`]$")
"""`a crate of type “A” or “B”`."""
_BEFORE = 12
_CLAUSE = 60
_NEAR = 4


def _taken(items: list[_Item], *, least: int, whole: bool) -> list[tuple[str, int, str]]:
    """The items that are values, each with its end and its conjunction (`or`, `and` or none)."""
    taken: list[tuple[str, int, str]] = []
    closed = ""
    for index, item in enumerate(items):
        joint = "or" if _IS_OR.fullmatch(item.joint) else "and" if _IS_AND.fullmatch(item.joint) else ""
        if closed and (not joint or (closed == "or" and items[index - 1].joint != items[1].joint)):
            break  # what comes after `A, B or C,` is another clause
        if closed and joint != closed:
            return taken if closed == "or" else []  # `odd or even and striped`; `a box and red or blue tape`
        value, stopped, length = _value(item.raw, last=index == len(items) - 1 or bool(joint))
        if value is None:
            return taken if closed or len(taken) >= least else []
        if stopped and whole and length < len(item.raw.rstrip(" .!")):
            return []
        taken.append((value, item.start + (length if stopped else len(item.raw)), joint))
        closed = joint or closed
        if stopped:
            break
    return taken


_IS_OR = re.compile(OR, re.IGNORECASE)
_IS_AND = re.compile(AND, re.IGNORECASE)
_FURTHEST = 400


def _is_choice(values: tuple[str, ...], joints: set[str], *, joined: str, least: int, whole: bool) -> bool:
    """Whether values are enough, different, joined as they must be, and neither flags nor roles."""
    low = [value.lower() for value in values]
    if len(set(low)) != len(values) or len(values) < max(PAIR, least):
        return False
    if (joined == "or" and "or" not in joints) or (joined == "and" and not joints - {""}):
        return False
    acting = {bool(words.base_of_participle(value.split()[0])) for value in low if not naming.tells(value)}
    two_clauses = len(values) == PAIR and len(acting) > 1 and "or" in joints and not whole
    if not whole and (any(_OPEN.search(value) for value in low) or _is_doing(low, joints)):
        return False
    return not two_clauses and not set(low) <= FLAGS and not all(set(one.split()) & _ROLES for one in low)


_OPEN = re.compile(
    r"^(?:e\.?g\b|eg\b|i\.?e\b|such as|of|how|what|whether|while|which|why|where|who|be|been|like|any|to|"
    r"those|these|them|they)\b|"
    r"\betc\b|\bsomething\b|\banything\b|^(?:similar|the like|the rest|so on|more)$|^- "
)
"""Items that begin a clause or an example, and those that leave a list open."""


def _is_doing(low: list[str], joints: set[str]) -> bool:
    """`the set of rows and counting them`: two that are joined, and only the second is something done."""
    doing = [words.base_of_gerund(value.split()[0]) and " " in value for value in low]
    return "and" in joints and len(low) == PAIR and not doing[0] and bool(doing[1])


_DANGLING = re.compile(
    r"\s(?:in|on|at|to|of|for|by|with|from|as|the|an?|than)$|^(?:at|to|of|for|by|with|from|as|the|an?|than)$"
)


_PARTICLE = re.compile(r"\s+(?:in|up|on|again)\W*")


_IN_TURN = re.compile(
    r"(?:one (?:after the other|after another|at a time)|(?P<same>[a-z]{2,12}) (?:by|to|after) (?P=same))\b",
    re.IGNORECASE,
)


def _value(raw: str, *, last: bool) -> tuple[str | None, bool, int]:
    """An item's value, whether it ended before the item did, and its length; `None` where it is no value."""
    text = raw.rstrip()
    quoted = re.match(
        r"(?:(?:an?|the|by|as|via|with|to|in) )?[\"“„`«*](?P<in>[^\"”“„`»*\n]{1,80})[\"”“`»*]", text
    )
    if quoted:
        return quoted["in"].strip(), len(text) > quoted.end(), quoted.end()
    lead = _LEADING.match(text)
    shift = lead.end() if lead else 0
    body = text[shift:]
    if idiom := _IN_TURN.match(body):
        return idiom.group(), idiom.end() < len(body.rstrip(" .")), shift + idiom.end()
    stop = _STOP.search(body) if last else None
    phrasal = bool(stop and body[:1].isupper() and _PARTICLE.fullmatch(body, stop.start()))
    stop = None if phrasal else stop  # `Log in`, `Ask again`
    cut = body[: stop.start()] if stop else body
    value = cut.strip(" .!?*_\"'“”„«»`")
    count = len(value.split())
    if (
        not value
        or value == "not"
        or count > _MOST_WORDS
        or _VERBAL.search(value)
        or (_BOUND.search(value) and value != "both")
    ):
        return None, False, 0
    if not re.search(r"\w", value) or (_DANGLING.search(value) and not phrasal):
        return None, False, 0
    return value, bool(stop), shift + len(cut)
