"""Rows of the table `documents`, without their texts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_gateway.adapters.tables import documents
from casewright_gateway.domain.records import Document

FACTS = [column for column in documents.c if column.name not in {"org_id", "text"}]


def document(row: Row[Any]) -> Document:
    """The document in a row of `FACTS`."""
    return Document(**row._mapping)  # noqa: SLF001  # SQLAlchemy's public name for it


async def drop(connection: AsyncConnection, org_id: UUID, project_id: UUID) -> Sequence[Document]:
    """Forget all documents of a project, and return what they were."""
    rows = await connection.execute(
        delete(documents)
        .where(documents.c.org_id == org_id, documents.c.project_id == project_id)
        .returning(*FACTS)
    )
    return [document(row) for row in rows.all()]
