"""Changes from one state to another, and the names of states."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from casewright_generator.domain.requirements import changing
from casewright_generator.domain.requirements.found import Found
from casewright_generator.domain.requirements.happening import happens, is_forbidden
from casewright_generator.domain.requirements.model import ConstraintKind
from casewright_generator.domain.requirements.statenames import (
    CAPITAL,
    KNOWN,
    STATE,
    is_condition,
    is_elsewhere,
    is_place,
    is_quoted,
    is_state,
    length,
    plain,
)

_IN_STATE = re.compile(
    (
        rf"\b(?:in (?:the )?(?:state|status)|(?:state|status) (?:of|is|=|:|was|shows)?|"
        rf"(?:with|has|have|had|having|in|of|the|its|their|whose|into|from) (?:the |a )?(?:state|status)|"
        rf"im (?:Status|Zustand)|en (?:el )?estado|à l['\u2019]état|au statut)(?: is| "
        rf"of|:)? (?P<state>{STATE})"
    ),
)
_BEING = re.compile(
    rf"\b(?:is|are|was|were|been|be|still|stays?|remains?|being|in|marked|already|from|shows|as|reads|"
    rf"while|once) (?P<state>{STATE})(?! (?:Team|Office|Bank|[A-Z]))|"
    rf"\b(?:[Aa]n?|[Ee]ach|[Ee]very|[Oo]nly) (?P<one>{CAPITAL})(?= [a-z])"
)
_STAYING = re.compile(rf"\b(?:stays?|remains?|sits?|waits?|still|left|leaves?)(?: in)? (?P<state>{STATE})")
_LISTED_SPLIT = re.compile(r",? (?:and|or) |, | / |/")
_LISTED = re.compile(
    rf"\b(?:[Ss]tates?|[Ss]tatus(?:es)?)\b(?: [a-z-]+){{0,4}}?:? \(?"
    rf"(?P<list>{CAPITAL}(?:(?:,? (?:and|or) |, | ?/ ?){CAPITAL}){{1,12}})"
)
_MODES = re.compile(
    rf"\b[Mm]odes?\b(?: [a-z-]+){{0,4}}?:? \(?"
    rf"(?P<list>{CAPITAL}(?:(?:,? (?:and|or) |, | ?/ ?){CAPITAL}){{1,12}})"
)
"""Modes are states where the story changes between them, and else only values."""
_BEEN = re.compile(
    rf"\b(?:has been|have been|is|are|was|were|still|been|leaves?|[Ff]rom)(?: in)? (?P<state>{STATE})"
)
_OF_THAT = re.compile(
    rf"\b(?:[Aa]n?|[Tt]he|[Ee]ach|[Ee]very|[Aa]ny|[Aa]ll|[Ii]ts|[Tt]his|[Tt]hat|[Nn]o) "
    rf"(?P<state>(?:In|Out|On|Under|Not|Partly|Partially|Fully|Ready|Waiting|Awaiting)(?: (?:for|of))? "
    rf"[a-z]{{3,16}}|{CAPITAL})"
    r"(?= [a-z][\w-]{2,20})"
)
"""`a Booked bay`: the state of a thing, before its noun."""
_OPENS = re.compile(rf"(?P<state>{CAPITAL})(?= (?:[a-z][\w-]* )?[a-z][\w-]*s\b)")
"""`Held comments`, at the beginning of a sentence, where the capital tells nothing."""


@dataclass(frozen=True, slots=True)
class _Names:
    """What is known of a story's states.

    Attributes:
        known: States that are named elsewhere in the story.
        german: Whether every noun has a capital, so that only quoted names are states.
    """

    known: tuple[str, ...]
    german: bool


@dataclass(frozen=True, slots=True, order=True)
class _Change:
    """A change, with its place and both states; `before` is empty where the words of change don't say it."""

    start: int
    end: int
    before: str
    after: str


def transitions(text: str, known: Iterable[str] = (), *, german: bool = False) -> list[Found]:
    """The transitions of a text, in order; a forbidden one is none.

    Args:
        text: As written.
        known: States that are named elsewhere in the story.
        german: Whether every noun has a capital, so that only quoted names are states.
    """
    names = _Names(tuple(sorted({name for name in known if name}, key=len, reverse=True)), german)
    found: list[Found] = []
    taken: list[tuple[int, int]] = []
    last = ""
    for one in sorted(_changes(text, names), key=lambda one: (one.start, not one.before, -one.end)):
        if any(one.start < end and start < one.end for start, end in taken):
            continue
        before = one.before or _source(text, one, names, last)
        for change in (one, *_further(text, one, names)):
            taken.append((change.start, change.end))
            found.append(_found(change, change.before or before))
        last = found[-1].to_state
    return found


