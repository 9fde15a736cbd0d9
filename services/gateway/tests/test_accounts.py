"""How organisations and users ask models: keys by reference, never read back, never sent elsewhere."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from casewright_common.events import AccountConfiguredV1, Budget, ConnectionStatus
from casewright_standalone.testing import ServiceDatabase

pytestmark = pytest.mark.connected

Make = Callable[[httpx.AsyncClient], Awaitable[str]]
Sent = Callable[..., Awaitable[list[AccountConfiguredV1]]]

KEY = {"provider": "openai", "key": "sk-31415-31415"}


def org_of(base: str) -> str:
    return base.rsplit("/", 1)[1]


@pytest.fixture(params=["", "/users/jo@example.com"])
async def place(
    request: pytest.FixtureRequest, client: httpx.AsyncClient, organisation: Make
) -> tuple[str, str]:
    """Path of an account, and the key of its events: of an organisation, and of a user."""
    base = await organisation(client)
    user = request.param.removeprefix("/users/")
    return f"{base}{request.param}/model-account", f"{org_of(base)}/{user}"


async def test_an_account_is_set_changed_told_and_forgotten(
    client: httpx.AsyncClient, place: tuple[str, str], sent: Sent
) -> None:
    path, key = place
    assert (await client.get(path)).status_code == 404
    settings = {
        "model": "openai/gpt-5",
        "fallback_model": "openai/gpt-5-mini",
        "temperature": 0.1,
        "max_output_tokens": 4000,
        "budget": {"limit_usd": 20, "period": "day"},
    }
    made = await client.put(path, json=settings)
    assert (made.status_code, made.headers["ETag"]) == (200, '"1"')
    assert made.json() | settings == made.json()
    assert (await client.get(path)).json() == made.json()
    assert (await client.put(path, json=settings)).status_code == 428
    assert (await client.put(path, json=settings, headers={"If-Match": '"7"'})).status_code == 412
    same = await client.put(path, json=settings, headers={"If-Match": '"1"'})
    assert same.json() == made.json()
    changed = await client.put(path, json={"model": "x/y"}, headers={"If-Match": '"1"'})
    assert (changed.json()["model"], changed.json()["budget"]) == ("x/y", None)
    assert (await client.delete(path, headers={"If-Match": '"1"'})).status_code == 412
    assert (await client.delete(path)).status_code == 204
    for answer in (await client.get(path), await client.delete(path)):
        assert answer.status_code == 404
    assert (await client.put(path, json={}, headers={"If-Match": '"3"'})).status_code == 412
    assert (await client.put(path, json={})).headers["ETag"] == '"4"'
    events = await sent(AccountConfiguredV1, key)
    assert [event.revision for event in events] == [1, 2, 3, 4]
    assert events[0].budget == Budget(limit_usd=20, period="day")
    assert (events[0].user_id or "") == key.split("/")[1]
    assert (events[2].status, events[2].model) == (ConnectionStatus.REMOVED, None)


async def test_a_key_goes_to_the_vault_and_is_never_shown(
    client: httpx.AsyncClient, place: tuple[str, str], sent: Sent, database: ServiceDatabase
) -> None:
    path, key = place
    made = await client.post(f"{path}/keys", json=KEY | {"weight": 3})
    assert made.status_code == 201, made.text
    shown = made.json()
    assert shown == {
        "key_id": shown["key_id"],
        "provider": "openai",
        "has_key": True,
        "api_base": None,
        "api_version": None,
        "region": None,
        "weight": 3,
    }
    assert (await client.get(path)).json()["keys"] == [shown]
    assert KEY["key"] not in (await client.get(path)).text
    [event] = await sent(AccountConfiguredV1, key)
    assert (str(event.keys[0].key_id), event.keys[0].weight) == (shown["key_id"], 3)
    admin = await asyncpg.connect(database.admin_url)
    try:
        kind = await admin.fetchval("SELECT kind FROM vault.secrets WHERE id = $1", event.keys[0].key_ref)
        assert kind == "provider_key"
    finally:
        await admin.close()
    settings = await client.put(path, json={"model": "openai/x"}, headers={"If-Match": '"1"'})
    assert settings.json()["keys"] == [shown]
    assert (await client.delete(f"{path}/keys/{shown['key_id']}")).status_code == 204
    assert (await client.delete(f"{path}/keys/{shown['key_id']}")).status_code == 404
    assert (await sent(AccountConfiguredV1, key))[-1].keys == ()


async def test_a_rotated_key_is_another_secret_under_the_same_id(
    client: httpx.AsyncClient, place: tuple[str, str], sent: Sent, database: ServiceDatabase
) -> None:
    path, key = place
    one = (await client.post(f"{path}/keys", json=KEY)).json()["key_id"]
    rotated = await client.put(f"{path}/keys/{one}", json=KEY | {"key": "sk-27182"})
    assert (rotated.status_code, rotated.json()["key_id"]) == (200, one)
    weighted = await client.put(
        f"{path}/keys/{one}", json={"provider": "openai", "weight": 9}, headers={"If-Match": '"2"'}
    )
    assert (weighted.json()["weight"], weighted.json()["has_key"]) == (9, True)
    first, second, third = [event.keys[0] for event in await sent(AccountConfiguredV1, key)]
    assert first.key_ref != second.key_ref == third.key_ref
    admin = await asyncpg.connect(database.admin_url)
    try:
        query = "SELECT count(*) FROM gateway.retired_secrets WHERE secret_id = $1"
        assert await admin.fetchval(query, first.key_ref) == 1
        assert await admin.fetchval(query, second.key_ref) == 0
    finally:
        await admin.close()


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"provider": "anthropic"},
        {"provider": "openai", "api_base": "https://llm.example.com/v1"},
        {"provider": "openai", "region": "eu-central-1"},
    ],
)
async def test_a_stored_key_is_never_sent_elsewhere(
    client: httpx.AsyncClient, organisation: Make, sent: Sent, elsewhere: dict[str, Any]
) -> None:
    base = await organisation(client)
    path = f"{base}/model-account/keys"
    one = (await client.post(path, json=KEY)).json()["key_id"]
    refused = await client.put(f"{path}/{one}", json=elsewhere)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/key")
    assert len(await sent(AccountConfiguredV1, f"{org_of(base)}/")) == 1
    bare = await client.put(f"{path}/{one}", json=elsewhere | {"key": None})
    assert bare.json()["has_key"] is False
    fresh = await client.put(f"{path}/{one}", json=elsewhere | {"key": "sk-new"})
    assert fresh.json()["has_key"] is True


async def test_a_refused_rotation_leaves_no_secret_behind(
    client: httpx.AsyncClient, organisation: Make, database: ServiceDatabase
) -> None:
    base = await organisation(client)
    path = f"{base}/model-account/keys"
    one = (await client.post(path, json=KEY)).json()["key_id"]
    stale = await client.put(f"{path}/{one}", json=KEY, headers={"If-Match": '"9"'})
    missing = await client.put(f"{path}/{org_of(base)}", json=KEY)
    assert (stale.status_code, missing.status_code) == (412, 404)
    admin = await asyncpg.connect(database.admin_url)
    try:
        org_id = UUID(org_of(base))
        assert await admin.fetchval("SELECT count(*) FROM vault.secrets WHERE org_id = $1", org_id) == 1
    finally:
        await admin.close()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"provider": "Open AI"}, "/provider"),
        ({"key": ""}, "/key"),
        ({"key": None}, ""),
        ({"api_base": "http://169.254.169.254/"}, "/api_base"),
        ({"api_base": "ftp://x.example.com"}, "/api_base"),
        ({"weight": 0}, "/weight"),
        ({"region": "eu-central-1.evil.example"}, "/region"),
        ({"provider": "azure"}, ""),
        ({"provider": "bedrock", "region": "eu-central-1"}, ""),
        ({"provider": "bedrock", "key": "a:b"}, ""),
        ({"key_ref": str(UUID(int=1))}, "/key_ref"),
    ],
)
async def test_a_key_that_cannot_be_is_named(
    client: httpx.AsyncClient, organisation: Make, change: dict[str, Any], pointer: str
) -> None:
    answer = await client.post(f"{await organisation(client)}/model-account/keys", json=KEY | change)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert KEY["key"] not in answer.text


async def test_an_account_that_cannot_be_is_refused(client: httpx.AsyncClient, organisation: Make) -> None:
    base = await organisation(client)
    unknown = base.replace(org_of(base), str(UUID(int=5)))
    assert (await client.put(f"{unknown}/model-account", json={})).status_code == 404
    assert (await client.post(f"{unknown}/model-account/keys", json=KEY)).status_code == 404
    bad_user = await client.get(f"{base}/users/jo%20doe/model-account")
    assert (bad_user.status_code, bad_user.json()["errors"][0]["pointer"]) == (422, "{user_id}")
    bodies: list[dict[str, Any]] = [{"temperature": 3}, {"budget": {"limit_usd": "much"}}, {"keys": []}]
    for body in bodies:
        assert (await client.put(f"{base}/model-account", json=body)).status_code == 422


async def test_all_accounts_and_prompts_can_be_told_again(
    client: httpx.AsyncClient, organisation: Make, sent: Sent
) -> None:
    base = await organisation(client)
    await client.put(f"{base}/model-account", json={"model": "x/y"})
    told = (await client.post("/api/v1/admin/configuration/republish")).json()
    assert told["accounts"] >= 1
    first, again = await sent(AccountConfiguredV1, f"{org_of(base)}/")
    assert first == again
