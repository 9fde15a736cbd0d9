"""Bodies and answers about organisations, connections and projects."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, Self, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)

from casewright_common.events import Budget, Depth, EmbeddingSettings, EngineSettings
from casewright_common.outbound import AddressRefusedError, check_spelled, endpoint
from casewright_gateway.domain.records import Connection, Organisation, Project, ProjectSettings
from casewright_gateway.routes import patterns


def _is_endpoint(value: str) -> str:
    try:
        parts = endpoint(value)
        if parts.userinfo or parts.fragment:
            raise ValueError("must be an http(s) address without user name, password or fragment")
        # Whether private ones are allowed is for the services to know that connect.
        check_spelled(parts.host, plain=parts.scheme == "http", allow_private=True)
    except AddressRefusedError as error:
        raise ValueError(f"can't be connected to: {error}") from error
    return value.rstrip("/")


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=patterns.LINE)
]
Name = Annotated[Line, Field(description="Unique, whatever its case.", examples=["Acme"])]
Email = Annotated[
    str,
    Field(min_length=3, max_length=254, pattern=patterns.EMAIL),
    Field(description="Account whose API token is given.", examples=["bot@example.com"]),
]
SiteUrl = Annotated[
    str,
    Field(min_length=8, max_length=300, pattern=patterns.SITE),
    Field(description="Base address of the Jira site, https.", examples=["https://acme.atlassian.net"]),
]
AccountId = Annotated[
    Line,
    Field(
        description="Jira's accountId; Jira is asked where it is absent.",
        examples=["5b10a2844c20165700ede21g"],
    ),
]
ApiToken = Annotated[
    SecretStr,
    Field(min_length=1, max_length=4096, description="API token of the account. Never shown again."),
]
WebhookSecret = Annotated[
    SecretStr,
    Field(min_length=16, max_length=256, description="HMAC secret of the admin webhook. Never shown again."),
]
UserId = Annotated[
    str,
    Field(
        max_length=100,
        pattern=patterns.USER_ID,
        description="Who somebody is, as `X-Casewright-User` names them.",
        examples=["jo@example.com"],
    ),
]
Temperature = Annotated[
    float, Field(strict=True, ge=0, le=2, allow_inf_nan=False, description="From 0 to 2.")
]
OutputTokens = Annotated[
    int, Field(strict=True, ge=1, le=1_000_000, description="Most tokens of one answer.")
]
MOST_USD = 1_000_000_000
ProviderKey = Annotated[
    SecretStr, Field(min_length=1, max_length=4096, description="Key for the provider. Never shown again.")
]
Endpoint = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=8, max_length=500, pattern=patterns.ENDPOINT),
    AfterValidator(_is_endpoint),
]
ModelName = Annotated[Line, Field(description="LiteLLM's name of the model.", examples=["openai/gpt-5-mini"])]
StoryTypes = Annotated[
    tuple[Line, ...],
    Field(min_length=1, max_length=20, description="Issue types that are stories.", examples=[["Story"]]),
]
CriteriaField = Annotated[
    str,
    Field(
        pattern=patterns.CUSTOM_FIELD,
        description="Custom field with acceptance criteria; null where they stand in the description.",
        examples=["customfield_10100"],
    ),
]
MaxCases = Annotated[int, Field(ge=1, le=200, description="Upper bound on the cases of one story.")]
ProjectKey = Annotated[
    str,
    Field(
        min_length=2,
        max_length=50,
        pattern=patterns.PROJECT_KEY,
        description="Jira's key of the project.",
        examples=["SHOP"],
    ),
]

IssueKey = Annotated[
    str,
    Field(max_length=100, pattern=patterns.ISSUE_KEY, examples=["SHOP-12"]),
    Field(description="Jira's key of the issue."),
]

ItemT = TypeVar("ItemT")


class Body(BaseModel):
    """A request's body; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class PageOut(BaseModel, Generic[ItemT]):
    """One page of a list."""

    items: list[ItemT]
    next_cursor: str | None = Field(
        default=None, description="Send it as `cursor` to get the next page; null on the last one."
    )


class OrganisationIn(Body):
    """An organisation to create, or its new name."""

    name: Name