def _found(change: _Change, before: str) -> Found:
    return Found(
        ConstraintKind.TRANSITION,
        change.start,
        change.end,
        from_state=before if before != change.after else "",
        to_state=change.after,
    )


def _changes(text: str, names: _Names) -> Iterator[_Change]:
    yield from _pairs(text, names)
    yield from _arrows(text, names)
    yield from _in_lower_case(text, names)
    yield from _targets(text, names)


def _pairs(text: str, names: _Names) -> Iterator[_Change]:
    for match in changing.PAIRS.finditer(text):
        before, after = plain(match["from"], names.known), plain(match["to"], names.known)
        head = text[max(0, match.start() - _REACH) : match.start()]
        changed = _CHANGING.search(head) is not None
        named = not names.german or is_quoted(match["from"]) or before in names.known
        named = named or _FOREIGN_CHANGE.search(head) is not None
        known = before.split()[0].lower() in KNOWN or after.split()[0].lower() in KNOWN
        named = named and (known or before in names.known or changed)
        named = named and (known or before in names.known or not _HANDED.search(head))
        systems = before.isupper() and after.isupper() and not is_quoted(match["from"])
        named = named and (known or before in names.known or not systems)
        if named and not is_forbidden(text, match.start()) and not is_elsewhere(f"{before} {after}"):
            yield _Change(match.start(), match.start("to") + length(match["to"], after), before, after)


_CHANGING = re.compile(rf"\b(?:{changing.VERBS}|status|state|zustand|estado|statut)\b", re.IGNORECASE)
_HANDED = re.compile(
    r"\b(?:transfer\w*|hand(?:s|ed)? over|pass(?:es|ed)|forward\w*|travel\w*|deliver\w*|ship\w*|sen[dt]s?|"
    r"drives?|fl(?:y|ies)|walks?|runs?|rides?|mails?|replies|reply|message|letter|trip|flight|route|data|files?|"
    r"records?|rows?|plugins?|import\w*|export\w*|cop(?:y|ies|ied)|migrat\w+|translat\w+|convert\w*)\b[^.;\n]{0,40}\Z",
    re.IGNORECASE,
)
"""Words of what goes from one place, person or system to another."""
_FOREIGN_CHANGE = re.compile(r"\b(?:wechsel\w*|status|zustand|ändert sich|springt)\b", re.IGNORECASE)
_REACH = 80


def _arrows(text: str, names: _Names) -> Iterator[_Change]:
    for match in changing.ARROWS.finditer(text):
        before, after = plain(match["from"], names.known), plain(match["to"], names.known)
        both = is_state(before, names.known) and is_state(after, names.known)
        both = both and not _REFUSED.match(text, match.end())
        if both and not is_elsewhere(f"{before} {after}"):
            yield _Change(match.start(), match.start("to"), before, after)


_REFUSED = re.compile(
    r"[^.;\n]{0,20}?\b(?:(?:is|are)(?:n['\u2019]t| not| never)|cannot|can['\u2019]t|forbidden|impossible|"
    r"not (?:allowed|possible|permitted))\b"
)


def _in_lower_case(text: str, names: _Names) -> Iterator[_Change]:
    """`from draft to published`, `its status becomes paid`: only names that are customary for states."""
    for match in changing.LOWER_PAIRS.finditer(text):
        before, after = match["from"], match["to"]
        if after not in KNOWN and after not in names.known and after.endswith(" hold"):
            after = after.split()[0]
        known = after.split()[0] in KNOWN and before.split()[0] in KNOWN
        if known and not is_forbidden(text, match.start()):
            yield _Change(match.start("from"), match.end("to"), before, after)
    for match in changing.LOWER_TARGETS.finditer(text):
        known = match["to"] in KNOWN or match["to"] in names.known
        if known and happens(text, match.start()):
            yield _Change(match.start(), match.end("to"), "", match["to"])


