"""What changed between two states of an issue, as a webhook's changelog tells it."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from json import dumps
from typing import Any

from casewright_jira_simulator.domain.model import PRIORITIES, STATUSES, Issue, Text

Json = dict[str, Any]


def content_hash(content: object) -> str:
    """SHA-256, hexadecimal, over the canonical JSON of `content`."""
    return sha256(
        dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def changelog_items(
    before: Issue,
    after: Issue,
    *,
    as_text: Callable[[Text], str | None],
    names: Mapping[str, str],
    custom_names: Mapping[str, str],
) -> Sequence[Json]:
    """One item per changed field, with the texts of both sides as wiki markup.

    Args:
        before: The issue as it was.
        after: The issue as it is.
        as_text: Writes rich text as wiki markup.
        names: Display names by account id.
        custom_names: Names of the custom fields by id.
    """
    items: list[Json] = []
    if before.summary != after.summary:
        items.append(_item("summary", None, before.summary, None, after.summary))
    if before.description != after.description:
        items.append(
            _item("description", None, as_text(before.description), None, as_text(after.description))
        )
    if before.status_id != after.status_id:
        old, new = STATUSES[before.status_id], STATUSES[after.status_id]
        items.append(_item("status", old.id, old.name, new.id, new.name))
    if before.priority_id != after.priority_id:
        old_name, new_name = PRIORITIES[before.priority_id], PRIORITIES[after.priority_id]
        items.append(_item("priority", before.priority_id, old_name, after.priority_id, new_name))
    if before.labels != after.labels:
        items.append(_item("labels", None, " ".join(before.labels), None, " ".join(after.labels)))
    for field in ("assignee", "reporter"):
        was, now = getattr(before, field), getattr(after, field)
        if was != now:
            items.append(_item(field, was, names.get(was), now, names.get(now)))
    for field_id in {*before.custom, *after.custom}:
        was, now = before.custom.get(field_id), after.custom.get(field_id)
        if was != now:
            texts = [
                as_text(value) if isinstance(value, str | dict | None) else str(value) for value in (was, now)
            ]
            name = custom_names.get(field_id, field_id)
            items.append(_item(name, None, texts[0], None, texts[1], field_id=field_id))
    return items


def _item(
    field: str,
    old: str | None,
    old_text: str | None,
    new: str | None,
    new_text: str | None,
    *,
    field_id: str | None = None,
) -> Json:
    return {
        "field": field,
        "fieldtype": "custom" if field_id else "jira",
        "fieldId": field_id or field,
        "from": old,
        "fromString": old_text,
        "to": new,
        "toString": new_text,
    }
