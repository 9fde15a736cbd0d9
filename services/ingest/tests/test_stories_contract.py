"""What every `Stories` promises: over the twin in memory, and over PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from casewright_common.events import IssueReceivedV1, StoryChangedV1
from casewright_common.postgres import Database
from casewright_ingest.adapters.stories_repository import StoriesRepository
from casewright_ingest.adapters.tables import metadata
from casewright_ingest.domain.revisions import Home, Outcome, StoryState, next_revision, state_after
from casewright_ingest.domain.stories import story_of
from casewright_ingest.service import IssueRef, Stories
from casewright_ingest.testing import StoriesInMemory
from casewright_standalone.testing import ServiceDatabase

Received = Callable[..., IssueReceivedV1]


@pytest.fixture(scope="module")
def ingest_database(service_database: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return service_database("ingest")


@pytest.fixture
async def database(ingest_database: ServiceDatabase) -> AsyncIterator[Database]:
    database = Database(ingest_database.settings("ingest"), service="ingest")
    yield database
    await database.close()


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.connected)])
def stories(request: pytest.FixtureRequest) -> Stories:
    if request.param == "memory":
        return StoriesInMemory()
    return StoriesRepository(request.getfixturevalue("database"))


@pytest.fixture
def issue() -> IssueRef:
    return IssueRef(uuid4(), uuid4(), "10001")


@pytest.fixture
def state(received: Received) -> Callable[[IssueRef, str], StoryState]:
    def make(issue: IssueRef, title: str) -> StoryState:
        event = received(org_id=issue.org_id, connection_id=issue.connection_id, summary=title)
        story = story_of(event, criteria_field=None)
        changed = next_revision(None, event, Outcome.CREATED, story, Home(uuid4(), "SHOP"))
        assert isinstance(changed, StoryChangedV1)
        return state_after(None, changed, changed.updated_at)

    return make


State = Callable[[IssueRef, str], StoryState]


async def test_what_was_saved_is_known(stories: Stories, issue: IssueRef, state: State) -> None:
    first, second = state(issue, "First"), state(issue, "Sécond 📝")
    async with stories.lock(issue) as slot:
        assert slot.state is None
        await slot.save(first)
    async with stories.lock(issue) as slot:
        assert slot.state == first
        await slot.save(second)
    async with stories.lock(issue) as slot:
        assert slot.state == second
        assert slot.state is not None
        assert slot.state.event.model_dump_json() == second.event.model_dump_json()


async def test_an_issue_that_is_no_story_leaves_no_trace(stories: Stories, issue: IssueRef) -> None:
    for _ in range(2):
        async with stories.lock(issue) as slot:
            assert slot.state is None


async def test_a_failure_inside_the_lock_saves_nothing(
    stories: Stories, issue: IssueRef, state: State
) -> None:
    async def fail() -> None:
        async with stories.lock(issue) as slot:
            await slot.save(state(issue, "First"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with stories.lock(issue) as slot:
        assert slot.state is None


async def test_one_at_a_time_holds_a_story(stories: Stories, issue: IssueRef, state: State) -> None:
    inside = 0

    async def once(number: int) -> None:
        nonlocal inside
        async with stories.lock(issue) as slot:
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.02)
            if number % 2:
                await slot.save(state(issue, str(number)))
            inside -= 1

    await asyncio.gather(*map(once, range(5)))


async def test_equal_issue_ids_of_two_sites_or_organisations_are_two_stories(
    stories: Stories, issue: IssueRef, state: State
) -> None:
    async with stories.lock(issue) as slot:
        await slot.save(state(issue, "First"))
    for other in (replace(issue, connection_id=uuid4()), replace(issue, org_id=uuid4())):
        async with stories.lock(other) as slot:
            assert slot.state is None


@pytest.mark.connected
async def test_another_organisation_sees_no_row_even_when_it_asks_for_all(
    database: Database, issue: IssueRef, state: State
) -> None:
    async with StoriesRepository(database).lock(issue) as slot:
        await slot.save(state(issue, "First"))
    for org_id in (uuid4(), None):
        async with database.transaction(org_id) as connection:
            assert await connection.scalar(text("SELECT count(*) FROM stories")) == 0
    async with database.transaction(issue.org_id) as connection:
        assert await connection.scalar(text("SELECT count(*) FROM stories")) == 1


@pytest.mark.connected
async def test_the_tables_are_those_that_the_migration_makes(database: Database) -> None:
    async with database.transaction(None) as connection:
        rows = await connection.execute(
            text("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema='ingest'")
        )
        made = {(row[0], row[1]) for row in rows if row[0] != "alembic_version"}
    assert made == {
        (table.name, column.name) for table in metadata.tables.values() for column in table.columns
    }
