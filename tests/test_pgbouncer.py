"""Services behind a real PgBouncer in transaction mode, as the compose file configures it."""

import asyncio
import getpass
import random
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest
import yaml
from pydantic import SecretStr
from sqlalchemy import text

from casewright_common.postgres import Database, migrate, prepare, role_of
from casewright_common.settings import PostgresSettings
from casewright_common.vault import READERS, WRITER

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PASSWORD = "only-for-tests"
SERVICES = ("jira-sync", "gateway")
POOL_SIZE = 2
TRANSACTIONS = 150
AT_ONCE = 12

pytestmark = pytest.mark.connected


@dataclass(frozen=True)
class Bouncer:
    """A PgBouncer, and the database behind it.

    Attributes:
        port: Where it listens.
        admin_url: The superuser's, straight to PostgreSQL.
    """

    port: int
    admin_url: str

    def database(self, service: str) -> Database:
        """A service's own way through it, as its settings make it."""
        url = f"postgresql://{role_of(service)}:{PASSWORD}@127.0.0.1:{self.port}/casewright"
        return Database(PostgresSettings(url=SecretStr(url), through_pgbouncer=True), service=service)


def compose_config(port: int, admin_url: str, users: Path, version: tuple[int, int]) -> str:
    """The compose file's configuration with the addresses of this machine and the smallest pool."""
    address = urlsplit(admin_url)
    given: str = COMPOSE["configs"]["pgbouncer"]["content"]
    for pattern, value in (
        (r"^casewright = .*$", f"casewright = host=127.0.0.1 port={address.port} dbname={address.path[1:]}"),
        (r"^listen_addr = .*$", "listen_addr = 127.0.0.1\nunix_socket_dir ="),
        (r"^listen_port = .*$", f"listen_port = {port}"),
        (r"^default_pool_size = .*$", f"default_pool_size = {POOL_SIZE}"),
        (r"^auth_file = .*$", f"auth_file = {users}"),
    ):
        given, number = re.subn(pattern, value, given, flags=re.MULTILINE)
        assert number == 1, pattern
    if version < (1, 21):  # it knows no prepared statements, and refuses the setting
        given = re.sub(r"^max_prepared_statements = .*\n", "", given, flags=re.MULTILINE)
    return given


@pytest.fixture(scope="module")
def bouncer(new_database: Callable[[], str]) -> Iterator[Bouncer]:
    program = shutil.which("pgbouncer")
    if program is None:
        pytest.skip("there is no pgbouncer on the path")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"PgBouncer (\d+)\.(\d+)", said)
    assert version is not None, said
    admin_url = new_database()
    asyncio.run(make_tables(admin_url))
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        folder = Path(name)
        folder.chmod(0o755)  # PgBouncer reads it as somebody else where we are root
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        users: str = COMPOSE["configs"]["pgbouncer_users"]["content"]
        (folder / "users").write_text(re.sub(r"\$\{\w+_PASSWORD\}", PASSWORD, users))
        major, minor = map(int, version.groups())
        config = compose_config(port, admin_url, folder / "users", (major, minor))
        (folder / "pgbouncer.ini").write_text(config)
        as_somebody = ["-u", "nobody"] if getpass.getuser() == "root" else []
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen([program, *as_somebody, folder / "pgbouncer.ini"], stderr=log) as process,
        ):
            try:
                wait_for(port, process, folder / "log")
                yield Bouncer(port, admin_url)
            finally:
                process.kill()


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 10
    while True:
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return


async def make_tables(admin_url: str) -> None:
    await prepare(admin_url, dict.fromkeys((*READERS, WRITER), PASSWORD))
    await migrate(admin_url, "vault", "casewright_common")
    for service in SERVICES:
        await migrate(admin_url, service, f"casewright_{service.replace('-', '_')}")
    admin = await asyncpg.connect(admin_url)
    for schema in ("jira_sync", "gateway"):
        await admin.execute(
            f"SET ROLE casewright_owner; SET search_path = {schema};"
            "CREATE TABLE notes (org_id uuid NOT NULL, service text NOT NULL, note jsonb NOT NULL);"
            "ALTER TABLE notes ENABLE ROW LEVEL SECURITY; ALTER TABLE notes FORCE ROW LEVEL SECURITY;"
            "CREATE POLICY tenant ON notes"
            " USING (org_id = nullif(current_setting('casewright.org_id', true), '')::uuid)"
        )
    await admin.close()


