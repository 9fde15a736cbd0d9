"""The way of an event from a committed row to Kafka."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from fastapi import FastAPI
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from casewright_common.errors import UpstreamRejectedError, UpstreamUnavailableError
from casewright_common.events import EVENTS, ConnectionConfiguredV1, Event
from casewright_common.postgres import Database
from casewright_common.topics import Topic
from casewright_gateway.adapters.outbox_relay import OutboxRelay
from casewright_gateway.adapters.outbox_repository import append
from casewright_gateway.app import build
from casewright_gateway.settings import GatewaySettings
from casewright_standalone.engines.kafka import Kafka
from casewright_standalone.testing import ServiceDatabase

pytestmark = pytest.mark.connected

PATIENCE_S = 40.0
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARTITIONS = 3
Make = Callable[[httpx.AsyncClient], Awaitable[str]]
Connect = Callable[..., Awaitable[dict[str, Any]]]


def configured(connection_id: UUID, revision: int) -> ConnectionConfiguredV1:
    return ConnectionConfiguredV1(
        event_id=ConnectionConfiguredV1.derive_id(connection_id, revision),
        occurred_at=datetime.now(UTC),
        org_id=UUID(int=1),
        connection_id=connection_id,
        revision=revision,
        site_url="https://x.example.com",
        account_email="b@example.com",
        account_id="b",
        credential_ref=UUID(int=2),
        webhook_secret_ref=UUID(int=3),
    )


async def store(tables: Database, *events: Event) -> None:
    for event in events:
        async with tables.transaction(None) as connection:
            await append(connection, event)


async def backlog(tables: Database) -> int:
    async with tables.transaction(None) as connection:
        return int((await connection.execute(text("SELECT count(*) FROM outbox"))).scalar_one())


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await holds():  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.05)


async def drained(tables: Database) -> None:
    """Wait until everything has left the outbox."""

    async def gone() -> bool:
        return await backlog(tables) == 0

    await eventually(gone)


async def published(bootstrap: str, topic: Topic, key: str) -> list[Event]:
    """Every event with that key, in the order of its partition."""
    return [EVENTS[topic].model_validate_json(found.value) for found in await records(bootstrap, topic, key)]


async def records(bootstrap: str, topic: Topic, key: str) -> list[Any]:
    """Every record with that key, in the order of its partition."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        partitions = [TopicPartition(topic.value, number) for number in range(PARTITIONS)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        found: list[Any] = []
        for partition in partitions:
            while await consumer.position(partition) < ends[partition]:
                batch = await consumer.getmany(partition, timeout_ms=500)
                found += [record for record in batch.get(partition, []) if record.key == key.encode()]
        return found
    finally:
        await consumer.stop()


