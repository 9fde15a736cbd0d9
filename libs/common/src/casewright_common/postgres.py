"""PostgreSQL: one engine per service, one role and schema each, tenants apart by row-level security."""

import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.resources import as_file, files
from typing import Protocol
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from casewright_common.errors import UpstreamFailedError, UpstreamUnavailableError
from casewright_common.settings import PostgresSettings

OWNER_ROLE = "casewright_owner"
"""Owns every schema and may see every row; only migrations and key rotation act as it."""

CONNECT_TIMEOUT_S = 5.0
_RESTED_S = 2.0
_USED_AT = "casewright_used_at"
_POOL_TIMEOUT_S = 30.0  # queueing for a connection is back-pressure, not an outage
_MIGRATION_LOCK = 0x_CA5E_0001
_ORG_SETTING = "casewright.org_id"
_STATEMENT_TIMEOUT = "57014"
# Connection trouble, too few resources, operator intervention, and transactions that lost a race.
_UNAVAILABLE = re.compile(r"^(08|53|57)|^(40001|40P01|55P03)$")

_ENTER = text(
    f"SELECT set_config('{_ORG_SETTING}', :org_id, true), set_config('statement_timeout', :timeout_ms, true)"
)


def schema_of(service: str) -> str:
    """Name of a service's schema: its own name, with `_` for `-`."""
    return service.replace("-", "_")


def role_of(service: str) -> str:
    """Name of a service's role."""
    return f"casewright_{schema_of(service)}"


class Database:
    """A service's connections to its own schema (`search_path` is set to it by the role).

    Args:
        settings: Address and bounds.
        service: Name of the service: its connections carry it as their application name.
    """

    def __init__(self, settings: PostgresSettings, *, service: str) -> None:
        url = make_url(settings.url.get_secret_value()).set(drivername="postgresql+asyncpg")
        self._timeout_ms = str(int(settings.statement_timeout_s * 1000))
        if settings.through_pgbouncer:
            # PgBouncer hands each transaction another server connection: the pool is PgBouncer's, and no
            # start-up parameters that it doesn't know are sent. Statements have no name: a name would clash
            # on another connection, and unique names would stay there, because nobody closes them.
            self._engine = create_async_engine(
                url,
                poolclass=NullPool,
                connect_args={
                    "timeout": CONNECT_TIMEOUT_S,
                    "statement_cache_size": 0,
                    "prepared_statement_cache_size": 0,
                    "prepared_statement_name_func": lambda: "",
                },
            )
        else:
            self._engine = create_async_engine(
                url,
                pool_size=settings.pool_size,
                max_overflow=0,
                pool_timeout=_POOL_TIMEOUT_S,
                pool_use_lifo=True,
                connect_args={
                    "timeout": CONNECT_TIMEOUT_S,
                    "server_settings": {"application_name": f"casewright-{service}"},
                },
            )
            _ping_what_rested(self._engine)

    @asynccontextmanager
    async def transaction(self, org_id: UUID | None) -> AsyncIterator[AsyncConnection]:
        """One transaction that sees the rows of one organisation; commits unless the block raises.

        Args:
            org_id: The tenant; `None` sees no tenant row at all, and is for tables without tenants.

        Raises:
            UpstreamUnavailableError: PostgreSQL can't be reached, is starting up or out of connections, or
                the transaction lost a deadlock.
            UpstreamFailedError: A statement ran into the time limit.
        """
        async with classified_errors(), self._engine.begin() as connection:
            await connection.execute(
                _ENTER, {"org_id": "" if org_id is None else str(org_id), "timeout_ms": self._timeout_ms}
            )
            yield connection

    async def ping(self) -> None:
        """Raise `UpstreamUnavailableError` unless PostgreSQL answers."""
        async with self.transaction(None):
            pass

    async def close(self) -> None:
        """Give up all connections."""
        await self._engine.dispose()


@asynccontextmanager
async def classified_errors() -> AsyncIterator[None]:
    """Turn what the driver raises into our errors, by SQLSTATE; bugs such as bad SQL pass unchanged.

    Raises:
        UpstreamUnavailableError: PostgreSQL can't serve anybody now, or lost us in a race.
        UpstreamFailedError: A statement ran into the time limit.
    """
    try:
        yield
    except (PoolTimeoutError, OSError, InterfaceError) as error:
        raise UpstreamUnavailableError("postgres", type(error).__name__) from error
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or ""
        if state == _STATEMENT_TIMEOUT:
            raise UpstreamFailedError("postgres", "a statement ran into the time limit") from error
        if error.connection_invalidated or _UNAVAILABLE.match(state):
            raise UpstreamUnavailableError("postgres", state or type(error.orig).__name__) from error
        raise
    except asyncpg.PostgresError as error:  # raised while connecting, before SQLAlchemy wraps anything
        if _UNAVAILABLE.match(error.sqlstate or ""):
            raise UpstreamUnavailableError("postgres", error.sqlstate or "") from error
        raise


