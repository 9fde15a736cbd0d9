import asyncio
import json
import logging
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from casewright_common.outbound import GuardedTransport
from casewright_common.vault import SecretReader
from casewright_generator.adapters.accounts import Route
from casewright_generator.adapters.llm import LiteLLM, Question, TransientModelError
from casewright_generator.errors import ModelFailedError
from casewright_generator.settings import ModelSettings
from casewright_generator.testing import OpenAIDouble, Reply, SecretsInMemory, error_reply

# LiteLLM builds its models when first called, and pydantic has a word to say about them and their use.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Item .* is using the `ReadOnly` qualifier:UserWarning"),
    pytest.mark.filterwarnings("ignore:Accessing the 'model_"),
]

ORG, OTHER_ORG, KEY_ID = UUID(int=1), UUID(int=9), UUID(int=7)
KEY = "key-of-the-vault"
SCHEMA: dict[str, Any] = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
MESSAGES = [{"role": "user", "content": "Write."}]
STRAY = {
    "OPENAI_API_KEY": "sk-stray",
    "OLLAMA_API_KEY": "sk-stray",
    "HOSTED_VLLM_API_KEY": "sk-stray",
    "LITELLM_PROXY_API_KEY": "sk-stray",
    "ANTHROPIC_API_KEY": "sk-stray",
}


@dataclass
class Client:
    endpoint: OpenAIDouble
    secrets: SecretReader = field(default_factory=lambda: SecretsInMemory({(ORG, KEY_ID): KEY}))
    allow_private: bool = True
    trusted: tuple[str, ...] = ()
    timeout_s: float = 5

    async def ask(
        self,
        model: str = "openai/some",
        org_id: UUID = ORG,
        on_text: Callable[[str], None] | None = None,
        **changes: Any,
    ) -> Any:
        litellm = LiteLLM(
            ModelSettings(call_timeout_s=self.timeout_s),
            self.secrets,
            GuardedTransport(allow_private=self.allow_private, trusted=self.trusted),
        )
        told: dict[str, Any] = {"api_base": self.endpoint.url, "key_ref": KEY_ID} | changes
        route = Route("organisation", "tested", model, **told)
        try:
            return await litellm.complete(org_id, route, Question(MESSAGES, SCHEMA), on_text=on_text)
        finally:
            await litellm.close()


@pytest.fixture
async def client(endpoint: OpenAIDouble) -> AsyncIterator[Client]:
    yield Client(endpoint)
    await asyncio.sleep(0)


async def test_an_answer_comes_with_its_tokens(client: Client) -> None:
    client.endpoint.replies = [Reply(text="{}")]
    answer = await client.ask()
    assert (answer.text, answer.input_tokens, answer.output_tokens) == ("{}", 120, 30)
    assert answer.cost_usd is None  # whoever runs that address sets its price


async def test_the_schema_goes_along(client: Client) -> None:
    client.endpoint.replies = [Reply(text="{}")]
    await client.ask()
    wanted = client.endpoint.requests[0]["response_format"]
    assert wanted["type"] == "json_schema"
    assert wanted["json_schema"]["strict"] is True
    assert wanted["json_schema"]["schema"] == SCHEMA