class Published:
    """Takes the place of `Delivery.publish`; fails as it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.failures: list[Exception] = []
        self.refused: set[str] = set()

    async def __call__(
        self,
        event: Event,
        *,
        topic: Topic | str | None = None,
        key: str | None = None,
        timeout_s: float | None = None,
    ) -> None:
        assert timeout_s is None
        assert topic in EVENTS
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop()
        if key in self.refused:
            raise UpstreamRejectedError("kafka", "never")
        self.events.append(event)

    def revisions(self, connection_id: UUID) -> list[int]:
        return [
            event.revision
            for event in self.events
            if isinstance(event, ConnectionConfiguredV1) and event.connection_id == connection_id
        ]


@pytest.fixture
async def empty(database: ServiceDatabase) -> None:
    admin = await asyncpg.connect(database.admin_url)
    await admin.execute("TRUNCATE gateway.outbox")
    await admin.close()


def relay_on(settings: GatewaySettings, publish: Published, *, poll_s: float = 0.1) -> OutboxRelay:
    return OutboxRelay(settings.direct_url, publish, poll_s=poll_s, registry=CollectorRegistry())


async def test_a_committed_change_reaches_kafka(
    kafka_settings: GatewaySettings,
    running: Callable[[FastAPI], Any],
    organisation: Make,
    connection: Connect,
    tables: Database,
) -> None:
    async with running(build(kafka_settings)) as client:
        made = await connection(client, await organisation(client))

        await drained(tables)
        [event] = await published(
            kafka_settings.kafka.bootstrap_servers, Topic.CONNECTION_CONFIGURED, made["id"]
        )
        assert isinstance(event, ConnectionConfiguredV1)
        assert (str(event.connection_id), event.revision) == (made["id"], 1)
        assert event.event_id == ConnectionConfiguredV1.derive_id(made["id"], 1)


@pytest.mark.usefixtures("empty")
async def test_a_change_that_is_rolled_back_is_never_told(
    settings: GatewaySettings, tables: Database
) -> None:
    publish, kept, lost = Published(), uuid4(), uuid4()

    async def fail() -> None:
        async with tables.transaction(None) as connection:
            await append(connection, configured(lost, 1))
            raise RuntimeError

    async with relay_on(settings, publish):
        with pytest.raises(RuntimeError):
            await fail()
        await store(tables, configured(kept, 1))

        await drained(tables)
    assert publish.revisions(kept) == [1]
    assert publish.revisions(lost) == []


@pytest.mark.usefixtures("empty")
async def test_a_notification_wakes_the_relay_long_before_it_would_look(
    settings: GatewaySettings, tables: Database
) -> None:
    publish, site = Published(), uuid4()
    async with relay_on(settings, publish, poll_s=30):
        await asyncio.sleep(0.5)
        await store(tables, configured(site, 1))
        async with asyncio.timeout(5):
            while not publish.revisions(site):  # noqa: ASYNC110  # there is no event to wait for
                await asyncio.sleep(0.02)


@pytest.mark.usefixtures("empty")
async def test_events_of_one_key_stay_in_order_while_publishing_fails_now_and_then(
    settings: GatewaySettings, tables: Database
) -> None:
    publish, sites = Published(), [uuid4() for _ in range(5)]
    await store(tables, *(configured(site, revision) for revision in range(1, 21) for site in sites))
    publish.failures = [UpstreamUnavailableError("kafka", "away") for _ in range(7)]
    async with relay_on(settings, publish):
        await drained(tables)
    for site in sites:
        assert publish.revisions(site) == list(range(1, 21))


@pytest.mark.usefixtures("empty")
async def test_an_event_that_kafka_refuses_holds_up_its_own_key_only(
    settings: GatewaySettings, tables: Database
) -> None:
    publish, bad, good = Published(), uuid4(), uuid4()
    publish.refused.add(str(bad))
    async with relay_on(settings, publish):
        await store(tables, *(configured(bad, number) for number in range(1, 4)), configured(good, 1))

        async def arrived() -> bool:
            return publish.revisions(good) == [1]

        await eventually(arrived)
        await store(tables, configured(good, 2))
        await asyncio.sleep(1)
        assert publish.revisions(good) == [1, 2]
        assert await backlog(tables) == 3
        publish.refused.clear()

        await drained(tables)
    assert publish.revisions(bad) == [1, 2, 3]


async def test_changes_are_told_in_the_order_of_their_commits(
    kafka_settings: GatewaySettings,
    running: Callable[[FastAPI], Any],
    organisation: Make,
    connection: Connect,
    tables: Database,
) -> None:
    async with running(build(kafka_settings)) as client:
        base = await organisation(client)
        made = await connection(client, base)
        path = f"{base}/connections/{made['id']}"

        async def keep_changing(name: str) -> None:
            for number in range(10):
                revision = (await client.get(path)).headers["ETag"]
                await client.patch(
                    path, json={"account_id": f"{name}-{number}"}, headers={"If-Match": revision}
                )

        await asyncio.gather(*(keep_changing(name) for name in "abcd"))
        last = (await client.get(path)).json()

        await drained(tables)
        events = await published(
            kafka_settings.kafka.bootstrap_servers, Topic.CONNECTION_CONFIGURED, made["id"]
        )
    revisions = [event.revision for event in events if isinstance(event, ConnectionConfiguredV1)]
    assert revisions == list(range(1, last["revision"] + 1))
    assert len(revisions) > 10


async def trace_of(settings: GatewaySettings, tables: Database, connection_id: str) -> dict[str, str]:
    """Headers of the one event about a connection that carry its trace."""

    await drained(tables)
    [record] = await records(settings.kafka.bootstrap_servers, Topic.CONNECTION_CONFIGURED, connection_id)
    return {name: value.decode() for name, value in record.headers if name.startswith("trace")}


async def test_an_event_belongs_to_the_trace_of_the_request_that_caused_it(
    kafka_settings: GatewaySettings,
    running: Callable[[FastAPI], Any],
    organisation: Make,
    connection: Connect,
    tables: Database,
) -> None:
    async with running(build(kafka_settings)) as client:
        base = await organisation(client)
        client.headers["traceparent"] = f"00-{TRACE}-b7ad6b7169203331-01"
        client.headers["tracestate"] = "shop=7"
        traced = await connection(client, base)
        del client.headers["traceparent"], client.headers["tracestate"]
        untraced = await connection(client, base)
        assert await trace_of(kafka_settings, tables, traced["id"]) == {
            "traceparent": f"00-{TRACE}-b7ad6b7169203331-01",
            "tracestate": "shop=7",
        }
        assert await trace_of(kafka_settings, tables, untraced["id"]) == {}


async def test_request_and_publication_are_spans_of_one_trace(
    kafka_settings: GatewaySettings,
    running: Callable[[FastAPI], Any],
    organisation: Make,
    connection: Connect,
    tables: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    async with running(build(kafka_settings)) as client:
        base = await organisation(client)
        client.headers["traceparent"] = f"00-{TRACE}-b7ad6b7169203331-01"
        made = await connection(client, base)
        carried = await trace_of(kafka_settings, tables, made["id"])
        await client.get("/livez")
    by_name = {span.name: span for span in spans.get_finished_spans()}
    request = by_name["POST /api/v1/organisations/{organisation_id}/connections"]
    sent = by_name["send connection.configured.v1"]
    assert request.context is not None
    assert sent.context is not None
    assert f"{request.context.trace_id:032x}" == f"{sent.context.trace_id:032x}" == TRACE
    assert sent.parent is not None
    assert sent.parent.span_id == request.context.span_id
    assert carried["traceparent"] == f"00-{TRACE}-{sent.context.span_id:016x}-01"
    assert request.attributes is not None
    assert request.attributes["http.response.status_code"] == httpx.codes.CREATED
    assert not [name for name in by_name if "livez" in name]


async def test_nothing_is_lost_while_kafka_is_down(
    kafka_settings: GatewaySettings,
    kafka_broker: Kafka,
    running: Callable[[FastAPI], Any],
    organisation: Make,
    connection: Connect,
    tables: Database,
) -> None:
    async with running(build(kafka_settings)) as client:
        base = await organisation(client)
        made = await connection(client, base)
        path = f"{base}/connections/{made['id']}"

        await drained(tables)
        await asyncio.to_thread(kafka_broker.stop)
        try:
            for revision in (1, 2, 3):
                answer = await client.patch(
                    path, json={"account_id": f"v{revision}"}, headers={"If-Match": f'"{revision}"'}
                )
                assert answer.status_code == 200
            await asyncio.sleep(1)
            assert await backlog(tables) == 3
        finally:
            await asyncio.to_thread(kafka_broker.start)
        await drained(tables)
        events = await published(
            kafka_settings.kafka.bootstrap_servers, Topic.CONNECTION_CONFIGURED, made["id"]
        )
    in_order = list(dict.fromkeys(e.revision for e in events if isinstance(e, ConnectionConfiguredV1)))
    assert in_order == [1, 2, 3, 4]


KILLED = """
import asyncio, os, signal, sys
from casewright_gateway.adapters.outbox_relay import OutboxRelay
from prometheus_client import CollectorRegistry

