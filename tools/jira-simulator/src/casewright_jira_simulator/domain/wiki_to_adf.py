"""Wiki markup of old projects shown as ADF, as REST v3 does. Common markup only; the rest stays text."""

import re
from collections.abc import Sequence
from typing import Any

from casewright_jira_simulator.domain.adf import document

Node = dict[str, Any]

_FENCE = re.compile(r"^\s*\{(code|noformat)(?::([^}]*))?\}(.*)$")
_BOX = re.compile(r"^\s*\{(quote|panel|info|note|tip|warning)(?::[^}]*)?\}\s*(.*)$")
_HEADING = re.compile(r"^\s*h([1-6])\.\s+(.+)$")
_ITEM = re.compile(r"^\s*([*#]+|-)\s+(.+)$")
_RULE = re.compile(r"^\s*-{4,}\s*$")
_INLINE = re.compile(
    r"\{\{(?P<code>[^}\n]+)\}\}"
    r"|(?<!\w)\*(?P<strong>[^\s*][^*\n]*)\*(?!\w)"
    r"|(?<!\w)_(?P<em>[^\s_][^_\n]*)_(?!\w)"
    r"|\[(?:(?P<title>[^|\]\n]+)\|)?(?P<href>https?://[^\]\s|]+)\]"
)
_MAX_LIST_DEPTH = 10
_PANELS = {"info": "info", "note": "note", "tip": "success", "warning": "warning", "panel": "info"}


def wiki_to_adf(markup: str) -> Node:
    """The markup as a document that `adf.check` accepts, whatever the markup is."""
    lines = markup.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return document(*_blocks(lines, boxes=True))


def _blocks(lines: Sequence[str], *, boxes: bool) -> list[Node]:
    blocks: list[Node] = []
    position = 0
    while position < len(lines):
        block, position = _next_block(lines, position, boxes=boxes)
        if block is not None:
            blocks.append(block)
    return blocks


def _next_block(  # noqa: PLR0911 - one line per kind of block
    lines: Sequence[str], at: int, *, boxes: bool
) -> tuple[Node | None, int]:
    line = lines[at]
    if not line.strip():
        return None, at + 1
    if fence := _FENCE.match(line):
        return _fenced(lines, at, fence)
    if boxes and (box := _BOX.match(line)):
        return _boxed(lines, at, box)
    if heading := _HEADING.match(line):
        node = {
            "type": "heading",
            "attrs": {"level": int(heading[1])},
            "content": _inline(heading[2].strip()),
        }
        return node, at + 1
    if _RULE.match(line):
        return {"type": "rule"}, at + 1
    if _ITEM.match(line):
        return _list(lines, at)
    if line.lstrip().startswith("|"):
        return _table(lines, at)
    return _paragraph(lines, at, boxes=boxes)


def _fenced(lines: Sequence[str], at: int, fence: re.Match[str]) -> tuple[Node, int]:
    closing = f"{{{fence[1]}}}"
    first = fence[3]
    collected: list[str] = []
    if closing in first:
        collected.append(first.split(closing)[0])
        end = at + 1
    else:
        if first.strip():
            collected.append(first)
        end = at + 1
        while end < len(lines) and closing not in lines[end]:
            collected.append(lines[end])
            end += 1
        if end < len(lines) and (before := lines[end].split(closing)[0]).strip():
            collected.append(before)
        end += 1
    text = "\n".join(collected)
    return {"type": "codeBlock", "content": [{"type": "text", "text": text}] if text else []}, end


def _boxed(lines: Sequence[str], at: int, box: re.Match[str]) -> tuple[Node, int]:
    closing = f"{{{box[1]}}}"
    inner: list[str] = []
    rest, end = box[2], at + 1
    if closing in rest:
        inner.append(rest.split(closing)[0])
    else:
        inner.append(rest)
        while end < len(lines) and closing not in lines[end]:
            inner.append(lines[end])
            end += 1
        if end < len(lines):
            inner.append(lines[end].split(closing)[0])
        end += 1
    allowed = {"paragraph", "bulletList", "orderedList", "codeBlock"}
    content = [node if node["type"] in allowed else _flat(node) for node in _blocks(inner, boxes=False)]
    content = content or [_text_block("")]
    if box[1] == "quote":
        return {"type": "blockquote", "content": content}, end
    return {"type": "panel", "attrs": {"panelType": _PANELS[box[1]]}, "content": content}, end


