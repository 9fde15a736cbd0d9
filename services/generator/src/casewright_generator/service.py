"""Generate the cases of a story: once per cause, one at a time per story."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from casewright_common.configuration import Configuration, require_project
from casewright_common.errors import CasewrightError
from casewright_common.events import (
    CaseDraft,
    CasesGeneratedV1,
    Coverage,
    EngineSettings,
    EngineUsed,
    GenerationFailedV1,
    GenerationOutcome,
    GenerationRequestedV1,
    ProjectConfiguredV1,
    StoryChange,
    StoryIndexedV1,
)
from casewright_generator.domain.designer import design
from casewright_generator.domain.gate.verify import Verdict, verify
from casewright_generator.domain.planning.conditions import Plan
from casewright_generator.domain.planning.coverage import covered
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.questions.detail import Detail, questions
from casewright_generator.domain.questions.unclear import unclear
from casewright_generator.domain.reading.analysis import Analysis, analyse
from casewright_generator.errors import ModelFailedError

Cause = StoryIndexedV1 | GenerationRequestedV1
Outcome = CasesGeneratedV1 | GenerationFailedV1

NO_COVERAGE = Coverage(conditions=0, covered=0, criteria=0)


@dataclass(frozen=True)
class Done:
    """An earlier delivery of the cause got this far."""

    event: Outcome


@dataclass(frozen=True)
class Claimed:
    """The story is ours until the lease runs out.

    Attributes:
        story: Its latest revision.
        token: Shows that the claim is ours.
    """

    story: StoryIndexedV1
    cause: Cause
    token: UUID


@dataclass(frozen=True)
class Busy:
    """Somebody else works on the story, for this or another cause."""


@dataclass(frozen=True)
class Superseded:
    """A newer revision of the story is known."""


@dataclass(frozen=True)
class UnknownStory:
    """Cases are asked for of a story that hasn't arrived."""


Opened = Done | Claimed | Busy | Superseded | UnknownStory


class GenerationStore(Protocol):
    """Stories, who works on them, and what came of it."""

    async def open(self, cause: Cause) -> Opened:
        """Take note of the story, and claim it unless somebody else has, or `cause` is dealt with."""
        ...

    async def renew(self, claim: Claimed) -> None:
        """Extend the lease.

        Raises:
            ClaimLostError: Somebody else has the story now.
        """
        ...

    async def release(self, claim: Claimed) -> None:
        """Give the story up without a result; harmless if it is somebody else's by now."""
        ...

    async def complete(self, claim: Claimed, build: Callable[[int], Outcome]) -> Outcome:
        """Store the result, give the story up, and return what was stored.

        Args:
            claim: From `open`.
            build: Makes the event from the number of this generation of the story.

        Raises:
            ClaimLostError: Somebody else has the story now; nothing was stored.
        """
        ...

    async def fail(self, event: GenerationFailedV1) -> Outcome:
        """Store a failure for want of a story, and return what stands for its cause."""
        ...


@dataclass(frozen=True)
class Passage:
    """Text of the same organisation that may help: a similar story, an approved case, a document."""

    kind: str
    issue_key: str
    title: str
    text: str


class ContextSource(Protocol):
    """Where passages come from."""

    async def passages(self, story: StoryIndexedV1) -> tuple[Passage, ...]:
        """The most similar ones of the story's project, best first; few.

        Raises:
            UpstreamUnavailableError: The vector store can't be reached or is too slow.
        """
        ...


@dataclass(frozen=True)
class Assignment:
    """What a writer is asked to do.

    Attributes:
        cause_id: Event that asked for it: calls of a model are counted against it.
        plan: All conditions of the story.
        missing: The conditions to write now; fewer than the plan's when gaps are filled.
        gaps: Whether an earlier answer left `missing` open.
    """

    cause_id: UUID
    story: StoryIndexedV1
    plan: Plan
    missing: Plan
    engine: EngineSettings
    passages: tuple[Passage, ...] = ()
    gaps: bool = False

    @property
    def story_id(self) -> str:
        """Stable id of the story, part of its cases' ids."""
        return f"{self.story.org_id}/{self.story.connection_id}/{self.story.issue_id}"


class CaseWriter(Protocol):
    """What writes cases: the designer, or a model."""

    async def write(self, assignment: Assignment) -> tuple[CaseDraft, ...]:
        """One case for each missing condition, as far as the writer gets.

        Raises:
            ModelFailedError: It wrote nothing that can be used.
        """
        ...

    async def used(self, assignment: Assignment) -> EngineUsed:
        """What has been spent on the cause, in all deliveries of it."""
        ...


