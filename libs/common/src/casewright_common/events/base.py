"""What all events share."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

EVENT_NAMESPACE = UUID("6f0f6a2e-6a0b-5c53-9c0e-1f1d8f0a7c11")
"""Namespace of every id that is derived from a cause; changing it would make every event new."""

_NAMESPACE_BYTES = EVENT_NAMESPACE.bytes
_WITHOUT_VERSION = ~(0xF << 76 | 0b11 << 62)
_VERSION_5 = 5 << 76 | 0b10 << 62


EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Bounds of the times that can be stored; the second one is outside."""


def _storable(moment: datetime) -> datetime:
    # PostgreSQL's driver takes Python's first and last moment for infinity, and gives it back without a zone.
    if not EARLIEST <= moment < LATEST:
        raise ValueError("the time lies outside the years 1970 to 2199")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_storable)]
"""A time with a zone, of the years 1970 to 2199."""


class Value(BaseModel):
    """An immutable part of an event. Unknown fields are ignored, so that producers may add some."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Value):
    """A fact that has happened, immutable once published.

    Attributes:
        event_id: Stable across redeliveries: the same cause always yields the same id, so consumers
            may drop what they have seen.
        caused_by: `event_id` of the event that led to this one; `None` at the edge.
        occurred_at: When the fact became true, in UTC; not when it was published.
        org_id: The tenant that the fact belongs to.
    """

    TYPE: ClassVar[str]
    VERSION: ClassVar[int]

    event_id: UUID
    caused_by: UUID | None = None
    occurred_at: Moment
    org_id: UUID

    @property
    def partition_key(self) -> str:
        """Kafka key: events of one key are handled in order."""
        raise NotImplementedError

    @classmethod
    def derive_id(cls, *cause: object) -> UUID:
        """Id of the one event of this type that `cause` may lead to."""
        name = ":".join([f"{cls.TYPE}.v{cls.VERSION}", *map(str, cause)])
        # `uuid5` in half its time: the same bits, set without its copies.
        digest = hashlib.sha1(_NAMESPACE_BYTES + name.encode(), usedforsecurity=False).digest()
        return UUID(int=int.from_bytes(digest[:16], "big") & _WITHOUT_VERSION | _VERSION_5)


class IssueEvent(Event):
    """An event about one Jira issue.

    Attributes:
        connection_id: The Jira site's connection.
        issue_id: Jira's numeric id, as a string; never changes, even when an issue moves.
        issue_key: Jira's key, such as `SHOP-12`.
    """

    connection_id: UUID
    issue_id: str
    issue_key: str

    @property
    def partition_key(self) -> str:
        """`org_id/issue_key`, so that everything about one issue keeps its order."""
        return f"{self.org_id}/{self.issue_key}"
