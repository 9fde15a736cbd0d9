"""Project documents: background that helps to write better cases."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from casewright_common.events.base import Event


class DocumentChange(StrEnum):
    """What happened to a document."""

    UPSERTED = "upserted"
    REMOVED = "removed"


class DocumentChangedV1(Event):
    """A project document was added, replaced or removed.

    Produced by: gateway. Consumed by: embedder. Topic: `document.changed.v1`.

    Attributes:
        revision: Counts up from 1 with each change: the fence of its points.
        text: Markdown or plain text, whole; empty for a removal.
    """

    TYPE: ClassVar[str] = "document.changed"
    VERSION: ClassVar[int] = 1

    project_id: UUID
    document_id: UUID
    change: DocumentChange
    title: str
    text: str = ""
    revision: int = Field(default=1, ge=1)

    @property
    def partition_key(self) -> str:
        """The document's id."""
        return str(self.document_id)
