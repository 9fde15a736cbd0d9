"""Changes from one state to another, and the names of states."""

import re
from collections.abc import Iterable, Iterator

from casewright_generator.domain.language import words
from casewright_generator.domain.requirements.found import Found
from casewright_generator.domain.requirements.model import ConstraintKind

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
    r"gets|goes)\b)[a-z][\w-]{0,15}[^\Ws](?![\w-]))?"
)
_READY = (
    r"(?:Ready|Waiting|Awaiting|Out|Sent|On|In|To|Under|Up|Not|Not yet|Partly|Partially|Fully)(?: (?:for|"
    r"to))? [a-zA-Z][\w-]{2,16}(?: (?:review|approval|payment|pickup|delivery))?"
)
_STATE = rf"(?:{_QUOTED}|{_READY}|(?:{_WORD})(?: (?:{_WORD}))?{_LOWER})"
_CASED = re.compile(rf"(?:{_STATE})")
_VERBS = (
    r"goes|go|gone|going|went|moves?|moved|moving|changes?|changed|changing|switch(?:es|ed)?|turns?|"
    r"turned|passes|passed|falls?(?: back)?|returns|returned|reverts?|reverted|transitions?|"
    r"transitioned|advances?|advanced|"
    r"jumps?|drops?|flips?|flipped|is set|are set|be set|gets? set|set|sets|put|puts|is put|are put|be "
    r"put|taken|takes|brings?|brought|sent|sends? back|reset|resets|proceeds?|progress(?:es)?|"
    r"escalates?|shifts?|transferred|"
    r"pasa|pasan|cambia|cambian|vuelve|passe|passent|change|repasse|wechselt|wechseln|geht|gehen|"
    r"springt|kommt|überführt|gesetzt|ändert|passa|cambia|gaat|verandert|muda"
)
_AS = r"(?: (?:the )?(?:state|status|zustand|estado|statut))?"
_FROM_TO = re.compile(
    rf"\b(?:from|von|vom|de|del|van|dal?|da){_AS} (?P<from>{_STATE})(?: (?:back|over|direkt|straight|"
    rf"directly))?"
    rf" (?:to|into|(?<!from )(?:auf|nach|zu|à|naar|para)|(?<=[\"”“»'a-zéí] )(?:a|en)(?= "
    rf"[\"“«'A-Z])){_AS} (?P<to>{_STATE})",
)
_ARROW = re.compile(
    rf"(?P<from>{_STATE}|\b[a-z]{{3,15}}) ?(?:→|->|=>|-->|⇒|➔) ?(?=(?P<to>{_STATE}|[a-z]{{3,15}}\b))"
)
_LOWER_STATE = r"[a-z][a-z-]{2,15}(?: (?:review|approval|progress|payment|hold))?"
_LOWER_FROM_TO = re.compile(
    (
        rf"\b(?:{_VERBS})\b[^.;,]{{0,40}}?\bfrom (?:the )?(?:state |status )?(?P<from>{_LOWER_STATE}) "
        rf"(?:back )?(?:in)?to (?:the )?(?:state |status )?(?P<to>{_LOWER_STATE})(?! \w+ing\b)"
    ),
    re.IGNORECASE,
)
_TO = re.compile(
    rf"\b(?:{_VERBS})\b(?: (?:back|over|it|them|him|her|automatically|itself|by itself|the [\w-]+(?: "
    rf"[\w-]+)?|its status|status|directly|straight|immediately|then|again|a [\w-]+))*"
    rf" (?:back )?(?:to|into|(?<=put )in|(?<=set )in|on to|onto|auf|nach|à|(?<=pasa )a|(?<=cambia )a|"
    rf"(?<=vuelve )a)(?: (?:the )?(?:state|"
    rf"status)(?: of)?)? (?P<to>{_STATE})",
)
_BECOMES = re.compile(
    rf"\b(?:becomes?|turns? into|is now|are now|is then|are then|gets? (?:the )?(?:state|status)|"
    rf"receives? (?:the )?(?:state|status)|(?:state|status) (?:becomes|is set to|changes to|turns "
    rf"(?:in)?to|switches to|goes to|moves to|is changed to)|"
    rf"is marked(?: as)?|are marked(?: as)?|marks?(?: [\w-]+){{1,4}}? as|be marked(?: as)?|mark (?:\w+ "
    rf"){{1,3}}as|sets? (?:the |its )?(?:[\w-]+ )?(?:state|status) to|is flagged(?: as)?|gets flagged "
    rf"as|is filed as|is labelled|is declared|"
    rf"is created (?:as|in)|are created (?:as|in)|starts?(?: out| off)? (?:as|in)|begins? (?:as|in)|"
    rf"ends? (?:up )?(?:as|in)|opens? as|is saved as|are saved as|is stored as|remains? in state x|"
    rf"wird zu|wird als|gilt als|wird auf|werden auf|"
    rf"queda(?: como| en)?|se marca como|devient|est marquée? comme|wechselt (?:auf|zu|in)|geht (?:auf|"
    rf"in|nach)|becomes once more)(?: (?:the )?(?:state|status))? (?P<to>{_STATE})",
)
_IS_NOW = re.compile(
    rf"(?:^|,|;|\bthen) (?:it['\u2019]s|it is|they['\u2019]re|they are|the [\w-]+(?: [\w-]+)? (?:is|"
    rf"are)|she['\u2019]s|he['\u2019]s|this is)(?: then| now| automatically)? (?P<to>{_STATE})(?! "
    rf"(?:by|in|to)\b)"
)
_PUTS = re.compile(
    rf"\b(?:puts?|places?|brings?|moves?|sets?) (?:the |an? |it|them)(?:[\w-]+)?(?: [\w-]+)? (?:in|"
    rf"into|on|to) (?P<to>{_STATE})"
)
_THEN_IS = re.compile(
    rf"\b(?:Then|Dann|Entonces) (?:the |its |their |an? )?(?:[\w-]+ ){{1,4}}?(?:is|are|has the "
    rf"(?:status|state)|have the "
    rf"(?:status|state))(?: now| then)? (?P<to>{_STATE})"
)
"""The outcome of a scenario."""
_IS_ONCE = re.compile(
    rf"(?:^|[.;]\s+)(?:An?|The|Its) (?:[\w-]+ ){{1,3}}?(?:is|are) (?P<to>{_STATE})(?= (?:once|as soon "
    rf"as|after|when)\b)|"
    rf"^(?:After|On|Upon) [\w -]{{3,40}}? (?:the|its) (?:[\w-]+ ){{1,3}}?(?:is|are) (?P<after>{_STATE})"
)
_FORBIDDEN = re.compile(
    (
        r"\b(?:not|never|no longer|cannot|can['\u2019]t|mustn['\u2019]t|must not|may not|won['\u2019]t|"
        r"isn['\u2019]t|doesn['\u2019]t|don['\u2019]t|nobody|neither|without|stays?|remains?|already|nicht|"
        r"kein\w*|no se|ne|nunca)\b[^,;.\n]{0,70}$"
    ),
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    (
        r"(?:^|[,;.\n]\s*|\band )(?:once|when|whenever|if|while|as long as|as soon as|until|given|unless|"
        r"wenn|sobald|solange|cuando|si|quand|lorsque|que)\b[^,;\n]{0,90}\Z"
    ),
    re.IGNORECASE,
)
_IN_STATE = re.compile(
    (
        rf"\b(?:in (?:the )?(?:state|status)|(?:state|status) (?:of|is|=|:|was|shows)?|with (?:the "
        rf")?(?:state|status)|im (?:Status|Zustand)|en (?:el )?estado|à l['\u2019]état|au statut)(?: is| "
        rf"of|:)? (?P<state>{_STATE})"
    ),
)
_BEING = re.compile(
    rf"\b(?:is|are|was|were|been|be|still|stays?|remains?|being|in|marked|already|from|shows|as|reads|"
    rf"while|a|an|once) (?P<state>{_STATE})(?! (?:Team|Office|Bank|[A-Z]))"
)
_KNOWN = words.word_set(
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
_PLACES = re.compile(
    r"\b(?:page|screen|list|table|folder|menu|tab|view|bin|basket|cart|inbox|calendar|London|Berlin|Paris|"
    r"English|German|French|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|"
    r"March|April|May|June|July|August|"
    r"September|October|November|December|PDF|CSV|Wi-Fi|Excel|EUR|USD|GBP|HTTP|API|"
    r"JSON|XML|Jira|Slack|Premium|Gold|Silver|Basic|Bluetooth|Celsius)\b"
)


def transitions(text: str, known: Iterable[str] = (), *, german: bool = False) -> list[Found]:
    """The transitions of a text, in order; a forbidden one is none.

    Args:
        text: As written.
        known: States that are named elsewhere in the story.
        german: Whether every noun has a capital, so that only quoted names are states.
    """
    names = tuple(sorted({name for name in known if name}, key=len, reverse=True))
    found: list[Found] = []
    taken: list[tuple[int, int]] = []
    last = ""
    for start, end, before, after in sorted(_changes(text, names, german=german)):
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            continue
        taken.append((start, end))
        found.append(
            Found(
                ConstraintKind.TRANSITION,
                start,
                end,
                from_state=before or _source(text, start, names, last, german=german),
                to_state=after,
            )
        )
        last = after
    return found


def _changes(text: str, names: tuple[str, ...], *, german: bool) -> Iterator[tuple[int, int, str, str]]:
    yield from _from_to(text, names, german=german)
    yield from _arrows(text, names)
    yield from _in_lower_case(text, names)
    yield from _to(text, names, german=german)


def _from_to(text: str, names: tuple[str, ...], *, german: bool) -> Iterator[tuple[int, int, str, str]]:
    for match in _FROM_TO.finditer(text):
        before, after = _name(match["from"], names), _name(match["to"], names)
        named = not german or _is_quoted(match["from"]) or before in names
        head = text[max(0, match.start() - _REACH) : match.start()]
        known = before.split()[0].lower() in _KNOWN or after.split()[0].lower() in _KNOWN
        named = named and (known or before in names or _CHANGING.search(head) is not None)
        if named and not _is_forbidden(text, match.start()) and not _is_elsewhere(f"{before} {after}"):
            yield match.start(), match.start("to") + _length(match["to"], after), before, after


_CHANGING = re.compile(rf"\b(?:{_VERBS}|status|state|zustand|estado|statut)\b", re.IGNORECASE)
_REACH = 80


def _arrows(text: str, names: tuple[str, ...]) -> Iterator[tuple[int, int, str, str]]:
    for match in _ARROW.finditer(text):
        before, after = _name(match["from"], names), _name(match["to"], names)
        if _is_state(before, names) and _is_state(after, names) and not _is_elsewhere(f"{before} {after}"):
            yield match.start(), match.start("to"), before, after


def _in_lower_case(text: str, names: tuple[str, ...]) -> Iterator[tuple[int, int, str, str]]:
    """`from draft to published`: only names that are customary for states."""
    for match in _LOWER_FROM_TO.finditer(text):
        before, after = match["from"], match["to"]
        if after not in _KNOWN and after not in names and after.endswith(" hold"):
            after = after.split()[0]
        known = after.split()[0] in _KNOWN and before.split()[0] in _KNOWN
        if known and not _is_forbidden(text, match.start()):
            yield match.start("from"), match.end("to"), before, after


def _to(text: str, names: tuple[str, ...], *, german: bool) -> Iterator[tuple[int, int, str, str]]:
    for pattern in (_TO, _BECOMES, _IS_NOW, _PUTS, _THEN_IS, _IS_ONCE):
        for match in pattern.finditer(text):
            raw = match["to"] or match["after"]
            after = _name(raw, names)
            at = match.start() + (match.group()[:1] in {",", ";"})
            end = match.start("to" if match["to"] else "after") + _length(raw, after)
            quoted = _is_quoted(raw)
            place = _SCREEN.match(text, end) or (
                pattern is _TO and after not in names and not quoted and after.endswith("s")
            )
            state = (not german and _is_state(after, names)) or after in names
            state = state or (quoted and _SPOKEN.fullmatch(after) is not None)
            if state and not place and not _is_elsewhere(after) and _happens(text, at):
                yield match.start(), end, "", after


def _is_forbidden(text: str, at: int) -> bool:
    return bool(_FORBIDDEN.search(text[max(0, at - 90) : at]))


def _is_elsewhere(names: str) -> bool:
    """Whether what looks like a state is a place, a value or a product."""
    return bool(_PLACES.search(names)) or any(letter.isdigit() for letter in names)


def _happens(text: str, at: int) -> bool:
    """Whether the clause at `at` is neither forbidden nor only a condition."""
    head = text[max(0, at - 90) : at]
    return not _is_forbidden(text, at) and (not _SUBORDINATE.search(head) or _in_main(text, at))


_SCREEN = re.compile(
    r"[\"”“»'*_]? (?:page|screen|tab|menu|section|view|dialog|button|list|folder|area|step)s?\b"
)
_SPOKEN = re.compile(r"[^\W\d_][\w' -]{1,39}")


def _in_main(text: str, at: int) -> bool:
    """Whether the clause that `at` stands in is the main one, so that the change happens."""
    head = text[max(0, at - 90) : at]
    match = _SUBORDINATE.search(head)
    return bool(match and "," in head[match.start() + 1 :])


def _source(text: str, at: int, names: tuple[str, ...], last: str, *, german: bool) -> str:
    """The state that the sentence says the thing was in before."""
    if (
        last
        and re.search(r"\b(?:and|then)\b[^.;\n]{0,20}$", text[max(0, at - 30) : at])
        and ";" not in text[max(0, at - 30) : at]
    ):
        return last
    start = max((match.end() for match in re.finditer(r";|[.!?](?=\s)(?!\n)", text[:at])), default=0)
    for pattern in (_IN_STATE, _BEEN):
        for match in pattern.finditer(text, start, at):
            state = _name(match["state"], names)
            if german and not _is_quoted(match["state"]):
                continue
            if _is_quoted(match["state"]) or state in names or _is_state(state, names):
                return state
    return ""


_BEEN = re.compile(
    rf"\b(?:has been|have been|is|are|was|were|still|been|leaves?)(?: in)? (?P<state>{_STATE})"
)


def _is_quoted(raw: str) -> bool:
    return raw[:1] in "\"“„«`'*_"


def _is_state(name: str, names: tuple[str, ...]) -> bool:
    first = name.split(maxsplit=1)[0].lower() if name.split() else ""
    return (
        name in names
        or first in _KNOWN
        or bool(
            re.match(
                r"(?:Ready|Waiting|Awaiting|In|On|To|Under|Not|Partly|Partially|No|Out|Label|Being|Pre)\b",
                name,
            )
        )
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


def _name(raw: str, names: tuple[str, ...]) -> str:
    bare = raw.strip(" \"“”„«»`'*_")
    for name in names:
        if bare == name or bare.startswith(f"{name} "):
            return name
    if _is_quoted(raw):
        return bare
    return bare


def _length(raw: str, name: str) -> int:
    at = raw.find(name)
    return at + len(name) if at >= 0 else len(raw)


_FROM_HEADER = re.compile(r"^(?:from|(?:current|old|previous|start) (?:status|state)|von|de)$", re.IGNORECASE)
_TO_HEADER = re.compile(
    r"^(?:to|(?:new|next|target|following|allowed next) (?:status|state)(?:es|s)?|nach|a|à)$", re.IGNORECASE
)


def of_cells(text: str, cells: Iterable[tuple[str, int, int]]) -> list[Found]:
    """The transition of a table's row whose headers are `From` and `To`, or old and new status.

    Args:
        text: The row.
        cells: Header, start and end of each cell.
    """
    sides = [
        next(((start, end) for header, start, end in cells if pattern.match(header.strip())), None)
        for pattern in (_FROM_HEADER, _TO_HEADER)
    ]
    if sides[0] is None or sides[1] is None:
        return []
    (start, end), (to_start, to_end) = sides[0], sides[1]
    before, after = text[start:end].strip(), text[to_start:to_end].strip()
    named = before[:1].isupper() and after[:1].isupper() and not _is_elsewhere(f"{before} {after}")
    if not named or max(len(before.split()), len(after.split())) > _LONGEST:
        return []
    return [Found(ConstraintKind.TRANSITION, to_start, to_end, from_state=before, to_state=after)]


def states(texts: Iterable[str], found: Iterable[Found], *, german: bool) -> tuple[str, ...]:
    """The names of states: those of transitions, and those that a thing is said to be in."""
    named: dict[str, str] = {}
    for one in found:
        for name in (one.from_state, one.to_state):
            if name:
                named.setdefault(name.lower(), name)
    for text in texts:
        for raw, sure in _named_in(text, german=german):
            name = _name(raw, tuple(named.values()))
            known = name.split()[:1] and name.split()[0].lower() in _KNOWN and not _is_quoted(raw)
            if (
                (sure or (known and not german))
                and not _PLACES.search(name)
                and len(name.split()) <= _LONGEST
            ):
                named.setdefault(name.lower(), name)
    return tuple(named.values())


_LONGEST = 4
"""Words of a state's name."""


def _named_in(text: str, *, german: bool) -> Iterator[tuple[str, bool]]:
    """What may be a state's name, and whether the text calls it one."""
    for match in _IN_STATE.finditer(text):
        yield match["state"], _is_quoted(match["state"]) or not german
    for match in _BEING.finditer(text):
        yield match["state"], False
