"""From a story in Jira to its test cases on it, and what happens when the story changes.

The whole stack runs in this process on embedded engines; only the two HTTP APIs are used: Jira's (the
simulator) and the gateway's.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import pytest
import pytest_asyncio

from casewright_standalone.clients import clients
from casewright_standalone.proving.site import Site, Write, writes
from casewright_standalone.readiness import wait_ready
from casewright_standalone.services import MEMBERS, Wiring
from casewright_standalone.settings import StandaloneSettings
from casewright_standalone.stack import stack
from casewright_standalone.workspace import ensure_workspace

pytestmark = [pytest.mark.connected, pytest.mark.flow, pytest.mark.asyncio(loop_scope="module")]

FoundT = TypeVar("FoundT")
PATIENCE_S = 90.0
QUIET_S = 3.0
"""So long nothing may happen where nothing shall."""

LIMIT = "A customer can order at most 10 pieces of one article."
EMPTY = 'When the customer opens an empty cart, "Your cart is empty" is shown.'
SIGNED_IN = "Only a signed-in customer can check out."


def described(*criteria: str) -> str:
    return "\n".join(
        ["Customers order too much.", "", "h3. Acceptance criteria", *(f"* {c}" for c in criteria)]
    )


@dataclass(frozen=True)
class Scene:
    """Jira, and the gateway's API of one organisation."""

    site: Site
    gateway: httpx.AsyncClient
    organisation: str
    project_id: str

    async def create(self, summary: str, description: str) -> str:
        [key] = await asyncio.to_thread(self.site.create, [{"summary": summary, "description": description}])
        return key

    async def edit(self, key: str, **changes: Any) -> None:
        await asyncio.to_thread(self.site.edit, key, **changes)

    async def comments(self, key: str) -> list[str]:
        return await asyncio.to_thread(self.site.comments, key)

    async def writes(self, key: str) -> list[Write]:
        """What we did to comments of the issue, as the simulator's ledger has it."""
        return writes(await asyncio.to_thread(self.site.ledger)).get(key, [])

    async def written(self, key: str, number: int) -> list[Write]:
        """Wait for so many writes to the issue's comment."""

        async def look() -> list[Write] | None:
            found = await self.writes(key)
            return found if len(found) >= number else None

        return await until(look, f"{key} did not get write number {number}")

    async def api(self, path: str, **query: str) -> Any:
        answer = await self.gateway.get(f"{self.organisation}{path}", params=query)
        answer.raise_for_status()
        return answer.json()

    async def story(self, key: str, *statuses: str) -> dict[str, Any]:
        """The story as the gateway shows it, once it stands at one of `statuses`."""

        async def look() -> dict[str, Any] | None:
            items = (await self.api("/stories", key=key))["items"]
            return items[0] if items and items[0]["status"] in statuses else None

        return await until(look, f"the gateway does not say that {key} is {' or '.join(statuses)}")

    async def run(self, run_id: str) -> dict[str, Any]:
        """A run, once Jira has what came of it."""

        async def look() -> dict[str, Any] | None:
            found: dict[str, Any] = await self.api(f"/runs/{run_id}")
            return found if found["sync"] is not None or found["outcome"] == "failed" else None

        return await until(look, f"run {run_id} did not end")

    async def cases(self, story: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.api("/cases", story_id=story["id"]))["items"]
        return found

    async def decide(self, case: dict[str, Any], decision: str, /, **more: Any) -> None:
        """A person decides on a case."""
        answer = await self.gateway.post(
            f"{self.organisation}/cases/{case['id']}/review", json={"decision": decision, **more}
        )
        assert answer.status_code == 201, answer.text

    async def comment(self, key: str, *, says: Sequence[str] = (), not_: Sequence[str] = ()) -> str:
        """The issue's one comment, once it holds all that it `says`, and nothing of what it does not."""

        async def look() -> str | None:
            [comment] = await self.comments(key)
            there = all(text in comment for text in says)
            return comment if there and not any(text in comment for text in not_) else None

        return await until(look, f"the comment of {key} does not become what it should")


async def until(look: Callable[[], Awaitable[FoundT | None]], otherwise: str) -> FoundT:
    deadline = time.monotonic() + PATIENCE_S
    while (found := await look()) is None:
        assert time.monotonic() < deadline, otherwise
        await asyncio.sleep(0.1)
    return found


