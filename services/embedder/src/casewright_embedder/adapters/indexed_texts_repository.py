"""What has been indexed of documents and cases, in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import ColumnElement, and_, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.postgres import Database
from casewright_embedder.adapters.indexed_stories_repository import LOCK_TIMEOUT_MS
from casewright_embedder.adapters.tables import indexed_texts
from casewright_embedder.service.ports import IndexedText, Source


class LockedText:
    """A `TextSlot`: one row, locked by the open transaction."""

    def __init__(self, connection: AsyncConnection, source: Source, latest: IndexedText) -> None:
        self._connection = connection
        self._source = source
        self._latest = latest

    @property
    def latest(self) -> IndexedText:
        """What was last done."""
        return self._latest

    async def save(self, done: IndexedText) -> None:
        """Replace `latest`."""
        await self._connection.execute(
            update(indexed_texts)
            .where(_is(self._source))
            .values(revision=done.revision, collection=done.collection, indexed_at=func.now())
        )
        self._latest = done


class IndexedTextsRepository:
    """`IndexedTexts` over the table of that name.

    Args:
        max_locks: Sources held at once, each with a connection while Qdrant and the model work.
    """

    def __init__(self, database: Database, *, max_locks: int) -> None:
        self._database = database
        self._locks = asyncio.Semaphore(max_locks)

    async def latest(self, source: Source) -> IndexedText:
        """See `IndexedTexts.latest`."""
        async with self._database.transaction(source.org_id) as connection:
            found = await connection.execute(
                select(indexed_texts.c.revision, indexed_texts.c.collection).where(_is(source))
            )
            row = found.one_or_none()
        return IndexedText() if row is None else IndexedText(row.revision, row.collection)

    @asynccontextmanager
    async def lock(self, source: Source) -> AsyncIterator[LockedText]:
        """Hold the source's row; it is made if there is none, and unmade if the block raises."""
        async with self._locks, self._database.transaction(source.org_id) as connection:
            await connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
            row = insert(indexed_texts).values(
                org_id=source.org_id, kind=source.kind, source=_name(source), revision=0
            )
            held = row.on_conflict_do_update(
                index_elements=list(indexed_texts.primary_key), set_={"source": row.excluded.source}
            ).returning(indexed_texts.c.revision, indexed_texts.c.collection)
            revision, collection = (await connection.execute(held)).one()
            yield LockedText(connection, source, IndexedText(revision, collection))


def _name(source: Source) -> str:
    return ":".join(value for _, value in source.keys)


def _is(source: Source) -> ColumnElement[bool]:
    return and_(
        indexed_texts.c.org_id == source.org_id,
        indexed_texts.c.kind == source.kind,
        indexed_texts.c.source == _name(source),
    )
