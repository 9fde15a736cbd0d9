"""Projects and their settings: each change is stored and announced in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from pydantic import SecretStr

from casewright_common.events import (
    ConnectionStatus,
    EmbeddingSettings,
    EngineSettings,
    ProjectConfiguredV1,
)
from casewright_common.vault import SecretKind, SecretWriter
from casewright_gateway.domain.errors import InvalidFieldError, NotFoundError
from casewright_gateway.domain.records import Page, Project, ProjectSettings
from casewright_gateway.service.documents import removal_event
from casewright_gateway.service.fresh_secrets import Keep, fresh_secrets
from casewright_gateway.service.revisions import match_revision
from casewright_gateway.service.stores import ConfigurationStore, ConfigurationUnit


class KeyStays:
    """Says that a stored secret stays as it is."""


KEEP = KeyStays()
KeyChange = SecretStr | KeyStays | None
"""A provider's key in a change: a new one, the stored one, or none from now on."""


@dataclass(frozen=True)
class NewProject:
    """A project to configure; the settings without keys, and the keys."""

    connection_id: UUID
    project_key: str
    settings: ProjectSettings
    engine_key: SecretStr | None = None
    embedding_key: SecretStr | None = None


@dataclass(frozen=True)
class ProjectChange:
    """Changes of a project.

    Attributes:
        fields: New values of `ProjectSettings`' plain fields, by name.
        engine: Replaces the engine as a whole; its `provider_key_ref` is not looked at.
    """

    fields: dict[str, object] = field(default_factory=dict)
    engine: EngineSettings | None = None
    engine_key: KeyChange = KEEP
    embedding: EmbeddingSettings | None = None
    embedding_key: KeyChange = KEEP


@dataclass(frozen=True)
class ManageProjects:
    """Configure what is done with the stories of a Jira project."""

    store: ConfigurationStore
    vault: SecretWriter
    now: Callable[[], datetime]

    async def create(self, org_id: UUID, new: NewProject) -> Project:
        """Raises `NotFoundError`, `AlreadyExistsError` or `InvalidFieldError`."""
        async with self.store.begin(org_id) as unit:
            await unit.organisation()
            await _connection_of(unit, new.connection_id)
        async with fresh_secrets(self.vault, org_id) as keep:
            settings = new.settings
            if new.engine_key is not None:
                ref = await keep(SecretKind.PROVIDER_KEY, new.engine_key)
                settings = settings.model_copy(update={"engine": _with_key(settings.engine, ref)})
            if new.embedding_key is not None:
                ref = await keep(SecretKind.PROVIDER_KEY, new.embedding_key)
                settings = settings.model_copy(update={"embedding": _with_key(settings.embedding, ref)})
            at = self.now()
            made = Project(
                id=uuid4(),
                org_id=org_id,
                connection_id=new.connection_id,
                project_key=new.project_key,
                settings=settings,
                status=ConnectionStatus.ACTIVE,
                revision=1,
                created_at=at,
                updated_at=at,
            )
            async with self.store.begin(org_id) as unit:
                await _connection_of(unit, new.connection_id, lock=True)  # it must not go away meanwhile
                await unit.add_project(made)
                await unit.send(project_event(made))
        return made

    async def get(self, org_id: UUID, project_id: UUID) -> Project:
        """Raises `NotFoundError`."""
        async with self.store.begin(org_id) as unit:
            return await unit.project(project_id)

    async def page(
        self, org_id: UUID, *, limit: int, cursor: str | None, connection_id: UUID | None
    ) -> Page[Project]:
        """Oldest first; raises `NotFoundError` where there is no such organisation."""
        async with self.store.begin(org_id) as unit:
            await unit.organisation()
            return await unit.projects(limit=limit, cursor=cursor, connection_id=connection_id)

    async def change(
        self, org_id: UUID, project_id: UUID, change: ProjectChange, *, revision: int | None
    ) -> Project:
        """Raises `NotFoundError`, `RevisionMismatchError` or `InvalidFieldError`."""
        async with self.store.begin(org_id) as unit:
            seen = await unit.project(project_id)
        match_revision(seen.revision, revision)
        async with fresh_secrets(self.vault, org_id) as keep:
            old = seen.settings
            settings = old.model_copy(
                update=change.fields
                | {
                    "engine": await _changed("engine", old.engine, change.engine, change.engine_key, keep),
                    "embedding": await _changed(
                        "embedding", old.embedding, change.embedding, change.embedding_key, keep
                    ),
                }
            )
            if settings == old:
                return seen
            new = replace(seen, settings=settings, revision=seen.revision + 1, updated_at=self.now())
            async with self.store.begin(org_id) as unit:
                match_revision((await unit.project(project_id, lock=True)).revision, seen.revision)
                await unit.save_project(new)
                for ref in _keys(old) - _keys(settings):
                    await unit.retire_secret(ref, self.now())
                await unit.send(project_event(new))
        return new

    async def remove(self, org_id: UUID, project_id: UUID, *, revision: int | None) -> None:
        """Forget the project and its documents; raises `NotFoundError` or `RevisionMismatchError`."""
        async with self.store.begin(org_id) as unit:
            old = await unit.project(project_id, lock=True)
            match_revision(old.revision, revision)
            gone = replace(
                old, status=ConnectionStatus.REMOVED, revision=old.revision + 1, updated_at=self.now()
            )
            await unit.save_project(gone)
            for ref in _keys(old.settings):
                await unit.retire_secret(ref, self.now())
            await unit.send(project_event(gone))
            for document in await unit.drop_documents(project_id):
                await unit.send(removal_event(org_id, document, self.now()))


