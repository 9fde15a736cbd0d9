"""The five services and the simulator, wired to the engines of a run folder."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import quote, urlsplit

import uvicorn
from pydantic import SecretStr

from casewright_common.postgres import role_of
from casewright_common.settings import ServiceSettings, TelemetrySettings
from casewright_common.telemetry import bind, configure_logging
from casewright_jira_simulator.app import create_app
from casewright_jira_simulator.errors import JournalError
from casewright_jira_simulator.server import server_config as simulator_config
from casewright_jira_simulator.settings import SimulatorSettings
from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.owner import Addresses
from casewright_standalone.engines.process import LOOPBACK, claim_port
from casewright_standalone.run_folder import SERVICES, RunFolder, Secrets

SIMULATOR = "simulator"
MEMBERS = (*SERVICES, SIMULATOR)
DATABASE = "casewright"
ACCOUNT_EMAIL = "integration@example.com"
ACCOUNT_NAME = "Casewright"
_START_TIMEOUT_S = 60
_HANG_UP_S = 5


@dataclass(frozen=True)
class Wiring:
    """What the members of one stack must agree on.

    Attributes:
        addresses: Of the engines.
        secrets: Of the run folder.
        ports: Of the members, by name.
        folder: The run folder.
    """

    addresses: Addresses
    secrets: Secrets
    ports: dict[str, int]
    folder: RunFolder

    @property
    def admin_url(self) -> str:
        """Superuser's URL of the database that all services share."""
        return urlsplit(self.addresses.postgres)._replace(path=f"/{DATABASE}").geturl()

    def url(self, member: str) -> str:
        """Base address of a service or the simulator."""
        return f"http://{LOOPBACK}:{self.ports[member]}"

    def service_url(self, service: str) -> str:
        """PostgreSQL URL of a service's own role."""
        admin = urlsplit(self.addresses.postgres)
        password = quote(self.secrets.role_passwords[service], safe="")
        return f"postgresql://{role_of(service)}:{password}@{admin.hostname}:{admin.port}/{DATABASE}"


def package_of(service: str) -> str:
    """Name of a service's Python package."""
    return f"casewright_{service.replace('-', '_')}"


def settings_class(service: str) -> type[ServiceSettings]:
    """The class of a service's settings."""
    name = "".join(part.capitalize() for part in service.split("-")) + "Settings"
    found: type[ServiceSettings] = getattr(import_module(f"{package_of(service)}.settings"), name)
    return found


def settings_for(service: str, wiring: Wiring) -> ServiceSettings:
    """A service's settings: the stack's addresses and secrets, and the environment for all else."""
    kind = settings_class(service)
    ours: dict[str, Any] = {
        "kafka": {"bootstrap_servers": wiring.addresses.kafka},
        "postgres": {"url": wiring.service_url(service)},
        "http": {"host": LOOPBACK, "port": wiring.ports[service]},
        "vault": {"master_keys": wiring.secrets.master_keys},
        "qdrant": {"url": wiring.addresses.qdrant},
        "redis": {"url": wiring.addresses.redis},
        "api_token": wiring.secrets.api_token,
        "public_ingest_url": wiring.url("ingest"),
        # The simulator is on loopback, without TLS; no other port of this machine is a site.
        "trusted_sites": trusted_sites(wiring),
    }
    return kind(**{name: value for name, value in ours.items() if name in kind.model_fields})


def trusted_sites(wiring: Wiring) -> tuple[str, ...]:
    """The simulator's address, by either name of loopback."""
    return tuple(f"{host}:{wiring.ports[SIMULATOR]}" for host in (LOOPBACK, "localhost"))


def server_config(member: str, wiring: Wiring) -> uvicorn.Config:
    """How a service or the simulator is served.

    Raises:
        EngineError: If another simulator uses the folder, or its journal is damaged.
    """
    host, port = LOOPBACK, wiring.ports[member]
    options: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False}
    if member == SIMULATOR:
        try:
            return simulator_config(create_app(_simulator_settings(wiring)), host=host, port=port, **options)
        except JournalError as error:
            raise EngineError(f"The Jira simulator can't start: {error}") from error
    # A service is imported only where it runs: some take seconds.
    app = import_module(f"{package_of(member)}.app").build(settings_for(member, wiring))
    return uvicorn.Config(app, host=host, port=port, timeout_graceful_shutdown=_HANG_UP_S, **options)


def _simulator_settings(wiring: Wiring) -> SimulatorSettings:
    return SimulatorSettings(
        host=LOOPBACK,
        port=wiring.ports[SIMULATOR],
        base_url=wiring.url(SIMULATOR),
        data=wiring.folder.simulator,
        email=ACCOUNT_EMAIL,
        token=SecretStr(wiring.secrets.jira_token),
        display_name=ACCOUNT_NAME,
    )


class _Server(uvicorn.Server):
    """One of several servers in a process: signals are the process's business."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def claim_ports(members: Sequence[str], ports: Mapping[str, int]) -> None:
    """Make sure that each member's port is free.

    Raises:
        EngineError: If one is busy.
    """
    for member in members:
        claim_port(ports[member], engine=member, option="--base-port")


@asynccontextmanager
async def serving(members: Sequence[str], wiring: Wiring) -> AsyncIterator[None]:
    """Serve each member on its own port while the block runs; then drain them, the edge first.

    Raises:
        EngineError: If a member can't start.
    """
    running: list[tuple[str, _Server, asyncio.Task[None]]] = []
    try:
        for member in members:
            with bind(service=member):
                server = _Server(server_config(member, wiring))
                running.append((member, server, asyncio.create_task(server.serve(), name=member)))
        for member, server, task in running:
            async with asyncio.timeout(_START_TIMEOUT_S):
                while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event for it
                    await asyncio.sleep(0.02)
            if task.done():
                raise EngineError(f"The service {member} did not start; see {wiring.folder.logs}.")
        yield
    finally:
        # What the edge has accepted goes on through the others: they stop after it.
        edge = [entry for entry in running if entry[0] in {SIMULATOR, "ingest"}]
        for wave in (edge, [entry for entry in running if entry not in edge]):
            for _, server, _ in wave:
                server.should_exit = True
            await asyncio.gather(*(task for _, _, task in wave), return_exceptions=True)


def log_to_file(wiring_folder: RunFolder, telemetry: TelemetrySettings) -> None:
    """Send the log of this process to a file of the run folder instead of the terminal."""
    wiring_folder.logs.mkdir(exist_ok=True)
    configure_logging("casewright", telemetry)
    file = (wiring_folder.logs / "casewright.log").open("a", encoding="utf-8")
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
            handler.setStream(file)
