"""Nothing is lost, done twice or out of order while services are killed and the broker stops.

Each service is a process of its own on the engines of one folder. What came of it is read from the
simulator's ledger, never from what we count ourselves.
"""

import asyncio
import math
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2

from casewright_common.topics import Topic
from casewright_standalone import dead_letters
from casewright_standalone.clients import clients
from casewright_standalone.proving.processes import Processes
from casewright_standalone.proving.site import Findings, Site, examine, unsettled, writes
from casewright_standalone.run_folder import SERVICES
from casewright_standalone.workspace import ensure_workspace

pytestmark = [pytest.mark.connected, pytest.mark.flow]

PROJECT = "FAULT"
PARTITIONS = 6
ANSWER_HELD_S = 6.0
PATIENCE_S = 300.0
TUNING = {
    # A killed member is missed sooner than in production, or the short form would mostly wait.
    "KAFKA__SESSION_TIMEOUT_S": "6",
    "KAFKA__REQUEST_TIMEOUT_S": "10",
    "JIRA__CONNECT_TIMEOUT_S": "2",
    "JIRA__READ_TIMEOUT_S": "8",
    "JIRA__FIRST_RETRY_S": "0.3",
}


@dataclass(frozen=True)
class Size:
    """How much is done.

    Attributes:
        kills: Of each service.
        kills_after_effect: Of jira-sync, between Jira's effect and its answer.
        broker_stories: Created while the broker stops.
    """

    stories: int
    kills: int
    kills_after_effect: int
    broker_stories: int
    broker_down_s: float


FULL = Size(stories=200, kills=3, kills_after_effect=3, broker_stories=40, broker_down_s=20)
SHORT = Size(stories=25, kills=1, kills_after_effect=1, broker_stories=8, broker_down_s=12)


@dataclass
class Load:
    """People who write stories and change their minds.

    Attributes:
        revisions: Last revision of each story, by its key.
        marks: A sentence that only the last revision of a story holds, by key.
    """

    site: Site
    revisions: dict[str, int] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    edits: int = 0
    _random: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - repeatable

    def create(self, number: int) -> list[str]:
        drafts = [story(len(self.revisions) + index, 1) for index in range(number)]
        keys = self.site.create([draft for draft, _ in drafts])
        for key, (_, mark) in zip(keys, drafts, strict=True):
            self.revisions[key] = 1
            self.marks[key] = mark
        return keys

    def edit(self, key: str) -> None:
        self.revisions[key] += 1
        draft, self.marks[key] = story(int(key.rpartition("-")[2]), self.revisions[key])
        self.site.edit(key, description=draft["description"])
        self.edits += 1

    def edit_some(self, keys: list[str], share: float) -> None:
        """Change this share of the stories at least, every third of them twice."""
        for index, key in enumerate(self._random.sample(keys, math.ceil(len(keys) * share))):
            self.edit(key)
            if index % 3 == 0:
                self.edit(key)

    def edit_any(self) -> None:
        self.edit(self._random.choice(list(self.revisions)))

    def changed(self) -> int:
        return sum(revision > 1 for revision in self.revisions.values())


def story(number: int, revision: int) -> tuple[dict[str, str], str]:
    """A story, and a sentence that no other story and no other revision of it holds."""
    mark = f"Voucher {number} is refused, note {revision}."
    criteria = [
        f"* A customer can redeem at most {number + 2} vouchers per order.",
        f'* When the voucher has expired, "{mark}" is shown.',
        "* Only a signed-in customer can redeem a voucher.",
    ]
    text = "\n".join(["Customers want to pay less.", "", "h3. Acceptance criteria", *criteria])
    return {"summary": f"Redeem voucher number {number} at the checkout", "description": text}, mark


@dataclass
class Figures:
    """What is printed at the end."""

    lines: list[str] = field(default_factory=list)

    def add(self, what: str, **numbers: object) -> None:
        shown = ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in numbers.items())
        self.lines.append(f"{what}: {shown}")


