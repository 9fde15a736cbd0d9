import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from casewright_common.configuration import ConfigurationView
from casewright_common.events import (
    ConnectionConfiguredV1,
    IssueReceivedV1,
    ProjectConfiguredV1,
)
from casewright_ingest.domain.revisions import Outcome
from casewright_ingest.service import IngestIssue
from casewright_ingest.testing import StoriesInMemory

ORG = UUID(int=1)
CONNECTION = UUID(int=2)
PROJECT = UUID(int=3)
SECRET = b"the-webhook-secret"
ACCOUNT = "557058:ours"
NOW = datetime(2026, 11, 23, 13, 27, 59, tzinfo=UTC)
DESCRIPTION = (
    "Customers forget passwords.\n\nh2. Acceptance criteria\n"
    "* A mail with a link is sent.\n* The link expires after 30 minutes."
)

Webhook = Callable[..., dict[str, Any]]
Received = Callable[..., IssueReceivedV1]


@pytest.fixture
def connection() -> ConnectionConfiguredV1:
    return ConnectionConfiguredV1(
        event_id=UUID(int=10),
        occurred_at=NOW,
        org_id=ORG,
        connection_id=CONNECTION,
        revision=1,
        site_url="https://shop.example.net",
        account_email="somebody@example.net",
        account_id=ACCOUNT,
        credential_ref=UUID(int=11),
        webhook_secret_ref=UUID(int=12),
    )


@pytest.fixture
def project() -> ProjectConfiguredV1:
    return ProjectConfiguredV1(
        event_id=UUID(int=20),
        occurred_at=NOW,
        org_id=ORG,
        project_id=PROJECT,
        connection_id=CONNECTION,
        project_key="SHOP",
        revision=1,
        story_types=("Story", "Task"),
        criteria_field="customfield_10100",
    )


@pytest.fixture
def configuration(connection: ConnectionConfiguredV1, project: ProjectConfiguredV1) -> ConfigurationView:
    return ConfigurationView(connection, project)


@pytest.fixture
def webhook() -> Webhook:
    """A body as Jira sends it; fields of the issue by name, all else by `body=`."""

    def make(
        event: str = "jira:issue_updated", body: dict[str, Any] | None = None, **fields: Any
    ) -> dict[str, Any]:
        return {
            "timestamp": int(NOW.timestamp() * 1000),
            "webhookEvent": event,
            "user": {"accountId": "somebody", "displayName": "Some Body"},
            "issue": {
                "id": "10001",
                "key": "SHOP-1",
                "self": "https://shop.example.net/rest/api/2/issue/10001",
                "fields": {
                    "summary": "Reset the password",
                    "issuetype": {"name": "Story", "subtask": False},
                    "project": {"key": "SHOP"},
                    "status": {"name": "To Do"},
                    "labels": ["login"],
                    "updated": "2026-11-23T13:27:59.000+0000",
                    "description": DESCRIPTION,
                    "customfield_10100": None,
                    "customfield_99999": "not ours to keep",
                }
                | fields,
            },
        } | (body or {})

    return make


@pytest.fixture
def received() -> Received:
    """An issue as it comes from the door; `minutes` after `NOW`, any field by its name."""

    def make(*, minutes: float = 0, **fields: Any) -> IssueReceivedV1:
        at = NOW + timedelta(minutes=minutes)
        values: dict[str, Any] = {
            "occurred_at": at,
            "updated_at": at,
            "org_id": ORG,
            "connection_id": CONNECTION,
            "issue_id": "10001",
            "issue_key": "SHOP-1",
            "delivery_id": f"delivery-{minutes}",
            "change": "updated",
            "actor_account_id": "somebody",
            "changed_fields": ("description",),
            "project_key": "SHOP",
            "issue_type": "Story",
            "status": "To Do",
            "labels": ("login",),
            "summary": "Reset the password",
            "description": DESCRIPTION,
        } | fields
        values.setdefault("event_id", IssueReceivedV1.derive_id(CONNECTION, values["delivery_id"]))
        return IssueReceivedV1.model_validate(values)

    return make


def signed(
    body: dict[str, Any] | bytes, secret: bytes = SECRET, **headers: str
) -> tuple[bytes, dict[str, str]]:
    """Raw body and headers as Jira sends them."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    proof = hmac.new(secret, raw, hashlib.sha256).hexdigest()
    return raw, {
        "X-Hub-Signature": f"sha256={proof}",
        "X-Atlassian-Webhook-Identifier": "delivery-1",
        "Content-Type": "application/json",
    } | headers


@pytest.fixture(name="signed")
def signed_fixture() -> Callable[..., tuple[bytes, dict[str, str]]]:
    return signed


@pytest.fixture
def stories() -> StoriesInMemory:
    return StoriesInMemory()


@pytest.fixture
def outcomes() -> list[Outcome]:
    return []


@pytest.fixture
def ingest(
    stories: StoriesInMemory, configuration: ConfigurationView, outcomes: list[Outcome]
) -> IngestIssue:
    return IngestIssue(
        stories=stories,
        configuration=configuration,
        count=outcomes.append,
        now=lambda: datetime(2026, 11, 23, 14, tzinfo=UTC),
    )
