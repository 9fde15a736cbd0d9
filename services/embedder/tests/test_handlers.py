"""The consumer's four promises, on a real Kafka."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client import CollectorRegistry

from casewright_common.configuration import ConfigurationView
from casewright_common.delivery import Delivery
from casewright_common.errors import UpstreamUnavailableError
from casewright_common.events import (
    CasesReviewedV1,
    DocumentChange,
    DocumentChangedV1,
    StoryChange,
    StoryChangedV1,
    StoryIndexedV1,
)
from casewright_common.settings import KafkaSettings
from casewright_common.testing import until
from casewright_common.topics import Topic
from casewright_embedder.handlers import build_router
from casewright_embedder.service.stories import IndexStory
from casewright_embedder.service.texts import IndexTexts
from casewright_embedder.testing import (
    IndexedStoriesInMemory,
    IndexedTextsInMemory,
    PointsInMemory,
    WordEmbedding,
)

pytestmark = pytest.mark.connected

Changed = Callable[..., StoryChangedV1]
Running = Callable[[], Any]


@pytest.fixture
def model() -> WordEmbedding:
    return WordEmbedding()


@pytest.fixture
def points() -> PointsInMemory:
    return PointsInMemory()


@pytest.fixture
def running(
    broker: str, configuration: ConfigurationView, model: WordEmbedding, points: PointsInMemory
) -> Running:
    stories = IndexedStoriesInMemory()
    index = IndexStory(models=model, points=points, stories=stories, configuration=configuration)
    texts = IndexTexts(
        models=model,
        points=points,
        texts=IndexedTextsInMemory(),
        stories=stories,
        configuration=configuration,
    )

    @asynccontextmanager
    async def run() -> AsyncIterator[Delivery]:
        settings = KafkaSettings(bootstrap_servers=broker, session_timeout_s=6, rebalance_timeout_s=9)
        delivery = Delivery("embedder", settings, registry=CollectorRegistry())
        delivery.broker.include_router(build_router(index, texts, delivery.publish))
        await delivery.start()
        try:
            await until(lambda: not delivery.readiness())
            yield delivery
        finally:
            await delivery.stop()

    return run


async def test_effect_a_story_is_indexed_and_that_is_told(
    running: Running, seen: Any, changed: Changed
) -> None:
    async with running() as delivery:
        await delivery.publish(changed())
        await delivery.publish(changed(revision=2, change=StoryChange.REMOVED))
        await until(lambda: len(seen.on(Topic.STORY_INDEXED, StoryIndexedV1)) == 2)
    first, second = seen.on(Topic.STORY_INDEXED, StoryIndexedV1)
    assert (first.revision, len(first.point_ids), first.story) == (1, 2, changed().story)
    assert (second.change, second.point_ids) == (StoryChange.REMOVED, ())


async def test_redelivery_tells_the_same_event_and_embeds_nothing(
    running: Running, seen: Any, changed: Changed, model: WordEmbedding
) -> None:
    async with running() as delivery:
        for _ in range(2):
            await delivery.publish(changed())
        await until(lambda: len(seen.on(Topic.STORY_INDEXED, StoryIndexedV1)) == 2)
    first, second = seen.on(Topic.STORY_INDEXED, StoryIndexedV1)
    assert first == second
    assert len(model.asked) == len(set(model.asked))


async def test_transient_failure_delays_the_story_and_parks_nothing(
    running: Running, seen: Any, changed: Changed, model: WordEmbedding
) -> None:
    model.failures = [UpstreamUnavailableError("embedding_model", "busy") for _ in range(5)]
    async with running() as delivery:
        await delivery.publish(changed())
        await until(lambda: len(seen.on(Topic.STORY_INDEXED, StoryIndexedV1)) == 1)
    assert seen.parked() == []


async def test_a_hopeless_message_is_parked_and_its_neighbour_goes_on(
    running: Running, seen: Any, changed: Changed, broker: str
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=broker)
    await producer.start()
    await producer.send_and_wait(Topic.STORY_CHANGED.value, b'{"not": "a story"}', key=b"same")
    await producer.stop()
    async with running() as delivery:
        await delivery.publish(changed(), key="same")
        await until(lambda: len(seen.on(Topic.STORY_INDEXED, StoryIndexedV1)) == 1)
        await until(lambda: bool(seen.parked()))
    assert seen.parked() == [b'{"not": "a story"}']


Document = Callable[..., DocumentChangedV1]
Reviewed = Callable[..., CasesReviewedV1]


def kinds(points: PointsInMemory) -> list[str]:
    return sorted(one.payload.source.kind for part in points.collections.values() for one in part.values())


async def test_effect_a_document_and_an_accepted_case_are_indexed(
    running: Running, document: Document, reviewed: Reviewed, points: PointsInMemory
) -> None:
    async with running() as delivery:
        await delivery.publish(document())
        await delivery.publish(reviewed())
        await until(lambda: kinds(points) == ["case", "document", "document"])
        await delivery.publish(document(revision=2, change=DocumentChange.REMOVED, text=""))
        await until(lambda: kinds(points) == ["case"])


async def test_redelivered_texts_are_embedded_once(
    running: Running, document: Document, reviewed: Reviewed, model: WordEmbedding, points: PointsInMemory
) -> None:
    async with running() as delivery:
        for _ in range(3):
            await delivery.publish(document())
            await delivery.publish(reviewed())
        await until(lambda: len(kinds(points)) == 3)
    assert len(model.asked) == len(set(model.asked)) == 3


async def test_transient_failure_delays_texts_and_parks_nothing(
    running: Running,
    seen: Any,
    document: Document,
    reviewed: Reviewed,
    model: WordEmbedding,
    points: PointsInMemory,
) -> None:
    model.failures = [UpstreamUnavailableError("embedding_model", "busy") for _ in range(4)]
    async with running() as delivery:
        await delivery.publish(document())
        await delivery.publish(reviewed())
        await until(lambda: len(kinds(points)) == 3)
    assert seen.parked() == []


@pytest.mark.parametrize("topic", [Topic.DOCUMENT_CHANGED, Topic.CASES_REVIEWED])
async def test_a_hopeless_text_is_parked_and_its_neighbours_go_on(
    running: Running,
    seen: Any,
    document: Document,
    reviewed: Reviewed,
    broker: str,
    points: PointsInMemory,
    topic: Topic,
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=broker)
    await producer.start()
    await producer.send_and_wait(topic.value, b"{}", key=b"same")
    await producer.stop()
    async with running() as delivery:
        await delivery.publish(document(), key="same")
        await delivery.publish(reviewed(), key="same")
        await until(lambda: len(kinds(points)) == 3 and bool(seen.parked()))
    assert seen.parked() == [b"{}"]