class OrganisationOut(BaseModel):
    """A tenant."""

    id: UUID
    name: str = Field(examples=["Acme"])
    revision: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        """As it is shown."""
        return cls.model_validate(organisation, from_attributes=True)


class ConnectionIn(Body):
    """A Jira site to connect."""

    site_url: SiteUrl
    account_email: Email
    api_token: ApiToken
    account_id: AccountId | None = None
    webhook_secret: WebhookSecret | None = Field(
        default=None, description="HMAC secret of the admin webhook; made up where absent, and shown once."
    )


class ConnectionPatch(Body):
    """What to change; absent or null fields stay. A new address or account needs its `api_token`."""

    site_url: SiteUrl | None = None
    account_email: Email | None = None
    account_id: AccountId | None = None
    api_token: ApiToken | None = None
    webhook_secret: WebhookSecret | None = None


class ConnectionOut(BaseModel):
    """A connected Jira site, without its secrets."""

    id: UUID
    site_url: str = Field(examples=["https://acme.atlassian.net"])
    account_email: str
    account_id: str
    webhook_path: str = Field(examples=["/webhooks/jira/7f3c6c1e-0d6e-4a53-9a51-0b54c6a3a1ce"])
    webhook_url: str = Field(description="Where Jira's admin webhook must point.")
    revision: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, connection: Connection, ingest_url: str, **more: Any) -> Self:
        """As it is shown; `ingest_url` is where Jira reaches the ingest service."""
        path = f"/webhooks/jira/{connection.id}"
        return cls(
            id=connection.id,
            site_url=connection.site_url,
            account_email=connection.account_email,
            account_id=connection.account_id,
            webhook_path=path,
            webhook_url=f"{ingest_url}{path}",
            revision=connection.revision,
            created_at=connection.created_at,
            updated_at=connection.updated_at,
            **more,
        )


class ConnectionCreatedOut(ConnectionOut):
    """A site that was just connected."""

    webhook_secret: str | None = Field(
        default=None, description="The webhook's secret if we made it up: shown now and never again."
    )


class BudgetIn(Body):
    """The most that may be spent on models in a calendar period, in UTC."""

    limit_usd: float = Field(strict=True, ge=0, le=MOST_USD, allow_inf_nan=False, examples=[25])
    period: Literal["day", "month"] = "month"

    def value(self) -> Budget:
        """As events carry it."""
        return Budget(limit_usd=self.limit_usd, period=self.period)


