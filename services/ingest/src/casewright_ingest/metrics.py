"""What ingest counts."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from casewright_ingest.domain.revisions import Outcome

_KIB = 1024


class IngestMetrics:
    """Counters of the door and of what lies behind it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.accepted = Counter(
            "casewright_ingest_webhooks_accepted", "Webhooks that Kafka has.", registry=registry
        )
        self.refused = Counter(
            "casewright_ingest_webhooks_refused", "Webhooks refused.", ["reason"], registry=registry
        )
        self.ignored = Counter(
            "casewright_ingest_webhooks_ignored",
            "Webhooks that are answered but not published, by event, or `not_configured`.",
            ["event"],
            registry=registry,
        )
        self.body_bytes = Histogram(
            "casewright_ingest_webhook_body_bytes",
            "Sizes of the bodies of verified webhooks.",
            buckets=[_KIB, 4 * _KIB, 16 * _KIB, 64 * _KIB, 256 * _KIB, _KIB**2, 8 * _KIB**2],
            registry=registry,
        )
        self.issues = Counter(
            "casewright_ingest_issues", "What became of the issues received.", ["outcome"], registry=registry
        )

    def issue(self, outcome: Outcome) -> None:
        """Count one issue."""
        self.issues.labels(outcome.value).inc()
