"""The dispatcher of one service process."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Final, Literal, TypedDict, TypeVar

from faststream import AckPolicy
from faststream._internal.endpoint.subscriber.usecase import SubscriberUsecase
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.subscriber.usecase import DefaultSubscriber
from opentelemetry.context import get_current
from prometheus_client import CollectorRegistry
from pydantic import ValidationError

from casewright_common.delivery.dead_letters import Header
from casewright_common.delivery.metrics import DeliveryMetrics
from casewright_common.delivery.publishing import (
    ROOM_FOR_HEADERS,
    Producer,
)
from casewright_common.delivery.record import Record
from casewright_common.delivery.subscription import Subscription
from casewright_common.delivery.tracing import sending, tracing
from casewright_common.errors import MalformedMessageError, UpstreamRejectedError
from casewright_common.events import EVENTS, TOPICS, Event
from casewright_common.kafka import DEPENDENCY
from casewright_common.settings import KafkaSettings
from casewright_common.topics import MAX_MESSAGE_BYTES, Topic

EventT = TypeVar("EventT", bound=Event)

_CONTENT_TYPE: Final = ("content-type", b"application/json")
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


@lru_cache
def _type_header(event: type[Event]) -> tuple[str, bytes]:
    return Header.EVENT_TYPE, f"{event.TYPE}.v{event.VERSION}".encode()


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
        self._traced = True
        self.broker = KafkaBroker(
            settings.bootstrap_servers,
            client_id=self._client_id,
            allow_auto_create_topics=False,
            consumer_only=True,  # who publishes uses `publish`, which is bounded, counted and traced
            apply_types=False,  # the decoder has validated the event; injection would cost as much again
            logger=None,  # it would log payloads, and twice per message
        )

    async def start(self) -> None:
        """Connect the producer, then let every subscriber join its group in the background.

        Raises:
            UpstreamUnavailableError: Kafka can't be reached within `request_timeout_s`.
        """
        self._traced = tracing()
        await self._producer.start()
        await self.broker.connect()  # opens no connection: it sets up what the subscribers share
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
        await self.broker.stop()

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
        raw_id = event_id.encode()
        headers = [
            _CONTENT_TYPE,
            ("correlation_id", raw_id),
            (Header.EVENT_ID, raw_id),
            _type_header(type(event)),
        ]
        value = event.__pydantic_serializer__.to_json(event)  # `model_dump_json` would decode it to a string
        if len(value) > MAX_MESSAGE_BYTES - ROOM_FOR_HEADERS:
            raise UpstreamRejectedError(DEPENDENCY, f"{len(value)} bytes are too many for {topic}")
        raw_key = (event.partition_key if key is None else key).encode()
        if not self._traced and not get_current():  # no span to make, and no trace to pass on
            await self._producer.send(topic, raw_key, value, headers, timeout_s=timeout_s)
            return
        with sending(topic, event_id) as context:
            headers += [(name, text.encode()) for name, text in context.items()]
            await self._producer.send(topic, raw_key, value, headers, timeout_s=timeout_s)

    def readiness(self) -> dict[str, str]:
        """Subscribers that aren't consuming, each with the reason; empty when all is well."""
        if not self._started:
            return {"delivery": "not started"}
        reasons = {subscription.name: subscription.readiness() for subscription in self._subscriptions}
        return {name: reason for name, reason in reasons.items() if reason is not None}
