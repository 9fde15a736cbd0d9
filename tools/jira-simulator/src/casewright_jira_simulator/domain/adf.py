"""Atlassian Document Format: the structural rules that Jira enforces, and plain text."""

from collections.abc import Iterator, Mapping
from typing import Any

TEXT_LIMIT = 32_767
"""Characters of a rich text after its conversion, as Jira counts them."""

MAX_DEPTH = 60

INLINE = frozenset(
    {
        "text",
        "hardBreak",
        "mention",
        "emoji",
        "inlineCard",
        "date",
        "status",
        "placeholder",
        "inlineExtension",
        "mediaInline",
    }
)
_LEAF_BLOCK = frozenset(
    {"rule", "mediaSingle", "mediaGroup", "blockCard", "embedCard", "extension", "syncBlock"}
)
_CELL = frozenset(
    {
        "paragraph",
        "panel",
        "blockquote",
        "orderedList",
        "bulletList",
        "heading",
        "codeBlock",
        "taskList",
        "decisionList",
        "nestedExpand",
        "rule",
        "mediaSingle",
        "mediaGroup",
        "blockCard",
        "embedCard",
        "extension",
    }
)
_TOP = (
    frozenset(
        {
            "paragraph",
            "heading",
            "bulletList",
            "orderedList",
            "taskList",
            "decisionList",
            "codeBlock",
            "blockquote",
            "panel",
            "table",
            "expand",
            "layoutSection",
            "bodiedExtension",
            "bodiedSyncBlock",
        }
    )
    | _LEAF_BLOCK
)
_LIST_ITEM = frozenset(
    {"paragraph", "bulletList", "orderedList", "taskList", "codeBlock", "mediaSingle", "extension"}
)

CHILDREN: Mapping[str, frozenset[str]] = {
    "doc": _TOP,
    "paragraph": INLINE,
    "heading": INLINE,
    "codeBlock": frozenset({"text"}),
    "bulletList": frozenset({"listItem"}),
    "orderedList": frozenset({"listItem"}),
    "listItem": _LIST_ITEM,
    "taskList": frozenset({"taskItem", "taskList", "blockTaskItem"}),
    "taskItem": INLINE,
    "blockTaskItem": frozenset({"paragraph", "extension"}),
    "decisionList": frozenset({"decisionItem"}),
    "decisionItem": INLINE,
    "blockquote": frozenset(
        {"paragraph", "orderedList", "bulletList", "codeBlock", "mediaSingle", "mediaGroup", "extension"}
    ),
    "panel": frozenset(
        {
            "paragraph",
            "heading",
            "bulletList",
            "orderedList",
            "blockCard",
            "mediaGroup",
            "mediaSingle",
            "codeBlock",
            "taskList",
            "rule",
            "decisionList",
            "extension",
        }
    ),
    "table": frozenset({"tableRow"}),
    "tableRow": frozenset({"tableCell", "tableHeader"}),
    "tableCell": _CELL,
    "tableHeader": _CELL,
    "expand": _TOP - {"layoutSection", "expand", "bodiedSyncBlock"} | {"nestedExpand"},
    "nestedExpand": frozenset(
        {
            "paragraph",
            "heading",
            "mediaSingle",
            "mediaGroup",
            "codeBlock",
            "bulletList",
            "orderedList",
            "taskList",
            "decisionList",
            "rule",
            "panel",
            "blockquote",
            "extension",
        }
    ),
    "layoutSection": frozenset({"layoutColumn"}),
    "layoutColumn": _TOP - {"layoutSection"},
    "bodiedExtension": _TOP - {"layoutSection", "expand"},
    "bodiedSyncBlock": _TOP - {"bodiedSyncBlock", "syncBlock"},
    "mediaSingle": frozenset({"media", "caption"}),
    "mediaGroup": frozenset({"media"}),
    "caption": INLINE,
}
_MUST_HAVE_CONTENT = frozenset(
    {
        "bulletList",
        "orderedList",
        "listItem",
        "table",
        "blockquote",
        "panel",
        "expand",
        "nestedExpand",
        "mediaSingle",
        "mediaGroup",
        "taskList",
        "decisionList",
        "layoutColumn",
        "tableCell",
        "tableHeader",
    }
)
_REQUIRED_ATTRS: Mapping[str, tuple[str, ...]] = {
    "heading": ("level",),
    "panel": ("panelType",),
    "mention": ("id",),
    "emoji": ("shortName",),
    "date": ("timestamp",),
    "status": ("text", "color"),
}
PANEL_TYPES = frozenset({"info", "note", "tip", "warning", "error", "success", "custom"})
MARKS = frozenset(
    {
        "strong",
        "em",
        "code",
        "strike",
        "underline",
        "subsup",
        "textColor",
        "backgroundColor",
        "link",
        "annotation",
        "alignment",
        "indentation",
        "border",
        "breakout",
        "fragment",
        "dataConsumer",
        "fontSize",
    }
)


