"""The content of a story, read from an issue."""

from typing import Any

from casewright_common.events import IssueReceivedV1, Story
from casewright_ingest.domain.adf import read_adf
from casewright_ingest.domain.blocks import Block, clean, plain_text
from casewright_ingest.domain.criteria import find_criteria
from casewright_ingest.domain.wiki import read_wiki

LONG_TEXT = 4_000
"""Characters from which reading takes so long (some 20 ms) that a thread of its own is worth it."""


def is_long(received: IssueReceivedV1, *, criteria_field: str | None) -> bool:
    """Whether `story_of` would read more than `LONG_TEXT` characters; found out without reading all."""
    field = received.criteria.get(criteria_field) if criteria_field is not None else None
    size = 0
    waiting: list[Any] = [received.description, field]
    while waiting and size <= LONG_TEXT:
        value = waiting.pop()
        if isinstance(value, str):
            size += len(value)
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return size > LONG_TEXT


def story_of(received: IssueReceivedV1, *, criteria_field: str | None) -> Story:
    """Title, plain text and criteria; never raises, whatever the issue holds.

    Args:
        received: The issue, as it came from the door.
        criteria_field: Id of the custom field that holds acceptance criteria, if there is one.
    """
    description = read_rich_text(received.description)
    field = received.criteria.get(criteria_field) if criteria_field is not None else None
    title = " ".join(clean(received.summary).split())
    return Story(
        title=title,
        text=plain_text(description),
        criteria=find_criteria(
            title,
            description,
            [read_rich_text(field)] if field else (),
            issue_type=received.issue_type,
        ),
        labels=tuple(filter(None, (clean(label).strip() for label in received.labels))),
        issue_type=clean(received.issue_type).strip(),
    )


def read_rich_text(value: dict[str, Any] | str | None) -> tuple[Block, ...]:
    """Blocks of an ADF document (an object) or of wiki markup (a string)."""
    if isinstance(value, str):
        return read_wiki(value)
    return read_adf(value) if value else ()
