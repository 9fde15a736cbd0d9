"""Models through LiteLLM: the only module of the generator that imports it, and only when one is asked.

Nothing is taken from the environment: a key or an address that happens to lie there is never used. Requests
go to the one host that the route names, once each, or they fail.
"""

import asyncio
import hashlib
import json
import logging
import os
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from types import ModuleType
from typing import Any, Final
from uuid import UUID

import httpx

from casewright_common.errors import SecretUnreadableError
from casewright_common.outbound import AddressRefusedError, behind
from casewright_common.telemetry import never_log, take_over_loggers
from casewright_common.vault import SecretKind, SecretReader
from casewright_generator.adapters.accounts import Payer, Route
from casewright_generator.adapters.prices import sets_own_price
from casewright_generator.adapters.providers import PROVIDERS, address_of, host_of, provider_of
from casewright_generator.errors import ModelFailedError
from casewright_generator.settings import ModelSettings

_logger = logging.getLogger(__name__)

_NO_KEY: Final = "none"
"""Stands for the key where an endpoint wants none, so that no library looks for one elsewhere."""
_AZURE_VERSION: Final = "2024-10-21"
_LOGGERS: Final = ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy")
"""They write past our log, whole requests too, unless told otherwise."""
_AMBIENT: Final = ("AWS_ROLE_NAME", "AWS_PROFILE_NAME", "AWS_WEB_IDENTITY_TOKEN", "AWS_SESSION_NAME")
"""Variables of LiteLLM alone, by which it would sign in as somebody else; no argument overrides them."""
_CLIENTS: Final = 256
_GRACE_S: Final = 5.0
_MOST_BYTES: Final = 32 * 1024 * 1024
"""Of one answer: 100,000 tokens as a stream, each in a chunk of 300 bytes."""
_SERVER_ERROR: Final = 500
_TOO_MANY: Final = 429
_BAD_REQUEST: Final = 400
_PASSING: Final = frozenset({409, 425, _TOO_MANY})
_UNAUTHORIZED: Final = frozenset({401, 403})
_CODES: dict[str | None, tuple[str, str]] = {
    "context_length_exceeded": ("model_context_exceeded", "The story is too long for the model."),
    "insufficient_quota": ("model_quota_exhausted", "The provider's account has no credit left."),
}
_SCHEMA_FOLLOWS: Final = "Answer with one JSON object, and nothing else, that keeps to this JSON Schema:\n"

Messages = list[dict[str, str]]


@dataclass(frozen=True)
class Answer:
    """What a model said, and what it cost; `None` where the price isn't known.

    Attributes:
        model: Who said it, as `provider/model`.
        payer: Whose key it was asked with.
        cached: Whether it was said to an earlier question that was the same.
    """

    text: str
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    model: str | None = None
    payer: Payer | None = None
    cached: bool = False


@dataclass(frozen=True)
class Question:
    """What is asked, whoever is asked.

    Attributes:
        schema: JSON Schema of the answer; a model may not keep to it.
    """

    messages: Messages
    schema: dict[str, Any]
    temperature: float = 0
    max_output_tokens: int = 6000


class TransientModelError(Exception):
    """The model may answer the next call.

    Attributes:
        wait_s: Seconds that it asked to wait, if it did.
        limited: Whether it is this key that asks too often.
    """

    def __init__(self, wait_s: float | None = None, *, limited: bool = False) -> None:
        super().__init__()
        self.wait_s = wait_s
        self.limited = limited