class EngineIn(Body):
    """Who writes the cases: the built-in designer, or a model through LiteLLM.

    What is absent or null is taken from the user's or the organisation's account, then from the system.
    """

    kind: Literal["designer", "model"] = "designer"
    model: ModelName | None = None
    api_base: Endpoint | None = Field(default=None, description="Address of a self-hosted endpoint.")
    provider_key: ProviderKey | None = None
    fallback_model: ModelName | None = Field(default=None, description="Asked where `model` fails.")
    temperature: Temperature | None = None
    max_output_tokens: OutputTokens | None = None
    next_payer: bool = Field(
        default=True,
        description="Whether the next account's key is tried where one fails: user, organisation, system.",
    )
    payer_user_id: UserId | None = Field(
        default=None, description="User who agreed to pay for changes that nobody asked for."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.kind == "model" and self.model is None and (self.api_base or self.provider_key):
            # Else the account's model would decide who gets the key.
            raise ValueError("an address or key of the project needs its `model`")
        if self.kind == "designer" and (self.model_fields_set - {"kind", "next_payer"}) & {
            name for name, value in self if value is not None
        }:
            raise ValueError("the designer takes no model, address, key or other setting of a model")
        return self

    def settings(self) -> EngineSettings:
        """Without the key."""
        return EngineSettings.model_validate(self.model_dump(exclude={"provider_key"}))


class EmbeddingIn(Body):
    """What turns text into vectors."""

    model: ModelName = "local/all-MiniLM-L6-v2"
    dimension: int = Field(default=384, ge=1, le=65_536)
    api_base: Endpoint | None = None
    provider_key: ProviderKey | None = None

    def settings(self) -> EmbeddingSettings:
        """Without the key."""
        return EmbeddingSettings(model=self.model, dimension=self.dimension, api_base=self.api_base)


class ProjectIn(Body):
    """A Jira project whose stories get cases."""

    connection_id: UUID
    project_key: ProjectKey
    story_types: StoryTypes = ("Story",)
    criteria_field: CriteriaField | None = None
    engine: EngineIn = EngineIn()
    embedding: EmbeddingIn = EmbeddingIn()
    max_cases: MaxCases = 20
    write_comment: bool = True
    write_subtasks: bool = False
    subtask_type: Line = "Sub-task"
    depth: Depth = Depth.STANDARD
    budget: BudgetIn | None = Field(default=None, description="Most that this project's cases may cost.")

    def settings(self) -> ProjectSettings:
        """Without the keys."""
        return ProjectSettings(
            story_types=self.story_types,
            criteria_field=self.criteria_field,
            engine=self.engine.settings(),
            embedding=self.embedding.settings(),
            max_cases=self.max_cases,
            write_comment=self.write_comment,
            write_subtasks=self.write_subtasks,
            subtask_type=self.subtask_type,
            depth=self.depth,
            budget=None if self.budget is None else self.budget.value(),
        )


class ProjectPatch(Body):
    """What to change; absent fields stay, `criteria_field` and `budget` may become null.

    `engine` and `embedding` are replaced as a whole, except that an absent `provider_key` keeps the stored
    one; null drops it.
    """

    story_types: StoryTypes | None = None
    criteria_field: CriteriaField | None = None
    engine: EngineIn | None = None
    embedding: EmbeddingIn | None = None
    max_cases: MaxCases | None = None
    write_comment: bool | None = None
    write_subtasks: bool | None = None
    subtask_type: Line | None = None
    depth: Depth | None = None
    budget: BudgetIn | None = None

    def plain_fields(self) -> dict[str, object]:
        """The given fields besides engine and embedding."""
        given = {name: getattr(self, name) for name in self.model_fields_set - {"engine", "embedding"}}
        return {
            name: value.value() if isinstance(value, BudgetIn) else value
            for name, value in given.items()
            if value is not None or name in _MAY_BECOME_NULL
        }


_MAY_BECOME_NULL = frozenset({"criteria_field", "budget"})


class EngineOut(BaseModel):
    """Who writes the cases."""

    kind: Literal["designer", "model"]
    model: str | None
    api_base: str | None
    has_provider_key: bool
    fallback_model: str | None
    temperature: float | None
    max_output_tokens: int | None
    next_payer: bool
    payer_user_id: str | None


class EmbeddingOut(BaseModel):
    """What turns text into vectors."""

    model: str
    dimension: int
    api_base: str | None
    has_provider_key: bool


class ProjectOut(BaseModel):
    """A project and what is done with its stories."""

    id: UUID
    connection_id: UUID
    project_key: str = Field(examples=["SHOP"])
    story_types: tuple[str, ...]
    criteria_field: str | None
    engine: EngineOut
    embedding: EmbeddingOut
    max_cases: int
    write_comment: bool
    write_subtasks: bool
    subtask_type: str
    depth: Depth
    budget: Budget | None
    revision: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, project: Project) -> Self:
        """As it is shown."""
        settings = project.settings
        engine, embedding = settings.engine, settings.embedding
        return cls(
            id=project.id,
            connection_id=project.connection_id,
            project_key=project.project_key,
            story_types=settings.story_types,
            criteria_field=settings.criteria_field,
            engine=EngineOut(
                **engine.model_dump(exclude={"provider_key_ref"}),
                has_provider_key=engine.provider_key_ref is not None,
            ),
            embedding=EmbeddingOut(
                model=embedding.model,
                dimension=embedding.dimension,
                api_base=embedding.api_base,
                has_provider_key=embedding.provider_key_ref is not None,
            ),
            max_cases=settings.max_cases,
            write_comment=settings.write_comment,
            write_subtasks=settings.write_subtasks,
            subtask_type=settings.subtask_type,
            depth=settings.depth,
            budget=settings.budget,
            revision=project.revision,
            created_at=project.created_at,
            updated_at=project.updated_at,
        )
