"""Kafka in, Kafka out."""

from faststream.kafka import KafkaRouter

from casewright_common.delivery import Publish, consumer
from casewright_common.events import CasesGeneratedV1
from casewright_common.topics import Topic
from casewright_jira_sync.service import SyncCases


def build_router(sync: SyncCases, publish: Publish) -> KafkaRouter:
    """Subscribers of the service, bound to their use case."""
    router = KafkaRouter()

    @router.subscriber(Topic.CASES_GENERATED, **consumer("jira-sync", Topic.CASES_GENERATED))
    async def on_cases_generated(generated: CasesGeneratedV1) -> None:
        await publish(await sync(generated))

    return router