def _ping_what_rested(engine: AsyncEngine) -> None:
    """Have pooled connections checked before use that nobody used lately.

    The pool's own check before each use costs three round trips, as much as half a transaction.
    """

    @event.listens_for(engine.sync_engine, "connect")
    @event.listens_for(engine.sync_engine, "checkin")
    def used(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info[_USED_AT] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def check(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - record.info.get(_USED_AT, 0.0) < _RESTED_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # most likely all of them are gone


def _quoted(literal: str) -> str:
    return "'" + literal.replace("'", "''") + "'"


async def prepare(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Create or update role and schema of each service, the vault's schema, and all grants; idempotent.

    Args:
        admin_url: `postgresql://…` of a role that may create roles, in the database to prepare.
        passwords: Password of each service's role, by the service's name.

    Raises:
        UpstreamUnavailableError: PostgreSQL can't be reached.
    """
    try:
        admin = await asyncpg.connect(admin_url, timeout=CONNECT_TIMEOUT_S)
    except (OSError, asyncpg.PostgresError) as error:
        raise UpstreamUnavailableError("postgres", type(error).__name__) from error
    try:
        async with admin.transaction():
            await admin.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATION_LOCK)
            await _create_role(admin, OWNER_ROLE, "NOLOGIN BYPASSRLS")
            await admin.execute(f"GRANT {OWNER_ROLE} TO CURRENT_USER")
            await admin.execute(f"CREATE SCHEMA IF NOT EXISTS vault AUTHORIZATION {OWNER_ROLE}")
            for service, password in passwords.items():
                schema, role = schema_of(service), role_of(service)
                await _create_role(admin, role, f"LOGIN PASSWORD {_quoted(password)}")
                await admin.execute(f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {OWNER_ROLE}")
                await admin.execute(f"GRANT USAGE ON SCHEMA {schema}, vault TO {role}")
                await admin.execute(f"ALTER ROLE {role} SET search_path = {schema}")
                for kind, rights in (
                    ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
                    ("SEQUENCES", "USAGE, SELECT"),
                ):
                    await admin.execute(
                        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA {schema}"
                        f" GRANT {rights} ON {kind} TO {role}"
                    )
            await admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    finally:
        await admin.close()


async def _create_role(admin: "asyncpg.Connection[asyncpg.Record]", role: str, options: str) -> None:
    # Roles belong to the whole server: another database there may have made it already.
    exists = await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
    await admin.execute(f"{'ALTER' if exists else 'CREATE'} ROLE {role} WITH {options}")


async def migrate(admin_url: str, service: str, package: str) -> None:
    """Bring a service's schema to the newest revision in `package`'s folder `migrations/versions/`.

    The folder needs no `env.py`: this function is the environment. Revisions run in one transaction, as
    `OWNER_ROLE`, with `search_path` set to the schema; tables are created without a schema name. An advisory
    lock makes replicas that start together migrate once. The version table is `<schema>.alembic_version`.

    Raises:
        UpstreamUnavailableError: PostgreSQL can't be reached.
    """
    schema = schema_of(service)
    engine = create_async_engine(
        make_url(admin_url).set(drivername="postgresql+asyncpg"),
        poolclass=NullPool,
        connect_args={"timeout": CONNECT_TIMEOUT_S},
    )
    with as_file(files(package) / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        script = ScriptDirectory.from_config(config)

        def upgrade(connection: Connection) -> None:
            environment = EnvironmentContext(config, script)
            environment.configure(
                connection=connection,
                fn=lambda revision, _context: script._upgrade_revs("head", revision),  # noqa: SLF001  # what alembic.command.upgrade passes
                version_table_schema=schema,
                transactional_ddl=True,
            )
            environment.run_migrations()

        try:
            async with classified_errors(), engine.begin() as connection:
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
                await connection.execute(text(f"SET LOCAL ROLE {OWNER_ROLE}"))
                await connection.execute(text(f"SET LOCAL search_path = {schema}"))
                await connection.run_sync(upgrade)
        finally:
            await engine.dispose()


class Executes(Protocol):
    """What runs SQL in a migration: the module `alembic.op`, or an `Operations`."""

    def execute(self, sqltext: str) -> None:
        """Run one statement."""
        ...


def isolate_tenants(op: Executes, table: str) -> None:
    """Put a table with an `org_id` column under row-level security; for migrations.

    Nobody sees or writes a row unless the transaction has named its organisation.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} USING ({TENANT_MATCHES}) WITH CHECK ({TENANT_MATCHES})")


TENANT_MATCHES = f"org_id = nullif(current_setting('{_ORG_SETTING}', true), '')::uuid"
"""SQL condition: the row belongs to the organisation that the transaction has named."""


def without_password(url: str) -> str:
    """The address of a database with its password taken out, for messages."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.username or ''}@{parts.hostname}:{parts.port or 5432}{parts.path}"
