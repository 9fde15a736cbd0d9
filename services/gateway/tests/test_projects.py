from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from casewright_common.events import Budget, Depth, EngineSettings, ProjectConfiguredV1
from casewright_common.postgres import Database
from casewright_standalone.testing import ServiceDatabase

pytestmark = pytest.mark.connected

Make = Callable[[httpx.AsyncClient], Awaitable[str]]
Configure = Callable[..., Awaitable[dict[str, Any]]]

MODEL = {"kind": "model", "model": "openai/gpt-5-mini", "provider_key": "sk-first-key"}


async def latest(tables: Database, project_id: str) -> ProjectConfiguredV1:
    """What the outbox says last about a project."""
    async with tables.transaction(None) as connection:
        rows = await connection.execute(
            text("SELECT body FROM outbox WHERE key = :key ORDER BY id DESC LIMIT 1"), {"key": project_id}
        )
        return ProjectConfiguredV1.model_validate_json(rows.scalar_one())


async def test_a_project_has_the_settings_that_were_given(
    client: httpx.AsyncClient, organisation: Make, project: Configure, tables: Database
) -> None:
    base = await organisation(client)
    made = await project(
        client,
        base,
        story_types=["Story", "Bug"],
        criteria_field="customfield_10100",
        engine=MODEL,
        embedding={"model": "openai/text-embedding-3-small", "dimension": 1536, "provider_key": "sk-e"},
        max_cases=7,
        write_comment=False,
        write_subtasks=True,
        subtask_type="Test",
    )
    assert made["engine"] == {
        "kind": "model",
        "model": "openai/gpt-5-mini",
        "api_base": None,
        "has_provider_key": True,
        "fallback_model": None,
        "temperature": None,
        "max_output_tokens": None,
        "next_payer": True,
        "payer_user_id": None,
    }
    assert made["embedding"]["has_provider_key"] is True
    found = await client.get(f"{base}/projects/{made['id']}")
    assert found.json() == made
    event = await latest(tables, made["id"])
    assert event.story_types == ("Story", "Bug")
    assert event.criteria_field == "customfield_10100"
    assert event.engine.provider_key_ref is not None
    assert event.embedding.dimension == 1536
    assert (event.max_cases, event.write_comment, event.write_subtasks, event.subtask_type) == (
        7,
        False,
        True,
        "Test",
    )


async def test_defaults_are_those_of_the_event(
    client: httpx.AsyncClient, organisation: Make, project: Configure, tables: Database
) -> None:
    made = await project(client, await organisation(client))
    event = await latest(tables, made["id"])
    fields = {"story_types", "criteria_field", "engine", "embedding", "max_cases", "depth", "budget"} | {
        "write_comment",
        "write_subtasks",
        "subtask_type",
    }
    defaults = {name: ProjectConfiguredV1.model_fields[name].default for name in fields}
    assert event.model_dump(include=fields) == ProjectConfiguredV1.model_construct(**defaults).model_dump(
        include=fields
    )


async def test_a_model_engine_has_settings_of_its_own_and_may_leave_the_model_to_the_account(
    client: httpx.AsyncClient, organisation: Make, project: Configure, tables: Database
) -> None:
    base = await organisation(client)
    engine = {
        "kind": "model",
        "model": "openai/gpt-5",
        "fallback_model": "anthropic/claude-sonnet",
        "temperature": 0.2,
        "max_output_tokens": 3000,
        "next_payer": False,
        "payer_user_id": "jo@example.com",
    }
    made = await project(client, base, engine=engine, depth="thorough", budget={"limit_usd": 12.5})
    assert made["engine"] == engine | {"api_base": None, "has_provider_key": False}
    assert (made["depth"], made["budget"]) == ("thorough", {"limit_usd": 12.5, "period": "month"})
    event = await latest(tables, made["id"])
    assert event.engine.model_dump(exclude={"api_base", "provider_key_ref"}) == engine
    assert (event.depth, event.budget) == (Depth.THOROUGH, Budget(limit_usd=12.5))
    changed = await client.patch(
        f"{base}/projects/{made['id']}",
        json={"engine": {"kind": "model"}, "depth": "lean", "budget": None},
        headers={"If-Match": '"1"'},
    )
    assert changed.status_code == 200, changed.text
    event = await latest(tables, made["id"])
    assert (event.engine, event.depth, event.budget) == (EngineSettings(kind="model"), Depth.LEAN, None)


