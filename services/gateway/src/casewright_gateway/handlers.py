"""Kafka in: what the other services tell, into the read model."""

from faststream.kafka import KafkaRouter

from casewright_common.delivery import consumer
from casewright_common.events import (
    BudgetExhaustedV1,
    CasesGeneratedV1,
    CasesSyncedV1,
    GenerationFailedV1,
    ModelCataloguedV1,
    StoryChangedV1,
)
from casewright_common.topics import Topic
from casewright_gateway.service.money import KeepMoney
from casewright_gateway.service.read_model import KeepReadModel

SERVICE = "gateway"


def build_router(keep: KeepReadModel, money: KeepMoney) -> KafkaRouter:
    """Subscribers of the gateway, bound to their use cases."""
    router = KafkaRouter()

    @router.subscriber(Topic.STORY_CHANGED, **consumer(SERVICE, Topic.STORY_CHANGED))
    async def on_story_changed(event: StoryChangedV1) -> None:
        await keep.story_changed(event)

    @router.subscriber(Topic.CASES_GENERATED, **consumer(SERVICE, Topic.CASES_GENERATED))
    async def on_cases_generated(event: CasesGeneratedV1) -> None:
        await keep.cases_generated(event)

    @router.subscriber(Topic.GENERATION_FAILED, **consumer(SERVICE, Topic.GENERATION_FAILED))
    async def on_generation_failed(event: GenerationFailedV1) -> None:
        await keep.generation_failed(event)

    @router.subscriber(Topic.CASES_SYNCED, **consumer(SERVICE, Topic.CASES_SYNCED))
    async def on_cases_synced(event: CasesSyncedV1) -> None:
        await keep.cases_synced(event)

    @router.subscriber(Topic.MODEL_CATALOGUED, **consumer(SERVICE, Topic.MODEL_CATALOGUED))
    async def on_model_catalogued(event: ModelCataloguedV1) -> None:
        await money.model_catalogued(event)

    @router.subscriber(Topic.BUDGET_EXHAUSTED, **consumer(SERVICE, Topic.BUDGET_EXHAUSTED))
    async def on_budget_exhausted(event: BudgetExhaustedV1) -> None:
        await money.budget_exhausted(event)

    return router