async def publish(event, *, topic=None, key=None, timeout_s=None):
    print(event.event_id, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

async def main():
    async with OutboxRelay(sys.argv[1], publish, poll_s=0.1, registry=CollectorRegistry()):
        await asyncio.sleep(30)

asyncio.run(main())
"""


@pytest.mark.usefixtures("empty")
async def test_a_relay_that_is_killed_before_it_deletes_leaves_the_same_event_to_the_next(
    settings: GatewaySettings, tables: Database
) -> None:
    site = uuid4()
    await store(tables, configured(site, 1), configured(site, 2))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, settings.direct_url, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode == -signal.SIGKILL
    publish = Published()
    async with relay_on(settings, publish):
        await drained(tables)
    assert publish.revisions(site) == [1, 2]
    assert str(publish.events[0].event_id) == out.decode().strip()


@pytest.mark.usefixtures("empty")
async def test_of_two_relays_one_publishes_and_the_other_takes_over(
    settings: GatewaySettings, tables: Database
) -> None:
    first, second, site = Published(), Published(), uuid4()

    async with relay_on(settings, first) as leader:
        await store(tables, configured(site, 1))
        await drained(tables)
        async with relay_on(settings, second):
            await store(tables, *(configured(site, revision) for revision in range(2, 10)))
            await drained(tables)
            assert second.events == []
            await leader.__aexit__(None, None, None)
            await store(tables, configured(site, 10))
            await drained(tables)
    assert first.revisions(site) == list(range(1, 10))
    assert second.revisions(site) == [10]


@pytest.mark.usefixtures("empty")
async def test_a_relay_whose_session_is_ended_begins_another(
    settings: GatewaySettings, tables: Database, database: ServiceDatabase
) -> None:
    publish, site = Published(), uuid4()

    async with relay_on(settings, publish):
        await store(tables, configured(site, 1))
        await drained(tables)
        admin = await asyncpg.connect(database.admin_url)
        ended = await admin.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'casewright-gateway-relay' AND datname = current_database()"
        )
        await admin.close()
        assert len(ended) == 1
        await store(tables, configured(site, 2))
        await drained(tables)
    assert publish.revisions(site) == [1, 2]


@pytest.mark.usefixtures("empty")
async def test_everything_can_be_told_again(
    client: httpx.AsyncClient, organisation: Make, project: Connect, tables: Database
) -> None:
    base = await organisation(client)
    made = await project(client, base)
    removed = await project(client, base)
    await client.delete(f"{base}/projects/{removed['id']}")
    before = await _bodies(tables)
    answer = await client.post("/api/v1/admin/configuration/republish")
    assert answer.status_code == 202
    after = await _bodies(tables)
    again = after[len(before) :]
    assert len(again) == answer.json()["connections"] + answer.json()["projects"]
    newest = {(topic, key): body for topic, key, body in before}
    told = {(topic, key): body for topic, key, body in again}
    assert told.items() >= newest.items()
    assert (Topic.PROJECT_CONFIGURED.value, made["id"]) in told
    assert '"status":"removed"' in told[Topic.PROJECT_CONFIGURED.value, removed["id"]]


async def _bodies(tables: Database) -> list[tuple[str, str, str]]:
    async with tables.transaction(None) as connection:
        rows = await connection.execute(text("SELECT topic, key, body FROM outbox ORDER BY id"))
        return [(row.topic, row.key, row.body) for row in rows]
