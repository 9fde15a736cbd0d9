"""A member of the service that works on one message until a test kills it.

Arguments: the site's address, the database's, the event as JSON, whether sub-tasks are written.
"""

import asyncio
import sys

from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from casewright_common.configuration import ConfigurationView
from casewright_common.events import CasesGeneratedV1
from casewright_common.postgres import Database
from casewright_common.settings import PostgresSettings
from casewright_jira_sync.adapters.jira_client import JiraClient
from casewright_jira_sync.adapters.jira_http import JiraHttp
from casewright_jira_sync.adapters.ledger_repository import LedgerRepository
from casewright_jira_sync.adapters.metrics import SyncMetrics
from casewright_jira_sync.app import http_client, rate_budget
from casewright_jira_sync.service import SyncCases, Timing
from casewright_jira_sync.settings import JiraSettings
from casewright_jira_sync.testing import SecretsInMemory, connection, project

# The answer comes never, and the test kills us long before the time-out; the lease is as short as can be.
_SETTINGS = JiraSettings(connect_timeout_s=1, read_timeout_s=2)


async def main() -> None:
    site_url, database_url, message, with_subtasks = sys.argv[1:]
    event = CasesGeneratedV1.model_validate_json(message)
    subtasks = with_subtasks == "True"
    metrics = SyncMetrics(CollectorRegistry())
    trusted = [site_url.removeprefix("http://")]
    http = JiraHttp(
        http_client(_SETTINGS, trusted),
        SecretsInMemory(),
        rate_budget(_SETTINGS, metrics, None),
        metrics,
        call_s=_SETTINGS.call_s,
        trusted_sites=trusted,
    )
    known = ConfigurationView(
        connection(site_url, connection_id=event.connection_id),
        project(connection_id=event.connection_id, write_comment=not subtasks, write_subtasks=subtasks),
    )
    database = Database(PostgresSettings(url=SecretStr(database_url)), service="jira-sync")
    sync = SyncCases(
        configuration=known,
        ledger=LedgerRepository(database),
        jira=JiraClient(http),
        observer=metrics,
        timing=Timing(call_s=_SETTINGS.call_s, lease_s=_SETTINGS.call_s + 0.3),
    )
    await sync(event)


asyncio.run(main())
