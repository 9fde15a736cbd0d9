"""Settings of the generator."""

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from casewright_common.settings import (
    OutboundSettings,
    QdrantSettings,
    ServiceSettings,
    SettingsGroup,
    VaultSettings,
    disagreement,
)


class GenerationSettings(SettingsGroup):
    """How a generation goes about its work.

    Attributes:
        lease_s: A claim on a story that isn't renewed for so long is free again: how long a killed
            process holds up the stories it was at.
        unknown_story_wait_s: How long a request waits for a story that hasn't arrived.
    """

    lease_s: float = Field(default=12, gt=0)
    unknown_story_wait_s: float = Field(default=20, ge=0)


class SystemKey(SettingsGroup):
    """A key of the operator, for organisations and users without a key of their own.

    Attributes:
        provider: LiteLLM's name of the provider: the first part of its models' names.
        key: The key; `None` where the endpoint wants none. For Bedrock `access key id:secret access key`.
        api_base: Address of the endpoint; `None` for the provider's own.
        api_version: Azure's version of the API.
        region: Bedrock's region.
        weight: Share of the calls that it gets among the keys of its provider.
    """

    provider: str
    key: SecretStr | None = None
    api_base: str | None = None
    api_version: str | None = None
    region: str | None = None
    weight: int = Field(default=1, ge=1, le=100)

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.key is None and self.api_base is None:
            raise disagreement(f"{self.provider} has neither a key nor an address of its own")
        return self


class ModelSettings(SettingsGroup):
    """Bounds of asking models, and what is asked where neither project nor account says.

    Attributes:
        model: Default model of projects whose accounts name none either.
        fallback_model: Asked where the model fails.
        temperature: From 0 to 2.
        max_output_tokens: Most tokens of one answer.
        keys: The operator's keys, used last; JSON in the environment.
        max_calls: Calls for one generation, whatever fails: first try, repair, gaps, retries, other keys.
        max_concurrent_calls: Calls at once, in this process.
        call_timeout_s: Longest wait for one answer.
        longest_retry_wait_s: Longest pause that a provider may ask for; if longer, the next key or model, or
            the designer, takes over.
        cache_s: How long an answer stands for the same question, in seconds; 0 for not at all.
        breaker_failures: After so many failures in a minute, a provider's key is left alone for a while.
        breaker_open_s: That while; then one call tries.
        stream: `watched` streams answers that somebody watches live, `always` and `never` say it.
        prompt_versions: Versions of the prompt to share the stories among.
    """

    model: str | None = None
    fallback_model: str | None = None
    temperature: float = Field(default=0, ge=0, le=2)
    max_output_tokens: int = Field(default=6000, ge=1)
    keys: tuple[SystemKey, ...] = ()
    max_calls: int = Field(default=6, ge=1, le=12)
    max_concurrent_calls: int = Field(default=128, ge=1)
    call_timeout_s: float = Field(default=90, gt=0)
    longest_retry_wait_s: float = Field(default=20, ge=0)
    cache_s: int = Field(default=86_400, ge=0)
    breaker_failures: int = Field(default=5, ge=1)
    breaker_open_s: float = Field(default=30, gt=0)
    stream: Literal["watched", "always", "never"] = "watched"
    prompt_versions: tuple[str, ...] = Field(default=("v1",), min_length=1)


class RedisSettings(SettingsGroup):
    """What replicas share: answers, broken circuits, live progress. Nothing is lost with it.

    Attributes:
        url: `redis://…`; `None` for a process that keeps to itself: no cache, nobody watches.
        timeout_s: Longest wait for Redis before a generation goes on without it.
    """

    url: SecretStr | None = None
    timeout_s: float = Field(default=0.5, gt=0)


class GeneratorSettings(ServiceSettings):
    """What the generator needs; variables such as `CASEWRIGHT_MODEL__CALL_TIMEOUT_S`."""

    vault: VaultSettings
    qdrant: QdrantSettings = QdrantSettings()
    generation: GenerationSettings = GenerationSettings()
    model: ModelSettings = ModelSettings()
    outbound: OutboundSettings = OutboundSettings()
    redis: RedisSettings = RedisSettings()
