"""A child process that never outlives its owner, and the checks made before one starts."""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.locks import take

LOOPBACK = "127.0.0.1"
MINIMUM_FREE_BYTES = 512 * 1024 * 1024
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def free_port() -> int:
    """A TCP port on loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def claim_port(port: int, *, engine: str, option: str = "") -> int:
    """`port` itself, or a free one if it is 0.

    Args:
        port: TCP port on loopback.
        engine: Who wants it.
        option: Of the command, that chooses another.

    Raises:
        EngineError: If somebody listens on it.
    """
    if port == 0:
        return free_port()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise EngineError(
                f"Port {port} for {engine} is already in use; "
                f"stop the program that holds it, or choose another port{option and f' with {option}'}."
            ) from error
    return port


def require_free_disk(folder: Path, *, minimum_bytes: int = MINIMUM_FREE_BYTES) -> None:
    """Make sure that the disk under `folder` has room.

    Raises:
        EngineError: If fewer than `minimum_bytes` are free, or the folder can't be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise EngineError(f"The folder {folder} can't be used: {error.strerror}.") from error
    if free < minimum_bytes:
        raise EngineError(
            f"The disk under {folder} has only {free // 2**20} MiB free and the engines need "
            f"{minimum_bytes // 2**20} MiB; make room, or choose another folder with --run-dir."
        )


def wait_until(ready: Callable[[], bool], *, child: "Child", timeout_s: float) -> None:
    """Poll `ready` until it is true.

    Raises:
        EngineError: If the child ends first, or `timeout_s` pass.
    """
    deadline = time.monotonic() + timeout_s
    while not ready():
        if not child.running:
            raise EngineError(f"{child.name} stopped while starting; {child.last_words()}.")
        if time.monotonic() > deadline:
            child.stop(timeout_s=1)
            raise EngineError(
                f"{child.name} was not ready after {timeout_s:.0f} s; its log is {child.log_path}."
            )
        time.sleep(0.05)


class Child:
    """One running program, its output in a log file. The kernel ends it when this process ends, however.

    Args:
        name: As a person would call it.
        command: Program and arguments.
        log_path: Appended to.
        cwd: Its working directory.
        user: System user to run as, where we are root and the program refuses that.
        env: Its whole environment; ours where it is None.
        parting: Signal that makes it stop in good order, also sent when its owner dies.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log_path: Path,
        cwd: Path | None = None,
        user: str | None = None,
        env: dict[str, str] | None = None,
        parting: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.log_path = log_path
        self._parting = parting
        with log_path.open("ab") as log:
            self._log_start = log.tell()
            try:
                self._process = _launch(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=cwd,
                    user=user,
                    group=user,
                    extra_groups=None if user is None else [],
                    env=env,
                    start_new_session=True,
                    preexec_fn=_die_with(os.getpid(), parting),
                )
            except OSError as error:
                raise EngineError(f"{name} can't be started: {error}.") from error

    @property
    def pid(self) -> int:
        """Process id, also after its end."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def stop(self, *, timeout_s: float = 20) -> None:
        """Ask it to end; kill it and what it started after `timeout_s`."""
        if self.running:
            self._process.send_signal(self._parting)
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self.kill()
        self._process.wait()

    def kill(self) -> None:
        """End it and what it started at once, by SIGKILL, without a chance to tidy up."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def last_words(self) -> str:
        """The last line that it logged since its start, and where the rest is."""
        line = self.last_line()
        return f"it said '{line[:300]}' (log: {self.log_path})" if line else f"log: {self.log_path}"

    def last_line(self) -> str:
        """The last line that it logged since its start, or nothing."""
        with self.log_path.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


class RunLock:
    """Makes one owner per run folder. The kernel frees it with the owner, so a stale file is harmless.

    Raises:
        EngineError: On entering, if another process holds it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+", encoding="utf-8")
        try:
            take(file, wait=False)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise EngineError(
                f"Casewright already runs on {self._path.parent} (process {holder}); "
                "stop it first, or choose another folder with --run-dir."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


@cache
def _launcher() -> ThreadPoolExecutor:
    """The thread that starts all children: they are tied to a thread, so to one that never ends."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="launcher")


def _launch(command: Sequence[str], **options: Any) -> "subprocess.Popen[bytes]":
    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, **options)  # noqa: S603 - our own fixed commands, no shell

    return _launcher().submit(start).result()


def die_with_parent() -> None:
    """Ask the kernel for a SIGTERM when the thread that started this process ends."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))


def _die_with(owner: int, parting: signal.Signals) -> Callable[[], None] | None:
    libc = _LIBC
    if libc is None:
        return None

    def bind() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(parting))
        if os.getppid() != owner:  # it died before the call
            os._exit(1)

    return bind
