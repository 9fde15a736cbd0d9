"""Runs an async command: signals end it in good order, known errors become one sentence."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import NoReturn

import typer
from rich.console import Console

from casewright_common.errors import CasewrightError
from casewright_standalone.engines.errors import CommandError

console = Console()
_error_console = Console(stderr=True)
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def tell(line: str) -> None:
    """Show a line; the terminal wraps it, and a pipe gets it whole."""
    console.print(line, highlight=False, markup=False, soft_wrap=True)


def tell_progress(line: str) -> None:
    """Show a line about work that goes on; what comes of it stands alone on the other stream."""
    _error_console.print(line, highlight=False, markup=False, soft_wrap=True)


def run(work: Coroutine[None, None, int | None]) -> None:
    """Run `work` until it ends or a signal comes; the first signal drains, a second one ends at once.

    Raises:
        typer.Exit: With the number that `work` returned, or 1 after a known error.
    """
    try:
        status = asyncio.run(_cancel_on_signal(work))
    except asyncio.CancelledError:
        return
    except (CommandError, CasewrightError) as error:
        fail(str(error))
    except TimeoutError:
        fail("It took too long: no answer in time.")
    else:
        if status:
            raise typer.Exit(status)


def fail(sentence: str, *, status: int = 1) -> NoReturn:
    """Show what went wrong and end with this status."""
    _error_console.print(sentence, style="red", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(status)


async def _cancel_on_signal(work: Coroutine[None, None, int | None]) -> int | None:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()

    def first() -> None:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)  # from here on a signal does what it does by default
        tell("Stopping; work in flight is finished first.")
        task.cancel()

    for number in _SIGNALS:
        loop.add_signal_handler(number, first)
    return await task
