"""Calls of models for one generation: by which key, how often, at whose expense, and when to give up."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from casewright_common.events import BudgetExhaustedV1
from casewright_generator.adapters.accounts import Engine, Payer, Route
from casewright_generator.adapters.breaker import Breaker
from casewright_generator.adapters.budgets import BudgetExceededError, Charge, Limit, period_of, resets_at
from casewright_generator.adapters.llm import Answer, LiteLLM, Question, TransientModelError
from casewright_generator.adapters.model_metrics import ModelMetrics
from casewright_generator.adapters.prices import estimate_usd, sets_own_price
from casewright_generator.adapters.progress import LiveProgress, Unwatched
from casewright_generator.errors import ModelFailedError
from casewright_generator.service import Assignment
from casewright_generator.settings import ModelSettings

_FIRST_WAIT_S: Final = 0.5
_TRIES: Final = 2
"""Of one way to a model, while there is another."""
_MOST_EXHAUSTED: Final = 1000
_UNWATCHED: Final = Unwatched()
# The key's fault, or its address's: with another key the same model may answer.
_OF_THE_KEY: Final = frozenset({"model_key_rejected", "model_quota_exhausted"})
_OF_THE_ROUTE: Final = _OF_THE_KEY | {
    "secret_unreadable",
    "address_refused",
    "model_address_missing",
    "model_region_missing",
    "provider_key_missing",
    "model_circuit_open",
    "model_unavailable",
}


@dataclass(frozen=True)
class Call:
    """One call for a cause; without an answer it failed, or its process was killed."""

    number: int
    purpose: str
    answer: Answer | None

    @property
    def cached(self) -> bool:
        """Whether nobody was asked."""
        return self.answer is not None and self.answer.cached


class CallLedger(Protocol):
    """Every call, noted before it is made, with what is kept free for it in the budgets."""

    async def calls(self, org_id: UUID, cause_id: UUID) -> tuple[Call, ...]:
        """All calls for a cause, in all deliveries of it, by number."""
        ...

    async def begin(
        self,
        org_id: UUID,
        cause_id: UUID,
        *,
        number: int,
        purpose: str,
        model: str | None = None,
        payer: Payer | None = None,
        charge: Charge | None = None,
    ) -> None:
        """Note a call that is about to be made, and keep its charge free.

        Raises:
            ClaimLostError: There is one of that number: somebody else works on the same cause.
            BudgetExceededError: It doesn't fit into a budget; nothing is noted.
        """
        ...

    async def finish(
        self, org_id: UUID, cause_id: UUID, *, number: int, answer: Answer, charge: Charge | None = None
    ) -> None:
        """Keep the answer, so that it needn't be paid for again, and settle what it cost."""
        ...

    async def fail(
        self,
        org_id: UUID,
        cause_id: UUID,
        *,
        number: int,
        failure: str,
        charge: Charge | None = None,
        paid: bool = False,
    ) -> None:
        """Note why there is no answer, and free its charge; or spend it, where it may have been paid for."""
        ...

    async def note(self, org_id: UUID, cause_id: UUID, *, number: int, purpose: str, answer: Answer) -> None:
        """Note an answer that nobody was asked for."""
        ...

    async def announced(self, org_id: UUID, cause_id: UUID, limit: Limit, at: datetime) -> None:
        """Note that this cause tells everybody of an exhausted budget, for the rest of its period."""
        ...


