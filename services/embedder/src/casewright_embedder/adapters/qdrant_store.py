"""Points in Qdrant: one collection per organisation and embedding model."""

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from qdrant_client import AsyncQdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from casewright_common.errors import UpstreamFailedError, UpstreamRejectedError, UpstreamUnavailableError
from casewright_common.settings import QdrantSettings
from casewright_embedder.service.ports import Point, Source, Vector

DENSE: Final = "dense"
SPARSE: Final = "sparse"
_BATCH = 128
_NOT_FOUND, _CONFLICT, _TIMEOUT, _TOO_MANY, _SERVER_ERROR = 404, 409, 408, 429, 500

_INDEXES: dict[str, models.PayloadSchemaType | models.KeywordIndexParams] = {
    "org_id": models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=True),
    "project_id": models.PayloadSchemaType.KEYWORD,
    "kind": models.PayloadSchemaType.KEYWORD,
    "connection_id": models.PayloadSchemaType.KEYWORD,
    "issue_id": models.PayloadSchemaType.KEYWORD,
    "case_id": models.PayloadSchemaType.KEYWORD,
    "document_id": models.PayloadSchemaType.KEYWORD,
}


class QdrantStore:
    """`PointStore` over Qdrant's REST interface.

    Args:
        settings: Address and bounds.
    """

    def __init__(self, settings: QdrantSettings) -> None:
        # The version check would run in a thread of its own and print to nobody.
        self._client = AsyncQdrantClient(
            url=settings.url,
            api_key=settings.api_key.get_secret_value() if settings.api_key else None,
            timeout=settings.timeout_s,
            check_compatibility=False,
        )
        self._known: set[str] = set()
        self._making = asyncio.Lock()

    async def ensure(self, collection: str, *, dimension: int) -> None:
        """Make the collection and its indexes unless they are there; safe when several do it at once."""
        if collection in self._known:
            return
        async with self._making:
            if collection not in self._known:
                await self._make(collection, dimension)

    async def _make(self, collection: str, dimension: int) -> None:
        with _classified():
            if not await self._client.collection_exists(collection):
                await self._create(collection, dimension)
            for field, schema in _INDEXES.items():
                await self._client.create_payload_index(collection, field, field_schema=schema, wait=True)
        self._known.add(collection)

    async def _create(self, collection: str, dimension: int) -> None:
        try:
            await self._client.create_collection(
                collection,
                vectors_config={DENSE: models.VectorParams(size=dimension, distance=models.Distance.COSINE)},
                sparse_vectors_config={SPARSE: models.SparseVectorParams(modifier=models.Modifier.IDF)},
            )
        except UnexpectedResponse as error:
            if error.status_code != _CONFLICT:  # somebody else was faster
                raise

    async def vectors(self, collection: str, ids: Collection[UUID]) -> dict[UUID, Vector]:
        """Dense vectors of those points that exist; empty where the collection doesn't."""
        if not ids:
            return {}
        with _classified():
            try:
                records = await self._client.retrieve(
                    collection, [str(identity) for identity in ids], with_payload=False, with_vectors=[DENSE]
                )
            except UnexpectedResponse as error:
                if error.status_code != _NOT_FOUND:
                    raise
                self._known.discard(collection)
                return {}
        return {UUID(str(r.id)): r.vector[DENSE] for r in records if isinstance(r.vector, dict)}  # type: ignore[misc]  # a named dense vector is a list of floats

    async def upsert(self, collection: str, points: Sequence[Point]) -> None:
        """Write points, replacing those with the same id; returns once they can be searched."""
        with _classified():
            for start in range(0, len(points), _BATCH):
                structs = [_struct(point) for point in points[start : start + _BATCH]]
                try:
                    await self._client.upsert(collection, structs, wait=True)
                except UnexpectedResponse as error:
                    if error.status_code != _NOT_FOUND:
                        raise
                    # Dropped behind our back: the next attempt makes it anew.
                    self._known.discard(collection)
                    raise UpstreamFailedError("qdrant", f"collection {collection} is gone") from error

    async def remove(self, collection: str, source: Source, *, keep: Collection[UUID] = ()) -> None:
        """Delete the source's points, except `keep`; nothing happens without the collection."""
        wanted = {"org_id": str(source.org_id), "kind": source.kind, **dict(source.keys)}
        must: list[models.Condition] = [
            models.FieldCondition(key=key, match=models.MatchValue(value=value))
            for key, value in wanted.items()
        ]
        kept: list[models.Condition] = [models.HasIdCondition(has_id=[str(identity) for identity in keep])]
        with _classified():
            try:
                await self._client.delete(
                    collection,
                    models.FilterSelector(filter=models.Filter(must=must, must_not=kept if keep else None)),
                    wait=True,
                )
            except UnexpectedResponse as error:
                if error.status_code != _NOT_FOUND:
                    raise
                self._known.discard(collection)

    async def ping(self) -> None:
        """Raise `UpstreamUnavailableError` unless Qdrant answers."""
        with _classified():
            await self._client.collection_exists("casewright-ping")

    async def close(self) -> None:
        """Give up all connections."""
        await self._client.close()


@contextmanager
def _classified() -> Iterator[None]:
    try:
        yield
    except ResponseHandlingException as error:
        raise UpstreamUnavailableError("qdrant", type(error.source).__name__) from error
    except UnexpectedResponse as error:
        status = error.status_code or _SERVER_ERROR
        if status in {_TIMEOUT, _TOO_MANY} or status >= _SERVER_ERROR:
            raise UpstreamUnavailableError("qdrant", f"HTTP {status}") from error
        raise UpstreamRejectedError("qdrant", f"HTTP {status}: {error.reason_phrase}") from error


def _struct(point: Point) -> models.PointStruct:
    payload = point.payload
    return models.PointStruct(
        id=str(point.id),
        vector={
            DENSE: list(point.dense),
            SPARSE: models.SparseVector(indices=list(point.sparse.indices), values=list(point.sparse.values)),
        },
        payload={
            "org_id": str(payload.source.org_id),
            **dict(payload.source.keys),
            "project_id": str(payload.project_id),
            "kind": payload.source.kind,
            "issue_key": payload.issue_key,
            "title": payload.title,
            "revision": payload.revision,
            "text": payload.text,
            "hash": payload.digest,
            **({"case": payload.case} if payload.case else {}),
        },
    )
