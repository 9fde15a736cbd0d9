"""The dispatcher of one service process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream._internal.endpoint.subscriber.usecase import SubscriberUsecase
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.subscriber.usecase import DefaultSubscriber
from prometheus_client import CollectorRegistry
from pydantic import ValidationError

from casewright_common.delivery.dead_letters import Header
from casewright_common.delivery.metrics import DeliveryMetrics
from casewright_common.delivery.parking import Parking
from casewright_common.delivery.publishing import publish_middleware
from casewright_common.delivery.subscription import Subscription
from casewright_common.errors import MalformedMessageError, UpstreamUnavailableError
from casewright_common.events import EVENTS, TOPICS, Event
from casewright_common.settings import KafkaSettings
from casewright_common.topics import MAX_MESSAGE_BYTES, Topic

log = logging.getLogger(__name__)

JSON = "application/json"
MOST_PROBLEMS_NAMED = 5


def consumer(service: str, topic: Topic | str, *, event: type[Event] | None = None) -> dict[str, Any]:
    """Keyword arguments of `router.subscriber(topic, **consumer(service, topic))`.

    Args:
        service: Name of the consuming service; with the topic it makes the consumer group.
        topic: What is consumed.
        event: Class of the events, where `topic` isn't one of ours (benchmarks, tests).
    """
    arguments: dict[str, Any] = {
        "group_id": group_of(service, topic),
        "ack_policy": AckPolicy.MANUAL,
        "auto_offset_reset": "earliest",
        "no_reply": True,
    }
    kind = event or (EVENTS[Topic(topic)] if topic in set(Topic) else None)
    if kind is not None:
        arguments["decoder"] = decoder(kind)
    return arguments


def group_of(service: str, topic: str) -> str:
    """Consumer group of `service` for `topic`: one per both, or two subscribers would fence each other."""
    return f"casewright.{service}.{topic}"


def decoder(event: type[Event]) -> Callable[[KafkaMessage], Awaitable[Event]]:
    """Decoder from raw bytes to `event`; what doesn't fit is malformed, and parked as it is."""

    async def decode(message: KafkaMessage) -> Event:
        try:
            return event.model_validate_json(message.body)
        except ValidationError as error:
            problems = error.errors(include_input=False, include_url=False, include_context=False)
            detail = "; ".join(
                f"{'.'.join(map(str, problem['loc'])) or 'body'}: {problem['type']}"
                for problem in problems[:MOST_PROBLEMS_NAMED]
            )
            raise MalformedMessageError(f"not a {event.__name__}: {detail}") from None

    return decode


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
        self._parking = Parking(settings, self._client_id)
        self._subscriptions: list[Subscription] = []
        self._started = False
        self.broker = KafkaBroker(
            settings.bootstrap_servers,
            client_id=self._client_id,
            acks="all",
            enable_idempotence=True,
            allow_auto_create_topics=False,
            max_request_size=MAX_MESSAGE_BYTES,
            request_timeout_ms=int(settings.request_timeout_s * 1000),
            metadata_max_age_ms=60_000,
            middlewares=[publish_middleware(settings.request_timeout_s, self._metrics)],
            logger=None,  # it would log payloads, and twice per message
        )

    async def start(self) -> None:
        """Connect the producer, then let every subscriber join its group in the background.

        Raises:
            UpstreamUnavailableError: Kafka can't be reached within `request_timeout_s`.
        """
        try:
            async with asyncio.timeout(self._settings.request_timeout_s):
                await self.broker.connect()
        except (KafkaError, TimeoutError) as error:
            raise UpstreamUnavailableError(
                "kafka", f"no connection to {self._settings.bootstrap_servers}: {type(error).__name__}"
            ) from error
        for subscriber in self.broker.subscribers:
            if not isinstance(subscriber, DefaultSubscriber):
                raise TypeError("only plain subscribers: no batch, no max_workers, delivery does both")
            # The base class prepares the handlers; its subclass would also start a consumer of its own.
            await SubscriberUsecase.start(subscriber)
            subscription = Subscription(
                subscriber.specification.call_name,
                topics=subscriber.topic_names,
                group=subscriber.group_id or group_of(self.service, subscriber.topic_names[0]),
                call=subscriber.process_message,
                settings=self._settings,
                parking=self._parking,
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
        await self._parking.close()
        try:
            async with asyncio.timeout(self._settings.request_timeout_s):
                await self.broker.stop()
        except (KafkaError, TimeoutError) as error:
            log.warning("producer did not close cleanly: %s", type(error).__name__)

    async def publish(self, event: Event, *, topic: Topic | None = None, key: str | None = None) -> None:
        """Publish `event` and wait until Kafka has it on all in-sync replicas.

        Args:
            event: What happened.
            topic: Where to; by default the topic of its class.
            key: Kafka key; by default the event's `partition_key`.

        Raises:
            UpstreamUnavailableError: Kafka did not acknowledge in time; it may still arrive later.
            UpstreamRejectedError: The event is too large for Kafka.
        """
        await self.broker.publish(
            event.model_dump_json().encode(),
            topic=topic or TOPICS[type(event)],
            key=(event.partition_key if key is None else key).encode(),
            headers={
                "content-type": JSON,
                str(Header.EVENT_ID): str(event.event_id),
                str(Header.EVENT_TYPE): f"{event.TYPE}.v{event.VERSION}",
            },
            correlation_id=str(event.event_id),
        )

    def readiness(self) -> dict[str, str]:
        """Subscribers that aren't consuming, each with the reason; empty when all is well."""
        if not self._started:
            return {"delivery": "not started"}
        reasons = {subscription.name: subscription.readiness() for subscription in self._subscriptions}
        return {name: reason for name, reason in reasons.items() if reason is not None}
