"""What a model writes is watched while it writes: for a request, and for a change in Jira.

The whole stack on embedded engines; the model is a double that streams half of its answer, then waits.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from casewright_generator.testing import OpenAIDouble
from casewright_standalone.clients import clients
from casewright_standalone.proving.site import Site
from casewright_standalone.readiness import wait_ready
from casewright_standalone.services import MEMBERS
from casewright_standalone.settings import StandaloneSettings
from casewright_standalone.stack import stack
from casewright_standalone.workspace import ensure_workspace

pytestmark = [
    pytest.mark.connected,
    pytest.mark.flow,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore:Item .* is using the `ReadOnly` qualifier:UserWarning"),
    pytest.mark.filterwarnings("ignore:Accessing the 'model_"),
]

PATIENCE_S = 60.0
MODEL = "openai/gpt-5-mini"
DESCRIPTION = """Customers order too much.

h3. Acceptance criteria
* A customer can order at most 10 pieces of one article.
* When the customer opens an empty cart, "Your cart is empty" is shown."""


@dataclass(frozen=True)
class Scene:
    """Jira, the gateway's API of one organisation, and the model."""

    site: Site
    gateway: httpx.AsyncClient
    organisation: str
    model: OpenAIDouble

    async def story(self, key: str, *, at_least: int = 0) -> dict[str, Any]:
        """The story as the gateway shows it, of that generation or a later one."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                answer = await self.gateway.get(f"{self.organisation}/stories", params={"key": key})
                items: list[dict[str, Any]] = answer.json()["items"]
                if items and items[0]["generation"] >= at_least:
                    return items[0]
                await asyncio.sleep(0.1)

    @asynccontextmanager
    async def watching(self, path: str) -> AsyncIterator["Watcher"]:
        """Events as they come, each as its name and its data."""
        async with self.gateway.stream("GET", f"{self.organisation}{path}") as answer:
            assert answer.status_code == 200
            yield Watcher(answer.aiter_lines())


class Watcher:
    """Reads an event stream."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines
        self.told: list[tuple[str, dict[str, Any]]] = []

    @property
    def written(self) -> str:
        """What the model wrote, as far as it was told."""
        return "".join(data["text"] for name, data in self.told if data.get("stage") == "write")

    async def until_written(self) -> None:
        while not self.written:
            await self._next()

    async def until_over(self) -> dict[str, Any]:
        """The run."""
        while True:
            name, data = await self._next()
            if name == "run":
                return data

    async def _next(self) -> tuple[str, dict[str, Any]]:
        name = ""
        async with asyncio.timeout(PATIENCE_S):
            async for line in self._lines:
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    self.told.append((name, json.loads(line.removeprefix("data: "))))
                    return self.told[-1]
        raise AssertionError("the stream ended")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    settings = StandaloneSettings(run_dir=tmp_path_factory.mktemp("live") / "run", base_port=0)
    async with OpenAIDouble() as model:
        host = httpx.URL(model.url).netloc.decode()
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("CASEWRIGHT_OUTBOUND__ALLOWED_HOSTS", json.dumps([host]))
            keys = [{"provider": "openai", "key": "sk-made-up", "api_base": model.url}]
            environment.setenv("CASEWRIGHT_MODEL__KEYS", json.dumps(keys))
            environment.setenv("CASEWRIGHT_MODEL__CACHE_S", "0")  # each generation asks the model
            async with stack(settings, MEMBERS, lambda _line: None) as wiring:
                await wait_ready(MEMBERS, wiring)
                async with clients(wiring) as (gateway, simulator):
                    workspace = await ensure_workspace(
                        wiring, gateway, simulator, project_key="LIVE", project_name="Watched"
                    )
                site = Site(wiring, "LIVE")
                async with httpx.AsyncClient(
                    base_url=f"{wiring.url('gateway')}/api/v1",
                    headers={"Authorization": f"Bearer {wiring.secrets.api_token}"},
                    timeout=PATIENCE_S,
                ) as client:
                    project = f"{workspace.path}/projects/{workspace.project_id}"
                    shown = await client.get(project)
                    changed = await client.patch(
                        project,
                        json={"engine": {"kind": "model", "model": MODEL}},
                        headers={"If-Match": shown.headers["ETag"]},
                    )
                    assert changed.status_code == 200, changed.text
                    await asyncio.sleep(1)  # the services read the new settings, each in its own time
                    yield Scene(site, client, workspace.path, model)
                site.close()


async def created(scene: Scene, summary: str) -> dict[str, Any]:
    """A story with its first cases."""
    [key] = await asyncio.to_thread(scene.site.create, [{"summary": summary, "description": DESCRIPTION}])
    return await scene.story(key, at_least=1)


async def test_a_request_is_watched_while_the_model_writes(scene: Scene) -> None:
    story = await created(scene, "Limit the quantity")
    async with scene.watching(f"/stories/{story['id']}/events") as watcher:
        scene.model.hold.clear()
        try:
            answer = await scene.gateway.post(
                f"{scene.organisation}/generations", json={"issue_key": story["issue_key"]}
            )
            run_id = answer.json()["id"]
            async with scene.watching(f"/generations/{run_id}/events") as of_run:
                await watcher.until_written()
                run = (await scene.gateway.get(f"{scene.organisation}/runs/{run_id}")).json()
                assert run["finished_at"] is None
                half = watcher.written
                scene.model.hold.set()
                over = await watcher.until_over()
                assert (await of_run.until_over())["id"] == run_id
        finally:
            scene.model.hold.set()
    assert (over["id"], over["outcome"], over["engine"]["model"]) == (run_id, "cases", MODEL)
    assert watcher.written.startswith(half)
    assert json.loads(watcher.written)["cases"]
    assert len(half) < len(watcher.written)


async def test_what_a_change_in_jira_sets_off_is_watched_too(scene: Scene) -> None:
    story = await created(scene, "Show an empty cart")
    async with scene.watching(f"/stories/{story['id']}/events") as watcher:
        scene.model.hold.clear()
        try:
            await asyncio.to_thread(
                scene.site.edit,
                story["issue_key"],
                description=f"{DESCRIPTION}\n* Only a signed-in customer can check out.",
            )
            await watcher.until_written()
            assert (await scene.story(story["issue_key"]))["generation"] == story["generation"]
            half = watcher.written
            scene.model.hold.set()
            over = await watcher.until_over()
        finally:
            scene.model.hold.set()
    assert (over["outcome"], over["revision"], over["requested_by"]) == ("cases", 2, None)
    assert len(half) < len(watcher.written)
    assert json.loads(watcher.written)["cases"]
