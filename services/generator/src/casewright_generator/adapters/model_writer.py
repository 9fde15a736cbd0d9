"""Cases by a model: prompt, bounded calls, one repair, and an account of what was spent."""

from dataclasses import dataclass
from typing import Final

from casewright_common.events import CaseDraft, EngineUsed
from casewright_generator.adapters.accounts import Accounts, Engine
from casewright_generator.adapters.answer_cache import AnswerCache, NoCache, answer_key
from casewright_generator.adapters.answers import AnswerUnusableError, answer_schema, read_answer
from casewright_generator.adapters.calling import Calling, CallLedger
from casewright_generator.adapters.llm import Answer, Messages, Question
from casewright_generator.adapters.model_metrics import ModelMetrics
from casewright_generator.adapters.prompts import Prompts, fitting
from casewright_generator.errors import ModelFailedError
from casewright_generator.service import Assignment, Notes

_NO_CACHE: Final = NoCache()
_RECITED: Final = "the cases repeat these instructions instead of testing the story"


@dataclass(frozen=True)
class _Read:
    """An answer and the cases in it; without any, why not."""

    answer: Answer
    cases: tuple[CaseDraft, ...]
    problem: str = ""


class ModelWriter:
    """`CaseWriter` by a model, within a budget of calls.

    Args:
        prompts: Which prompt a story gets.
        accounts: Whom to ask with whose key.
        calling: Makes the calls.
        ledger: Where calls are noted.
        cache: Where answers are kept.
        metrics: Counts what is asked again.
    """

    def __init__(
        self,
        prompts: Prompts,
        accounts: Accounts,
        calling: Calling,
        ledger: CallLedger,
        cache: AnswerCache = _NO_CACHE,
        metrics: ModelMetrics | None = None,
    ) -> None:
        self._prompts = prompts
        self._accounts = accounts
        self._calling = calling
        self._ledger = ledger
        self._cache = cache
        self._metrics = metrics or ModelMetrics()

    async def used(self, assignment: Assignment) -> EngineUsed:
        """See `CaseWriter.used`."""
        noted = await self._ledger.calls(assignment.story.org_id, assignment.cause_id)
        answers = [call.answer for call in noted if call.answer is not None]
        paid = [answer for answer in answers if not answer.cached]
        costs = [answer.cost_usd for answer in paid if answer.cost_usd is not None]
        last = answers[-1] if answers else None
        return EngineUsed(
            kind="model",
            model=last.model if last and last.model else self._wanted(assignment),
            prompt_version=self._prompts.of(assignment).version,
            calls=sum(not call.cached for call in noted),
            input_tokens=sum(answer.input_tokens for answer in paid),
            output_tokens=sum(answer.output_tokens for answer in paid),
            cost_usd=sum(costs) if costs else None,
            payer=paid[-1].payer if paid else None,
            cached=any(answer.cached for answer in answers),
        )

    async def notes(self, assignment: Assignment) -> Notes:
        """See `CaseWriter.notes`."""
        return Notes(self._calling.announced(assignment.cause_id), fitting(assignment).omitted)

    async def write(self, assignment: Assignment) -> tuple[CaseDraft, ...]:
        """See `CaseWriter.write`; an answer that can't be read is repaired once, a gap-filling one never."""
        engine = self._accounts.engine(assignment)
        prompt = self._prompts.of(assignment)
        messages = [
            {"role": "system", "content": prompt.system(assignment)},
            {"role": "user", "content": prompt.user(assignment)},
        ]
        read = await self._ask(assignment, engine, "gaps" if assignment.gaps else "write", messages)
        if read.cases or assignment.gaps:
            return read.cases
        messages += [
            {"role": "assistant", "content": read.answer.text},
            {"role": "user", "content": prompt.repair(read.problem)},
        ]
        read = await self._ask(assignment, engine, "repair", messages)
        if not read.cases:
            raise ModelFailedError("model_answer_unusable", "Its answer could not be read, twice.")
        return read.cases

    def _wanted(self, assignment: Assignment) -> str | None:
        try:
            return self._accounts.engine(assignment).model
        except ModelFailedError:
            return assignment.engine.model

    async def _ask(self, assignment: Assignment, engine: Engine, purpose: str, messages: Messages) -> _Read:
        """What an earlier delivery paid for, what was answered before to the same, or a call."""
        noted = await self._ledger.calls(assignment.story.org_id, assignment.cause_id)
        for call in noted:
            if call.purpose == purpose and call.answer is not None:
                return self._read(call.answer, assignment)
        question = Question(
            messages=messages,
            schema=answer_schema(assignment),
            temperature=engine.temperature,
            max_output_tokens=engine.max_output_tokens,
        )
        key = answer_key(
            assignment.story.org_id, engine.model, self._prompts.of(assignment).version, question
        )
        async with self._cache.turn(key) as turn:
            if turn.answer is not None:
                await self._calling.note(assignment, noted, purpose, turn.answer)
                return self._read(turn.answer, assignment)
            if purpose != "write":
                self._metrics.repaired(purpose)
            answer = await self._calling(assignment, engine, noted, purpose, question)
            read = self._read(answer, assignment)
            # What can't be read would stay so, and what another model said is no answer of this one.
            if read.cases and answer.model == engine.model:
                turn.keep = answer
            return read

    def _read(self, answer: Answer, assignment: Assignment) -> _Read:
        try:
            cases = read_answer(answer.text, assignment)
        except AnswerUnusableError as error:
            return _Read(answer, (), str(error))
        prompt = self._prompts.of(assignment)
        by = {"model": answer.model, "prompt_version": prompt.version}
        kept = (case for case in cases if not prompt.is_given_away_by(case, assignment))
        return _Read(answer, tuple(case.model_copy(update=by) for case in kept), _RECITED)
