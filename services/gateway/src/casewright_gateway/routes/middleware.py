"""What happens to every request: an id, a bound on its body, headers that browsers heed, a count."""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from uuid import uuid4

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casewright_common.telemetry import bind
from casewright_common.tracing import answering
from casewright_gateway.routes import docs
from casewright_gateway.routes.errors import BodyTooLargeError, answer_for

REQUEST_ID = "X-Request-ID"
_CLEAN_ID = re.compile(r"^[A-Za-z0-9._-]{1,100}$")
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
_NO_CONTENT = "default-src 'none'; frame-ancestors 'none'"
_PAGE_CONTENT = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_CONTENT = {docs.PATH: docs.CONTENT, "/": _PAGE_CONTENT}


class RequestFrame:
    """Outermost: every answer gets an id, security headers and a count, also that of an unexpected error.

    Args:
        app: What answers.
        max_body_bytes: Largest body that is read.
        registry: Where the counts go.
        larger: Patterns of paths that take larger bodies, each with its bound.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_body_bytes: int,
        registry: CollectorRegistry,
        larger: Mapping[re.Pattern[str], int] = MappingProxyType({}),
    ) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes
        self._larger = larger
        self._requests = Counter(
            "casewright_http_requests", "Requests answered", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "casewright_http_request_seconds", "Time to the answer", ["method", "route"], registry=registry
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, framed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get(REQUEST_ID, "")
        request_id = given if _CLEAN_ID.match(given) else uuid4().hex
        scope["request_id"] = request_id
        began, status, took_s = time.perf_counter(), 0, 0.0

        async def framed(message: Message) -> None:
            nonlocal status, took_s
            if message["type"] == "http.response.start":
                # What is watched for minutes is answered at once all the same.
                status, took_s = message["status"], time.perf_counter() - began
                answer = MutableHeaders(scope=message)
                answer[REQUEST_ID] = request_id
                for name, value in _SECURITY_HEADERS.items():
                    answer.setdefault(name, value)
                answer.setdefault("Content-Security-Policy", _CONTENT.get(scope["path"], _NO_CONTENT))
                if scope["path"].startswith("/api/"):
                    answer.setdefault("Cache-Control", "no-store")
            await send(message)

        with bind(request_id=request_id), answering(headers):
            try:
                limited = _limited(scope, receive, self._bound(scope["path"]))
                await self._app(scope, limited, framed)
            except Exception as error:  # the last place that can still answer
                if status:
                    raise
                await answer_for(error, request_id)(scope, receive, framed)
            finally:
                route = getattr(scope.get("route"), "path", "unmatched")
                self._requests.labels(_method(scope), route, str(status)).inc()
                self._seconds.labels(_method(scope), route).observe(took_s or time.perf_counter() - began)

    def _bound(self, path: str) -> int:
        bounds = [bound for pattern, bound in self._larger.items() if pattern.match(path)]
        return max([self._max_body_bytes, *bounds])


def _method(scope: Scope) -> str:
    known = {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"}
    return scope["method"] if scope["method"] in known else "other"


def _limited(scope: Scope, receive: Receive, limit: int) -> Callable[[], Awaitable[Message]]:
    declared = Headers(scope=scope).get("content-length", "")
    read = 0

    async def receive_limited() -> Message:
        nonlocal read
        if declared.isdigit() and int(declared) > limit:
            raise BodyTooLargeError(limit)
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise BodyTooLargeError(limit)
        return message

    return receive_limited
