"""The whole stack on embedded engines, each member a process of its own, to be killed and started again."""

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import httpx

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.kafka import Kafka
from casewright_standalone.engines.owner import Addresses, read_addresses
from casewright_standalone.engines.process import Child
from casewright_standalone.proving.backlog import lag
from casewright_standalone.run_folder import SERVICES, RunFolder
from casewright_standalone.services import (
    ACCOUNT_EMAIL,
    MEMBERS,
    SIMULATOR,
    Wiring,
    settings_class,
    trusted_sites,
)
from casewright_standalone.settings import StandaloneSettings
from casewright_standalone.stack import prepare_engines

_START_S = 180
_UNFINISHED = re.compile(r"^casewright_delivery_queued\{.*\} (\S+)$", re.MULTILINE)


class Processes:
    """Engines, simulator and services of one folder.

    The broker belongs to this process, the other engines to one of their own.

    Args:
        folder: Data, secrets and logs; empty at first.
        tuning: More settings for each service, as variables; `CASEWRIGHT_…`.
    """

    def __init__(self, folder: Path, tuning: Mapping[str, str]) -> None:
        self.folder = RunFolder(folder)
        self.kafka = Kafka(folder / "kafka")
        self._tuning = dict(tuning)
        self._children: dict[str, Child] = {}
        self._owner: Child | None = None
        self._wiring: Wiring | None = None
        self._client = httpx.Client(timeout=2)

    @property
    def wiring(self) -> Wiring:
        """Addresses and secrets, known since the start.

        Raises:
            EngineError: Before the start.
        """
        if self._wiring is None:
            raise EngineError("The stack was not started.")
        return self._wiring

    def start(self) -> None:
        """Start everything and wait until each member is ready."""
        self.folder.logs.mkdir(parents=True, exist_ok=True)
        self.kafka.start()
        command = [sys.executable, "-m", "casewright_standalone.engines", "--run-dir", str(self.folder.path)]
        self._owner = Child(
            "The engines' process",
            [*command, "--kafka-at", self.kafka.bootstrap],
            log_path=self.folder.logs / "engines.log",
        )
        addresses = self._await_engines(self._owner)
        self._wiring = Wiring(addresses, self.folder.secrets(), self.folder.ports(0), self.folder)
        asyncio.run(
            prepare_engines(StandaloneSettings(run_dir=self.folder.path), self.wiring, lambda _: None)
        )
        for member in MEMBERS:
            self.launch(member)
        self.wait_ready(MEMBERS)

    def stop(self) -> None:
        """End all of it; what is left running is killed."""
        for child in self._children.values():
            child.kill()
        if self._owner is not None:
            self._owner.stop(timeout_s=60)
        self.kafka.stop()
        self._client.close()

    def launch(self, member: str) -> None:
        """Start a member, without waiting for it."""
        name = "jira-simulator" if member == SIMULATOR else member
        self._children[member] = Child(
            name,
            [str(Path(sys.executable).parent / f"casewright-{name}")],
            log_path=self.folder.logs / f"{name}.log",
            env=self._environment(member),
        )

    def kill(self, member: str) -> None:
        """End a member by SIGKILL."""
        self._children[member].kill()

    def end(self, member: str) -> None:
        """End a member by SIGTERM, and wait until it has."""
        self._children[member].stop(timeout_s=60)

    def pids(self) -> dict[str, int]:
        """Process id of each service that runs."""
        return {name: self._children[name].pid for name in SERVICES if self._children[name].running}

    def wait_ready(self, members: Iterable[str], *, look_every_s: float = 0.1) -> None:
        """Return when each says that it is ready.

        Raises:
            EngineError: If one ends, or isn't in time.
        """
        deadline = time.monotonic() + _START_S
        for member in members:
            path = "/" if member == SIMULATOR else "/readyz"
            while not self._answers(f"{self.wiring.url(member)}{path}"):
                child = self._children[member]
                if not child.running or time.monotonic() > deadline:
                    raise EngineError(f"The service {member} is not ready; {child.last_words()}.")
                time.sleep(look_every_s)

    def unfinished(self, service: str) -> int:
        """Messages that the service has read and not finished at this moment; 0 if it doesn't answer."""
        try:
            answer = self._client.get(f"{self.wiring.url(service)}/metrics")
        except httpx.HTTPError:
            return 0
        return int(sum(float(value) for value in _UNFINISHED.findall(answer.text)))

    def lag(self, services: Collection[str] = SERVICES) -> int:
        """Messages that the broker thinks these services have not finished."""
        return asyncio.run(lag(self.kafka.bootstrap, services))

    def _environment(self, member: str) -> dict[str, str]:
        wiring = self.wiring
        # Built from nothing: what somebody has set on this machine must not change a proof.
        plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}  # noqa: TID251
        if member == SIMULATOR:
            ours = {
                "PORT": str(wiring.ports[SIMULATOR]),
                "BASE_URL": wiring.url(SIMULATOR),
                "DATA": str(self.folder.simulator),
                "EMAIL": ACCOUNT_EMAIL,
                "TOKEN": wiring.secrets.jira_token,
                "WEBHOOK_RETRY_S": "2",
            }
            return plain | {f"CASEWRIGHT_SIMULATOR_{name}": value for name, value in ours.items()}
        ours = {
            "KAFKA__BOOTSTRAP_SERVERS": wiring.addresses.kafka,
            "POSTGRES__URL": wiring.service_url(member),
            "HTTP__PORT": str(wiring.ports[member]),
            "VAULT__MASTER_KEYS": wiring.secrets.master_keys,
            "QDRANT__URL": wiring.addresses.qdrant,
            "REDIS__URL": wiring.addresses.redis,
            "API_TOKEN": wiring.secrets.api_token,
            "PUBLIC_INGEST_URL": wiring.url("ingest"),
            "TRUSTED_SITES": json.dumps(trusted_sites(wiring)),
            **self._tuning,
        }
        known = {name.upper() for name in settings_class(member).model_fields}
        return plain | {
            f"CASEWRIGHT_{name}": value for name, value in ours.items() if name.split("__")[0] in known
        }

    def _await_engines(self, owner: Child) -> Addresses:
        deadline = time.monotonic() + _START_S
        while (addresses := read_addresses(self.folder.path)) is None:
            if not owner.running or time.monotonic() > deadline:
                raise EngineError(f"The engines did not start; {owner.last_words()}.")
            time.sleep(0.05)
        return addresses

    def _answers(self, url: str) -> bool:
        try:
            return self._client.get(url).is_success
        except httpx.HTTPError:
            return False
