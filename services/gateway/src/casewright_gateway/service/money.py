"""What models cost, what may be spent, and what a generation is going to cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from casewright_common.events import BudgetExhaustedV1, ConnectionStatus, ModelCataloguedV1
from casewright_gateway.domain.errors import NotApplicableError, NotFoundError
from casewright_gateway.domain.estimate import NOTHING, Bounds, Estimate, estimate
from casewright_gateway.domain.records import AccountSettings, BudgetState, Model, Page
from casewright_gateway.service.stores import ConfigurationStore, ConfigurationUnit


class MoneyStore(Protocol):
    """What models cost, and which budgets there are."""

    async def save_model(self, event: ModelCataloguedV1) -> None:
        """Keep the model's prices unless newer ones are known."""
        ...

    async def save_exhausted(self, event: BudgetExhaustedV1) -> None:
        """Keep that a limit is reached, unless something newer is known of that budget."""
        ...

    async def models(
        self, org_id: UUID, *, limit: int, cursor: str | None, provider: str | None, text: str | None
    ) -> Page[Model]:
        """By name; raises `NotFoundError` for an unknown organisation."""
        ...

    async def model(self, name: str) -> Model | None:
        """By its whole name, or else by the name that its provider gives it."""
        ...

    async def budgets(self, org_id: UUID, *, at: datetime) -> Sequence[BudgetState]:
        """The organisation's own, then its projects' and users', as they stand at a moment.

        What is spent is told by runs: one under way isn't in it, and neither is what a failed one cost.

        Raises:
            NotFoundError: No such organisation.
        """
        ...


@dataclass(frozen=True)
class KeepMoney:
    """Takes in prices and limits that are reached."""

    store: MoneyStore

    async def model_catalogued(self, event: ModelCataloguedV1) -> None:
        """A model has these prices."""
        await self.store.save_model(event)

    async def budget_exhausted(self, event: BudgetExhaustedV1) -> None:
        """A budget's limit is reached."""
        await self.store.save_exhausted(event)


@dataclass(frozen=True)
class EstimateGeneration:
    """What a story's cases are going to cost, without asking anybody.

    Attributes:
        bounds: Of a generation whose settings say nothing else.
    """

    configuration: ConfigurationStore
    money: MoneyStore
    now: Callable[[], datetime]
    bounds: Bounds

    async def __call__(self, org_id: UUID, story_id: UUID, *, user_id: str, model: str | None) -> Estimate:
        """The estimate.

        Args:
            org_id: The organisation.
            story_id: The story.
            user_id: Who would ask: their account goes before the organisation's.
            model: A model to look at instead of the one that would be asked.

        Raises:
            NotFoundError: No such organisation or story.
            NotApplicableError: The story's project was removed.
        """
        async with self.configuration.begin(org_id) as unit:
            await unit.organisation()
            story = await unit.story(story_id=story_id, issue_key=None)
            try:
                engine = (await unit.project(story.project_id)).settings.engine
            except NotFoundError as error:
                raise NotApplicableError("The story's project was removed.") from error
            accounts = [await _account(unit, user_id), await _account(unit, None)]
        if engine.kind == "designer" and model is None:
            return Estimate(engine="designer", model=None, least=NOTHING, most=NOTHING)
        names = (model, engine.model, *(each.model for each in accounts))
        limits = (engine.max_output_tokens, *(each.max_output_tokens for each in accounts))
        chosen = next((name for name in names if name is not None), None)
        bounds = Bounds(
            calls=self.bounds.calls,
            output_tokens=next((most for most in limits if most is not None), self.bounds.output_tokens),
        )
        price = None if chosen is None else await self.money.model(chosen)
        least, most = estimate(
            story.title or "", story.text or "", story.criteria, price=price, bounds=bounds
        )
        return Estimate(engine="model", model=chosen, least=least, most=most)


async def _account(unit: ConfigurationUnit, user_id: str | None) -> AccountSettings:
    account = await unit.account(user_id)
    active = account is not None and account.status is ConnectionStatus.ACTIVE
    return account.settings if account is not None and active else AccountSettings()
