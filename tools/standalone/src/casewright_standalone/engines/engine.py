"""What all engines have in common: a folder, a port, and one child process."""

from abc import ABC, abstractmethod
from pathlib import Path

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.process import Child, claim_port, require_free_disk, wait_until


class Engine(ABC):
    """A server on loopback. Stop it, kill it and start it again on the same data and the same port.

    Args:
        folder: Everything of it: data, configuration, log.
        port: TCP port on loopback; 0 chooses a free one, kept from then on.
    """

    name: str
    start_timeout_s: float = 60

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self.folder = folder.absolute()
        self.port = port
        self.child: Child | None = None

    @property
    @abstractmethod
    def address(self) -> str:
        """Where clients reach it."""

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self.child.pid if self.child is not None and self.child.running else None

    def prepare(self) -> None:
        """Do everything slow before the start; any thread may.

        Raises:
            EngineError: If it can't run here.
        """
        require_free_disk(self.folder)
        self.port = claim_port(self.port, engine=self.name)

    def launch(self) -> None:
        """Start it, without waiting; the kernel ends it when this process ends.

        Raises:
            EngineError: If the program can't be started.
        """
        self.child = self.spawn()

    def wait_ready(self) -> None:
        """Return once it serves.

        Raises:
            EngineError: If it was not launched, ends, or takes too long.
        """
        if self.child is None:
            raise EngineError(f"{self.name} was not launched.")
        wait_until(self.answers, child=self.child, timeout_s=self.start_timeout_s)

    def start(self) -> None:
        """Prepare, launch and wait."""
        self.prepare()
        self.launch()
        self.wait_ready()

    def stop(self) -> None:
        """Shut down in good order; harmless if it does not run."""
        if self.child is not None:
            self.child.stop()

    def kill(self) -> None:
        """End it by SIGKILL, with all that it started; harmless if it does not run."""
        if self.child is not None:
            self.child.kill()

    @abstractmethod
    def spawn(self) -> Child:
        """Start the program."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it serves requests at this moment."""
