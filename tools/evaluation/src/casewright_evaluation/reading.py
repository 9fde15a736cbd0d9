"""A story with answers, read by the code that reads issues in production."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid5

from casewright_common.events import (
    EVENT_NAMESPACE,
    IssueChange,
    IssueReceivedV1,
    Story,
)
from casewright_evaluation.stories import AnsweredStory
from casewright_generator.domain.reading.analysis import Analysis, analyse
from casewright_generator.domain.requirements.model import Requirements
from casewright_generator.domain.requirements.reading import read as read_requirements
from casewright_ingest.domain.stories import story_of

_WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Read:
    """A story with answers, and what was read in it."""

    answered: AnsweredStory
    story: Story
    requirements: Requirements


def issue(
    title: str, description: str | None, *, issue_type: str = "Story", key: str = "EVAL-1"
) -> IssueReceivedV1:
    """An issue as it comes through the door."""
    return IssueReceivedV1(
        event_id=uuid5(EVENT_NAMESPACE, f"evaluation:{key}"),
        occurred_at=_WHEN,
        org_id=uuid5(EVENT_NAMESPACE, "evaluation:organisation"),
        connection_id=uuid5(EVENT_NAMESPACE, "evaluation:connection"),
        issue_id="1",
        issue_key=key,
        delivery_id="evaluation",
        change=IssueChange.CREATED,
        project_key=key.rpartition("-")[0],
        issue_type=issue_type,
        summary=title,
        description=description,
    )


def story(title: str, description: str | None, *, issue_type: str = "Story") -> Story:
    """What ingest makes of an issue."""
    return story_of(issue(title, description, issue_type=issue_type), criteria_field=None)


def read(answered: AnsweredStory) -> Read:
    """Read a story the way that production reads it."""
    found = story(answered.title, answered.description, issue_type=answered.issue_type)
    return Read(answered, found, requirements_of(found, analyse(found)))


def requirements_of(found: Story, analysis: Analysis) -> Requirements:
    """What the generator reads; running text may hold criteria that ingest didn't mark."""
    return read_requirements(found.model_copy(update={"criteria": analysis.criteria}))
