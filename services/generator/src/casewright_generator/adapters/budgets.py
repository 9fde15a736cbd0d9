"""Budgets: calendar periods in UTC, and what a call may cost at whose expense."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from casewright_common.events import Budget

Scope = Literal["organisation", "project", "user"]
Period = Literal["day", "month"]
PERIODS: Final[tuple[Period, ...]] = ("month", "day")


@dataclass(frozen=True)
class Limit:
    """Somebody at whose expense models are asked; without a budget it is only counted.

    Attributes:
        owner: Id of the project or user; empty for the organisation.
    """

    scope: Scope
    owner: str
    budget: Budget | None = None


@dataclass(frozen=True)
class Charge:
    """What a call may cost, kept free in all budgets that it counts against before it is made.

    Attributes:
        estimate_usd: The most that it is going to cost.
        limits: Whose expense it is.
        at: When it is made: says which periods it belongs to.
    """

    estimate_usd: float
    limits: tuple[Limit, ...]
    at: datetime


class BudgetExceededError(Exception):
    """The call doesn't fit into a budget; nothing was kept free for it.

    Attributes:
        limit: Whose budget it is.
        spent_usd: What is spent and kept free of it, with this call.
        announced: Whether another cause told everybody of the limit in this period.
    """

    def __init__(self, limit: Limit, *, spent_usd: float, announced: bool) -> None:
        super().__init__(f"the budget of {limit.scope} {limit.owner} is exhausted")
        self.limit = limit
        self.spent_usd = spent_usd
        self.announced = announced


def period_of(period: Period, at: datetime) -> str:
    """The period that a moment lies in, such as `2026-11-23` or `2026-11`."""
    return at.astimezone(UTC).strftime("%Y-%m-%d" if period == "day" else "%Y-%m")


def resets_at(period: Period, at: datetime) -> datetime:
    """When the period of a moment ends."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "day":
        return day + timedelta(days=1)
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
