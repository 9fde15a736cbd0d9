"""Prices, budgets and estimates, as the generator's events and the settings tell them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal
from uuid import UUID, uuid4

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client import CollectorRegistry

from casewright_common.delivery import Delivery
from casewright_common.errors import UpstreamUnavailableError
from casewright_common.events import TOPICS, BudgetExhaustedV1, EngineUsed, ModelCataloguedV1
from casewright_common.postgres import Database
from casewright_gateway.adapters.money_repository import PostgresMoney
from casewright_gateway.domain.periods import began
from casewright_gateway.handlers import build_router
from casewright_gateway.service.money import KeepMoney
from casewright_gateway.service.read_model import KeepReadModel
from casewright_gateway.settings import GatewaySettings
from casewright_gateway.testing import KnownStory, draft

pytestmark = pytest.mark.connected

Make = Callable[[httpx.AsyncClient], Awaitable[str]]
Known = Callable[..., Awaitable[tuple[str, KnownStory]]]
NOW = datetime.now(UTC)
PATIENCE_S = 40.0


def model(name: str, second: int = 0, **more: Any) -> ModelCataloguedV1:
    values = {"input_usd_per_million_tokens": 1.0, "output_usd_per_million_tokens": 4.0}
    return ModelCataloguedV1.model_validate(
        {
            "event_id": uuid4(),
            "occurred_at": NOW + timedelta(seconds=second),
            "org_id": UUID(int=0),
            "model": name,
            "provider": name.split("/", maxsplit=1)[0],
        }
        | values
        | more
    )


def exhausted(story: KnownStory, scope: str, **more: Any) -> BudgetExhaustedV1:
    values = {"scope": scope, "limit_usd": 5.0, "spent_usd": 5.01, "resets_at": NOW + timedelta(days=3)}
    return BudgetExhaustedV1.model_validate(story.about | values | more)


@pytest.fixture
def money(tables: Database) -> KeepMoney:
    return KeepMoney(PostgresMoney(tables))


async def test_models_are_listed_with_their_newest_prices(
    client: httpx.AsyncClient, organisation: Make, money: KeepMoney
) -> None:
    base = await organisation(client)
    provider = f"p{uuid4().hex[:8]}"
    for name in ("b", "a", "c"):
        await money.model_catalogued(model(f"{provider}/{name}"))
    newer = model(f"{provider}/a", 9, input_usd_per_million_tokens=2.5, context_tokens=2**40)
    await money.model_catalogued(newer)
    await money.model_catalogued(model(f"{provider}/a", 5))
    first = (await client.get(f"{base}/models", params={"provider": provider, "limit": 2})).json()
    rest = (
        await client.get(
            f"{base}/models", params={"provider": provider, "limit": 2, "cursor": first["next_cursor"]}
        )
    ).json()
    assert [each["model"][-1] for each in first["items"] + rest["items"]] == ["a", "b", "c"]
    assert first["items"][0]["input_usd_per_million_tokens"] == 2.5
    found = (await client.get(f"{base}/models", params={"text": f"{provider.upper()}/B"})).json()["items"]
    assert [each["model"] for each in found] == [f"{provider}/b"]
    assert (await client.get(f"{base}/models", params={"provider": "Open AI"})).status_code == 422
    unknown = base.replace(base.rsplit("/", 1)[1], str(uuid4()))
    assert (await client.get(f"{unknown}/models")).status_code == 404


async def test_an_estimate_names_the_model_that_would_be_asked(
    client: httpx.AsyncClient, known: Known, money: KeepMoney
) -> None:
    base, story = await known(client, engine={"kind": "model"})
    path = f"{base}/stories/{story.id}/estimate"
    nobody = (await client.get(path)).json()
    assert (nobody["engine"], nobody["model"], nobody["least"]["usd"]) == ("model", None, None)
    assert nobody["most"]["output_tokens"] == 6 * 6000
    await money.model_catalogued(model("prov/of-all"))
    await client.put(f"{base}/model-account", json={"model": "of-all", "max_output_tokens": 100})
    ours = (await client.get(path)).json()
    assert (ours["model"], ours["most"]["output_tokens"]) == ("of-all", 600)
    assert 0 < ours["least"]["usd"] < ours["most"]["usd"]
    assert "characters" in ours["rule"]
    await client.put(f"{base}/users/jo/model-account", json={"model": "prov/unpriced"})
    theirs = (await client.get(path, headers={"X-Casewright-User": "jo"})).json()
    assert (theirs["model"], theirs["least"]["usd"]) == ("prov/unpriced", None)
    other = (await client.get(path, params={"model": "prov/of-all"})).json()
    assert other["model"] == "prov/of-all"


async def test_the_designer_costs_nothing_and_what_is_gone_no_estimate(
    client: httpx.AsyncClient, known: Known
) -> None:
    base, story = await known(client)
    path = f"{base}/stories/{story.id}/estimate"
    free = (await client.get(path)).json()
    assert (free["engine"], free["most"]["usd"], free["most"]["calls"]) == ("designer", 0, 0)
    assert (await client.get(path, params={"model": "x/y"})).json()["engine"] == "model"
    assert (await client.get(f"{base}/stories/{uuid4()}/estimate")).status_code == 404
    await client.delete(f"{base}/projects/{story.project_id}")
    gone = await client.get(path)
    assert (gone.status_code, gone.json()["code"]) == (409, "not_applicable")


async def test_budgets_say_when_their_limit_is_reached_and_until_when(
    client: httpx.AsyncClient, known: Known, money: KeepMoney
) -> None:
    base, story = await known(client, budget={"limit_usd": 5})
    await client.put(f"{base}/model-account", json={"budget": {"limit_usd": 50, "period": "day"}})
    await client.put(f"{base}/users/jo/model-account", json={"budget": {"limit_usd": 1}})
    await client.put(f"{base}/users/al/model-account", json={"model": "x/y"})

    async def shown() -> dict[str, Any]:
        items = (await client.get(f"{base}/budgets")).json()["items"]
        assert [each["scope"] for each in items] == ["organisation", "project", "user"]
        assert (items[1]["project_id"], items[2]["user_id"]) == (str(story.project_id), "jo")
        assert items[0]["period"] == "day"
        return {each["scope"]: each["exhausted_until"] is not None for each in items}

    assert await shown() == {"organisation": False, "project": False, "user": False}
    await money.budget_exhausted(exhausted(story, "project"))
    await money.budget_exhausted(exhausted(story, "user", user_id="jo", limit_usd=1.0))
    await money.budget_exhausted(
        exhausted(story, "organisation", limit_usd=50.0, resets_at=NOW - timedelta(days=1))
    )
    assert await shown() == {"organisation": False, "project": True, "user": True}
    raised = {"budget": {"limit_usd": 9}}
    await client.patch(f"{base}/projects/{story.project_id}", json=raised, headers={"If-Match": '"1"'})
    assert await shown() == {"organisation": False, "project": False, "user": True}


async def test_budgets_say_what_is_spent_before_the_limit_is_reached(
    client: httpx.AsyncClient, known: Known, keep: KeepReadModel, money: KeepMoney
) -> None:
    base, story = await known(
        client,
        budget={"limit_usd": 5},
        engine={"kind": "model", "model": "openai/x", "payer_user_id": "al"},
    )
    await client.put(f"{base}/model-account", json={"budget": {"limit_usd": 50, "period": "day"}})
    for user in ("jo", "al"):
        await client.put(f"{base}/users/{user}/model-account", json={"budget": {"limit_usd": 1}})

    async def spent() -> dict[str, Any]:
        items = (await client.get(f"{base}/budgets")).json()["items"]
        return {each["user_id"] or each["scope"]: pytest.approx(each["spent_usd"]) for each in items}

    def costing(usd: float | None) -> EngineUsed:
        return EngineUsed(kind="model", model="openai/x", calls=1, cost_usd=usd)

    assert await spent() == {"organisation": 0, "project": 0, "al": 0, "jo": 0}
    now = datetime.now(UTC)
    # A change in Jira counts for who agreed to pay; a decision, an unknown price and last month for nobody.
    await keep.cases_generated(story.generated(1, draft(1), engine=costing(0.25), occurred_at=now))
    await keep.cases_generated(story.generated(2, draft(1), engine=costing(9), decided_on=1, occurred_at=now))
    await keep.cases_generated(story.generated(3, draft(1), engine=costing(None), occurred_at=now))
    last_month = now.replace(day=1) - timedelta(days=2)
    await keep.cases_generated(story.generated(4, draft(1), engine=costing(2), occurred_at=last_month))
    assert await spent() == {"organisation": 0.25, "project": 0.25, "al": 0.25, "jo": 0}
    asked = await client.post(
        f"{base}/generations", json={"issue_key": story.issue_key}, headers={"X-Casewright-User": "jo"}
    )
    done = story.generated(
        5, draft(1), engine=costing(0.5), request_id=UUID(asked.json()["id"]), occurred_at=now
    )
    await keep.cases_generated(done)
    await keep.cases_generated(done)
    assert await spent() == {"organisation": 0.75, "project": 0.75, "al": 0.25, "jo": 0.5}
    # The generator's figure has the refused call in it.
    await money.budget_exhausted(exhausted(story, "project"))
    assert (await spent())["project"] == 5.01


@pytest.mark.parametrize(
    ("period", "at", "since"),
    [
        ("day", datetime(2026, 11, 23, 0, 0, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)),
        (
            "day",
            datetime(2026, 11, 23, 1, 0, tzinfo=timezone(timedelta(hours=2))),
            datetime(2026, 11, 22, tzinfo=UTC),
        ),
        ("month", datetime(2026, 11, 23, 23, 59, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)),
        (
            "month",
            datetime(2026, 11, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))),
            datetime(2026, 10, 1, tzinfo=UTC),
        ),
    ],
)
def test_periods_begin_in_utc(period: Literal["day", "month"], at: datetime, since: datetime) -> None:
    assert began(period, at) == since


@dataclass
class FlakyMoney:
    """A store that is away for the first attempts at each event."""

    store: PostgresMoney
    away: int
    attempts: dict[UUID, int] = field(default_factory=dict)

    def _attempt(self, event: ModelCataloguedV1 | BudgetExhaustedV1) -> None:
        self.attempts[event.event_id] = self.attempts.get(event.event_id, 0) + 1
        if self.attempts[event.event_id] <= self.away:
            raise UpstreamUnavailableError("postgres", "away")

    async def save_model(self, event: ModelCataloguedV1) -> None:
        self._attempt(event)
        await self.store.save_model(event)

    async def save_exhausted(self, event: BudgetExhaustedV1) -> None:
        self._attempt(event)
        await self.store.save_exhausted(event)


@asynccontextmanager
async def consuming(settings: GatewaySettings, keep: KeepReadModel, store: Any) -> AsyncIterator[Delivery]:
    delivery = Delivery("gateway", settings.kafka, registry=CollectorRegistry())
    delivery.broker.include_router(build_router(keep, KeepMoney(store)))
    await delivery.start()
    try:
        yield delivery
    finally:
        await delivery.stop()


async def test_both_topics_are_consumed_wait_for_postgresql_and_park_what_is_hopeless(
    kafka_settings: GatewaySettings,
    client: httpx.AsyncClient,
    known: Known,
    keep: KeepReadModel,
    tables: Database,
) -> None:
    base, story = await known(client, budget={"limit_usd": 5})
    name = f"prov/{uuid4()}"
    events = [model(name), exhausted(story, "project")]
    flaky = FlakyMoney(PostgresMoney(tables), away=2)
    producer = AIOKafkaProducer(bootstrap_servers=kafka_settings.kafka.bootstrap_servers)
    await producer.start()
    try:
        async with consuming(kafka_settings, keep, flaky) as delivery:
            for event in events:
                key = event.partition_key.encode()
                await producer.send_and_wait(TOPICS[type(event)].value, b'{"event_id": 7}', key=key)
                await delivery.publish(event)
                await delivery.publish(event)
            async with asyncio.timeout(PATIENCE_S):
                while {flaky.attempts.get(event.event_id, 0) for event in events} != {4}:  # noqa: ASYNC110  # no event to wait for
                    await asyncio.sleep(0.1)
    finally:
        await producer.stop()
    found = (await client.get(f"{base}/models", params={"text": name})).json()["items"]
    assert [each["model"] for each in found] == [name]
    [budget] = (await client.get(f"{base}/budgets")).json()["items"]
    assert budget["spent_usd"] == 5.01
