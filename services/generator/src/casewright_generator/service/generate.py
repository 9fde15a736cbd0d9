"""Generate the cases of a story: once per cause, one at a time per story."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from casewright_common.configuration import Configuration, require_project
from casewright_common.errors import CasewrightError
from casewright_common.events import (
    CaseDraft,
    CasesGeneratedV1,
    Coverage,
    EngineUsed,
    GenerationFailedV1,
    GenerationOutcome,
    GenerationRequestedV1,
    StoryChange,
    StoryIndexedV1,
)
from casewright_generator.domain.planning.conditions import Plan
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.questions.detail import Detail, questions
from casewright_generator.domain.questions.unclear import unclear
from casewright_generator.domain.reading.analysis import Analysis, analyse
from casewright_generator.service.ports import (
    Assignment,
    Busy,
    CaseWriter,
    Cause,
    Claimed,
    ContextSource,
    Done,
    GenerationStore,
    NoProgress,
    Observer,
    Outcome,
    Progress,
    Superseded,
    Timing,
    UnknownStory,
)
from casewright_generator.service.writing import Designer, Writing

NO_COVERAGE = Coverage(conditions=0, covered=0, criteria=0)


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
    progress: Progress = field(default_factory=NoProgress)
    timing: Timing = field(default_factory=Timing)

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
        assignment = Assignment(
            cause_id=claim.cause.event_id,
            story=story,
            plan=prepared.plan,
            missing=prepared.plan,
            engine=project.engine,
            requested_by=claim.cause.requested_by if isinstance(claim.cause, GenerationRequestedV1) else None,
        )
        verdict, engine = await self._writing(assignment)
        await self.progress.tell(assignment, "store")
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

    @property
    def _writing(self) -> Writing:
        return Writing(self.context, self.model, self.observer, self.designer, self.progress)

    def _prepare(self, story: StoryIndexedV1, max_cases: int) -> Prepared:
        with self.observer.stage("analyse"):
            analysis = analyse(story.story)
        with self.observer.stage("plan"):
            return Prepared(analysis, plan(analysis, max_cases=max_cases), questions(analysis))

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
