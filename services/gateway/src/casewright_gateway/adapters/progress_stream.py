"""What the generator tells of its work, from Redis streams that its `adapters/progress.py` writes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from casewright_common.errors import UpstreamUnavailableError
from casewright_gateway.service.progress import Progress

_STREAM: Final = "casewright:progress:"
_WATCH: Final = "casewright:watch:"
_WATCHED_S: Final = 30
_AT_ONCE: Final = 500
_LONGEST_WAIT_S: Final = 30


class RedisProgressSource:
    """`ProgressSource` over Redis.

    Args:
        url: `redis://…`.
        timeout_s: Longest wait for an answer, besides the wait for something to be told.
    """

    def __init__(self, url: str, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._redis: Redis = Redis.from_url(
            url,
            socket_connect_timeout=timeout_s,
            socket_timeout=timeout_s + _LONGEST_WAIT_S,  # reads wait on purpose
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
            encoding_errors="replace",
        )

    async def close(self) -> None:
        """Give up all connections."""
        await self._redis.aclose()

    async def watch(self, org_id: UUID, name: str) -> None:
        """See `ProgressSource`."""
        async with self._within(self._timeout_s):
            await self._redis.set(f"{_WATCH}{org_id}:{name}", "1", ex=_WATCHED_S)

    async def now(self) -> str:
        """See `ProgressSource`."""
        async with self._within(self._timeout_s):
            seconds, microseconds = await self._redis.time()
        return f"{seconds * 1000 + microseconds // 1000}-0"

    async def read(self, org_id: UUID, name: str, *, after: str, wait_s: float) -> Sequence[Progress]:
        """See `ProgressSource`."""
        block = {"block": int(wait_s * 1000)} if wait_s else {}
        async with self._within(self._timeout_s + wait_s):
            found: Any = await self._redis.xread(
                {f"{_STREAM}{org_id}:{name}": after}, count=_AT_ONCE, **block
            )
        streams = found.values() if isinstance(found, dict) else [entries for _, entries in found or ()]
        return [
            Progress(id=entry_id, stage=fields.get("stage", ""), text=fields.get("text", ""))
            for entries in streams
            for entry_id, fields in _flat(entries)
        ]

    @asynccontextmanager
    async def _within(self, seconds: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError as error:
            raise UpstreamUnavailableError("redis", f"no answer within {seconds:g} s") from error
        except (RedisError, OSError) as error:
            raise UpstreamUnavailableError("redis", type(error).__name__) from error


def _flat(entries: Any) -> list[tuple[str, dict[str, str]]]:
    """The entries, which newer protocols of Redis wrap once more."""
    if entries and isinstance(entries[0], list):
        return [entry for part in entries for entry in part]
    return list(entries)
