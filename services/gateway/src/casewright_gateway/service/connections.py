"""Connections to Jira sites: each change is stored and announced in one transaction."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from pydantic import SecretStr

from casewright_common.events import ConnectionConfiguredV1, ConnectionStatus
from casewright_common.sites import SiteRefusedError, site_base
from casewright_common.vault import SecretKind, SecretWriter
from casewright_gateway.domain.errors import InUseError, InvalidFieldError
from casewright_gateway.domain.records import Connection, Page
from casewright_gateway.service.fresh_secrets import fresh_secrets
from casewright_gateway.service.revisions import match_revision
from casewright_gateway.service.stores import ConfigurationStore, JiraAccounts

WEBHOOK_SECRET_BYTES = 32


@dataclass(frozen=True)
class NewConnection:
    """What somebody wants to connect; `None` for what we find out or make up."""

    site_url: str
    account_email: str
    api_token: SecretStr
    account_id: str | None = None
    webhook_secret: SecretStr | None = None


@dataclass(frozen=True)
class ConnectionChange:
    """`None` leaves a field as it is."""

    site_url: str | None = None
    account_email: str | None = None
    account_id: str | None = None
    api_token: SecretStr | None = None
    webhook_secret: SecretStr | None = None


@dataclass(frozen=True)
class ManageConnections:
    """Connect Jira sites."""

    store: ConfigurationStore
    vault: SecretWriter
    jira: JiraAccounts
    now: Callable[[], datetime]
    trusted_sites: tuple[str, ...]

    async def create(self, org_id: UUID, new: NewConnection) -> tuple[Connection, SecretStr | None]:
        """Connect a site; returns it with the webhook's secret if we made that up, which is told only now.

        Raises:
            NotFoundError: No such organisation.
            InvalidFieldError: The address can't be that of a site.
            AlreadyExistsError: The organisation has that site.
            CredentialsRefusedError, UpstreamUnavailableError: See `JiraAccounts.account_id`.
        """
        async with self.store.begin(org_id) as unit:
            await unit.organisation()
        site = self._site(new.site_url)
        account_id = new.account_id or await self.jira.account_id(
            site_url=site, email=new.account_email, api_token=new.api_token
        )
        made_up = None if new.webhook_secret else SecretStr(secrets.token_urlsafe(WEBHOOK_SECRET_BYTES))
        async with fresh_secrets(self.vault, org_id) as keep:
            credential = await keep(SecretKind.JIRA_CREDENTIAL, new.api_token)
            webhook = await keep(SecretKind.WEBHOOK_SECRET, made_up or new.webhook_secret or SecretStr(""))
            at = self.now()
            made = Connection(
                id=uuid4(),
                org_id=org_id,
                site_url=site,
                account_email=new.account_email,
                account_id=account_id,
                credential_ref=credential,
                webhook_secret_ref=webhook,
                status=ConnectionStatus.ACTIVE,
                revision=1,
                created_at=at,
                updated_at=at,
            )
            async with self.store.begin(org_id) as unit:
                await unit.add_connection(made)
                await unit.send(connection_event(made))
        return made, made_up

    async def get(self, org_id: UUID, connection_id: UUID) -> Connection:
        """Raises `NotFoundError`."""
        async with self.store.begin(org_id) as unit:
            return await unit.connection(connection_id)

    async def page(self, org_id: UUID, *, limit: int, cursor: str | None) -> Page[Connection]:
        """Oldest first; raises `NotFoundError` where there is no such organisation."""
        async with self.store.begin(org_id) as unit:
            await unit.organisation()
            return await unit.connections(limit=limit, cursor=cursor)

    async def change(
        self, org_id: UUID, connection_id: UUID, change: ConnectionChange, *, revision: int | None
    ) -> Connection:
        """Raises what `create` raises, and `RevisionMismatchError`."""
        async with self.store.begin(org_id) as unit:
            seen = await unit.connection(connection_id)
        match_revision(seen.revision, revision)
        site = seen.site_url
        if change.site_url is not None:
            site = self._site(change.site_url)
        email = change.account_email or seen.account_email
        moved = site != seen.site_url or email != seen.account_email
        if moved and change.api_token is None:
            # Else whoever may edit a connection could have the stored token sent to a site of their own.
            raise InvalidFieldError("/api_token", "A new address or account needs its API token with it.")
        account_id = change.account_id or seen.account_id
        if moved and change.account_id is None and change.api_token is not None:
            account_id = await self.jira.account_id(site_url=site, email=email, api_token=change.api_token)
        async with fresh_secrets(self.vault, org_id) as keep:
            new = replace(seen, site_url=site, account_email=email, account_id=account_id)
            if change.api_token is not None:
                new = replace(new, credential_ref=await keep(SecretKind.JIRA_CREDENTIAL, change.api_token))
            if change.webhook_secret is not None:
                ref = await keep(SecretKind.WEBHOOK_SECRET, change.webhook_secret)
                new = replace(new, webhook_secret_ref=ref)
            if new == seen:
                return seen
            new = replace(new, revision=seen.revision + 1, updated_at=self.now())
            async with self.store.begin(org_id) as unit:
                match_revision((await unit.connection(connection_id, lock=True)).revision, seen.revision)
                await unit.save_connection(new)
                for old in {seen.credential_ref, seen.webhook_secret_ref} - {
                    new.credential_ref,
                    new.webhook_secret_ref,
                }:
                    await unit.retire_secret(old, self.now())
                await unit.send(connection_event(new))
        return new

    async def remove(self, org_id: UUID, connection_id: UUID, *, revision: int | None) -> None:
        """Raises `NotFoundError`, `RevisionMismatchError`, or `InUseError` while it has projects."""
        async with self.store.begin(org_id) as unit:
            old = await unit.connection(connection_id, lock=True)
            match_revision(old.revision, revision)
            if await unit.has_projects(connection_id):
                raise InUseError("The connection still has projects: remove those first.")
            gone = replace(
                old, status=ConnectionStatus.REMOVED, revision=old.revision + 1, updated_at=self.now()
            )
            await unit.save_connection(gone)
            await unit.retire_secret(old.credential_ref, self.now())
            await unit.retire_secret(old.webhook_secret_ref, self.now())
            await unit.send(connection_event(gone))

    def _site(self, url: str) -> str:
        try:
            return site_base(url, trusted=self.trusted_sites)
        except SiteRefusedError as error:
            raise InvalidFieldError("/site_url", f"The address {error}.") from error


def connection_event(connection: Connection) -> ConnectionConfiguredV1:
    """The event that tells a connection's state; the same state always makes the same event."""
    return ConnectionConfiguredV1(
        event_id=ConnectionConfiguredV1.derive_id(connection.id, connection.revision),
        occurred_at=connection.updated_at,
        org_id=connection.org_id,
        connection_id=connection.id,
        revision=connection.revision,
        status=connection.status,
        site_url=connection.site_url,
        account_email=connection.account_email,
        account_id=connection.account_id,
        credential_ref=connection.credential_ref,
        webhook_secret_ref=connection.webhook_secret_ref,
    )
