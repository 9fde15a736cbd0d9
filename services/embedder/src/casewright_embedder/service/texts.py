"""Index what helps beside stories: a project's documents, and the cases that people accepted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from casewright_common.configuration import Configuration, require_project
from casewright_common.events import (
    CasesReviewedV1,
    DocumentChange,
    DocumentChangedV1,
    ReviewDecision,
    StoryChange,
)
from casewright_embedder.domain.cases import case_text
from casewright_embedder.domain.chunks import Chunk, TokenCount, chunks_of_text
from casewright_embedder.domain.documents import sections
from casewright_embedder.service.points import collection_of, points_of
from casewright_embedder.service.ports import (
    EmbeddingModels,
    IndexedStories,
    IndexedText,
    IndexedTexts,
    Point,
    PointPayload,
    PointStore,
    Source,
    case_source,
    document_source,
    issue_of,
)

_Cut = Callable[[int, TokenCount], Iterable[Chunk]]


@dataclass(frozen=True)
class IndexTexts:
    """Write the points of documents and cases, and take them away again.

    Points are written while the source's record is locked and after its revision was compared, so that an
    older revision never overwrites a newer one, whoever runs it.
    """

    models: EmbeddingModels
    points: PointStore
    texts: IndexedTexts
    stories: IndexedStories
    configuration: Configuration

    async def document(self, changed: DocumentChangedV1) -> None:
        """Index a document's text, or forget it.

        Raises:
            NotConfiguredYetError: The project isn't known; the message waits.
            UpstreamUnavailableError: Model, Qdrant or PostgreSQL is down; retryable.
        """
        source = document_source(changed.org_id, changed.document_id)

        def payload(chunk: Chunk) -> PointPayload:
            return PointPayload(
                source=source,
                project_id=changed.project_id,
                issue_key="",
                title=changed.title,
                revision=changed.revision,
                text=chunk.text,
                digest=chunk.digest,
            )

        def cut(window: int, count: TokenCount) -> Iterable[Chunk]:
            for heading, text in sections(changed.title, changed.text):
                yield from chunks_of_text(heading, text, window=window, count=count)

        gone = changed.change is DocumentChange.REMOVED
        await self._index(source, changed.project_id, changed.revision, None if gone else cut, payload)

    async def case(self, reviewed: CasesReviewedV1) -> None:
        """Index a case that somebody accepted; forget one that was rejected, or whose story is gone.

        Raises:
            NotConfiguredYetError: The project isn't known; the message waits.
            UpstreamUnavailableError: Model, Qdrant or PostgreSQL is down; retryable.
        """
        issue = issue_of(reviewed)
        source = case_source(issue, reviewed.case.case_id)

        def payload(chunk: Chunk) -> PointPayload:
            return PointPayload(
                source=source,
                project_id=reviewed.project_id,
                issue_key=reviewed.issue_key,
                title=reviewed.case.title,
                revision=reviewed.review,
                text=chunk.text,
                digest=chunk.digest,
                case=reviewed.case.model_dump_json(),
            )

        def cut(window: int, count: TokenCount) -> Iterable[Chunk]:
            text = case_text(reviewed.case, reviewed.criteria)
            return chunks_of_text(reviewed.case.title, text, window=window, count=count)

        story = await self.stories.latest(issue)
        gone = reviewed.decision is ReviewDecision.REJECTED or (
            story is not None and story.change is StoryChange.REMOVED
        )
        await self._index(source, reviewed.project_id, reviewed.review, None if gone else cut, payload)

    async def _index(
        self,
        source: Source,
        project_id: UUID,
        revision: int,
        cut: _Cut | None,
        payload: Callable[[Chunk], PointPayload],
    ) -> None:
        """Write the pieces that `cut` makes, or, without it, remove what there is."""
        before = await self.texts.latest(source)
        if before.revision >= revision:
            return
        collection, points = "", list[Point]()
        if cut is not None:
            if self.configuration.is_removed(project_id):
                return
            settings = require_project(self.configuration, project_id).embedding
            collection = collection_of(source.org_id, settings)
            model = self.models.of(source.org_id, settings)
            await self.points.ensure(collection, dimension=settings.dimension)
            points = await points_of(
                source,
                cut(model.window, model.count),
                collection=collection,
                store=self.points,
                model=model,
                may_be_known=before.collection == collection,
                payload=payload,
            )
        async with self.texts.lock(source) as slot:
            before = slot.latest
            if before.revision >= revision:
                return
            if collection:
                await self.points.upsert(collection, points)
                await self.points.remove(collection, source, keep=[point.id for point in points])
            if before.collection not in {"", collection}:
                await self.points.remove(before.collection, source)
            await slot.save(IndexedText(revision, collection))
