from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import text

from casewright_common.events import (
    CasesGeneratedV1,
    Coverage,
    EngineUsed,
    GenerationFailedV1,
    GenerationOutcome,
    GenerationRequestedV1,
    Story,
    StoryChange,
    StoryChangedV1,
)
from casewright_common.postgres import Database
from casewright_gateway.adapters.read_model_repository import PostgresReadModelStore
from casewright_gateway.service.read_model import KeepReadModel

pytestmark = pytest.mark.connected

Make = Callable[[httpx.AsyncClient], Awaitable[str]]
Configure = Callable[..., Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Known:
    """A story that the gateway knows, of a configured project."""

    base: str
    project: dict[str, Any]
    story: StoryChangedV1

    @property
    def about(self) -> dict[str, Any]:
        return {
            "event_id": uuid4(),
            "occurred_at": datetime.now(UTC) + timedelta(seconds=3),
            **self.story.model_dump(
                include={"org_id", "connection_id", "issue_id", "issue_key", "project_id"}
            ),
        }


@pytest.fixture
async def known(client: httpx.AsyncClient, organisation: Make, project: Configure, tables: Database) -> Known:
    base = await organisation(client)
    configured = await project(client, base)
    story = StoryChangedV1(
        event_id=uuid4(),
        occurred_at=datetime.now(UTC),
        org_id=UUID(base.rsplit("/", 1)[1]),
        connection_id=UUID(configured["connection_id"]),
        issue_id="10001",
        issue_key="SHOP-12",
        project_id=UUID(configured["id"]),
        project_key="SHOP",
        change=StoryChange.CREATED,
        revision=1,
        content_hash="0",
        updated_at=datetime.now(UTC),
        story=Story(title="Basket", text="", issue_type="Story"),
    )
    await keep(tables).story_changed(story)
    return Known(base, configured, story)


def keep(tables: Database) -> KeepReadModel:
    return KeepReadModel(PostgresReadModelStore(tables))


async def requests(tables: Database, org_id: UUID) -> list[GenerationRequestedV1]:
    async with tables.transaction(None) as connection:
        rows = await connection.execute(
            text(
                "SELECT body FROM outbox WHERE topic = 'generation.requested.v1'"
                " AND key LIKE :org ORDER BY id"
            ),
            {"org": f"{org_id}/%"},
        )
        return [GenerationRequestedV1.model_validate_json(body) for body in rows.scalars()]


async def test_a_request_becomes_a_run_and_an_event(
    client: httpx.AsyncClient, known: Known, tables: Database
) -> None:
    answer = await client.post(f"{known.base}/generations", json={"issue_key": "SHOP-12"})
    assert answer.status_code == 202, answer.text
    run = answer.json()
    assert (run["outcome"], run["requested_by"], run["finished_at"]) == ("requested", "api-token", None)
    assert (await client.get(answer.headers["Location"])).json() == run
    [event] = await requests(tables, known.story.org_id)
    assert (str(event.request_id), event.issue_id, event.partition_key) == (
        run["id"],
        "10001",
        known.story.partition_key,
    )
    by_id = await client.post(f"{known.base}/generations", json={"story_id": run["story_id"]})
    assert by_id.status_code == 202
    assert by_id.json()["id"] != run["id"]


async def test_the_run_tells_what_came_of_the_request(
    client: httpx.AsyncClient, known: Known, tables: Database
) -> None:
    path = (await client.post(f"{known.base}/generations", json={"issue_key": "SHOP-12"})).headers["Location"]
    run_id = UUID(path.rsplit("/", 1)[1])
    await keep(tables).generation_failed(
        GenerationFailedV1(
            **known.about, revision=1, request_id=run_id, code="upstream_rejected", detail="No."
        )
    )
    run = (await client.get(path)).json()
    assert (run["outcome"], run["failure_code"], run["failure_detail"]) == (
        "failed",
        "upstream_rejected",
        "No.",
    )
    assert 2 < run["duration_s"] < 60
    done = {**known.about, "occurred_at": datetime.now(UTC) + timedelta(seconds=9)}
    await keep(tables).cases_generated(
        CasesGeneratedV1(
            **done,
            project_key="SHOP",
            revision=1,
            generation=1,
            request_id=run_id,
            outcome=GenerationOutcome.NEEDS_DETAIL,
            story_title="Basket",
            engine=EngineUsed(kind="designer"),
            coverage=Coverage(conditions=0, covered=0, criteria=0),
        )
    )
    run = (await client.get(path)).json()
    assert (run["outcome"], run["failure_code"], run["requested_by"]) == ("needs_detail", None, "api-token")
    [listed] = (await client.get(f"{known.base}/runs")).json()["items"]
    assert listed == run


async def test_one_idempotency_key_begins_one_run(
    client: httpx.AsyncClient, known: Known, tables: Database
) -> None:
    async def ask(key: str, **body: str) -> httpx.Response:
        return await client.post(f"{known.base}/generations", json=body, headers={"Idempotency-Key": key})

    first = await ask("k-1", issue_key="SHOP-12")
    again = await ask("k-1", issue_key="SHOP-12")
    other = await ask("k-2", issue_key="SHOP-12")
    assert (again.status_code, again.json()) == (202, first.json())
    assert other.json()["id"] != first.json()["id"]
    assert len(await requests(tables, known.story.org_id)) == 2
    reused = await ask("k-1", story_id=first.json()["story_id"])
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_refused_request_doesnt_use_up_its_key(client: httpx.AsyncClient, known: Known) -> None:
    headers = {"Idempotency-Key": "k-3"}
    missing = await client.post(f"{known.base}/generations", json={"issue_key": "SHOP-99"}, headers=headers)
    assert missing.status_code == 404
    found = await client.post(f"{known.base}/generations", json={"issue_key": "SHOP-12"}, headers=headers)
    assert found.status_code == 202


async def test_what_has_no_story_or_project_anymore_is_refused(
    client: httpx.AsyncClient, known: Known, tables: Database
) -> None:
    for body in ({"issue_key": "SHOP-99"}, {"story_id": str(uuid4())}):
        answer = await client.post(f"{known.base}/generations", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    await client.delete(f"{known.base}/projects/{known.project['id']}")
    unconfigured = await client.post(f"{known.base}/generations", json={"issue_key": "SHOP-12"})
    assert (unconfigured.status_code, unconfigured.json()["code"]) == (409, "not_applicable")
    gone = known.story.model_copy(update={"event_id": uuid4(), "revision": 2, "change": StoryChange.REMOVED})
    await keep(tables).story_changed(gone)
    removed = await client.post(f"{known.base}/generations", json={"issue_key": "SHOP-12"})
    assert (removed.status_code, removed.json()["code"]) == (409, "not_applicable")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"issue_key": None},
        {"issue_key": "SHOP-12", "story_id": str(uuid4())},
        {"issue_key": "shop 12"},
        {"story_id": "12"},
        [],
    ],
)
async def test_a_request_names_one_story(client: httpx.AsyncClient, organisation: Make, body: object) -> None:
    answer = await client.post(f"{await organisation(client)}/generations", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
