import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from casewright_standalone.engines.owner import Addresses, read_addresses

pytestmark = pytest.mark.connected


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def launch(run_dir: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "casewright_standalone.engines", "--run-dir", str(run_dir), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_ready(run_dir: Path, process: subprocess.Popen[str], timeout_s: float = 90) -> Addresses:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        addresses = read_addresses(run_dir)
        if addresses is not None:
            return addresses
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.1)
    raise AssertionError("the engines did not get ready")


def children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(after_name[1]) == pid and after_name[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def still_there(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def ask(url: str, query: str) -> object:
    async def connect_and_ask() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(connect_and_ask())


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_why_the_engines_did_not_start_is_the_last_thing_they_say(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, (tmp_path / "log").open("wb") as log:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "casewright_standalone.engines", "--run-dir", str(tmp_path / "run")]
        ended = subprocess.run(
            [*command, "--kafka-port", str(port)], stdout=log, stderr=log, check=False, timeout=120
        )
    assert ended.returncode == 1
    said = (tmp_path / "log").read_text().splitlines()
    assert "Qdrant is ready." in said
    assert said[-1].startswith(f"Port {port} for Kafka is already in use")


def test_the_engines_die_with_a_killed_owner_and_start_again_on_the_same_data(
    engine_folder: Path, started: list[subprocess.Popen[str]]
) -> None:
    run_dir = engine_folder / "owner"
    first = launch(run_dir)
    started.append(first)
    addresses = wait_ready(run_dir, first)
    ask(addresses.postgres, "CREATE TABLE kept (n int)")
    engines = children_of(first.pid)
    assert len(engines) == 4

    second = launch(run_dir)
    started.append(second)
    _, said = second.communicate(timeout=30)
    assert second.returncode == 1
    assert said == (
        f"Casewright already runs on {run_dir} (process {first.pid}); stop it first, "
        "or choose another folder with --run-dir.\n"
    )

    first.send_signal(signal.SIGKILL)
    first.wait()
    assert read_addresses(run_dir) is None
    deadline = time.monotonic() + 20
    while still_there(engines) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert still_there(engines) == []

    third = launch(run_dir)
    started.append(third)
    addresses = wait_ready(run_dir, third)
    assert ask(addresses.postgres, "SELECT count(*) FROM kept") == 0
    engines = children_of(third.pid)
    third.send_signal(signal.SIGTERM)
    third.communicate(timeout=60)
    assert third.returncode == 0
    assert not (run_dir / "engines.json").exists()
    assert still_there(engines) == []


def test_a_busy_port_ends_the_owner_with_one_sentence_and_nothing_left_running(
    engine_folder: Path, redis: str, started: list[subprocess.Popen[str]]
) -> None:
    port = urlsplit(redis).port
    process = launch(engine_folder / "busy", "--redis-port", str(port), "--kafka-at", "127.0.0.1:9")
    started.append(process)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.strip().splitlines() == [
        f"Port {port} for Valkey is already in use; stop the program that holds it, or choose another port."
    ]


def test_addresses_of_an_owner_that_is_gone_count_as_none(tmp_path: Path) -> None:
    addresses = {"pid": os.getpid(), "kafka": "k", "postgres": "p", "qdrant": "q", "redis": "r"}
    (tmp_path / "engines.json").write_text(json.dumps(addresses))
    assert read_addresses(tmp_path) is None
    (tmp_path / "engines.json").write_text("{half")
    assert read_addresses(tmp_path) is None
    assert read_addresses(tmp_path / "nowhere") is None
