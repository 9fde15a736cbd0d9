"""Index a story: what is cut, embedded and stored, and what may not be undone by whom."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from casewright_common.configuration import Configuration, require_project
from casewright_common.events import (
    EmbeddingSettings,
    StoryChange,
    StoryChangedV1,
    StoryEvent,
    StoryIndexedV1,
)
from casewright_embedder.domain.chunks import Chunk, chunks_of
from casewright_embedder.domain.names import collection_name, point_id
from casewright_embedder.domain.sparse import SparseVector, sparse_vector

Vector = Sequence[float]
STORY_KIND = "story"


@dataclass(frozen=True)
class IssueRef:
    """One Jira issue of one site of one organisation."""

    org_id: UUID
    connection_id: UUID
    issue_id: str


@dataclass(frozen=True)
class PointPayload:
    """What a point says about its text; `kind` is `story`, `case` or `document`."""

    issue: IssueRef
    project_id: UUID
    kind: str
    issue_key: str
    title: str
    revision: int
    text: str
    digest: str


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

    async def remove(
        self, collection: str, issue: IssueRef, *, kind: str, keep: Collection[UUID] = ()
    ) -> None:
        """Delete the issue's points of one kind, except `keep`; nothing happens without the collection."""
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
class IndexStory:
    """Cut, embed what is new, and write the points of one story.

    Points are written while the story's record is locked and after its revision was compared, so that an
    older revision never overwrites a newer one, whoever runs it.
    """

    models: EmbeddingModels
    points: PointStore
    stories: IndexedStories
    configuration: Configuration

    async def __call__(self, changed: StoryChangedV1) -> StoryIndexedV1 | None:
        """Index, or return what an earlier delivery of `changed` indexed.

        Nothing is indexed, and `None` returned, if a newer revision stands or the project is gone.

        Raises:
            NotConfiguredYetError: The project isn't known; the message waits.
            UpstreamUnavailableError: Model, Qdrant or PostgreSQL is down; retryable.
        """
        issue = IssueRef(changed.org_id, changed.connection_id, changed.issue_id)
        latest = await self.stories.latest(issue)
        if latest is not None and latest.revision >= changed.revision:
            return _repeated(latest, changed)
        if changed.change is StoryChange.REMOVED:
            return await self._remove(issue, changed)
        if self.configuration.is_removed(changed.project_id):
            return None
        project = require_project(self.configuration, changed.project_id)
        return await self._write(issue, changed, project.embedding)

    async def _write(
        self, issue: IssueRef, changed: StoryChangedV1, settings: EmbeddingSettings
    ) -> StoryIndexedV1 | None:
        collection = collection_name(issue.org_id, model=settings.model, dimension=settings.dimension)
        points = await self._points(issue, changed, settings, collection)
        indexed = _indexed(changed, collection, tuple(point.id for point in points))
        async with self.stories.lock(issue) as slot:
            before = slot.latest
            if before is not None and before.revision >= changed.revision:
                return _repeated(before, changed)
            await self.points.upsert(collection, points)
            await self.points.remove(collection, issue, kind=STORY_KIND, keep=indexed.point_ids)
            if before is not None and before.collection != collection:
                await self.points.remove(before.collection, issue, kind=STORY_KIND)
            await slot.save(indexed)
        return indexed

    async def _points(
        self, issue: IssueRef, changed: StoryChangedV1, settings: EmbeddingSettings, collection: str
    ) -> list[Point]:
        """The story's points; only text without a vector in the collection is embedded."""
        model = self.models.of(issue.org_id, settings)
        chunks = {
            point_id(
                issue.org_id, issue.connection_id, issue.issue_id, kind=STORY_KIND, digest=chunk.digest
            ): chunk
            for chunk in chunks_of(changed.story, window=model.window, count=model.count)
        }
        await self.points.ensure(collection, dimension=settings.dimension)
        vectors = await self.points.vectors(collection, chunks) if changed.revision > 1 else {}
        missing = [identity for identity in chunks if identity not in vectors]
        if missing:
            embedded = await model.embed([chunks[identity].text for identity in missing])
            vectors |= dict(zip(missing, embedded, strict=True))
        return [
            Point(
                id=identity,
                dense=vectors[identity],
                sparse=sparse_vector(chunk.text),
                payload=_payload(issue, changed, chunk),
            )
            for identity, chunk in chunks.items()
        ]

    async def _remove(self, issue: IssueRef, changed: StoryChangedV1) -> StoryIndexedV1 | None:
        async with self.stories.lock(issue) as slot:
            before = slot.latest
            if before is not None and before.revision >= changed.revision:
                return _repeated(before, changed)
            collection = before.collection if before is not None else self._collection(changed)
            await self.points.remove(collection, issue, kind=STORY_KIND)
            indexed = _indexed(changed, collection, ())
            await slot.save(indexed)
        return indexed

    def _collection(self, changed: StoryChangedV1) -> str:
        """Where a story's points would be; a project that is gone too has none that we know of."""
        project = self.configuration.project_by_id(changed.project_id)
        settings = EmbeddingSettings() if project is None else project.embedding
        return collection_name(changed.org_id, model=settings.model, dimension=settings.dimension)


def _repeated(latest: StoryIndexedV1, changed: StoryChangedV1) -> StoryIndexedV1 | None:
    return latest if latest.caused_by == changed.event_id else None


def _indexed(changed: StoryChangedV1, collection: str, point_ids: tuple[UUID, ...]) -> StoryIndexedV1:
    shared = {name: getattr(changed, name) for name in StoryEvent.model_fields}
    return StoryIndexedV1.model_validate(
        shared
        | {
            "event_id": StoryIndexedV1.derive_id(changed.event_id),
            "caused_by": changed.event_id,
            "collection": collection,
            "point_ids": point_ids,
        }
    )


def _payload(issue: IssueRef, changed: StoryChangedV1, chunk: Chunk) -> PointPayload:
    return PointPayload(
        issue=issue,
        project_id=changed.project_id,
        kind=STORY_KIND,
        issue_key=changed.issue_key,
        title=changed.story.title,
        revision=changed.revision,
        text=chunk.text,
        digest=chunk.digest,
    )
