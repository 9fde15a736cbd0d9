"""The budget of calls to one Jira site, shared by all replicas through Redis.

A call reserves its turn and sleeps until then, so that nobody polls. Without Redis each process keeps a
budget of its own: several replicas may then be too fast together, which Jira answers with 429, and no fact is
lost.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from casewright_jira_sync.adapters.metrics import SyncMetrics
from casewright_jira_sync.domain.pacing import LimitScope, Rate
from casewright_jira_sync.errors import JiraUnavailableError

_logger = logging.getLogger(__name__)

_KEYS = 20_000
_REDIS_AWAY_S = 5.0
_MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Call:
    """What is about to be asked of a site.

    Attributes:
        site: Host and port.
        write: Whether it changes something.
        issue_id: The issue that is written to, where Jira counts writes to one.
    """

    site: str
    write: bool
    issue_id: str | None = None

    @property
    def endpoint(self) -> str:
        """Key of the bucket for this sort of call."""
        return f"{{{self.site}}}:{'write' if self.write else 'read'}"

    @property
    def issue(self) -> str:
        """Key of the issue's bucket."""
        return f"{{{self.site}}}:issue:{self.issue_id}"

    def scope(self, scope: LimitScope) -> str:
        """Key of what a hold is about."""
        if scope is LimitScope.SITE:
            return f"{{{self.site}}}:all"
        return self.issue if scope is LimitScope.ISSUE and self.issue_id else self.endpoint


@dataclass(frozen=True)
class Rates:
    """The buckets of a site; Jira allows 100 reads and 50 writes a second, 20 writes to an issue in 2 s."""

    reads: Rate
    writes: Rate
    issue_writes: Rate

    def buckets(self, call: Call) -> list[tuple[str, Rate]]:
        """The buckets that a call draws from."""
        found = [(call.endpoint, self.writes if call.write else self.reads)]
        return [*found, (call.issue, self.issue_writes)] if call.issue_id else found


class Reservations(Protocol):
    """Where turns are booked."""

    async def reserve(
        self, holds: Sequence[str], buckets: Sequence[tuple[str, Rate]], limit_s: float
    ) -> float:
        """Seconds until the call's turn; above `limit_s` nothing is booked."""
        ...

    async def hold(self, key: str, seconds: float) -> None:
        """Let nothing through for so long."""
        ...


@dataclass
class LocalReservations:
    """Turns of this process alone."""

    clock: Callable[[], float] = time.monotonic
    _booked: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _held: dict[str, float] = field(default_factory=dict)

    async def reserve(
        self, holds: Sequence[str], buckets: Sequence[tuple[str, Rate]], limit_s: float
    ) -> float:
        """See `Reservations.reserve`."""
        now = self.clock()
        self._held = {key: until for key, until in self._held.items() if until > now}
        waits = [self._held.get(key, now) - now for key in holds]
        booked = []
        for key, rate in buckets:
            wait, until = rate.reserve(self._booked.get(key, 0.0), now)
            waits.append(wait)
            booked.append((key, until))
        wait = max(waits, default=0.0)
        if wait <= limit_s:
            for key, until in booked:
                self._booked[key] = until
                self._booked.move_to_end(key)
            while len(self._booked) > _KEYS:
                self._booked.popitem(last=False)
        return wait

    async def hold(self, key: str, seconds: float) -> None:
        """See `Reservations.hold`."""
        self._held[key] = max(self._held.get(key, 0.0), self.clock() + seconds)


# Keys: holds, then buckets. Arguments: number of holds, limit, then interval and burst per bucket; all times
# in microseconds of the server's clock. Answers the wait.
_RESERVE = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local holds, limit, wait = tonumber(ARGV[1]), tonumber(ARGV[2]), 0
for i = 1, holds do
  wait = math.max(wait, redis.call('PTTL', KEYS[i]) * 1000)
