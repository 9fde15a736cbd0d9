"""What the runtime counts."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_HANDLER_BUCKETS = (0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300)
_AGE_BUCKETS = (0.01, 0.05, 0.2, 1, 5, 15, 60, 300, 1800, 7200, 86_400)


class DeliveryMetrics:
    """Metrics of all subscribers of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ("topic", "group")
        self.messages = Counter(
            "casewright_delivery_messages",
            "Messages that left the runtime, by what became of them: handled, parked, skipped.",
            (*labels, "outcome"),
            registry=registry,
        )
        self.retries = Counter(
            "casewright_delivery_retries",
            "Attempts that failed and are made again.",
            (*labels, "code"),
            registry=registry,
        )
        self.dead_letters = Counter(
            "casewright_delivery_dead_letters",
            "Messages parked on the dead-letter topic.",
            (*labels, "code"),
            registry=registry,
        )
        self.handler_seconds = Histogram(
            "casewright_delivery_handler_seconds",
            "Time that one call of a handler took.",
            labels,
            buckets=_HANDLER_BUCKETS,
            registry=registry,
        )
        self.age_seconds = Histogram(
            "casewright_delivery_age_seconds",
            "Time from a message's production to the end of its handling.",
            labels,
            buckets=_AGE_BUCKETS,
            registry=registry,
        )
        self.in_flight = Gauge(
            "casewright_delivery_in_flight", "Handlers running now.", labels, registry=registry
        )
        self.queued = Gauge(
            "casewright_delivery_queued", "Messages read and not finished.", labels, registry=registry
        )
        self.lag = Gauge(
            "casewright_delivery_lag",
            "Messages behind the end of the partition, counted from the committed offset.",
            (*labels, "partition"),
            registry=registry,
        )
        self.paused = Gauge(
            "casewright_delivery_paused",
            "1 while a partition is held back: a dependency is down, or too much is unfinished.",
            (*labels, "partition"),
            registry=registry,
        )
        self.stopped = Gauge(
            "casewright_delivery_stopped",
            "1 once a consumer has stopped after too many dead letters in a row.",
            labels,
            registry=registry,
        )
        self.published = Counter(
            "casewright_delivery_published",
            "Messages published, by outcome: acknowledged, unavailable, rejected.",
            ("topic", "outcome"),
            registry=registry,
        )
