"""One organisation never sees another's rows: not through the API, and not by a query that forgets to ask."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from casewright_common.events import (
    CaseDraft,
    CasesGeneratedV1,
    CasesSyncedV1,
    CaseStep,
    Coverage,
    EngineUsed,
    GenerationOutcome,
    Story,
    StoryChange,
    StoryChangedV1,
    Technique,
)
from casewright_common.postgres import Database
from casewright_gateway.adapters.read_model_repository import PostgresReadModelStore
from casewright_gateway.adapters.tables import TENANT_TABLES, metadata
from casewright_gateway.service.read_model import KeepReadModel
from casewright_standalone.testing import ServiceDatabase

pytestmark = pytest.mark.connected

Make = Callable[[httpx.AsyncClient], Awaitable[str]]
Configure = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def paths(
    client: httpx.AsyncClient, organisation: Make, project: Configure, tables: Database
) -> tuple[str, str, list[str]]:
    """Organisations A and B, and the paths below B's of one row of each kind; every tenant table has one."""
    a, b = await organisation(client), await organisation(client)
    made = await project(client, b, engine={"kind": "model", "model": "x/y", "provider_key": "sk-1"})
    await client.patch(
        f"{b}/connections/{made['connection_id']}", json={"api_token": "new"}, headers={"If-Match": '"1"'}
    )
    about = {
        "occurred_at": datetime.now(UTC),
        "org_id": UUID(b.rsplit("/", 1)[1]),
        "connection_id": UUID(made["connection_id"]),
        "issue_id": "1",
        "issue_key": "SHOP-1",
        "project_id": UUID(made["id"]),
        "revision": 1,
    }
    keep = KeepReadModel(PostgresReadModelStore(tables))
    await keep.story_changed(
        StoryChangedV1(
            event_id=uuid4(),
            **about,
            project_key="SHOP",
            change=StoryChange.CREATED,
            content_hash="0",
            updated_at=datetime.now(UTC),
            story=Story(title="Basket", text="", issue_type="Story"),
        )
    )
    case = CaseDraft(
        case_id=uuid4(),
        title="Case",
        technique=Technique.USE_CASE,
        condition="c",
        steps=(CaseStep(action="a"),),
    )
    await keep.cases_generated(
        CasesGeneratedV1(
            event_id=uuid4(),
            **about,
            project_key="SHOP",
            generation=1,
            outcome=GenerationOutcome.CASES,
            story_title="Basket",
            cases=(case,),
            engine=EngineUsed(kind="designer"),
            coverage=Coverage(conditions=1, covered=1, criteria=1),
        )
    )
    await keep.cases_synced(CasesSyncedV1(event_id=uuid4(), **about, generation=1, outcome="written"))
    requested = await client.post(
        f"{b}/generations", json={"issue_key": "SHOP-1"}, headers={"Idempotency-Key": "k"}
    )
    run = requested.json()
    reviewed = await client.post(f"{b}/cases/{case.case_id}/review", json={"decision": "approved"})
    assert reviewed.status_code == 201, reviewed.text
    await _fill(tables, UUID(b.rsplit("/", 1)[1]), UUID(made["id"]))
    below = [
        f"connections/{made['connection_id']}",
        f"projects/{made['id']}",
        f"stories/{run['story_id']}",
        f"cases/{case.case_id}",
        f"runs/{run['id']}",
    ]
    return a, b, below


async def _fill(tables: Database, org_id: UUID, project_id: UUID) -> None:
    """A row in each tenant table that no request has filled."""
    at = datetime.now(UTC)
    times = {"created_at": at, "updated_at": at}
    rows: dict[str, dict[str, Any]] = {
        "accounts": times | {"user_id": "", "settings": {}, "status": "active", "revision": 1},
        "documents": times
        | {"id": uuid4(), "project_id": project_id, "title": "t", "media_type": "text/plain"}
        | {"size_bytes": 1, "text": "x", "revision": 1},
        "prompts": times | {"settings": {}, "revision": 1},
        "exhausted_budgets": {"scope": "organisation", "owner": "", "limit_usd": 1.0, "spent_usd": 1.0}
        | {"resets_at": at, "told_at": at},
    }
    async with tables.transaction(org_id) as connection:
        for name, row in rows.items():
            await connection.execute(metadata.tables[name].insert().values(org_id=org_id, **row))


async def test_what_is_bs_is_not_found_below_a(
    client: httpx.AsyncClient, paths: tuple[str, str, list[str]]
) -> None:
    a, b, below = paths
    for path in below:
        assert (await client.get(f"{b}/{path}")).status_code == 200, path
        assert (await client.get(f"{a}/{path}")).status_code == 404, path
    for kind in ("connections", "projects", "stories", "cases", "runs"):
        assert (await client.get(f"{b}/{kind}")).json()["items"], kind
        assert (await client.get(f"{a}/{kind}")).json()["items"] == [], kind


async def test_a_cannot_change_or_use_what_is_bs(
    client: httpx.AsyncClient, paths: tuple[str, str, list[str]]
) -> None:
    a, _, (connection, project, story, *_) = paths
    for path, change in ((connection, {"account_id": "x"}), (project, {"max_cases": 1})):
        answer = await client.patch(f"{a}/{path}", json=change, headers={"If-Match": "*"})
        assert answer.status_code == 404
        assert (await client.delete(f"{a}/{path}")).status_code == 404
    stolen = {"connection_id": connection.rsplit("/", 1)[1], "project_key": "MINE"}
    assert (await client.post(f"{a}/projects", json=stolen)).status_code == 422
    for body in ({"issue_key": "SHOP-1"}, {"story_id": story.rsplit("/", 1)[1]}):
        assert (await client.post(f"{a}/generations", json=body)).status_code == 404


async def test_a_query_that_forgets_the_organisation_sees_only_its_rows(
    tables: Database, paths: tuple[str, str, list[str]]
) -> None:
    a, b, _ = paths
    for table in TENANT_TABLES:
        counts = []
        for org_id in (UUID(a.rsplit("/", 1)[1]), UUID(b.rsplit("/", 1)[1]), None):
            async with tables.transaction(org_id) as connection:
                counts.append(
                    (await connection.execute(select(func.count()).select_from(table))).scalar_one()
                )
        assert counts[0] == 0, table.name
        assert counts[1] > 0, table.name
        assert counts[2] == 0, table.name
    with pytest.raises(DBAPIError, match="row-level security"):
        async with tables.transaction(UUID(a.rsplit("/", 1)[1])) as connection:
            await connection.execute(
                metadata.tables["seen_events"]
                .insert()
                .values(org_id=UUID(b.rsplit("/", 1)[1]), event_id=uuid4())
            )


async def test_every_table_with_an_organisation_is_isolated_and_indexed_by_it(
    database: ServiceDatabase,
) -> None:
    admin = await asyncpg.connect(database.admin_url)
    try:
        rows = await admin.fetch(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS isolated FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'"
            " WHERE c.relnamespace = 'gateway'::regnamespace AND c.relkind = 'r'"
        )
        assert {row["relname"] for row in rows} == {table.name for table in TENANT_TABLES}
        assert all(row["isolated"] for row in rows)
        indexes = await admin.fetch(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'gateway'"
            " AND tablename = ANY($1) AND indexname NOT LIKE '%pkey'",
            [table.name for table in TENANT_TABLES],
        )
        assert indexes
        assert all("(org_id" in row["indexdef"] for row in indexes)
    finally:
        await admin.close()
