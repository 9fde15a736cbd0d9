"""How fast Jira may be asked, and how long to wait when it says so."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

MAX_TRIES = 4
"""Tries at one call before it is given back to the delivery runtime."""

FIRST_WAIT_S = 2.0
JITTER = (0.7, 1.3)


class LimitScope(StrEnum):
    """What a 429 is about."""

    SITE = "site"
    """A quota is used up: nothing may be asked until it is reset."""
    ENDPOINT = "endpoint"
    """Too many calls at once."""
    ISSUE = "issue"
    """Too many writes to one issue."""


def scope_of(reason: str | None) -> LimitScope:
    """What a `RateLimit-Reason` is about; without one, as with a burst."""
    if reason is not None and reason.startswith("jira-quota"):
        return LimitScope.SITE
    return LimitScope.ISSUE if reason == "jira-per-issue-on-write" else LimitScope.ENDPOINT


def told_wait_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that the answer asks to wait, at least 0; `None` where it doesn't say.

    Args:
        headers: Of the answer, with names looked up without regard to case.
        now: With a time zone.
    """
    try:
        return max(0.0, float(headers["Retry-After"]))
    except (KeyError, ValueError):
        pass
    try:
        return max(0.0, (datetime.fromisoformat(headers["X-RateLimit-Reset"]) - now).total_seconds())
    except (KeyError, ValueError, TypeError):
        return None


def wait_s(attempt: int, told_s: float | None, jitter: float, *, first_s: float = FIRST_WAIT_S) -> float:
    """Seconds to wait after failed try number `attempt`, from 1.

    Args:
        attempt: Number of the try that failed.
        told_s: What Jira asked for, if it did; never undercut, only exceeded.
        jitter: Factor within `JITTER`.
        first_s: Wait after the first try where Jira names none; it doubles with each further one.
    """
    if told_s is not None:
        return told_s * max(1.0, jitter)
    return first_s * 2.0 ** (attempt - 1) * jitter


class Rate:
    """A bucket that lets through at most `per_window` calls in any `window_s` seconds.

    Source:
        The generic cell rate algorithm: burst plus refill of one window together make `per_window`.
    """

    def __init__(self, per_window: int, window_s: float = 1.0) -> None:
        self.burst = max(1, per_window // 8)
        self.interval_s = window_s / max(1, per_window - self.burst)

    def reserve(self, booked_until: float, now: float) -> tuple[float, float]:
        """Seconds until the next call may go, and the new `booked_until`; times in seconds of one clock."""
        booked = max(booked_until, now)
        return max(0.0, booked - (self.burst - 1) * self.interval_s - now), booked + self.interval_s
