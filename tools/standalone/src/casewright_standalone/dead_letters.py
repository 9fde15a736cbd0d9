"""Reads parked messages and sends them back to the group that parked them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from casewright_common import kafka
from casewright_common.delivery import DeadLetter, read_dead_letter, replay_of
from casewright_common.errors import UpstreamUnavailableError
from casewright_common.settings import KafkaSecurity
from casewright_common.topics import MAX_MESSAGE_BYTES, Topic
from casewright_standalone.engines.errors import EngineError

_POLL_MS = 500
_REPLAYED_GROUP = "casewright-dlq-replay"


@dataclass(frozen=True)
class Parked:
    """One message of a dead-letter topic.

    Attributes:
        topic: The dead-letter topic.
        letter: What it says; `None` if it is none of ours.
    """

    topic: str
    partition: int
    offset: int
    letter: DeadLetter | None

    @property
    def id(self) -> str:
        """How a person names it: `topic/partition/offset`."""
        return f"{self.topic}/{self.partition}/{self.offset}"


def dead_letter_topics(names: Sequence[str]) -> list[str]:
    """Dead-letter topics for the topics or dead-letter topics that a person named; all if none.

    Raises:
        EngineError: If a name is no topic of ours.
    """
    known = {topic.dead_letters for topic in Topic}
    if not names:
        return sorted(known)
    chosen = [name if name.endswith(".dlq") else f"{name}.dlq" for name in names]
    for name in chosen:
        if name not in known:
            raise EngineError(
                f"{name.removesuffix('.dlq')} is no topic of Casewright; see `casewright topics list`."
            )
    return chosen


async def parked(
    bootstrap_servers: str, topics: Sequence[str], security: KafkaSecurity = kafka.PLAINTEXT
) -> list[Parked]:
    """All messages on these dead-letter topics, oldest first per topic.

    Raises:
        EngineError: If Kafka can't be reached.
    """
    consumer = AIOKafkaConsumer(
        *topics,
        **kafka.connection(bootstrap_servers, security),
        group_id=None,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
    )
    found: list[Parked] = []
    try:
        await kafka.start(consumer, bootstrap_servers, security)
        partitions = sorted(consumer.assignment())
        ends = await consumer.end_offsets(partitions)
        while any([await consumer.position(partition) < ends[partition] for partition in partitions]):
            batches = await consumer.getmany(timeout_ms=_POLL_MS)
            for partition in partitions:
                found += [
                    Parked(record.topic, record.partition, record.offset, _letter(record))
                    for record in batches.get(partition, [])
                ]
    except (KafkaError, OSError, TimeoutError, UpstreamUnavailableError) as error:
        raise EngineError(f"Kafka at {bootstrap_servers} can't be read: {error}.") from error
    finally:
        await asyncio.shield(consumer.stop())
    return found


async def find(bootstrap_servers: str, message_id: str, security: KafkaSecurity = kafka.PLAINTEXT) -> Parked:
    """The message with the id that `list` shows.

    Raises:
        EngineError: If there is none.
    """
    topic, _, _ = message_id.partition("/")
    for message in await parked(bootstrap_servers, dead_letter_topics([topic]), security):
        if message.id == message_id:
            return message
    raise EngineError(f"There is no dead letter {message_id}; see `casewright dlq list`.")


async def replay(
    bootstrap_servers: str, messages: Sequence[Parked], security: KafkaSecurity = kafka.PLAINTEXT
) -> int:
    """Send each back to its topic, for the group that parked it alone.

    What was sent is remembered (as the committed offset of a group), so that `unreplayed` leaves it out.

    Returns:
        How many were sent.

    Raises:
        EngineError: If Kafka can't be reached.
    """
    sent = 0
    try:
        async with AIOKafkaProducer(
            **kafka.connection(bootstrap_servers, security),
            acks="all",
            enable_idempotence=True,
            max_request_size=MAX_MESSAGE_BYTES,
        ) as producer:
            for message in messages:
                if message.letter is None:
                    continue
                topic, key, value, headers = replay_of(message.letter)
                await producer.send_and_wait(topic, value, key=key, headers=headers)
                sent += 1
    except (KafkaError, OSError, TimeoutError, UpstreamUnavailableError) as error:
        raise EngineError(f"Kafka at {bootstrap_servers} did not take the messages: {error}.") from error
    return sent


async def remember_replayed(
    bootstrap_servers: str, messages: Sequence[Parked], security: KafkaSecurity = kafka.PLAINTEXT
) -> None:
    """Note that everything up to these messages was sent back."""
    latest: dict[TopicPartition, int] = {}
    for message in messages:
        partition = TopicPartition(message.topic, message.partition)
        latest[partition] = max(latest.get(partition, 0), message.offset + 1)
    if latest:
        consumer = AIOKafkaConsumer(
            **kafka.connection(bootstrap_servers, security),
            group_id=_REPLAYED_GROUP,
            enable_auto_commit=False,
        )
        await kafka.start(consumer, bootstrap_servers, security)
        try:
            consumer.assign(list(latest))
            await consumer.commit(latest)
        finally:
            await consumer.stop()


async def unreplayed(
    bootstrap_servers: str, messages: Sequence[Parked], security: KafkaSecurity = kafka.PLAINTEXT
) -> list[Parked]:
    """Those of `messages` that no replay has sent back yet."""
    partitions = {TopicPartition(message.topic, message.partition) for message in messages}
    if not partitions:
        return []
    consumer = AIOKafkaConsumer(
        **kafka.connection(bootstrap_servers, security), group_id=_REPLAYED_GROUP, enable_auto_commit=False
    )
    await kafka.start(consumer, bootstrap_servers, security)
    try:
        consumer.assign(list(partitions))
        done = {partition: await consumer.committed(partition) or 0 for partition in partitions}
    finally:
        await consumer.stop()
    return [
        message
        for message in messages
        if message.offset >= done[TopicPartition(message.topic, message.partition)]
    ]


def _letter(record: object) -> DeadLetter | None:
    try:
        return read_dead_letter(record.key, record.value, record.headers)  # type: ignore[attr-defined]  # aiokafka's record is untyped
    except ValueError:
        return None
