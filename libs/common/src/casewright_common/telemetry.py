"""Logs as JSON lines, metrics, traces; ids of event and trace on every line, secrets on none.

- `configure_logging(service, settings)`: one JSON line per record on standard error, with `service`, `event_id`,
  `trace_id`, `span_id`; values of `SecretStr`, Authorization headers and URL passwords masked.
- `bind(**ids)`: context manager; adds ids (`event_id=…`, `org_id=…`, `issue_key=…`) to all log lines inside.
- `configure_tracing(service, settings)`: OpenTelemetry SDK with OTLP/HTTP export if an endpoint is set.
- One `CollectorRegistry` per service process, made in `runtime`, handed to whoever counts.
"""
