"""Kafka, PostgreSQL, Qdrant and Redis on this machine, without anything installed by hand.

Each engine has `start()`, `stop()`, `kill()` and an `address`; it ends with the process that started it,
however that ends. What keeps one from running is an `EngineError`.
"""

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.kafka import Kafka
from casewright_standalone.engines.postgres import Postgres
from casewright_standalone.engines.qdrant import Qdrant
from casewright_standalone.engines.redis import Redis

__all__ = ["EngineError", "Kafka", "Postgres", "Qdrant", "Redis"]
