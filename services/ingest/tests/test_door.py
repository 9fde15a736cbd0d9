"""The door: every status that Jira can be answered with."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from starlette.applications import Starlette

from casewright_common.configuration import ConfigurationView
from casewright_common.errors import SecretUnreadableError, UpstreamRejectedError, UpstreamUnavailableError
from casewright_common.events import ConnectionConfiguredV1, Event, IssueReceivedV1
from casewright_common.topics import Topic
from casewright_common.vault import SecretKind
from casewright_ingest.domain.criteria import MAX_CRITERIA
from casewright_ingest.metrics import IngestMetrics
from casewright_ingest.routes.signatures import WebhookSecrets
from casewright_ingest.routes.webhooks import WebhookDoor
from casewright_ingest.service import IngestIssue
from casewright_ingest.settings import WebhookSettings
from casewright_ingest.testing import StoriesInMemory

Webhook = Callable[..., dict[str, Any]]
ReceivedIssue = Callable[..., IssueReceivedV1]
Signed = Callable[..., tuple[bytes, dict[str, str]]]
SECRET = "the-webhook-secret"
NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)


@dataclass
class VaultInMemory:
    """A `SecretReader` that knows one secret, or raises what it is told to."""

    secret: str = SECRET
    failure: Exception | None = None
    asked: int = 0

    async def reveal(self, *, org_id: UUID, kind: SecretKind, secret_id: UUID) -> SecretStr:  # noqa: ARG002  # the vault's signature
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return SecretStr(self.secret)


@dataclass
class Broker:
    """A `Publish` that keeps what it is given, or fails."""

    published: list[Event] = field(default_factory=list)
    failure: Exception | None = None
    hangs: bool = False

    async def __call__(
        self,
        event: Event,
        *,
        topic: Topic | str | None = None,
        key: str | None = None,
        timeout_s: float | None = None,
    ) -> None:
        assert (topic, key) == (None, None), "the event's own"
        assert timeout_s is not None, "Jira doesn't wait for ever"
        if self.hangs:
            await asyncio.sleep(timeout_s)
            raise UpstreamUnavailableError("kafka", "not acknowledged")
        if self.failure is not None:
            raise self.failure
        self.published.append(event)


@dataclass
class House:
    """The door with fakes on all sides."""

    client: httpx.AsyncClient
    vault: VaultInMemory
    broker: Broker
    registry: CollectorRegistry
    loading: list[str]
    address: str
    clock: list[float]

    async def post(self, raw: bytes, headers: dict[str, str]) -> httpx.Response:
        return await self.client.post(self.address, content=raw, headers=headers)

    def count(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(f"casewright_ingest_webhooks_{name}_total", labels) or 0.0

    @property
    def event(self) -> IssueReceivedV1:
        (event,) = self.broker.published
        assert isinstance(event, IssueReceivedV1)
        return event


@pytest.fixture
async def house(connection: ConnectionConfiguredV1, configuration: ConfigurationView) -> AsyncIterator[House]:
    vault, broker, registry, loading, clock = (
        VaultInMemory(),
        Broker(),
        CollectorRegistry(),
        list[str](),
        [0.0],
    )
    door = WebhookDoor(
        configuration=configuration,
        secrets=WebhookSecrets(vault, clock=lambda: clock[0]),
        publish=broker,
        metrics=IngestMetrics(registry),
        settings=WebhookSettings(max_body_bytes=20_000, publish_timeout_s=0.2, retry_after_s=7),
        not_ready=lambda: loading[0] if loading else None,
    )
    app = Starlette(routes=[door.route()])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ingest") as client:
        address = f"/webhooks/jira/{connection.connection_id}"
        yield House(client, vault, broker, registry, loading, address, clock)


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"urn:casewright:problem:{code.replace('_', '-')}"
    assert problem["title"]
    assert problem["detail"]


async def test_a_signed_event_is_published_cut_to_our_fields(
    house: House, webhook: Webhook, signed: Signed
) -> None:
    body = webhook(customfield_10100="* It works", labels=["a", "b"])
    body["changelog"] = {"items": [{"field": "description", "fieldId": "description"}, {"field": "Rank"}]}
    answer = await house.post(*signed(body))
    assert answer.status_code == httpx.codes.OK
    event = house.event
    assert event.criteria == {"customfield_10100": "* It works"}
    assert event.changed_fields == ("description", "Rank")
    assert event.labels == ("a", "b")
    assert str(event.updated_at) == "2026-11-23 13:27:59+00:00"
    assert event.event_id == IssueReceivedV1.derive_id(event.connection_id, "delivery-1")
    assert "not ours to keep" not in event.model_dump_json()
    assert house.count("accepted") == 1


async def test_header_names_may_come_in_any_case(house: House, webhook: Webhook, signed: Signed) -> None:
    raw, headers = signed(webhook())
    shouted = {name.upper(): value for name, value in headers.items()}
    assert (await house.post(raw, shouted)).status_code == httpx.codes.OK
    assert house.event.delivery_id == "delivery-1"


async def test_a_retry_leads_to_the_same_event(house: House, webhook: Webhook, signed: Signed) -> None:
    raw, headers = signed(webhook())
    await house.post(raw, headers)
    await house.post(raw, headers | {"X-Atlassian-Webhook-Retry": "1"})
    first, second = house.broker.published
    assert first == second


async def test_without_an_identifier_the_body_names_the_event(
    house: House, webhook: Webhook, signed: Signed
) -> None:
    raw, headers = signed(webhook())
    del headers["X-Atlassian-Webhook-Identifier"]
    other, other_headers = signed(webhook(summary="Another"))
    del other_headers["X-Atlassian-Webhook-Identifier"]
    for delivery in ((raw, headers), (raw, headers), (other, other_headers)):
        await house.post(*delivery)
    first, again, different = (event.event_id for event in house.broker.published)
    assert first == again != different


@pytest.mark.parametrize(
    ("signature", "code"),
    [
        (None, "missing_signature"),
        ("", "bad_signature"),
        ("sha256=", "bad_signature"),
        ("sha256=" + "0" * 64, "bad_signature"),
        ("md5=d41d8cd98f00b204e9800998ecf8427e", "bad_signature"),
        ("sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709", "bad_signature"),
        ("nonsense", "bad_signature"),
        ("sha256=\u00e4\u00f6".encode().decode("latin-1"), "bad_signature"),
    ],
)
async def test_a_missing_or_wrong_signature_is_401(
    house: House, webhook: Webhook, signed: Signed, signature: str | None, code: str
) -> None:
    raw, headers = signed(webhook())
    del headers["X-Hub-Signature"]
    given = {} if signature is None else {b"X-Hub-Signature": signature.encode("latin-1")}
    answer = await house.client.post(
        house.address, content=raw, headers={**{k.encode(): v.encode() for k, v in headers.items()}, **given}
    )
    assert_problem(answer, 401, code)
    assert house.broker.published == []
    assert house.count("refused", reason=code) == 1


async def test_a_signature_over_another_body_is_401(house: House, webhook: Webhook, signed: Signed) -> None:
    raw, headers = signed(webhook())
    assert_problem(await house.post(raw + b" ", headers), 401, "bad_signature")


async def test_an_unconfigured_secret_lets_nobody_in(house: House, webhook: Webhook, signed: Signed) -> None:
    house.vault.failure = SecretUnreadableError("none")
    assert_problem(await house.post(*signed(webhook(), b"")), 401, "secret_unreadable")
    assert_problem(await house.post(*signed(webhook())), 401, "secret_unreadable")
    assert house.vault.asked == 1
    house.vault.failure = None
    house.clock[0] = 60.0
    assert (await house.post(*signed(webhook()))).status_code == httpx.codes.OK


async def test_an_empty_secret_lets_nobody_in(house: House, webhook: Webhook, signed: Signed) -> None:
    house.vault.secret = ""
    assert_problem(await house.post(*signed(webhook(), b"")), 401, "secret_unreadable")


async def test_the_vault_is_asked_once_per_secret(house: House, webhook: Webhook, signed: Signed) -> None:
    for _ in range(3):
        await house.post(*signed(webhook()))
    assert house.vault.asked == 1


async def test_a_vault_that_is_away_is_503(house: House, webhook: Webhook, signed: Signed) -> None:
    house.vault.failure = UpstreamUnavailableError("postgres", "refused")
    answer = await house.post(*signed(webhook()))
    assert_problem(answer, 503, "vault_unavailable")
    assert answer.headers["retry-after"] == "7"


@pytest.mark.parametrize("connection_id", ["5c1d6f0e-3a52-4a27-9c55-0f1f4a3f3a10", "nonsense", "%00"])
async def test_an_unknown_connection_is_404(
    house: House, webhook: Webhook, signed: Signed, connection_id: str
) -> None:
    raw, headers = signed(webhook())
    answer = await house.client.post(f"/webhooks/jira/{connection_id}", content=raw, headers=headers)
    assert_problem(answer, 404, "unknown_connection")


async def test_while_the_configuration_loads_nothing_is_refused_for_good(
    house: House, webhook: Webhook, signed: Signed
) -> None:
    house.loading.append("still being read")
    raw, headers = signed(webhook())
    answer = await house.client.post(f"/webhooks/jira/{uuid4()}", content=raw, headers=headers)
    assert_problem(answer, 503, "configuration_loading")
    other = webhook(project={"key": "NEW"})
    assert_problem(await house.post(*signed(other)), 503, "configuration_loading")


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_over_the_limit_is_413_whether_announced_or_not(
    house: House, webhook: Webhook, signed: Signed, *, announced: bool
) -> None:
    raw, headers = signed(webhook(description="x" * 30_000))
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for start in range(0, len(raw), 1000):
            sent += 1000
            yield raw[start : start + 1000]

    content = raw if announced else chunks()
    answer = await house.client.post(house.address, content=content, headers=headers)
    assert_problem(answer, 413, "too_large")
    assert sent <= 22_000


async def test_an_issue_that_kafka_finds_too_large_is_413(
    house: House, webhook: Webhook, signed: Signed
) -> None:
    house.broker.failure = UpstreamRejectedError("kafka", "too large")
    assert_problem(await house.post(*signed(webhook())), 413, "too_large")


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[1, 2", b"\xff\xfe", b"[" * 5000, b'{"a": NaN}', b"{" + b'"a":{' * 3000],
)
async def test_what_is_no_json_is_422(house: House, signed: Signed, body: bytes) -> None:
    assert_problem(await house.post(*signed(body)), 422, "not_json")


@pytest.mark.parametrize(
    "change",
    [
        {"webhookEvent": None},
        {"webhookEvent": ["jira:issue_created"]},
        {"issue": None},
        {"issue": {"id": "1"}},
        {"issue": {"id": "x", "key": "SHOP-1"}},
        {"issue": {"id": "1", "key": "no key"}},
        {"issue": {"id": "1", "key": "SHOP-1"}},
        {"issue": {"id": "1", "key": "SHOP-1", "fields": {"summary": 7, "issuetype": {"name": "Story"}}}},
    ],
)
async def test_what_is_no_jira_event_is_422(
    house: House, webhook: Webhook, signed: Signed, change: dict[str, Any]
) -> None:
    assert_problem(await house.post(*signed(webhook() | change)), 422, "not_a_jira_event")
    assert_problem(await house.post(*signed(b"[]")), 422, "not_a_jira_event")
    assert house.broker.published == []


@pytest.mark.parametrize(
    ("event", "label"),
    [
        ("comment_created", "comment_created"),
        ("issue_property_set", "issue_property_set"),
        ("my_event", "other"),
    ],
)
async def test_events_that_are_not_about_an_issue_are_taken_and_counted(
    house: House, signed: Signed, event: str, label: str
) -> None:
    assert (await house.post(*signed({"webhookEvent": event}))).status_code == httpx.codes.OK
    assert house.broker.published == []
    assert house.count("ignored", event=label) == 1


async def test_an_issue_of_another_project_is_taken_and_counted(
    house: House, webhook: Webhook, signed: Signed
) -> None:
    body = webhook(project={"key": "OTHER"})
    assert (await house.post(*signed(body))).status_code == httpx.codes.OK
    assert house.broker.published == []
    assert house.count("ignored", event="not_configured") == 1


async def test_an_issue_that_leaves_a_configured_project_is_published(
    house: House, webhook: Webhook, signed: Signed
) -> None:
    body = webhook(project={"key": "OTHER"})
    body["issue"]["key"] = "OTHER-9"
    body["changelog"] = {"items": [{"field": "Key", "fromString": "SHOP-1", "toString": "OTHER-9"}]}
    await house.post(*signed(body))
    assert (house.event.project_key, house.event.issue_id) == ("OTHER", "10001")


@pytest.mark.parametrize("failure", [UpstreamUnavailableError("kafka", "down"), None])
async def test_without_kafkas_acknowledgement_the_answer_is_503(
    house: House, webhook: Webhook, signed: Signed, failure: Exception | None
) -> None:
    house.broker.failure, house.broker.hangs = failure, failure is None
    answer = await house.post(*signed(webhook()))
    assert_problem(answer, 503, "kafka_unavailable")
    assert answer.headers["retry-after"] == "7"
    assert house.count("accepted") == 0


async def test_half_an_emoji_in_a_text_does_not_lose_the_event(
    house: House, webhook: Webhook, signed: Signed
) -> None:
    raw = json.dumps(webhook(summary="cut \ud83d")).encode()
    assert re.search(rb"\\ud83d", raw)
    assert (await house.post(*signed(raw))).status_code == httpx.codes.OK
    assert house.event.summary == "cut \ufffd"
    assert IssueReceivedV1.model_validate_json(house.event.model_dump_json()) == house.event


async def test_what_postgresql_can_not_store_gets_no_further_than_the_door(
    house: House, webhook: Webhook, signed: Signed, ingest: IngestIssue
) -> None:
    """Neither NUL, which `jsonb` refuses, nor half a character is left in what other services are told."""
    nasty = "a\x00b\ud83d must be kept\udc00 for 3 days\x07"
    document = {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": nasty}]}],
    }
    for number, description in enumerate((f"h2. Criteria\x00\n* {nasty}", document, nasty)):
        raw, headers = signed(
            webhook(
                summary=f"{number} {nasty}",
                description=description,
                labels=[nasty],
                customfield_10100=nasty,
                status={"name": nasty},
            )
            | {"changelog": {"items": [{"field": nasty}]}},
            **{"X-Atlassian-Webhook-Identifier": f"delivery-{number}"},
        )
        answer = await house.post(raw, headers)
        assert answer.status_code == httpx.codes.OK
        received = house.broker.published[-1]
        assert isinstance(received, IssueReceivedV1)
        changed = await ingest(IssueReceivedV1.model_validate_json(received.model_dump_json()))
        assert changed is not None
        told = json.loads(changed.model_dump_json())
        text = json.dumps(told, ensure_ascii=False)
        text.encode()  # no half of a character
        assert not re.search(r"\\u00(?:0[0-8bcef]|1[0-9a-f])|\\ud[89a-f]", json.dumps(told), re.IGNORECASE)
        assert [criterion.text.replace("\ufffd", "") for criterion in changed.story.criteria] == [
            "ab must be kept for 3 days"
        ]


async def test_it_answers_while_stories_of_ten_thousand_criteria_are_read(
    house: House,
    configuration: ConfigurationView,
    received: ReceivedIssue,
    webhook: Webhook,
    signed: Signed,
) -> None:
    """Both run in one event loop; read there, all the stories would be done before the first answer."""
    ingest = IngestIssue(
        stories=StoriesInMemory(), configuration=configuration, count=lambda _: None, now=lambda: NOW
    )
    text = "\n".join(f"{'*' * (1 + n % 6)} The user must see {n}" for n in range(10_000))
    reading = [
        asyncio.create_task(ingest(received(issue_id=str(n), issue_key=f"SHOP-{n}", description=text)))
        for n in range(1, 6)
    ]
    await asyncio.sleep(0)  # they begin
    answer = await house.post(*signed(webhook()))
    assert answer.status_code == httpx.codes.OK
    assert not all(task.done() for task in reading)
    stories = await asyncio.gather(*reading)
    assert [len(one.story.criteria) for one in stories if one is not None] == [MAX_CRITERIA] * 5
