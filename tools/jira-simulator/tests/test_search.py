"""Search: the JQL that a sweep needs, refusals, and pages that hold together while issues change."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_jira_simulator.domain.jql import JqlError, parse

Story = Callable[..., Awaitable[str]]
URL = "/rest/api/3/search/jql"
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


class Row:
    def __init__(self, **values: str) -> None:
        self.values: dict[str, tuple[str, ...]] = {name: (value,) for name, value in values.items()}
        self.updated = datetime(2026, 11, 1, 11, 30, tzinfo=UTC)
        self.created = datetime(2026, 10, 1, tzinfo=UTC)
        self.number = ("SHOP", 1)


ROW = Row(
    project="shop", key="shop-1", issuetype="story", status="to do", summary="pay by card", labels="web"
)


@pytest.mark.parametrize(
    ("jql", "found"),
    [
        ("project = SHOP", True),
        ("project = 'shop' AND issuetype in (Bug, \"Story\")", True),
        ("project = SHOP AND issuetype != Story", False),
        ("key in (SHOP-2, SHOP-1)", True),
        ('issuekey = SHOP-2 OR status = "To Do"', True),
        ("NOT project = SHOP", False),
        ("project not in (OTHER)", True),
        ("parent is EMPTY and labels is not empty", True),
        ("parent = SHOP-9", False),
        ('updated >= "2026-11-01 11:30"', True),
        ("updated > '2026/11/01 11:30'", False),
        ("updated >= -1h", True),
        ("updated >= -5m", False),
        ("updated >= 1793532600000", True),
        ("created < 2026-10-02", True),
        ('summary ~ "card" AND (project = X OR project = SHOP)', True),
        ("summary !~ card", False),
        ("project = SHOP ORDER BY updated DESC, key", True),
    ],
)
def test_queries_say_which_issues_they_mean(jql: str, *, found: bool) -> None:
    assert parse(jql, now=NOW).matches(ROW) is found


@pytest.mark.parametrize(
    "jql",
    [
        "",
        "  ",
        "ORDER BY created",
        "project",
        "project =",
        "project = SHOP AND",
        "project in SHOP",
        "(project = SHOP",
        "colour = red",
        "project = SHOP ORDER created",
        "project = SHOP ORDER BY labels",
        "updated >= yesterday",
        "updated ~ 1",
        "project = SHOP nonsense",
        "project > SHOP",
        "summary = x",
        "updated >= 99999999999999999999999",
        "updated >= -99999999999d",
        'project = SHOP "',
        "(" * 5_000,
    ],
)
def test_what_jira_does_not_understand_is_refused(jql: str) -> None:
    with pytest.raises(JqlError):
        parse(jql, now=NOW)


@given(
    st.lists(
        st.sampled_from(
            [
                *"()=,!<>~'\"",
                "project",
                "and",
                "or",
                "not",
                "in",
                "is",
                "empty",
                "updated",
                "-5d",
                "order",
                "by",
                "shop",
                " ",
                "²",
            ]
        )
    ).map(" ".join)
)
def test_no_query_is_a_crash(jql: str) -> None:
    with suppress(JqlError):
        parse(jql, now=NOW).matches(ROW)


def test_bounds_narrow_the_search_only_where_the_whole_query_does() -> None:
    assert parse("project = A AND updated >= -1d", now=NOW).projects == frozenset({"a"})
    assert parse("project = A OR project = B", now=NOW).projects == frozenset({"a", "b"})
    assert parse("project = A OR updated >= -1d", now=NOW).projects is None
    assert parse("NOT key = A-1", now=NOW).keys is None
    assert parse("key in (A-1, A-2) AND key = A-2", now=NOW).keys == frozenset({"a-2"})


async def test_only_ids_come_back_unless_fields_are_named(jira: httpx.AsyncClient, story: Story) -> None:
    await story()
    bare = (await jira.get(URL, params={"jql": "project = SHOP"})).json()
    assert [list(issue) for issue in bare["issues"]] == [["id"]]

    named = (await jira.post(URL, json={"jql": "project = SHOP", "fields": ["summary", "updated"]})).json()
    assert named["issues"][0]["key"] == "SHOP-1"
    assert list(named["issues"][0]["fields"]) == ["summary", "updated"]


async def test_unbounded_and_unknown_queries_get_400_in_jiras_shape(
    jira: httpx.AsyncClient, conforms: Callable[[str, object], None]
) -> None:
    for jql in ("", "order by updated", "project = NOPE", "key = NOPE-1", "colour = red"):
        answer = await jira.get(URL, params={"jql": jql})
        assert answer.status_code == 400, jql
        conforms("ErrorCollection", answer.json())
        assert answer.json()["errorMessages"]


async def _pages(jira: httpx.AsyncClient, request: dict[str, Any]) -> list[list[str]]:
    pages: list[list[str]] = []
    token: str | None = None
    while True:
        answer = (await jira.post(URL, json=request | ({"nextPageToken": token} if token else {}))).json()
        pages.append([issue["id"] for issue in answer["issues"]])
        token = answer.get("nextPageToken")
        assert answer["isLast"] is (token is None)
        if token is None:
            return pages


async def test_pages_hold_every_issue_once(jira: httpx.AsyncClient, story: Story) -> None:
    for _ in range(7):
        await story()
    for order in ("updated ASC", "updated DESC, key ASC", "key DESC", "summary"):
        pages = await _pages(jira, {"jql": f"project = SHOP ORDER BY {order}", "maxResults": 3})
        assert [len(page) for page in pages] == [3, 3, 1], order
        assert len({issue for page in pages for issue in page}) == 7
    keys = (
        await jira.post(URL, json={"jql": "project = SHOP ORDER BY key DESC", "fields": ["summary"]})
    ).json()
    assert [issue["key"] for issue in keys["issues"]][:2] == ["SHOP-7", "SHOP-6"]


async def test_a_page_token_belongs_to_its_query(jira: httpx.AsyncClient, story: Story) -> None:
    for _ in range(3):
        await story()
    first = (await jira.get(URL, params={"jql": "project = SHOP", "maxResults": 1})).json()
    for token in (first["nextPageToken"], "nonsense", "W10="):
        answer = await jira.get(URL, params={"jql": "project in (SHOP)", "nextPageToken": token})
        assert answer.status_code == 400, token


async def test_children_are_found_by_parent(jira: httpx.AsyncClient, story: Story) -> None:
    key = await story()
    child = await story(issue_type="Sub-task", parent=key)
    await story()
    found = (await jira.get(URL, params={"jql": f"parent = {key}", "fields": "summary"})).json()
    assert [issue["key"] for issue in found["issues"]] == [child]


async def test_a_new_issue_lags_behind_in_search_unless_it_is_reconciled(
    simulator: Callable[..., Any],
) -> None:
    async with simulator(search_lag_s=60) as jira:
        await jira.post("/simulator/projects", json={"key": "LAG", "name": "Lag"})
        made = await jira.post("/simulator/issues", json={"issues": [{"project": "LAG", "summary": "x"}]})
        issue_id = made.json()["issues"][0]["id"]
        assert (await jira.get(URL, params={"jql": "project = LAG"})).json()["issues"] == []
        found = await jira.post(URL, json={"jql": "project = LAG", "reconcileIssues": [int(issue_id)]})
        assert [issue["id"] for issue in found.json()["issues"]] == [issue_id]
