"""The one small process that owns the engines and serves them on loopback."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from casewright_standalone.engines.engine import Engine
from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.kafka import Kafka
from casewright_standalone.engines.postgres import Postgres
from casewright_standalone.engines.process import RunLock
from casewright_standalone.engines.qdrant import Qdrant
from casewright_standalone.engines.redis import Redis

ADDRESSES_FILE = "engines.json"
LOCK_FILE = "engines.lock"


@dataclass(frozen=True)
class Ports:
    """TCP ports on loopback; 0 chooses a free one."""

    kafka: int = 0
    postgres: int = 0
    qdrant: int = 0
    redis: int = 0


@dataclass(frozen=True)
class Addresses:
    """Where the engines of a run folder are.

    Attributes:
        pid: Process that owns them.
        kafka: `host:port` of the broker.
        postgres: URL of the superuser; it holds a password.
        qdrant: URL of the REST interface.
        redis: URL of the server.
    """

    pid: int
    kafka: str
    postgres: str
    qdrant: str
    redis: str


def read_addresses(run_dir: Path) -> Addresses | None:
    """Addresses of the engines that run on `run_dir`; None if none do.

    A file left behind by an owner that was killed counts as none.
    """
    try:
        addresses = Addresses(**json.loads((run_dir / ADDRESSES_FILE).read_text(encoding="utf-8")))
        os.kill(addresses.pid, 0)
    except (OSError, ValueError, TypeError):
        return None
    try:
        with RunLock(run_dir / LOCK_FILE):
            return None  # nobody holds it: the process id has a new bearer
    except EngineError:
        return addresses


async def own(
    run_dir: Path,
    ports: Ports | None = None,
    *,
    kafka_at: str | None = None,
    tell: Callable[[str], None] = print,
    until: asyncio.Event | None = None,
) -> None:
    """Start all engines at once, publish their addresses, keep them until SIGTERM or SIGINT.

    Args:
        run_dir: Data of all engines; `engines.json` appears in it when all are ready.
        ports: Where to serve.
        kafka_at: Somebody else's broker, used instead of one of ours.
        tell: Takes a line for the person at the terminal.
        until: Set by the caller to end; a signal does the same.

    Raises:
        EngineError: If one can't run, or ends unasked; the others are stopped first.
    """
    chosen = ports or Ports()
    ending = until or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    engines: dict[str, Engine] = {
        "postgres": Postgres(run_dir / "postgres", port=chosen.postgres),
        "qdrant": Qdrant(run_dir / "qdrant", port=chosen.qdrant),
        "redis": Redis(run_dir / "redis", port=chosen.redis),
    }
    if kafka_at is None:
        engines["kafka"] = Kafka(run_dir / "kafka", port=chosen.kafka)
    with RunLock(run_dir / LOCK_FILE):
        (run_dir / ADDRESSES_FILE).unlink(missing_ok=True)
        try:
            if await _start_all(engines, ending, tell):
                _publish(run_dir, engines, kafka_at)
                tell("All engines are ready.")
                await _watch(engines, ending)
        finally:
            (run_dir / ADDRESSES_FILE).unlink(missing_ok=True)
            await asyncio.gather(*(asyncio.to_thread(engine.stop) for engine in engines.values()))


async def _start_all(
    engines: Mapping[str, Engine], ending: asyncio.Event, tell: Callable[[str], None]
) -> bool:
    """Whether all are ready; False if asked to end meanwhile."""

    async def start(engine: Engine) -> None:
        await asyncio.to_thread(engine.prepare)
        if ending.is_set():
            return
        engine.launch()
        await asyncio.to_thread(engine.wait_ready)
        tell(f"{engine.name} is ready.")

    outcomes = await asyncio.gather(*(start(engine) for engine in engines.values()), return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not ending.is_set():
            raise outcome
    return not ending.is_set()


async def _watch(engines: Mapping[str, Engine], ending: asyncio.Event) -> None:
    while not ending.is_set():
        for engine in engines.values():
            if engine.pid is None:
                said = engine.child.last_words() if engine.child is not None else "it left no log"
                raise EngineError(f"{engine.name} ended unasked; {said}.")
        try:
            await asyncio.wait_for(ending.wait(), timeout=0.5)
        except TimeoutError:
            continue


def _publish(run_dir: Path, engines: Mapping[str, Engine], kafka_at: str | None) -> None:
    served = {name: engine.address for name, engine in engines.items()}
    addresses = Addresses(pid=os.getpid(), **({"kafka": kafka_at} if kafka_at else {}), **served)
    draft = run_dir / f"{ADDRESSES_FILE}.new"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(addresses), indent=2), encoding="utf-8")
    draft.replace(run_dir / ADDRESSES_FILE)
