"""Request bodies as Jira reads them: JSON objects, refused in Jira's own words."""

from json import JSONDecodeError
from typing import Annotated, Any

from fastapi import Depends, Request

from casewright_jira_simulator.errors import JiraError

Json = dict[str, Any]
MAX_PAGE = 100
MAX_COMMENT_PAGE = 5_000


async def any_json(request: Request) -> Any:
    """The body as JSON.

    Raises:
        JiraError: 400.
    """
    try:
        return await request.json()
    except (JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise JiraError(
            400, "There was an error parsing JSON. Check that your request body is valid."
        ) from error


async def json_object(request: Request) -> Json:
    """The body as a JSON object.

    Raises:
        JiraError: 400.
    """
    body = await any_json(request)
    if not isinstance(body, dict):
        raise JiraError(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    return body


def listed(values: list[str] | None) -> list[str]:
    """A list parameter, whether repeated or joined by commas."""
    return [part.strip() for value in values or () for part in value.split(",") if part.strip()]


def expands(value: str | None, name: str) -> bool:
    """Whether the `expand` parameter names this."""
    return name in (value or "").split(",")


Body = Annotated[Json, Depends(json_object)]
AnyBody = Annotated[Any, Depends(any_json)]
