"""Waits until members answer that they are ready, and tells when that changes."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

import httpx

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.services import SIMULATOR, Wiring
from casewright_standalone.settings import DEFAULT_RUN_DIR

_TIMEOUT_S = 90
_REQUEST_TIMEOUT_S = 5
_WATCH_S = 3.0


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


async def not_ready(members: Sequence[str], wiring: Wiring) -> dict[str, str]:
    """Members that aren't ready at this moment, each with the reason."""
    async with httpx.AsyncClient(timeout=_REQUEST_TIMEOUT_S) as client:
        reasons = {member: await unready(client, member, wiring) for member in members}
    return {member: reason for member, reason in reasons.items() if reason is not None}


async def watch(
    members: Sequence[str], wiring: Wiring, tell: Callable[[str], None], *, every_s: float = _WATCH_S
) -> NoReturn:
    """Tell, a line each time, when a member that was ready no longer is, why, and when it is again.

    Only what two looks in a row find is told: one alone may meet a rebalance.
    """
    told: Mapping[str, str] = {}
    before: Mapping[str, str] = {}
    while True:
        await asyncio.sleep(every_s)
        found = await not_ready(members, wiring)
        for member in members:
            now = _gist(found.get(member))
            if now != _gist(before.get(member)) or now == _gist(told.get(member)):
                continue
            if member in found:
                tell(f"{member} is not ready: {found[member]}. {where_to_look(wiring)}")
                told = {**told, member: found[member]}
            else:
                tell(f"{member} is ready again.")
                told = {name: why for name, why in told.items() if name != member}
        before = found


def where_to_look(wiring: Wiring) -> str:
    """What a person can do about a member that isn't ready, as a sentence."""
    path = wiring.folder.path
    where = "" if path == DEFAULT_RUN_DIR.absolute() else f" --run-dir {path}"
    return f"`casewright dlq list{where}` shows what was parked; the logs are in {wiring.folder.logs}."


def _gist(reason: str | None) -> str | None:
    """A reason without its figures: seconds that pass are no change."""
    return None if reason is None else re.sub(r"\d+", "", reason)


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
