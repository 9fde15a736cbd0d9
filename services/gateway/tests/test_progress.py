"""A generation is watched live: told in order, resumed, ended, and refused clearly without Redis."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from casewright_common.errors import UpstreamUnavailableError
from casewright_common.events import GenerationRequestedV1
from casewright_common.postgres import Database
from casewright_common.runtime import server
from casewright_common.settings import HttpSettings
from casewright_gateway.adapters.progress_stream import RedisProgressSource
from casewright_gateway.adapters.story_repository import PostgresStories
from casewright_gateway.app import build
from casewright_gateway.domain.records import Run
from casewright_gateway.service.progress import Pace, Progress, ProgressSource, WatchGeneration, WatchStory
from casewright_gateway.service.read_model import KeepReadModel
from casewright_gateway.service.stories import Stories
from casewright_gateway.settings import GatewaySettings, RedisSettings
from casewright_gateway.testing import KnownStory, draft

pytestmark = pytest.mark.connected

Known = Callable[..., Awaitable[tuple[str, KnownStory]]]
PATIENCE_S = 20.0
UNDER_WAY = Run(
    id=uuid4(),
    story_id=uuid4(),
    project_id=uuid4(),
    issue_key="SHOP-1",
    outcome="running",
    requested_by=None,
    requested_at=datetime(2026, 3, 1, tzinfo=UTC),
    revision=None,
    generation=None,
    case_count=0,
    engine=None,
    coverage=None,
    failure_code=None,
    failure_detail=None,
    started_at=None,
    finished_at=None,
    sync_outcome=None,
    targets=(),
    synced_at=None,
    created_at=datetime(2026, 3, 1, tzinfo=UTC),
)


@pytest.fixture
async def valkey(redis: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis, decode_responses=True)
    yield client
    await client.aclose()


@pytest.fixture
async def watching(settings: GatewaySettings, redis: str, running: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Of a gateway that has a Redis."""
    chosen = settings.model_copy(update={"redis": RedisSettings(url=SecretStr(redis))})
    async with running(build(chosen)) as client:
        yield client


def events_in(body: str) -> list[tuple[str, dict[str, Any], str | None]]:
    """Name, data and id of each event."""
    found = []
    for block in body.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"]), fields.get("id")))
    return found


async def requested(client: httpx.AsyncClient, base: str, story: KnownStory) -> tuple[str, str]:
    """Id of a run, and what its stream is called after."""
    run = (await client.post(f"{base}/generations", json={"issue_key": story.issue_key})).json()["id"]
    return run, f"{story.org_id}:{GenerationRequestedV1.derive_id(UUID(run))}"


