"""The run folder: what the embedded stack keeps between two starts."""

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.process import free_port

SERVICES = ("ingest", "embedder", "generator", "jira-sync", "gateway")
DEFAULT_BASE_PORT = 8080
_OFFSETS = {"gateway": 0, "ingest": 1, "embedder": 2, "generator": 3, "jira-sync": 4, "simulator": 10}
_KEY_BYTES = 32


@dataclass(frozen=True)
class Secrets:
    """Made at the first start and kept, in a file that only its owner can read.

    Attributes:
        master_keys: Of the vault, as its setting wants them.
        api_token: Bearer token of the gateway's API.
        webhook_secret: Between the simulator and ingest.
        jira_token: API token of our account in the simulator.
        role_passwords: Of each service's PostgreSQL role.
    """

    master_keys: str
    api_token: str
    webhook_secret: str
    jira_token: str
    role_passwords: dict[str, str]

    @classmethod
    def new(cls) -> Self:
        """Fresh random ones."""
        key = base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
        return cls(
            master_keys=f"first:{key}",
            api_token=secrets.token_urlsafe(24),
            webhook_secret=secrets.token_urlsafe(24),
            jira_token=secrets.token_urlsafe(24),
            role_passwords={service: secrets.token_urlsafe(24) for service in SERVICES},
        )


class RunFolder:
    """Files of one embedded stack.

    Args:
        path: Made if it is absent.

    Raises:
        EngineError: If it can't be made, or one of its files is unreadable.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EngineError(f"The folder {path} can't be made: {error.strerror}.") from error
        self.logs = self.path / "logs"
        self.simulator = self.path / "simulator"

    def secrets(self) -> Secrets:
        """The folder's secrets, made at the first call."""
        kept = self._kept("secrets.json", lambda: asdict(Secrets.new()))
        try:
            return Secrets(**kept)
        except TypeError as error:
            raise self._unreadable("secrets.json") from error

    def ports(self, base_port: int | None = None) -> dict[str, int]:
        """TCP port of each service and of the simulator, by name.

        They are kept, because the addresses in a connection's settings hold them.

        Args:
            base_port: Of the gateway; 0 chooses free ones; None keeps the known ones, or starts at 8080.
        """
        if base_port is not None and base_port != 0:
            (self.path / "ports.json").unlink(missing_ok=True)
        kept = self._kept(
            "ports.json",
            lambda: self.default_ports(base_port),
        )
        if kept.keys() != _OFFSETS.keys() or not all(isinstance(port, int) for port in kept.values()):
            raise self._unreadable("ports.json")
        return kept

    @staticmethod
    def default_ports(base_port: int | None) -> dict[str, int]:
        """Port of each member in a folder that keeps none yet; 0 as base chooses free ones."""
        base = DEFAULT_BASE_PORT if base_port is None else base_port
        return {name: base + offset if base else free_port() for name, offset in _OFFSETS.items()}

    def _kept(self, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        path = self.path / name
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            kept = make()
            draft = path.with_suffix(".new")
            draft.touch(mode=0o600)
            draft.write_text(json.dumps(kept, indent=2), encoding="utf-8")
            draft.replace(path)
        except (OSError, ValueError) as error:
            raise self._unreadable(name) from error
        if not isinstance(kept, dict):
            raise self._unreadable(name)
        return kept

    def _unreadable(self, name: str) -> EngineError:
        return EngineError(
            f"The file {self.path / name} is not readable as Casewright wrote it; "
            "restore it, or choose another folder with --run-dir."
        )
