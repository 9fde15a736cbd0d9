import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from casewright_common.configuration import ConfigurationView
from casewright_common.errors import NotConfiguredYetError, UpstreamUnavailableError
from casewright_common.events import (
    CaseDraft,
    CasesGeneratedV1,
    CaseStep,
    ConnectionStatus,
    GenerationFailedV1,
    GenerationOutcome,
    GenerationRequestedV1,
    ProjectConfiguredV1,
    Provenance,
    StoryChange,
    StoryIndexedV1,
)
from casewright_generator.errors import ModelFailedError
from casewright_generator.service import Assignment, Cause, Designer, GenerateCases, Timing
from casewright_generator.testing import FixedContext, GenerationsInMemory, ScriptedModel, Tally

Indexed = Callable[..., StoryIndexedV1]
Requested = Callable[..., GenerationRequestedV1]


class Bench:
    def __init__(self, configuration: ConfigurationView, *, lease_s: float = 0.2) -> None:
        self.store = GenerationsInMemory(lease_s=lease_s)
        self.context = FixedContext()
        self.model = ScriptedModel()
        self.tally = Tally()
        self.ticks = 0
        self.generate = GenerateCases(
            store=self.store,
            context=self.context,
            model=self.model,
            configuration=configuration,
            observer=self.tally,
            lessons=self.store,
            clock=self.clock,
            timing=Timing(lease_s=lease_s, poll_s=0.01, unknown_story_s=0.05),
        )

    def clock(self) -> datetime:
        self.ticks += 1
        return datetime(2026, 11, 1, 12, 0, self.ticks, tzinfo=UTC)

    async def cases(self, cause: Cause) -> CasesGeneratedV1:
        *_, event = await self.generate(cause)
        assert isinstance(event, CasesGeneratedV1)
        return event

    async def failure(self, cause: Cause) -> GenerationFailedV1:
        *_, event = await self.generate(cause)
        assert isinstance(event, GenerationFailedV1)
        return event


@pytest.fixture
def designing(configuration: ConfigurationView) -> Bench:
    return Bench(configuration)


@pytest.fixture
def asking(model_configuration: ConfigurationView) -> Bench:
    return Bench(model_configuration)


async def test_the_designer_covers_every_condition_without_asking_a_model(
    designing: Bench, indexed: Indexed
) -> None:
    designing.context.down = True
    event = await designing.cases(indexed())
    assert event.outcome is GenerationOutcome.CASES
    assert event.coverage.covered == event.coverage.conditions == len(event.cases) > 3
    assert event.engine.kind == "designer"
    assert designing.model.asked == []
    assert (event.revision, event.generation, event.request_id) == (1, 1, None)


async def test_redelivery_returns_the_same_event_without_asking_the_model_again(
    asking: Bench, indexed: Indexed
) -> None:
    first = await asking.cases(indexed())
    assert await asking.generate(indexed()) == (first,)
    assert len(asking.model.asked) == 1


async def test_a_duplicate_in_flight_waits_for_the_first_one(asking: Bench, indexed: Indexed) -> None:
    asking.model.delay_s = 0.1
    first, second = await asyncio.gather(asking.generate(indexed()), asking.generate(indexed()))
    assert first == second
    assert len(asking.model.asked) == 1


async def test_a_request_waits_while_the_story_is_generated_and_counts_on(
    asking: Bench, indexed: Indexed, requested: Requested
) -> None:
    asking.model.delay_s = 0.05
    story, request = await asyncio.gather(asking.cases(indexed()), asking.cases(requested()))
    assert {story.generation, request.generation} == {1, 2}
    assert request.request_id == requested().request_id
    assert len(asking.model.asked) == 2


async def test_a_long_generation_keeps_its_claim(asking: Bench, indexed: Indexed) -> None:
    asking.model.delay_s = 0.5  # the lease is 0.2 s
    first, second = await asyncio.gather(asking.generate(indexed()), asking.generate(indexed()))
    assert first == second
    assert len(asking.model.asked) == 1


async def test_the_claim_of_a_killed_process_runs_out(designing: Bench, indexed: Indexed) -> None:
    await designing.store.open(indexed())  # and nobody comes back to it
    async with asyncio.timeout(2):
        assert (await designing.cases(indexed())).generation == 1


async def test_a_failure_gives_the_story_up_at_once(
    model_configuration: ConfigurationView, indexed: Indexed
) -> None:
    asking = Bench(model_configuration, lease_s=600)
    asking.context.down = True
    with pytest.raises(UpstreamUnavailableError):
        await asking.generate(indexed())
    asking.context.down = False
    async with asyncio.timeout(60):
        await asking.cases(indexed())


async def test_an_older_revision_after_a_newer_one_is_ignored(designing: Bench, indexed: Indexed) -> None:
    await designing.cases(indexed(revision=2))
    assert await designing.generate(indexed(revision=1)) == ()


async def test_generations_count_over_revisions(designing: Bench, indexed: Indexed) -> None:
    numbers = [(await designing.cases(indexed(revision=revision))).generation for revision in (1, 2, 5)]
    assert numbers == [1, 2, 3]


async def test_the_same_condition_keeps_its_case_id_over_revisions(
    designing: Bench, indexed: Indexed
) -> None:
    first = await designing.cases(indexed())
    second = await designing.cases(indexed(revision=2, text="Another description."))
    assert {case.case_id for case in first.cases} == {case.case_id for case in second.cases}