@pytest.mark.parametrize("model", ["openai/some", "litellm_proxy/some", "hosted_vllm/some"])
async def test_the_key_is_the_vaults_and_never_a_stray_one(
    client: Client, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    for name, value in STRAY.items():
        monkeypatch.setenv(name, value)
    client.endpoint.replies = [Reply(text="{}"), Reply(text="{}")]
    await client.ask(model)
    await client.ask(model, key_ref=None)
    assert client.endpoint.keys == [KEY, "none"]


async def test_without_a_key_a_provider_is_not_asked_even_if_one_lies_in_the_environment(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in STRAY.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OPENAI_BASE_URL", client.endpoint.url)
    for model in ("openai/gpt-4o", "anthropic/claude-sonnet-4-5"):
        with pytest.raises(ModelFailedError) as failed:
            await client.ask(model, api_base=None, key_ref=None)
        assert failed.value.reason == "provider_key_missing"
    assert client.endpoint.connections == 0


@pytest.mark.parametrize("model", ["vertex_ai/some", "sagemaker/some"])
async def test_a_provider_that_signs_in_as_the_machine_is_not_asked(client: Client, model: str) -> None:
    with pytest.raises(ModelFailedError) as failed:
        await client.ask(model, api_base=None)
    assert failed.value.reason == "provider_not_supported"


async def test_a_key_of_another_organisation_is_not_used(client: Client) -> None:
    with pytest.raises(ModelFailedError) as failed:
        await client.ask(org_id=OTHER_ORG)
    assert failed.value.reason == "secret_unreadable"
    assert client.endpoint.connections == 0


@pytest.mark.parametrize(
    "model",
    ["openai/some", "litellm_proxy/some", "hosted_vllm/some", "ollama_chat/some", "some-unknown/some"],
)
async def test_a_private_address_is_not_connected_to_unless_the_settings_allow(
    client: Client, model: str
) -> None:
    client.allow_private = False
    with pytest.raises(ModelFailedError) as failed:
        await client.ask(model)
    assert failed.value.reason in {"address_refused", "provider_not_supported"}
    assert client.endpoint.connections == 0


@pytest.mark.parametrize("model", ["cohere/some", "groq/some", "vertex_ai/some", "gpt-99"])
async def test_a_provider_that_we_do_not_know_is_not_asked_wherever_it_is(client: Client, model: str) -> None:
    with pytest.raises(ModelFailedError) as failed:
        await client.ask(model)
    assert failed.value.reason == "provider_not_supported"
    assert client.endpoint.connections == 0


async def test_an_address_that_no_client_can_read_fails_with_a_reason(client: Client) -> None:
    with pytest.raises(ModelFailedError) as failed:
        await client.ask(api_base="http://①②⑦.⓪.⓪.①:9999/v1")
    assert failed.value.reason == "address_refused"


async def test_the_metadata_service_is_never_connected_to(client: Client) -> None:
    with pytest.raises(ModelFailedError) as failed:
        await client.ask(api_base="http://169.254.169.254/latest")
    assert failed.value.reason == "address_refused"


async def test_a_redirect_is_not_followed(client: Client) -> None:
    client.endpoint.replies = [Reply(status=307, headers={"Location": f"{client.endpoint.url}/elsewhere"})]
    with pytest.raises((ModelFailedError, TransientModelError)):
        await client.ask()
    assert client.endpoint.connections == 1


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (error_reply(401, code="invalid_api_key"), "model_key_rejected"),
        (error_reply(403), "model_key_rejected"),
        (error_reply(404, code="model_not_found"), "model_rejected"),
        (error_reply(422), "model_rejected"),
        (error_reply(400, code="context_length_exceeded"), "model_context_exceeded"),
        (error_reply(429, code="insufficient_quota"), "model_quota_exhausted"),
    ],
)
async def test_what_will_never_work_is_told_apart(client: Client, reply: Reply, reason: str) -> None:
    client.endpoint.replies = [reply]
    with pytest.raises(ModelFailedError) as failed:
        await client.ask()
    assert failed.value.reason == reason
    assert "sk-leaked" not in str(failed.value)
    assert client.endpoint.connections == 1


@pytest.mark.parametrize(
    "reply",
    [
        error_reply(500),
        error_reply(502),
        error_reply(503),
        error_reply(429),
        Reply(body="<html>gateway</html>", headers={"Content-Type": "text/html"}),
        Reply(body='{"choices": [', headers={}),
        Reply(text="half an answer", cut=True),
    ],
)
async def test_what_may_pass_is_told_apart_and_asked_once(client: Client, reply: Reply) -> None:
    client.endpoint.replies = [reply]
    with pytest.raises(TransientModelError):
        await client.ask()
    assert client.endpoint.connections == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_the_wait_that_a_provider_asks_for_is_kept(client: Client, status: int) -> None:
    client.endpoint.replies = [error_reply(status, Retry_After="7")]
    with pytest.raises(TransientModelError) as failed:
        await client.ask()
    assert failed.value.wait_s == 7


async def test_an_endpoint_that_knows_no_schema_is_told_in_words_from_then_on(client: Client) -> None:
    client.endpoint.replies = [error_reply(400)]
    with pytest.raises(TransientModelError) as failed:
        await client.ask()
    assert failed.value.wait_s == 0


async def test_an_answer_is_streamed_to_whoever_listens(client: Client) -> None:
    client.endpoint.replies = [Reply(text='{"cases": []}', pieces=5)]
    pieces: list[str] = []
    answer = await client.ask(on_text=pieces.append)
    assert answer.text == "".join(pieces) == '{"cases": []}'
    assert len(pieces) == 5
    assert (answer.input_tokens, answer.output_tokens) == (120, 30)


@pytest.mark.parametrize("streamed", [False, True])
async def test_an_answer_without_end_is_given_up_and_not_asked_for_again(
    client: Client, *, streamed: bool
) -> None:
    client.endpoint.replies = [Reply(text="x" * (33 * 1024 * 1024))]
    with pytest.raises(ModelFailedError) as failed:
        await client.ask(on_text=(lambda _text: None) if streamed else None)
    assert (failed.value.reason, str(failed.value)) == (
        "model_answer_unusable",
        "The model's answer is too large.",
    )
    assert client.endpoint.connections == 1


