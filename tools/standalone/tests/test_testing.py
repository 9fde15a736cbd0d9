import asyncpg
import pytest
from qdrant_client import AsyncQdrantClient
from redis.asyncio import Redis as RedisClient

from casewright_standalone.engines.kafka import Kafka

pytestmark = pytest.mark.connected


async def test_all_four_engines_serve(
    kafka: str, kafka_broker: Kafka, postgres_database: str, qdrant: str, redis: str
) -> None:
    assert kafka == kafka_broker.bootstrap
    connection = await asyncpg.connect(postgres_database)
    assert str(await connection.fetchval("SELECT current_database()")).startswith("test_")
    await connection.close()
    client = RedisClient.from_url(redis)
    assert await client.ping()
    await client.aclose()
    vectors = AsyncQdrantClient(url=qdrant, check_compatibility=False)
    assert (await vectors.get_collections()).collections == []
    await vectors.close()
