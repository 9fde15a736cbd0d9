"""Two members at once, a member that is killed, and one that wakes up too late."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from casewright_common.configuration import ConfigurationView
from casewright_common.postgres import Database
from casewright_jira_sync.adapters.ledger_repository import LedgerRepository
from casewright_jira_sync.domain.claim import Granted
from casewright_jira_sync.errors import StoryBusyError
from casewright_jira_sync.lease import Lease, StoryKey
from casewright_jira_sync.testing import case, connection, generated, project
from casewright_standalone.testing import ServiceDatabase

MEMBER = Path(__file__).parent / "member_to_kill.py"


@pytest.fixture(scope="module")
def prepared(request: pytest.FixtureRequest) -> Callable[[], ServiceDatabase]:
    made: list[ServiceDatabase] = []

    def once() -> ServiceDatabase:
        if not made:
            made.append(request.getfixturevalue("service_database")("jira-sync"))
        return made[0]

    return once


@pytest.fixture
async def ledger(prepared: Callable[[], ServiceDatabase]) -> AsyncIterator[LedgerRepository]:
    database = Database(prepared().settings("jira-sync"), service="jira-sync")
    yield LedgerRepository(database)
    await database.close()


@pytest.mark.connected
async def test_two_members_with_the_same_message_write_once(
    site: Any, workers: Any, ledger: LedgerRepository
) -> None:
    workers.ledger = ledger
    issue_id, key = site.new_story()
    site.fault("slow", method="POST", path="*/comment", delay_s=0.4)
    event = generated(issue_id=issue_id, issue_key=key, connection_id=uuid4())
    members = [workers.new(configured=_at(site, event)) for _ in range(2)]

    first, second = await asyncio.gather(*(member.sync(event) for member in members))

    assert first == second
    assert first.outcome == "written"
    assert site.kinds(key) == ["comment.created"]


@pytest.mark.connected
async def test_two_generations_at_once_end_with_the_newer(
    site: Any, workers: Any, ledger: LedgerRepository
) -> None:
    workers.ledger = ledger
    issue_id, key = site.new_story()
    where = {"issue_id": issue_id, "issue_key": key, "connection_id": uuid4()}
    events = [generated(generation, **where) for generation in (1, 2, 3)]
    members = [workers.new(configured=_at(site, events[0])) for _ in events]

    await asyncio.gather(*(member.sync(event) for member, event in zip(members, events, strict=True)))

    [comment] = site.comments(issue_id)
    assert "for revision 3" in str(comment["body"])
    assert site.kinds(key).count("comment.created") == 1


@pytest.mark.connected
@pytest.mark.parametrize("subtasks", [False, True], ids=["comment", "sub-tasks"])
async def test_a_member_killed_between_effect_and_answer_leaves_nothing_twice(
    site: Any,
    workers: Any,
    ledger: LedgerRepository,
    prepared: Callable[[], ServiceDatabase],
    subtasks: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    workers.ledger = ledger
    issue_id, key = site.new_story()
    event = generated(issue_id=issue_id, issue_key=key, connection_id=uuid4())
    path, effect = ("*/issue", "issue.created") if subtasks else ("*/comment", "comment.created")
    site.fault("timeout_after_effect", method="POST", path=path)
    settings = prepared().settings("jira-sync")
    arguments = [site.url, settings.url.get_secret_value(), event.model_dump_json(), str(subtasks)]
    environment = dict(os.environ)  # noqa: TID251  # of the child
    with subprocess.Popen(  # noqa: ASYNC220  # quick to start
        [sys.executable, str(MEMBER), *arguments], env=environment
    ) as member:
        try:
            deadline = time.monotonic() + 120
            while effect not in site.kinds(key):
                assert time.monotonic() < deadline
                assert member.poll() is None
                await asyncio.sleep(0.05)
        finally:
            member.send_signal(signal.SIGKILL)

    worker = workers.new(configured=_at(site, event, write_subtasks=subtasks, write_comment=not subtasks))
    synced = await worker.sync(event)

    assert synced.outcome == "written"
    assert site.kinds(key) == [effect] * (3 if subtasks else 1)
    assert worker.count("found", kind="subtask" if subtasks else "comment") == 1
    assert len(synced.targets) == (3 if subtasks else 1)


async def test_a_zombie_finds_the_story_taken_over_before_it_writes(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    event = generated(issue_id=issue_id, issue_key=key)
    story = StoryKey(event.org_id, event.connection_id, issue_id)
    owner, began = uuid4(), time.monotonic()
    granted = await workers.ledger.claim(story, 1, owner=owner, lease_s=0.05)
    assert isinstance(granted, Granted)
    zombie = Lease(workers.ledger, story, 1, granted, owner=owner, lease_s=0.05, call_s=0.04, began=began)
    await zombie.fence()
    await asyncio.sleep(0.06)
    await workers.new().sync(event)

    with pytest.raises(StoryBusyError):
        await zombie.fence()
    assert site.kinds(key) == ["comment.created"]


async def test_a_duplicate_of_a_zombie_is_removed_and_the_oldest_stays(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    event = generated(1, issue_id=issue_id, issue_key=key)
    story = StoryKey(event.org_id, event.connection_id, issue_id)
    await workers.ledger.claim(story, 1, owner=uuid4(), lease_s=0.0)  # a member that vanished
    worker = workers.new()
    first = await worker.sync(event)
    # It wakes up after its successor has finished, and its last request still arrives.
    [comment] = site.comments(issue_id)
    mark = (await worker.client.comments(connection(site.url), issue_id))[0].mark
    await worker.client.create_comment(connection(site.url), issue_id, comment["body"], mark, _nothing)
    assert len(site.comments(issue_id)) == 2

    second = await worker.sync(generated(2, issue_id=issue_id, issue_key=key))

    assert [one["id"] for one in site.comments(issue_id)] == [first.targets[0].id]
    assert second.targets == first.targets
    assert worker.count("writes", kind="comment", outcome="duplicate_removed") == 1


async def test_members_that_both_created_agree_on_the_oldest(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    event = generated(1, issue_id=issue_id, issue_key=key)
    story = StoryKey(event.org_id, event.connection_id, issue_id)
    await workers.ledger.claim(story, 1, owner=uuid4(), lease_s=0.0)
    rival, worker = workers.new(), workers.new()

    class Late(type(worker.client)):  # type: ignore[misc]  # the client's class, met at run time
        async def create_comment(self, where: Any, issue: str, body: Any, mark: Any, fence: Any) -> str:
            await rival.client.create_comment(where, issue, body, mark, _nothing)
            created: str = await super().create_comment(where, issue, body, mark, fence)
            return created

    worker.client.__class__ = Late
    synced = await worker.sync(event)

    [comment] = site.comments(issue_id)
    assert synced.targets[0].id == comment["id"]
    assert site.kinds(key) == ["comment.created", "comment.created", "comment.deleted"]


async def test_duplicated_sub_tasks_are_removed_too(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    event = generated(1, issue_id=issue_id, issue_key=key, cases=(case(1),))
    story = StoryKey(event.org_id, event.connection_id, issue_id)
    await workers.ledger.claim(story, 1, owner=uuid4(), lease_s=0.0)
    worker = workers.new(write_subtasks=True, write_comment=False)
    first = await worker.sync(event)
    where = connection(site.url)
    standing = await worker.client.subtask(where, first.targets[0].id)
    fields = {
        "project": {"key": "SHOP"},
        "issuetype": {"name": "Sub-task"},
        "parent": {"id": issue_id},
        "summary": "the same again",
    }
    await worker.client.create_subtask(where, fields, standing.mark, _nothing)

    await worker.sync(generated(2, issue_id=issue_id, issue_key=key, cases=(case(1),)))

    assert [one["id"] for one in site.subtasks(issue_id)] == [first.targets[0].id]


async def test_a_vanished_member_s_lease_is_waited_for(site: Any, workers: Any) -> None:
    issue_id, key = site.new_story()
    event = generated(1, issue_id=issue_id, issue_key=key)
    story = StoryKey(event.org_id, event.connection_id, issue_id)
    await workers.ledger.claim(story, 1, owner=uuid4(), lease_s=0.5)
    began = time.monotonic()
    await workers.new().sync(event)
    assert 0.45 <= time.monotonic() - began < 5


async def _nothing() -> None:
    return None


def _at(site: Any, event: Any, **project_fields: Any) -> Any:
    """Configuration under the event's own connection, so that tests share one database."""
    return ConfigurationView(
        connection(site.url, connection_id=event.connection_id),
        project(connection_id=event.connection_id, **project_fields),
    )
