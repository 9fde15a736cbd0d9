"""Requests and answers held to Atlassian's OpenAPI description, and answers that Jira should not give."""

import json
import re
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
from prometheus_client import CollectorRegistry

from casewright_common.errors import SecretUnreadableError, UpstreamRejectedError
from casewright_jira_sync.adapters.jira_client import JiraClient
from casewright_jira_sync.adapters.jira_http import JiraHttp
from casewright_jira_sync.adapters.metrics import SyncMetrics
from casewright_jira_sync.app import http_client, rate_budget
from casewright_jira_sync.domain.comment import render_comment
from casewright_jira_sync.domain.ownership import Mark, Standing
from casewright_jira_sync.domain.subtask import render_subtask
from casewright_jira_sync.errors import JiraFailedError, JiraUnavailableError, NotThereError
from casewright_jira_sync.settings import JiraSettings
from casewright_jira_sync.testing import ORG, SecretsInMemory, case, connection, generated, project

MARK = Mark(org_id=ORG, issue_id="10001", revision=1, generation=1, content_hash="abc")
PATHS = (
    "/rest/api/3/issue/{issueIdOrKey}/comment",
    "/rest/api/3/issue/{issueIdOrKey}/comment/{id}",
    "/rest/api/3/comment/{commentId}/properties/{propertyKey}",
    "/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes",
    "/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
    "/rest/api/3/issue",
    "/rest/api/3/issue/{issueIdOrKey}",
)


def described(path: str) -> str:
    """The path of Atlassian's description that a request's path is an instance of."""
    return next(one for one in PATHS if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path))


async def free() -> None:
    return None


@pytest.fixture(scope="module")
def openapi(shared_data: Callable[[str], Path]) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(shared_data("jira/openapi-v3.json").read_text())
    return loaded


@pytest.fixture
async def recorded(site: Any) -> AsyncIterator[tuple[JiraClient, list[httpx.Response]]]:
    """A client on the simulator, and every answer that it got."""
    settings, answers = JiraSettings(), list[httpx.Response]()
    http = http_client(settings, [site.host])

    async def keep(response: httpx.Response) -> None:
        await response.aread()
        answers.append(response)

    http.event_hooks["response"].append(keep)
    yield client_on(http, settings, site.host), answers
    await http.aclose()


def client_on(http: httpx.AsyncClient, settings: JiraSettings, *trusted: str) -> JiraClient:
    metrics = SyncMetrics(CollectorRegistry())
    budget = rate_budget(settings, metrics, None)
    secrets = SecretsInMemory()
    return JiraClient(JiraHttp(http, secrets, budget, metrics, call_s=settings.call_s, trusted_sites=trusted))


async def test_requests_and_answers_are_those_that_atlassian_describes(
    site: Any, recorded: tuple[JiraClient, list[httpx.Response]], openapi: dict[str, Any]
) -> None:
    client, answers = recorded
    where = connection(site.url)
    issue_id, _key = site.new_story()
    mark = MARK.model_copy(update={"issue_id": issue_id})
    body = render_comment(generated())
    comment_id = await client.create_comment(where, issue_id, body, mark, free)
    assert await client.comments(where, issue_id) == [Standing(comment_id, mark)]
    await client.update_comment(where, issue_id, comment_id, body, mark, free)
    assert await client.comment(where, issue_id, comment_id) == Standing(comment_id, mark)
    await client.delete_comment(where, issue_id, comment_id, free)
    assert await client.comment(where, issue_id, comment_id) is None
    kind = await client.subtask_type(where, "SHOP", "subtask")
    subtask = render_subtask(generated(), case())
    fields = kind.creation(subtask, project_key="SHOP", parent_id=issue_id, reporter=where.account_id)
    subtask_id, key = await client.create_subtask(where, fields, mark, free)
    assert await client.subtask_ids(where, issue_id) == [subtask_id]
    await client.update_subtask(where, subtask_id, kind.content(subtask), mark, free)
    assert await client.subtask(where, subtask_id) == Standing(subtask_id, mark, key, subtask.summary)
    await client.delete_subtask(where, subtask_id, free)
    assert await client.subtask(where, subtask_id) is None

    assert len(answers) == 14
    for answer in answers:
        check_against(openapi, answer)


