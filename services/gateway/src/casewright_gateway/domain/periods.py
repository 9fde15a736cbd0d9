"""Periods of budgets: calendar days and months in UTC."""

from datetime import UTC, datetime
from typing import Literal


def began(period: Literal["day", "month"], at: datetime) -> datetime:
    """When the period that a moment lies in began."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day if period == "day" else day.replace(day=1)
