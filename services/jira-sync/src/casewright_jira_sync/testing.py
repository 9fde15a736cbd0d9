"""Twins and samples for tests: the ledger in memory, made-up credentials, generated cases."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import SecretStr

from casewright_common.configuration import ConfigurationView
from casewright_common.errors import SecretUnreadableError
from casewright_common.events import (
    CaseDraft,
    CasesGeneratedV1,
    CaseStep,
    ConnectionConfiguredV1,
    Coverage,
    Criterion,
    CriterionOrigin,
    EngineUsed,
    GenerationOutcome,
    Priority,
    ProjectConfiguredV1,
    Technique,
    TestData,
)
from casewright_common.vault import SecretKind
from casewright_jira_sync.domain.claim import Decision, Granted, Settled, StoryState, SyncOutcome, decide
from casewright_jira_sync.lease import Placed, StoryKey

ORG, CONNECTION, PROJECT, CREDENTIAL = (uuid5(NAMESPACE_URL, n) for n in ("org", "site", "project", "token"))
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ACCOUNT, EMAIL, TOKEN = "712020:integration", "integration@example.com", "made-up-token"


@dataclass
class _Row:
    state: StoryState = field(default_factory=StoryState)
    owner: UUID | None = None
    until: float = 0.0
    placed: dict[tuple[str, UUID | None], Placed] = field(default_factory=dict)


@dataclass
class LedgerInMemory:
    """Twin of `LedgerRepository`; one process only."""

    clock: Callable[[], float] = time.monotonic
    _rows: dict[StoryKey, _Row] = field(default_factory=dict)

    def forget_everything(self) -> None:
        """As after the loss of the database."""
        self._rows.clear()

    async def claim(self, story: StoryKey, generation: int, *, owner: UUID, lease_s: float) -> Decision:
        """See `Ledger.claim`."""
        row = self._rows.setdefault(story, _Row())
        state = replace(row.state, leased=row.owner is not None, lease_left_s=row.until - self.clock())
        decision = decide(state, generation)
        if isinstance(decision, Granted):
            row.owner, row.until = owner, self.clock() + lease_s
            row.state = replace(row.state, generation=generation, suspect=decision.suspect)
        return decision

    async def renew(self, story: StoryKey, *, owner: UUID, lease_s: float) -> bool:
        """See `Ledger.renew`."""
        row = self._held(story, owner)
        if row is not None:
            row.until = self.clock() + lease_s
        return row is not None

    async def placed(self, story: StoryKey) -> tuple[Placed, ...]:
        """See `Ledger.placed`."""
        return tuple(self._rows.get(story, _Row()).placed.values())

    async def record(self, story: StoryKey, placed: Placed, *, owner: UUID) -> bool:
        """See `Ledger.record`."""
        row = self._held(story, owner)
        if row is not None:
            row.placed[placed.kind, placed.case_id] = placed
        return row is not None

    async def settle(
        self, story: StoryKey, generation: int, outcome: SyncOutcome, *, owner: UUID, suspect: bool
    ) -> Settled | None:
        """See `Ledger.settle`."""
        row = self._held(story, owner)
        if row is None:
            return None
        before = row.state.settled if row.state.settled_generation == generation else None
        settled = before or Settled(outcome, datetime.now(UTC))
        row.owner = None
        row.state = replace(row.state, suspect=suspect, settled_generation=generation, settled=settled)
        return settled

    async def release(self, story: StoryKey, *, owner: UUID, suspect: bool) -> None:
        """See `Ledger.release`."""
        row = self._held(story, owner)
        if row is not None:
            row.owner = None
            row.state = replace(row.state, suspect=suspect)

    def _held(self, story: StoryKey, owner: UUID) -> _Row | None:
        row = self._rows.get(story)
        return row if row is not None and row.owner == owner else None


@dataclass
class SecretsInMemory:
    """A vault with one Jira credential, which may be replaced."""

    token: str = TOKEN
    reads: int = 0

    async def reveal(self, *, org_id: UUID, kind: SecretKind, secret_id: UUID) -> SecretStr:
        """See `SecretReader.reveal`."""
        self.reads += 1
        if (org_id, kind, secret_id) != (ORG, SecretKind.JIRA_CREDENTIAL, CREDENTIAL):
            raise SecretUnreadableError("the vault holds no such secret")
        return SecretStr(self.token)


def connection(site_url: str = "https://example.atlassian.net", **fields: Any) -> ConnectionConfiguredV1:
    """The site of the samples."""
    values: dict[str, Any] = {
        "event_id": uuid5(CONNECTION, "event"),
        "occurred_at": NOW,
        "org_id": ORG,
        "connection_id": CONNECTION,
        "revision": 1,
        "site_url": site_url,
        "account_email": EMAIL,
        "account_id": ACCOUNT,
        "credential_ref": CREDENTIAL,
        "webhook_secret_ref": uuid5(CONNECTION, "webhook"),
    }
    return ConnectionConfiguredV1.model_validate(values | fields)


def project(**fields: Any) -> ProjectConfiguredV1:
    """The project of the samples."""
    values: dict[str, Any] = {
        "event_id": uuid5(PROJECT, "event"),
        "occurred_at": NOW,
        "org_id": ORG,
        "project_id": PROJECT,
        "connection_id": CONNECTION,
        "project_key": "SHOP",
        "revision": 1,
    }
    return ProjectConfiguredV1.model_validate(values | fields)


def configuration(site_url: str, **project_fields: Any) -> ConfigurationView:
    """Site and project of the samples, as a service knows them."""
    return ConfigurationView(connection(site_url), project(**project_fields))


CRITERIA = (
    Criterion(id="AC-1", text="A password has between 8 and 64 characters.", origin=CriterionOrigin.LIST),
    Criterion(id="AC-2", text="The link expires after 30 minutes.", origin=CriterionOrigin.LIST),
    Criterion(id="AC-3", text="A locked user can't reset the password.", origin=CriterionOrigin.LIST),
)


def case(number: int = 1, **fields: Any) -> CaseDraft:
    """A case about a password's length."""
    values: dict[str, Any] = {
        "case_id": uuid5(PROJECT, f"case {number}"),
        "title": f"Reset with a password of {number + 6} characters is refused",
        "technique": Technique.BOUNDARY_VALUE,
        "priority": Priority.HIGH,
        "negative": True,
        "condition": f"length = {number + 6}, one below the minimum of {number + 7}",
        "criteria": ("AC-1",),
        "preconditions": ("A customer account exists.", "The reset link was opened within 30 minutes."),
        "data": (TestData(name="new password", value="x" * (number + 6), sample=True),),
        "steps": (
            CaseStep(action="Open the reset link from the mail.", assumption=True),
            CaseStep(
                action=f"Enter a new password of {number + 6} characters twice and submit.",
                expected="The form names the minimum length; the old password still works.",
                criteria=("AC-1",),
            ),
        ),
    }
    return CaseDraft.model_validate(values | fields)


def generated(generation: int = 1, **fields: Any) -> CasesGeneratedV1:
    """Three cases for one story; equal arguments make equal events."""
    issue_id = str(fields.get("issue_id", "10001"))
    values: dict[str, Any] = {
        "event_id": uuid5(ORG, f"{issue_id}:{generation}:{fields.get('connection_id', '')}"),
        "occurred_at": NOW,
        "org_id": ORG,
        "connection_id": CONNECTION,
        "issue_id": issue_id,
        "issue_key": "SHOP-1",
        "project_id": PROJECT,
        "project_key": "SHOP",
        "revision": generation,
        "generation": generation,
        "outcome": GenerationOutcome.CASES,
        "story_title": "Reset the password",
        "criteria": CRITERIA,
        "cases": (case(1), case(2, priority=Priority.MEDIUM), case(3, priority=Priority.LOW)),
        "engine": EngineUsed(kind="designer"),
        "coverage": Coverage(conditions=5, covered=4, criteria=3, uncovered_criteria=("AC-3",)),
    }
    return CasesGeneratedV1.model_validate(values | fields)