@dataclass
class Scene:
    """The stack with an organisation on it, and who works there."""

    processes: Processes
    site: Site
    load: Load
    organisation_id: UUID
    figures: Figures

    def settle(self) -> list[dict[str, Any]]:
        """Wait until every story shows its last revision and no consumer has work left; then the ledger."""
        deadline = time.monotonic() + PATIENCE_S
        while missing := unsettled(self.site.ledger(), self.load.revisions):
            assert time.monotonic() < deadline, f"{len(missing)} stories did not arrive: {missing[:10]}"
            time.sleep(0.5)
        while (behind := self.processes.lag()) > 0:
            assert time.monotonic() < deadline, f"{behind} messages are still not finished"
            time.sleep(0.5)
        time.sleep(1)  # whatever would come a second time has come by now
        return self.site.ledger()

    def parked(self) -> list[dead_letters.Parked]:
        bootstrap = self.processes.kafka.bootstrap
        return asyncio.run(dead_letters.parked(bootstrap, dead_letters.dead_letter_topics([])))

    def assert_whole(self) -> Findings:
        """Hold the ledger, and what can be read on each issue, against what people wrote."""
        ledger = self.settle()
        findings = examine(ledger, self.load.revisions)
        assert findings == Findings([], [], [])
        made = {effect["issue_key"] for effect in ledger if effect["kind"] == "issue.created"}
        assert made == set(self.load.revisions), "each story was created once, and nothing else was"
        for key, mark in self.load.marks.items():
            comments = self.site.comments(key)
            assert len(comments) == 1, key
            assert mark in comments[0], f"{key} shows cases of another revision"
        return findings


@pytest.fixture(scope="module")
def size(full_size: bool) -> Size:  # noqa: FBT001 - a fixture
    return FULL if full_size else SHORT


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    processes = Processes(tmp_path_factory.mktemp("faults"), TUNING)
    figures = Figures()
    try:
        processes.start()
        organisation_id = asyncio.run(organise(processes))
        site = Site(processes.wiring, PROJECT)
        yield Scene(processes, site, Load(site), organisation_id, figures)
        site.close()
    finally:
        processes.stop()
    sys.stdout.write("".join(f"\n{line}" for line in figures.lines) + "\n")


async def organise(processes: Processes) -> UUID:
    async with clients(processes.wiring) as (gateway, simulator):
        workspace = await ensure_workspace(
            processes.wiring, gateway, simulator, project_key=PROJECT, project_name="Faults"
        )
    return UUID(workspace.path.rpartition("/")[2])


def kill_at_work(scene: Scene, service: str) -> int:
    """Kill a service while it has messages in hand; how many.

    It counts only if the broker agrees that it had not finished.
    """
    while True:
        in_hand = wait_for_work(scene, service)
        scene.processes.kill(service)
        if scene.processes.lag([service]) > 0:
            return in_hand
        scene.processes.launch(service)


def wait_for_work(scene: Scene, service: str) -> int:
    """How many messages the service has in hand, once it has any."""
    deadline = time.monotonic() + PATIENCE_S
    fed = time.monotonic()
    while (unfinished := scene.processes.unfinished(service)) == 0:
        now = time.monotonic()
        assert now < deadline, f"{service} never had anything to do"
        if now - fed > 3:
            scene.load.edit_any()
            fed = now
        time.sleep(0.01)
    return unfinished


def kill_after_effect(scene: Scene) -> float:
    """Kill jira-sync when a comment of it stands and nobody has told it so; seconds left to the answer."""
    scene.processes.wait_ready(["jira-sync"])
    scene.site.add_fault(kind="timeout_after_effect", method="POST", path="*/comment", delay_s=ANSWER_HELD_S)
    since = datetime.now(UTC)
    scene.load.create(1)
    effect: datetime = wait_for(lambda: first_comment(scene.site, since), "no comment appeared", pause_s=0.05)
    scene.processes.kill("jira-sync")
    killed = datetime.now(UTC)
    assert any(fault["struck"] for fault in scene.site.faults())
    scene.site.clear_faults()
    return ANSWER_HELD_S - (killed - effect).total_seconds()


def first_comment(site: Site, since: datetime) -> datetime | None:
    created = [
        one.at
        for ours in writes(site.ledger()).values()
        for one in ours
        if one.kind == "comment.created" and one.at > since
    ]
    return min(created, default=None)


