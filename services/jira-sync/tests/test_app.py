import asyncio
import base64
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from prometheus_client import CollectorRegistry
from pydantic import SecretStr, ValidationError

from casewright_common.delivery import Delivery
from casewright_common.postgres import Database
from casewright_common.settings import KafkaSettings, PostgresSettings, VaultSettings
from casewright_common.testing import make_topics
from casewright_common.topics import Topic
from casewright_common.vault import SecretKind, Vault
from casewright_jira_sync.app import build
from casewright_jira_sync.service import Timing
from casewright_jira_sync.settings import JiraSettings, JiraSyncSettings, RedisSettings
from casewright_jira_sync.testing import ORG, TOKEN, connection, generated, project
from casewright_standalone.testing import ServiceDatabase

KEY = base64.b64encode(bytes(32)).decode()


def settings() -> JiraSyncSettings:
    return JiraSyncSettings(
        kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1", request_timeout_s=1),
        postgres=PostgresSettings(url=SecretStr("postgresql://casewright_jira_sync:x@127.0.0.1:1/x")),
        vault=VaultSettings(master_keys=SecretStr(f"one:{KEY}")),
        redis=RedisSettings(url=SecretStr("redis://127.0.0.1:1/0")),
    )


async def test_without_its_engines_the_service_lives_and_is_not_ready() -> None:
    app = build(settings())
    transport = httpx.ASGITransport(app=app)
    async with app.lifespan_context(app), httpx.AsyncClient(transport=transport) as client:
        assert (await client.get("http://test/livez")).status_code == httpx.codes.OK
        assert (await client.get("http://test/readyz")).status_code == httpx.codes.SERVICE_UNAVAILABLE
        metrics = (await client.get("http://test/metrics")).text
    for name in ("writes", "found", "rate_limited", "call_seconds", "budget_wait_seconds"):
        assert f"casewright_jira_{name}" in metrics


@pytest.mark.connected
async def test_the_whole_service_takes_cases_from_kafka_to_jira(
    site: Any, kafka: str, redis: str, service_database: Callable[[str], ServiceDatabase]
) -> None:
    await all_topics(kafka)
    database = service_database("jira-sync")
    vault_settings = VaultSettings(master_keys=SecretStr(f"one:{KEY}"))
    broker = KafkaSettings(bootstrap_servers=kafka, session_timeout_s=6, rebalance_timeout_s=9)
    gateway = Database(database.settings("gateway"), service="gateway")
    credential = await Vault(gateway, vault_settings).put(
        org_id=ORG, kind=SecretKind.JIRA_CREDENTIAL, value=SecretStr(TOKEN)
    )
    await gateway.close()
    others = Delivery("others", broker, registry=CollectorRegistry())
    await others.start()
    await others.publish(connection(site.url, credential_ref=credential))
    await others.publish(project())
    app = build(
        JiraSyncSettings(
            kafka=broker,
            postgres=database.settings("jira-sync"),
            vault=vault_settings,
            redis=RedisSettings(url=SecretStr(redis)),
            trusted_sites=(site.host,),
        )
    )
    issue_id, key = site.new_story()
    transport = httpx.ASGITransport(app=app)
    async with (
        app.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):

        async def shows(path: str, words: str) -> None:
            async with asyncio.timeout(60):
                while words not in (await client.get(path)).text:  # noqa: ASYNC110  # polled
                    await asyncio.sleep(0.1)

        await shows("/readyz", '"ready":true')
        await others.publish(generated(issue_id=issue_id, issue_key=key))
        await shows("/metrics", 'casewright_jira_writes_total{kind="comment",outcome="created"}')
    await others.stop()
    assert site.kinds(key) == ["comment.created"]


async def all_topics(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    there = await admin.list_topics()
    await admin.close()
    needed = (
        Topic.CONNECTION_CONFIGURED.value,
        Topic.PROJECT_CONFIGURED.value,
        Topic.CASES_GENERATED.value,
        Topic.CASES_GENERATED.dead_letters,
        Topic.CASES_SYNCED.value,
    )
    await make_topics(bootstrap, *((topic, 2) for topic in needed if topic not in there))


def test_a_lease_outlives_a_call() -> None:
    jira = JiraSettings()
    assert jira.lease_s > jira.call_s == jira.connect_timeout_s + jira.read_timeout_s
    with pytest.raises(ValueError, match="outlive"):
        Timing(call_s=5, lease_s=5)


@pytest.mark.parametrize("wrong", [{"writes_per_s": 60}, {"read_timeout_s": 0}, {"reads": 1}])
def test_settings_beyond_jira_s_limits_and_misspelled_ones_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        JiraSettings.model_validate(wrong)
