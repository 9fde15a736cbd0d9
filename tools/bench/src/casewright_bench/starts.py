"""From the start of a service's process to the answer that it is ready, on engines that run already.

Yardstick: a bare process with the same libraries: FastAPI, one FastStream subscriber that has joined its
group, one answer of PostgreSQL through SQLAlchemy.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from casewright_bench.figures import Figure
from casewright_standalone.engines.process import free_port
from casewright_standalone.proving.processes import Processes
from casewright_standalone.run_folder import SERVICES

_PATIENCE_S = 60
_LOOK_EVERY_S = 0.02


def measure(*, runs: int = 5) -> Sequence[Figure]:
    """Start each service again and again, in turn with the yardstick; each ended by SIGTERM before.

    Raises:
        EngineError: The stack or a service did not start.
        TimeoutError: The yardstick did not.
    """
    with tempfile.TemporaryDirectory() as folder:
        stack = Processes(Path(folder), {})
        try:
            stack.start()
            return [_figure(stack, service, runs) for service in SERVICES]
        finally:
            stack.stop()


def _figure(stack: Processes, service: str, runs: int) -> Figure:
    pairs = [(_ours(stack, service), _bare(stack)) for _ in range(runs)]
    return Figure(
        name=f"start of {service}, process to ready",
        samples=[ours for ours, _ in pairs],
        yardstick="bare FastAPI, FastStream and SQLAlchemy, ready",
        yardstick_samples=[bare for _, bare in pairs],
        unit="s",
    )


def _ours(stack: Processes, service: str) -> float:
    stack.end(service)
    started = time.perf_counter()
    stack.launch(service)
    stack.wait_ready([service], look_every_s=_LOOK_EVERY_S)
    return time.perf_counter() - started


def _bare(stack: Processes) -> float:
    port = free_port()
    command = [sys.executable, "-m", "casewright_bench.bare_service", str(port)]
    command += [stack.wiring.addresses.kafka, stack.wiring.service_url("ingest")]
    started = time.perf_counter()
    with subprocess.Popen(command) as process:  # noqa: S603  # our own code
        try:
            while time.perf_counter() - started < _PATIENCE_S:
                try:
                    if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=1).is_success:
                        return time.perf_counter() - started
                except httpx.HTTPError:
                    pass  # not listening yet
                time.sleep(_LOOK_EVERY_S)
        finally:
            process.terminate()
    raise TimeoutError(f"the yardstick was not ready in {_PATIENCE_S} s")
