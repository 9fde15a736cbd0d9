"""ADF: what is accepted and refused, beside Atlassian's schema; wiki markup both ways; HTML of the pages."""

import csv
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from casewright_jira_simulator.domain.adf import AdfError, check, document, paragraph, walk
from casewright_jira_simulator.domain.adf_html import adf_to_html
from casewright_jira_simulator.domain.adf_to_wiki import adf_to_wiki
from casewright_jira_simulator.domain.wiki_to_adf import wiki_to_adf

Json = dict[str, Any]


def text(value: str, *marks: Json) -> Json:
    return {"type": "text", "text": value} | ({"marks": list(marks)} if marks else {})


def block(kind: str, *content: Json, **attrs: Any) -> Json:
    node: Json = {"type": kind, "content": list(content)}
    return node | ({"attrs": attrs} if attrs else {})


RICH = document(
    block("heading", text("Title"), level=2),
    block("paragraph", text("bold", {"type": "strong"}), {"type": "hardBreak"}, text("x")),
    block(
        "bulletList",
        block("listItem", paragraph("one"), block("orderedList", block("listItem", paragraph("two")))),
    ),
    block("panel", paragraph("note"), panelType="info"),
    block("codeBlock", text("a\nb"), language="java"),
    block(
        "table", block("tableRow", block("tableHeader", paragraph("h")), block("tableCell", paragraph("c")))
    ),
    block("expand", paragraph("inside"), title="Case 1"),
    block("blockquote", paragraph("quoted")),
    block("paragraph", {"type": "status", "attrs": {"text": "High", "color": "red"}}),
    {"type": "rule"},
)

GOOD = [
    RICH,
    document(),
    document({"type": "paragraph"}),
    document(block("paragraph", text("l", {"type": "link", "attrs": {"href": "https://example.com"}}))),
    document(block("expand", block("nestedExpand", paragraph("deep"), title="t"), title="T")),
]
BAD = [
    None,
    "h1. wiki",
    {},
    {"type": "doc", "content": []},
    {"type": "doc", "version": 2, "content": []},
    {"type": "doc", "version": 1},
    {"type": "doc", "version": 1, "content": [1]},
    {"type": "paragraph", "version": 1, "content": []},
    document(text("loose")),
    document(block("paragraph", text(""))),
    document(block("paragraph", text("two\nlines"))),
    document(block("paragraph", paragraph("nested"))),
    document(block("heading", text("h"), level=7)),
    document(block("heading", text("h"))),
    document(block("bulletList")),
    document(block("bulletList", paragraph("no item"))),
    document(block("table", paragraph("no row"))),
    document(block("panel", paragraph("x"), panelType="loud")),
    document(block("panel", paragraph("x"))),
    document(block("marquee", paragraph("x"))),
    document(block("paragraph", text("x", {"type": "blink"}))),
    document(block("paragraph", text("x", {"type": "link"}))),
    document(block("codeBlock", text("x", {"type": "strong"}))),
    document(block("expand", title="empty")),
    document(block("panel", block("panel", paragraph("x"), panelType="info"), panelType="info")),
]


@pytest.mark.parametrize("good", GOOD)
def test_what_the_published_schema_allows_is_accepted(good: Json, adf_schema: Draft4Validator) -> None:
    assert adf_schema.is_valid(good)
    check(good)


@pytest.mark.parametrize("bad", BAD)
def test_what_jira_refuses_is_refused(bad: Any) -> None:
    with pytest.raises(AdfError):
        check(bad)


@pytest.mark.parametrize("bad", [one for one in BAD if "two\\nlines" not in repr(one)])
def test_nothing_is_refused_that_the_published_schema_allows(bad: Any, adf_schema: Draft4Validator) -> None:
    assert not adf_schema.is_valid(bad)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["type", "version", "content", "text", "attrs", "marks"]), inner
            )
        ),
    )
)
def test_no_json_breaks_the_check(value: Any) -> None:
    for root in (value, {"type": "doc", "version": 1, "content": value}):
        try:
            check(root)
        except AdfError:
            continue
        adf_to_wiki(root)


def test_a_deeply_nested_document_is_refused_and_not_a_crash() -> None:
    node = paragraph("x")
    for _ in range(300):
        node = block("bulletList", block("listItem", node))
    with pytest.raises(AdfError, match="deep"):
        check(document(node))


