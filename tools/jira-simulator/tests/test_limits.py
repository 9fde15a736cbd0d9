"""Rate limits: bursts and writes per issue, with the headers that tell a client what to do."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_jira_simulator.domain.rate_limits import Limit, SlidingWindow
from casewright_jira_simulator.errors import JiraError
from casewright_jira_simulator.limits import RateLimits
from casewright_jira_simulator.settings import SimulatorSettings


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_twenty_writes_to_one_issue_pass_in_two_seconds_and_a_hundred_in_thirty(
    settings: Callable[..., SimulatorSettings],
) -> None:
    clock = Clock()
    limits = RateLimits(settings(rate_limits=True), clock)
    for burst in range(5):
        for _ in range(20):
            limits.write("1")
        with pytest.raises(JiraError) as refused:
            limits.write("1")
        assert refused.value.status == 429
        assert refused.value.headers["RateLimit-Reason"] == "jira-per-issue-on-write"
        assert refused.value.headers["Retry-After"] == ("2" if burst < 4 else "22")
        limits.write("2")
        clock.now += 2
    clock.now += 21
    limits.write("1")


async def test_a_burst_is_refused_with_the_headers_of_jira(
    simulator: Callable[..., Any], conforms: Callable[[str, object], None]
) -> None:
    async with simulator(rate_limits=True, burst_read_per_s=5) as jira:
        answers = [await jira.get("/rest/api/3/myself") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert answers[0].headers["X-RateLimit-Limit"] == "5"
        assert answers[4].headers["X-RateLimit-Remaining"] == "0"
        assert answers[4].headers["X-RateLimit-NearLimit"] == "true"
        refused = answers[5]
        assert refused.headers["RateLimit-Reason"] == "jira-burst-based"
        assert refused.headers["Retry-After"] == "1"
        assert refused.headers["X-RateLimit-Reset"].endswith("Z")
        conforms("ErrorCollection", refused.json())

        await jira.put("/simulator/rate-limits", json={"enabled": False})
        assert (await jira.get("/rest/api/3/myself")).is_success


async def test_writes_to_one_issue_are_limited_through_the_api(
    simulator: Callable[..., Any], doc: Callable[..., dict[str, Any]]
) -> None:
    async with simulator(rate_limits=True, issue_writes_per_2s=3) as jira:
        client: httpx.AsyncClient = jira
        await client.post("/simulator/projects", json={"key": "LIM", "name": "Limits"})
        await client.post("/simulator/issues", json={"issues": [{"project": "LIM", "summary": "x"}] * 2})
        path = "/rest/api/3/issue/LIM-{}/comment"
        statuses = [
            (await client.post(path.format(1), json={"body": doc("a")})).status_code for _ in range(4)
        ]
        assert statuses == [201, 201, 201, 429]
        assert (await client.post(path.format(2), json={"body": doc("a")})).status_code == 201
        assert (await client.get(path.format(1))).json()["total"] == 3


@given(st.lists(st.floats(min_value=0, max_value=0.8), max_size=200))
def test_no_window_ever_holds_more_than_its_limit(pauses: list[float]) -> None:
    window = SlidingWindow((Limit(3, 1.0), Limit(5, 4.0)))
    now, passed = 0.0, list[float]()
    for pause in pauses:
        now += pause
        verdict = window.take(now)
        if verdict.allowed:
            passed.append(now)
        else:
            assert 0 < verdict.retry_after_s <= 4.0
    for moment in passed:
        assert sum(moment <= other < moment + 1.0 for other in passed) <= 3
        assert sum(moment <= other < moment + 4.0 for other in passed) <= 5
