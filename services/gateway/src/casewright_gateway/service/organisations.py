"""Organisations: the tenants."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from casewright_gateway.domain.records import Organisation, Page
from casewright_gateway.service.revisions import match_revision
from casewright_gateway.service.stores import ConfigurationStore


@dataclass(frozen=True)
class ManageOrganisations:
    """Create, read and rename organisations."""

    store: ConfigurationStore
    now: Callable[[], datetime]

    async def create(self, name: str) -> Organisation:
        """Raises `AlreadyExistsError` where the name is taken, whatever its case."""
        at = self.now()
        made = Organisation(id=uuid4(), name=name, revision=1, created_at=at, updated_at=at)
        async with self.store.begin(made.id) as unit:
            await unit.add_organisation(made)
        return made

    async def get(self, org_id: UUID) -> Organisation:
        """Raises `NotFoundError`."""
        async with self.store.begin(org_id) as unit:
            return await unit.organisation()

    async def page(self, *, limit: int, cursor: str | None) -> Page[Organisation]:
        """Oldest first."""
        return await self.store.organisations(limit=limit, cursor=cursor)

    async def rename(self, org_id: UUID, name: str, *, revision: int | None) -> Organisation:
        """Raises `NotFoundError`, `RevisionMismatchError` or `AlreadyExistsError`."""
        async with self.store.begin(org_id) as unit:
            old = await unit.organisation(lock=True)
            match_revision(old.revision, revision)
            if old.name == name:
                return old
            new = replace(old, name=name, revision=old.revision + 1, updated_at=self.now())
            await unit.save_organisation(new)
            return new
