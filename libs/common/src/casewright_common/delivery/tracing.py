"""Trace context over Kafka headers, and one span per message handled or published."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager

from opentelemetry import context, propagate, trace
from opentelemetry.trace import INVALID_SPAN, ProxyTracerProvider, Span, SpanKind

from casewright_common import telemetry
from casewright_common.delivery.dead_letters import Header
from casewright_common.delivery.record import Record

_TRACEPARENT = "traceparent"


def _tracing() -> bool:
    """Whether spans go anywhere; without a provider they'd cost ten times what this check does."""
    return not isinstance(trace.get_tracer_provider(), ProxyTracerProvider)


@contextmanager
def handling(record: Record, group: str) -> Iterator[Span]:
    """Everything inside belongs to the trace that `record` came with, and log lines name its event.

    Yields:
        The span of this attempt; one that records nothing where tracing is off.
    """
    carrier = {name: raw.decode(errors="replace") for name, raw in record.headers if raw is not None}
    event_id = carrier.get(Header.EVENT_ID, "")
    with telemetry.bind(event_id=event_id):
        if not _tracing():
            if _TRACEPARENT not in carrier:
                yield INVALID_SPAN
                return
            token = context.attach(propagate.extract(carrier))
            try:
                yield INVALID_SPAN
            finally:
                context.detach(token)
            return
        with trace.get_tracer(__name__).start_as_current_span(
            f"process {record.topic}",
            propagate.extract(carrier),
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
def sending(topic: str, headers: MutableMapping[str, str]) -> Iterator[None]:
    """A span around the publication; adds the trace context to `headers`."""
    if not _tracing():
        propagate.inject(headers)
        yield
        return
    with trace.get_tracer(__name__).start_as_current_span(
        f"send {topic}",
        kind=SpanKind.PRODUCER,
        attributes={
            "messaging.system": "kafka",
            "messaging.operation.name": "send",
            "messaging.operation.type": "send",
            "messaging.destination.name": topic,
            "messaging.message.id": headers.get(Header.EVENT_ID, ""),
        },
    ):
        propagate.inject(headers)
        yield
