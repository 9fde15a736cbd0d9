"""What every `IndexedStories` and `IndexedTexts` promises: over the twins, and over PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from uuid import UUID, uuid4, uuid5

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from casewright_common.events import StoryChangedV1, StoryIndexedV1
from casewright_common.postgres import Database, migrate, prepare
from casewright_common.settings import PostgresSettings
from casewright_embedder.adapters.indexed_stories_repository import IndexedStoriesRepository
from casewright_embedder.adapters.indexed_texts_repository import IndexedTextsRepository
from casewright_embedder.service.ports import (
    IndexedStories,
    IndexedText,
    IndexedTexts,
    IssueRef,
    case_source,
    document_source,
)
from casewright_embedder.testing import IndexedStoriesInMemory, IndexedTextsInMemory


async def embedder_database(admin_url: str) -> Database:
    await prepare(admin_url, {"embedder": "of-embedder"})
    await migrate(admin_url, "embedder", "casewright_embedder")
    address = admin_url.split("@", 1)[1]
    url = SecretStr(f"postgresql://casewright_embedder:of-embedder@{address}")
    return Database(PostgresSettings(url=url), service="embedder")


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.connected)])
async def stories(request: pytest.FixtureRequest) -> AsyncIterator[IndexedStories]:
    if request.param == "memory":
        yield IndexedStoriesInMemory()
        return
    database = await embedder_database(request.getfixturevalue("postgres_database"))
    yield IndexedStoriesRepository(database, max_locks=3)
    await database.close()


@pytest.fixture
def issue() -> IssueRef:
    return IssueRef(uuid4(), uuid4(), "10001")


@pytest.fixture
def event(changed: Callable[..., StoryChangedV1]) -> Callable[[IssueRef, int], StoryIndexedV1]:
    def make(issue: IssueRef, revision: int) -> StoryIndexedV1:
        story = changed(org_id=issue.org_id, connection_id=issue.connection_id, revision=revision)
        return StoryIndexedV1.model_validate(
            story.model_dump()
            | {
                "event_id": uuid5(story.event_id, "indexed"),
                "collection": "some",
                "point_ids": (UUID(int=7),),
            }
        )

    return make


Event = Callable[[IssueRef, int], StoryIndexedV1]


async def test_what_was_saved_is_the_latest(stories: IndexedStories, issue: IssueRef, event: Event) -> None:
    assert await stories.latest(issue) is None
    async with stories.lock(issue) as slot:
        assert slot.latest is None
        await slot.save(event(issue, 1))
    async with stories.lock(issue) as slot:
        assert slot.latest == event(issue, 1)
        await slot.save(event(issue, 2))
    assert await stories.latest(issue) == event(issue, 2)


async def test_a_failure_inside_the_lock_saves_nothing(
    stories: IndexedStories, issue: IssueRef, event: Event
) -> None:
    async def fail() -> None:
        async with stories.lock(issue) as slot:
            await slot.save(event(issue, 1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await stories.latest(issue) is None


async def test_one_at_a_time_holds_a_story(stories: IndexedStories, issue: IssueRef, event: Event) -> None:
    inside = 0

    async def once(revision: int) -> None:
        nonlocal inside
        async with stories.lock(issue) as slot:
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.02)
            await slot.save(event(issue, revision))
            inside -= 1

    await asyncio.gather(*(once(revision) for revision in range(1, 5)))


async def test_stories_do_not_wait_for_each_other(stories: IndexedStories, issue: IssueRef) -> None:
    async with stories.lock(issue), asyncio.timeout(3), stories.lock(replace(issue, issue_id="10002")):
        pass


async def test_equal_issue_ids_of_two_sites_are_two_stories(
    stories: IndexedStories, issue: IssueRef, event: Event
) -> None:
    async with stories.lock(issue) as slot:
        await slot.save(event(issue, 1))
    assert await stories.latest(replace(issue, connection_id=uuid4())) is None
    assert await stories.latest(replace(issue, org_id=uuid4())) is None


@pytest.mark.connected
async def test_another_organisation_sees_no_row_even_when_it_asks_for_all(
    postgres_database: str, issue: IssueRef, event: Event
) -> None:
    database = await embedder_database(postgres_database)
    async with IndexedStoriesRepository(database, max_locks=1).lock(issue) as slot:
        await slot.save(event(issue, 1))
    for org_id in (uuid4(), None):
        async with database.transaction(org_id) as connection:
            assert await connection.scalar(text("SELECT count(*) FROM indexed_stories")) == 0
    await database.close()


@pytest.mark.connected
async def test_the_tables_are_those_that_the_migration_makes(postgres_database: str) -> None:
    from casewright_embedder.adapters.tables import metadata  # noqa: PLC0415

    database = await embedder_database(postgres_database)
    async with database.transaction(None) as connection:
        rows = await connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema='embedder'"
            )
        )
        made = {(row[0], row[1]) for row in rows if row[0] != "alembic_version"}
    await database.close()
    assert made == {
        (table.name, column.name) for table in metadata.tables.values() for column in table.columns
    }


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.connected)])
async def texts(request: pytest.FixtureRequest) -> AsyncIterator[IndexedTexts]:
    if request.param == "memory":
        yield IndexedTextsInMemory()
        return
    database = await embedder_database(request.getfixturevalue("postgres_database"))
    yield IndexedTextsRepository(database, max_locks=3)
    await database.close()


async def test_what_was_done_about_a_text_is_remembered(texts: IndexedTexts, issue: IssueRef) -> None:
    source, other = case_source(issue, uuid4()), document_source(issue.org_id, uuid4())
    assert await texts.latest(source) == IndexedText()
    async with texts.lock(source) as slot:
        assert slot.latest == IndexedText()
        await slot.save(IndexedText(2, "some"))
    async with texts.lock(source) as slot:
        assert slot.latest == IndexedText(2, "some")
    assert await texts.latest(source) == IndexedText(2, "some")
    assert await texts.latest(other) == IndexedText()


async def test_a_failure_inside_the_lock_of_a_text_saves_nothing(
    texts: IndexedTexts, issue: IssueRef
) -> None:
    source = case_source(issue, uuid4())

    async def fail() -> None:
        async with texts.lock(source) as slot:
            await slot.save(IndexedText(1, "some"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await texts.latest(source) == IndexedText()


async def test_one_at_a_time_holds_a_text(texts: IndexedTexts, issue: IssueRef) -> None:
    source = case_source(issue, uuid4())
    inside = 0

    async def once(revision: int) -> None:
        nonlocal inside
        async with texts.lock(source) as slot:
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.02)
            await slot.save(IndexedText(revision, "some"))
            inside -= 1

    await asyncio.gather(*(once(revision) for revision in range(1, 5)))
