import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid5

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from casewright_common.configuration import ConfigurationView
from casewright_common.events import (
    Criterion,
    CriterionOrigin,
    EngineSettings,
    Event,
    GenerationRequestedV1,
    ProjectConfiguredV1,
    Story,
    StoryChange,
    StoryIndexedV1,
)
from casewright_common.testing import make_topics
from casewright_common.topics import Topic
from casewright_generator.testing import OpenAIDouble

TOPICS = (
    Topic.CONNECTION_CONFIGURED,
    Topic.PROJECT_CONFIGURED,
    Topic.STORY_INDEXED,
    Topic.GENERATION_REQUESTED,
    Topic.CASES_GENERATED,
    Topic.GENERATION_FAILED,
)
EventT = TypeVar("EventT", bound=Event)
ORG = UUID(int=1)
CONNECTION = UUID(int=2)
PROJECT = UUID(int=3)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
CRITERIA = (
    "The password must have between 8 and 64 characters.",
    "The reset link expires after 30 minutes.",
    "A locked user must not be able to reset the password.",
)


@pytest.fixture
def project() -> ProjectConfiguredV1:
    return ProjectConfiguredV1(
        event_id=UUID(int=4),
        occurred_at=NOW,
        org_id=ORG,
        project_id=PROJECT,
        connection_id=CONNECTION,
        project_key="SHOP",
        revision=1,
    )


@pytest.fixture
def configuration(project: ProjectConfiguredV1) -> ConfigurationView:
    return ConfigurationView(project)


@pytest.fixture
def model_configuration(project: ProjectConfiguredV1) -> ConfigurationView:
    engine = EngineSettings(kind="model", model="openai/some")
    return ConfigurationView(project.model_copy(update={"engine": engine}))


@pytest.fixture
def indexed() -> Callable[..., StoryIndexedV1]:
    """A revision of a story about a password; any field can be named."""

    def make(**fields: Any) -> StoryIndexedV1:
        revision = fields.get("revision", 1)
        story = Story(
            title=fields.pop("title", "Reset the password"),
            text=fields.pop("text", "As a customer I want to reset my password by mail."),
            criteria=tuple(
                Criterion(id=f"AC-{number}", text=text, origin=CriterionOrigin.LIST)
                for number, text in enumerate(fields.pop("criteria", CRITERIA), 1)
            ),
            issue_type="Story",
        )
        event = {
            "org_id": ORG,
            "connection_id": CONNECTION,
            "project_id": PROJECT,
            "project_key": "SHOP",
            "issue_id": "10001",
            "issue_key": "SHOP-1",
            "change": StoryChange.CREATED if revision == 1 else StoryChange.UPDATED,
            "revision": revision,
            "content_hash": "0" * 64,
            "occurred_at": NOW,
            "updated_at": NOW,
            "story": story,
            "collection": "none",
        } | fields
        event.setdefault("event_id", uuid5(ORG, f"{event['org_id']}:{event['issue_id']}:{revision}"))
        return StoryIndexedV1.model_validate(event)

    return make


@pytest.fixture
def requested() -> Callable[..., GenerationRequestedV1]:
    """A request for the cases of the same story."""

    def make(**fields: Any) -> GenerationRequestedV1:
        event = {
            "event_id": UUID(int=100),
            "request_id": UUID(int=101),
            "requested_by": "somebody",
            "org_id": ORG,
            "connection_id": CONNECTION,
            "project_id": PROJECT,
            "issue_id": "10001",
            "issue_key": "SHOP-1",
            "occurred_at": NOW,
        } | fields
        return GenerationRequestedV1.model_validate(event)

    return make


@pytest.fixture
async def endpoint() -> AsyncIterator[OpenAIDouble]:
    """An OpenAI-compatible endpoint on loopback that does what a test tells it."""
    async with OpenAIDouble() as double:
        yield double


@pytest.fixture
async def broker(kafka: str) -> AsyncIterator[str]:
    """Bootstrap address of a Kafka on which the topics of this service are new, and gone again afterwards.

    Whatever other tests left there would be consumed here, and what is left here by theirs.
    """
    names = [name for topic in TOPICS for name in (topic.value, topic.dead_letters)]
    await forget_topics(kafka, names)
    await make_topics(kafka, *((name, 2) for name in names))
    yield kafka
    await forget_topics(kafka, names)


async def forget_topics(bootstrap: str, names: list[str]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        there = set(await admin.list_topics())
        await admin.delete_topics([name for name in names if name in there])
        async with asyncio.timeout(20):
            while there & set(names):
                await asyncio.sleep(0.1)
                there = set(await admin.list_topics())
    finally:
        await admin.close()


class Seen:
    """What other services and the dead letters get to see."""

    def __init__(self) -> None:
        self.records: list[tuple[str, bytes]] = []

    def on(self, topic: Topic, event: type[EventT]) -> list[EventT]:
        return [event.model_validate_json(value) for name, value in self.records if name == topic.value]

    def parked(self) -> list[bytes]:
        return [value for name, value in self.records if name.endswith(".dlq")]


@pytest.fixture
async def seen(broker: str) -> AsyncIterator[Seen]:
    seen = Seen()
    names = [name for topic in TOPICS for name in (topic.value, topic.dead_letters)]
    spy = AIOKafkaConsumer(*names, bootstrap_servers=broker, auto_offset_reset="earliest", group_id=None)
    await spy.start()

    async def watch() -> None:
        async for record in spy:
            seen.records.append((record.topic, record.value or b""))

    watching = asyncio.create_task(watch())
    yield seen
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await spy.stop()
