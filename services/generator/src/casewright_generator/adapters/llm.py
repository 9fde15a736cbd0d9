"""Models through LiteLLM: the only module of the generator that imports it, and only when one is asked.

Nothing is taken from the environment: a provider's key that happens to lie there is never used.
"""

import asyncio
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from types import ModuleType
from typing import Any, Final
from uuid import UUID

import httpx

from casewright_common.errors import SecretUnreadableError
from casewright_common.events import EngineSettings
from casewright_common.outbound import GuardedTransport, refusal_behind
from casewright_common.telemetry import take_over_loggers
from casewright_common.vault import SecretKind, SecretReader
from casewright_generator.errors import ModelFailedError
from casewright_generator.settings import ModelSettings

_logger = logging.getLogger(__name__)

_NO_KEY: Final = "none"
"""Stands for the key where an endpoint wants none, so that no library looks for one elsewhere."""
_OPENAI: Final = "https://api.openai.com/v1"
_LOGGERS: Final = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy")
"""They write past our log, whole requests too, unless told otherwise."""
_GRACE_S = 5.0
_SERVER_ERROR = 500
_PASSING = frozenset({409, 425, 429})
_UNAUTHORIZED = frozenset({401, 403})
_CODES: dict[str | None, tuple[str, str]] = {
    "context_length_exceeded": ("model_context_exceeded", "The story is too long for the model."),
    "insufficient_quota": ("model_quota_exhausted", "The provider's account has no credit left."),
}

# Providers whose client takes our guarded transport: only they may be sent to an address of a user's choice.
_OPENAI_CLIENTS = frozenset({"openai", "litellm_proxy"})
_HTTP_CLIENTS = frozenset({"hosted_vllm", "ollama_chat"})
# Providers that sign in with whatever the machine itself is signed in with.
_AMBIENT = frozenset(
    {
        "bedrock",
        "bedrock_converse",
        "bedrock_mantle",
        "sagemaker",
        "sagemaker_chat",
        "sagemaker_nova",
        "vertex_ai",
        "vertex_ai_beta",
        "watsonx",
        "watsonx_text",
        "oci",
        "sap",
        "databricks",
        "github_copilot",
        "chatgpt",
    }
)

Messages = list[dict[str, str]]


@dataclass(frozen=True)
class Answer:
    """What a model said, and what it cost; `None` where the price isn't known."""

    text: str
    input_tokens: int
    output_tokens: int
    cost_usd: float | None


class TransientModelError(Exception):
    """The model may answer the next call.

    Attributes:
        wait_s: Seconds that it asked to wait, if it did.
    """

    def __init__(self, wait_s: float | None = None) -> None:
        super().__init__()
        self.wait_s = wait_s