async def test_a_compressed_answer_is_not_unpacked(client: Client) -> None:
    bomb = zlib.compress(b" " * 100_000_000).decode("latin-1")
    client.endpoint.replies = [Reply(body=bomb, headers={"Content-Encoding": "deflate"})]
    with pytest.raises(ModelFailedError) as failed:
        await client.ask()
    assert "compressed" in str(failed.value)
    assert client.endpoint.headers[0]["accept-encoding"] == "identity"


async def test_a_stream_that_is_cut_off_is_no_answer(client: Client) -> None:
    client.endpoint.replies = [Reply(text="half an answer " * 50, cut=True)]
    pieces: list[str] = []
    with pytest.raises(TransientModelError):
        await client.ask(on_text=pieces.append)
    assert pieces
    assert client.endpoint.connections == 1


@pytest.mark.parametrize("model", ["hosted_vllm/some", "ollama_chat/some", "together_ai/some"])
async def test_a_broken_connection_is_not_repeated_behind_our_back(client: Client, model: str) -> None:
    client.endpoint.replies = [Reply(text="half an answer", cut=True)]
    with pytest.raises(TransientModelError):
        await client.ask(model)
    assert client.endpoint.connections == 1


async def test_a_host_of_the_allow_list_is_asked_and_another_port_of_it_is_not(client: Client) -> None:
    client.allow_private = False
    client.trusted = (client.endpoint.url.split("/")[2],)
    client.endpoint.replies = [Reply(text="{}")]
    assert (await client.ask()).text == "{}"
    with pytest.raises(ModelFailedError) as failed:
        await client.ask(api_base="http://127.0.0.1:9/v1")
    assert failed.value.reason == "address_refused"


async def test_a_slow_model_runs_into_the_time_limit_and_is_not_paid_twice(client: Client) -> None:
    client.timeout_s = 0.2
    client.endpoint.replies = [Reply(text="{}", delay_s=3)]
    with pytest.raises(ModelFailedError) as failed:
        await client.ask()
    assert failed.value.reason == "model_timed_out"
    assert client.endpoint.connections == 1


async def test_nobody_at_the_address_is_transient(client: Client, unused_tcp_port: int) -> None:
    with pytest.raises(TransientModelError):
        await client.ask(api_base=f"http://127.0.0.1:{unused_tcp_port}/v1")


async def test_no_key_and_no_story_reaches_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client.endpoint.replies = [error_reply(401), error_reply(500)]
    for _ in range(2):
        with pytest.raises((ModelFailedError, TransientModelError)):
            await client.ask()
    ours = [record for record in caplog.records if record.name.startswith("casewright")]
    assert ours
    for record in ours:
        assert KEY not in record.getMessage()
        assert "sk-leaked" not in record.getMessage()
    assert all(KEY not in record.getMessage() for record in caplog.records)


async def test_litellm_writes_nothing_past_our_log(endpoint: OpenAIDouble) -> None:
    endpoint.replies = [Reply(text="{}")]
    code = (
        "import asyncio, logging, sys\n"
        "from casewright_common.outbound import GuardedTransport\n"
        "from casewright_common.settings import TelemetrySettings\n"
        "from casewright_common.telemetry import configure_logging\n"
        "from casewright_generator.adapters.accounts import Route\n"
        "from casewright_generator.adapters.llm import LiteLLM, Question\n"
        "from casewright_generator.settings import ModelSettings\n"
        "configure_logging('generator', TelemetrySettings())\n"
        "async def main():\n"
        "    model = LiteLLM(ModelSettings(), None, GuardedTransport(allow_private=True))\n"
        "    route = Route('system', 'tested', 'openai/some', api_base=sys.argv[1])\n"
        "    question = Question([{'role': 'user', 'content': 'Write.'}], {})\n"
        "    await model.complete(None, route, question)\n"
        "    await model.close()\n"
        "asyncio.run(main())\n"
        "for name in ('LiteLLM', 'LiteLLM Router', 'LiteLLM Proxy'):\n"
        "    logging.getLogger(name).info('not worth a line')\n"
        "    logging.getLogger(name).warning('odd')\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, endpoint.url, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert endpoint.connections == 1
    assert out == b""
    lines = [json.loads(line) for line in err.splitlines()]
    assert [line["logger"] for line in lines if line["message"] == "odd"] == [
        "LiteLLM",
        "LiteLLM Router",
        "LiteLLM Proxy",
    ]
    assert "INFO" not in {line["level"] for line in lines}


def test_the_service_starts_without_litellm() -> None:
    code = (
        "import sys, casewright_generator.app; sys.exit('litellm' in sys.modules or 'openai' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # ours
