"""What the use cases need of the world, and the values that they exchange with it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from casewright_common.events import (
    BudgetExhaustedV1,
    CaseDraft,
    CasesGeneratedV1,
    CasesReviewedV1,
    EngineSettings,
    EngineUsed,
    GenerationFailedV1,
    GenerationRequestedV1,
    Omission,
    StoryIndexedV1,
)
from casewright_generator.domain.change.past import Past
from casewright_generator.domain.learning.accepted import Accepted
from casewright_generator.domain.learning.rejected import Rejected
from casewright_generator.domain.planning.conditions import Plan

Cause = StoryIndexedV1 | GenerationRequestedV1
Outcome = CasesGeneratedV1 | GenerationFailedV1
Announced = BudgetExhaustedV1
Published = Outcome | Announced


def story_id(story: StoryIndexedV1) -> str:
    """Stable id of a story, part of the ids of its cases and questions."""
    return f"{story.org_id}/{story.connection_id}/{story.issue_id}"


@dataclass(frozen=True)
class Done:
    """An earlier delivery of the cause got this far.

    Attributes:
        events: What it published: the outcome last.
    """

    events: tuple[Published, ...]


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

    @property
    def story_id(self) -> str:
        """See `story_id`."""
        return story_id(self.story)


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


@dataclass(frozen=True)
class Result:
    """What a generation came to.

    Attributes:
        announced: Published before the outcome, in this order, and again with every redelivery.
        shelf: Cases that aren't listed any more, but are kept in case they are wanted again.
    """

    outcome: Outcome
    announced: tuple[Announced, ...] = ()
    shelf: frozenset[UUID] = frozenset()

    @property
    def events(self) -> tuple[Published, ...]:
        """All that is published, in order."""
        return (*self.announced, self.outcome)


Build = Callable[[int, Past], Result]
"""Makes the result from the number of this generation of the story, and what is known of its cases then."""


class GenerationStore(Protocol):
    """Stories, who works on them, their cases, and what came of it."""

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

    async def past(self, claim: Claimed) -> Past:
        """What is known of the story's cases."""
        ...

    async def complete(self, claim: Claimed, build: Build) -> Result:
        """Store the result, give the story up, and return what was stored.

        Args:
            claim: From `open`.
            build: Is told the past as it is now: a decision that came meanwhile is in it, and one that comes
                later waits for this.

        Raises:
            ClaimLostError: Somebody else has the story now; nothing was stored.
        """
        ...

    async def fail(self, event: GenerationFailedV1) -> Outcome:
        """Store a failure for want of a story, and return what stands for its cause."""
        ...


class Retell(Protocol):
    """Makes of a story's latest event what a decision leaves of it."""

    def __call__(
        self, latest: CasesGeneratedV1, review: CasesReviewedV1, *, generation: int
    ) -> CasesGeneratedV1 | None:
        """The new event, whose number is `generation`; `None` where nothing changes."""
        ...


class ReviewStore(Protocol):
    """What people decided about cases."""

    async def record(self, review: CasesReviewedV1, retell: Retell) -> CasesGeneratedV1 | None:
        """Keep the decision, unless one that is as late is kept, and tell the story's cases anew.

        Returns:
            What `retell` made of the latest event, stored; the same for every delivery of `review`.
        """
        ...


@dataclass(frozen=True)
class Lessons:
    """What people decided about the cases of a project's other stories, the latest first; bounded."""

    accepted: tuple[Accepted, ...] = ()
    rejected: tuple[Rejected, ...] = ()


class LessonSource(Protocol):
    """Where lessons come from."""

    async def lessons(self, story: StoryIndexedV1) -> Lessons:
        """Of the project of the story, without the story itself."""
        ...


class NoLessons:
    """`LessonSource` of a project in which nobody decided anything."""

    async def lessons(self, story: StoryIndexedV1) -> Lessons:
        """None."""
        del story
        return Lessons()


@dataclass(frozen=True)
class Passage:
    """Text of the same project that may help.

    Attributes:
        kind: `story`, `case` (that somebody accepted) or `document`.
        issue_key: Empty for a document.
        case: The whole case; `None` for a story or document.
    """

    kind: str
    issue_key: str
    title: str
    text: str
    case: CaseDraft | None = None


class ContextSource(Protocol):
    """Where passages come from."""

    async def passages(self, story: StoryIndexedV1) -> tuple[Passage, ...]:
        """The most similar ones of the story's project: cases, documents, stories, each best first; few.

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
        requested_by: Who asked, as the accounts name them; `None` where a change of the story did.
        examples: Cases of the same project that people approved or edited, the most similar first; few.
        rejections: Cases of the same project that people turned down, the most similar first; few.
        standing: Cases of the story that stay as they are; they must not be repeated.
        exclusions: What the story leaves out, as written: no case may be about it.
    """

    cause_id: UUID
    story: StoryIndexedV1
    plan: Plan
    missing: Plan
    engine: EngineSettings
    passages: tuple[Passage, ...] = ()
    gaps: bool = False
    requested_by: str | None = None
    examples: tuple[CaseDraft, ...] = ()
    rejections: tuple[Rejected, ...] = ()
    standing: tuple[CaseDraft, ...] = ()
    exclusions: tuple[str, ...] = ()

    @property
    def story_id(self) -> str:
        """See `story_id`."""
        return story_id(self.story)


@dataclass(frozen=True)
class Notes:
    """What a writer has to say beside the cases.

    Attributes:
        announced: Published before the outcome; the same for every delivery of the cause.
        omitted: What didn't fit what it was asked with.
    """

    announced: tuple[Announced, ...] = ()
    omitted: tuple[Omission, ...] = ()


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

    async def notes(self, assignment: Assignment) -> Notes:
        """What else there is to say of the cause; asked once, after the last `write`."""
        ...


class Observer(Protocol):
    """Who counts."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Measure a stage: `recall`, `analyse`, `plan`, `retrieve`, `write`, `verify` or `store`."""
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


class Progress(Protocol):
    """Who watches a generation live."""

    async def tell(self, assignment: Assignment, stage: str, text: str = "") -> None:
        """Say what is being done: `retrieve`, `write`, `gaps`, `design`, `verify` or `store`. Never raises.

        Args:
            assignment: Whose `cause_id` names the generation.
            stage: What begins.
            text: Partial output, or what can be said of the stage; may be empty.
        """
        ...


class NoProgress:
    """`Progress` that nobody watches."""

    async def tell(self, assignment: Assignment, stage: str, text: str = "") -> None:
        """Nothing is told."""
