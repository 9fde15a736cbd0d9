"""Publishes what the outbox holds: in order per key, acknowledged by Kafka before it is deleted."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Any, Self

import asyncpg
from prometheus_client import CollectorRegistry, Counter, Gauge

from casewright_common.delivery import Publish
from casewright_common.errors import CasewrightError, UpstreamUnavailableError
from casewright_common.events import EVENTS
from casewright_common.topics import Topic
from casewright_common.tracing import continuing
from casewright_gateway.adapters.outbox_repository import CHANNEL, OutboxQueue, OutboxRow

BATCH = 200
CONNECT_TIMEOUT_S = 5.0
COMMAND_TIMEOUT_S = 15.0
FIRST_RETRY_S = 0.2
LONGEST_RETRY_S = 5.0

_logger = logging.getLogger(__name__)


class OutboxRelay:
    """One relay per database at a time, the other replicas stand by; a `runtime` resource.

    Rows of one key are published one after the other, keys beside each other. A row leaves the table when
    Kafka has acknowledged it, so a relay that dies in between publishes the same event again, with its id.
    While Kafka or PostgreSQL is away it tries again, for ever. An event that Kafka refuses for good holds up
    its own key only.

    Args:
        url: Straight to PostgreSQL, as the gateway's role.
        publish: `Delivery.publish`.
        poll_s: Longest time that a row waits when its notification got lost.
    """

    def __init__(self, url: str, publish: Publish, *, poll_s: float, registry: CollectorRegistry) -> None:
        self._url = url
        self._publish = publish
        self._poll_s = poll_s
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._backlog = Gauge(
            "casewright_outbox_backlog", "Events that wait in the outbox", registry=registry
        )
        self._age = Gauge(
            "casewright_outbox_oldest_age_seconds", "Age of the oldest waiting event", registry=registry
        )
        self._leading = Gauge(
            "casewright_outbox_leading", "Whether this process is the one that relays", registry=registry
        )
        self._sent = Counter("casewright_outbox_published", "Events published", ["topic"], registry=registry)
        self._failures = Counter(
            "casewright_outbox_failures",
            "Attempts at publishing that failed",
            ["topic", "code"],
            registry=registry,
        )

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="outbox relay")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        pause_s = FIRST_RETRY_S
        while True:
            try:
                async with AsyncExitStack() as stack:
                    queue, lost = await self._connect(stack)
                    await self._wait_for_lead(queue)
                    self._leading.set(1)
                    stack.callback(self._leading.set, 0)
                    pause_s = FIRST_RETRY_S
                    await self._relay_until(queue, lost)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _logger.warning("The outbox can't be read, trying again: %s", type(error).__name__)
            except Exception:
                _logger.exception("The outbox relay failed, trying again")
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_RETRY_S)

    async def _connect(self, stack: AsyncExitStack) -> tuple[OutboxQueue, asyncio.Event]:
        connection = await asyncpg.connect(
            self._url,
            timeout=CONNECT_TIMEOUT_S,
            command_timeout=COMMAND_TIMEOUT_S,
            server_settings={"application_name": "casewright-gateway-relay"},
        )
        stack.push_async_callback(self._close, connection)
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(CHANNEL, self._wake)
        return OutboxQueue(connection), lost

    @staticmethod
    async def _close(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await connection.close(timeout=CONNECT_TIMEOUT_S)

    def _wake(self, *_: Any) -> None:
        self._woken.set()

    async def _wait_for_lead(self, queue: OutboxQueue) -> None:
        while not await queue.lead():  # noqa: ASYNC110  # PostgreSQL tells nobody when a lock is free
            await asyncio.sleep(self._poll_s)

    async def _relay_until(self, queue: OutboxQueue, lost: asyncio.Event) -> None:
        """Relay while the session lives; another relay takes the lock then, and must not be overtaken."""
        relaying = asyncio.create_task(self._relay(queue), name="outbox relay session")
        losing = asyncio.create_task(lost.wait(), name="outbox relay session lost")
        try:
            await asyncio.wait((relaying, losing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            losing.cancel()
            relaying.cancel()
            with suppress(asyncio.CancelledError):
                await relaying
        if lost.is_set():
            raise ConnectionError("the session ended")

    async def _relay(self, queue: OutboxQueue) -> None:
        now = asyncio.get_running_loop().time
        blocked: set[str] = set()
        pause_s, retry_at = FIRST_RETRY_S, 0.0
        while True:
            self._woken.clear()
            if now() >= retry_at:
                blocked.clear()
            rows = await queue.oldest(BATCH, without=sorted(blocked))
            published, failed = await self._publish_rows(rows)
            if published:
                await queue.delete(published)
            await self._measure(queue)
            if failed:
                blocked |= failed
                retry_at = now() + pause_s
                pause_s = min(pause_s * 2, LONGEST_RETRY_S)
            elif not blocked:
                pause_s = FIRST_RETRY_S
            if not rows or failed:
                wait_s = min(self._poll_s, max(0.0, retry_at - now())) if blocked else self._poll_s
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        await self._woken.wait()

    async def _measure(self, queue: OutboxQueue) -> None:
        count, age_s = await queue.backlog()
        self._backlog.set(count)
        self._age.set(age_s)

    async def _publish_rows(self, rows: Sequence[OutboxRow]) -> tuple[list[int], set[str]]:
        """Ids of the rows that Kafka has, and keys whose next row it hasn't."""
        by_key: defaultdict[str, list[OutboxRow]] = defaultdict(list)
        for row in rows:
            by_key[row.key].append(row)
        results = await asyncio.gather(*(self._publish_key(queued) for queued in by_key.values()))
        done = [row_id for ids in results for row_id in ids]
        failed = {
            key for (key, queued), ids in zip(by_key.items(), results, strict=True) if len(ids) < len(queued)
        }
        return done, failed

    async def _publish_key(self, rows: Sequence[OutboxRow]) -> list[int]:
        done: list[int] = []
        for row in rows:
            topic = Topic(row.topic)
            try:
                event = EVENTS[topic].model_validate_json(row.body)
                with continuing({"traceparent": row.traceparent, "tracestate": row.tracestate}):
                    await self._publish(event, topic=topic, key=row.key)
            except CasewrightError as error:
                self._failures.labels(row.topic, error.code).inc()
                level = logging.WARNING if isinstance(error, UpstreamUnavailableError) else logging.ERROR
                _logger.log(level, "Event %s can't be published yet: %s", row.event_id, error)
                break
            except Exception:
                self._failures.labels(row.topic, "internal").inc()
                _logger.exception("Event %s can't be published yet", row.event_id)
                break
            self._sent.labels(row.topic).inc()
            done.append(row.id)
        return done
