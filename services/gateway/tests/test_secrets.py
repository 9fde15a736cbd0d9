"""What must stay secret stands in no answer, event or log line, and in no table in the clear."""

import io
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from casewright_common.postgres import Database
from casewright_common.vault import Vault
from casewright_gateway.adapters.configuration_repository import PostgresConfigurationStore
from casewright_gateway.service.housekeeping import KeepHouse
from casewright_gateway.settings import GatewaySettings
from casewright_standalone.testing import ServiceDatabase

pytestmark = pytest.mark.connected

Make = Callable[[httpx.AsyncClient], Awaitable[str]]
Connect = Callable[..., Awaitable[dict[str, Any]]]

SECRETS = {
    "jira": "jira-secret-31415",
    "webhook": "webhook-secret-31415",
    "engine": "sk-engine-31415-31415",
    "embedding": "sk-embedding-31415-31415",
    "new jira": "jira-secret-27182",
    "new engine": "sk-engine-27182-27182",
    "account": "sk-account-31415-31415",
    "new account": "sk-account-27182-27182",
    "token": "a-token-that-only-tests-know",
}


async def test_secrets_appear_nowhere(
    client: httpx.AsyncClient,
    organisation: Make,
    connection: Connect,
    database: ServiceDatabase,
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = io.StringIO()

    async def keep(answer: httpx.Response) -> None:
        await answer.aread()
        told.write(f"{answer.headers}\n{answer.text}\n")

    client.event_hooks["response"].append(keep)
    with caplog.at_level(logging.DEBUG):
        base = await organisation(client)
        site = await connection(client, base, api_token=SECRETS["jira"], webhook_secret=SECRETS["webhook"])
        made = await client.post(
            f"{base}/projects",
            json={
                "connection_id": site["id"],
                "project_key": "SHOP",
                "engine": {"kind": "model", "model": "x/y", "provider_key": SECRETS["engine"]},
                "embedding": {"model": "x/e", "provider_key": SECRETS["embedding"]},
            },
        )
        project = made.headers["Location"]
        path = f"{base}/connections/{site['id']}"
        await client.patch(path, json={"api_token": SECRETS["new jira"]}, headers={"If-Match": '"1"'})
        engine = {"kind": "model", "model": "x/y", "provider_key": SECRETS["new engine"]}
        await client.patch(project, json={"engine": engine}, headers={"If-Match": '"1"'})
        keys = f"{base}/users/jo/model-account/keys"
        key = await client.post(keys, json={"provider": "openai", "key": SECRETS["account"]})
        await client.put(
            f"{keys}/{key.json()['key_id']}", json={"provider": "openai", "key": SECRETS["new account"]}
        )
        await client.post(keys, json={"provider": "azure", "key": SECRETS["account"]})
        await client.get(f"{base}/users/jo/model-account")
        # Refused requests must not quote what they were given either.
        for body in (
            {"site_url": "https://x.example.com", "account_email": "?", "api_token": SECRETS["jira"]},
            {"api_token": [SECRETS["jira"]], "webhook_secret": {"x": SECRETS["webhook"]}},
            {SECRETS["jira"]: SECRETS["jira"]},
        ):
            assert (await client.post(f"{base}/connections", json=body)).status_code == 422
        for readable in (base, f"{base}/connections", f"{base}/projects", path, project, "/metrics"):
            await client.get(readable)
        await client.post("/api/v1/admin/configuration/republish")
    answers = told.getvalue()
    # The unknown field's name is the caller's own word, and the pointer has to name it.
    answers = answers.replace(f'"/{SECRETS["jira"]}"', "")
    everything = await _dump(database)
    assert len(answers) > 2000
    for name, secret in SECRETS.items():
        assert secret not in answers, name
        assert secret not in caplog.text, name
        assert secret not in everything, name


async def test_housekeeping_forgets_replaced_secrets_when_their_time_has_come(
    client: httpx.AsyncClient,
    organisation: Make,
    connection: Connect,
    database: ServiceDatabase,
    tables: Database,
    settings: GatewaySettings,
) -> None:
    base = await organisation(client)
    site = await connection(client, base)
    await client.patch(
        f"{base}/connections/{site['id']}", json={"api_token": "new"}, headers={"If-Match": '"1"'}
    )
    org_id = UUID(base.rsplit("/", 1)[1])
    admin = await asyncpg.connect(database.admin_url)
    now = datetime.now(UTC)

    async def count() -> tuple[int, int]:
        return (
            await admin.fetchval("SELECT count(*) FROM vault.secrets WHERE org_id = $1", org_id),
            await admin.fetchval("SELECT count(*) FROM gateway.retired_secrets WHERE org_id = $1", org_id),
        )

    def house(at: datetime) -> KeepHouse:
        store = PostgresConfigurationStore(tables)
        return KeepHouse(store, Vault(tables, settings.vault), lambda: at, timedelta(hours=24))

    try:
        assert await count() == (3, 1)
        await house(now + timedelta(hours=23))()
        assert await count() == (3, 1)
        await house(now + timedelta(hours=25))()
        assert await count() == (2, 0)
    finally:
        await admin.close()


async def _dump(database: ServiceDatabase) -> str:
    """Every row of every table of the gateway and the vault, as text."""
    admin = await asyncpg.connect(database.admin_url)
    try:
        names = await admin.fetch(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('gateway', 'vault')"
        )
        parts = []
        for schema, table in names:
            rows = await admin.fetch(f'SELECT t::text AS row FROM "{schema}"."{table}" t')  # noqa: S608  # names from the catalogue
            parts += [row["row"] for row in rows]
        return "\n".join(parts)
    finally:
        await admin.close()
