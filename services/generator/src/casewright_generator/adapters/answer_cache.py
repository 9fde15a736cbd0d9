"""Answers by what was asked, shared by all replicas through Redis; without Redis there is no cache."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Final, Protocol
from uuid import UUID, uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from casewright_generator.adapters.llm import Answer, Question
from casewright_generator.adapters.model_metrics import ModelMetrics

_logger = logging.getLogger(__name__)
_PREFIX: Final = "casewright:answers:"
_FIRST_LOOK_S: Final = 0.05
_LONGEST_LOOK_S: Final = 0.5

# Only whoever has the turn may end it.
_END_TURN: Final = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


def answer_key(org_id: UUID, model: str, prompt_version: str, question: Question) -> str:
    """Hash of everything that an answer depends on, the organisation included."""
    asked = [str(org_id), model, prompt_version, asdict(question)]
    return sha256(json.dumps(asked, sort_keys=True).encode(errors="surrogatepass")).hexdigest()


@dataclass
class Turn:
    """The right to ask a model, or what it answered before.

    Attributes:
        answer: What was answered to the same question; `None` for whoever is to ask.
        keep: Set by whoever asked, once the answer is known to be of use.
    """

    answer: Answer | None = None
    keep: Answer | None = None


class AnswerCache(Protocol):
    """Where answers are kept."""

    def turn(self, key: str) -> AbstractAsyncContextManager[Turn]:
        """One turn per question at a time: others wait for its answer. What is in `keep` is kept after it."""
        ...


class NoCache:
    """`AnswerCache` that keeps nothing."""

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[Turn]:
        """See `AnswerCache.turn`."""
        del key
        yield Turn()


class RedisAnswerCache:
    """`AnswerCache` in Redis. While Redis is away, everybody asks.

    Args:
        redis: Shared by all replicas.
        ttl_s: How long an answer stands.
        turn_s: Longest turn; then the next one asks.
        metrics: Counts hits and misses.
    """

    def __init__(
        self, redis: Redis, *, ttl_s: int, turn_s: float, metrics: ModelMetrics | None = None
    ) -> None:
        self._redis = redis
        self._ttl_s = ttl_s
        self._turn_ms = int(turn_s * 1000)
        self._metrics = metrics or ModelMetrics()
        self._end_turn = redis.register_script(_END_TURN)

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[Turn]:
        """See `AnswerCache.turn`."""
        name, token = _PREFIX + key, uuid4().hex
        turn = Turn()
        ours = False
        try:
            turn.answer, ours = await self._wait(name, token)
            self._metrics.looked_up("miss" if turn.answer is None else "hit")
        except (RedisError, OSError) as error:
            self._metrics.looked_up("unavailable")
            _logger.warning("No cache of answers: %s", type(error).__name__)
        try:
            yield turn
            if turn.keep is not None and turn.answer is None:
                await self._keep(name, turn.keep)
        finally:
            if ours:
                await asyncio.shield(self._give_up(name, token))

    async def _wait(self, name: str, token: str) -> tuple[Answer | None, bool]:
        """The answer, or the turn to ask."""
        pause_s = _FIRST_LOOK_S
        while True:
            if (found := await self._redis.get(name)) is not None:
                return replace(Answer(**json.loads(found)), cached=True), False
            if await self._redis.set(f"{name}:turn", token, px=self._turn_ms, nx=True):
                # It may have been answered between the two commands.
                if (found := await self._redis.get(name)) is not None:
                    return replace(Answer(**json.loads(found)), cached=True), True
                return None, True
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 1.5, _LONGEST_LOOK_S)

    async def _keep(self, name: str, answer: Answer) -> None:
        try:
            await self._redis.set(name, json.dumps(asdict(answer)), ex=self._ttl_s)
        except (RedisError, OSError) as error:
            _logger.warning("An answer is not kept: %s", type(error).__name__)

    async def _give_up(self, name: str, token: str) -> None:
        try:
            await self._end_turn(keys=[f"{name}:turn"], args=[token])
        except (RedisError, OSError) as error:
            _logger.warning("A turn runs out by itself: %s", type(error).__name__)
