"""Issues and the stories in them."""

from enum import StrEnum
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from casewright_common.events.base import IssueEvent, Moment, Value


class IssueChange(StrEnum):
    """What a webhook or a sweep says happened to an issue."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


class IssueReceivedV1(IssueEvent):
    """An issue as Jira showed it, cut to the fields we use.

    Produced by: ingest (webhook or sweep). Consumed by: ingest. Topic: `issue.received.v1`.

    Attributes:
        delivery_id: `X-Atlassian-Webhook-Identifier`, the same across Jira's retries; of a sweep, an id
            made from issue and update time.
        actor_account_id: Who changed the issue; `None` where Jira doesn't say.
        changed_fields: Ids of the fields in the change log; empty for a creation, a deletion or a sweep.
        updated_at: Jira's `fields.updated`: tells which of two events is newer. `None` for a deletion
            that lacks it.
        project_key: Jira's key of the project.
        description: ADF document (an object) or wiki markup (a string), as Jira sent it.
        criteria: The custom fields that some project uses for acceptance criteria, by field id, as Jira
            sent them.
    """

    TYPE: ClassVar[str] = "issue.received"
    VERSION: ClassVar[int] = 1

    delivery_id: str
    change: IssueChange
    actor_account_id: str | None = None
    changed_fields: tuple[str, ...] = ()
    updated_at: Moment | None = None
    project_key: str
    issue_type: str
    status: str | None = None
    labels: tuple[str, ...] = ()
    summary: str
    description: dict[str, Any] | str | None = None
    criteria: dict[str, dict[str, Any] | str] = Field(default_factory=dict)


class CriterionOrigin(StrEnum):
    """Where in the issue a criterion was found."""

    CUSTOM_FIELD = "custom_field"
    HEADING = "heading"
    LIST = "list"
    CHECKLIST = "checklist"
    TABLE = "table"
    GIVEN_WHEN_THEN = "given_when_then"
    SENTENCE = "sentence"
    """A testable sentence of the running text, for want of anything more explicit."""


class SourceSpan(Value):
    """Where in a story a text stands: characters `start` to `end`, the last one not included."""

    part: Literal["title", "text"]
    start: int = Field(ge=0)
    end: int = Field(ge=1)


class Criterion(Value):
    """One acceptance criterion.

    Attributes:
        id: `AC-1`, `AC-2`, … A criterion keeps its number over the revisions of its story, also when it is
            edited or moved; a number is never given twice.
        text: Plain text; Given/When/Then keep their line breaks.
        source: Where it stands in the story; `None` where it isn't known or in a field of its own.
    """

    id: str = Field(pattern=r"^AC-[1-9]\d*$")
    text: str = Field(min_length=1)
    origin: CriterionOrigin
    source: SourceSpan | None = None


class StoryChange(StrEnum):
    """What happened to a story."""

    CREATED = "created"
    UPDATED = "updated"
    REMOVED = "removed"


class Story(Value):
    """A story's content at one revision.

    Attributes:
        title: Jira's summary.
        text: The description as plain text: paragraphs separated by blank lines, list items by `- `,
            table cells by ` | `; code blocks kept between lines of three backticks. May be empty.
        criteria: In the order of the issue; empty where none was found.
        criteria_left_out: How many more there are than are read.
    """

    title: str
    text: str
    criteria: tuple[Criterion, ...] = ()
    labels: tuple[str, ...] = ()
    issue_type: str
    criteria_left_out: int = Field(default=0, ge=0)


class StoryEvent(IssueEvent):
    """An event about one revision of a story.

    Attributes:
        revision: Counts up from 1 with each change of the content; the fence of every effect.
        content_hash: SHA-256 in hex over what a test case may depend on.
        updated_at: Jira's time of the change.
    """

    project_id: UUID
    project_key: str
    change: StoryChange
    revision: int = Field(ge=1)
    content_hash: str
    updated_at: Moment
    story: Story


class StoryChangedV1(StoryEvent):
    """A story has a new revision, or is gone.

    Produced by: ingest. Consumed by: embedder, gateway. Topic: `story.changed.v1`.
    Its id is derived from organisation, issue and revision, so that webhook and sweep agree.
    A removal carries the last content known.
    """

    TYPE: ClassVar[str] = "story.changed"
    VERSION: ClassVar[int] = 1


class StoryIndexedV1(StoryEvent):
    """A revision of a story can be searched, or its points are gone.

    Produced by: embedder. Consumed by: generator. Topic: `story.indexed.v1`.

    Attributes:
        collection: Name of the Qdrant collection that holds the points.
        point_ids: Points of this revision; empty for a removal and for a story without text.
    """

    TYPE: ClassVar[str] = "story.indexed"
    VERSION: ClassVar[int] = 1

    collection: str
    point_ids: tuple[UUID, ...] = ()
