"""Settings of the embedder."""

from pydantic import Field

from casewright_common.settings import (
    OutboundSettings,
    QdrantSettings,
    ServiceSettings,
    SettingsGroup,
    VaultSettings,
)


class EmbeddingLimits(SettingsGroup):
    """Bounds of embedding.

    Attributes:
        threads: Threads of one local inference.
        max_concurrent_requests: Requests to embedding providers at once.
        request_timeout_s: Longest wait for one answer of a provider.
    """

    threads: int = Field(default=1, ge=1)
    max_concurrent_requests: int = Field(default=8, ge=1)
    request_timeout_s: float = Field(default=30, gt=0)


class EmbedderSettings(ServiceSettings):
    """What the embedder needs; variables such as `CASEWRIGHT_QDRANT__URL`."""

    vault: VaultSettings
    qdrant: QdrantSettings = QdrantSettings()
    embedding: EmbeddingLimits = EmbeddingLimits()
    outbound: OutboundSettings = OutboundSettings()