async def quietly(scene: Scene, key: str, number: int) -> None:
    """Nothing more happens to the comment of `key` than `number` writes."""
    deadline = time.monotonic() + QUIET_S
    while time.monotonic() < deadline:
        assert len(await scene.writes(key)) == number
        await asyncio.sleep(0.2)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wiring(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Wiring]:
    settings = StandaloneSettings(run_dir=tmp_path_factory.mktemp("flow") / "run", base_port=0)
    async with stack(settings, MEMBERS, lambda _line: None) as wiring:
        await wait_ready(MEMBERS, wiring)
        yield wiring


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(wiring: Wiring) -> AsyncIterator[Scene]:
    async with clients(wiring) as (gateway, simulator):
        workspace = await ensure_workspace(
            wiring, gateway, simulator, project_key="FLOW", project_name="From story to comment"
        )
    site = Site(wiring, "FLOW")
    async with httpx.AsyncClient(
        base_url=f"{wiring.url('gateway')}/api/v1",
        headers={"Authorization": f"Bearer {wiring.secrets.api_token}"},
        timeout=30,
    ) as client:
        yield Scene(site, client, workspace.path, workspace.project_id)
    site.close()


@pytest.fixture
def summary(request: pytest.FixtureRequest) -> str:
    """A title of its own for each test's story."""
    return f"Limit the quantity of an article in the cart, {request.node.name.removeprefix('test_')[:40]}"


async def test_a_new_story_gets_one_comment_with_its_cases(scene: Scene, summary: str) -> None:
    key = await scene.create(summary, described(LIMIT, EMPTY, SIGNED_IN))
    [created] = await scene.written(key, 1)
    assert (created.kind, created.revision, created.generation) == ("comment.created", 1, 1)
    [comment] = await scene.comments(key)
    assert "for revision 1" in comment
    for fact in ("10", "11", "Your cart is empty", "AC-1", "AC-2", "AC-3"):
        assert fact in comment

    story = await scene.story(key, "synced")
    cases = (await scene.api("/cases", story_id=story["id"]))["items"]
    assert len(cases) == story["case_count"] >= 3
    assert {criterion for case in cases for criterion in case["criteria"]} == {"AC-1", "AC-2", "AC-3"}
    assert [target["kind"] for target in (await scene.api(f"/stories/{story['id']}"))["targets"]] == [
        "comment"
    ]
    await quietly(scene, key, 1)


async def test_a_changed_text_changes_the_same_comment(scene: Scene, summary: str) -> None:
    key = await scene.create(summary, described(LIMIT))
    await scene.written(key, 1)
    await scene.edit(key, description=described(LIMIT.replace("10", "25"), EMPTY))
    created, updated = await scene.written(key, 2)
    assert (updated.kind, updated.revision) == ("comment.updated", 2)
    assert updated.comment_id == created.comment_id
    [comment] = await scene.comments(key)
    assert "26" in comment
    assert "11 pieces" not in comment
    story = await scene.story(key, "synced")
    assert (story["revision"], story["generation"]) == (2, 2)


async def test_a_changed_status_changes_nothing(scene: Scene, summary: str) -> None:
    key = await scene.create(summary, described(LIMIT))
    await scene.written(key, 1)
    await scene.edit(key, status="In Progress")
    await quietly(scene, key, 1)
    story = await scene.story(key, "synced")
    assert (story["revision"], story["generation"]) == (1, 1)


async def test_a_vague_story_gets_its_questions_and_cases_when_they_are_answered(
    scene: Scene, summary: str
) -> None:
    del summary
    key = await scene.create("Make the search better", "The search should be better and faster.")
    await scene.written(key, 1)
    [comment] = await scene.comments(key)
    assert "needs detail" in comment
    assert "?" in comment
    story = await scene.story(key, "needs_detail")
    assert story["case_count"] == 0
    assert (await scene.api(f"/stories/{story['id']}"))["questions"]

    await scene.edit(key, description=described(LIMIT))
    first, second = await scene.written(key, 2)
    assert first.comment_id == second.comment_id
    [comment] = await scene.comments(key)
    assert "needs detail" not in comment
    await scene.story(key, "synced")


async def test_a_deleted_story_is_removed(scene: Scene, summary: str) -> None:
    key = await scene.create(summary, described(LIMIT))
    await scene.written(key, 1)
    await scene.story(key, "synced")
    await asyncio.to_thread(scene.site.delete, key)
    await scene.story(key, "removed")
    refused = await scene.gateway.post(f"{scene.organisation}/generations", json={"issue_key": key})
    assert refused.is_client_error
    assert refused.headers["content-type"] == "application/problem+json"


