from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid5

import pytest

from casewright_common.configuration import ConfigurationView
from casewright_common.events import (
    Criterion,
    CriterionOrigin,
    EngineSettings,
    Event,
    GenerationRequestedV1,
    ProjectConfiguredV1,
    Story,
    StoryChange,
    StoryIndexedV1,
)
from casewright_common.testing import Seen, new_topics, watching
from casewright_common.topics import Topic
from casewright_generator.testing import OpenAIDouble

TOPICS = (
    Topic.CONNECTION_CONFIGURED,
    Topic.PROJECT_CONFIGURED,
    Topic.MODEL_CATALOGUED,
    Topic.PROMPTS_CONFIGURED,
    Topic.ACCOUNT_CONFIGURED,
    Topic.STORY_INDEXED,
    Topic.GENERATION_REQUESTED,
    Topic.CASES_REVIEWED,
    Topic.BUDGET_EXHAUSTED,
    Topic.CASES_GENERATED,
    Topic.GENERATION_FAILED,
)
EventT = TypeVar("EventT", bound=Event)
ORG = UUID(int=1)
CONNECTION = UUID(int=2)
PROJECT = UUID(int=3)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
CRITERIA = (
    "The password must have between 8 and 64 characters.",
    "The reset link expires after 30 minutes.",
    "A locked user must not be able to reset the password.",
)


@pytest.fixture
def project() -> ProjectConfiguredV1:
    return ProjectConfiguredV1(
        event_id=UUID(int=4),
        occurred_at=NOW,
        org_id=ORG,
        project_id=PROJECT,
        connection_id=CONNECTION,
        project_key="SHOP",
        revision=1,
    )


@pytest.fixture
def configuration(project: ProjectConfiguredV1) -> ConfigurationView:
    return ConfigurationView(project)


@pytest.fixture
def model_configuration(project: ProjectConfiguredV1) -> ConfigurationView:
    engine = EngineSettings(kind="model", model="openai/some")
    return ConfigurationView(project.model_copy(update={"engine": engine}))


@pytest.fixture
def indexed() -> Callable[..., StoryIndexedV1]:
    """A revision of a story about a password; any field can be named."""

    def make(**fields: Any) -> StoryIndexedV1:
        revision = fields.get("revision", 1)
        story = Story(
            title=fields.pop("title", "Reset the password"),
            text=fields.pop("text", "As a customer I want to reset my password by mail."),
            criteria=tuple(
                Criterion(id=f"AC-{number}", text=text, origin=CriterionOrigin.LIST)
                for number, text in enumerate(fields.pop("criteria", CRITERIA), 1)
            ),
            issue_type="Story",
        )
        event = {
            "org_id": ORG,
            "connection_id": CONNECTION,
            "project_id": PROJECT,
            "project_key": "SHOP",
            "issue_id": "10001",
            "issue_key": "SHOP-1",
            "change": StoryChange.CREATED if revision == 1 else StoryChange.UPDATED,
            "revision": revision,
            "content_hash": "0" * 64,
            "occurred_at": NOW,
            "updated_at": NOW,
            "story": story,
            "collection": "none",
        } | fields
        event.setdefault("event_id", uuid5(ORG, f"{event['org_id']}:{event['issue_id']}:{revision}"))
        return StoryIndexedV1.model_validate(event)

    return make


@pytest.fixture
def requested() -> Callable[..., GenerationRequestedV1]:
    """A request for the cases of the same story."""

    def make(**fields: Any) -> GenerationRequestedV1:
        event = {
            "event_id": UUID(int=100),
            "request_id": UUID(int=101),
            "requested_by": "somebody",
            "org_id": ORG,
            "connection_id": CONNECTION,
            "project_id": PROJECT,
            "issue_id": "10001",
            "issue_key": "SHOP-1",
            "occurred_at": NOW,
        } | fields
        return GenerationRequestedV1.model_validate(event)

    return make


@pytest.fixture
async def endpoint() -> AsyncIterator[OpenAIDouble]:
    """An OpenAI-compatible endpoint on loopback that does what a test tells it."""
    async with OpenAIDouble() as double:
        yield double


@pytest.fixture
async def broker(kafka: str) -> AsyncIterator[str]:
    """Bootstrap address of a Kafka on which the topics of this service are new."""
    async with new_topics(kafka, TOPICS):
        yield kafka


@pytest.fixture
async def seen(broker: str) -> AsyncIterator[Seen]:
    async with watching(broker, TOPICS) as seen:
        yield seen
