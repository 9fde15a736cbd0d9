import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from casewright_common.configuration import ConfigurationTables, ConfigurationView, require_project
from casewright_common.errors import NotConfiguredYetError
from casewright_common.events import (
    ConnectionConfiguredV1,
    ConnectionStatus,
    Event,
    ProjectConfiguredV1,
)
from casewright_common.settings import KafkaSettings
from casewright_common.topics import Topic
from casewright_standalone.engines.kafka import Kafka

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ORG, SITE = uuid4(), uuid4()


def connection(
    revision: int = 1, status: ConnectionStatus = ConnectionStatus.ACTIVE
) -> ConnectionConfiguredV1:
    return ConnectionConfiguredV1(
        event_id=uuid4(),
        occurred_at=NOW,
        org_id=ORG,
        connection_id=SITE,
        revision=revision,
        status=status,
        site_url="https://shop.example",
        account_email="integration@shop.example",
        account_id="account",
        credential_ref=uuid4(),
        webhook_secret_ref=uuid4(),
    )


def project(
    project_id: UUID, key: str, revision: int = 1, status: ConnectionStatus = ConnectionStatus.ACTIVE
) -> ProjectConfiguredV1:
    return ProjectConfiguredV1(
        event_id=uuid4(),
        occurred_at=NOW,
        org_id=ORG,
        project_id=project_id,
        connection_id=SITE,
        project_key=key,
        revision=revision,
        status=status,
    )


def test_the_latest_revision_holds_whatever_the_order() -> None:
    project_id = uuid4()
    view = ConfigurationView(project(project_id, "NEW", 2), project(project_id, "OLD", 1))
    assert view.project(SITE, "OLD") is None
    found = view.project(SITE, "NEW")
    assert found is not None
    assert found.revision == 2


def test_a_project_that_changes_its_key_is_found_by_the_new_one_only() -> None:
    project_id = uuid4()
    view = ConfigurationView(project(project_id, "OLD", 1), project(project_id, "NEW", 2))
    assert view.project(SITE, "OLD") is None
    assert [known.project_key for known in view.projects_of(SITE)] == ["NEW"]


def test_what_was_removed_is_not_found() -> None:
    project_id = uuid4()
    view = ConfigurationView(connection(), project(project_id, "SHOP"))
    view.apply(connection(2, ConnectionStatus.REMOVED))
    view.apply(project(project_id, "SHOP", 2, ConnectionStatus.REMOVED))
    assert view.connection(SITE) is None
    assert view.project(SITE, "SHOP") is None
    assert view.project_by_id(project_id) is None
    assert view.projects_of(SITE) == ()


def test_a_project_is_gone_with_its_connection_and_an_unknown_one_is_not() -> None:
    project_id = uuid4()
    view = ConfigurationView(project(project_id, "SHOP"))
    assert not view.is_removed(project_id)
    assert not view.is_removed(uuid4())
    view.apply(connection(2, ConnectionStatus.REMOVED))
    assert view.is_removed(project_id)


def test_a_project_that_is_not_known_yet_makes_a_message_wait() -> None:
    with pytest.raises(NotConfiguredYetError):
        require_project(ConfigurationView(), uuid4())


async def _make_topics(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    existing = set(await admin.list_topics())
    wanted = (Topic.CONNECTION_CONFIGURED, Topic.PROJECT_CONFIGURED)
    await admin.create_topics([NewTopic(name.value, 2, 1) for name in wanted if name.value not in existing])
    await admin.close()


@pytest.fixture
async def publish(kafka: str) -> AsyncIterator[Callable[[Topic, Event | bytes], object]]:
    await _make_topics(kafka)
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    await producer.start()

    async def send(topic: Topic, event: Event | bytes) -> None:
        value = event if isinstance(event, bytes) else event.model_dump_json().encode()
        key = b"bad" if isinstance(event, bytes) else event.partition_key.encode()
        await producer.send_and_wait(topic.value, value, key=key)

    yield send
    await producer.stop()


async def _eventually(condition: Callable[[], bool], within_s: float = 15) -> None:
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110  # the reader offers no event to wait for
            await asyncio.sleep(0.02)


@pytest.mark.connected
async def test_everything_published_before_is_known_when_the_reader_is_ready(
    kafka: str, publish: Callable[[Topic, Event | bytes], "asyncio.Future[None]"]
) -> None:
    project_id = uuid4()
    await publish(Topic.CONNECTION_CONFIGURED, connection())
    await publish(Topic.PROJECT_CONFIGURED, b"not json")
    await publish(Topic.PROJECT_CONFIGURED, project(project_id, "SHOP"))
    tables = ConfigurationTables(KafkaSettings(bootstrap_servers=kafka), service="ingest")
    assert tables.not_ready() is not None
    async with tables:
        await asyncio.wait_for(tables.wait(), 15)
        assert tables.not_ready() is None
        assert tables.connection(SITE) is not None
        assert require_project(tables, project_id).project_key == "SHOP"
        await publish(Topic.PROJECT_CONFIGURED, project(project_id, "STORE", 2))
        await _eventually(lambda: tables.project(SITE, "STORE") is not None)
    assert tables.not_ready() is not None


@pytest.mark.connected
async def test_a_broker_that_goes_and_comes_back_is_followed_again(
    kafka: str, kafka_broker: Kafka, publish: Callable[[Topic, Event | bytes], "asyncio.Future[None]"]
) -> None:
    settings = KafkaSettings(bootstrap_servers=kafka, request_timeout_s=3)
    async with ConfigurationTables(settings, service="ingest") as tables:
        await asyncio.wait_for(tables.wait(), 15)
        await asyncio.to_thread(kafka_broker.kill)
        await asyncio.sleep(2)
        assert tables.not_ready() is None, "the last known configuration holds"
        await asyncio.to_thread(kafka_broker.start)
        project_id = uuid4()
        await publish(Topic.PROJECT_CONFIGURED, project(project_id, "BACK"))
        await _eventually(lambda: tables.project_by_id(project_id) is not None, within_s=40)
