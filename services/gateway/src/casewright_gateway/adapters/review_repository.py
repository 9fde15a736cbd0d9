"""Deciding on cases, in PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.events import CaseDraft, Event
from casewright_common.postgres import Database
from casewright_gateway.adapters import case_rows, idempotency, outbox_repository, review_rows
from casewright_gateway.adapters.story_repository import story_named
from casewright_gateway.adapters.tables import cases, stories
from casewright_gateway.domain.errors import NotFoundError
from casewright_gateway.domain.records import CaseRecord, Review, StoryRecord


class PostgresReviewUnit:
    """`ReviewUnit` over one open transaction."""

    def __init__(self, connection: AsyncConnection, org_id: UUID) -> None:
        self._connection = connection
        self._org_id = org_id

    async def remember(self, key: str, request_hash: bytes, review_id: UUID, at: datetime) -> UUID:
        """See `ReviewUnit`."""
        return await idempotency.remember(self._connection, self._org_id, key, request_hash, review_id, at)

    async def review(self, review_id: UUID) -> Review:
        """See `ReviewUnit`."""
        return await review_rows.by_id(self._connection, self._org_id, review_id)

    async def lock(self, case_id: UUID) -> tuple[StoryRecord, CaseRecord]:
        """See `ReviewUnit`."""
        mine = (cases.c.org_id == self._org_id) & (cases.c.id == case_id)
        story_id = (await self._connection.execute(select(cases.c.story_id).where(mine).limit(1))).scalar()
        if story_id is None:
            raise NotFoundError("case")
        # The same lock as that of a generation that arrives: one of the two comes after the other.
        await self._connection.execute(
            select(stories.c.id)
            .where(stories.c.org_id == self._org_id, stories.c.id == story_id)
            .with_for_update()
        )
        row = (
            await self._connection.execute(select(cases).where(mine, cases.c.story_id == story_id))
        ).one_or_none()
        if row is None:
            raise NotFoundError("case")
        story = await story_named(self._connection, self._org_id, story_id=story_id, issue_key=None)
        return story, case_rows.record(row)

    async def case(self, story_id: UUID, case_id: UUID) -> CaseDraft | None:
        """See `ReviewUnit`."""
        query = select(cases).where(
            cases.c.org_id == self._org_id, cases.c.story_id == story_id, cases.c.id == case_id
        )
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else case_rows.record(row).case

    async def save_case(self, story_id: UUID, case: CaseDraft) -> None:
        """See `ReviewUnit`."""
        await case_rows.save(self._connection, self._org_id, story_id, case)

    async def add(self, review: Review) -> None:
        """See `ReviewUnit`."""
        await review_rows.add(self._connection, self._org_id, review)

    async def send(self, event: Event) -> None:
        """See `ReviewUnit`."""
        await outbox_repository.append(self._connection, event)


class PostgresReviewStore:
    """`ReviewStore` in the gateway's schema."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, org_id: UUID) -> AsyncIterator[PostgresReviewUnit]:
        """See `ReviewStore`."""
        async with self._database.transaction(org_id) as connection:
            yield PostgresReviewUnit(connection, org_id)
