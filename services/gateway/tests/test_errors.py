"""Every error is a problem document, whoever raised it."""

import logging
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException

from casewright_common.errors import UpstreamFailedError, UpstreamRejectedError, UpstreamUnavailableError
from casewright_gateway.domain.errors import (
    AlreadyExistsError,
    CredentialsRefusedError,
    InvalidFieldError,
    NotFoundError,
)
from casewright_gateway.routes.errors import BodyTooLargeError, UnauthorizedError, answer_for
from casewright_gateway.routes.middleware import RequestFrame
from casewright_gateway.routes.problems import Problem

ORGANISATIONS = "/api/v1/organisations"
NOBODYS = "7b0f4a52-52a5-4c0e-8a3e-6f7f1f6d2c11"  # fixed: a test's name is the same in every process


def problem_of(answer: httpx.Response) -> Problem:
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = Problem.model_validate_json(answer.content)
    assert found.status == answer.status_code
    assert found.type == f"urn:casewright:problem:{found.code}"
    assert found.request_id == answer.headers["X-Request-ID"]
    return found


@pytest.mark.connected
async def test_an_unknown_path_and_method_are_problems(client: httpx.AsyncClient) -> None:
    assert problem_of(await client.get("/nowhere")).code == "not_found"
    assert problem_of(await client.get("/api/v1/nowhere")).code == "not_found"
    wrong = await client.put(ORGANISATIONS)
    assert problem_of(wrong).code == "method_not_allowed"
    assert wrong.headers["Allow"] == "GET, POST"


