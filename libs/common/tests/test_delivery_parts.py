"""The runtime's parts, without Kafka."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_common.delivery import Header, read_dead_letter, replay_of
from casewright_common.delivery.dead_letters import LONGEST_HEADER_BYTES, parking_headers
from casewright_common.delivery.lanes import Lanes, Partition, Verdict
from casewright_common.delivery.policy import Again, Park, back_off_s, decide
from casewright_common.delivery.progress import PartitionProgress
from casewright_common.delivery.record import Record
from casewright_common.errors import (
    MalformedMessageError,
    NotConfiguredYetError,
    UpstreamFailedError,
    UpstreamRejectedError,
    UpstreamUnavailableError,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass
class FakeRecord:
    key: bytes | None = b"key"
    offset: int = 0
    value: bytes | None = b"value"
    headers: tuple[tuple[str, bytes | None], ...] = ()
    topic: str = "ping.v1"
    partition: int = 0
    timestamp: int = 0


# -- progress --------------------------------------------------------------------------------------


@given(
    gaps=st.lists(st.integers(1, 5), min_size=1, max_size=40),
    order=st.randoms(use_true_random=False),
    finished=st.integers(0, 40),
)
def test_only_the_finished_prefix_is_committable(
    gaps: list[int], order: random.Random, finished: int
) -> None:
    progress = PartitionProgress()
    offsets = [sum(gaps[: place + 1]) for place in range(len(gaps))]
    tickets = [progress.hand_out(offset) for offset in offsets]
    for ticket in order.sample(tickets, min(finished, len(tickets))):
        ticket.done = True

    committable = progress.committable()

    expected = None
    for ticket in tickets:
        if not ticket.done:
            break
        expected = ticket.offset + 1
    assert committable == expected
    assert progress.committable() == expected, "asking twice changes nothing"


# -- policy ----------------------------------------------------------------------------------------


def test_a_hopeless_message_is_parked_at_once() -> None:
    assert decide(MalformedMessageError("no"), 1, 3) == Park("malformed_message")
    assert decide(UpstreamRejectedError("jira", "no"), 1, 3) == Park("upstream_rejected", of_one_owner=True)


def test_an_unknown_exception_is_a_bug_and_parked_at_once() -> None:
    assert decide(KeyError("x"), 1, 3) == Park("internal")


def test_a_message_that_may_go_better_is_tried_so_often_and_then_parked() -> None:
    error = UpstreamFailedError("model", "garbage")
    assert isinstance(decide(error, 1, 3), Again)
    assert isinstance(decide(error, 2, 3), Again)
    assert decide(error, 3, 3) == Park("upstream_failed")


@given(st.integers(1, 10_000))
def test_a_dependency_that_is_down_never_parks_anything(attempt: int) -> None:
    for error in (UpstreamUnavailableError("qdrant", "refused"), NotConfiguredYetError("project")):
        decision = decide(error, attempt, 3)
        assert isinstance(decision, Again)
        assert 0 < decision.delay_s <= 15


def test_missing_configuration_does_not_mean_that_others_would_fail_too() -> None:
    decision = decide(NotConfiguredYetError("project"), 1, 3)
    assert isinstance(decision, Again)
    assert not decision.unavailable


def test_a_dependency_is_given_the_time_that_it_asks_for() -> None:
    decision = decide(UpstreamUnavailableError("jira", "429", retry_after_s=42), 1, 3)
    assert isinstance(decision, Again)
    assert decision.delay_s == 42


@given(st.integers(1, 100_000))
def test_back_off_grows_to_its_cap_and_is_never_zero(attempt: int) -> None:
    assert 0.1 <= back_off_s(attempt) <= 15
    if attempt > 8:
        assert back_off_s(attempt) >= 7.5


# -- dead letters ----------------------------------------------------------------------------------

names = st.text(min_size=1, max_size=20).filter(lambda name: not name.startswith("casewright-"))


@given(
    key=st.none() | st.binary(max_size=50),
    value=st.none() | st.binary(max_size=200),
    headers=st.lists(st.tuples(names, st.binary(max_size=20))),
    detail=st.text(max_size=5000),
)
def test_a_dead_letter_keeps_key_value_and_headers_as_they_came(
    key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes]], detail: str
) -> None:
    record = FakeRecord(key, 7, value, tuple(headers))
    error = UpstreamRejectedError("jira", detail)
    written = parking_headers(record, group="g", code=error.code, error=error, attempts=3, now=NOW)

    letter = read_dead_letter(key, value, written)

    assert (letter.key, letter.value, list(letter.headers)) == (key, value, headers)
    assert (letter.topic, letter.partition, letter.offset) == ("ping.v1", 0, 7)
    assert (letter.group, letter.error_code, letter.attempts, letter.parked_at) == (
        "g",
        "upstream_rejected",
        3,
        NOW,
    )
    assert all(len(raw or b"") <= LONGEST_HEADER_BYTES for name, raw in written[len(headers) :])


def test_of_a_bug_the_dead_letter_tells_the_place_but_not_the_text() -> None:
    try:
        int("a customer's text")
    except ValueError as raised:
        error = raised
    written = parking_headers(FakeRecord(), group="g", code="internal", error=error, attempts=1, now=NOW)

    letter = read_dead_letter(None, None, written)

    assert letter.error == "ValueError"
    assert "test_of_a_bug_the_dead_letter_tells_the_place_but_not_the_text" in letter.frames
    assert "customer" not in str(written)


def test_a_replayed_message_names_the_group_that_parked_it_and_is_otherwise_the_original() -> None:
    record = FakeRecord(b"k", 7, b"v", (("traceparent", b"00-1-2-01"),))
    error = MalformedMessageError("no")
    parked = parking_headers(record, group="g", code=error.code, error=error, attempts=1, now=NOW)

    topic, key, value, headers = replay_of(read_dead_letter(b"k", b"v", parked))

    assert (topic, key, value) == ("ping.v1", b"k", b"v")
    assert headers == [
        ("traceparent", b"00-1-2-01"),
        (Header.REPLAY_GROUP, b"g"),
        (Header.REPLAYED_FROM, b"ping.v1/0/7"),
    ]


def test_a_replayed_message_that_is_parked_again_has_the_reasons_once() -> None:
    error = MalformedMessageError("no")
    first = parking_headers(FakeRecord(), group="g", code=error.code, error=error, attempts=1, now=NOW)
    _, key, value, headers = replay_of(read_dead_letter(b"k", b"v", first))
    again = parking_headers(
        FakeRecord(key, 9, value, tuple(headers)),
        group="g",
        code=error.code,
        error=error,
        attempts=1,
        now=NOW,
    )

    found = [name for name, _ in again]
    assert len(found) == len(set(found))
    assert Header.REPLAY_GROUP not in found


def test_what_is_not_a_dead_letter_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="casewright-dlq-error-code"):
        read_dead_letter(None, None, [("other", b"x")])


# -- lanes -----------------------------------------------------------------------------------------


def lanes_of(handle: Callable[[Record, int], Awaitable[Verdict | Again]], max_running: int = 64) -> Lanes:
    lanes = Lanes(handle, max_running=max_running, on_change=lambda: None)
    lanes.open()
    return lanes


async def settle(lanes: Lanes) -> None:
    async with asyncio.timeout(20):
        while lanes.messages:  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.01)


async def test_messages_of_one_key_never_overlap_nor_overtake_while_keys_run_side_by_side() -> None:
    seen: dict[bytes | None, list[int]] = defaultdict(list)
    running: set[bytes | None] = set()
    most = 0

    async def handle(record: Record, _attempt: int) -> Verdict:
        nonlocal most
        assert record.key not in running
        running.add(record.key)
        most = max(most, len(running))
        await asyncio.sleep(record.offset * 37 % 5 / 1000)
        running.discard(record.key)
        seen[record.key].append(record.offset)
        return Verdict.HANDLED

    lanes, partition = lanes_of(handle, max_running=8), Partition()
    for offset in range(300):
        lanes.put(partition, FakeRecord(b"key-%d" % (offset % 20), offset))
    await settle(lanes)

    assert most == 8
    assert all(offsets == sorted(offsets) for offsets in seen.values())
    assert partition.progress.committable() == 300
    assert not partition.lanes


async def test_messages_without_a_key_do_not_wait_for_each_other() -> None:
    together = asyncio.Barrier(3)

    async def handle(_record: Record, _attempt: int) -> Verdict:
        await together.wait()
        return Verdict.HANDLED

    lanes, partition = lanes_of(handle), Partition()
    for offset in range(3):
        lanes.put(partition, FakeRecord(None, offset))
    await settle(lanes)


async def test_a_failed_message_keeps_its_place_in_its_lane_and_blocks_no_other() -> None:
    done: list[int] = []

    async def handle(record: Record, attempt: int) -> Verdict | Again:
        if record.offset == 0 and attempt < 3:
            return Again(0.05, unavailable=False, asked_s=0, code="x")
        done.append(record.offset)
        return Verdict.HANDLED

    lanes, partition = lanes_of(handle), Partition()
    for offset, key in enumerate([b"bad", b"bad", b"good"]):
        lanes.put(partition, FakeRecord(key, offset))
    await settle(lanes)

    assert done == [2, 0, 1]


async def test_when_a_dependency_is_down_only_a_probe_is_sent_until_it_is_back() -> None:
    back, calls = asyncio.Event(), 0

    async def handle(_record: Record, attempt: int) -> Verdict | Again:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0)
        if back.is_set():
            return Verdict.HANDLED
        return Again(back_off_s(attempt), unavailable=True, asked_s=0, code="x")

    lanes, partition = lanes_of(handle, max_running=5), Partition()
    for offset in range(500):
        lanes.put(partition, FakeRecord(b"key-%d" % offset, offset))
    await asyncio.sleep(1)
    assert partition.closed
    assert calls < 20, "500 lanes would have tried several times each"
    back.set()
    await settle(lanes)

    assert partition.progress.committable() == 500
    assert not partition.held


async def test_draining_finishes_what_runs_cancels_what_takes_too_long_and_starts_nothing() -> None:
    started: list[int] = []
    never = asyncio.Event()

    async def handle(record: Record, _attempt: int) -> Verdict:
        started.append(record.offset)
        await (never.wait() if record.offset == 1 else asyncio.sleep(0.1))
        return Verdict.HANDLED

    lanes, partition = lanes_of(handle, max_running=2), Partition()
    for offset in range(4):
        lanes.put(partition, FakeRecord(b"key-%d" % offset, offset))
    await asyncio.sleep(0.02)
    await lanes.drain(0.5)

    assert started == [0, 1]
    assert partition.progress.committable() == 1
    assert lanes.running == 0


async def test_what_finishes_after_its_partition_was_given_up_counts_for_nothing() -> None:
    release = asyncio.Event()

    async def handle(_record: Record, _attempt: int) -> Verdict:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue  # a handler that won't be cancelled
        return Verdict.HANDLED

    lanes, partition = lanes_of(handle), Partition()
    lanes.put(partition, FakeRecord())
    await asyncio.sleep(0.01)
    await lanes.drain(0.05)
    lanes.forget([partition])
    release.set()
    await asyncio.sleep(0.05)

    assert partition.progress.committable() is None
    assert (lanes.messages, lanes.bytes, lanes.running) == (0, 0, 0)
