"""Calls of models and what they cost, in PostgreSQL."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Update, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.postgres import Database
from casewright_generator.adapters.accounts import Payer
from casewright_generator.adapters.budgets import PERIODS, BudgetExceededError, Charge, Limit, period_of
from casewright_generator.adapters.calling import Call
from casewright_generator.adapters.llm import Answer
from casewright_generator.adapters.spending_tables import spending
from casewright_generator.adapters.tables import model_calls
from casewright_generator.errors import ClaimLostError

_ROUNDING_USD = 1e-9


class ModelCallsRepository:
    """`CallLedger` over the tables of calls and of spending."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def calls(self, org_id: UUID, cause_id: UUID) -> tuple[Call, ...]:
        """See `CallLedger.calls`."""
        async with self._database.transaction(org_id) as connection:
            rows = await connection.execute(
                select(model_calls)
                .where(model_calls.c.org_id == org_id, model_calls.c.cause_id == cause_id)
                .order_by(model_calls.c.number)
            )
        return tuple(
            Call(
                number=row.number,
                purpose=row.purpose,
                answer=None
                if row.answer is None
                else Answer(
                    row.answer,
                    row.input_tokens,
                    row.output_tokens,
                    row.cost_usd,
                    model=row.model,
                    payer=row.payer,
                    cached=row.cached,
                ),
            )
            for row in rows
        )

    async def begin(
        self,
        org_id: UUID,
        cause_id: UUID,
        *,
        number: int,
        purpose: str,
        model: str | None = None,
        payer: Payer | None = None,
        charge: Charge | None = None,
    ) -> None:
        """See `CallLedger.begin`."""
        row = insert(model_calls).values(
            org_id=org_id, cause_id=cause_id, number=number, purpose=purpose, model=model, payer=payer
        )
        async with self._database.transaction(org_id) as connection:
            written = await connection.execute(row.on_conflict_do_nothing())
            if written.rowcount == 0:
                raise ClaimLostError("somebody else is asking the model for the same cause")
            if charge is not None:
                await _reserve(connection, org_id, cause_id, charge)

    async def finish(
        self, org_id: UUID, cause_id: UUID, *, number: int, answer: Answer, charge: Charge | None = None
    ) -> None:
        """See `CallLedger.finish`."""
        async with self._database.transaction(org_id) as connection:
            await connection.execute(_of(org_id, cause_id, number).values(_answered(answer)))
            if charge is not None:
                cost = charge.estimate_usd if answer.cost_usd is None else answer.cost_usd
                await _settle(connection, org_id, charge, cost)

    async def fail(
        self,
        org_id: UUID,
        cause_id: UUID,
        *,
        number: int,
        failure: str,
        charge: Charge | None = None,
        paid: bool = False,
    ) -> None:
        """See `CallLedger.fail`."""
        async with self._database.transaction(org_id) as connection:
            await connection.execute(_of(org_id, cause_id, number).values(failure=failure))
            if charge is not None:
                await _settle(connection, org_id, charge, charge.estimate_usd if paid else 0.0)

    async def note(self, org_id: UUID, cause_id: UUID, *, number: int, purpose: str, answer: Answer) -> None:
        """See `CallLedger.note`."""
        row = insert(model_calls).values(
            org_id=org_id,
            cause_id=cause_id,
            number=number,
            purpose=purpose,
            model=answer.model,
            payer=answer.payer,
            cached=True,
            **_answered(answer),
        )
        async with self._database.transaction(org_id) as connection:
            written = await connection.execute(row.on_conflict_do_nothing())
        if written.rowcount == 0:
            raise ClaimLostError("somebody else is at the same cause")

    async def announced(self, org_id: UUID, cause_id: UUID, limit: Limit, at: datetime) -> None:
        """See `CallLedger.announced`."""
        if limit.budget is None:
            return
        row = insert(spending).values(
            org_id=org_id,
            scope=limit.scope,
            owner=limit.owner,
            period=period_of(limit.budget.period, at),
            announced_usd=limit.budget.limit_usd,
            announced_by=cause_id,
        )
        async with self._database.transaction(org_id) as connection:
            await connection.execute(
                row.on_conflict_do_update(
                    index_elements=list(spending.primary_key),
                    set_={name: row.excluded[name] for name in ("announced_usd", "announced_by")},
                )
            )


def _answered(answer: Answer) -> dict[str, Any]:
    return {
        "answer": answer.text.replace("\x00", ""),
        "input_tokens": answer.input_tokens,
        "output_tokens": answer.output_tokens,
        "cost_usd": answer.cost_usd,
    }


def _of(org_id: UUID, cause_id: UUID, number: int) -> Update:
    return update(model_calls).where(
        model_calls.c.org_id == org_id, model_calls.c.cause_id == cause_id, model_calls.c.number == number
    )


def _accounts(charge: Charge) -> Iterator[tuple[str, str, str]]:
    """Scope, owner and period of each row, always in the same order, so that no two wait for each other."""
    for limit in sorted(charge.limits, key=lambda limit: (limit.scope, limit.owner)):
        for period in PERIODS:
            yield limit.scope, limit.owner, period_of(period, charge.at)


async def _reserve(connection: AsyncConnection, org_id: UUID, cause_id: UUID, charge: Charge) -> None:
    """Keep the estimate free in all rows, which holds up everybody else's reservation there until commit.

    Raises:
        BudgetExceededError: One of the budgets doesn't have it.
    """
    row = insert(spending).values(
        [
            {
                "org_id": org_id,
                "scope": scope,
                "owner": owner,
                "period": period,
                "reserved_usd": charge.estimate_usd,
            }
            for scope, owner, period in _accounts(charge)
        ]
    )
    kept = await connection.execute(
        row.on_conflict_do_update(
            index_elements=list(spending.primary_key),
            set_={"reserved_usd": spending.c.reserved_usd + row.excluded.reserved_usd},
        ).returning(spending)
    )
    rows = {(row.scope, row.owner, row.period): row for row in kept}
    for limit in charge.limits:
        if limit.budget is None:
            continue
        mine = rows[limit.scope, limit.owner, period_of(limit.budget.period, charge.at)]
        spent = mine.spent_usd + mine.reserved_usd
        if spent > limit.budget.limit_usd + _ROUNDING_USD:
            raise BudgetExceededError(
                limit,
                spent_usd=spent,
                announced=mine.announced_usd == limit.budget.limit_usd and mine.announced_by != cause_id,
            )


async def _settle(connection: AsyncConnection, org_id: UUID, charge: Charge, cost_usd: float) -> None:
    """Turn what was kept free into what it cost."""
    # Locked in order first: an UPDATE alone takes its rows in any.
    mine: ColumnElement[bool] = tuple_(spending.c.scope, spending.c.owner, spending.c.period).in_(
        list(_accounts(charge))
    )
    await connection.execute(
        select(spending.c.period)
        .where(spending.c.org_id == org_id, mine)
        .order_by(spending.c.scope, spending.c.owner, spending.c.period)
        .with_for_update()
    )
    await connection.execute(
        update(spending)
        .where(spending.c.org_id == org_id, mine)
        .values(
            reserved_usd=func.greatest(0.0, spending.c.reserved_usd - charge.estimate_usd),
            spent_usd=spending.c.spent_usd + cost_usd,
        )
    )
