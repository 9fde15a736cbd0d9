"""List items as statements that can stand alone: with what leads them in, with what hangs under them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casewright_ingest.domain.blocks import Block
from casewright_ingest.domain.facts import states_bound
from casewright_ingest.domain.testability import Testability, only_names, testability
from casewright_ingest.domain.vocabulary import OBSERVATION

_LONGEST_LEAD = 240
_FRAGMENT_WORDS = 4
_OPEN = re.compile(
    r"\b(?:must|should|shall|can|cannot|will|may|to|be|able to|by|with|for|from|in|on|when|if|that"
    r"|is|are|has|have|allows?|muss|soll|kann|peut|doit|debe|puede)\W*$",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"^\W*(?:(?:all|of|the|these)\b ?){0,3}(?:following\b ?)?"
    r"(?:(?:acceptance )?(?:conditions?|rules?|criteria|requirements?|points|things|items|statements)\b ?)?"
    r"(?:(?:must|should|shall|have to|need to)\b ?(?:all )?"
    r"(?:hold|apply|be (?:true|met|fulfilled|satisfied|done))\b ?)?"
    r"(?:as follows|below)?\W*$",
    re.IGNORECASE,
)
_LEADING_NUMBER = re.compile(r"^\(?\d{1,2}[.:)]+ ")
_WHAT_HAPPENS = re.compile(
    r"^\W*what (?:happens|should happen|will happen|happen|to do|do we do|about) (?P<when>when|if|once|after)"
    r" (?P<situation>.{3,300}?)\s*\?+$",
    re.IGNORECASE,
)
_OFFERS = re.compile(
    r"\b(?:allows?|lets?|supports?|enables?)\b.{0,160}\b(?:to|between|of|following)\W*$", re.IGNORECASE
)


_BARE_BOUND = re.compile(
    r"(?:not|no|at|max|maximum|min|minimum|up to|between|from|only|more|less|fewer|exactly"
    r"|\d+)\b",
    re.IGNORECASE,
)
"""How a bound begins that doesn't say of what."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of a list.

    Attributes:
        text: The statement, with its lead-in and its fragments.
        own: What the item itself says.
    """

    text: str
    own: str
    checkbox: bool


def list_entries(items: Sequence[Block], *, lead: str) -> Iterator[Entry]:
    """Statements of one list.

    An item that ends in a colon, or only names a thing, leads in what hangs under it, and
    `What happens when …?` becomes its condition; elsewhere short fragments under an item belong to its own
    statement, and longer ones stand for themselves. The line before the list, `lead`, is put before each
    item that doesn't say enough alone.
    """
    position = 0
    path: list[tuple[int, str, str]] = []
    while position < len(items):
        item = items[position]
        while path and path[-1][0] >= item.level:
            path.pop()
        children = _children(items, position)
        text = " ".join(item.text.split())
        context, parent = path[-1][1:] if path else (_lead_of(lead), "")
        leads_in = text.endswith((":", "?", "\uff1a"))
        if children and (leads_in or only_names(text)):
            own = (
                _situation(text) if text.endswith("?") else text if leads_in else f"{_without_number(text)}:"
            )
            is_part = bool(context and own) and (leads_in or bool(path))
            path.append((item.level, _joined(context, own) if is_part else own, ""))
            position += 1
            continue
        fragments = [child for child in children if _is_fragment(child.text)]
        if fragments and len(fragments) == len(children):
            text = f"{text.rstrip('.;,')}: " + "; ".join(child.text.rstrip(".;,") for child in children)
            position += len(children)
        elif children:
            path.append((item.level, "", text))
            if all(_BARE_BOUND.match(child.text) for child in children):
                position += 1  # only they say what holds; each says it with these words
                continue
        position += 1
        if parent and (only_names(text) or _BARE_BOUND.match(text)):
            context = f"{parent.rstrip('.;,')}:"
        yield Entry(_joined(context, text) if _needs_context(text, context) else text, text, item.checkbox)


def _without_number(text: str) -> str:
    return _LEADING_NUMBER.sub("", text, count=1)


def _situation(question: str) -> str:
    """`What happens when two are dragged?` as `When two are dragged,`; empty for any other question."""
    match = _WHAT_HAPPENS.match(question)
    return f"{match['when'].capitalize()} {match['situation']}," if match else ""


def _children(items: Sequence[Block], position: int) -> list[Block]:
    level = items[position].level
    end = position + 1
    while end < len(items) and items[end].level > level:
        end += 1
    return list(items[position + 1 : end])


def _is_fragment(text: str) -> bool:
    """Whether it says nothing that could be checked alone."""
    return (
        not states_bound(text)
        and len(text.split()) <= _FRAGMENT_WORDS
        and testability(text) < Testability.MEDIUM
    )


def is_filler(lead: str) -> bool:
    """Whether a line announces a list without saying anything itself: `The following must hold:`."""
    return bool(_FILLER.match(lead[:_LONGEST_LEAD]))


def _lead_of(lead: str) -> str:
    """A lead-in worth repeating before each item: one that demands something."""
    demands = testability(lead) >= Testability.MEDIUM or _OFFERS.search(lead)
    goes_on = lead.endswith((":", "\uff1a")) or _OPEN.search(lead) or _OFFERS.search(lead)
    if is_filler(lead) or not goes_on:
        return ""
    return lead if demands and len(lead) <= _LONGEST_LEAD and not OBSERVATION.search(lead) else ""


def _needs_context(text: str, context: str) -> bool:
    return bool(context) and testability(text) < Testability.STRONG


def _joined(context: str, text: str) -> str:
    stem = context.rstrip(" :\uff1a")
    if context.endswith(","):
        return f"{context} {text[:1].lower()}{text[1:]}"
    goes_on = _OPEN.search(stem) and not text[:1].isupper()
    return f"{stem} {text}" if goes_on else f"{stem}: {text}"