def wait_for(look: Callable[[], Any], otherwise: str, pause_s: float = 0.2) -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while (found := look()) is None:
        assert time.monotonic() < deadline, otherwise
        time.sleep(pause_s)
    return found


def test_killed_services_lose_nothing_and_do_nothing_twice(scene: Scene, size: Size) -> None:
    processes, load = scene.processes, scene.load
    began = time.monotonic()
    pauses = random.Random(11)  # noqa: S311 - repeatable
    plan = [*SERVICES] * size.kills
    portion = (size.stories - size.kills_after_effect) // len(plan)
    in_hand: dict[str, list[int]] = defaultdict(list)
    answers_left: list[float] = []
    # Jira is sometimes slow, and cuts a connection now and then, before or after the effect.
    slow = {"kind": "slow", "path": "*/comment*", "delay_s": 0.3, "probability": 0.3, "seed": 1}
    for number, service in enumerate(plan):
        scene.site.add_fault(**slow)
        scene.site.add_fault(kind="cut_after_effect", method="POST", path="*/comment", count=1)
        keys = load.create(portion)
        in_hand[service].append(kill_at_work(scene, service))
        load.edit_some(keys, 0.35)
        time.sleep(pauses.uniform(0.1, 1.0))
        processes.launch(service)
        scene.site.clear_faults()
        if number % len(SERVICES) == len(SERVICES) - 1 and len(answers_left) < size.kills_after_effect:
            answers_left.append(kill_after_effect(scene))
            processes.launch("jira-sync")
    load.create(size.stories - len(load.revisions))
    processes.wait_ready(SERVICES)
    findings = scene.assert_whole()

    assert scene.parked() == []
    assert len(load.revisions) == size.stories
    assert load.changed() >= 0.3 * size.stories
    assert {service: len(kills) for service, kills in in_hand.items()} == dict.fromkeys(SERVICES, size.kills)
    assert all(number > 0 for numbers in in_hand.values() for number in numbers)
    assert len(answers_left) == size.kills_after_effect
    assert all(left > 0 for left in answers_left), "killed before Jira's answer"
    scene.figures.add(
        "Killed services",
        stories=size.stories,
        edits=load.edits,
        kills=dict(Counter(plan)) | {"jira-sync, effect unanswered": len(answers_left)},
        messages_in_hand=dict(in_hand),
        lost=len(findings.lost),
        duplicated=len(findings.duplicated),
        out_of_order=len(findings.disordered),
        seconds=round(time.monotonic() - began),
    )


def test_a_stopped_broker_loses_nothing_and_no_service_needs_a_restart(scene: Scene, size: Size) -> None:
    processes, load = scene.processes, scene.load
    before = processes.pids()
    assert set(before) == set(SERVICES)
    began = time.monotonic()
    third = size.broker_stories // 3
    keys = load.create(third)
    wait_for(
        lambda: True if any(processes.unfinished(service) for service in SERVICES) else None,
        "the stack never had anything to do",
        pause_s=0.01,
    )
    processes.kafka.stop()
    down_since = time.monotonic()
    keys += load.create(third)
    load.edit_some(keys, 0.35)
    time.sleep(max(0.0, size.broker_down_s - (time.monotonic() - down_since)))
    processes.kafka.start()
    down_s = time.monotonic() - down_since
    load.create(size.broker_stories - 2 * third)
    findings = scene.assert_whole()

    assert processes.pids() == before, "no service ended or was started again"
    assert scene.parked() == []
    deliveries = scene.site.deliveries()
    assert {delivery["state"] for delivery in deliveries} == {"delivered"}
    retried = [delivery for delivery in deliveries if "503" in delivery["attempts"]]
    assert retried, "webhooks were refused while the broker was away, and came again"
    scene.figures.add(
        "Stopped broker",
        stories=size.broker_stories,
        broker_away_s=round(down_s, 1),
        webhooks_retried=len(retried),
        lost=len(findings.lost),
        duplicated=len(findings.duplicated),
        out_of_order=len(findings.disordered),
        seconds=round(time.monotonic() - began),
    )