def test_adf_is_written_as_wiki_markup() -> None:
    assert adf_to_wiki(RICH) == (
        "h2. Title\n\n*bold*\nx\n\n* one\n*# two\n\n{panel}\nnote\n{panel}\n\n{code:java}\na\nb\n{code}"
        "\n\n||h|c|\n\n*Case 1*\n\ninside\n\n{quote}\nquoted\n{quote}\n\n*[ High ]*\n\n----"
    )


def test_wiki_markup_is_read_as_adf() -> None:
    markup = (
        "h1. Title\r\n\r\nA *bold* and {{code}} word, [site|https://example.com]\nnext line\n\n"
        "* one\n** deeper\n* two\n\n"
        "# first\n\n||a||b||\n|1|2|\n{code:java}\nint x;\n\n{code}\n{quote}\nq\n{quote}\n----\n"
    )
    found = wiki_to_adf(markup)
    check(found)
    kinds = [node["type"] for node in found["content"]]
    assert kinds == [
        "heading",
        "paragraph",
        "bulletList",
        "orderedList",
        "table",
        "codeBlock",
        "blockquote",
        "rule",
    ]
    assert found["content"][5]["content"][0]["text"] == "int x;\n"
    assert [len(row["content"]) for row in found["content"][4]["content"]] == [2, 2]


@given(
    st.lists(
        st.sampled_from(
            [*"*#-|[]{}!_ \n\rhqab1.", "\n* ", "\n*** ", "{code}", "{quote}", "||", "h1. ", "https://x"]
        )
    ).map("".join)
)
def test_any_markup_becomes_a_document_that_jira_takes(markup: str) -> None:
    check(wiki_to_adf(markup))


def test_real_issues_of_old_projects_become_documents_of_the_published_schema(
    issues_folder: Path, adf_schema: Draft4Validator
) -> None:
    with (issues_folder / "springxd.csv").open(newline="") as file:
        rows = [row for _, row in zip(range(400), csv.DictReader(file), strict=False)]
    for row in rows:
        found = wiki_to_adf(row["description"])
        check(found)
        assert adf_schema.is_valid(found), row["issuekey"]


async def test_a_text_over_the_limit_is_refused_by_its_length_as_wiki_markup(
    jira: httpx.AsyncClient, story: Callable[..., Awaitable[str]], doc: Callable[..., Json]
) -> None:
    path = f"/rest/api/3/issue/{await story()}/comment"

    assert (await jira.post(path, json={"body": doc("x" * 32_767)})).status_code == 201
    refused = await jira.post(path, json={"body": doc("x" * 32_000, "y" * 766)})
    assert refused.status_code == 400
    assert "32,767" in refused.json()["errors"]["comment"]


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"


def test_hostile_text_comes_out_as_text() -> None:
    hostile = document(
        block("heading", text(HOSTILE), level=1),
        block("paragraph", text("a", {"type": "link", "attrs": {"href": "javascript:alert(1)"}})),
        block(
            "paragraph", text("b", {"type": "link", "attrs": {"href": 'https://x/"onmouseover="alert(1)'}})
        ),
        block("expand", paragraph("x"), title=HOSTILE),
        block("panel", paragraph("x"), panelType='info" onclick="alert(1)'),
        block("codeBlock", text(HOSTILE)),
        block("paragraph", {"type": "status", "attrs": {"text": HOSTILE, "color": "red"}}),
        block("paragraph", {"type": "mention", "attrs": {"id": HOSTILE}}),
        block("paragraph", {"type": "emoji", "attrs": {"shortName": HOSTILE}}),
        block("paragraph", {"type": "inlineCard", "attrs": {"url": HOSTILE}}),
        block("table", block("tableRow", block("tableCell", paragraph("c"), colspan='2" onclick="x'))),
    )
    html = str(adf_to_html(hostile))
    assert "<script" not in html
    assert "<img" not in html
    assert 'onclick="' not in html
    assert 'onmouseover="' not in html
    assert "javascript:" not in html
    assert html.count("&lt;script&gt;") == 7


def test_rich_nodes_are_shown_as_html() -> None:
    html = str(adf_to_html(RICH))
    for part in (
        "<h4>Title</h4>",
        "<strong>bold</strong><br>x",
        "<ul><li><p>one</p><ol>",
        "<th><p>h</p></th>",
        '<div class="panel panel-info">',
        "<summary>Case 1</summary>",
        "<pre><code>a\nb</code></pre>",
    ):
        assert part in html


def test_walk_meets_every_node_in_reading_order() -> None:
    assert [node["text"] for node in walk(RICH) if node["type"] == "text"][:4] == [
        "Title",
        "bold",
        "x",
        "one",
    ]
