"""Secrets at rest: AES-256-GCM envelope encryption, the owner as associated data, keys that rotate.

Each secret has a data key of its own; the data key is wrapped by a master key, which never touches the
database. Both ciphertexts carry organisation, kind and id as associated data, so that a row copied over
another one can't be decrypted.
"""

import base64
import binascii
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from casewright_common.errors import SecretUnreadableError
from casewright_common.postgres import OWNER_ROLE, Database, classified_errors
from casewright_common.settings import VaultSettings
from casewright_common.telemetry import never_log

_NONCE_BYTES = 12
_KEY_BYTES = 32
_CACHE_SECONDS = 300.0
_CACHE_ENTRIES = 1000


class SecretKind(StrEnum):
    """What a secret is for; row-level security gives each service's role only the kinds it needs."""

    WEBHOOK_SECRET = "webhook_secret"  # noqa: S105  # a kind, not a secret
    JIRA_CREDENTIAL = "jira_credential"
    PROVIDER_KEY = "provider_key"


READERS: dict[str, tuple[SecretKind, ...]] = {
    "ingest": (SecretKind.WEBHOOK_SECRET, SecretKind.JIRA_CREDENTIAL),
    "jira-sync": (SecretKind.JIRA_CREDENTIAL,),
    "embedder": (SecretKind.PROVIDER_KEY,),
    "generator": (SecretKind.PROVIDER_KEY,),
}
"""The kinds of secret that each service may read. Changing it takes a migration."""

WRITER = "gateway"
"""The service that stores secrets, and reads none back."""


class SecretReader(Protocol):
    """What resolves a reference to a secret (the vault, or a fake in tests)."""

    async def reveal(self, *, org_id: UUID, kind: SecretKind, secret_id: UUID) -> SecretStr:
        """Decrypt one secret.

        Raises:
            SecretUnreadableError: There is none, it belongs to another owner, or its master key is gone.
            UpstreamUnavailableError: PostgreSQL can't be reached.
        """
        ...


class SecretWriter(Protocol):
    """What stores secrets."""

    async def put(self, *, org_id: UUID, kind: SecretKind, value: SecretStr) -> UUID:
        """Encrypt and store a secret; returns its id."""
        ...

    async def delete(self, *, org_id: UUID, secret_id: UUID) -> None:
        """Forget a secret; nothing happens if there is none."""
        ...


@dataclass(frozen=True)
class _Row:
    key_id: str
    wrapped_key: bytes
    ciphertext: bytes


class Cipher:
    """Envelope encryption under master keys.

    Raises:
        ValueError: A master key is not `key-id:base64` of 32 bytes, or two have one id.
    """

    def __init__(self, settings: VaultSettings) -> None:
        self._keys: dict[str, AESGCM] = {}
        for entry in settings.master_keys.get_secret_value().split(","):
            key_id, separator, encoded = entry.strip().partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                key = b""
            if not separator or not key_id or len(key) != _KEY_BYTES:
                raise ValueError("a master key must be key-id:base64 of 32 bytes")
            if key_id in self._keys:
                raise ValueError(f"two master keys are called {key_id}")
            self._keys[key_id] = AESGCM(key)
        self.current_key_id = next(iter(self._keys))

    def encrypt(self, value: str, owner: bytes) -> _Row:
        """Encrypt under a new data key, wrapped by the current master key."""
        data_key = AESGCM.generate_key(bit_length=_KEY_BYTES * 8)
        return _Row(
            key_id=self.current_key_id,
            wrapped_key=_seal(self._keys[self.current_key_id], data_key, owner),
            ciphertext=_seal(AESGCM(data_key), value.encode(), owner),
        )

    def decrypt(self, row: _Row, owner: bytes) -> str:
        """Reverse of `encrypt`.

        Raises:
            SecretUnreadableError: Unknown master key, or a ciphertext that isn't this owner's.
        """
        return _open(AESGCM(self._unwrap(row, owner)), row.ciphertext, owner).decode()

    def rewrap(self, row: _Row, owner: bytes) -> _Row:
        """The same secret, its data key wrapped by the current master key.

        Raises:
            SecretUnreadableError: As `decrypt`.
        """
        wrapped = _seal(self._keys[self.current_key_id], self._unwrap(row, owner), owner)
        return _Row(key_id=self.current_key_id, wrapped_key=wrapped, ciphertext=row.ciphertext)

    def _unwrap(self, row: _Row, owner: bytes) -> bytes:
        master = self._keys.get(row.key_id)
        if master is None:
            raise SecretUnreadableError(f"there is no master key {row.key_id}")
        return _open(master, row.wrapped_key, owner)


