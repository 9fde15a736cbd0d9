"""Work beside a service: begun with it, stopped with it."""

import asyncio

import pytest

from casewright_common.background import Background


async def test_it_runs_while_the_resource_is_held_and_no_longer() -> None:
    times = 0

    async def work() -> None:
        nonlocal times
        while True:
            times += 1
            await asyncio.sleep(0)

    async with Background(work, name="counting"):
        while times < 3:  # noqa: ASYNC110  # the work is what is waited for
            await asyncio.sleep(0)
        assert "counting" in {task.get_name() for task in asyncio.all_tasks()}
    stopped = times
    await asyncio.sleep(0.01)
    assert times == stopped
    assert "counting" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_work_that_is_done_leaves_quietly() -> None:
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    async with Background(work, name="once"):
        await done.wait()


async def test_a_failure_that_the_work_let_through_is_seen_at_the_end() -> None:
    async def work() -> None:
        raise ValueError("unexpected")

    with pytest.raises(ValueError, match="unexpected"):
        async with Background(work, name="failing"):
            await asyncio.sleep(0)
