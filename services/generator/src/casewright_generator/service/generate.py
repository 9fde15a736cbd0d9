"""Generate the cases of a story: once per cause, one at a time per story."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from casewright_common.configuration import Configuration, require_project
from casewright_common.errors import CasewrightError
from casewright_common.events import (
    CaseChange,
    Criterion,
    EngineUsed,
    GenerationOutcome,
    GenerationRequestedV1,
    Omission,
    OmittedKind,
    OpenQuestion,
    ProjectConfiguredV1,
    Story,
    StoryChange,
    StoryIndexedV1,
)
from casewright_generator.domain.change.past import Past
from casewright_generator.domain.learning.rejected import most_like
from casewright_generator.domain.planning.conditions import Plan
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.questions import ask
from casewright_generator.domain.reading.analysis import MAX_CRITERIA, Analysis, analyse
from casewright_generator.domain.requirements.model import Requirements
from casewright_generator.domain.requirements.reading import read
from casewright_generator.service import results
from casewright_generator.service.change import Work, conclude, work_out
from casewright_generator.service.ports import (
    Assignment,
    Build,
    Busy,
    CaseWriter,
    Cause,
    Claimed,
    ContextSource,
    Done,
    GenerationStore,
    Lessons,
    LessonSource,
    NoLessons,
    NoProgress,
    Observer,
    Progress,
    Published,
    Result,
    Superseded,
    Timing,
    UnknownStory,
)
from casewright_generator.service.results import Found
from casewright_generator.service.writing import Designer, Writing, Written


@dataclass(frozen=True)
class Prepared:
    """What pure code makes of a story and its past."""

    analysis: Analysis
    requirements: Requirements
    work: Work
    questions: tuple[OpenQuestion, ...]


@dataclass(frozen=True)
class GenerateCases:
    """Recall, analyse, plan, retrieve, write, verify, store."""

    store: GenerationStore
    context: ContextSource
    model: CaseWriter
    configuration: Configuration
    observer: Observer
    clock: Callable[[], datetime]
    designer: CaseWriter = field(default_factory=Designer)
    lessons: LessonSource = field(default_factory=NoLessons)
    progress: Progress = field(default_factory=NoProgress)
    timing: Timing = field(default_factory=Timing)

    async def __call__(self, cause: Cause) -> tuple[Published, ...]:
        """Generate, or return what an earlier delivery of `cause` generated: what to publish, in order.

        Nothing where a newer revision of the story is known, or its project is gone; else the outcome last.

        Raises:
            NotConfiguredYetError: The project isn't known; the message waits.
            UpstreamUnavailableError: Qdrant, PostgreSQL or the vault is down; retryable.
        """
        removal = isinstance(cause, StoryIndexedV1) and cause.change is StoryChange.REMOVED
        if not removal:
            if self.configuration.is_removed(cause.project_id):
                return ()
            require_project(self.configuration, cause.project_id)
        opened = await self._open(cause)
        if isinstance(opened, Done):
            return opened.events
        if isinstance(opened, Superseded):
            return ()
        if isinstance(opened, UnknownStory):
            return await self._unknown(cause)
        async with self._held(opened):
            build = await self._generate(opened)
            with self.observer.stage("store"):
                result = await self.store.complete(opened, build)
        self.observer.generated(result.outcome)
        return result.events

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

    async def _generate(self, claim: Claimed) -> Build:
        story = claim.story
        if story.change is StoryChange.REMOVED:
            return self._removed(claim)
        project = require_project(self.configuration, story.project_id)
        with self.observer.stage("recall"):
            past, lessons = await self.store.past(claim), await self.lessons.lessons(story)
        # In a thread: a long story must not keep the claim from being renewed.
        prepared = await asyncio.to_thread(self._prepare, claim, project, past, lessons)
        work = prepared.work
        written = Written(engine=_as_before(past))
        if work.wanted.conditions:
            assignment = Assignment(
                cause_id=claim.cause.event_id,
                story=story,
                plan=work.plan,
                missing=work.wanted,
                engine=project.engine,
                requested_by=_requested_by(claim.cause),
                rejections=most_like(work.wanted, work.rejected),
                standing=work.kept,
                exclusions=work.exclusions,
            )
            written = await self._writing(assignment, (*work.own, *lessons.accepted))
            await self.progress.tell(assignment, "store")
        occurred_at = self.clock()

        def build(generation: int, past: Past) -> Result:
            return _result(claim, prepared, written, past, generation=generation, occurred_at=occurred_at)

        return build

    def _removed(self, claim: Claimed) -> Build:
        story, occurred_at = claim.story, self.clock()

        def build(generation: int, past: Past) -> Result:
            if isinstance(claim.cause, GenerationRequestedV1):
                return Result(
                    results.failed(
                        claim.cause,
                        "story_removed",
                        f"{story.issue_key} is no longer there: restore it in Jira first.",
                        occurred_at=occurred_at,
                        revision=story.revision,
                    ),
                    shelf=frozenset(known.draft.case_id for known in past.cases),
                )
            retired = tuple(
                known.case.model_copy(update={"change": CaseChange.RETIRED})
                for known in past.cases
                if known.listed and not known.is_rejected
            )
            found = Found(GenerationOutcome.RETIRED, criteria=story.story.criteria, retired=retired)
            return Result(
                results.generated(claim, found, generation=generation, occurred_at=occurred_at),
                shelf=frozenset(known.draft.case_id for known in past.cases),
            )

        return build

    @property
    def _writing(self) -> Writing:
        return Writing(self.context, self.model, self.observer, self.designer, self.progress)

    def _prepare(
        self, claim: Claimed, project: ProjectConfiguredV1, past: Past, lessons: Lessons
    ) -> Prepared:
        story = claim.story
        with self.observer.stage("analyse"):
            analysis = analyse(story.story)
            # Running text may hold criteria that nobody marked: their places are looked up too.
            requirements = read(story.story.model_copy(update={"criteria": analysis.criteria}))

        def planned(most: int) -> Plan:
            return plan(analysis, max_cases=most, depth=project.depth, exclusions=requirements.exclusions)

        with self.observer.stage("plan"):
            work = work_out(
                planned,
                past,
                lessons,
                again=isinstance(claim.cause, GenerationRequestedV1),
                max_cases=project.max_cases,
                story=story,
                exclusions=requirements.exclusions,
            )
            told = replace(work.plan, conditions=(*work.plan.conditions, *work.turned_down))
            asked = ask(story.story, requirements, analysis, told, story_id=claim.story_id)
            return Prepared(analysis, requirements, work, asked)

    async def _unknown(self, cause: Cause) -> tuple[Published, ...]:
        detail = f"Nothing is known of {cause.issue_key} yet: edit the story in Jira, or ask again later."
        event = await self.store.fail(
            results.failed(cause, "story_unknown", detail, occurred_at=self.clock())
        )
        self.observer.generated(event)
        return (event,)


def _result(
    claim: Claimed,
    prepared: Prepared,
    written: Written,
    past: Past,
    *,
    generation: int,
    occurred_at: datetime,
) -> Result:
    """What the generation came to, given what people decided up to now."""
    concluded = conclude(prepared.work, written.cases, past)
    cases, retired = concluded.composition.cases, concluded.composition.retired
    asked = prepared.questions
    covered_elsewhere = not cases and concluded.coverage.approved > 0
    if not cases and not covered_elsewhere:
        if prepared.work.turned_down and not retired:
            return _failed(
                claim,
                "all_cases_rejected",
                "People turned down all that could be written: edit the criteria, or decide anew on a case.",
                written,
                occurred_at,
            )
        asked = asked or _at_least_one(claim, prepared)
        if not asked:
            return _failed(
                claim,
                "nothing_to_test",
                f"{claim.story.issue_key} says nothing that can be tested: add criteria to it in Jira.",
                written,
                occurred_at,
            )
    found = Found(
        GenerationOutcome.CASES if cases or covered_elsewhere else GenerationOutcome.NEEDS_DETAIL,
        criteria=_placed(prepared),
        cases=cases,
        retired=retired,
        questions=asked,
        omitted=(*_unread(claim.story.story), *concluded.omitted, *written.notes.omitted),
        engine=written.engine,
        coverage=concluded.coverage,
    )
    event = results.generated(claim, found, generation=generation, occurred_at=occurred_at)
    return Result(event, written.notes.announced, concluded.shelf)


def _failed(claim: Claimed, code: str, detail: str, written: Written, occurred_at: datetime) -> Result:
    revision = claim.story.revision
    event = results.failed(claim.cause, code, detail, occurred_at=occurred_at, revision=revision)
    return Result(event, written.notes.announced)


def _at_least_one(claim: Claimed, prepared: Prepared) -> tuple[OpenQuestion, ...]:
    """What to ask where no case came of what was planned."""
    nothing = replace(prepared.work.plan, conditions=())
    return ask(claim.story.story, prepared.requirements, prepared.analysis, nothing, story_id=claim.story_id)


def _placed(prepared: Prepared) -> tuple[Criterion, ...]:
    """The criteria of the plan, each with its place in the story."""
    places = {criterion.id: criterion.source for criterion in prepared.requirements.criteria}
    return tuple(
        one.model_copy(update={"source": places.get(one.id, one.source)})
        for one in prepared.work.plan.criteria
    )


def _unread(story: Story) -> tuple[Omission, ...]:
    """Criteria that nobody read."""
    count = story.criteria_left_out + max(0, len(story.criteria) - MAX_CRITERIA)
    if not count:
        return ()
    detail = "The story has more criteria than are read: split it."
    return (Omission(kind=OmittedKind.CRITERIA, count=count, detail=detail),)


def _as_before(past: Past) -> EngineUsed:
    """What wrote the cases that are kept; it cost nothing this time."""
    if past.engine is None:
        return EngineUsed(kind="designer")
    return EngineUsed(
        kind=past.engine.kind, model=past.engine.model, prompt_version=past.engine.prompt_version
    )


def _requested_by(cause: Cause) -> str | None:
    return cause.requested_by if isinstance(cause, GenerationRequestedV1) else None
