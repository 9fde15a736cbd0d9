"""Jira's limits on bursts and on writes to one issue, as sliding windows."""

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Limit:
    """At most `count` calls in any `window_s` seconds."""

    count: int
    window_s: float


@dataclass(frozen=True)
class Verdict:
    """Whether a call may pass, and what the headers say."""

    allowed: bool
    limit: int
    remaining: int
    retry_after_s: float


@dataclass
class SlidingWindow:
    """The calls of one account and method, or the writes to one issue."""

    limits: tuple[Limit, ...]
    _calls: deque[float] = field(default_factory=deque)

    def take(self, now: float) -> Verdict:
        """Count one call at `now` (seconds, monotonic); a refused call is not counted."""
        longest = max(limit.window_s for limit in self.limits)
        while self._calls and self._calls[0] <= now - longest:
            self._calls.popleft()
        verdicts = [self._verdict(limit, now) for limit in self.limits]
        refused = [verdict for verdict in verdicts if not verdict.allowed]
        if refused:
            return max(refused, key=lambda verdict: verdict.retry_after_s)
        self._calls.append(now)
        return min(verdicts, key=lambda verdict: verdict.remaining)

    def _verdict(self, limit: Limit, now: float) -> Verdict:
        recent = [call for call in self._calls if call > now - limit.window_s]
        remaining = limit.count - len(recent)
        if remaining > 0:
            return Verdict(allowed=True, limit=limit.count, remaining=remaining - 1, retry_after_s=0)
        wait_s = recent[-limit.count] + limit.window_s - now
        return Verdict(allowed=False, limit=limit.count, remaining=0, retry_after_s=wait_s)
