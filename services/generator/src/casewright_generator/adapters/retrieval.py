"""Similar stories and approved cases from Qdrant, by the points that the story already has there."""

import asyncio
import logging
from typing import Final
from uuid import UUID

from pydantic import ValidationError
from qdrant_client import AsyncQdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from casewright_common.errors import UpstreamUnavailableError
from casewright_common.events import CaseDraft, StoryIndexedV1
from casewright_common.settings import QdrantSettings
from casewright_generator.service import Passage

_logger = logging.getLogger(__name__)

_DENSE: Final = "dense"
_SPARSE: Final = "sparse"
_MOST_POINTS = 3
_PER_LEG = 12
_MOST_OF_KIND: Final = {"case": 5, "document": 4, "story": 3}
"""Passages of each kind, in the order in which they help."""
_MOST_PER_SOURCE = 2
RRF_K: Final = 2
"""Rank constant of the fusion; chosen, as are the weights, by what `casewright evaluate` measures."""
LEG_WEIGHTS: Final = {_DENSE: 2.0, _SPARSE: 1.0}
"""How much the ranks of a leg count."""
_TIMEOUT, _TOO_MANY, _SERVER_ERROR = 408, 429, 500


class QdrantContext:
    """`ContextSource` by hybrid search: dense and sparse legs, fused by reciprocal rank.

    The story's own points are the query, so that the generator needs no embedding model.

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
        self._timeout_s = settings.timeout_s

    async def passages(self, story: StoryIndexedV1) -> tuple[Passage, ...]:
        """Accepted cases, then documents, then stories, few of each; see `ContextSource`."""
        if not story.point_ids:
            return ()
        try:
            async with asyncio.timeout(self._timeout_s):
                found = await asyncio.gather(*(self._of_kind(story, kind) for kind in _MOST_OF_KIND))
        except (TimeoutError, ResponseHandlingException) as error:
            raise UpstreamUnavailableError("qdrant", type(error).__name__) from error
        except UnexpectedResponse as error:
            status = error.status_code or _SERVER_ERROR
            if status in {_TIMEOUT, _TOO_MANY} or status >= _SERVER_ERROR:
                raise UpstreamUnavailableError("qdrant", f"HTTP {status}") from error
            # A newer revision has replaced the points, or the collection is gone: cases need no context.
            _logger.warning("No context for %s: Qdrant answered HTTP %d", story.issue_key, status)
            return ()
        return tuple(passage for passages in found for passage in passages)

    async def _of_kind(self, story: StoryIndexedV1, kind: str) -> tuple[Passage, ...]:
        # A query for each kind: fused together, the many stories would crowd out the few cases.
        legs = _legs(story, kind)
        weights = [LEG_WEIGHTS[str(leg.using)] for leg in legs]
        found = await self._client.query_points(
            story.collection,
            prefetch=legs,
            query=models.RrfQuery(rrf=models.Rrf(k=RRF_K, weights=weights)),
            query_filter=_others(story, kind),
            limit=_PER_LEG,
            with_payload=["kind", "issue_key", "title", "text", "case", "document_id"],
        )
        return _chosen(found.points, most=_MOST_OF_KIND[kind])

    async def ping(self) -> None:
        """Raise `UpstreamUnavailableError` unless Qdrant answers."""
        try:
            await self._client.collection_exists("casewright-ping")
        except (ResponseHandlingException, UnexpectedResponse) as error:
            raise UpstreamUnavailableError("qdrant", type(error).__name__) from error

    async def close(self) -> None:
        """Give up all connections."""
        await self._client.close()


def _legs(story: StoryIndexedV1, kind: str) -> list[models.Prefetch]:
    queries: list[UUID] = list(story.point_ids[:_MOST_POINTS])
    return [
        models.Prefetch(query=str(query), using=using, filter=_others(story, kind), limit=_PER_LEG)
        for query in queries
        for using in (_DENSE, _SPARSE)
    ]


def _others(story: StoryIndexedV1, kind: str) -> models.Filter:
    """One kind of the same organisation and project, without the story itself; its cases may be found."""

    def is_(key: str, value: str) -> models.FieldCondition:
        return models.FieldCondition(key=key, match=models.MatchValue(value=value))

    own = [is_("connection_id", str(story.connection_id)), is_("issue_id", story.issue_id)]
    return models.Filter(
        must=[
            is_("org_id", str(story.org_id)),
            is_("project_id", str(story.project_id)),
            is_("kind", kind),
        ],
        must_not=[models.Filter(must=list(own))] if kind == "story" else None,
    )


def _chosen(points: list[models.ScoredPoint], *, most: int) -> tuple[Passage, ...]:
    """The best ones, no more than two of one issue or document, and a case once."""
    chosen: list[Passage] = []
    sources: list[str] = []
    for point in points:
        payload = point.payload or {}
        source = str(payload.get("document_id") or payload.get("issue_key", ""))
        case = _case(payload.get("case"))
        passage = Passage(
            kind=str(payload.get("kind", "")),
            issue_key=str(payload.get("issue_key", "")),
            title=str(payload.get("title", "")),
            text=str(payload.get("text", "")),
            case=case,
        )
        known = case is not None and any(one.case and one.case.case_id == case.case_id for one in chosen)
        if passage.text and not known and sources.count(source) < _MOST_PER_SOURCE:
            chosen.append(passage)
            sources.append(source)
        if len(chosen) == most:
            break
    return tuple(chosen)


def _case(written: object) -> CaseDraft | None:
    """The case in a payload; `None` where there is none that can be read."""
    if not isinstance(written, str):
        return None
    try:
        return CaseDraft.model_validate_json(written)
    except ValidationError:
        _logger.warning("An accepted case in the vector store can't be read")
        return None
