"""Waits until members answer that they are ready."""

import asyncio
import time
from collections.abc import Sequence

import httpx

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.services import SIMULATOR, Wiring

_TIMEOUT_S = 90
_REQUEST_TIMEOUT_S = 5


async def wait_ready(members: Sequence[str], wiring: Wiring, *, timeout_s: float = _TIMEOUT_S) -> None:
    """Return when each member says that it is ready.

    Raises:
        EngineError: If one isn't in time; the sentence names its reasons.
    """
    deadline = time.monotonic() + timeout_s
    async with httpx.AsyncClient(timeout=_REQUEST_TIMEOUT_S) as client:
        for member in members:
            while (reason := await unready(client, member, wiring)) is not None:
                if time.monotonic() > deadline:
                    raise EngineError(
                        f"The service {member} is not ready: {reason}; see {wiring.folder.logs}."
                    )
                await asyncio.sleep(0.1)


async def all_ready(members: Sequence[str], wiring: Wiring) -> bool:
    """Whether each member is ready at this moment."""
    async with httpx.AsyncClient(timeout=_REQUEST_TIMEOUT_S) as client:
        return not any([await unready(client, member, wiring) for member in members])


async def unready(client: httpx.AsyncClient, member: str, wiring: Wiring) -> str | None:
    """Why a member isn't ready; None if it is."""
    try:
        answer = await client.get(
            f"{wiring.url(member)}/" if member == SIMULATOR else f"{wiring.url(member)}/readyz"
        )
    except httpx.HTTPError as error:
        return f"it does not answer ({type(error).__name__})"
    if answer.is_success:
        return None
    try:
        reasons = answer.json()["reasons"]
        return "; ".join(f"{name}: {why}" for name, why in reasons.items())
    except (ValueError, KeyError, AttributeError, TypeError):
        return f"it answers {answer.status_code}"
