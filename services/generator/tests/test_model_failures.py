"""Which key and which model is asked next, how often, at whose expense; and what else can go wrong."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from casewright_common.configuration import ConfigurationView
from casewright_common.events import (
    AccountConfiguredV1,
    Budget,
    BudgetExhaustedV1,
    CasesGeneratedV1,
    EngineSettings,
    ProjectConfiguredV1,
    Provenance,
    ProviderKey,
    StoryIndexedV1,
)
from casewright_common.outbound import GuardedTransport
from casewright_common.telemetry import masked
from casewright_generator.adapters.accounts import Accounts, Route
from casewright_generator.adapters.answer_cache import NoCache
from casewright_generator.adapters.breaker import Breaker
from casewright_generator.adapters.calling import Calling
from casewright_generator.adapters.llm import Answer, LiteLLM, Question, TransientModelError
from casewright_generator.adapters.marks import LocalMarks
from casewright_generator.adapters.model_writer import ModelWriter
from casewright_generator.adapters.prompts import Prompts
from casewright_generator.domain.planning.plan import plan as make_plan
from casewright_generator.domain.reading.analysis import analyse
from casewright_generator.errors import ModelFailedError
from casewright_generator.service import Assignment, GenerateCases, Published
from casewright_generator.settings import ModelSettings, SystemKey
from casewright_generator.testing import (
    CallsInMemory,
    FixedContext,
    GenerationsInMemory,
    OpenAIDouble,
    Reply,
    SecretsInMemory,
    Tally,
    error_reply,
    write_all,
)

# LiteLLM builds its models when first called, and pydantic has a word to say about them and their use.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Item .* is using the `ReadOnly` qualifier:UserWarning"),
    pytest.mark.filterwarnings("ignore:Accessing the 'model_"),
]

Indexed = Callable[..., StoryIndexedV1]
NOW = datetime(2026, 11, 15, tzinfo=UTC)
CANARY = "sk-canary-0123456789abcdef0123456789abcdef"
MODEL = "openai/gpt-4o"


class Scripted:
    """A model that answers or fails as it is told, with no connection at all; by key, in order."""

    def __init__(self, **script: list[Answer | Exception]) -> None:
        self.script = script
        self.asked: list[tuple[str, str]] = []

    async def complete(
        self, org_id: UUID, route: Route, question: Question, *, on_text: Callable[[str], None] | None = None
    ) -> Answer:
        del org_id, on_text
        who = f"key{route.key_ref.int}" if route.key_ref else route.payer
        self.asked.append((who, route.model))
        left = self.script.get(who, [])
        step = left.pop(0) if left else None
        if isinstance(step, Exception):
            raise step
        if step is not None:
            return step
        wanted = {"response_format": {"json_schema": {"schema": question.schema}}}
        return Answer(write_all(wanted), 1000, 500, 0.01, model=route.model, payer=route.payer)


class Parts:
    """Everything around a model, with accounts that tests fill."""

    def __init__(self, project: ProjectConfiguredV1, indexed: Indexed, **script: Any) -> None:
        self.story = indexed()
        self.project = project
        self.configuration = ConfigurationView(project)
        self.model = Scripted(**script)
        self.calls = CallsInMemory()
        self.marks = LocalMarks()
        self.now = NOW
        self.settings = ModelSettings(longest_retry_wait_s=2)

    def writer(self, **settings: Any) -> ModelWriter:
        bounds = self.settings.model_copy(update=settings)
        calling = Calling(
            bounds,
            self.model,  # type: ignore[arg-type]  # a hand-written twin
            self.calls,
            breaker=Breaker(self.marks, failures=2, open_s=30),
            clock=lambda: self.now,
        )
        prompts = Prompts(bounds.prompt_versions, self.configuration)
        return ModelWriter(prompts, Accounts(self.configuration, bounds), calling, self.calls, NoCache())

    def account(self, user_id: str | None = None, *keys: int, **fields: Any) -> None:
        self.configuration.apply(
            AccountConfiguredV1(
                event_id=uuid4(),
                occurred_at=NOW,
                org_id=self.story.org_id,
                user_id=user_id,
                revision=1,
                keys=tuple(
                    ProviderKey(key_id=UUID(int=key), key_ref=UUID(int=key), provider="openai")
                    for key in keys
                ),
                **fields,
            )
        )

    def assignment(self, **engine: Any) -> Assignment:
        plan = make_plan(analyse(self.story.story), max_cases=20)
        wanted = EngineSettings(**{"kind": "model", "model": MODEL} | engine)
        return Assignment(uuid4(), self.story, plan, plan, wanted, requested_by="user-1")


@pytest.fixture
def parts(project: ProjectConfiguredV1, indexed: Indexed) -> Parts:
    made = Parts(project, indexed)
    made.account("user-1", 1)
    made.account(None, 2)
    return made


def rejected() -> ModelFailedError:
    return ModelFailedError("model_key_rejected", "The provider did not accept the key.")


async def test_a_rejected_key_makes_way_for_the_next_payers(parts: Parts) -> None:
    parts.model.script = {"key1": [rejected()]}
    assignment = parts.assignment()
    writer = parts.writer()
    assert await writer.write(assignment)
    assert parts.model.asked == [("key1", MODEL), ("key2", MODEL)]
    used = await writer.used(assignment)
    assert (used.payer, used.calls, used.model) == ("organisation", 2, MODEL)
    assert parts.calls.failures[assignment.cause_id, 1] == "model_key_rejected"


async def test_without_next_payer_the_designer_writes(parts: Parts) -> None:
    parts.model.script = {"key1": [rejected()]}
    with pytest.raises(ModelFailedError) as failed:
        await parts.writer().write(parts.assignment(next_payer=False))
    assert failed.value.reason == "model_key_rejected"
    assert parts.model.asked == [("key1", MODEL)]


async def test_a_rejected_key_is_not_tried_again_by_the_next_generation(parts: Parts) -> None:
    parts.model.script = {"key1": [rejected()]}
    writer = parts.writer()
    await writer.write(parts.assignment())
    await writer.write(parts.assignment())
    assert parts.model.asked == [("key1", MODEL), ("key2", MODEL), ("key2", MODEL)]


async def test_a_limited_key_makes_way_at_once_and_a_failing_server_is_tried_twice(parts: Parts) -> None:
    parts.model.script = {
        "key1": [TransientModelError(60, limited=True)],
        "key2": [TransientModelError(), TransientModelError()],
    }
    with pytest.raises(ModelFailedError) as failed:
        await parts.writer(max_calls=3).write(parts.assignment())
    assert failed.value.reason == "model_unavailable"
    assert [who for who, _ in parts.model.asked] == ["key1", "key2", "key2"]


@pytest.mark.parametrize("reason", ["model_timed_out", "model_context_exceeded", "model_rejected"])
async def test_the_fallback_model_is_asked_where_the_model_fails(parts: Parts, reason: str) -> None:
    parts.model.script = {"key1": [ModelFailedError(reason, "It failed.")]}
    assignment = parts.assignment(fallback_model="openai/gpt-4o-mini")
    writer = parts.writer()
    cases = await writer.write(assignment)
    assert parts.model.asked == [("key1", MODEL), ("key1", "openai/gpt-4o-mini")]
    assert {case.model for case in cases} == {"openai/gpt-4o-mini"}
    assert {case.prompt_version for case in cases} == {"v1"}
    assert (await writer.used(assignment)).model == "openai/gpt-4o-mini"


async def test_whatever_fails_there_are_so_many_calls_and_no_more(parts: Parts) -> None:
    parts.model.script = {"key1": [TransientModelError()] * 9, "key2": [TransientModelError()] * 9}
    writer = parts.writer(max_calls=3)
    assignment = parts.assignment(fallback_model="openai/gpt-4o-mini")
    with pytest.raises(ModelFailedError):
        await writer.write(assignment)
    with pytest.raises(ModelFailedError) as failed:
        await writer.write(assignment)  # delivered again
    assert failed.value.reason == "call_budget_exhausted"
    assert len(parts.model.asked) == 3


async def test_who_keeps_failing_is_left_alone_and_then_tried_once() -> None:
    now = [0.0]
    breaker = Breaker(LocalMarks(clock=lambda: now[0]), failures=2, open_s=30)
    route = Route("system", "one", MODEL)
    for _ in range(2):
        assert await breaker.allows(route)
        await breaker.failed(route)
    assert not await breaker.allows(route)
    assert await breaker.allows(replace(route, name="another key"))
    now[0] = 31
    assert [await breaker.allows(route) for _ in range(3)] == [True, False, False]
    await breaker.failed(route)  # the probe: open again without a second chance
    assert not await breaker.allows(route)
    now[0] = 62
    assert await breaker.allows(route)
    await breaker.worked(route)
    assert [await breaker.allows(route) for _ in range(3)] == [True, True, True]


async def test_a_probe_that_was_not_made_is_left_to_the_next() -> None:
    now = [0.0]
    breaker = Breaker(LocalMarks(clock=lambda: now[0]), failures=1, open_s=30)
    route = Route("system", "one", MODEL)
    await breaker.failed(route)
    now[0] = 31
    assert await breaker.allows(route)
    await breaker.released(route)
    assert await breaker.allows(route)


async def test_an_open_circuit_costs_no_call(parts: Parts) -> None:
    parts.model.script = {"key1": [TransientModelError(), TransientModelError()]}
    writer = parts.writer()
    await writer.write(parts.assignment())
    assignment = parts.assignment()
    await writer.write(assignment)
    assert (await writer.used(assignment)).calls == 1


@pytest.mark.parametrize("scope", ["user", "organisation", "project"])
async def test_a_hard_stop_at_the_budget_and_one_announcement(
    project: ProjectConfiguredV1, indexed: Indexed, scope: str
) -> None:
    budget = Budget(limit_usd=0.07)
    limited = {scope: {"budget": budget}}
    parts = Parts(project.model_copy(update=limited.get("project", {})), indexed)
    parts.account("user-1", 1, **limited.get("user", {}))
    parts.account(None, 2, **limited.get("organisation", {}))
    writer = parts.writer(max_output_tokens=6000)
    first, second, third = (parts.assignment() for _ in range(3))
    assert await writer.write(first)
    assert (await writer.notes(first)).announced == ()
    told: list[BudgetExhaustedV1] = []
    for assignment in (second, third):
        with pytest.raises(ModelFailedError) as failed:
            await writer.write(assignment)
        assert failed.value.reason == "budget_exhausted"
        told += (await writer.notes(assignment)).announced
    (event,) = told
    assert (event.scope, event.limit_usd, event.caused_by) == (scope, 0.07, second.cause_id)
    assert event.user_id == ("user-1" if scope == "user" else None)
    assert event.resets_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert len(parts.model.asked) == 1
    parts.now = event.resets_at
    assert await writer.write(parts.assignment())


async def test_a_redelivery_announces_the_same_event_again(parts: Parts) -> None:
    parts.account("user-1", 1, budget=Budget(limit_usd=0))
    assignment = parts.assignment()
    events: list[BudgetExhaustedV1] = []
    for _ in range(2):
        writer = parts.writer()
        with pytest.raises(ModelFailedError):
            await writer.write(assignment)
        events += (await writer.notes(assignment)).announced
    assert events[0] == events[1]


async def test_a_budget_cannot_be_kept_where_nobody_knows_the_price(parts: Parts) -> None:
    parts.account("user-1", 1, budget=Budget(limit_usd=100))
    with pytest.raises(ModelFailedError) as failed:
        await parts.writer().write(parts.assignment(model="openai/gpt-of-tomorrow"))
    assert failed.value.reason == "model_price_unknown"
    assert parts.model.asked == []


async def test_a_time_out_counts_as_spent(parts: Parts) -> None:
    parts.model.script = {"key1": [ModelFailedError("model_timed_out", "Slow.")]}
    with pytest.raises(ModelFailedError):
        await parts.writer().write(parts.assignment(next_payer=False))
    spent, reserved = parts.calls.spending[parts.story.org_id, "organisation", "", "2026-11"]
    assert spent > 0
    assert reserved == 0


# The whole way, with a real client and a server that misbehaves.


@pytest.fixture
async def generate(
    endpoint: OpenAIDouble, project: ProjectConfiguredV1
) -> AsyncIterator[Callable[..., GenerateCases]]:
    models: list[LiteLLM] = []

    def make(**settings: Any) -> GenerateCases:
        engine = EngineSettings(kind="model", model="openai/some")
        configuration = ConfigurationView(project.model_copy(update={"engine": engine}))
        key = SystemKey(provider="openai", key=SecretStr(CANARY), api_base=endpoint.url)
        bounds = ModelSettings(
            **{"call_timeout_s": 5, "longest_retry_wait_s": 1, "keys": (key,), "max_calls": 3} | settings
        )
        model = LiteLLM(bounds, SecretsInMemory(), GuardedTransport(allow_private=True))
        models.append(model)
        calls = CallsInMemory()
        calling = Calling(
            bounds,
            model,
            calls,
            breaker=Breaker(LocalMarks(), failures=9, open_s=30),
            clock=lambda: NOW,
        )
        prompts = Prompts(bounds.prompt_versions, configuration)
        return GenerateCases(
            store=GenerationsInMemory(),
            context=FixedContext(),
            model=ModelWriter(prompts, Accounts(configuration, bounds), calling, calls),
            configuration=configuration,
            observer=Tally(),
            clock=lambda: NOW,
        )

    yield make
    for model in models:
        await model.close()


def outcome(events: Sequence[Published]) -> CasesGeneratedV1:
    (event,) = events
    assert isinstance(event, CasesGeneratedV1)
    return event


def many(request: dict[str, Any]) -> str:
    cases = json.loads(write_all(request))["cases"]
    return json.dumps({"cases": [case | {"title": f"Case {n}"} for n in range(10_000) for case in cases[:1]]})


MISBEHAVIOUR: dict[str, tuple[list[Reply], str | None]] = {
    "prose": ([Reply(text="I would love to help you with that!")] * 3, "model_answer_unusable"),
    "half JSON": ([Reply(text='{"cases": [{"condition": "C-1", "ti')] * 3, "model_answer_unusable"),
    "the wrong schema": ([Reply(text='{"tests": [{"name": "one"}]}')] * 3, "model_answer_unusable"),
    "an empty list": ([Reply(text='{"cases": []}')] * 3, "model_answer_unusable"),
    "nothing in time": ([Reply(text="{}", delay_s=3)], "model_timed_out"),
    "401": ([error_reply(401)], "model_key_rejected"),
    "403": ([error_reply(403)], "model_key_rejected"),
    "429 with Retry-After": ([error_reply(429, Retry_After="0.1")], None),
    "429 with a Retry-After of an hour": ([error_reply(429, Retry_After="3600")], "model_unavailable"),
    "429 without Retry-After": ([error_reply(429)], None),
    "429 for ever": ([error_reply(429)] * 5, "model_unavailable"),
    "500": ([error_reply(500)], None),
    "500 for ever": ([error_reply(500)] * 5, "model_unavailable"),
    "400": ([error_reply(400)] * 5, "model_rejected"),
    "closed in mid-answer": ([Reply(text="{}" * 500, cut=True)], None),
    "HTML": (
        [Reply(body="<html>oops</html>", headers={"Content-Type": "text/html"})] * 5,
        "model_unavailable",
    ),
}


@pytest.mark.parametrize("name", MISBEHAVIOUR)
async def test_each_ends_in_cases_with_the_reason_and_no_key_anywhere(
    generate: Callable[..., GenerateCases],
    endpoint: OpenAIDouble,
    indexed: Indexed,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    endpoint.replies, reason = list(MISBEHAVIOUR[name][0]), MISBEHAVIOUR[name][1]
    settings = {"call_timeout_s": 0.3} if name == "nothing in time" else {}
    async with asyncio.timeout(30):
        event = outcome(await generate(**settings)(indexed()))
    assert event.cases
    if reason is None:  # it answered in the end; what the gate thinks of that is another matter
        assert event.engine.fallback_reason in {None, "model_cases_rejected"}
        assert event.engine.output_tokens > 0
    else:
        assert event.engine.fallback_reason == reason
        assert {case.provenance for case in event.cases} == {Provenance.DESIGNER}
    assert event.engine.calls <= 3
    assert endpoint.connections <= 3
    said = event.model_dump_json() + "".join(
        masked(f"{record.getMessage()} {record.exc_info} {record.args}") for record in caplog.records
    )
    assert CANARY not in said
    assert "sk-leaked" not in said
    ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith("casewright"))
    assert CANARY not in ours


async def test_ten_thousand_cases_become_one_per_condition(
    generate: Callable[..., GenerateCases], endpoint: OpenAIDouble, indexed: Indexed
) -> None:
    probe = generate()
    await probe(indexed())
    endpoint.replies = [Reply(text=many(endpoint.requests[0]))]
    event = outcome(await generate()(indexed()))
    by_model = [case for case in event.cases if case.provenance is Provenance.MODEL]
    assert len({case.condition for case in by_model}) == len(by_model) <= event.coverage.conditions


async def test_the_key_is_in_the_header_and_nowhere_else(
    generate: Callable[..., GenerateCases], endpoint: OpenAIDouble, indexed: Indexed
) -> None:
    await generate()(indexed())
    assert endpoint.keys[0] == CANARY
    assert CANARY not in json.dumps(endpoint.requests) + "".join(endpoint.paths)
