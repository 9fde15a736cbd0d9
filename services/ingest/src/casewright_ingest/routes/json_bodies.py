"""JSON of a sender who may send anything."""

import json
from typing import Any, NoReturn

from pydantic_core import from_json

_MAX_DEPTH = 150
"""Deeper bodies could not be read again behind the door."""


def parse_json(body: bytes) -> Any:
    """The value in `body`.

    Half a surrogate pair, which a cut text may hold, becomes a replacement character: such a body is rare,
    valid JSON, and must not be lost.

    Raises:
        ValueError: Not JSON, not UTF-8, or nested too deeply.
    """
    try:
        return from_json(body, allow_inf_nan=False, cache_strings="keys")
    except ValueError:
        return _parse_leniently(body)


def _parse_leniently(body: bytes) -> Any:
    try:
        value = json.loads(body, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return _mended(value, 0)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _mended(value: Any, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mended(entry, depth + 1) for entry in value]
    if isinstance(value, dict):
        return {_mended(key, depth + 1): _mended(entry, depth + 1) for key, entry in value.items()}
    return value
