"""The delivery runtime beside FastStream's own consumers and raw aiokafka, on one Apache Kafka.

    python -m casewright_bench.delivery [--quick] [--bootstrap HOST:PORT]

Every figure is the median of five runs (`--quick`: three smaller ones), ours and the yardstick's in turn, so
that a busy machine slows both. Exit status 1 where a target is missed.
"""

import argparse
import asyncio
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from prometheus_client import CollectorRegistry

from casewright_common.delivery import Delivery, consumer
from casewright_common.settings import KafkaSettings
from casewright_common.testing import Ping, make_topics, ping
from casewright_standalone.engines import Kafka

PARTITIONS = 6
KEYS = 3000
COMMIT_EVERY_S = 0.2
BODY_BYTES = 500
SLEEP_S = 1.0
PATIENCE_S = 300


@dataclass(frozen=True)
class Size:
    """How much is done.

    Attributes:
        runs: Runs of each candidate, of which the median counts.
        backlog: Messages that wait when a no-op run starts; the first `measured` of them count, because the
            end of a topic, where partitions run dry one by one, says nothing about a backlog.
        acked: Messages of a run of the slow yardstick.
        sleeping: Messages that wait for the handler that sleeps.
        sleeping_yardstick: How many of them the yardstick handles.
    """

    runs: int
    backlog: int
    measured: int
    acked: int
    sleeping: int
    sleeping_yardstick: int


FULL = Size(runs=5, backlog=115_000, measured=100_000, acked=4000, sleeping=640, sleeping_yardstick=48)
QUICK = Size(runs=3, backlog=24_000, measured=20_000, acked=1500, sleeping=256, sleeping_yardstick=24)


@dataclass
class Marks:
    """When each tenth of `count` messages was done.

    Attributes:
        done: Set when all are.
    """

    count: int
    done: asyncio.Event = field(default_factory=asyncio.Event)
    _seen: int = 0
    _times: list[float] = field(default_factory=list)
    _cpu: list[float] = field(default_factory=list)

    def hit(self, messages: int = 1) -> None:
        """Count so many more."""
        before, self._seen = self._seen, self._seen + messages
        if before == 0 or before * 10 // self.count != self._seen * 10 // self.count:
            self._times.append(time.perf_counter())
            self._cpu.append(time.process_time())
        if self._seen >= self.count:
            self.done.set()

    def result(self) -> "Result":
        """Rates between the marks; only once `done`."""
        tenth = self.count / 10
        return Result(
            per_s=self.count / (self._times[-1] - self._times[0]),
            first=tenth / (self._times[1] - self._times[0]),
            last=tenth / (self._times[-1] - self._times[-2]),
            cpu_us=(self._cpu[-1] - self._cpu[0]) / self.count * 1e6,
        )


@dataclass(frozen=True)
class Result:
    """One run: messages per second over all, over the first and the last tenth, and CPU per message."""

    per_s: float
    first: float
    last: float
    cpu_us: float


Candidate = Callable[[str, str, Marks], Awaitable[None]]
"""Consumes a topic from its beginning with a new group, and reports to the marks until they are done."""


async def faststream_ack(bootstrap: str, topic: str, marks: Marks) -> None:
    """FastStream's `ACK`: a commit per message; what is safe against a kill today."""
    await _faststream(bootstrap, topic, marks, AckPolicy.ACK)


async def faststream_ack_first(bootstrap: str, topic: str, marks: Marks) -> None:
    """FastStream's default, which loses what is in flight when it is killed."""
    await _faststream(bootstrap, topic, marks, AckPolicy.ACK_FIRST)


async def _faststream(bootstrap: str, topic: str, marks: Marks, policy: AckPolicy) -> None:
    broker = KafkaBroker(bootstrap, logger=None, graceful_timeout=5)

    @broker.subscriber(topic, group_id=uuid4().hex, ack_policy=policy, auto_offset_reset="earliest")
    async def on_ping(_event: Ping) -> None:
        marks.hit()

    await broker.start()
    await marks.done.wait()
    await broker.stop()


