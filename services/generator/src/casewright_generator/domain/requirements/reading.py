"""Reads what a story requires."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from casewright_common.events import Criterion, SourceSpan, Story
from casewright_generator.domain.language import words
from casewright_generator.domain.requirements import exclusions, refusal, roles, rows, tongue, transitions
from casewright_generator.domain.requirements.blanking import blot, for_numbers, without_quotations
from casewright_generator.domain.requirements.choices import choices
from casewright_generator.domain.requirements.formats import formats
from casewright_generator.domain.requirements.found import Found
from casewright_generator.domain.requirements.limits import limits
from casewright_generator.domain.requirements.model import Constraint, ConstraintKind, Requirements
from casewright_generator.domain.requirements.spans import Places

_LONGEST = 4_000
"""Characters of a criterion that are read; more is no sentence."""
_VALUES = frozenset({ConstraintKind.ENUMERATION, ConstraintKind.FORMAT})
"""Kinds whose words name values, and nobody."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A criterion as it is read: a row has its headers before its values."""

    criterion: Criterion
    text: str
    row: rows.Spliced | None = None

    def origin(self, at: int, *, opening: bool = False) -> int:
        return self.row.origin(at, opening=opening) if self.row else at


def read(story: Story) -> Requirements:
    """Read a story. Never raises; what isn't understood is no constraint. Linear in the story's length."""
    language = tongue.language(
        f"{story.title}\n{story.text}\n" + "\n".join(one.text for one in story.criteria)
    )
    excluded = exclusions.exclusions(story)
    places = Places(story)
    outside = {_flat(text) for text in excluded}
    criteria = tuple(_placed(one, places) for one in story.criteria if _flat(one.text) not in outside)
    tables = rows.Tables(story)
    texts = [_text(one, tables) for one in criteria]
    names = transitions.states((text.text for text in texts), (), german=language == "de")
    modes = transitions.modes(text.text for text in texts) if language != "de" else ()
    names = (*names, *(name for name in modes if name not in names))
    moved = [transitions.transitions(text.text, names, german=language == "de") for text in texts]
    names = (
        tuple(
            dict.fromkeys(
                name for found in moved for one in found for name in (one.from_state, one.to_state) if name
            )
        )
        or names
    )
    constraints: list[Constraint] = []
    changes: list[Found] = []
    acting: list[str] = []
    refused = False
    for text in texts:
        same = refused and refusal.says_the_same(text.text)
        found = _constraints(text, names, language, refused=same)
        acting.append(blot(text.text, [(one.start, one.end) for one in found if one.kind in _VALUES]))
        changes.extend(one for one in found if one.kind is ConstraintKind.TRANSITION)
        constraints.extend(_tied(text, one, story) for one in found)
        refused = same or refusal.refuses(text.text[:_LONGEST], language)
    named = transitions.states((text.text for text in texts), changes, german=language == "de")
    return Requirements(
        criteria=criteria,
        constraints=tuple(constraints),
        roles=tuple(
            one
            for one in roles.roles(f"{story.title}\n{story.text}", acting, language=language)
            if one not in {name.lower() for name in named}
        ),
        states=named,
        exclusions=excluded,
        language=language,
    )


