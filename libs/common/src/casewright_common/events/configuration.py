"""Configuration, which travels as events on compacted topics."""

from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from casewright_common.events.base import Event, Value


class ConnectionStatus(StrEnum):
    """Whether a connection or project is used."""

    ACTIVE = "active"
    REMOVED = "removed"


class ConnectionConfiguredV1(Event):
    """How one Jira site is reached. The latest event per `connection_id` holds.

    Produced by: gateway. Consumed by: ingest, jira-sync. Topic: `connection.configured.v1`.

    Attributes:
        revision: Counts up from 1 with each change of the connection.
        site_url: Base address of the site, without a trailing slash.
        account_email: Account whose API token `credential_ref` names.
        account_id: Jira's `accountId` of that account: how our own writes are recognised.
        credential_ref: Id of the API token in the vault (kind `jira_credential`).
        webhook_secret_ref: Id of the webhook's HMAC secret in the vault (kind `webhook_secret`).
    """

    TYPE: ClassVar[str] = "connection.configured"
    VERSION: ClassVar[int] = 1

    connection_id: UUID
    revision: int = Field(ge=1)
    status: ConnectionStatus = ConnectionStatus.ACTIVE
    site_url: str
    account_email: str
    account_id: str
    credential_ref: UUID
    webhook_secret_ref: UUID

    @property
    def partition_key(self) -> str:
        """The connection's id: compaction keeps its latest configuration."""
        return str(self.connection_id)


class EngineSettings(Value):
    """Who writes the cases of a project.

    Attributes:
        kind: `designer` is built in and offline; `model` asks LiteLLM.
        model: LiteLLM's name of the model, such as `openai/gpt-5-mini`; `None` with the designer.
        api_base: Address of a self-hosted endpoint; `None` for the provider's own.
        provider_key_ref: Id of the provider's key in the vault (kind `provider_key`); `None` where the
            endpoint wants none.
    """

    kind: Literal["designer", "model"] = "designer"
    model: str | None = None
    api_base: str | None = None
    provider_key_ref: UUID | None = None


class EmbeddingSettings(Value):
    """What turns text into vectors.

    Attributes:
        model: `local/all-MiniLM-L6-v2`, or LiteLLM's name of an embedding model.
        dimension: Length of its vectors.
        api_base: Address of a self-hosted endpoint; `None` for the provider's own.
        provider_key_ref: Id of the provider's key in the vault (kind `provider_key`), if it needs one.
    """

    model: str = "local/all-MiniLM-L6-v2"
    dimension: int = Field(default=384, ge=1, le=65_536)
    api_base: str | None = None
    provider_key_ref: UUID | None = None


class ProjectConfiguredV1(Event):
    """What is done with the stories of one Jira project. The latest event per `project_id` holds.

    Produced by: gateway. Consumed by: ingest, embedder, generator, jira-sync.
    Topic: `project.configured.v1`.

    Attributes:
        project_key: Jira's key of the project, such as `SHOP`.
        story_types: Names of the issue types that are stories; compared without regard to case.
        criteria_field: Id of the custom field that holds acceptance criteria, such as
            `customfield_10100`; `None` where they stand in the description.
        max_cases: Upper bound on the cases of one story.
        write_comment: Whether the cases go into one comment on the story.
        write_subtasks: Whether each case also becomes a sub-task.
        subtask_type: Name of the sub-task issue type to create.
    """

    TYPE: ClassVar[str] = "project.configured"
    VERSION: ClassVar[int] = 1

    project_id: UUID
    connection_id: UUID
    project_key: str
    revision: int = Field(ge=1)
    status: ConnectionStatus = ConnectionStatus.ACTIVE
    story_types: tuple[str, ...] = ("Story",)
    criteria_field: str | None = None
    engine: EngineSettings = EngineSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    max_cases: int = Field(default=20, ge=1, le=200)
    write_comment: bool = True
    write_subtasks: bool = False
    subtask_type: str = "Sub-task"

    @property
    def partition_key(self) -> str:
        """The project's id: compaction keeps its latest configuration."""
        return str(self.project_id)


class ModelCataloguedV1(Event):
    """A model that a provider offers, with its prices. The latest event per `model` holds.

    Produced by: generator. Consumed by: gateway. Topic: `model.catalogued.v1`.

    Attributes:
        input_usd_per_million_tokens: Price of a million prompt tokens; `None` if unknown.
        output_usd_per_million_tokens: Price of a million completion tokens; `None` if unknown.
        context_tokens: Size of the context window; `None` if unknown.
    """

    TYPE: ClassVar[str] = "model.catalogued"
    VERSION: ClassVar[int] = 1

    model: str
    provider: str
    input_usd_per_million_tokens: float | None = None
    output_usd_per_million_tokens: float | None = None
    context_tokens: int | None = None

    @property
    def partition_key(self) -> str:
        """The model's name."""
        return self.model