def check_against(openapi: dict[str, Any], answer: httpx.Response) -> None:
    request = answer.request
    operation = openapi["paths"][described(request.url.path)][request.method.lower()]
    allowed = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
    assert set(request.url.params) <= allowed
    if request.content:
        validate(openapi, operation["requestBody"]["content"]["application/json"]["schema"], request.content)
    promised = operation["responses"][str(answer.status_code)].get("content", {}).get("application/json", {})
    if "schema" in promised and answer.content:
        validate(openapi, promised["schema"], answer.content)


def validate(openapi: dict[str, Any], schema: dict[str, Any], content: bytes) -> None:
    whole = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "components": openapi["components"],
        **schema,
    }
    # Jira's times say +0000, which its own description's `date-time` does not allow.
    jsonschema_rs.validator_for(whole, validate_formats=False).validate(json.loads(content))


def answering(*answers: httpx.Response | Exception) -> tuple[JiraClient, list[httpx.Request]]:
    """A client whose requests are answered from a list; the last answer repeats."""
    requests: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        answer = answers[min(len(requests), len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    settings = JiraSettings(connect_timeout_s=0.1, read_timeout_s=0.1)
    return client_on(httpx.AsyncClient(transport=httpx.MockTransport(handle)), settings), requests


@pytest.mark.parametrize(
    "address",
    [
        "http://example.atlassian.net",
        "http://127.0.0.1:8090",
        "https://127.0.0.1",
        "https://10.0.0.1",
        "https://169.254.169.254",
        "https://localhost",
        "https://127.1",
        "https://inside.example.com",
        "https://me:secret@example.atlassian.net",
    ],
)
async def test_credentials_go_to_no_address_inside_and_nowhere_without_tls(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo

    def inside(host: str, *rest: Any, **options: Any) -> Any:
        return resolve("127.0.0.1" if host == "inside.example.com" else host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    settings = JiraSettings()
    async with http_client(settings, []) as http:
        with pytest.raises(UpstreamRejectedError) as raised:
            await client_on(http, settings).comments(connection(address), "1")
    assert "secret" not in str(raised.value)


async def test_a_trusted_site_may_be_on_this_machine_and_its_neighbour_is_not(site: Any) -> None:
    settings, where = JiraSettings(), connection(site.url)
    issue_id, _key = site.new_story()
    async with http_client(settings, [site.host]) as http:
        assert await client_on(http, settings, site.host).comments(where, issue_id) == []
        with pytest.raises(UpstreamRejectedError, match="https"):
            await client_on(http, settings, site.host).comments(connection("http://127.0.0.1:1"), issue_id)


async def test_a_redirect_is_never_followed_and_names_only_the_host() -> None:
    moved = httpx.Response(302, headers={"Location": "https://evil.example/login?token=x"})
    client, requests = answering(moved)
    with pytest.raises(UpstreamRejectedError, match=r"moved to evil\.example"):
        await client.comments(connection(), "1")
    assert [request.url.host for request in requests] == ["example.atlassian.net"]


async def test_credentials_go_out_as_basic_to_the_configured_site_only() -> None:
    client, requests = answering(httpx.Response(200, json={"comments": [], "total": 0}))
    await client.comments(connection(), "1")
    assert requests[0].headers["Authorization"].startswith("Basic ")
    assert requests[0].url.scheme == "https"
    with pytest.raises(UpstreamRejectedError, match="https"):
        await client.comments(connection("http://example.atlassian.net"), "1")
    with pytest.raises(SecretUnreadableError):
        await client.comments(connection(credential_ref=project().project_id), "1")
    assert len(requests) == 1


@pytest.mark.parametrize(
    ("answer", "error", "effect_unknown"),
    [
        (httpx.ConnectError("refused"), JiraUnavailableError, False),
        (httpx.ConnectTimeout("slow"), JiraUnavailableError, False),
        (httpx.ReadTimeout("slow"), JiraUnavailableError, True),
        (httpx.RemoteProtocolError("cut"), JiraUnavailableError, True),
        (httpx.WriteError("cut"), JiraUnavailableError, True),
        (httpx.Response(408), JiraUnavailableError, True),
        (httpx.Response(429), JiraUnavailableError, False),
        (httpx.Response(503), JiraUnavailableError, True),
        (httpx.Response(500), JiraFailedError, True),
        (httpx.Response(409), JiraFailedError, True),
        (httpx.Response(201, text="<html>not JSON"), JiraFailedError, True),
        (httpx.Response(201, json={}), JiraFailedError, True),
    ],
)
async def test_a_failed_write_tells_whether_it_may_have_happened(
    answer: httpx.Response | Exception,
    error: type[Exception],
    effect_unknown: bool,  # noqa: FBT001  # parametrised
) -> None:
    client, _requests = answering(answer)
    with pytest.raises(error) as raised:
        await client.create_comment(connection(), "1", {}, MARK, free)
    assert isinstance(raised.value, JiraUnavailableError | JiraFailedError)
    assert raised.value.effect_unknown is effect_unknown


async def test_a_failed_read_never_had_an_effect() -> None:
    for answer in (httpx.ReadTimeout("slow"), httpx.Response(500), httpx.Response(503)):
        client, _requests = answering(answer)
        with pytest.raises((JiraUnavailableError, JiraFailedError)) as raised:
            await client.comments(connection(), "1")
        assert isinstance(raised.value, JiraUnavailableError | JiraFailedError)
        assert not raised.value.effect_unknown


async def test_a_refusal_is_told_in_jira_s_words_and_bounded() -> None:
    complaint = {"errorMessages": ["No."], "errors": {"comment": "x" * 5000}}
    client, _requests = answering(httpx.Response(400, json=complaint))
    with pytest.raises(UpstreamRejectedError, match=r"400 No\.; comment: x") as raised:
        await client.create_comment(connection(), "1", {}, MARK, free)
    assert len(str(raised.value)) < 800


async def test_an_issue_that_is_not_there_is_told_from_a_comment_that_is_not() -> None:
    client, _requests = answering(httpx.Response(404))
    with pytest.raises(NotThereError):
        await client.comments(connection(), "1")
    assert await client.comment(connection(), "1", "2") is None


async def test_a_fence_that_holds_back_sends_nothing() -> None:
    client, requests = answering(httpx.Response(201, json={"id": "1"}))

    async def held() -> None:
        raise PermissionError

    with pytest.raises(PermissionError):
        await client.create_comment(connection(), "1", {}, MARK, held)
    assert requests == []


async def test_comments_are_read_page_by_page_and_only_ours_count() -> None:
    def comment(number: int, account: str, value: object) -> dict[str, Any]:
        properties = [{"key": "other", "value": 1}, {"key": "casewright", "value": value}]
        return {"id": str(number), "author": {"accountId": account}, "properties": properties}

    mark, ours = MARK.model_dump(mode="json"), connection().account_id
    client, requests = answering(
        httpx.Response(
            200, json={"total": 3, "comments": [comment(1, "x", mark), comment(2, ours, {"a": 1})]}
        ),
        httpx.Response(200, json={"total": 3, "comments": [comment(3, ours, mark)]}),
    )
    assert await client.comments(connection(), "1") == [Standing("3", MARK)]
    assert [request.url.params["startAt"] for request in requests] == ["0", "2"]


async def test_where_properties_are_not_expanded_they_are_asked_for() -> None:
    ours = {"accountId": connection().account_id}
    page = {"total": 2, "comments": [{"id": "1", "author": ours}, {"id": "2", "author": {"accountId": "x"}}]}
    client, requests = answering(
        httpx.Response(200, json=page),
        httpx.Response(200, json={"key": "casewright", "value": MARK.model_dump(mode="json")}),
    )
    assert await client.comments(connection(), "1") == [Standing("1", MARK)]
    assert requests[1].url.path == "/rest/api/3/comment/1/properties/casewright"
    client, _requests = answering(httpx.Response(200, json=page), httpx.Response(404))
    assert await client.comments(connection(), "1") == []


async def test_a_project_that_is_not_there_is_no_reason_to_think_the_story_gone() -> None:
    client, _requests = answering(httpx.Response(404))
    with pytest.raises(UpstreamRejectedError, match="no project SHOP"):
        await client.subtask_type(connection(), "SHOP", "Sub-task")


async def test_a_creation_form_is_read_once_and_again_after_a_refusal() -> None:
    types = httpx.Response(
        200, json={"total": 1, "issueTypes": [{"id": "5", "name": "Sub-task", "subtask": True}]}
    )
    form = httpx.Response(200, json={"total": 1, "fields": [{"fieldId": "summary", "name": "Summary"}]})
    client, requests = answering(types, form, httpx.Response(400), types, form)
    for _ in range(2):
        assert (await client.subtask_type(connection(), "SHOP", "Sub-task")).id == "5"
    assert len(requests) == 2
    with pytest.raises(UpstreamRejectedError):
        await client.create_subtask(connection(), {}, MARK, free)
    await client.subtask_type(connection(), "SHOP", "Sub-task")
    assert len(requests) == 5
