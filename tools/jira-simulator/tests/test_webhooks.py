"""Webhooks: signed, identified, retried as Jira retries, in order per issue, within a bounded concurrency."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

Json = dict[str, Any]
Story = Callable[..., Awaitable[str]]
Eventually = Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]
Doc = Callable[..., Json]
SECRET = "hook-secret"


class Receiver(Protocol):
    got: list[tuple[dict[str, str], bytes]]
    answers: list[int]
    most_open: int
    delay_s: float
    url: str

    def bodies(self) -> list[Json]: ...
    async def wait(self, number: int) -> None: ...


@pytest.fixture
async def hooked(jira: httpx.AsyncClient, receiver: Receiver) -> httpx.AsyncClient:
    answer = await jira.post("/simulator/webhooks", json={"url": receiver.url, "secret": SECRET})
    assert answer.status_code == 201
    assert "secret" not in answer.json()
    return jira


async def _state(jira: httpx.AsyncClient, name: str) -> int:
    return int((await jira.get("/simulator/state")).json()[name])


def _settled(jira: httpx.AsyncClient) -> Callable[[], Awaitable[bool]]:
    async def nothing_pending() -> bool:
        return await _state(jira, "deliveries_pending") == 0

    return nothing_pending


async def test_an_event_is_signed_over_its_raw_body_and_identified(
    hooked: httpx.AsyncClient, receiver: Receiver, story: Story
) -> None:
    await story(summary="Zahlung per Karte: ä")
    await receiver.wait(1)

    headers, body = receiver.got[0]
    assert headers["x-hub-signature"] == "sha256=" + hmac.new(SECRET.encode(), body, sha256).hexdigest()
    assert headers["x-atlassian-webhook-identifier"]
    assert headers["x-atlassian-webhook-flow"] == "Primary"
    assert "x-atlassian-webhook-retry" not in headers
    assert (await hooked.get("/simulator/webhooks")).json()[0]["events"] == []


async def test_creation_update_and_deletion_tell_who_did_what(
    hooked: httpx.AsyncClient, receiver: Receiver, story: Story
) -> None:
    key = await story(description="h2. Old")
    await hooked.put(f"/simulator/issues/{key}", json={"summary": "New", "description": "h2. New"})
    await hooked.put(f"/simulator/issues/{key}", json={"status": "In Progress"})
    await hooked.delete(f"/simulator/issues/{key}")
    await receiver.wait(4)

    created, edited, moved, deleted = receiver.bodies()
    assert [body["webhookEvent"] for body in receiver.bodies()] == [
        "jira:issue_created",
        "jira:issue_updated",
        "jira:issue_updated",
        "jira:issue_deleted",
    ]
    assert created["issue"]["fields"]["description"] == "h2. Old"
    assert created["user"]["accountId"] == "712020:product-owner"
    assert isinstance(created["timestamp"], int)
    changes = {
        item["fieldId"]: (item["fromString"], item["toString"]) for item in edited["changelog"]["items"]
    }
    assert changes == {"summary": ("Pay by card", "New"), "description": ("h2. Old", "h2. New")}
    assert [item["field"] for item in moved["changelog"]["items"]] == ["status"]
    assert moved["issue"]["fields"]["status"]["name"] == "In Progress"
    assert deleted["issue"]["key"] == key
    assert edited["issue"]["fields"]["updated"] > created["issue"]["fields"]["updated"]


async def test_a_change_to_the_same_values_is_no_event(
    hooked: httpx.AsyncClient, receiver: Receiver, story: Story
) -> None:
    key = await story()
    await hooked.put(f"/simulator/issues/{key}", json={"summary": "Pay by card", "status": "To Do"})
    await hooked.put(f"/simulator/issues/{key}", json={"summary": "Other"})
    await receiver.wait(2)
    assert receiver.bodies()[1]["changelog"]["items"][0]["toString"] == "Other"


@pytest.mark.parametrize("form", ["wiki", "adf"])
async def test_descriptions_and_comments_have_the_form_that_the_project_asks_for(
    hooked: httpx.AsyncClient, receiver: Receiver, story: Story, doc: Doc, form: str
) -> None:
    await hooked.post("/simulator/projects", json={"key": "FORM", "name": "Form", "description_format": form})
    key = await story(project="FORM", description=doc("Hello"))
    await hooked.post(f"/rest/api/3/issue/{key}/comment", json={"body": doc("Nice")})
    await receiver.wait(2)

    created, commented = receiver.bodies()
    assert created["issue"]["fields"]["description"] == ("Hello" if form == "wiki" else doc("Hello"))
    assert commented["webhookEvent"] == "comment_created"
    assert commented["comment"]["body"] == ("Nice" if form == "wiki" else doc("Nice"))
    assert commented["comment"]["author"]["accountId"] == "712020:integration"
    assert "description" not in commented["issue"]["fields"]


async def test_events_and_projects_of_a_registration_filter_what_it_gets(
    jira: httpx.AsyncClient, receiver: Receiver, story: Story, eventually: Eventually
) -> None:
    await jira.post("/simulator/projects", json={"key": "OTHER", "name": "Other"})
    wanted = {"url": receiver.url, "events": ["jira:issue_created"], "projects": ["shop"]}
    await jira.post("/simulator/webhooks", json=wanted)
    key = await story()
    await jira.put(f"/simulator/issues/{key}", json={"summary": "Changed"})
    await story(project="OTHER")
    await story()
    await eventually(_settled(jira))
    assert [body["issue"]["key"] for body in receiver.bodies()] == ["SHOP-1", "SHOP-2"]


async def test_registering_an_address_again_replaces_it(
    hooked: httpx.AsyncClient, receiver: Receiver, story: Story, eventually: Eventually
) -> None:
    await hooked.post("/simulator/webhooks", json={"url": receiver.url, "secret": "other"})
    await story()
    await eventually(_settled(hooked))
    assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503])
async def test_a_refusal_that_may_pass_is_retried_with_the_same_identifier(
    hooked: httpx.AsyncClient, receiver: Receiver, story: Story, eventually: Eventually, status: int
) -> None:
    receiver.answers = [status, status, 200]
    await story()
    await eventually(_settled(hooked))

    assert [headers.get("x-atlassian-webhook-retry") for headers, _ in receiver.got] == [None, "1", "2"]
    assert len({headers["x-atlassian-webhook-identifier"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    shown = (await hooked.get("/simulator/webhooks/deliveries?state=delivered")).json()["deliveries"]
    assert shown[0]["attempts"] == [str(status), str(status), "200"]


@pytest.mark.parametrize("status", [400, 401, 404, 413, 422])
async def test_a_refusal_for_good_is_not_retried(
    hooked: httpx.AsyncClient, receiver: Receiver, story: Story, eventually: Eventually, status: int
) -> None:
    receiver.answers = [status]
    await story()
    await eventually(_settled(hooked))
    assert len(receiver.got) == 1
    assert await _state(hooked, "deliveries_failed") == 1


async def test_after_five_retries_the_event_is_given_up_and_the_next_one_goes_on(
    hooked: httpx.AsyncClient, receiver: Receiver, story: Story, eventually: Eventually
) -> None:
    await hooked.put("/simulator/webhooks/retry", json={"retry_s": 0.005})
    receiver.answers = [500] * 6
    key = await story()
    await hooked.put(f"/simulator/issues/{key}", json={"summary": "Later"})
    await eventually(_settled(hooked))

    assert len(receiver.got) == 7
    assert receiver.bodies()[6]["webhookEvent"] == "jira:issue_updated"
    assert await _state(hooked, "deliveries_failed") == 1


async def test_an_address_that_nobody_answers_is_retried(
    jira: httpx.AsyncClient, story: Story, eventually: Eventually
) -> None:
    await jira.put("/simulator/webhooks/retry", json={"retry_s": 0.002})
    await jira.post("/simulator/webhooks", json={"url": "http://127.0.0.1:1/nobody"})
    await story()
    await eventually(_settled(jira))
    shown = (await jira.get("/simulator/webhooks/deliveries?state=failed")).json()["deliveries"]
    assert shown[0]["attempts"] == ["ConnectError"] * 6


async def test_a_receiver_that_is_too_slow_is_tried_again(
    simulator: Callable[..., Any], receiver: Receiver, eventually: Eventually
) -> None:
    receiver.delay_s = 0.2
    async with simulator(webhook_response_timeout_s=0.05, webhook_retries=1) as jira:
        await jira.post("/simulator/projects", json={"key": "SLOW", "name": "Slow"})
        await jira.post("/simulator/webhooks", json={"url": receiver.url})
        await jira.post("/simulator/issues", json={"issues": [{"project": "SLOW", "summary": "x"}]})
        await eventually(_settled(jira))
        shown = (await jira.get("/simulator/webhooks/deliveries")).json()["deliveries"]
        assert shown[0]["attempts"] == ["ReadTimeout", "ReadTimeout"]


async def test_events_of_one_issue_arrive_in_order_though_the_first_is_retried(
    hooked: httpx.AsyncClient, receiver: Receiver, story: Story, eventually: Eventually
) -> None:
    receiver.answers = [503, 503]
    key = await story(summary="0")
    for number in range(1, 6):
        await hooked.put(f"/simulator/issues/{key}", json={"summary": str(number)})
    await eventually(_settled(hooked))
    assert [body["issue"]["fields"]["summary"] for body in receiver.bodies()] == list("00012345")


async def test_no_more_requests_are_open_than_allowed(
    simulator: Callable[..., Any], receiver: Receiver, eventually: Eventually
) -> None:
    receiver.delay_s = 0.02
    async with simulator(webhook_concurrency=4) as jira:
        await jira.post("/simulator/projects", json={"key": "MANY", "name": "Many"})
        await jira.post("/simulator/webhooks", json={"url": receiver.url})
        issues = [{"project": "MANY", "summary": str(number)} for number in range(20)]
        await jira.post("/simulator/issues", json={"issues": issues})
        await eventually(_settled(jira))
    assert len(receiver.got) == 20
    assert receiver.most_open == 4
    assert {headers["x-atlassian-webhook-flow"] for headers, _ in receiver.got} == {"Secondary"}


async def test_the_duplicate_fault_delivers_one_event_twice_with_one_identifier(
    hooked: httpx.AsyncClient, receiver: Receiver, story: Story
) -> None:
    await hooked.post(
        "/simulator/faults", json={"kind": "webhook_duplicate", "path": "jira:issue_*", "count": 1}
    )
    await story()
    await story()
    await receiver.wait(3)
    identifiers = [headers["x-atlassian-webhook-identifier"] for headers, _ in receiver.got]
    assert len(set(identifiers)) == 2
    keys = [body["issue"]["key"] for body in receiver.bodies()]
    assert sorted(keys) == ["SHOP-1", "SHOP-1", "SHOP-2"]


async def test_the_unordered_fault_lets_later_events_overtake(
    hooked: httpx.AsyncClient, receiver: Receiver, story: Story, eventually: Eventually
) -> None:
    fault = {"kind": "webhook_unordered", "delay_s": 0.3, "seed": 1}
    await hooked.post("/simulator/faults", json=fault)
    key = await story(summary="0")
    for number in range(1, 10):
        await hooked.put(f"/simulator/issues/{key}", json={"summary": str(number)})
    await eventually(_settled(hooked))
    order = [body["issue"]["fields"]["summary"] for body in receiver.bodies()]
    assert sorted(order) == list("0123456789")
    assert order != sorted(order)


async def test_what_was_pending_at_the_end_is_delivered_after_the_next_start(
    simulator: Callable[..., Any], receiver: Receiver, tmp_path: Path
) -> None:
    async with simulator(data=tmp_path, webhook_retry_s=60) as jira:
        await jira.post("/simulator/projects", json={"key": "KEEP", "name": "Keep"})
        await jira.post("/simulator/webhooks", json={"url": receiver.url, "secret": SECRET})
        receiver.answers = [503]
        await jira.post("/simulator/issues", json={"issues": [{"project": "KEEP", "summary": "x"}]})
        await receiver.wait(1)
        await asyncio.sleep(0.05)
        assert (await jira.get("/simulator/webhooks/deliveries?state=pending")).json()["pending"] == 1
    async with simulator(data=tmp_path):
        await receiver.wait(2)
    (first, body), (second, same) = receiver.got
    assert first["x-atlassian-webhook-identifier"] == second["x-atlassian-webhook-identifier"]
    assert json.loads(body) == json.loads(same)


async def test_some_sites_also_update_the_issue_after_a_comment(
    simulator: Callable[..., Any], receiver: Receiver, doc: Doc
) -> None:
    async with simulator(comment_also_updates_issue=True) as jira:
        await jira.post("/simulator/projects", json={"key": "BOTH", "name": "Both"})
        await jira.post("/simulator/issues", json={"issues": [{"project": "BOTH", "summary": "x"}]})
        await jira.post("/simulator/webhooks", json={"url": receiver.url})
        await jira.post("/rest/api/3/issue/BOTH-1/comment", json={"body": doc("hi")})
        await receiver.wait(2)
    assert [body["webhookEvent"] for body in receiver.bodies()] == ["comment_created", "jira:issue_updated"]
    assert receiver.bodies()[1]["issue_event_type_name"] == "issue_commented"


async def test_links_and_properties_are_events_of_their_own(
    jira: httpx.AsyncClient, receiver: Receiver, story: Story
) -> None:
    one, two = await story(), await story()
    await jira.post("/simulator/webhooks", json={"url": receiver.url})
    link = {"type": {"id": "10000"}, "inwardIssue": {"key": one}, "outwardIssue": {"key": two}}
    await jira.post("/rest/api/3/issueLink", json=link)
    await jira.put(f"/rest/api/3/issue/{two}/properties/mark", json=1)
    await receiver.wait(2)
    assert {body["webhookEvent"] for body in receiver.bodies()} == {"issuelink_created", "issue_property_set"}


async def test_a_removed_registration_gets_nothing_more(
    hooked: httpx.AsyncClient, receiver: Receiver, story: Story
) -> None:
    hook = (await hooked.get("/simulator/webhooks")).json()[0]["id"]
    assert (await hooked.delete(f"/simulator/webhooks/{hook}")).status_code == 204
    assert (await hooked.delete(f"/simulator/webhooks/{hook}")).status_code == 404
    await story()
    assert await _state(hooked, "deliveries_pending") == 0
    assert receiver.got == []
