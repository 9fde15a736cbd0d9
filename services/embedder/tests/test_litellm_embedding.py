import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Self
from uuid import UUID

import pytest
from pydantic import SecretStr

from casewright_common.errors import (
    SecretUnreadableError,
    UpstreamFailedError,
    UpstreamRejectedError,
    UpstreamUnavailableError,
)
from casewright_common.events import EmbeddingSettings
from casewright_common.outbound import AddressRefusedError
from casewright_common.vault import SecretKind
from casewright_embedder.adapters.embedding_models import InstalledEmbeddingModels
from casewright_embedder.adapters.local_embedding import MODEL, LocalEmbedding
from casewright_embedder.service.ports import Vector
from casewright_embedder.settings import EmbeddingLimits

# LiteLLM builds its models when first called, and pydantic has a word to say about them.
pytestmark = pytest.mark.filterwarnings("ignore:Item .* is using the `ReadOnly` qualifier:UserWarning")

ORG, OTHER_ORG, KEY_ID = UUID(int=1), UUID(int=9), UUID(int=7)
KEY = "key-of-the-vault"


class Secrets:
    async def reveal(self, *, org_id: UUID, kind: SecretKind, secret_id: UUID) -> SecretStr:
        if (org_id, kind, secret_id) != (ORG, SecretKind.PROVIDER_KEY, KEY_ID):
            raise SecretUnreadableError("there is no such secret")
        return SecretStr(KEY)


