"""Processes that are killed, and a broker that goes away."""

import asyncio
import os
import signal
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer
from prometheus_client import CollectorRegistry

from casewright_common.delivery import Delivery
from casewright_common.errors import UpstreamRejectedError
from casewright_common.testing import Ping, Rig, make_topics, ping, raw, until
from casewright_standalone.engines import Kafka

pytestmark = pytest.mark.connected

WORKER = Path(__file__).with_name("delivery_worker.py")
MESSAGES = 2400
SUBJECTS = 60
OUTAGE_S = 20


class Effects:
    """Follows the topic that the workers write to: what another service would see."""

    def __init__(self, rig: Rig) -> None:
        self.topic = f"{rig.topic}.effects"
        self.by_subject: dict[str, list[int]] = defaultdict(list)
        self.count = 0
        self._consumer = AIOKafkaConsumer(
            self.topic, bootstrap_servers=rig.bootstrap, auto_offset_reset="earliest"
        )

    async def follow(self) -> None:
        await self._consumer.start()
        try:
            async for record in self._consumer:
                event = Ping.model_validate_json(record.value)
                self.by_subject[event.subject].append(event.number)
                self.count += 1
        finally:
            await self._consumer.stop()

    async def grow_by(self, count: int) -> None:
        goal = self.count + count
        await until(lambda: self.count >= goal)

    def complete(self) -> bool:
        return len({number for numbers in self.by_subject.values() for number in numbers}) == MESSAGES

    def first_runs(self) -> list[list[int]]:
        """Numbers by subject, each where it was seen first."""
        return [list(dict.fromkeys(numbers)) for numbers in self.by_subject.values()]


@pytest.mark.parametrize("static", [False, True], ids=["moving", "static"])
async def test_killed_workers_lose_nothing_and_keep_the_order_per_key(rig: Rig, static: bool) -> None:  # noqa: FBT001  # a parameter
    effects = Effects(rig)
    await make_topics(rig.bootstrap, (effects.topic, 4))
    await rig.send(raw(ping(f"s{number % SUBJECTS}", number)) for number in range(MESSAGES))
    following = asyncio.create_task(effects.follow())
    workers: list[asyncio.subprocess.Process] = []

    async def start(name: str) -> asyncio.subprocess.Process:
        settings = rig.settings(max_running=16, instance_id=name if static else None)
        worker = await asyncio.create_subprocess_exec(
            sys.executable, WORKER, settings.model_dump_json(), rig.topic, effects.topic
        )
        workers.append(worker)
        return worker

    try:
        first, second = await start("one"), await start("two")
        for kill in range(4):
            await effects.grow_by(MESSAGES // 12)
            if kill == 1:
                await start("three")  # a rebalance in the middle
            victim = (first, second)[kill % 2]
            os.kill(victim.pid, signal.SIGKILL)
            await victim.wait()
            if kill % 2:
                second = await start("two")
            else:
                first = await start("one")
        await until(effects.complete, patience_s=180)
    finally:
        for worker in workers:
            if worker.returncode is None:
                worker.terminate()
                async with asyncio.timeout(30):
                    await worker.wait()
        following.cancel()
        await asyncio.wait([following])

    for numbers in effects.first_runs():
        assert numbers == sorted(numbers)
    again = effects.count - MESSAGES
    assert 0 <= again < MESSAGES // 4, "only what was in flight at a kill may come again"


async def test_a_broker_that_stops_and_comes_back_loses_nothing_and_needs_no_restart(
    rig: Rig, kafka_broker: Kafka
) -> None:
    effects = Effects(rig)
    await make_topics(rig.bootstrap, (effects.topic, 4))
    await rig.send(raw(ping(f"s{number % SUBJECTS}", number)) for number in range(MESSAGES))
    delivery = Delivery("publisher", rig.settings(), registry=CollectorRegistry())
    poisoned = 0

    async def handle(event: Ping) -> None:
        nonlocal poisoned
        await asyncio.sleep(0.05)
        if event.number % 500 == 499:
            poisoned += 1
            raise UpstreamRejectedError("jira", "no")
        await delivery.publish(event, topic=effects.topic)

    leaving = rig.member(handle, service="leaving")
    await leaving.delivery.start()
    await until(leaving.ready)
    async with rig.running(handle, max_running=16) as member:
        following = asyncio.create_task(effects.follow())
        await effects.grow_by(MESSAGES // 8)
        await asyncio.to_thread(kafka_broker.stop)
        async with asyncio.timeout(OUTAGE_S):
            await leaving.delivery.stop()  # in good time, though nothing can be committed
        await asyncio.sleep(OUTAGE_S)
        assert not member.ready()
        await asyncio.to_thread(kafka_broker.start)
        await effects.grow_by(1)
        await until(member.ready)
        expected = MESSAGES - MESSAGES // 500
        await until(lambda: len({n for numbers in effects.by_subject.values() for n in numbers}) == expected)
        following.cancel()
        await asyncio.wait([following])
        await until(lambda: member.count("messages_total", outcome="parked") >= MESSAGES // 500)
    await delivery.stop()

    for numbers in effects.first_runs():
        assert numbers == sorted(numbers)
    letters = await rig.dead_letters()
    assert {Ping.model_validate_json(letter.value or b"").number for letter in letters} == {
        499,
        999,
        1499,
        1999,
    }
    assert sum((await rig.committed()).values()) == MESSAGES
