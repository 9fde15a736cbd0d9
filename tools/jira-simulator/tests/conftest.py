"""A simulator in memory, the same behind a socket, a receiver of webhooks, and Atlassian's own schemas."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from jsonschema import Draft4Validator, Draft7Validator
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from casewright_jira_simulator.app import create_app
from casewright_jira_simulator.server import server_config
from casewright_jira_simulator.settings import SimulatorSettings

Json = dict[str, Any]
SHARED = Path(__file__).parents[4] / "shared" / "data"
TOKEN = "integration-token"
AUTH = ("integration@example.com", TOKEN)


class SharedData(BaseSettings):
    """Where the shared, read-only material lies."""

    model_config = SettingsConfigDict(env_prefix="CASEWRIGHT_")

    jira_openapi: Path = SHARED / "jira" / "openapi-v3.json"
    adf_schema: Path = SHARED / "jira" / "adf-schema-v1.json"
    issues: Path = SHARED / "issues"


def _read(path: Path) -> Json:
    if not path.exists():
        pytest.skip(f"shared data is absent: {path.name}")
    found: Json = json.loads(path.read_text())
    return found


@pytest.fixture(scope="session")
def issues_folder() -> Path:
    folder = SharedData().issues
    if not folder.exists():
        pytest.skip("shared data is absent: issues")
    return folder


@pytest.fixture(scope="session")
def conforms() -> Callable[[str, object], None]:
    """Holds a value to a schema of Atlassian's OpenAPI description; `Name[]` for an array of it."""
    components = _read(SharedData().jira_openapi)["components"]

    def check(name: str, value: object) -> None:
        reference: Json = {"$ref": f"#/components/schemas/{name.removesuffix('[]')}"}
        schema = {"type": "array", "items": reference} if name.endswith("[]") else reference
        # A wrapper, because siblings of $ref are ignored.
        validator = Draft7Validator({"allOf": [schema], "components": components})
        problems = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
        assert not problems, problems

    return check


@pytest.fixture(scope="session")
def adf_schema() -> Draft4Validator:
    return Draft4Validator(_read(SharedData().adf_schema))


def make_settings(**values: Any) -> SimulatorSettings:
    usual: Json = {"token": SecretStr(TOKEN), "rate_limits": False, "webhook_retry_s": 0.02}
    return SimulatorSettings(**(usual | values))


@asynccontextmanager
async def running(**values: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a simulator without a socket, its webhook sender at work."""
    app = create_app(make_settings(**values))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://jira", auth=AUTH) as client,
    ):
        yield client


@asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[str]:
    """The address of an application behind a real socket."""
    server = uvicorn.Server(server_config(app, host="127.0.0.1", port=0))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


@pytest.fixture
def simulator() -> Callable[..., Any]:
    """Makes further simulators: `async with simulator(data=...) as client`."""
    return running


@pytest.fixture
def settings() -> Callable[..., SimulatorSettings]:
    return make_settings


@pytest.fixture
async def jira() -> AsyncIterator[httpx.AsyncClient]:
    async with running() as client:
        await client.post("/simulator/projects", json=PROJECT)
        yield client


@pytest.fixture
async def served() -> AsyncIterator[httpx.AsyncClient]:
    """Like `jira`, over TCP: for what happens to connections."""
    app = create_app(make_settings())
    async with listening(app) as address, httpx.AsyncClient(base_url=address, auth=AUTH, timeout=5) as client:
        await client.post("/simulator/projects", json=PROJECT)
        yield client


PROJECT: Json = {
    "key": "SHOP",
    "name": "Web shop",
    "custom_fields": [
        {"id": "customfield_10100", "name": "Acceptance criteria", "issue_types": ["Story"]},
        {"id": "customfield_10101", "name": "Risk", "type": "select", "options": ["low", "high"]},
        {
            "id": "customfield_10102",
            "name": "Area",
            "type": "textfield",
            "required": True,
            "issue_types": ["Bug"],
        },
    ],
}


class Receiver:
    """Takes webhooks, answering with what it is told: a status, or an exception's worth of silence."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.open = 0
        self.most_open = 0
        self.delay_s = 0.0
        self.url = ""
        self._changed = asyncio.Condition()

    async def take(self, request: Request) -> Response:
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        await asyncio.sleep(self.delay_s)
        self.got.append((dict(request.headers), await request.body()))
        self.open -= 1
        async with self._changed:
            self._changed.notify_all()
        return Response(status_code=self.answers.pop(0) if self.answers else 200)

    def bodies(self) -> list[Json]:
        return [json.loads(body) for _, body in self.got]

    async def wait(self, number: int) -> None:
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(lambda: len(self.got) >= number)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    app = FastAPI()
    app.add_api_route("/hook", found.take, methods=["POST"])
    async with listening(app) as address:
        found.url = f"{address}/hook"
        yield found


@pytest.fixture
def story(jira: httpx.AsyncClient) -> Callable[..., Awaitable[str]]:
    """Writes a story as a person and returns its key."""

    async def write(**values: Any) -> str:
        issue = {
            "project": "SHOP",
            "summary": "Pay by card",
            "description": "h2. Pay\nA *card* works.",
        } | values
        answer = await jira.post("/simulator/issues", json={"issues": [issue]})
        assert answer.json()["errors"] == []
        return str(answer.json()["issues"][0]["key"])

    return write


@pytest.fixture
def doc() -> Callable[..., Json]:
    def make(*texts: str) -> Json:
        content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in texts]
        return {"type": "doc", "version": 1, "content": content}

    return make


@pytest.fixture
def eventually() -> Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]:
    async def wait(condition: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(5):
            while not await condition():  # noqa: ASYNC110 - seen over HTTP only
                await asyncio.sleep(0.01)

    return wait
