"""States in a row (`Draft → In review → Approved/Rejected`): each step, and what leaps or goes back."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import Said

_ARROW = re.compile(r"\s*(?:→|⟶|⇒|->|-->|=>)\s*")
_STATE = r"[\"“']?[A-Z][\w-]*(?: (?!or\b|and\b)[a-z][\w-]*){0,2}[\"”']?"
_LAST_OF = re.compile(rf"(?:^|[\s:,(])(?P<state>{_STATE})\s*$")
_FIRST_OF = re.compile(rf"^(?P<states>{_STATE}(?:(?: ?/ ?| or |, ?){_STATE})*)")
_NAMED = re.compile(
    r"\b(?:states?|status(?:es)?|life ?cycle|workflow|phases?|stages?|transitions?)\b", re.IGNORECASE
)
_PATH = re.compile(r"\b(?:click\w*|menu|navigate\w*|go to|select\w*|open|button|tab|page)\b", re.IGNORECASE)
_OWNER = re.compile(
    r"^(?:an?|the|each|every) (?P<one>[a-z]+) (?:goes|moves|passes|runs|has|can|may|must|changes|is)\b|"
    r"\b(?P<two>[a-z]+)(?: approval| review| publishing| publication)? "
    r"(?:states?|status(?:es)?|life ?cycle|workflow|phases?|stages?)\b",
    re.IGNORECASE,
)
_NO_OWNERS = words.word_set(
    "the a an its their following these those allowed possible valid and all new of in with by to through "
    "current simple following"
)
_FEWEST, _MOST = 3, 8
_SPLIT = re.compile(r" ?/ ?| or |, ?")


def lifecycles(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """Every step of the chain, a leap over a state, and the way back from the end."""
    if setting.reported or setting.strict or not _ARROW.search(flat) or _PATH.search(flat):
        return []
    parts = _ARROW.split(flat)
    first = _LAST_OF.search(_after_name(parts[0]))
    chain: list[tuple[str, ...]] = [(first["state"],)] if first else []
    for part in parts[1:]:
        match = _FIRST_OF.match(part)
        chain += [tuple(_SPLIT.split(match["states"]))] if match else []
    named = any(map(_NAMED.search, (flat, setting.topic, setting.title)))
    if len(chain) != len(parts) or len(chain) < _FEWEST or not named:
        return []
    owner = _owner(flat) or _owner(setting.topic) or _owner(setting.title) or _object(setting.title)
    if not owner:
        return []
    levels = [tuple(state.strip("\"“”'") for state in level) for level in chain]
    moves = [(old, new) for at, level in enumerate(levels[:-1]) for old in level for new in levels[at + 1]]
    leaps = [(levels[at][0], levels[at + 2][0]) for at in range(len(levels) - 2)]
    back = [(old, levels[0][0]) for old in levels[-1]]
    wrong = [one for one in (*leaps, *back) if one not in moves and one[0] != one[1]]
    return [
        *(_allowed(said, owner, old, new) for old, new in moves[:_MOST]),
        *(_refused(said, owner, old, new) for old, new in wrong[:_MOST]),
    ]


def _after_name(text: str) -> str:
    """What stands behind `through the states`, `the status is`."""
    found = list(re.finditer(r"\b(?:states?|status(?:es)?|stages?|phases?|from|is|are)\b[: ]*|: *", text))
    return text[found[-1].end() :] if found else text


def _owner(text: str) -> str:
    for match in _OWNER.finditer(text):
        name = (match["one"] or match["two"]).lower()
        if name not in _NO_OWNERS:
            return words.singular(name) if words.is_plural(name) else name
    return ""


def _object(title: str) -> str:
    """What a title like `Approve documents` acts on."""
    clause = clauses.parse(title)
    thing = observing.head(observing.object_of(clause.rest)[0]) if clause.rest else ""
    return words.singular(thing) if thing and words.is_plural(thing) else thing


def _allowed(said: Said, owner: str, old: str, new: str) -> Statement:
    return said.case(
        f"The {owner} changes from {old} to {new}",
        (f"Move the {owner} to the state “{new}”",),
        (f"The {owner} is in the state “{new}”",),
        given=(f"The {owner} is in the state “{old}”.",),
        technique=Technique.STATE_TRANSITION,
    )


def _refused(said: Said, owner: str, old: str, new: str) -> Statement:
    return said.case(
        f"The {owner} cannot change from {old} to {new}",
        (f"Try to move the {owner} to the state “{new}”",),
        (f"This is refused or not offered: the {owner} stays in the state “{old}”",),
        given=(f"The {owner} is in the state “{old}”.",),
        technique=Technique.STATE_TRANSITION,
        negative=True,
        supposed=True,
    )
