"""What the gateway keeps, as immutable values. `revision` counts up from 1 with each change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict

from casewright_common.events import (
    EVENT_NAMESPACE,
    CaseStep,
    ConnectionStatus,
    Coverage,
    Criterion,
    EmbeddingSettings,
    EngineSettings,
    EngineUsed,
    Priority,
    Provenance,
    SyncTarget,
    Technique,
    TestData,
)
from casewright_gateway.domain.story_status import StoryStatus


@dataclass(frozen=True)
class Organisation:
    """A tenant."""

    id: UUID
    name: str
    revision: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Connection:
    """One Jira site; its secrets by reference."""

    id: UUID
    org_id: UUID
    site_url: str
    account_email: str
    account_id: str
    credential_ref: UUID
    webhook_secret_ref: UUID
    status: ConnectionStatus
    revision: int
    created_at: datetime
    updated_at: datetime


class ProjectSettings(BaseModel):
    """What is done with the stories of a project; the fields of `ProjectConfiguredV1`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    story_types: tuple[str, ...] = ("Story",)
    criteria_field: str | None = None
    engine: EngineSettings = EngineSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    max_cases: int = 20
    write_comment: bool = True
    write_subtasks: bool = False
    subtask_type: str = "Sub-task"


@dataclass(frozen=True)
class Project:
    """One Jira project and what is done with its stories."""

    id: UUID
    org_id: UUID
    connection_id: UUID
    project_key: str
    settings: ProjectSettings
    status: ConnectionStatus
    revision: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class StoryRecord:
    """A story as the events so far tell it; `text` is `None` until its content came."""

    id: UUID
    connection_id: UUID
    project_id: UUID
    project_key: str | None
    issue_id: str
    issue_key: str
    status: StoryStatus
    title: str | None
    text: str | None
    issue_type: str | None
    labels: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    questions: tuple[str, ...]
    revision: int
    generation: int
    case_count: int
    coverage: Coverage | None
    targets: tuple[SyncTarget, ...]
    failure_code: str | None
    failure_detail: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class CaseRecord:
    """A test case of a story's newest generation."""

    id: UUID
    story_id: UUID
    project_id: UUID
    issue_key: str
    generation: int
    position: int
    title: str
    technique: Technique
    priority: Priority
    negative: bool
    condition: str
    criteria: tuple[str, ...]
    preconditions: tuple[str, ...]
    data: tuple[TestData, ...]
    steps: tuple[CaseStep, ...]
    provenance: Provenance


@dataclass(frozen=True)
class Run:
    """One generation, from its request or cause to Jira."""

    id: UUID
    story_id: UUID
    project_id: UUID
    issue_key: str
    outcome: str
    requested_by: str | None
    requested_at: datetime | None
    revision: int | None
    generation: int | None
    case_count: int
    engine: EngineUsed | None
    coverage: Coverage | None
    failure_code: str | None
    failure_detail: str | None
    started_at: datetime | None
    finished_at: datetime | None
    sync_outcome: str | None
    targets: tuple[SyncTarget, ...]
    synced_at: datetime | None
    created_at: datetime


ItemT = TypeVar("ItemT")


@dataclass(frozen=True)
class Page(Generic[ItemT]):
    """One page of a list; `next_cursor` is `None` on the last one."""

    items: Sequence[ItemT]
    next_cursor: str | None


def story_id(connection_id: UUID, issue_id: str) -> UUID:
    """Id of a story: derived from its issue, so that whichever event comes first may create it."""
    return uuid5(EVENT_NAMESPACE, f"story:{connection_id}:{issue_id}")