class Deliberate(Exception):  # noqa: N818  # not an error
    """Ends a transaction in the middle."""


async def work(database: Database, service: str, org_id: UUID | None, chance: random.Random) -> int:
    """One transaction like those of a repository; returns the rows that it left."""
    async with database.transaction(org_id) as connection:
        seen = (await connection.execute(text("SELECT org_id, service FROM notes"))).all()
        assert {(row.org_id, row.service) for row in seen} <= {(org_id, service)}
        if org_id is None:
            return 0
        many = [{"org": org_id, "service": service, "note": '{"n": 1}'} for _ in range(chance.randint(1, 3))]
        await connection.execute(
            text("INSERT INTO notes VALUES (:org, :service, CAST(:note AS jsonb))"), many
        )
        await asyncio.sleep(chance.random() / 200)
        # The same words with other types, and a statement that no other transaction has.
        number = chance.randint(1, 10**9)
        assert (await connection.execute(text(f"SELECT {number} + :n"), {"n": 1})).scalar_one() == number + 1
        if chance.random() < 0.1:
            raise Deliberate
        return len(many)


async def test_services_that_share_server_connections_see_only_their_own(bouncer: Bouncer) -> None:
    databases = {service: bouncer.database(service) for service in SERVICES}
    organisations: list[UUID | None] = [None, *(uuid4() for _ in range(5))]
    slots = asyncio.Semaphore(AT_ONCE)
    left: Counter[tuple[str, UUID | None]] = Counter()

    async def one(service: str, number: int) -> None:
        chance = random.Random(f"{service}/{number}")  # noqa: S311  # not for secrets
        org_id = chance.choice(organisations)
        async with slots:
            with suppress(Deliberate):
                number = await work(databases[service], service, org_id, chance)
                left[service, org_id] += number

    async with asyncio.timeout(120):
        await asyncio.gather(
            *(one(service, number) for service in SERVICES for number in range(TRANSACTIONS))
        )
    for (service, org_id), number in left.items():
        async with databases[service].transaction(org_id) as connection:
            assert (await connection.execute(text("SELECT count(*) FROM notes"))).scalar_one() == number
    for database in databases.values():
        await database.close()
    assert sum(left.values()) > TRANSACTIONS
    connections = await server_connections(bouncer)
    assert set(connections) == {role_of(service) for service in SERVICES}
    assert max(connections.values()) <= POOL_SIZE, "else nothing was shared and nothing is shown"


async def server_connections(bouncer: Bouncer) -> dict[str, int]:
    """PostgreSQL's connections by role, without the one that asks."""
    admin = await asyncpg.connect(bouncer.admin_url)
    rows = await admin.fetch(
        "SELECT usename, count(*) AS number FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename LIKE 'casewright%'"
        " GROUP BY usename"
    )
    await admin.close()
    return {row["usename"]: row["number"] for row in rows}


async def test_server_connections_do_not_fill_up_with_prepared_statements(bouncer: Bouncer) -> None:
    database = bouncer.database("gateway")
    for number in range(30):
        async with database.transaction(None) as connection:
            await connection.execute(text(f"SELECT {number} + :n"), {"n": 1})
    async with database.transaction(None) as connection:
        count = await connection.execute(text("SELECT count(*) FROM pg_prepared_statements"))
        assert count.scalar_one() == 0
    await database.close()


async def test_the_limit_of_a_statement_s_time_ends_with_its_transaction(bouncer: Bouncer) -> None:
    database = bouncer.database("gateway")
    for _ in range(2 * POOL_SIZE):
        async with database.transaction(uuid4()) as connection:
            shown = await connection.execute(text("SHOW statement_timeout"))
            assert shown.scalar_one() == "15s"
    plain = f"postgresql://{role_of('gateway')}:{PASSWORD}@127.0.0.1:{bouncer.port}/casewright"
    for _ in range(2 * POOL_SIZE):
        direct = await asyncpg.connect(plain, statement_cache_size=0)
        async with direct.transaction():
            assert await direct.fetchval("SHOW statement_timeout") == "0"
            assert await direct.fetchval("SELECT current_setting('casewright.org_id', true)") in {None, ""}
        await direct.close()
    await database.close()
