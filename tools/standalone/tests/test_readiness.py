import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import asdict
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.owner import ADDRESSES_FILE, LOCK_FILE, Addresses
from casewright_standalone.engines.process import RunLock, free_port
from casewright_standalone.readiness import watch
from casewright_standalone.run_folder import SERVICES, RunFolder
from casewright_standalone.services import Wiring
from casewright_standalone.settings import StandaloneSettings
from casewright_standalone.stack import STACK_LOCK, joined_or_started

HALTED = {"story.indexed.v1": "stopped after 10 dead letters in a row"}


@asynccontextmanager
async def members(folder: RunFolder, reasons: dict[str, str]) -> AsyncIterator[Wiring]:
    """All members at one port, with these reasons not to be ready; none is ready."""

    async def readyz(_: Request) -> Response:
        return JSONResponse({"reasons": reasons}, status_code=503 if reasons else 200)

    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=[Route("/readyz", readyz)]), port=port, log_config=None)
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    ports = dict.fromkeys(folder.ports(0), port)
    (folder.path / "ports.json").write_text(json.dumps(ports), encoding="utf-8")
    addresses = Addresses(os.getpid(), "127.0.0.1:9", "postgresql://", "http://127.0.0.1:9", "redis://")
    (folder.path / ADDRESSES_FILE).write_text(json.dumps(asdict(addresses)), encoding="utf-8")
    yield Wiring(addresses, folder.secrets(), ports, folder)
    server.should_exit = True
    await serving


@asynccontextmanager
async def watched(wiring: Wiring) -> AsyncIterator[list[str]]:
    told: list[str] = []
    task = asyncio.create_task(watch(["generator"], wiring, told.append, every_s=0.02))
    yield told
    task.cancel()
    await asyncio.wait([task])


async def until_told(told: list[str], number: int) -> None:
    async with asyncio.timeout(10):
        while len(told) < number:  # noqa: ASYNC110 - a list has no event
            await asyncio.sleep(0.01)


async def test_a_consumer_that_halts_is_told_once_and_so_is_its_return(tmp_path: Path) -> None:
    reasons: dict[str, str] = {}
    async with members(RunFolder(tmp_path), reasons) as wiring, watched(wiring) as told:
        await asyncio.sleep(0.2)
        assert told == []
        reasons |= {"story.indexed.v1": "has not polled for 31 s"}
        await until_told(told, 1)
        for seconds in range(32, 36):  # time that passes is no news
            reasons |= {"story.indexed.v1": f"has not polled for {seconds} s"}
            await asyncio.sleep(0.1)
        assert len(told) == 1
        reasons |= HALTED
        await until_told(told, 2)
        reasons.clear()
        await until_told(told, 3)
        await asyncio.sleep(0.2)
    assert told[1] == (
        "generator is not ready: story.indexed.v1: stopped after 10 dead letters in a row. "
        f"`casewright dlq list --run-dir {tmp_path}` shows what was parked; "
        f"the logs are in {tmp_path / 'logs'}."
    )
    assert told[2:] == ["generator is ready again."]


async def test_a_stack_that_runs_but_is_not_ready_is_named_with_its_reasons_and_none_is_started(
    tmp_path: Path,
) -> None:
    settings, told = StandaloneSettings(run_dir=tmp_path), list[str]()
    async with members(RunFolder(tmp_path), dict(HALTED)):
        with ExitStack() as locks:
            for name in (LOCK_FILE, STACK_LOCK):
                locks.enter_context(RunLock(tmp_path / name))
            with pytest.raises(EngineError) as raised:
                async with joined_or_started(settings, ["generator"], told.append, patience_s=0.1):
                    pass
    assert str(raised.value) == (
        f"Casewright runs on {tmp_path}, but not all of it is ready: "
        "generator (story.indexed.v1: stopped after 10 dead letters in a row). "
        f"`casewright dlq list --run-dir {tmp_path}` shows what was parked; "
        f"the logs are in {tmp_path / 'logs'}."
    )
    assert told == [f"Casewright runs already on {tmp_path}; waiting until it is ready."]


async def test_a_stack_that_is_still_starting_is_waited_for_and_joined(tmp_path: Path) -> None:
    settings, told = StandaloneSettings(run_dir=tmp_path), list[str]()
    reasons = {"start": "the consumers are not started yet"}
    async with members(RunFolder(tmp_path), reasons) as wiring:
        with ExitStack() as locks:
            for name in (LOCK_FILE, STACK_LOCK):
                locks.enter_context(RunLock(tmp_path / name))
            asyncio.get_running_loop().call_later(0.3, reasons.clear)
            async with joined_or_started(settings, SERVICES, told.append) as joined:
                assert joined.addresses == wiring.addresses
    assert told[-1] == f"Casewright runs already on {tmp_path}; joining it."