def _flat(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _placed(criterion: Criterion, places: Places) -> Criterion:
    if criterion.source is not None and _stands(criterion.source, places.story):
        return criterion
    return criterion.model_copy(update={"source": places.find(criterion.text)})


def _stands(source: SourceSpan, story: Story) -> bool:
    whole = story.title if source.part == "title" else story.text
    return source.start < source.end <= len(whole)


def _text(criterion: Criterion, tables: rows.Tables) -> _Text:
    cells = tables.cells(criterion)
    if not cells:
        return _Text(criterion, criterion.text[:_LONGEST])
    row = rows.spliced(cells)
    return _Text(criterion, row.text[:_LONGEST], row)


def _constraints(text: _Text, names: Iterable[str], language: str, *, refused: bool) -> list[Found]:
    if not language:
        return []
    whole = text.text
    quiet = without_quotations(whole)
    named = formats(whole, quiet)
    cells = text.row.cells if text.row else ()
    chosen = [
        one
        for one in choices(whole, cells, dutch=language == "nl")
        if not any(one.start < other.end and other.start < one.end for other in named)
    ]
    moved = transitions.of_cells(whole, cells) or transitions.transitions(
        whole, names, german=language == "de"
    )
    chosen = [one for one in chosen if not _are_ends(one, moved, whole)]
    moved = [one for one in moved if not any(one.to_state in other.values for other in chosen)]
    chosen = [
        one for one in chosen if not any(one.start < other.end and other.start < one.end for other in moved)
    ]
    masked = blot(for_numbers(whole), [(one.start, one.end) for one in (*named, *chosen)])
    bounds = [one for one in limits(masked, language, refused=refused) if not _announces(whole, one)]
    return sorted((*named, *chosen, *moved, *bounds), key=lambda one: one.start)


_LISTED_BEHIND = re.compile(r"[^.;:,(\n]{0,30}?(?::| \(| [\u2013\u2014-] )\s*(?P<list>[^.;:()\n]{3,200})")
_SORTS = frozenset(
    words.phrases(
        "modes | sizes | kinds | types | sorts | states | statuses | roles | categories | values | forms | "
        "variants | classes | grades | colours | colors | levels"
    )
)
"""What has its values for names: whoever counts them only announces these."""
_ITEMS = re.compile(r",? (?:and|or) |, ")


def _announces(text: str, one: Found) -> bool:
    """Whether a number only says how many follow: `three sizes exist: small, medium and large`."""
    if one.kind is not ConstraintKind.COUNT or one.low != one.high or one.unit.lower() not in _SORTS:
        return False
    listed = _LISTED_BEHIND.match(text, one.end)
    return listed is not None and len(_ITEMS.split(listed["list"])) == one.low


_ENDING = re.compile(
    r"\b(?:finally|eventually|at last|in the end|ends? (?:up )?as|"
    r"becomes?|turns?|goes|moves|changes|switches|passes|falls|comes|whereupon it is|"
    r"(?:moves?|sets?|puts?|brings?|changes?|switches|sends?) (?:it|them|(?:the|an?|its) [\w-]+))(?: back)?"
    r"(?: (?:in)?to)?(?: either)?(?: the (?:state|status))?(?: of)? \W?\Z",
    re.IGNORECASE,
)
_BACK = 60


def _are_ends(choice: Found, moved: Iterable[Found], text: str) -> bool:
    """Whether the values are the states that something ends up in by itself, each a change of its own."""
    if choice.kind is not ConstraintKind.ENUMERATION:
        return False
    targets = {one.to_state for one in moved}
    before = text[max(0, choice.start - _BACK) : choice.start]
    return set(choice.values) <= targets and _ENDING.search(before) is not None


def _tied(text: _Text, found: Found, story: Story) -> Constraint:
    criterion = text.criterion
    start, end = text.origin(found.start, opening=True), text.origin(max(found.start, found.end - 1)) + 1
    written = (
        criterion.text[start:end]
        if 0 <= start < end <= len(criterion.text)
        else text.text[found.start : found.end]
    )
    return Constraint(
        found.kind,
        criterion.id,
        written.strip(),
        _source(criterion, written.strip(), story),
        low=found.low,
        high=found.high,
        low_in=found.low_in,
        high_in=found.high_in,
        unit=found.unit,
        values=found.values,
        from_state=found.from_state,
        to_state=found.to_state,
    )


def _source(criterion: Criterion, written: str, story: Story) -> SourceSpan | None:
    """Where a constraint's words stand within those of its criterion."""
    source = criterion.source
    if source is None or not written:
        return None
    whole = story.title if source.part == "title" else story.text
    at = whole.find(written, source.start, source.end)
    return SourceSpan(part=source.part, start=at, end=at + len(written)) if at >= 0 else None
