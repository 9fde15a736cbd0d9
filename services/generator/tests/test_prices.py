import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from casewright_common.events import Event, ModelCataloguedV1
from casewright_common.postgres import Database, migrate, prepare
from casewright_common.settings import PostgresSettings
from casewright_generator.adapters.catalogue import Catalogue, catalogued
from casewright_generator.adapters.prices import Price, estimate_usd, full_name, price_table, sets_own_price
from casewright_generator.adapters.providers import PROVIDERS

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def test_every_price_belongs_to_a_provider_that_we_ask() -> None:
    table = price_table()
    assert len(table) > 300
    for name, price in table.items():
        assert name == price.model == full_name(name)
        assert price.provider == name.split("/", 1)[0]
    providers = {price.provider for price in table.values()}
    assert {"openai", "anthropic", "gemini", "azure", "bedrock", "together_ai"} <= providers <= set(PROVIDERS)


def test_an_estimate_is_the_prompt_and_the_longest_answer_at_the_tables_prices() -> None:
    price = price_table()["openai/gpt-4o"]
    assert price.input_usd is not None
    assert price.output_usd is not None
    estimate = estimate_usd("openai/gpt-4o", prompt_bytes=3000, output_tokens=500)
    assert estimate == pytest.approx(1000 * price.input_usd + 500 * price.output_usd)
    assert estimate_usd("openai/gpt-of-tomorrow", prompt_bytes=1, output_tokens=1) is None


@pytest.mark.parametrize(
    ("model", "full"),
    [
        ("gpt-4o", "openai/gpt-4o"),
        ("claude-sonnet-4-5", "anthropic/claude-sonnet-4-5"),
        ("openai/anything", "openai/anything"),
        ("nobody/knows", None),
        ("unheard-of", None),
    ],
)
def test_a_model_is_named_with_its_provider(model: str, full: str | None) -> None:
    assert full_name(model) == full


@pytest.mark.parametrize(
    ("model", "api_base"),
    [
        ("ollama/gpt-oss", "http://models.internal:11434"),
        ("hosted_vllm/any", "https://vllm.example.com/v1"),
        ("openai/our-own", "https://models.example.com/v1"),
        ("litellm_proxy/our-own", "https://proxy.example.com"),
    ],
)
def test_who_runs_a_model_sets_its_price(model: str, api_base: str) -> None:
    assert sets_own_price(model, api_base)


@pytest.mark.parametrize(
    ("model", "api_base"),
    [
        ("openai/our-own", None),
        ("openai/gpt-4o", "https://models.example.com/v1"),  # the table knows it
        ("openai/gpt-next", "https://api.openai.com/v1/"),
        ("openai/gpt-next", "https://API.OPENAI.COM:443/v1"),
        ("openai/any", "https://api.together.xyz/v1"),
        ("azure/our-deployment", "https://ours.openai.azure.com"),
        ("anthropic/any", "https://models.example.com"),
        ("openai/our-own", "http://①②⑦.⓪.⓪.①:9999/v1"),
    ],
)
def test_no_address_takes_a_provider_out_of_the_budgets(model: str, api_base: str | None) -> None:
    assert not sets_own_price(model, api_base)


def test_prices_are_read_without_importing_litellm() -> None:
    code = (
        "import sys; from casewright_generator.adapters.prices import price_table, table_version;"
        "sys.exit(not price_table() or not table_version() or 'litellm' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_event_about_a_model_keeps_its_id_until_the_table_changes() -> None:
    price = Price("openai/some", "openai", 0.00000025, None, 400_000)
    event = catalogued(price, table="1.0", at=NOW)
    assert (event.input_usd_per_million_tokens, event.output_usd_per_million_tokens) == (0.25, None)
    assert event.event_id == catalogued(price, table="1.0", at=datetime.now(UTC)).event_id
    assert event.event_id != catalogued(price, table="1.1", at=NOW).event_id


@pytest.fixture
async def database(postgres_database: str) -> AsyncIterator[Database]:
    await prepare(postgres_database, {"generator": "of-generator"})
    await migrate(postgres_database, "generator", "casewright_generator")
    address = postgres_database.split("@", 1)[1]
    url = SecretStr(f"postgresql://casewright_generator:of-generator@{address}")
    made = Database(PostgresSettings(url=url), service="generator")
    yield made
    await made.close()


@pytest.mark.connected
async def test_the_models_are_published_once_for_each_version_of_the_table(database: Database) -> None:
    published: list[Event] = []

    async def publish(event: Event, **_: Any) -> None:
        published.append(event)

    first, second = (Catalogue(database, publish, lambda: NOW) for _ in range(2))
    assert await first.publish_once() == len(price_table()) == len(published)
    assert all(isinstance(event, ModelCataloguedV1) for event in published)
    assert len({event.event_id for event in published}) == len(published)
    assert await second.publish_once() == 0
    assert len(published) == len(price_table())
