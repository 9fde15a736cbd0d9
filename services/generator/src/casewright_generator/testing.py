"""In-memory twins of the adapters; the same contract tests run over them and the real ones."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from casewright_common.errors import UpstreamUnavailableError
from casewright_common.events import (
    CaseDraft,
    EngineUsed,
    GenerationFailedV1,
    IssueEvent,
    StoryIndexedV1,
)
from casewright_generator.domain.designer import design
from casewright_generator.errors import ClaimLostError
from casewright_generator.service import (
    Assignment,
    Busy,
    Cause,
    Claimed,
    Done,
    Opened,
    Outcome,
    Passage,
    Superseded,
    UnknownStory,
)

StoryKey = tuple[UUID, UUID, str]


def key_of(event: IssueEvent) -> StoryKey:
    """What names a story."""
    return event.org_id, event.connection_id, event.issue_id


class GenerationsInMemory:
    """`GenerationStore` in dictionaries; `down` makes it unavailable."""

    def __init__(self, *, lease_s: float = 12) -> None:
        self.stories: dict[StoryKey, StoryIndexedV1] = {}
        self.results: dict[UUID, Outcome] = {}
        self.numbers: dict[StoryKey, int] = {}
        self.down = False
        self._lease_s = lease_s
        self._claims: dict[StoryKey, tuple[UUID, float]] = {}

    async def open(self, cause: Cause) -> Opened:
        """See `GenerationStore.open`."""
        await self._check()
        key = key_of(cause)
        if isinstance(cause, StoryIndexedV1):
            known = self.stories.get(key)
            if known is None or known.revision < cause.revision:
                self.stories[key] = cause
        if cause.event_id in self.results:
            return Done(self.results[cause.event_id])
        if key not in self.stories:
            return UnknownStory()
        story = self.stories[key]
        if isinstance(cause, StoryIndexedV1) and cause.revision < story.revision:
            return Superseded()
        if key in self._claims and self._claims[key][1] > time.monotonic():
            return Busy()
        token = uuid4()
        self._claims[key] = (token, time.monotonic() + self._lease_s)
        return Claimed(story, cause, token)

    async def renew(self, claim: Claimed) -> None:
        """See `GenerationStore.renew`."""
        await self._check()
        self._require(claim)
        self._claims[key_of(claim.story)] = (claim.token, time.monotonic() + self._lease_s)

    async def release(self, claim: Claimed) -> None:
        """See `GenerationStore.release`."""
        await self._check()
        if self._is_held(claim):
            del self._claims[key_of(claim.story)]

    async def complete(self, claim: Claimed, build: Callable[[int], Outcome]) -> Outcome:
        """See `GenerationStore.complete`."""
        await self._check()
        self._require(claim)
        key = key_of(claim.story)
        self.numbers[key] = self.numbers.get(key, 0) + 1
        self.results[claim.cause.event_id] = build(self.numbers[key])
        del self._claims[key]
        return self.results[claim.cause.event_id]

    async def fail(self, event: GenerationFailedV1) -> Outcome:
        """See `GenerationStore.fail`."""
        await self._check()
        if event.caused_by is None:
            raise ValueError("A failure has a cause.")
        return self.results.setdefault(event.caused_by, event)

    async def _check(self) -> None:
        await asyncio.sleep(0)
        if self.down:
            raise UpstreamUnavailableError("postgres", "switched off")

    def _is_held(self, claim: Claimed) -> bool:
        return self._claims.get(key_of(claim.story), (None, 0))[0] == claim.token

    def _require(self, claim: Claimed) -> None:
        if not self._is_held(claim):
            raise ClaimLostError("somebody else has the story")


class FixedContext:
    """`ContextSource` that always finds the same; `down` makes it unavailable."""

    def __init__(self, *found: Passage) -> None:
        self.found = found
        self.down = False

    async def passages(self, story: StoryIndexedV1) -> tuple[Passage, ...]:
        """See `ContextSource.passages`."""
        del story
        if self.down:
            raise UpstreamUnavailableError("qdrant", "switched off")
        return self.found


@dataclass
class ScriptedModel:
    """`CaseWriter` that does what it is told, call by call, and then writes all that is missing.

    Attributes:
        script: For each call an exception to raise, or the number of missing conditions to write.
        asked: The assignments, in order.
    """

    script: list[Exception | int] = field(default_factory=list)
    asked: list[Assignment] = field(default_factory=list)
    delay_s: float = 0.0

    async def write(self, assignment: Assignment) -> tuple[CaseDraft, ...]:
        """See `CaseWriter.write`."""
        self.asked.append(assignment)
        await asyncio.sleep(self.delay_s)
        step = self.script.pop(0) if self.script else len(assignment.missing.conditions)
        if isinstance(step, Exception):
            raise step
        written = design(assignment.missing, assignment.story.story, story_id=assignment.story_id)
        return tuple(case.model_copy(update={"provenance": "model"}) for case in written[:step])

    async def used(self, assignment: Assignment) -> EngineUsed:
        """See `CaseWriter.used`."""
        return EngineUsed(
            kind="model",
            model=assignment.engine.model,
            prompt_version="v1",
            calls=sum(one.cause_id == assignment.cause_id for one in self.asked),
            input_tokens=10,
            output_tokens=5,
        )


class Tally:
    """`Observer` that keeps what it is told."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.events: list[Any] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """See `Observer.stage`."""
        self.stages.append(name)
        yield

    def generated(self, event: Outcome) -> None:
        """See `Observer.generated`."""
        self.events.append(event)
