"""The append-only file that lets the site survive a restart: one JSON line for each change."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from casewright_jira_simulator.domain.model import Change
from casewright_jira_simulator.errors import JournalError


class Journal(Protocol):
    """Where changes go before they take effect."""

    def replay(self) -> Iterator[Change]:
        """All changes so far, oldest first."""

    def append(self, change: Change) -> None:
        """Keep one more change; returns when it is safe from the end of this process."""

    def close(self) -> None:
        """Let go of the file."""


class NoJournal:
    """Keeps nothing."""

    def replay(self) -> Iterator[Change]:
        """Nothing."""
        return iter(())

    def append(self, change: Change) -> None:
        """Forget it."""

    def close(self) -> None:
        """Nothing to close."""


class FileJournal:
    """One line per change in `<folder>/journal.jsonl`, owned by one process at a time.

    A line that a killed process left unfinished at the end is cut off: its request got no answer.

    Raises:
        JournalError: If another process holds the file, or a line before the last is damaged.
    """

    def __init__(self, folder: Path, *, fsync: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "journal.jsonl"
        self._fsync = fsync
        self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._fd)
            raise JournalError(f"{self.path} is in use by another simulator") from error

    def replay(self) -> Iterator[Change]:
        """All changes so far, oldest first; cuts off an unfinished last line."""
        whole = 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    break
                try:
                    change = Change.model_validate_json(line)
                except ValidationError as error:
                    raise JournalError(f"{self.path}, line {number} is damaged") from error
                whole += len(line)
                yield change
        os.ftruncate(self._fd, whole)

    def append(self, change: Change) -> None:
        """Write one line; after an error nothing of it stays in the file."""
        line = memoryview(change.model_dump_json(exclude_defaults=True).encode() + b"\n")
        start = os.fstat(self._fd).st_size
        try:
            while line:
                line = line[os.write(self._fd, line) :]
            if self._fsync:
                os.fsync(self._fd)
        except OSError as error:
            os.ftruncate(self._fd, start)
            raise JournalError(f"{self.path} cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Release the lock and the file."""
        os.close(self._fd)
