"""The Atlassian Document Format, read into blocks. Never raises: what isn't ADF yields less text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

from casewright_ingest.domain.blocks import MOST_CHARACTERS_SEEN, Block, BlockKind, clean

MAX_DEPTH = 60
"""Deeper nodes give their bare text only, so that no document exhausts the stack."""

_Node = dict[str, Any]
_INLINE = frozenset(
    {
        "text",
        "hardBreak",
        "mention",
        "emoji",
        "inlineCard",
        "status",
        "date",
        "placeholder",
        "inlineExtension",
    }
)
_DROPPED = frozenset({"media", "mediaInline", "mediaGroup", "rule", "placeholder"})
_CARDS = frozenset({"inlineCard", "blockCard", "embedCard"})
_EXPANDS = frozenset({"expand", "nestedExpand"})
_LISTS = frozenset({"bulletList", "orderedList", "taskList", "decisionList"})
_TYPED_BULLET = re.compile(r"[-*\u2013•·▪◦‣]\s+(\S.*)", re.DOTALL)
_ITEMS = frozenset({"listItem", "taskItem", "decisionItem", "blockTaskItem"})


def read_adf(document: object) -> tuple[Block, ...]:
    """Blocks of an ADF document, in order.

    Panels, quotes, layouts and extensions give their content; an expand its title, as the deepest
    heading, and its content; media are dropped; an unknown node gives its text.
    """
    reader = _Reader()
    reader.read(document, depth=0)
    return tuple(block for block in reader.blocks if block.text or block.rows or block.kind is BlockKind.RULE)


@dataclass
class _Reader:
    blocks: list[Block] = field(default_factory=list)
    characters: int = 0

    def read(self, node: object, *, depth: int, list_depth: int = 0) -> None:  # noqa: C901  # one case per node
        if not isinstance(node, dict) or self.characters > MOST_CHARACTERS_SEEN:
            return
        kind = node.get("type")
        if depth > MAX_DEPTH:
            self._add(Block(BlockKind.PARAGRAPH, _bare_text(node)))
        elif kind == "rule":
            self._add(Block(BlockKind.RULE))
        elif kind in _DROPPED:
            return
        elif kind == "heading":
            self._add(Block(BlockKind.HEADING, _inline(node), level=_level(node)))
        elif kind == "codeBlock":
            language = clean(str(_attrs(node).get("language") or "")).strip().lower()[:30]
            self._add(Block(BlockKind.CODE, _inline(node), language=language))
        elif kind == "table":
            self._table(node, depth)
        elif kind in _LISTS:
            self._list(node, depth, list_depth)
        elif kind in _CARDS:
            self._add(Block(BlockKind.PARAGRAPH, _leaf_text(node)))
        else:
            if kind in _EXPANDS:
                title = clean(str(_attrs(node).get("title") or "")).strip()
                self._add(Block(BlockKind.HEADING, title, level=6))
            self._content(node, depth, list_depth)

    def _content(self, node: _Node, depth: int, list_depth: int) -> None:
        """A paragraph for each run of inline nodes, blocks for the rest."""
        run: list[_Node] = []
        for child in _children(node):
            if child.get("type") in _INLINE:
                run.append(child)
                continue
            self._paragraph(run, list_depth)
            run = []
            self.read(child, depth=depth + 1, list_depth=list_depth)
        self._paragraph(run, list_depth)
        if not _children(node):
            self._add(Block(BlockKind.PARAGRAPH, _leaf_text(node)))

    def _paragraph(self, run: list[_Node], list_depth: int) -> None:
        """One paragraph; typed bullets (`- one`) on its lines are list items, as their author meant them."""
        lines: list[list[_Node]] = [[]]
        for node in run:
            if node.get("type") == "hardBreak":
                lines.append([])
            else:
                lines[-1].append(node)
        if not any(_TYPED_BULLET.match(_inline({"content": line})) for line in lines):
            self._plain(run)
            return
        plain: list[_Node] = []
        for line in lines:
            bullet = _TYPED_BULLET.match(_inline({"content": line}))
            if bullet is None:
                plain += [*line, {"type": "hardBreak"}]
                continue
            self._plain(plain)
            plain = []
            self._add(Block(BlockKind.ITEM, bullet[1], level=list_depth + 1))
        self._plain(plain)

    def _plain(self, run: list[_Node]) -> None:
        if run:
            text = _inline({"content": run})
            self._add(Block(BlockKind.PARAGRAPH, text, strong=bool(text) and all(map(_is_strong, run))))

    def _list(self, node: _Node, depth: int, list_depth: int) -> None:
        for child in _children(node):
            if child.get("type") not in _ITEMS:
                self.read(child, depth=depth + 1, list_depth=list_depth + 1)  # task lists nest directly
                continue
            item = Block(
                BlockKind.ITEM,
                level=list_depth + 1,
                ordered=node.get("type") == "orderedList",
                checkbox=node.get("type") == "taskList",
            )
            inner = _Reader(characters=self.characters)
            inner._content(child, depth + 1, list_depth + 1)  # the same class
            lead = []
            while inner.blocks and inner.blocks[0].kind is BlockKind.PARAGRAPH:
                lead.append(inner.blocks.pop(0).text)
            self._add(replace(item, text="\n".join(filter(None, lead))))
            self.blocks += inner.blocks
            self.characters = max(self.characters, inner.characters)

    def _table(self, node: _Node, depth: int) -> None:
        rows: list[tuple[str, ...]] = []
        header_rows = 0
        for row in _children(node):
            cells = _children(row)
            if not rows and cells and all(cell.get("type") == "tableHeader" for cell in cells):
                header_rows = 1
            texts = []
            for cell in cells:
                inner = _Reader(characters=self.characters)
                inner.read(cell, depth=depth + 2)
                texts.append("\n".join(block.text for block in inner.blocks if block.text))
                self.characters = max(self.characters, inner.characters)
            if any(texts):
                rows.append(tuple(texts))
        self._add(Block(BlockKind.TABLE, rows=tuple(rows), header_rows=header_rows if rows else 0))

    def _add(self, block: Block) -> None:
        self.characters += len(block.text) + 1
        self.blocks.append(block)


def _children(node: _Node) -> list[_Node]:
    content = node.get("content")
    return [child for child in content if isinstance(child, dict)] if isinstance(content, list) else []


def _attrs(node: _Node) -> _Node:
    attrs = node.get("attrs")
    return cast("_Node", attrs) if isinstance(attrs, dict) else {}


def _level(node: _Node) -> int:
    level = _attrs(node).get("level")
    return min(max(level, 1), 6) if isinstance(level, int) else 3


def _is_strong(node: _Node) -> bool:
    if node.get("type") == "hardBreak" or not str(node.get("text") or "").strip():
        return True
    marks = node.get("marks")
    kinds = (
        {mark.get("type") for mark in marks if isinstance(mark, dict)} if isinstance(marks, list) else set()
    )
    return not kinds.isdisjoint({"strong", "underline"})


def _inline(node: _Node) -> str:
    """Text of a node's inline content, its lines without blanks at their ends."""
    text = clean("".join(_texts(node)))
    if node.get("type") == "codeBlock":
        return text.strip("\n").rstrip()
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _texts(node: _Node) -> Iterator[str]:
    """Every text below `node`, in order, without recursion."""
    stack = [node]
    while stack:
        current = stack.pop()
        children = _children(current)
        if children:
            stack.extend(reversed(children))
        else:
            yield _leaf_text(current)


def _bare_text(node: _Node) -> str:
    return " ".join(clean(" ".join(_texts(node))).split())


def _leaf_text(node: _Node) -> str:  # noqa: PLR0911  # one case per node
    kind, attrs = node.get("type"), _attrs(node)
    if kind == "hardBreak":
        return "\n"
    if kind in _DROPPED:
        return ""
    if kind in _CARDS:
        return clean(str(attrs.get("url") or "")).strip()
    if kind == "date":
        return _date(attrs.get("timestamp"))
    if kind == "emoji":
        return _string(attrs.get("text")) or _string(attrs.get("shortName"))
    if kind == "mention":
        name = _string(attrs.get("text")).strip()
        return name if not name or name.startswith("@") else f"@{name}"
    return _string(node.get("text")) or _string(attrs.get("text"))


def _string(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _date(milliseconds: object) -> str:
    try:
        return datetime.fromtimestamp(int(str(milliseconds)) / 1000, tz=UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
