"""Configuration in PostgreSQL: every statement over organisations, connections, projects and requests."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from casewright_common.events import ConnectionStatus, Event
from casewright_common.postgres import Database
from casewright_gateway.adapters import document_rows, idempotency, outbox_repository
from casewright_gateway.adapters.model_configuration_repository import PostgresModelConfigurationUnit
from casewright_gateway.adapters.paging import fetch_page
from casewright_gateway.adapters.story_repository import run_by_id, story_named
from casewright_gateway.adapters.tables import (
    connections,
    idempotency_keys,
    organisations,
    projects,
    retired_secrets,
    runs,
    seen_events,
)
from casewright_gateway.domain.errors import AlreadyExistsError, NotFoundError
from casewright_gateway.domain.records import (
    Connection,
    Document,
    Organisation,
    Page,
    Project,
    ProjectSettings,
    Run,
    StoryRecord,
)

_TAKEN = {
    "organisations_name": "There is an organisation with that name.",
    "connections_site": "The organisation is connected to that site already.",
    "projects_key": "That project of the site is configured already.",
}


def _organisation(row: Row[Any]) -> Organisation:
    return Organisation(**row._mapping)  # noqa: SLF001  # SQLAlchemy's public name for it


def _connection(row: Row[Any]) -> Connection:
    values = dict(row._mapping)  # noqa: SLF001  # as above
    return Connection(**values | {"status": ConnectionStatus(values["status"])})


def _project(row: Row[Any]) -> Project:
    values = dict(row._mapping)  # noqa: SLF001  # as above
    return Project(
        **values
        | {
            "status": ConnectionStatus(values["status"]),
            "settings": ProjectSettings.model_validate(values["settings"]),
        }
    )


def _project_values(project: Project) -> dict[str, Any]:
    return asdict(project) | {"settings": project.settings.model_dump(mode="json")}


def _locked(query: Select[Any], *, lock: bool) -> Select[Any]:
    return query.with_for_update() if lock else query


class PostgresConfigurationUnit(PostgresModelConfigurationUnit):
    """`ConfigurationUnit` over one open transaction."""

    async def organisation(self, *, lock: bool = False) -> Organisation:
        """See `ConfigurationUnit`."""
        query = select(organisations).where(organisations.c.id == self._org_id)
        row = (await self._connection.execute(_locked(query, lock=lock))).one_or_none()
        if row is None:
            raise NotFoundError("organisation")
        return _organisation(row)

    async def add_organisation(self, organisation: Organisation) -> None:
        """See `ConfigurationUnit`."""
        await self._write(insert(organisations).values(**asdict(organisation)))

    async def save_organisation(self, organisation: Organisation) -> None:
        """See `ConfigurationUnit`."""
        await self._write(
            update(organisations)
            .where(organisations.c.id == organisation.id)
            .values(
                name=organisation.name, revision=organisation.revision, updated_at=organisation.updated_at
            )
        )

    async def connection(self, connection_id: UUID, *, lock: bool = False) -> Connection:
        """See `ConfigurationUnit`."""
        query = self._active_connections().where(connections.c.id == connection_id)
        row = (await self._connection.execute(_locked(query, lock=lock))).one_or_none()
        if row is None:
            raise NotFoundError("connection")
        return _connection(row)

    async def connections(self, *, limit: int, cursor: str | None) -> Page[Connection]:
        """See `ConfigurationUnit`."""
        return await fetch_page(
            self._connection,
            self._active_connections(),
            key=((connections.c.created_at, datetime), (connections.c.id, UUID)),
            limit=limit,
            cursor=cursor,
            build=_connection,
        )

    async def add_connection(self, connection: Connection) -> None:
        """See `ConfigurationUnit`."""
        await self._write(insert(connections).values(**asdict(connection)))

    async def save_connection(self, connection: Connection) -> None:
        """See `ConfigurationUnit`."""
        await self._write(
            update(connections)
            .where(connections.c.org_id == self._org_id, connections.c.id == connection.id)
            .values(**asdict(connection))
        )

    async def project(self, project_id: UUID, *, lock: bool = False) -> Project:
        """See `ConfigurationUnit`."""
        query = self._active_projects().where(projects.c.id == project_id)
        row = (await self._connection.execute(_locked(query, lock=lock))).one_or_none()
        if row is None:
            raise NotFoundError("project")
        return _project(row)

    async def projects(self, *, limit: int, cursor: str | None, connection_id: UUID | None) -> Page[Project]:
        """See `ConfigurationUnit`."""
        query = self._active_projects()
        if connection_id is not None:
            query = query.where(projects.c.connection_id == connection_id)
        return await fetch_page(
            self._connection,
            query,
            key=((projects.c.created_at, datetime), (projects.c.id, UUID)),
            limit=limit,
            cursor=cursor,
            build=_project,
        )

    async def has_projects(self, connection_id: UUID) -> bool:
        """See `ConfigurationUnit`."""
        query = self._active_projects().where(projects.c.connection_id == connection_id)
        return bool((await self._connection.execute(select(exists(query)))).scalar())

    async def add_project(self, project: Project) -> None:
        """See `ConfigurationUnit`."""
        await self._write(insert(projects).values(**_project_values(project)))

    async def save_project(self, project: Project) -> None:
        """See `ConfigurationUnit`."""
        await self._write(
            update(projects)
            .where(projects.c.org_id == self._org_id, projects.c.id == project.id)
            .values(**_project_values(project))
        )

    async def drop_documents(self, project_id: UUID) -> Sequence[Document]:
        """See `ConfigurationUnit`."""
        return await document_rows.drop(self._connection, self._org_id, project_id)

    async def everything(self) -> tuple[Sequence[Connection], Sequence[Project]]:
        """See `ConfigurationUnit`."""
        all_connections = await self._connection.execute(
            select(connections)
            .where(connections.c.org_id == self._org_id)
            .order_by(connections.c.id)
            .with_for_update()
        )
        all_projects = await self._connection.execute(
            select(projects)
            .where(projects.c.org_id == self._org_id)
            .order_by(projects.c.id)
            .with_for_update()
        )
        return (
            [_connection(row) for row in all_connections.all()],
            [_project(row) for row in all_projects.all()],
        )

    async def retire_secret(self, secret_id: UUID, at: datetime) -> None:
        """See `ConfigurationUnit`."""
        await self._connection.execute(
            upsert(retired_secrets)
            .values(secret_id=secret_id, org_id=self._org_id, retired_at=at)
            .on_conflict_do_nothing()
        )

    async def retired_secrets(self, before: datetime) -> Sequence[UUID]:
        """See `ConfigurationUnit`."""
        query = select(retired_secrets.c.secret_id).where(
            retired_secrets.c.org_id == self._org_id, retired_secrets.c.retired_at < before
        )
        return (await self._connection.execute(query)).scalars().all()

    async def forget_retired(self, secret_id: UUID) -> None:
        """See `ConfigurationUnit`."""
        await self._connection.execute(
            delete(retired_secrets).where(
                retired_secrets.c.org_id == self._org_id, retired_secrets.c.secret_id == secret_id
            )
        )

    async def forget_seen(self, before: datetime) -> None:
        """See `ConfigurationUnit`."""
        await self._connection.execute(
            delete(seen_events).where(seen_events.c.org_id == self._org_id, seen_events.c.seen_at < before)
        )
        await self._connection.execute(
            delete(idempotency_keys).where(
                idempotency_keys.c.org_id == self._org_id, idempotency_keys.c.created_at < before
            )
        )

    async def story(self, *, story_id: UUID | None, issue_key: str | None) -> StoryRecord:
        """See `ConfigurationUnit`."""
        return await story_named(self._connection, self._org_id, story_id=story_id, issue_key=issue_key)

    async def remember_request(self, key: str, request_hash: bytes, run_id: UUID, at: datetime) -> UUID:
        """See `ConfigurationUnit`."""
        return await idempotency.remember(self._connection, self._org_id, key, request_hash, run_id, at)

    async def add_run(self, run: Run) -> None:
        """See `ConfigurationUnit`."""
        await self._connection.execute(
            insert(runs).values(
                org_id=self._org_id,
                id=run.id,
                story_id=run.story_id,
                project_id=run.project_id,
                issue_key=run.issue_key,
                outcome=run.outcome,
                requested_by=run.requested_by,
                requested_at=run.requested_at,
                started_at=run.started_at,
                created_at=run.created_at,
            )
        )

    async def run(self, run_id: UUID) -> Run:
        """See `ConfigurationUnit`."""
        return await run_by_id(self._connection, self._org_id, run_id)

    async def send(self, event: Event) -> None:
        """See `ConfigurationUnit`."""
        await outbox_repository.append(self._connection, event)

    def _active_connections(self) -> Select[Any]:
        return select(connections).where(
            connections.c.org_id == self._org_id, connections.c.status == ConnectionStatus.ACTIVE.value
        )

    def _active_projects(self) -> Select[Any]:
        return select(projects).where(
            projects.c.org_id == self._org_id, projects.c.status == ConnectionStatus.ACTIVE.value
        )

    async def _write(self, statement: Any) -> None:
        try:
            await self._connection.execute(statement)
        except IntegrityError as error:
            for constraint, message in _TAKEN.items():
                if constraint in str(getattr(error.orig, "__cause__", "")):
                    raise AlreadyExistsError(message) from error
            raise


class PostgresConfigurationStore:
    """`ConfigurationStore` in the gateway's schema."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, org_id: UUID) -> AsyncIterator[PostgresConfigurationUnit]:
        """See `ConfigurationStore`."""
        async with self._database.transaction(org_id) as connection:
            yield PostgresConfigurationUnit(connection, org_id)

    async def organisations(self, *, limit: int, cursor: str | None) -> Page[Organisation]:
        """See `ConfigurationStore`."""
        async with self._database.transaction(None) as connection:
            return await fetch_page(
                connection,
                select(organisations),
                key=((organisations.c.created_at, datetime), (organisations.c.id, UUID)),
                limit=limit,
                cursor=cursor,
                build=_organisation,
            )
