"""Injected faults around every REST call, as plain ASGI: they must see the raw connection."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casewright_jira_simulator.domain.faults import FaultPlan, FaultSet

DEFAULT_DELAY_S = 60.0
_NEVER_S = 3600.0


class FaultMiddleware:
    """Strikes calls below `/rest/` with the faults in force; everything else passes untouched."""

    def __init__(self, app: ASGIApp, faults: FaultSet) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry point."""
        path = scope.get("path", "")
        plan = None
        if scope["type"] == "http" and path.startswith("/rest/"):
            plan = self._faults.for_call(scope["method"], path)
        if plan is None:
            await self._app(scope, receive, send)
            return
        await self._strike(plan, scope, receive, send)

    async def _strike(self, plan: FaultPlan, scope: Scope, receive: Receive, send: Send) -> None:
        match plan.kind:
            case "status":
                body = {"errorMessages": [f"Injected fault {plan.status}."], "errors": {}}
                await JSONResponse(body, plan.status, headers=plan.headers)(scope, receive, send)
            case "slow":
                await asyncio.sleep(DEFAULT_DELAY_S if plan.delay_s is None else plan.delay_s)
                await self._app(scope, receive, send)
            case "cut_before_effect":
                await _cut(scope, receive, send)
            case "cut_after_effect":
                await self._silently(scope, receive)
                await _cut(scope, receive, send)
            case _:
                messages = await self._silently(scope, receive)
                await _answer_late(plan, messages, receive, send)

    async def _silently(self, scope: Scope, receive: Receive) -> list[Message]:
        """Let the call take effect and keep its answer back."""
        messages: list[Message] = []

        async def keep(message: MutableMapping[str, Any]) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        return messages


async def _answer_late(plan: FaultPlan, messages: list[Message], receive: Receive, send: Send) -> None:
    gone = asyncio.ensure_future(_disconnected(receive))
    done, _ = await asyncio.wait({gone}, timeout=_NEVER_S if plan.delay_s is None else plan.delay_s)
    if not done:
        gone.cancel()
        for message in messages:
            await send(message)


async def _cut(scope: Scope, receive: Receive, send: Send) -> None:
    transport = scope.get("state", {}).get("transport")
    if transport is not None:
        transport.abort()
        await _disconnected(receive)
        return
    # Behind another server: promise more than is sent, which it can only answer by closing.
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