@pytest.mark.connected
@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer wrong", "Basic YTpi", "a-token-that-only-tests-know"]
)
async def test_without_the_token_nothing_is_answered(
    client: httpx.AsyncClient, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    del client.headers["Authorization"]
    for method, path in (("GET", ORGANISATIONS), ("POST", "/api/v1/admin/configuration/republish")):
        answer = await client.request(method, path, headers=headers)
        assert (answer.status_code, problem_of(answer).code) == (401, "unauthorized")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.connected
async def test_a_body_that_is_no_json_is_a_problem(client: httpx.AsyncClient) -> None:
    for body in (b"{", b"", b"\xff\xfe", b'{"name": "\\ud800"}', b"[" * 5000):
        answer = await client.post(ORGANISATIONS, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code in {400, 422}, body
        problem_of(answer)


@pytest.mark.connected
async def test_broken_json_is_a_problem_of_the_whole_body_in_words(client: httpx.AsyncClient) -> None:
    for body in (b"{", b'{"name": "Acme",}', b'\n\n{"name" "Acme"}', b"name=Acme"):
        answer = await client.post(ORGANISATIONS, content=body, headers={"Content-Type": "application/json"})
        (error,) = problem_of(answer).errors
        assert (answer.status_code, error.pointer, error.code) == (422, "", "json_invalid")
        assert error.detail.startswith("The body isn't valid JSON: ")


@pytest.mark.connected
@pytest.mark.parametrize(
    ("method", "path", "body", "pointer", "detail"),
    [
        ("POST", "", {"name": "a\x00b"}, "/name", "It must be one line of text"),
        ("GET", "?cursor=a%20b", None, "?cursor", "It must be the `next_cursor`"),
        ("GET", "/7", None, "{organisation_id}", "It must be a UUID"),
        (
            "POST",
            f"/{NOBODYS}/projects",
            {"connection_id": str(uuid4()), "project_key": "shop"},
            "/project_key",
            "It must be a Jira project's key",
        ),
        (
            "POST",
            f"/{NOBODYS}/projects",
            {"connection_id": str(uuid4()), "project_key": "SHOP", "engine": {"model": "x/y"}},
            "/engine",
            "the designer takes no model",
        ),
    ],
)
async def test_a_mistake_is_told_in_words(  # a table of requests
    client: httpx.AsyncClient, method: str, path: str, body: Any, pointer: str, detail: str
) -> None:
    answer = await client.request(method, ORGANISATIONS + path, json=body)
    (error,) = problem_of(answer).errors
    assert error.pointer == pointer
    assert error.detail.startswith(detail)
    assert "pattern" not in answer.text.replace(error.code, "")


@pytest.mark.connected
async def test_a_body_that_is_too_large_is_refused_however_it_comes(client: httpx.AsyncClient) -> None:
    large = b'{"name": "' + b"x" * 300_000 + b'"}'

    async def in_pieces() -> Any:
        for start in range(0, len(large), 10_000):
            yield large[start : start + 10_000]

    for content in (large, in_pieces()):
        answer = await client.post(
            ORGANISATIONS, content=content, headers={"Content-Type": "application/json"}
        )
        assert (answer.status_code, problem_of(answer).code) == (413, "body_too_large")


@pytest.mark.connected
async def test_a_request_id_comes_back_if_it_is_clean(client: httpx.AsyncClient) -> None:
    given_id = await client.get("/", headers={"X-Request-ID": "trace-7.1"})
    assert given_id.headers["X-Request-ID"] == "trace-7.1"
    made_up = await client.get("/", headers={"X-Request-ID": "no spaces, please"})
    assert made_up.headers["X-Request-ID"] != "no spaces, please"
    assert (await client.get("/")).headers["X-Request-ID"] != made_up.headers["X-Request-ID"]


@pytest.mark.connected
async def test_answers_carry_headers_that_browsers_heed(client: httpx.AsyncClient) -> None:
    for path in ("/", ORGANISATIONS, "/nowhere", "/docs"):
        headers = (await client.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert (await client.get(ORGANISATIONS)).headers["Cache-Control"] == "no-store"


@pytest.mark.connected
async def test_only_named_origins_may_call_from_a_page(client: httpx.AsyncClient) -> None:
    friend = await client.get(ORGANISATIONS, headers={"Origin": "https://web.example.com"})
    assert friend.headers["Access-Control-Allow-Origin"] == "https://web.example.com"
    stranger = await client.get(ORGANISATIONS, headers={"Origin": "https://evil.example.com"})
    assert "Access-Control-Allow-Origin" not in stranger.headers


@pytest.mark.connected
async def test_the_landing_page_names_the_way_to_the_docs(client: httpx.AsyncClient) -> None:
    page = await client.get("/")
    assert page.headers["Content-Type"].startswith("text/html")
    assert 'href="docs"' in page.text
    assert "Casewright 0." in page.text
    assert (await client.get("/openapi.json")).json()["info"]["title"] == "Casewright"


@pytest.mark.connected
async def test_requests_are_counted_by_route_not_by_path(client: httpx.AsyncClient) -> None:
    await client.get(f"{ORGANISATIONS}/{uuid4()}")
    await client.get("/no/such/path")
    metrics = (await client.get("/metrics")).text
    wanted = (
        'casewright_http_requests_total{method="GET",route="/api/v1/organisations/{organisation_id}",'
        'status="404"} 1.0'
    )
    assert wanted in metrics
    assert 'route="unmatched",status="404"} 1.0' in metrics
    assert "casewright_outbox_backlog" in metrics


async def test_an_unexpected_error_tells_nothing_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("the inner secret")

    app = RequestFrame(broken, max_body_bytes=10, registry=CollectorRegistry())
    transport = httpx.ASGITransport(app=app)
    with caplog.at_level(logging.ERROR):
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            answer = await client.get("/")
    assert (answer.status_code, problem_of(answer).code) == (500, "internal")
    assert "inner secret" not in answer.text
    assert "inner secret" in caplog.text


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (UnauthorizedError("who?"), 401, "unauthorized"),
        (NotFoundError("story"), 404, "not_found"),
        (AlreadyExistsError("taken"), 409, "already_exists"),
        (InvalidFieldError("/x", "bad"), 422, "invalid_request"),
        (CredentialsRefusedError("no"), 422, "jira_credentials_refused"),
        (UpstreamRejectedError("kafka", "too large"), 422, "upstream_rejected"),
        (UpstreamUnavailableError("postgres", "away"), 503, "upstream_unavailable"),
        (UpstreamFailedError("postgres", "slow"), 503, "upstream_failed"),
        (UpstreamUnavailableError("jira", "away"), 502, "upstream_unavailable"),
        (BodyTooLargeError(10), 413, "body_too_large"),
        (HTTPException(418), 418, "i'm_a_teapot"),
        (ValueError("bug"), 500, "internal"),
    ],
)
def test_each_error_has_its_status(error: Exception, status: int, code: str) -> None:
    answer = answer_for(error, "r")
    found = Problem.model_validate_json(bytes(answer.body))
    assert (answer.status_code, found.status, found.code) == (status, status, code)


@given(st.text())
def test_any_text_of_an_error_makes_a_valid_problem(detail: str) -> None:
    answer = answer_for(AlreadyExistsError(detail), None)
    assert Problem.model_validate_json(bytes(answer.body)).status == 409
