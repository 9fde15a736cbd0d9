"""What every `Ledger` promises: over the twin in memory, and over PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from casewright_common.postgres import Database
from casewright_jira_sync.adapters.ledger_repository import LedgerRepository
from casewright_jira_sync.domain.claim import Granted, Held, Settled, Superseded
from casewright_jira_sync.lease import Ledger, Placed, StoryKey
from casewright_jira_sync.testing import LedgerInMemory
from casewright_standalone.testing import ServiceDatabase

LEASE_S = 30.0
COMMENT = Placed("comment", None, "10", "", "abc", 1)
SUBTASK = Placed("subtask", uuid4(), "11", "SHOP-2", "def", 1)


@pytest.fixture(scope="module")
def prepared(request: pytest.FixtureRequest) -> Callable[[], ServiceDatabase]:
    made: list[ServiceDatabase] = []

    def once() -> ServiceDatabase:
        if not made:
            made.append(request.getfixturevalue("service_database")("jira-sync"))
        return made[0]

    return once


@pytest.fixture
async def database(prepared: Callable[[], ServiceDatabase]) -> AsyncIterator[Database]:
    database = Database(prepared().settings("jira-sync"), service="jira-sync")
    yield database
    await database.close()


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.connected)])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    if request.param == "memory":
        return LedgerInMemory()
    return LedgerRepository(request.getfixturevalue("database"))


@pytest.fixture
def story() -> StoryKey:
    return StoryKey(uuid4(), uuid4(), "10001")


async def test_a_claim_keeps_others_out_until_it_is_given_back(ledger: Ledger, story: StoryKey) -> None:
    owner = uuid4()
    assert await ledger.claim(story, 1, owner=owner, lease_s=LEASE_S) == Granted()
    held = await ledger.claim(story, 1, owner=uuid4(), lease_s=LEASE_S)
    assert isinstance(held, Held)
    assert 0 < held.left_s <= LEASE_S
    await ledger.release(story, owner=owner, suspect=False)
    assert await ledger.claim(story, 1, owner=uuid4(), lease_s=LEASE_S) == Granted()


async def test_of_claimants_at_once_one_wins(ledger: Ledger, story: StoryKey) -> None:
    decisions = await asyncio.gather(
        *(ledger.claim(story, 1, owner=uuid4(), lease_s=LEASE_S) for _ in range(5))
    )
    assert sum(isinstance(decision, Granted) for decision in decisions) == 1
    assert sum(isinstance(decision, Held) for decision in decisions) == 4


async def test_a_lease_that_ran_out_is_taken_over_and_arouses_suspicion(
    ledger: Ledger, story: StoryKey
) -> None:
    zombie, successor = uuid4(), uuid4()
    await ledger.claim(story, 1, owner=zombie, lease_s=0.0)
    taken = await ledger.claim(story, 1, owner=successor, lease_s=LEASE_S)
    assert taken == Granted(suspect=True, taken_over=True)
    assert not await ledger.renew(story, owner=zombie, lease_s=LEASE_S)
    assert not await ledger.record(story, COMMENT, owner=zombie)
    assert await ledger.settle(story, 1, "written", owner=zombie, suspect=False) is None
    await ledger.release(story, owner=zombie, suspect=False)
    assert isinstance(await ledger.claim(story, 1, owner=uuid4(), lease_s=LEASE_S), Held)
    assert await ledger.placed(story) == ()


async def test_suspicion_lasts_until_a_claim_ends_without_it(ledger: Ledger, story: StoryKey) -> None:
    await ledger.claim(story, 1, owner=uuid4(), lease_s=0.0)
    second, third = uuid4(), uuid4()
    await ledger.claim(story, 1, owner=second, lease_s=LEASE_S)
    settled = await ledger.settle(story, 1, "written", owner=second, suspect=True)
    assert settled is not None
    again = await ledger.claim(story, 1, owner=third, lease_s=LEASE_S)
    assert again == Granted(suspect=True, taken_over=False, settled=settled)
    assert await ledger.settle(story, 1, "unchanged", owner=third, suspect=False) == settled
    assert await ledger.claim(story, 1, owner=uuid4(), lease_s=LEASE_S) == settled


async def test_what_is_settled_is_told_and_what_is_older_is_superseded(
    ledger: Ledger, story: StoryKey
) -> None:
    owner = uuid4()
    await ledger.claim(story, 2, owner=owner, lease_s=LEASE_S)
    settled = await ledger.settle(story, 2, "written", owner=owner, suspect=False)
    assert isinstance(settled, Settled)
    assert settled.at.tzinfo is not None
    assert await ledger.claim(story, 2, owner=uuid4(), lease_s=LEASE_S) == settled
    assert await ledger.claim(story, 1, owner=uuid4(), lease_s=LEASE_S) == Superseded()
    assert await ledger.claim(story, 3, owner=uuid4(), lease_s=LEASE_S) == Granted()


async def test_an_unsettled_newer_claim_supersedes_too(ledger: Ledger, story: StoryKey) -> None:
    owner = uuid4()
    await ledger.claim(story, 2, owner=owner, lease_s=LEASE_S)
    await ledger.release(story, owner=owner, suspect=True)
    assert await ledger.claim(story, 1, owner=uuid4(), lease_s=LEASE_S) == Superseded()
    assert await ledger.claim(story, 2, owner=uuid4(), lease_s=LEASE_S) == Granted(suspect=True)


async def test_a_renewed_lease_holds_on(ledger: Ledger, story: StoryKey) -> None:
    owner = uuid4()
    await ledger.claim(story, 1, owner=owner, lease_s=0.0)
    assert await ledger.renew(story, owner=owner, lease_s=LEASE_S)
    assert isinstance(await ledger.claim(story, 1, owner=uuid4(), lease_s=LEASE_S), Held)


async def test_targets_are_kept_by_kind_and_case(ledger: Ledger, story: StoryKey) -> None:
    owner = uuid4()
    await ledger.claim(story, 1, owner=owner, lease_s=LEASE_S)
    newer = replace(SUBTASK, content_hash="new", generation=2, retired=True)
    for placed in (COMMENT, SUBTASK, newer):
        assert await ledger.record(story, placed, owner=owner)
    assert set(await ledger.placed(story)) == {COMMENT, newer}
    other_site = replace(story, connection_id=uuid4())
    assert await ledger.placed(other_site) == ()


@pytest.mark.connected
async def test_no_organisation_sees_another_s_claims(database: Database, story: StoryKey) -> None:
    ledger, owner = LedgerRepository(database), uuid4()
    await ledger.claim(story, 1, owner=owner, lease_s=LEASE_S)
    await ledger.record(story, COMMENT, owner=owner)
    for org_id, seen in ((story.org_id, 1), (uuid4(), 0), (None, 0)):
        async with database.transaction(org_id) as connection:
            for table in ("stories", "targets"):
                rows = await connection.execute(text(f"SELECT count(*) FROM {table}"))  # noqa: S608  # two names
                assert rows.scalar_one() == seen
