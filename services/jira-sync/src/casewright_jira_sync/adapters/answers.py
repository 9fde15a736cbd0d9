"""What Jira answers, as far as we read it."""

from pydantic import BaseModel, ConfigDict, Field


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Author(_Answer):
    """Who wrote something."""

    account_id: str = Field(default="", alias="accountId")


class Property(_Answer):
    """One entity property."""

    key: str
    value: object = None


class CommentAnswer(_Answer):
    """A comment; `properties` is `None` where Jira did not expand them."""

    id: str
    author: Author = Author()
    properties: tuple[Property, ...] | None = None


class CommentPage(_Answer):
    """One page of comments."""

    comments: tuple[CommentAnswer, ...] = ()
    total: int = 0


class CreatedComment(_Answer):
    """What the creation of a comment answers."""

    id: str


class CreatedIssue(_Answer):
    """What the creation of an issue answers."""

    id: str
    key: str


class Reference(_Answer):
    """A sub-task in its parent's fields."""

    id: str


class IssueFields(_Answer):
    """The fields of an issue that we ask for."""

    summary: str = ""
    creator: Author | None = None
    subtasks: tuple[Reference, ...] = ()


class IssueAnswer(_Answer):
    """An issue with chosen fields and properties."""

    id: str
    key: str
    fields: IssueFields = IssueFields()
    properties: dict[str, object] = Field(default_factory=dict)


class IssueTypeAnswer(_Answer):
    """An issue type that may be created."""

    id: str
    name: str
    subtask: bool = False


class IssueTypePage(_Answer):
    """One page of issue types."""

    issue_types: tuple[IssueTypeAnswer, ...] = Field(default=(), alias="issueTypes")
    total: int = 0


class FieldAnswer(_Answer):
    """One field of a creation form."""

    field_id: str = Field(alias="fieldId")
    name: str = ""
    required: bool = False
    has_default: bool = Field(default=False, alias="hasDefaultValue")


class FieldPage(_Answer):
    """One page of a creation form."""

    fields: tuple[FieldAnswer, ...] = ()
    total: int = 0


class Complaint(_Answer):
    """Jira's `ErrorCollection`."""

    messages: tuple[str, ...] = Field(default=(), alias="errorMessages")
    errors: dict[str, str] = Field(default_factory=dict)
