import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.process import (
    Child,
    RunLock,
    claim_port,
    free_port,
    require_free_disk,
    wait_until,
)

OWNER = """
import sys, time
from pathlib import Path
from casewright_standalone.engines.process import Child
child = Child("sleeper", ["sleep", "600"], log_path=Path(sys.argv[1]) / "log")
print(child.pid, flush=True)
time.sleep(600)
"""


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" not in status.read_text()


def test_a_busy_port_is_one_clear_sentence() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(EngineError, match=f"^Port {port} for Kafka is already in use; stop the program"):
            claim_port(port, engine="Kafka")


def test_a_free_port_is_kept_and_zero_chooses_one() -> None:
    port = free_port()
    assert claim_port(port, engine="Kafka") == port
    assert claim_port(0, engine="Kafka") > 0


def test_a_full_disk_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"has only \d+ MiB free and the engines need \d+ MiB; make room"):
        require_free_disk(tmp_path, minimum_bytes=2**62)


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EngineError, match=r"^The folder .* can't be used: Not a directory\.$"):
        require_free_disk(tmp_path / "file" / "run")


def test_a_second_instance_is_told_who_runs_already(tmp_path: Path) -> None:
    lock = tmp_path / "engines.lock"
    with (
        RunLock(lock),
        pytest.raises(EngineError, match=rf"already runs on .* \(process {os.getpid()}\)"),
        RunLock(lock),
    ):
        pass


def test_a_lock_file_left_behind_stops_nobody(tmp_path: Path) -> None:
    lock = tmp_path / "engines.lock"
    lock.write_text("4194303")
    with RunLock(lock):
        assert lock.read_text() == str(os.getpid())


def test_a_program_that_ends_at_once_is_quoted(tmp_path: Path) -> None:
    child = Child("Sphinx", ["sh", "-c", "echo no riddle; exit 3"], log_path=tmp_path / "log")
    with pytest.raises(EngineError, match=r"^Sphinx stopped while starting; it said 'no riddle'"):
        wait_until(lambda: False, child=child, timeout_s=10)


def test_a_program_that_is_not_there_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"^Sphinx can't be started: .*No such file"):
        Child("Sphinx", ["/nowhere/sphinx"], log_path=tmp_path / "log")


def test_a_program_that_never_gets_ready_is_stopped(tmp_path: Path) -> None:
    child = Child("Sphinx", ["sleep", "600"], log_path=tmp_path / "log")
    with pytest.raises(EngineError, match=r"^Sphinx was not ready after 0 s; its log is "):
        wait_until(lambda: False, child=child, timeout_s=0)
    assert not child.running


def test_a_program_that_ignores_the_signal_is_killed(tmp_path: Path) -> None:
    child = Child("Sphinx", ["sh", "-c", "trap '' TERM; echo set; sleep 600"], log_path=tmp_path / "log")
    while "set" not in (tmp_path / "log").read_text():
        time.sleep(0.01)
    child.stop(timeout_s=0.2)
    assert not child.running


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_a_child_does_not_outlive_an_owner_that_was_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    with owner.stdout:
        pid = int(owner.stdout.readline())
        assert alive(pid)
        owner.send_signal(signal.SIGKILL)
        owner.wait()
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(pid)