class AdfError(ValueError):
    """The document is not ADF as Jira takes it; the message names the place."""


def check(document: object) -> None:
    """Refuse what Jira refuses in a rich text field.

    Rules: root `{version: 1, type: "doc", content: [...]}`; known nodes below the parents that may
    hold them; text nodes not empty and, outside code blocks, without a newline; the attributes that
    a node cannot do without. Lighter than the published schema: unknown attributes pass.

    Raises:
        AdfError: With the path of the first offending node.
    """
    if not isinstance(document, Mapping):
        raise AdfError("the document is not an object")
    if document.get("type") != "doc":
        raise AdfError("the root node is not of type doc")
    if document.get("version") != 1 or isinstance(document.get("version"), bool):
        raise AdfError("version must be 1")
    if not isinstance(document.get("content"), list):
        raise AdfError("doc has no content list")
    _check_children(document, "doc", 0)


def _check_children(node: Mapping[str, Any], path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise AdfError(f"{path}: nested too deeply")
    kind = node["type"]
    content = node.get("content")
    allowed = CHILDREN.get(kind)
    if content is None:
        if kind in _MUST_HAVE_CONTENT:
            raise AdfError(f"{path}: {kind} needs content")
        return
    if not isinstance(content, list):
        raise AdfError(f"{path}: content is not a list")
    if not content and kind in _MUST_HAVE_CONTENT:
        raise AdfError(f"{path}: {kind} must not be empty")
    if allowed is None and content:
        raise AdfError(f"{path}: {kind} has no content")
    for index, child in enumerate(content):
        place = f"{path}/{index}"
        if not isinstance(child, Mapping) or not isinstance(child.get("type"), str):
            raise AdfError(f"{place}: not a node")
        if child["type"] not in (allowed or ()):
            raise AdfError(f"{place}: {child['type']} is not allowed in {kind}")
        _check_node(child, kind, place)
        _check_children(child, f"{place}:{child['type']}", depth + 1)


def _check_node(node: Mapping[str, Any], parent: str, path: str) -> None:
    kind = node["type"]
    attrs = node.get("attrs", {})
    if not isinstance(attrs, Mapping):
        raise AdfError(f"{path}: attrs is not an object")
    for name in _REQUIRED_ATTRS.get(kind, ()):
        if name not in attrs:
            raise AdfError(f"{path}: {kind} needs attrs.{name}")
    if kind == "heading" and attrs["level"] not in range(1, 7):
        raise AdfError(f"{path}: heading level must be 1 to 6")
    if kind == "panel" and attrs["panelType"] not in PANEL_TYPES:
        raise AdfError(f"{path}: unknown panel type")
    if kind == "text":
        _check_text(node, parent, path)
    _check_marks(node, path)


def _check_text(node: Mapping[str, Any], parent: str, path: str) -> None:
    text = node.get("text")
    if not isinstance(text, str) or not text:
        raise AdfError(f"{path}: a text node needs text")
    if parent != "codeBlock" and ("\n" in text or "\r" in text):
        raise AdfError(f"{path}: a text node must not contain a newline")
    if parent == "codeBlock" and node.get("marks"):
        raise AdfError(f"{path}: text in a code block has no marks")


def _check_marks(node: Mapping[str, Any], path: str) -> None:
    marks = node.get("marks", [])
    if not isinstance(marks, list):
        raise AdfError(f"{path}: marks is not a list")
    for mark in marks:
        if not isinstance(mark, Mapping) or mark.get("type") not in MARKS:
            raise AdfError(f"{path}: unknown mark")
        if mark["type"] == "link" and not isinstance((mark.get("attrs") or {}).get("href"), str):
            raise AdfError(f"{path}: a link needs attrs.href")


def walk(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every node of a checked document, in reading order, the root first."""
    yield node
    for child in node.get("content") or ():
        yield from walk(child)


def paragraph(text: str) -> dict[str, Any]:
    """A paragraph with `text`, which has no newline; an empty one without content."""
    return {"type": "paragraph", "content": [{"type": "text", "text": text}] if text else []}


def document(*content: dict[str, Any]) -> dict[str, Any]:
    """A document of these block nodes."""
    return {"type": "doc", "version": 1, "content": list(content)}
