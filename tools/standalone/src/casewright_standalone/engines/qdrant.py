"""Qdrant: the client's local mode in a process of its own, behind a REST front."""

import sys
import urllib.error
import urllib.request
from pathlib import Path

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.process import (
    LOOPBACK,
    Child,
    claim_port,
    require_free_disk,
    wait_until,
)

_START_TIMEOUT_S = 60


class Qdrant:
    """One front over one folder.

    Args:
        folder: Collections and log.
        port: TCP port on loopback; 0 chooses a free one, kept from then on.
    """

    name = "Qdrant"

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self._folder = folder.absolute()
        self._port = port
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """Address for `AsyncQdrantClient(url=…)`."""
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def address(self) -> str:
        """The same as `url`, as every engine has it."""
        return self.url

    @property
    def pid(self) -> int | None:
        """Process id of the running front."""
        return self._child.pid if self._child is not None and self._child.running else None

    def prepare(self) -> None:
        """Check port and disk.

        Raises:
            EngineError: If it can't run here.
        """
        require_free_disk(self._folder)
        self._port = claim_port(self._port, engine=self.name)

    def launch(self) -> None:
        """Start the front, without waiting for it."""
        module = "casewright_standalone.engines.qdrant_front"
        self._child = Child(
            self.name,
            [sys.executable, "-m", module, "--folder", str(self._folder / "data"), "--port", str(self._port)],
            log_path=self._folder / "qdrant.log",
        )

    def wait_ready(self) -> None:
        """Return once it answers.

        Raises:
            EngineError: If it ends or takes too long.
        """
        if self._child is None:
            raise EngineError("Qdrant was not launched.")
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
        """SIGKILL; what an upsert has answered is on disk."""
        if self._child is not None:
            self._child.kill()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310 - loopback
                return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's own number
        except (OSError, urllib.error.URLError):
            return False
