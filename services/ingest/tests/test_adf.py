"""ADF read into blocks and plain text."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright_ingest.domain.adf import MAX_DEPTH, read_adf
from casewright_ingest.domain.blocks import MOST_CHARACTERS_SEEN, Block, BlockKind, plain_text

Node = dict[str, Any]


def doc(*content: Node) -> Node:
    return {"version": 1, "type": "doc", "content": list(content)}


def node(kind: str, *content: Node | str, **attrs: Any) -> Node:
    children = [text(child) if isinstance(child, str) else child for child in content]
    return {"type": kind, "attrs": attrs, "content": children}


def text(words: str, *marks: str) -> Node:
    return {"type": "text", "text": words, "marks": [{"type": mark} for mark in marks]}


def p(*content: Node | str) -> Node:
    return node("paragraph", *content)


def rendered(*content: Node) -> str:
    return plain_text(read_adf(doc(*content)))


def test_paragraphs_and_headings_are_parted_by_blank_lines() -> None:
    assert rendered(node("heading", "Goal", level=2), p("One ", text("two", "strong")), p("Three")) == (
        "Goal\n\nOne two\n\nThree"
    )


def test_lists_nest() -> None:
    inner = node("bulletList", node("listItem", p("deep")))
    outer = node("orderedList", node("listItem", p("one"), inner), node("listItem", p("two"), p("more")))
    assert rendered(outer, p("After")) == "- one\n  - deep\n- two\n  more\n\nAfter"
    blocks = read_adf(doc(outer))
    assert [(block.level, block.ordered) for block in blocks] == [(1, True), (2, False), (1, True)]


def test_a_task_list_is_a_checklist_whose_ticks_do_not_show() -> None:
    tasks = node(
        "taskList",
        {"type": "taskItem", "attrs": {"state": "DONE"}, "content": [text("done")]},
        node("taskList", {"type": "taskItem", "attrs": {"state": "TODO"}, "content": [text("sub")]}),
    )
    assert rendered(tasks) == "- done\n  - sub"
    assert all(block.checkbox for block in read_adf(doc(tasks)))


def test_tables_are_rows_of_cells() -> None:
    bullets = node("bulletList", node("listItem", p("c")))
    table = node(
        "table",
        node("tableRow", node("tableHeader", p("Given")), node("tableHeader", p("Then"))),
        node(
            "tableRow",
            node("tableCell", p("a"), p("b")),
            node("tableCell", bullets),
        ),
    )
    assert rendered(table) == "Given | Then\na b | c"
    (block,) = read_adf(doc(table))
    assert (block.header_rows, block.rows) == (1, (("Given", "Then"), ("a\nb", "c")))


def test_code_keeps_its_lines() -> None:
    assert (
        rendered(node("codeBlock", "if x:\n    y()\n", language="Python")) == "```python\nif x:\n    y()\n```"
    )


def test_inline_nodes_give_their_text() -> None:
    inline = p(
        {"type": "mention", "attrs": {"id": "1", "text": "@Ann"}},
        " ",
        {"type": "emoji", "attrs": {"shortName": ":smile:", "text": "\U0001f604"}},
        " ",
        {"type": "status", "attrs": {"text": "TO DO"}},
        " ",
        {"type": "date", "attrs": {"timestamp": "1582152559000"}},
        {"type": "hardBreak"},
        {"type": "inlineCard", "attrs": {"url": "https://example.net/a"}},
    )
    assert rendered(inline) == "@Ann \U0001f604 TO DO 2020-02-19\nhttps://example.net/a"


def test_panels_quotes_expands_and_unknown_nodes_give_their_content() -> None:
    assert (
        rendered(
            node("panel", p("in a panel"), panelType="info"),
            node("blockquote", p("quoted")),
            node("expand", p("hidden"), title="More"),
            node("nobodyKnows", node("norThis", "kept")),
            node("layoutSection", node("layoutColumn", p("left")), node("layoutColumn", p("right"))),
        )
        == "in a panel\n\nquoted\n\nMore\n\nhidden\n\nkept\n\nleft\n\nright"
    )


def test_media_and_placeholders_are_dropped_and_captions_kept() -> None:
    single = node("mediaSingle", node("media", id="1", type="file"), node("caption", "A sketch"))
    assert rendered(single, p({"type": "placeholder", "attrs": {"text": "Type here"}})) == "A sketch"


def test_a_paragraph_that_is_all_strong_is_known_as_such() -> None:
    blocks = read_adf(doc(p(text("Acceptance criteria", "strong")), p(text("only ", "strong"), "half")))
    assert [block.strong for block in blocks] == [True, False]


def test_what_cannot_be_stored_is_taken_out() -> None:
    assert rendered(p("a\x00b\ud800c\u200bd")) == "abcd"


def test_depth_exhausts_no_stack_and_loses_no_text() -> None:
    nested = p("deep down")
    for _ in range(5_000):
        nested = {"type": "blockquote", "content": [nested]}
    assert MAX_DEPTH < 5_000
    assert rendered(nested) == "deep down"


def test_length_is_bounded() -> None:
    many = [p("x" * 1_000) for _ in range(2 * MOST_CHARACTERS_SEEN // 1_000)]
    assert len(rendered(*many)) < MOST_CHARACTERS_SEEN + 10_000


LEAVES = st.none() | st.integers() | st.text(max_size=12)
KINDS = st.sampled_from(
    [
        "doc",
        "paragraph",
        "heading",
        "bulletList",
        "orderedList",
        "listItem",
        "taskList",
        "taskItem",
        "table",
        "tableRow",
        "tableCell",
        "tableHeader",
        "panel",
        "expand",
        "codeBlock",
        "text",
        "hardBreak",
        "mention",
        "emoji",
        "inlineCard",
        "media",
        "rule",
        "date",
        "status",
        "blockquote",
        "odd",
    ]
)
ATTRIBUTES = st.sampled_from(["level", "text", "url", "timestamp", "language"])
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.fixed_dictionaries(
            {"type": KINDS | LEAVES},
            optional={
                "text": inner,
                "attrs": inner | st.dictionaries(ATTRIBUTES, inner),
                "marks": inner,
                "content": inner | st.lists(inner, max_size=4),
            },
        )
    ),
    max_leaves=25,
)


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_any_value_is_read(value: object) -> None:
    result = plain_text(read_adf(value))
    result.encode()
    assert "\x00" not in result


@given(st.lists(st.text(alphabet="abc xyz.", min_size=1, max_size=20), max_size=6))
def test_no_word_of_a_paragraph_is_lost(words: list[str]) -> None:
    assert rendered(*map(p, words)).split() == " ".join(words).split()


def test_every_node_of_atlassians_schema_is_read(shared_data: Callable[[str], Path]) -> None:
    schema = json.loads(shared_data("jira/adf-schema-v1.json").read_text())
    kinds = {
        value["enum"][0]
        for definition in schema["definitions"].values()
        if (value := definition.get("properties", {}).get("type", {})).get("enum")
    }
    assert len(kinds) > 40
    dropped = {"media", "mediaInline", "mediaGroup", "rule", "placeholder"}
    for kind in sorted(kinds - dropped):
        result = plain_text(read_adf(doc(node(kind, p("kept"), text="kept", url="kept", title="kept"))))
        if kind not in {"date", "hardBreak", "text"}:
            assert "kept" in result, kind


def test_blocks_without_text_are_left_out() -> None:
    assert read_adf(doc(p(), node("heading", level=1), node("rule"))) == (Block(BlockKind.RULE),)


@pytest.mark.parametrize("value", [None, 7, "text", [], {}, {"type": "doc"}])
def test_what_is_no_document_has_no_blocks(value: object) -> None:
    assert read_adf(value) == ()


def test_typed_bullets_in_a_paragraph_are_list_items() -> None:
    blocks = read_adf(
        {
            "type": "doc",
            "version": 1,
            "content": [
                {
                    "type": "paragraph",
                    "content": [
                        {"type": "text", "text": "AC:", "marks": [{"type": "strong"}]},
                        {"type": "hardBreak"},
                        {"type": "text", "text": "- one"},
                        {"type": "hardBreak"},
                        {"type": "text", "text": "- two"},
                    ],
                }
            ],
        }
    )
    assert [(block.kind.value, block.text, block.strong) for block in blocks] == [
        ("paragraph", "AC:", True),
        ("item", "one", False),
        ("item", "two", False),
    ]
