"""What every `CallLedger` promises: over the twin in memory, and over PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from casewright_common.events import Budget
from casewright_common.postgres import Database, migrate, prepare
from casewright_common.settings import PostgresSettings
from casewright_generator.adapters.budgets import BudgetExceededError, Charge, Limit, period_of, resets_at
from casewright_generator.adapters.calling import Call, CallLedger
from casewright_generator.adapters.llm import Answer
from casewright_generator.adapters.model_calls_repository import ModelCallsRepository
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


LIMIT_USD = 1.0
AT = datetime(2026, 11, 15, 12, tzinfo=UTC)


def charge(estimate_usd: float, *limits: Limit) -> Charge:
    budget = Budget(limit_usd=LIMIT_USD)
    return Charge(estimate_usd, limits or (Limit("organisation", "", budget), Limit("project", "p")), AT)


async def test_who_answered_at_whose_expense_is_kept(ledger: CallLedger, org: UUID) -> None:
    cause = uuid4()
    await ledger.begin(org, cause, number=1, purpose="write", model="openai/some", payer="user")
    answer = Answer("text", 1, 2, 0.5, model="openai/some", payer="user")
    await ledger.finish(org, cause, number=1, answer=answer)
    assert (await ledger.calls(org, cause))[0].answer == answer


async def test_an_answer_out_of_the_cache_is_noted_as_such(ledger: CallLedger, org: UUID) -> None:
    cause = uuid4()
    answer = Answer("text", 1, 2, 0.5, model="openai/some", payer="user", cached=True)
    await ledger.note(org, cause, number=1, purpose="write", answer=answer)
    (call,) = await ledger.calls(org, cause)
    assert (call.answer, call.cached) == (answer, True)
    with pytest.raises(ClaimLostError):
        await ledger.note(org, cause, number=1, purpose="write", answer=answer)


async def test_what_does_not_fit_a_budget_is_not_begun(ledger: CallLedger, org: UUID) -> None:
    cause = uuid4()
    await ledger.begin(org, cause, number=1, purpose="write", charge=charge(0.6))
    with pytest.raises(BudgetExceededError) as exceeded:
        await ledger.begin(org, cause, number=2, purpose="write", charge=charge(0.5))
    assert exceeded.value.limit.scope == "organisation"
    assert exceeded.value.spent_usd == pytest.approx(1.1)
    assert [call.number for call in await ledger.calls(org, cause)] == [1]
    await ledger.begin(uuid4(), uuid4(), number=1, purpose="write", charge=charge(0.5))


async def test_what_was_kept_free_is_settled_at_what_it_cost(ledger: CallLedger, org: UUID) -> None:
    cause = uuid4()
    await ledger.begin(org, cause, number=1, purpose="write", charge=charge(0.9))
    await ledger.finish(org, cause, number=1, answer=Answer("", 1, 1, 0.2), charge=charge(0.9))
    await ledger.begin(org, cause, number=2, purpose="write", charge=charge(0.8))
    await ledger.fail(org, cause, number=2, failure="transient", charge=charge(0.8))
    await ledger.begin(org, cause, number=3, purpose="write", charge=charge(0.8))
    await ledger.fail(org, cause, number=3, failure="model_timed_out", charge=charge(0.8), paid=True)
    with pytest.raises(BudgetExceededError) as exceeded:
        await ledger.begin(org, cause, number=4, purpose="write", charge=charge(0.1))
    assert exceeded.value.spent_usd == pytest.approx(1.1)


async def test_generations_at_the_same_time_do_not_overshoot_a_budget(ledger: CallLedger, org: UUID) -> None:
    async def one() -> bool:
        try:
            await ledger.begin(org, uuid4(), number=1, purpose="write", charge=charge(0.15))
        except BudgetExceededError:
            return False
        return True

    assert sum(await asyncio.gather(*(one() for _ in range(20)))) == 6


async def test_begin_and_finish_of_many_never_wait_for_each_other_for_ever(
    ledger: CallLedger, org: UUID
) -> None:
    limits = (Limit("user", "u"), Limit("organisation", ""), Limit("project", "p"))

    async def one() -> None:
        cause = uuid4()
        await ledger.begin(org, cause, number=1, purpose="write", charge=charge(0.1, *limits))
        answer = Answer("", 1, 1, 0.1)
        await ledger.finish(org, cause, number=1, answer=answer, charge=charge(0.1, *reversed(limits)))

    async with asyncio.timeout(20):
        await asyncio.gather(*(one() for _ in range(30)))


async def test_a_new_period_begins_with_nothing_spent(ledger: CallLedger, org: UUID) -> None:
    daily = Limit("user", "u", Budget(limit_usd=LIMIT_USD, period="day"))
    await ledger.begin(org, uuid4(), number=1, purpose="write", charge=charge(0.9, daily))
    tomorrow = replace(charge(0.9, daily), at=AT + timedelta(days=1))
    await ledger.begin(org, uuid4(), number=1, purpose="write", charge=tomorrow)
    with pytest.raises(BudgetExceededError):
        await ledger.begin(org, uuid4(), number=1, purpose="write", charge=tomorrow)


async def test_an_exhausted_budget_is_announced_by_one_cause(ledger: CallLedger, org: UUID) -> None:
    first, second = uuid4(), uuid4()

    async def announced(cause: UUID) -> bool:
        with pytest.raises(BudgetExceededError) as exceeded:
            await ledger.begin(org, cause, number=1, purpose="write", charge=charge(2.0))
        return exceeded.value.announced

    assert not await announced(first)
    await ledger.announced(org, first, charge(2.0).limits[0], AT)
    # A redelivery says the same again; others don't.
    assert not await announced(first)
    assert await announced(second)


def test_periods_end_where_the_next_begins() -> None:
    late = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    assert (period_of("day", late), period_of("month", late)) == ("2026-12-31", "2026-12")
    assert resets_at("day", late) == resets_at("month", late) == datetime(2027, 1, 1, tzinfo=UTC)
    assert resets_at("month", AT) == datetime(2026, 12, 1, tzinfo=UTC)
