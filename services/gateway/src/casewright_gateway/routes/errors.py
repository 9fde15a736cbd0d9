"""Which HTTP status each error gets: the only place that decides it."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from casewright_common.errors import (
    CasewrightError,
    UpstreamFailedError,
    UpstreamRejectedError,
    UpstreamUnavailableError,
)
from casewright_gateway.domain.errors import (
    AlreadyExistsError,
    CredentialsRefusedError,
    DocumentTooLargeError,
    InUseError,
    InvalidFieldError,
    KeyReusedError,
    NotApplicableError,
    NotFoundError,
    RevisionMismatchError,
    RevisionRequiredError,
    UnsupportedTypeError,
)
from casewright_gateway.routes.patterns import SENTENCES
from casewright_gateway.routes.problems import TYPE_BASE, FieldProblem, Problem, ProblemResponse
from casewright_gateway.service.progress import ProgressUnavailableError

_logger = logging.getLogger(__name__)

STATUS: dict[type[CasewrightError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    AlreadyExistsError: HTTPStatus.CONFLICT,
    InUseError: HTTPStatus.CONFLICT,
    NotApplicableError: HTTPStatus.CONFLICT,
    RevisionMismatchError: HTTPStatus.PRECONDITION_FAILED,
    RevisionRequiredError: HTTPStatus.PRECONDITION_REQUIRED,
    DocumentTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UnsupportedTypeError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    InvalidFieldError: HTTPStatus.UNPROCESSABLE_ENTITY,
    CredentialsRefusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    KeyReusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UpstreamRejectedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ProgressUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    UpstreamFailedError: HTTPStatus.SERVICE_UNAVAILABLE,
    UpstreamUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
}

OWN_DEPENDENCIES = {"postgres", "kafka", "redis"}
"""What we answer 503 for when it is away; anything else is somebody else's, and a 502."""

CODES = {
    HTTPStatus.BAD_REQUEST: "malformed_request",
    HTTPStatus.UNAUTHORIZED: "unauthorized",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body_too_large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "invalid_request",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal",
}

MOST_FIELD_PROBLEMS = 20
RETRY_AFTER_S = 5


class BodyTooLargeError(HTTPException):
    """The body has more bytes than are taken; an `HTTPException`, because FastAPI lets only those pass."""

    def __init__(self, limit: int) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self.limit = limit


class UnauthorizedError(CasewrightError):
    """The bearer token is missing or not the right one."""

    code = "unauthorized"


def problem(
    status: HTTPStatus,
    detail: str,
    *,
    code: str | None = None,
    request_id: str | None = None,
    errors: Sequence[FieldProblem] = (),
) -> Problem:
    """A problem of the kind that `code` names, or else the status."""
    code = code or CODES.get(status) or status.phrase.lower().replace(" ", "_").replace("-", "_")
    return Problem(
        type=f"{TYPE_BASE}{code}",
        title=code.replace("_", " ").capitalize(),
        status=status.value,
        code=code,
        detail=detail,
        request_id=request_id,
        errors=list(errors),
    )


def answer_for(error: Exception, request_id: str | None) -> ProblemResponse:  # noqa: PLR0911  # one return per kind
    """The answer to a request that ended in `error`; says nothing about our insides."""
    if isinstance(error, UnauthorizedError):
        return ProblemResponse(
            problem(HTTPStatus.UNAUTHORIZED, str(error), request_id=request_id),
            {"WWW-Authenticate": 'Bearer realm="casewright"'},
        )
    if isinstance(error, InvalidFieldError):
        field = FieldProblem(pointer=error.pointer, code=error.code, detail=str(error))
        return ProblemResponse(
            problem(STATUS[InvalidFieldError], str(error), request_id=request_id, errors=[field])
        )
    if isinstance(error, RequestValidationError):
        return _validation(error.errors(), request_id)
    if isinstance(error, BodyTooLargeError):
        return ProblemResponse(
            problem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"The body may have {error.limit} bytes.",
                request_id=request_id,
            )
        )
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.status_code)
        shown = problem(status, _sentence(status), request_id=request_id)
        return ProblemResponse(shown, dict(error.headers or {}))
    if isinstance(error, UpstreamFailedError | UpstreamUnavailableError):
        own = error.dependency in OWN_DEPENDENCIES
        status = HTTPStatus.SERVICE_UNAVAILABLE if own else HTTPStatus.BAD_GATEWAY
        _logger.warning("Answered %s: %s", status.value, error)
        return ProblemResponse(
            problem(status, str(error), code=error.code, request_id=request_id),
            {"Retry-After": str(RETRY_AFTER_S)},
        )
    for kind in type(error).__mro__:
        if kind in STATUS and isinstance(error, CasewrightError):
            return ProblemResponse(problem(STATUS[kind], str(error), code=error.code, request_id=request_id))
    _logger.error("A request failed unexpectedly", exc_info=error)
    return ProblemResponse(
        problem(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "Something went wrong on our side; the log has it under this request id.",
            request_id=request_id,
        )
    )


def handle_errors(app: FastAPI, routes: Sequence[BaseRoute]) -> None:
    """Let every error of the application end in a problem.

    Args:
        app: The application.
        routes: All its routes with their whole paths: Starlette's `Allow` names one route's methods only.
    """

    async def handle(request: Request, error: Exception) -> Response:
        answer = answer_for(error, request.scope.get("request_id"))
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            answer.headers["Allow"] = ", ".join(sorted(_methods_at(routes, request)))
        return answer

    for kind in (CasewrightError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, handle)


def _methods_at(routes: Sequence[BaseRoute], request: Request) -> set[str]:
    here = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return {method for route in here for method in getattr(route, "methods", None) or ()}


def _sentence(status: HTTPStatus) -> str:
    known = {
        HTTPStatus.NOT_FOUND: "There is nothing at this address.",
        HTTPStatus.METHOD_NOT_ALLOWED: "This address doesn't know that method.",
        HTTPStatus.BAD_REQUEST: "The request can't be read.",
    }
    return known.get(status, f"{status.description or status.phrase}.".replace("..", "."))


def _validation(found: Sequence[Any], request_id: str | None) -> ProblemResponse:
    errors = [
        FieldProblem(pointer=_pointer(each), code=str(each["type"]), detail=_detail(each))
        for each in found[:MOST_FIELD_PROBLEMS]
    ]
    return ProblemResponse(
        problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The request isn't what this address takes; see `errors`.",
            request_id=request_id,
            errors=errors,
        )
    )


def _detail(error: Mapping[str, Any]) -> str:
    """What is wrong, in words for people: pydantic's own are, but for these."""
    context = error.get("ctx") or {}
    match error["type"]:
        case "string_pattern_mismatch":
            return SENTENCES.get(str(context.get("pattern")), "It doesn't have the form that is wanted here.")
        case "json_invalid":
            at = error["loc"][-1]
            found = context.get("error", "it can't be read")
            return f"The body isn't valid JSON: {found}, after {at} characters."
        case "uuid_parsing":
            return "It must be a UUID such as 7f3c6c1e-0d6e-4a53-9a51-0b54c6a3a1ce."
    return str(error["msg"]).removeprefix("Value error, ")


def _pointer(error: Mapping[str, Any]) -> str:
    where, *rest = error["loc"]
    if error["type"] == "json_invalid":
        return ""  # what follows is where the parser stopped, not a part of the body
    name = str(rest[0]) if rest else ""
    match where:
        case "query":
            return f"?{name}"
        case "path":
            return f"{{{name}}}"
        case "header":
            return f"{name}:"
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in rest]
    return "".join(f"/{part}" for part in parts)
