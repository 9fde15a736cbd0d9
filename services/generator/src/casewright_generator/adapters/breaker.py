"""A circuit breaker per provider and key: who keeps failing is left alone for a while, then tried once."""

from hashlib import sha256

from casewright_generator.adapters.accounts import Route
from casewright_generator.adapters.marks import Marks
from casewright_generator.adapters.model_metrics import ModelMetrics

_WINDOW_S = 60.0
_REMEMBERED_S = 600.0
_PROBE_S = 120.0


class Breaker:
    """Closed while calls work; open for a while after several failures; then half-open for one call.

    Args:
        marks: Where the state is: shared by replicas, or not.
        failures: In a minute, before the circuit opens.
        open_s: How long it stays open.
        metrics: Counts openings and refusals.
    """

    def __init__(
        self, marks: Marks, *, failures: int, open_s: float, metrics: ModelMetrics | None = None
    ) -> None:
        self._marks = marks
        self._failures = failures
        self._open_s = open_s
        self._metrics = metrics or ModelMetrics()
        self._doubtful: set[str] = set()

    async def allows(self, route: Route) -> bool:
        """Whether the key may be asked with now; of several that ask a half-open circuit, one may."""
        name = _name(route)
        opened, tripped = await self._marks.present(f"{name}:open", f"{name}:tripped")
        if opened:
            self._metrics.circuit_refused(route, name, self._open_s)
            return False
        if not tripped:
            return True
        self._doubtful.add(name)
        return await self._marks.put(f"{name}:probe", _PROBE_S, if_absent=True)

    async def worked(self, route: Route) -> None:
        """A call was answered: the circuit is closed."""
        name = _name(route)
        if name in self._doubtful:
            self._doubtful.discard(name)
            self._metrics.circuit_closed(name)
            await self._marks.remove(*(f"{name}:{what}" for what in ("failures", "open", "tripped", "probe")))

    async def failed(self, route: Route, *, at_once: bool = False) -> None:
        """A call failed for the provider's or the key's sake.

        Args:
            route: Where.
            at_once: The key itself was refused: the circuit opens without a count.
        """
        name = _name(route)
        probing = name in self._doubtful and (await self._marks.present(f"{name}:tripped"))[0]
        self._doubtful.add(name)
        count = await self._marks.count(f"{name}:failures", _WINDOW_S)
        if at_once or probing or count >= self._failures:
            await self._marks.put(f"{name}:open", self._open_s)
            await self._marks.put(f"{name}:tripped", self._open_s + _REMEMBERED_S)
            await self._marks.remove(f"{name}:probe")
            self._metrics.circuit_opened(route, name, self._open_s)

    async def released(self, route: Route) -> None:
        """The call that `allows` let through was not made, or says nothing about provider and key."""
        name = _name(route)
        if name in self._doubtful:
            await self._marks.remove(f"{name}:probe")


def _name(route: Route) -> str:
    """Provider and key, not the model: one key serves all models. Ids only, so nothing to keep secret."""
    return sha256(f"{route.provider}:{route.name}".encode()).hexdigest()[:32]
