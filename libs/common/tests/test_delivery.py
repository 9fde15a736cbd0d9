"""The delivery runtime on a real Apache Kafka."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from aiokafka import AIOKafkaProducer
from faststream.kafka import KafkaRouter
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry

from casewright_common import telemetry
from casewright_common.delivery import Delivery, Header, consumer, replay_of
from casewright_common.delivery.subscription import MOST_UNCOMMITTED
from casewright_common.errors import (
    MalformedMessageError,
    NotConfiguredYetError,
    UpstreamFailedError,
    UpstreamRejectedError,
    UpstreamUnavailableError,
)
from casewright_common.settings import KafkaSettings
from casewright_common.testing import PATIENCE_S, Ping, Rig, ping, raw, until
from casewright_common.topics import MAX_MESSAGE_BYTES

pytestmark = pytest.mark.connected

TRACE = "0af7651916cd43dd8448eb211c80319c"


async def nothing(_event: Ping) -> None:
    """Handle by doing nothing."""


# -- order and commits -----------------------------------------------------------------------------


async def test_keys_run_side_by_side_and_each_keeps_its_order(rig: Rig) -> None:
    seen: dict[str, list[int]] = defaultdict(list)
    running = most = 0

    async def handle(event: Ping) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        seen[event.subject].append(event.number)
        running -= 1

    await rig.send(raw(ping(f"s{number % 30}", number)) for number in range(300))
    async with rig.running(handle) as member:
        await until(lambda: sum(map(len, seen.values())) == 300)
        await until(lambda: member.count("messages_total", outcome="handled") == 300)

    assert most >= 20
    assert all(numbers == sorted(numbers) for numbers in seen.values())
    assert sum((await rig.committed()).values()) == 300


async def test_nothing_beyond_an_unfinished_message_is_committed_and_all_of_it_comes_again(rig: Rig) -> None:
    first: list[int] = []

    async def stuck_on_three(event: Ping) -> None:
        if event.number == 3:
            await asyncio.Event().wait()
        first.append(event.number)

    await rig.send((raw(ping(f"s{number}", number)) for number in range(10)), partition=0)
    async with rig.running(stuck_on_three, rebalance_timeout_s=3):
        await until(lambda: len(first) == 9)
        await asyncio.sleep(0.5)
        assert await rig.committed() == {0: 3}

    again: list[int] = []

    async def handle(event: Ping) -> None:
        again.append(event.number)

    async with rig.running(handle):
        await until(lambda: len(again) == 7)
    assert sorted(again) == [3, 4, 5, 6, 7, 8, 9]
    assert await rig.committed() == {0: 10}


async def test_shutdown_finishes_what_runs_and_starts_nothing_more(rig: Rig) -> None:
    started: list[int] = []
    finished: list[int] = []

    async def handle(event: Ping) -> None:
        started.append(event.number)
        await asyncio.sleep(0.5)
        finished.append(event.number)

    await rig.send((raw(ping(f"s{number}", number)) for number in range(10)), partition=0)
    async with rig.running(handle, max_running=2):
        await until(lambda: len(started) == 2)

    assert finished == started == [0, 1]
    assert await rig.committed() == {0: 2}


async def test_a_backlog_is_read_only_as_fast_as_it_is_handled_and_the_member_stays_in_its_group(
    rig: Rig,
) -> None:
    release = asyncio.Event()
    handled = 0

    async def handle(_event: Ping) -> None:
        nonlocal handled
        await release.wait()
        handled += 1

    await rig.send(raw(ping(f"s{number}", number)) for number in range(500))
    # Without a poll, aiokafka leaves the group after five times rebalance_timeout_s: 5 s here.
    async with rig.running(handle, max_in_flight=40, rebalance_timeout_s=1) as member:
        await asyncio.sleep(8)
        assert member.count("queued") == 40
        assert member.count("paused", partition="0") == 1
        await until(member.ready)
        release.set()
        await until(lambda: handled == 500)
        await until(lambda: member.count("paused", partition="0") == 0)
    assert handled == 500, "nothing came twice: it never lost its partitions"


async def test_large_messages_fill_the_room_by_their_size(rig: Rig) -> None:
    release = asyncio.Event()
    handled = 0

    async def handle(_event: Ping) -> None:
        nonlocal handled
        await release.wait()
        handled += 1

    await rig.send((raw(ping(f"{number}{'x' * 100_000}", number)) for number in range(100)), partition=0)
    async with rig.running(handle, max_in_flight_bytes=1_000_000) as member:
        await until(lambda: member.count("paused", partition="0") == 1)
        assert 5 <= member.count("queued") <= 15, "key and value are 200 kB together"
        release.set()
        await until(lambda: handled == 100)


async def test_what_a_kill_could_repeat_is_bounded_behind_a_message_that_does_not_finish(rig: Rig) -> None:
    release = asyncio.Event()
    handled = 0

    async def handle(event: Ping) -> None:
        nonlocal handled
        if event.number == 0:
            await release.wait()
        handled += 1

    await rig.send(
        (raw(ping(f"s{number}", number)) for number in range(MOST_UNCOMMITTED + 3000)), partition=0
    )
    async with rig.running(handle) as member:
        await until(lambda: member.count("paused", partition="0") == 1)
        await until(lambda: member.count("queued") == 1)
        assert MOST_UNCOMMITTED - 1 <= handled < MOST_UNCOMMITTED + 500
        release.set()
        await until(lambda: handled == MOST_UNCOMMITTED + 3000)
    assert await rig.committed() == {0: MOST_UNCOMMITTED + 3000}


async def test_what_would_be_left_out_in_silence_is_refused_at_the_start(rig: Rig) -> None:
    delivery = Delivery("wrong", rig.settings(), registry=CollectorRegistry())
    router = KafkaRouter()

    @router.publisher("somewhere.v1")
    @router.subscriber(rig.topic, **consumer("wrong", rig.topic, event=Ping))
    async def answer(event: Ping) -> Ping:
        return event

    delivery.broker.include_router(router)
    with pytest.raises(TypeError, match=r"delivery\.publish"):
        await delivery.start()
    await delivery.stop()


# -- failures --------------------------------------------------------------------------------------


async def test_a_malformed_message_is_parked_raw_and_its_lane_goes_on(rig: Rig) -> None:
    seen: list[int] = []

    async def handle(event: Ping) -> None:
        seen.append(event.number)

    twice = [("twice", b"\xff\x00"), ("twice", b"2")]
    await rig.send(
        [(b"s", b'{"half": ', ()), (b"s", b"\xff\xfe", twice), (b"s", None, ()), raw(ping("s", 1))]
    )
    async with rig.running(handle) as member:
        await until(lambda: seen == [1])
        await until(lambda: member.count("messages_total", outcome="parked") == 3)

    letters = await rig.dead_letters()
    assert [(letter.key, letter.value) for letter in letters] == [
        (b"s", b'{"half": '),
        (b"s", b"\xff\xfe"),
        (b"s", None),
    ]
    assert list(letters[1].headers) == twice
    assert {letter.topic for letter in letters} == {rig.topic}
    assert {letter.group for letter in letters} == {rig.group()}
    assert letters[0].error_code == "malformed_message"
    assert sum((await rig.committed()).values()) == 4


async def test_a_poison_message_is_parked_within_three_attempts_while_its_neighbours_go_on(rig: Rig) -> None:
    attempts: list[float] = []
    seen: list[tuple[str, int]] = []

    async def handle(event: Ping) -> None:
        if (event.subject, event.number) == ("bad", 0):
            attempts.append(time.monotonic())
            raise UpstreamFailedError("model", "answered nonsense")
        seen.append((event.subject, event.number))

    messages = [raw(ping(subject, number)) for number in range(3) for subject in ("bad", "good", "better")]
    await rig.send(messages, partition=1)
    async with rig.running(handle) as member:
        await until(lambda: len(seen) == 8)
        assert member.count("retries_total", code="upstream_failed") == 2

    assert len(attempts) == 3
    assert attempts[1] - attempts[0] >= 0.1
    assert [number for subject, number in seen if subject == "bad"] == [1, 2]
    assert [subject for subject, _ in seen[-2:]] == ["bad", "bad"], "the others didn't wait for it"
    (letter,) = await rig.dead_letters()
    assert (letter.attempts, letter.partition, letter.offset) == (3, 1, 0)
    assert letter.error == "UpstreamFailedError: model failed: answered nonsense"


async def test_a_bug_is_parked_at_once_with_its_place_and_without_the_payload(rig: Rig) -> None:
    calls = 0

    async def handle(event: Ping) -> None:
        nonlocal calls
        calls += 1
        raise KeyError(event.subject)

    await rig.send([raw(ping("confidential", 1))])
    async with rig.running(handle) as member:
        await until(lambda: member.count("dead_letters_total", code="internal") == 1)

    (letter,) = await rig.dead_letters()
    assert calls == letter.attempts == 1
    assert letter.error == "KeyError"
    assert "test_delivery.py" in letter.frames
    assert "confidential" not in letter.error + letter.frames


async def test_a_dependency_that_is_down_parks_nothing_and_is_hardly_asked_until_it_is_back(rig: Rig) -> None:
    down, calls, seen = True, 0, defaultdict(list)

    async def handle(event: Ping) -> None:
        nonlocal calls
        calls += 1
        if down:
            raise UpstreamUnavailableError("postgres", "connection refused")
        seen[event.subject].append(event.number)

    await rig.send((raw(ping(f"s{number % 50}", number)) for number in range(200)), partition=2)
    async with rig.running(handle, max_running=8) as member:
        await asyncio.sleep(7)
        assert calls < 30
        assert member.count("paused", partition="2") == 1
        assert member.ready(), "the consumer consumes; what is down is told by the service's own checks"
        assert not await rig.committed()
        down = False
        await until(lambda: sum(map(len, seen.values())) == 200)

    assert all(numbers == sorted(numbers) for numbers in seen.values())
    assert await rig.dead_letters() == []
    assert await rig.committed() == {2: 200}


async def test_a_message_that_waits_for_its_configuration_holds_back_no_other_key(rig: Rig) -> None:
    configured, seen = False, []

    async def handle(event: Ping) -> None:
        if event.subject.startswith("new") and not configured:
            raise NotConfiguredYetError("no such project yet")
        seen.append(event.subject)

    await rig.send(
        (raw(ping(subject, 0)) for subject in ["new1", "new2", "new3", "new4", "known", "familiar"]),
        partition=0,
    )
    async with rig.running(handle):
        await until(lambda: len(seen) == 2)
        configured = True
        await until(lambda: len(seen) == 6)

    assert seen[:2] == ["known", "familiar"]
    assert await rig.dead_letters() == []


async def test_any_number_of_messages_that_wait_for_their_own_sake_hold_up_nobody_else(rig: Rig) -> None:
    configured, calls, seen = False, 0, []

    async def handle(event: Ping) -> None:
        nonlocal calls
        calls += 1
        if event.subject.startswith("new") and not configured:
            raise NotConfiguredYetError("no such project yet")
        seen.append(event.subject)

    await rig.send(raw(ping(f"new{number}", 0)) for number in range(600))
    await rig.send(raw(ping(f"known{number}", 0)) for number in range(200))
    async with rig.running(handle, max_in_flight=20, max_running=8) as member:
        await until(lambda: len(seen) == 200)
        assert member.ready()
        before = calls
        await asyncio.sleep(2)
        assert calls - before < 150, "those who wait share a few attempts a second"
        configured = True
        await until(lambda: len(seen) == 800)

    assert await rig.dead_letters() == []
    assert sum((await rig.committed()).values()) == 800


async def test_a_dependency_is_not_asked_again_before_the_time_it_named(rig: Rig) -> None:
    calls: list[float] = []

    async def handle(_event: Ping) -> None:
        calls.append(time.monotonic())
        if len(calls) == 1:
            raise UpstreamUnavailableError("jira", "429", retry_after_s=2)

    await rig.send([raw(ping("s", 0))])
    async with rig.running(handle):
        await until(lambda: len(calls) == 2)

    assert 2 <= calls[1] - calls[0] < 6


async def test_a_cancellation_that_is_not_ours_is_a_failure_and_not_a_success(rig: Rig) -> None:
    async def handle(_event: Ping) -> None:
        raise asyncio.CancelledError

    await rig.send([raw(ping("s", 0))])
    async with rig.running(handle) as member:
        await until(lambda: member.count("messages_total", outcome="parked") == 1)

    (letter,) = await rig.dead_letters()
    assert letter.error == "CancelledError"


async def test_a_run_of_dead_letters_stops_the_consumer_and_a_restart_resumes_behind_them(rig: Rig) -> None:
    hopeless, seen = True, []

    async def handle(event: Ping) -> None:
        await asyncio.sleep(0.01)
        if hopeless:
            raise MalformedMessageError("no event of ours")
        seen.append(event.number)

    await rig.send((raw(ping(f"s{number}", number)) for number in range(40)), partition=0)
    async with rig.running(handle, max_running=16) as member:
        await until(lambda: not member.ready())
        await asyncio.sleep(1)
        assert list(member.delivery.readiness().values()) == ["stopped after 10 dead letters in a row"]
        assert member.count("stopped") == 1
        assert member.count("messages_total", outcome="parked") == 10
        await asyncio.sleep(0.5)
        parked = {letter.offset for letter in await rig.dead_letters()}
    assert len(parked) == 10
    first_left = next(offset for offset in range(40) if offset not in parked)
    assert await rig.committed() == {0: first_left}

    hopeless = False
    async with rig.running(handle):
        await until(lambda: len(seen) >= 40 - first_left)
    assert set(seen) >= set(range(40)) - parked


async def test_one_good_message_between_begins_the_count_of_dead_letters_anew(rig: Rig) -> None:
    async def handle(event: Ping) -> None:
        if event.number % 3:
            raise MalformedMessageError("no event of ours")

    await rig.send(raw(ping("s", number)) for number in range(30))
    async with rig.running(handle, max_dead_letters_in_a_row=3) as member:
        await until(lambda: member.count("messages_total", outcome="parked") == 20)
        assert member.ready()


async def test_what_one_owner_causes_stops_the_consumer_for_nobody_however_often(rig: Rig) -> None:
    seen: list[int] = []

    async def handle(event: Ping) -> None:
        if event.subject == "theirs":
            raise UpstreamRejectedError("model", "no such model")
        seen.append(event.number)

    await rig.send(raw(ping("theirs", number)) for number in range(12))
    async with rig.running(handle, max_dead_letters_in_a_row=3) as member:
        await until(lambda: member.count("messages_total", outcome="parked") == 12)
        await rig.send([raw(ping("ours", 12))])
        await until(lambda: seen == [12])
        assert member.ready()


# -- replay ----------------------------------------------------------------------------------------


async def test_a_replayed_dead_letter_reaches_only_the_group_that_parked_it(rig: Rig) -> None:
    hopeless = True
    here: list[int] = []
    there: list[int] = []

    async def handle_here(event: Ping) -> None:
        if hopeless and event.number == 1:
            raise UpstreamRejectedError("jira", "no")
        here.append(event.number)

    async def handle_there(event: Ping) -> None:
        there.append(event.number)

    await rig.send([raw(ping("s", 0)), raw(ping("s", 1))])
    async with rig.running(handle_here), rig.running(handle_there, service="other") as other:
        await until(lambda: here == [0] and there == [0, 1])
        await until(lambda: rig.members[0].count("messages_total", outcome="parked") == 1)
        hopeless = False
        (letter,) = await rig.dead_letters()
        topic, key, value, headers = replay_of(letter)
        assert topic == rig.topic
        await rig.send([(key, value, [(name, text or b"") for name, text in headers])])
        await until(lambda: here == [0, 1])
        await until(lambda: other.count("messages_total", outcome="skipped") == 1)

    assert there == [0, 1]


async def test_letters_that_are_sent_back_and_parked_again_do_not_stop_the_consumer(rig: Rig) -> None:
    async def handle(event: Ping) -> None:
        if event.subject == "bad":
            raise MalformedMessageError("no event of ours")

    await rig.send(raw(ping("bad", number)) for number in range(4))
    async with rig.running(handle, max_dead_letters_in_a_row=5) as member:

        async def parked(count: int) -> None:
            await until(lambda: member.count("messages_total", outcome="parked") == count)

        for count in (4, 8, 12):
            await parked(count)
            for letter in (await rig.dead_letters())[-4:]:
                _, key, value, headers = replay_of(letter)
                await rig.send([(key, value, [(name, text or b"") for name, text in headers])])
        await parked(16)
        assert member.ready()


# -- several members -------------------------------------------------------------------------------


async def test_a_second_member_takes_over_partitions_and_nothing_is_lost_or_reordered(rig: Rig) -> None:
    seen: dict[str, list[int]] = defaultdict(list)
    by_member: dict[str, int] = defaultdict(int)

    def handler(member: str) -> Callable[[Ping], Awaitable[None]]:
        async def handle(event: Ping) -> None:
            await asyncio.sleep(0.01)
            seen[event.subject].append(event.number)
            by_member[member] += 1

        return handle

    await rig.send(raw(ping(f"s{number % 40}", number)) for number in range(4000))
    async with rig.running(handler("first"), max_running=16):
        await until(lambda: by_member["first"] > 200)
        async with rig.running(handler("second"), max_running=16):
            await until(lambda: by_member["second"] > 200)
        await until(lambda: {number for numbers in seen.values() for number in numbers} == set(range(4000)))

    for numbers in seen.values():
        first_runs = list(dict.fromkeys(numbers))
        assert first_runs == sorted(first_runs)
    assert sum((await rig.committed()).values()) == 4000


async def test_work_that_outlives_the_rebalance_is_cancelled_and_done_again(rig: Rig) -> None:
    started: list[int] = []
    finished: list[int] = []
    slow = True

    async def handle(event: Ping) -> None:
        started.append(event.number)
        if slow:
            await asyncio.sleep(PATIENCE_S)
        finished.append(event.number)

    await rig.send((raw(ping(f"s{number}", number)) for number in range(4)), partition=0)
    async with rig.running(handle, rebalance_timeout_s=3):
        await until(lambda: len(started) == 4)
        slow = False
        async with rig.running(handle, rebalance_timeout_s=3):
            await until(lambda: len(finished) == 4)
            assert len(started) == 8
    assert await rig.committed() == {0: 4}


# -- publishing, traces, probes --------------------------------------------------------------------


async def test_what_a_handler_publishes_carries_the_ids_and_the_trace_that_it_came_with(rig: Rig) -> None:
    delivery = Delivery("publisher", rig.settings(), registry=CollectorRegistry())
    bound: list[dict[str, str]] = []

    async def handle(event: Ping) -> None:
        bound.append(dict(telemetry._bound.get({})))  # noqa: SLF001  # what log lines would carry
        if event.number == 0:
            await delivery.publish(ping("answer", 1), topic=rig.topic)

    traceparent = f"00-{TRACE}-b7ad6b7169203331-01".encode()
    key, value, _ = raw(ping("s", 0))
    await rig.send([(key, value, [("traceparent", traceparent), (Header.EVENT_ID, b"the-cause")])])
    async with rig.running(handle):
        await until(lambda: len(bound) == 2)
    await delivery.stop()

    answer = ping("answer", 1)
    (record,) = [record for record in await rig.read(rig.topic) if record.key == b"answer"]
    headers = dict(record.headers)
    assert Ping.model_validate_json(record.value).event_id == answer.event_id
    assert headers[Header.EVENT_ID] == str(answer.event_id).encode()
    assert headers[Header.EVENT_TYPE] == b"ping.v1"
    assert TRACE in headers["traceparent"].decode()
    assert [ids["event_id"] for ids in bound] == ["the-cause", str(answer.event_id)]


async def test_each_attempt_and_publication_is_a_span_of_the_message_s_trace(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    calls = 0

    async def handle(_event: Ping) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise UpstreamFailedError("model", "nonsense")

    sender = Delivery("sender", rig.settings(), registry=CollectorRegistry())
    await sender.publish(ping("s", 0), topic=rig.topic)
    await sender.stop()
    async with rig.running(handle) as member:
        await until(lambda: member.count("messages_total", outcome="handled") == 1)

    sent, failed, handled = spans.get_finished_spans()
    assert [span.name for span in (sent, failed, handled)] == [
        f"send {rig.topic}",
        f"process {rig.topic}",
        f"process {rig.topic}",
    ]
    assert len({span.context.trace_id for span in (sent, failed, handled) if span.context}) == 1
    assert not failed.status.is_ok
    assert failed.attributes is not None
    assert failed.attributes["error.type"] == "upstream_failed"
    assert failed.attributes["messaging.system"] == "kafka"
    assert failed.attributes["messaging.consumer.group.name"] == rig.group()


async def test_what_is_too_large_for_kafka_is_refused_before_it_is_sent(rig: Rig) -> None:
    delivery = Delivery("sender", rig.settings(), registry=CollectorRegistry())
    with pytest.raises(UpstreamRejectedError):
        await delivery.publish(ping("s" * MAX_MESSAGE_BYTES, 0), topic=rig.topic)
    await delivery.stop()


async def test_a_large_message_that_fits_is_parked_with_all_its_headers(rig: Rig) -> None:
    async def handle(_event: Ping) -> None:
        raise UpstreamRejectedError("jira", "x" * 100_000)

    value = ping("s" * (MAX_MESSAGE_BYTES - 70_000), 0).model_dump_json().encode()
    producer = AIOKafkaProducer(bootstrap_servers=rig.bootstrap, max_request_size=MAX_MESSAGE_BYTES)
    await producer.start()
    await producer.send_and_wait(rig.topic, value, key=b"s")
    await producer.stop()
    async with rig.running(handle) as member:
        await until(lambda: member.count("messages_total", outcome="parked") == 1)
    (letter,) = await rig.dead_letters()
    assert letter.value == value


async def test_metrics_tell_lag_age_and_duration(rig: Rig) -> None:
    release = asyncio.Event()

    async def handle(event: Ping) -> None:
        if event.number == 0:
            await release.wait()

    await rig.send((raw(ping(f"s{number}", number)) for number in range(10)), partition=3)
    async with rig.running(handle) as member:
        await until(lambda: member.count("lag", partition="3") == 10)
        assert member.count("in_flight") == 1
        release.set()
        await until(lambda: member.count("age_seconds_count") == 10)
        assert member.count("handler_seconds_count") == 10
        await until(lambda: member.count("lag", partition="3") == 0)
        assert member.count("in_flight") == 0


async def test_a_consumer_whose_task_ended_makes_the_service_unready(rig: Rig) -> None:
    async with rig.running(nothing) as member:
        (subscription,) = member.delivery._subscriptions  # noqa: SLF001  # to end its task
        task = subscription._task  # noqa: SLF001  # as above
        assert task is not None
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert list(member.delivery.readiness().values()) == ["its task has ended"]


async def test_a_consumer_that_fails_is_made_anew(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    async def handle(event: Ping) -> None:
        seen.append(event.number)

    async with rig.running(handle) as member:
        (subscription,) = member.delivery._subscriptions  # noqa: SLF001  # to break its consumer
        broken = subscription._consumer  # noqa: SLF001  # as above

        async def fail(*_arguments: object, **_options: object) -> None:
            raise RuntimeError("broken on purpose")

        monkeypatch.setattr(broken, "getmany", fail)
        await until(lambda: not member.ready())
        await until(member.ready)
        await rig.send([raw(ping("s", 7))])
        await until(lambda: seen == [7])


async def test_without_kafka_publishing_and_starting_say_that_it_is_unavailable(unused_tcp_port: int) -> None:
    settings = KafkaSettings(bootstrap_servers=f"127.0.0.1:{unused_tcp_port}", request_timeout_s=2)
    delivery = Delivery("lonely", settings, registry=CollectorRegistry())
    assert delivery.readiness() == {"delivery": "not started"}
    with pytest.raises(UpstreamUnavailableError) as raised:
        await delivery.publish(ping("s", 0), topic="anything.v1")
    assert raised.value.dependency == "kafka"
    with pytest.raises(UpstreamUnavailableError):
        await delivery.start()
    await delivery.stop()
