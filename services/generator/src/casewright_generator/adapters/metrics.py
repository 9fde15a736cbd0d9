"""What the generator counts of generations; of models see `model_metrics`."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram

from casewright_common.events import CasesGeneratedV1
from casewright_generator.service import Outcome

_STAGE_BUCKETS = (0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120)
_SHARES = (0, 0.25, 0.5, 0.75, 0.9, 0.99, 1)


class GeneratorMetrics:
    """`Observer` with Prometheus."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._generations = Counter(
            "casewright_generator_generations",
            "Generations, by how they ended, what wrote the cases and why the designer stepped in.",
            ("outcome", "engine", "fallback_reason"),
            registry=registry,
        )
        self._stages = Histogram(
            "casewright_generator_stage_seconds",
            "Time that a stage took.",
            ("stage",),
            buckets=_STAGE_BUCKETS,
            registry=registry,
        )
        self._coverage = Histogram(
            "casewright_generator_coverage_ratio",
            "Share of the plan's conditions that the cases of a story cover.",
            buckets=_SHARES,
            registry=registry,
        )

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """See `Observer.stage`."""
        began = perf_counter()
        try:
            yield
        finally:
            self._stages.labels(name).observe(perf_counter() - began)

    def generated(self, event: Outcome) -> None:
        """See `Observer.generated`."""
        if not isinstance(event, CasesGeneratedV1):
            self._generations.labels("failed", "none", event.code).inc()
            return
        engine = event.engine
        self._generations.labels(event.outcome, engine.kind, engine.fallback_reason or "").inc()
        if event.coverage.conditions:
            self._coverage.observe(event.coverage.covered / event.coverage.conditions)