class Endpoint:
    """OpenAI's embeddings, in its shape; vectors of three numbers."""

    def __init__(self) -> None:
        self.status = 200
        self.delay_s = 0.0
        self.drop = 0
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.connections = 0
        self.url = ""
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await asyncio.sleep(0)  # closed transports let go of their sockets

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._reply(reader, writer)
        finally:
            writer.close()

    async def _reply(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        fields = dict(line.split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
        request = json.loads(await reader.readexactly(int(fields["content-length"])))
        self.requests.append(request)
        self.keys.append(fields.get("authorization", "").removeprefix("bearer "))
        await asyncio.sleep(self.delay_s)
        if self.status == 200:
            texts = request["input"][self.drop :]
            vectors = [
                {"object": "embedding", "index": index, "embedding": [3.0, 4.0, float(len(text))]}
                for index, text in enumerate(texts)
            ]
            usage = {"prompt_tokens": 8, "total_tokens": 8}
            answer: dict[str, Any] = {
                "object": "list",
                "data": vectors[::-1],
                "model": "some",
                "usage": usage,
            }
        else:
            answer = {"error": {"message": "key sk-leaked-by-the-provider", "type": "some", "code": None}}
        body = json.dumps(answer).encode()
        writer.write(
            f"HTTP/1.1 {self.status} Status\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
            + body
        )
        await writer.drain()


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    async with Endpoint() as serving:
        yield serving


async def embed(
    endpoint: Endpoint, *texts: str, org_id: UUID = ORG, allow_private: bool = True, **settings: Any
) -> list[Vector]:
    models = InstalledEmbeddingModels(
        EmbeddingLimits(request_timeout_s=settings.pop("timeout_s", 5)),
        Secrets(),
        allow_private_addresses=allow_private,
    )
    named = {
        "model": "openai/some",
        "dimension": 3,
        "api_base": endpoint.url,
        "provider_key_ref": KEY_ID,
    } | settings
    try:
        return await models.of(org_id, EmbeddingSettings(**named)).embed(texts)
    finally:
        await models.close()


async def test_vectors_come_in_the_order_of_the_texts_and_with_unit_length(endpoint: Endpoint) -> None:
    short, long = await embed(endpoint, "", "12 characters")
    assert list(short) == pytest.approx([0.6, 0.8, 0])
    assert long[2] > 0.5
    assert sum(number**2 for number in long) == pytest.approx(1)


async def test_many_texts_go_in_batches(endpoint: Endpoint) -> None:
    assert len(await embed(endpoint, *["text"] * 150)) == 150
    assert [len(request["input"]) for request in endpoint.requests] == [64, 64, 22]


@pytest.mark.parametrize("model", ["openai/some", "litellm_proxy/some"])
async def test_the_key_is_the_vaults_and_never_a_stray_one(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-stray")
    monkeypatch.setenv("LITELLM_PROXY_API_KEY", "sk-stray")
    await embed(endpoint, "text", model=model)
    await embed(endpoint, "text", model=model, provider_key_ref=None)
    assert endpoint.keys == [KEY, "none"]


async def test_an_address_that_no_client_can_read_fails_with_a_reason(endpoint: Endpoint) -> None:
    with pytest.raises(AddressRefusedError):
        await embed(endpoint, "text", api_base="http://①②⑦.⓪.⓪.①:9999/v1")


async def test_without_a_key_a_provider_is_not_asked(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-stray")
    monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
    with pytest.raises(UpstreamRejectedError):
        await embed(endpoint, "text", api_base=None, provider_key_ref=None)
    assert endpoint.connections == 0


async def test_a_key_of_another_organisation_is_not_used(endpoint: Endpoint) -> None:
    with pytest.raises(SecretUnreadableError):
        await embed(endpoint, "text", org_id=OTHER_ORG)


@pytest.mark.parametrize("model", ["openai/some", "litellm_proxy/some"])
async def test_a_private_address_is_not_connected_to_unless_the_settings_allow(
    endpoint: Endpoint, model: str
) -> None:
    with pytest.raises(AddressRefusedError):
        await embed(endpoint, "text", model=model, allow_private=False)
    assert endpoint.connections == 0


@pytest.mark.parametrize("model", ["ollama/some", "cohere/some", "bedrock/some", "azure/some", "nobody/some"])
async def test_an_address_of_ones_own_needs_a_provider_whose_connections_are_guarded(
    endpoint: Endpoint, model: str
) -> None:
    with pytest.raises(UpstreamRejectedError):
        await embed(endpoint, "text", model=model)
    assert endpoint.connections == 0


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_overloaded_model_is_unavailable(endpoint: Endpoint, status: int) -> None:
    endpoint.status = status
    with pytest.raises(UpstreamUnavailableError):
        await embed(endpoint, "text")
    assert endpoint.connections == 1


@pytest.mark.parametrize("status", [400, 401, 404])
async def test_a_refusal_is_final_and_says_no_secret(
    endpoint: Endpoint, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    endpoint.status = status
    with pytest.raises(UpstreamRejectedError) as failed:
        await embed(endpoint, "text")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("casewright")]
    assert ours
    assert not any("sk-leaked" in line or KEY in line for line in (*ours, str(failed.value)))


async def test_a_slow_model_is_unavailable(endpoint: Endpoint) -> None:
    endpoint.delay_s = 3
    with pytest.raises(UpstreamUnavailableError):
        await embed(endpoint, "text", timeout_s=0.2)


async def test_another_dimension_than_the_projects_is_rejected(endpoint: Endpoint) -> None:
    with pytest.raises(UpstreamRejectedError, match="instead of 5"):
        await embed(endpoint, "text", dimension=5)


async def test_a_missing_vector_is_noticed(endpoint: Endpoint) -> None:
    endpoint.drop = 1
    with pytest.raises(UpstreamFailedError):
        await embed(endpoint, "one", "two")


async def test_the_local_model_is_one_for_all_and_has_its_own_dimension() -> None:
    models = InstalledEmbeddingModels(EmbeddingLimits(), Secrets(), allow_private_addresses=False)
    local = models.of(ORG, EmbeddingSettings())
    assert isinstance(local, LocalEmbedding)
    assert models.of(OTHER_ORG, EmbeddingSettings()) is local
    with pytest.raises(UpstreamRejectedError):
        models.of(ORG, EmbeddingSettings(model=MODEL, dimension=3))
    await models.close()


async def test_litellm_writes_nothing_past_our_log(endpoint: Endpoint) -> None:
    code = (
        "import asyncio, logging, sys\n"
        "from casewright_common.events import EmbeddingSettings\n"
        "from casewright_common.settings import TelemetrySettings\n"
        "from casewright_common.telemetry import configure_logging\n"
        "from casewright_embedder.adapters.embedding_models import InstalledEmbeddingModels\n"
        "from casewright_embedder.settings import EmbeddingLimits\n"
        "configure_logging('embedder', TelemetrySettings())\n"
        "async def main():\n"
        "    models = InstalledEmbeddingModels(EmbeddingLimits(), None, allow_private_addresses=True)\n"
        "    some = EmbeddingSettings(model='openai/some', dimension=3, api_base=sys.argv[1])\n"
        "    await models.of(None, some).embed(['text'])\n"
        "    await models.close()\n"
        "asyncio.run(main())\n"
        "logging.getLogger('LiteLLM').info('not worth a line')\n"
        "logging.getLogger('LiteLLM').warning('odd')\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, endpoint.url, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert endpoint.connections == 1
    assert out == b""
    lines = [json.loads(line) for line in err.splitlines()]
    assert [line["logger"] for line in lines if line["message"] == "odd"] == ["LiteLLM"]
    assert "INFO" not in {line["level"] for line in lines}


def test_the_service_starts_and_embeds_locally_without_litellm() -> None:
    code = (
        "import asyncio, sys, casewright_embedder.app\n"
        "from casewright_common.events import EmbeddingSettings\n"
        "from casewright_embedder.adapters.embedding_models import InstalledEmbeddingModels\n"
        "from casewright_embedder.settings import EmbeddingLimits\n"
        "async def main():\n"
        "    models = InstalledEmbeddingModels(EmbeddingLimits(), None, allow_private_addresses=False)\n"
        "    await models.of(None, EmbeddingSettings()).embed(['text'])\n"
        "asyncio.run(main())\n"
        "sys.exit('litellm' in sys.modules or 'openai' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
