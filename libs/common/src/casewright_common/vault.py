"""Secrets at rest: AES-256-GCM envelope encryption, the owner as associated data, keys that rotate."""

from enum import StrEnum
from typing import Protocol
from uuid import UUID

from pydantic import SecretStr


class SecretKind(StrEnum):
    """What a secret is for; row-level security gives each service's role only the kinds it needs."""

    WEBHOOK_SECRET = "webhook_secret"  # noqa: S105  # a kind, not a secret
    JIRA_CREDENTIAL = "jira_credential"
    PROVIDER_KEY = "provider_key"


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
