"""Settings of the generator."""

from pydantic import Field

from casewright_common.settings import (
    OutboundSettings,
    QdrantSettings,
    ServiceSettings,
    SettingsGroup,
    VaultSettings,
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


class ModelSettings(SettingsGroup):
    """Bounds of asking models; which model is asked is a setting of the project.

    Attributes:
        max_calls: Calls for one generation, whatever fails: first try, repair, gaps, retries.
        max_concurrent_calls: Calls at once, in this process.
        call_timeout_s: Longest wait for one answer.
        longest_retry_wait_s: Longest pause that a provider may ask for; if longer, the designer writes.
        max_output_tokens: Most tokens of one answer.
        prompt_versions: Versions of the prompt to share the stories among.
    """

    max_calls: int = Field(default=4, ge=1, le=10)
    max_concurrent_calls: int = Field(default=128, ge=1)
    call_timeout_s: float = Field(default=90, gt=0)
    longest_retry_wait_s: float = Field(default=20, ge=0)
    max_output_tokens: int = Field(default=6000, ge=1)
    prompt_versions: tuple[str, ...] = Field(default=("v1",), min_length=1)


class GeneratorSettings(ServiceSettings):
    """What the generator needs; variables such as `CASEWRIGHT_MODEL__CALL_TIMEOUT_S`."""

    vault: VaultSettings
    qdrant: QdrantSettings = QdrantSettings()
    generation: GenerationSettings = GenerationSettings()
    model: ModelSettings = ModelSettings()
    outbound: OutboundSettings = OutboundSettings()
