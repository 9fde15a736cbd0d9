import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from redis.exceptions import ConnectionError as RedisConnectionError

from casewright_jira_sync.adapters.metrics import SyncMetrics
from casewright_jira_sync.adapters.rate_budget import (
    Call,
    LocalReservations,
    RateBudget,
    Rates,
    RedisReservations,
    Reservations,
)
from casewright_jira_sync.app import redis_client
from casewright_jira_sync.domain.pacing import LimitScope, Rate
from casewright_jira_sync.errors import JiraUnavailableError
from casewright_jira_sync.settings import RedisSettings

RATES = Rates(reads=Rate(1000), writes=Rate(24, window_s=3.0), issue_writes=Rate(4, window_s=2.0))


@pytest.fixture(params=["local", pytest.param("redis", marks=pytest.mark.connected)])
async def reservations(request: pytest.FixtureRequest) -> AsyncIterator[Reservations]:
    if request.param == "local":
        yield LocalReservations()
        return
    client = redis_client(RedisSettings(url=SecretStr(request.getfixturevalue("redis")), timeout_s=5))
    assert client is not None
    yield RedisReservations(client)
    await client.aclose()


@pytest.fixture
def site() -> str:
    return f"{uuid4().hex}.example"


def budget(reservations: Reservations, *, longest_wait_s: float = 10.0) -> RateBudget:
    return RateBudget(
        RATES,
        SyncMetrics(CollectorRegistry()),
        shared=reservations,
        local=LocalReservations(),
        longest_wait_s=longest_wait_s,
    )


async def test_calls_beyond_the_burst_get_turns_one_after_the_other(
    reservations: Reservations, site: str
) -> None:
    buckets = RATES.buckets(Call(site, write=True))
    waits = [await reservations.reserve([], buckets, 10.0) for _ in range(6)]
    interval = RATES.writes.interval_s
    assert waits[:3] == [0.0, 0.0, 0.0]
    assert waits[5] == pytest.approx(3 * interval, abs=0.8 * interval)
    assert waits == sorted(waits)


async def test_a_turn_too_far_away_is_not_booked(reservations: Reservations, site: str) -> None:
    buckets = RATES.buckets(Call(site, write=True))
    for _ in range(4):
        await reservations.reserve([], buckets, 0.2)
    first = await reservations.reserve([], buckets, 0.2)
    second = await reservations.reserve([], buckets, 0.2)
    assert first > 0.2
    assert second <= first


async def test_reads_writes_issues_and_sites_have_budgets_of_their_own(
    reservations: Reservations, site: str
) -> None:
    one = Call(site, write=True, issue_id="1")
    for _ in range(3):
        await reservations.reserve([], RATES.buckets(one), 10.0)
    assert await reservations.reserve([], RATES.buckets(one), 0.0) > 0
    for other in (Call(site, write=False), Call(f"other-{site}", write=True, issue_id="1")):
        assert await reservations.reserve([], RATES.buckets(other), 10.0) == 0.0


@pytest.mark.parametrize(
    ("scope", "held"),
    [
        (LimitScope.SITE, {"same", "read", "issue"}),
        (LimitScope.ENDPOINT, {"same", "issue"}),
        (LimitScope.ISSUE, {"same"}),
    ],
)
async def test_a_hold_stops_just_what_jira_complained_about(
    reservations: Reservations, site: str, scope: LimitScope, held: set[str]
) -> None:
    calls = {
        "same": Call(site, write=True, issue_id="1"),
        "issue": Call(site, write=True, issue_id="2"),
        "read": Call(site, write=False),
        "elsewhere": Call(f"other-{site}", write=True, issue_id="1"),
    }
    impatient = budget(reservations, longest_wait_s=0.0)
    await impatient.hold(calls["same"], scope, 30.0)
    stopped: dict[str, float | None] = {}
    for name, call in calls.items():
        try:
            await impatient.take(call)
        except JiraUnavailableError as error:
            stopped[name] = error.retry_after_s
    assert stopped == dict.fromkeys(held, pytest.approx(30.0, abs=2.0))


async def test_a_longer_hold_is_not_shortened(reservations: Reservations, site: str) -> None:
    await reservations.hold(site, 30.0)
    await reservations.hold(site, 1.0)
    assert await reservations.reserve([site], [], 0.0) > 20
    await reservations.hold(site, 60.0)
    assert await reservations.reserve([site], [], 0.0) > 50


async def test_replicas_together_stay_within_the_rate(reservations: Reservations, site: str) -> None:
    replicas = [budget(reservations), budget(reservations)]
    began = time.monotonic()
    await asyncio.gather(*(replicas[n % 2].take(Call(site, write=True)) for n in range(10)))
    assert time.monotonic() - began >= 7 * RATES.writes.interval_s


class Away:
    """Redis that is down."""

    def __init__(self) -> None:
        self.asked = 0

    async def reserve(
        self, holds: Sequence[str], buckets: Sequence[tuple[str, Rate]], limit_s: float
    ) -> float:
        del holds, buckets, limit_s
        self.asked += 1
        raise RedisConnectionError("refused")

    async def hold(self, key: str, seconds: float) -> None:
        del key, seconds
        self.asked += 1
        raise RedisConnectionError("refused")


async def test_without_redis_the_process_keeps_its_own_budget_and_asks_it_rarely(site: str) -> None:
    away = Away()
    alone = budget(away, longest_wait_s=0.0)
    for _ in range(3):
        await alone.take(Call(site, write=True))
    with pytest.raises(JiraUnavailableError):
        await alone.take(Call(site, write=True))
    await alone.hold(Call(site, write=False), LimitScope.SITE, 30.0)
    with pytest.raises(JiraUnavailableError):
        await alone.take(Call(site, write=False))
    assert away.asked == 1


async def test_a_redis_that_nobody_answers_for_costs_less_than_a_second(site: str) -> None:
    client = redis_client(RedisSettings(url=SecretStr("redis://127.0.0.1:1/0"), timeout_s=0.3))
    assert client is not None
    began = time.monotonic()
    await budget(RedisReservations(client)).take(Call(site, write=True))
    assert time.monotonic() - began < 1.0
    await client.aclose()


async def test_no_redis_at_all_is_a_setting() -> None:
    assert redis_client(RedisSettings()) is None
