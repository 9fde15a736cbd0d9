"""Kafka in, Kafka out."""

from faststream.kafka import KafkaRouter

from casewright_common.delivery import Publish, consumer
from casewright_common.events import GenerationRequestedV1, StoryIndexedV1
from casewright_common.topics import Topic
from casewright_generator.service import GenerateCases


def build_router(generate: GenerateCases, publish: Publish) -> KafkaRouter:
    """Subscribers of the generator, bound to their use case."""
    router = KafkaRouter()

    @router.subscriber(Topic.STORY_INDEXED, **consumer("generator", Topic.STORY_INDEXED))
    async def on_story_indexed(story: StoryIndexedV1) -> None:
        if (event := await generate(story)) is not None:
            await publish(event)

    @router.subscriber(Topic.GENERATION_REQUESTED, **consumer("generator", Topic.GENERATION_REQUESTED))
    async def on_generation_requested(request: GenerationRequestedV1) -> None:
        if (event := await generate(request)) is not None:
            await publish(event)

    return router
