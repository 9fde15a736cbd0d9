import base64
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text

from casewright_common.events import TOPICS, Event
from casewright_common.postgres import Database
from casewright_common.settings import KafkaSettings, VaultSettings
from casewright_gateway.adapters.read_model_repository import PostgresReadModelStore
from casewright_gateway.app import build
from casewright_gateway.service.read_model import KeepReadModel
from casewright_gateway.settings import GatewaySettings
from casewright_gateway.testing import KnownStory
from casewright_standalone import topics
from casewright_standalone.testing import ServiceDatabase

TOKEN = "a-token-that-only-tests-know"
NOWHERE = "127.0.0.1:9"
"""No broker listens on the discard port."""

_numbers = itertools.count(1)
Json = dict[str, Any]
Running = Callable[[FastAPI], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture(scope="module")
def database(service_database: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return service_database("gateway")


@pytest.fixture
async def tables(database: ServiceDatabase) -> AsyncIterator[Database]:
    """The gateway's own way to its tables."""
    own = Database(database.settings("gateway"), service="gateway")
    yield own
    await own.close()


@pytest.fixture(scope="session")
def token() -> str:
    return TOKEN


@pytest.fixture(scope="session")
def make_settings() -> Callable[[ServiceDatabase], GatewaySettings]:
    """Settings on a database, without Kafka: what would be published stays in the outbox."""

    def make(database: ServiceDatabase) -> GatewaySettings:
        return GatewaySettings(
            api_token=SecretStr(TOKEN),
            postgres=database.settings("gateway"),
            vault=VaultSettings(master_keys=SecretStr("k1:" + base64.b64encode(bytes(range(32))).decode())),
            kafka=KafkaSettings(bootstrap_servers=NOWHERE, request_timeout_s=3),
            public_ingest_url="https://hooks.example.com/",
            trusted_sites=("127.0.0.1",),
            outbox_poll_s=0.2,
            jira_timeout_s=2,
            cors_origins=("https://web.example.com",),
        )

    return make


@pytest.fixture
def settings(
    make_settings: Callable[[ServiceDatabase], GatewaySettings], database: ServiceDatabase
) -> GatewaySettings:
    return make_settings(database)


@pytest.fixture
async def kafka_settings(settings: GatewaySettings, kafka: str) -> GatewaySettings:
    """With a real Kafka that has all topics."""
    await topics.create(kafka, partitions=3, replication_factor=1)
    return settings.model_copy(
        update={
            "kafka": KafkaSettings(
                bootstrap_servers=kafka, request_timeout_s=3, session_timeout_s=6, rebalance_timeout_s=9
            )
        }
    )


@pytest.fixture
def running() -> Running:
    """`async with running(app) as client:` runs the application; the client holds the token."""

    @asynccontextmanager
    async def run(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app),
                base_url="http://gateway",
                headers={"Authorization": f"Bearer {TOKEN}"},
            ) as client,
        ):
            yield client

    return run


@pytest.fixture
async def client(settings: GatewaySettings, running: Running) -> AsyncIterator[httpx.AsyncClient]:
    """Of a gateway on a real PostgreSQL, without Kafka."""
    async with running(build(settings)) as client:
        yield client


@pytest.fixture
def organisation() -> Callable[[httpx.AsyncClient], Awaitable[str]]:
    """Creates an organisation and returns its path."""

    async def create(client: httpx.AsyncClient) -> str:
        made = await client.post("/api/v1/organisations", json={"name": f"Acme {uuid4()}"})
        assert made.status_code == 201, made.text
        return made.headers["Location"]

    return create


@pytest.fixture
def connection() -> Callable[..., Awaitable[Json]]:
    """Connects a site for the organisation at that path."""

    async def create(client: httpx.AsyncClient, base: str, **more: Any) -> Json:
        body = {
            "site_url": f"https://site-{next(_numbers)}.example.com",
            "account_email": "bot@example.com",
            "account_id": "bot",
            "api_token": "jira-token-0815",
        }
        made = await client.post(f"{base}/connections", json=body | more)
        assert made.status_code == 201, made.text
        found: Json = made.json()
        return found

    return create


@pytest.fixture
def project(connection: Callable[..., Awaitable[Json]]) -> Callable[..., Awaitable[Json]]:
    """Configures a project of a new connection."""

    async def create(client: httpx.AsyncClient, base: str, **more: Any) -> Json:
        site = await connection(client, base) if "connection_id" not in more else {"id": None}
        body = {"connection_id": site["id"], "project_key": "SHOP"}
        made = await client.post(f"{base}/projects", json=body | more)
        assert made.status_code == 201, made.text
        found: Json = made.json()
        return found

    return create


@pytest.fixture
def org_id() -> UUID:
    return uuid4()


@pytest.fixture
def keep(tables: Database) -> KeepReadModel:
    """Takes in what the other services tell."""
    return KeepReadModel(PostgresReadModelStore(tables))


@pytest.fixture
def known(
    organisation: Callable[[httpx.AsyncClient], Awaitable[str]],
    project: Callable[..., Awaitable[Json]],
    keep: KeepReadModel,
) -> Callable[..., Awaitable[tuple[str, KnownStory]]]:
    """Makes a story of a new organisation, at its first revision; returns the organisation's path and it."""

    async def make(client: httpx.AsyncClient, **settings: Any) -> tuple[str, KnownStory]:
        base = await organisation(client)
        made = await project(client, base, **settings)
        story = KnownStory(
            org_id=UUID(base.rsplit("/", 1)[1]),
            connection_id=UUID(made["connection_id"]),
            project_id=UUID(made["id"]),
        )
        await keep.story_changed(story.changed())
        return base, story

    return make


@pytest.fixture
def sent(tables: Database) -> Callable[..., Awaitable[list[Any]]]:
    """`await sent(EventV1, key)`: the events of a kind that wait in the outbox, oldest first."""

    async def find(kind: type[Event], key: object) -> list[Any]:
        async with tables.transaction(None) as connection:
            rows = await connection.execute(
                text("SELECT body FROM outbox WHERE topic = :topic AND key = :key ORDER BY id"),
                {"topic": TOPICS[kind].value, "key": str(key)},
            )
            return [kind.model_validate_json(body) for body in rows.scalars()]

    return find
