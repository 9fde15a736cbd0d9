"""Which embedding model a project's settings name."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from uuid import UUID

import httpx

from casewright_common.errors import UpstreamRejectedError, UpstreamUnavailableError
from casewright_common.events import EmbeddingSettings
from casewright_common.outbound import GuardedTransport
from casewright_common.vault import SecretReader
from casewright_embedder.adapters import weights
from casewright_embedder.adapters.litellm_embedding import Access, LiteLLMEmbedding
from casewright_embedder.adapters.local_embedding import DIMENSION, MODEL, LocalEmbedding
from casewright_embedder.service.ports import Embedding
from casewright_embedder.settings import EmbeddingLimits

_logger = logging.getLogger(__name__)


class InstalledEmbeddingModels:
    """`EmbeddingModels`: the local one, made when first asked for, and whatever LiteLLM knows."""

    def __init__(
        self,
        limits: EmbeddingLimits,
        secrets: SecretReader,
        *,
        allow_private_addresses: bool,
        allowed_hosts: Collection[str] = (),
    ) -> None:
        self._limits = limits
        self._access = Access(
            http=httpx.AsyncClient(
                transport=GuardedTransport(allow_private=allow_private_addresses, trusted=allowed_hosts),
                trust_env=False,
                follow_redirects=False,
            ),
            secrets=secrets,
            running=asyncio.Semaphore(limits.max_concurrent_requests),
            timeout_s=limits.request_timeout_s,
        )
        self._local: LocalEmbedding | None = None

    def of(self, org_id: UUID, settings: EmbeddingSettings) -> Embedding:
        """The model that the settings name.

        Raises:
            UpstreamUnavailableError: The local model's files aren't installed.
            UpstreamRejectedError: The local model was asked for another dimension than it has.
        """
        if settings.model != MODEL:
            return LiteLLMEmbedding(settings, org_id=org_id, access=self._access)
        if settings.dimension != DIMENSION:
            raise UpstreamRejectedError("local_embedding", f"its vectors have {DIMENSION} dimensions")
        if self._local is None:
            self._local = self._load()
        return self._local

    @asynccontextmanager
    async def warming(self) -> AsyncIterator[None]:
        """Load the local model in the background meanwhile, so that the first story need not wait for it."""
        warming = asyncio.create_task(self._warm(), name="warm the local model")
        try:
            yield
        finally:
            warming.cancel()
            await asyncio.gather(warming, return_exceptions=True)

    async def _warm(self) -> None:
        try:
            local = await asyncio.to_thread(self._load)
        except UpstreamUnavailableError as error:
            _logger.info("No local embedding model: %s", error)
            return
        if self._local is None:
            self._local = local
        await self._local.embed(["warm"])

    def _load(self) -> LocalEmbedding:
        return LocalEmbedding(weights.model_path(), weights.tokenizer_path(), threads=self._limits.threads)

    async def close(self) -> None:
        """Give up what still waits, and all connections."""
        if self._local is not None:
            await self._local.close()
        await self._access.http.aclose()