end
local booked = {}
for i = holds + 1, #KEYS do
  local n = (i - holds - 1) * 2 + 3
  local interval, burst = tonumber(ARGV[n]), tonumber(ARGV[n + 1])
  local from = math.max(now, tonumber(redis.call('GET', KEYS[i]) or '0'))
  wait = math.max(wait, from - (burst - 1) * interval - now)
  booked[i] = from + interval
end
if wait <= limit then
  for i, till in pairs(booked) do
    redis.call('SET', KEYS[i], string.format('%.0f', till), 'PX', math.ceil((till - now) / 1000) + 1000)
  end
end
return string.format('%.0f', wait)
"""


class RedisReservations:
    """Turns that all replicas share. Raises `RedisError` or `OSError` where Redis is away."""

    def __init__(self, redis: Redis, prefix: str = "casewright:jira:") -> None:
        self._redis = redis
        self._prefix = prefix
        self._script = redis.register_script(_RESERVE)

    async def reserve(
        self, holds: Sequence[str], buckets: Sequence[tuple[str, Rate]], limit_s: float
    ) -> float:
        """See `Reservations.reserve`."""
        keys = [f"{self._prefix}hold:{key}" for key in holds] + [f"{self._prefix}{key}" for key, _ in buckets]
        arguments: list[int] = [len(holds), int(limit_s * _MICROSECONDS)]
        for _, rate in buckets:
            arguments += [int(rate.interval_s * _MICROSECONDS), rate.burst]
        answer = await self._script(keys=keys, args=arguments)
        return float(cast("bytes", answer)) / _MICROSECONDS

    async def hold(self, key: str, seconds: float) -> None:
        """See `Reservations.hold`; a longer hold is not shortened."""
        name, milliseconds = f"{self._prefix}hold:{key}", max(1, int(seconds * 1000))
        if not await self._redis.set(name, b"1", px=milliseconds, nx=True):
            await self._redis.pexpire(name, milliseconds, gt=True)


class RateBudget:
    """Gives each call its turn.

    Args:
        shared: Redis, or `None` to keep everything in this process.
        longest_wait_s: Whose turn is further away is sent back to the delivery runtime.
    """

    def __init__(
        self,
        rates: Rates,
        metrics: SyncMetrics,
        *,
        shared: Reservations | None,
        local: Reservations,
        longest_wait_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rates = rates
        self._metrics = metrics
        self._shared = shared
        self._local = local
        self._longest_wait_s = longest_wait_s
        self._clock = clock
        self._redis_away_until = float("-inf")

    async def take(self, call: Call) -> None:
        """Return when it's this call's turn.

        Raises:
            JiraUnavailableError: That would take too long.
        """
        holds = [call.scope(LimitScope.SITE), call.endpoint] + ([call.issue] if call.issue_id else [])
        buckets = self._rates.buckets(call)
        wait = await self._anywhere(lambda where: where.reserve(holds, buckets, self._longest_wait_s))
        self._metrics.waited(wait)
        if wait > self._longest_wait_s:
            raise JiraUnavailableError("the rate budget is used up", retry_after_s=wait, quota=True)
        if wait > 0:
            await asyncio.sleep(wait)

    async def hold(self, call: Call, scope: LimitScope, seconds: float) -> None:
        """Let nothing like `call` through for so long, because Jira said so."""

        async def hold(where: Reservations) -> float:
            await where.hold(call.scope(scope), seconds)
            return 0.0

        await self._local.hold(call.scope(scope), seconds)
        await self._anywhere(hold)

    async def _anywhere(self, ask: Callable[[Reservations], Awaitable[float]]) -> float:
        if self._shared is not None and self._clock() >= self._redis_away_until:
            try:
                return await ask(self._shared)
            except (RedisError, OSError) as error:
                self._redis_away_until = self._clock() + _REDIS_AWAY_S
                _logger.warning("Redis is away (%s): this process keeps its own budget", type(error).__name__)
        return await ask(self._local)
