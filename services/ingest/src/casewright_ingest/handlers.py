"""Kafka in, Kafka out."""

from faststream.kafka import KafkaRouter

from casewright_common.delivery import Publish, consumer
from casewright_common.events import IssueReceivedV1
from casewright_common.topics import Topic
from casewright_ingest.service import IngestIssue


def build_router(ingest: IngestIssue, publish: Publish) -> KafkaRouter:
    """Subscribers of ingest, bound to their use case."""
    router = KafkaRouter()

    @router.subscriber(Topic.ISSUE_RECEIVED, **consumer("ingest", Topic.ISSUE_RECEIVED))
    async def on_issue_received(received: IssueReceivedV1) -> None:
        changed = await ingest(received)
        if changed is not None:
            await publish(changed)

    return router
