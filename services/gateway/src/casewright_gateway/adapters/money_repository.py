"""Prices of models, and budgets, in PostgreSQL."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Float, Row, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.events import Budget, BudgetExhaustedV1, ConnectionStatus, ModelCataloguedV1
from casewright_common.postgres import Database
from casewright_gateway.adapters.paging import fetch_page
from casewright_gateway.adapters.storable import storable
from casewright_gateway.adapters.story_repository import known_organisation
from casewright_gateway.adapters.tables import accounts, exhausted_budgets, models, projects, runs
from casewright_gateway.domain.periods import began
from casewright_gateway.domain.records import BudgetState, Model, Page

_MOST_CONTEXT = 2**31 - 1


class PostgresMoney:
    """`MoneyStore` in the gateway's schema."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_model(self, event: ModelCataloguedV1) -> None:
        """See `MoneyStore`."""
        context = event.context_tokens
        values = {
            "provider": storable(event.provider),
            "input_usd_per_million_tokens": event.input_usd_per_million_tokens,
            "output_usd_per_million_tokens": event.output_usd_per_million_tokens,
            "context_tokens": None if context is None else max(0, min(context, _MOST_CONTEXT)),
            "told_at": event.occurred_at,
        }
        async with self._database.transaction(None) as connection:
            await connection.execute(
                insert(models)
                .values(model=storable(event.model), **values)
                .on_conflict_do_update(
                    index_elements=[models.c.model], set_=values, where=models.c.told_at < event.occurred_at
                )
            )

    async def save_exhausted(self, event: BudgetExhaustedV1) -> None:
        """See `MoneyStore`."""
        owner = {"user": event.user_id or "", "project": str(event.project_id)}.get(event.scope, "")
        values = {
            "limit_usd": event.limit_usd,
            "spent_usd": event.spent_usd,
            "resets_at": event.resets_at,
            "told_at": event.occurred_at,
        }
        table = exhausted_budgets.c
        async with self._database.transaction(event.org_id) as connection:
            await connection.execute(
                insert(exhausted_budgets)
                .values(org_id=event.org_id, scope=event.scope, owner=storable(owner), **values)
                .on_conflict_do_update(
                    index_elements=[table.org_id, table.scope, table.owner],
                    set_=values,
                    where=table.told_at < event.occurred_at,
                )
            )

    async def models(
        self, org_id: UUID, *, limit: int, cursor: str | None, provider: str | None, text: str | None
    ) -> Page[Model]:
        """See `MoneyStore`."""
        query = select(models)
        if provider is not None:
            query = query.where(models.c.provider == provider)
        if text is not None:
            query = query.where(models.c.model.icontains(text, autoescape=True))
        async with self._database.transaction(org_id) as connection:
            await known_organisation(connection, org_id)
            return await fetch_page(
                connection, query, key=((models.c.model, str),), limit=limit, cursor=cursor, build=_model
            )

    async def model(self, name: str) -> Model | None:
        """See `MoneyStore`."""
        async with self._database.transaction(None) as connection:
            for fits in (models.c.model == name, models.c.model.endswith(f"/{name}", autoescape=True)):
                query = select(models).where(fits).order_by(models.c.model).limit(1)
                row = (await connection.execute(query)).one_or_none()
                if row is not None:
                    return _model(row)
        return None

    async def budgets(self, org_id: UUID, *, at: datetime) -> Sequence[BudgetState]:
        """See `MoneyStore`."""
        async with self._database.transaction(org_id) as connection:
            await known_organisation(connection, org_id)
            found = await _configured(connection, org_id)
            rows = await connection.execute(
                select(exhausted_budgets).where(
                    exhausted_budgets.c.org_id == org_id, exhausted_budgets.c.resets_at > at
                )
            )
            reached = {(row.scope, row.owner): row for row in rows.all()}
            spent = {
                period: await _spent(connection, org_id, since=began(period, at))
                for period in {budget.period for _, _, budget in found}
            }
        return [
            _state(
                scope,
                owner,
                budget,
                spent[budget.period].get((scope, owner), 0.0),
                reached.get((scope, owner)),
            )
            for scope, owner, budget in found
        ]


async def _configured(connection: AsyncConnection, org_id: UUID) -> list[tuple[str, str, Budget]]:
    active = ConnectionStatus.ACTIVE.value
    of_accounts = await connection.execute(
        select(accounts.c.user_id, accounts.c.settings["budget"].label("budget"))
        .where(accounts.c.org_id == org_id, accounts.c.status == active)
        .order_by(accounts.c.user_id)
    )
    of_projects = await connection.execute(
        select(projects.c.id, projects.c.settings["budget"].label("budget"))
        .where(projects.c.org_id == org_id, projects.c.status == active)
        .order_by(projects.c.created_at, projects.c.id)
    )
    owned = [("user" if row.user_id else "organisation", row.user_id, row.budget) for row in of_accounts]
    named = [("project", str(row.id), row.budget) for row in of_projects]
    own = [each for each in owned if each[0] == "organisation"]
    return [
        (scope, owner, Budget.model_validate(budget))
        for scope, owner, budget in (*own, *named, *owned[len(own) :])
        if budget is not None
    ]


async def _spent(
    connection: AsyncConnection, org_id: UUID, *, since: datetime
) -> dict[tuple[str, str], float]:
    """What runs that ended since then cost, by scope and owner."""
    # Of a change in Jira nobody is asked: it counts for who agreed to pay for the project's.
    user = func.coalesce(runs.c.requested_by, projects.c.settings["engine"]["payer_user_id"].astext)
    cost = func.sum(func.coalesce(runs.c.engine["cost_usd"].astext.cast(Float), 0.0)).label("usd")
    found = await connection.execute(
        select(runs.c.project_id, user.label("user_id"), cost)
        .outerjoin(projects, projects.c.id == runs.c.project_id)
        .where(runs.c.org_id == org_id, runs.c.finished_at >= since)
        .group_by(runs.c.project_id, "user_id")
    )
    spent: dict[tuple[str, str], float] = defaultdict(float)
    for row in found:
        spent["organisation", ""] += row.usd
        spent["project", str(row.project_id)] += row.usd
        if row.user_id is not None:
            spent["user", row.user_id] += row.usd
    return spent


def _state(scope: str, owner: str, budget: Budget, spent_usd: float, reached: Row[Any] | None) -> BudgetState:
    # A limit that was raised since is not reached any more.
    if reached is None or reached.limit_usd < budget.limit_usd:
        return BudgetState(scope=scope, owner=owner, budget=budget, spent_usd=spent_usd)
    return BudgetState(
        scope=scope,
        owner=owner,
        budget=budget,
        spent_usd=max(spent_usd, reached.spent_usd),
        exhausted_until=reached.resets_at,
    )


def _model(row: Row[Any]) -> Model:
    return Model(
        model=row.model,
        provider=row.provider,
        input_usd_per_million_tokens=row.input_usd_per_million_tokens,
        output_usd_per_million_tokens=row.output_usd_per_million_tokens,
        context_tokens=row.context_tokens,
    )
