"""Project documents: background that helps to write better cases."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from casewright_common.events.base import Event


class DocumentChange(StrEnum):
    """What happened to a document."""

    UPSERTED = "upserted"
    REMOVED = "removed"


class DocumentChangedV1(Event):
    """A project document was added, replaced or removed.

    Produced by: gateway. Consumed by: embedder. Topic: `document.changed.v1`.
    """

    TYPE: ClassVar[str] = "document.changed"
    VERSION: ClassVar[int] = 1

    project_id: UUID
    document_id: UUID
    change: DocumentChange
    title: str
    text: str = ""

    @property
    def partition_key(self) -> str:
        """The document's id."""
        return str(self.document_id)
