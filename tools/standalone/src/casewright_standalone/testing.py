"""Pytest fixtures: engines that start when the first test asks for them, and the shared data."""

import asyncio
import itertools
import os
import re
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import asyncpg
import pytest
from pydantic import SecretStr

from casewright_common.postgres import migrate, prepare, role_of, schema_of
from casewright_common.settings import PostgresSettings
from casewright_common.testing import forget_topics
from casewright_common.vault import READERS, WRITER
from casewright_standalone.engines.kafka import Kafka
from casewright_standalone.engines.postgres import Postgres
from casewright_standalone.engines.qdrant import Qdrant
from casewright_standalone.engines.redis import Redis
from casewright_standalone.settings import SHARED_DATA

_TEST_PASSWORD = "only-for-tests"  # noqa: S105 - of roles that live as long as the test session
_MISSING = "shared data is absent"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def engine_folder() -> Iterator[Path]:
    """Where this session's engines keep their data.

    Not under pytest's own folder: each new session closes that to all but its owner, and as root PostgreSQL
    runs as somebody else.
    """
    with TemporaryDirectory(prefix="casewright-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def kafka_broker(engine_folder: Path) -> Iterator[Kafka]:
    """The session's broker, to `stop()`, `kill()` and `start()` again on the same port and data."""
    broker = Kafka(engine_folder / "kafka")
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="module")
def _fresh_kafka(kafka_broker: Kafka) -> None:
    """No topic of another module is left: its messages would be this one's too."""
    if kafka_broker.pid is None:
        kafka_broker.start()
    _in_a_thread(lambda: asyncio.run(forget_topics(kafka_broker.bootstrap)))


@pytest.fixture
def kafka(kafka_broker: Kafka, _fresh_kafka: None) -> str:
    """Bootstrap address of a real Apache Kafka, `host:port`; started again if a test left it down.

    Empty at the beginning of each test module.
    """
    if kafka_broker.pid is None:
        kafka_broker.start()
    return kafka_broker.bootstrap


@pytest.fixture(scope="session")
def postgres(engine_folder: Path) -> Iterator[str]:
    """URL of the superuser of a real PostgreSQL, `postgresql://postgres:…@127.0.0.1:port/postgres`."""
    server = Postgres(engine_folder / "postgres", durable=False)
    server.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def new_database(postgres: str) -> Callable[[], str]:
    """Makes a fresh, empty database at each call and returns the superuser's URL of it.

    Callable from sync code and from inside a running event loop.
    """

    def make() -> str:
        name = f"test_{next(_numbers)}"
        _in_a_thread(lambda: _create_database(postgres, name))
        return urlsplit(postgres)._replace(path=f"/{name}").geturl()

    return make


@pytest.fixture(scope="module")
def postgres_database(new_database: Callable[[], str]) -> str:
    """Superuser's URL of a database that only this test module uses."""
    return new_database()


@dataclass(frozen=True)
class ServiceDatabase:
    """A database with all roles and the vault, and the newest tables of one service.

    Attributes:
        admin_url: The superuser's URL of it.
    """

    admin_url: str

    def settings(self, service: str) -> PostgresSettings:
        """How `service`'s own role reaches it."""
        address = urlsplit(self.admin_url)
        netloc = f"{role_of(service)}:{_TEST_PASSWORD}@{address.hostname}:{address.port}"
        return PostgresSettings(url=SecretStr(address._replace(netloc=netloc).geturl()), pool_size=5)


@pytest.fixture(scope="session")
def service_database(new_database: Callable[[], str]) -> Callable[[str], ServiceDatabase]:
    """`service_database("ingest")`: a fresh database with that service's migrations applied."""

    def make(service: str) -> ServiceDatabase:
        url = new_database()

        async def migrate_all() -> None:
            await prepare(url, dict.fromkeys((*READERS, WRITER), _TEST_PASSWORD))
            await migrate(url, "vault", "casewright_common")
            await migrate(url, service, f"casewright_{schema_of(service)}")

        _in_a_thread(lambda: asyncio.run(migrate_all()))
        return ServiceDatabase(url)

    return make


@pytest.fixture(scope="session")
def qdrant(engine_folder: Path) -> Iterator[str]:
    """URL of Qdrant (local mode behind the REST front)."""
    server = Qdrant(engine_folder / "qdrant")
    server.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def redis(engine_folder: Path) -> Iterator[str]:
    """URL of a real Valkey server."""
    server = Redis(engine_folder / "redis")
    server.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def shared_data(pytestconfig: pytest.Config) -> Callable[[str], Path]:
    """`shared_data("jira/openapi-v3.json")`: the path of a shared file or folder; skips where it is absent.

    A name below one of `SHARED_DATA` works too: `shared_data("issues/springxd.csv")`.
    """

    def find(name: str) -> Path:
        path = _shared_path(name, pytestconfig.rootpath)
        if not path.exists():
            pytest.skip(f"{_MISSING}: {name} (neither its variable nor ../shared/data leads to it)")
        return path

    return find


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where CI is set, absent shared data is a failure."""
    report = yield
    if os.environ.get("CI"):  # noqa: TID251 - set by the CI system, not a setting of ours
        fail_instead_of_skip(report)
    return report


def fail_instead_of_skip(report: pytest.TestReport) -> None:
    """Turn a skip for absent shared data into a failure: on CI the data must be there."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    if report.skipped and (_MISSING in text or re.search(r"\.\./shared|CASEWRIGHT_\w+", text)):
        report.outcome = "failed"
        report.longrepr = f"On CI nothing may be skipped for absent shared data. {text}"


def _shared_path(name: str, root: Path) -> Path:
    for known, variable in SHARED_DATA.items():
        if name == known or name.startswith(f"{known}/"):
            given = os.environ.get(variable)  # noqa: TID251 - the variables of the shared data, for tests only
            if given:
                return Path(given) / name[len(known) :].lstrip("/") if name != known else Path(given)
    return root.parent / "shared" / "data" / name


async def _create_database_async(url: str, name: str) -> None:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()


def _create_database(url: str, name: str) -> None:
    asyncio.run(_create_database_async(url, name))


def _in_a_thread(work: Callable[[], None]) -> None:
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(work).result()
