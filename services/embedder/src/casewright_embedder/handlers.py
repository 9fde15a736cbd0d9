"""Kafka in, Kafka out."""

from faststream.kafka import KafkaRouter

from casewright_common.delivery import Publish, consumer
from casewright_common.events import StoryChangedV1
from casewright_common.topics import Topic
from casewright_embedder.service import IndexStory


def build_router(index: IndexStory, publish: Publish) -> KafkaRouter:
    """Subscribers of the embedder, bound to their use case."""
    router = KafkaRouter()

    @router.subscriber(Topic.STORY_CHANGED, **consumer("embedder", Topic.STORY_CHANGED))
    async def on_story_changed(changed: StoryChangedV1) -> None:
        indexed = await index(changed)
        if indexed is not None:
            await publish(indexed)

    return router
