"""LiteLLM's price table, read from its file: importing LiteLLM takes seconds.

Models are named `provider/model` throughout, whatever LiteLLM's table calls them.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from casewright_common.outbound import AddressRefusedError
from casewright_generator.adapters.providers import PROVIDERS, host_of

_FILE: Final = "model_prices_and_context_window_backup.json"
_OTHER_NAMES: Final = {"bedrock_converse": "bedrock", "ollama_chat": "ollama"}
_SELF_HOSTED: Final = frozenset({"ollama", "ollama_chat", "hosted_vllm"})
_EITHER: Final = frozenset({"openai", "litellm_proxy"})
"""Protocols that providers and people's own servers speak alike."""
_BYTES_PER_TOKEN: Final = 3
"""Fewer than any language has on average, so that an estimate is rather too high."""


@dataclass(frozen=True)
class Price:
    """What a model costs, in dollars per token; `None` where the table doesn't say.

    Attributes:
        alone: Whether LiteLLM's table names it without its provider, so that people do as well.
    """

    model: str
    provider: str
    input_usd: float | None
    output_usd: float | None
    context_tokens: int | None
    alone: bool = False


def table_version() -> str:
    """The version of LiteLLM that the table is of."""
    return version("litellm")


@cache
def price_table() -> Mapping[str, Price]:
    """Prices of all chat models of the providers that we know, by `provider/model`."""
    spec = find_spec("litellm")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        return {}
    table: dict[str, dict[str, Any]] = json.loads((Path(folders[0]) / _FILE).read_text())
    return {price.model: price for price in _prices(table)}


def _prices(table: Mapping[str, dict[str, Any]]) -> Iterator[Price]:
    for name, entry in table.items():
        said = str(entry.get("litellm_provider"))
        provider = _OTHER_NAMES.get(said, said)
        if entry.get("mode") != "chat" or provider not in PROVIDERS:
            continue
        bare = name.removeprefix(f"{said}/").removeprefix(f"{provider}/")
        yield Price(
            model=f"{provider}/{bare}",
            provider=provider,
            input_usd=entry.get("input_cost_per_token"),
            output_usd=entry.get("output_cost_per_token"),
            context_tokens=entry.get("max_input_tokens"),
            alone=bare == name,
        )


@cache
def _providers_of_bare_names() -> Mapping[str, str]:
    return {price.model.split("/", 1)[1]: price.provider for price in price_table().values() if price.alone}


def full_name(model: str) -> str | None:
    """`provider/model`, also where a well-known model is named alone; `None` if the provider isn't known."""
    if model.split("/", 1)[0] in PROVIDERS:
        return model
    provider = _providers_of_bare_names().get(model)
    return f"{provider}/{model}" if provider else None


def sets_own_price(model: str, api_base: str | None) -> bool:
    """Whether whoever runs the address `api_base` sets the price of `model`, which no table or budget knows.

    Only what people run themselves: a provider's own address, and a model that the table knows, keep their
    price whatever stands in `api_base`.
    """
    provider = model.split("/", 1)[0]
    if api_base is None or provider not in _SELF_HOSTED | _EITHER:
        return False
    if provider in _SELF_HOSTED:
        return True
    try:
        host = host_of(api_base)
    except AddressRefusedError:
        return False
    return host not in _hosts_of_providers() and model not in price_table()


@cache
def _hosts_of_providers() -> frozenset[str]:
    addresses = (one.address for one in PROVIDERS.values())
    return frozenset(host_of(one) for one in addresses if one and "{" not in one)


def estimate_usd(model: str, *, prompt_bytes: int, output_tokens: int) -> float | None:
    """The most that a call is going to cost; `None` where the price isn't known.

    Args:
        model: `provider/model`.
        prompt_bytes: Length of all that is sent, in UTF-8.
        output_tokens: The most that may come back.
    """
    price = price_table().get(model)
    if price is None or price.input_usd is None or price.output_usd is None:
        return None
    return prompt_bytes / _BYTES_PER_TOKEN * price.input_usd + output_tokens * price.output_usd
