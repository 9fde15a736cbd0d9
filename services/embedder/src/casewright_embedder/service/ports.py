"""What the use cases work with, and what they need."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from casewright_common.events import EmbeddingSettings, IssueEvent, StoryIndexedV1
from casewright_embedder.domain.sparse import SparseVector

Vector = Sequence[float]


@dataclass(frozen=True)
class IssueRef:
    """One Jira issue of one site of one organisation."""

    org_id: UUID
    connection_id: UUID
    issue_id: str


@dataclass(frozen=True)
class Source:
    """What points are made of: a story, the cases of a story, one case, a document.

    Attributes:
        kind: `story`, `case` or `document`.
        keys: Fields of the payload that name it within organisation and kind, and their values: by them
            its points are found.
    """

    org_id: UUID
    kind: str
    keys: tuple[tuple[str, str], ...]


def story_source(issue: IssueRef) -> Source:
    """The story of an issue."""
    return Source(issue.org_id, "story", _issue_keys(issue))


def case_source(issue: IssueRef, case_id: UUID | None = None) -> Source:
    """One case of an issue, or all of them."""
    one = () if case_id is None else (("case_id", str(case_id)),)
    return Source(issue.org_id, "case", (*_issue_keys(issue), *one))


def document_source(org_id: UUID, document_id: UUID) -> Source:
    """A document of a project."""
    return Source(org_id, "document", (("document_id", str(document_id)),))


def issue_of(event: IssueEvent) -> IssueRef:
    """The issue that an event is about."""
    return IssueRef(event.org_id, event.connection_id, event.issue_id)


def _issue_keys(issue: IssueRef) -> tuple[tuple[str, str], ...]:
    return (("connection_id", str(issue.connection_id)), ("issue_id", issue.issue_id))


@dataclass(frozen=True)
class PointPayload:
    """What a point says about its text.

    Attributes:
        issue_key: Of a story or case; empty for a document.
        revision: Of the story or document; of a case, the number of the review.
        case: The whole case in JSON, for whoever wants to show it as an example; empty otherwise.
    """

    source: Source
    project_id: UUID
    issue_key: str
    title: str
    revision: int
    text: str
    digest: str
    case: str = ""


@dataclass(frozen=True)
class Point:
    """One chunk in vector space."""

    id: UUID
    dense: Vector
    sparse: SparseVector
    payload: PointPayload


class Embedding(Protocol):
    """One embedding model."""

    @property
    def window(self) -> int:
        """Most tokens that one text may have."""
        ...

    def count(self, text: str) -> int:
        """Number of tokens in a text, or a careful guess."""
        ...

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector of unit length per text, in order.

        Raises:
            UpstreamUnavailableError: The model can't be reached or is overloaded.
            UpstreamRejectedError: It refuses the request, or answers with another dimension.
        """
        ...


class EmbeddingModels(Protocol):
    """The embedding models that projects may choose from."""

    def of(self, org_id: UUID, settings: EmbeddingSettings) -> Embedding:
        """The model that the settings name."""
        ...


class PointStore(Protocol):
    """The vector store. Every method raises `UpstreamUnavailableError` while it can't be reached."""

    async def ensure(self, collection: str, *, dimension: int) -> None:
        """Make the collection and its indexes unless they are there; safe when several do it at once."""
        ...

    async def vectors(self, collection: str, ids: Collection[UUID]) -> dict[UUID, Vector]:
        """Dense vectors of those points that exist; empty where the collection doesn't."""
        ...

    async def upsert(self, collection: str, points: Sequence[Point]) -> None:
        """Write points, replacing those with the same id; returns once they can be searched."""
        ...

    async def remove(self, collection: str, source: Source, *, keep: Collection[UUID] = ()) -> None:
        """Delete the source's points, except `keep`; nothing happens without the collection."""
        ...


class StorySlot(Protocol):
    """The record of one story, locked against everybody else until its context ends."""

    @property
    def latest(self) -> StoryIndexedV1 | None:
        """What was last indexed of the story."""
        ...

    async def save(self, event: StoryIndexedV1) -> None:
        """Replace `latest`."""
        ...


class IndexedStories(Protocol):
    """What has been indexed, by story."""

    async def latest(self, issue: IssueRef) -> StoryIndexedV1 | None:
        """What was last indexed of the story."""
        ...

    def lock(self, issue: IssueRef) -> AbstractAsyncContextManager[StorySlot]:
        """Hold the story's record; saved on leaving, unless the block raises."""
        ...


@dataclass(frozen=True)
class IndexedText:
    """What was last done about a document or case: its revision, and the collection that has its points.

    Attributes:
        revision: 0 where nothing was done yet.
        collection: Empty where there are no points.
    """

    revision: int = 0
    collection: str = ""


class TextSlot(Protocol):
    """The record of one document or case, locked against everybody else until its context ends."""

    @property
    def latest(self) -> IndexedText:
        """What was last done."""
        ...

    async def save(self, done: IndexedText) -> None:
        """Replace `latest`."""
        ...


class IndexedTexts(Protocol):
    """What has been indexed of documents and cases."""

    async def latest(self, source: Source) -> IndexedText:
        """What was last done about a source."""
        ...

    def lock(self, source: Source) -> AbstractAsyncContextManager[TextSlot]:
        """Hold the record of a source; saved on leaving, unless the block raises."""
        ...
