"""What a model makes of a story, by the generator's own way: prompt, calls, repair, gate, designer.

Nothing of it is copied: the use case, the writer and the wiring are the service's; what the service keeps in
PostgreSQL is kept in memory, and nothing is retrieved.
"""

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid5

from casewright_common.configuration import ConfigurationView
from casewright_common.events import (
    EVENT_NAMESPACE,
    CaseDraft,
    CasesGeneratedV1,
    EngineSettings,
    EngineUsed,
    ProjectConfiguredV1,
    Provenance,
    Story,
    StoryChange,
    StoryIndexedV1,
)
from casewright_common.outbound import GuardedTransport
from casewright_evaluation import reading
from casewright_evaluation.designing import MAX_CASES, Designed, designed
from casewright_evaluation.stories import AnsweredStory
from casewright_generator.adapters.llm import LiteLLM
from casewright_generator.app import model_writer
from casewright_generator.domain.gate.verify import Rejection, verify
from casewright_generator.service import Assignment, CaseWriter, GenerateCases, Notes
from casewright_generator.settings import ModelSettings
from casewright_generator.testing import (
    CallsInMemory,
    FixedContext,
    GenerationsInMemory,
    SecretsInMemory,
    Tally,
)

_ORG = uuid5(EVENT_NAMESPACE, "evaluation:organisation")
_CONNECTION = uuid5(EVENT_NAMESPACE, "evaluation:connection")
_PROJECT = uuid5(EVENT_NAMESPACE, "evaluation:project")


@dataclass(frozen=True, slots=True)
class ByModel:
    """A story, what the model wrote of it in each round, and what came of it.

    Attributes:
        first: What it wrote when asked first, and the gate's verdict on that.
        repaired: What it wrote in all, and the verdict on what had passed with what was added for the gaps.
        delivered: The cases that go out, the designer's among them, and the verdict on them.
        by_designer: How many of the delivered cases are the designer's.
        rejected: What the gate turned down in either round.
        used: Calls, tokens and money; the reason where the designer stepped in.
        unreadable: Answers that could not be read and were asked for again.
        seconds: From the story to the result.
    """

    first: Designed
    repaired: Designed
    delivered: Designed
    by_designer: int
    rejected: tuple[Rejection, ...]
    used: EngineUsed
    unreadable: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """A story of the sample, what the designer makes of it, and how long that and reading it took."""

    name: str
    made: Designed
    seconds: float


def drawn(answered: Iterable[AnsweredStory], size: int) -> list[Drawn]:
    """The `size` stories with something to write for whose names have the lowest hashes."""
    found: list[Drawn] = []
    for story in sorted(answered, key=lambda one: hashlib.sha256(one.name.encode()).digest()):
        if len(found) == size:
            break
        began = time.perf_counter()
        made = designed(reading.read(story).story, story_id=story.name)
        if made.plan.conditions:
            found.append(Drawn(story.name, made, time.perf_counter() - began))
    return found


class ModelPath:
    """The generator with one model for all stories; to be closed.

    Args:
        model: LiteLLM's name of it.
        settings: Bounds, and the keys to use.
    """

    def __init__(self, model: str, settings: ModelSettings) -> None:
        self._model = LiteLLM(settings, SecretsInMemory(), GuardedTransport(allow_private=True))
        self._calls = CallsInMemory()
        self._configuration = ConfigurationView(
            ProjectConfiguredV1(
                event_id=_PROJECT,
                occurred_at=datetime.now(UTC),
                org_id=_ORG,
                project_id=_PROJECT,
                connection_id=_CONNECTION,
                project_key="EVAL",
                revision=1,
                max_cases=MAX_CASES,
                engine=EngineSettings(kind="model", model=model),
            )
        )
        self._writer = model_writer(settings, self._configuration, self._model, self._calls)

    async def close(self) -> None:
        """Give up all connections."""
        await self._model.close()

    async def __call__(self, name: str, made: Designed) -> ByModel:
        """Have the cases of one story written.

        Args:
            name: What the story's ids are derived from.
            made: The story, and what the designer alone makes of it.
        """
        recorder = _Recorder(self._writer)
        generate = GenerateCases(
            store=GenerationsInMemory(),
            context=FixedContext(),
            model=recorder,
            configuration=self._configuration,
            observer=Tally(),
            clock=lambda: datetime.now(UTC),
        )
        cause = _indexed(name, made.story)
        began = time.perf_counter()
        *_, event = await generate(cause)
        seconds = time.perf_counter() - began
        cases = event.cases if isinstance(event, CasesGeneratedV1) else ()
        first_cases, added = (*recorder.rounds, (), ())[:2]
        first = _judged(made, first_cases)
        repaired = _judged(made, (*first.verdict.accepted, *added))
        return ByModel(
            first=first,
            repaired=replace(repaired, cases=(*first_cases, *added)),
            delivered=_judged(made, cases),
            by_designer=sum(case.provenance is Provenance.DESIGNER for case in cases),
            rejected=(*first.verdict.rejected, *repaired.verdict.rejected),
            used=event.engine if isinstance(event, CasesGeneratedV1) else recorder.spent,
            unreadable=sum(call.purpose == "repair" for call in self._calls.made.get(cause.event_id, ())),
            seconds=seconds,
        )


@dataclass
class _Recorder:
    """`CaseWriter` that keeps what another one wrote, round by round, and what it spent."""

    writer: CaseWriter
    rounds: list[tuple[CaseDraft, ...]] = field(default_factory=list)
    spent: EngineUsed = field(default_factory=lambda: EngineUsed(kind="designer"))

    async def write(self, assignment: Assignment) -> tuple[CaseDraft, ...]:
        written = await self.writer.write(assignment)
        self.rounds.append(written)
        return written

    async def used(self, assignment: Assignment) -> EngineUsed:
        self.spent = await self.writer.used(assignment)
        return self.spent

    async def notes(self, assignment: Assignment) -> Notes:
        return await self.writer.notes(assignment)


def _judged(made: Designed, cases: Sequence[CaseDraft]) -> Designed:
    verdict = verify(cases, made.plan, made.story, exclusions=made.requirements.exclusions)
    return replace(made, cases=tuple(cases), verdict=verdict)


def _indexed(name: str, story: Story) -> StoryIndexedV1:
    """The story as it comes to the generator."""
    now = datetime.now(UTC)
    return StoryIndexedV1(
        event_id=uuid5(EVENT_NAMESPACE, f"evaluation:{name}"),
        occurred_at=now,
        org_id=_ORG,
        connection_id=_CONNECTION,
        project_id=_PROJECT,
        project_key="EVAL",
        issue_id=name,
        issue_key="EVAL-1",
        change=StoryChange.CREATED,
        revision=1,
        content_hash="0" * 64,
        updated_at=now,
        story=story,
        collection="none",
    )
