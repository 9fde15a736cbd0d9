"""The admin API: projects, accounts, issues by people, protection, and the command."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from casewright_jira_simulator.app import create_app
from casewright_jira_simulator.settings import SimulatorSettings

Story = Callable[..., Awaitable[str]]


async def test_stories_are_never_written_by_the_integration(jira: httpx.AsyncClient) -> None:
    issue = {"project": "SHOP", "summary": "x"}
    refused = await jira.post(
        "/simulator/issues", json={"issues": [issue], "as_account": "712020:integration"}
    )
    assert refused.status_code == 409
    unknown = await jira.post("/simulator/issues", json={"issues": [issue], "as_account": "nobody"})
    assert unknown.status_code == 404

    account = {"account_id": "712020:ann", "email": "ann@example.com", "display_name": "Ann", "token": "anns"}
    shown = await jira.post("/simulator/accounts", json=account)
    assert "token" not in shown.json()
    made = await jira.post("/simulator/issues", json={"issues": [issue], "as_account": "712020:ann"})
    assert made.json()["issues"] == [{"id": made.json()["issues"][0]["id"], "key": "SHOP-1", "number": 0}]
    fields = (await jira.get("/rest/api/3/issue/SHOP-1", auth=("ann@example.com", "anns"))).json()["fields"]
    assert fields["creator"]["displayName"] == "Ann"
    taken = await jira.post("/simulator/accounts", json=account | {"account_id": "712020:bob"})
    assert taken.status_code == 409


async def test_many_issues_are_created_in_order_and_the_bad_ones_numbered(jira: httpx.AsyncClient) -> None:
    issues = [{"project": "SHOP", "summary": str(number) if number != 3 else " "} for number in range(200)]
    answer = (await jira.post("/simulator/issues", json={"issues": issues})).json()
    assert [one["number"] for one in answer["issues"]] == [number for number in range(200) if number != 3]
    assert answer["issues"][-1]["key"] == "SHOP-199"
    assert [one["failedElementNumber"] for one in answer["errors"]] == [3]


async def test_a_project_is_created_once_and_changed_by_its_key(
    jira: httpx.AsyncClient, story: Story
) -> None:
    project = {"key": "MINE", "name": "Mine", "issue_types": ["Story", "Sub-task", "Xray Test"]}
    answers = [(await jira.post("/simulator/projects", json=project)).json() for _ in range(2)]
    assert [answer["new"] for answer in answers] == [True, False]
    assert [kind["name"] for kind in answers[0]["issue_types"]] == ["Story", "Sub-task", "Xray Test"]
    assert len({kind["id"] for kind in answers[0]["issue_types"]}) == 3
    changed = (await jira.post("/simulator/projects", json=project | {"name": "Ours"})).json()
    assert (changed["id"], changed["name"]) == (answers[0]["id"], "Ours")
    await story(project="MINE", issue_type="Xray Test")
    refused = await jira.post("/simulator/projects", json=project | {"issue_types": ["Story"]})
    assert refused.status_code == 409
    assert len((await jira.get("/simulator/projects")).json()) == 2


async def test_a_person_edits_all_that_changes_a_story(
    jira: httpx.AsyncClient, story: Story, doc: Callable[..., Any]
) -> None:
    key = await story()
    change = {
        "summary": "New",
        "description": doc("New text"),
        "labels": ["a"],
        "status": "done",
        "custom": {"customfield_10100": "* one"},
    }
    assert (await jira.put(f"/simulator/issues/{key}", json=change)).is_success
    fields = (await jira.get(f"/rest/api/2/issue/{key}")).json()["fields"]
    assert (fields["summary"], fields["description"], fields["labels"]) == ("New", "New text", ["a"])
    assert (fields["status"]["name"], fields["customfield_10100"]) == ("Done", "* one")
    emptied = await jira.put(f"/simulator/issues/{key}", json={"description": None})
    assert emptied.is_success
    assert (await jira.get(f"/rest/api/2/issue/{key}")).json()["fields"]["description"] is None
    assert (await jira.put(f"/simulator/issues/{key}", json={"status": "nowhere"})).status_code == 400
    assert (await jira.put("/simulator/issues/SHOP-99", json={"summary": "x"})).status_code == 404


async def test_bad_admin_requests_name_what_is_wrong(jira: httpx.AsyncClient) -> None:
    for path, body in (
        ("projects", {"key": "lower", "name": "x"}),
        ("projects", {"key": "GOOD", "name": "x", "colour": "red"}),
        ("webhooks", {"url": "not an address"}),
        ("issues", {"issues": []}),
        ("accounts", {"account_id": "a", "email": "none", "display_name": "A"}),
    ):
        answer = await jira.post(f"/simulator/{path}", json=body)
        assert answer.status_code == 400
        assert answer.json()["errors"]


async def test_with_an_admin_token_the_admin_api_wants_it(simulator: Callable[..., Any]) -> None:
    async with simulator(admin_token=SecretStr("admin")) as jira:
        assert (await jira.get("/simulator/state", auth=None)).status_code == 401
        wrong = await jira.get("/simulator/state", auth=None, headers={"Authorization": "Bearer nope"})
        assert wrong.status_code == 401
        right = await jira.get("/simulator/state", auth=None, headers={"Authorization": "Bearer admin"})
        assert right.is_success
        assert (await jira.get("/healthz", auth=None)).json() == {"status": "ok"}


async def test_the_admin_api_documents_itself(jira: httpx.AsyncClient) -> None:
    described = (await jira.get("/simulator/openapi.json")).json()
    assert {"/simulator/faults", "/simulator/ledger", "/simulator/projects"} <= set(described["paths"])


def test_a_made_up_token_survives_a_restart(
    settings: Callable[..., SimulatorSettings], tmp_path: Path
) -> None:
    tokens = []
    for _ in range(2):
        app = create_app(settings(token=None, data=tmp_path))
        tokens.append(app.state.simulator.token)
        app.state.simulator.close()
    assert tokens[0] == tokens[1]
    assert len(tokens[0]) >= 24


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_SIMULATOR_PORT", "9001")
    monkeypatch.setenv("CASEWRIGHT_SIMULATOR_TOKEN", "secret")
    found = SimulatorSettings()
    assert (found.port, found.site_url) == (9001, "http://127.0.0.1:9001")
    assert "secret" not in repr(found)


async def test_half_a_surrogate_pair_is_no_text(jira: httpx.AsyncClient) -> None:
    body = b'{"issues": [{"project": "SHOP", "summary": "\\ud800"}]}'
    answer = await jira.post("/simulator/issues", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["errorMessages"]
