"""Searches as production does: the embedder's vectors, Qdrant, the generator's fusion."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from qdrant_client import AsyncQdrantClient, models
from qdrant_client.hybrid.fusion import reciprocal_rank_fusion

from casewright_common.events import Story
from casewright_embedder.adapters.local_embedding import DIMENSION, LocalEmbedding
from casewright_embedder.adapters.weights import model_path, tokenizer_path
from casewright_embedder.domain.chunks import chunks_of
from casewright_embedder.domain.sparse import sparse_vector
from casewright_evaluation.retrieval.ranking import DEPTH, ndcg

_COLLECTION: Final = "passages"
DENSE: Final = "dense"
SPARSE: Final = "sparse"
_MOST_CHUNKS = 3
_PER_LEG = 12
"""As in the generator's adapter."""


@dataclass(frozen=True, slots=True)
class Text:
    """What may be found: the first chunk of a story."""

    id: str
    story: Story
    project: str


@dataclass(frozen=True, slots=True)
class Query:
    """A story that is searched for.

    Attributes:
        grades: Relevance of the texts, by their ids.
        project: Where is searched; `None` for everywhere.
        itself: Id of the text that is the story itself and must not be found; `None` where it isn't there.
    """

    id: str
    story: Story
    grades: Mapping[str, int]
    project: str | None = None
    itself: str | None = None

    @property
    def fits(self) -> bool:
        """Whether the rank constant may be chosen by it; the other half shows what the choice is worth."""
        return hashlib.sha256(self.id.encode()).digest()[1] % 2 == 0


@dataclass(frozen=True, slots=True)
class Found:
    """What each leg found for each chunk of a query, the best first."""

    query: Query
    dense: tuple[list[models.ScoredPoint], ...]
    sparse: tuple[list[models.ScoredPoint], ...]

    def score(self, fusion: "Fusion") -> float:
        """Its nDCG@10."""
        lists = [*self.dense, *self.sparse]
        weights = [fusion.dense] * len(self.dense) + [fusion.sparse] * len(self.sparse)
        used = [(one, weight) for one, weight in zip(lists, weights, strict=True) if weight]
        fused = reciprocal_rank_fusion(
            responses=[one for one, _ in used],
            limit=DEPTH,
            ranking_constant_k=fusion.constant,
            weights=[weight for _, weight in used],
        )
        return ndcg([str((point.payload or {})["id"]) for point in fused], self.query.grades)


@dataclass(frozen=True, slots=True)
class Fusion:
    """Reciprocal rank fusion: its rank constant, and weights; a leg without weight is not asked."""

    constant: int
    dense: float
    sparse: float

    def alone(self, leg: str) -> "Fusion":
        """The same with one leg."""
        return replace(self, sparse=0) if leg == DENSE else replace(self, dense=0)

    def mean(self, found: Sequence[Found]) -> float:
        """Mean nDCG@10."""
        return sum(one.score(self) for one in found) / len(found)


async def search(texts: Sequence[Text], queries: Sequence[Query]) -> tuple[Found, ...]:
    """Index the texts and search for each query by each leg.

    Raises:
        UpstreamUnavailableError: The weights of the local embedding model aren't installed.
    """
    embedding = LocalEmbedding(model_path(), tokenizer_path(), threads=2)
    client = AsyncQdrantClient(":memory:")
    try:
        await _index(client, embedding, texts)
        return tuple([await _search(client, embedding, query) for query in queries])
    finally:
        await client.close()
        await embedding.close()


async def _index(client: AsyncQdrantClient, embedding: LocalEmbedding, texts: Sequence[Text]) -> None:
    await client.create_collection(
        _COLLECTION,
        vectors_config={DENSE: models.VectorParams(size=DIMENSION, distance=models.Distance.COSINE)},
        sparse_vectors_config={SPARSE: models.SparseVectorParams(modifier=models.Modifier.IDF)},
    )
    chunks = [(_chunks(embedding, one.story) or [one.story.title])[0] for one in texts]
    dense = await embedding.embed(chunks)
    await client.upsert(
        _COLLECTION,
        [
            models.PointStruct(
                id=number,
                vector={DENSE: list(vector), SPARSE: _sparse(chunk)},
                payload={"id": one.id, "project": one.project},
            )
            for number, (one, chunk, vector) in enumerate(zip(texts, chunks, dense, strict=True))
        ],
    )


def _chunks(embedding: LocalEmbedding, story: Story) -> list[str]:
    return [one.text for one in chunks_of(story, window=embedding.window, count=embedding.count)]


def _sparse(text: str) -> models.SparseVector:
    weighed = sparse_vector(text)
    return models.SparseVector(indices=list(weighed.indices), values=list(weighed.values))


async def _search(client: AsyncQdrantClient, embedding: LocalEmbedding, query: Query) -> Found:
    chunks = _chunks(embedding, query.story)[:_MOST_CHUNKS]
    dense = [list(vector) for vector in await embedding.embed(chunks)]
    return Found(
        query,
        tuple([await _leg(client, query, DENSE, vector) for vector in dense]),
        tuple([await _leg(client, query, SPARSE, _sparse(chunk)) for chunk in chunks]),
    )


async def _leg(
    client: AsyncQdrantClient, query: Query, using: str, vector: list[float] | models.SparseVector
) -> list[models.ScoredPoint]:
    found = await client.query_points(
        _COLLECTION,
        query=vector,
        using=using,
        query_filter=models.Filter(
            must=[_is("project", query.project)] if query.project else None,
            must_not=[_is("id", query.itself)] if query.itself else None,
        ),
        limit=_PER_LEG,
        with_payload=True,
    )
    return found.points


def _is(key: str, value: str) -> models.FieldCondition:
    return models.FieldCondition(key=key, match=models.MatchValue(value=value))
