"""The dispatcher of one service process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Literal, TypedDict, TypeVar

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream._internal.endpoint.subscriber.usecase import SubscriberUsecase
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.subscriber.usecase import DefaultSubscriber
from prometheus_client import CollectorRegistry
from pydantic import ValidationError

from casewright_common.delivery.dead_letters import Header
from casewright_common.delivery.metrics import DeliveryMetrics
from casewright_common.delivery.publishing import (
    DEPENDENCY,
    MILLISECONDS,
    ROOM_FOR_HEADERS,
    GuardedProducer,
    Producer,
)
from casewright_common.delivery.record import Record
from casewright_common.delivery.subscription import Subscription
from casewright_common.delivery.tracing import sending
from casewright_common.errors import MalformedMessageError, UpstreamRejectedError, UpstreamUnavailableError
from casewright_common.events import EVENTS, TOPICS, Event
from casewright_common.settings import KafkaSettings
from casewright_common.topics import MAX_MESSAGE_BYTES, Topic

log = logging.getLogger(__name__)

EventT = TypeVar("EventT", bound=Event)

JSON = "application/json"
MOST_PROBLEMS_NAMED = 5


class ConsumerArguments(TypedDict):
    """What `consumer` returns; typed, so that the subscriber's decorator stays typed."""

    group_id: str
    ack_policy: AckPolicy
    auto_offset_reset: Literal["earliest"]
    no_reply: bool
    decoder: Callable[[KafkaMessage], Awaitable[Event]]


def consumer(service: str, topic: Topic | str, *, event: type[Event] | None = None) -> ConsumerArguments:
    """Keyword arguments of `router.subscriber(topic, **consumer(service, topic))`.

    Args:
        service: Name of the consuming service; with the topic it makes the consumer group.
        topic: What is consumed.
        event: Class of the events, where `topic` isn't one of ours (benchmarks, tests).
    """
    kind = event or EVENTS[Topic(topic)]
    return {
        "group_id": group_of(service, topic),
        "ack_policy": AckPolicy.MANUAL,
        "auto_offset_reset": "earliest",
        "no_reply": True,
        "decoder": decoder(kind),
    }


def group_of(service: str, topic: str) -> str:
    """Consumer group of `service` for `topic`: one per both, or two subscribers would fence each other."""
    return f"casewright.{service}.{topic}"


def decoder(event: type[Event]) -> Callable[[KafkaMessage], Awaitable[Event]]:
    """Decoder from raw bytes to `event`; what doesn't fit is malformed, and parked as it is."""

    async def decode(message: KafkaMessage) -> Event:
        return parse(event, message.body)

    return decode


def parse(event: type[EventT], body: bytes) -> EventT:
    """The event in `body`.

    Raises:
        MalformedMessageError: It isn't one; says where and why, without quoting it.
    """
    try:
        return event.model_validate_json(body)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False, include_context=False)
        detail = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'body'}: {problem['type']}"
            for problem in problems[:MOST_PROBLEMS_NAMED]
        )
        raise MalformedMessageError(f"not a {event.__name__}: {detail}") from None


def handler_of(subscriber: DefaultSubscriber) -> Callable[[Record], Awaitable[object]]:
    """FastStream's way from a record to the handler, without what we don't use and would pay for each time.

    Raises:
        TypeError: The subscriber uses a part of FastStream that would be left out in silence.
    """
    if len(subscriber.calls) != 1 or subscriber._broker_middlewares:  # noqa: SLF001  # no public way to ask
        raise TypeError("a subscriber has one handler and no middleware: errors, traces and metrics are ours")
    (item,) = subscriber.calls
    if item.handler._publishers:  # noqa: SLF001  # as above
        raise TypeError("what a handler returns isn't published: it awaits delivery.publish instead")
    parse_record, decode = item.parser, item.decoder
    if parse_record is None or decode is None:
        raise TypeError("the subscriber was not started")

    async def call(record: Record) -> None:
        message = await parse_record(record)
        message.set_decoder(decode)
        await item.handler.call_wrapped(message)

    return call


