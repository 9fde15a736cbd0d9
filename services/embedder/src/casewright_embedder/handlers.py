"""Kafka in, Kafka out."""

from faststream.kafka import KafkaRouter

from casewright_common.delivery import Publish, consumer
from casewright_common.events import CasesReviewedV1, DocumentChangedV1, StoryChangedV1
from casewright_common.topics import Topic
from casewright_embedder.service.stories import IndexStory
from casewright_embedder.service.texts import IndexTexts


def build_router(index: IndexStory, texts: IndexTexts, publish: Publish) -> KafkaRouter:
    """Subscribers of the embedder, bound to their use case."""
    router = KafkaRouter()

    @router.subscriber(Topic.STORY_CHANGED, **consumer("embedder", Topic.STORY_CHANGED))
    async def on_story_changed(changed: StoryChangedV1) -> None:
        indexed = await index(changed)
        if indexed is not None:
            await publish(indexed)

    @router.subscriber(Topic.DOCUMENT_CHANGED, **consumer("embedder", Topic.DOCUMENT_CHANGED))
    async def on_document_changed(changed: DocumentChangedV1) -> None:
        await texts.document(changed)

    @router.subscriber(Topic.CASES_REVIEWED, **consumer("embedder", Topic.CASES_REVIEWED))
    async def on_cases_reviewed(reviewed: CasesReviewedV1) -> None:
        await texts.case(reviewed)

    return router
