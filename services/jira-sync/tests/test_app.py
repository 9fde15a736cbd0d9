import base64

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from casewright_common.settings import KafkaSettings, PostgresSettings, VaultSettings
from casewright_jira_sync.app import build
from casewright_jira_sync.service import Timing
from casewright_jira_sync.settings import JiraSettings, JiraSyncSettings, RedisSettings

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
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport) as client:
        assert (await client.get("http://test/livez")).status_code == httpx.codes.OK
        assert (await client.get("http://test/readyz")).status_code == httpx.codes.SERVICE_UNAVAILABLE
        metrics = (await client.get("http://test/metrics")).text
    for name in ("writes", "found", "rate_limited", "call_seconds", "budget_wait_seconds"):
        assert f"casewright_jira_{name}" in metrics


def test_a_lease_outlives_a_call() -> None:
    jira = JiraSettings()
    assert jira.lease_s > jira.call_s == jira.connect_timeout_s + jira.read_timeout_s
    with pytest.raises(ValueError, match="outlive"):
        Timing(call_s=5, lease_s=5)


@pytest.mark.parametrize("wrong", [{"writes_per_s": 60}, {"read_timeout_s": 0}, {"reads": 1}])
def test_settings_beyond_jira_s_limits_and_misspelled_ones_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        JiraSettings.model_validate(wrong)
