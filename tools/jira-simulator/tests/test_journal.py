"""State and ledger across restarts, kills and damage."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from casewright_jira_simulator.adapters.journal import FileJournal
from casewright_jira_simulator.app import main
from casewright_jira_simulator.domain.model import Change
from casewright_jira_simulator.errors import JournalError

Json = dict[str, Any]
Simulator = Callable[..., Any]
COMMENT = "/rest/api/3/issue/KEEP-1/comment"


async def _fill(jira: httpx.AsyncClient, doc: Callable[..., Json]) -> None:
    await jira.post("/simulator/projects", json={"key": "KEEP", "name": "Keep"})
    issues = [{"project": "KEEP", "summary": text, "description": "wiki"} for text in ("one", "two")]
    await jira.post("/simulator/issues", json={"issues": issues})
    await jira.post(COMMENT, json={"body": doc("a"), "properties": [{"key": "mark", "value": {"run": 1}}]})
    await jira.put("/rest/api/3/issue/KEEP-1/properties/mark", json={"a": [1, None, "ä"]})
    link = {"type": {"id": "10001"}, "inwardIssue": {"key": "KEEP-1"}, "outwardIssue": {"key": "KEEP-2"}}
    await jira.post("/rest/api/3/issueLink", json=link)


async def _seen(jira: httpx.AsyncClient) -> list[Json]:
    paths = (
        "/rest/api/3/issue/KEEP-1?properties=*all",
        f"{COMMENT}?expand=properties",
        "/simulator/ledger",
        "/simulator/state",
        "/simulator/projects",
    )
    return [(await jira.get(path)).json() for path in paths]


async def test_everything_is_the_same_after_a_restart(
    simulator: Simulator, doc: Callable[..., Json], tmp_path: Path
) -> None:
    async with simulator(data=tmp_path) as jira:
        await _fill(jira, doc)
        before = await _seen(jira)
    async with simulator(data=tmp_path) as jira:
        assert await _seen(jira) == before
        await jira.delete("/rest/api/3/issue/KEEP-2")
        made = await jira.post(
            "/simulator/issues", json={"issues": [{"project": "KEEP", "summary": "three"}]}
        )
        assert made.json()["issues"][0]["key"] == "KEEP-3"
        last = (await jira.get("/simulator/ledger")).json()["last_seq"]
    async with simulator(data=tmp_path) as jira:
        assert (await jira.get("/rest/api/3/issue/KEEP-2")).status_code == 404
        assert (await jira.get("/simulator/ledger")).json()["last_seq"] == last
        assert (await jira.get("/rest/api/3/issue/KEEP-1?fields=issuelinks")).json()["fields"] == {
            "issuelinks": []
        }


async def test_a_line_that_a_kill_tore_off_is_dropped_and_the_rest_stands(
    simulator: Simulator, doc: Callable[..., Json], tmp_path: Path
) -> None:
    async with simulator(data=tmp_path) as jira:
        await _fill(jira, doc)
        before = await _seen(jira)
    journal = tmp_path / "journal.jsonl"
    whole = journal.read_bytes()
    last = whole.splitlines(keepends=True)[-1]
    for torn in (last[:1], last[: len(last) // 2], last[:-1]):
        journal.write_bytes(whole + torn)
        async with simulator(data=tmp_path) as jira:
            assert await _seen(jira) == before
        assert journal.read_bytes() == whole


async def test_damage_in_the_middle_is_named_and_not_passed_over(
    simulator: Simulator, doc: Callable[..., Json], tmp_path: Path
) -> None:
    async with simulator(data=tmp_path) as jira:
        await _fill(jira, doc)
    journal = tmp_path / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([lines[0], b"garbage\n", *lines[2:]]))
    with pytest.raises(JournalError, match="line 2 is damaged"):
        async with simulator(data=tmp_path):
            pass


async def test_one_folder_serves_one_simulator_at_a_time(simulator: Simulator, tmp_path: Path) -> None:
    async with simulator(data=tmp_path):
        with pytest.raises(JournalError, match="in use by another"):
            async with simulator(data=tmp_path):
                pass
        with pytest.raises(SystemExit, match="in use by another"):
            main(["--data", str(tmp_path), "--port", "0"])


def test_a_journal_that_cannot_be_written_keeps_no_half_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = FileJournal(tmp_path)
    journal.append(Change(settled=("a",)))
    write = os.write

    def full_disk(fd: int, data: bytes) -> int:
        if len(data) > 5:
            return write(fd, bytes(data)[:5])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full_disk)
    with pytest.raises(JournalError, match="No space left"):
        journal.append(Change(settled=("b",)))
    monkeypatch.undo()
    journal.append(Change(settled=("c",)))
    assert [change.settled for change in journal.replay()] == [("a",), ("c",)]
    journal.close()


async def test_what_was_confirmed_before_a_kill_is_there_afterwards(
    simulator: Simulator, doc: Callable[..., Json], tmp_path: Path
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from casewright_jira_simulator.app import main; main()",
        "--port",
        "0",
        "--data",
        str(tmp_path),
        env={"CASEWRIGHT_SIMULATOR_RATE_LIMITS": "false", "CASEWRIGHT_SIMULATOR_TOKEN": "integration-token"},
        stdout=asyncio.subprocess.PIPE,
    )
    confirmed: list[str] = []
    enough = asyncio.Event()
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            address = (await process.stdout.readline()).decode().split()[3]
        auth = ("integration@example.com", "integration-token")
        async with httpx.AsyncClient(base_url=address, auth=auth) as jira:
            await jira.post("/simulator/projects", json={"key": "KEEP", "name": "Keep"})
            await jira.post("/simulator/issues", json={"issues": [{"project": "KEEP", "summary": "x"}]})

            async def write() -> None:
                for number in range(1_000):
                    try:
                        made = await jira.post(COMMENT, json={"body": doc(str(number))})
                    except httpx.TransportError:
                        return
                    confirmed.append(made.json()["id"])
                    if len(confirmed) >= 40:
                        enough.set()

            writers = [asyncio.create_task(write()) for _ in range(4)]
            await asyncio.wait_for(enough.wait(), 20)
            process.send_signal(signal.SIGKILL)
            await asyncio.gather(*writers)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
    async with simulator(data=tmp_path) as jira:
        kept = {one["id"] for one in (await jira.get(f"{COMMENT}?maxResults=5000")).json()["comments"]}
        effects = (await jira.get("/simulator/ledger?kind=comment.created&limit=10000")).json()["effects"]
    assert set(confirmed) <= kept
    assert [effect["id"] for effect in effects] == sorted(kept, key=int)


def test_each_line_of_the_journal_is_json(tmp_path: Path) -> None:
    journal = FileJournal(tmp_path, fsync=True)
    journal.append(Change(settled=("a\nb",)))
    journal.close()
    assert json.loads((tmp_path / "journal.jsonl").read_text()) == {"settled": ["a\nb"]}
