"""ADF as HTML for the pages. All text is escaped; only http(s) and mailto links become links."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from markupsafe import Markup

Node = Mapping[str, Any]

_TAGS = {"strong": "strong", "em": "em", "code": "code", "strike": "s", "underline": "u"}
_SAFE_LINKS = ("http://", "https://", "mailto:")
_BLOCK_TAGS = {
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
    "tableRow": "tr",
    "taskList": "ul class=tasks",
    "decisionList": "ul class=tasks",
    "layoutSection": "div class=layout",
    "layoutColumn": "div",
}
_PANELS = {"info", "note", "tip", "warning", "error", "success", "custom"}


def adf_to_html(document: Node | None) -> Markup:
    """Safe HTML of a checked document; nothing for `None`."""
    if document is None:
        return Markup()
    return Markup(_children(document))  # noqa: S704 - every text and attribute below goes through escape()


def _children(node: Node) -> str:
    return "".join(_render(child) for child in node.get("content") or ())


def _render(node: Node) -> str:
    kind = str(node["type"])
    if writer := _WRITERS.get(kind):
        return writer(node)
    if tag := _BLOCK_TAGS.get(kind):
        return f"<{tag}>{_children(node)}</{tag.split()[0]}>"
    return _children(node)


def _attrs(node: Node) -> Mapping[str, Any]:
    attrs = node.get("attrs")
    return attrs if isinstance(attrs, Mapping) else {}


def _text(node: Node) -> str:
    html = escape(str(node.get("text", "")))
    for mark in node.get("marks") or ():
        kind = mark["type"]
        if kind == "link":
            href = str((mark.get("attrs") or {}).get("href", ""))
            if href.lower().startswith(_SAFE_LINKS):
                html = f'<a href="{escape(href)}" rel="noopener noreferrer nofollow">{html}</a>'
        elif kind == "subsup":
            tag = "sub" if (mark.get("attrs") or {}).get("type") == "sub" else "sup"
            html = f"<{tag}>{html}</{tag}>"
        elif kind in _TAGS:
            tag = _TAGS[kind]
            html = f"<{tag}>{html}</{tag}>"
    return html


def _heading(node: Node) -> str:
    level = _attrs(node).get("level")
    # The page has h1 and h2 of its own.
    tag = f"h{min(level + 2, 6)}" if isinstance(level, int) else "h3"
    return f"<{tag}>{_children(node)}</{tag}>"


def _paragraph(node: Node) -> str:
    return f"<p>{_children(node)}</p>"


def _code(node: Node) -> str:
    return f"<pre><code>{_children(node)}</code></pre>"


def _panel(node: Node) -> str:
    kind = _attrs(node).get("panelType")
    name = kind if kind in _PANELS else "info"
    return f'<div class="panel panel-{name}">{_children(node)}</div>'


def _expand(node: Node) -> str:
    title = escape(str(_attrs(node).get("title") or "Details"))
    return f"<details open><summary>{title}</summary><div>{_children(node)}</div></details>"


def _table(node: Node) -> str:
    return f'<div class="scroll"><table>{_children(node)}</table></div>'


def _cell(tag: str) -> Callable[[Node], str]:
    def write(node: Node) -> str:
        spans = ""
        for name in ("colspan", "rowspan"):
            value = _attrs(node).get(name)
            if isinstance(value, int) and value > 1:
                spans += f' {name}="{value}"'
        return f"<{tag}{spans}>{_children(node)}</{tag}>"

    return write


def _task(node: Node) -> str:
    done = _attrs(node).get("state") in {"DONE", "DECIDED"}
    return f"<li>{'☑' if done else '☐'} {_children(node)}</li>"


def _status(node: Node) -> str:
    return f'<span class="lozenge">{escape(str(_attrs(node).get("text", "")))}</span>'


def _mention(node: Node) -> str:
    attrs = _attrs(node)
    return f'<span class="mention">{escape(str(attrs.get("text") or "@" + str(attrs.get("id", ""))))}</span>'


def _label(name: str) -> Callable[[Node], str]:
    def write(node: Node) -> str:
        attrs = _attrs(node)
        return escape(str(attrs.get("text") or attrs.get(name, "")))

    return write


_WRITERS: Mapping[str, Callable[[Node], str]] = {
    "text": _text,
    "hardBreak": lambda _: "<br>",
    "rule": lambda _: "<hr>",
    "heading": _heading,
    "paragraph": _paragraph,
    "codeBlock": _code,
    "panel": _panel,
    "expand": _expand,
    "nestedExpand": _expand,
    "table": _table,
    "tableCell": _cell("td"),
    "tableHeader": _cell("th"),
    "taskItem": _task,
    "decisionItem": _task,
    "status": _status,
    "mention": _mention,
    "emoji": _label("shortName"),
    "date": _label("timestamp"),
    "inlineCard": _label("url"),
}
