"""What the gateway keeps, as immutable values. `revision` counts up from 1 with each change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict

from casewright_common.events import (
    EVENT_NAMESPACE,
    Budget,
    CaseDraft,
    ConnectionStatus,
    Coverage,
    Criterion,
    Depth,
    EmbeddingSettings,
    EngineSettings,
    EngineUsed,
    Omission,
    OpenQuestion,
    PromptArm,
    ProviderKey,
    ReviewDecision,
    SyncTarget,
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
    depth: Depth = Depth.STANDARD
    budget: Budget | None = None


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


class AccountSettings(BaseModel):
    """How models are asked; the fields of `AccountConfiguredV1`, keys by reference."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: str | None = None
    fallback_model: str | None = None
    temperature: float | None = None
    max_output_tokens: int | None = None
    keys: tuple[ProviderKey, ...] = ()
    budget: Budget | None = None


@dataclass(frozen=True)
class Account:
    """How an organisation, or one of its users, asks models.

    Attributes:
        user_id: The user; `None` for the organisation itself.
    """

    org_id: UUID
    user_id: str | None
    settings: AccountSettings
    status: ConnectionStatus
    revision: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Model:
    """A model that a provider offers; `None` for what isn't known."""

    model: str
    provider: str
    input_usd_per_million_tokens: float | None
    output_usd_per_million_tokens: float | None
    context_tokens: int | None


@dataclass(frozen=True)
class BudgetState:
    """A budget, what is spent of it in its period, and whether its limit is reached.

    Attributes:
        scope: `organisation`, `project` or `user`; `owner` is the project's or user's id, or empty.
        spent_usd: What the runs that ended in the period cost; where the limit is reached, at least what
            was spent by then, with the estimate of the call that was refused.
        exhausted_until: When the period ends whose limit is reached; `None` where it isn't.
    """

    scope: str
    owner: str
    budget: Budget
    spent_usd: float = 0.0
    exhausted_until: datetime | None = None


@dataclass(frozen=True)
class Document:
    """A document of a project: background that helps to write better cases."""

    id: UUID
    project_id: UUID
    title: str
    media_type: str
    size_bytes: int
    revision: int
    created_at: datetime
    updated_at: datetime


class StoredTemplate(BaseModel):
    """A version of the prompt that an organisation wrote; it never changes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: str
    template: str
    created_at: datetime


class PromptSettings(BaseModel):
    """An organisation's own prompt versions, and the versions that its stories are shared among."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    templates: tuple[StoredTemplate, ...] = ()
    experiment: str = ""
    arms: tuple[PromptArm, ...] = ()


@dataclass(frozen=True)
class Prompts:
    """An organisation's prompts; `revision` is 0 where it never had any."""

    org_id: UUID
    settings: PromptSettings
    revision: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class PromptResult:
    """What people made of the cases of one prompt version.

    Attributes:
        model: Model that wrote them.
        open: Cases that nobody has decided on.
    """

    version: str
    model: str
    approved: int
    edited: int
    rejected: int
    open: int


@dataclass(frozen=True)
class StoryRecord:
    """A story as the events so far tell it; `text` is `None` until its content came.

    Attributes:
        generated_revision: Revision that its cases are for; 0 where there is no generation.
        generated_criteria: The criteria as they stood then.
    """

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
    open_questions: tuple[OpenQuestion, ...]
    omitted: tuple[Omission, ...]
    revision: int
    generation: int
    generated_revision: int
    generated_criteria: tuple[Criterion, ...]
    case_count: int
    coverage: Coverage | None
    targets: tuple[SyncTarget, ...]
    failure_code: str | None
    failure_detail: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def placed_criteria(self) -> tuple[Criterion, ...]:
        """The criteria, with their places in the text where the newest generation is of this revision."""
        if self.generated_revision != self.revision:
            return self.criteria
        places = {(each.id, each.text): each.source for each in self.generated_criteria}
        return tuple(
            each.model_copy(update={"source": each.source or places.get((each.id, each.text))})
            for each in self.criteria
        )


@dataclass(frozen=True)
class CaseRecord:
    """A test case as it stands: of a story's newest generation, with what people decided since.

    Attributes:
        generation: The generation that it was last told by.
        position: Place among the story's cases, from 0.
    """

    story_id: UUID
    project_id: UUID
    issue_key: str
    generation: int
    position: int
    case: CaseDraft

    @property
    def version(self) -> str:
        """Changes whenever the case does."""
        return f"g{self.generation}-r{self.case.reviews}"


@dataclass(frozen=True)
class Review:
    """A decision of a person on a case.

    Attributes:
        review: Counts the decisions on the case, from 1.
        revision: Revision of the story that the case is for.
        case: The whole case as it stood after the decision.
    """

    id: UUID
    story_id: UUID
    project_id: UUID
    review: int
    decision: ReviewDecision
    reason: str
    reviewed_by: str
    reviewed_at: datetime
    revision: int
    generation: int
    case: CaseDraft


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
