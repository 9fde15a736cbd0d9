"""Messages on their way to a real Kafka, in batches."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from aiokafka.producer.message_accumulator import BatchBuilder
from prometheus_client import CollectorRegistry

from casewright_common.delivery.batching import Batches
from casewright_common.delivery.metrics import DeliveryMetrics
from casewright_common.delivery.publishing import Producer
from casewright_common.errors import UpstreamUnavailableError
from casewright_common.testing import Rig
from casewright_standalone.engines import Kafka

pytestmark = pytest.mark.connected

MOST = 2_000_000
BATCH = 16_384


class CountingProducer(AIOKafkaProducer):  # type: ignore[misc]  # aiokafka has no types
    """A real one that remembers how many batches it was given."""

    def __init__(self, bootstrap: str) -> None:
        super().__init__(
            bootstrap_servers=bootstrap,
            acks="all",
            enable_idempotence=True,
            max_request_size=MOST,
            max_batch_size=BATCH,
            request_timeout_ms=3000,
        )
        self.sizes: list[int] = []

    async def send_batch(self, batch: BatchBuilder, topic: str, *, partition: int) -> object:
        self.sizes.append(batch.record_count())
        sent: object = await super().send_batch(batch, topic, partition=partition)
        return sent


def within(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


@asynccontextmanager
async def producing(bootstrap: str) -> AsyncIterator[CountingProducer]:
    producer = CountingProducer(bootstrap)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


def state(thread: Path) -> str:
    """Of a thread, as `proc(5)` says it; the name before it may hold spaces and brackets."""
    return (thread / "stat").read_text().rpartition(") ")[2][0]


@contextmanager
def frozen(broker: Kafka) -> Iterator[None]:
    """The broker holds its connections and answers nothing."""
    assert broker.pid is not None
    os.kill(broker.pid, signal.SIGSTOP)
    # The signal waits for a thread to take it: on a busy machine the others may answer until then.
    while any(state(thread) != "T" for thread in Path(f"/proc/{broker.pid}/task").iterdir()):
        time.sleep(0.01)
    try:
        yield
    finally:
        os.kill(broker.pid, signal.SIGCONT)


async def test_what_is_published_together_leaves_together_and_keeps_its_order(rig: Rig) -> None:
    async with producing(rig.bootstrap) as producer:
        batches = Batches(producer, MOST)
        waiting = [
            batches.put(
                rig.topic, number % 4, b"key", str(number).encode(), [("h", b"1")], deadline=within(30)
            )
            for number in range(2000)
        ]
        await asyncio.gather(*waiting)
        assert sum(producer.sizes) == 2000
        assert len(producer.sizes) < 40
    stored = [(record.partition, int(record.value)) for record in await rig.read(rig.topic)]
    assert stored == sorted((number % 4, number) for number in range(2000))


async def test_a_message_by_itself_leaves_at_once(rig: Rig) -> None:
    async with producing(rig.bootstrap) as producer:
        batches = Batches(producer, MOST)
        for number in range(5):
            await batches.put(rig.topic, 0, None, str(number).encode(), [], deadline=within(30))
        assert producer.sizes == [1] * 5


async def test_a_message_larger_than_a_batch_travels_by_itself_and_one_beyond_the_limit_not_at_all(
    rig: Rig,
) -> None:
    sizes = [10, 1_000_000, 10, BATCH, 10]
    async with producing(rig.bootstrap) as producer:
        batches = Batches(producer, MOST)
        waiting = [batches.put(rig.topic, 0, b"key", b"x" * size, [], deadline=within(30)) for size in sizes]
        with pytest.raises(MessageSizeTooLargeError):
            batches.put(rig.topic, 0, b"key", b"x" * MOST, [], deadline=within(30))
        await asyncio.gather(*waiting)
        assert producer.sizes[:2] == [1, 1]
    assert [len(record.value) for record in await rig.read(rig.topic)] == sizes


async def test_each_message_has_its_own_time_and_what_nobody_waits_for_any_more_does_not_pile_up(
    rig: Rig, kafka_broker: Kafka
) -> None:
    async with producing(rig.bootstrap) as producer:
        batches = Batches(producer, MOST)
        await batches.put(rig.topic, 0, b"key", b"first", [], deadline=within(30))
        loop = asyncio.get_running_loop()
        with frozen(kafka_broker):
            under_way = batches.put(rig.topic, 0, b"key", b"under way", [], deadline=within(60))
            await asyncio.sleep(0.2)
            given_up = [
                batches.put(rig.topic, 0, b"key", b"x" * BATCH, [], deadline=within(0.3)) for _ in range(20)
            ]
            patient = batches.put(rig.topic, 0, b"key", b"patient", [], deadline=within(60))
            late = batches.put(rig.topic, 0, b"key", b"late", [], deadline=within(1))
            started = loop.time()
            results = await asyncio.gather(*given_up, return_exceptions=True)
            assert {type(result) for result in results} == {TimeoutError}
            assert loop.time() - started < 0.9
            with pytest.raises(TimeoutError):
                await late
            assert not patient.done()
        await asyncio.gather(under_way, patient)
        await batches.flush()
    # `late` shared its batch with one that was still waited for; the twenty have left no trace.
    values = [record.value for record in await rig.read(rig.topic)]
    assert values == [b"first", b"under way", b"patient", b"late"]


async def test_a_caller_who_is_cancelled_takes_nobody_along(rig: Rig) -> None:
    async with producing(rig.bootstrap) as producer:
        batches = Batches(producer, MOST)
        waiting = [
            batches.put(rig.topic, 0, b"key", b"%d" % number, [], deadline=within(30)) for number in range(3)
        ]
        waiting[1].cancel()
        await asyncio.gather(waiting[0], waiting[2])
    assert len(await rig.read(rig.topic)) == 3


async def test_a_producer_that_has_closed_fails_what_is_put_and_nothing_waits_for_ever(rig: Rig) -> None:
    async with producing(rig.bootstrap) as producer:
        batches = Batches(producer, MOST)
        await batches.put(rig.topic, 0, b"key", b"1", [], deadline=within(30))
    waiting = [batches.put(rig.topic, 0, b"key", b"2", [], deadline=within(30)) for _ in range(2)]
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(result, KafkaError) for result in results)
    assert results[0] is not results[1]
    await batches.flush()


async def test_a_producer_whose_broker_is_away_is_closed_all_the_same_and_leaves_nothing_behind(
    rig: Rig, kafka_broker: Kafka
) -> None:
    before = asyncio.all_tasks()
    settings = rig.settings(request_timeout_s=1)
    producer = Producer(settings, "leaving", DeliveryMetrics(CollectorRegistry()))
    await producer.send(rig.topic, b"key", b"1", [])
    with frozen(kafka_broker):
        with pytest.raises(UpstreamUnavailableError):
            await producer.send(rig.topic, b"key", b"2", [])
        async with asyncio.timeout(15):
            await producer.close()
    await asyncio.sleep(0.1)
    assert asyncio.all_tasks() == before
