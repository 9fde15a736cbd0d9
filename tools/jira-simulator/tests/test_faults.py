"""Injected faults, seen as a client on the other side of a socket sees them."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from casewright_jira_simulator.domain.faults import FaultPlan, FaultSet

Json = dict[str, Any]
COMMENT = "/rest/api/3/issue/SHOP-1/comment"


async def _inject(jira: httpx.AsyncClient, **plan: Any) -> str:
    answer = await jira.post(
        "/simulator/faults", json={"method": "POST", "path": "*/comment", "count": 1} | plan
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.fixture
async def with_story(served: httpx.AsyncClient) -> httpx.AsyncClient:
    await served.post("/simulator/issues", json={"issues": [{"project": "SHOP", "summary": "x"}]})
    return served


async def _comments(jira: httpx.AsyncClient) -> int:
    return int((await jira.get(COMMENT)).json()["total"])


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_status_fault_answers_without_an_effect_and_then_passes(
    with_story: httpx.AsyncClient, doc: Callable[..., Json], status: int
) -> None:
    headers = {"Retry-After": "7", "RateLimit-Reason": "jira-burst-based"} if status == 429 else {}
    await _inject(with_story, kind="status", status=status, headers=headers)

    struck = await with_story.post(COMMENT, json={"body": doc("a")})
    assert struck.status_code == status
    assert struck.json()["errorMessages"]
    assert struck.headers.get("retry-after") == headers.get("Retry-After")
    assert await _comments(with_story) == 0
    assert (await with_story.post(COMMENT, json={"body": doc("a")})).status_code == 201


async def test_a_time_out_after_the_effect_has_the_effect(
    with_story: httpx.AsyncClient, doc: Callable[..., Json]
) -> None:
    await _inject(with_story, kind="timeout_after_effect")
    with pytest.raises(httpx.ReadTimeout):
        await with_story.post(COMMENT, json={"body": doc("a")}, timeout=0.2)
    assert await _comments(with_story) == 1

    await _inject(with_story, kind="timeout_after_effect", delay_s=0.05)
    assert (await with_story.post(COMMENT, json={"body": doc("b")})).status_code == 201
    assert await _comments(with_story) == 2


@pytest.mark.parametrize(("kind", "effects"), [("cut_before_effect", 0), ("cut_after_effect", 1)])
async def test_a_cut_connection_gives_no_answer_before_or_after_the_effect(
    with_story: httpx.AsyncClient, doc: Callable[..., Json], kind: str, effects: int
) -> None:
    await _inject(with_story, kind=kind)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await with_story.post(COMMENT, json={"body": doc("a")})
    assert await _comments(with_story) == effects


async def test_a_slow_call_takes_its_time(with_story: httpx.AsyncClient, doc: Callable[..., Json]) -> None:
    await _inject(with_story, kind="slow", delay_s=0.15)
    start = asyncio.get_running_loop().time()
    assert (await with_story.post(COMMENT, json={"body": doc("a")})).status_code == 201
    assert asyncio.get_running_loop().time() - start >= 0.15


async def test_faults_are_listed_counted_and_removed(
    with_story: httpx.AsyncClient, doc: Callable[..., Json]
) -> None:
    fault = await _inject(with_story, kind="status", skip=1, count=1)
    statuses = [(await with_story.post(COMMENT, json={"body": doc("a")})).status_code for _ in range(3)]
    assert statuses == [201, 503, 201]
    shown = (await with_story.get("/simulator/faults")).json()
    assert [(one["id"], one["seen"], one["struck"]) for one in shown] == [(fault, 3, 1)]
    assert (await with_story.delete(f"/simulator/faults/{fault}")).status_code == 204
    assert (await with_story.delete(f"/simulator/faults/{fault}")).status_code == 404
    await _inject(with_story, kind="status")
    await with_story.delete("/simulator/faults")
    assert (await with_story.get("/simulator/faults")).json() == []
    assert (await with_story.post("/simulator/faults", json={"kind": "nonsense"})).status_code == 400


async def test_the_admin_api_and_the_pages_are_never_struck(served: httpx.AsyncClient) -> None:
    await served.post("/simulator/faults", json={"kind": "cut_before_effect"})
    assert (await served.get("/simulator/state")).is_success
    assert (await served.get("/")).is_success


def test_a_probability_strikes_the_same_calls_for_the_same_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = FaultSet()
        faults.add(FaultPlan(kind="status", probability=0.3, seed=seed))
        return [faults.for_call("GET", "/rest/x") is not None for _ in range(200)]

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert 30 <= sum(struck(1)) <= 90


def test_the_first_fault_that_strikes_wins_and_others_keep_their_count() -> None:
    faults = FaultSet()
    first = faults.add(FaultPlan(kind="status", method="PUT", path="/rest/*/issue/*", count=1))
    second = faults.add(FaultPlan(kind="slow"))
    assert faults.for_call("PUT", "/rest/api/3/issue/X-1") is first.plan
    assert faults.for_call("PUT", "/rest/api/3/issue/X-1") is second.plan
    assert faults.for_call("GET", "/rest/api/3/issue/X-1") is second.plan
    assert faults.for_event("jira:issue_created") is None
