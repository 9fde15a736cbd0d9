"""Composition root: the application, and the command `casewright-jira-simulator`."""

import argparse
import asyncio
import logging
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from casewright_jira_simulator.errors import JiraError, JournalError
from casewright_jira_simulator.middleware import FaultMiddleware
from casewright_jira_simulator.routes.admin import build_admin
from casewright_jira_simulator.routes.pages import build_pages
from casewright_jira_simulator.routes.rest import build_rest
from casewright_jira_simulator.server import server_config
from casewright_jira_simulator.settings import SimulatorSettings
from casewright_jira_simulator.simulator import Simulator

LISTEN_BACKLOG = 512


def create_app(settings: SimulatorSettings) -> FastAPI:
    """The whole simulator; its lifespan starts and stops the webhook sender.

    Raises:
        JournalError: If the data folder is in use by another simulator, or damaged.
    """
    simulator = Simulator(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await simulator.start()
        try:
            yield
        finally:
            await simulator.stop()

    app = FastAPI(
        title="Jira simulator",
        description="A subset of Jira Cloud REST, and an admin API below /simulator.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/simulator/openapi.json",
    )
    app.state.simulator = simulator
    app.include_router(build_rest("adf"))
    app.include_router(build_rest("wiki"))
    app.include_router(build_admin())
    app.include_router(build_pages())

    @app.get("/healthz", tags=["Admin"])
    async def healthz() -> dict[str, str]:
        """Answers once the journal is read and the server listens."""
        return {"status": "ok"}

    app.add_exception_handler(JiraError, _refused)
    app.add_exception_handler(JournalError, _not_kept)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ValidationError, _unreadable)
    app.add_middleware(FaultMiddleware, faults=simulator.faults)
    return app


async def _refused(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, JiraError):
        raise error
    return JSONResponse(error.body, error.status, headers=error.headers)


async def _not_kept(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"errorMessages": [str(error)], "errors": {}}, 500)


async def _unreadable(_: Request, error: Exception) -> JSONResponse:
    """A value of the wrong type deep inside a body, such as a visibility that is no object."""
    if not isinstance(error, ValidationError):
        raise error
    found = {".".join(str(part) for part in one["loc"]): one["msg"] for one in error.errors()}
    return JSONResponse({"errorMessages": ["INVALID_INPUT"], "errors": found}, 400)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    found = {".".join(str(part) for part in one["loc"]): str(one["msg"]) for one in error.errors()}
    return JSONResponse({"errorMessages": [], "errors": found}, 400)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command; settings come from options, then from `CASEWRIGHT_SIMULATOR_…`."""
    parser = argparse.ArgumentParser(
        prog="casewright-jira-simulator", description="A Jira Cloud good enough to develop against."
    )
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default 8090)")
    parser.add_argument("--data", type=Path, help="folder of the journal; without it, all is in memory")
    parser.add_argument("--email", help="e-mail address of the integration's account")
    given: dict[str, Any] = {
        name: value for name, value in vars(parser.parse_args(arguments)).items() if value is not None
    }
    settings = SimulatorSettings(**given)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        # Bound before anything else: a busy port is found at once, and port 0 becomes a real one.
        listener = socket.create_server((settings.host, settings.port), backlog=LISTEN_BACKLOG)
    except OSError as error:
        sys.exit(f"casewright-jira-simulator: {settings.host}:{settings.port}: {error.strerror}")
    with listener:
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        try:
            app = create_app(settings)
        except (JournalError, OSError) as error:
            sys.exit(f"casewright-jira-simulator: {error}")
        sys.stdout.write(f"Jira simulator on {settings.site_url}  account {settings.email}\n")
        if settings.token is None:
            # Only a token that was made up here is shown: nobody could know it otherwise.
            sys.stdout.write(f"API token {app.state.simulator.token}\n")
        sys.stdout.flush()
        server = uvicorn.Server(server_config(app, host=settings.host, port=settings.port))
        asyncio.run(server.serve(sockets=[listener]))
