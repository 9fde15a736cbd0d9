"""The whole service on real engines: Kafka, PostgreSQL, Qdrant and the local model."""

import base64
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from qdrant_client import AsyncQdrantClient, models

from casewright_common.delivery import Delivery
from casewright_common.events import ProjectConfiguredV1, StoryChange, StoryChangedV1, StoryIndexedV1
from casewright_common.postgres import migrate, prepare
from casewright_common.settings import KafkaSettings, PostgresSettings, QdrantSettings, VaultSettings
from casewright_common.testing import until
from casewright_common.topics import Topic
from casewright_embedder.app import build
from casewright_embedder.settings import EmbedderSettings

KEY = base64.b64encode(bytes(32)).decode()


def settings(kafka: str, postgres_url: str, qdrant: str) -> EmbedderSettings:
    return EmbedderSettings(
        kafka=KafkaSettings(
            bootstrap_servers=kafka, request_timeout_s=5, session_timeout_s=6, rebalance_timeout_s=9
        ),
        postgres=PostgresSettings(url=SecretStr(postgres_url)),
        vault=VaultSettings(master_keys=SecretStr(f"one:{KEY}")),
        qdrant=QdrantSettings(url=qdrant),
    )


async def test_without_its_engines_the_service_lives_and_is_not_ready() -> None:
    app = build(settings("127.0.0.1:1", "postgresql://x:x@127.0.0.1:1/x", "http://127.0.0.1:1"))
    transport = httpx.ASGITransport(app=app)
    async with app.lifespan_context(app), httpx.AsyncClient(transport=transport) as client:
        assert (await client.get("http://test/livez")).status_code == httpx.codes.OK
        assert (await client.get("http://test/readyz")).status_code == httpx.codes.SERVICE_UNAVAILABLE


@pytest.mark.connected
async def test_a_story_is_found_by_its_meaning_until_it_is_removed(  # fixtures
    broker: str,
    postgres_database: str,
    qdrant: str,
    seen: Any,
    project: ProjectConfiguredV1,
    changed: Callable[..., StoryChangedV1],
) -> None:
    await prepare(postgres_database, {"embedder": "of-embedder"})
    await migrate(postgres_database, "embedder", "casewright_embedder")
    role_url = f"postgresql://casewright_embedder:of-embedder@{postgres_database.split('@', 1)[1]}"
    org = uuid4()  # a collection of its own
    app = build(settings(broker, role_url, qdrant))
    outside = Delivery("outside", KafkaSettings(bootstrap_servers=broker), registry=CollectorRegistry())
    client = AsyncQdrantClient(url=qdrant, check_compatibility=False)
    await outside.start()
    await outside.publish(project.model_copy(update={"org_id": org}))

    async def told(number: int) -> StoryIndexedV1:
        await until(lambda: len(seen.on(Topic.STORY_INDEXED, StoryIndexedV1)) >= number, 120)
        event: StoryIndexedV1 = seen.on(Topic.STORY_INDEXED, StoryIndexedV1)[-1]
        return event

    async with app.lifespan_context(app):
        await outside.publish(changed(org_id=org, criteria=()))
        other = {"issue_id": "10002", "issue_key": "SHOP-2", "criteria": ()}
        text = "The invoice lists the value added tax of each line."
        await outside.publish(changed(org_id=org, title="Invoice", text=text, **other))
        third = {"issue_id": "10003", "issue_key": "SHOP-3", "criteria": ()}
        text = "Send a mail so that the user can choose a new password."
        await outside.publish(changed(org_id=org, title="Forgotten credentials", text=text, **third))
        await told(3)
        events = {event.issue_key: event for event in seen.on(Topic.STORY_INDEXED, StoryIndexedV1)}
        first = events["SHOP-1"]
        found = await client.query_points(first.collection, query=str(first.point_ids[0]), using="dense")
        assert [(point.payload or {})["issue_key"] for point in found.points] == ["SHOP-3", "SHOP-2"]
        removal = {"revision": 2, "change": StoryChange.REMOVED, "criteria": ()}
        await outside.publish(changed(org_id=org, **removal))
        assert (await told(4)).change is StoryChange.REMOVED
        left = await client.count(
            first.collection,
            count_filter=models.Filter(
                must=[models.FieldCondition(key="issue_id", match=models.MatchValue(value="10001"))]
            ),
        )
        assert left.count == 0
    await client.close()
    await outside.stop()
