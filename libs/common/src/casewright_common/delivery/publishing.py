"""Publishing: acknowledged by all in-sync replicas, or an error that says what to do."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from faststream.exceptions import IncorrectState
from faststream.kafka.publisher.producer import AioKafkaFastProducerImpl
from faststream.kafka.response import KafkaPublishCommand

from casewright_common.delivery.metrics import DeliveryMetrics
from casewright_common.delivery.pacing import Pace
from casewright_common.delivery.partitioning import partition_of
from casewright_common.delivery.tracing import sending
from casewright_common.errors import CasewrightError, UpstreamRejectedError, UpstreamUnavailableError
from casewright_common.events import Event
from casewright_common.settings import KafkaSettings
from casewright_common.topics import MAX_MESSAGE_BYTES, Topic

DEPENDENCY = "kafka"
ROOM_FOR_HEADERS = 64 * 1024
"""Bytes that a dead letter may be larger than its message was."""
BATCH_BYTES = 256 * 1024
"""Most that one request carries for a partition; aiokafka's own 16 KiB are five of our events."""
MILLISECONDS = 1000

Headers = Sequence[tuple[str, bytes | None]]


class Publish(Protocol):
    """`Delivery.publish`, as use cases and handlers see it."""

    async def __call__(
        self, event: Event, *, topic: Topic | str | None = None, key: str | None = None
    ) -> None:
        """Publish `event`; returns once Kafka has it on all in-sync replicas."""
        ...


class Acknowledgement:
    """`async with` around one publication: bounds it, counts it, and translates its errors.

    After a time-out the message may still arrive later: its event id makes a second copy harmless.

    Raises:
        UpstreamUnavailableError: Kafka did not acknowledge.
        UpstreamRejectedError: Kafka will never take this message.
    """

    __slots__ = ("_metrics", "_timeout", "_timeout_s", "_topic")

    def __init__(self, topic: str, timeout_s: float, metrics: DeliveryMetrics) -> None:
        self._topic = topic
        self._timeout_s = timeout_s
        self._timeout = asyncio.timeout(timeout_s)
        self._metrics = metrics

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._timeout.__aexit__(kind, error, trace)
        except TimeoutError as late:
            error = late
        refusal = None if error is None else self._refusal(error)
        outcome = "acknowledged" if error is None else "unavailable"
        if isinstance(refusal, UpstreamRejectedError):
            outcome = "rejected"
        self._metrics.published.labels(self._topic, outcome).inc()
        if refusal is not None:
            raise refusal from error

    def _refusal(self, error: BaseException) -> CasewrightError | None:
        match error:
            case MessageSizeTooLargeError():
                return UpstreamRejectedError(DEPENDENCY, f"message for {self._topic} is too large")
            case TimeoutError():
                detail = f"{self._topic} not acknowledged in {self._timeout_s:g} s"
            case KafkaError():
                detail = f"{self._topic}: {type(error).__name__}"
            case IncorrectState():
                detail = "not connected yet"
            case _:
                return None
        return UpstreamUnavailableError(DEPENDENCY, detail)


class Producer:
    """Publishes raw messages; made when the first one comes, and again after an error that it can't survive.

    FastStream's own producer carries no header twice and none that isn't text, and an idempotent producer
    that was fenced stays so for ever.
    """

    def __init__(self, settings: KafkaSettings, client_id: str, metrics: DeliveryMetrics) -> None:
        self._settings = settings
        self._client_id = client_id
        self._metrics = metrics
        self._producer: AIOKafkaProducer | None = None
        self._pace = Pace()
        self._starting = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()

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
        async with Acknowledgement(topic, timeout_s or self._settings.request_timeout_s, self._metrics):
            producer = self._producer or await self._started()
            try:
                await self._pace.enter()
                await producer.send_and_wait(topic, value, key=key, headers=headers)
            except MessageSizeTooLargeError:
                raise
            except KafkaError as error:
                if not error.retriable and self._producer is producer:
                    self._producer = None
                    task = asyncio.create_task(_close(producer, self._settings.request_timeout_s))
                    self._closing.add(task)
                    task.add_done_callback(self._closing.discard)
                raise
            finally:
                self._pace.leave()

    async def close(self) -> None:
        """Send what waits (bounded by the request time-out) and disconnect."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await _close(producer, self._settings.request_timeout_s)
        if self._closing:
            await asyncio.wait(self._closing)

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is not None:
            return self._producer
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._settings.bootstrap_servers,
                    client_id=self._client_id,
                    acks="all",
                    enable_idempotence=True,
                    max_request_size=MAX_MESSAGE_BYTES,
                    max_batch_size=BATCH_BYTES,
                    partitioner=partition_of,
                    request_timeout_ms=int(self._settings.request_timeout_s * MILLISECONDS),
                    metadata_max_age_ms=60_000,
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer


async def _close(producer: AIOKafkaProducer, timeout_s: float) -> None:
    """Flush and stop; a producer whose broker is away would flush for ever."""
    with suppress(KafkaError, TimeoutError):
        async with asyncio.timeout(timeout_s):
            await producer.stop()


class GuardedProducer(AioKafkaFastProducerImpl):
    """FastStream's producer, so that what goes through its publishers is bounded, traced and classified too.

    A middleware would do it as well, and cost every consumed message a tenth of its time.
    """

    __slots__ = ("_metrics", "_timeout_s")

    def __init__(self, timeout_s: float, metrics: DeliveryMetrics) -> None:
        super().__init__(parser=None, decoder=None)
        self._timeout_s = timeout_s
        self._metrics = metrics

    async def publish(self, cmd: KafkaPublishCommand) -> Any:
        """Publish `cmd`; see `Acknowledgement` for the errors."""
        with sending(cmd.destination, cmd.headers):
            async with Acknowledgement(cmd.destination, self._timeout_s, self._metrics):
                return await super().publish(cmd)
