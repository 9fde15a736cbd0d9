"""Logs as JSON lines, metrics, traces; ids of event and trace on every line, secrets on none.

Metrics: `runtime` makes one `CollectorRegistry` per service and hands it to whoever counts.
"""

import json
import logging
import re
import sys
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from pydantic import SecretStr
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from casewright_common.settings import TelemetrySettings

_MASK = "[secret]"
_SHORTEST_SECRET = 6
_MOST_SECRETS = 2000
_never_logged: OrderedDict[str, None] = OrderedDict()
_bound: ContextVar[dict[str, str]] = ContextVar("bound")

# What looks like a secret even if nobody announced it: credentials in addresses and in headers, and the
# prefixes that providers give their keys.
_LOOKS_SECRET = re.compile(
    r"(?P<scheme>://[^\s:/@]{0,200}:)[^\s@/]{1,500}(?=@)"
    r"|(?P<header>\b(?:authorization|x-api-key|api[-_]key)['\"]?\s{0,3}[:=]\s{0,3}['\"]?"
    r"(?:(?:basic|bearer)\s{1,3})?)[^\s'\",;]{4,4000}"
    r"|(?P<bearer>\b(?:bearer|basic)\s{1,3})[A-Za-z0-9._~+/=-]{12,4000}"
    r"|\b(?:sk|pk|xoxb|ghp|ATATT)[-_A-Za-z0-9]{16,500}",
    re.IGNORECASE,
)


def never_log(secret: SecretStr) -> None:
    """Mask this value on every later log line of the process; values under six characters are not."""
    value = secret.get_secret_value()
    if len(value) >= _SHORTEST_SECRET:
        _never_logged[json.dumps(value)[1:-1]] = None  # as it would stand in a JSON line
        while len(_never_logged) > _MOST_SECRETS:
            _never_logged.popitem(last=False)


def masked(line: str) -> str:
    """The line without secrets: those announced by `never_log`, and what looks like one."""
    for secret in list(_never_logged):
        if secret in line:
            line = line.replace(secret, _MASK)
    return _LOOKS_SECRET.sub(
        lambda match: (match["scheme"] or match["header"] or match["bearer"] or "") + _MASK, line
    )


@contextmanager
def bind(**ids: object) -> Iterator[None]:
    """Add ids (`event_id=…`, `org_id=…`, `issue_key=…`) to every log line that is written inside."""
    token = _bound.set({**_bound.get({}), **{name: str(value) for name, value in ids.items()}})
    try:
        yield
    finally:
        _bound.reset(token)


class _Context(logging.Filter):
    """Adds the bound ids and those of the current span."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "service"):
            record.service = self._service
        for name, value in _bound.get({}).items():
            setattr(record, name, value)
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            record.trace_id = trace.format_trace_id(context.trace_id)
            record.span_id = trace.format_span_id(context.span_id)
        return True


class _MaskingFormatter(JsonFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def configure_logging(service: str, settings: TelemetrySettings) -> None:
    """Send all log records of the process to standard error, one JSON object per line.

    Fields: `timestamp` (UTC, ISO 8601), `level`, `logger`, `message`, `service`, the bound ids, `trace_id`
    and `span_id` where there is a span, `exc_info` where there is an exception.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _MaskingFormatter(
            "{levelname}{name}{message}",
            style="{",
            timestamp=True,
            rename_fields={"levelname": "level", "name": "logger"},
            reserved_attrs=[*RESERVED_ATTRS, "color_message"],  # uvicorn's copy of the message with colours
        )
    )
    handler.addFilter(_Context(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    # These say once per request what the metrics count; `aiokafka.conn` shows requests, passwords included.
    for noisy in ("httpx", "uvicorn.access", "aiokafka.consumer.subscription_state", "aiokafka.conn"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def take_over_loggers(*names: str) -> None:
    """Let a library's loggers write through the root logger only, from warnings up.

    For libraries that give their loggers handlers of their own when they are imported; call it afterwards.
    """
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.disabled = False
        logger.setLevel(logging.WARNING)


def configure_tracing(service: str, settings: TelemetrySettings) -> TracerProvider | None:
    """Export spans over OTLP/HTTP if an endpoint is set; returns what must be shut down at the end."""
    if settings.otlp_endpoint is None:
        return None
    provider = TracerProvider(resource=Resource.create({"service.name": f"casewright-{service}"}))
    exporter = OTLPSpanExporter(endpoint=f"{settings.otlp_endpoint.rstrip('/')}/v1/traces", timeout=5)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return provider
