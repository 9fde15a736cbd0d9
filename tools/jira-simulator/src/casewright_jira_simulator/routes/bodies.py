"""Request bodies as Jira reads them: JSON objects, refused in Jira's own words."""

from json import dumps, loads
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
    raw = await request.body()
    try:
        value = loads(raw, parse_constant=_refuse)
        if rb"\ud" in raw.lower():
            # Half a surrogate pair is JSON but no text: it could be neither kept nor shown.
            dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        message = "There was an error parsing JSON. Check that your request body is valid."
        raise JiraError(400, message) from error
    return value


async def text(request: Request) -> None:
    """Refuse a body, if there is one, that could not be kept.

    Raises:
        JiraError: 400.
    """
    if await request.body():
        await any_json(request)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


async def json_object(request: Request) -> Json:
    """The body as a JSON object.

    Raises:
        JiraError: 400.
    """
    return checked_object(await any_json(request))


def checked_object(value: Any) -> Json:
    """A JSON value that must be an object.

    Raises:
        JiraError: 400.
    """
    if not isinstance(value, dict):
        raise JiraError(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    return value


def listed(values: list[str] | None) -> list[str]:
    """A list parameter, whether repeated or joined by commas."""
    return [part.strip() for value in values or () for part in value.split(",") if part.strip()]


def expands(value: str | None, name: str) -> bool:
    """Whether the `expand` parameter names this."""
    return name in (value or "").split(",")


Body = Annotated[Json, Depends(json_object)]
AnyBody = Annotated[Any, Depends(any_json)]
