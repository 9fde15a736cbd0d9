"""The door: verify, cut, publish, answer. No database on this path once a connection's secret is known."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from casewright_common.configuration import Configuration
from casewright_common.delivery import Publish
from casewright_common.errors import UpstreamRejectedError, UpstreamUnavailableError
from casewright_common.events import ConnectionConfiguredV1, IssueReceivedV1
from casewright_ingest.domain.webhook import Delivered, Ignored, Received, Refused, read_webhook
from casewright_ingest.metrics import IngestMetrics
from casewright_ingest.routes.json_bodies import parse_json
from casewright_ingest.routes.problems import Problem
from casewright_ingest.routes.signatures import WebhookSecrets, is_signed
from casewright_ingest.settings import WebhookSettings

_logger = logging.getLogger(__name__)
_LONGEST_IDENTIFIER: Final = 200
_CLIENT_WENT: Final = 499
_ACCEPTED: Final = Response()


@dataclass(frozen=True)
class WebhookDoor:
    """Takes Jira's admin webhooks.

    Attributes:
        publish: Returns once all in-sync replicas have the event, or fails in time.
        not_ready: Why the configuration can't be relied on yet, or `None`.
    """

    configuration: Configuration
    secrets: WebhookSecrets
    publish: Publish
    metrics: IngestMetrics
    settings: WebhookSettings
    not_ready: Callable[[], str | None]

    def route(self) -> Route:
        """`POST /webhooks/jira/{connection_id}`."""
        return Route("/webhooks/jira/{connection_id}", self, methods=["POST"], name="jira_webhook")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 200 when Kafka has the event, or when there is nothing to keep of it.

        An ASGI application and no function: Starlette's wrapping of those is half of what routing costs.
        """
        response = _ACCEPTED
        try:
            await self._receive(scope, receive)
        except Problem as problem:
            self.metrics.refused.labels(problem.code).inc()
            response = problem.response()
        except ClientDisconnect:
            self.metrics.refused.labels("client_went").inc()
            response = Response(status_code=_CLIENT_WENT)
        await response(scope, receive, send)

    async def _receive(self, scope: Scope, receive: Receive) -> None:
        connection = self._connection(scope["path_params"]["connection_id"])
        headers: dict[bytes, bytes] = dict(scope["headers"])
        body = await self._body(receive, headers.get(b"content-length", b""))
        signature = headers.get(b"x-hub-signature")
        if signature is None:
            raise Problem(401, "missing_signature", "No signature", "The header X-Hub-Signature is missing.")
        secret = self.secrets.known(connection)
        if secret is None:
            secret = await self._read_secret(connection)
        if not is_signed(body, signature.decode("latin-1"), secret):
            raise Problem(401, "bad_signature", "Wrong signature", "The signature is not that of the body.")
        self.metrics.body_bytes.observe(len(body))
        identifier = headers.get(b"x-atlassian-webhook-identifier", b"").decode("latin-1")
        await self._take(body, identifier, connection)

    def _connection(self, connection_id: str) -> ConnectionConfiguredV1:
        parsed = _uuid(connection_id)
        connection = None if parsed is None else self.configuration.connection(parsed)
        if connection is not None:
            return connection
        if self.not_ready() is not None:
            raise self._later("configuration_loading", "The configuration is still being read.")
        raise Problem(404, "unknown_connection", "No such connection", "There is no connection with this id.")

    async def _body(self, receive: Receive, content_length: bytes) -> bytes:
        limit = self.settings.max_body_bytes
        size = int(content_length) if content_length.isdigit() else 0
        chunks: list[bytes] = []
        taken, more = 0, True
        while more and size <= limit:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            chunk = message.get("body", b"")
            taken += len(chunk)
            size = max(size, taken)
            chunks.append(chunk)
            more = message.get("more_body", False)
        if size > limit:
            raise _too_large(f"Bodies of more than {limit} bytes are not taken.")
        return b"".join(chunks)

    async def _read_secret(self, connection: ConnectionConfiguredV1) -> bytes:
        try:
            secret = await self.secrets.read(connection)
        except UpstreamUnavailableError as error:
            raise self._later("vault_unavailable", "The sender can't be verified at the moment.") from error
        if not secret:
            _logger.warning("Connection %s has no readable webhook secret", connection.connection_id)
            raise Problem(401, "secret_unreadable", "Not verifiable", "The connection has no webhook secret.")
        return secret

    async def _take(self, body: bytes, identifier: str, connection: ConnectionConfiguredV1) -> None:
        try:
            parsed = parse_json(body)
        except ValueError as error:
            detail = f"The body can't be read as JSON: {error}."
            raise Problem(422, "not_json", "Not a Jira event", detail) from error
        result = read_webhook(
            parsed,
            Delivered(
                org_id=connection.org_id,
                connection_id=connection.connection_id,
                delivery_id=_delivery_id(identifier, body),
                criteria_fields=self.configuration.criteria_fields(connection.connection_id),
                received_at=datetime.now(UTC),
            ),
        )
        if isinstance(result, Refused):
            raise Problem(422, "not_a_jira_event", "Not a Jira event", result.detail)
        if isinstance(result, Ignored):
            self.metrics.ignored.labels(result.event).inc()
        elif self._is_configured(connection.connection_id, result):
            await self._publish(result.event)
            self.metrics.accepted.inc()
        elif self.not_ready() is not None:
            raise self._later("configuration_loading", "The configuration is still being read.")
        else:
            self.metrics.ignored.labels("not_configured").inc()

    def _is_configured(self, connection_id: UUID, received: Received) -> bool:
        """Whether the issue is, or has just been, in a project that we serve."""
        known = self.configuration.project(connection_id, received.event.project_key)
        if known is None and received.moved_from:
            known = self.configuration.project(connection_id, received.moved_from)
        return known is not None

    async def _publish(self, event: IssueReceivedV1) -> None:
        try:
            await self.publish(event, timeout_s=self.settings.publish_timeout_s)
        except UpstreamRejectedError as error:
            raise _too_large("The issue is too large to be passed on.") from error
        except UpstreamUnavailableError as error:
            _logger.warning("Kafka does not take %s: %s", event.issue_key, error)
            raise self._later("kafka_unavailable", "The event can't be stored at the moment.") from error

    def _later(self, code: str, detail: str) -> Problem:
        return Problem(503, code, "Not now", detail, retry_after_s=self.settings.retry_after_s)


@lru_cache(maxsize=1024)
def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _too_large(detail: str) -> Problem:
    return Problem(413, "too_large", "Too large", detail)


def _delivery_id(identifier: str, body: bytes) -> str:
    """Jira's identifier, the same across its retries; of a sender that has none, the body's."""
    if identifier and len(identifier) <= _LONGEST_IDENTIFIER:
        return identifier
    return f"sha256:{hashlib.sha256(body).hexdigest()}"
