"""Names that are remembered for a while: in Redis, where all replicas see them, or in this process alone."""

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

_logger = logging.getLogger(__name__)
_MOST = 20_000
_REDIS_AWAY_S = 5.0
T = TypeVar("T")


class Marks(Protocol):
    """Where names are remembered."""

    async def present(self, *names: str) -> tuple[bool, ...]:
        """Which of the names are remembered."""
        ...

    async def put(self, name: str, seconds: float, *, if_absent: bool = False) -> bool:
        """Remember a name for so long; with `if_absent` says whether it was this call that did."""
        ...

    async def count(self, name: str, seconds: float) -> int:
        """How often a name was counted, now included, since its first count at most `seconds` ago."""
        ...

    async def remove(self, *names: str) -> None:
        """Forget names."""
        ...


@dataclass
class LocalMarks:
    """`Marks` of this process."""

    clock: Callable[[], float] = time.monotonic
    _until: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    async def present(self, *names: str) -> tuple[bool, ...]:
        """See `Marks.present`."""
        now = self.clock()
        return tuple(self._until.get(name, (now, 0))[0] > now for name in names)

    async def put(self, name: str, seconds: float, *, if_absent: bool = False) -> bool:
        """See `Marks.put`."""
        if if_absent and (await self.present(name))[0]:
            return False
        self._keep(name, self.clock() + seconds, 0)
        return True

    async def count(self, name: str, seconds: float) -> int:
        """See `Marks.count`."""
        now = self.clock()
        until, number = self._until.get(name, (now, 0))
        if until <= now:
            until, number = now + seconds, 0
        self._keep(name, until, number + 1)
        return number + 1

    async def remove(self, *names: str) -> None:
        """See `Marks.remove`."""
        for name in names:
            self._until.pop(name, None)

    def _keep(self, name: str, until: float, number: int) -> None:
        self._until[name] = (until, number)
        self._until.move_to_end(name)
        while len(self._until) > _MOST:
            self._until.popitem(last=False)


class RedisMarks:
    """`Marks` that all replicas share. Raises `RedisError` or `OSError` where Redis is away."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis = redis
        self._prefix = prefix

    async def present(self, *names: str) -> tuple[bool, ...]:
        """See `Marks.present`."""
        found = await self._redis.mget([self._prefix + name for name in names])
        return tuple(value is not None for value in found)

    async def put(self, name: str, seconds: float, *, if_absent: bool = False) -> bool:
        """See `Marks.put`."""
        milliseconds = max(1, int(seconds * 1000))
        return bool(await self._redis.set(self._prefix + name, b"1", px=milliseconds, nx=if_absent))

    async def count(self, name: str, seconds: float) -> int:
        """See `Marks.count`."""
        milliseconds = max(1, int(seconds * 1000))
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(self._prefix + name, 0, px=milliseconds, nx=True)
            pipe.incr(self._prefix + name)
            _, number = await pipe.execute()
        return int(number)

    async def remove(self, *names: str) -> None:
        """See `Marks.remove`."""
        await self._redis.delete(*(self._prefix + name for name in names))


class SharedMarks:
    """`Marks` in Redis, and in this process while Redis is away."""

    def __init__(self, shared: Marks, local: Marks, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._shared = shared
        self._local = local
        self._clock = clock
        self._away_until = float("-inf")

    async def present(self, *names: str) -> tuple[bool, ...]:
        """See `Marks.present`."""
        return await self._anywhere(lambda where: where.present(*names))

    async def put(self, name: str, seconds: float, *, if_absent: bool = False) -> bool:
        """See `Marks.put`."""
        return await self._anywhere(lambda where: where.put(name, seconds, if_absent=if_absent))

    async def count(self, name: str, seconds: float) -> int:
        """See `Marks.count`."""
        return await self._anywhere(lambda where: where.count(name, seconds))

    async def remove(self, *names: str) -> None:
        """See `Marks.remove`."""
        await self._anywhere(lambda where: where.remove(*names))

    async def _anywhere(self, ask: Callable[[Marks], Awaitable[T]]) -> T:
        if self._clock() >= self._away_until:
            try:
                return await ask(self._shared)
            except (RedisError, OSError) as error:
                self._away_until = self._clock() + _REDIS_AWAY_S
                _logger.warning("Redis is away (%s): this process goes on alone", type(error).__name__)
        return await ask(self._local)
