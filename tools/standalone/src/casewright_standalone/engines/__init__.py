"""Kafka, PostgreSQL, Qdrant and Redis on this machine, without anything installed by hand.

Each engine has `prepare()` (slow, any thread), `launch()` (quick; the engine dies with the thread that
calls it), `wait_ready()`, `start()` for the three in a row, `stop()` and `kill()`. What keeps one from
running is an `EngineError`.
"""

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.kafka import Kafka
from casewright_standalone.engines.postgres import Postgres
from casewright_standalone.engines.qdrant import Qdrant
from casewright_standalone.engines.redis import Redis

__all__ = ["EngineError", "Kafka", "Postgres", "Qdrant", "Redis"]
