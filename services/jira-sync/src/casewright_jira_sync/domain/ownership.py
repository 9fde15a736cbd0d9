"""How we recognise in Jira what we wrote there: a property on each comment and sub-task of ours."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

PROPERTY_KEY = "casewright"
"""Key of the property, on comments and on issues."""


class Mark(BaseModel):
    """Value of the property: provenance, and the key that makes writing idempotent.

    Attributes:
        issue_id: The story; a clone of it in Jira carries another id, so its copies are not ours.
        case_id: The case that a sub-task stands for; `None` on a comment.
        generation: The generation that was written last.
        content_hash: SHA-256 over what was written.
        retired: Whether the case no longer exists.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    org_id: UUID
    issue_id: str
    case_id: UUID | None = None
    revision: int
    generation: int
    content_hash: str
    retired: bool = False

    @classmethod
    def read(cls, value: object) -> "Mark | None":
        """The mark in a property's value, or `None` where somebody else wrote it."""
        try:
            return cls.model_validate(value)
        except ValidationError:
            return None


@dataclass(frozen=True)
class Standing:
    """Something of ours that stands in Jira.

    Attributes:
        id: Jira's numeric id, as a string.
        key: Key of a sub-task; empty for a comment.
        title: Summary of a sub-task; empty for a comment.
    """

    id: str
    mark: Mark
    key: str = ""
    title: str = ""


def oldest_first(found: Iterable[Standing]) -> list[Standing]:
    """By id: the first one is kept, the others are duplicates. Everybody who looks agrees on that."""
    return sorted(found, key=lambda standing: (len(standing.id), standing.id))
