"""The two servers of the webhook benchmark: `ours PORT KAFKA`, ingest's door; `bare PORT`, the yardstick."""

import hashlib
import hmac
import sys
from datetime import UTC, datetime
from uuid import UUID

import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from casewright_common.configuration import ConfigurationView
from casewright_common.events import ConnectionConfiguredV1, ProjectConfiguredV1
from casewright_common.runtime import Runtime
from casewright_common.settings import KafkaSettings, PostgresSettings, ServiceSettings
from casewright_common.vault import SecretKind
from casewright_ingest.metrics import IngestMetrics
from casewright_ingest.routes.signatures import WebhookSecrets
from casewright_ingest.routes.webhooks import WebhookDoor
from casewright_ingest.settings import WebhookSettings

SECRET = b"only-for-benchmarks"
ORG, CONNECTION, PROJECT = UUID(int=1), UUID(int=2), UUID(int=3)
PATH = f"/webhooks/jira/{CONNECTION}"


class _OneSecret:
    async def reveal(self, *, org_id: UUID, kind: SecretKind, secret_id: UUID) -> SecretStr:
        del org_id, kind, secret_id
        return SecretStr(SECRET.decode())


def bare() -> ASGIApp:
    """A route that checks the same HMAC over the same body, and answers."""

    async def receive(request: Request) -> Response:
        body = await request.body()
        signature = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        matches = hmac.compare_digest(signature, request.headers["x-hub-signature"])
        return Response(status_code=200 if matches else 401)

    return Starlette(routes=[Route("/webhooks/jira/{connection_id}", receive, methods=["POST"])])


def ours(bootstrap: str) -> ASGIApp:
    """Ingest's door with a real Kafka behind it; the consumers behind the topic run elsewhere."""
    now = datetime.now(UTC)
    configuration = ConfigurationView(
        ConnectionConfiguredV1(
            event_id=UUID(int=4),
            occurred_at=now,
            org_id=ORG,
            connection_id=CONNECTION,
            revision=1,
            site_url="https://bench.example",
            account_email="integration@bench.example",
            account_id="integration",
            credential_ref=UUID(int=5),
            webhook_secret_ref=UUID(int=6),
        ),
        ProjectConfiguredV1(
            event_id=UUID(int=7),
            occurred_at=now,
            org_id=ORG,
            project_id=PROJECT,
            connection_id=CONNECTION,
            project_key="SHOP",
            revision=1,
        ),
    )
    unused = PostgresSettings(url=SecretStr("postgresql://nobody@127.0.0.1/none"))
    runtime = Runtime(
        "ingest", ServiceSettings(kafka=KafkaSettings(bootstrap_servers=bootstrap), postgres=unused)
    )
    door = WebhookDoor(
        configuration=configuration,
        secrets=WebhookSecrets(_OneSecret()),
        publish=runtime.delivery.publish,
        metrics=IngestMetrics(runtime.registry),
        settings=WebhookSettings(),
        not_ready=lambda: None,
    )
    return runtime.app([door.route()])


def main() -> None:
    """Serve one of them until SIGTERM."""
    kind, port = sys.argv[1], int(sys.argv[2])
    app = bare() if kind == "bare" else ours(sys.argv[3])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    main()
