"""How long it takes to import each service, and whether LiteLLM comes with it.

Yardstick: a Python that imports FastAPI, FastStream and SQLAlchemy, which every service needs.
"""

import subprocess
import sys
import time
from collections.abc import Sequence

from casewright_bench.figures import Figure

SERVICES = ("ingest", "embedder", "generator", "jira_sync", "gateway")
_STACK = "import fastapi, faststream.kafka, sqlalchemy.ext.asyncio"


def _seconds(code: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)  # noqa: S603  # our own code
    return time.perf_counter() - started


def measure(*, runs: int = 5) -> Sequence[Figure]:
    """Import each service's composition root in a fresh interpreter, in turn with the yardstick.

    Raises:
        subprocess.CalledProcessError: A service doesn't import, or it imports LiteLLM.
    """
    figures = []
    for service in SERVICES:
        code = f"import casewright_{service}.app, sys; sys.exit('litellm' in sys.modules)"
        _seconds(code)
        _seconds(_STACK)
        pairs = [(_seconds(code), _seconds(_STACK)) for _ in range(runs)]
        figures.append(
            Figure(
                name=f"import of {service.replace('_', '-')}, without LiteLLM",
                samples=[ours for ours, _ in pairs],
                yardstick="FastAPI, FastStream, SQLAlchemy",
                yardstick_samples=[theirs for _, theirs in pairs],
                unit="s",
            )
        )
    return figures