async def test_a_key_of_jira_is_configured_once_per_connection(
    client: httpx.AsyncClient, organisation: Make, project: Configure
) -> None:
    base = await organisation(client)
    made = await project(client, base)
    body = {"connection_id": made["connection_id"], "project_key": "SHOP"}
    again = await client.post(f"{base}/projects", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    await project(client, base)


async def test_a_project_of_an_unknown_connection_is_refused(
    client: httpx.AsyncClient, organisation: Make
) -> None:
    base = await organisation(client)
    answer = await client.post(
        f"{base}/projects", json={"connection_id": str(uuid4()), "project_key": "SHOP"}
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/connection_id")


async def test_lists_can_be_narrowed_to_a_connection(
    client: httpx.AsyncClient, organisation: Make, project: Configure
) -> None:
    base = await organisation(client)
    first, second = await project(client, base), await project(client, base)
    listed = (await client.get(f"{base}/projects")).json()["items"]
    assert [item["id"] for item in listed] == [first["id"], second["id"]]
    narrowed = await client.get(f"{base}/projects", params={"connection_id": second["connection_id"]})
    assert narrowed.json()["items"] == [second]


async def test_a_patch_changes_what_it_names_and_nothing_else(
    client: httpx.AsyncClient, organisation: Make, project: Configure, tables: Database
) -> None:
    base = await organisation(client)
    made = await project(client, base, criteria_field="customfield_1", max_cases=5)
    path = f"{base}/projects/{made['id']}"
    changed = await client.patch(path, json={"write_subtasks": True}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200
    rest = {name: value for name, value in changed.json().items() if name not in {"revision", "updated_at"}}
    assert rest == {name: made[name] for name in rest} | {"write_subtasks": True}
    cleared = await client.patch(path, json={"criteria_field": None}, headers={"If-Match": '"2"'})
    assert (cleared.json()["criteria_field"], cleared.json()["max_cases"]) == (None, 5)
    unchanged = await client.patch(path, json={}, headers={"If-Match": '"3"'})
    assert unchanged.headers["ETag"] == '"3"'
    assert (await latest(tables, made["id"])).revision == 3
    assert (await client.patch(path, json={"max_cases": 6})).status_code == 428
    stale = await client.patch(path, json={"max_cases": 6}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412


async def test_a_provider_key_stays_with_its_provider(
    client: httpx.AsyncClient, organisation: Make, project: Configure, tables: Database
) -> None:
    base = await organisation(client)
    made = await project(client, base, engine=MODEL)
    path, ref = f"{base}/projects/{made['id']}", (await latest(tables, made["id"])).engine.provider_key_ref

    async def patch(revision: int, engine: dict[str, Any]) -> httpx.Response:
        return await client.patch(path, json={"engine": engine}, headers={"If-Match": f'"{revision}"'})

    same_provider = await patch(1, {"kind": "model", "model": "openai/gpt-5"})
    assert same_provider.status_code == 200
    assert (await latest(tables, made["id"])).engine.provider_key_ref == ref
    for elsewhere in (
        {"kind": "model", "model": "anthropic/claude"},
        {"kind": "model", "model": "openai/gpt-5", "api_base": "https://llm.example.com/v1"},
    ):
        refused = await patch(2, elsewhere)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/engine/provider_key")
        keyless = await patch(2, elsewhere | {"provider_key": None})
        assert keyless.json()["engine"]["has_provider_key"] is False
        back = await patch(3, {"kind": "model", "model": "openai/gpt-5", "provider_key": "sk-second"})
        assert back.json()["engine"]["has_provider_key"] is True
        path = f"{base}/projects/{(made := await project(client, base, engine=MODEL))['id']}"
        await patch(1, {"kind": "model", "model": "openai/gpt-5"})
    designer = await patch(2, {"kind": "designer"})
    assert designer.status_code == 200, designer.text
    shown = designer.json()["engine"]
    assert (shown["kind"], shown["model"], shown["has_provider_key"]) == ("designer", None, False)


async def test_replaced_keys_are_retired_not_deleted(
    client: httpx.AsyncClient,
    organisation: Make,
    project: Configure,
    tables: Database,
    database: ServiceDatabase,
) -> None:
    base = await organisation(client)
    made = await project(client, base, engine=MODEL)
    old = (await latest(tables, made["id"])).engine.provider_key_ref
    answer = await client.patch(
        f"{base}/projects/{made['id']}",
        json={"engine": MODEL | {"provider_key": "sk-new"}},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 200
    admin = await asyncpg.connect(database.admin_url)
    try:
        assert await admin.fetchval("SELECT count(*) FROM vault.secrets WHERE id = $1", old) == 1
        assert await admin.fetchval("SELECT count(*) FROM gateway.retired_secrets WHERE secret_id = $1", old)
    finally:
        await admin.close()


async def test_a_removed_project_is_gone_and_its_removal_told(
    client: httpx.AsyncClient, organisation: Make, project: Configure, tables: Database
) -> None:
    base = await organisation(client)
    made = await project(client, base, engine=MODEL)
    path = f"{base}/projects/{made['id']}"
    assert (await client.delete(path, headers={"If-Match": '"9"'})).status_code == 412
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404
    assert (await client.patch(path, json={}, headers={"If-Match": '"2"'})).status_code == 404
    event = await latest(tables, made["id"])
    assert (event.status, event.revision) == ("removed", 2)
    await project(client, base, connection_id=made["connection_id"])


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"project_key": "shop"}, "/project_key"),
        ({"project_key": "S"}, "/project_key"),
        ({"story_types": []}, "/story_types"),
        ({"story_types": ["Story", ""]}, "/story_types/1"),
        ({"criteria_field": "description"}, "/criteria_field"),
        ({"max_cases": 0}, "/max_cases"),
        ({"max_cases": 201}, "/max_cases"),
        ({"engine": {"kind": "model", "provider_key": "sk-1"}}, "/engine"),
        ({"engine": {"kind": "model", "api_base": "https://llm.example.com"}}, "/engine"),
        ({"engine": {"kind": "model", "temperature": 2.1}}, "/engine/temperature"),
        ({"engine": {"kind": "model", "max_output_tokens": 0}}, "/engine/max_output_tokens"),
        ({"engine": {"kind": "model", "payer_user_id": " jo"}}, "/engine/payer_user_id"),
        ({"engine": {"temperature": 0.5}}, "/engine"),
        ({"engine": {"payer_user_id": "jo"}}, "/engine"),
        ({"depth": "deep"}, "/depth"),
        ({"budget": {"limit_usd": -1}}, "/budget/limit_usd"),
        ({"budget": {"limit_usd": 5, "period": "week"}}, "/budget/period"),
        ({"budget": 5}, "/budget"),
        ({"engine": {"kind": "designer", "model": "x/y"}}, "/engine"),
        ({"engine": {"kind": "model", "model": "x/y", "api_base": "file:///etc"}}, "/engine/api_base"),
        ({"engine": {"kind": "model", "model": "x/y", "api_base": "http://u:p@host/"}}, "/engine/api_base"),
        ({"engine": {"kind": "oracle"}}, "/engine/kind"),
        ({"embedding": {"dimension": 0}}, "/embedding/dimension"),
        ({"surprise": True}, "/surprise"),
        ({"connection_id": "7"}, "/connection_id"),
    ],
)
async def test_a_setting_that_cannot_be_is_named(
    client: httpx.AsyncClient, organisation: Make, change: dict[str, Any], pointer: str
) -> None:
    body = {"connection_id": str(uuid4()), "project_key": "SHOP"} | change
    answer = await client.post(f"{await organisation(client)}/projects", json=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


NEVER_CONNECTED_TO = (
    "http://169.254.169.254/v1",
    "https://169.254.169.254/v1",
    "http://[64:ff9b::a9fe:a9fe]/v1",
    "http://[fd00:ec2::254]/v1",
    "http://0.0.0.0:8000/v1",
    "http://127.1/v1",
    "http://2130706433/v1",
    "http://8.8.8.8/v1",
    "http://①②⑦.⓪.⓪.①:9999/v1",
    "http://models.example:65536/v1",
)


async def test_an_endpoint_that_can_never_work_is_refused_when_it_is_entered(
    client: httpx.AsyncClient, organisation: Make, project: Configure
) -> None:
    base = await organisation(client)
    made = await project(client, base)
    path, more = f"{base}/projects/{made['id']}", {"If-Match": '"1"'}
    for address in NEVER_CONNECTED_TO:
        changes: dict[str, dict[str, Any]] = {
            "engine": {"kind": "model", "model": "openai/x", "api_base": address},
            "embedding": {"model": "openai/x", "api_base": address},
        }
        for name, change in changes.items():
            body = {"connection_id": made["connection_id"], "project_key": "OTHER", name: change}
            for answer in (
                await client.post(f"{base}/projects", json=body),
                await client.patch(path, json={name: change}, headers=more),
            ):
                assert answer.status_code == 422, address
                (error,) = answer.json()["errors"]
                assert error["pointer"] == f"/{name}/api_base"
    assert (await client.get(path)).json() == made


async def test_an_endpoint_next_door_can_be_entered(
    client: httpx.AsyncClient, organisation: Make, project: Configure
) -> None:
    base = await organisation(client)
    for address in ("http://127.0.0.1:11434/v1", "http://[::1]:8000/v1", "http://models.internal/v1"):
        engine = {"kind": "model", "model": "openai/x", "api_base": address}
        made = await project(client, base, engine=engine)
        assert made["engine"]["api_base"] == address
