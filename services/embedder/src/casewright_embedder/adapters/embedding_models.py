"""Which embedding model a project's settings name."""

import asyncio
from uuid import UUID

from casewright_common.errors import UpstreamRejectedError
from casewright_common.events import EmbeddingSettings
from casewright_common.vault import SecretReader
from casewright_embedder.adapters import weights
from casewright_embedder.adapters.litellm_embedding import LiteLLMEmbedding
from casewright_embedder.adapters.local_embedding import DIMENSION, MODEL, LocalEmbedding
from casewright_embedder.service import Embedding
from casewright_embedder.settings import EmbeddingLimits


class InstalledEmbeddingModels:
    """`EmbeddingModels`: the local one, made when first asked for, and whatever LiteLLM knows."""

    def __init__(
        self, limits: EmbeddingLimits, secrets: SecretReader, *, allow_private_addresses: bool
    ) -> None:
        self._limits = limits
        self._secrets = secrets
        self._allow_private_addresses = allow_private_addresses
        self._requests = asyncio.Semaphore(limits.max_concurrent_requests)
        self._local: LocalEmbedding | None = None

    def of(self, org_id: UUID, settings: EmbeddingSettings) -> Embedding:
        """The model that the settings name.

        Raises:
            UpstreamUnavailableError: The local model's files aren't installed.
            UpstreamRejectedError: The local model was asked for another dimension than it has.
        """
        if settings.model != MODEL:
            return LiteLLMEmbedding(
                settings,
                org_id=org_id,
                secrets=self._secrets,
                requests=self._requests,
                timeout_s=self._limits.request_timeout_s,
                allow_private_addresses=self._allow_private_addresses,
            )
        if settings.dimension != DIMENSION:
            raise UpstreamRejectedError("local_embedding", f"its vectors have {DIMENSION} dimensions")
        if self._local is None:
            self._local = LocalEmbedding(
                weights.model_path(), weights.tokenizer_path(), threads=self._limits.threads
            )
        return self._local

    async def close(self) -> None:
        """Give up what still waits."""
        if self._local is not None:
            await self._local.close()