def project_event(project: Project) -> ProjectConfiguredV1:
    """The event that tells a project's state; the same state always makes the same event."""
    settings = project.settings
    return ProjectConfiguredV1(
        event_id=ProjectConfiguredV1.derive_id(project.id, project.revision),
        occurred_at=project.updated_at,
        org_id=project.org_id,
        project_id=project.id,
        connection_id=project.connection_id,
        project_key=project.project_key,
        revision=project.revision,
        status=project.status,
        story_types=settings.story_types,
        criteria_field=settings.criteria_field,
        engine=settings.engine,
        embedding=settings.embedding,
        max_cases=settings.max_cases,
        write_comment=settings.write_comment,
        write_subtasks=settings.write_subtasks,
        subtask_type=settings.subtask_type,
        depth=settings.depth,
        budget=settings.budget,
    )


UserT = TypeVar("UserT", EngineSettings, EmbeddingSettings)


async def _changed(name: str, old: UserT, new: UserT | None, key: KeyChange, keep: Keep) -> UserT:
    """The engine or embedding after a change, naming the key that it uses from now on.

    Raises:
        InvalidFieldError: The stored key would be sent to another address or provider than it was given for.
    """
    wanted = old if new is None else new
    if isinstance(key, SecretStr):
        return _with_key(wanted, await keep(SecretKind.PROVIDER_KEY, key))
    if key is None or _is_designer(wanted):
        return _with_key(wanted, None)
    if old.provider_key_ref is not None and _receiver(old) != _receiver(wanted):
        raise InvalidFieldError(
            f"/{name}/provider_key", "Another address or provider needs its own key, or null for none."
        )
    return _with_key(wanted, old.provider_key_ref)


def _with_key(user: UserT, ref: UUID | None) -> UserT:
    return user.model_copy(update={"provider_key_ref": ref})


def _is_designer(user: EngineSettings | EmbeddingSettings) -> bool:
    return isinstance(user, EngineSettings) and user.kind == "designer"


def _receiver(user: EngineSettings | EmbeddingSettings) -> tuple[str | None, str]:
    """Who gets the key: an address, or the provider that LiteLLM reads from the model's name."""
    return user.api_base, (user.model or "").partition("/")[0]


def _keys(settings: ProjectSettings) -> set[UUID]:
    refs = (settings.engine.provider_key_ref, settings.embedding.provider_key_ref)
    return {ref for ref in refs if ref is not None}


async def _connection_of(unit: ConfigurationUnit, connection_id: UUID, *, lock: bool = False) -> None:
    try:
        await unit.connection(connection_id, lock=lock)
    except NotFoundError as error:
        raise InvalidFieldError("/connection_id", "There is no such connection.") from error
