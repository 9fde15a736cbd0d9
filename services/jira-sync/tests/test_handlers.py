"""The consumer's four promises, on a real Kafka and over the simulator."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from prometheus_client import CollectorRegistry

from casewright_common.delivery import Delivery
from casewright_common.events import CasesSyncedV1
from casewright_common.settings import KafkaSettings
from casewright_common.testing import make_topics, until
from casewright_common.topics import Topic
from casewright_jira_sync.handlers import build_router
from casewright_jira_sync.testing import generated

pytestmark = pytest.mark.connected

TOPICS = (Topic.CASES_GENERATED.value, Topic.CASES_SYNCED.value, Topic.CASES_GENERATED.dead_letters)


@pytest.fixture
async def bootstrap(kafka: str) -> str:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    there = await admin.list_topics()
    await admin.close()
    await make_topics(kafka, *((topic, 2) for topic in TOPICS if topic not in there))
    return kafka


class Seen:
    """What another service would see."""

    def __init__(self) -> None:
        self.synced: list[CasesSyncedV1] = []
        self.parked: list[bytes] = []

    def of(self, issue_id: str) -> list[CasesSyncedV1]:
        return [event for event in self.synced if event.issue_id == issue_id]


@pytest.fixture
async def seen(bootstrap: str) -> AsyncIterator[Seen]:
    seen = Seen()
    spy = AIOKafkaConsumer(
        *TOPICS[1:], bootstrap_servers=bootstrap, auto_offset_reset="earliest", group_id=None
    )
    await spy.start()

    async def watch() -> None:
        async for message in spy:
            if message.topic == Topic.CASES_SYNCED.value:
                seen.synced.append(CasesSyncedV1.model_validate_json(message.value))
            else:
                seen.parked.append(message.value)

    watching = asyncio.create_task(watch())
    yield seen
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await spy.stop()


@pytest.fixture
def running(bootstrap: str, workers: Any) -> Callable[[], Any]:
    @asynccontextmanager
    async def run() -> AsyncIterator[Delivery]:
        settings = KafkaSettings(bootstrap_servers=bootstrap, session_timeout_s=6, rebalance_timeout_s=9)
        delivery = Delivery("jira-sync", settings, registry=CollectorRegistry())
        delivery.broker.include_router(build_router(workers.new().sync, delivery.publish))
        await delivery.start()
        try:
            await until(lambda: not delivery.readiness())
            yield delivery
        finally:
            await delivery.stop()

    return run


async def test_effect_cases_are_shown_in_jira_and_that_is_told(
    site: Any, running: Callable[[], Any], seen: Seen
) -> None:
    issue_id, key = site.new_story()
    async with running() as delivery:
        await delivery.publish(generated(issue_id=issue_id, issue_key=key))
        await until(lambda: bool(seen.of(issue_id)))
    assert seen.of(issue_id)[0].outcome == "written"
    assert site.kinds(key) == ["comment.created"]


async def test_redelivery_tells_the_same_event_and_writes_nothing(
    site: Any, running: Callable[[], Any], seen: Seen
) -> None:
    issue_id, key = site.new_story()
    event = generated(issue_id=issue_id, issue_key=key)
    async with running() as delivery:
        for _ in range(2):
            await delivery.publish(event)
        await until(lambda: len(seen.of(issue_id)) == 2)
    assert seen.of(issue_id)[0] == seen.of(issue_id)[1]
    assert site.kinds(key) == ["comment.created"]


async def test_transient_failure_delays_the_message_and_loses_nothing(
    site: Any, running: Callable[[], Any], seen: Seen
) -> None:
    issue_id, key = site.new_story()
    # More failures than one attempt has patience for.
    site.fault("status", status=503, path=f"*/issue/{issue_id}/comment", count=6)
    async with running() as delivery:
        await delivery.publish(generated(issue_id=issue_id, issue_key=key))
        await until(lambda: bool(seen.of(issue_id)))
    assert site.kinds(key) == ["comment.created"]
    assert site.struck() == 6


async def test_a_hopeless_message_is_parked_and_its_neighbour_goes_on(
    site: Any, running: Callable[[], Any], seen: Seen
) -> None:
    refused_id, refused_key = site.new_story()
    issue_id, key = site.new_story()
    site.fault("status", status=400, method="POST", path=f"*/issue/{refused_id}/comment", count=None)
    hopeless = generated(issue_id=refused_id, issue_key=refused_key, event_id=uuid4())
    async with running() as delivery:
        await delivery.publish(hopeless)
        await delivery.publish(generated(issue_id=issue_id, issue_key=key))
        await until(lambda: bool(seen.of(issue_id)))
        await until(lambda: any(str(hopeless.event_id).encode() in parked for parked in seen.parked))
    assert seen.of(refused_id) == []
    assert site.struck() == 1