def _flat(node: Node) -> Node:
    texts: list[str] = []

    def collect(part: Node) -> None:
        if part["type"] == "text":
            texts.append(part["text"])
        for child in part.get("content") or ():
            collect(child)

    collect(node)
    return _text_block(" ".join(texts))


def _list(lines: Sequence[str], at: int) -> tuple[Node, int]:
    rows: list[tuple[str, str]] = []
    while at < len(lines) and (item := _ITEM.match(lines[at])):
        rows.append((item[1].replace("-", "*")[:_MAX_LIST_DEPTH], item[2].strip()))
        at += 1
    return _list_of(rows), at


def _list_of(rows: Sequence[tuple[str, str]]) -> Node:
    depth = min(len(signs) for signs, _ in rows)
    kind = "orderedList" if rows[0][0][depth - 1] == "#" else "bulletList"
    items: list[Node] = []
    deeper: list[tuple[str, str]] = []
    for signs, text in rows:
        if len(signs) > depth:
            deeper.append((signs, text))
            continue
        _nest(items, deeper)
        items.append({"type": "listItem", "content": [_text_block(text)]})
    _nest(items, deeper)
    return {"type": kind, "content": items}


def _nest(items: list[Node], deeper: list[tuple[str, str]]) -> None:
    if not deeper:
        return
    if not items:
        items.append({"type": "listItem", "content": [_text_block("")]})
    items[-1]["content"].append(_list_of(deeper))
    deeper.clear()


def _table(lines: Sequence[str], at: int) -> tuple[Node, int]:
    rows: list[Node] = []
    while at < len(lines) and lines[at].lstrip().startswith("|"):
        row = lines[at].strip()
        at += 1
        while not row.endswith("|") and at < len(lines) and lines[at].strip():
            row += "\n" + lines[at].strip()
            at += 1
        cells = re.split(r"(\|{1,2})", row)[1:]
        pairs = list(zip(cells[::2], cells[1::2], strict=False))
        kept = [pair for index, pair in enumerate(pairs) if pair[1] or index < len(pairs) - 1]
        content = [
            {"type": "tableHeader" if sign == "||" else "tableCell", "content": [_text_block(text.strip())]}
            for sign, text in kept
        ]
        if content:
            rows.append({"type": "tableRow", "content": content})
    if not rows:
        return _text_block("|"), at
    return {"type": "table", "content": rows}, at


def _paragraph(lines: Sequence[str], at: int, *, boxes: bool) -> tuple[Node, int]:
    collected = [lines[at]]
    at += 1
    while at < len(lines) and lines[at].strip() and not _starts_block(lines[at], boxes=boxes):
        collected.append(lines[at])
        at += 1
    return _text_block("\n".join(line.strip() for line in collected)), at


def _starts_block(line: str, *, boxes: bool) -> bool:
    patterns = (_FENCE, _HEADING, _RULE, _ITEM) + ((_BOX,) if boxes else ())
    return line.lstrip().startswith("|") or any(pattern.match(line) for pattern in patterns)


def _text_block(text: str) -> Node:
    return {"type": "paragraph", "content": _inline(text)}


def _inline(text: str) -> list[Node]:
    nodes: list[Node] = []
    for index, line in enumerate(text.split("\n")):
        if index:
            nodes.append({"type": "hardBreak"})
        start = 0
        for found in _INLINE.finditer(line):
            _add_text(nodes, line[start : found.start()])
            _add_marked(nodes, found)
            start = found.end()
        _add_text(nodes, line[start:])
    return nodes


def _add_text(nodes: list[Node], text: str) -> None:
    if text:
        nodes.append({"type": "text", "text": text})


def _add_marked(nodes: list[Node], found: re.Match[str]) -> None:
    if href := found["href"]:
        mark: Node = {"type": "link", "attrs": {"href": href}}
        nodes.append({"type": "text", "text": found["title"] or href, "marks": [mark]})
        return
    kind = found.lastgroup or "code"
    nodes.append({"type": "text", "text": found[kind], "marks": [{"type": kind}]})