async def faststream_workers(bootstrap: str, topic: str, marks: Marks) -> None:
    """FastStream's `ACK` with a consumer per partition, and a handler that sleeps."""
    broker = KafkaBroker(bootstrap, logger=None, graceful_timeout=5)

    @broker.subscriber(
        topic,
        group_id=uuid4().hex,
        ack_policy=AckPolicy.ACK,
        auto_offset_reset="earliest",
        max_workers=PARTITIONS,
    )
    async def on_ping(_event: Ping) -> None:
        await asyncio.sleep(SLEEP_S)
        marks.hit()

    await broker.start()
    await marks.done.wait()
    await broker.stop()


async def ours(bootstrap: str, topic: str, marks: Marks) -> None:
    """An ordinary subscriber under the delivery runtime, with its metrics and default settings."""

    async def handle(_event: Ping) -> None:
        marks.hit()

    await _ours(bootstrap, topic, marks, handle)


async def ours_sleeping(bootstrap: str, topic: str, marks: Marks) -> None:
    """The same, with a handler that sleeps."""

    async def handle(_event: Ping) -> None:
        await asyncio.sleep(SLEEP_S)
        marks.hit()

    await _ours(bootstrap, topic, marks, handle)


async def _ours(bootstrap: str, topic: str, marks: Marks, handle: Callable[[Ping], Awaitable[None]]) -> None:
    service = uuid4().hex
    delivery = Delivery(service, KafkaSettings(bootstrap_servers=bootstrap), registry=CollectorRegistry())
    delivery.broker.subscriber(topic, **consumer(service, topic, event=Ping))(handle)
    await delivery.start()
    await marks.done.wait()
    await delivery.stop()


async def ours_bulk(bootstrap: str, topic: str, marks: Marks) -> None:
    """The runtime's bulk path: the same promises without FastStream between."""

    async def handle(_event: Ping) -> None:
        marks.hit()

    delivery = Delivery(uuid4().hex, KafkaSettings(bootstrap_servers=bootstrap), registry=CollectorRegistry())
    delivery.bulk_subscriber(topic, Ping, handle)
    await delivery.start()
    await marks.done.wait()
    await delivery.stop()


async def raw_getmany(bootstrap: str, topic: str, marks: Marks) -> None:
    """aiokafka's `getmany` and a commit five times a second: parses the event, promises no order of work."""
    reader = AIOKafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        group_id=uuid4().hex,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await reader.start()
    try:
        committed_at = time.monotonic()
        while not marks.done.is_set():
            for records in (await reader.getmany(timeout_ms=500, max_records=500)).values():
                for record in records:
                    Ping.model_validate_json(record.value)
                marks.hit(len(records))
            if time.monotonic() - committed_at > COMMIT_EVERY_S:
                await reader.commit()
                committed_at = time.monotonic()
    finally:
        await reader.stop()


async def fill(bootstrap: str, topic: str, count: int) -> None:
    """Publish `count` events of about 500 bytes, evenly over the partitions."""
    await make_topics(bootstrap, (topic, PARTITIONS), (f"{topic}.dlq", 1))
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=5, max_batch_size=256 * 1024)
    await producer.start()
    padding = "x" * (BODY_BYTES - len(ping("", 0).model_dump_json()))
    sent = None
    for number in range(count):
        event = ping(f"{number % KEYS}{padding}", number)
        sent = await producer.send(
            topic,
            event.model_dump_json().encode(),
            key=b"%d" % (number % KEYS),
            partition=number % PARTITIONS,
        )
    if sent is not None:
        await sent
    await producer.stop()


async def run(candidate: Candidate, bootstrap: str, topic: str, count: int) -> Result:
    """One run of `candidate` over `count` messages."""
    marks = Marks(count)
    async with asyncio.timeout(PATIENCE_S):
        await candidate(bootstrap, topic, marks)
    return marks.result()


async def compare(
    bootstrap: str, topic: str, candidates: dict[str, tuple[Candidate, int]], runs: int
) -> dict[str, list[Result]]:
    """Run all candidates in turn, `runs` times."""
    results: dict[str, list[Result]] = {name: [] for name in candidates}
    for number in range(runs):
        for name, (candidate, count) in candidates.items():
            results[name].append(await run(candidate, bootstrap, topic, count))
            print(f"  run {number + 1}  {name:<32}{results[name][-1].per_s:>12,.0f}/s", file=sys.stderr)
    return results


