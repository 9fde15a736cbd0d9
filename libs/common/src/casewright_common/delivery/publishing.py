"""Publishing: acknowledged by Kafka or an error that says what to do."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordTooLargeError
from faststream import BaseMiddleware
from faststream.kafka.response import KafkaPublishCommand
from opentelemetry import propagate

from casewright_common.delivery.metrics import DeliveryMetrics
from casewright_common.errors import UpstreamRejectedError, UpstreamUnavailableError
from casewright_common.events import Event
from casewright_common.topics import Topic

DEPENDENCY = "kafka"


class Publish(Protocol):
    """`Delivery.publish`, as use cases and handlers see it."""

    async def __call__(self, event: Event, *, topic: Topic | None = None, key: str | None = None) -> None:
        """Publish `event`; returns once Kafka has it on all in-sync replicas."""
        ...


class PublishMiddleware(BaseMiddleware[KafkaPublishCommand]):
    """Outermost on the broker: trace context, time-out and our errors, whichever way something is published.

    On a time-out the message may still arrive later: its event id makes the second copy harmless.
    """

    timeout_s: float
    metrics: DeliveryMetrics

    async def publish_scope(
        self, call_next: Callable[[KafkaPublishCommand], Awaitable[Any]], cmd: KafkaPublishCommand
    ) -> Any:
        """Publish `cmd` within the time-out.

        Raises:
            UpstreamUnavailableError: Kafka did not acknowledge in time.
            UpstreamRejectedError: Kafka will never take this message.
        """
        propagate.inject(cmd.headers)
        topic = cmd.destination
        try:
            async with asyncio.timeout(self.timeout_s):
                published = await call_next(cmd)
        except (MessageSizeTooLargeError, RecordTooLargeError) as error:
            self.metrics.published.labels(topic, "rejected").inc()
            raise UpstreamRejectedError(DEPENDENCY, f"message for {topic} is too large") from error
        except TimeoutError as error:
            self.metrics.published.labels(topic, "unavailable").inc()
            raise UpstreamUnavailableError(
                DEPENDENCY, f"{topic} not acknowledged in {self.timeout_s:g} s"
            ) from error
        except KafkaError as error:
            self.metrics.published.labels(topic, "unavailable").inc()
            raise UpstreamUnavailableError(DEPENDENCY, f"{topic}: {type(error).__name__}") from error
        self.metrics.published.labels(topic, "acknowledged").inc()
        return published


def publish_middleware(timeout_s: float, metrics: DeliveryMetrics) -> type[PublishMiddleware]:
    """The middleware with its settings, in the shape that FastStream wants: a class."""
    return type(
        "ConfiguredPublishMiddleware", (PublishMiddleware,), {"timeout_s": timeout_s, "metrics": metrics}
    )
