"""What is known of every story, in PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.events import StoryChangedV1
from casewright_common.postgres import Database
from casewright_ingest.adapters.tables import stories
from casewright_ingest.domain.revisions import StoryState
from casewright_ingest.service import IssueRef


class LockedStory:
    """A `StorySlot`: one row, locked by the open transaction."""

    def __init__(self, connection: AsyncConnection, issue: IssueRef, state: StoryState | None) -> None:
        self._connection = connection
        self._issue = issue
        self._state = state

    @property
    def state(self) -> StoryState | None:
        """What is known of the story."""
        return self._state

    async def save(self, state: StoryState) -> None:
        """Replace `state`."""
        await self._connection.execute(
            update(stories)
            .where(_is(self._issue))
            .values(
                revision=state.event.revision,
                event=state.event.model_dump_json(),
                highest_number=state.highest,
                seen_at=state.seen_at,
                stored_at=func.now(),
            )
        )
        self._state = state


class StoriesRepository:
    """`Stories` over the table of that name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def lock(self, issue: IssueRef) -> AsyncIterator[LockedStory]:
        """Hold the story's row; it is made if there is none, and unmade if nothing is saved in it."""
        async with self._database.transaction(issue.org_id) as connection:
            row = insert(stories).values(
                org_id=issue.org_id, connection_id=issue.connection_id, issue_id=issue.issue_id, revision=0
            )
            # An update that changes nothing: ON CONFLICT DO NOTHING would neither lock nor return the row.
            held = row.on_conflict_do_update(
                index_elements=list(stories.primary_key), set_={"issue_id": row.excluded.issue_id}
            ).returning(stories.c.event, stories.c.seen_at, stories.c.highest_number)
            event, seen_at, highest = (await connection.execute(held)).one()
            slot = LockedStory(connection, issue, _state(event, seen_at, highest))
            yield slot
            if slot.state is None:
                await connection.execute(delete(stories).where(_is(issue)))


def _state(event: str | None, seen_at: datetime | None, highest: int | None) -> StoryState | None:
    if event is None or seen_at is None:
        return None
    return StoryState(StoryChangedV1.model_validate_json(event), seen_at, highest or 0)


def _is(issue: IssueRef) -> ColumnElement[bool]:
    return and_(
        stories.c.org_id == issue.org_id,
        stories.c.connection_id == issue.connection_id,
        stories.c.issue_id == issue.issue_id,
    )
