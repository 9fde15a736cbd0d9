"""The pages that people look at."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

Json = dict[str, Any]
Story = Callable[..., Awaitable[str]]
Doc = Callable[..., Json]
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


async def test_an_empty_site_says_what_to_do(simulator: Callable[..., Any]) -> None:
    async with simulator() as jira:
        answer = await jira.get("/", auth=None)
        assert answer.status_code == 200
        assert "No project yet" in answer.text


async def test_cases_are_counted_from_project_to_issue(jira: httpx.AsyncClient, story: Story) -> None:
    key, other = await story(), await story()
    heading = {
        "type": "heading",
        "attrs": {"level": 3},
        "content": [{"type": "text", "text": "Casewright · 4 test cases for revision 2"}],
    }
    expand = {"type": "expand", "attrs": {"title": "1. Card is refused"}, "content": [{"type": "paragraph"}]}
    mark = [{"key": "casewright", "value": {"revision": 2}}]
    for issue, content in ((key, [heading, expand]), (other, [expand, expand])):
        body = {"type": "doc", "version": 1, "content": content}
        await jira.post(f"/rest/api/3/issue/{issue}/comment", json={"body": body, "properties": mark})
    body = {"type": "doc", "version": 1, "content": [heading]}
    await jira.post(f"/rest/api/3/issue/{key}/comment", json={"body": body})
    await story(issue_type="Sub-task", parent=other, properties={"casewright": {"case_id": "x"}})
    await story(issue_type="Sub-task", parent=other, properties={"casewright": {"retired": True}})

    assert '<td class="number">7</td>' in (await jira.get("/")).text
    issues = (await jira.get("/projects/SHOP")).text
    assert issues.count('<span class="lozenge cases">4</span>') == 1
    assert issues.count('<span class="lozenge cases">3</span>') == 1
    page = (await jira.get(f"/browse/{key}")).text
    assert "4 test cases</span>" in page
    assert "<summary>1. Card is refused</summary>" in page
    assert page.count('class="lozenge cases"') == 2
    assert f'href="/browse/{key}"' in issues


async def test_hostile_text_does_not_execute_anywhere(jira: httpx.AsyncClient, doc: Doc) -> None:
    project = {
        "key": "EVIL",
        "name": HOSTILE,
        "custom_fields": [{"id": "customfield_10100", "name": HOSTILE}],
    }
    await jira.post("/simulator/projects", json=project)
    issue = {
        "project": "EVIL",
        "summary": HOSTILE,
        "description": f'h1. {HOSTILE}\n[x|https://x/"onclick=alert(1)]\n||{HOSTILE}||',
        "custom": {"customfield_10100": HOSTILE},
        "labels": ["<b>"],
    }
    for parent in (None, "EVIL-1"):
        kind = "Sub-task" if parent else "Story"
        await jira.post(
            "/simulator/issues", json={"issues": [issue | {"parent": parent, "issue_type": kind}]}
        )
    await jira.post(
        "/rest/api/3/issue/EVIL-1/comment",
        json={"body": doc(HOSTILE), "properties": [{"key": HOSTILE, "value": 1}]},
    )
    for path in (
        "/",
        "/projects/EVIL",
        "/projects/EVIL?q=%3Cscript%3E",
        "/browse/EVIL-1",
        "/browse/%3Cscript%3E",
    ):
        page = await jira.get(path)
        assert "<script" not in page.text, path
        assert "<img" not in page.text, path
        assert '"onclick' not in page.text, path
        assert "script-src" not in page.headers["content-security-policy"]
        assert page.headers["content-security-policy"].startswith("default-src 'none'")


async def test_pages_load_nothing_from_elsewhere(jira: httpx.AsyncClient, story: Story) -> None:
    for path in ("/", "/projects/SHOP", f"/browse/{await story()}"):
        text = (await jira.get(path)).text
        assert "http" not in text
        assert "src=" not in text


async def test_long_lists_come_in_pages_newest_first(jira: httpx.AsyncClient) -> None:
    issues = [{"project": "SHOP", "summary": f"Story {number}"} for number in range(60)]
    await jira.post("/simulator/issues", json={"issues": issues})
    first, second = (await jira.get("/projects/SHOP")).text, (await jira.get("/projects/SHOP?page=2")).text
    assert "Page 1 of 2" in first
    assert 'href="/browse/SHOP-60"' in first
    assert 'href="/browse/SHOP-10"' not in first
    assert 'href="/browse/SHOP-10"' in second
    found = (await jira.get("/projects/SHOP?q=story+59")).text
    assert "1 issue matching" in found


async def test_what_is_not_there_is_a_friendly_404(jira: httpx.AsyncClient) -> None:
    for path in ("/projects/NOPE", "/browse/NOPE-1"):
        answer = await jira.get(path)
        assert answer.status_code == 404
        assert "Back to the projects" in answer.text


async def test_links_parents_and_sub_tasks_lead_on(jira: httpx.AsyncClient, story: Story) -> None:
    key, other = await story(), await story(summary="Refund")
    child = await story(issue_type="Sub-task", parent=key, summary="Card expired")
    link = {"type": {"name": "Tests"}, "inwardIssue": {"key": other}, "outwardIssue": {"key": key}}
    await jira.post("/rest/api/3/issueLink", json=link)
    page = (await jira.get(f"/browse/{key}")).text
    assert "Card expired" in page
    assert "is tested by" in page
    assert "tests" in (await jira.get(f"/browse/{other}")).text
    assert f'href="/browse/{key}"' in (await jira.get(f"/browse/{child}")).text
