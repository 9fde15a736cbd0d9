"""What our layer adds to LiteLLM: CPU per call and per streamed chunk that somebody watches; calls for a hit.

Yardstick: a bare `litellm.acompletion` with the same arguments in the same process, in turn with ours. CPU is
the process's own; the endpoint and Redis run in processes of their own.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from pydantic import SecretStr
from redis.asyncio import Redis

from casewright_bench.figures import Figure
from casewright_bench.model_server import PIECES
from casewright_common.configuration import ConfigurationView
from casewright_common.events import (
    Criterion,
    CriterionOrigin,
    EngineSettings,
    ProjectConfiguredV1,
    Story,
    StoryChange,
    StoryIndexedV1,
)
from casewright_common.outbound import GuardedTransport
from casewright_generator.adapters.accounts import Accounts, Route
from casewright_generator.adapters.answer_cache import RedisAnswerCache
from casewright_generator.adapters.breaker import Breaker
from casewright_generator.adapters.calling import Calling
from casewright_generator.adapters.llm import LiteLLM, Question
from casewright_generator.adapters.marks import LocalMarks
from casewright_generator.adapters.model_writer import ModelWriter
from casewright_generator.adapters.progress import RedisProgress
from casewright_generator.adapters.prompts import Prompts
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.reading.analysis import analyse
from casewright_generator.service import Assignment
from casewright_generator.settings import ModelSettings, SystemKey
from casewright_generator.testing import CallsInMemory, OpenAIDouble, SecretsInMemory
from casewright_standalone.engines.redis import Redis as RedisEngine

_CALLS = 60
_STREAMS = 50
_ORG = UUID(int=1)
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_LEAST_OF_CALLS = 1 / 1.10
"""At most 10 % more CPU per call is at least so many of the yardstick's calls in the same CPU time."""
_LEAST_OF_CHUNKS = 1 / 1.30
_SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
_MESSAGES = [{"role": "system", "content": "Rules. " * 300}, {"role": "user", "content": "Story. " * 600}]


