"""Models and prices, budgets, and what a story's cases are going to cost."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from casewright_gateway.domain.estimate import RULE, Estimate
from casewright_gateway.domain.records import BudgetState, Model
from casewright_gateway.routes import patterns
from casewright_gateway.routes.conventions import (
    DEFAULT_LIMIT,
    PREFIX,
    Caller,
    Cursor,
    Limit,
    OrganisationId,
    problems,
)
from casewright_gateway.routes.schemas import Line, PageOut
from casewright_gateway.service.money import EstimateGeneration, MoneyStore

_Provider = Annotated[
    str | None,
    Query(max_length=50, pattern=patterns.PROVIDER, description="Only those of one provider."),
]
_Text = Annotated[
    str | None,
    Query(
        min_length=1, max_length=200, pattern=patterns.SEARCH, description="Only those with that in the name."
    ),
]


class ModelOut(BaseModel):
    """A model and its prices; null for what isn't known."""

    model: str = Field(examples=["openai/gpt-5-mini"])
    provider: str = Field(examples=["openai"])
    input_usd_per_million_tokens: float | None
    output_usd_per_million_tokens: float | None
    context_tokens: int | None

    @classmethod
    def of(cls, model: Model) -> Self:
        """As it is shown."""
        return cls.model_validate(model, from_attributes=True)


class AmountOut(BaseModel):
    """Tokens and price of a whole generation."""

    calls: int
    input_tokens: int
    output_tokens: int
    usd: float | None = Field(description="Null where the model's price isn't known.")


class EstimateOut(BaseModel):
    """What a story's cases are going to cost."""

    engine: Literal["designer", "model"]
    model: str | None = Field(description="Null for the designer, and where the system's choice holds.")
    least: AmountOut
    most: AmountOut
    rule: str = Field(description="How it was reckoned.")

    @classmethod
    def of(cls, estimate: Estimate) -> Self:
        """As it is shown."""
        return cls.model_validate(
            {
                "engine": estimate.engine,
                "model": estimate.model,
                "least": estimate.least,
                "most": estimate.most,
                "rule": RULE,
            },
            from_attributes=True,
        )


class BudgetOut(BaseModel):
    """A budget, what is spent of it, and whether its limit is reached."""

    scope: Literal["organisation", "project", "user"]
    project_id: UUID | None
    user_id: str | None
    limit_usd: float
    period: Literal["day", "month"] = Field(description="Calendar period in UTC.")
    spent_usd: float = Field(
        description="What the runs that ended in the period cost, as far as prices are known; where the limit"
        " is reached, with the estimate of the call that was refused."
    )
    exhausted_until: datetime | None = Field(description="Until then no model is asked at its expense.")

    @classmethod
    def of(cls, state: BudgetState) -> Self:
        """As it is shown."""
        return cls.model_validate(
            {
                "scope": state.scope,
                "project_id": state.owner if state.scope == "project" else None,
                "user_id": state.owner if state.scope == "user" else None,
                "limit_usd": state.budget.limit_usd,
                "period": state.budget.period,
                "spent_usd": state.spent_usd,
                "exhausted_until": state.exhausted_until,
            }
        )


class BudgetsOut(BaseModel):
    """The organisation's budget, then those of its projects and users."""

    items: list[BudgetOut]


def build_router(money: MoneyStore, estimate: EstimateGeneration) -> APIRouter:
    """`/organisations/{organisation_id}/models`, `…/budgets` and `…/stories/{story_id}/estimate`."""
    router = APIRouter(prefix=PREFIX + "/organisations/{organisation_id}", tags=["models"])

    @router.get("/models", operation_id="listModels", responses=problems(404))
    async def list_models(
        organisation_id: OrganisationId,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        provider: _Provider = None,
        text: _Text = None,
    ) -> PageOut[ModelOut]:
        """Models and their prices, by name."""
        page = await money.models(organisation_id, limit=limit, cursor=cursor, provider=provider, text=text)
        return PageOut(items=[ModelOut.of(item) for item in page.items], next_cursor=page.next_cursor)

    @router.get("/budgets", operation_id="listBudgets", responses=problems(404))
    async def list_budgets(organisation_id: OrganisationId) -> BudgetsOut:
        """All budgets, what is spent of each in its period, and which limits are reached."""
        found = await money.budgets(organisation_id, at=estimate.now())
        return BudgetsOut(items=[BudgetOut.of(each) for each in found])

    @router.get(
        "/stories/{story_id}/estimate", operation_id="estimateGeneration", responses=problems(404, 409)
    )
    async def estimate_generation(
        organisation_id: OrganisationId,
        story_id: Annotated[UUID, Path(description="Id of the story.")],
        caller: Caller,
        model: Annotated[
            Line | None, Query(description="A model to look at instead of the one that would be asked.")
        ] = None,
    ) -> EstimateOut:
        """What the story's cases are going to cost, before anybody is asked."""
        return EstimateOut.of(await estimate(organisation_id, story_id, user_id=caller, model=model))

    return router
