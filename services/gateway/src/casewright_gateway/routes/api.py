"""The whole API as one FastAPI application, on whatever use cases it is given."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.utils import get_openapi
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from starlette.routing import BaseRoute

from casewright_gateway.routes import (
    accounts,
    administration,
    cases,
    connections,
    docs,
    documents,
    generations,
    landing,
    money,
    organisations,
    progress,
    projects,
    prompts,
    reviews,
    runs,
    stories,
)
from casewright_gateway.routes.conventions import USER, require_token
from casewright_gateway.routes.errors import handle_errors
from casewright_gateway.routes.middleware import REQUEST_ID, RequestFrame
from casewright_gateway.routes.problems import Problem
from casewright_gateway.service.accounts import ManageAccounts
from casewright_gateway.service.connections import ManageConnections
from casewright_gateway.service.documents import ManageDocuments
from casewright_gateway.service.generations import RequestGeneration
from casewright_gateway.service.money import EstimateGeneration, MoneyStore
from casewright_gateway.service.organisations import ManageOrganisations
from casewright_gateway.service.progress import WatchGeneration, WatchStory
from casewright_gateway.service.projects import ManageProjects
from casewright_gateway.service.prompts import ManagePrompts, PromptResults
from casewright_gateway.service.republishing import RepublishConfiguration
from casewright_gateway.service.reviews import ReviewCase
from casewright_gateway.service.stories import Stories

_SUMMARY = "Stories, their test cases, and what is done with them."
_DESCRIPTION = """\
Everything of an organisation is below `/organisations/{organisation_id}`. Lists are paged: send `next_cursor`
back as `cursor`. A change names the revision that it is based on: send the `ETag` you read as `If-Match`.
Every error is a problem document (RFC 9457, `application/problem+json`) with a stable `code`; `X-Request-ID`
is taken from the request or made up, and comes back.
"""
_TAGS = [
    {"name": "organisations", "description": "Tenants."},
    {"name": "connections", "description": "Jira sites."},
    {"name": "projects", "description": "Jira projects and what is done with their stories."},
    {"name": "documents", "description": "Background of a project: Markdown or plain text."},
    {"name": "stories", "description": "Stories as Jira's events told them, and where each stands."},
    {"name": "cases", "description": "Test cases of the newest generation."},
    {"name": "reviews", "description": "Decisions of people on cases."},
    {"name": "runs", "description": "Generations: asked for, made, failed, and what they cost."},
    {"name": "models", "description": "How models are asked: accounts, keys, budgets, prices."},
    {"name": "prompts", "description": "An organisation's own prompts, and what they led to."},
    {"name": "administration", "description": "For operators."},
]


@dataclass(frozen=True)
class UseCases:
    """What the API does."""

    organisations: ManageOrganisations
    connections: ManageConnections
    projects: ManageProjects
    republish: RepublishConfiguration
    stories: Stories
    review_case: ReviewCase
    generate: RequestGeneration
    accounts: ManageAccounts
    prompts: ManagePrompts
    prompt_results: PromptResults
    documents: ManageDocuments
    money: MoneyStore
    estimate: EstimateGeneration
    watch: WatchGeneration
    watch_story: WatchStory


@dataclass(frozen=True)
class ApiOptions:
    """How the API behaves; see `GatewaySettings`."""

    api_token: SecretStr
    ingest_url: str
    max_body_bytes: int
    cors_origins: tuple[str, ...] = ()


Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build_api(
    use_cases: UseCases,
    options: ApiOptions,
    *,
    registry: CollectorRegistry,
    lifespan: Lifespan | None = None,
    more_routes: Sequence[BaseRoute] = (),
) -> FastAPI:
    """The application.

    Args:
        use_cases: What it does.
        options: How it behaves.
        registry: Where the requests are counted.
        lifespan: What starts and stops with it.
        more_routes: Probes.
    """
    number = version("casewright-gateway")
    app = FastAPI(
        title="Casewright",
        version=number,
        summary=_SUMMARY,
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
        docs_url=None,  # theirs takes Swagger UI from a CDN; ours is `docs`
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        telemetry={
            "auto_configure": False,  # spans go where a setting of ours says
            "operation_spans": False,  # three more for each request
            "exclude": lambda scope: not scope["path"].startswith("/api/"),  # probes would fill the traces
        },
    )
    routers = (
        organisations.build_router(use_cases.organisations),
        connections.build_router(use_cases.connections, ingest_url=options.ingest_url),
        projects.build_router(use_cases.projects),
        stories.build_router(use_cases.stories),
        cases.build_router(use_cases.stories),
        reviews.build_router(use_cases.review_case, use_cases.stories),
        runs.build_router(use_cases.stories),
        generations.build_router(use_cases.generate),
        accounts.build_router(use_cases.accounts, of_user=False),
        accounts.build_router(use_cases.accounts, of_user=True),
        progress.build_router(use_cases.watch, use_cases.watch_story),
        money.build_router(use_cases.money, use_cases.estimate),
        documents.build_router(use_cases.documents),
        prompts.build_router(use_cases.prompts, use_cases.prompt_results),
        administration.build_router(use_cases.republish),
    )
    for router in routers:
        app.include_router(router, dependencies=[Depends(require_token(options.api_token))])
    app.include_router(landing.build_router(number))
    app.include_router(docs.build_router())
    app.router.routes.extend(more_routes)
    handle_errors(app, [*(route for router in routers for route in router.routes), *app.router.routes])
    if options.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(options.cors_origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "If-Match",
                "Idempotency-Key",
                "Last-Event-ID",
                USER,
                REQUEST_ID,
            ],
            expose_headers=["ETag", "Location", REQUEST_ID],
        )
    app.add_middleware(
        RequestFrame,
        max_body_bytes=options.max_body_bytes,
        registry=registry,
        larger={documents.PATHS: documents.MOST_BODY_BYTES},
    )
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's documented way to extend it
    return app


def _described(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        models = schema["components"]["schemas"]
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        models |= problem.pop("$defs")
        models[Problem.__name__] = problem
        for unused in ("HTTPValidationError", "ValidationError"):
            models.pop(unused, None)
        app.openapi_schema = schema
    return app.openapi_schema