class LiteLLM:
    """Any model of our providers, one call at a time.

    Args:
        settings: Bounds.
        secrets: Where providers' keys are.
        transport: Makes all connections; closed with this.
    """

    def __init__(
        self, settings: ModelSettings, secrets: SecretReader, transport: httpx.AsyncBaseTransport
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._transport = transport
        self._clients: OrderedDict[bytes, Any] = OrderedDict()
        self._without_schema: set[str] = set()
        self._imported: ModuleType | None = None
        self._running = asyncio.Semaphore(settings.max_concurrent_calls)

    async def close(self) -> None:
        """Give up all connections."""
        self._clients.clear()
        await self._transport.aclose()

    async def complete(
        self,
        org_id: UUID,
        route: Route,
        question: Question,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Answer:
        """One call.

        Args:
            org_id: Owner of the keys in the vault.
            route: Which model, where, and whose key.
            question: What is asked.
            on_text: Takes the answer piece by piece as it comes; without it nothing is streamed.

        Raises:
            TransientModelError: It can't be reached, is overloaded or failed; the next call may go better.
            ModelFailedError: It will never answer this, or not with this key.
            UpstreamUnavailableError: The vault can't be reached.
        """
        provider = provider_of(route.model)
        key = await self._key(org_id, route)
        if self._imported is None:
            self._imported = await asyncio.to_thread(_litellm)
        litellm = self._imported
        try:
            where = self._where(route, provider, key)
            asked = self._asked(litellm, route, provider, question)
            async with self._running, asyncio.timeout(self._settings.call_timeout_s + _GRACE_S):
                response = await litellm.acompletion(
                    **where,
                    **asked,
                    timeout=self._settings.call_timeout_s,
                    max_retries=0,
                    num_retries=0,
                    drop_params=True,
                    **(
                        {} if on_text is None else {"stream": True, "stream_options": {"include_usage": True}}
                    ),
                )
                if on_text is None:
                    return self._answer(litellm, route, response)
                return await self._streamed(litellm, route, response, on_text)
        except ModelFailedError:
            raise
        except Exception as error:  # noqa: BLE001  # LiteLLM raises anything; each is classified
            raise self._classified(litellm, route, error) from None  # its text may hold a key

    def _asked(self, litellm: ModuleType, route: Route, provider: str, question: Question) -> dict[str, Any]:
        asked: dict[str, Any] = {
            "messages": question.messages,
            "temperature": question.temperature,
            "max_tokens": question.max_output_tokens,
        }
        takes_schema = PROVIDERS[provider].schema
        if takes_schema is None:
            takes_schema = _supports_schema(litellm, route.model)
        if takes_schema and route.name not in self._without_schema:
            wanted = {"name": "cases", "strict": True, "schema": question.schema}
            return asked | {"response_format": {"type": "json_schema", "json_schema": wanted}}
        first, *others = question.messages
        told = f"{first['content']}\n\n{_SCHEMA_FOLLOWS}{json.dumps(question.schema)}"
        asked["messages"] = [first | {"content": told}, *others]
        if not takes_schema and _supports_json(litellm, route.model, provider):
            asked["response_format"] = {"type": "json_object"}
        return asked

    def _where(self, route: Route, provider: str, key: str) -> dict[str, Any]:
        """Model, address, key and client, none of which LiteLLM then looks for elsewhere.

        Raises:
            ModelFailedError: Something about the address is missing, or the key isn't what it should be.
        """
        spec = PROVIDERS[provider]
        address = address_of(provider, api_base=route.api_base, region=route.region)
        name = route.model.split("/", 1)[1]
        where: dict[str, Any] = {
            "model": f"{spec.litellm or provider}/{name}",
            "api_key": key,
            "api_base": address,
            "client": self._client(spec.client, key, address, route.api_version),
        }
        if spec.client == "azure":
            where["api_version"] = route.api_version or _AZURE_VERSION
        if provider == "bedrock":
            return where | _as_aws(key, address, route.region)
        return where

    def _client(self, kind: str, key: str, address: str, api_version: str | None) -> Any:
        """A client that goes to that address only; kept, because making one costs as much as a call."""
        name = hashlib.sha256(json.dumps([kind, key, address, api_version]).encode()).digest()
        client = self._clients.get(name)
        if client is None:
            client = self._new_client(kind, key, address, api_version)
            self._clients[name] = client
            while len(self._clients) > _CLIENTS:
                self._clients.popitem(last=False)
        self._clients.move_to_end(name)
        return client

    def _new_client(self, kind: str, key: str, address: str, api_version: str | None) -> Any:
        transport = _OneHost(self._transport, host_of(address))
        if kind == "http":
            from litellm.llms.custom_httpx.http_handler import (  # noqa: PLC0415, TID251  # lazily, here
                AsyncHTTPHandler,
            )

            return AsyncHTTPHandler(
                transport=transport, follow_redirects=False, timeout=self._settings.call_timeout_s
            )
        from openai import (  # noqa: PLC0415  # comes with LiteLLM, and is as slow to import
            AsyncAzureOpenAI,
            AsyncOpenAI,
            Omit,
        )

        http = httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)
        # Not from OPENAI_ORG_ID and OPENAI_PROJECT_ID, which would bill whom nobody named.
        nobody: dict[str, Any] = {"OpenAI-Organization": Omit(), "OpenAI-Project": Omit()}
        if kind == "azure":
            azure = AsyncAzureOpenAI(
                api_key=key,
                azure_endpoint=address,
                api_version=api_version or _AZURE_VERSION,
                http_client=http,
                max_retries=0,
                default_headers=nobody,
            )
            azure._azure_ad_token = None  # noqa: SLF001  # or AZURE_OPENAI_AD_TOKEN would go before the key
            return azure
        return AsyncOpenAI(
            api_key=key, base_url=address, http_client=http, max_retries=0, default_headers=nobody
        )

    async def _key(self, org_id: UUID, route: Route) -> str:
        if route.key is not None:
            never_log(route.key)
            return route.key.get_secret_value()
        if route.key_ref is None:
            if route.api_base is None:
                raise ModelFailedError("provider_key_missing", "There is no key of the provider.")
            return _NO_KEY
        try:
            secret = await self._secrets.reveal(
                org_id=org_id, kind=SecretKind.PROVIDER_KEY, secret_id=route.key_ref
            )
        except SecretUnreadableError as error:
            raise ModelFailedError(error.code, "The provider's key can't be read.") from error
        return secret.get_secret_value()

    async def _streamed(
        self, litellm: ModuleType, route: Route, stream: Any, on_text: Callable[[str], None]
    ) -> Answer:
        parts: list[str] = []
        usage = finished = None
        async for chunk in stream:
            if chunk.choices:
                choice = chunk.choices[0]
                if text := choice.delta.content:
                    parts.append(text)
                    on_text(text)
                finished = choice.finish_reason or finished
            usage = getattr(chunk, "usage", None) or usage
        if finished is None:
            # Whoever closed the connection had more to say.
            raise TransientModelError
        tokens = getattr(usage, "prompt_tokens", 0) or 0, getattr(usage, "completion_tokens", 0) or 0
        return Answer(
            "".join(parts),
            *tokens,
            cost_usd=None
            if sets_own_price(route.model, route.api_base)
            else _cost_of_tokens(litellm, route.model, *tokens),
            model=route.model,
            payer=route.payer,
        )

    def _answer(self, litellm: ModuleType, route: Route, response: Any) -> Answer:
        choices: Sequence[Any] = response.choices
        usage = getattr(response, "usage", None)
        return Answer(
            text=(choices[0].message.content if choices else None) or "",
            input_tokens=getattr(usage, "prompt_tokens", 0) or 0,
            output_tokens=getattr(usage, "completion_tokens", 0) or 0,
            cost_usd=None if sets_own_price(route.model, route.api_base) else _cost(litellm, response),
            model=route.model,
            payer=route.payer,
        )

    def _classified(self, litellm: ModuleType, route: Route, error: Exception) -> Exception:
        """What a failure means, by type and status; its text may hold keys or stories: it goes nowhere."""
        if isinstance(error, TransientModelError):
            return error
        if (refusal := behind(error, AddressRefusedError)) is not None:
            return ModelFailedError(refusal.code, str(refusal))
        if (unusable := behind(error, _UnusableBodyError)) is not None:
            return ModelFailedError("model_answer_unusable", str(unusable))
        status = getattr(error, "status_code", None)
        _logger.warning("A model call failed: %s, status %s", type(error).__name__, status)
        if status == _BAD_REQUEST and self._may_not_know_schemas(litellm, route, error):
            return TransientModelError(0.0)
        return _by_status(litellm, error, status)

    def _may_not_know_schemas(self, litellm: ModuleType, route: Route, error: Exception) -> bool:
        """Whether to ask once more, and from now on in words: not every endpoint knows schemas."""
        known = isinstance(error, litellm.ContextWindowExceededError) or _code(error) in _CODES
        if known or route.api_base is None or route.name in self._without_schema:
            return False
        self._without_schema.add(route.name)
        return True


def _by_status(litellm: ModuleType, error: Exception, status: int | None) -> Exception:
    too_long = isinstance(error, litellm.ContextWindowExceededError)
    if (told := _CODES.get("context_length_exceeded" if too_long else _code(error))) is not None:
        return ModelFailedError(*told)
    if isinstance(error, TimeoutError | litellm.Timeout):
        # It may have been paid for, and would be as slow again.
        return ModelFailedError("model_timed_out", "The model did not answer in time.")
    if status in _PASSING or (status or 0) >= _SERVER_ERROR:
        return TransientModelError(_retry_after_s(error), limited=status == _TOO_MANY)
    if status in _UNAUTHORIZED:
        return ModelFailedError("model_key_rejected", "The provider did not accept the key.")
    # Without a status it never got to the provider: LiteLLM can't put it together.
    return ModelFailedError("model_rejected", f"The request was not accepted: {type(error).__name__}.")


class _OneHost(httpx.AsyncBaseTransport):
    """Lets requests through to one host, once each.

    LiteLLM repeats a request whose connection broke, which may have been paid for: it doesn't know the error
    that it gets here. It also closes what it takes for its own.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, host: str) -> None:
        self._inner = inner
        self._host = host

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if f"{url.host}:{url.port or (443 if url.scheme == 'https' else 80)}" != self._host:
            raise AddressRefusedError("the request would have gone elsewhere than to the model's address")
        request.headers["accept-encoding"] = "identity"  # few bytes could become many
        try:
            response = await self._inner.handle_async_request(request)
        except (httpx.RemoteProtocolError, httpx.ConnectError) as error:
            raise httpx.ReadError("the connection broke") from error
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise _UnusableBodyError("The model's answer is compressed, which nobody asked for.")
        if isinstance(response.stream, httpx.AsyncByteStream):
            response.stream = _Once(response.stream)
        return response

    async def aclose(self) -> None:
        """Nothing is closed: the inner transport belongs to all."""


class _UnusableBodyError(Exception):
    """An answer's body is nothing that is read to its end; the text is a sentence for the user."""


class _Once(httpx.AsyncByteStream):
    """An answer's body, of bounded size; breaks with an error that LiteLLM repeats no request for."""

    def __init__(self, inner: httpx.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = _MOST_BYTES
        try:
            async for part in self._inner:
                left -= len(part)
                if left < 0:
                    raise _UnusableBodyError("The model's answer is too large.")
                yield part
        except httpx.RemoteProtocolError as error:
            raise httpx.ReadError("the connection broke") from error

    async def aclose(self) -> None:
        await self._inner.aclose()


def _as_aws(key: str, address: str, region: str | None) -> dict[str, Any]:
    """Bedrock's arguments: the key pair, and nothing of what the machine is signed in with.

    Raises:
        ModelFailedError: The key is no pair.
    """
    access, separator, secret = key.partition(":")
    if not separator or region is None:
        raise ModelFailedError(
            "model_key_rejected", "Bedrock wants `access key id:secret access key` and a region."
        )
    for name in _AMBIENT:
        os.environ.pop(name, None)  # noqa: TID251  # nobody else knows these
    return {
        "api_key": "",  # or AWS_BEARER_TOKEN_BEDROCK would do
        "aws_access_key_id": access,
        "aws_secret_access_key": secret,
        "aws_session_token": "",
        "aws_region_name": region,
        "aws_bedrock_runtime_endpoint": address,
    }


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


def _cost(litellm: ModuleType, response: Any) -> float | None:
    known = getattr(response, "_hidden_params", {}).get("response_cost")  # computed by LiteLLM for its log
    try:
        return float(known if known is not None else litellm.completion_cost(completion_response=response))
    except Exception:  # noqa: BLE001  # LiteLLM raises bare exceptions for models without a price
        return None


def _cost_of_tokens(litellm: ModuleType, model: str, input_tokens: int, output_tokens: int) -> float | None:
    try:
        return float(sum(litellm.cost_per_token(model, input_tokens, output_tokens)))
    except Exception:  # noqa: BLE001  # as above
        return None


def _supports_schema(litellm: ModuleType, model: str) -> bool:
    return bool(litellm.supports_response_schema(model=model))


def _supports_json(litellm: ModuleType, model: str, provider: str) -> bool:
    known = litellm.get_supported_openai_params(model=model.split("/", 1)[1], custom_llm_provider=provider)
    return "response_format" in (known or ())
