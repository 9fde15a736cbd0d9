"""Live progress: Redis streams for whoever watches a generation.

Stream `casewright:progress:{org_id}:{cause_id}`, one for each generation, gone an hour after its last entry
and cut to about a thousand entries. `cause_id` is the id of the event that asked for the cases: of the
request, or of the indexed story. Fields of an entry:

    stage   what is being done: `retrieve`, `write`, `gaps`, `design`, `verify` or `store`
    text    a piece of the model's answer, to be joined to the pieces before it (stages `write` and `gaps`),
            or what can be said of the stage; may be empty

Who watches sets `casewright:watch:{org_id}:{cause_id}` to anything, with an expiry, and renews it. Without it
nothing is written and answers are not streamed.

Who doesn't know the cause, such as a change in Jira that is yet to come, watches the story: the same two keys
with `{org_id}:{connection_id}:{issue_id}`, and the entries of all its generations, one after the other.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from casewright_generator.service import Assignment, NoProgress

_logger = logging.getLogger(__name__)
_STREAM: Final = "casewright:progress:"
_WATCH: Final = "casewright:watch:"
_MOST_ENTRIES: Final = 1000
_EXPIRES_S: Final = 3600
_WINDOW_S: Final = 0.05
_MOST_WAITING: Final = 2_000_000
"""Characters that wait for Redis, in all streams; beyond, watchers miss some."""


class LiveProgress(Protocol):
    """`Progress`, and pieces of an answer."""

    async def tell(self, assignment: Assignment, stage: str, text: str = "") -> None:
        """See `Progress.tell`."""
        ...

    async def listener(self, assignment: Assignment, stage: str) -> Callable[[str], None] | None:
        """Takes pieces of the answer; `None` where nobody wants them."""
        ...


class Unwatched(NoProgress):
    """`LiveProgress` that nobody watches."""

    async def listener(self, assignment: Assignment, stage: str) -> Callable[[str], None] | None:
        """See `LiveProgress.listener`."""
        del assignment, stage
        return None


class RedisProgress:
    """`LiveProgress` in Redis streams.

    Pieces of all answers wait up to 50 ms and go out together, in one round trip: a piece by itself costs
    little more than a list's `append`.

    Args:
        redis: Shared with those who watch.
        always: Whether to write even if nobody says that they watch.
    """

    def __init__(self, redis: Redis, *, always: bool = False) -> None:
        self._redis = redis
        self._always = always
        self._waiting: dict[tuple[str, str], list[str]] = {}
        self._characters = 0
        self._flushing: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Write what waits."""
        if self._flushing is not None:
            with suppress(asyncio.CancelledError):
                await self._flushing

    async def tell(self, assignment: Assignment, stage: str, text: str = "") -> None:
        """See `Progress.tell`."""
        for stream in await self._watched(assignment):
            self._add(stream, stage, text)

    async def listener(self, assignment: Assignment, stage: str) -> Callable[[str], None] | None:
        """See `LiveProgress.listener`."""
        streams = await self._watched(assignment)
        if not streams:
            return None

        def listen(text: str) -> None:
            for stream in streams:
                self._add(stream, stage, text)

        return listen

    async def _watched(self, assignment: Assignment) -> list[str]:
        """The streams that somebody watches: the generation's, the story's, or both."""
        names = _names(assignment)
        try:
            found = await self._redis.mget([_WATCH + name for name in names])
        except (RedisError, OSError):
            found = [None for _ in names]
        if self._always:
            found[0] = b"1"
        return [_STREAM + name for name, watched in zip(names, found, strict=True) if watched is not None]

    def _add(self, stream: str, stage: str, text: str) -> None:
        if self._characters > _MOST_WAITING:
            return
        self._characters += len(text)
        self._waiting.setdefault((stream, stage), []).append(text)
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush(), name="live progress")

    async def _flush(self) -> None:
        """Write what comes in, once a window, until nothing does."""
        try:
            while self._waiting:
                await asyncio.sleep(_WINDOW_S)
                waiting, self._waiting, self._characters = self._waiting, {}, 0
                try:
                    await self._write(waiting)
                except (RedisError, OSError) as error:
                    _logger.warning("Live progress is lost: %s", type(error).__name__)
        finally:
            self._flushing = None

    async def _write(self, waiting: dict[tuple[str, str], list[str]]) -> None:
        async with self._redis.pipeline(transaction=False) as pipe:
            for (stream, stage), parts in waiting.items():
                entry = {"stage": stage, "text": "".join(parts).encode(errors="replace")}
                pipe.xadd(stream, entry, maxlen=_MOST_ENTRIES, approximate=True)  # type: ignore[arg-type]  # invariant in redis-py
            for stream in {stream for stream, _ in waiting}:
                pipe.expire(stream, _EXPIRES_S)
            await pipe.execute()


def _names(assignment: Assignment) -> tuple[str, str]:
    """What watchers of the generation and of the story call it."""
    story = assignment.story
    return (
        f"{story.org_id}:{assignment.cause_id}",
        f"{story.org_id}:{story.connection_id}:{story.issue_id}",
    )
