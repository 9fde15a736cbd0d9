"""Trace context over Kafka headers, and one span per message handled or published."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import context, propagate, trace
from opentelemetry.trace import INVALID_SPAN, ProxyTracerProvider, Span, SpanKind

from casewright_common import telemetry
from casewright_common.delivery.dead_letters import Header, header
from casewright_common.delivery.record import Record

_TRACEPARENT = "traceparent"


def tracing() -> bool:
    """Whether spans go anywhere; where they don't, none are made."""
    return not isinstance(trace.get_tracer_provider(), ProxyTracerProvider)


@contextmanager
def handling(record: Record, group: str, *, traced: bool) -> Iterator[Span]:
    """Everything inside belongs to the trace that `record` came with, and log lines name its event.

    Args:
        record: The message.
        group: Who handles it.
        traced: What `tracing()` said lately: asking costs too much per message.

    Yields:
        The span of this attempt; one that records nothing where tracing is off.
    """
    event_id = header(record.headers, Header.EVENT_ID) or ""
    with telemetry.bind(event_id=event_id):
        if not traced and header(record.headers, _TRACEPARENT) is None:
            yield INVALID_SPAN
            return
        carrier = {name: raw.decode(errors="replace") for name, raw in record.headers if raw is not None}
        came_with = propagate.extract(carrier)
        if not traced:
            token = context.attach(came_with)
            try:
                yield INVALID_SPAN
            finally:
                context.detach(token)
            return
        with trace.get_tracer(__name__).start_as_current_span(
            f"process {record.topic}",
            came_with,
            SpanKind.CONSUMER,
            {
                "messaging.system": "kafka",
                "messaging.operation.name": "process",
                "messaging.operation.type": "process",
                "messaging.destination.name": record.topic,
                "messaging.destination.partition.id": str(record.partition),
                "messaging.consumer.group.name": group,
                "messaging.kafka.offset": record.offset,
                "messaging.message.id": event_id,
            },
        ) as span:
            yield span


@contextmanager
def sending(topic: str, event_id: str) -> Iterator[dict[str, str]]:
    """A span around the publication, where spans go anywhere; yields the headers with the trace context."""
    headers: dict[str, str] = {}
    if not tracing():
        propagate.inject(headers)
        yield headers
        return
    with trace.get_tracer(__name__).start_as_current_span(
        f"send {topic}",
        kind=SpanKind.PRODUCER,
        attributes={
            "messaging.system": "kafka",
            "messaging.operation.name": "send",
            "messaging.operation.type": "send",
            "messaging.destination.name": topic,
            "messaging.message.id": event_id,
        },
    ):
        propagate.inject(headers)
        yield headers
