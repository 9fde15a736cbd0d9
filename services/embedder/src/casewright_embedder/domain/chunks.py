"""A story cut into pieces that fit an embedding model's window."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from casewright_common.events import Story

MAX_CHUNKS = 16
"""Chunks of one story, so that a pasted log file costs a second and not a minute."""

_LONGEST_WORD = 100
_CHARACTERS_PER_TOKEN = 20
"""More than any tokenizer makes of prose: longer text doesn't fit, and needn't be counted to know it."""

_PARAGRAPHS = re.compile(r"\n\s*\n")
_SENTENCES = re.compile(r"(?<=[.!?;:])\s+|\n")

TokenCount = Callable[[str], int]


@dataclass(frozen=True)
class Chunk:
    """A piece of a story.

    Attributes:
        text: What is embedded and shown as context; never empty.
        digest: SHA-256 in hex of `text`: equal text has an equal digest in every revision.
    """

    text: str
    digest: str


def chunks_of(story: Story, *, window: int, count: TokenCount) -> tuple[Chunk, ...]:
    """Cut a story into at most `MAX_CHUNKS` chunks, each within `window` tokens where words allow it.

    Title and description are packed paragraph by paragraph; the criteria are packed apart from them and
    come first in line when there are too many chunks. An edit of the description thus leaves the chunks
    of the criteria as they are. Chunks don't overlap: paragraphs and criteria are units of sense, and a
    shared sentence would make two chunks change with every edit.

    Args:
        story: May have neither text nor criteria.
        window: Most tokens in one chunk, at least 1.
        count: Number of tokens in a text, without special ones.

    Raises:
        ValueError: If `window` is less than 1.
    """
    if window < 1:
        raise ValueError("A window of at least one token is needed.")
    body = _pack([story.title, *_PARAGRAPHS.split(story.text)], separator="\n\n", window=window, count=count)
    criteria = _pack([c.text for c in story.criteria], separator="\n", window=window, count=count)
    kept = dict.fromkeys(_first(body, 1))
    kept |= dict.fromkeys(_first(criteria, MAX_CHUNKS - 1))
    for text in body:
        if len(kept) == MAX_CHUNKS:
            break
        kept[text] = None
    return tuple(Chunk(text=text, digest=sha256(text.encode()).hexdigest()) for text in kept)


def chunks_of_text(heading: str, text: str, *, window: int, count: TokenCount) -> Iterator[Chunk]:
    """Cut a text into as many chunks as it takes, each within `window` tokens where words allow it.

    Each begins with the heading, so that a piece from the middle is found by what it is about; a heading that
    would take more than half of the window is left out.

    Args:
        heading: May be empty.
        text: Of any length; its paragraphs stay whole where they fit.
        window: Most tokens in one chunk, at least 1.
        count: Number of tokens in a text, without special ones.

    Raises:
        ValueError: If `window` is less than 1.
    """
    if window < 1:
        raise ValueError("A window of at least one token is needed.")
    lead = f"{heading.strip()}\n\n" if heading.strip() and 2 * count(heading) <= window else ""
    left = window - count(lead) if lead else window
    for packed in _pack(_PARAGRAPHS.split(text), separator="\n\n", window=left, count=count):
        whole = f"{lead}{packed}"
        yield Chunk(text=whole, digest=sha256(whole.encode()).hexdigest())


def _first(texts: Iterator[str], number: int) -> Iterator[str]:
    for _ in range(number):
        if (text := next(texts, None)) is None:
            return
        yield text


def _pack(units: list[str], *, separator: str, window: int, count: TokenCount) -> Iterator[str]:
    """Join neighbouring units as long as they fit the window; lazy, so that no log is read to its end."""
    packed, used = "", 0
    for piece, size in _pieces(units, window=window, count=count):
        if packed and used + size <= window:
            packed, used = f"{packed}{separator}{piece}", used + size
            continue
        if packed:
            yield packed
        packed, used = piece, size
    if packed:
        yield packed


def _pieces(units: list[str], *, window: int, count: TokenCount) -> Iterator[tuple[str, int]]:
    for unit in units:
        text = unit.strip()
        if not text:
            continue
        size = count(text) if len(text) <= window * _CHARACTERS_PER_TOKEN else window + 1
        if size <= window:
            yield text, size
        else:
            yield from _cut(text, window=window, count=count)


def _cut(text: str, *, window: int, count: TokenCount) -> Iterator[tuple[str, int]]:
    """Cut one long unit by sentences and lines, and what is still too long by words."""
    packed: list[str] = []
    used = 0
    for sentence in _SENTENCES.split(text):
        for piece, size in _by_words(sentence, window=window, count=count):
            if packed and used + size > window:
                yield " ".join(packed), used
                packed, used = [], 0
            packed.append(piece)
            used += size
    if packed:
        yield " ".join(packed), used


def _by_words(sentence: str, *, window: int, count: TokenCount) -> Iterator[tuple[str, int]]:
    words = (piece for word in sentence.split() for piece in _short(word, window=window, count=count))
    packed: list[str] = []
    used = 0
    for word in words:
        size = max(1, count(word))
        if packed and used + size > window:
            yield " ".join(packed), used
            packed, used = [], 0
        packed.append(word)
        used += size
    if packed:
        yield " ".join(packed), used


def _short(word: str, *, window: int, count: TokenCount) -> Iterator[str]:
    """Cut base64 and the like, which a tokenizer may call one unknown token however long it is."""
    step = _LONGEST_WORD if count(word[:_LONGEST_WORD]) <= window else window
    return (word[start : start + step] for start in range(0, len(word), step))
