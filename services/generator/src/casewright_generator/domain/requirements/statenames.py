"""Names of states: what they look like in a text, and what only looks like one."""

import re

from casewright_generator.domain.language import words

_QUOTED = (
    r"\"[^\"\n]{2,40}\"|“[^”\n]{2,40}”|„[^“”\n]{2,40}[“”]|« ?[^»\n]{2,40}? ?»|`[^`\n]{2,40}`|"
    r"'[A-Z][^'\n]{1,40}'|\*[A-Z][^*\n]{1,30}\*|_[A-Z][^_\n]{1,30}_"
)
_WORD = r"[A-ZÄÖÜÉÁÍÓÚÀÈ][\w'-]{2,20}|[A-Z]{2,20}"
_LOWER = (
    r"(?:\s(?!(?:and|or|when|if|as|by|once|after|automatically|on|with|in|for|until|while|but|so|then|"
    r"before|is|are|at|the|a|an|to|from|without|because|who|which|that|again|instead|"
    r"unless|immediately|only|it|its|too|und|wenn|sobald|oder|als|cuando|y|si|et|quand|lorsque|within|"
    r"nobody|nothing|straight|directly|via|through|where|his|her|their|they|he|she|"
    r"during|upon|otherwise|no|not|will|can|must|may|has|have|was|were|also|state|status|order|does|do|"
    r"gets|goes|one|now|today|later|afterwards|into|of|we|you|be|been|per|than)\b)"
    r"[a-z][\w-]{0,15}[^\Ws](?![\w-])|(?<=(?:ed|ut|nt)) (?:in|on|off|out|up)(?=[.,;:\n\"”]|$| (?:by|when|"
    r"once|after|as|and|or|until|at|with|via)\b))?"
)
_OPENING = (
    r"Ready|Waiting|Awaiting|Pending|Missing|Needs|Requires|Out|Sent|On|In|To|Under|Up|Off|At|Not|Not yet|"
    r"No|Partly|Partially|Fully|Being"
)
"""Words that a name of several words may begin with: a preposition, an adverb, or what wants an object."""
_READY = (
    rf"(?:{_OPENING})(?: (?:for|to|of|by|on|at))? (?!(?:the|an?|and|or|when|if|once|as|by|it|is|are|until|"
    r"after|before|while|without|afterwards|again|now|then|[a-z]+ly)\b)"
    r"[a-zA-Z][\w-]{2,16}(?: (?:review|approval|payment|pickup|delivery))?"
)
STATE = rf"(?:{_QUOTED}|{_READY}|(?:{_WORD})(?: (?:{_WORD}))?{_LOWER})"
"""What may be a state's name: quoted, or with a capital and one small word more."""
CAPITAL = rf"(?:{_QUOTED}|(?:{_WORD}))"
"""The same, of one word, such as stands before a noun."""
KNOWN = words.word_set(
    "draft open opened closed pending approved rejected declined accepted active inactive published "
    "unpublished archived new done resolved cancelled canceled paid unpaid shipped delivered returned "
    "received "
    "submitted confirmed unconfirmed expired blocked unblocked locked unlocked suspended completed "
    "complete waiting running stopped failed started scheduled planned released reserved available "
    "booked "
    "sent signed unsigned verified unverified enabled disabled requested ordered ready processing "
    "reviewed overdue refunded settled dormant lapsed void deleted retired deprecated frozen claimed "
    "purchased wanted "
    "assigned unassigned escalated queued invited joined enrolled registered authorised authorized "
    "captured final valid invalid revoked online offline withdrawn provisional tentative definite idle "
    "busy occupied free picked packed "
    "loaded dispatched seated no-show arrived departed boarding merged installed quarantined live "
    "paused finished transmitted exported imported posted reversed cleared reopened"
)
_TELLING = words.word_set(
    "hold missing vacant stale late lost found broken clean dirty full empty good bad healthy trial public "
    "private hidden visible read unread current due won firm preliminary official unknown dead alive sold "
    "unsold rented let leased absent present away muted banned spare safe unsafe open-ended obsolete "
    "outdated ongoing upcoming silent secret spam critical normal minor major permanent temporary"
)
"""Words that tell a condition where the words before them already speak of a change."""
_PLACES = re.compile(
    r"\b(?:page|screen|list|table|folder|menu|tab|view|bin|basket|cart|inbox|calendar|London|Berlin|Paris|"
    r"English|German|French|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|"
    r"March|April|May|June|July|August|"
    r"September|October|November|December|PDF|CSV|Wi-Fi|Excel|EUR|USD|GBP|HTTP|API|"
    r"JSON|XML|Jira|Slack|Premium|Gold|Silver|Basic|Bluetooth|Celsius)\b"
)
_NO_NAMES = words.word_set(
    "the this that these those it its they their we he she you here there then when where if not what who "
    "an any all some each every given as for from with after before once until while and or but so"
)
_ADJECTIVAL = re.compile(r"[a-z]{2,}(?:ed|able|ible|ive|less|ful|ous|ient|ant|ary|ical|ete|ive|id|ue|ty)$")
_PREFIX = re.compile(r"^(?:un|in|non|no|not|pre|half|over|under|out|off|on|re)-?(?=[a-z]{4,}$)")
_PARTICLES = words.word_set("down over back away through")
"""Adverbs that tell where something goes, and belong to no name; `Sold out` and `Signed off` are names."""
_PHRASAL = words.word_set("out off up in on")
_READY_NAME = re.compile(rf"(?:{_OPENING})\b [a-zA-Z]")


