"""Publishing: acknowledged by all in-sync replicas, or an error that says what to do."""

import asyncio
import logging
from typing import Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, ProducerClosed
from prometheus_client import Counter

from casewright_common import kafka
from casewright_common.delivery.batching import Batches, Headers
from casewright_common.delivery.metrics import DeliveryMetrics
from casewright_common.delivery.partitioning import partition_of
from casewright_common.errors import UpstreamRejectedError, UpstreamUnavailableError
from casewright_common.events import Event
from casewright_common.kafka import DEPENDENCY, MILLISECONDS
from casewright_common.settings import KafkaSettings
from casewright_common.topics import MAX_MESSAGE_BYTES, Topic

log = logging.getLogger(__name__)

ROOM_FOR_HEADERS = 64 * 1024
"""Bytes that a dead letter may be larger than its message was."""
BATCH_BYTES = 256 * 1024
"""Most that one request carries for a partition; aiokafka's own 16 KiB are five of our events."""


class Publish(Protocol):
    """`Delivery.publish`, as use cases and handlers see it."""

    async def __call__(
        self,
        event: Event,
        *,
        topic: Topic | str | None = None,
        key: str | None = None,
        timeout_s: float | None = None,
    ) -> None:
        """Publish `event`; returns once Kafka has it on all in-sync replicas."""
        ...


class Producer:
    """Publishes raw messages; made when the first one comes, and again after an error that it can't survive.

    FastStream's own producer carries no header twice and none that isn't text, and an idempotent producer
    that was fenced stays so for ever.
    """

    def __init__(self, settings: KafkaSettings, client_id: str, metrics: DeliveryMetrics) -> None:
        self._settings = settings
        self._client_id = client_id
        self._metrics = metrics
        self._acknowledged: dict[str, Counter] = {}
        self._connection: _Connection | None = None
        self._connecting = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Connect; otherwise the first message does.

        Raises:
            UpstreamUnavailableError: Kafka can't be reached within the settings' `request_timeout_s`.
        """
        timeout_s = self._settings.request_timeout_s
        try:
            async with asyncio.timeout(timeout_s):
                await self._connected()
        except TimeoutError as error:
            raise UpstreamUnavailableError(DEPENDENCY, f"no connection in {timeout_s:g} s") from error
        except KafkaError as error:
            raise UpstreamUnavailableError(DEPENDENCY, f"no connection: {type(error).__name__}") from error

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        *,
        timeout_s: float | None = None,
    ) -> None:
        """Publish; returns once Kafka has it on all in-sync replicas.

        After a time-out the message may still arrive later: its event id makes a second copy harmless.

        Args:
            topic: Where to.
            key: Decides the partition.
            value: The message.
            headers: Its headers.
            timeout_s: Longest wait; by default the settings' `request_timeout_s`.

        Raises:
            UpstreamUnavailableError: Not acknowledged in time; it may still arrive later.
            UpstreamRejectedError: Too large for Kafka.
        """
        timeout_s = timeout_s or self._settings.request_timeout_s
        deadline = asyncio.get_running_loop().time() + timeout_s
        connection = self._connection
        try:
            partition = None if connection is None else connection.partition(topic, key)
            if connection is None or partition is None:
                connection, partition = await self._connected_to(topic, key, deadline)
            await connection.batches.put(topic, partition, key, value, headers, deadline=deadline)
        except MessageSizeTooLargeError as error:
            self._metrics.published.labels(topic, "rejected").inc()
            raise UpstreamRejectedError(DEPENDENCY, f"message for {topic} is too large") from error
        except UpstreamUnavailableError:  # no connection
            self._metrics.published.labels(topic, "unavailable").inc()
            raise
        except (KafkaError, TimeoutError) as error:
            if connection is not None and isinstance(error, KafkaError) and not error.retriable:
                self._drop(connection)
            self._metrics.published.labels(topic, "unavailable").inc()
            late = isinstance(error, TimeoutError)
            why = f" not acknowledged in {timeout_s:g} s" if late else f": {type(error).__name__}"
            raise UpstreamUnavailableError(DEPENDENCY, f"{topic}{why}") from error
        counter = self._acknowledged.get(topic)
        if counter is None:
            counter = self._acknowledged[topic] = self._metrics.published.labels(topic, "acknowledged")
        counter.inc()

    async def close(self) -> None:
        """Send what waits (bounded by the request time-out) and disconnect."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close(self._settings.request_timeout_s)
        if self._closing:
            await asyncio.wait(self._closing)

    async def _connected_to(
        self, topic: str, key: bytes | None, deadline: float
    ) -> tuple["_Connection", int]:
        """Wait for a connection that knows the topic."""
        async with asyncio.timeout_at(deadline):
            connection = await self._connected()
            while (partition := connection.partition(topic, key)) is None:
                await connection.producer.partitions_for(topic)
        return connection, partition

    def _drop(self, connection: "_Connection") -> None:
        """Give up a connection that can't recover; the next message makes another one."""
        if self._connection is connection:
            self._connection = None
            task = asyncio.create_task(connection.close(self._settings.request_timeout_s))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _connected(self) -> "_Connection":
        async with self._connecting:
            if self._connection is None:
                producer = AIOKafkaProducer(
                    **kafka.connection(self._settings.bootstrap_servers, self._settings),
                    client_id=self._client_id,
                    acks="all",
                    enable_idempotence=True,
                    max_request_size=MAX_MESSAGE_BYTES,
                    max_batch_size=BATCH_BYTES,
                    request_timeout_ms=int(self._settings.request_timeout_s * MILLISECONDS),
                    metadata_max_age_ms=60_000,
                )
                try:
                    await kafka.start(producer, self._settings.bootstrap_servers, self._settings)
                except BaseException:
                    await producer.stop()
                    raise
                self._connection = _Connection(producer)
            return self._connection


class _Connection:
    """An aiokafka producer and what is under way through it."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self.producer = producer
        self.batches = Batches(producer, MAX_MESSAGE_BYTES)
        self._cluster = producer.client.cluster
        self._partitions: dict[str, list[int]] = {}
        self._cluster.add_listener(lambda _: self._partitions.clear())

    def partition(self, topic: str, key: bytes | None) -> int | None:
        """Where a message with this key belongs; `None` while the topic is not known."""
        partitions = self._partitions.get(topic)
        if partitions is None:
            partitions = sorted(self._cluster.partitions_for_topic(topic) or ())
            if not partitions:
                return None
            self._partitions[topic] = partitions
        available = partitions
        if key is None:
            available = list(self._cluster.available_partitions_for_topic(topic))
        return partition_of(key, partitions, available)

    async def close(self, timeout_s: float) -> None:
        """Send what waits and stop; what can't be sent in time is left."""
        try:
            async with asyncio.timeout(timeout_s):
                await self.batches.flush()
                await self.producer.stop()
        except (KafkaError, TimeoutError) as error:
            log.warning("Kafka did not take all that waited to be published: %s", type(error).__name__)
            await self._abandon()

    async def _abandon(self) -> None:
        """End a producer whose broker is away: `stop` would wait for it for ever, and its sender go on."""
        self.batches.cancel()
        sending = self.producer._sender.sender_task  # noqa: SLF001  # no public way to stop without sending
        await self.producer.client.close()
        while sending is not None and not sending.done():
            sending.cancel()  # more than once: it waits for its requests, which a second time cancels
            await asyncio.wait([sending], timeout=0.1)
        self.producer._message_accumulator.fail_all(ProducerClosed())  # noqa: SLF001  # as above
        await self.producer.stop()
