"""Similar stories and approved cases from Qdrant, by the points that the story already has there."""

import asyncio
import logging
from typing import Final
from uuid import UUID

from qdrant_client import AsyncQdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from casewright_common.errors import UpstreamUnavailableError
from casewright_common.events import StoryIndexedV1
from casewright_common.settings import QdrantSettings
from casewright_generator.service import Passage

_logger = logging.getLogger(__name__)

_DENSE: Final = "dense"
_SPARSE: Final = "sparse"
_MOST_POINTS = 3
_PER_LEG = 12
_MOST_PASSAGES = 5
_MOST_CHARACTERS = 800
_MOST_PER_ISSUE = 2
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
        """At most five passages of the story's project, at most two of one issue; see `ContextSource`."""
        if not story.point_ids:
            return ()
        try:
            async with asyncio.timeout(self._timeout_s):
                found = await self._client.query_points(
                    story.collection,
                    prefetch=_legs(story),
                    query=models.FusionQuery(fusion=models.Fusion.RRF),
                    query_filter=_others(story),
                    limit=_PER_LEG,
                    with_payload=["kind", "issue_key", "issue_id", "title", "text"],
                )
        except (TimeoutError, ResponseHandlingException) as error:
            raise UpstreamUnavailableError("qdrant", type(error).__name__) from error
        except UnexpectedResponse as error:
            status = error.status_code or _SERVER_ERROR
            if status in {_TIMEOUT, _TOO_MANY} or status >= _SERVER_ERROR:
                raise UpstreamUnavailableError("qdrant", f"HTTP {status}") from error
            # A newer revision has replaced the points, or the collection is gone: cases need no context.
            _logger.warning("No context for %s: Qdrant answered HTTP %d", story.issue_key, status)
            return ()
        return _chosen(found.points)

    async def ping(self) -> None:
        """Raise `UpstreamUnavailableError` unless Qdrant answers."""
        try:
            await self._client.collection_exists("casewright-ping")
        except (ResponseHandlingException, UnexpectedResponse) as error:
            raise UpstreamUnavailableError("qdrant", type(error).__name__) from error

    async def close(self) -> None:
        """Give up all connections."""
        await self._client.close()


def _legs(story: StoryIndexedV1) -> list[models.Prefetch]:
    queries: list[UUID] = list(story.point_ids[:_MOST_POINTS])
    return [
        models.Prefetch(query=str(query), using=using, filter=_others(story), limit=_PER_LEG)
        for query in queries
        for using in (_DENSE, _SPARSE)
    ]


def _others(story: StoryIndexedV1) -> models.Filter:
    """The same organisation and project, and not the story itself, though perhaps its approved cases."""

    def is_(key: str, value: str) -> models.FieldCondition:
        return models.FieldCondition(key=key, match=models.MatchValue(value=value))

    itself = models.Filter(
        must=[
            is_("kind", "story"),
            is_("connection_id", str(story.connection_id)),
            is_("issue_id", story.issue_id),
        ]
    )
    return models.Filter(
        must=[is_("org_id", str(story.org_id)), is_("project_id", str(story.project_id))], must_not=[itself]
    )


def _chosen(points: list[models.ScoredPoint]) -> tuple[Passage, ...]:
    chosen: list[Passage] = []
    for point in points:
        payload = point.payload or {}
        passage = Passage(
            kind=str(payload.get("kind", "")),
            issue_key=str(payload.get("issue_key", "")),
            title=str(payload.get("title", "")),
            text=str(payload.get("text", ""))[:_MOST_CHARACTERS],
        )
        of_issue = sum(other.issue_key == passage.issue_key for other in chosen)
        if passage.text and of_issue < _MOST_PER_ISSUE:
            chosen.append(passage)
        if len(chosen) == _MOST_PASSAGES:
            break
    return tuple(chosen)