class Calling:
    """Asks until there is an answer or no way left, within the generation's budget of calls.

    Args:
        settings: Bounds.
        model: What is asked.
        ledger: Where calls are noted.
        breaker: Knows who keeps failing.
        clock: Says which period of a budget it is.
        progress: Who watches.
        metrics: Counts calls and what they cost.
    """

    def __init__(
        self,
        settings: ModelSettings,
        model: LiteLLM,
        ledger: CallLedger,
        *,
        breaker: Breaker,
        clock: Callable[[], datetime],
        progress: LiveProgress = _UNWATCHED,
        metrics: ModelMetrics | None = None,
    ) -> None:
        self._settings = settings
        self._model = model
        self._ledger = ledger
        self._breaker = breaker
        self._clock = clock
        self._progress = progress
        self._metrics = metrics or ModelMetrics()
        self._exhausted: OrderedDict[UUID, BudgetExhaustedV1] = OrderedDict()

    def announced(self, cause_id: UUID) -> tuple[BudgetExhaustedV1, ...]:
        """What everybody is to be told with the result of that cause."""
        event = self._exhausted.pop(cause_id, None)
        return () if event is None else (event,)

    async def note(self, assignment: Assignment, noted: Sequence[Call], purpose: str, answer: Answer) -> None:
        """Note an answer out of the cache."""
        await self._ledger.note(
            assignment.story.org_id,
            assignment.cause_id,
            number=len(noted) + 1,
            purpose=purpose,
            answer=answer,
        )

    async def __call__(
        self,
        assignment: Assignment,
        engine: Engine,
        noted: Sequence[Call],
        purpose: str,
        question: Question,
    ) -> Answer:
        """Ask.

        Args:
            assignment: Whose calls these are.
            engine: The ways, in order.
            noted: What the ledger holds of the cause.
            purpose: What for, as the ledger has it.
            question: What is asked.

        Raises:
            ModelFailedError: There is no answer; of several reasons the first.
        """
        ways = deque(engine.routes)
        left = self._settings.max_calls - sum(not call.cached for call in noted)
        number = len(noted)
        first: ModelFailedError | None = None
        tries, wait_s = 0, _FIRST_WAIT_S
        while ways:
            route = ways[0]
            if left <= 0:
                first = first or ModelFailedError(
                    "call_budget_exhausted", "All calls for this generation are spent."
                )
                break
            if not await self._breaker.allows(route):
                failure = ModelFailedError("model_circuit_open", "It kept failing; it is left alone a while.")
            else:
                left, number, tries = left - 1, number + 1, tries + 1
                try:
                    return await self._once(assignment, engine, route, number, purpose, question)
                except TransientModelError as error:
                    pause_s = max(wait_s, error.wait_s or 0) if error.wait_s != 0 else 0
                    patient = pause_s <= self._settings.longest_retry_wait_s
                    again = tries < _TRIES if len(ways) > 1 else left > 0
                    if again and patient and not (error.limited and len(ways) > 1):
                        self._metrics.retried(route)
                        await asyncio.sleep(pause_s)
                        wait_s *= 2
                        continue
                    failure = ModelFailedError(
                        "model_unavailable", "The model could not be reached, or is overloaded."
                    )
                except ModelFailedError as error:
                    failure = error
                    if error.reason in {"budget_exhausted", "model_price_unknown"}:
                        raise
            first = first or failure
            tries, wait_s = 0, _FIRST_WAIT_S
            ways = self._others(ways, failure.reason, left)
        if first is None:
            raise ModelFailedError("provider_key_missing", "There is nobody to ask.")
        raise first

    def _others(self, ways: deque[Route], reason: str, left: int) -> deque[Route]:
        """The ways that remain when the first one led nowhere."""
        route, *others = ways
        if reason not in _OF_THE_ROUTE:
            others = [way for way in others if way.model != route.model]
        if others and left > 0:
            self._metrics.fell_back(route, others[0], reason)
        return deque(others)

    async def _once(
        self,
        assignment: Assignment,
        engine: Engine,
        route: Route,
        number: int,
        purpose: str,
        question: Question,
    ) -> Answer:
        """One call, noted before and after.

        Raises:
            TransientModelError: The next one may go better.
            ModelFailedError: This way leads nowhere.
        """
        org_id, cause_id = assignment.story.org_id, assignment.cause_id
        charge = self._charge(engine, route, question)
        try:
            await self._ledger.begin(
                org_id,
                cause_id,
                number=number,
                purpose=purpose,
                model=route.model,
                payer=route.payer,
                charge=charge,
            )
        except BudgetExceededError as error:
            self._metrics.budget_refused(error.limit.scope)
            await self._breaker.released(route)
            await self._tell(assignment, error)
            raise ModelFailedError(
                "budget_exhausted", f"The budget of the {error.limit.scope} is exhausted."
            ) from error
        listener = await self._progress.listener(assignment, "gaps" if purpose == "gaps" else "write")
        began = time.perf_counter()
        try:
            answer = await self._model.complete(org_id, route, question, on_text=listener)
        except (TransientModelError, ModelFailedError) as error:
            reason = error.reason if isinstance(error, ModelFailedError) else "transient"
            self._metrics.failed(route, reason, time.perf_counter() - began)
            await self._failed(route, error)
            await self._ledger.fail(
                org_id,
                cause_id,
                number=number,
                failure=reason,
                charge=charge,
                # Who doesn't answer in time may send a bill nevertheless.
                paid=reason == "model_timed_out",
            )
            raise
        self._metrics.answered(route, answer, time.perf_counter() - began)
        await self._ledger.finish(org_id, cause_id, number=number, answer=answer, charge=charge)
        await self._breaker.worked(route)
        return answer

    def _charge(self, engine: Engine, route: Route, question: Question) -> Charge | None:
        """What the call may cost; `None` where that isn't known or for nobody to know but the user.

        Raises:
            ModelFailedError: A budget is to be kept, and can't be without a price.
        """
        if sets_own_price(route.model, route.api_base):
            return None
        size = sum(len(message["content"].encode(errors="replace")) for message in question.messages)
        estimate = estimate_usd(route.model, prompt_bytes=size, output_tokens=engine.max_output_tokens)
        if estimate is None:
            if any(limit.budget is not None for limit in engine.limits):
                raise ModelFailedError(
                    "model_price_unknown", f"Nobody knows what {route.model} costs, and there is a budget."
                )
            return None
        return Charge(estimate, engine.limits, self._clock())

    async def _failed(self, route: Route, error: TransientModelError | ModelFailedError) -> None:
        if isinstance(error, TransientModelError):
            if error.wait_s == 0:
                await self._breaker.released(route)
            else:
                await self._breaker.failed(route)
        elif error.reason in _OF_THE_KEY:
            await self._breaker.failed(route, at_once=True)
        elif error.reason == "model_timed_out":
            await self._breaker.failed(route)
        else:
            await self._breaker.released(route)

    async def _tell(self, assignment: Assignment, error: BudgetExceededError) -> None:
        """Have an exhausted budget announced, once per period: every delivery of one cause says the same."""
        budget, now = error.limit.budget, self._clock()
        if budget is None or error.announced:
            return
        story, limit = assignment.story, error.limit
        period = period_of(budget.period, now)
        await self._ledger.announced(story.org_id, assignment.cause_id, limit, now)
        self._exhausted[assignment.cause_id] = BudgetExhaustedV1(
            event_id=BudgetExhaustedV1.derive_id(
                story.org_id, limit.scope, limit.owner, period, budget.limit_usd
            ),
            caused_by=assignment.cause_id,
            occurred_at=now,
            org_id=story.org_id,
            connection_id=story.connection_id,
            issue_id=story.issue_id,
            issue_key=story.issue_key,
            project_id=story.project_id,
            scope=limit.scope,
            user_id=limit.owner if limit.scope == "user" else None,
            limit_usd=budget.limit_usd,
            spent_usd=error.spent_usd,
            resets_at=resets_at(budget.period, now),
        )
        while len(self._exhausted) > _MOST_EXHAUSTED:
            self._exhausted.popitem(last=False)