def _targets(text: str, names: _Names, *, anyway: bool = False) -> Iterator[_Change]:
    """The changes that name their target alone; with `anyway` also those that don't happen."""
    for wording in changing.WORDINGS:
        for match in wording.pattern.finditer(text):
            groups = match.groupdict()
            group = next(name for name in ("to", "after", "first") if groups.get(name))
            raw = groups[group]
            after = plain(raw, names.known)
            source = groups.get("from") or groups.get("before") or groups.get("left") or ""
            before = plain(source, names.known)
            at = match.start() + (match.group()[:1] in {",", ";"})
            end = match.start(group) + length(raw, after)
            strict = wording.weak or changing.CARRYING.match(match.group()) is not None
            strict = strict and not _CALLED.search(match.group())
            if (
                _is_target(after, names, quoted=is_quoted(raw), strict=strict)
                and (not before or _is_target(before, names, quoted=is_quoted(source), strict=strict))
                and not _SCREEN.match(text, end)
                and (after in names.known or not _is_wording(text, match.start(), quoted=is_quoted(raw)))
                and (anyway or happens(text, at))
            ):
                yield _Change(match.start(), end, before, after)


def _is_target(name: str, names: _Names, *, quoted: bool, strict: bool) -> bool:
    """Whether a name is a state's; `strict` where a place or a thing would be said in the same words."""
    if is_elsewhere(name):
        return False
    if name in names.known or (quoted and _SPOKEN.fullmatch(name) is not None and not strict):
        return True
    if names.german:
        return False
    if strict:
        return is_condition(name, names.known) and (name[:1].isupper() or quoted)
    return is_state(name, names.known) and not (name.endswith("s") and not is_condition(name, names.known))


_CALLED = re.compile(r"\b(?:state|status)\b", re.IGNORECASE)
_SCREEN = re.compile(
    r"[\"”“»'*_]? (?:(?:page|screen|tab|menu|section|view|dialog|button|list|folder|area|step)s?\b|"
    r"(?:[A-Z]|\d+)(?![\w'-]))"
)
_LABEL = (
    r"(?:heading|title|label|caption|wording|column|button|link|headline|header|field|checkbox|tooltip|"
    r"placeholder|menu entry|text|word|sentence)"
)
_OF_LABEL = re.compile(
    rf"\b{_LABEL}(?: (?:of|on|in|for|at) (?:the |its |an? )?[\w -]{{1,30}}| [\"“„'][^\"”\n]{{1,40}}[\"”'])?"
    r"(?: (?:should|must|will|is|are|be|then|now|has to|to))*,?\s*\Z",
    re.IGNORECASE,
)
_OF_QUOTED = re.compile(
    r"(?:\"[^\"\n]{1,40}\"|“[^”\n]{1,40}”|„[^“”\n]{1,40}[“”])(?: (?:should|must|will|is|are|be|on the "
    r"[\w-]+|[\w-]+ing|to))*\s*\Z"
)


def _is_wording(text: str, at: int, *, quoted: bool) -> bool:
    """Whether what changes is what something reads (`the title changes to Welcome`), not how it is."""
    head = text[max(0, at - _REACH) : at]
    return _OF_LABEL.search(head) is not None or (quoted and _OF_QUOTED.search(head) is not None)


_SPOKEN = re.compile(r"[^\W\d_][\w' -]{1,39}")


def _further(text: str, first: _Change, names: _Names) -> Iterator[_Change]:
    """The other targets of a change: `to Late or Cancelled`, `to Packed, then to Sent`."""
    at, before, last = first.end, first.before, first.after
    for _ in range(_MOST_TARGETS):
        match = changing.MORE.match(text, at)
        apart = None if match else changing.APART.match(text, at)
        if not (match := match or apart):
            return
        after = plain(match["to"], names.known)
        if not _is_target(after, names, quoted=is_quoted(match["to"]), strict=True):
            return
        at = match.start("to") + length(match["to"], after)
        if apart:
            before = (last if before else "") if apart["and"] else before
        elif match["then"]:
            before = last
        yield _Change(match.start("to"), at, before, after)
        last = after


_MOST_TARGETS = 8


