"""What the use cases need of the world, and the values that they exchange with it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from casewright_common.events import (
    CaseDraft,
    CasesGeneratedV1,
    EngineSettings,
    EngineUsed,
    GenerationFailedV1,
    GenerationRequestedV1,
    StoryIndexedV1,
)
from casewright_generator.domain.learning.rejected import Rejected
from casewright_generator.domain.planning.conditions import Plan

Cause = StoryIndexedV1 | GenerationRequestedV1
Outcome = CasesGeneratedV1 | GenerationFailedV1


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
