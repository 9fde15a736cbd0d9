"""The one shape that ADF and wiki markup are read into, and its plain text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

MAX_CHARACTERS = 65_536
"""Most characters of one field that are read: twice the limit that Jira Cloud itself sets."""
MOST_CHARACTERS_SEEN = 1_048_576
"""Most characters of one field that are looked at, to tell what isn't read."""

_SMALL = 4_096
"""Characters of a block that isn't divided."""
_UNSTORABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200d\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile("[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_NEWLINES = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE = "table"
    CODE = "code"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a document; lists are flat sequences of items.

    Attributes:
        text: Plain text; its lines are separated by one newline. Empty for a table and a rule.
        level: Of a heading 1 to 6, of an item its depth from 1.
        ordered: Whether an item is numbered.
        checkbox: Whether an item can be ticked; whether it is ticked matters to nobody's test.
        strong: Whether all of a paragraph is emphasised, which often makes it a heading.
        language: Of a code block, in lower case; empty if not given.
        rows: Of a table: its rows of cells.
        header_rows: Of a table: how many rows at its top are headers, 0 or 1.
    """

    kind: BlockKind
    text: str = ""
    level: int = 0
    ordered: bool = False
    checkbox: bool = False
    strong: bool = False
    language: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    header_rows: int = 0


def clean(text: str) -> str:
    """`text` without what PostgreSQL and UTF-8 can't hold or nobody sees; newlines made equal; bounded."""
    return _SPACES.sub(" ", _UNSTORABLE.sub("", _NEWLINES.sub("\n", text[:MOST_CHARACTERS_SEEN])))


def size_of(block: Block) -> int:
    """Characters of a block, those of its cells included."""
    return len(block.text) + sum(len(cell) for row in block.rows for cell in row)


def divided(blocks: Iterable[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The blocks that are read, `MAX_CHARACTERS` in all, and the rest; a large one in between is divided."""
    read: list[Block] = []
    rest: list[Block] = []
    room = MAX_CHARACTERS
    for block in blocks:
        if room <= 0:
            rest.append(block)
            continue
        if size_of(block) <= room:
            read.append(block)
        elif size_of(block) <= _SMALL:
            rest.append(block)
        else:
            head, tail = _divided(block, room)
            read.append(head)
            rest.append(tail)
        room -= size_of(block)
    return tuple(read), tuple(rest)


def _divided(block: Block, room: int) -> tuple[Block, Block]:
    if block.kind is BlockKind.TABLE:
        kept = 0
        for row in block.rows:
            room -= sum(map(len, row))
            if room < 0:
                break
            kept += 1
        header_rows = min(block.header_rows, kept)
        return (
            replace(block, rows=block.rows[:kept], header_rows=header_rows),
            replace(block, rows=block.rows[kept:], header_rows=block.header_rows - header_rows),
        )
    gap = max(block.text.rfind(" ", 0, room), block.text.rfind("\n", 0, room))
    at = gap if gap > 0 else room
    return replace(block, text=block.text[:at]), replace(block, text=block.text[at:].lstrip())


def plain_text(blocks: Iterable[Block]) -> str:
    """The document as `Story.text` wants it.

    Paragraphs are separated by blank lines; list items begin with `- `, two spaces deeper per level;
    table cells are separated by ` | `; code stands between lines of three backticks.
    """
    parts: list[str] = []
    in_list = False
    for block in blocks:
        text = _render(block)
        if not text:
            continue
        is_item = block.kind is BlockKind.ITEM
        if parts:
            parts.append("\n" if is_item and in_list else "\n\n")
        parts.append(text)
        in_list = is_item
    return _BLANK_LINES.sub("\n\n", "".join(parts)).strip()


def _render(block: Block) -> str:
    if block.kind is BlockKind.RULE:
        return ""
    if block.kind is BlockKind.CODE:
        return f"```{block.language}\n{block.text}\n```" if block.text else ""
    if block.kind is BlockKind.TABLE:
        return "\n".join(" | ".join(cell.replace("\n", " ") for cell in row) for row in block.rows)
    if block.kind is BlockKind.ITEM and block.text:
        indent = "  " * (min(block.level, 6) - 1)
        return f"{indent}- " + block.text.replace("\n", f"\n{indent}  ")
    return block.text
