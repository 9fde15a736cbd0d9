"""From a webhook's acceptance to the confirmed comment, with the designer, and where the time goes.

Yardstick: the bare four-hop floor, four topics on the same broker with raw aiokafka between, nothing done.
Stories come one every 200 ms, which the stack keeps up with: latency, not queueing, is what is measured.
"""

import asyncio
import logging
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from casewright_bench.figures import Figure
from casewright_common.topics import Topic
from casewright_standalone.clients import LedgerEntry, Simulator, clients
from casewright_standalone.readiness import wait_ready
from casewright_standalone.results import PROVENANCE
from casewright_standalone.run_folder import RunFolder
from casewright_standalone.services import MEMBERS, Wiring, log_to_file
from casewright_standalone.settings import StandaloneSettings
from casewright_standalone.stack import stack
from casewright_standalone.workspace import ensure_workspace

STORIES = 40
PAUSE_S = 0.2
HOPS = 4
_PATIENCE_S = 60
_MADE, _COMMENTED = "issue made in Jira", "comment in Jira"
_TOPICS = (Topic.ISSUE_RECEIVED, Topic.STORY_CHANGED, Topic.STORY_INDEXED, Topic.CASES_GENERATED)
_STAGES = (
    ("door: issue made to issue.received", _MADE, Topic.ISSUE_RECEIVED),
    ("ingest: to story.changed", Topic.ISSUE_RECEIVED, Topic.STORY_CHANGED),
    ("embedder: to story.indexed", Topic.STORY_CHANGED, Topic.STORY_INDEXED),
    ("generator: to cases.generated", Topic.STORY_INDEXED, Topic.CASES_GENERATED),
    ("jira-sync: to the comment in Jira", Topic.CASES_GENERATED, _COMMENTED),
)

Moments = dict[str, dict[str, float]]
"""By issue key: when it was made, came onto each topic, and got its comment, in epoch seconds."""


def story(number: int) -> Mapping[str, object]:
    """A story of ordinary size, different from all others."""
    return {
        "issue_type": "Story",
        "summary": f"Limit the order quantity of article {number}",
        "description": (
            f"Customers of branch {number} order too much by accident.\n\nh3. Acceptance criteria\n"
            f"* A customer can order at most {number + 2} pieces of article {number}.\n"
            f'* When the customer opens an empty cart, "Your cart {number} is empty" is shown.\n'
            "* If the article is sold out, the button Order is disabled.\n"
        ),
    }


async def floor(bootstrap: str, count: int) -> list[float]:
    """Milliseconds of `count` messages over four hops, each acknowledged before the next."""
    names = [f"bench.hop.{uuid4().hex}.{hop}" for hop in range(HOPS)]
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(name, 1, 1) for name in names])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    arrived: asyncio.Queue[float] = asyncio.Queue()

    async def forward(hop: int, ready: asyncio.Event) -> None:
        consumer = AIOKafkaConsumer(names[hop], bootstrap_servers=bootstrap, group_id=names[hop])
        await consumer.start()
        try:
            ready.set()
            async for record in consumer:
                if hop + 1 < HOPS:
                    await producer.send_and_wait(names[hop + 1], record.value)
                else:
                    arrived.put_nowait(time.perf_counter())
        finally:
            await consumer.stop()

    started = [asyncio.Event() for _ in names]
    tasks = [asyncio.create_task(forward(hop, started[hop])) for hop in range(HOPS)]
    await asyncio.gather(*(event.wait() for event in started))
    await asyncio.sleep(1)  # the groups get their partitions
    taken = []
    for number in range(count):
        sent = time.perf_counter()
        await producer.send_and_wait(names[0], b"x" * 3000)
        taken.append((await asyncio.wait_for(arrived.get(), _PATIENCE_S) - sent) * 1000)
        if number % 10 == 0:
            await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await producer.stop()
    return taken


