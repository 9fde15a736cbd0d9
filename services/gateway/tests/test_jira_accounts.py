"""Asking a site who we are: against a real HTTP server on loopback."""

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from casewright_common.errors import UpstreamUnavailableError
from casewright_gateway.adapters.jira_accounts import HttpJiraAccounts
from casewright_gateway.domain.errors import CredentialsRefusedError, InvalidFieldError

GOOD = json.dumps({"accountId": "5b10a", "emailAddress": "bot@example.com"}).encode()
TOKEN = SecretStr("jira-token")


class Site:
    """Answers each request with the next of its answers, the last one for ever; keeps what it was asked."""

    def __init__(self, *answers: tuple[int, bytes] | None) -> None:
        self.answers = list(answers)
        self.requests: list[str] = []
        self.serving: set[asyncio.Task[None]] = set()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._answer(reader, writer))
        self.serving.add(task)
        try:
            await asyncio.wait((task,))
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.requests.append(head)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            await asyncio.sleep(30)
        else:
            status, body = answer
            extra = "Location: https://evil.example.com/\r\n" if status == 302 else ""
            writer.write(
                f"HTTP/1.1 {status} X\r\n{extra}Content-Length: {len(body)}\r\n".encode()
                + b"Connection: close\r\n\r\n"
                + body
            )
            await writer.drain()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self.answer, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            for task in self.serving:
                task.cancel()
            await asyncio.gather(*self.serving, return_exceptions=True)
            await asyncio.sleep(0.01)


@asynccontextmanager
async def accounts(
    *, trusted: tuple[str, ...] = ("127.0.0.1",), timeout_s: float = 3
) -> AsyncIterator[HttpJiraAccounts]:
    adapter = HttpJiraAccounts(timeout_s=timeout_s, trusted_sites=trusted, pause_s=0)
    try:
        yield adapter
    finally:
        await adapter.close()


async def ask(site: Site, **options: Any) -> str:
    async with site.open() as url, accounts(**options) as adapter:
        return await adapter.account_id(site_url=url, email="bot@example.com", api_token=TOKEN)


async def test_the_account_is_what_the_site_says() -> None:
    site = Site((200, GOOD))
    assert await ask(site) == "5b10a"
    [request] = site.requests
    assert request.startswith("GET /rest/api/3/myself HTTP/1.1\r\nHost: 127.0.0.1:")
    expected = base64.b64encode(b"bot@example.com:jira-token").decode()
    assert f"Authorization: Basic {expected}" in request


@pytest.mark.parametrize("status", [401, 403])
async def test_refused_credentials_are_never_tried_again(status: int) -> None:
    site = Site((status, b""))
    with pytest.raises(CredentialsRefusedError):
        await ask(site)
    assert len(site.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_site_is_asked_once_more(status: int) -> None:
    assert await ask(Site((status, b""), (200, GOOD))) == "5b10a"
    busy = Site((status, b""))
    with pytest.raises(UpstreamUnavailableError):
        await ask(busy)
    assert len(busy.requests) == 2


async def test_a_silent_site_is_given_up_on_in_time() -> None:
    began = asyncio.get_running_loop().time()
    with pytest.raises(UpstreamUnavailableError):
        await ask(Site(None), timeout_s=0.4)
    assert asyncio.get_running_loop().time() - began < 2


@pytest.mark.parametrize(
    "answer",
    [
        (302, b""),
        (404, b""),
        (200, b"<html>"),
        (200, b"{}"),
        (200, b'{"accountId": 7}'),
        (200, b"x" * 300_000),
    ],
)
async def test_what_is_not_jira_is_said_so(answer: tuple[int, bytes]) -> None:
    site = Site(answer)
    with pytest.raises(InvalidFieldError) as error:
        await ask(site)
    assert error.value.pointer == "/site_url"
    assert len(site.requests) == 1


async def test_a_closed_port_is_an_unavailable_site() -> None:
    async with Site((200, GOOD)).open() as url:
        pass
    async with accounts() as adapter:
        with pytest.raises(UpstreamUnavailableError):
            await adapter.account_id(site_url=url, email="b@example.com", api_token=TOKEN)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1", "10.0.0.1", "169.254.169.254", "inside.example.com"]
)
async def test_a_name_that_leads_inside_is_never_called(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = socket.getaddrinfo

    def inside(host: str, *rest: Any, **options: Any) -> Any:
        return resolve("127.0.0.1" if host == "inside.example.com" else host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    async with accounts(trusted=()) as adapter:
        with pytest.raises(InvalidFieldError) as error:
            await adapter.account_id(site_url=f"https://{host}", email="b@example.com", api_token=TOKEN)
    assert (error.value.pointer, "public" in str(error.value)) == ("/site_url", True)


async def test_a_host_that_does_not_exist_is_said_so() -> None:
    async with accounts() as adapter:
        with pytest.raises(InvalidFieldError, match="no such host"):
            await adapter.account_id(
                site_url="https://no-such-host.invalid", email="b@example.com", api_token=TOKEN
            )


@pytest.mark.connected
async def test_connecting_without_an_account_asks_the_site(
    client: httpx.AsyncClient, organisation: Callable[[httpx.AsyncClient], Awaitable[str]]
) -> None:
    base = await organisation(client)
    site = Site((200, GOOD), (401, b""), (503, b""))
    async with site.open() as url:
        body = {"site_url": url, "account_email": "bot@example.com", "api_token": "t"}
        made = await client.post(f"{base}/connections", json=body)
        assert (made.status_code, made.json()["account_id"]) == (201, "5b10a")
        path, headers = f"{base}/connections/{made.json()['id']}", {"If-Match": '"1"'}
        change = {"account_email": "other@example.com", "api_token": "t"}
        refused = await client.patch(path, json=change, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (422, "jira_credentials_refused")
        away = await client.patch(path, json=change, headers=headers)
        assert (away.status_code, away.json()["code"]) == (502, "upstream_unavailable")
        assert away.headers["Retry-After"]
