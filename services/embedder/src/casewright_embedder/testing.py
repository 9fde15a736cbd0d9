"""In-memory twins of the adapters; the same contract tests run over them and the real ones."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from casewright_common.errors import UpstreamUnavailableError
from casewright_common.events import EmbeddingSettings, StoryIndexedV1
from casewright_embedder.service.ports import IndexedText, IssueRef, Point, Source, Vector


@dataclass
class WordEmbedding:
    """A model that counts words and remembers what it was asked.

    Attributes:
        asked: Every text that was embedded, in order.
        failures: Errors to raise, one per call, before it works.
    """

    window: int = 50
    dimension: int = 4
    asked: list[str] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def count(self, text: str) -> int:
        """Number of words."""
        return len(text.split())

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """A vector made of the text's hash."""
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        self.asked += texts
        return [[byte / 255 for byte in sha256(text.encode()).digest()[: self.dimension]] for text in texts]

    def of(self, org_id: UUID, settings: EmbeddingSettings) -> "WordEmbedding":
        """Itself, whatever is asked for."""
        del org_id, settings
        return self


class PointsInMemory:
    """`PointStore` in a dictionary; `down` makes it unavailable."""

    def __init__(self) -> None:
        self.collections: dict[str, dict[UUID, Point]] = {}
        self.down = False

    async def ensure(self, collection: str, *, dimension: int) -> None:
        """See `PointStore.ensure`."""
        del dimension
        self._check()
        self.collections.setdefault(collection, {})

    async def vectors(self, collection: str, ids: Collection[UUID]) -> dict[UUID, Vector]:
        """See `PointStore.vectors`."""
        self._check()
        points = self.collections.get(collection, {})
        return {identity: points[identity].dense for identity in ids if identity in points}

    async def upsert(self, collection: str, points: Sequence[Point]) -> None:
        """See `PointStore.upsert`."""
        self._check()
        self.collections[collection] |= {point.id: point for point in points}

    async def remove(self, collection: str, source: Source, *, keep: Collection[UUID] = ()) -> None:
        """See `PointStore.remove`."""
        self._check()
        points = self.collections.get(collection, {})
        for point in list(points.values()):
            whose = point.payload.source
            same = (whose.org_id, whose.kind) == (source.org_id, source.kind)
            if same and set(source.keys) <= set(whose.keys) and point.id not in keep:
                del points[point.id]

    def _check(self) -> None:
        if self.down:
            raise UpstreamUnavailableError("qdrant", "switched off")


class SlotInMemory:
    """`StorySlot` over a dictionary; what is saved counts once the lock is given up."""

    def __init__(self, latest: StoryIndexedV1 | None) -> None:
        self.latest = latest

    async def save(self, event: StoryIndexedV1) -> None:
        """See `StorySlot.save`."""
        self.latest = event


class IndexedStoriesInMemory:
    """`IndexedStories` in a dictionary."""

    def __init__(self) -> None:
        self._events: dict[IssueRef, StoryIndexedV1] = {}
        self._locks: defaultdict[IssueRef, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def latest(self, issue: IssueRef) -> StoryIndexedV1 | None:
        """See `IndexedStories.latest`."""
        return self._events.get(issue)

    @asynccontextmanager
    async def lock(self, issue: IssueRef) -> AsyncIterator[SlotInMemory]:
        """See `IndexedStories.lock`."""
        async with self._locks[issue]:
            slot = SlotInMemory(self._events.get(issue))
            yield slot
            if slot.latest is not None:
                self._events[issue] = slot.latest


class TextSlotInMemory:
    """`TextSlot` over a dictionary; what is saved counts once the lock is given up."""

    def __init__(self, latest: IndexedText) -> None:
        self.latest = latest

    async def save(self, done: IndexedText) -> None:
        """See `TextSlot.save`."""
        self.latest = done


class IndexedTextsInMemory:
    """`IndexedTexts` in a dictionary."""

    def __init__(self) -> None:
        self._done: dict[Source, IndexedText] = {}
        self._locks: defaultdict[Source, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def latest(self, source: Source) -> IndexedText:
        """See `IndexedTexts.latest`."""
        return self._done.get(source, IndexedText())

    @asynccontextmanager
    async def lock(self, source: Source) -> AsyncIterator[TextSlotInMemory]:
        """See `IndexedTexts.lock`."""
        async with self._locks[source]:
            slot = TextSlotInMemory(self._done.get(source, IndexedText()))
            yield slot
            self._done[source] = slot.latest
