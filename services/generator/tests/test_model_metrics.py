"""What is scraped after something happened to a call of a model."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from pydantic import SecretStr
from redis.asyncio import Redis

from casewright_common.configuration import ConfigurationView
from casewright_common.events import (
    AccountConfiguredV1,
    Budget,
    EngineSettings,
    ProjectConfiguredV1,
    StoryIndexedV1,
)
from casewright_generator.adapters.accounts import Route
from casewright_generator.adapters.breaker import Breaker
from casewright_generator.adapters.llm import Answer, Question, TransientModelError
from casewright_generator.adapters.marks import LocalMarks
from casewright_generator.adapters.model_metrics import ModelMetrics
from casewright_generator.app import model_writer
from casewright_generator.domain.planning.plan import plan as make_plan
from casewright_generator.domain.reading.analysis import analyse
from casewright_generator.errors import ModelFailedError
from casewright_generator.service import Assignment
from casewright_generator.settings import ModelSettings, SystemKey
from casewright_generator.testing import CallsInMemory, write_all

MODEL = "openai/gpt-4o"
FALLBACK = "openai/gpt-4o-mini"


@dataclass
class Scripted:
    """A model that answers or fails as it is told, call by call, and then answers."""

    script: list[str | Exception] = field(default_factory=list)

    async def complete(
        self, org_id: UUID, route: Route, question: Question, *, on_text: object = None
    ) -> Answer:
        del org_id, on_text
        step = self.script.pop(0) if self.script else None
        if isinstance(step, Exception):
            raise step
        wanted = {"response_format": {"json_schema": {"schema": question.schema}}}
        text = write_all(wanted) if step is None else step
        return Answer(text, 1000, 500, 0.25, model=route.model, payer=route.payer)


class Watched:
    """A writer as the service wires it, and what Prometheus would read."""

    def __init__(
        self, project: ProjectConfiguredV1, story: StoryIndexedV1, redis: Redis | None = None, **settings: Any
    ) -> None:
        self.story = story
        self.configuration = ConfigurationView(project)
        self.model = Scripted()
        self.now = 0.0
        self.registry = CollectorRegistry()
        self.metrics = ModelMetrics(self.registry, clock=lambda: self.now)
        keys = tuple(SystemKey(provider="openai", key=SecretStr(f"sk-{number}")) for number in range(2))
        self.writer = model_writer(
            ModelSettings(**{"keys": keys[:1], "breaker_failures": 1, "longest_retry_wait_s": 1} | settings),
            self.configuration,
            self.model,  # type: ignore[arg-type]  # a hand-written twin
            CallsInMemory(),
            redis=redis,
            metrics=self.metrics,
        )

    def assignment(self, **fields: Any) -> Assignment:
        plan = make_plan(analyse(self.story.story), max_cases=20)
        engine = EngineSettings(**{"kind": "model", "model": MODEL} | fields)
        return Assignment(uuid4(), self.story, plan, plan, engine)

    async def write(self, *script: str | Exception, **fields: Any) -> None:
        self.model.script = list(script)
        await self.writer.write(self.assignment(**fields))

    def scraped(self, name: str, **labels: str) -> float | None:
        """The value in the text that is served under `/metrics`."""
        shown = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
        start = f"casewright_generator_{name}{{{shown}}} "
        lines = generate_latest(self.registry).decode().splitlines()
        return next((float(line.removeprefix(start)) for line in lines if line.startswith(start)), None)


Make = Callable[..., Watched]


@pytest.fixture
def make(project: ProjectConfiguredV1, indexed: Callable[..., StoryIndexedV1]) -> Make:
    return lambda **settings: Watched(project, indexed(), **settings)


async def test_calls_tokens_money_and_time(make: Make) -> None:
    watched = make()
    await watched.write()
    where = {"provider": "openai", "model": MODEL}
    assert watched.scraped("model_calls_total", **where, outcome="answered") == 1
    assert watched.scraped("model_tokens_total", **where, direction="input") == 1000
    assert watched.scraped("model_tokens_total", **where, direction="output") == 500
    assert watched.scraped("model_cost_usd_total", **where) == 0.25
    assert watched.scraped("model_call_seconds_count", provider="openai") == 1


async def test_a_retry_and_what_made_it_necessary(make: Make) -> None:
    watched = make(breaker_failures=5)
    await watched.write(TransientModelError(0.01))
    assert watched.scraped("model_retries_total", provider="openai") == 1
    assert watched.scraped("model_calls_total", provider="openai", model=MODEL, outcome="transient") == 1


async def test_a_turn_to_another_key_and_one_to_the_fallback_model(make: Make) -> None:
    keys = tuple(SystemKey(provider="openai", key=SecretStr(f"sk-{number}")) for number in range(2))
    watched = make(keys=keys)
    await watched.write(ModelFailedError("model_key_rejected", "No."))
    assert watched.scraped("model_fallbacks_total", to="key", reason="model_key_rejected") == 1
    assert watched.scraped("model_fallbacks_total", to="model", reason="model_rejected") is None
    watched = make()
    await watched.write(ModelFailedError("model_rejected", "No."), fallback_model=FALLBACK)
    assert watched.scraped("model_fallbacks_total", to="model", reason="model_rejected") == 1


async def test_no_turn_is_counted_where_nothing_is_left_to_turn_to(make: Make) -> None:
    watched = make(max_calls=1)
    with pytest.raises(ModelFailedError):
        await watched.write(ModelFailedError("model_rejected", "No."), fallback_model=FALLBACK)
    assert watched.scraped("model_fallbacks_total", to="model", reason="model_rejected") is None


async def test_an_answer_that_had_to_be_repaired(make: Make) -> None:
    watched = make()
    await watched.write("Sure! Here are your cases.")
    assert watched.scraped("model_repairs_total", kind="repair") == 1


async def test_a_circuit_opens_is_seen_open_refuses_and_closes(make: Make) -> None:
    watched = make(max_calls=1, breaker_open_s=30)
    with pytest.raises(ModelFailedError):
        await watched.write(TransientModelError())
    assert watched.scraped("model_circuit_openings_total", provider="openai") == 1
    assert watched.scraped("model_circuits_open", provider="openai") == 1
    with pytest.raises(ModelFailedError):
        await watched.write()
    assert watched.scraped("model_circuit_refusals_total", provider="openai") == 1
    watched.now = 31
    assert watched.scraped("model_circuits_open", provider="openai") == 0


async def test_a_circuit_that_another_replica_opened_is_seen_open_until_it_works(make: Make) -> None:
    watched = make()
    marks, route = LocalMarks(), Route("system", "one", MODEL)
    await Breaker(marks, failures=1, open_s=30).failed(route)
    ours = Breaker(marks, failures=1, open_s=30, metrics=watched.metrics)
    assert not await ours.allows(route)
    assert watched.scraped("model_circuits_open", provider="openai") == 1
    assert watched.scraped("model_circuit_openings_total", provider="openai") is None
    await ours.failed(route)
    await ours.worked(route)
    assert watched.scraped("model_circuits_open", provider="openai") == 0


async def test_a_call_that_does_not_fit_into_a_budget(make: Make) -> None:
    watched = make()
    account = AccountConfiguredV1(
        event_id=uuid4(),
        occurred_at=watched.story.occurred_at,
        org_id=watched.story.org_id,
        revision=1,
        budget=Budget(limit_usd=0),
    )
    watched.configuration.apply(account)
    with pytest.raises(ModelFailedError):
        await watched.write()
    assert watched.scraped("budget_refusals_total", scope="organisation") == 1
    assert watched.scraped("model_calls_total", provider="openai", model=MODEL, outcome="answered") is None


@pytest.mark.connected
async def test_a_miss_and_a_hit_of_the_cache(make: Make, redis: str) -> None:
    client = Redis.from_url(redis)
    await client.flushall()
    watched = make(redis=client)
    for _ in range(2):
        await watched.write()
    await client.aclose()
    assert watched.scraped("answer_cache_lookups_total", result="miss") == 1
    assert watched.scraped("answer_cache_lookups_total", result="hit") == 1
    assert watched.scraped("model_calls_total", provider="openai", model=MODEL, outcome="answered") == 1


async def test_a_cache_that_is_away(make: Make) -> None:
    client = Redis.from_url("redis://127.0.0.1:1/0")
    watched = make(redis=client)
    await watched.write()
    await client.aclose()
    assert watched.scraped("answer_cache_lookups_total", result="unavailable") == 1


def test_names_that_people_type_in_make_no_end_of_series(make: Make) -> None:
    watched = make()
    answer = Answer("", 1, 1, None)
    for number in range(300):
        watched.metrics.answered(Route("user", "key", f"of-{number}/model-{number}"), answer, 0.1)
    text = generate_latest(watched.registry).decode()
    assert text.count("casewright_generator_model_calls_total{") == 101
    assert 'provider="other"' in text
    assert "of-299" not in text
