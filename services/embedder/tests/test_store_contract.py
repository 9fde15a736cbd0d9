"""What every `PointStore` promises: over the twin in memory, and over Qdrant."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from casewright_common.errors import UpstreamRejectedError, UpstreamUnavailableError
from casewright_common.settings import QdrantSettings
from casewright_embedder.adapters.qdrant_store import QdrantStore
from casewright_embedder.domain.sparse import sparse_vector
from casewright_embedder.service.ports import (
    IssueRef,
    Point,
    PointPayload,
    PointStore,
    Source,
    case_source,
    document_source,
    story_source,
)
from casewright_embedder.testing import PointsInMemory

ONE = IssueRef(UUID(int=1), UUID(int=2), "10001")


def point(text: str, source: Source | None = None, *, x: float = 1.0) -> Point:
    return Point(
        id=uuid4(),
        dense=(x, 0.0, 0.0),
        sparse=sparse_vector(text),
        payload=PointPayload(source or story_source(ONE), UUID(int=3), "SHOP-1", "Title", 1, text, "d"),
    )


@pytest.fixture(params=["memory", pytest.param("qdrant", marks=pytest.mark.connected)])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[PointStore]:
    if request.param == "memory":
        yield PointsInMemory()
        return
    real = QdrantStore(QdrantSettings(url=request.getfixturevalue("qdrant")))
    yield real
    await real.close()


@pytest.fixture
async def collection(store: PointStore) -> str:
    name = f"test-{uuid4().hex}"
    await store.ensure(name, dimension=3)
    return name


async def test_what_was_written_is_found(store: PointStore, collection: str) -> None:
    points = [point(f"text {number}") for number in range(3)]
    await store.upsert(collection, points)
    found = await store.vectors(collection, [points[0].id, points[2].id, uuid4()])
    assert set(found) == {points[0].id, points[2].id}
    assert list(found[points[0].id]) == pytest.approx([1, 0, 0])


async def test_writing_twice_leaves_one(store: PointStore, collection: str) -> None:
    first = point("text")
    await store.upsert(collection, [first])
    await store.upsert(collection, [replace(first, dense=(0.0, 1.0, 0.0))])
    found = await store.vectors(collection, [first.id])
    assert list(found[first.id]) == pytest.approx([0, 1, 0])


async def test_removal_spares_what_is_kept_and_everybody_else(store: PointStore, collection: str) -> None:
    stale, kept = point("stale"), point("kept")
    others = [
        point("a case of it", case_source(ONE, UUID(int=5))),
        point("a document", document_source(ONE.org_id, UUID(int=6))),
        point("another issue", story_source(replace(ONE, issue_id="10002"))),
        point("another site", story_source(replace(ONE, connection_id=UUID(int=9)))),
        point("another organisation", story_source(replace(ONE, org_id=UUID(int=9)))),
    ]
    everything = [stale, kept, *others]
    await store.upsert(collection, everything)
    await store.remove(collection, story_source(ONE), keep=[kept.id])
    found = await store.vectors(collection, [one.id for one in everything])
    assert set(found) == {one.id for one in everything} - {stale.id}
    await store.remove(collection, story_source(ONE))
    assert kept.id not in await store.vectors(collection, [kept.id])


async def test_one_case_or_all_cases_of_an_issue_can_be_removed(store: PointStore, collection: str) -> None:
    one, two, three = (point("case", case_source(ONE, UUID(int=number))) for number in range(3))
    await store.upsert(collection, [one, two, three])
    await store.remove(collection, case_source(ONE, UUID(int=0)))
    assert set(await store.vectors(collection, [one.id, two.id, three.id])) == {two.id, three.id}
    await store.remove(collection, case_source(ONE))
    assert await store.vectors(collection, [two.id, three.id]) == {}


async def test_a_collection_that_is_not_there_holds_nothing(store: PointStore) -> None:
    assert await store.vectors("never-made", [uuid4()]) == {}
    await store.remove("never-made", story_source(ONE))


async def test_making_a_collection_at_once_is_safe(store: PointStore) -> None:
    name = f"test-{uuid4().hex}"
    await asyncio.gather(*(store.ensure(name, dimension=3) for _ in range(5)))
    await store.upsert(name, [point("text")])


async def test_many_points_go_in_batches(store: PointStore, collection: str) -> None:
    points = [point(f"text {number}") for number in range(300)]
    await store.upsert(collection, points)
    assert len(await store.vectors(collection, [one.id for one in points])) == 300


@pytest.mark.connected
async def test_two_processes_may_make_one_collection(qdrant: str) -> None:
    stores = [QdrantStore(QdrantSettings(url=qdrant)) for _ in range(3)]
    name = f"test-{uuid4().hex}"
    await asyncio.gather(*(store.ensure(name, dimension=3) for store in stores))
    await stores[2].upsert(name, [point("text")])
    for store in stores:
        await store.close()


@pytest.mark.connected
async def test_a_wrong_dimension_is_rejected_and_not_retried(qdrant: str) -> None:
    store = QdrantStore(QdrantSettings(url=qdrant))
    name = f"test-{uuid4().hex}"
    await store.ensure(name, dimension=4)
    with pytest.raises(UpstreamRejectedError):
        await store.upsert(name, [point("text")])
    await store.close()


async def test_an_unreachable_qdrant_is_unavailable(unused_tcp_port: int) -> None:
    store = QdrantStore(QdrantSettings(url=f"http://127.0.0.1:{unused_tcp_port}", timeout_s=1))
    with pytest.raises(UpstreamUnavailableError):
        await store.ping()
    with pytest.raises(UpstreamUnavailableError):
        await store.upsert("any", [point("text")])
    await store.close()
