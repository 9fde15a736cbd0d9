"""Composition root of ingest."""

from datetime import UTC, datetime

from starlette.routing import Router

from casewright_common.postgres import Database
from casewright_common.runtime import Runtime, run
from casewright_common.settings import load
from casewright_common.vault import Vault
from casewright_ingest.adapters.stories_repository import StoriesRepository
from casewright_ingest.handlers import build_router
from casewright_ingest.metrics import IngestMetrics
from casewright_ingest.routes.signatures import WebhookSecrets
from casewright_ingest.routes.webhooks import WebhookDoor
from casewright_ingest.service import IngestIssue
from casewright_ingest.settings import IngestSettings


def build(settings: IngestSettings) -> Router:
    """The service as an ASGI application."""
    runtime = Runtime("ingest", settings)
    metrics = IngestMetrics(runtime.registry)
    database = Database(settings.postgres, service="ingest")
    configuration = runtime.configuration()
    ingest = IngestIssue(
        stories=StoriesRepository(database),
        configuration=configuration,
        count=metrics.issue,
        now=lambda: datetime.now(UTC),
    )
    door = WebhookDoor(
        configuration=configuration,
        secrets=WebhookSecrets(Vault(database, settings.vault)),
        publish=runtime.delivery.publish,
        metrics=metrics,
        settings=settings.webhook,
        not_ready=configuration.not_ready,
    )
    runtime.check("postgres", database.ping)
    runtime.on_close(database.close)
    runtime.delivery.broker.include_router(build_router(ingest, runtime.delivery.publish))
    return runtime.app([door.route()])


def main() -> None:
    """Run ingest until SIGTERM."""
    run("ingest", build, load(IngestSettings))
