"""Order per key, bounded concurrency, and a gate per partition for the time that a dependency is down."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Final

from casewright_common.delivery.policy import Again, back_off_s
from casewright_common.delivery.progress import PartitionProgress, Ticket
from casewright_common.delivery.record import Record

FAILURES_THAT_CLOSE = 3
"""So many messages of a partition in a row that found a dependency down close it for all but a probe."""


FEW_WAITING = 100
WAITING_ATTEMPTS_PER_S = 20
"""Beyond a few, all messages that wait share so many attempts a second: a thousand would do nothing else."""


class Verdict(Enum):
    """How an attempt ended, unless it is made `Again`."""

    HANDLED = "handled"
    """The effect is stored: the offset may be committed."""
    SET_ASIDE = "set_aside"
    """Parked, or not for us: the offset may be committed, but nothing says that dependencies are well."""
    LEFT = "left"
    """Neither handled nor parked: it comes again after a restart."""


Handle = Callable[[Record, int], Awaitable[Verdict | Again]]
"""Makes the n-th attempt (from 1) at a record. Must not raise, except when cancelled."""


class Lane:
    """Messages of one key, first in, first out; the first is being handled, waits or is ready.

    Attributes:
        bytes: Of all its messages.
        timer: Set while the first one waits for its next attempt.
    """

    __slots__ = ("attempts", "bytes", "entries", "key", "partition", "timer")

    def __init__(self, partition: "Partition", key: bytes | int) -> None:
        self.partition: Final = partition
        self.key: Final = key
        self.entries: Final[deque[tuple[Record, Ticket]]] = deque()
        self.attempts = 0
        self.bytes = 0
        self.timer: asyncio.TimerHandle | None = None


class Partition:
    """One partition during one assignment.

    Attributes:
        progress: What may be committed.
        lanes: Lanes that have messages, by key; a message without a key has a lane of its own, by offset.
        closed: Whether a dependency is down: lanes are held back, one at a time probes.
        shown_paused: What the metrics show.
    """

    __slots__ = (
        "closed",
        "failures",
        "held",
        "lanes",
        "probe",
        "progress",
        "rounds",
        "shown_paused",
        "timer",
    )

    def __init__(self) -> None:
        self.progress: Final = PartitionProgress()
        self.lanes: Final[dict[bytes | int, Lane]] = {}
        self.held: Final[deque[Lane]] = deque()
        self.closed = False
        self.shown_paused = False
        self.failures = 0
        self.rounds = 0
        self.probe: Lane | None = None
        self.timer: asyncio.TimerHandle | None = None


class Lanes:
    """Runs `handle` for each record: at most `max_running` at once, one at a time per key and partition.

    Everything here runs on one event loop, so nothing needs a lock.

    Attributes:
        messages: Read and not finished.
        waiting: Those of them in lanes whose first message waits for its next attempt. They are not counted
            as in flight: what one organisation has to wait for must not hold up the others.
        bytes: Of `messages`.
        waiting_bytes: Of `waiting`.

    Args:
        handle: Makes one attempt.
        max_running: Attempts at once.
        on_change: Called after a message finished, and when a partition closed or opened.
    """

    def __init__(self, handle: Handle, *, max_running: int, on_change: Callable[[], None]) -> None:
        self._handle = handle
        self._max_running = max_running
        self._on_change = on_change
        self._ready: deque[Lane] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._open = False
        self.messages = self.waiting = 0
        self.bytes = self.waiting_bytes = 0

    @property
    def in_flight(self) -> int:
        """Messages that are handled or could be."""
        return self.messages - self.waiting

    @property
    def in_flight_bytes(self) -> int:
        """Their size."""
        return self.bytes - self.waiting_bytes

    @property
    def running(self) -> int:
        """Attempts being made now."""
        return len(self._running)

    def open(self) -> None:
        """Begin to hand out."""
        self._open = True
        self._dispatch()

    def close(self) -> None:
        """Hand out nothing more; what runs goes on."""
        self._open = False

    def put(self, partition: Partition, record: Record) -> None:
        """Queue one record; records of a partition come in offset order."""
        ticket = partition.progress.hand_out(record.offset)
        key = record.offset if record.key is None else record.key
        size = _size(record)
        self.messages += 1
        self.bytes += size
        lane = partition.lanes.get(key)
        is_new = lane is None
        if lane is None:
            lane = partition.lanes[key] = Lane(partition, key)
        lane.entries.append((record, ticket))
        lane.bytes += size
        if lane.timer is not None:
            self.waiting += 1
            self.waiting_bytes += size
        if is_new:
            self._make_ready(lane)

    async def drain(self, timeout_s: float) -> None:
        """Stop handing out, let what runs finish, cancel what doesn't finish in time, forget the rest.

        Tickets of finished messages are marked; all others stay open.
        """
        self._open = False
        if self._running:
            await asyncio.wait(self._running, timeout=timeout_s)
        left = list(self._running)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=timeout_s)

    def forget(self, partitions: list[Partition]) -> None:
        """Drop everything queued in `partitions`, which must be all there are."""
        for partition in partitions:
            if partition.timer is not None:
                partition.timer.cancel()
            for lane in partition.lanes.values():
                if lane.timer is not None:
                    lane.timer.cancel()
            partition.lanes.clear()
            partition.held.clear()
        self._ready.clear()
        self.messages = self.waiting = 0
        self.bytes = self.waiting_bytes = 0

    def _wait(self, lane: Lane, delay_s: float) -> None:
        self.waiting += len(lane.entries)
        self.waiting_bytes += lane.bytes
        delay_s = max(delay_s, (self.waiting - FEW_WAITING) / WAITING_ATTEMPTS_PER_S)
        lane.timer = asyncio.get_running_loop().call_later(delay_s, self._wait_is_over, lane)

    def _wait_is_over(self, lane: Lane) -> None:
        lane.timer = None
        self.waiting -= len(lane.entries)
        self.waiting_bytes -= lane.bytes
        self._make_ready(lane)

    def _make_ready(self, lane: Lane) -> None:
        if lane.partition.lanes.get(lane.key) is lane:
            self._ready.append(lane)
            self._dispatch()

    def _dispatch(self) -> None:
        while self._open and self._ready and len(self._running) < self._max_running:
            lane = self._ready.popleft()
            if lane.partition.closed and lane is not lane.partition.probe:
                lane.partition.held.append(lane)
                continue
            self._running.add(asyncio.get_running_loop().create_task(self._attempt(lane)))

    async def _attempt(self, lane: Lane) -> None:
        lane.attempts += 1
        try:
            verdict = await self._handle(lane.entries[0][0], lane.attempts)
        finally:
            task = asyncio.current_task()
            if task is not None:
                self._running.discard(task)
        self._conclude(lane, verdict)
        self._dispatch()
        self._on_change()

    def _conclude(self, lane: Lane, verdict: Verdict | Again) -> None:
        partition = lane.partition
        if partition.lanes.get(lane.key) is not lane:
            return  # forgotten while it ran: another member has it now
        if isinstance(verdict, Again):
            self._wait(lane, verdict.delay_s)
            if verdict.unavailable:
                self._found_unavailable(lane, verdict)
            elif lane is partition.probe:
                self._probe_later(partition, back_off_s(1))  # it failed for its own sake: ask another
            return
        if verdict is Verdict.LEFT:
            return
        record, ticket = lane.entries.popleft()
        ticket.done = True
        self.messages -= 1
        self.bytes -= _size(record)
        lane.bytes -= _size(record)
        lane.attempts = 0
        if verdict is Verdict.HANDLED:
            self._found_available(partition)
        elif lane is partition.probe:
            self._probe_later(partition, 0)
        if lane.entries:
            self._make_ready(lane)
        else:
            del partition.lanes[lane.key]

    def _found_unavailable(self, lane: Lane, verdict: Again) -> None:
        partition = lane.partition
        partition.failures += 1
        if partition.closed and partition.probe is not lane:
            return  # was running when the partition closed
        if partition.failures < FAILURES_THAT_CLOSE:
            return
        partition.closed = True
        partition.rounds += 1
        self._probe_later(partition, max(back_off_s(partition.rounds), verdict.asked_s))
        self._on_change()

    def _probe_later(self, partition: Partition, delay_s: float) -> None:
        partition.probe = None
        partition.timer = asyncio.get_running_loop().call_later(delay_s, self._send_probe, partition)

    def _send_probe(self, partition: Partition) -> None:
        """Let one lane try. None may be ready yet: then look again soon."""
        if partition.held:
            partition.probe = lane = partition.held.popleft()
            self._make_ready(lane)
        else:
            self._probe_later(partition, back_off_s(1))

    def _found_available(self, partition: Partition) -> None:
        partition.failures = partition.rounds = 0
        if not partition.closed:
            return
        partition.closed = False
        partition.probe = None
        if partition.timer is not None:
            partition.timer.cancel()
            partition.timer = None
        held = list(partition.held)
        partition.held.clear()
        for lane in held:
            self._make_ready(lane)


def _size(record: Record) -> int:
    return len(record.value or b"") + len(record.key or b"")
