"""Index a story: what is cut, embedded and stored, and what may not be undone by whom."""

from dataclasses import dataclass
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
from casewright_embedder.service.points import collection_of, points_of
from casewright_embedder.service.ports import (
    EmbeddingModels,
    IndexedStories,
    IssueRef,
    PointPayload,
    PointStore,
    Source,
    case_source,
    issue_of,
    story_source,
)


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
        issue = issue_of(changed)
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
        collection = collection_of(issue.org_id, settings)
        source = story_source(issue)
        model = self.models.of(issue.org_id, settings)
        await self.points.ensure(collection, dimension=settings.dimension)
        points = await points_of(
            source,
            chunks_of(changed.story, window=model.window, count=model.count),
            collection=collection,
            store=self.points,
            model=model,
            may_be_known=changed.revision > 1,
            payload=lambda chunk: _payload(source, changed, chunk),
        )
        indexed = _indexed(changed, collection, tuple(point.id for point in points))
        async with self.stories.lock(issue) as slot:
            before = slot.latest
            if before is not None and before.revision >= changed.revision:
                return _repeated(before, changed)
            await self.points.upsert(collection, points)
            await self.points.remove(collection, source, keep=indexed.point_ids)
            if before is not None and before.collection != collection:
                await self.points.remove(before.collection, source)
            await slot.save(indexed)
        return indexed

    async def _remove(self, issue: IssueRef, changed: StoryChangedV1) -> StoryIndexedV1 | None:
        async with self.stories.lock(issue) as slot:
            before = slot.latest
            if before is not None and before.revision >= changed.revision:
                return _repeated(before, changed)
            collection = before.collection if before is not None else self._collection(changed)
            await self.points.remove(collection, story_source(issue))
            await self.points.remove(collection, case_source(issue))
            indexed = _indexed(changed, collection, ())
            await slot.save(indexed)
        return indexed

    def _collection(self, changed: StoryChangedV1) -> str:
        """Where a story's points would be; a project that is gone too has none that we know of."""
        project = self.configuration.project_by_id(changed.project_id)
        settings = EmbeddingSettings() if project is None else project.embedding
        return collection_of(changed.org_id, settings)


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


def _payload(source: Source, changed: StoryChangedV1, chunk: Chunk) -> PointPayload:
    return PointPayload(
        source=source,
        project_id=changed.project_id,
        issue_key=changed.issue_key,
        title=changed.story.title,
        revision=changed.revision,
        text=chunk.text,
        digest=chunk.digest,
    )
