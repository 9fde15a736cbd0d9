import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from faststream.kafka import KafkaRouter
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from casewright_common.delivery import consumer
from casewright_common.errors import UpstreamUnavailableError
from casewright_common.events import StoryIndexedV1
from casewright_common.runtime import Runtime
from casewright_common.settings import KafkaSettings, PostgresSettings, ServiceSettings
from casewright_common.topics import Topic


def settings(bootstrap: str = "127.0.0.1:1") -> ServiceSettings:
    return ServiceSettings(
        kafka=KafkaSettings(bootstrap_servers=bootstrap, request_timeout_s=2),
        postgres=PostgresSettings(url=SecretStr("postgresql://casewright_generator:x@127.0.0.1/x")),
    )


@asynccontextmanager
async def running(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    async def hello(_request: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    app = runtime.app([Route("/hello", hello)])
    async with (
        runtime.lifespan(),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client,
    ):
        yield client


async def test_without_kafka_a_service_lives_is_not_ready_and_says_why() -> None:
    async with running(Runtime("generator", settings())) as client:
        assert (await client.get("/livez")).status_code == 200
        assert (await client.get("/hello")).text == "hello"
        async with asyncio.timeout(30):
            while "no connection" not in (answer := await client.get("/readyz")).text:  # noqa: ASYNC110  # there is no event
                await asyncio.sleep(0.05)
        assert answer.status_code == 503
        why = "kafka is unavailable: no connection to 127.0.0.1:1"
        assert answer.json() == {
            "ready": False,
            "reasons": {"start": f"the consumers are not started yet: {why}"},
        }


async def test_metrics_are_those_of_this_service_alone() -> None:
    async with running(Runtime("generator", settings())) as client:
        answer = await client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "process_resident_memory_bytes" in answer.text


@pytest.mark.connected
async def test_a_service_is_ready_when_its_consumers_consume_and_its_checks_pass(kafka: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    if Topic.STORY_INDEXED.value not in await admin.list_topics():
        await admin.create_topics([NewTopic(Topic.STORY_INDEXED.value, 2, 1)])
    await admin.close()
    router = KafkaRouter()

    @router.subscriber(Topic.STORY_INDEXED.value, **consumer("runtime-test", Topic.STORY_INDEXED))
    async def on_story_indexed(story: StoryIndexedV1) -> None:
        raise AssertionError(story.issue_key)

    runtime = Runtime("generator", settings(kafka))
    runtime.delivery.broker.include_router(router)
    away = True

    async def ping() -> None:
        if away:
            raise UpstreamUnavailableError("postgres", "gone")

    runtime.check("postgres", ping)
    closed: list[str] = []

    async def close() -> None:  # what on_close takes
        closed.append("database")

    @asynccontextmanager
    async def resource() -> AsyncIterator[None]:
        yield
        closed.append("resource")

    runtime.on_close(close)
    runtime.resource(resource())
    async with running(runtime) as client, asyncio.timeout(30):
        while (reasons := (await client.get("/readyz")).json()["reasons"]) != {
            "postgres": "postgres is unavailable: gone"
        }:
            assert "postgres" in reasons
            await asyncio.sleep(0.1)
        away = False
        while (await client.get("/readyz")).status_code != 200:  # noqa: ASYNC110  # there is no event
            await asyncio.sleep(0.1)
    assert closed == ["resource", "database"]
