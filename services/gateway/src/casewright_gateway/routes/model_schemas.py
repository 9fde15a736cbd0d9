"""Bodies and answers about how models are asked: accounts, keys, prompts."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from casewright_common.events import Budget, PromptArm, ProviderKey
from casewright_gateway.domain.records import Account, AccountSettings, PromptResult, Prompts, StoredTemplate
from casewright_gateway.routes import patterns
from casewright_gateway.routes.schemas import (
    Body,
    BudgetIn,
    Endpoint,
    Line,
    ModelName,
    OutputTokens,
    Temperature,
)
from casewright_gateway.routes.schemas import ProviderKey as Secret
from casewright_gateway.service.accounts import KeyEntry
from casewright_gateway.service.projects import KEEP

PromptVersion = Annotated[
    str,
    Field(
        max_length=50,
        pattern=patterns.PROMPT_VERSION,
        description="Name of a prompt version.",
        examples=["short-steps-2"],
    ),
]


class AccountIn(Body):
    """How models are asked, but for the keys; what is absent or null is taken from whoever comes next."""

    model: ModelName | None = None
    fallback_model: ModelName | None = None
    temperature: Temperature | None = None
    max_output_tokens: OutputTokens | None = None
    budget: BudgetIn | None = None

    def settings(self) -> AccountSettings:
        """Without keys."""
        return AccountSettings(
            model=self.model,
            fallback_model=self.fallback_model,
            temperature=self.temperature,
            max_output_tokens=self.max_output_tokens,
            budget=None if self.budget is None else self.budget.value(),
        )


class KeyIn(Body):
    """A key for a provider, or the address of an endpoint that wants none.

    When a key is replaced, an absent `key` keeps the stored one, which stays with provider, address and
    region; null drops it.
    """

    provider: Annotated[
        str,
        Field(
            max_length=50,
            pattern=patterns.PROVIDER,
            description="LiteLLM's name of the provider: the first part of its models' names.",
            examples=["openai"],
        ),
    ]
    key: Secret | None = None
    api_base: Endpoint | None = Field(default=None, description="Address of the endpoint.")
    api_version: Annotated[str, Field(max_length=50, pattern=patterns.API_VERSION)] | None = Field(
        default=None, description="Azure's version of the API.", examples=["2025-04-01-preview"]
    )
    region: Annotated[str, Field(max_length=30, pattern=patterns.REGION)] | None = Field(
        default=None, description="Bedrock's region.", examples=["eu-central-1"]
    )
    weight: int = Field(
        default=1, strict=True, ge=1, le=100, description="Share of the calls among its provider's keys."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.provider == "azure" and self.api_base is None:
            raise ValueError("Azure needs the address of the resource in `api_base`")
        if self.provider == "bedrock":
            if self.region is None:
                raise ValueError("Bedrock needs its `region`")
            if self.key is not None and ":" not in self.key.get_secret_value():
                raise ValueError("Bedrock's key is `access key id:secret access key`")
        return self

    def entry(self, *, replaces: bool) -> KeyEntry:
        """As a value; `replaces` a key that is stored."""
        return KeyEntry(
            provider=self.provider,
            secret=KEEP if replaces and "key" not in self.model_fields_set else self.key,
            api_base=self.api_base,
            api_version=self.api_version,
            region=self.region,
            weight=self.weight,
        )


class NewKeyIn(KeyIn):
    """A key for a provider, or the address of an endpoint that wants none."""

    @model_validator(mode="after")
    def _of_use(self) -> Self:
        if self.key is None and self.api_base is None:
            raise ValueError("a key, or the address of an endpoint that wants none, is needed")
        return self


class KeyOut(BaseModel):
    """A provider's key, without the key."""

    key_id: UUID
    provider: str = Field(examples=["openai"])
    has_key: bool
    api_base: str | None
    api_version: str | None
    region: str | None
    weight: int

    @classmethod
    def of(cls, key: ProviderKey) -> Self:
        """As it is shown."""
        return cls(**key.model_dump(exclude={"key_ref"}), has_key=key.key_ref is not None)


class AccountOut(BaseModel):
    """How models are asked."""

    user_id: str | None = Field(description="Null for the organisation itself.")
    model: str | None
    fallback_model: str | None
    temperature: float | None
    max_output_tokens: int | None
    budget: Budget | None
    keys: tuple[KeyOut, ...]
    revision: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, account: Account) -> Self:
        """As it is shown."""
        settings = account.settings
        return cls(
            **settings.model_dump(exclude={"keys", "budget"}),
            budget=settings.budget,
            keys=tuple(KeyOut.of(key) for key in settings.keys),
            user_id=account.user_id,
            revision=account.revision,
            created_at=account.created_at,
            updated_at=account.updated_at,
        )


class TemplateIn(Body):
    """A version of the prompt to add."""

    version: PromptVersion
    template: str = Field(
        min_length=1,
        max_length=32_768,
        pattern=patterns.TEXT,
        description="Jinja2 with the blocks `system`, `user` and `repair`; no calls, imports or macros. "
        "What comes from the tracker is shown between two `{{ fence }}`.",
    )


class TemplateOut(BaseModel):
    """A version of the prompt."""

    version: str
    template: str
    created_at: datetime

    @classmethod
    def of(cls, template: StoredTemplate) -> Self:
        """As it is shown."""
        return cls.model_validate(template, from_attributes=True)


class ArmIn(Body):
    """A version that takes part, with its share of the stories."""

    version: PromptVersion
    weight: int = Field(default=1, strict=True, ge=1, le=1000)


class ExperimentIn(Body):
    """Which versions the stories are shared among; no arms end the experiment."""

    name: Line = Field(description="A new name deals the stories anew.", examples=["short steps"])
    arms: list[ArmIn] = Field(default_factory=list, max_length=20)

    def values(self) -> tuple[PromptArm, ...]:
        """The arms as events carry them."""
        return tuple(PromptArm(version=arm.version, weight=arm.weight) for arm in self.arms)


class PromptsOut(BaseModel):
    """An organisation's prompts."""

    own: tuple[TemplateOut, ...] = Field(description="Versions that the organisation wrote.")
    ours: tuple[str, ...] = Field(description="Versions that Casewright brings.")
    experiment: str = Field(description="Empty where there never was one.")
    arms: tuple[PromptArm, ...] = Field(description="Empty where the system's choice holds.")
    revision: int

    @classmethod
    def of(cls, prompts: Prompts, ours: tuple[str, ...]) -> Self:
        """As it is shown."""
        settings = prompts.settings
        return cls(
            own=tuple(TemplateOut.of(each) for each in settings.templates),
            ours=ours,
            experiment=settings.experiment,
            arms=settings.arms,
            revision=prompts.revision,
        )


class PromptResultOut(BaseModel):
    """What people made of the cases of one prompt version and model."""

    version: str
    model: str
    approved: int
    edited: int
    rejected: int
    open: int = Field(description="Cases that nobody has decided on yet.")
    acceptance: float | None = Field(
        description="Share of the decided cases that were approved or edited; null before the first."
    )

    @classmethod
    def of(cls, result: PromptResult) -> Self:
        """As it is shown."""
        accepted = result.approved + result.edited
        decided = accepted + result.rejected
        return cls(
            version=result.version,
            model=result.model,
            approved=result.approved,
            edited=result.edited,
            rejected=result.rejected,
            open=result.open,
            acceptance=accepted / decided if decided else None,
        )


class PromptResultsOut(BaseModel):
    """By version and model."""

    items: list[PromptResultOut]
