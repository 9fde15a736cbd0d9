"""The Kafka topics, who writes them and who reads them."""

from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """Name of every topic. The suffix is the version of the event that it carries."""

    ISSUE_RECEIVED = "issue.received.v1"
    STORY_CHANGED = "story.changed.v1"
    DOCUMENT_CHANGED = "document.changed.v1"
    STORY_INDEXED = "story.indexed.v1"
    GENERATION_REQUESTED = "generation.requested.v1"
    CASES_GENERATED = "cases.generated.v1"
    GENERATION_FAILED = "generation.failed.v1"
    CASES_REVIEWED = "cases.reviewed.v1"
    CASES_SYNCED = "cases.synced.v1"
    CONNECTION_CONFIGURED = "connection.configured.v1"
    PROJECT_CONFIGURED = "project.configured.v1"
    ACCOUNT_CONFIGURED = "account.configured.v1"
    PROMPTS_CONFIGURED = "prompts.configured.v1"
    BUDGET_EXHAUSTED = "budget.exhausted.v1"
    MODEL_CATALOGUED = "model.catalogued.v1"

    @property
    def dead_letters(self) -> str:
        """Name of the topic that takes this topic's parked messages."""
        return f"{self.value}.dlq"


MAX_MESSAGE_BYTES = 8 * 1024 * 1024
"""Largest message on any topic, headers included; producers and topics are both set to it."""


@dataclass(frozen=True)
class TopicSpec:
    """How a topic is made.

    Attributes:
        compacted: Whether only the latest message per key is kept, for ever.
        retention_days: Days that a message is kept where the topic is not compacted.
        producers: Services that write it.
        consumers: Services that read it.
    """

    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    compacted: bool = False
    retention_days: int = 14


SPECS: dict[Topic, TopicSpec] = {
    Topic.ISSUE_RECEIVED: TopicSpec(("ingest",), ("ingest",)),
    Topic.STORY_CHANGED: TopicSpec(("ingest",), ("embedder", "gateway")),
    Topic.DOCUMENT_CHANGED: TopicSpec(("gateway",), ("embedder",)),
    Topic.STORY_INDEXED: TopicSpec(("embedder",), ("generator",)),
    Topic.GENERATION_REQUESTED: TopicSpec(("gateway",), ("generator",)),
    Topic.CASES_GENERATED: TopicSpec(("generator",), ("jira-sync", "gateway")),
    Topic.GENERATION_FAILED: TopicSpec(("generator",), ("gateway",)),
    Topic.CASES_REVIEWED: TopicSpec(("gateway",), ("embedder", "generator")),
    Topic.CASES_SYNCED: TopicSpec(("jira-sync",), ("gateway",)),
    Topic.CONNECTION_CONFIGURED: TopicSpec(
        ("gateway",), ("ingest", "embedder", "generator", "jira-sync"), compacted=True
    ),
    Topic.PROJECT_CONFIGURED: TopicSpec(
        ("gateway",), ("ingest", "embedder", "generator", "jira-sync"), compacted=True
    ),
    Topic.ACCOUNT_CONFIGURED: TopicSpec(("gateway",), ("generator",), compacted=True),
    Topic.PROMPTS_CONFIGURED: TopicSpec(("gateway",), ("generator",), compacted=True),
    Topic.BUDGET_EXHAUSTED: TopicSpec(("generator",), ("gateway",)),
    Topic.MODEL_CATALOGUED: TopicSpec(("generator",), ("gateway",), compacted=True),
}
