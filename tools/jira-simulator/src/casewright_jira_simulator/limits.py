"""Refuses calls that are too many, with the headers of Jira Cloud's rate limits."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil
from time import monotonic

from casewright_jira_simulator.domain.rate_limits import Limit, SlidingWindow, Verdict
from casewright_jira_simulator.errors import JiraError
from casewright_jira_simulator.settings import SimulatorSettings


class RateLimits:
    """Bursts per account and method, writes per issue. `enabled` may be switched while running."""

    def __init__(self, settings: SimulatorSettings, clock: Callable[[], float] = monotonic) -> None:
        self.enabled = settings.rate_limits
        self._clock = clock
        read = (Limit(settings.burst_read_per_s, 1.0),)
        write = (Limit(settings.burst_write_per_s, 1.0),)
        per_issue = (Limit(settings.issue_writes_per_2s, 2.0), Limit(settings.issue_writes_per_30s, 30.0))
        self._bursts = {"GET": read, "POST": read, "PUT": write, "DELETE": write}
        self._calls: dict[tuple[str, str], SlidingWindow] = {}
        self._writes: defaultdict[str, SlidingWindow] = defaultdict(lambda: SlidingWindow(per_issue))

    def call(self, account_id: str, method: str) -> dict[str, str]:
        """Count a call and return its headers.

        Raises:
            JiraError: 429 with reason `jira-burst-based`.
        """
        if not self.enabled or method not in self._bursts:
            return {}
        window = self._calls.setdefault((account_id, method), SlidingWindow(self._bursts[method]))
        return _headers(window.take(self._clock()), "jira-burst-based")

    def write(self, issue_id: str) -> None:
        """Count a write to one issue.

        Raises:
            JiraError: 429 with reason `jira-per-issue-on-write`.
        """
        if self.enabled:
            _headers(self._writes[issue_id].take(self._clock()), "jira-per-issue-on-write")


def _headers(verdict: Verdict, reason: str) -> dict[str, str]:
    headers = {"X-RateLimit-Limit": str(verdict.limit), "X-RateLimit-Remaining": str(verdict.remaining)}
    if verdict.allowed:
        if verdict.remaining < verdict.limit / 5:
            headers["X-RateLimit-NearLimit"] = "true"
        return headers
    wait_s = ceil(verdict.retry_after_s)
    reset = datetime.now(UTC) + timedelta(seconds=wait_s)
    headers |= {
        "Retry-After": str(wait_s),
        "X-RateLimit-Reset": f"{reset:%Y-%m-%dT%H:%MZ}",
        "RateLimit-Reason": reason,
    }
    raise JiraError(429, "Rate limit exceeded.", headers=headers)
