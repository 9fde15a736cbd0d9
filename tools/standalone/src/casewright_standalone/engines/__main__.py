"""`python -m casewright_standalone.engines --run-dir DIR`: own the engines until SIGTERM."""

import argparse
import asyncio
import io
import sys
from pathlib import Path

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.owner import Ports, own
from casewright_standalone.engines.process import die_with_parent


def main() -> int:
    """Exit status 0 after an orderly end, 1 with one sentence on stderr where an engine can't run."""
    parser = argparse.ArgumentParser(description="Kafka, PostgreSQL, Qdrant and Valkey on loopback.")
    parser.add_argument("--run-dir", type=Path, required=True, help="folder of their data")
    parser.add_argument("--die-with-parent", action="store_true", help="end when the caller ends")
    parser.add_argument("--kafka-at", help="use this broker (host:port) instead of an embedded one")
    for name in ("kafka", "postgres", "qdrant", "redis"):
        parser.add_argument(f"--{name}-port", type=int, default=0, help="TCP port; 0: a free one")
    chosen = parser.parse_args()
    if chosen.die_with_parent:
        die_with_parent()
    ports = Ports(chosen.kafka_port, chosen.postgres_port, chosen.qdrant_port, chosen.redis_port)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # In a log file, what went well would come after why it ended: the last line must be the reason.
        sys.stdout.reconfigure(line_buffering=True)
    try:
        asyncio.run(own(chosen.run_dir.absolute(), ports, kafka_at=chosen.kafka_at))
    except EngineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
