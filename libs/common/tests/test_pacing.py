"""When publications leave."""

import asyncio

from casewright_common.delivery.pacing import FEW, Pace


async def _publish(pace: Pace, number: int, left: list[int], held: asyncio.Event) -> None:
    try:
        await pace.enter()
        left.append(number)
        await held.wait()
    finally:
        pace.leave()


async def _settle() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_one_after_the_other_never_waits() -> None:
    pace = Pace(group_every_s=60)
    for _ in range(100):
        await asyncio.wait_for(pace.enter(), 1)
        pace.leave()


async def test_beyond_a_few_under_way_the_others_leave_together_in_their_order() -> None:
    pace, left, held = Pace(group_every_s=0.05), list[int](), asyncio.Event()
    tasks = [asyncio.create_task(_publish(pace, number, left, held)) for number in range(20)]
    await _settle()
    assert left == list(range(FEW))
    await asyncio.sleep(0.1)
    assert left == list(range(20))
    held.set()
    await asyncio.gather(*tasks)


async def test_one_that_is_cancelled_while_it_waits_does_not_take_the_others_along() -> None:
    pace, left, held = Pace(group_every_s=0.05), list[int](), asyncio.Event()
    tasks = [asyncio.create_task(_publish(pace, number, left, held)) for number in range(20)]
    await _settle()
    tasks[FEW].cancel()
    await asyncio.sleep(0.1)
    assert sorted({*range(20)} - {*left}) == [FEW]
    held.set()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_when_the_load_is_over_nobody_waits_again() -> None:
    pace, left, held = Pace(group_every_s=0.01), list[int](), asyncio.Event()
    held.set()
    await asyncio.gather(*(_publish(pace, number, left, held) for number in range(20)))
    await asyncio.gather(*(_publish(pace, number, left, held) for number in range(FEW)))
    assert len(left) == 20 + FEW
    left.clear()
    tasks = [asyncio.create_task(_publish(pace, number, left, held)) for number in range(FEW)]
    await _settle()
    assert left == list(range(FEW))
    await asyncio.gather(*tasks)
