"""What runs a service: probes, metrics, start and stop in order, clean shutdown.

A service's `app.py` builds its adapters and use cases and hands them over:

    def build(settings: IngestSettings) -> Router:
        runtime = Runtime("ingest", settings)
        database = Database(settings.postgres, service="ingest")
        configuration = runtime.configuration()          # ConfigurationTables, part of readiness
        runtime.check("postgres", database.ping)         # part of readiness
        runtime.on_close(database.close)
        runtime.delivery.broker.include_router(build_router(...))
        return runtime.app([Route("/webhooks/…", …)])

    def main() -> None:
        run("ingest", build, load(IngestSettings))
"""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import uvicorn
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp

from casewright_common.configuration import ConfigurationTables
from casewright_common.delivery import Delivery
from casewright_common.errors import CasewrightError
from casewright_common.settings import ServiceSettings, SettingsT
from casewright_common.telemetry import configure_logging, configure_tracing

_logger = logging.getLogger(__name__)
_CHECK_TIMEOUT_S = 2.0
_CHECK_CACHE_S = 1.0
_FIRST_RETRY_S = 0.2
_LONGEST_RETRY_S = 5.0
_YOUNG_OBJECTS = 20_000

Check = Callable[[], Awaitable[None]]


class Runtime:
    """Life of one service process: what it needs, in which order it starts and stops.

    Starting goes on in the background until it succeeds, so that a service may start before Kafka does:
    `/livez` answers at once, `/readyz` when the consumers are consuming. Stopping goes backwards: consumers
    drain, then resources close.

    Attributes:
        registry: Where the service's metrics are registered.
        delivery: The Kafka side.
    """

    def __init__(self, service: str, settings: ServiceSettings) -> None:
        self.service = service
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.delivery = Delivery(service, settings.kafka, registry=self.registry)
        self._settings = settings
        self._resources: list[AbstractAsyncContextManager[Any]] = []
        self._closers: list[Callable[[], Awaitable[None]]] = []
        self._checks: dict[str, Check] = {}
        self._configuration: ConfigurationTables | None = None
        self._started = False
        self._start_failure = ""
        self._checked: tuple[float, dict[str, str]] = (0.0, {})

    def configuration(self) -> ConfigurationTables:
        """The service's copy of the configuration; the consumers start when it has been read."""
        if self._configuration is None:
            self._configuration = ConfigurationTables(self._settings.kafka, service=self.service)
            self._resources.insert(0, self._configuration)
        return self._configuration

    def resource(self, resource: AbstractAsyncContextManager[Any]) -> None:
        """Enter it before the consumers start, in order; leave it after they have stopped."""
        self._resources.append(resource)

    def on_close(self, closer: Callable[[], Awaitable[None]]) -> None:
        """Call it after the consumers have stopped."""
        self._closers.append(closer)

    def check(self, dependency: str, check: Check) -> None:
        """Count `dependency` among what readiness needs; `check` raises a `CasewrightError` if it is away."""
        self._checks[dependency] = check

    def app(self, routes: Sequence[BaseRoute] = ()) -> Router:
        """The service as an ASGI application: its routes, the probes, and its life as the lifespan.

        A router without Starlette's two layers of error pages: uvicorn answers 500 and logs as well.
        """
        return Router([*routes, *self.probes()], lifespan=self.lifespan, redirect_slashes=False)

    def probes(self) -> list[Route]:
        """`/livez`, `/readyz` and `/metrics`, for an application that is built elsewhere."""
        return [
            Route("/livez", self._livez),
            Route("/readyz", self._readyz),
            Route("/metrics", self._metrics),
        ]

    @asynccontextmanager
    async def lifespan(self, _app: Any = None) -> AsyncIterator[None]:
        """Start in the background, run, then stop in reverse order."""
        provider = configure_tracing(self.service, self._settings.telemetry)
        async with AsyncExitStack() as stack:
            if provider is not None:
                stack.callback(provider.shutdown)
            for closer in self._closers:
                stack.push_async_callback(closer)
            for resource in self._resources:
                await stack.enter_async_context(resource)
            stack.push_async_callback(self.delivery.stop)
            starting = asyncio.create_task(self._start_consumers(), name="start consumers")
            try:
                yield
            finally:
                self._started = False
                starting.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await starting
                _logger.info("Stopping %s", self.service)

    async def not_ready(self) -> dict[str, str]:
        """What keeps the service from being ready, and why; empty when it is."""
        why_not = f": {self._start_failure}" if self._start_failure else ""
        reasons = {} if self._started else {"start": f"the consumers are not started yet{why_not}"}
        if self._configuration is not None and (why := self._configuration.not_ready()) is not None:
            reasons["configuration"] = why
        if self._started:
            reasons |= self.delivery.readiness()
        at, failed = self._checked
        if time.monotonic() - at > _CHECK_CACHE_S:
            names = list(self._checks)
            results = await asyncio.gather(*(self._run_check(self._checks[name]) for name in names))
            failed = {name: why for name, why in zip(names, results, strict=True) if why is not None}
            self._checked = (time.monotonic(), failed)
        return reasons | failed

    async def _start_consumers(self) -> None:
        pause_s = _FIRST_RETRY_S
        if self._configuration is not None:
            await self._configuration.wait()
        while True:
            try:
                await self.delivery.start()
            except CasewrightError as error:
                self._start_failure = str(error)
                _logger.warning("Can't start the consumers yet: %s", error)
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, _LONGEST_RETRY_S)
            except Exception:
                _logger.exception("The consumers can't be started; the service stays unready")
                raise
            else:
                self._started = True
                _spare_the_collector()
                _logger.info("Started %s", self.service)
                return

    @staticmethod
    async def _run_check(check: Check) -> str | None:
        try:
            async with asyncio.timeout(_CHECK_TIMEOUT_S):
                await check()
        except TimeoutError:
            return f"no answer within {_CHECK_TIMEOUT_S:g} s"
        except CasewrightError as error:
            return str(error)
        return None

    async def _livez(self, _request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _readyz(self, _request: Request) -> Response:
        reasons = await self.not_ready()
        return JSONResponse({"ready": not reasons, "reasons": reasons}, status_code=503 if reasons else 200)

    async def _metrics(self, _request: Request) -> Response:
        return Response(generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _spare_the_collector() -> None:
    """Leave what stands after the start out of garbage collection: walking it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 20, 20)


def server(app: ASGIApp, settings: ServiceSettings) -> uvicorn.Server:
    """A web server for the application, which logs where our logging says and drains before it stops."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.http.host,
            port=settings.http.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=int(settings.kafka.drain_timeout_s),
        )
    )


def run(service: str, build: Callable[[SettingsT], ASGIApp], settings: SettingsT) -> None:
    """Run a service until SIGTERM or SIGINT, then drain and end with status 0."""
    configure_logging(service, settings.telemetry)
    for name in (signal.SIGTERM, signal.SIGINT):
        # uvicorn takes over while it serves, and raises what it caught again when it has drained.
        signal.signal(name, lambda *_: sys.exit(0))
    server(build(settings), settings).run()
