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

    Produced by: gateway. Consumed by: ingest, embedder, generator, jira-sync.
    Topic: `connection.configured.v1`.

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

    What is absent here is taken from the user's or the organisation's account (`AccountConfiguredV1`), then
    from the system's settings.

    Attributes:
        kind: `designer` is built in and offline; `model` asks LiteLLM.
        model: LiteLLM's name of the model, such as `openai/gpt-5-mini`; `None` takes the account's.
        api_base: Address of a self-hosted endpoint; `None` for the provider's own.
        provider_key_ref: Id of the provider's key in the vault (kind `provider_key`), which goes before all
            accounts' keys; `None` where there is none.
        fallback_model: Asked where `model` fails.
        temperature: From 0 to 2.
        max_output_tokens: Most tokens of one answer.
        next_payer: Whether the next account's key is tried where one fails: user, organisation, system.
        payer_user_id: The user who agreed to pay for changes that nobody asked for; `None` for the
            organisation.
    """

    kind: Literal["designer", "model"] = "designer"
    model: str | None = None
    api_base: str | None = None
    provider_key_ref: UUID | None = None
    fallback_model: str | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_output_tokens: int | None = Field(default=None, ge=1)
    next_payer: bool = True
    payer_user_id: str | None = None


class Depth(StrEnum):
    """How many test conditions are planned."""

    LEAN = "lean"
    """Each criterion once, and its most telling boundary or refusal."""
    STANDARD = "standard"
    """All techniques, two-value boundaries."""
    THOROUGH = "thorough"
    """Three-value boundaries, all transitions, all pairs."""


class Budget(Value):
    """The most that may be spent on models in a calendar period, in UTC."""

    limit_usd: float = Field(ge=0)
    period: Literal["day", "month"] = "month"


class ProviderKey(Value):
    """A key for a provider of models.

    Attributes:
        key_id: Stable id of the entry.
        provider: LiteLLM's name of the provider: the first part of its models' names (`openai`, `azure`).
        key_ref: Id of the key in the vault (kind `provider_key`); `None` where the endpoint wants none. For
            Bedrock the secret is `access key id:secret access key`.
        api_base: Address of the endpoint; `None` for the provider's own.
        api_version: Azure's version of the API.
        region: Bedrock's region.
        weight: Share of the calls that it gets among the keys of its provider.
    """

    key_id: UUID
    provider: str
    key_ref: UUID | None = None
    api_base: str | None = None
    api_version: str | None = None
    region: str | None = None
    weight: int = Field(default=1, ge=1, le=100)


class AccountConfiguredV1(Event):
    """How an organisation, or one of its users, asks models. The latest event per owner holds.

    Produced by: gateway. Consumed by: generator. Topic: `account.configured.v1`.

    Attributes:
        user_id: The user, as `requested_by` names them; `None` for the organisation itself.
        model: Default model of projects that name none.
    """

    TYPE: ClassVar[str] = "account.configured"
    VERSION: ClassVar[int] = 1

    user_id: str | None = None
    revision: int = Field(ge=1)
    status: ConnectionStatus = ConnectionStatus.ACTIVE
    model: str | None = None
    fallback_model: str | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_output_tokens: int | None = Field(default=None, ge=1)
    keys: tuple[ProviderKey, ...] = ()
    budget: Budget | None = None

    @property
    def partition_key(self) -> str:
        """Organisation and user: compaction keeps their latest configuration."""
        return f"{self.org_id}/{self.user_id or ''}"


class PromptTemplate(Value):
    """A version of the prompt that an organisation wrote: a Jinja2 template with the blocks of ours."""

    version: str
    template: str


class PromptArm(Value):
    """A version that takes part in an experiment, with its share of the stories."""

    version: str
    weight: int = Field(default=1, ge=1, le=1000)


class PromptsConfiguredV1(Event):
    """An organisation's own prompt versions, and which versions its stories are shared among.

    Produced by: gateway. Consumed by: generator. Topic: `prompts.configured.v1`.

    Attributes:
        experiment: Name of the experiment; a new name deals the stories anew.
        arms: Versions, ours or their own, with weights; empty for the system's.
    """

    TYPE: ClassVar[str] = "prompts.configured"
    VERSION: ClassVar[int] = 1

    revision: int = Field(ge=1)
    templates: tuple[PromptTemplate, ...] = ()
    experiment: str = ""
    arms: tuple[PromptArm, ...] = ()

    @property
    def partition_key(self) -> str:
        """The organisation's id: compaction keeps its latest configuration."""
        return str(self.org_id)


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
        depth: How many test conditions are planned.
        budget: The most that may be spent on this project's cases.
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
    depth: Depth = Depth.STANDARD
    budget: Budget | None = None

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
