"""The delivery runtime beside FastStream's own consumers and raw aiokafka, on one Apache Kafka.

    python -m casewright_bench.delivery [--quick] [--bootstrap HOST:PORT]

Five runs of each, ours and the yardstick's in turn (`--quick`: one small run). Exit status 1 where a figure
does not hold.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from prometheus_client import CollectorRegistry

from casewright_bench.figures import Figure, table
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
QUICK = Size(runs=1, backlog=24_000, measured=20_000, acked=1500, sleeping=256, sleeping_yardstick=24)

OURS = "delivery"
ACK = "FastStream ACK"
ACK_FIRST = "FastStream ACK_FIRST (loses)"
WORKERS = "FastStream ACK, max_workers=6"
GETMANY = "raw aiokafka getmany"
PER_S = "messages/s"
LEAST_END_TO_START = 0.9
"""A tenth is lost in the noise; what this looks for made the end three times as slow."""


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

    def begin(self) -> None:
        """Start the clock, at the first message."""
        if not self._times:
            self._times.append(time.perf_counter())
            self._cpu.append(time.process_time())

    def hit(self, messages: int = 1) -> None:
        """Count so many more."""
        before, self._seen = self._seen, self._seen + messages
        if before * 10 // self.count != self._seen * 10 // self.count:
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
        marks.begin()
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
        marks.begin()
        await asyncio.sleep(SLEEP_S)
        marks.hit()

    await broker.start()
    await marks.done.wait()
    await broker.stop()


async def ours(bootstrap: str, topic: str, marks: Marks) -> None:
    """An ordinary subscriber under the delivery runtime, with its metrics and default settings."""

    async def handle(_event: Ping) -> None:
        marks.begin()
        marks.hit()

    await _ours(bootstrap, topic, marks, handle)


async def ours_sleeping(bootstrap: str, topic: str, marks: Marks) -> None:
    """The same, with a handler that sleeps."""

    async def handle(_event: Ping) -> None:
        marks.begin()
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


async def raw_getmany(bootstrap: str, topic: str, marks: Marks) -> None:
    """Read with `getmany`, commit five times a second; parses events, promises nothing."""
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
                marks.begin()
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
    """Run all candidates in turn, `runs` times; what a busy machine takes, it takes from all."""
    results: dict[str, list[Result]] = {name: [] for name in candidates}
    for number in range(runs):
        for name, (candidate, count) in candidates.items():
            result = await run(candidate, bootstrap, topic, count)
            results[name].append(result)
            print(
                f"  run {number + 1} of {runs}  {name:<30}{result.per_s:>9,.0f}/s"
                f"   first tenth {result.first:>9,.0f}/s, last {result.last:>9,.0f}/s"
                f"   {result.cpu_us:>4,.0f} us of CPU per message",
                file=sys.stderr,
                flush=True,
            )
    return results


async def measure_on(bootstrap: str, size: Size) -> list[Figure]:
    """All comparisons on one broker."""
    backlog, sleeping = f"bench.{uuid4().hex[:8]}", f"bench.{uuid4().hex[:8]}"
    await fill(bootstrap, backlog, size.backlog)
    await fill(bootstrap, sleeping, size.sleeping + PARTITIONS)
    noop = await compare(
        bootstrap,
        backlog,
        {
            ACK: (faststream_ack, size.acked),
            OURS: (ours, size.measured),
            ACK_FIRST: (faststream_ack_first, size.measured // 2),
            GETMANY: (raw_getmany, size.measured),
        },
        size.runs,
    )
    slow = await compare(
        bootstrap,
        sleeping,
        {
            WORKERS: (faststream_workers, size.sleeping_yardstick),
            OURS: (ours_sleeping, size.sleeping),
        },
        size.runs,
    )

    def rates(results: list[Result]) -> list[float]:
        return [result.per_s for result in results]

    return [
        Figure(
            f"delivery, no-op handler, backlog of {size.measured:,}",
            rates(noop[OURS]),
            ACK,
            rates(noop[ACK]),
            PER_S,
            least_ratio=5,
        ),
        Figure(
            "delivery, last tenth of the backlog",
            [result.last for result in noop[OURS]],
            "its first tenth",
            [result.first for result in noop[OURS]],
            PER_S,
            least_ratio=LEAST_END_TO_START,
        ),
        Figure("delivery, no-op handler", rates(noop[OURS]), ACK_FIRST, rates(noop[ACK_FIRST]), PER_S),
        Figure("delivery, no-op handler", rates(noop[OURS]), GETMANY, rates(noop[GETMANY]), PER_S),
        Figure(
            f"delivery, handler of {SLEEP_S:g} s, {PARTITIONS} partitions",
            rates(slow[OURS]),
            WORKERS,
            rates(slow[WORKERS]),
            PER_S,
            least_ratio=8,
        ),
    ]


def measure(*, runs: int = FULL.runs, bootstrap: str | None = None) -> list[Figure]:
    """The figures, on a Kafka of their own unless one is named; a single run is a small one."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    size = QUICK if runs == 1 else replace(FULL, runs=runs)
    if bootstrap is not None:
        return asyncio.run(measure_on(bootstrap, size))
    with tempfile.TemporaryDirectory() as folder:
        broker = Kafka(Path(folder) / "kafka")
        broker.start()
        try:
            return asyncio.run(measure_on(broker.bootstrap, size))
        finally:
            broker.stop()


def main() -> None:
    """Print the figures; exit status 1 where one does not hold."""
    parser = argparse.ArgumentParser(prog="casewright_bench.delivery", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one small run: a smoke test, not a figure")
    parser.add_argument("--bootstrap", help="host:port of a Kafka that runs already")
    arguments = parser.parse_args()
    figures = measure(runs=1 if arguments.quick else FULL.runs, bootstrap=arguments.bootstrap)
    print(table(figures))
    sys.exit(0 if all(figure.holds for figure in figures) else 1)


if __name__ == "__main__":
    main()
