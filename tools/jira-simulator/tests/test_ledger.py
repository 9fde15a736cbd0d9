"""The ledger: every effect once, in sequence, with who did it and the properties that tell why."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

Json = dict[str, Any]
Story = Callable[..., Awaitable[str]]
Doc = Callable[..., Json]


async def _ledger(jira: httpx.AsyncClient, **query: Any) -> Json:
    found: Json = (await jira.get("/simulator/ledger", params=query)).json()
    return found


async def test_every_kind_of_effect_is_written_down_once(
    jira: httpx.AsyncClient, story: Story, doc: Doc
) -> None:
    key, other = await story(), await story()
    api = "/rest/api/3"
    mark = {"key": "casewright", "value": {"revision": 1}}
    made = (
        await jira.post(f"{api}/issue/{key}/comment", json={"body": doc("a"), "properties": [mark]})
    ).json()
    await jira.put(f"{api}/issue/{key}/comment/{made['id']}", json={"body": doc("b")})
    await jira.put(f"{api}/comment/{made['id']}/properties/casewright", json={"revision": 2})
    await jira.put(f"{api}/issue/{key}/properties/casewright", json=1)
    await jira.delete(f"{api}/issue/{key}/properties/casewright")
    await jira.put(f"{api}/issue/{key}", json={"fields": {"summary": "New"}})
    await jira.post(f"{api}/issue/{key}/transitions", json={"transition": {"id": "21"}})
    link = {"type": {"name": "Tests"}, "inwardIssue": {"key": other}, "outwardIssue": {"key": key}}
    await jira.post(f"{api}/issueLink", json=link)
    await jira.delete(f"{api}/issue/{key}/comment/{made['id']}")
    await jira.delete(f"{api}/issue/{other}")

    effects = (await _ledger(jira))["effects"]
    assert [effect["seq"] for effect in effects] == list(range(1, 13))
    assert [effect["kind"] for effect in effects] == [
        "issue.created",
        "issue.created",
        "comment.created",
        "comment.updated",
        "comment_property.set",
        "issue_property.set",
        "issue_property.deleted",
        "issue.updated",
        "issue.updated",
        "link.created",
        "comment.deleted",
        "issue.deleted",
    ]
    assert {effect["actor"] for effect in effects[:2]} == {"712020:product-owner"}
    assert {effect["actor"] for effect in effects[2:]} == {"712020:integration"}
    assert effects[2]["properties"] == {"casewright": {"revision": 1}}
    assert effects[2]["id"] == made["id"]
    assert effects[2]["issue_key"] == key
    assert effects[2]["content_hash"] != effects[3]["content_hash"]
    assert effects[4]["properties"] == {"casewright": {"revision": 2}}
    assert effects[8]["fields"] == ["status_id"]


async def test_the_same_text_has_the_same_hash(jira: httpx.AsyncClient, story: Story, doc: Doc) -> None:
    key = await story()
    for text in ("same", "same", "other"):
        await jira.post(f"/rest/api/3/issue/{key}/comment", json={"body": doc(text)})
    hashes = [effect["content_hash"] for effect in (await _ledger(jira, kind="comment.created"))["effects"]]
    assert hashes[0] == hashes[1] != hashes[2]


async def test_the_ledger_is_read_on_from_a_sequence_number(jira: httpx.AsyncClient, story: Story) -> None:
    for _ in range(5):
        await story()
    first = await _ledger(jira, limit=2)
    assert ([effect["seq"] for effect in first["effects"]], first["more"], first["last_seq"]) == (
        [1, 2],
        True,
        5,
    )
    rest = await _ledger(jira, since=first["next_since"])
    assert ([effect["seq"] for effect in rest["effects"]], rest["more"]) == ([3, 4, 5], False)
    assert (await _ledger(jira, since=rest["next_since"]))["effects"] == []
    assert [effect["seq"] for effect in (await _ledger(jira, issue_key="SHOP-4"))["effects"]] == [4]
    assert (await _ledger(jira, actor="712020:integration"))["effects"] == []


async def test_a_refused_request_is_no_effect(jira: httpx.AsyncClient, story: Story) -> None:
    key = await story()
    await jira.post(f"/rest/api/3/issue/{key}/comment", json={"body": "wiki"})
    await jira.put(f"/rest/api/3/issue/{key}", json={"fields": {"summary": ""}})
    await jira.put(f"/rest/api/3/issue/{key}", json={"fields": {"summary": "Pay by card"}})
    assert (await _ledger(jira))["last_seq"] == 1