class Delivery:
    """Many messages in flight, in order per key, retried, parked or waiting as their errors ask, none lost.

    Subscribers are ordinary FastStream ones on routers included in `broker` before `start`. FastStream
    parses, decodes and calls the handler; consumers, concurrency and commits are ours.

    Args:
        service: Name of the service, such as `ingest`.
        settings: Where Kafka is, bounds and time-outs.
        registry: Where the metrics go; one `Delivery` per registry.
    """

    def __init__(self, service: str, settings: KafkaSettings, *, registry: CollectorRegistry) -> None:
        self.service = service
        self._settings = settings
        self._metrics = DeliveryMetrics(registry)
        self._client_id = f"casewright-{service}"
        self._producer = Producer(settings, self._client_id, self._metrics)
        self._subscriptions: list[Subscription] = []
        self._started = False
        self.broker = KafkaBroker(
            settings.bootstrap_servers,
            client_id=self._client_id,
            acks="all",
            enable_idempotence=True,
            allow_auto_create_topics=False,
            max_request_size=MAX_MESSAGE_BYTES,
            request_timeout_ms=int(settings.request_timeout_s * MILLISECONDS),
            metadata_max_age_ms=60_000,
            apply_types=False,  # the decoder has validated the event; injection would cost as much again
            logger=None,  # it would log payloads, and twice per message
        )
        self.broker.config.broker_config.producer = GuardedProducer(settings.request_timeout_s, self._metrics)

    async def start(self) -> None:
        """Connect the producer, then let every subscriber join its group in the background.

        Raises:
            UpstreamUnavailableError: Kafka can't be reached within `request_timeout_s`.
        """
        try:
            async with asyncio.timeout(self._settings.request_timeout_s):
                await self._reach_kafka()
                await self.broker.connect()
        except (KafkaError, TimeoutError) as error:
            await self.broker.stop()
            raise UpstreamUnavailableError(
                DEPENDENCY, f"no connection to {self._settings.bootstrap_servers}: {type(error).__name__}"
            ) from error
        for subscriber in self.broker.subscribers:
            if not isinstance(subscriber, DefaultSubscriber):
                raise TypeError("only plain subscribers: no batch, no max_workers, delivery does both")
            # The base class prepares the handlers; its subclass would also start a consumer of its own.
            await SubscriberUsecase.start(subscriber)
            topics = subscriber.topic_names
            subscription = Subscription(
                subscriber.specification.call_name,
                topics=topics,
                group=subscriber.group_id or group_of(self.service, topics[0]),
                call=handler_of(subscriber),
                settings=self._settings,
                producer=self._producer,
                metrics=self._metrics,
                client_id=self._client_id,
            )
            self._subscriptions.append(subscription)
            subscription.start()
        self._started = True

    async def stop(self) -> None:
        """Finish what runs (for at most `drain_timeout_s`), commit what is finished, leave, disconnect."""
        self._started = False
        await asyncio.gather(*(subscription.stop() for subscription in self._subscriptions))
        self._subscriptions.clear()
        await self._producer.close()
        try:
            async with asyncio.timeout(self._settings.request_timeout_s):
                await self.broker.stop()
        except (KafkaError, TimeoutError) as error:
            log.warning("producer did not close cleanly: %s", type(error).__name__)

    async def publish(
        self,
        event: Event,
        *,
        topic: Topic | str | None = None,
        key: str | None = None,
        timeout_s: float | None = None,
    ) -> None:
        """Publish `event` and wait until Kafka has it on all in-sync replicas.

        Args:
            event: What happened.
            topic: Where to; by default the topic of its class.
            key: Kafka key; by default the event's `partition_key`.
            timeout_s: Longest wait; by default the settings' `request_timeout_s`.

        Raises:
            UpstreamUnavailableError: Kafka did not acknowledge in time; it may still arrive later.
            UpstreamRejectedError: The event is too large for Kafka.
        """
        topic = topic or TOPICS[type(event)]
        event_id = str(event.event_id)
        headers = {
            "content-type": JSON,
            "correlation_id": event_id,
            Header.EVENT_ID: event_id,
            Header.EVENT_TYPE: f"{event.TYPE}.v{event.VERSION}",
        }
        value = event.model_dump_json().encode()
        if len(value) > MAX_MESSAGE_BYTES - ROOM_FOR_HEADERS:
            raise UpstreamRejectedError(DEPENDENCY, f"{len(value)} bytes are too many for {topic}")
        raw_key = (event.partition_key if key is None else key).encode()
        with sending(topic, headers):
            raw_headers = [(name, text.encode()) for name, text in headers.items()]
            await self._producer.send(topic, raw_key, value, raw_headers, timeout_s=timeout_s)

    async def _reach_kafka(self) -> None:
        """Fail here rather than in FastStream, which would leave half-open clients behind."""
        client = AIOKafkaClient(bootstrap_servers=self._settings.bootstrap_servers, client_id=self._client_id)
        try:
            await client.bootstrap()
        finally:
            await client.close()

    def readiness(self) -> dict[str, str]:
        """Subscribers that aren't consuming, each with the reason; empty when all is well."""
        if not self._started:
            return {"delivery": "not started"}
        reasons = {subscription.name: subscription.readiness() for subscription in self._subscriptions}
        return {name: reason for name, reason in reasons.items() if reason is not None}
