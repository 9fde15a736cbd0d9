"""Errors that cross a layer: classified by type where the knowledge is, never by their text.

`retry` tells the delivery runtime what to do with a message whose handler raised; `code` is the
stable word that metrics, dead letters and API bodies use. An exception that is none of these is a bug:
it is not retried.
"""

from enum import StrEnum
from typing import ClassVar


class Retry(StrEnum):
    """What the delivery runtime does with the message whose handler raised."""

    NEVER = "never"
    """Park at once: the message itself can't be handled."""
    BOUNDED = "bounded"
    """Try again with back-off, then park: the next attempt may go better."""
    UNTIL_AVAILABLE = "until_available"
    """Try again until it works: the message is fine. Where a dependency of all is down, all wait."""


class CasewrightError(Exception):
    """Base of every error that Casewright raises on purpose.

    Attributes:
        code: Stable identifier in snake case.
        retry: What a consumer does about it.
        of_one_owner: Whether one organisation's settings or content explain it: however many messages fail
            like this, the consumer goes on for all others.
    """

    code: ClassVar[str] = "internal"
    retry: ClassVar[Retry] = Retry.NEVER
    of_one_owner: ClassVar[bool] = False


class UpstreamUnavailableError(CasewrightError):
    """A dependency (PostgreSQL, Qdrant, Redis, Jira, a model) can't be reached or is overloaded.

    Args:
        dependency: Its name, in lower case: a label of the metrics.
        detail: What happened, without secrets.
        retry_after_s: Seconds that the dependency asked us to wait, if it did.
    """

    code = "upstream_unavailable"
    retry = Retry.UNTIL_AVAILABLE

    def __init__(self, dependency: str, detail: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(f"{dependency} is unavailable: {detail}")
        self.dependency = dependency
        self.retry_after_s = retry_after_s


class UpstreamFailedError(CasewrightError):
    """A dependency answered this one request with an error that may be gone on the next attempt."""

    code = "upstream_failed"
    retry = Retry.BOUNDED

    def __init__(self, dependency: str, detail: str) -> None:
        super().__init__(f"{dependency} failed: {detail}")
        self.dependency = dependency


class UpstreamRejectedError(CasewrightError):
    """A dependency refused this request for its content; asking again would get the same answer."""

    code = "upstream_rejected"
    of_one_owner = True

    def __init__(self, dependency: str, detail: str) -> None:
        super().__init__(f"{dependency} rejected the request: {detail}")
        self.dependency = dependency


class NotConfiguredYetError(CasewrightError):
    """The configuration event that this message needs hasn't arrived; it will, so the message waits."""

    code = "not_configured_yet"
    retry = Retry.UNTIL_AVAILABLE


class MalformedMessageError(CasewrightError):
    """The bytes of a message are not the event that its topic carries."""

    code = "malformed_message"


class SecretUnreadableError(CasewrightError):
    """The vault holds no such secret, or its ciphertext does not belong to that owner or key."""

    code = "secret_unreadable"
    of_one_owner = True
