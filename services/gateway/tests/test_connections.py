from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from casewright_common.postgres import Database

pytestmark = pytest.mark.connected

Make = Callable[[httpx.AsyncClient], Awaitable[str]]
Connect = Callable[..., Awaitable[dict[str, Any]]]


async def test_the_made_up_webhook_secret_is_shown_once(
    client: httpx.AsyncClient, organisation: Make, connection: Connect
) -> None:
    base = await organisation(client)
    made = await connection(client, base)
    assert len(made["webhook_secret"]) >= 32
    assert made["webhook_path"] == f"/webhooks/jira/{made['id']}"
    assert made["webhook_url"] == f"https://hooks.example.com/webhooks/jira/{made['id']}"
    found = await client.get(f"{base}/connections/{made['id']}")
    assert found.headers["ETag"] == '"1"'
    assert "webhook_secret" not in found.json()
    listed = await client.get(f"{base}/connections")
    assert listed.json()["items"] == [found.json()]


async def test_a_given_webhook_secret_is_not_shown(
    client: httpx.AsyncClient, organisation: Make, connection: Connect
) -> None:
    base = await organisation(client)
    made = await connection(client, base, webhook_secret="a-secret-of-our-own")
    assert made["webhook_secret"] is None


async def test_an_organisation_connects_a_site_once(
    client: httpx.AsyncClient, organisation: Make, connection: Connect
) -> None:
    base, other = await organisation(client), await organisation(client)
    site = "https://one.example.com"
    await connection(client, base, site_url=site)
    again = await client.post(
        f"{base}/connections",
        json={
            "site_url": "https://ONE.example.com/",
            "account_email": "b@example.com",
            "account_id": "x",
            "api_token": "t",
        },
    )
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    await connection(client, other, site_url=site)


async def test_a_refused_connection_leaves_no_secret_behind(
    client: httpx.AsyncClient, organisation: Make, connection: Connect, database: Any
) -> None:
    base = await organisation(client)
    await connection(client, base, site_url="https://twice.example.com")
    before = await _secrets(database)
    body = {
        "site_url": "https://twice.example.com",
        "account_email": "b@example.com",
        "account_id": "x",
        "api_token": "t",
    }
    assert (await client.post(f"{base}/connections", json=body)).status_code == 409
    assert await _secrets(database) == before


async def _secrets(database: Any) -> int:
    import asyncpg  # noqa: PLC0415  # only this test looks past the roles

    admin = await asyncpg.connect(database.admin_url)
    try:
        count: int = await admin.fetchval("SELECT count(*) FROM vault.secrets")
        return count
    finally:
        await admin.close()


@pytest.mark.parametrize(
    "site",
    [
        "http://acme.atlassian.net",
        "ftp://acme.atlassian.net",
        "https://user:pw@acme.atlassian.net",
        "https://acme.atlassian.net/path",
        "https://10.0.0.1",
        "https://169.254.169.254",
        "https://[fd00::1]",
        "https://[::ffff:10.0.0.1]",
        "nonsense://",
        "acme.atlassian.net",
    ],
)
async def test_an_address_that_is_no_public_site_is_refused(
    client: httpx.AsyncClient, organisation: Make, site: str
) -> None:
    base = await organisation(client)
    body = {"site_url": site, "account_email": "b@example.com", "account_id": "x", "api_token": "t"}
    answer = await client.post(f"{base}/connections", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/site_url")


async def test_changes_count_revisions_and_need_the_current_one(
    client: httpx.AsyncClient, organisation: Make, connection: Connect
) -> None:
    base = await organisation(client)
    path = f"{base}/connections/{(await connection(client, base))['id']}"
    changed = await client.patch(path, json={"account_id": "bot-2"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["account_id"]) == (200, "bot-2")
    assert changed.headers["ETag"] == '"2"'
    same = await client.patch(path, json={"account_id": "bot-2"}, headers={"If-Match": '"2"'})
    assert same.headers["ETag"] == '"2"'
    token = await client.patch(path, json={"api_token": "new-token"}, headers={"If-Match": '"2"'})
    assert token.headers["ETag"] == '"3"'
    stale = await client.patch(path, json={"account_id": "bot-3"}, headers={"If-Match": '"2"'})
    assert stale.status_code == 412
    assert (await client.patch(path, json={"account_id": "x"})).status_code == 428


async def test_a_stored_token_is_never_sent_to_a_new_address(
    client: httpx.AsyncClient, organisation: Make, connection: Connect
) -> None:
    base = await organisation(client)
    path = f"{base}/connections/{(await connection(client, base))['id']}"
    for change in ({"site_url": "https://evil.example.com"}, {"account_email": "other@example.com"}):
        answer = await client.patch(path, json=change, headers={"If-Match": '"1"'})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/api_token")
    moved = await client.patch(
        path,
        json={"site_url": "https://moved.example.com", "api_token": "t2", "account_id": "bot"},
        headers={"If-Match": '"1"'},
    )
    assert (moved.status_code, moved.json()["site_url"]) == (200, "https://moved.example.com")


async def test_moving_to_a_site_that_is_connected_is_a_conflict(
    client: httpx.AsyncClient, organisation: Make, connection: Connect
) -> None:
    base = await organisation(client)
    taken = (await connection(client, base))["site_url"]
    path = f"{base}/connections/{(await connection(client, base))['id']}"
    answer = await client.patch(
        path,
        json={"site_url": taken, "api_token": "t2", "account_id": "bot"},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 409


async def test_a_connection_goes_when_its_projects_are_gone(
    client: httpx.AsyncClient, organisation: Make, connection: Connect, tables: Database
) -> None:
    base = await organisation(client)
    made = await connection(client, base)
    path = f"{base}/connections/{made['id']}"
    project = await client.post(f"{base}/projects", json={"connection_id": made["id"], "project_key": "SHOP"})
    kept = await client.delete(path)
    assert (kept.status_code, kept.json()["code"]) == (409, "in_use")
    assert (await client.delete(project.headers["Location"])).status_code == 204
    assert (await client.delete(path, headers={"If-Match": '"7"'})).status_code == 412
    assert (await client.delete(path, headers={"If-Match": '"1"'})).status_code == 204
    assert (await client.get(path)).status_code == 404
    assert (await client.delete(path)).status_code == 404
    assert (await client.get(f"{base}/connections")).json()["items"] == []
    async with tables.transaction(None) as open_connection:
        rows = await open_connection.execute(
            text("SELECT body::jsonb->>'status' FROM outbox WHERE key = :key ORDER BY id"),
            {"key": made["id"]},
        )
        assert rows.scalars().all() == ["active", "removed"]
    await connection(client, base, site_url=made["site_url"])


async def test_unknown_connections_are_not_found(client: httpx.AsyncClient, organisation: Make) -> None:
    path = f"{await organisation(client)}/connections/{uuid4()}"
    assert (await client.get(path)).status_code == 404
    assert (await client.delete(path)).status_code == 404
    answer = await client.patch(path, json={"account_id": "x"}, headers={"If-Match": '"1"'})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account_email", "nobody"),
        ("api_token", ""),
        ("webhook_secret", "short"),
        ("site_url", 7),
        ("surprise", 1),
        ("account_id", ""),
    ],
)
async def test_a_field_that_cannot_be_is_named(
    client: httpx.AsyncClient, organisation: Make, field: str, value: object
) -> None:
    body = {
        "site_url": "https://x.example.com",
        "account_email": "b@example.com",
        "account_id": "x",
        "api_token": "t",
    }
    answer = await client.post(f"{await organisation(client)}/connections", json=body | {field: value})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]