def _source(text: str, change: _Change, names: _Names, last: str) -> str:
    """The state that the sentence says the thing was in before."""
    at = change.start
    if last and _CHAINED.search(text[max(0, at - 40) : at]):
        return last
    if behind := changing.AND_FROM.match(text, change.end):
        state = plain(behind["from"], names.known)
        if is_condition(state, names.known):
            return state
    start = max((match.end() for match in re.finditer(r";|[.!?](?=\s)(?!\n)", text[:at])), default=0)
    for pattern in (_IN_STATE, _BEEN, _OF_THAT):
        strict = pattern is _OF_THAT
        for match in pattern.finditer(text, start, at):
            state = plain(match["state"], names.known)
            if names.german and not is_quoted(match["state"]):
                continue
            if strict and not is_condition(state, names.known):
                continue
            if is_quoted(match["state"]) or is_state(state, names.known):
                return state
    clause = max(start, text.rfind(",", start, at) + 1)
    opening = _OPENS.match(text, clause + len(text[clause:at]) - len(text[clause:at].lstrip()))
    if opening and opening.end() < at and _is_opening(opening["state"], names, first=clause == start):
        return opening["state"]
    return ""


def _is_opening(name: str, names: _Names, *, first: bool) -> bool:
    """Whether a word at the beginning of a clause is a state: only within a sentence its capital tells."""
    if first:
        return name in names.known or _is_telling(name)
    return is_condition(name, names.known)


def _is_telling(name: str) -> bool:
    """Whether a word at the beginning of a sentence can hardly be anything but a state."""
    return name.lower() in KNOWN and name.lower() not in _COMMON


_COMMON = frozenset({"new", "open", "live", "available", "registered", "exported", "imported", "installed"})
"""Customary names of states that describe things just as often."""
_CHAINED = re.compile(
    r"\b(?:and|then)(?: (?:then|later|finally|afterwards|it|is|are|gets|also|automatically|"
    r"(?:after|within) [\w ]{1,20}|[\w-]+ [\w-]+ later))*,? $"
)


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
    named = before[:1].isupper() and after[:1].isupper() and not is_elsewhere(f"{before} {after}")
    if not named or max(len(before.split()), len(after.split())) > _LONGEST:
        return []
    return [Found(ConstraintKind.TRANSITION, to_start, to_end, from_state=before, to_state=after)]


def states(texts: Iterable[str], found: Iterable[Found], *, german: bool) -> tuple[str, ...]:
    """The names of states: those of transitions, and those that a thing is said to be in."""
    named: dict[str, str] = {}
    for name in (name for one in found for name in (one.from_state, one.to_state) if name):
        named.setdefault(name.lower(), name)
    for text in texts:
        for name in _of_text(text, _Names(tuple(named.values()), german)):
            named.setdefault(name.lower(), name)
    return tuple(named.values())


def _of_text(text: str, names: _Names) -> Iterator[str]:
    """Names of states that a text says, with those that are known already."""
    for change in _targets(text, names, anyway=True):
        yield from (name for name in (change.before, change.after) if name)
    for raw, sure in _named_in(text, german=names.german):
        name = plain(raw, names.known)
        known = name.split()[:1] and name.split()[0].lower() in KNOWN and not is_quoted(raw)
        if (sure or (known and not names.german)) and not is_place(name) and len(name.split()) <= _LONGEST:
            yield name
    for listed in _modes(text) if not names.german else ():
        if not set(listed).isdisjoint(names.known):
            yield from listed


def modes(texts: Iterable[str]) -> tuple[str, ...]:
    """The modes that a story lists, between which it may change."""
    return tuple(dict.fromkeys(name for text in texts for listed in _modes(text) for name in listed))


def _modes(text: str) -> Iterator[tuple[str, ...]]:
    for match in _MODES.finditer(text):
        names = tuple(plain(name) for name in _LISTED_SPLIT.split(match["list"]))
        if not any(is_place(name) for name in names):
            yield names


_LONGEST = 4
"""Words of a state's name."""


def _named_in(text: str, *, german: bool) -> Iterator[tuple[str, bool]]:
    """What may be a state's name, and whether the text calls it one."""
    for match in _IN_STATE.finditer(text):
        yield match["state"], is_quoted(match["state"]) or not german
    for match in _BEING.finditer(text):
        yield match["state"] or match["one"], False
    for match in _STAYING.finditer(text):
        name = plain(match["state"])
        yield match["state"], not german and is_condition(name, ())
    for match in _LISTED.finditer(text):
        yield from ((name, not german or is_quoted(name)) for name in _LISTED_SPLIT.split(match["list"]))
