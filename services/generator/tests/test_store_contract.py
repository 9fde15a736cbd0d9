"""What every `GenerationStore` promises: over the twin in memory, and over PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import UUID, uuid4, uuid5

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from casewright_common.events import (
    CaseDraft,
    CasesGeneratedV1,
    CaseStep,
    Coverage,
    EngineUsed,
    GenerationFailedV1,
    GenerationOutcome,
    GenerationRequestedV1,
    StoryChange,
    StoryIndexedV1,
    Technique,
)
from casewright_common.postgres import Database, migrate, prepare
from casewright_common.settings import PostgresSettings
from casewright_generator.adapters import spending_tables
from casewright_generator.adapters.generations_repository import GenerationsRepository
from casewright_generator.errors import ClaimLostError
from casewright_generator.service import (
    Build,
    Busy,
    Cause,
    Claimed,
    Done,
    GenerationStore,
    Past,
    Result,
    Superseded,
    UnknownStory,
)
from casewright_generator.testing import GenerationsInMemory

LEASE_S = {"memory": 0.4, "postgres": 1.5}
"""As short as a busy machine allows: in memory nothing takes long."""
Indexed = Callable[..., StoryIndexedV1]
Requested = Callable[..., GenerationRequestedV1]


async def generator_database(admin_url: str) -> Database:
    await prepare(admin_url, {"generator": "of-generator"})
    await migrate(admin_url, "generator", "casewright_generator")
    address = admin_url.split("@", 1)[1]
    url = SecretStr(f"postgresql://casewright_generator:of-generator@{address}")
    return Database(PostgresSettings(url=url), service="generator")


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.connected)])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[GenerationStore]:
    lease_s = LEASE_S[request.param]
    if request.param == "memory":
        yield GenerationsInMemory(lease_s=lease_s)
        return
    database = await generator_database(request.getfixturevalue("postgres_database"))
    yield GenerationsRepository(database, lease_s=lease_s)
    await database.close()


@pytest.fixture
def org() -> UUID:
    return uuid4()


async def claimed(store: GenerationStore, cause: Cause) -> Claimed:
    opened = await store.open(cause)
    assert isinstance(opened, Claimed)
    return opened


def result(claim: Claimed, *titles: str, shelf: tuple[str, ...] = ()) -> Build:
    story = claim.story

    def build(generation: int, past: Past) -> Result:
        del past
        event = CasesGeneratedV1(
            event_id=CasesGeneratedV1.derive_id(claim.cause.event_id),
            caused_by=claim.cause.event_id,
            occurred_at=story.occurred_at,
            org_id=story.org_id,
            connection_id=story.connection_id,
            issue_id=story.issue_id,
            issue_key=story.issue_key,
            project_id=story.project_id,
            project_key=story.project_key,
            revision=story.revision,
            generation=generation,
            outcome=GenerationOutcome.CASES,
            story_title=story.story.title,
            criteria=story.story.criteria,
            cases=tuple(
                CaseDraft(
                    case_id=uuid5(story.org_id, title),
                    title=title,
                    technique=Technique.USE_CASE,
                    condition=title,
                    criteria=("AC-1",),
                    steps=(CaseStep(action="Do it.", criteria=("AC-1",)),),
                )
                for title in titles
            ),
            engine=EngineUsed(kind="designer"),
            coverage=Coverage(conditions=1, covered=1, criteria=1),
        )
        return Result(event, shelf=frozenset(uuid5(story.org_id, title) for title in shelf))

    return build


async def test_a_story_is_claimed_by_one_at_a_time(
    store: GenerationStore, indexed: Indexed, requested: Requested, org: UUID
) -> None:
    claim = await claimed(store, indexed(org_id=org))
    assert claim.story == indexed(org_id=org)
    assert isinstance(await store.open(indexed(org_id=org)), Busy)
    assert isinstance(await store.open(requested(org_id=org)), Busy)
    await claimed(store, indexed(org_id=org, issue_id="10002"))
    await claimed(store, indexed(org_id=org, connection_id=uuid4()))


async def test_of_many_at_once_one_gets_the_claim(
    store: GenerationStore, indexed: Indexed, org: UUID
) -> None:
    opened = await asyncio.gather(*(store.open(indexed(org_id=org)) for _ in range(8)))
    assert sum(isinstance(one, Claimed) for one in opened) == 1


async def test_what_was_completed_is_returned_to_every_later_delivery(
    store: GenerationStore, indexed: Indexed, org: UUID
) -> None:
    claim = await claimed(store, indexed(org_id=org))
    stored = await store.complete(claim, result(claim, "one", "two"))
    assert await store.open(indexed(org_id=org)) == Done(stored.events)


async def test_a_completed_story_is_free_again_and_its_generations_count_on(
    store: GenerationStore, indexed: Indexed, requested: Requested, org: UUID
) -> None:
    numbers = []
    for cause in (indexed(org_id=org), requested(org_id=org), indexed(org_id=org, revision=2)):
        claim = await claimed(store, cause)
        event = (await store.complete(claim, result(claim, "one"))).outcome
        assert isinstance(event, CasesGeneratedV1)
        numbers.append(event.generation)
    assert numbers == [1, 2, 3]


async def test_deliveries_that_come_while_a_result_is_stored_get_in_nobodys_way(
    store: GenerationStore, indexed: Indexed, org: UUID
) -> None:
    for revision in range(1, 11):
        cause = indexed(org_id=org, revision=revision)
        claim = await claimed(store, cause)
        stored, *opened = await asyncio.gather(
            store.complete(claim, result(claim, "one")), *(store.open(cause) for _ in range(6))
        )
        assert isinstance(stored, Result)
        assert isinstance(stored.outcome, CasesGeneratedV1)
        assert stored.outcome.generation == revision
        assert all(isinstance(one, Busy) or one == Done(stored.events) for one in opened)


async def test_a_released_story_is_free_at_once(store: GenerationStore, indexed: Indexed, org: UUID) -> None:
    claim = await claimed(store, indexed(org_id=org))
    await store.release(claim)
    await claimed(store, indexed(org_id=org))
    await store.release(claim)  # not ours any more: nothing happens
    assert isinstance(await store.open(indexed(org_id=org)), Busy)


@pytest.fixture
def lease_s(request: pytest.FixtureRequest) -> float:
    """Of the store that the test gets."""
    return LEASE_S[request.node.callspec.params["store"]]


async def test_a_claim_runs_out_unless_it_is_renewed(
    store: GenerationStore, indexed: Indexed, org: UUID, lease_s: float
) -> None:
    claim = await claimed(store, indexed(org_id=org))
    await asyncio.sleep(lease_s * 0.7)
    await store.renew(claim)
    await asyncio.sleep(lease_s * 0.7)
    assert isinstance(await store.open(indexed(org_id=org)), Busy)
    await asyncio.sleep(lease_s)
    await claimed(store, indexed(org_id=org))


async def test_who_lost_the_claim_stores_nothing(
    store: GenerationStore, indexed: Indexed, org: UUID, lease_s: float
) -> None:
    slow = await claimed(store, indexed(org_id=org))
    await asyncio.sleep(lease_s * 1.2)
    quick = await claimed(store, indexed(org_id=org))
    with pytest.raises(ClaimLostError):
        await store.complete(slow, result(slow, "slow"))
    with pytest.raises(ClaimLostError):
        await store.renew(slow)
    stored = await store.complete(quick, result(quick, "quick"))
    assert await store.open(indexed(org_id=org)) == Done(stored.events)


async def test_an_older_revision_is_superseded_but_what_it_led_to_is_not_forgotten(
    store: GenerationStore, indexed: Indexed, org: UUID
) -> None:
    claim = await claimed(store, indexed(org_id=org))
    stored = await store.complete(claim, result(claim, "one"))
    await store.release(await claimed(store, indexed(org_id=org, revision=3)))
    assert isinstance(await store.open(indexed(org_id=org, revision=2)), Superseded)
    assert await store.open(indexed(org_id=org)) == Done(stored.events)


async def test_a_request_sees_the_latest_revision(
    store: GenerationStore, indexed: Indexed, requested: Requested, org: UUID
) -> None:
    assert isinstance(await store.open(requested(org_id=org)), UnknownStory)
    await store.release(await claimed(store, indexed(org_id=org)))
    newest = indexed(org_id=org, revision=4, change=StoryChange.REMOVED)
    await store.release(await claimed(store, newest))
    assert (await claimed(store, requested(org_id=org))).story == newest


async def test_a_failure_for_want_of_a_story_stands(
    store: GenerationStore, requested: Requested, org: UUID
) -> None:
    request = requested(org_id=org, event_id=uuid4())
    failure = GenerationFailedV1(
        event_id=uuid4(),
        caused_by=request.event_id,
        occurred_at=request.occurred_at,
        org_id=org,
        connection_id=request.connection_id,
        issue_id=request.issue_id,
        issue_key=request.issue_key,
        project_id=request.project_id,
        code="story_unknown",
        detail="Nothing is known of it.",
    )
    assert await store.fail(failure) == failure
    assert await store.fail(failure.model_copy(update={"detail": "Again."})) == failure
    assert await store.open(request) == Done((failure,))


@pytest.mark.connected
async def test_the_latest_cases_replace_the_ones_before(
    postgres_database: str, indexed: Indexed, org: UUID
) -> None:
    database = await generator_database(postgres_database)
    store = GenerationsRepository(database, lease_s=LEASE_S["postgres"])
    for revision, titles in ((1, ("one", "two")), (2, ("two", "three", "four"))):
        claim = await claimed(store, indexed(org_id=org, revision=revision))
        await store.complete(claim, result(claim, *titles))
    async with database.transaction(org) as connection:
        rows = await connection.execute(text("SELECT draft->>'title', generation FROM cases ORDER BY 1"))
        assert [tuple(row) for row in rows] == [("four", 2), ("three", 2), ("two", 2)]
    await database.close()


@pytest.mark.connected
async def test_another_organisation_sees_nothing_even_when_it_asks_for_all(
    postgres_database: str, indexed: Indexed, org: UUID
) -> None:
    database = await generator_database(postgres_database)
    store = GenerationsRepository(database, lease_s=LEASE_S["postgres"])
    claim = await claimed(store, indexed(org_id=org))
    await store.complete(claim, result(claim, "one"))
    await claimed(store, indexed(org_id=org, revision=2))
    async with database.transaction(org) as connection:
        assert await connection.scalar(text("SELECT count(*) FROM stories")) == 1
    for other in (uuid4(), None):
        async with database.transaction(other) as connection:
            for table in ("stories", "claims", "generations", "cases", "reviews", "model_calls"):
                assert await connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0  # noqa: S608  # our own names
    await database.close()


@pytest.mark.connected
async def test_the_tables_are_those_that_the_migration_makes(postgres_database: str) -> None:
    database = await generator_database(postgres_database)
    async with database.transaction(None) as connection:
        rows = await connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'generator'"
            )
        )
        made = {(row[0], row[1]) for row in rows if row[0] != "alembic_version"}
    await database.close()
    assert made == {
        (table.name, column.name)
        for table in spending_tables.metadata.tables.values()
        for column in table.columns
    }
