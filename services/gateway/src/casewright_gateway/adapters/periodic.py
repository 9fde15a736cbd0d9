"""Does something every now and then while the service runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from casewright_common.errors import CasewrightError

_logger = logging.getLogger(__name__)


class Periodic:
    """A `runtime` resource that calls `work` every `period_s` seconds; a failure waits for the next time."""

    def __init__(self, work: Callable[[], Awaitable[None]], *, period_s: float) -> None:
        self._work = work
        self._period_s = period_s
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin; the first time is now."""
        self._task = asyncio.create_task(self._run(), name="housekeeping")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, in the middle if need be."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                await self._work()
            except CasewrightError as error:
                _logger.warning("Housekeeping has to wait: %s", error)
            except Exception:
                _logger.exception("Housekeeping failed")
            await asyncio.sleep(self._period_s)