def _seal(key: AESGCM, plaintext: bytes, owner: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + key.encrypt(nonce, plaintext, owner)


def _open(key: AESGCM, sealed: bytes, owner: bytes) -> bytes:
    try:
        return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], owner)
    except (InvalidTag, ValueError) as error:
        raise SecretUnreadableError("the ciphertext does not belong to this owner or key") from error


def _owner(org_id: UUID, kind: str, secret_id: UUID) -> bytes:
    return f"{org_id}/{kind}/{secret_id}".encode()


_INSERT = text(
    "INSERT INTO vault.secrets (id, org_id, kind, key_id, wrapped_key, ciphertext)"
    " VALUES (:id, :org_id, :kind, :key_id, :wrapped_key, :ciphertext)"
)
_SELECT = text("SELECT key_id, wrapped_key, ciphertext FROM vault.secrets WHERE id = :id AND kind = :kind")
_DELETE = text("DELETE FROM vault.secrets WHERE id = :id AND org_id = :org_id")


class Vault:
    """The vault in PostgreSQL; implements `SecretReader` and `SecretWriter`.

    What is revealed stays in memory for five minutes, and never appears in a log line of this process.
    """

    def __init__(self, database: Database, settings: VaultSettings) -> None:
        self._database = database
        self._cipher = Cipher(settings)
        self._revealed: OrderedDict[tuple[UUID, SecretKind, UUID], tuple[float, SecretStr]] = OrderedDict()

    async def reveal(self, *, org_id: UUID, kind: SecretKind, secret_id: UUID) -> SecretStr:
        """See `SecretReader.reveal`."""
        known = self._revealed.get((org_id, kind, secret_id))
        if known is not None and known[0] > time.monotonic():
            return known[1]
        async with self._database.transaction(org_id) as connection:
            found = (await connection.execute(_SELECT, {"id": secret_id, "kind": kind.value})).one_or_none()
        if found is None:
            raise SecretUnreadableError(f"the vault holds no {kind.value} {secret_id}")
        row = _Row(key_id=found.key_id, wrapped_key=found.wrapped_key, ciphertext=found.ciphertext)
        value = SecretStr(self._cipher.decrypt(row, _owner(org_id, kind.value, secret_id)))
        never_log(value)
        self._revealed[org_id, kind, secret_id] = (time.monotonic() + _CACHE_SECONDS, value)
        while len(self._revealed) > _CACHE_ENTRIES:
            self._revealed.popitem(last=False)
        return value

    async def put(self, *, org_id: UUID, kind: SecretKind, value: SecretStr) -> UUID:
        """See `SecretWriter.put`."""
        never_log(value)
        secret_id = uuid4()
        row = self._cipher.encrypt(value.get_secret_value(), _owner(org_id, kind.value, secret_id))
        async with self._database.transaction(org_id) as connection:
            await connection.execute(
                _INSERT,
                {
                    "id": secret_id,
                    "org_id": org_id,
                    "kind": kind.value,
                    "key_id": row.key_id,
                    "wrapped_key": row.wrapped_key,
                    "ciphertext": row.ciphertext,
                },
            )
        return secret_id

    async def delete(self, *, org_id: UUID, secret_id: UUID) -> None:
        """See `SecretWriter.delete`."""
        async with self._database.transaction(org_id) as connection:
            await connection.execute(_DELETE, {"id": secret_id, "org_id": org_id})


async def rotate(admin_url: str, settings: VaultSettings) -> int:
    """Wrap every data key that an older master key wraps by the first one; returns how many there were.

    All or nothing, while services run: they hold old and new key until this is done. An older key may be
    dropped from the settings afterwards.

    Raises:
        SecretUnreadableError: A row can't be decrypted with any of the keys; nothing was changed.
        UpstreamUnavailableError: PostgreSQL can't be reached.
    """
    cipher = Cipher(settings)
    engine = create_async_engine(make_url(admin_url).set(drivername="postgresql+asyncpg"))
    try:
        async with classified_errors(), engine.begin() as connection:
            await connection.execute(text(f"SET LOCAL ROLE {OWNER_ROLE}"))
            rows = await connection.execute(
                text(
                    "SELECT id, org_id, kind, key_id, wrapped_key, ciphertext FROM vault.secrets"
                    " WHERE key_id <> :current FOR UPDATE"
                ),
                {"current": cipher.current_key_id},
            )
            old = rows.all()
            for found in old:
                row = _Row(key_id=found.key_id, wrapped_key=found.wrapped_key, ciphertext=found.ciphertext)
                new = cipher.rewrap(row, _owner(found.org_id, found.kind, found.id))
                await connection.execute(
                    text("UPDATE vault.secrets SET key_id = :key_id, wrapped_key = :wrapped WHERE id = :id"),
                    {"key_id": new.key_id, "wrapped": new.wrapped_key, "id": found.id},
                )
            return len(old)
    finally:
        await engine.dispose()