def measure(*, runs: int = 5) -> Sequence[Figure]:
    """Calls, then streams, then hits; each run of ours beside one of LiteLLM's."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # noqa: TID251  # read while it is imported
    with _endpoint() as address, _redis() as redis_url:
        return asyncio.run(_measure(address, redis_url, runs))


async def _measure(address: str, redis_url: str, runs: int) -> Sequence[Figure]:
    import litellm  # noqa: PLC0415, TID251  # the yardstick

    ours = LiteLLM(ModelSettings(), SecretsInMemory(), GuardedTransport(allow_private=True))
    route = Route("system", "bench", "openai/some", key=SecretStr("sk-bench"), api_base=address)
    redis = Redis.from_url(redis_url)
    progress = RedisProgress(redis, always=True)
    question = Question(_MESSAGES, _SCHEMA)
    wanted = {"name": "cases", "strict": True, "schema": _SCHEMA}
    bare: dict[str, Any] = {
        "model": "openai/some",
        "messages": _MESSAGES,
        "response_format": {"type": "json_schema", "json_schema": wanted},
        "max_tokens": 6000,
        "temperature": 0,
        "timeout": 90,
        "max_retries": 0,
        "api_key": "sk-bench",
        "api_base": address,
    }

    async def bare_call() -> None:
        await litellm.acompletion(**bare)

    async def our_call() -> None:
        await ours.complete(_ORG, route, question)

    async def bare_stream() -> None:
        stream = await litellm.acompletion(**bare, stream=True, stream_options={"include_usage": True})
        "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])

    async def our_stream() -> None:
        listener = await progress.listener(_assignment(), "write")
        await ours.complete(_ORG, route, question, on_text=listener)

    for warm in (our_call, bare_call, our_stream, bare_stream):
        await warm()
    calls = [(await _per_second(our_call, 1), await _per_second(bare_call, 1)) for _ in range(runs)]
    streams = [
        (await _per_second(our_stream, _STREAMS), await _per_second(bare_stream, _STREAMS))
        for _ in range(runs)
    ]
    asked = [await _calls_of_two(redis) for _ in range(runs)]
    await progress.close()
    await redis.aclose()
    await ours.close()
    return [
        _figure("our layer, a call", calls, "calls/s of CPU", _LEAST_OF_CALLS),
        _figure(
            f"{_STREAMS} streams watched live", streams, "chunks/s of CPU", _LEAST_OF_CHUNKS, times=PIECES
        ),
        Figure(
            name="the same story twice: calls of the model",
            samples=[1 / number for number in asked],
            yardstick="once",
            yardstick_samples=[1.0] * runs,
            unit="per call",
            least_ratio=1.0,
        ),
    ]


def _figure(
    name: str, pairs: Sequence[tuple[float, float]], unit: str, least: float, *, times: int = 1
) -> Figure:
    return Figure(
        name=name,
        samples=[ours * times for ours, _ in pairs],
        yardstick="bare litellm.acompletion",
        yardstick_samples=[bare * times for _, bare in pairs],
        unit=unit,
        least_ratio=least,
    )


async def _per_second(act: Callable[[], Awaitable[None]], at_once: int) -> float:
    """How often it can be done in a second of this process's CPU."""
    number = max(_CALLS, at_once) if at_once == 1 else at_once
    began = time.process_time()
    for _ in range(number // at_once):
        await asyncio.gather(*(act() for _ in range(at_once)))
    return number / (time.process_time() - began)


async def _calls_of_two(redis: Redis) -> int:
    """Calls for a story that is generated twice, by two replicas at the same time and once more later."""
    assignment = _assignment()
    project = ProjectConfiguredV1(
        event_id=uuid4(),
        occurred_at=_NOW,
        org_id=_ORG,
        project_id=assignment.story.project_id,
        connection_id=assignment.story.connection_id,
        project_key="SHOP",
        revision=1,
    )
    await redis.flushall()
    async with OpenAIDouble() as endpoint:
        key = SystemKey(provider="openai", key=SecretStr("sk-bench"), api_base=endpoint.url)
        settings = ModelSettings(keys=(key,))
        model = LiteLLM(settings, SecretsInMemory(), GuardedTransport(allow_private=True))
        configuration = ConfigurationView(project)

        def replica() -> ModelWriter:
            calls = CallsInMemory()
            breaker = Breaker(LocalMarks(), failures=5, open_s=30)
            calling = Calling(settings, model, calls, breaker=breaker, clock=lambda: _NOW)
            cache = RedisAnswerCache(redis, ttl_s=60, turn_s=60)
            prompts = Prompts(settings.prompt_versions, configuration)
            return ModelWriter(prompts, Accounts(configuration, settings), calling, calls, cache)

        await asyncio.gather(replica().write(assignment), replica().write(assignment))
        await replica().write(assignment)
        await model.close()
        return endpoint.connections


def _assignment() -> Assignment:
    text = "The password must have between 8 and 64 characters."
    story = StoryIndexedV1(
        event_id=uuid4(),
        occurred_at=_NOW,
        org_id=_ORG,
        connection_id=UUID(int=2),
        project_id=UUID(int=3),
        project_key="SHOP",
        issue_id="10001",
        issue_key="SHOP-1",
        change=StoryChange.CREATED,
        revision=1,
        content_hash="0" * 64,
        updated_at=_NOW,
        story=Story(
            title="Reset the password",
            text="As a customer I want to reset my password by mail.",
            criteria=(Criterion(id="AC-1", text=text, origin=CriterionOrigin.LIST),),
            issue_type="Story",
        ),
        collection="none",
    )
    planned = plan(analyse(story.story), max_cases=20)
    engine = EngineSettings(kind="model", model="openai/some")
    return Assignment(uuid4(), story, planned, planned, engine)


@contextmanager
def _endpoint() -> Iterator[str]:
    command = [sys.executable, "-m", "casewright_bench.model_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603  # ours
        if server.stdout is None:
            raise RuntimeError("the endpoint says nothing")
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


@contextmanager
def _redis() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        engine = RedisEngine(Path(folder))
        engine.start()
        try:
            yield engine.url
        finally:
            engine.stop()
