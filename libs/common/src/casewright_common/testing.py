"""A topic of one's own on a real Kafka, with the runtime on it, for tests and benchmarks of delivery."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar
from uuid import NAMESPACE_URL, uuid5

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from faststream.kafka import KafkaRouter
from prometheus_client import CollectorRegistry

from casewright_common.delivery import DeadLetter, Delivery, consumer, read_dead_letter
from casewright_common.events import Event
from casewright_common.settings import KafkaSettings
from casewright_common.topics import Topic

EventT = TypeVar("EventT", bound=Event)
RawMessage = tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes]]]
PATIENCE_S = 90
FORGOTTEN_WITHIN_S = 30


class Ping(Event):
    """An event that means nothing: the `number`-th about `subject`."""

    TYPE: ClassVar[str] = "ping"
    VERSION: ClassVar[int] = 1

    subject: str
    number: int

    @property
    def partition_key(self) -> str:
        """The subject: what is about one subject keeps its order."""
        return self.subject


def ping(subject: str, number: int) -> Ping:
    """The event with that subject and number, always with the same id."""
    return Ping(
        event_id=uuid5(NAMESPACE_URL, f"{subject}/{number}"),
        occurred_at=datetime.now(UTC),
        org_id=uuid5(NAMESPACE_URL, "org"),
        subject=subject,
        number=number,
    )


def raw(event: Ping) -> RawMessage:
    """`event` as key, value and headers."""
    return event.subject.encode(), event.model_dump_json().encode(), ()


async def forget_topics(bootstrap: str, names: Iterable[str] | None = None) -> None:
    """Delete these topics (all but Kafka's own if None); returns when they are gone."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        wanted = None if names is None else set(names)
        async with asyncio.timeout(FORGOTTEN_WITHIN_S):
            while there := [
                name
                for name in await admin.list_topics()
                if (not name.startswith("__") if wanted is None else name in wanted)
            ]:
                await admin.delete_topics(there)
                await asyncio.sleep(0.1)
    finally:
        await admin.close()


def with_dead_letters(topics: Iterable[Topic]) -> list[str]:
    """Names of the topics, and of those that their parked messages go to."""
    return [name for topic in topics for name in (topic.value, topic.dead_letters)]


@asynccontextmanager
async def new_topics(bootstrap: str, topics: Iterable[Topic]) -> AsyncIterator[None]:
    """The topics are new while the block runs, and gone afterwards.

    Whatever other tests left there would be consumed, and what is left here by theirs.
    """
    names = with_dead_letters(topics)
    await forget_topics(bootstrap, names)
    await make_topics(bootstrap, *((name, 2) for name in names))
    yield
    await forget_topics(bootstrap, names)


class Seen:
    """What other services and the dead letters get to see."""

    def __init__(self) -> None:
        self.records: list[tuple[str, bytes]] = []

    def on(self, topic: Topic, event: type[EventT]) -> list[EventT]:
        """Events on a topic, oldest first."""
        return [event.model_validate_json(value) for name, value in self.records if name == topic.value]

    def parked(self) -> list[bytes]:
        """Bodies of the parked messages, oldest first."""
        return [value for name, value in self.records if name.endswith(".dlq")]


@asynccontextmanager
async def watching(bootstrap: str, topics: Iterable[Topic]) -> AsyncIterator[Seen]:
    """What comes onto the topics and their dead letters while the block runs, and what stands there."""
    seen = Seen()
    names = with_dead_letters(topics)
    spy = AIOKafkaConsumer(*names, bootstrap_servers=bootstrap, auto_offset_reset="earliest", group_id=None)
    await spy.start()

    async def watch() -> None:
        async for record in spy:
            seen.records.append((record.topic, record.value or b""))

    task = asyncio.create_task(watch())
    yield seen
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await spy.stop()


async def until(holds: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Return as soon as `holds()`; fail after `patience_s`."""
    async with asyncio.timeout(patience_s):
        while not holds():  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.02)


@dataclass
class Member:
    """One process's delivery runtime on the rig's topic."""

    delivery: Delivery
    registry: CollectorRegistry
    labels: dict[str, str]

    def count(self, name: str, **labels: str) -> float:
        """A metric of this member's subscriber, by its name after `casewright_delivery_`; 0 if unset."""
        return self.registry.get_sample_value(f"casewright_delivery_{name}", {**self.labels, **labels}) or 0.0

    def ready(self) -> bool:
        """Whether its consumer consumes."""
        return not self.delivery.readiness()


@dataclass
class Rig:
    """A topic with its dead letters on a real broker."""

    bootstrap: str
    topic: str
    members: list[Member] = field(default_factory=list)

    @property
    def dead_letter_topic(self) -> str:
        """Where messages of the topic are parked."""
        return f"{self.topic}.dlq"

    def group(self, service: str = "tested") -> str:
        """Consumer group of `service` on the topic."""
        return f"casewright.{service}.{self.topic}"

    def settings(self, **changes: Any) -> KafkaSettings:
        """Settings with the shortest time-outs that a broker accepts, and `changes`."""
        defaults = {"session_timeout_s": 6, "rebalance_timeout_s": 9, "request_timeout_s": 10}
        return KafkaSettings(bootstrap_servers=self.bootstrap, **{**defaults, **changes})

    def member(
        self, handler: Callable[[Ping], Awaitable[None]], *, service: str = "tested", **changes: Any
    ) -> Member:
        """A member that is not started yet; the rig stops it at the end of the test."""
        registry = CollectorRegistry()
        delivery = Delivery(service, self.settings(**changes), registry=registry)
        router = KafkaRouter()

        @router.subscriber(self.topic, **consumer(service, self.topic, event=Ping))
        async def on_ping(event: Ping) -> None:
            await handler(event)

        delivery.broker.include_router(router)
        member = Member(delivery, registry, {"topic": self.topic, "group": self.group(service)})
        self.members.append(member)
        return member

    @asynccontextmanager
    async def running(
        self, handler: Callable[[Ping], Awaitable[None]], **changes: Any
    ) -> AsyncIterator[Member]:
        """A member that is ready, and stopped at the end."""
        member = self.member(handler, **changes)
        await member.delivery.start()
        await until(member.ready)
        try:
            yield member
        finally:
            await member.delivery.stop()

    async def send(self, messages: Iterable[RawMessage], *, partition: int | None = None) -> None:
        """Publish raw messages in order, by key or to one partition; returns once all are acknowledged."""
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, acks="all", enable_idempotence=True)
        await producer.start()
        try:
            sent = [
                await producer.send(self.topic, value, key=key, headers=list(headers), partition=partition)
                for key, value, headers in messages
            ]
            for acknowledged in sent:
                await acknowledged
        finally:
            await producer.stop()

    async def committed(self, service: str = "tested") -> dict[int, int]:
        """Committed offset by partition, of those that have one."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            offsets = await admin.list_consumer_group_offsets(self.group(service))
        finally:
            await admin.close()
        return {partition.partition: at.offset for partition, at in offsets.items() if at.offset >= 0}

    async def read(self, topic: str) -> list[Any]:
        """All records of `topic`, by partition and offset."""
        reader = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, auto_offset_reset="earliest")
        await reader.start()
        try:
            names = await reader._client._wait_on_metadata(topic)  # noqa: SLF001  # no public way to wait
            partitions = [TopicPartition(topic, number) for number in sorted(names)]
            reader.assign(partitions)
            ends = await reader.end_offsets(partitions)
            records: list[Any] = []
            for partition in partitions:
                while await reader.position(partition) < ends[partition]:
                    for batch in (await reader.getmany(partition, timeout_ms=500)).values():
                        records += batch
            return records
        finally:
            await reader.stop()

    async def dead_letters(self) -> list[DeadLetter]:
        """What was parked, oldest first."""
        records = await self.read(self.dead_letter_topic)
        return [read_dead_letter(record.key, record.value, record.headers) for record in records]


async def make_topics(bootstrap: str, *topics: tuple[str, int]) -> None:
    """Create topics, each with so many partitions."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, partitions, 1) for name, partitions in topics])
    finally:
        await admin.close()
