from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from qdrant_client import AsyncQdrantClient
from redis.asyncio import Redis as RedisClient

from casewright_standalone.engines.kafka import Kafka
from casewright_standalone.testing import fail_instead_of_skip


@pytest.mark.connected
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
    assert isinstance((await vectors.get_collections()).collections, list)
    await vectors.close()


def skipped(reason: str) -> pytest.TestReport:
    return pytest.TestReport(
        "test_it", ("file", 1, "test_it"), {}, "skipped", ("file", 1, f"Skipped: {reason}"), "setup"
    )


@pytest.mark.parametrize(
    "reason", ["shared data is absent: issues", "set CASEWRIGHT_ISSUES or ../shared/data"]
)
def test_on_ci_a_skip_for_absent_shared_data_is_a_failure(reason: str) -> None:
    report = skipped(reason)
    fail_instead_of_skip(report)
    assert report.failed
    assert reason in str(report.longrepr)


def test_on_ci_a_skip_for_another_reason_stays_one() -> None:
    report = skipped("only Linux ties a child to its parent")
    fail_instead_of_skip(report)
    assert report.skipped


def test_shared_data_is_found_where_its_variable_says(
    shared_data: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.csv").touch()
    monkeypatch.setenv("CASEWRIGHT_ISSUES", str(tmp_path))
    assert shared_data("issues") == tmp_path
    assert shared_data("issues/one.csv") == tmp_path / "one.csv"
    with pytest.raises(pytest.skip.Exception, match=r"shared data is absent: issues/two\.csv"):
        shared_data("issues/two.csv")
