"""Composition root of the generator."""

from datetime import UTC, datetime

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from starlette.routing import Router

from casewright_common.background import Background
from casewright_common.configuration import Configuration
from casewright_common.outbound import GuardedTransport
from casewright_common.postgres import Database
from casewright_common.runtime import Runtime, run
from casewright_common.settings import load
from casewright_common.vault import Vault
from casewright_generator.adapters.accounts import Accounts
from casewright_generator.adapters.answer_cache import AnswerCache, NoCache, RedisAnswerCache
from casewright_generator.adapters.breaker import Breaker
from casewright_generator.adapters.calling import Calling, CallLedger
from casewright_generator.adapters.catalogue import Catalogue
from casewright_generator.adapters.generations_repository import GenerationsRepository
from casewright_generator.adapters.llm import LiteLLM
from casewright_generator.adapters.marks import LocalMarks, Marks, RedisMarks, SharedMarks
from casewright_generator.adapters.metrics import GeneratorMetrics
from casewright_generator.adapters.model_calls_repository import ModelCallsRepository
from casewright_generator.adapters.model_metrics import ModelMetrics
from casewright_generator.adapters.model_writer import ModelWriter
from casewright_generator.adapters.progress import LiveProgress, RedisProgress, Unwatched
from casewright_generator.adapters.prompts import Prompts
from casewright_generator.adapters.retrieval import QdrantContext
from casewright_generator.adapters.reviews_repository import ReviewsRepository
from casewright_generator.handlers import build_router
from casewright_generator.service import GenerateCases, RecordReview, Timing
from casewright_generator.settings import GeneratorSettings, ModelSettings, RedisSettings

_CIRCUITS = "casewright:circuits:"
_TURN_GRACE_S = 30.0
_UNWATCHED = Unwatched()


def build(settings: GeneratorSettings) -> Router:
    """The service as an ASGI application."""
    runtime = Runtime("generator", settings)
    database = Database(settings.postgres, service="generator")
    context = QdrantContext(settings.qdrant)
    configuration = runtime.configuration()
    redis = redis_client(settings.redis)
    progress = live_progress(settings.model, redis)
    model = LiteLLM(
        settings.model,
        Vault(database, settings.vault),
        GuardedTransport(
            allow_private=settings.outbound.allow_private_addresses, trusted=settings.outbound.allowed_hosts
        ),
    )
    reviews = ReviewsRepository(database)
    generate = GenerateCases(
        store=GenerationsRepository(database, lease_s=settings.generation.lease_s),
        context=context,
        model=model_writer(
            settings.model,
            configuration,
            model,
            ModelCallsRepository(database),
            redis=redis,
            progress=progress,
            metrics=ModelMetrics(runtime.registry),
        ),
        configuration=configuration,
        observer=GeneratorMetrics(runtime.registry),
        clock=_now,
        timing=Timing(
            lease_s=settings.generation.lease_s,
            unknown_story_s=settings.generation.unknown_story_wait_s,
        ),
        lessons=reviews,
        progress=progress,
    )
    runtime.check("postgres", database.ping)
    catalogue = Catalogue(database, runtime.delivery.publish, _now)
    runtime.resource(Background(catalogue.until_published, name="catalogue of models"))
    for close in (database.close, context.close, model.close):
        runtime.on_close(close)
    if redis is not None:
        runtime.on_close(redis.aclose)
    if isinstance(progress, RedisProgress):
        runtime.on_close(progress.close)
    router = build_router(generate, RecordReview(reviews), runtime.delivery.publish)
    runtime.delivery.broker.include_router(router)
    return runtime.app()


def model_writer(
    settings: ModelSettings,
    configuration: Configuration,
    model: LiteLLM,
    ledger: CallLedger,
    *,
    redis: Redis | None = None,
    progress: LiveProgress = _UNWATCHED,
    metrics: ModelMetrics | None = None,
) -> ModelWriter:
    """What writes cases by models, with all that it needs."""
    metrics = metrics or ModelMetrics()
    breaker = Breaker(
        marks(redis), failures=settings.breaker_failures, open_s=settings.breaker_open_s, metrics=metrics
    )
    calling = Calling(
        settings, model, ledger, breaker=breaker, clock=_now, progress=progress, metrics=metrics
    )
    return ModelWriter(
        Prompts(settings.prompt_versions, configuration),
        Accounts(configuration, settings),
        calling,
        ledger,
        answer_cache(settings, redis, metrics),
        metrics,
    )


def redis_client(settings: RedisSettings) -> Redis | None:
    """A client that gives up quickly: without Redis, generations go on."""
    if settings.url is None:
        return None
    return Redis.from_url(
        settings.url.get_secret_value(),
        socket_timeout=settings.timeout_s,
        socket_connect_timeout=settings.timeout_s,
        retry=Retry(NoBackoff(), 0),
    )


def marks(redis: Redis | None) -> Marks:
    """Where broken circuits are remembered."""
    return LocalMarks() if redis is None else SharedMarks(RedisMarks(redis, _CIRCUITS), LocalMarks())


def answer_cache(settings: ModelSettings, redis: Redis | None, metrics: ModelMetrics) -> AnswerCache:
    """Where answers are kept, if anywhere."""
    if redis is None or settings.cache_s == 0:
        return NoCache()
    turn_s = settings.call_timeout_s + _TURN_GRACE_S
    return RedisAnswerCache(redis, ttl_s=settings.cache_s, turn_s=turn_s, metrics=metrics)


def live_progress(settings: ModelSettings, redis: Redis | None) -> LiveProgress:
    """Who watches, if anybody can."""
    if redis is None or settings.stream == "never":
        return Unwatched()
    return RedisProgress(redis, always=settings.stream == "always")


def _now() -> datetime:
    return datetime.now(UTC)


def main() -> None:
    """Run the generator until SIGTERM."""
    run("generator", build, load(GeneratorSettings))
