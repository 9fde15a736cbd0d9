"""Where each provider is asked, with which credential, and that nothing ambient is used."""

import json
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr

from casewright_generator.adapters.accounts import Route
from casewright_generator.adapters.llm import LiteLLM, Question
from casewright_generator.adapters.providers import PROVIDERS, address_of, host_of, provider_of
from casewright_generator.errors import ModelFailedError
from casewright_generator.settings import ModelSettings
from casewright_generator.testing import SecretsInMemory, completion

# LiteLLM builds its models when first called, and pydantic has a word to say about them and their use.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Item .* is using the `ReadOnly` qualifier:UserWarning"),
    pytest.mark.filterwarnings("ignore:Accessing the 'model_"),
]

ORG = UUID(int=1)
KEY = "key-of-the-system"
STRAY = "stray"
AMBIENT = (
    *(f"{name}_API_KEY" for name in ("OPENAI", "ANTHROPIC", "GEMINI", "GOOGLE", "AZURE", "TOGETHER_AI")),
    *("TOGETHERAI_API_KEY", "AZURE_OPENAI_API_KEY", "AZURE_AD_TOKEN", "AZURE_OPENAI_AD_TOKEN"),
    *("OPENAI_ORG_ID", "OPENAI_ORGANIZATION", "OPENAI_PROJECT_ID", "ANTHROPIC_AUTH_TOKEN"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK"),
    *("AWS_PROFILE_NAME", "AWS_ROLE_NAME", "AWS_WEB_IDENTITY_TOKEN", "AWS_SESSION_NAME"),
    *("OLLAMA_API_KEY", "HOSTED_VLLM_API_KEY", "LITELLM_PROXY_API_KEY"),
)
ELSEWHERE = (
    *("OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL", "GEMINI_API_BASE"),
    *("AZURE_API_BASE", "AZURE_OPENAI_ENDPOINT", "AWS_BEDROCK_RUNTIME_ENDPOINT", "TOGETHER_AI_API_BASE"),
    *("OLLAMA_API_BASE", "HOSTED_VLLM_API_BASE", "LITELLM_PROXY_API_BASE", "HTTPS_PROXY", "HTTP_PROXY"),
)
TEXT = '{"cases": []}'
ANTHROPIC = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5",
    "content": [{"type": "text", "text": TEXT}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 120, "output_tokens": 30},
}
GEMINI = {
    "candidates": [{"content": {"role": "model", "parts": [{"text": TEXT}]}, "finishReason": "STOP"}],
    "usageMetadata": {"promptTokenCount": 120, "candidatesTokenCount": 30, "totalTokenCount": 150},
}
BEDROCK = {
    "output": {"message": {"role": "assistant", "content": [{"text": TEXT}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 120, "outputTokens": 30, "totalTokens": 150},
    "metrics": {"latencyMs": 1},
}
OLLAMA = {
    "model": "some",
    "created_at": "2026-11-01T00:00:00Z",
    "message": {"role": "assistant", "content": TEXT},
    "done": True,
    "done_reason": "stop",
    "prompt_eval_count": 120,
    "eval_count": 30,
}


class Recorder(httpx.AsyncBaseTransport):
    """Answers everything as the provider would, and keeps what came."""

    def __init__(self, answer: dict[str, Any] | None = None) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        content = json.loads(request.content)
        body = completion(content, TEXT) if self.answer is None else json.dumps(self.answer)
        return httpx.Response(200, headers={"Content-Type": "application/json"}, content=body.encode())


@pytest.fixture(autouse=True)
def ambient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in AMBIENT:
        monkeypatch.setenv(name, f"{STRAY}-{name}")
    for name in ELSEWHERE:
        monkeypatch.setenv(name, "https://elsewhere.invalid")
    monkeypatch.setenv("AWS_REGION", "mars-1")


async def asked(
    model: str, answer: dict[str, Any] | None = None, key: str | None = KEY, **where: Any
) -> httpx.Request:
    transport = Recorder(answer)
    litellm = LiteLLM(ModelSettings(), SecretsInMemory(), transport)
    route = Route("system", "tested", model, key=None if key is None else SecretStr(key), **where)
    schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    said = await litellm.complete(ORG, route, Question([{"role": "user", "content": "Write."}], schema))
    await litellm.close()
    assert said.text == TEXT
    assert (said.input_tokens, said.output_tokens) == (120, 30)
    (request,) = transport.requests
    assert STRAY not in f"{request.url} {request.headers.raw} {request.content!r}"
    return request


@pytest.mark.parametrize(
    ("model", "where", "url"),
    [
        ("openai/gpt-4o", {}, "https://api.openai.com/v1/chat/completions"),
        ("openai/any", {"api_base": "https://models.test/v1"}, "https://models.test/v1/chat/completions"),
        (
            "hosted_vllm/any",
            {"api_base": "https://models.test/v1"},
            "https://models.test/v1/chat/completions",
        ),
        ("litellm_proxy/any", {"api_base": "https://models.test"}, "https://models.test/chat/completions"),
        (
            "together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo",
            {},
            "https://api.together.xyz/v1/chat/completions",
        ),
    ],
)
async def test_providers_that_speak_openais_protocol_get_a_bearer(
    model: str, where: dict[str, Any], url: str
) -> None:
    request = await asked(model, **where)
    assert str(request.url) == url
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert "openai-organization" not in request.headers
    assert "openai-project" not in request.headers


async def test_anthropic_gets_its_own_header() -> None:
    request = await asked("anthropic/claude-sonnet-4-5", ANTHROPIC)
    assert str(request.url) == "https://api.anthropic.com/v1/messages"
    assert request.headers["x-api-key"] == KEY
    assert "authorization" not in request.headers


async def test_google_gets_its_own_header() -> None:
    request = await asked("gemini/gemini-2.5-flash", GEMINI)
    assert str(request.url).startswith(
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent"
    )
    assert request.headers["x-goog-api-key"] == KEY
    assert KEY not in str(request.url)


async def test_azure_is_asked_at_its_deployment_in_the_version_that_was_named() -> None:
    request = await asked("azure/gpt-4o", api_base="https://ours.openai.azure.test", api_version="2024-06-01")
    assert request.url.host == "ours.openai.azure.test"
    assert request.url.path == "/openai/deployments/gpt-4o/chat/completions"
    assert request.url.params["api-version"] == "2024-06-01"
    assert request.headers["api-key"] == KEY
    assert "authorization" not in request.headers


async def test_bedrock_is_signed_with_the_pair_that_was_given_for_the_region_that_was_named() -> None:
    request = await asked(
        "bedrock/anthropic.claude-3-5-sonnet-20240620-v1:0",
        BEDROCK,
        "AKIDGIVEN:secret",
        region="eu-central-1",
    )
    assert request.url.host == "bedrock-runtime.eu-central-1.amazonaws.com"
    signed = request.headers["authorization"]
    assert signed.startswith("AWS4-HMAC-SHA256 Credential=AKIDGIVEN/")
    assert "/eu-central-1/bedrock/" in signed
    assert "x-amz-security-token" not in request.headers


@pytest.mark.parametrize("model", ["ollama/some", "ollama_chat/some"])
async def test_ollama_is_asked_where_it_is_and_needs_no_key(model: str) -> None:
    request = await asked(model, OLLAMA, None, api_base="https://ollama.test")
    assert str(request.url) == "https://ollama.test/api/chat"
    assert json.loads(request.content)["format"]["type"] == "object"
    assert request.headers.get("authorization", "Bearer none") == "Bearer none"


async def test_a_key_pair_that_is_none_is_said_to_be_wrong() -> None:
    with pytest.raises(ModelFailedError) as failed:
        await asked("bedrock/some", BEDROCK, region="eu-central-1")
    assert failed.value.reason == "model_key_rejected"
    assert KEY not in str(failed.value)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("azure/gpt-4o", "model_address_missing"),
        ("hosted_vllm/some", "model_address_missing"),
        ("bedrock/some", "model_region_missing"),
        ("groq/some", "provider_not_supported"),
    ],
)
async def test_what_is_missing_is_said(model: str, reason: str) -> None:
    with pytest.raises(ModelFailedError) as failed:
        await asked(model)
    assert failed.value.reason == reason


def test_every_provider_is_found_by_its_models() -> None:
    for name, provider in PROVIDERS.items():
        assert provider_of(f"{name}/some/model") == name
        if provider.address is not None:
            assert address_of(name, api_base=None, region="cn-north-1").startswith("https://")
    assert address_of("bedrock", api_base=None, region="cn-north-1").endswith("amazonaws.com.cn")


def test_a_host_has_a_port() -> None:
    assert host_of("https://models.test/v1") == "models.test:443"
    assert host_of("http://[::1]:8000/v1") == "::1:8000"
