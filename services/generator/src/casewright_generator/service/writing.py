"""Who writes: the designer, or a model whose gaps it fills."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from casewright_common.events import CaseDraft, EngineUsed
from casewright_generator.domain.designer import design, tags
from casewright_generator.domain.gate.verify import Verdict, verify
from casewright_generator.domain.gherkin import scenario
from casewright_generator.domain.learning.accepted import Accepted, examples
from casewright_generator.domain.planning.coverage import covered
from casewright_generator.errors import ModelFailedError
from casewright_generator.service.ports import (
    Assignment,
    CaseWriter,
    ContextSource,
    NoProgress,
    Notes,
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

    async def notes(self, assignment: Assignment) -> Notes:
        """Nothing is left out."""
        del assignment
        return Notes()


@dataclass(frozen=True)
class Written:
    """What was written, and what it cost."""

    cases: tuple[CaseDraft, ...] = ()
    engine: EngineUsed = field(default_factory=lambda: EngineUsed(kind="designer"))
    notes: Notes = field(default_factory=Notes)


@dataclass(frozen=True)
class Writing:
    """Retrieve, write, verify: the cases of an assignment."""

    context: ContextSource
    model: CaseWriter
    observer: Observer
    designer: CaseWriter = field(default_factory=Designer)
    progress: Progress = field(default_factory=NoProgress)

    async def __call__(self, assignment: Assignment, accepted: Sequence[Accepted] = ()) -> Written:
        """The cases that pass the gate.

        Args:
            assignment: What is to be written.
            accepted: Cases of the project that people accepted: the most similar ones become examples.

        Raises:
            UpstreamUnavailableError: Qdrant is down.
        """
        if assignment.engine.kind == "designer":
            await self.progress.tell(assignment, "design")
            verdict = await self._attempt(self.designer, assignment, ())
            return Written(verdict.accepted, await self.designer.used(assignment))
        await self.progress.tell(assignment, "retrieve")
        with self.observer.stage("retrieve"):
            passages = await self.context.passages(assignment.story)
        nearest = [(one.issue_key, one.title) for one in passages if one.kind == "case"]
        found = [Accepted(one.case, one.issue_key) for one in passages if one.case is not None]
        shown = examples((*accepted, *found), assignment.story.story, assignment.missing, nearest=nearest)
        return await self._by_model(replace(assignment, passages=passages, examples=shown))

    async def _by_model(self, assignment: Assignment) -> Written:
        """The model's cases, its gaps filled by itself once and by the designer then."""
        cases: tuple[CaseDraft, ...] = ()
        reason: str | None = None
        try:
            await self.progress.tell(assignment, "write")
            cases = (await self._attempt(self.model, assignment, ())).accepted
            gaps = _gaps(assignment, cases)
            if gaps.missing.conditions:
                await self.progress.tell(gaps, "gaps")
                cases = (await self._attempt(self.model, gaps, cases)).accepted
        except ModelFailedError as error:
            reason = error.reason
        by_model = len(cases)
        left = _gaps(assignment, cases)
        if left.missing.conditions:
            await self.progress.tell(left, "design")
            cases = (await self._attempt(self.designer, left, cases)).accepted
        used, notes = await self.model.used(assignment), await self.model.notes(assignment)
        if by_model:
            return Written(cases, used.model_copy(update={"fallback_reason": reason}), notes)
        reason = reason or "model_cases_rejected"
        return Written(cases, used.model_copy(update={"kind": "designer", "fallback_reason": reason}), notes)

    async def _attempt(
        self, writer: CaseWriter, assignment: Assignment, before: Sequence[CaseDraft]
    ) -> Verdict:
        """Verify what the writer adds to the cases there are; one case per condition is kept."""
        with self.observer.stage("write"):
            written = [_whole(case, assignment) for case in await writer.write(assignment)]
        unique = {case.case_id: case for case in (*reversed(written), *before)}
        order = {condition.description: index for index, condition in enumerate(assignment.plan.conditions)}
        cases = sorted(unique.values(), key=lambda case: order.get(case.condition, len(order)))
        await self.progress.tell(assignment, "verify")
        with self.observer.stage("verify"):
            return verify(
                cases,
                assignment.plan,
                assignment.story.story,
                context=tuple(passage.text for passage in assignment.passages),
                approved=assignment.standing,
                exclusions=assignment.exclusions,
            )


def _gaps(assignment: Assignment, cases: Sequence[CaseDraft]) -> Assignment:
    done = covered(assignment.missing, cases)
    left = tuple(condition for condition in assignment.missing.conditions if condition.id not in done)
    return replace(assignment, missing=replace(assignment.missing, conditions=left), gaps=True)


def _whole(case: CaseDraft, assignment: Assignment) -> CaseDraft:
    """The case with what its writer left to others: tags, and the same as Gherkin."""
    condition = assignment.plan.find(case.condition)
    if not case.tags and condition is not None:
        case = case.model_copy(update={"tags": tags(condition, assignment.story.story.labels)})
    return case if case.gherkin else case.model_copy(update={"gherkin": scenario(case)})