async def test_removal_retires_the_cases(designing: Bench, indexed: Indexed) -> None:
    await designing.cases(indexed())
    event = await designing.cases(indexed(revision=2, change=StoryChange.REMOVED))
    assert (event.outcome, event.cases, event.generation) == (GenerationOutcome.RETIRED, (), 2)


async def test_removal_needs_no_configuration(indexed: Indexed) -> None:
    event = await Bench(ConfigurationView()).cases(indexed(change=StoryChange.REMOVED))
    assert event.outcome is GenerationOutcome.RETIRED


async def test_cases_of_a_removed_story_cannot_be_asked_for(
    designing: Bench, indexed: Indexed, requested: Requested
) -> None:
    await designing.cases(indexed(change=StoryChange.REMOVED))
    assert (await designing.failure(requested())).code == "story_removed"


async def test_a_story_that_says_nothing_gets_questions_and_no_cases(asking: Bench, indexed: Indexed) -> None:
    event = await asking.cases(indexed(title="Misc", text="", criteria=()))
    assert event.outcome is GenerationOutcome.NEEDS_DETAIL
    assert event.cases == ()
    assert event.questions
    assert asking.model.asked == []


class Smelly(Designer):
    """Writes results that nobody can check."""

    async def write(self, assignment: Assignment) -> tuple[CaseDraft, ...]:
        step = CaseStep(action="Look at it.", expected="It works as expected.", criteria=("AC-1",))
        cases = await super().write(assignment)
        return tuple(case.model_copy(update={"steps": (step,)}) for case in cases)


async def test_a_story_none_of_whose_cases_passes_the_checks_needs_detail(
    designing: Bench, indexed: Indexed
) -> None:
    (event,) = await replace(designing.generate, designer=Smelly())(indexed())
    assert isinstance(event, CasesGeneratedV1)
    assert (event.outcome, event.cases) == (GenerationOutcome.NEEDS_DETAIL, ())
    assert event.questions
    assert all(question.endswith("?") for question in event.questions)


async def test_a_request_for_an_unknown_story_waits_for_it(
    designing: Bench, indexed: Indexed, requested: Requested
) -> None:
    async def later() -> None:
        await asyncio.sleep(0.02)
        await designing.generate(indexed())

    (event,), _ = await asyncio.gather(designing.generate(requested()), later())
    assert isinstance(event, CasesGeneratedV1)


async def test_a_request_for_a_story_that_never_comes_fails_once_and_for_good(
    designing: Bench, indexed: Indexed, requested: Requested
) -> None:
    event = await designing.failure(requested())
    assert event.code == "story_unknown"
    await designing.generate(indexed())
    assert await designing.generate(requested()) == (event,)


async def test_an_unknown_project_lets_the_story_wait(indexed: Indexed) -> None:
    with pytest.raises(NotConfiguredYetError):
        await Bench(ConfigurationView()).generate(indexed())


async def test_a_removed_project_does_not_let_the_story_wait_for_ever(
    project: ProjectConfiguredV1, indexed: Indexed
) -> None:
    gone = project.model_copy(update={"revision": 2, "status": ConnectionStatus.REMOVED})
    assert await Bench(ConfigurationView(gone)).generate(indexed()) == ()


async def test_gaps_go_back_to_the_model_once_and_then_to_the_designer(
    asking: Bench, indexed: Indexed
) -> None:
    asking.model.script = [2, 1]
    event = await asking.cases(indexed())
    assert [one.gaps for one in asking.model.asked] == [False, True]
    written = [case.provenance for case in event.cases]
    assert written.count(Provenance.MODEL) == 3
    assert written.count(Provenance.DESIGNER) == len(event.cases) - 3 > 0
    assert event.coverage.covered == event.coverage.conditions
    assert (event.engine.kind, event.engine.fallback_reason) == ("model", None)


async def test_a_model_that_fails_for_good_is_replaced_by_the_designer_with_the_reason(
    asking: Bench, indexed: Indexed
) -> None:
    asking.model.script = [ModelFailedError("model_rejected", "no such key")]
    event = await asking.cases(indexed())
    assert (event.engine.kind, event.engine.fallback_reason) == ("designer", "model_rejected")
    assert event.engine.calls == 1
    assert {case.provenance for case in event.cases} == {Provenance.DESIGNER}


async def test_a_model_that_fails_at_the_gaps_keeps_what_it_wrote(asking: Bench, indexed: Indexed) -> None:
    asking.model.script = [2, ModelFailedError("model_unavailable", "busy")]
    event = await asking.cases(indexed())
    assert (event.engine.kind, event.engine.fallback_reason) == ("model", "model_unavailable")
    assert [case.provenance for case in event.cases].count(Provenance.MODEL) == 2


async def test_a_model_without_a_single_case_is_labelled(asking: Bench, indexed: Indexed) -> None:
    asking.model.script = [0, 0]
    event = await asking.cases(indexed())
    assert (event.engine.kind, event.engine.fallback_reason) == ("designer", "model_cases_rejected")


async def test_no_more_cases_than_the_project_allows(project: ProjectConfiguredV1, indexed: Indexed) -> None:
    bench = Bench(ConfigurationView(project.model_copy(update={"max_cases": 3})))
    assert len((await bench.cases(indexed())).cases) == 3


async def test_every_stage_is_measured(asking: Bench, indexed: Indexed) -> None:
    event = await asking.cases(indexed())
    assert {"recall", "analyse", "plan", "retrieve", "write", "verify", "store"} <= set(asking.tally.stages)
    assert asking.tally.events == [event]
