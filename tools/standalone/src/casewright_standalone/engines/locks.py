"""Files that one process at a time may have. The kernel frees them with their holder, however it ends."""

import fcntl
from typing import IO


def take(file: IO[str], *, wait: bool = True) -> None:
    """Take an open file; closing it gives it back.

    Args:
        file: Two openings of one path exclude each other, within a process too.
        wait: Until whoever has it gives it back.

    Raises:
        BlockingIOError: Somebody has it, and `wait` is off.
    """
    fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
