"""One subscriber's Kafka consumer: polls, hands out, commits what is finished, survives rebalances."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from opentelemetry.trace import StatusCode

from casewright_common import kafka
from casewright_common.delivery.dead_letters import Header, header, parking_headers
from casewright_common.delivery.lanes import Lanes, Partition, Verdict
from casewright_common.delivery.metrics import DeliveryMetrics
from casewright_common.delivery.policy import Again, back_off_s, decide
from casewright_common.delivery.publishing import Producer
from casewright_common.delivery.record import Record
from casewright_common.delivery.tracing import handling, tracing
from casewright_common.errors import UpstreamRejectedError, UpstreamUnavailableError
from casewright_common.kafka import MILLISECONDS
from casewright_common.settings import KafkaSettings

log = logging.getLogger(__name__)

COMMIT_EVERY_S = 0.2
LAG_EVERY_S = 2.0
LAG_WAIT_S = 3.0
POLL_S = 0.5
FETCH_WAIT_MS = 1000
"""How long Kafka holds a question for more where there is none; longer, and it would hold up others."""
MOST_RECORDS_PER_POLL = 500
MOST_UNCOMMITTED = 10_000
"""Messages of one partition handed out beyond its committed offset: what a kill makes come again at most."""
MOST_WAITING_BYTES = 256 * 1024 * 1024
"""Of messages that wait for their next attempt; beyond it nothing more is read."""
STUCK_AFTER_S = 300.0


class Subscription(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka is untyped
    """Consumes the topics of one FastStream subscriber in one consumer group.

    Args:
        name: For logs and readiness.
        topics: Topics to read.
        group: Consumer group.
        call: The handler; raises what the handler raises.
        settings: Bounds and time-outs.
        producer: Takes dead letters to Kafka.
        metrics: Counts.
        client_id: How Kafka's logs name this consumer.
    """

    def __init__(
        self,
        name: str,
        *,
        topics: Iterable[str],
        group: str,
        call: Callable[[Record], Awaitable[object]],
        settings: KafkaSettings,
        producer: Producer,
        metrics: DeliveryMetrics,
        client_id: str,
    ) -> None:
        self.name = name
        self._topics = tuple(topics)
        self._group = group
        self._call = call
        self._settings = settings
        self._producer = producer
        self._metrics = metrics
        self._client_id = client_id
        self._lanes = Lanes(self._handle, max_running=settings.max_running, on_change=self._changed)
        self._partitions: dict[TopicPartition, Partition] = {}
        self._consumer: AIOKafkaConsumer | None = None
        self._task: asyncio.Task[None] | None = None
        self._commit_lock = asyncio.Lock()
        self._committed: dict[TopicPartition, int] = {}
        self._room = asyncio.Event()
        self._assigned = False
        self._stopping = False
        self._full = False
        self._parked_in_a_row = 0
        self._stopped_because: str | None = None
        self._problem: str | None = "joining the consumer group"
        self._polled_at = self._finished_at = time.monotonic()
        self._traced = False
        topic = self._topics[0]
        self._handled = metrics.messages.labels(topic, group, "handled")
        self._handler_seconds = metrics.handler_seconds.labels(topic, group)
        self._age_seconds = metrics.age_seconds.labels(topic, group)
        metrics.in_flight.labels(topic, group).set_function(lambda: self._lanes.running)
        metrics.queued.labels(topic, group).set_function(lambda: self._lanes.messages)
        metrics.stopped.labels(topic, group).set(0)

    # -- life ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Join the group in the background; `readiness()` tells when it is done."""
        self._task = asyncio.create_task(self._supervise(), name=f"delivery {self.name}")

    async def stop(self) -> None:
        """Finish what runs (bounded), commit the finished prefix, leave the group."""
        self._stopping = True
        await self._give_back()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def readiness(self) -> str | None:
        """Why this consumer isn't consuming, or `None` if it is."""
        if self._task is None or self._task.done():
            return "its task has ended"
        if self._stopped_because is not None:
            return self._stopped_because
        if self._problem is not None or not self._assigned:
            return self._problem or "waiting for its partitions"
        idle_s = time.monotonic() - self._polled_at
        if idle_s > self._settings.session_timeout_s:
            return f"has not polled for {idle_s:.0f} s"
        stuck_s = time.monotonic() - self._finished_at
        if self._full and stuck_s > STUCK_AFTER_S:
            return f"has finished nothing for {stuck_s:.0f} s, and has no room for more"
        return None

    async def _supervise(self) -> None:
        failures = 0
        while not self._stopping:
            began = time.monotonic()
            try:
                await self._consume()
            except UpstreamUnavailableError as error:
                self._problem = str(error)
                log.warning("consumer of %s ended: %s", self.name, error)
            except Exception as error:  # whatever ends a consumer, another one is made
                self._problem = f"consumer ended with {type(error).__name__}; starting another"
                log.warning("consumer of %s ended", self.name, exc_info=error)
            failures = 1 if time.monotonic() - began > self._settings.session_timeout_s else failures + 1
            await asyncio.sleep(back_off_s(failures))

    async def _consume(self) -> None:
        settings = self._settings
        consumer = AIOKafkaConsumer(
            **kafka.connection(settings.bootstrap_servers, settings),
            client_id=self._client_id,
            group_id=self._group,
            group_instance_id=settings.group_instance_id(self._group),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            request_timeout_ms=int(settings.request_timeout_s * MILLISECONDS),
            session_timeout_ms=int(settings.session_timeout_s * MILLISECONDS),
            heartbeat_interval_ms=int(settings.session_timeout_s * MILLISECONDS / 10),
            rebalance_timeout_ms=int(settings.rebalance_timeout_s * MILLISECONDS),
            fetch_max_wait_ms=FETCH_WAIT_MS,
            max_poll_interval_ms=int(settings.rebalance_timeout_s * MILLISECONDS * 5),
            metadata_max_age_ms=60_000,
        )
        consumer.subscribe(topics=self._topics, listener=self)
        self._consumer = consumer
        try:
            await kafka.start(consumer, settings.bootstrap_servers, settings)
            self._problem = None
            async with asyncio.TaskGroup() as group:  # if one ends, a new consumer is made
                group.create_task(self._poll(consumer))
                group.create_task(self._commit_regularly())
                group.create_task(self._watch_lag(consumer))
        finally:
            if not self._stopping:
                await self._give_back(drain_s=0)
            self._consumer = None
            with suppress(TimeoutError):
                async with asyncio.timeout(settings.request_timeout_s):
                    await consumer.stop()

    # -- rebalance -------------------------------------------------------------------------------

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Called by aiokafka before each rebalance; everything is given back, also what will return."""
        del revoked
        await self._give_back()

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Called by aiokafka after each rebalance."""
        self._partitions = {partition: Partition() for partition in assigned}
        self._committed = {}
        self._assigned = True
        if self._stopped_because is None and not self._stopping:
            self._lanes.open()
        self._changed()

    async def _give_back(self, drain_s: float | None = None) -> None:
        """Drain, commit the finished prefix, forget the rest: the partitions are somebody else's now."""
        self._assigned = False
        await self._lanes.drain(self._settings.drain_timeout_s if drain_s is None else drain_s)
        await self._commit(self._settings.request_timeout_s / 2)
        self._lanes.forget(list(self._partitions.values()))
        for partition in self._partitions:
            labels = (partition.topic, self._group, str(partition.partition))
            for gauge in (self._metrics.lag, self._metrics.paused):
                with suppress(KeyError):
                    gauge.remove(*labels)
        self._partitions = {}

    # -- poll ------------------------------------------------------------------------------------

    async def _poll(self, consumer: AIOKafkaConsumer) -> None:
        """Poll for ever. Polling never stops, or aiokafka would leave the group: partitions pause instead."""
        while True:
            self._polled_at = time.monotonic()
            self._traced = tracing()
            lanes = self._lanes
            room = self._settings.max_in_flight - lanes.in_flight
            self._full = (
                room <= 0
                or lanes.in_flight_bytes >= self._settings.max_in_flight_bytes
                or lanes.waiting_bytes >= MOST_WAITING_BYTES
            )
            if self._full:
                await self._wait_for_room()
            self._pause_and_resume(consumer)
            if self._full:
                await consumer.getmany(timeout_ms=0)
                continue
            batch = await consumer.getmany(
                timeout_ms=int(POLL_S * MILLISECONDS), max_records=min(max(room, 1), MOST_RECORDS_PER_POLL)
            )
            for topic_partition, records in batch.items():
                partition = self._partitions.get(topic_partition)
                if partition is None:
                    continue
                for record in records:
                    self._lanes.put(partition, record)

    async def _wait_for_room(self) -> None:
        """Wait until half of the room is free; give up after a while, so that partitions pause."""
        self._room.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL_S):
                await self._room.wait()
                self._full = False

    def _changed(self) -> None:
        lanes, settings = self._lanes, self._settings
        if (
            lanes.in_flight <= settings.max_in_flight // 2
            and lanes.in_flight_bytes <= settings.max_in_flight_bytes // 2
            and lanes.waiting_bytes < MOST_WAITING_BYTES
        ):
            self._room.set()

    def _pause_and_resume(self, consumer: AIOKafkaConsumer) -> None:
        """Stop fetching where there is no room.

        A partition that is closed for a dependency goes on being fetched until there is none, so that a
        message which doesn't need that dependency may come up as the next probe.
        """
        paused = consumer.paused()
        for topic_partition, partition in self._partitions.items():
            hold = (
                self._full or self._stopped_because is not None or len(partition.progress) >= MOST_UNCOMMITTED
            )
            if hold is not (topic_partition in paused):
                (consumer.pause if hold else consumer.resume)(topic_partition)
            held_back = hold or partition.closed
            if held_back is not partition.shown_paused:
                partition.shown_paused = held_back
                self._metrics.paused.labels(
                    topic_partition.topic, self._group, str(topic_partition.partition)
                ).set(held_back)

    # -- commit ----------------------------------------------------------------------------------

    async def _commit_regularly(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_EVERY_S)
            await self._commit(self._settings.request_timeout_s)

    async def _commit(self, timeout_s: float) -> None:
        """Commit the finished prefix of each partition that got further; what fails is done again later."""
        async with self._commit_lock:
            consumer = self._consumer
            offsets = {
                topic_partition: offset
                for topic_partition, partition in self._partitions.items()
                if (offset := partition.progress.committable()) is not None
                and offset != self._committed.get(topic_partition)
            }
            if consumer is None or not offsets:
                return
            try:
                async with asyncio.timeout(timeout_s):
                    await consumer.commit(offsets)
            except (CommitFailedError, IllegalStateError) as error:
                log.info("%s: offsets not committed, the group rebalances: %s", self.name, error)
            except (KafkaError, TimeoutError) as error:
                log.warning("%s: offsets not committed yet: %s", self.name, type(error).__name__)
            else:
                self._committed.update(offsets)

    async def _watch_lag(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            await asyncio.sleep(LAG_EVERY_S)
            partitions = list(self._partitions)
            if not partitions:
                continue
            try:
                async with asyncio.timeout(LAG_WAIT_S):
                    committed = self._committed  # this assignment's: a rebalance puts another in its place
                    ends = await consumer.end_offsets(partitions)
                    for topic_partition, end in ends.items():
                        done = committed.get(topic_partition)
                        if done is None:
                            stored = await consumer.committed(topic_partition) or 0
                            # Known from now on: asking for each idle partition again kept the broker busy.
                            done = committed.setdefault(topic_partition, stored)
                        if topic_partition in self._partitions:
                            self._metrics.lag.labels(
                                topic_partition.topic, self._group, str(topic_partition.partition)
                            ).set(max(0, end - done))
            except (KafkaError, TimeoutError) as error:
                self._problem = f"Kafka does not answer ({type(error).__name__})"
            else:
                self._problem = None

    # -- one message -----------------------------------------------------------------------------

    async def _handle(self, record: Record, attempt: int) -> Verdict | Again:
        if self._is_for_another_group(record):
            self._metrics.messages.labels(record.topic, self._group, "skipped").inc()
            return Verdict.SET_ASIDE
        with handling(record, self._group, traced=self._traced) as span:
            began = time.monotonic()
            try:
                await self._call(record)
            except asyncio.CancelledError as error:
                task = asyncio.current_task()
                if task is None or task.cancelling():
                    raise
                failure: BaseException = error  # something inside was cancelled, not we
            except Exception as error:  # noqa: BLE001  # every failure has its policy
                failure = error
            else:
                self._parked_in_a_row = 0
                self._finished_at = time.monotonic()
                self._handled.inc()
                self._handler_seconds.observe(time.monotonic() - began)
                self._age_seconds.observe(max(0.0, time.time() - record.timestamp / MILLISECONDS))
                return Verdict.HANDLED
            self._handler_seconds.observe(time.monotonic() - began)
            decision = decide(failure, attempt, self._settings.max_attempts)
            span.set_status(StatusCode.ERROR, decision.code)
            span.set_attribute("error.type", decision.code)
            if isinstance(decision, Again):
                self._metrics.retries.labels(record.topic, self._group, decision.code).inc()
                log.log(
                    logging.WARNING if attempt.bit_count() == 1 else logging.DEBUG,  # the 1st, 2nd, 4th, …
                    "%s: attempt %d at %s failed, next in %.1f s: %s",
                    self._group,
                    attempt,
                    _place(record),
                    decision.delay_s,
                    failure,
                )
                return decision
            if not decision.of_one_owner and header(record.headers, Header.REPLAYED_FROM) is None:
                self._parked_in_a_row += 1  # who sends a letter back looks after it
            return await self._park(record, failure, decision.code, attempt)

    def _is_for_another_group(self, record: Record) -> bool:
        if not record.headers:
            return False
        group = header(record.headers, Header.REPLAY_GROUP)
        return group is not None and group != self._group

    async def _park(self, record: Record, error: BaseException, code: str, attempts: int) -> Verdict:
        where = _place(record)
        if self._stopped_because is not None:
            return Verdict.LEFT
        if self._parked_in_a_row >= self._settings.max_dead_letters_in_a_row:
            self._halt(f"stopped after {self._parked_in_a_row} dead letters in a row")
        log.error(
            "%s: parked %s after %d attempts: %s",
            self._group,
            where,
            attempts,
            code,
            exc_info=error if code == "internal" else None,
        )
        headers = parking_headers(
            record, group=self._group, code=code, error=error, attempts=attempts, now=datetime.now(UTC)
        )
        tries = 0
        while True:
            try:
                await self._producer.send(f"{record.topic}.dlq", record.key, record.value, headers)
            except UpstreamUnavailableError as unavailable:
                tries += 1
                log.warning("%s: %s can't be parked yet: %s", self._group, where, unavailable)
                await asyncio.sleep(back_off_s(tries))
            except UpstreamRejectedError as rejected:
                self._halt(f"stopped: {where} can't be parked: {rejected}")
                return Verdict.LEFT
            else:
                break
        self._metrics.dead_letters.labels(record.topic, self._group, code).inc()
        self._metrics.messages.labels(record.topic, self._group, "parked").inc()
        return Verdict.SET_ASIDE

    def _halt(self, reason: str) -> None:
        """Hand out nothing more until a restart; stay in the group, so that no other member goes on."""
        self._stopped_because = reason
        self._lanes.close()
        self._metrics.stopped.labels(self._topics[0], self._group).set(1)
        log.critical("%s: %s", self.name, reason)


def _place(record: Record) -> str:
    return f"{record.topic}/{record.partition}/{record.offset}"
