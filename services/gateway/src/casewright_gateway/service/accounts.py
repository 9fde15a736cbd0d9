"""How an organisation or a user asks models: each change is stored and announced in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from pydantic import SecretStr

from casewright_common.events import AccountConfiguredV1, ConnectionStatus, ProviderKey
from casewright_common.vault import SecretKind, SecretWriter
from casewright_gateway.domain.errors import (
    InvalidFieldError,
    NotApplicableError,
    NotFoundError,
    RevisionMismatchError,
    RevisionRequiredError,
)
from casewright_gateway.domain.records import Account, AccountSettings
from casewright_gateway.service.fresh_secrets import Keep, fresh_secrets
from casewright_gateway.service.projects import KEEP, KeyChange
from casewright_gateway.service.revisions import match_revision
from casewright_gateway.service.stores import ConfigurationStore, ConfigurationUnit

MOST_KEYS = 50


@dataclass(frozen=True)
class Basis:
    """What a change of an account says that it is based on.

    Attributes:
        given: Whether it says so at all.
        revision: The revision; `None` for any.
    """

    given: bool = False
    revision: int | None = None


@dataclass(frozen=True)
class KeyEntry:
    """A provider's key as somebody enters it; without a secret for an endpoint that wants none."""

    provider: str
    secret: KeyChange
    api_base: str | None = None
    api_version: str | None = None
    region: str | None = None
    weight: int = 1


@dataclass(frozen=True)
class ManageAccounts:
    """Configure how models are asked. `user_id` is `None` for the organisation itself."""

    store: ConfigurationStore
    vault: SecretWriter
    now: Callable[[], datetime]

    async def get(self, org_id: UUID, user_id: str | None) -> Account:
        """Raises `NotFoundError`."""
        async with self.store.begin(org_id) as unit:
            return await _active(unit, user_id)

    async def put(
        self, org_id: UUID, user_id: str | None, settings: AccountSettings, basis: Basis
    ) -> tuple[Account, bool]:
        """Set everything but the keys, which stay; returns whether the account is new.

        Raises:
            NotFoundError: No such organisation.
            RevisionRequiredError: There is an account, and the change doesn't say that it knows it.
            RevisionMismatchError: It was changed, or is gone.
        """
        async with self.store.begin(org_id) as unit:
            await unit.organisation(lock=True)  # two first changes at once come one after the other
            known = await unit.account(user_id)
            new = known is None or known.status is ConnectionStatus.REMOVED
            if new and basis.given:
                raise RevisionMismatchError
            if known is not None and not new:
                if not basis.given:
                    raise RevisionRequiredError
                match_revision(known.revision, basis.revision)
                settings = settings.model_copy(update={"keys": known.settings.keys})
                if settings == known.settings:
                    return known, False
            return await self._save(unit, org_id, user_id, known, settings), new

    async def remove(self, org_id: UUID, user_id: str | None, *, revision: int | None) -> None:
        """Forget the account and its keys; raises `NotFoundError` or `RevisionMismatchError`."""
        async with self.store.begin(org_id) as unit:
            known = await _active(unit, user_id)
            match_revision(known.revision, revision)
            gone = replace(
                known,
                settings=AccountSettings(),
                status=ConnectionStatus.REMOVED,
                revision=known.revision + 1,
                updated_at=self.now(),
            )
            await unit.save_account(gone)
            await self._retire(unit, known.settings, gone.settings)
            await unit.send(account_event(gone))

    async def add_key(
        self, org_id: UUID, user_id: str | None, entry: KeyEntry
    ) -> tuple[Account, ProviderKey]:
        """Add a key; makes the account where there is none.

        Raises:
            NotFoundError: No such organisation.
            NotApplicableError: There are too many keys.
        """
        async with self.store.begin(org_id) as unit:
            await unit.organisation()
        async with fresh_secrets(self.vault, org_id) as keep:
            ref = await _kept(entry.secret, keep)
            async with self.store.begin(org_id) as unit:
                await unit.organisation(lock=True)
                known = await unit.account(user_id)
                old = AccountSettings() if known is None else known.settings
                if len(old.keys) >= MOST_KEYS:
                    raise NotApplicableError(f"An account has {MOST_KEYS} keys at most.")
                key = _key(uuid4(), entry, ref)
                settings = old.model_copy(update={"keys": (*old.keys, key)})
                return await self._save(unit, org_id, user_id, known, settings), key

    async def replace_key(
        self, org_id: UUID, user_id: str | None, key_id: UUID, entry: KeyEntry, *, revision: int | None
    ) -> tuple[Account, ProviderKey]:
        """Replace a key and where it is sent; without a new secret the stored one stays where it was sent.

        Raises:
            NotFoundError: No such account or key.
            RevisionMismatchError: The account was changed meanwhile.
            InvalidFieldError: The stored secret would be sent elsewhere than it was given for.
        """
        async with fresh_secrets(self.vault, org_id) as keep:
            ref = await _kept(entry.secret, keep)
            async with self.store.begin(org_id) as unit:
                known = await _active(unit, user_id)
                match_revision(known.revision, revision)
                old = _named(known.settings, key_id)
                if entry.secret is KEEP:
                    ref = old.key_ref
                key = _key(key_id, entry, ref)
                if entry.secret is KEEP and ref is not None and _receiver(old) != _receiver(key):
                    raise InvalidFieldError(
                        "/key", "Another provider, address or region needs its own key, or null for none."
                    )
                if key == old:
                    return known, key
                keys = tuple(key if each.key_id == key_id else each for each in known.settings.keys)
                settings = known.settings.model_copy(update={"keys": keys})
                return await self._save(unit, org_id, user_id, known, settings), key

    async def remove_key(
        self, org_id: UUID, user_id: str | None, key_id: UUID, *, revision: int | None
    ) -> None:
        """Forget a key; raises `NotFoundError` or `RevisionMismatchError`."""
        async with self.store.begin(org_id) as unit:
            known = await _active(unit, user_id)
            match_revision(known.revision, revision)
            _named(known.settings, key_id)
            keys = tuple(each for each in known.settings.keys if each.key_id != key_id)
            await self._save(unit, org_id, user_id, known, known.settings.model_copy(update={"keys": keys}))

    async def _save(
        self,
        unit: ConfigurationUnit,
        org_id: UUID,
        user_id: str | None,
        known: Account | None,
        settings: AccountSettings,
    ) -> Account:
        at = self.now()
        account = Account(
            org_id=org_id,
            user_id=user_id,
            settings=settings,
            status=ConnectionStatus.ACTIVE,
            revision=1 if known is None else known.revision + 1,
            created_at=at if known is None else known.created_at,
            updated_at=at,
        )
        await unit.save_account(account)
        if known is not None:
            await self._retire(unit, known.settings, settings)
        await unit.send(account_event(account))
        return account

    async def _retire(self, unit: ConfigurationUnit, old: AccountSettings, new: AccountSettings) -> None:
        for ref in {key.key_ref for key in old.keys} - {key.key_ref for key in new.keys}:
            if ref is not None:
                await unit.retire_secret(ref, self.now())


