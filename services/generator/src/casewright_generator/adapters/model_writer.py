"""Cases by a model: prompt, bounded calls, one repair, and an account of what was spent."""

import asyncio
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from casewright_common.events import CaseDraft, EngineUsed
from casewright_generator.adapters.answers import AnswerUnusableError, answer_schema, read_answer
from casewright_generator.adapters.llm import Answer, LiteLLM, Messages, TransientModelError
from casewright_generator.adapters.prompts import Prompt, choose_version, load_prompt
from casewright_generator.errors import ModelFailedError
from casewright_generator.service import Assignment
from casewright_generator.settings import ModelSettings

_FIRST_WAIT_S: Final = 0.5


@dataclass(frozen=True)
class Call:
    """One call for a cause; without an answer it failed, or its process was killed."""

    number: int
    purpose: str
    answer: Answer | None


class CallLedger(Protocol):
    """Every call, noted before it is made."""

    async def calls(self, org_id: UUID, cause_id: UUID) -> tuple[Call, ...]:
        """All calls for a cause, in all deliveries of it, by number."""
        ...

    async def begin(self, org_id: UUID, cause_id: UUID, *, number: int, purpose: str) -> None:
        """Note a call that is about to be made.

        Raises:
            ClaimLostError: There is one of that number: somebody else works on the same cause.
        """
        ...

    async def finish(self, org_id: UUID, cause_id: UUID, *, number: int, answer: Answer) -> None:
        """Keep the answer, so that it needn't be paid for again."""
        ...


class ModelWriter:
    """`CaseWriter` by a model, within a budget of calls.

    Args:
        settings: Bounds.
        model: What is asked.
        ledger: Where calls are noted.
    """

    def __init__(self, settings: ModelSettings, model: LiteLLM, ledger: CallLedger) -> None:
        self._settings = settings
        self._model = model
        self._ledger = ledger
        self._prompts: dict[str, Prompt] = {v: load_prompt(v) for v in settings.prompt_versions}

    async def used(self, assignment: Assignment) -> EngineUsed:
        """See `CaseWriter.used`."""
        calls = await self._ledger.calls(assignment.story.org_id, assignment.cause_id)
        answers = [call.answer for call in calls if call.answer is not None]
        costs = [answer.cost_usd for answer in answers if answer.cost_usd is not None]
        return EngineUsed(
            kind="model",
            model=assignment.engine.model,
            prompt_version=self._prompt(assignment).version,
            calls=len(calls),
            input_tokens=sum(answer.input_tokens for answer in answers),
            output_tokens=sum(answer.output_tokens for answer in answers),
            cost_usd=sum(costs) if costs else None,
        )

    async def write(self, assignment: Assignment) -> tuple[CaseDraft, ...]:
        """See `CaseWriter.write`; an answer that can't be read is repaired once, a gap-filling one never."""
        prompt = self._prompt(assignment)
        messages = [
            {"role": "system", "content": prompt.system(assignment)},
            {"role": "user", "content": prompt.user(assignment)},
        ]
        answer = await self._ask(assignment, "gaps" if assignment.gaps else "write", messages)
        try:
            return read_answer(answer.text, assignment)
        except AnswerUnusableError as error:
            if assignment.gaps:
                return ()
            messages += [
                {"role": "assistant", "content": answer.text},
                {"role": "user", "content": prompt.repair(str(error))},
            ]
        answer = await self._ask(assignment, "repair", messages)
        try:
            return read_answer(answer.text, assignment)
        except AnswerUnusableError as error:
            raise ModelFailedError("model_answer_unusable", "Its answer could not be read, twice.") from error

    def _prompt(self, assignment: Assignment) -> Prompt:
        return self._prompts[choose_version(self._settings.prompt_versions, assignment.story_id)]

    async def _ask(self, assignment: Assignment, purpose: str, messages: Messages) -> Answer:
        """Call until there is an answer or the budget is spent; or take what an earlier delivery paid for."""
        org_id, cause_id = assignment.story.org_id, assignment.cause_id
        calls = await self._ledger.calls(org_id, cause_id)
        for call in calls:
            if call.purpose == purpose and call.answer is not None:
                return call.answer
        wait_s = _FIRST_WAIT_S
        for number in range(len(calls) + 1, self._settings.max_calls + 1):
            await self._ledger.begin(org_id, cause_id, number=number, purpose=purpose)
            try:
                answer = await self._model.complete(
                    org_id, assignment.engine, messages, schema=answer_schema(assignment)
                )
            except TransientModelError as error:
                wait_s = max(wait_s * 2, error.wait_s or 0)
                if wait_s > self._settings.longest_retry_wait_s or number == self._settings.max_calls:
                    break
                await asyncio.sleep(wait_s)
            else:
                await self._ledger.finish(org_id, cause_id, number=number, answer=answer)
                return answer
        else:
            raise ModelFailedError("call_budget_exhausted", "All calls for this generation are spent.")
        raise ModelFailedError("model_unavailable", "The model could not be reached, or is overloaded.")