async def moments(bootstrap: str, keys: set[str]) -> Moments:
    """When the messages about these issues came onto the topics, by Kafka's time stamps."""
    consumer = AIOKafkaConsumer(
        *(topic.value for topic in _TOPICS),
        bootstrap_servers=bootstrap,
        group_id=None,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    found: Moments = {key: {} for key in keys}
    try:
        while batches := await consumer.getmany(timeout_ms=1000):
            for records in batches.values():
                for record in records:
                    key = (record.key or b"").decode().rpartition("/")[2]
                    if key in found:
                        found[key].setdefault(record.topic, record.timestamp / 1000)
    finally:
        await consumer.stop()
    return found


async def _one_run(
    wiring: Wiring, simulator: Simulator, project_key: str, since: int, offset: int
) -> Moments:
    keys: set[str] = set()
    for number in range(STORIES):
        created, _ = await simulator.create_issues([{**story(offset + number), "project": project_key}])
        keys.add(created[0]["key"])
        await asyncio.sleep(PAUSE_S)
    entries: list[LedgerEntry] = []
    async with asyncio.timeout(_PATIENCE_S):
        while len({entry.issue_key for entry in entries if _is_comment(entry)} & keys) < len(keys):
            await asyncio.sleep(0.2)
            entries, _ = await simulator.ledger(since)
    found = await moments(wiring.addresses.kafka, keys)
    for entry in entries:
        if entry.issue_key in keys and (entry.kind == "issue.created" or _is_comment(entry)):
            moment = _COMMENTED if _is_comment(entry) else _MADE
            found[entry.issue_key].setdefault(moment, entry.at.timestamp())
    return found


def _is_comment(entry: LedgerEntry) -> bool:
    return entry.kind == "comment.created" and PROVENANCE in entry.properties


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1]


async def _measure(runs: int, folder: Path) -> list[Figure]:
    settings = StandaloneSettings(run_dir=folder, base_port=0)
    log_to_file(RunFolder(folder), settings.telemetry)
    floors: list[list[float]] = []
    totals: list[list[float]] = []
    stages: list[list[list[float]]] = []
    async with stack(settings, MEMBERS, lambda _line: None) as wiring:
        await wait_ready(MEMBERS, wiring)
        async with clients(wiring) as (gateway, simulator):
            workspace = await ensure_workspace(
                wiring, gateway, simulator, project_key="BENCH", project_name="Benchmark"
            )
            for number in range(runs + 1):
                since = (await simulator.ledger())[1]
                found = await _one_run(
                    wiring, simulator, workspace.project_key, since, offset=number * STORIES
                )
                if number == 0:
                    continue  # warms up model, connections and caches
                floors.append(await floor(wiring.addresses.kafka, STORIES))
                totals.append(
                    [(times[_COMMENTED] - times[Topic.ISSUE_RECEIVED]) * 1000 for times in found.values()]
                )
                stages.append(
                    [
                        [(times[end] - times[start]) * 1000 for times in found.values()]
                        for _, start, end in _STAGES
                    ]
                )
    floor_p50 = [median(values) for values in floors]
    figures = [
        Figure(
            "accepted webhook to confirmed comment, p50",
            [median(values) for values in totals],
            "bare four hops, p50",
            floor_p50,
            "ms",
        ),
        Figure(
            "accepted webhook to confirmed comment, p95",
            [_p95(values) for values in totals],
            "bare four hops, p95",
            [_p95(values) for values in floors],
            "ms",
        ),
    ]
    figures += [
        Figure(
            f"  {name}, p50",
            [median(values[number]) for values in stages],
            "bare four hops, p50",
            floor_p50,
            "ms",
        )
        for number, (name, _, _) in enumerate(_STAGES)
    ]
    return figures


def measure(*, runs: int = 5) -> Sequence[Figure]:
    """Run the stack in this process, on its embedded engines, in a folder that is thrown away."""
    logging.disable(logging.WARNING)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return asyncio.run(_measure(runs, Path(folder)))
    finally:
        logging.disable(logging.NOTSET)
