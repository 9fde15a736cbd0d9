"""Jira's webhook bodies, cut to the fields we use."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from casewright_common.events import IssueChange, IssueReceivedV1
from casewright_common.events.base import EARLIEST, LATEST

_Json = dict[str, Any]

_CHANGES = {
    "jira:issue_created": IssueChange.CREATED,
    "jira:issue_updated": IssueChange.UPDATED,
    "jira:issue_deleted": IssueChange.DELETED,
}
_SUBJECTS = (
    "comment issuelink attachment worklog jira:worklog jira:version project user sprint board issuetype"
    " filter issue_property jira:component component"
)
_VERBS = "created updated deleted set released unreleased started closed moved"
_IRRELEVANT = frozenset(f"{subject}_{verb}" for subject in _SUBJECTS.split() for verb in _VERBS.split())
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9_]{0,99})-[0-9]{1,18}")
_ID = re.compile(r"[0-9]{1,20}")
_LONGEST_NAME = 255
_MAX_LABELS = 200
_MAX_CHANGED_FIELDS = 200
_LATEST_MS = int(LATEST.timestamp()) * 1000


class Received(NamedTuple):
    """An event about an issue.

    Attributes:
        moved_from: Key of the project that the issue has just left; `None` unless it was moved.
    """

    event: IssueReceivedV1
    moved_from: str | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """A Jira event that says nothing about the text of an issue; `event` is a label of the metrics."""

    event: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not a Jira event, and why, in one sentence."""

    detail: str


class Delivered(NamedTuple):
    """What is known about a webhook beside its body.

    Attributes:
        delivery_id: Jira's identifier, the same across its retries.
        criteria_fields: Ids of the custom fields to keep.
        received_at: When it came, for bodies without a time.
    """

    org_id: UUID
    connection_id: UUID
    delivery_id: str
    criteria_fields: Collection[str]
    received_at: datetime


def read_webhook(body: object, delivered: Delivered) -> Received | Ignored | Refused:
    """Read a parsed body; never raises, whatever it holds."""
    if not isinstance(body, dict):
        return Refused("The body is not a JSON object.")
    name = body.get("webhookEvent")
    if not isinstance(name, str) or not name:
        return Refused("The body has no `webhookEvent`.")
    change = _CHANGES.get(name)
    if change is None:
        return Ignored(name if name in _IRRELEVANT else "other")
    issue = _object(body, "issue")
    issue_id, key = str(issue.get("id", "")), _text(issue.get("key"))
    match = _KEY.fullmatch(key)
    if not _ID.fullmatch(issue_id) or match is None:
        return Refused("The event has no issue with an `id` and a `key`.")
    fields = _object(issue, "fields")
    issue_type, summary = _text(_object(fields, "issuetype").get("name")), fields.get("summary")
    if change is not IssueChange.DELETED and (not issue_type or not isinstance(summary, str)):
        return Refused("The issue has no `fields` with an `issuetype` and a `summary`.")
    items = _items(body)
    updated_at = _time(fields.get("updated"))
    project_key = _text(_object(fields, "project").get("key")) or match[1]
    event = IssueReceivedV1(
        event_id=IssueReceivedV1.derive_id(delivered.connection_id, delivered.delivery_id),
        occurred_at=_moment(body.get("timestamp")) or updated_at or delivered.received_at,
        org_id=delivered.org_id,
        connection_id=delivered.connection_id,
        issue_id=issue_id,
        issue_key=key,
        delivery_id=delivered.delivery_id,
        change=change,
        actor_account_id=_text(_object(body, "user").get("accountId")) or None,
        changed_fields=tuple(dict.fromkeys(filter(None, map(_field_of, items)))),
        updated_at=updated_at,
        project_key=project_key,
        issue_type=issue_type,
        status=_text(_object(fields, "status").get("name")) or None,
        labels=_labels(fields.get("labels")),
        summary=summary if isinstance(summary, str) else "",
        description=_rich_text(fields.get("description")),
        criteria={
            field: value
            for field in delivered.criteria_fields
            if (value := _rich_text(fields.get(field))) is not None
        },
    )
    return Received(event, _moved_from(items, project_key))


def _object(parent: _Json, name: str) -> _Json:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value[:_LONGEST_NAME] if isinstance(value, str) else ""


def _rich_text(value: object) -> _Json | str | None:
    """ADF or markup as it is; a list of options or checklist entries as a list in wiki markup."""
    if isinstance(value, list):
        lines = [
            entry.get("value") or entry.get("name") if isinstance(entry, dict) else entry for entry in value
        ]
        value = "\n".join(f"* {line}" for line in lines if isinstance(line, str))
    return value if isinstance(value, dict | str) and value else None


def _labels(value: object) -> tuple[str, ...]:
    labels = value[:_MAX_LABELS] if isinstance(value, list) else []
    return tuple(label[:_LONGEST_NAME] for label in labels if isinstance(label, str))


def _items(body: _Json) -> list[_Json]:
    items = _object(body, "changelog").get("items")
    return (
        [item for item in items[:_MAX_CHANGED_FIELDS] if isinstance(item, dict)]
        if isinstance(items, list)
        else []
    )


def _field_of(item: _Json) -> str:
    return _text(item.get("fieldId")) or _text(item.get("field"))


def _moved_from(items: list[_Json], project_key: str) -> str | None:
    for item in items:
        match = _KEY.fullmatch(_text(item.get("fromString")))
        if _field_of(item).casefold() in {"key", "issuekey"} and match and match[1] != project_key:
            return match[1]
    return None


def _time(value: object) -> datetime | None:
    """Jira's `2026-11-23T13:27:59.000+0000`, or any ISO 8601 time with a zone, in UTC.

    `None` also for years that no issue can have: PostgreSQL gives the first and the last moment that Python
    knows back as infinite, without a zone.
    """
    try:
        moment = datetime.fromisoformat(_text(value))
        return moment.astimezone(UTC) if moment.tzinfo and EARLIEST < moment < LATEST else None
    except (ValueError, OverflowError):
        return None


def _moment(milliseconds: object) -> datetime | None:
    if (
        isinstance(milliseconds, bool)
        or not isinstance(milliseconds, int)
        or not 0 < milliseconds < _LATEST_MS
    ):
        return None
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
