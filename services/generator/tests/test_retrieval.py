import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import UUID, uuid4

import pytest
from qdrant_client import AsyncQdrantClient, models

from casewright_common.errors import UpstreamUnavailableError
from casewright_common.events import CaseDraft, CaseStep, StoryIndexedV1, Technique
from casewright_common.settings import QdrantSettings
from casewright_generator.adapters.retrieval import QdrantContext

ORG, OTHER_ORG, PROJECT, CONNECTION = UUID(int=1), UUID(int=9), UUID(int=3), UUID(int=2)
Indexed = Callable[..., StoryIndexedV1]


class Collection:
    """A collection as the embedder makes it, with three dimensions."""

    def __init__(self, url: str) -> None:
        self.name = f"test-{uuid4().hex}"
        self.client = AsyncQdrantClient(url=url, check_compatibility=False)

    async def make(self) -> None:
        await self.client.create_collection(
            self.name,
            vectors_config={"dense": models.VectorParams(size=3, distance=models.Distance.COSINE)},
            sparse_vectors_config={"sparse": models.SparseVectorParams(modifier=models.Modifier.IDF)},
        )

    async def put(
        self, text: str, dense: tuple[float, float, float], words: dict[int, float], **payload: object
    ) -> UUID:
        identity = uuid4()
        known = {
            "org_id": str(ORG),
            "project_id": str(PROJECT),
            "connection_id": str(CONNECTION),
            "issue_id": text,
            "issue_key": text.upper(),
            "kind": "story",
            "title": f"Title of {text}",
            "text": text,
        }
        await self.client.upsert(
            self.name,
            [
                models.PointStruct(
                    id=str(identity),
                    vector={
                        "dense": list(dense),
                        "sparse": models.SparseVector(indices=list(words), values=list(words.values())),
                    },
                    payload=known | payload,
                )
            ],
            wait=True,
        )
        return identity


@pytest.fixture
async def collection(qdrant: str) -> AsyncIterator[Collection]:
    made = Collection(qdrant)
    await made.make()
    yield made
    await made.client.close()


@pytest.fixture
async def context(qdrant: str) -> AsyncIterator[QdrantContext]:
    made = QdrantContext(QdrantSettings(url=qdrant))
    yield made
    await made.close()


@pytest.mark.connected
async def test_what_is_alike_in_meaning_or_in_words_is_found_and_the_story_itself_is_not(
    collection: Collection, context: QdrantContext, indexed: Indexed
) -> None:
    own = await collection.put("own", (1, 0, 0), {1: 1.0}, issue_id="10001")
    await collection.put("own-too", (1, 0, 0), {1: 1.0}, issue_id="10001")
    await collection.put("by-meaning", (0.9, 0.1, 0), {2: 1.0})
    await collection.put("by-words", (0, 0, 1), {1: 1.0})
    found = await context.passages(indexed(collection=collection.name, point_ids=(own,)))
    assert {"by-meaning", "by-words"} <= {one.text for one in found}
    assert not {"own", "own-too"} & {one.text for one in found}


@pytest.mark.connected
async def test_nothing_of_another_organisation_or_project_is_found(
    collection: Collection, context: QdrantContext, indexed: Indexed
) -> None:
    own = await collection.put("own", (1, 0, 0), {1: 1.0}, issue_id="10001")
    await collection.put("foreign", (1, 0, 0), {1: 1.0}, org_id=str(OTHER_ORG))
    await collection.put("other-project", (1, 0, 0), {1: 1.0}, project_id=str(uuid4()))
    assert await context.passages(indexed(collection=collection.name, point_ids=(own,))) == ()


@pytest.mark.connected
async def test_the_approved_cases_of_the_story_itself_are_found(
    collection: Collection, context: QdrantContext, indexed: Indexed
) -> None:
    own = await collection.put("own", (1, 0, 0), {1: 1.0}, issue_id="10001")
    await collection.put("approved", (1, 0, 0), {1: 1.0}, issue_id="10001", kind="case")
    found = await context.passages(indexed(collection=collection.name, point_ids=(own,)))
    assert [(one.kind, one.text) for one in found] == [("case", "approved")]


