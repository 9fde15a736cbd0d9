from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid5

import pytest

from casewright_common.configuration import ConfigurationView
from casewright_common.events import (
    CaseDraft,
    CasesReviewedV1,
    CaseStep,
    Criterion,
    CriterionOrigin,
    DocumentChange,
    DocumentChangedV1,
    EmbeddingSettings,
    Event,
    ProjectConfiguredV1,
    ReviewDecision,
    Story,
    StoryChange,
    StoryChangedV1,
    Technique,
)
from casewright_common.testing import Seen, new_topics, watching
from casewright_common.topics import Topic

TOPICS = (
    Topic.CONNECTION_CONFIGURED,
    Topic.PROJECT_CONFIGURED,
    Topic.STORY_CHANGED,
    Topic.STORY_INDEXED,
    Topic.DOCUMENT_CHANGED,
    Topic.CASES_REVIEWED,
)
EventT = TypeVar("EventT", bound=Event)
ORG = UUID(int=1)
CONNECTION = UUID(int=2)
PROJECT = UUID(int=3)
NOW = datetime(2026, 11, 1, tzinfo=UTC)


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
        embedding=EmbeddingSettings(),
    )


@pytest.fixture
def configuration(project: ProjectConfiguredV1) -> ConfigurationView:
    return ConfigurationView(project)


@pytest.fixture
def changed() -> Callable[..., StoryChangedV1]:
    """A revision of a story about a password; any field can be named."""

    def make(**fields: Any) -> StoryChangedV1:
        revision = fields.get("revision", 1)
        story = Story(
            title=fields.pop("title", "Reset the password"),
            text=fields.pop("text", "A customer who forgot the password asks for a link.\n\nIt is mailed."),
            criteria=tuple(
                Criterion(id=f"AC-{number}", text=text, origin=CriterionOrigin.LIST)
                for number, text in enumerate(fields.pop("criteria", ("The link expires after 30 min.",)), 1)
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
        } | fields
        event.setdefault("event_id", uuid5(ORG, f"{event['org_id']}:{event['issue_id']}:{revision}"))
        return StoryChangedV1.model_validate(event)

    return make


@pytest.fixture
def document() -> Callable[..., DocumentChangedV1]:
    """A revision of a document about passwords; any field can be named."""

    def make(**fields: Any) -> DocumentChangedV1:
        event = {
            "org_id": ORG,
            "project_id": PROJECT,
            "document_id": UUID(int=8),
            "change": DocumentChange.UPSERTED,
            "title": "Password policy",
            "text": "# Length\n\nAt least 12 characters.\n\n# Expiry\n\nAfter 90 days.",
            "revision": 1,
            "occurred_at": NOW,
        } | fields
        event.setdefault("event_id", uuid5(ORG, f"{event['document_id']}:{event['revision']}"))
        return DocumentChangedV1.model_validate(event)

    return make


@pytest.fixture
def reviewed() -> Callable[..., CasesReviewedV1]:
    """A decision on a case about a password; any field can be named."""

    def make(**fields: Any) -> CasesReviewedV1:
        case = CaseDraft(
            case_id=fields.pop("case_id", UUID(int=9)),
            title=fields.pop("title", "The link is dead after half an hour"),
            technique=Technique.BOUNDARY_VALUE,
            condition="link older than 30 min",
            criteria=("AC-1",),
            steps=(
                CaseStep(action="Open the link.", expected="“Link expired” is shown.", criteria=("AC-1",)),
            ),
        )
        event = {
            "org_id": ORG,
            "connection_id": CONNECTION,
            "project_id": PROJECT,
            "issue_id": "10001",
            "issue_key": "SHOP-1",
            "revision": 1,
            "review": 1,
            "decision": ReviewDecision.APPROVED,
            "reviewed_by": "u-1",
            "occurred_at": NOW,
            "case": case,
            "criteria": (
                Criterion(id="AC-1", text="The link expires after 30 min.", origin=CriterionOrigin.LIST),
                Criterion(id="AC-2", text="It is mailed.", origin=CriterionOrigin.LIST),
            ),
        } | fields
        event.setdefault("event_id", uuid5(ORG, f"{case.case_id}:{event['review']}"))
        return CasesReviewedV1.model_validate(event)

    return make


@pytest.fixture
async def broker(kafka: str) -> AsyncIterator[str]:
    """Bootstrap address of a Kafka on which the topics of this service are new."""
    async with new_topics(kafka, TOPICS):
        yield kafka


@pytest.fixture
async def seen(broker: str) -> AsyncIterator[Seen]:
    async with watching(broker, TOPICS) as seen:
        yield seen
