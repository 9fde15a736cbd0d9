"""Parked messages: what is written beside them, and how one is sent back."""

import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Final

from casewright_common.delivery.record import Record
from casewright_common.errors import CasewrightError

RawHeaders = tuple[tuple[str, bytes | None], ...]

LONGEST_HEADER_BYTES = 2048
FRAMES = 5


class Header:
    """Headers that the runtime writes; values are UTF-8."""

    EVENT_ID: Final = "casewright-event-id"
    EVENT_TYPE: Final = "casewright-event-type"

    ERROR_CODE: Final = "casewright-dlq-error-code"
    ERROR: Final = "casewright-dlq-error"
    TRACEBACK: Final = "casewright-dlq-traceback"
    TOPIC: Final = "casewright-dlq-topic"
    PARTITION: Final = "casewright-dlq-partition"
    OFFSET: Final = "casewright-dlq-offset"
    GROUP: Final = "casewright-dlq-group"
    ATTEMPTS: Final = "casewright-dlq-attempts"
    PARKED_AT: Final = "casewright-dlq-parked-at"

    REPLAY_GROUP: Final = "casewright-replay-group"
    """The one consumer group that a replayed message is for; all others skip it."""
    REPLAYED_FROM: Final = "casewright-replayed-from"
    """`topic/partition/offset` that the replayed message had at first."""


_ABOUT_PARKING = frozenset(
    {
        Header.ERROR_CODE,
        Header.ERROR,
        Header.TRACEBACK,
        Header.TOPIC,
        Header.PARTITION,
        Header.OFFSET,
        Header.GROUP,
        Header.ATTEMPTS,
        Header.PARKED_AT,
        Header.REPLAY_GROUP,
        Header.REPLAYED_FROM,
    }
)


@dataclass(frozen=True)
class DeadLetter:
    """A parked message, as read from a dead-letter topic.

    Attributes:
        key: The original key, untouched.
        value: The original value, untouched; may be anything but the event it should have been.
        headers: The original headers, without those about the parking.
        error_code: `code` of the error; `internal` for a bug of ours.
        error: Class and message of the error; of a bug, the class alone.
        frames: Where a bug was raised, innermost last; empty for an error raised on purpose.
        topic: Where it was consumed from, with `partition` and `offset`.
        group: Consumer group that parked it.
        attempts: How often its handler was called.
        parked_at: When, in UTC.
    """

    key: bytes | None
    value: bytes | None
    headers: RawHeaders
    error_code: str
    error: str
    frames: str
    topic: str
    partition: int
    offset: int
    group: str
    attempts: int
    parked_at: datetime


def header(headers: Iterable[tuple[str, bytes | None]], name: str) -> str | None:
    """Value of the last header called `name`, or `None`."""
    value: bytes | None = None
    for key, raw in headers:
        if key == name:
            value = raw
    return None if value is None else value.decode(errors="replace")


def parking_headers(
    record: Record,
    *,
    group: str,
    code: str,
    error: BaseException,
    attempts: int,
    now: datetime,
) -> list[tuple[str, bytes | None]]:
    """Headers of the dead letter: the original ones first, then the reason.

    The text of an unexpected exception may quote the payload, so of a bug only the class is written down.
    """
    known = isinstance(error, CasewrightError)
    about = {
        Header.ERROR_CODE: code,
        Header.ERROR: f"{type(error).__name__}: {error}" if known else type(error).__name__,
        Header.TOPIC: record.topic,
        Header.PARTITION: str(record.partition),
        Header.OFFSET: str(record.offset),
        Header.GROUP: group,
        Header.ATTEMPTS: str(attempts),
        Header.PARKED_AT: now.isoformat(),
    }
    if not known:
        about[Header.TRACEBACK] = last_frames(error)
    original = [(name, value) for name, value in record.headers if name not in _ABOUT_PARKING]
    return [*original, *((name, text.encode()[:LONGEST_HEADER_BYTES]) for name, text in about.items())]


def last_frames(error: BaseException) -> str:
    """The innermost frames of `error`, one `file:line function` per line; no values, no source text."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return "\n".join(f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)


def read_dead_letter(
    key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes | None]]
) -> DeadLetter:
    """Understand one message of a dead-letter topic.

    Raises:
        ValueError: The message lacks the headers that the runtime writes.
    """

    def text(name: str) -> str:
        found = header(headers, name)
        if found is None:
            raise ValueError(f"not a dead letter of ours: header {name} is missing")
        return found

    return DeadLetter(
        key=key,
        value=value,
        headers=tuple((name, raw) for name, raw in headers if name not in _ABOUT_PARKING),
        error_code=text(Header.ERROR_CODE),
        error=text(Header.ERROR),
        frames=header(headers, Header.TRACEBACK) or "",
        topic=text(Header.TOPIC),
        partition=int(text(Header.PARTITION)),
        offset=int(text(Header.OFFSET)),
        group=text(Header.GROUP),
        attempts=int(text(Header.ATTEMPTS)),
        parked_at=datetime.fromisoformat(text(Header.PARKED_AT)).astimezone(UTC),
    )


def replay_of(letter: DeadLetter) -> tuple[str, bytes | None, bytes | None, list[tuple[str, bytes | None]]]:
    """Topic, key, value and headers that send `letter` back to the group that parked it, and to no other."""
    origin = f"{letter.topic}/{letter.partition}/{letter.offset}"
    headers = [
        *letter.headers,
        (Header.REPLAY_GROUP, letter.group.encode()),
        (Header.REPLAYED_FROM, origin.encode()),
    ]
    return letter.topic, letter.key, letter.value, headers
