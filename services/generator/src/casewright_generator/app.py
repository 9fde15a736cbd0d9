"""Composition root of the generator."""

from datetime import UTC, datetime

from starlette.routing import Router

from casewright_common.postgres import Database
from casewright_common.runtime import Runtime, run
from casewright_common.settings import load
from casewright_common.vault import Vault
from casewright_generator.adapters.generations_repository import GenerationsRepository
from casewright_generator.adapters.llm import LiteLLM
from casewright_generator.adapters.metrics import GeneratorMetrics
from casewright_generator.adapters.model_calls_repository import ModelCallsRepository
from casewright_generator.adapters.model_writer import ModelWriter
from casewright_generator.adapters.retrieval import QdrantContext
from casewright_generator.handlers import build_router
from casewright_generator.service import GenerateCases, Timing
from casewright_generator.settings import GeneratorSettings


def build(settings: GeneratorSettings) -> Router:
    """The service as an ASGI application."""
    runtime = Runtime("generator", settings)
    database = Database(settings.postgres, service="generator")
    context = QdrantContext(settings.qdrant)
    model = LiteLLM(
        settings.model,
        Vault(database, settings.vault),
        allow_private_addresses=settings.outbound.allow_private_addresses,
    )
    generate = GenerateCases(
        store=GenerationsRepository(database, lease_s=settings.generation.lease_s),
        context=context,
        model=ModelWriter(settings.model, model, ModelCallsRepository(database)),
        configuration=runtime.configuration(),
        observer=GeneratorMetrics(runtime.registry),
        clock=lambda: datetime.now(UTC),
        timing=Timing(
            lease_s=settings.generation.lease_s,
            unknown_story_s=settings.generation.unknown_story_wait_s,
        ),
    )
    runtime.check("postgres", database.ping)
    for close in (database.close, context.close, model.close):
        runtime.on_close(close)
    runtime.delivery.broker.include_router(build_router(generate, runtime.delivery.publish))
    return runtime.app()


def main() -> None:
    """Run the generator until SIGTERM."""
    run("generator", build, load(GeneratorSettings))
