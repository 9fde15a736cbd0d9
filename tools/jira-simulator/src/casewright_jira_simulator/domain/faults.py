"""Faults that are injected on request: which ones strike a call is decided here, by seed and count."""

from fnmatch import fnmatchcase
from random import Random
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

RestFaultKind = Literal["status", "slow", "timeout_after_effect", "cut_before_effect", "cut_after_effect"]
WebhookFaultKind = Literal["webhook_duplicate", "webhook_unordered"]


class FaultPlan(BaseModel):
    """What goes wrong, for which calls, how often.

    Attributes:
        kind: `status` answers an error without an effect; `slow` delays the whole call;
            `timeout_after_effect` does the work and answers too late; `cut_before_effect` and
            `cut_after_effect` close the connection without an answer; `webhook_duplicate` delivers an
            event twice; `webhook_unordered` delays it so that later events of the issue overtake it.
        method: HTTP method, `*` for any. For webhook faults: ignored.
        path: Glob over the path, `*` also matches `/`. For webhook faults: glob over the event name.
        probability: Share of the matching calls that are struck, decided by `seed`.
        count: Strike at most so often; `None` for no end.
        skip: Let so many matching calls pass first.
        status: Status of `status`.
        headers: Headers of `status`, such as Retry-After. A 429 without any is a case of its own.
        delay_s: Length of `slow`, `timeout_after_effect` and `webhook_unordered`; `None` with
            `timeout_after_effect`: no answer ever.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: RestFaultKind | WebhookFaultKind
    method: str = "*"
    path: str = "*"
    probability: float = Field(default=1.0, gt=0, le=1)
    count: int | None = Field(default=None, ge=1)
    skip: int = Field(default=0, ge=0)
    seed: int = 0
    status: int = Field(default=503, ge=400, le=599)
    headers: dict[str, str] = {}
    delay_s: float | None = Field(default=None, ge=0, le=3600)

    @property
    def on_webhooks(self) -> bool:
        """Whether this concerns deliveries and not REST calls."""
        return self.kind in {"webhook_duplicate", "webhook_unordered"}


class Fault:
    """A plan at work: it counts what it saw and what it struck."""

    def __init__(self, fault_id: str, plan: FaultPlan) -> None:
        self.id = fault_id
        self.plan = plan
        self.seen = 0
        self.struck = 0
        self._random = Random(plan.seed)  # noqa: S311 - reproducible faults, no secret

    def strikes(self, method: str, path: str) -> bool:
        """Whether this call is struck; each matching call moves the seeded sequence on."""
        plan = self.plan
        if plan.method not in {"*", method} or not fnmatchcase(path, plan.path):
            return False
        self.seen += 1
        if self.seen <= plan.skip or (plan.count is not None and self.struck >= plan.count):
            return False
        if self._random.random() >= plan.probability:
            return False
        self.struck += 1
        return True


class FaultSet:
    """All faults in force, in the order they were added; the first that strikes wins."""

    def __init__(self) -> None:
        self.faults: dict[str, Fault] = {}
        self._last = 0

    def add(self, plan: FaultPlan) -> Fault:
        """Put a fault in force."""
        self._last += 1
        fault = Fault(str(self._last), plan)
        self.faults[fault.id] = fault
        return fault

    def for_call(self, method: str, path: str) -> FaultPlan | None:
        """The fault that strikes a REST call."""
        return self._first(method, path, on_webhooks=False)

    def for_event(self, event: str) -> FaultPlan | None:
        """The fault that strikes a webhook event."""
        return self._first("*", event, on_webhooks=True)

    def _first(self, method: str, path: str, *, on_webhooks: bool) -> FaultPlan | None:
        for fault in self.faults.values():
            if fault.plan.on_webhooks is on_webhooks and fault.strikes(method, path):
                return fault.plan
        return None
