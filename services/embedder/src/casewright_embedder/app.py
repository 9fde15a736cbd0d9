"""Composition root of the embedder."""

from starlette.routing import Router

from casewright_common.postgres import Database
from casewright_common.runtime import Runtime, run
from casewright_common.settings import load
from casewright_common.vault import Vault
from casewright_embedder.adapters.embedding_models import InstalledEmbeddingModels
from casewright_embedder.adapters.indexed_stories_repository import IndexedStoriesRepository
from casewright_embedder.adapters.indexed_texts_repository import IndexedTextsRepository
from casewright_embedder.adapters.qdrant_store import QdrantStore
from casewright_embedder.handlers import build_router
from casewright_embedder.service.stories import IndexStory
from casewright_embedder.service.texts import IndexTexts
from casewright_embedder.settings import EmbedderSettings


def build(settings: EmbedderSettings) -> Router:
    """The service as an ASGI application."""
    runtime = Runtime("embedder", settings)
    database = Database(settings.postgres, service="embedder")
    store = QdrantStore(settings.qdrant)
    models = InstalledEmbeddingModels(
        settings.embedding,
        Vault(database, settings.vault),
        allow_private_addresses=settings.outbound.allow_private_addresses,
        allowed_hosts=settings.outbound.allowed_hosts,
    )
    max_locks = max(1, settings.postgres.pool_size // 4)
    stories = IndexedStoriesRepository(database, max_locks=max_locks)
    configuration = runtime.configuration()
    index = IndexStory(models=models, points=store, stories=stories, configuration=configuration)
    texts = IndexTexts(
        models=models,
        points=store,
        texts=IndexedTextsRepository(database, max_locks=max_locks),
        stories=stories,
        configuration=configuration,
    )
    runtime.resource(models.warming())
    runtime.check("postgres", database.ping)
    runtime.check("qdrant", store.ping)
    for close in (database.close, store.close, models.close):
        runtime.on_close(close)
    runtime.delivery.broker.include_router(build_router(index, texts, runtime.delivery.publish))
    return runtime.app()


def main() -> None:
    """Run the embedder until SIGTERM."""
    run("embedder", build, load(EmbedderSettings))