def is_quoted(raw: str) -> bool:
    """Whether a name stands in quotation marks or is set off by markup."""
    return raw[:1] in "\"“„«`'*_"


def plain(raw: str, names: tuple[str, ...] = ()) -> str:
    """A name without its marks, and without what only follows it: one of `names` where it begins with one."""
    bare = raw.strip(" \"“”„«»`'*_")
    for name in names:
        if bare == name or bare.startswith(f"{name} "):
            return name
    if is_quoted(raw):
        return bare
    return _trimmed(bare)


def _trimmed(bare: str) -> str:
    """`Granted back` → `Granted`: a small word after a condition belongs to it only where it needs one."""
    first, _, rest = bare.rpartition(" ")
    if not first or not rest[:1].islower() or _READY_NAME.match(bare):
        return bare
    low = first.split()[-1].lower()
    if rest in _PARTICLES:
        return bare if low.endswith("ing") else first
    if rest in _PHRASAL:
        return bare
    return first if rest.endswith("ly") or _describes(low) else bare


def _describes(word: str, *, names_too: bool = True) -> bool:
    """Whether a word in lower case tells a condition rather than names a thing."""
    return (
        word in KNOWN
        or (names_too and word in _TELLING)
        or bool(words.base_of_participle(word))
        or word in {"due", "sent", "paid", "done", "open"}
        or (names_too and bool(_ADJECTIVAL.search(word)))
    )


def length(raw: str, name: str) -> int:
    """How much of the raw text the name takes."""
    at = raw.find(name)
    return at + len(name) if at >= 0 else len(raw)


def is_elsewhere(names: str) -> bool:
    """Whether what looks like a state is a place, a value or a product."""
    return bool(_PLACES.search(names)) or any(letter.isdigit() for letter in names)


def is_place(name: str) -> bool:
    """Whether a name is that of a place, a day, a product or a part of the screen."""
    return bool(_PLACES.search(name))


def is_state(name: str, names: tuple[str, ...]) -> bool:
    """Whether a name may be a state's where the words before it leave no other reading."""
    first = name.split(maxsplit=1)[0].lower() if name.split() else ""
    if name not in names and first in _NO_NAMES and len(name.split()) == 1:
        return False
    return (
        name in names
        or first in KNOWN
        or bool(_READY_NAME.match(name))
        or bool(re.match(r"(?:Label|Pre)\b", name))
        or bool(
            re.fullmatch(
                (
                    r"[A-Z][\w'-]*(?:ed|en|ing|able|ent|ive)(?: [a-z]\w+)?|[A-Z]\w+ (?:[a-z]+ed|sent|"
                    r"pending|paid|open|due|done)|[A-Z][a-z]+"
                ),
                name,
            )
        )
    )


def is_condition(name: str, names: tuple[str, ...]) -> bool:
    """Whether a name tells a condition by itself, whatever stands before it (`Vacant`, `Out of order`)."""
    if name in names:
        return True
    parts = name.lower().split()
    if not parts or parts[0] in _NO_NAMES:
        return False
    return (
        _describes(parts[0])
        or (len(parts) > 1 and _describes(parts[-1], names_too=False))
        or bool(_READY_NAME.match(name))
        or (parts[0].endswith("ing") and _is_doing(parts[0]))
        or (bool(_PREFIX.match(parts[0])) and _describes(_PREFIX.sub("", parts[0])))
    )


def _is_doing(word: str) -> bool:
    return word not in words.GERUND_NOUNS and bool(words.base_of_gerund(word)) and word != "accounting"
