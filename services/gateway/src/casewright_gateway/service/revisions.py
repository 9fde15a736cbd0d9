"""Optimistic concurrency: a change names the revision that it is based on."""

from casewright_gateway.domain.errors import RevisionMismatchError


def match_revision(current: int, wanted: int | None) -> None:
    """Raises `RevisionMismatchError` unless `wanted` is the current revision, or `None` for any."""
    if wanted is not None and current != wanted:
        raise RevisionMismatchError
