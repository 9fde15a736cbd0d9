"""What PostgreSQL can't hold."""

from typing import Any


def storable(value: Any) -> Any:
    """The value without NUL characters, which PostgreSQL can't hold and nobody misses."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    return value
