"""Opaque cursors: where the next page starts, as the sort key of the last row that was shown."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from casewright_gateway.domain.errors import InvalidFieldError

Part = datetime | UUID | int | str
MAX_CURSOR = 400


def encode(parts: Sequence[Part]) -> str:
    """The cursor for a sort key."""
    plain = [part if isinstance(part, int) else str(part) for part in parts]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode(cursor: str, shape: Sequence[type[Part]]) -> tuple[Part, ...]:
    """The sort key in a cursor.

    Args:
        cursor: What `encode` made.
        shape: Type of each part.

    Raises:
        InvalidFieldError: The cursor isn't one of ours, or belongs to another list.
    """
    try:
        plain = list(json.loads(base64.urlsafe_b64decode(cursor[:MAX_CURSOR] + "=" * (-len(cursor) % 4))))
        return tuple(_part(kind, value) for kind, value in zip(shape, plain, strict=True))
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise InvalidFieldError("?cursor", "This is not a cursor of this list.") from error


def _part(kind: type[Part], value: object) -> Part:
    if kind is int:
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 2**31:
            raise ValueError
        return value
    if not isinstance(value, str):
        raise TypeError
    if kind is str:
        if "\x00" in value:
            raise ValueError
        return value
    if kind is UUID:
        return UUID(value)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment
