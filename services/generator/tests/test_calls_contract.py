"""What every `CallLedger` promises: over the twin in memory, and over PostgreSQL."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from casewright_common.postgres import Database, migrate, prepare
from casewright_common.settings import PostgresSettings
from casewright_generator.adapters.llm import Answer
from casewright_generator.adapters.model_calls_repository import ModelCallsRepository
from casewright_generator.adapters.model_writer import Call, CallLedger
from casewright_generator.errors import ClaimLostError
from casewright_generator.testing import CallsInMemory


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.connected)])
async def ledger(request: pytest.FixtureRequest) -> AsyncIterator[CallLedger]:
    if request.param == "memory":
        yield CallsInMemory()
        return
    admin_url: str = request.getfixturevalue("postgres_database")
    await prepare(admin_url, {"generator": "of-generator"})
    await migrate(admin_url, "generator", "casewright_generator")
    address = admin_url.split("@", 1)[1]
    url = SecretStr(f"postgresql://casewright_generator:of-generator@{address}")
    database = Database(PostgresSettings(url=url), service="generator")
    yield ModelCallsRepository(database)
    await database.close()


@pytest.fixture
def org() -> UUID:
    return uuid4()


async def test_calls_are_kept_in_order_with_and_without_an_answer(ledger: CallLedger, org: UUID) -> None:
    cause = uuid4()
    assert await ledger.calls(org, cause) == ()
    await ledger.begin(org, cause, number=1, purpose="write")
    await ledger.begin(org, cause, number=2, purpose="repair")
    answer = Answer("text", 10, 5, 0.25)
    await ledger.finish(org, cause, number=2, answer=answer)
    assert await ledger.calls(org, cause) == (Call(1, "write", None), Call(2, "repair", answer))
    assert await ledger.calls(org, uuid4()) == ()


async def test_a_number_is_used_once(ledger: CallLedger, org: UUID) -> None:
    cause = uuid4()
    await ledger.begin(org, cause, number=1, purpose="write")
    with pytest.raises(ClaimLostError):
        await ledger.begin(org, cause, number=1, purpose="write")


async def test_an_unknown_price_stays_unknown(ledger: CallLedger, org: UUID) -> None:
    cause = uuid4()
    await ledger.begin(org, cause, number=1, purpose="write")
    await ledger.finish(org, cause, number=1, answer=Answer("", 0, 0, None))
    (call,) = await ledger.calls(org, cause)
    assert call.answer == Answer("", 0, 0, None)