async def watched(valkey: Redis, name: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await valkey.exists(f"casewright:watch:{name}"):  # noqa: ASYNC110  # no event to wait for
            await asyncio.sleep(0.02)


async def test_what_the_generator_tells_is_sent_in_order_until_the_run_is_over(
    watching: httpx.AsyncClient, known: Known, keep: KeepReadModel, valkey: Redis
) -> None:
    base, story = await known(watching)
    run, name = await requested(watching, base, story)
    asked = asyncio.create_task(watching.get(f"{base}/generations/{run}/events"))
    await watched(valkey, name)
    assert 0 < await valkey.ttl(f"casewright:watch:{name}") <= 30
    told = [("retrieve", ""), ("write", '{"cases":\n [\u2028'), ("write", "…]}"), ("store", "")]
    for stage, text in told:
        await valkey.xadd(f"casewright:progress:{name}", {"stage": stage, "text": text})
    await keep.cases_generated(story.generated(1, draft(1), request_id=UUID(run)))
    answer = await asyncio.wait_for(asked, PATIENCE_S)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    *progress, (last, shown, _) = events_in(answer.text)
    assert [(event, data["stage"], data["text"]) for event, data, _ in progress] == [
        ("progress", *each) for each in told
    ]
    assert (last, shown["outcome"], shown["case_count"]) == ("run", "cases", 1)


async def test_each_event_is_on_its_way_at_once(
    settings: GatewaySettings,
    client: httpx.AsyncClient,
    known: Known,
    keep: KeepReadModel,
    valkey: Redis,
    redis: str,
) -> None:
    base, story = await known(client)
    run, name = await requested(client, base, story)
    chosen = settings.model_copy(
        update={
            "redis": RedisSettings(url=SecretStr(redis)),
            "http": HttpSettings(host="127.0.0.1", port=0),
        }
    )
    serving = server(build(chosen), chosen)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    async with asyncio.timeout(PATIENCE_S):
        while not serving.started:  # noqa: ASYNC110  # no event to wait for
            await asyncio.sleep(0.02)
    port = serving.servers[0].sockets[0].getsockname()[1]
    address = f"http://127.0.0.1:{port}{base}/generations/{run}/events"
    try:
        async with (
            asyncio.timeout(PATIENCE_S),
            httpx.AsyncClient(headers=client.headers) as far,
            far.stream("GET", address) as answer,
        ):
            lines = answer.aiter_lines()
            assert await anext(lines) == "retry: 2000"
            for number in range(3):
                await valkey.xadd(f"casewright:progress:{name}", {"stage": "write", "text": str(number)})
                while not (line := await anext(lines)).startswith("data: "):
                    pass
                assert json.loads(line.removeprefix("data: "))["text"] == str(number)
            await keep.cases_generated(story.generated(1, draft(1), request_id=UUID(run)))
            assert "event: run" in [line async for line in lines]
    finally:
        serving.should_exit = True
        await asyncio.to_thread(thread.join, PATIENCE_S)


async def test_a_watcher_goes_on_after_the_last_event_that_it_saw(
    watching: httpx.AsyncClient, known: Known, keep: KeepReadModel, valkey: Redis
) -> None:
    base, story = await known(watching)
    run, name = await requested(watching, base, story)
    ids = [
        str(await valkey.xadd(f"casewright:progress:{name}", {"stage": "write", "text": str(number)}))
        for number in range(3)
    ]
    await keep.cases_generated(story.generated(1, draft(1), request_id=UUID(run)))
    path = f"{base}/generations/{run}/events"
    everything = events_in((await watching.get(path)).text)
    assert [event_id for _, _, event_id in everything] == [*ids, None]
    rest = events_in((await watching.get(path, headers={"Last-Event-ID": ids[1]})).text)
    assert [event_id for _, _, event_id in rest] == [ids[2], None]
    wrong = await watching.get(path, headers={"Last-Event-ID": "x"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "Last-Event-ID:")
    assert (await watching.get(f"{base}/generations/{uuid4()}/events")).status_code == 404


async def test_a_run_that_nobody_asked_for_is_told_as_it_ended(
    watching: httpx.AsyncClient, known: Known, keep: KeepReadModel
) -> None:
    base, story = await known(watching)
    await keep.cases_generated(story.generated(1, draft(1)))
    [run] = (await watching.get(f"{base}/runs")).json()["items"]
    [(name, shown, _)] = events_in((await watching.get(f"{base}/generations/{run['id']}/events")).text)
    assert (name, shown) == ("run", run)


async def test_without_redis_the_refusal_says_so(
    client: httpx.AsyncClient, known: Known, keep: KeepReadModel
) -> None:
    base, story = await known(client)
    run, _ = await requested(client, base, story)
    path = f"{base}/generations/{run}/events"
    refused = await client.get(path)
    assert (refused.status_code, refused.json()["code"]) == (503, "progress_unavailable")
    assert "Redis" in refused.json()["detail"]
    await keep.cases_generated(story.generated(1, draft(1), request_id=UUID(run)))
    [(name, _, _)] = events_in((await client.get(path)).text)
    assert name == "run"


async def test_a_redis_that_is_away_is_a_503_before_and_a_problem_within(
    settings: GatewaySettings, running: Any, known: Known, valkey: Redis, redis: str
) -> None:
    away = settings.model_copy(
        update={"redis": RedisSettings(url=SecretStr("redis://127.0.0.1:9"), timeout_s=0.5)}
    )
    async with running(build(away)) as client:
        base, story = await known(client)
        run, _ = await requested(client, base, story)
        refused = await client.get(f"{base}/generations/{run}/events")
        assert (refused.status_code, refused.json()["code"]) == (503, "upstream_unavailable")
    here = settings.model_copy(update={"redis": RedisSettings(url=SecretStr(redis))})
    async with running(build(here)) as client:
        run, name = await requested(client, base, story)
        asked = asyncio.create_task(client.get(f"{base}/generations/{run}/events"))
        await watched(valkey, name)
        # What can't be read as a stream stands for any failure in the middle.
        await valkey.set(f"casewright:progress:{name}", "no stream")
        [(event, data, _)] = events_in((await asyncio.wait_for(asked, PATIENCE_S)).text)
    assert (event, data["code"], data["status"]) == ("problem", "upstream_unavailable", 503)


async def test_a_redis_that_does_not_answer_is_given_up_in_time() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    source = RedisProgressSource(f"redis://127.0.0.1:{port}", timeout_s=0.2)
    try:
        async with asyncio.timeout(PATIENCE_S):
            with pytest.raises(UpstreamUnavailableError):
                await source.watch(uuid4(), str(uuid4()))
            with pytest.raises(UpstreamUnavailableError):
                await source.read(uuid4(), str(uuid4()), after="0", wait_s=0.1)
    finally:
        await source.close()
        server.close()


async def test_a_read_waits_for_what_comes_and_no_longer(redis: str, valkey: Redis) -> None:
    org_id, cause_id = uuid4(), str(uuid4())
    source = RedisProgressSource(redis, timeout_s=1)
    try:
        assert await source.read(org_id, cause_id, after="0", wait_s=0.05) == []
        reading = asyncio.create_task(source.read(org_id, cause_id, after="0", wait_s=10))
        await asyncio.sleep(0.05)
        entry = await valkey.xadd(f"casewright:progress:{org_id}:{cause_id}", {"stage": "write", "text": "x"})
        found = await asyncio.wait_for(reading, 5)
        assert found == [Progress(id=str(entry), stage="write", text="x")]
    finally:
        await source.close()


async def test_a_watcher_that_goes_away_leaves_nothing_to_the_next(redis: str, valkey: Redis) -> None:
    org_id, left, other = uuid4(), str(uuid4()), str(uuid4())
    source = RedisProgressSource(redis, timeout_s=1)
    try:
        for _ in range(3):
            reading = asyncio.create_task(source.read(org_id, left, after="0", wait_s=10))
            await asyncio.sleep(0.05)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
        await valkey.xadd(f"casewright:progress:{org_id}:{left}", {"stage": "write", "text": "theirs"})
        await source.watch(org_id, other)
        assert await source.read(org_id, other, after="0", wait_s=0.05) == []
        assert await valkey.get(f"casewright:watch:{org_id}:{other}") == "1"
    finally:
        await source.close()


async def test_a_story_is_watched_through_all_its_generations_whatever_set_them_off(
    client: httpx.AsyncClient, known: Known, keep: KeepReadModel, valkey: Redis, redis: str, tables: Database
) -> None:
    _, story = await known(client)
    await keep.story_changed(story.changed(1))
    await keep.cases_generated(story.generated(1, draft(1)))
    name = f"{story.org_id}:{story.connection_id}:{story.issue_id}"

    async def tell(text: str) -> None:
        await valkey.xadd(f"casewright:progress:{name}", {"stage": "write", "text": text})

    await tell("long ago")
    await asyncio.sleep(0.01)
    source = RedisProgressSource(redis, timeout_s=1)
    watch = WatchStory(
        PostgresStories(tables), source, time.monotonic, Pace(wait_s=0.2, renew_s=0.3, longest_s=3)
    )

    async def followed(after: str | None) -> list[Progress | Run | None]:
        return [each async for each in await watch.open(story.org_id, story.id, after=after)]

    asked = asyncio.create_task(followed(None))
    await watched(valkey, name)
    await asyncio.sleep(0.1)
    for generation, texts in ((2, ("a", "b")), (3, ("c",))):
        for text in texts:
            await tell(text)
        await keep.cases_generated(story.generated(generation, draft(1)))
        await asyncio.sleep(0.8)
    found = await asyncio.wait_for(asked, PATIENCE_S)
    told = [each for each in found if each is not None]
    assert [each.text if isinstance(each, Progress) else each.generation for each in told] == [
        *("a", "b", 2),
        *("c", 3),
    ]
    assert None in found
    assert isinstance(told[1], Progress)
    resumed = [each for each in await followed(told[1].id) if each is not None]
    assert [each.text for each in resumed if isinstance(each, Progress)] == ["c"]
    await source.close()


async def test_a_story_that_is_unknown_and_a_gateway_without_redis_refuse_to_watch(
    client: httpx.AsyncClient, watching: httpx.AsyncClient, known: Known, keep: KeepReadModel
) -> None:
    base, story = await known(watching)
    await keep.story_changed(story.changed(1))
    assert (await watching.get(f"{base}/stories/{uuid4()}/events")).status_code == 404
    refused = await client.get(f"{base}/stories/{story.id}/events")
    assert (refused.status_code, refused.json()["code"]) == (503, "progress_unavailable")


async def test_a_watcher_that_leaves_breaks_off_no_query() -> None:
    asked, ended = asyncio.Event(), asyncio.Event()

    class Slow:
        async def run(self, *_: UUID) -> Run:
            asked.set()
            await asyncio.sleep(0.05)
            ended.set()
            return UNDER_WAY

    class Silent:
        async def read(self, *_: object, **__: object) -> list[Progress]:
            return []

    watch = WatchGeneration(cast("Stories", Slow()), cast("ProgressSource", Silent()), time.monotonic)
    leaving = asyncio.create_task(_all(watch.follow(uuid4(), UNDER_WAY, after="0")))
    await asked.wait()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert not ended.is_set()
    await asyncio.wait_for(ended.wait(), PATIENCE_S)


async def _all(told: AsyncIterator[Progress | Run | None]) -> list[Progress | Run | None]:
    return [each async for each in told]
