"""Composition root of the gateway."""

import time
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI

from casewright_common.postgres import Database
from casewright_common.runtime import Runtime, run
from casewright_common.settings import load
from casewright_common.vault import Vault
from casewright_gateway.adapters.configuration_repository import PostgresConfigurationStore
from casewright_gateway.adapters.document_repository import PostgresDocumentStore
from casewright_gateway.adapters.jira_accounts import HttpJiraAccounts
from casewright_gateway.adapters.money_repository import PostgresMoney
from casewright_gateway.adapters.outbox_relay import OutboxRelay
from casewright_gateway.adapters.periodic import periodic
from casewright_gateway.adapters.progress_stream import RedisProgressSource
from casewright_gateway.adapters.prompt_results_repository import PostgresPromptResults
from casewright_gateway.adapters.read_model_repository import PostgresReadModelStore
from casewright_gateway.adapters.review_repository import PostgresReviewStore
from casewright_gateway.adapters.story_repository import PostgresStories
from casewright_gateway.domain.estimate import Bounds
from casewright_gateway.handlers import SERVICE, build_router
from casewright_gateway.routes.api import ApiOptions, UseCases, build_api
from casewright_gateway.service.accounts import ManageAccounts
from casewright_gateway.service.connections import ManageConnections
from casewright_gateway.service.documents import ManageDocuments
from casewright_gateway.service.generations import RequestGeneration
from casewright_gateway.service.housekeeping import KeepHouse
from casewright_gateway.service.money import EstimateGeneration, KeepMoney
from casewright_gateway.service.organisations import ManageOrganisations
from casewright_gateway.service.progress import WatchGeneration, WatchStory
from casewright_gateway.service.projects import ManageProjects
from casewright_gateway.service.prompts import ManagePrompts
from casewright_gateway.service.read_model import KeepReadModel
from casewright_gateway.service.republishing import RepublishConfiguration
from casewright_gateway.service.reviews import ReviewCase
from casewright_gateway.settings import GatewaySettings, RedisSettings

HOUSEKEEPING_S = 3600.0


def _now() -> datetime:
    return datetime.now(UTC)


def build(settings: GatewaySettings) -> FastAPI:
    """The gateway as an ASGI application; its lifespan starts consumers and outbox relay."""
    runtime = Runtime(SERVICE, settings)
    database = Database(settings.postgres, service=SERVICE)
    vault = Vault(database, settings.vault)
    jira = HttpJiraAccounts(timeout_s=settings.jira_timeout_s, trusted_sites=settings.trusted_sites)
    store = PostgresConfigurationStore(database)
    stories, money = PostgresStories(database), PostgresMoney(database)
    progress = _progress(settings.redis)
    runtime.resource(
        OutboxRelay(
            settings.direct_url,
            runtime.delivery.publish,
            poll_s=settings.outbox_poll_s,
            registry=runtime.registry,
        )
    )
    keep_house = KeepHouse(store, vault, _now, timedelta(hours=settings.retired_secret_hours))
    runtime.resource(periodic(keep_house, period_s=HOUSEKEEPING_S))
    runtime.delivery.broker.include_router(
        build_router(KeepReadModel(PostgresReadModelStore(database)), KeepMoney(money))
    )
    runtime.check("postgres", database.ping)
    runtime.on_close(database.close)
    runtime.on_close(jira.close)
    if progress is not None:
        runtime.on_close(progress.close)
    return build_api(
        UseCases(
            organisations=ManageOrganisations(store, _now),
            connections=ManageConnections(store, vault, jira, _now, trusted_sites=settings.trusted_sites),
            projects=ManageProjects(store, vault, _now),
            republish=RepublishConfiguration(store),
            stories=stories,
            review_case=ReviewCase(PostgresReviewStore(database), _now),
            generate=RequestGeneration(store, _now),
            accounts=ManageAccounts(store, vault, _now),
            prompts=ManagePrompts(store, _now, settings.prompt_versions),
            money=money,
            estimate=EstimateGeneration(
                store,
                money,
                _now,
                Bounds(calls=settings.model_calls, output_tokens=settings.model_output_tokens),
            ),
            watch=WatchGeneration(stories, progress, time.monotonic),
            watch_story=WatchStory(stories, progress, time.monotonic),
            documents=ManageDocuments(PostgresDocumentStore(database), _now),
            prompt_results=PostgresPromptResults(database),
        ),
        ApiOptions(
            api_token=settings.api_token,
            ingest_url=settings.public_ingest_url,
            max_body_bytes=settings.max_body_bytes,
            cors_origins=settings.cors_origins,
        ),
        registry=runtime.registry,
        lifespan=runtime.lifespan,
        more_routes=runtime.probes(),
    )


def _progress(settings: RedisSettings) -> RedisProgressSource | None:
    if settings.url is None:
        return None
    return RedisProgressSource(settings.url.get_secret_value(), timeout_s=settings.timeout_s)


def main() -> None:
    """Run the gateway with settings from the environment."""
    run(SERVICE, build, load(GatewaySettings))
