"""From pieces of text to points: only what has no vector yet is embedded."""

from collections.abc import Callable, Iterable
from uuid import UUID

from casewright_common.events import EmbeddingSettings
from casewright_embedder.domain.chunks import Chunk
from casewright_embedder.domain.names import collection_name, point_id
from casewright_embedder.domain.sparse import sparse_vector
from casewright_embedder.service.ports import Embedding, Point, PointPayload, PointStore, Source

_AT_A_TIME = 32
"""Texts handed to the model at once, so that a long document lets a short story go between."""


def collection_of(org_id: UUID, settings: EmbeddingSettings) -> str:
    """The organisation's collection for the model that the settings name."""
    return collection_name(org_id, model=settings.model, dimension=settings.dimension)


async def points_of(
    source: Source,
    chunks: Iterable[Chunk],
    *,
    collection: str,
    store: PointStore,
    model: Embedding,
    may_be_known: bool,
    payload: Callable[[Chunk], PointPayload],
) -> list[Point]:
    """The points of a source's chunks, in their order; nothing is written.

    Args:
        source: Gives the points their ids.
        chunks: Its pieces.
        collection: Where the points will stand.
        store: Asked for vectors that stand there already.
        model: Embeds the others.
        may_be_known: Whether some of the chunks may stand in the collection already.
        payload: What the point of a chunk says.

    Raises:
        UpstreamUnavailableError: The model or the store can't be reached.
        UpstreamRejectedError: The model refuses a text, or answers with another dimension.
    """
    names = [value for _, value in source.keys]
    wanted = {
        point_id(source.org_id, *names, kind=source.kind, digest=chunk.digest): chunk for chunk in chunks
    }
    vectors = await store.vectors(collection, wanted) if may_be_known else {}
    missing = [identity for identity in wanted if identity not in vectors]
    for start in range(0, len(missing), _AT_A_TIME):
        batch = missing[start : start + _AT_A_TIME]
        vectors |= dict(zip(batch, await model.embed([wanted[one].text for one in batch]), strict=True))
    return [
        Point(identity, vectors[identity], sparse_vector(chunk.text), payload(chunk))
        for identity, chunk in wanted.items()
    ]
