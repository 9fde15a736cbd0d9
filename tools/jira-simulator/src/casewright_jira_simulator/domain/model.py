"""What the simulated site holds. Values are immutable; a change replaces the value."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FieldType = Literal["textarea", "textfield", "number", "select"]
Adf = dict[str, Any]
Text = Adf | str | None
"""Rich text as it was written: ADF, wiki markup, or nothing."""


class Value(BaseModel):
    """An immutable value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class IssueType(Value):
    """A kind of issue; `hierarchy_level` is -1 for sub-tasks, 0 for standard ones, 1 for epics."""

    id: str
    name: str
    hierarchy_level: int = 0

    @property
    def subtask(self) -> bool:
        """Whether issues of this type need a parent."""
        return self.hierarchy_level < 0


class CustomField(Value):
    """A field that a project adds, such as acceptance criteria in `customfield_10100`.

    Attributes:
        required: Creating an issue without it is refused.
        issue_types: Names of the types that have it; empty means all.
    """

    id: str = Field(pattern=r"^customfield_\d+$")
    name: str = Field(min_length=1, max_length=255)
    type: FieldType = "textarea"
    required: bool = False
    issue_types: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


class Project(Value):
    """A project. `description_format` decides what its webhooks carry; REST v3 is always ADF, v2 wiki."""

    id: str
    key: str
    name: str
    lead: str
    issue_types: tuple[IssueType, ...]
    custom_fields: tuple[CustomField, ...] = ()
    description_format: Literal["adf", "wiki"] = "wiki"


class Account(Value):
    """A user. Without a token it cannot sign in, only be acted for by the admin API."""

    account_id: str
    email: str
    display_name: str
    token: str | None = None
    integration: bool = False


class Issue(Value):
    """An issue without its comments and links."""

    id: str
    key: str
    project_id: str
    issue_type_id: str
    summary: str
    description: Text = None
    status_id: str = "10000"
    priority_id: str = "3"
    labels: tuple[str, ...] = ()
    creator: str
    reporter: str
    assignee: str | None = None
    parent_id: str | None = None
    created: datetime
    updated: datetime
    custom: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    remote_links: tuple["RemoteLink", ...] = ()


class RemoteLink(Value):
    """A link to something outside Jira; `global_id` makes it an upsert."""

    id: str
    global_id: str | None = None
    relationship: str | None = None
    application: dict[str, Any] = {}
    object: dict[str, Any] = {}


class Comment(Value):
    """A comment on an issue, with its properties."""

    id: str
    issue_id: str
    author: str
    update_author: str
    body: Text
    created: datetime
    updated: datetime
    properties: dict[str, Any] = {}
    visibility: dict[str, Any] | None = None


class IssueLink(Value):
    """A link between two issues of the same site."""

    id: str
    type_id: str
    inward_issue: str
    outward_issue: str


class Webhook(Value):
    """A registration. Empty `events` or `projects` means all of them."""

    id: str
    url: str
    secret: str | None = None
    events: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    enabled: bool = True


class Effect(Value):
    """One line of the ledger: something that really happened to the site's data.

    Attributes:
        seq: Increasing by one from 1, never reused.
        kind: `issue.created`, `comment.updated`, `issue_property.set`, `link.created` and so on.
        id: Of what was changed: issue, comment or link id; the key for a property.
        content_hash: SHA-256 over the content after the change, or before it for a deletion.
        fields: Names of the changed fields of an issue.
        properties: Of the issue or comment after the change: where provenance and idempotency keys are.
    """

    seq: int
    at: datetime
    actor: str
    kind: str
    id: str
    issue_id: str
    issue_key: str
    project_key: str
    parent_key: str | None = None
    issue_type: str
    content_hash: str
    fields: tuple[str, ...] = ()
    properties: dict[str, Any] = {}


class Delivery(Value):
    """One event on its way to one registration; the body never changes across tries."""

    id: str
    webhook_id: str
    event: str
    issue_id: str
    issue_key: str
    flow: Literal["Primary", "Secondary"] = "Primary"
    body: str
    created: datetime


class Status(Value):
    """A workflow status with the category that Jira gives it."""

    id: str
    name: str
    category_id: int
    category_key: str
    category_name: str
    color: str


class LinkType(Value):
    """A kind of link between issues, with the words for both directions."""

    id: str
    name: str
    inward: str
    outward: str


class Change(Value):
    """All that one request changes, written to the journal as one line and so atomic."""

    accounts: tuple[Account, ...] = ()
    projects: tuple[Project, ...] = ()
    issues: tuple[Issue, ...] = ()
    comments: tuple[Comment, ...] = ()
    links: tuple[IssueLink, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    dropped_issues: tuple[str, ...] = ()
    dropped_comments: tuple[str, ...] = ()
    dropped_links: tuple[str, ...] = ()
    dropped_webhooks: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    settled: tuple[str, ...] = ()


STATUSES = {
    status.id: status
    for status in (
        Status(
            id="10000",
            name="To Do",
            category_id=2,
            category_key="new",
            category_name="To Do",
            color="blue-gray",
        ),
        Status(
            id="10001",
            name="In Progress",
            category_id=4,
            category_key="indeterminate",
            category_name="In Progress",
            color="yellow",
        ),
        Status(
            id="10002", name="Done", category_id=3, category_key="done", category_name="Done", color="green"
        ),
    )
}
TRANSITIONS = {"11": "10000", "21": "10001", "31": "10002"}
PRIORITIES = {"1": "Highest", "2": "High", "3": "Medium", "4": "Low", "5": "Lowest"}
LINK_TYPES = {
    kind.id: kind
    for kind in (
        LinkType(id="10000", name="Blocks", inward="is blocked by", outward="blocks"),
        LinkType(id="10001", name="Relates", inward="relates to", outward="relates to"),
        LinkType(id="10002", name="Tests", inward="is tested by", outward="tests"),
    )
}
DEFAULT_ISSUE_TYPES = (
    IssueType(id="10000", name="Epic", hierarchy_level=1),
    IssueType(id="10001", name="Story"),
    IssueType(id="10002", name="Task"),
    IssueType(id="10003", name="Bug"),
    IssueType(id="10004", name="Sub-task", hierarchy_level=-1),
    IssueType(id="10005", name="Test"),
)
