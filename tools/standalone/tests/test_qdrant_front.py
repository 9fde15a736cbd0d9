import json
from collections.abc import AsyncIterator, Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from jsonschema import Draft202012Validator
from qdrant_client import AsyncQdrantClient, models
from qdrant_client.common.version_check import is_compatible
from qdrant_client.http.exceptions import UnexpectedResponse

from casewright_standalone.engines.qdrant_front import build

COLLECTION = "org-1-minilm-384"
FIRST, SECOND, THIRD = (str(UUID(int=number)) for number in (1, 2, 3))


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = build(tmp_path / "data")
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://front") as client,
    ):
        yield client


@pytest.fixture(scope="session")
def openapi(shared_data: Callable[[str], Path]) -> dict[str, Any]:
    description: dict[str, Any] = json.loads(shared_data("qdrant/openapi.json").read_text(encoding="utf-8"))
    return description


POINTS = {
    "points": [
        {
            "id": FIRST,
            "vector": {"dense": [1.0, 0.0, 0.0], "sparse": {"indices": [7, 9], "values": [1.0, 0.5]}},
            "payload": {"kind": "story", "project": "A", "nested": {"words": ["cart", "pay"]}},
        },
        {
            "id": SECOND,
            "vector": {"dense": [0.0, 1.0, 0.0], "sparse": {"indices": [8], "values": [1.0]}},
            "payload": {"kind": "case", "project": "A"},
        },
        {
            "id": THIRD,
            "vector": {"dense": [0.9, 0.1, 0.0], "sparse": {"indices": [7], "values": [2.0]}},
            "payload": {"kind": "story", "project": "B"},
        },
    ]
}
FILTER = {"must": [{"key": "project", "match": {"value": "A"}}]}
HYBRID = {
    "prefetch": [
        {"query": [1.0, 0.0, 0.0], "using": "dense", "filter": FILTER, "limit": 5},
        {"query": {"indices": [7], "values": [1.0]}, "using": "sparse", "filter": FILTER, "limit": 5},
    ],
    "query": {"fusion": "rrf"},
    "limit": 5,
    "with_payload": True,
}
CREATE = {
    "vectors": {"dense": {"size": 3, "distance": "Cosine"}},
    "sparse_vectors": {"sparse": {"modifier": "idf"}},
}
BASE = f"/collections/{COLLECTION}"
# The calls that Casewright makes, in an order in which each finds what it needs.
CALLS: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET", "/", None),
    ("GET", f"{BASE}/exists", None),
    ("PUT", BASE, CREATE),
    ("GET", "/collections", None),
    ("GET", BASE, None),
    ("PUT", f"{BASE}/index", {"field_name": "project", "field_schema": "keyword"}),
    ("PUT", f"{BASE}/points", POINTS),
    ("POST", f"{BASE}/points", {"ids": [FIRST], "with_vector": True}),
    ("POST", f"{BASE}/points/scroll", {"limit": 2, "filter": FILTER}),
    ("POST", f"{BASE}/points/scroll", {"limit": 1}),
    ("POST", f"{BASE}/points/query", HYBRID),
    ("POST", f"{BASE}/points/count", {"filter": FILTER, "exact": True}),
    ("POST", f"{BASE}/points/delete", {"filter": FILTER}),
    ("POST", f"{BASE}/points/delete", {"points": [THIRD]}),
    ("DELETE", BASE, None),
]