class LiteLLM:
    """Any model that LiteLLM knows, one call at a time.

    Args:
        settings: Bounds.
        secrets: Where providers' keys are.
        allow_private_addresses: Whether an `api_base` may lie in a private network.
    """

    def __init__(
        self, settings: ModelSettings, secrets: SecretReader, *, allow_private_addresses: bool
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._transport = GuardedTransport(allow_private=allow_private_addresses)
        self._http = httpx.AsyncClient(transport=self._transport, trust_env=False, follow_redirects=False)
        self._running = asyncio.Semaphore(settings.max_concurrent_calls)

    async def close(self) -> None:
        """Give up all connections."""
        await self._http.aclose()

    async def complete(
        self, org_id: UUID, engine: EngineSettings, messages: Messages, *, schema: dict[str, Any]
    ) -> Answer:
        """One call.

        Args:
            org_id: Owner of the provider's key.
            engine: Which model, where, and its key.
            messages: The conversation.
            schema: JSON Schema of the answer; a model may not keep to it.

        Raises:
            TransientModelError: It can't be reached, is overloaded or failed; the next call may go better.
            ModelFailedError: It will never answer this.
            UpstreamUnavailableError: The vault can't be reached.
        """
        litellm = await asyncio.to_thread(_litellm)
        route = await self._route(litellm, org_id, engine)
        wanted = {"name": "cases", "strict": True, "schema": schema}
        try:
            async with self._running, asyncio.timeout(self._settings.call_timeout_s + _GRACE_S):
                response = await litellm.acompletion(
                    model=engine.model,
                    messages=messages,
                    response_format={"type": "json_schema", "json_schema": wanted},
                    max_tokens=self._settings.max_output_tokens,
                    timeout=self._settings.call_timeout_s,
                    max_retries=0,
                    num_retries=0,
                    drop_params=True,
                    temperature=0,
                    **route,
                )
        except Exception as error:  # noqa: BLE001  # LiteLLM raises anything; each is classified
            raise _classified(litellm, error) from None  # its text may hold a key
        return _answer(litellm, response, priced=engine.api_base is None)

    async def _route(self, litellm: ModuleType, org_id: UUID, engine: EngineSettings) -> dict[str, Any]:
        """Key, address and client of the model.

        Raises:
            ModelFailedError: The settings don't allow to ask it.
            UpstreamUnavailableError: The vault can't be reached.
        """
        try:
            _, provider, _, _ = litellm.get_llm_provider(model=engine.model, api_base=engine.api_base)
        except litellm.BadRequestError as error:
            raise ModelFailedError("model_unknown", "LiteLLM knows no provider of this model.") from error
        if provider in _AMBIENT:
            raise ModelFailedError("provider_not_supported", f"{provider} doesn't sign in with a key.")
        guarded = provider in _OPENAI_CLIENTS | _HTTP_CLIENTS
        if engine.api_base is not None and not guarded:
            raise ModelFailedError(
                "provider_not_supported", f"{provider} can't be used with an address of one's own."
            )
        key = await self._key(org_id, engine)
        # Named even where it is the provider's own: OPENAI_BASE_URL could lead elsewhere.
        address = engine.api_base or (_OPENAI if provider == "openai" else None)
        if address is None:
            return {"api_key": key}
        return {"api_key": key, "api_base": address, "client": self._client(provider, key, address)}

    def _client(self, provider: str, key: str, address: str) -> Any:
        if provider in _HTTP_CLIENTS:
            from litellm.llms.custom_httpx.http_handler import (  # noqa: PLC0415, TID251  # lazily, here
                AsyncHTTPHandler,
            )

            return AsyncHTTPHandler(transport=self._transport, follow_redirects=False)
        from openai import AsyncOpenAI  # noqa: PLC0415  # comes with LiteLLM, and is as slow to import

        return AsyncOpenAI(api_key=key, base_url=address, http_client=self._http, max_retries=0)

    async def _key(self, org_id: UUID, engine: EngineSettings) -> str:
        if engine.provider_key_ref is None:
            if engine.api_base is None:
                raise ModelFailedError("provider_key_missing", "The project names no key of the provider.")
            return _NO_KEY
        try:
            secret = await self._secrets.reveal(
                org_id=org_id, kind=SecretKind.PROVIDER_KEY, secret_id=engine.provider_key_ref
            )
        except SecretUnreadableError as error:
            raise ModelFailedError(error.code, "The provider's key can't be read.") from error
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


def _classified(litellm: ModuleType, error: Exception) -> Exception:
    """What a failure means, by its type and status; its text may hold keys or stories and goes nowhere."""
    if (refusal := refusal_behind(error)) is not None:
        return ModelFailedError(refusal.code, str(refusal))
    status = getattr(error, "status_code", None)
    _logger.warning("A model call failed: %s, status %s", type(error).__name__, status)
    too_long = isinstance(error, litellm.ContextWindowExceededError)
    if (told := _CODES.get("context_length_exceeded" if too_long else _code(error))) is not None:
        return ModelFailedError(*told)
    if isinstance(error, TimeoutError | litellm.Timeout):
        # It may have been paid for, and would be as slow again.
        return ModelFailedError("model_timed_out", "The model did not answer in time.")
    if status in _PASSING or (status or 0) >= _SERVER_ERROR:
        return TransientModelError(_retry_after_s(error))
    if status in _UNAUTHORIZED:
        return ModelFailedError("model_key_rejected", "The provider did not accept the key.")
    # Without a status it never got to the provider: LiteLLM can't put it together.
    return ModelFailedError("model_rejected", f"The request was not accepted: {type(error).__name__}.")


def _code(error: Exception) -> str | None:
    """The provider's own word for the error, where it follows OpenAI."""
    body = getattr(error, "body", None)
    code = body.get("code") if isinstance(body, dict) else getattr(error, "code", None)
    return code if isinstance(code, str) else None


def _retry_after_s(error: Exception) -> float | None:
    """Seconds that the provider asked to wait, by `Retry-After` in either of its forms."""
    response = getattr(error, "response", None)
    headers = getattr(response, "headers", None) or getattr(error, "litellm_response_headers", None) or {}
    value = headers.get("retry-after")
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except ValueError:
        return None


def _answer(litellm: ModuleType, response: Any, *, priced: bool) -> Answer:
    choices: Sequence[Any] = response.choices
    text = (choices[0].message.content if choices else None) or ""
    usage = getattr(response, "usage", None)
    return Answer(
        text=text,
        input_tokens=getattr(usage, "prompt_tokens", 0) or 0,
        output_tokens=getattr(usage, "completion_tokens", 0) or 0,
        cost_usd=_cost(litellm, response) if priced else None,
    )


def _cost(litellm: ModuleType, response: Any) -> float | None:
    try:
        return float(litellm.completion_cost(completion_response=response))
    except Exception:  # noqa: BLE001  # LiteLLM raises bare exceptions for models without a price
        return None
