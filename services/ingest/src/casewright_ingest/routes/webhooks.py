"""The door: verify, cut, publish, answer. No database on this path once a connection's secret is known."""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from casewright_common.configuration import Configuration
from casewright_common.delivery import Publish
from casewright_common.errors import UpstreamRejectedError, UpstreamUnavailableError
from casewright_common.events import ConnectionConfiguredV1, IssueReceivedV1
from casewright_ingest.domain.webhook import Delivered, Ignored, Refused, read_webhook
from casewright_ingest.metrics import IngestMetrics
from casewright_ingest.routes.json_bodies import parse_json
from casewright_ingest.routes.problems import Problem
from casewright_ingest.routes.signatures import WebhookSecrets, is_signed
from casewright_ingest.settings import WebhookSettings

_logger = logging.getLogger(__name__)
_LONGEST_IDENTIFIER: Final = 200
_CLIENT_WENT: Final = 499


@dataclass(frozen=True)
class WebhookDoor:
    """Takes Jira's admin webhooks.

    Attributes:
        publish: Returns once all in-sync replicas have the event.
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
        return Route("/webhooks/jira/{connection_id}", self.receive, methods=["POST"])

    async def receive(self, request: Request) -> Response:
        """Answer 200 when Kafka has the event, or when there is nothing to keep of it."""
        try:
            return await self._receive(request)
        except Problem as problem:
            self.metrics.refused.labels(problem.code).inc()
            return problem.response()
        except ClientDisconnect:
            self.metrics.refused.labels("client_went").inc()
            return Response(status_code=_CLIENT_WENT)

    async def _receive(self, request: Request) -> Response:
        connection = self._connection(request.path_params["connection_id"])
        headers = request.headers
        body = await self._body(request, headers.get("content-length"))
        signature = headers.get("x-hub-signature")
        if signature is None:
            raise Problem(401, "missing_signature", "No signature", "The header X-Hub-Signature is missing.")
        secret = self.secrets.known(connection)
        if secret is None:
            secret = await self._read_secret(connection)
        if not is_signed(body, signature, secret):
            raise Problem(401, "bad_signature", "Wrong signature", "The signature is not that of the body.")
        self.metrics.body_bytes.observe(len(body))
        return await self._take(body, headers.get("x-atlassian-webhook-identifier"), connection)

    def _connection(self, connection_id: str) -> ConnectionConfiguredV1:
        parsed = _uuid(connection_id)
        connection = None if parsed is None else self.configuration.connection(parsed)
        if connection is not None:
            return connection
        if self.not_ready() is not None:
            raise self._later("configuration_loading", "The configuration is still being read.")
        raise Problem(404, "unknown_connection", "No such connection", "There is no connection with this id.")

    async def _body(self, request: Request, content_length: str | None) -> bytes:
        limit = self.settings.max_body_bytes
        if content_length is not None and content_length.isdigit() and int(content_length) > limit:
            raise _too_large(f"Bodies of more than {limit} bytes are not taken.")
        chunks: list[bytes] = []
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise _too_large(f"Bodies of more than {limit} bytes are not taken.")
            chunks.append(chunk)
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

    async def _take(
        self, body: bytes, identifier: str | None, connection: ConnectionConfiguredV1
    ) -> Response:
        try:
            parsed = parse_json(body)
        except ValueError as error:
            raise Problem(422, "not_json", "Not a Jira event", "The body is not JSON.") from error
        projects = self.configuration.projects_of(connection.connection_id)
        result = read_webhook(
            parsed,
            Delivered(
                org_id=connection.org_id,
                connection_id=connection.connection_id,
                delivery_id=_delivery_id(identifier, body),
                criteria_fields={project.criteria_field for project in projects if project.criteria_field},
                received_at=datetime.now(UTC),
            ),
        )
        if isinstance(result, Refused):
            raise Problem(422, "not_a_jira_event", "Not a Jira event", result.detail)
        if isinstance(result, Ignored):
            return self._ignored(result.event)
        if not any(
            project.project_key in {result.event.project_key, result.moved_from} for project in projects
        ):
            if self.not_ready() is not None:
                raise self._later("configuration_loading", "The configuration is still being read.")
            return self._ignored("not_configured")
        await self._publish(result.event)
        self.metrics.accepted.inc()
        return Response()

    async def _publish(self, event: IssueReceivedV1) -> None:
        try:
            async with asyncio.timeout(self.settings.publish_timeout_s):
                await self.publish(event)
        except UpstreamRejectedError as error:
            raise _too_large("The issue is too large to be passed on.") from error
        except (UpstreamUnavailableError, TimeoutError) as error:
            _logger.warning("Kafka does not take %s: %s", event.issue_key, str(error) or type(error).__name__)
            raise self._later("kafka_unavailable", "The event can't be stored at the moment.") from error

    def _ignored(self, event: str) -> Response:
        self.metrics.ignored.labels(event).inc()
        return Response()

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


def _delivery_id(identifier: str | None, body: bytes) -> str:
    """Jira's identifier, the same across its retries; of a sender that has none, the body's."""
    if identifier and len(identifier) <= _LONGEST_IDENTIFIER:
        return identifier
    return f"sha256:{hashlib.sha256(body).hexdigest()}"
