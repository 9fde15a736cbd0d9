"""A Jira to write to, and the service's parts on it."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from casewright_common.configuration import ConfigurationView
from casewright_jira_simulator.app import create_app
from casewright_jira_simulator.server import server_config
from casewright_jira_simulator.settings import SimulatorSettings
from casewright_jira_sync.adapters.jira_client import JiraClient
from casewright_jira_sync.adapters.jira_http import JiraHttp
from casewright_jira_sync.adapters.metrics import SyncMetrics
from casewright_jira_sync.app import http_client, rate_budget
from casewright_jira_sync.lease import Ledger
from casewright_jira_sync.placing import Patience
from casewright_jira_sync.service import SyncCases, Timing
from casewright_jira_sync.settings import JiraSettings
from casewright_jira_sync.testing import TOKEN, LedgerInMemory, SecretsInMemory, configuration

FAST = JiraSettings(connect_timeout_s=0.5, read_timeout_s=0.5, first_retry_s=0.05, max_wait_s=3)
"""Time-outs that tests can wait for."""


class JiraSite:
    """The simulator, seen from outside."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=10)

    @property
    def host(self) -> str:
        """As it stands among the trusted sites."""
        return self.url.removeprefix("http://")

    def admin(self, method: str, path: str, **options: Any) -> Any:
        answer = self._http.request(method, f"/simulator/{path}", **options)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def rest(self, path: str) -> Any:
        answer = self._http.get(f"/rest/api/3/{path}", auth=("integration@example.com", TOKEN))
        answer.raise_for_status()
        return answer.json()

    def new_story(self, summary: str = "Reset the password") -> tuple[str, str]:
        body = {"issues": [{"project": "SHOP", "summary": summary, "description": "As a customer …"}]}
        created = self.admin("POST", "issues", json=body)["issues"][0]
        return created["id"], created["key"]

    def fault(self, kind: str, **plan: Any) -> None:
        self.admin("POST", "faults", json={"kind": kind, "count": 1, **plan})

    def struck(self) -> int:
        return sum(fault["struck"] for fault in self.admin("GET", "faults"))

    def effects(self, issue_key: str) -> list[dict[str, Any]]:
        """What our account did to an issue."""
        page = self.admin("GET", "ledger", params={"limit": 10_000, "actor": "712020:integration"})
        return [one for one in page["effects"] if issue_key in {one["issue_key"], one["parent_key"]}]

    def kinds(self, issue_key: str) -> list[str]:
        return [effect["kind"] for effect in self.effects(issue_key)]

    def comments(self, issue_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.rest(f"issue/{issue_id}/comment?expand=properties")["comments"]
        return found

    def subtasks(self, issue_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.rest(f"issue/{issue_id}?fields=subtasks")["fields"]["subtasks"]
        return found

    def close(self) -> None:
        self._http.close()


@pytest.fixture(scope="session")
def jira_server() -> Iterator[str]:
    """URL of a simulator with its own rate limits off; tests inject the 429s they want."""
    app = create_app(SimulatorSettings(token=SecretStr(TOKEN), rate_limits=False))
    server = uvicorn.Server(server_config(app, host="127.0.0.1", port=0))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def site(jira_server: str) -> Iterator[JiraSite]:
    site = JiraSite(jira_server)
    site.admin("DELETE", "faults")
    site.admin("POST", "projects", json={"key": "SHOP", "name": "Shop"})
    yield site
    site.admin("DELETE", "faults")
    site.close()


@dataclass
class Worker:
    """One member of the service: its use case, and what it counted."""

    sync: SyncCases
    client: JiraClient
    secrets: SecretsInMemory
    registry: CollectorRegistry

    def count(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(f"casewright_jira_{name}_total", labels) or 0.0


@dataclass
class Workers:
    """Makes members of the service that share a ledger."""

    site: JiraSite
    ledger: Ledger = field(default_factory=LedgerInMemory)
    closing: list[httpx.AsyncClient] = field(default_factory=list)

    def new(
        self, settings: JiraSettings = FAST, configured: ConfigurationView | None = None, **project: Any
    ) -> Worker:
        registry = CollectorRegistry()
        metrics, secrets = SyncMetrics(registry), SecretsInMemory()
        http = http_client(settings, [self.site.host])
        self.closing.append(http)
        client = JiraClient(
            JiraHttp(
                http,
                secrets,
                rate_budget(settings, metrics, None),
                metrics,
                call_s=settings.call_s,
                trusted_sites=[self.site.host],
            )
        )
        sync = SyncCases(
            configuration=configured or configuration(self.site.url, **project),
            ledger=self.ledger,
            jira=client,
            observer=metrics,
            timing=Timing(call_s=settings.call_s, lease_s=settings.call_s + 0.3),
            patience=Patience(first_wait_s=settings.first_retry_s, longest_wait_s=settings.max_wait_s),
        )
        return Worker(sync, client, secrets, registry)


@pytest.fixture
async def workers(site: JiraSite) -> AsyncIterator[Workers]:
    workers = Workers(site)
    yield workers
    await asyncio.gather(*(http.aclose() for http in workers.closing))