def test_poison_is_parked_within_three_attempts_and_its_neighbours_go_on(scene: Scene) -> None:
    load, site = scene.load, scene.site
    if not load.revisions:
        load.create(2 * PARTITIONS)
        scene.settle()
    by_partition: dict[int, list[str]] = defaultdict(list)
    for key in load.revisions:
        by_partition[partition_of(f"{scene.organisation_id}/{key}")].append(key)
    partition, keys = max(by_partition.items(), key=lambda item: len(item[1]))
    victim, *neighbours = keys[:5]
    victim_id = site.issue(victim)["id"]
    assert neighbours
    began = time.monotonic()

    # Jira fails at this one story for ever: its handler raises at each attempt.
    site.add_fault(kind="status", status=500, method="PUT", path=f"*/issue/{victim_id}/comment/*")
    load.edit(victim)
    asyncio.run(send(scene, Topic.CASES_GENERATED, partition, b'{"this is": "no event"}'))
    asyncio.run(send(scene, Topic.ISSUE_RECEIVED, partition, b"\xff\x00 not even text"))
    for key in neighbours:
        load.edit(key)
    others = {key: revision for key, revision in load.revisions.items() if key != victim}

    def neighbours_are_done() -> bool | None:
        return None if unsettled(site.ledger(), others) else True

    wait_for(neighbours_are_done, "the neighbours of a poisoned message did not arrive")
    letters = wait_for(lambda: found if len(found := scene.parked()) >= 4 else None, "nothing was parked")
    summary = sorted(
        (one.letter.topic, one.letter.group.split(".")[1], one.letter.error_code, one.letter.attempts)
        for one in letters
        if one.letter is not None
    )
    assert summary == [
        (Topic.CASES_GENERATED, "gateway", "malformed_message", 1),
        (Topic.CASES_GENERATED, "jira-sync", "malformed_message", 1),
        (Topic.CASES_GENERATED, "jira-sync", "upstream_failed", 3),
        (Topic.ISSUE_RECEIVED, "ingest", "malformed_message", 1),
    ]
    assert {one.letter.partition for one in letters if one.letter is not None} == {partition}
    assert all(one.letter.error for one in letters if one.letter is not None)

    # Jira is well again: what was parked is sent back, and nothing is lost in the end.
    site.clear_faults()
    wanted = [one for one in letters if one.letter is not None and one.letter.error_code == "upstream_failed"]
    assert asyncio.run(dead_letters.replay(scene.processes.kafka.bootstrap, wanted)) == 1
    scene.assert_whole()
    scene.figures.add(
        "Poison",
        parked=len(letters),
        attempts=[attempts for *_, attempts in summary],
        neighbours_on_the_partition=len(neighbours),
        replayed=1,
        seconds=round(time.monotonic() - began),
    )


def partition_of(key: str) -> int:
    return int((murmur2(key.encode()) & 0x7FFFFFFF) % PARTITIONS)


async def send(scene: Scene, topic: Topic, partition: int, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=scene.processes.kafka.bootstrap) as producer:
        await producer.send_and_wait(topic.value, value, key=b"poison", partition=partition)


def test_the_examination_sees_each_kind_of_damage() -> None:
    def effect(seq: int, kind: str, revision: int, generation: int) -> dict[str, Any]:
        mark = {"revision": revision, "generation": generation}
        return {
            "seq": seq,
            "at": "2026-01-01T00:00:00Z",
            "kind": kind,
            "id": str(seq),
            "issue_key": "X-1",
            "properties": {"casewright": mark},
        }

    created, updated = effect(1, "comment.created", 1, 1), effect(2, "comment.updated", 2, 2)
    expected = {"X-1": 2}
    assert examine([created, updated], expected) == Findings([], [], [])
    assert examine([], expected).lost
    assert examine([created], expected).lost
    assert examine([created, updated, effect(3, "comment.deleted", 2, 3)], expected).lost
    assert examine([created, effect(2, "comment.created", 2, 2)], expected).duplicated
    assert examine([created, updated], {}).duplicated
    assert examine(
        [effect(1, "comment.created", 2, 2), effect(2, "comment.updated", 1, 3)], expected
    ).disordered
    assert examine([created, updated, updated], expected).disordered