def account_event(account: Account) -> AccountConfiguredV1:
    """The event that tells an account's state; the same state always makes the same event."""
    settings = account.settings
    return AccountConfiguredV1(
        event_id=AccountConfiguredV1.derive_id(account.org_id, account.user_id or "", account.revision),
        occurred_at=account.updated_at,
        org_id=account.org_id,
        user_id=account.user_id,
        revision=account.revision,
        status=account.status,
        model=settings.model,
        fallback_model=settings.fallback_model,
        temperature=settings.temperature,
        max_output_tokens=settings.max_output_tokens,
        keys=settings.keys,
        budget=settings.budget,
    )


async def _active(unit: ConfigurationUnit, user_id: str | None) -> Account:
    account = await unit.account(user_id)
    if account is None or account.status is ConnectionStatus.REMOVED:
        raise NotFoundError("model account")
    return account


def _named(settings: AccountSettings, key_id: UUID) -> ProviderKey:
    for key in settings.keys:
        if key.key_id == key_id:
            return key
    raise NotFoundError("key")


async def _kept(secret: KeyChange, keep: Keep) -> UUID | None:
    return await keep(SecretKind.PROVIDER_KEY, secret) if isinstance(secret, SecretStr) else None


def _key(key_id: UUID, entry: KeyEntry, ref: UUID | None) -> ProviderKey:
    return ProviderKey(
        key_id=key_id,
        provider=entry.provider,
        key_ref=ref,
        api_base=entry.api_base,
        api_version=entry.api_version,
        region=entry.region,
        weight=entry.weight,
    )


def _receiver(key: ProviderKey) -> tuple[str, str | None, str | None]:
    """Who gets the key."""
    return key.provider, key.api_base, key.region
