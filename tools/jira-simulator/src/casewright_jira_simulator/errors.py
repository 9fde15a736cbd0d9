"""Refusals in the shape that Jira gives them."""

from collections.abc import Mapping
from typing import Any


class JiraError(Exception):
    """A request that Jira refuses.

    Attributes:
        status: HTTP status, 400 to 599.
        messages: What is wrong with the request as a whole.
        errors: What is wrong with single fields.
        headers: Additional response headers, such as Retry-After.
    """

    def __init__(
        self,
        status: int,
        *messages: str,
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status}: {'; '.join(messages) or errors}")
        self.status = status
        self.messages = messages
        self.errors = dict(errors or {})
        self.headers = dict(headers or {})

    @property
    def body(self) -> dict[str, Any]:
        """Jira's `ErrorCollection`."""
        return {"errorMessages": list(self.messages), "errors": self.errors}


def issue_missing() -> JiraError:
    """404 for an issue that is not there, or not to be seen."""
    return JiraError(404, "Issue does not exist or you do not have permission to see it.")


class JournalError(Exception):
    """The journal cannot be used: damaged before its end, or held by another process."""
