"""Any embedding model that LiteLLM knows; the only module of the embedder that imports it, lazily.

Nothing is taken from the environment: a provider's key that happens to lie there is never used.
"""

import asyncio
import logging
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final
from uuid import UUID

import httpx

from casewright_common.errors import (
    CasewrightError,
    UpstreamFailedError,
    UpstreamRejectedError,
    UpstreamUnavailableError,
)
from casewright_common.events import EmbeddingSettings
from casewright_common.outbound import AddressRefusedError, behind, endpoint
from casewright_common.telemetry import take_over_loggers
from casewright_common.vault import SecretKind, SecretReader
from casewright_embedder.service.ports import Vector

_logger = logging.getLogger(__name__)

_DEPENDENCY: Final = "embedding_model"
_NO_KEY: Final = "none"
"""Stands for the key where an endpoint wants none, so that no library looks for one elsewhere."""
_OPENAI: Final = "https://api.openai.com/v1"
_LOGGERS: Final = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy")
"""They write past our log, whole requests too, unless told otherwise."""
_WINDOW = 480
_CHARACTERS_PER_TOKEN = 3
_BATCH = 64
_GRACE_S = 5.0
_SERVER_ERROR = 500
_PASSING = frozenset({408, 409, 425, 429})

# Providers whose client takes our guarded transport: only they may be sent to an address of a user's choice.
_GUARDED = frozenset({"openai", "litellm_proxy"})
# Providers that sign in with whatever the machine itself is signed in with.
_AMBIENT = frozenset({"bedrock", "sagemaker", "vertex_ai", "watsonx", "oci", "sap", "databricks"})


@dataclass(frozen=True)
class Access:
    """What calls have in common, whichever the model.

    Attributes:
        http: Client with a guarded transport.
        secrets: Where providers' keys are.
        running: Bound on calls at once.
        timeout_s: Longest wait for one answer.
    """

    http: httpx.AsyncClient
    secrets: SecretReader
    running: asyncio.Semaphore
    timeout_s: float


class LiteLLMEmbedding:
    """`Embedding` by one model of LiteLLM, with one organisation's key."""

    def __init__(self, settings: EmbeddingSettings, *, org_id: UUID, access: Access) -> None:
        self._settings = settings
        self._org_id = org_id
        self._access = access

    @property
    def window(self) -> int:
        """Fits the smallest window in use, 512; larger chunks don't make a story easier to find."""
        return _WINDOW

    def count(self, text: str) -> int:
        """A careful guess: the model's tokenizer isn't at hand."""
        return math.ceil(len(text) / _CHARACTERS_PER_TOKEN)

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """See `Embedding.embed`."""
        vectors: list[Vector] = []
        for start in range(0, len(texts), _BATCH):
            vectors += await self._batch(list(texts[start : start + _BATCH]))
        return vectors

    async def _batch(self, texts: list[str]) -> list[Vector]:
        litellm = await asyncio.to_thread(_litellm)
        route = await self._route(litellm)
        try:
            async with self._access.running, asyncio.timeout(self._access.timeout_s + _GRACE_S):
                response = await litellm.aembedding(
                    model=self._settings.model,
                    input=texts,
                    encoding_format="float",
                    timeout=self._access.timeout_s,
                    max_retries=0,
                    num_retries=0,
                    drop_params=True,
                    **route,
                )
        except Exception as error:  # noqa: BLE001  # LiteLLM raises anything; each is classified
            raise _classified(error) from None  # its text may hold a key
        return self._vectors(response, len(texts))

    def _vectors(self, response: Any, expected: int) -> list[Vector]:
        data = response.data or []
        ordered = sorted(data, key=lambda one: int(one["index"]))
        vectors = [[float(number) for number in one["embedding"]] for one in ordered]
        if len(vectors) != expected:
            raise UpstreamFailedError(_DEPENDENCY, f"{len(vectors)} vectors for {expected} texts")
        for vector in vectors:
            if len(vector) != self._settings.dimension:
                detail = f"vectors of {len(vector)} instead of {self._settings.dimension} numbers"
                raise UpstreamRejectedError(_DEPENDENCY, detail)
        return [_unit(vector) for vector in vectors]

    async def _route(self, litellm: ModuleType) -> dict[str, Any]:
        """Key, address and client of the model.

        Raises:
            UpstreamRejectedError: The settings don't allow to ask it.
            SecretUnreadableError: The vault doesn't hold the key.
            AddressRefusedError: The model's address is none.
        """
        model, address = self._settings.model, self._settings.api_base
        try:
            _, provider, _, _ = litellm.get_llm_provider(model=model, api_base=address)
        except litellm.BadRequestError as error:
            raise UpstreamRejectedError(_DEPENDENCY, f"no provider of {model} is known") from error
        if provider in _AMBIENT or (address is not None and provider not in _GUARDED):
            raise UpstreamRejectedError(_DEPENDENCY, f"{provider} can't be used like this")
        key = await self._key()
        # Named even where it is the provider's own: OPENAI_BASE_URL could lead elsewhere.
        address = address or (_OPENAI if provider == "openai" else None)
        if address is None:
            return {"api_key": key}
        endpoint(address)  # or the client would fail on it with an error that says nothing
        return {"api_key": key, "api_base": address, "client": self._client(key, address)}

    def _client(self, key: str, address: str) -> Any:
        from openai import AsyncOpenAI  # noqa: PLC0415  # comes with LiteLLM, and is as slow to import

        class OneCall(AsyncOpenAI):
            """LiteLLM takes the 0 of a call for "not given" and sets the client to two retries."""

            max_retries = property(lambda _: 0, lambda _, _value: None)

        return OneCall(api_key=key, base_url=address, http_client=self._access.http)

    async def _key(self) -> str:
        reference = self._settings.provider_key_ref
        if reference is None:
            if self._settings.api_base is None:
                raise UpstreamRejectedError(_DEPENDENCY, "the project names no key of the provider")
            return _NO_KEY
        secret = await self._access.secrets.reveal(
            org_id=self._org_id, kind=SecretKind.PROVIDER_KEY, secret_id=reference
        )
        return secret.get_secret_value()


def _litellm() -> ModuleType:
    """LiteLLM, quiet: no price map over the network, no telemetry, callbacks, retries or log of its own."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # noqa: TID251  # read while it is imported
    import litellm  # noqa: PLC0415, TID251  # seconds, and only those pay who ask a model

    take_over_loggers(*_LOGGERS)
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.turn_off_message_logging = True
    for callbacks in ("callbacks", "success_callback", "failure_callback", "_async_success_callback"):
        setattr(litellm, callbacks, [])
    module: ModuleType = litellm
    return module


def _classified(error: Exception) -> CasewrightError:
    """What a failure means, by its type and status; its text may hold keys or stories and goes nowhere."""
    if (refusal := behind(error, AddressRefusedError)) is not None:
        return refusal
    status = getattr(error, "status_code", None)
    _logger.warning("An embedding call failed: %s, status %s", type(error).__name__, status)
    if isinstance(error, TimeoutError) or status in _PASSING or (status or 0) >= _SERVER_ERROR:
        return UpstreamUnavailableError(_DEPENDENCY, type(error).__name__)
    return UpstreamRejectedError(_DEPENDENCY, f"{type(error).__name__}, HTTP {status}")


def _unit(vector: Vector) -> Vector:
    length = math.hypot(*vector)
    return [number / length for number in vector] if length else vector
