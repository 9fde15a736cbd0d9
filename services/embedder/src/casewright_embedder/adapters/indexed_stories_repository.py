"""What has been indexed, in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import ColumnElement, and_, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.events import StoryIndexedV1
from casewright_common.postgres import Database
from casewright_embedder.adapters.tables import indexed_stories
from casewright_embedder.service.ports import IssueRef

LOCK_TIMEOUT_MS = 5000
"""Longest wait for somebody else's work on the same source; then the message is tried again."""


class LockedStory:
    """A `StorySlot`: one row, locked by the open transaction."""

    def __init__(self, connection: AsyncConnection, issue: IssueRef, latest: StoryIndexedV1 | None) -> None:
        self._connection = connection
        self._issue = issue
        self._latest = latest

    @property
    def latest(self) -> StoryIndexedV1 | None:
        """What was last indexed of the story."""
        return self._latest

    async def save(self, event: StoryIndexedV1) -> None:
        """Replace `latest`."""
        await self._connection.execute(
            update(indexed_stories)
            .where(_is(self._issue))
            .values(revision=event.revision, event=event.model_dump(mode="json"), indexed_at=func.now())
        )
        self._latest = event


class IndexedStoriesRepository:
    """`IndexedStories` over the table of that name.

    Args:
        max_locks: Stories held at once. Each holds a connection while Qdrant works, and the rest of the
            pool must stay free for quick questions.
    """

    def __init__(self, database: Database, *, max_locks: int) -> None:
        self._database = database
        self._locks = asyncio.Semaphore(max_locks)

    async def latest(self, issue: IssueRef) -> StoryIndexedV1 | None:
        """What was last indexed of the story."""
        async with self._database.transaction(issue.org_id) as connection:
            event = await connection.scalar(select(indexed_stories.c.event).where(_is(issue)))
        return None if event is None else StoryIndexedV1.model_validate(event)

    @asynccontextmanager
    async def lock(self, issue: IssueRef) -> AsyncIterator[LockedStory]:
        """Hold the story's row; it is made if there is none, and unmade if the block raises."""
        async with self._locks, self._database.transaction(issue.org_id) as connection:
            # Who waits longer than this tries again later; a statement's time limit would count as a failure.
            await connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
            row = insert(indexed_stories).values(
                org_id=issue.org_id, connection_id=issue.connection_id, issue_id=issue.issue_id, revision=0
            )
            # An update that changes nothing: ON CONFLICT DO NOTHING would neither lock nor return the row.
            held = row.on_conflict_do_update(
                index_elements=list(indexed_stories.primary_key),
                set_={"issue_id": row.excluded.issue_id},
            ).returning(indexed_stories.c.event)
            event = await connection.scalar(held)
            yield LockedStory(
                connection, issue, None if event is None else StoryIndexedV1.model_validate(event)
            )


def _is(issue: IssueRef) -> ColumnElement[bool]:
    return and_(
        indexed_stories.c.org_id == issue.org_id,
        indexed_stories.c.connection_id == issue.connection_id,
        indexed_stories.c.issue_id == issue.issue_id,
    )
