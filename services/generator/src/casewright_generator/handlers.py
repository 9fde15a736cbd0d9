"""Kafka in, Kafka out."""

from faststream.kafka import KafkaRouter

from casewright_common.delivery import Publish, consumer
from casewright_common.events import CasesReviewedV1, GenerationRequestedV1, StoryIndexedV1
from casewright_common.topics import Topic
from casewright_generator.service import GenerateCases, RecordReview


def build_router(generate: GenerateCases, review: RecordReview, publish: Publish) -> KafkaRouter:
    """Subscribers of the generator, bound to their use cases."""
    router = KafkaRouter()

    @router.subscriber(Topic.STORY_INDEXED, **consumer("generator", Topic.STORY_INDEXED))
    async def on_story_indexed(story: StoryIndexedV1) -> None:
        for event in await generate(story):
            await publish(event)

    @router.subscriber(Topic.GENERATION_REQUESTED, **consumer("generator", Topic.GENERATION_REQUESTED))
    async def on_generation_requested(request: GenerationRequestedV1) -> None:
        for event in await generate(request):
            await publish(event)

    @router.subscriber(Topic.CASES_REVIEWED, **consumer("generator", Topic.CASES_REVIEWED))
    async def on_cases_reviewed(reviewed: CasesReviewedV1) -> None:
        event = await review(reviewed)
        if event is not None:
            await publish(event)

    return router
