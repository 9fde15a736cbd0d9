"""Rows of the outbox: written with what they announce, taken out by the relay."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.errors import UpstreamRejectedError
from casewright_common.events import TOPICS, Event
from casewright_common.topics import MAX_MESSAGE_BYTES
from casewright_common.tracing import carried
from casewright_gateway.adapters.tables import outbox

CHANNEL = "gateway_outbox"
ROOM_FOR_HEADERS = 64 * 1024
RELAY_LOCK = 0x_CA5E_0B0C

_NOTIFY = text(f"SELECT pg_notify('{CHANNEL}', '')")
_OLDEST = "SELECT id, topic, key, event_id, body, traceparent, tracestate FROM outbox ORDER BY id LIMIT $1"
_OLDEST_EXCEPT = (
    "SELECT id, topic, key, event_id, body, traceparent, tracestate FROM outbox"
    " WHERE key <> ALL($2) ORDER BY id LIMIT $1"
)
_DELETE = "DELETE FROM outbox WHERE id = ANY($1)"
_BACKLOG = "SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 FROM outbox"


@dataclass(frozen=True)
class OutboxRow:
    """An event that waits to be published. Rows of one key are in order of `id`.

    Attributes:
        traceparent: W3C trace context of the request that wrote it; `None` where there was none.
        tracestate: The rest of it.
    """

    id: int
    topic: str
    key: str
    event_id: UUID
    body: str
    traceparent: str | None
    tracestate: str | None


async def append(connection: AsyncConnection, event: Event) -> None:
    """Add `event` to the open transaction, and wake the relay when it commits.

    The caller holds a lock on the row that the event is about, so that ids grow in the order of its commits.

    Raises:
        UpstreamRejectedError: The event is larger than Kafka takes.
    """
    body = event.model_dump_json()
    if len(body.encode()) > MAX_MESSAGE_BYTES - ROOM_FOR_HEADERS:
        raise UpstreamRejectedError("kafka", "the event is too large")
    await connection.execute(
        insert(outbox).values(
            topic=TOPICS[type(event)].value,
            key=event.partition_key,
            event_id=event.event_id,
            body=body,
            **carried(),
        )
    )
    await connection.execute(_NOTIFY)


class OutboxQueue:
    """The relay's own session, straight to PostgreSQL: it listens, and holds the lock of the one relay.

    Args:
        connection: As the gateway's role, not through PgBouncer.
    """

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection

    async def lead(self) -> bool:
        """Whether this session is the one that relays; it stays so until it ends."""
        return bool(await self._connection.fetchval("SELECT pg_try_advisory_lock($1)", RELAY_LOCK))

    async def oldest(self, limit: int, *, without: Sequence[str] = ()) -> list[OutboxRow]:
        """The oldest rows, without those of some keys."""
        if without:
            rows = await self._connection.fetch(_OLDEST_EXCEPT, limit, list(without))
        else:
            rows = await self._connection.fetch(_OLDEST, limit)
        return [OutboxRow(**row) for row in rows]

    async def delete(self, ids: Sequence[int]) -> None:
        """Forget rows that Kafka has."""
        await self._connection.execute(_DELETE, list(ids))

    async def backlog(self) -> tuple[int, float]:
        """Number of waiting rows, and the age of the oldest in seconds."""
        row = await self._connection.fetchrow(_BACKLOG)
        return (int(row[0]), float(row[1])) if row is not None else (0, 0.0)
