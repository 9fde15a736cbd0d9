"""Building blocks of the Atlassian Document Format, and its measure.

Every text goes through `inlines`, so that no text node is empty, holds a line break or a character that
JSON or Jira can't carry.
"""

import json
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Literal

Node = dict[str, Any]
"""One ADF node, as JSON."""

Mark = Literal["strong", "em", "code"]
Color = Literal["neutral", "purple", "blue", "red", "yellow", "green"]
PanelType = Literal["info", "note", "warning"]

_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Control characters, lone surrogates, and the code points that Unicode keeps from being characters.
_UNWRITABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
    + "]"
)


def plain(value: str) -> str:
    """The text without control characters, lone surrogates and code points that are no characters.

    Every kind of line break becomes a newline, a tab a space; white space at both ends goes.
    """
    text = _UNWRITABLE.sub("", _LINE_BREAK.sub("\n", value.replace("\t", " ")))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def one_line(value: str) -> str:
    """`plain` text with all white space folded into single spaces."""
    return " ".join(plain(value).split())


def clipped(value: str, limit: int) -> str:
    """`plain` text of at most `limit` characters plus a note of its full length where it was cut."""
    text = plain(value)
    return text if len(text) <= limit else f"{text[:limit].rstrip()}… ({len(text):,} characters)"


def inlines(value: str, *marks: Mark) -> list[Node]:
    """Text nodes of a text, a hard break between its lines; nothing for an empty text."""
    nodes: list[Node] = []
    for line in plain(value).split("\n"):
        if nodes:
            nodes.append({"type": "hardBreak"})
        if line.strip():
            node: Node = {"type": "text", "text": line}
            if marks:
                node["marks"] = [{"type": mark} for mark in marks]
            nodes.append(node)
    return nodes


def spaced(value: str, *marks: Mark) -> list[Node]:
    """One text node that keeps its blanks at both ends; for our own words between others."""
    return [{"type": "text", "text": value, **({"marks": [{"type": m} for m in marks]} if marks else {})}]


def status(text: str, color: Color) -> Node:
    """A lozenge; its text, at least one character, is cut to 60."""
    return {"type": "status", "attrs": {"text": one_line(text)[:60] or "?", "color": color}}


def paragraph(*content: Iterable[Node] | Node) -> Node:
    """A paragraph of inline nodes; an empty one has no content."""
    flat = _flat(content)
    return {"type": "paragraph", "content": flat} if flat else {"type": "paragraph"}


def heading(level: int, text: str) -> Node:
    """A heading of level 1 to 6 on one line."""
    return {"type": "heading", "attrs": {"level": level}, "content": inlines(one_line(text))}


def bullets(items: Iterable[Iterable[Node]]) -> Node:
    """A bullet list with one paragraph per item; at least one item."""
    return {"type": "bulletList", "content": [_item(item) for item in items]}


def numbered(items: Iterable[Iterable[Node]]) -> Node:
    """A numbered list with one paragraph per item; at least one item."""
    return {"type": "orderedList", "content": [_item(item) for item in items]}


def _item(content: Iterable[Node]) -> Node:
    return {"type": "listItem", "content": [paragraph(content)]}


def table(header: Sequence[str], rows: Iterable[Sequence[Iterable[Node]]]) -> Node:
    """A table of inline cells under one header row."""
    head = [_cell("tableHeader", inlines(title)) for title in header]
    return {
        "type": "table",
        "content": [
            {"type": "tableRow", "content": head},
            *({"type": "tableRow", "content": [_cell("tableCell", cell) for cell in row]} for row in rows),
        ],
    }


def _cell(kind: str, content: Iterable[Node]) -> Node:
    return {"type": kind, "content": [paragraph(content)]}


def panel(kind: PanelType, *content: Node) -> Node:
    """A coloured box of paragraphs and lists; at least one block."""
    return {"type": "panel", "attrs": {"panelType": kind}, "content": list(content)}


def expand(title: str, *content: Node) -> Node:
    """A section that the reader unfolds: at the top of a document, with blocks but no other `expand`."""
    return {"type": "expand", "attrs": {"title": one_line(title)}, "content": list(content)}


def rule() -> Node:
    """A horizontal line."""
    return {"type": "rule"}


def document(blocks: Iterable[Node]) -> Node:
    """The whole document."""
    return {"version": 1, "type": "doc", "content": list(blocks)}


def _flat(content: Iterable[Iterable[Node] | Node]) -> list[Node]:
    nodes: list[Node] = []
    for part in content:
        if isinstance(part, dict):
            nodes.append(part)
        else:
            nodes.extend(part)
    return nodes


def size(node: Node) -> int:
    """Length of a node as compact JSON in UTF-16 code units: an upper bound of any conversion into text."""
    return len(canonical(node).encode("utf-16-le")) // 2


def canonical(node: Node) -> str:
    """The one JSON text of a node."""
    return json.dumps(node, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def content_hash(node: Node) -> str:
    """SHA-256 in hex over the canonical JSON."""
    return sha256(canonical(node).encode()).hexdigest()