async def test_a_requested_generation_is_a_new_one_in_the_same_comment(scene: Scene, summary: str) -> None:
    key = await scene.create(summary, described(LIMIT, EMPTY))
    [created] = await scene.written(key, 1)
    await scene.story(key, "synced")
    asked = [
        await scene.gateway.post(
            f"{scene.organisation}/generations", json={"issue_key": key}, headers={"Idempotency-Key": key}
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in asked] == [202, 202]
    [run_id] = {answer.json()["id"] for answer in asked}
    run = await scene.run(run_id)
    assert (run["outcome"], run["revision"], run["generation"]) == ("cases", 1, 2)
    assert run["sync"]["outcome"] in {"written", "unchanged"}
    [target] = run["sync"]["targets"]
    assert target["id"] == created.comment_id
    kinds = [write.kind for write in await scene.writes(key)]
    assert kinds.count("comment.created") == 1
    assert len(await scene.comments(key)) == 1


async def test_a_webhook_that_comes_twice_has_one_effect(scene: Scene, summary: str) -> None:
    await asyncio.to_thread(lambda: scene.site.add_fault(kind="webhook_duplicate", path="jira:issue_*"))
    try:
        key = await scene.create(summary, described(LIMIT))
        await scene.written(key, 1)
        await quietly(scene, key, 1)
        await scene.edit(key, description=described(EMPTY))
        await scene.written(key, 2)
        await quietly(scene, key, 2)
        [fault] = await asyncio.to_thread(scene.site.faults)
        assert fault["struck"] == 2
    finally:
        await asyncio.to_thread(scene.site.clear_faults)
    story = await scene.story(key, "synced")
    assert (story["revision"], story["generation"]) == (2, 2)


async def test_decisions_on_cases_reach_jira_without_another_run(scene: Scene, summary: str) -> None:
    key = await scene.create(summary, described(LIMIT, EMPTY, SIGNED_IN))
    await scene.written(key, 1)
    story = await scene.story(key, "synced")
    first, second, *others = await scene.cases(story)
    before = await scene.comment(key, says=(first["title"], second["title"]))
    assert before.count("Casewright ·") == 1

    await scene.decide(first, "rejected", reason="There is no such screen")
    mine: dict[str, Any] = {
        "title": "Ordering eleven by phone is refused",
        "steps": [{"action": "Phone the shop and order 11.", "expected": "The clerk declines."}],
    }
    await scene.decide(second, "edited", case=mine)
    await scene.comment(
        key,
        says=(mine["title"], "Phone the shop and order 11.", *(case["title"] for case in others)),
        not_=(first["title"], second["title"]),
    )
    story = await scene.story(key, "synced")
    assert (story["generation"], story["case_count"]) == (1, 2 + len(others))
    assert len((await scene.api("/runs", story_id=story["id"]))["items"]) == 1
    # What was rejected stays in reach of whoever changes their mind.
    await scene.decide(first, "approved")
    await scene.comment(key, says=(first["title"], mine["title"]), not_=(second["title"],))
    assert [write.kind for write in await scene.writes(key)].count("comment.created") == 1

    await scene.edit(key, description=described(LIMIT, SIGNED_IN))
    await scene.comment(key, says=("revision 2", first["title"], mine["title"]))
    story = await scene.story(key, "synced")
    assert (story["revision"], story["generation"]) == (2, 5)


async def test_cases_become_sub_tasks_where_the_project_wants_them(scene: Scene, summary: str) -> None:
    path = f"{scene.organisation}/projects/{scene.project_id}"
    project = await scene.gateway.get(path)
    changed = await scene.gateway.patch(
        path, json={"write_subtasks": True}, headers={"If-Match": project.headers["ETag"]}
    )
    assert changed.status_code == 200, changed.text
    await asyncio.sleep(1)  # the services read the new settings, each in its own time

    key = await scene.create(summary, described(LIMIT, EMPTY))
    await scene.written(key, 1)
    story = await scene.story(key, "synced")
    cases = (await scene.api("/cases", story_id=story["id"]))["items"]
    assert await subtasks(scene, key) == {case["title"] for case in cases}

    await scene.edit(key, description=described(LIMIT, EMPTY, SIGNED_IN))
    await scene.written(key, 2)
    await scene.story(key, "synced")
    await quietly(scene, key, 2)
    more = (await scene.api("/cases", story_id=story["id"]))["items"]
    assert len(more) > len(cases)
    assert await subtasks(scene, key) == {case["title"] for case in more}

    await scene.decide(more[0], "rejected")
    await scene.comment(key, not_=(more[0]["title"],))

    async def marked() -> set[str] | None:
        titles = await subtasks(scene, key)
        return titles if more[0]["title"] not in titles else None

    titles = await until(marked, "the sub-task of a rejected case is still one")
    assert titles >= {case["title"] for case in more[1:]}
    await scene.decide(more[0], "approved")

    async def back() -> bool | None:
        return (await subtasks(scene, key) == {case["title"] for case in more}) or None

    await until(back, "the sub-task of a restored case is still retired")


async def subtasks(scene: Scene, key: str) -> set[str]:
    """Titles of the cases that an issue has as sub-tasks; each title once."""
    issue = await asyncio.to_thread(scene.site.issue, key)
    titles = [subtask["fields"]["summary"].removeprefix("Test: ") for subtask in issue["fields"]["subtasks"]]
    assert len(titles) == len(set(titles))
    return set(titles)