def validator(openapi: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(_as_json_schema({**schema, "components": openapi["components"]}))


def _as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema lists the type null."""
    if isinstance(node, list):
        return [_as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _as_json_schema(value) for key, value in node.items() if key != "nullable"}
    return {"anyOf": [changed, {"type": "null"}]} if node.get("nullable") is True else changed


async def test_every_call_and_every_answer_is_as_the_openapi_description_says(
    front: httpx.AsyncClient, openapi: dict[str, Any]
) -> None:
    for method, path, body in CALLS:
        described = openapi["paths"][path.replace(COLLECTION, "{collection_name}")][method.lower()]
        if body is not None:
            schema = described["requestBody"]["content"]["application/json"]["schema"]
            validator(openapi, schema).validate(body)

        answer = await front.request(method, path, json=body, params={"wait": "true"} if body else None)

        assert answer.status_code == 200, (path, answer.text)
        schema = described["responses"]["200"]["content"]["application/json"]["schema"]
        validator(openapi, schema).validate(answer.json())


async def test_probes_answer_in_plain_words(front: httpx.AsyncClient) -> None:
    assert (await front.get("/healthz")).text == "healthz check passed"
    assert (await front.get("/readyz")).text == "all shards are ready"


async def test_fusion_ranks_what_both_legs_find_first_and_honours_the_filter(
    front: httpx.AsyncClient,
) -> None:
    await front.put(BASE, json=CREATE)
    await front.put(f"{BASE}/points", json=POINTS)
    found = (await front.post(f"{BASE}/points/query", json=HYBRID)).json()["result"]["points"]
    assert [point["id"] for point in found] == [FIRST, SECOND]
    assert found[0]["payload"]["nested"] == {"words": ["cart", "pay"]}


async def test_scroll_hands_on_the_id_where_the_next_page_begins(front: httpx.AsyncClient) -> None:
    await front.put(BASE, json=CREATE)
    await front.put(f"{BASE}/points", json=POINTS)
    seen: list[str] = []
    offset: str | None = None
    while True:
        page = (await front.post(f"{BASE}/points/scroll", json={"limit": 2, "offset": offset})).json()[
            "result"
        ]
        seen += [point["id"] for point in page["points"]]
        offset = page["next_page_offset"]
        if offset is None:
            break
    assert sorted(seen) == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/collections/none", None, 404),
        ("PUT", "/collections/none/points", POINTS, 404),
        ("POST", "/collections/none/points/query", {"query": [1.0]}, 404),
        ("PUT", BASE, CREATE, 409),
        ("PUT", f"{BASE}/points", {"points": [{"id": FIRST, "vector": {"dense": [1.0]}}]}, 400),
        ("PUT", f"{BASE}/points", {"points": [{"id": FIRST, "vector": {"other": [1.0, 0, 0]}}]}, 400),
        ("PUT", f"{BASE}/points", {"pints": []}, 400),
        ("POST", f"{BASE}/points/query", {"query": [1.0, 0, 0], "using": "other"}, 400),
        ("POST", f"{BASE}/points/query", {"query": [1.0, 0, 0], "using": "dense", "limit": 0}, 400),
    ],
)
async def test_what_cannot_be_served_is_refused_with_a_reason(
    front: httpx.AsyncClient, method: str, path: str, body: dict[str, Any] | None, status: int
) -> None:
    await front.put(BASE, json=CREATE)
    answer = await front.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.json()["status"]["error"]


async def test_points_are_there_again_after_the_front_was_closed(tmp_path: Path) -> None:
    for _ in range(2):
        app = build(tmp_path / "data")
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://front") as client,
        ):
            await client.put(BASE, json=CREATE)
            await client.put(f"{BASE}/points", json=POINTS)
            counted = await client.post(f"{BASE}/points/count", json={})
            assert counted.json()["result"] == {"count": 3}


async def test_the_reported_version_suits_the_client(front: httpx.AsyncClient) -> None:
    reported = (await front.get("/")).json()["version"]
    assert is_compatible(version("qdrant-client"), reported)


@pytest.mark.connected
async def test_the_plain_async_client_works_against_it(qdrant: str) -> None:
    client = AsyncQdrantClient(url=qdrant, check_compatibility=False)
    name = "front-test"
    assert not await client.collection_exists(name)
    await client.create_collection(
        name,
        vectors_config={"dense": models.VectorParams(size=3, distance=models.Distance.COSINE)},
        sparse_vectors_config={"sparse": models.SparseVectorParams(modifier=models.Modifier.IDF)},
    )
    assert (await client.get_collection(name)).points_count == 0
    await client.create_payload_index(name, "project", models.PayloadSchemaType.KEYWORD)
    await client.upsert(
        name, points=[models.PointStruct.model_validate(point) for point in POINTS["points"]], wait=True
    )
    only_a = models.Filter(must=[models.FieldCondition(key="project", match=models.MatchValue(value="A"))])
    fused = await client.query_points(
        name,
        prefetch=[
            models.Prefetch(query=[1.0, 0.0, 0.0], using="dense", filter=only_a, limit=5),
            models.Prefetch(
                query=models.SparseVector(indices=[7], values=[1.0]), using="sparse", filter=only_a, limit=5
            ),
        ],
        query=models.RrfQuery(rrf=models.Rrf(k=20)),
        limit=5,
    )
    assert [point.id for point in fused.points] == [FIRST, SECOND]
    assert (await client.count(name, count_filter=only_a)).count == 2
    records = await client.retrieve(name, ids=[THIRD], with_vectors=True)
    assert records[0].payload == {"kind": "story", "project": "B"}
    page, following = await client.scroll(name, limit=2)
    assert len(page) == 2
    assert following == THIRD
    await client.delete(name, points_selector=models.FilterSelector(filter=only_a))
    assert (await client.count(name)).count == 1
    await client.delete(name, points_selector=[THIRD])
    assert (await client.count(name)).count == 0
    assert await client.delete_collection(name)
    with pytest.raises(UnexpectedResponse, match="404"):
        await client.get_collection(name)
    await client.close()
