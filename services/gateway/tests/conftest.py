import base64
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from casewright_common.settings import KafkaSettings, VaultSettings
from casewright_gateway.app import build
from casewright_gateway.settings import GatewaySettings
from casewright_standalone import topics
from casewright_standalone.testing import ServiceDatabase

TOKEN = "a-token-that-only-tests-know"
NOWHERE = "127.0.0.1:9"
"""No broker listens on the discard port."""


@pytest.fixture(scope="module")
def database(service_database: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return service_database("gateway")


@dataclass(frozen=True)
class Gateway:
    """A running gateway and a client that holds its token."""

    app: FastAPI
    client: httpx.AsyncClient
    settings: GatewaySettings


def gateway_settings(database: ServiceDatabase, bootstrap: str = NOWHERE) -> GatewaySettings:
    return GatewaySettings(
        api_token=SecretStr(TOKEN),
        postgres=database.settings("gateway"),
        vault=VaultSettings(master_keys=SecretStr("k1:" + base64.b64encode(bytes(range(32))).decode())),
        kafka=KafkaSettings(bootstrap_servers=bootstrap, request_timeout_s=3),
        public_ingest_url="https://hooks.example.com/",
        allow_insecure_sites=True,
        outbox_poll_s=0.2,
        jira_timeout_s=2,
    )


@asynccontextmanager
async def running(settings: GatewaySettings) -> AsyncIterator[Gateway]:
    app = build(settings)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=transport,
            base_url="http://gateway",
            headers={"Authorization": f"Bearer {TOKEN}"},
        ) as client,
    ):
        yield Gateway(app, client, settings)


@pytest.fixture
async def gateway(database: ServiceDatabase) -> AsyncIterator[Gateway]:
    """A gateway on a real PostgreSQL, without Kafka: what it would publish stays in the outbox."""
    async with running(gateway_settings(database)) as started:
        yield started


@pytest.fixture
def client(gateway: Gateway) -> httpx.AsyncClient:
    return gateway.client


@pytest.fixture
async def gateway_on_kafka(
    database: ServiceDatabase, kafka: str
) -> Callable[[], AbstractAsyncContextManager[Gateway]]:
    """Starts a gateway that is connected to a real Kafka with all topics."""
    await topics.create(kafka, partitions=3, replication_factor=1)
    return lambda: running(gateway_settings(database, kafka))
