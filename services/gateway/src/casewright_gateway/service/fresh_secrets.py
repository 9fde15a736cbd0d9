"""Secrets that are stored for a change, and forgotten if the change is refused."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol
from uuid import UUID

from pydantic import SecretStr

from casewright_common.vault import SecretKind, SecretWriter
from casewright_gateway.domain.errors import AlreadyExistsError, NotFoundError, RevisionMismatchError

REFUSALS = (AlreadyExistsError, NotFoundError, RevisionMismatchError)


class Keep(Protocol):
    """Stores one secret and returns its id."""

    async def __call__(self, kind: SecretKind, value: SecretStr) -> UUID:
        """Raises `UpstreamUnavailableError`."""
        ...


@asynccontextmanager
async def fresh_secrets(vault: SecretWriter, org_id: UUID) -> AsyncIterator[Keep]:
    """Secrets for one change.

    They are forgotten where the change is refused, but not where its commit may have gone through unheard: a
    secret that nobody names harms nobody, a name without its secret does.
    """
    stored: list[UUID] = []

    async def keep(kind: SecretKind, value: SecretStr) -> UUID:
        stored.append(await vault.put(org_id=org_id, kind=kind, value=value))
        return stored[-1]

    try:
        yield keep
    except REFUSALS:
        for secret_id in stored:
            await vault.delete(org_id=org_id, secret_id=secret_id)
        raise
