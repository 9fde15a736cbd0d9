import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from casewright_common.errors import UpstreamFailedError, UpstreamUnavailableError
from casewright_common.postgres import Database, migrate, prepare, without_password
from casewright_common.settings import PostgresSettings
from casewright_common.vault import READERS, WRITER
from casewright_standalone.testing import ServiceDatabase

pytestmark = pytest.mark.connected


@pytest.fixture(scope="module")
def prepared(new_database: Callable[[], str]) -> ServiceDatabase:
    """All roles and the vault, and one table with tenants in ingest's schema."""
    database = ServiceDatabase(new_database())

    async def make() -> None:
        await prepare(database.admin_url, dict.fromkeys((*READERS, WRITER), "only-for-tests"))
        await prepare(database.admin_url, dict.fromkeys((*READERS, WRITER), "only-for-tests"))
        await migrate(database.admin_url, "vault", "casewright_common")
        admin = await asyncpg.connect(database.admin_url)
        await admin.execute(
            "SET ROLE casewright_owner; SET search_path = ingest;"
            "CREATE TABLE notes (org_id uuid NOT NULL, note text NOT NULL);"
            "ALTER TABLE notes ENABLE ROW LEVEL SECURITY; ALTER TABLE notes FORCE ROW LEVEL SECURITY;"
            "CREATE POLICY tenant ON notes"
            " USING (org_id = nullif(current_setting('casewright.org_id', true), '')::uuid)"
        )
        await admin.close()

    asyncio.run(make())
    return database


@pytest.fixture
async def database(prepared: ServiceDatabase) -> AsyncIterator[Database]:
    database = Database(prepared.settings("ingest"), service="ingest")
    yield database
    await database.close()


async def test_an_organisation_sees_only_its_own_rows(database: Database) -> None:
    mine, theirs = uuid4(), uuid4()
    for org_id in (mine, theirs):
        async with database.transaction(org_id) as connection:
            await connection.execute(
                text("INSERT INTO notes VALUES (:org, :note)"), {"org": org_id, "note": str(org_id)}
            )
    async with database.transaction(mine) as connection:
        assert (await connection.execute(text("SELECT note FROM notes"))).scalars().all() == [str(mine)]
    async with database.transaction(None) as connection:
        assert (await connection.execute(text("SELECT note FROM notes"))).scalars().all() == []


async def test_the_organisation_of_one_transaction_does_not_leak_into_the_next(
    prepared: ServiceDatabase,
) -> None:
    one = Database(prepared.settings("ingest").model_copy(update={"pool_size": 1}), service="ingest")
    org_id = uuid4()
    async with one.transaction(org_id) as connection:
        await connection.execute(text("INSERT INTO notes VALUES (:org, 'x')"), {"org": org_id})
    async with one.transaction(None) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM notes"))).scalar_one() == 0
    await one.close()


async def test_a_row_of_another_organisation_can_not_be_written(database: Database) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.transaction(uuid4()) as connection:
            await connection.execute(text("INSERT INTO notes VALUES (:org, 'x')"), {"org": uuid4()})


async def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    org_id = uuid4()
    with pytest.raises(KeyError):
        async with database.transaction(org_id) as connection:
            await connection.execute(text("INSERT INTO notes VALUES (:org, 'x')"), {"org": org_id})
            raise KeyError
    async with database.transaction(org_id) as connection:
        assert (await connection.execute(text("SELECT count(*) FROM notes"))).scalar_one() == 0


async def test_a_service_can_not_read_the_schema_of_another(prepared: ServiceDatabase) -> None:
    other = Database(prepared.settings("embedder"), service="embedder")
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with other.transaction(None) as connection:
            await connection.execute(text("SELECT * FROM ingest.notes"))
    await other.close()


async def test_a_server_that_is_away_is_unavailable() -> None:
    url = SecretStr("postgresql://casewright_ingest:x@127.0.0.1:1/postgres")
    away = Database(PostgresSettings(url=url), service="ingest")
    with pytest.raises(UpstreamUnavailableError, match="postgres"):
        await away.ping()
    await away.close()


async def test_a_pool_without_a_free_connection_is_unavailable(
    prepared: ServiceDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casewright_common.postgres._POOL_TIMEOUT_S", 0.2)
    small = Database(prepared.settings("ingest").model_copy(update={"pool_size": 1}), service="ingest")
    async with small.transaction(None):
        with pytest.raises(UpstreamUnavailableError):
            await small.ping()
    await small.close()


async def test_a_statement_past_its_limit_fails_without_blocking_for_ever(prepared: ServiceDatabase) -> None:
    settings = prepared.settings("ingest").model_copy(update={"statement_timeout_s": 0.2})
    hasty = Database(settings, service="ingest")
    with pytest.raises(UpstreamFailedError):
        async with hasty.transaction(None) as connection:
            await connection.execute(text("SELECT pg_sleep(5)"))
    await hasty.close()


async def test_a_connection_that_the_server_cut_is_unavailable_once_and_then_replaced(
    prepared: ServiceDatabase, database: Database
) -> None:
    with pytest.raises(UpstreamUnavailableError):
        async with database.transaction(None) as connection:
            pid = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            admin = await asyncpg.connect(prepared.admin_url)
            await admin.execute("SELECT pg_terminate_backend($1)", pid)
            await admin.close()
            await connection.execute(text("SELECT 1"))
    await database.ping()


async def test_connections_that_were_cut_while_they_rested_are_replaced_in_silence(
    prepared: ServiceDatabase, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casewright_common.postgres._RESTED_S", 0.0)
    async with database.transaction(None), database.transaction(None) as connection:
        application = (await connection.execute(text("SHOW application_name"))).scalar_one()
    admin = await asyncpg.connect(prepared.admin_url)
    cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1"
    assert await admin.fetchval(cut, application) >= 2
    await admin.close()
    async with database.transaction(None), database.transaction(None) as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1


async def test_migrations_run_once_however_many_replicas_start_together(
    new_database: Callable[[], str],
) -> None:
    url = new_database()
    await asyncio.gather(*(prepare(url, {"gateway": "only-for-tests"}) for _ in range(3)))
    await prepare(url, dict.fromkeys((*READERS, WRITER), "only-for-tests"))
    await asyncio.gather(*(migrate(url, "vault", "casewright_common") for _ in range(3)))
    admin = await asyncpg.connect(url)
    assert await admin.fetchval("SELECT version_num FROM vault.alembic_version") == "0001"
    await admin.close()


def test_an_address_is_shown_without_its_password() -> None:
    shown = without_password("postgresql://casewright_ingest:hunter22@db.example:6432/casewright")
    assert shown == "postgresql://casewright_ingest@db.example:6432/casewright"
