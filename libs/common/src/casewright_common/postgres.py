"""PostgreSQL: one engine per service, one role and schema each, tenants apart by row-level security."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from casewright_common.settings import PostgresSettings


class Database:
    """A service's connections to its own schema (`search_path` is set to it).

    Args:
        settings: Address and bounds.
        service: Name of the service: application name of its connections, and its schema (with `_` for `-`).
    """

    def __init__(self, settings: PostgresSettings, *, service: str) -> None:
        raise NotImplementedError

    @asynccontextmanager
    async def transaction(self, org_id: UUID | None) -> AsyncIterator[AsyncConnection]:
        """One transaction that sees the rows of one organisation; commits unless the block raises.

        Args:
            org_id: The tenant (`SET LOCAL casewright.org_id`); `None` sees no tenant row at all, and is
                for tables without tenants.

        Raises:
            UpstreamUnavailableError: PostgreSQL can't be reached, is starting up or out of connections, or
                the transaction lost a deadlock.
        """
        raise NotImplementedError
        yield

    async def ping(self) -> None:
        """Raise `UpstreamUnavailableError` unless PostgreSQL answers."""
        raise NotImplementedError

    async def close(self) -> None:
        """Give up all connections."""
        raise NotImplementedError


async def prepare(admin_url: str, passwords: dict[str, str]) -> None:
    """Create or update role and schema of each service, the vault's schema, and all grants; idempotent.

    Args:
        admin_url: `postgresql://…` of a role that may create roles.
        passwords: Password of each service's role, by the service's name.
    """
    raise NotImplementedError


def migrate(admin_url: str, service: str, package: str) -> None:
    """Bring a service's schema to the newest revision of `package`'s `migrations/` folder.

    Runs as the owner, who may see all rows; holds an advisory lock, so that replicas that start together
    migrate once.
    """
    raise NotImplementedError
