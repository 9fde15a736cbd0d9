"""Brings up the embedded stack: engines, schemas, topics, then services and simulator."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from importlib.resources import files

import asyncpg

from casewright_common.postgres import migrate, prepare
from casewright_standalone import topics
from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.jars import cached_jars
from casewright_standalone.engines.owner import Addresses, read_addresses
from casewright_standalone.engines.process import Child, RunLock
from casewright_standalone.readiness import not_ready, where_to_look
from casewright_standalone.run_folder import SERVICES, RunFolder
from casewright_standalone.services import DATABASE, Wiring, claim_ports, package_of, serving
from casewright_standalone.settings import StandaloneSettings

Tell = Callable[[str], None]
STACK_LOCK = "stack.lock"
_ENGINES_TIMEOUT_S = 300
_STOP_TIMEOUT_S = 60
_WATCH_S = 0.5
_JOIN_PATIENCE_S = 15


@asynccontextmanager
async def engines(settings: StandaloneSettings, folder: RunFolder, tell: Tell) -> AsyncIterator[Addresses]:
    """The engines of the run folder: those that run already, else new ones that stop with the block.

    Raises:
        EngineError: If they can't run.
    """
    running = read_addresses(folder.path)
    if running is not None:
        tell("The engines of this folder run already.")
        yield running
        return
    command = [sys.executable, "-m", "casewright_standalone.engines", "--run-dir", str(folder.path)]
    if settings.kafka.bootstrap_servers:
        command += ["--kafka-at", settings.kafka.bootstrap_servers]
    folder.logs.mkdir(exist_ok=True)
    fetching = (
        "" if settings.kafka.bootstrap_servers or cached_jars() else " (fetching Kafka, 44 MB, only once)"
    )
    tell(f"Starting the engines{fetching}.")
    owner = Child("The engines' process", command, log_path=folder.logs / "engines.log")
    try:
        addresses = await _wait_for_engines(owner, folder)
        async with _ending_with(owner):
            yield addresses
    finally:
        await asyncio.to_thread(owner.stop, timeout_s=_STOP_TIMEOUT_S)


@asynccontextmanager
async def _ending_with(owner: Child) -> AsyncIterator[None]:
    """End the block when the engines end unasked, with their last words.

    Raises:
        EngineError: Then.
    """
    block = asyncio.current_task()
    ended = False

    async def watch() -> None:
        nonlocal ended
        while owner.running:  # noqa: ASYNC110 - a process has no event
            await asyncio.sleep(_WATCH_S)
        ended = True
        if block is not None:
            block.cancel()

    watcher = asyncio.create_task(watch(), name="watch the engines")
    try:
        yield
    except asyncio.CancelledError:
        if ended and block is not None:
            block.uncancel()
            raise EngineError(owner.last_line() or f"The engines ended; see {owner.log_path}.") from None
        raise
    finally:
        watcher.cancel()


async def _wait_for_engines(owner: Child, folder: RunFolder) -> Addresses:
    async with asyncio.timeout(_ENGINES_TIMEOUT_S):
        while owner.running:
            addresses = read_addresses(folder.path)
            if addresses is not None:
                return addresses
            await asyncio.sleep(0.05)
    raise EngineError(owner.last_line() or f"The engines did not start; see {owner.log_path}.")


async def prepare_engines(settings: StandaloneSettings, wiring: Wiring, tell: Tell) -> None:
    """Database, roles, schemas and topics; idempotent."""
    await _create_database(wiring.addresses.postgres)
    await migrate_all(wiring.admin_url, wiring.secrets.role_passwords, tell)
    made = await topics.create(
        wiring.addresses.kafka,
        partitions=settings.kafka.partitions,
        replication_factor=settings.kafka.replication_factor,
        security=settings.kafka,
    )
    if made:
        tell(f"Created {len(made)} topics.")


async def migrate_all(admin_url: str, role_passwords: dict[str, str], tell: Tell) -> None:
    """Roles, then the newest revision of the vault's schema and of every service that has one."""
    await prepare(admin_url, role_passwords)
    for service, package in (
        ("vault", "casewright_common"),
        *((name, package_of(name)) for name in SERVICES),
    ):
        if (files(package) / "migrations" / "versions").is_dir():
            await migrate(admin_url, service, package)
            tell(f"Schema of {service} is up to date.")


@asynccontextmanager
async def stack(
    settings: StandaloneSettings, members: Sequence[str], tell: Tell, *, alone: bool = True
) -> AsyncIterator[Wiring]:
    """Engines, and these members in this process, ready, while the block runs.

    Args:
        settings: Of the command.
        members: Services, and the simulator.
        tell: Takes a line for the person at the terminal.
        alone: Whether this is the whole stack, of which a folder has one.

    Raises:
        EngineError: If something can't run.
    """
    folder = RunFolder(settings.run_dir)
    with RunLock(folder.path / STACK_LOCK) if alone else nullcontext():
        ports = folder.ports(settings.base_port)
        claim_ports(members, ports)
        async with engines(settings, folder, tell) as addresses:
            wiring = Wiring(addresses, folder.secrets(), ports, folder)
            await prepare_engines(settings, wiring, tell)
            async with serving(members, wiring):
                yield wiring


@asynccontextmanager
async def joined_or_started(
    settings: StandaloneSettings,
    members: Sequence[str],
    tell: Tell,
    *,
    patience_s: float = _JOIN_PATIENCE_S,
) -> AsyncIterator[Wiring]:
    """The whole stack: that which runs on the folder already, else a new one that stops with the block.

    Args:
        settings: Of the command.
        members: Services, and the simulator.
        tell: Takes a line for the person at the terminal.
        patience_s: How long a stack that runs may take to become ready.

    Raises:
        EngineError: If it can't run, or one that runs isn't ready; the sentence names each member and why.
    """
    folder = RunFolder(settings.run_dir)
    addresses = read_addresses(folder.path)
    if addresses is not None:
        wiring = Wiring(addresses, folder.secrets(), folder.ports(settings.base_port), folder)
        if await _is_ready(members, wiring, tell, patience_s):
            tell(f"Casewright runs already on {folder.path}; joining it.")
            yield wiring
            return
    async with stack(settings, members, tell) as wiring:
        yield wiring


async def _is_ready(members: Sequence[str], wiring: Wiring, tell: Tell, patience_s: float) -> bool:
    """Whether the stack on running engines is ready; False if none is there but the engines.

    Raises:
        EngineError: If it runs and isn't ready in time.
    """
    deadline = time.monotonic() + patience_s
    told = False
    while reasons := await not_ready(members, wiring):
        if not _is_held(wiring.folder):
            return False
        if time.monotonic() > deadline:
            named = "; ".join(f"{member} ({why})" for member, why in reasons.items())
            raise EngineError(
                f"Casewright runs on {wiring.folder.path}, but not all of it is ready: {named}. "
                f"{where_to_look(wiring)}"
            )
        if not told:
            told = True
            tell(f"Casewright runs already on {wiring.folder.path}; waiting until it is ready.")
        await asyncio.sleep(_WATCH_S)
    return True


def _is_held(folder: RunFolder) -> bool:
    """Whether some process runs the whole stack of the folder."""
    try:
        with RunLock(folder.path / STACK_LOCK):
            return False
    except EngineError:
        return True


async def _create_database(admin_url: str) -> None:
    connection = await asyncpg.connect(admin_url, timeout=10)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE}")
    except asyncpg.DuplicateDatabaseError:
        return  # somebody else was faster
    finally:
        await connection.close()
