"""Serves the application with uvicorn, in a way that lets a fault cut the connection."""

from asyncio import Transport
from typing import Any, cast

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

_SHUTDOWN_S = 2


class CuttableProtocol(H11Protocol):
    """Puts the connection's transport where the fault middleware finds it: `scope["state"]["transport"]`."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # uvicorn's own narrowing
        """Remember the transport."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


def server_config(app: FastAPI, *, host: str, port: int, **options: Any) -> uvicorn.Config:
    """What uvicorn needs to serve the simulator, faults included."""
    defaults: dict[str, Any] = {
        "http": CuttableProtocol,
        "ws": "none",
        "access_log": False,
        "log_level": "warning",
        "timeout_graceful_shutdown": _SHUTDOWN_S,
        "server_header": False,
    }
    return uvicorn.Config(cast("Any", app), host=host, port=port, **(defaults | options))