class Designer:
    """`CaseWriter` from the plan alone: offline and deterministic."""

    async def write(self, assignment: Assignment) -> tuple[CaseDraft, ...]:
        """A case for every missing condition."""
        return design(assignment.missing, assignment.story.story, story_id=assignment.story_id)

    async def used(self, assignment: Assignment) -> EngineUsed:
        """Nothing is spent."""
        del assignment
        return EngineUsed(kind="designer")


class Observer(Protocol):
    """Who counts."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Measure a stage: `analyse`, `plan`, `retrieve`, `write`, `verify` or `store`."""
        ...

    def generated(self, event: Outcome) -> None:
        """Count a result."""
        ...


@dataclass(frozen=True)
class Timing:
    """How long to wait for what, in seconds.

    Attributes:
        lease_s: A claim that isn't renewed for so long is free again.
        poll_s: Between two looks at a story that somebody else has.
        unknown_story_s: How long a request waits for its story.
    """

    lease_s: float = 12
    poll_s: float = 0.25
    unknown_story_s: float = 20


@dataclass(frozen=True)
class Prepared:
    """What pure code makes of a story."""

    analysis: Analysis
    plan: Plan
    detail: Detail


@dataclass(frozen=True)
class GenerateCases:
    """Analyse, plan, retrieve, write, verify, store."""

    store: GenerationStore
    context: ContextSource
    model: CaseWriter
    configuration: Configuration
    observer: Observer
    clock: Callable[[], datetime]
    designer: CaseWriter = field(default_factory=Designer)
    timing: Timing = Timing()

    async def __call__(self, cause: Cause) -> Outcome | None:
        """Generate, or return what an earlier delivery of `cause` generated.

        Returns `None` where a newer revision of the story is known, or its project is gone.

        Raises:
            NotConfiguredYetError: The project isn't known; the message waits.
            UpstreamUnavailableError: Qdrant, PostgreSQL or the vault is down; retryable.
        """
        removal = isinstance(cause, StoryIndexedV1) and cause.change is StoryChange.REMOVED
        if not removal:
            if self.configuration.is_removed(cause.project_id):
                return None
            require_project(self.configuration, cause.project_id)
        opened = await self._open(cause)
        if isinstance(opened, Done):
            return opened.event
        if isinstance(opened, Superseded):
            return None
        if isinstance(opened, UnknownStory):
            return await self._unknown(cause)
        async with self._held(opened):
            build = await self._generate(opened)
            with self.observer.stage("store"):
                event = await self.store.complete(opened, build)
        self.observer.generated(event)
        return event

    async def _open(self, cause: Cause) -> Done | Claimed | Superseded | UnknownStory:
        waited_s = 0.0
        while True:
            opened = await self.store.open(cause)
            if not isinstance(opened, Busy | UnknownStory):
                return opened
            if isinstance(opened, UnknownStory):
                # Its events come on another topic, perhaps a moment later.
                if waited_s >= self.timing.unknown_story_s:
                    return opened
                waited_s += self.timing.poll_s
            await asyncio.sleep(self.timing.poll_s)

    @asynccontextmanager
    async def _held(self, claim: Claimed) -> AsyncIterator[None]:
        """Keep the lease from running out; give it up at once if the block fails."""
        renewing = asyncio.create_task(self._renew(claim), name="renew claim")
        try:
            yield
        except BaseException:
            with suppress(CasewrightError):
                await asyncio.shield(self.store.release(claim))
            raise
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _renew(self, claim: Claimed) -> None:
        while True:
            await asyncio.sleep(self.timing.lease_s / 4)
            # A claim that is lost shows when the result is stored.
            with suppress(CasewrightError):
                await self.store.renew(claim)

    async def _generate(self, claim: Claimed) -> Callable[[int], Outcome]:
        story = claim.story
        if story.change is StoryChange.REMOVED:
            if isinstance(claim.cause, GenerationRequestedV1):
                return self._failed(claim, "story_removed", f"{story.issue_key} is no longer there.")
            return self._cases(claim, outcome=GenerationOutcome.RETIRED)
        project = require_project(self.configuration, story.project_id)
        # In a thread: a long story must not keep the claim from being renewed.
        prepared = await asyncio.to_thread(self._prepare, story, project.max_cases)
        if not prepared.detail.enough or not prepared.plan.conditions:
            if not prepared.detail.questions:
                return self._failed(claim, "nothing_to_test", f"{story.issue_key} has nothing to test.")
            return self._cases(
                claim, outcome=GenerationOutcome.NEEDS_DETAIL, prepared=prepared, coverage=NO_COVERAGE
            )
        verdict, engine = await self._write(claim, project, prepared)
        if not verdict.accepted:
            asked = prepared.detail.questions or unclear(prepared.analysis, prepared.plan)
            return self._cases(
                claim,
                outcome=GenerationOutcome.NEEDS_DETAIL,
                prepared=replace(prepared, detail=Detail(enough=False, questions=asked)),
                engine=engine,
            )
        return self._cases(
            claim,
            outcome=GenerationOutcome.CASES,
            prepared=prepared,
            cases=verdict.accepted,
            engine=engine,
            coverage=verdict.coverage,
        )

    def _prepare(self, story: StoryIndexedV1, max_cases: int) -> Prepared:
        with self.observer.stage("analyse"):
            analysis = analyse(story.story)
        with self.observer.stage("plan"):
            return Prepared(analysis, plan(analysis, max_cases=max_cases), questions(analysis))

    async def _write(
        self, claim: Claimed, project: ProjectConfiguredV1, prepared: Prepared
    ) -> tuple[Verdict, EngineUsed]:
        assignment = Assignment(
            cause_id=claim.cause.event_id,
            story=claim.story,
            plan=prepared.plan,
            missing=prepared.plan,
            engine=project.engine,
        )
        if project.engine.kind == "designer":
            verdict = await self._attempt(self.designer, assignment, ())
            return verdict, await self.designer.used(assignment)
        with self.observer.stage("retrieve"):
            passages = await self.context.passages(claim.story)
        return await self._by_model(replace(assignment, passages=passages))

    async def _by_model(self, assignment: Assignment) -> tuple[Verdict, EngineUsed]:
        """The model's cases, its gaps filled by itself once and by the designer then."""
        cases: tuple[CaseDraft, ...] = ()
        reason: str | None = None
        try:
            cases = (await self._attempt(self.model, assignment, ())).accepted
            gaps = _missing(assignment, cases)
            if gaps.missing.conditions:
                cases = (await self._attempt(self.model, gaps, cases)).accepted
        except ModelFailedError as error:
            reason = error.reason
        by_model = len(cases)
        verdict = await self._attempt(self.designer, _missing(assignment, cases), cases)
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

    def _cases(
        self,
        claim: Claimed,
        *,
        outcome: GenerationOutcome,
        prepared: Prepared | None = None,
        cases: tuple[CaseDraft, ...] = (),
        engine: EngineUsed = EngineUsed(kind="designer"),  # noqa: B008  # frozen
        coverage: Coverage = NO_COVERAGE,
    ) -> Callable[[int], CasesGeneratedV1]:
        story, cause = claim.story, claim.cause
        occurred_at = self.clock()

        def build(generation: int) -> CasesGeneratedV1:
            return CasesGeneratedV1(
                event_id=CasesGeneratedV1.derive_id(cause.event_id),
                caused_by=cause.event_id,
                occurred_at=occurred_at,
                org_id=story.org_id,
                connection_id=story.connection_id,
                issue_id=story.issue_id,
                issue_key=story.issue_key,
                project_id=story.project_id,
                project_key=story.project_key,
                revision=story.revision,
                generation=generation,
                request_id=cause.request_id if isinstance(cause, GenerationRequestedV1) else None,
                outcome=outcome,
                story_title=story.story.title,
                criteria=prepared.plan.criteria if prepared else story.story.criteria,
                cases=cases,
                questions=prepared.detail.questions if prepared else (),
                engine=engine,
                coverage=coverage,
            )

        return build

    def _failed(self, claim: Claimed, code: str, detail: str) -> Callable[[int], GenerationFailedV1]:
        event = _failure(claim.cause, code, detail, self.clock(), revision=claim.story.revision)
        return lambda _: event

    async def _unknown(self, cause: Cause) -> Outcome:
        detail = f"Nothing is known of {cause.issue_key} yet: edit the story in Jira, or ask again later."
        event = await self.store.fail(_failure(cause, "story_unknown", detail, self.clock()))
        self.observer.generated(event)
        return event


def _missing(assignment: Assignment, cases: Sequence[CaseDraft]) -> Assignment:
    done = covered(assignment.plan, cases)
    left = tuple(condition for condition in assignment.plan.conditions if condition.id not in done)
    return replace(assignment, missing=replace(assignment.plan, conditions=left), gaps=True)


def _failure(
    cause: Cause, code: str, detail: str, occurred_at: datetime, *, revision: int | None = None
) -> GenerationFailedV1:
    return GenerationFailedV1(
        event_id=GenerationFailedV1.derive_id(cause.event_id),
        caused_by=cause.event_id,
        occurred_at=occurred_at,
        org_id=cause.org_id,
        connection_id=cause.connection_id,
        issue_id=cause.issue_id,
        issue_key=cause.issue_key,
        project_id=cause.project_id,
        revision=revision,
        request_id=cause.request_id if isinstance(cause, GenerationRequestedV1) else None,
        code=code,
        detail=detail,
    )
