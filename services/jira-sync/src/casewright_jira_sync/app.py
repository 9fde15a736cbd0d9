"""Composition root: the only module that builds real adapters."""

from collections.abc import Collection

import httpx
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from starlette.routing import Router

from casewright_common.outbound import guarded_client
from casewright_common.postgres import Database
from casewright_common.runtime import Runtime, run
from casewright_common.settings import load
from casewright_common.vault import Vault
from casewright_jira_sync.adapters.jira_client import JiraClient
from casewright_jira_sync.adapters.jira_http import JiraHttp
from casewright_jira_sync.adapters.ledger_repository import LedgerRepository
from casewright_jira_sync.adapters.metrics import SyncMetrics
from casewright_jira_sync.adapters.rate_budget import LocalReservations, RateBudget, Rates, RedisReservations
from casewright_jira_sync.domain.pacing import Rate
from casewright_jira_sync.handlers import build_router
from casewright_jira_sync.placing import Patience
from casewright_jira_sync.service import SyncCases, Timing
from casewright_jira_sync.settings import JiraSettings, JiraSyncSettings, RedisSettings


def build(settings: JiraSyncSettings) -> Router:
    """The service as an ASGI application; nothing is connected before its lifespan begins."""
    runtime = Runtime("jira-sync", settings)
    database = Database(settings.postgres, service="jira-sync")
    configuration = runtime.configuration()
    runtime.check("postgres", database.ping)
    runtime.on_close(database.close)
    metrics = SyncMetrics(runtime.registry)
    http = http_client(settings.jira, settings.trusted_sites)
    runtime.on_close(http.aclose)
    redis = redis_client(settings.redis)
    if redis is not None:
        runtime.on_close(redis.aclose)
    sync = SyncCases(
        configuration=configuration,
        ledger=LedgerRepository(database),
        jira=JiraClient(
            JiraHttp(
                http,
                Vault(database, settings.vault),
                rate_budget(settings.jira, metrics, redis),
                metrics,
                call_s=settings.jira.call_s,
                trusted_sites=settings.trusted_sites,
            )
        ),
        observer=metrics,
        timing=Timing(call_s=settings.jira.call_s, lease_s=settings.jira.lease_s),
        stories_at_once=settings.jira.stories_at_once,
        patience=Patience(first_wait_s=settings.jira.first_retry_s, longest_wait_s=settings.jira.max_wait_s),
    )
    runtime.delivery.broker.include_router(build_router(sync, runtime.delivery.publish))
    return runtime.app()


def http_client(settings: JiraSettings, trusted_sites: Collection[str]) -> httpx.AsyncClient:
    """Connections to Jira."""
    return guarded_client(
        trusted_sites,
        timeout=httpx.Timeout(settings.read_timeout_s, connect=settings.connect_timeout_s),
        limits=httpx.Limits(max_connections=settings.stories_at_once, max_keepalive_connections=None),
    )


def redis_client(settings: RedisSettings) -> Redis | None:
    """A client that gives up quickly: without Redis, calls go on with the process's own budget."""
    if settings.url is None:
        return None
    return Redis.from_url(
        settings.url.get_secret_value(),
        socket_timeout=settings.timeout_s,
        socket_connect_timeout=settings.timeout_s,
        retry=Retry(NoBackoff(), 0),
    )


def rate_budget(settings: JiraSettings, metrics: SyncMetrics, redis: Redis | None) -> RateBudget:
    """The budget of each site, shared if there is a Redis."""
    rates = Rates(
        reads=Rate(settings.reads_per_s),
        writes=Rate(settings.writes_per_s),
        issue_writes=Rate(settings.issue_writes_per_2s, window_s=2.0),
    )
    return RateBudget(
        rates,
        metrics,
        shared=None if redis is None else RedisReservations(redis),
        local=LocalReservations(),
        longest_wait_s=settings.max_wait_s,
    )


def main() -> None:
    """Run the service until SIGTERM."""
    run("jira-sync", build, load(JiraSyncSettings))
