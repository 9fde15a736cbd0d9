"""The whole service on real engines: webhook in, `story.changed.v1` out."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pydantic import SecretStr
from starlette.routing import Router

from casewright_common.events import (
    ConnectionConfiguredV1,
    Event,
    IssueReceivedV1,
    ProjectConfiguredV1,
    StoryChangedV1,
)
from casewright_common.postgres import Database
from casewright_common.settings import KafkaSettings, VaultSettings
from casewright_common.topics import SPECS, Topic
from casewright_common.vault import SecretKind, Vault
from casewright_ingest.app import build
from casewright_ingest.settings import IngestSettings
from casewright_standalone.engines.kafka import Kafka
from casewright_standalone.testing import ServiceDatabase

pytestmark = pytest.mark.connected

PATIENCE_S = 40
MASTER_KEYS = VaultSettings(master_keys=SecretStr("k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="))
Signed = Callable[..., tuple[bytes, dict[str, str]]]
Webhook = Callable[..., dict[str, Any]]
Received = Callable[..., IssueReceivedV1]


@dataclass
class Stack:
    """The running service, and both ends of Kafka."""

    kafka: str
    connection: ConnectionConfiguredV1
    project: ProjectConfiguredV1
    producer: AIOKafkaProducer
    changed: AIOKafkaConsumer
    parked: AIOKafkaConsumer
    client: httpx.AsyncClient
    late: list[StoryChangedV1] = field(default_factory=list)

    async def put(self, topic: Topic, event: Event) -> None:
        await self.producer.send_and_wait(
            topic, event.model_dump_json().encode(), key=event.partition_key.encode()
        )

    async def next_change(self, issue_key: str) -> StoryChangedV1:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for seen in self.late:
                    if seen.issue_key == issue_key:
                        self.late.remove(seen)
                        return seen
                record = await self.changed.getone()
                assert record.value is not None
                self.late.append(StoryChangedV1.model_validate_json(record.value))

    async def post(self, signed: Signed, body: dict[str, Any], identifier: str) -> int:
        raw, headers = signed(body, b"flow-secret")
        headers["X-Atlassian-Webhook-Identifier"] = identifier
        answer = await self.client.post(
            f"/webhooks/jira/{self.connection.connection_id}", content=raw, headers=headers
        )
        return answer.status_code


@asynccontextmanager
async def started(app: Router) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        app.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ingest") as client,
    ):
        async with asyncio.timeout(PATIENCE_S):
            while (await client.get("/readyz")).status_code != httpx.codes.OK:  # noqa: ASYNC110  # no event
                await asyncio.sleep(0.1)
        yield client


async def make_topics(kafka: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        there = set(await admin.list_topics())
        wanted = {topic.value for topic in SPECS} | {topic.dead_letters for topic in SPECS}
        await admin.create_topics([NewTopic(name, 2, 1) for name in sorted(wanted - there)])
    finally:
        await admin.close()


@pytest.fixture
async def stack(
    kafka: str,
    service_database: Callable[[str], ServiceDatabase],
    connection: ConnectionConfiguredV1,
    project: ProjectConfiguredV1,
) -> AsyncIterator[Stack]:
    await make_topics(kafka)
    databases = service_database("ingest")
    gateway = Database(databases.settings("gateway"), service="gateway")
    secret_ref = await Vault(gateway, MASTER_KEYS).put(
        org_id=connection.org_id, kind=SecretKind.WEBHOOK_SECRET, value=SecretStr("flow-secret")
    )
    await gateway.close()
    site = uuid4()
    connection = connection.model_copy(update={"connection_id": site, "webhook_secret_ref": secret_ref})
    project = project.model_copy(update={"connection_id": site, "project_id": uuid4()})
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    topic = Topic.STORY_CHANGED
    changed = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="latest")
    parked = AIOKafkaConsumer(
        Topic.ISSUE_RECEIVED.dead_letters, bootstrap_servers=kafka, auto_offset_reset="latest"
    )
    settings = IngestSettings(
        kafka=KafkaSettings(bootstrap_servers=kafka),
        postgres=databases.settings("ingest"),
        vault=MASTER_KEYS,
    )
    await producer.start()
    await changed.start()
    await parked.start()
    await changed.seek_to_end()
    await parked.seek_to_end()
    try:
        await producer.send_and_wait(
            Topic.CONNECTION_CONFIGURED, connection.model_dump_json().encode(), key=b"connection"
        )
        await producer.send_and_wait(
            Topic.PROJECT_CONFIGURED, project.model_dump_json().encode(), key=b"project"
        )
        async with started(build(settings)) as client:
            yield Stack(kafka, connection, project, producer, changed, parked, client)
    finally:
        await producer.stop()
        await changed.stop()
        await parked.stop()


async def test_a_webhook_becomes_a_revision_and_its_repetition_the_same_one(
    stack: Stack, webhook: Webhook, signed: Signed
) -> None:
    assert await stack.post(signed, webhook("jira:issue_created"), "one") == httpx.codes.OK
    first = await stack.next_change("SHOP-1")
    assert (first.revision, first.change, first.project_id) == (1, "created", stack.project.project_id)
    assert [criterion.text for criterion in first.story.criteria] == [
        "A mail with a link is sent.",
        "The link expires after 30 minutes.",
    ]
    assert await stack.post(signed, webhook("jira:issue_created"), "one") == httpx.codes.OK
    assert await stack.next_change("SHOP-1") == first
    edited = webhook(summary="Reset a forgotten password", updated="2026-11-23T13:30:00.000+0000")
    assert await stack.post(signed, edited, "two") == httpx.codes.OK
    second = await stack.next_change("SHOP-1")
    assert (second.revision, second.change) == (2, "updated")
    deleted = webhook("jira:issue_deleted", {"timestamp": 1_795_440_900_000})
    assert await stack.post(signed, deleted, "three") == httpx.codes.OK
    third = await stack.next_change("SHOP-1")
    assert (third.revision, third.change, third.story) == (3, "removed", second.story)
    metrics = (await stack.client.get("/metrics")).text
    assert "casewright_ingest_webhooks_accepted_total 4.0" in metrics
    assert 'casewright_ingest_issues_total{outcome="repeated"} 1.0' in metrics


async def test_a_message_that_is_no_issue_is_parked_and_its_neighbours_go_on(
    stack: Stack, received: Received
) -> None:
    key = f"{stack.connection.org_id}/SHOP-2".encode()
    await stack.producer.send_and_wait(Topic.ISSUE_RECEIVED, b'{"event_id": 7}', key=key)
    event = received(connection_id=stack.connection.connection_id, issue_id="2", issue_key="SHOP-2")
    await stack.put(Topic.ISSUE_RECEIVED, event)
    assert (await stack.next_change("SHOP-2")).caused_by == event.event_id
    async with asyncio.timeout(PATIENCE_S):
        record = await stack.parked.getone()
    assert record.value == b'{"event_id": 7}'


async def test_an_issue_waits_for_its_project_to_be_configured(stack: Stack, received: Received) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    event = received(
        connection_id=stack.connection.connection_id,
        issue_id="3",
        issue_key="NEW-3",
        project_key="NEW",
        occurred_at=datetime.now(UTC),
    )
    await stack.put(Topic.ISSUE_RECEIVED, event)
    other = received(connection_id=stack.connection.connection_id, issue_id="4", issue_key="SHOP-4")
    await stack.put(Topic.ISSUE_RECEIVED, other)
    assert (await stack.next_change("SHOP-4")).revision == 1
    new = stack.project.model_copy(update={"project_key": "NEW", "project_id": UUID(int=99)})
    await stack.put(Topic.PROJECT_CONFIGURED, new)
    assert (await stack.next_change("NEW-3")).project_id == UUID(int=99)


async def test_the_broker_stops_and_no_webhook_is_answered_with_success_until_it_is_back(
    stack: Stack, kafka_broker: Kafka, webhook: Webhook, signed: Signed
) -> None:
    kafka_broker.stop()
    assert await stack.post(signed, webhook(), "while away") == httpx.codes.SERVICE_UNAVAILABLE
    kafka_broker.start()
    async with asyncio.timeout(PATIENCE_S):
        while await stack.post(signed, webhook(), "back") != httpx.codes.OK:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.5)
    assert (await stack.next_change("SHOP-1")).revision == 1
