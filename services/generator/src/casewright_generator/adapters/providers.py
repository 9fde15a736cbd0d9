"""The providers of models: where each is, and which kind of client takes it there.

Whatever else speaks OpenAI's protocol is asked as `openai/…` with its address.
"""

from dataclasses import dataclass
from typing import Final, Literal

from casewright_common.outbound import AddressRefusedError, endpoint
from casewright_generator.errors import ModelFailedError


@dataclass(frozen=True)
class Provider:
    """One provider.

    Attributes:
        client: Which of LiteLLM's clients it takes: OpenAI's, Azure's, or LiteLLM's own over HTTP.
        address: Its own address, with the region to fill in for Bedrock; `None` where one must be given.
        schema: Whether its answers can be held to a JSON Schema; `None` depends on the model.
        litellm: LiteLLM's name for its chat interface, where that is another.
    """

    client: Literal["openai", "azure", "http"]
    address: str | None = None
    schema: bool | None = None
    litellm: str | None = None


PROVIDERS: Final = {
    "openai": Provider("openai", "https://api.openai.com/v1", schema=True),
    "anthropic": Provider("http", "https://api.anthropic.com"),
    "gemini": Provider("http", "https://generativelanguage.googleapis.com/v1beta"),
    "azure": Provider("azure", schema=True),
    "bedrock": Provider("http", "https://bedrock-runtime.{region}.{domain}"),
    "together_ai": Provider("http", "https://api.together.xyz/v1"),
    "ollama": Provider("http", schema=True, litellm="ollama_chat"),
    "ollama_chat": Provider("http", schema=True),
    "hosted_vllm": Provider("http", schema=True),
    "litellm_proxy": Provider("openai", schema=True),
}
"""By LiteLLM's names: the first part of their models' names."""

SUPPORTED: Final = ", ".join(PROVIDERS)


def provider_of(model: str) -> str:
    """The provider that a model's name begins with.

    Raises:
        ModelFailedError: It is none of ours.
    """
    name = model.split("/", 1)[0]
    if name not in PROVIDERS:
        raise ModelFailedError(
            "provider_not_supported",
            f"{name} is not among {SUPPORTED}; what speaks OpenAI's protocol is openai/… with its address.",
        )
    return name


def address_of(provider: str, *, api_base: str | None, region: str | None) -> str:
    """Where a provider is asked.

    Raises:
        ModelFailedError: It has no address of its own and none is given, what is given is none, or Bedrock
            has no region.
    """
    if api_base is not None:
        try:
            endpoint(api_base)
        except AddressRefusedError as error:
            raise ModelFailedError(error.code, str(error)) from error
        return api_base.rstrip("/")
    own = PROVIDERS[provider].address
    if own is None:
        raise ModelFailedError("model_address_missing", f"{provider} needs the address of its endpoint.")
    if "{region}" in own:
        if region is None:
            raise ModelFailedError("model_region_missing", f"{provider} needs a region.")
        domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        return own.format(region=region, domain=domain)
    return own


def host_of(address: str) -> str:
    """Host and port of an address, as `host:port`."""
    parts = endpoint(address)
    return f"{parts.host}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
