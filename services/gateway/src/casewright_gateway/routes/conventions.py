"""What the endpoints have in common: bearer token, revisions, pages, documented problems."""

import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Path, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr

from casewright_gateway.domain.cursor import MAX_CURSOR
from casewright_gateway.domain.errors import RevisionMismatchError, RevisionRequiredError
from casewright_gateway.routes import patterns
from casewright_gateway.routes.errors import UnauthorizedError
from casewright_gateway.routes.problems import PROBLEM_JSON, Problem

PREFIX = "/api/v1"
USER = "X-Casewright-User"
DEFAULT_LIMIT = 50
MAX_LIMIT = 200
_TITLES = {
    400: "The request can't be read.",
    401: "The bearer token is missing or wrong.",
    404: "There is no such thing in this organisation.",
    409: "It conflicts with what exists.",
    412: "It was changed in the meantime.",
    413: "The body is too large.",
    415: "The body is of a kind that isn't taken here.",
    422: "A value in the request can't be used.",
    428: "`If-Match` is missing.",
    500: "A mistake of ours.",
    502: "The Jira site can't be reached.",
    503: "PostgreSQL, or Redis where it is needed, is away for the moment.",
}
_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", description="The API token of the settings.")

OrganisationId = Annotated[UUID, Path(description="Id of the organisation.")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Most items on the page.")]
Cursor = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=MAX_CURSOR,
        pattern=patterns.CURSOR,
        description="`next_cursor` of the page before.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=200,
        description="ETag of the revision that the change is based on.",
        examples=['"1"'],
    ),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=patterns.IDEMPOTENCY_KEY,
        description="The same key with the same request has one effect only, however often it is sent.",
    ),
]
_ETAG = re.compile(r'^"([0-9]{1,9})"$')


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: the problems that it may answer with, besides those that any may."""
    return {
        status: {
            "description": _TITLES[status],
            "content": {PROBLEM_JSON: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}},
        }
        for status in sorted({*statuses, 401, 422, 500, 503})
    }


def require_token(expected: SecretStr) -> Callable[..., None]:
    """A dependency that lets only the bearer of `expected` in.

    Hashes are compared, so that the time it takes tells neither content nor length.
    """
    wanted = hashlib.sha256(expected.get_secret_value().encode()).digest()

    def check(
        request: Request,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)] = None,
    ) -> None:
        given = "" if credentials is None else credentials.credentials
        if not hmac.compare_digest(hashlib.sha256(given.encode()).digest(), wanted):
            raise UnauthorizedError("Send the API token as `Authorization: Bearer …`.")
        request.scope["caller"] = API_TOKEN_USER

    return check


def _caller(
    request: Request,
    user: Annotated[
        str | None,
        Header(
            alias=USER,
            max_length=100,
            pattern=patterns.USER_ID,
            description="On whose behalf this is done: whose name, keys and budget it goes by.",
            examples=["jo@example.com"],
        ),
    ] = None,
) -> str:
    return user or str(request.scope["caller"])


API_TOKEN_USER = "api-token"  # noqa: S105  # who acts where nobody is named, not a token
Caller = Annotated[str, Depends(_caller)]
"""Who acts: whom the bearer of the one token names, until people sign in; the only place that decides it."""


def etag(revision: int) -> str:
    """The ETag of a revision."""
    return f'"{revision}"'


def revision_in(if_match: str | None, *, required: bool) -> int | None:
    """The revision that `If-Match` names; `None` for any.

    Raises:
        RevisionRequiredError: It is absent though required.
        RevisionMismatchError: It is no ETag of ours, so it can't match.
    """
    if if_match is None:
        if required:
            raise RevisionRequiredError
        return None
    if if_match.strip() == "*":
        return None
    found = _ETAG.match(if_match.strip())
    if found is None:
        raise RevisionMismatchError
    return int(found[1])


def version_in(if_match: str | None) -> str | None:
    """The version of a case that `If-Match` names, without its quotes; `None` for any."""
    return None if if_match is None or if_match.strip() == "*" else if_match.strip().strip('"')
