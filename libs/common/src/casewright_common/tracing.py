"""Traces that go on over HTTP and over what is stored to be done later; over Kafka: `delivery.tracing`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from casewright_common.delivery.tracing import tracing

_W3C = TraceContextTextMapPropagator()


def carried() -> dict[str, str]:
    """`traceparent`, and `tracestate` if there is one, of the current trace; empty outside of any."""
    carrier: dict[str, str] = {}
    _W3C.inject(carrier)
    return carrier


@contextmanager
def continuing(carrier: Mapping[str, str | None]) -> Iterator[None]:
    """Everything inside belongs to the trace that `carried` told of, and to none if it is empty or wrong."""
    token = context.attach(_W3C.extract({name: text for name, text in carrier.items() if text}))
    try:
        yield
    finally:
        context.detach(token)


@contextmanager
def answering(headers: Mapping[str, str]) -> Iterator[None]:
    """Everything inside belongs to the trace that a request came with.

    Where spans are kept, FastAPI has made one for the request already; where they are not, it would forget
    the trace, and those behind us may keep theirs.

    Args:
        headers: Of the request, whatever the case of their names.
    """
    if tracing():
        yield
        return
    with continuing({name: headers.get(name) for name in _W3C.fields}):
        yield
