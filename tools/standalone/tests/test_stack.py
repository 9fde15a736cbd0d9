import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis.asyncio import Redis as RedisClient

from casewright_standalone.clients import clients
from casewright_standalone.demo import PROJECT_KEY
from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.owner import read_addresses
from casewright_standalone.results import Results
from casewright_standalone.run_folder import RunFolder
from casewright_standalone.services import Wiring
from casewright_standalone.settings import BrokerSettings, StandaloneSettings
from casewright_standalone.stack import engines, stack

pytestmark = [pytest.mark.connected, pytest.mark.flow]


@pytest.fixture(scope="module")
def run_dir(engine_folder: Path) -> Path:
    return engine_folder / "stack"


@pytest.fixture
def up(run_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    """`casewright demo`, up until the test ends."""
    process = subprocess.Popen(
        command("demo", run_dir), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def command(*arguments: str | Path) -> list[str]:
    name, run_dir, *options = (str(argument) for argument in arguments)
    code = "from casewright_standalone.cli import main; main()"
    return [sys.executable, "-c", code, name, *options, "--run-dir", run_dir, "--base-port", "0"]


def casewright(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env={**os.environ, "COLUMNS": "200"},  # noqa: TID251 - a subprocess needs ours
    )


def test_the_demo_works_on_a_fresh_folder_and_again_on_the_same_data(
    run_dir: Path, up: "subprocess.Popen[str]", shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    deadline = time.monotonic() + 180
    while not (run_dir / "ports.json").exists() or read_addresses(run_dir) is None:
        assert up.poll() is None, up.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.2)

    second = casewright("up", run_dir)
    assert second.returncode == 1
    assert second.stderr == (
        f"Casewright already runs on {run_dir} (process {up.pid}); stop it first, "
        "or choose another folder with --run-dir.\n"
    )

    # Joins the stack that runs, and finds the stories that are there.
    joined = casewright("demo", run_dir, "--exit")
    assert "Casewright runs already" in joined.stdout
    assert joined.stdout.count(": has its cases in Jira") == 7
    assert joined.returncode == 0, joined.stdout + joined.stderr
    assert asyncio.run(stories_with_one_comment(run_dir)) == (8, 8)

    report = tmp_path / "r.json"
    issues = shared_data("issues/springxd.csv")
    replayed = casewright("replay", run_dir, issues, "--limit", "5", "--rate", "10", "--report", report)
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
    found = json.loads(report.read_text())
    assert (found["sent"], found["accepted"], found["stories"], found["pushed"]) == (5, 5, 5, 5)
    assert (found["lost"], found["duplicated"], found["parked"]) == (0, 0, 0)

    up.send_signal(signal.SIGINT)
    said, complained = up.communicate(timeout=90)
    assert up.returncode == 0, complained
    assert "Stopping; work in flight is finished first." in said
    assert read_addresses(run_dir) is None

    again = casewright("demo", run_dir, "--exit")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Stories and their test cases" in again.stdout
    assert "Writing" not in again.stdout


async def stories_with_one_comment(run_dir: Path) -> tuple[int, int]:
    addresses = read_addresses(run_dir)
    assert addresses is not None
    folder = RunFolder(run_dir)
    async with clients(Wiring(addresses, folder.secrets(), folder.ports(), folder)) as (_, simulator):
        results = Results(simulator)
        await results.refresh()
        found = [results.of(issue_id) for issue_id in results.marked("casewright-sample")]
    stories = [one for one in found if one.issue_key.startswith(f"{PROJECT_KEY}-")]
    return len(stories), sum(one.comments == 1 for one in stories)


async def test_a_busy_port_is_told_before_any_engine_starts(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        settings = StandaloneSettings(run_dir=tmp_path / "run", base_port=port)
        with pytest.raises(
            EngineError, match=rf"^Port {port} for gateway is already in use; .* with --base-port"
        ):
            async with stack(settings, ["gateway"], print):
                pass
    assert not (tmp_path / "run" / "logs").exists()


async def test_engines_that_end_unasked_end_the_stack_with_their_last_words(engine_folder: Path) -> None:
    folder = RunFolder(engine_folder / "ends")
    settings = StandaloneSettings(run_dir=folder.path, kafka=BrokerSettings(bootstrap_servers="127.0.0.1:9"))
    with pytest.raises(EngineError, match=r"ended unasked; .*log: "):
        async with engines(settings, folder, print) as addresses:
            port = urlsplit(addresses.redis).port
            assert port is not None
            await _kill_listener(port)
            await asyncio.sleep(30)
    assert read_addresses(folder.path) is None


async def _kill_listener(port: int) -> None:
    """End the Valkey on this port, as the machine's memory killer might."""
    client = RedisClient(port=port)
    server = await client.info("server")
    await client.aclose()
    os.kill(server["process_id"], signal.SIGKILL)