def median(results: list[Result], what: Callable[[Result], float]) -> float:
    """Median of one figure."""
    return statistics.median(map(what, results))


def table(title: str, results: dict[str, list[Result]], yardstick: str) -> None:
    """Print the medians, each beside the yardstick."""
    print(f"\n{title}")
    print(
        f"{'':<34}{'msg/s':>10}{'min':>10}{'max':>10}{'ratio':>8}{'first 10%':>11}{'last 10%':>10}{'CPU us':>8}"
    )
    base = median(results[yardstick], lambda result: result.per_s)
    for name, rows in results.items():
        rates = [row.per_s for row in rows]
        per_s = statistics.median(rates)
        print(
            f"{name:<34}{per_s:>10,.1f}{min(rates):>10,.1f}{max(rates):>10,.1f}{per_s / base:>7.2f}x"
            f"{median(rows, lambda row: row.first):>11,.0f}{median(rows, lambda row: row.last):>10,.0f}"
            f"{median(rows, lambda row: row.cpu_us):>8,.0f}"
        )


def check(what: str, value: float, target: float) -> bool:
    """Print whether `value` reaches `target`."""
    reached = value >= target
    print(f"{'ok  ' if reached else 'MISS'}  {what}: {value:.2f} (target: at least {target:g})")
    return reached


async def measure(bootstrap: str, size: Size) -> bool:
    """All comparisons; whether every target is reached."""
    backlog, sleeping = f"bench.{uuid4().hex[:8]}", f"bench.{uuid4().hex[:8]}"
    await fill(bootstrap, backlog, size.backlog)
    await fill(bootstrap, sleeping, size.sleeping + PARTITIONS)
    noop = await compare(
        bootstrap,
        backlog,
        {
            "FastStream ACK": (faststream_ack, size.acked),
            "delivery": (ours, size.measured),
            "FastStream ACK_FIRST (unsafe)": (faststream_ack_first, size.measured // 2),
            "raw aiokafka getmany": (raw_getmany, size.measured),
            "delivery, bulk": (ours_bulk, size.measured),
        },
        size.runs,
    )
    slow = await compare(
        bootstrap,
        sleeping,
        {
            "FastStream ACK, max_workers=6": (faststream_workers, size.sleeping_yardstick),
            "delivery": (ours_sleeping, size.sleeping),
        },
        size.runs,
    )
    table(f"No-op handler, backlog of {size.backlog:,}", noop, "FastStream ACK")
    table(f"Handler that takes {SLEEP_S:g} s, {PARTITIONS} partitions", slow, "FastStream ACK, max_workers=6")
    print()

    def rate(results: list[Result]) -> float:
        return median(results, lambda result: result.per_s)

    end_to_start = statistics.median(result.last / result.first for result in noop["delivery"])
    bulk = rate(noop["delivery, bulk"]) / rate(noop["raw aiokafka getmany"])
    print(f"      bulk path beside raw getmany: {bulk:.2f}")
    return all(
        [
            check("no-op, times FastStream ACK", rate(noop["delivery"]) / rate(noop["FastStream ACK"]), 5),
            check("last tenth of the backlog beside its first", end_to_start, 0.9),
            check(
                "1 s handler, times FastStream ACK with 6 workers",
                rate(slow["delivery"]) / rate(slow["FastStream ACK, max_workers=6"]),
                8,
            ),
        ]
    )


def main() -> None:
    """Run the benchmark on a Kafka of its own, or on the one that is named."""
    parser = argparse.ArgumentParser(prog="casewright_bench.delivery", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three small runs: a smoke test, not a figure")
    parser.add_argument("--bootstrap", help="host:port of a Kafka that runs already")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    size = QUICK if arguments.quick else FULL
    with tempfile.TemporaryDirectory() as folder:
        broker = None
        if arguments.bootstrap is None:
            broker = Kafka(Path(folder) / "kafka")
            broker.start()
        try:
            reached = asyncio.run(measure(arguments.bootstrap or broker_address(broker), size))
        finally:
            if broker is not None:
                broker.stop()
    sys.exit(0 if reached else 1)


def broker_address(broker: Kafka | None) -> str:
    """Where the broker of our own is."""
    if broker is None:
        raise ValueError("neither a broker nor an address")
    return broker.bootstrap


if __name__ == "__main__":
    main()
