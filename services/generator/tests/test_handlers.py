"""The consumers' four promises, on a real Kafka."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client import CollectorRegistry

from casewright_common.configuration import ConfigurationView
from casewright_common.delivery import Delivery
from casewright_common.events import (
    BudgetExhaustedV1,
    CaseDraft,
    CasesGeneratedV1,
    CasesReviewedV1,
    CaseStep,
    GenerationFailedV1,
    GenerationRequestedV1,
    ReviewDecision,
    StoryIndexedV1,
    Technique,
)
from casewright_common.settings import KafkaSettings
from casewright_common.testing import until
from casewright_common.topics import Topic
from casewright_generator.handlers import build_router
from casewright_generator.service import GenerateCases, Notes, RecordReview, Timing
from casewright_generator.testing import FixedContext, GenerationsInMemory, ScriptedModel, Tally

pytestmark = pytest.mark.connected

Indexed = Callable[..., StoryIndexedV1]
Requested = Callable[..., GenerationRequestedV1]
Running = Callable[[], Any]


class Parts:
    def __init__(self) -> None:
        self.store = GenerationsInMemory()
        self.context = FixedContext()
        self.model = ScriptedModel()


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.fixture
def running(broker: str, model_configuration: ConfigurationView, parts: Parts) -> Running:
    generate = GenerateCases(
        store=parts.store,
        context=parts.context,
        model=parts.model,
        configuration=model_configuration,
        observer=Tally(),
        lessons=parts.store,
        clock=lambda: datetime.now(UTC),
        timing=Timing(unknown_story_s=0.5),
    )

    @asynccontextmanager
    async def run() -> AsyncIterator[Delivery]:
        settings = KafkaSettings(bootstrap_servers=broker, session_timeout_s=6, rebalance_timeout_s=9)
        delivery = Delivery("generator", settings, registry=CollectorRegistry())
        delivery.broker.include_router(build_router(generate, RecordReview(parts.store), delivery.publish))
        await delivery.start()
        try:
            await until(lambda: not delivery.readiness())
            yield delivery
        finally:
            await delivery.stop()

    return run


async def test_effect_a_story_and_a_request_each_get_their_cases(
    running: Running, seen: Any, indexed: Indexed, requested: Requested
) -> None:
    async with running() as delivery:
        await delivery.publish(indexed())
        await delivery.publish(requested())
        await until(lambda: len(seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)) == 2)
    events = seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)
    assert {event.request_id for event in events} == {None, requested().request_id}
    assert {event.generation for event in events} == {1, 2}
    assert all(event.cases for event in events)


async def test_redelivery_tells_the_same_event_without_asking_the_model_again(
    running: Running, seen: Any, indexed: Indexed, parts: Parts
) -> None:
    async with running() as delivery:
        for _ in range(2):
            await delivery.publish(indexed())
        await until(lambda: len(seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)) == 2)
    first, second = seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)
    assert first == second
    assert len(parts.model.asked) == 1


async def test_transient_failure_delays_the_story_and_parks_nothing(
    running: Running, seen: Any, indexed: Indexed, parts: Parts
) -> None:
    parts.context.down = True
    async with running() as delivery:
        await delivery.publish(indexed())
        await until(lambda: len(parts.store.stories) == 1)
        parts.context.down = False
        await until(lambda: len(seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)) == 1)
    assert seen.parked() == []


async def test_a_hopeless_message_is_parked_and_its_neighbour_goes_on(
    running: Running, seen: Any, indexed: Indexed, broker: str
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=broker)
    await producer.start()
    for topic in (Topic.STORY_INDEXED, Topic.GENERATION_REQUESTED, Topic.CASES_REVIEWED):
        await producer.send_and_wait(topic.value, b"{}", key=b"same")
    await producer.stop()
    async with running() as delivery:
        await delivery.publish(indexed(), key="same")
        await until(lambda: len(seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)) == 1)
        await until(lambda: len(seen.parked()) == 3)
    assert seen.parked() == [b"{}"] * 3


async def test_a_request_that_cannot_be_met_ends_in_a_failure_that_others_see(
    running: Running, seen: Any, requested: Requested
) -> None:
    async with running() as delivery:
        await delivery.publish(requested(event_id=UUID(int=55), issue_id="404", issue_key="SHOP-404"))
        await until(lambda: len(seen.on(Topic.GENERATION_FAILED, GenerationFailedV1)) == 1)
    assert seen.on(Topic.GENERATION_FAILED, GenerationFailedV1)[0].code == "story_unknown"
    assert seen.parked() == []


def reviewed(indexed: Indexed, **fields: Any) -> CasesReviewedV1:
    story = indexed()
    case = CaseDraft(
        case_id=UUID(int=7),
        title="Reset it",
        technique=Technique.USE_CASE,
        condition="Reset it",
        criteria=("AC-1",),
        steps=(CaseStep(action="Reset it.", expected="A mail comes.", criteria=("AC-1",)),),
    )
    event = {
        "event_id": UUID(int=70 + fields.get("review", 1)),
        "occurred_at": story.occurred_at,
        "org_id": story.org_id,
        "connection_id": story.connection_id,
        "issue_id": story.issue_id,
        "issue_key": story.issue_key,
        "project_id": story.project_id,
        "revision": 1,
        "decision": ReviewDecision.APPROVED,
        "reviewed_by": "somebody",
        "case": case,
        "criteria": story.story.criteria[:1],
    } | fields
    return CasesReviewedV1.model_validate(event)


async def test_effect_a_decision_is_heeded_by_the_next_generation(
    running: Running, seen: Any, indexed: Indexed, parts: Parts
) -> None:
    async with running() as delivery:
        await delivery.publish(reviewed(indexed))
        await until(lambda: len(parts.store.reviews) == 1)
        await delivery.publish(indexed())
        await until(lambda: len(seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)) == 1)
    (event,) = seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)
    assert [case.review for case in event.cases if case.case_id == UUID(int=7)] == [ReviewDecision.APPROVED]


async def test_effect_a_decision_on_a_listed_case_tells_the_cases_anew_and_the_same_each_time(
    running: Running, seen: Any, indexed: Indexed
) -> None:
    async with running() as delivery:
        await delivery.publish(indexed())
        await until(lambda: len(seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)) == 1)
        (first,) = seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)
        decision = reviewed(indexed, case=first.cases[0], decision=ReviewDecision.REJECTED)
        await delivery.publish(decision)
        await delivery.publish(decision)
        await until(lambda: len(seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)) == 3)
    _, told, again = seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)
    assert told == again
    assert (told.generation, told.decided_on, told.caused_by) == (2, 1, decision.event_id)
    assert told.cases == first.cases[1:]


async def test_redelivery_and_older_decisions_leave_the_last_one(
    running: Running, indexed: Indexed, parts: Parts
) -> None:
    last = reviewed(indexed, review=2, decision=ReviewDecision.REJECTED)
    async with running() as delivery:
        for event in (last, reviewed(indexed), last, reviewed(indexed, case=last.case, issue_id="2")):
            await delivery.publish(event)
        await until(lambda: len(parts.store.reviews) == 2)
    assert last in parts.store.reviews.values()


async def test_transient_failure_delays_a_decision_and_parks_nothing(
    running: Running, seen: Any, indexed: Indexed, parts: Parts
) -> None:
    parts.store.down = True
    async with running() as delivery:
        await delivery.publish(reviewed(indexed))
        await until(lambda: parts.store.refused > 0)
        assert parts.store.reviews == {}
        parts.store.down = False
        await until(lambda: len(parts.store.reviews) == 1)
    assert seen.parked() == []


async def test_what_a_writer_announces_is_published_before_the_cases_each_time(
    running: Running, seen: Any, indexed: Indexed, parts: Parts
) -> None:
    story = indexed()
    parts.model.said = Notes(
        announced=(
            BudgetExhaustedV1(
                event_id=UUID(int=77),
                occurred_at=story.occurred_at,
                org_id=story.org_id,
                connection_id=story.connection_id,
                issue_id=story.issue_id,
                issue_key=story.issue_key,
                project_id=story.project_id,
                scope="project",
                limit_usd=1,
                spent_usd=1.2,
                resets_at=story.occurred_at,
            ),
        )
    )
    async with running() as delivery:
        await delivery.publish(story)
        await delivery.publish(story)
        await until(lambda: len(seen.on(Topic.CASES_GENERATED, CasesGeneratedV1)) == 2)
        await until(lambda: len(seen.on(Topic.BUDGET_EXHAUSTED, BudgetExhaustedV1)) == 2)
    first, second = seen.on(Topic.BUDGET_EXHAUSTED, BudgetExhaustedV1)
    assert first == second == parts.model.said.announced[0]
