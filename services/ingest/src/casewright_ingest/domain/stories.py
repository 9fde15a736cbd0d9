"""The content of a story, read from an issue."""

from collections.abc import Iterable, Sequence
from typing import Any

from casewright_common.events import IssueReceivedV1, Story
from casewright_ingest.domain.adf import read_adf
from casewright_ingest.domain.blocks import Block, BlockKind, clean, divided, plain_text, size_of
from casewright_ingest.domain.criteria import find_criteria
from casewright_ingest.domain.sentences import sentences, words_in
from casewright_ingest.domain.wiki import read_wiki

_FEWEST_WORDS = 3
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

    Of a longer field the first 65,536 characters are read; the text says how many more there are, and
    `criteria_left_out` counts what may be criteria in them.

    Args:
        received: The issue, as it came from the door.
        criteria_field: Id of the custom field that holds acceptance criteria, if there is one.
    """
    description, unread = divided(read_rich_text(received.description))
    field = received.criteria.get(criteria_field) if criteria_field is not None else None
    in_field, unread_in_field = divided(read_rich_text(field)) if field else ((), ())
    title = " ".join(clean(received.summary).split())
    found = find_criteria(
        title,
        description,
        [in_field] if in_field else (),
        issue_type=received.issue_type,
    )
    return Story(
        title=title,
        text=_with_mark(plain_text(description), unread),
        criteria=found.criteria,
        criteria_left_out=found.left_out + statements_in(unread) + statements_in(unread_in_field),
        labels=tuple(filter(None, (clean(label).strip() for label in received.labels))),
        issue_type=clean(received.issue_type).strip(),
    )


def statements_in(blocks: Iterable[Block]) -> int:
    """How many criteria there may be in what isn't read: each item, row and sentence counts."""
    count = 0
    for block in blocks:
        if block.kind is BlockKind.ITEM:
            count += 1
        elif block.kind is BlockKind.TABLE:
            count += len(block.rows) - block.header_rows
        elif block.kind is BlockKind.PARAGRAPH:
            count += sum(words_in(sentence) >= _FEWEST_WORDS for sentence in sentences(block.text))
    return count


def _with_mark(text: str, unread: Sequence[Block]) -> str:
    """The text that is read, and how much isn't."""
    characters = sum(map(size_of, unread))
    return f"{text}\n\n… ({characters} more characters are not read)" if characters else text


def read_rich_text(value: dict[str, Any] | str | None) -> tuple[Block, ...]:
    """Blocks of an ADF document (an object) or of wiki markup (a string)."""
    if isinstance(value, str):
        return read_wiki(value)
    return read_adf(value) if value else ()