@pytest.mark.connected
async def test_an_accepted_case_comes_whole_and_once(
    collection: Collection, context: QdrantContext, indexed: Indexed
) -> None:
    own = await collection.put("own", (1, 0, 0), {1: 1.0}, issue_id="10001")
    case = CaseDraft(
        case_id=UUID(int=7),
        title="The link is dead",
        technique=Technique.USE_CASE,
        condition="dead link",
        steps=(CaseStep(action="Open the link.", expected="It has expired."),),
    )
    for text in ("first piece", "second piece"):
        await collection.put(text, (1, 0, 0), {1: 1.0}, kind="case", case=case.model_dump_json())
    await collection.put("unreadable", (1, 0, 0), {1: 1.0}, kind="case", case='{"no": "case"}')
    found = await context.passages(indexed(collection=collection.name, point_ids=(own,)))
    assert sorted(one.case is not None for one in found) == [False, True]
    assert [one.case for one in found if one.case] == [case]


@pytest.mark.connected
async def test_many_stories_leave_room_for_a_document_and_a_case(
    collection: Collection, context: QdrantContext, indexed: Indexed
) -> None:
    own = await collection.put("own", (1, 0, 0), {1: 1.0}, issue_id="10001")
    for number in range(30):
        await collection.put(f"p{number}", (1, number / 100, 0), {1: 1.0})
    await collection.put("case", (0.2, 1, 0), {2: 1.0}, kind="case")
    await collection.put("document", (0.2, 1, 0), {2: 1.0}, kind="document", document_id="d")
    found = await context.passages(indexed(collection=collection.name, point_ids=(own,)))
    assert [one.kind for one in found] == ["case", "document", "story", "story", "story"]


@pytest.mark.connected
async def test_no_issue_or_document_fills_all_places(
    collection: Collection, context: QdrantContext, indexed: Indexed
) -> None:
    own = await collection.put("own", (1, 0, 0), {1: 1.0}, issue_id="10001")
    for number in range(4):
        await collection.put(f"p{number}", (1, 0, 0), {1: 1.0}, issue_key="K-1")
        await collection.put(f"d{number}", (1, 0, 0), {1: 1.0}, kind="document", document_id="d")
    found = await context.passages(indexed(collection=collection.name, point_ids=(own,)))
    assert [one.kind for one in found] == ["document", "document", "story", "story"]


@pytest.mark.connected
async def test_points_that_are_gone_mean_no_context_and_no_failure(
    collection: Collection, context: QdrantContext, indexed: Indexed
) -> None:
    assert await context.passages(indexed(collection=collection.name, point_ids=(uuid4(),))) == ()
    assert await context.passages(indexed(collection="never-made", point_ids=(uuid4(),))) == ()
    assert await context.passages(indexed(collection="never-made")) == ()


async def test_an_unreachable_qdrant_is_unavailable(unused_tcp_port: int, indexed: Indexed) -> None:
    context = QdrantContext(QdrantSettings(url=f"http://127.0.0.1:{unused_tcp_port}", timeout_s=1))
    with pytest.raises(UpstreamUnavailableError):
        await context.passages(indexed(point_ids=(uuid4(),)))
    with pytest.raises(UpstreamUnavailableError):
        await context.ping()
    await context.close()


async def test_a_qdrant_that_does_not_answer_is_unavailable(indexed: Indexed) -> None:
    over = asyncio.Event()

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    context = QdrantContext(QdrantSettings(url=f"http://127.0.0.1:{port}", timeout_s=1))
    with pytest.raises(UpstreamUnavailableError):
        await context.passages(indexed(point_ids=(uuid4(),)))
    await context.close()
    over.set()
    server.close()
    await asyncio.sleep(0.05)  # the handler ends
