"""What the use cases need from storage, from the vault and from Jira."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from pydantic import SecretStr

from casewright_common.events import Event
from casewright_gateway.domain.records import (
    Account,
    Connection,
    Document,
    Organisation,
    Page,
    Project,
    Prompts,
    Run,
    StoryRecord,
)


class ModelConfigurationUnit(Protocol):
    """One transaction over how an organisation asks models, and with which prompts."""

    async def account(self, user_id: str | None) -> Account | None:
        """The account of a user, or of the organisation; removed ones too. Locked until the end."""
        ...

    async def accounts(self) -> Sequence[Account]:
        """All accounts, removed ones too, locked until the end."""
        ...

    async def save_account(self, account: Account) -> None:
        """Write an account, new or not."""
        ...

    async def prompts(self) -> Prompts | None:
        """The organisation's prompts, locked until the end; `None` where it never had any."""
        ...

    async def save_prompts(self, own: Prompts) -> None:
        """Write the prompts, new or not."""
        ...

    async def prompt_is_used(self, version: str) -> bool:
        """Whether a case or a decision on one names that version."""
        ...


class ConfigurationUnit(ModelConfigurationUnit, Protocol):
    """One transaction over the configuration of one organisation, and the outbox."""

    async def organisation(self, *, lock: bool = False) -> Organisation:
        """The organisation of this unit; raises `NotFoundError`."""
        ...

    async def add_organisation(self, organisation: Organisation) -> None:
        """Raises `AlreadyExistsError` where the name is taken."""
        ...

    async def save_organisation(self, organisation: Organisation) -> None:
        """Raises `AlreadyExistsError` where the name is taken."""
        ...

    async def connection(self, connection_id: UUID, *, lock: bool = False) -> Connection:
        """An active connection; raises `NotFoundError`."""
        ...

    async def connections(self, *, limit: int, cursor: str | None) -> Page[Connection]:
        """Active ones, oldest first."""
        ...

    async def add_connection(self, connection: Connection) -> None:
        """Raises `AlreadyExistsError` where the organisation has that site."""
        ...

    async def save_connection(self, connection: Connection) -> None:
        """Raises `AlreadyExistsError` where the organisation has that site."""
        ...

    async def project(self, project_id: UUID, *, lock: bool = False) -> Project:
        """An active project; raises `NotFoundError`."""
        ...

    async def projects(self, *, limit: int, cursor: str | None, connection_id: UUID | None) -> Page[Project]:
        """Active ones, oldest first."""
        ...

    async def has_projects(self, connection_id: UUID) -> bool:
        """Whether an active project belongs to the connection."""
        ...

    async def add_project(self, project: Project) -> None:
        """Raises `AlreadyExistsError` where the connection has a project with that key."""
        ...

    async def save_project(self, project: Project) -> None:
        """Write all fields of a project that exists."""
        ...

    async def drop_documents(self, project_id: UUID) -> Sequence[Document]:
        """Forget all documents of a project, and return what they were."""
        ...

    async def everything(self) -> tuple[Sequence[Connection], Sequence[Project]]:
        """All connections and projects, removed ones too, locked against changes until the end."""
        ...

    async def retire_secret(self, secret_id: UUID, at: datetime) -> None:
        """Note that nothing newer names this secret."""
        ...

    async def retired_secrets(self, before: datetime) -> Sequence[UUID]:
        """Secrets that were retired before a moment."""
        ...

    async def forget_retired(self, secret_id: UUID) -> None:
        """Drop the note about a retired secret."""
        ...

    async def forget_seen(self, before: datetime) -> None:
        """Drop notes about events and idempotency keys from before a moment."""
        ...

    async def story(self, *, story_id: UUID | None, issue_key: str | None) -> StoryRecord:
        """By id, or else by Jira's key; raises `NotFoundError`."""
        ...

    async def remember_request(self, key: str, request_hash: bytes, run_id: UUID, at: datetime) -> UUID:
        """The run that the idempotency key stands for, `run_id` if it is new; raises `KeyReusedError`."""
        ...

    async def add_run(self, run: Run) -> None:
        """Store a run that was asked for."""
        ...

    async def run(self, run_id: UUID) -> Run:
        """Raises `NotFoundError`."""
        ...

    async def send(self, event: Event) -> None:
        """Put an event into the outbox: it is published if and only if this transaction commits."""
        ...


class ConfigurationStore(Protocol):
    """Where units come from."""

    def begin(self, org_id: UUID) -> AbstractAsyncContextManager[ConfigurationUnit]:
        """One transaction; commits unless the block raises."""
        ...

    async def organisations(self, *, limit: int, cursor: str | None) -> Page[Organisation]:
        """All organisations, oldest first."""
        ...


class JiraAccounts(Protocol):
    """What asks a Jira site who we are there."""

    async def account_id(self, *, site_url: str, email: str, api_token: SecretStr) -> str:
        """Jira's `accountId` of the account.

        Raises:
            CredentialsRefusedError: Jira doesn't accept them.
            InvalidFieldError: The site's name leads to an address that may not be called, or to no Jira.
            UpstreamUnavailableError: The site can't be reached or doesn't answer in time.
        """
        ...
