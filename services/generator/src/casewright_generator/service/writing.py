"""Who writes: the designer, or a model whose gaps it fills."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from casewright_common.events import CaseDraft, EngineUsed
from casewright_generator.domain.designer import design
from casewright_generator.domain.gate.verify import Verdict, verify
from casewright_generator.domain.planning.coverage import covered
from casewright_generator.errors import ModelFailedError
from casewright_generator.service.ports import (
    Assignment,
    CaseWriter,
    ContextSource,
    NoProgress,
    Observer,
    Progress,
)


class Designer:
    """`CaseWriter` from the plan alone: offline and deterministic."""

    async def write(self, assignment: Assignment) -> tuple[CaseDraft, ...]:
        """A case for every missing condition."""
        return design(assignment.missing, assignment.story.story, story_id=assignment.story_id)

    async def used(self, assignment: Assignment) -> EngineUsed:
        """Nothing is spent."""
        del assignment
        return EngineUsed(kind="designer")


@dataclass(frozen=True)
class Writing:
    """Retrieve, write, verify: the cases of an assignment."""

    context: ContextSource
    model: CaseWriter
    observer: Observer
    designer: CaseWriter = field(default_factory=Designer)
    progress: Progress = field(default_factory=NoProgress)

    async def __call__(self, assignment: Assignment) -> tuple[Verdict, EngineUsed]:
        """What became of the cases, and what it cost.

        Raises:
            UpstreamUnavailableError: Qdrant is down.
        """
        if assignment.engine.kind == "designer":
            await self.progress.tell(assignment, "design")
            verdict = await self._attempt(self.designer, assignment, ())
            return verdict, await self.designer.used(assignment)
        await self.progress.tell(assignment, "retrieve")
        with self.observer.stage("retrieve"):
            passages = await self.context.passages(assignment.story)
        return await self._by_model(replace(assignment, passages=passages))

    async def _by_model(self, assignment: Assignment) -> tuple[Verdict, EngineUsed]:
        """The model's cases, its gaps filled by itself once and by the designer then."""
        cases: tuple[CaseDraft, ...] = ()
        reason: str | None = None
        try:
            await self.progress.tell(assignment, "write")
            cases = (await self._attempt(self.model, assignment, ())).accepted
            gaps = _missing(assignment, cases)
            if gaps.missing.conditions:
                await self.progress.tell(gaps, "gaps")
                cases = (await self._attempt(self.model, gaps, cases)).accepted
        except ModelFailedError as error:
            reason = error.reason
        by_model = len(cases)
        left = _missing(assignment, cases)
        if left.missing.conditions:
            await self.progress.tell(left, "design")
        verdict = await self._attempt(self.designer, left, cases)
        used = await self.model.used(assignment)
        if by_model:
            return verdict, used.model_copy(update={"fallback_reason": reason})
        reason = reason or "model_cases_rejected"
        return verdict, used.model_copy(update={"kind": "designer", "fallback_reason": reason})

    async def _attempt(
        self, writer: CaseWriter, assignment: Assignment, before: Sequence[CaseDraft]
    ) -> Verdict:
        """Verify what the writer adds to the cases there are; one case per condition is kept."""
        written: tuple[CaseDraft, ...] = ()
        if assignment.missing.conditions:
            with self.observer.stage("write"):
                written = await writer.write(assignment)
        unique = {case.case_id: case for case in (*reversed(written), *before)}
        order = {condition.description: index for index, condition in enumerate(assignment.plan.conditions)}
        cases = sorted(unique.values(), key=lambda case: order.get(case.condition, len(order)))
        with self.observer.stage("verify"):
            return verify(
                cases,
                assignment.plan,
                assignment.story.story,
                context=tuple(passage.text for passage in assignment.passages),
            )


def _missing(assignment: Assignment, cases: Sequence[CaseDraft]) -> Assignment:
    done = covered(assignment.plan, cases)
    left = tuple(condition for condition in assignment.plan.conditions if condition.id not in done)
    return replace(assignment, missing=replace(assignment.plan, conditions=left), gaps=True)
