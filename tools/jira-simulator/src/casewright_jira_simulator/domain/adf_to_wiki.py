"""ADF written as Jira wiki markup: what REST v2 and admin webhooks show, and what the length limit counts."""

from collections.abc import Callable, Mapping
from typing import Any

Node = Mapping[str, Any]

_MARK_SIGNS = {"strong": "*", "em": "_", "strike": "-", "underline": "+"}


def adf_to_wiki(document: Node) -> str:
    """The document as wiki markup; marks and nodes without a counterpart keep their text only."""
    return "\n\n".join(_blocks(document)).strip()


def _blocks(node: Node) -> list[str]:
    return [text for child in node.get("content") or () if (text := _block(child)) is not None]


def _block(node: Node) -> str | None:
    writer = _BLOCKS.get(node["type"])
    if writer is not None:
        return writer(node)
    return "\n\n".join(_blocks(node)) or None


def _inline(node: Node) -> str:
    return "".join(_inline_node(child) for child in node.get("content") or ())


def _inline_node(node: Node) -> str:  # noqa: PLR0911 - one line per kind of node
    attrs = node.get("attrs") or {}
    match node["type"]:
        case "text":
            return _marked(str(node["text"]), node.get("marks") or ())
        case "hardBreak":
            return "\n"
        case "mention":
            return f"[~accountid:{attrs.get('id')}]"
        case "emoji":
            return str(attrs.get("text") or attrs.get("shortName"))
        case "inlineCard":
            return f"[{attrs.get('url', '')}]"
        case "status":
            return f"*[ {attrs.get('text')} ]*"
        case "date":
            return str(attrs.get("timestamp"))
        case _:
            return str(attrs.get("text", ""))


def _marked(text: str, marks: Any) -> str:
    for mark in marks:
        kind = mark["type"]
        if kind == "link":
            href = mark["attrs"]["href"]
            text = f"[{text}|{href}]" if text != href else f"[{href}]"
        elif kind == "code":
            text = f"{{{{{text}}}}}"
        elif kind in _MARK_SIGNS:
            sign = _MARK_SIGNS[kind]
            text = f"{sign}{text}{sign}"
    return text


def _heading(node: Node) -> str:
    return f"h{node['attrs']['level']}. {_inline(node)}"


def _code(node: Node) -> str:
    language = (node.get("attrs") or {}).get("language")
    text = "".join(child["text"] for child in node.get("content") or ())
    return f"{{code{':' + language if language else ''}}}\n{text}\n{{code}}"


def _quote(node: Node) -> str:
    return "{quote}\n" + "\n\n".join(_blocks(node)) + "\n{quote}"


def _panel(node: Node) -> str:
    return "{panel}\n" + "\n\n".join(_blocks(node)) + "\n{panel}"


def _expand(node: Node) -> str:
    title = (node.get("attrs") or {}).get("title") or ""
    return "\n\n".join(([f"*{title}*"] if title else []) + _blocks(node))


def _list(node: Node, bullets: str = "") -> str:
    own = bullets + ("#" if node["type"] == "orderedList" else "*")
    lines: list[str] = []
    for item in node.get("content") or ():
        for position, child in enumerate(item.get("content") or ()):
            if child["type"] in {"bulletList", "orderedList"}:
                lines.append(_list(child, own))
            else:
                text = _block(child) or ""
                lines.append(f"{own} {text}" if position == 0 else text)
    return "\n".join(lines)


def _tasks(node: Node) -> str:
    lines = []
    for item in node.get("content") or ():
        done = (item.get("attrs") or {}).get("state") in {"DONE", "DECIDED"}
        text = _tasks(item) if item["type"] == "taskList" else _inline(item)
        lines.append(f"* [{'x' if done else ' '}] {text}" if item["type"] != "taskList" else text)
    return "\n".join(lines)


def _table(node: Node) -> str:
    rows = []
    for row in node.get("content") or ():
        line = ""
        for cell in row.get("content") or ():
            sign = "||" if cell["type"] == "tableHeader" else "|"
            text = "\n".join(_blocks(cell)).strip() or " "
            line += sign + text
            end = sign
        rows.append(line + end if line else "")
    return "\n".join(rows)


def _rule(_: Node) -> str:
    return "----"


_BLOCKS: Mapping[str, Callable[[Node], str]] = {
    "paragraph": _inline,
    "heading": _heading,
    "codeBlock": _code,
    "blockquote": _quote,
    "panel": _panel,
    "expand": _expand,
    "nestedExpand": _expand,
    "bulletList": _list,
    "orderedList": _list,
    "taskList": _tasks,
    "decisionList": _tasks,
    "table": _table,
    "rule": _rule,
}
