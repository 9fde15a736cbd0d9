"""How an organisation asks models, in PostgreSQL: accounts and prompts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.events import ConnectionStatus
from casewright_gateway.adapters.tables import accounts, cases, prompts, reviews
from casewright_gateway.domain.records import Account, AccountSettings, Prompts, PromptSettings

_ORGANISATION = ""
"""`user_id` of the organisation's own account."""


class PostgresModelConfigurationUnit:
    """`ModelConfigurationUnit` over one open transaction."""

    def __init__(self, connection: AsyncConnection, org_id: UUID) -> None:
        self._connection = connection
        self._org_id = org_id

    async def account(self, user_id: str | None) -> Account | None:
        """See `ModelConfigurationUnit`."""
        query = self._accounts().where(accounts.c.user_id == (user_id or _ORGANISATION))
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _account(row)

    async def accounts(self) -> Sequence[Account]:
        """See `ModelConfigurationUnit`."""
        rows = await self._connection.execute(self._accounts().order_by(accounts.c.user_id))
        return [_account(row) for row in rows.all()]

    async def save_account(self, account: Account) -> None:
        """See `ModelConfigurationUnit`."""
        values = {
            "settings": account.settings.model_dump(mode="json"),
            "status": account.status.value,
            "revision": account.revision,
            "updated_at": account.updated_at,
        }
        await self._connection.execute(
            insert(accounts)
            .values(
                org_id=self._org_id,
                user_id=account.user_id or _ORGANISATION,
                created_at=account.created_at,
                **values,
            )
            .on_conflict_do_update(index_elements=[accounts.c.org_id, accounts.c.user_id], set_=values)
        )

    async def prompts(self) -> Prompts | None:
        """See `ModelConfigurationUnit`."""
        query = select(prompts).where(prompts.c.org_id == self._org_id).with_for_update()
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return None
        return Prompts(
            org_id=row.org_id,
            settings=PromptSettings.model_validate(row.settings),
            revision=row.revision,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    async def save_prompts(self, own: Prompts) -> None:
        """See `ModelConfigurationUnit`."""
        values = {
            "settings": own.settings.model_dump(mode="json"),
            "revision": own.revision,
            "updated_at": own.updated_at,
        }
        await self._connection.execute(
            insert(prompts)
            .values(org_id=self._org_id, created_at=own.created_at, **values)
            .on_conflict_do_update(index_elements=[prompts.c.org_id], set_=values)
        )

    async def prompt_is_used(self, version: str) -> bool:
        """See `ModelConfigurationUnit`."""
        found = [
            exists().where(table.c.org_id == self._org_id, table.c.prompt_version == version)
            for table in (cases, reviews)
        ]
        return bool((await self._connection.execute(select(or_(*found)))).scalar())

    def _accounts(self) -> Select[Any]:
        return select(accounts).where(accounts.c.org_id == self._org_id).with_for_update()


def _account(row: Row[Any]) -> Account:
    return Account(
        org_id=row.org_id,
        user_id=row.user_id or None,
        settings=AccountSettings.model_validate(row.settings),
        status=ConnectionStatus(row.status),
        revision=row.revision,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
