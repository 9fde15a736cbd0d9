"""What the service counts."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from casewright_jira_sync.lease import TargetKind

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25)


class SyncMetrics:
    """Counters of writes, and of the calls to Jira; implements `Observer`."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._writes = Counter(
            "casewright_jira_writes",
            "Things brought into their state in Jira, by kind and outcome.",
            ["kind", "outcome"],
            registry=registry,
        )
        self._found = Counter(
            "casewright_jira_found",
            "Things of ours found in Jira that the ledger did not know.",
            ["kind"],
            registry=registry,
        )
        self._limited = Counter(
            "casewright_jira_rate_limited",
            "Answers with status 429, by Jira's reason.",
            ["reason"],
            registry=registry,
        )
        self._seconds = Histogram(
            "casewright_jira_call_seconds",
            "Time of one call to Jira, by operation and outcome.",
            ["operation", "outcome"],
            registry=registry,
            buckets=_BUCKETS,
        )
        self._waited = Histogram(
            "casewright_jira_budget_wait_seconds",
            "Time that a call waited for its turn in the rate budget.",
            registry=registry,
            buckets=_BUCKETS,
        )

    def wrote(self, kind: TargetKind, outcome: str) -> None:
        """See `Observer.wrote`."""
        self._writes.labels(kind, outcome).inc()

    def found(self, kind: TargetKind) -> None:
        """See `Observer.found`."""
        self._found.labels(kind).inc()

    def limited(self, reason: str | None) -> None:
        """Jira answered 429; reasons that it does not document share one label."""
        known = reason is not None and reason.startswith("jira-")
        self._limited.labels(reason if known else "none").inc()

    def called(self, operation: str, outcome: str, seconds: float) -> None:
        """A call ended: with its status, `timeout` or `unreachable`."""
        self._seconds.labels(operation, outcome).observe(seconds)

    def waited(self, seconds: float) -> None:
        """A call had to wait for its turn."""
        self._waited.observe(seconds)
