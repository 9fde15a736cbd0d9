import base64

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from casewright_common.settings import KafkaSettings, PostgresSettings, QdrantSettings, VaultSettings
from casewright_generator.app import build
from casewright_generator.settings import GeneratorSettings, ModelSettings

KEY = base64.b64encode(bytes(32)).decode()


def settings() -> GeneratorSettings:
    return GeneratorSettings(
        kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1", request_timeout_s=1),
        postgres=PostgresSettings(url=SecretStr("postgresql://casewright_generator:x@127.0.0.1:1/x")),
        vault=VaultSettings(master_keys=SecretStr(f"one:{KEY}")),
        qdrant=QdrantSettings(url="http://127.0.0.1:1", timeout_s=1),
    )


async def test_without_its_engines_the_service_lives_and_is_not_ready() -> None:
    app = build(settings())
    transport = httpx.ASGITransport(app=app)
    async with app.lifespan_context(app), httpx.AsyncClient(transport=transport) as client:
        assert (await client.get("http://test/livez")).status_code == httpx.codes.OK
        assert (await client.get("http://test/readyz")).status_code == httpx.codes.SERVICE_UNAVAILABLE
        metrics = (await client.get("http://test/metrics")).text
    for name in (
        "generations",
        "stage_seconds",
        "coverage_ratio",
        "model_calls",
        "model_tokens",
        "model_circuit_openings",
        "answer_cache_lookups",
        "budget_refusals",
    ):
        assert f"casewright_generator_{name}" in metrics


@pytest.mark.parametrize(
    "wrong", [{"max_calls": 0}, {"max_calls": 50}, {"prompt_versions": ()}, {"calls": 3}]
)
def test_settings_without_sense_and_misspelled_ones_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ModelSettings.model_validate(wrong)
