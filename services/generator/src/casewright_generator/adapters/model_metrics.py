"""What is counted of models: calls, tokens, money, circuits, the cache, budgets.

Labels are of few values: providers, reasons, kinds. Names of models are typed in by users, so that only the
first few are told apart. Organisations, users and keys are no labels.
"""

import time
from collections.abc import Callable
from typing import Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from casewright_generator.adapters.accounts import Route
from casewright_generator.adapters.llm import Answer
from casewright_generator.adapters.providers import PROVIDERS

_BUCKETS_S: Final = (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 40, 90, 180)
_MODELS: Final = 100
_OTHER: Final = "other"
Lookup = Literal["hit", "miss", "unavailable"]


class ModelMetrics:
    """Counts with Prometheus.

    Args:
        registry: Where; without one nobody scrapes it.
        clock: Seconds, for circuits that close by themselves.
    """

    def __init__(
        self, registry: CollectorRegistry | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        registry = registry or CollectorRegistry()
        prefix = "casewright_generator"
        self._clock = clock
        self._models: set[str] = set()
        self._open_until: dict[str, tuple[str, float]] = {}
        self._calls = Counter(
            f"{prefix}_model_calls",
            "Calls of models, by what came of them: answered, transient, or the reason of the failure.",
            ("provider", "model", "outcome"),
            registry=registry,
        )
        self._seconds = Histogram(
            f"{prefix}_model_call_seconds",
            "Time that a call of a model took, answered or not.",
            ("provider",),
            buckets=_BUCKETS_S,
            registry=registry,
        )
        self._tokens = Counter(
            f"{prefix}_model_tokens",
            "Tokens that models read and wrote.",
            ("provider", "model", "direction"),
            registry=registry,
        )
        self._cost = Counter(
            f"{prefix}_model_cost_usd",
            "What answers of models cost, where the price is known.",
            ("provider", "model"),
            registry=registry,
        )
        self._retries = Counter(
            f"{prefix}_model_retries", "Calls made again the same way.", ("provider",), registry=registry
        )
        self._fallbacks = Counter(
            f"{prefix}_model_fallbacks",
            "Turns to the next key, or to the fallback model, by why.",
            ("to", "reason"),
            registry=registry,
        )
        self._repairs = Counter(
            f"{prefix}_model_repairs",
            "Questions asked again: `repair` for an answer that could not be read, `gaps` for missing cases.",
            ("kind",),
            registry=registry,
        )
        self._openings = Counter(
            f"{prefix}_model_circuit_openings",
            "Circuits that this process opened: a key that kept failing is left alone for a while.",
            ("provider",),
            registry=registry,
        )
        self._skipped = Counter(
            f"{prefix}_model_circuit_refusals",
            "Calls that were not made because the circuit was open.",
            ("provider",),
            registry=registry,
        )
        self._open = Gauge(
            f"{prefix}_model_circuits_open",
            "Keys that this process knows to be left alone now.",
            ("provider",),
            registry=registry,
        )
        self._lookups = Counter(
            f"{prefix}_answer_cache_lookups",
            "Looks into the cache of answers: hit, miss or unavailable.",
            ("result",),
            registry=registry,
        )
        self._refusals = Counter(
            f"{prefix}_budget_refusals",
            "Calls that were not made because they did not fit into a budget.",
            ("scope",),
            registry=registry,
        )

    def answered(self, route: Route, answer: Answer, seconds: float) -> None:
        """A call was answered."""
        provider, model = _provider(route), self._model(route.model)
        self._calls.labels(provider, model, "answered").inc()
        self._seconds.labels(provider).observe(seconds)
        self._tokens.labels(provider, model, "input").inc(answer.input_tokens)
        self._tokens.labels(provider, model, "output").inc(answer.output_tokens)
        self._cost.labels(provider, model).inc(answer.cost_usd or 0)

    def failed(self, route: Route, reason: str, seconds: float) -> None:
        """A call was made in vain."""
        provider = _provider(route)
        self._calls.labels(provider, self._model(route.model), reason).inc()
        self._seconds.labels(provider).observe(seconds)

    def retried(self, route: Route) -> None:
        """The next call goes the same way."""
        self._retries.labels(_provider(route)).inc()

    def fell_back(self, before: Route, after: Route, reason: str) -> None:
        """The next call goes another way."""
        self._fallbacks.labels("key" if before.model == after.model else "model", reason).inc()

    def repaired(self, kind: str) -> None:
        """A model is asked again for the same cases, or for those that are missing."""
        self._repairs.labels(kind).inc()

    def circuit_opened(self, route: Route, name: str, seconds: float) -> None:
        """A key is left alone for so long."""
        self._openings.labels(_provider(route)).inc()
        self._is_open(route, name, seconds)

    def circuit_refused(self, route: Route, name: str, seconds: float) -> None:
        """A key was found to be left alone, for so long at most."""
        self._skipped.labels(_provider(route)).inc()
        if name not in self._open_until or self._open_until[name][1] <= self._clock():
            self._is_open(route, name, seconds)

    def circuit_closed(self, name: str) -> None:
        """A key works again."""
        self._open_until.pop(name, None)

    def looked_up(self, result: Lookup) -> None:
        """Somebody looked into the cache of answers."""
        self._lookups.labels(result).inc()

    def budget_refused(self, scope: str) -> None:
        """A call did not fit into the budget of an organisation, a project or a user."""
        self._refusals.labels(scope).inc()

    def _is_open(self, route: Route, name: str, seconds: float) -> None:
        provider, now = _provider(route), self._clock()
        kept = {known: it for known, it in self._open_until.items() if it[1] > now}
        self._open_until = kept | {name: (provider, now + seconds)}
        self._open.labels(provider).set_function(lambda: self._open_of(provider))

    def _open_of(self, provider: str) -> float:
        now = self._clock()
        return sum(whose == provider and until > now for whose, until in self._open_until.values())

    def _model(self, name: str) -> str:
        if len(self._models) < _MODELS:
            self._models.add(name)
        return name if name in self._models else _OTHER


def _provider(route: Route) -> str:
    return route.provider if route.provider in PROVIDERS else _OTHER
