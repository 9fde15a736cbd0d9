"""Messages on their way to Kafka in record batches: one under way per partition, the next one filling."""

import asyncio
import copy
from collections import deque
from collections.abc import Callable, Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatchBuilder

Headers = Sequence[tuple[str, bytes | None]]


class Batches:
    """Packs what is published at the same time into few requests.

    A request costs its sender as much as ten messages, and aiokafka's `send` gives every message futures and
    timers of its own. Here a message that finds its partition at rest leaves with whatever else is
    published in the same turn of the event loop; the others leave together, once that is acknowledged.
    """

    def __init__(self, producer: AIOKafkaProducer, max_message_bytes: int) -> None:
        self._producer = producer
        self._max_message_bytes = max_message_bytes
        self._lanes: dict[tuple[str, int], _Lane] = {}

    def put(
        self,
        topic: str,
        partition: int,
        key: bytes | None,
        value: bytes | None,
        headers: Headers,
        *,
        deadline: float,
    ) -> asyncio.Future[None]:
        """Add a message; messages of one partition are stored in the order of these calls.

        Returns:
            Done once all in-sync replicas have the message. Fails with aiokafka's error, or with
            `TimeoutError` at `deadline` (the loop's time): then the message may still arrive.

        Raises:
            MessageSizeTooLargeError: More than `max_message_bytes`, headers included.
        """
        if DefaultRecordBatchBuilder.estimate_size_in_bytes(key, value, headers) > self._max_message_bytes:
            raise MessageSizeTooLargeError
        lane = self._lanes.get((topic, partition))
        if lane is None:
            lane = self._lanes[topic, partition] = _Lane(self._producer, topic, partition)
        return lane.put(key, value, headers, deadline)

    async def flush(self) -> None:
        """Wait until nothing is under way."""
        while tasks := [lane.task for lane in self._lanes.values() if lane.task is not None]:
            await asyncio.wait(tasks)

    def cancel(self) -> None:
        """Send nothing more; who waits is told when the time is up."""
        for lane in self._lanes.values():
            if lane.task is not None:
                lane.task.cancel()


class _Lane:
    """The batches of one partition, sent one after the other; the last one is open."""

    __slots__ = ("_batches", "_partition", "_producer", "_topic", "task")

    def __init__(self, producer: AIOKafkaProducer, topic: str, partition: int) -> None:
        self._producer = producer
        self._topic = topic
        self._partition = partition
        self._batches: deque[_Batch] = deque()
        self.task: asyncio.Task[None] | None = None

    def put(
        self, key: bytes | None, value: bytes | None, headers: Headers, deadline: float
    ) -> asyncio.Future[None]:
        batch = self._batches[-1] if self._batches else None
        if batch is None or not batch.add(key, value, headers):
            batch = _Batch(self._producer.create_batch(), self._batches.remove)
            batch.add(key, value, headers)  # an empty one takes a message of any size
            self._batches.append(batch)
        if self.task is None:
            self.task = asyncio.create_task(self._send(), name=f"publish to {self._topic}/{self._partition}")
        return batch.wait(deadline)

    async def _send(self) -> None:
        try:
            while self._batches:
                batch = self._batches.popleft()
                batch.leave()
                try:
                    sent = await self._producer.send_batch(
                        batch.builder, self._topic, partition=self._partition
                    )
                    await sent
                except Exception as error:  # noqa: BLE001  # raised again where each message is waited for
                    batch.fail(error)
                else:
                    batch.done()
        finally:
            self.task = None


class _Batch:
    """Messages of one partition, and who waits for them.

    Args:
        builder: Where the messages are.
        give_up: Called when nobody waits any more, unless the batch has left.
    """

    __slots__ = ("_give_up", "_loop", "_timer", "_waiting", "builder")

    def __init__(self, builder: BatchBuilder, give_up: Callable[["_Batch"], None]) -> None:
        self.builder = builder
        self._give_up: Callable[[_Batch], None] | None = give_up
        self._loop = asyncio.get_running_loop()
        self._waiting: list[tuple[asyncio.Future[None], float]] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, key: bytes | None, value: bytes | None, headers: Headers) -> bool:
        """Whether there was room for the message."""
        return self.builder.append(timestamp=None, key=key, value=value, headers=headers) is not None

    def wait(self, deadline: float) -> asyncio.Future[None]:
        """Wait for the message that was added last."""
        waiter = self._loop.create_future()
        self._waiting.append((waiter, deadline))
        if self._timer is None or deadline < self._timer.when():
            self._set_timer(deadline)
        return waiter

    def leave(self) -> None:
        """From now on the batch is sent, whoever waits."""
        self._give_up = None

    def done(self) -> None:
        """All replicas have it."""
        for waiter in self._over():
            waiter.set_result(None)

    def fail(self, error: Exception) -> None:
        """It was not taken."""
        for waiter in self._over():
            waiter.set_exception(copy.copy(error))  # one each, or tracebacks would grow together

    def _over(self) -> list[asyncio.Future[None]]:
        if self._timer is not None:
            self._timer.cancel()
        return [waiter for waiter, _ in self._waiting if not waiter.done()]

    def _expire(self) -> None:
        """One timer for all: each message has its own deadline, and they come nearly in order."""
        now = self._loop.time()
        left = [(waiter, deadline) for waiter, deadline in self._waiting if not waiter.done()]
        for waiter, deadline in left:
            if deadline <= now:
                waiter.set_exception(TimeoutError())
        self._waiting = [(waiter, deadline) for waiter, deadline in left if deadline > now]
        if self._waiting:
            self._set_timer(min(deadline for _, deadline in self._waiting))
        elif self._give_up is not None:
            self._give_up(self)  # or what is published while Kafka is away would pile up

    def _set_timer(self, deadline: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(deadline, self._expire)
