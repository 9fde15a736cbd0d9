"""Documents of projects, in PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.events import ConnectionStatus, Event
from casewright_common.postgres import Database
from casewright_gateway.adapters import document_rows, outbox_repository
from casewright_gateway.adapters.paging import fetch_page
from casewright_gateway.adapters.tables import documents, projects
from casewright_gateway.domain.errors import NotFoundError
from casewright_gateway.domain.records import Document, Page


class PostgresDocumentUnit:
    """`DocumentUnit` over one open transaction."""

    def __init__(self, connection: AsyncConnection, org_id: UUID, project_id: UUID) -> None:
        self._connection = connection
        self._org_id = org_id
        self._project_id = project_id
        self._mine = (documents.c.org_id == org_id) & (documents.c.project_id == project_id)

    async def project(self, *, lock: bool = False) -> None:
        """See `DocumentUnit`."""
        query = select(projects.c.id).where(
            projects.c.org_id == self._org_id,
            projects.c.id == self._project_id,
            projects.c.status == ConnectionStatus.ACTIVE.value,
        )
        found = await self._connection.execute(query.with_for_update() if lock else query)
        if found.scalar() is None:
            raise NotFoundError("project")

    async def document(self, document_id: UUID, *, lock: bool = False) -> Document:
        """See `DocumentUnit`."""
        query = select(*document_rows.FACTS).where(self._mine, documents.c.id == document_id)
        row = (await self._connection.execute(query.with_for_update() if lock else query)).one_or_none()
        if row is None:
            raise NotFoundError("document")
        return document_rows.document(row)

    async def text(self, document_id: UUID) -> str:
        """See `DocumentUnit`."""
        query = select(documents.c.text).where(self._mine, documents.c.id == document_id)
        return str((await self._connection.execute(query)).scalar_one())

    async def page(self, *, limit: int, cursor: str | None) -> Page[Document]:
        """See `DocumentUnit`."""
        return await fetch_page(
            self._connection,
            select(*document_rows.FACTS).where(self._mine),
            key=((documents.c.created_at, datetime), (documents.c.id, UUID)),
            limit=limit,
            cursor=cursor,
            build=document_rows.document,
        )

    async def count(self) -> int:
        """See `DocumentUnit`."""
        query = select(func.count()).select_from(documents).where(self._mine)
        return int((await self._connection.execute(query)).scalar_one())

    async def add(self, document: Document, text: str) -> None:
        """See `DocumentUnit`."""
        values = asdict(document) | {"org_id": self._org_id, "text": text}
        await self._connection.execute(insert(documents).values(**values))

    async def save(self, document: Document, text: str) -> None:
        """See `DocumentUnit`."""
        await self._connection.execute(
            update(documents)
            .where(self._mine, documents.c.id == document.id)
            .values(**asdict(document) | {"text": text})
        )

    async def remove(self, document_id: UUID) -> None:
        """See `DocumentUnit`."""
        await self._connection.execute(delete(documents).where(self._mine, documents.c.id == document_id))

    async def send(self, event: Event) -> None:
        """See `DocumentUnit`."""
        await outbox_repository.append(self._connection, event)


class PostgresDocumentStore:
    """`DocumentStore` in the gateway's schema."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, org_id: UUID, project_id: UUID) -> AsyncIterator[PostgresDocumentUnit]:
        """See `DocumentStore`."""
        async with self._database.transaction(org_id) as connection:
            yield PostgresDocumentUnit(connection, org_id, project_id)
