"""Trace context over Kafka headers, and one span per message handled or published."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import context, propagate, trace
from opentelemetry.trace import ProxyTracerProvider, SpanKind

from casewright_common import telemetry
from casewright_common.delivery.dead_letters import Header
from casewright_common.delivery.record import Record

_TRACEPARENT = "traceparent"


def _tracing() -> bool:
    """Whether spans go anywhere; without a provider they'd cost ten times what the check does."""
    return not isinstance(trace.get_tracer_provider(), ProxyTracerProvider)


@contextmanager
def handling(record: Record, group: str) -> Iterator[None]:
    """Everything inside belongs to the trace that `record` came with; log lines name its event."""
    carrier = {name: raw.decode(errors="replace") for name, raw in record.headers if raw is not None}
    event_id = carrier.get(Header.EVENT_ID, "")
    with telemetry.bind(event_id=event_id):
        if _TRACEPARENT not in carrier and not _tracing():
            yield
            return
        came_with = propagate.extract(carrier)
        if not _tracing():
            token = context.attach(came_with)
            try:
                yield
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
        ):
            yield


@contextmanager
def publishing(topic: str, headers: dict[str, str]) -> Iterator[None]:
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
