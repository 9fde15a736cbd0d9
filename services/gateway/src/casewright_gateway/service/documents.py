"""Documents of a project: each change is stored and announced in one transaction."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

from casewright_common.events import DocumentChange, DocumentChangedV1, Event
from casewright_gateway.domain.errors import NotApplicableError
from casewright_gateway.domain.records import Document, Page
from casewright_gateway.service.revisions import match_revision

MOST_DOCUMENTS = 500


class DocumentUnit(Protocol):
    """One transaction over the documents of one project, and the outbox."""

    async def project(self, *, lock: bool = False) -> None:
        """Raises `NotFoundError` unless the project is there."""
        ...

    async def document(self, document_id: UUID, *, lock: bool = False) -> Document:
        """Raises `NotFoundError`."""
        ...

    async def text(self, document_id: UUID) -> str:
        """The text of a document that is there."""
        ...

    async def page(self, *, limit: int, cursor: str | None) -> Page[Document]:
        """Oldest first."""
        ...

    async def count(self) -> int:
        """How many there are."""
        ...

    async def add(self, document: Document, text: str) -> None:
        """Store a new document."""
        ...

    async def save(self, document: Document, text: str) -> None:
        """Write a document that is there."""
        ...

    async def remove(self, document_id: UUID) -> None:
        """Forget a document."""
        ...

    async def send(self, event: Event) -> None:
        """Put an event into the outbox."""
        ...


class DocumentStore(Protocol):
    """Where units come from."""

    def begin(self, org_id: UUID, project_id: UUID) -> AbstractAsyncContextManager[DocumentUnit]:
        """One transaction; commits unless the block raises."""
        ...


@dataclass(frozen=True)
class Upload:
    """A document as somebody sends it; `title` is empty to keep that of the document it replaces."""

    title: str
    media_type: str
    text: str


@dataclass(frozen=True)
class ManageDocuments:
    """Give a project documents. All methods raise `NotFoundError` where project or document is unknown."""

    store: DocumentStore
    now: Callable[[], datetime]

    async def add(self, org_id: UUID, project_id: UUID, upload: Upload) -> Document:
        """Raises `NotApplicableError` where there are too many."""
        at = self.now()
        made = Document(
            id=uuid4(),
            project_id=project_id,
            title=upload.title,
            media_type=upload.media_type,
            size_bytes=len(upload.text.encode()),
            revision=1,
            created_at=at,
            updated_at=at,
        )
        async with self.store.begin(org_id, project_id) as unit:
            await unit.project(lock=True)  # two at once are counted one after the other
            if await unit.count() >= MOST_DOCUMENTS:
                raise NotApplicableError(f"A project has {MOST_DOCUMENTS} documents at most.")
            await unit.add(made, upload.text)
            await unit.send(document_event(org_id, made, upload.text))
        return made

    async def get(self, org_id: UUID, project_id: UUID, document_id: UUID) -> tuple[Document, str]:
        """The document and its text."""
        async with self.store.begin(org_id, project_id) as unit:
            return await unit.document(document_id), await unit.text(document_id)

    async def page(self, org_id: UUID, project_id: UUID, *, limit: int, cursor: str | None) -> Page[Document]:
        """Oldest first."""
        async with self.store.begin(org_id, project_id) as unit:
            await unit.project()
            return await unit.page(limit=limit, cursor=cursor)

    async def replace(
        self, org_id: UUID, project_id: UUID, document_id: UUID, upload: Upload, *, revision: int | None
    ) -> Document:
        """Raises `RevisionMismatchError`."""
        async with self.store.begin(org_id, project_id) as unit:
            old = await unit.document(document_id, lock=True)
            match_revision(old.revision, revision)
            new = replace(
                old,
                title=upload.title or old.title,
                media_type=upload.media_type,
                size_bytes=len(upload.text.encode()),
            )
            if new == old and await unit.text(document_id) == upload.text:
                return old
            new = replace(new, revision=old.revision + 1, updated_at=self.now())
            await unit.save(new, upload.text)
            await unit.send(document_event(org_id, new, upload.text))
            return new

    async def remove(
        self, org_id: UUID, project_id: UUID, document_id: UUID, *, revision: int | None
    ) -> None:
        """Raises `RevisionMismatchError`."""
        async with self.store.begin(org_id, project_id) as unit:
            old = await unit.document(document_id, lock=True)
            match_revision(old.revision, revision)
            await unit.remove(document_id)
            await unit.send(removal_event(org_id, old, self.now()))


def removal_event(org_id: UUID, document: Document, at: datetime) -> DocumentChangedV1:
    """The event that tells that a document is gone."""
    return document_event(org_id, replace(document, revision=document.revision + 1, updated_at=at), None)


def document_event(org_id: UUID, document: Document, text: str | None) -> DocumentChangedV1:
    """The event that tells a document's state; without a text its removal."""
    return DocumentChangedV1(
        event_id=DocumentChangedV1.derive_id(document.id, document.revision),
        occurred_at=document.updated_at,
        org_id=org_id,
        project_id=document.project_id,
        document_id=document.id,
        change=DocumentChange.REMOVED if text is None else DocumentChange.UPSERTED,
        title=document.title,
        text=text or "",
        revision=document.revision,
    )
