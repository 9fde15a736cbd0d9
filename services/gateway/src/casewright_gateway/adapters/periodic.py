"""Does something every now and then while the service runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from casewright_common.background import Background
from casewright_common.errors import CasewrightError

_logger = logging.getLogger(__name__)


def periodic(work: Callable[[], Awaitable[None]], *, period_s: float) -> Background:
    """A resource that calls `work` now and every `period_s` seconds; a failure waits for the next time."""

    async def run() -> None:
        while True:
            try:
                await work()
            except CasewrightError as error:
                _logger.warning("Housekeeping has to wait: %s", error)
            except Exception:
                _logger.exception("Housekeeping failed")
            await asyncio.sleep(period_s)

    return Background(run, name="housekeeping")
