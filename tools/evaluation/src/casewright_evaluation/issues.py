"""Real issues from CSV files, and a sample of them that stays the same."""

import csv
import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_LONGEST = 32_767
"""Characters of a description that Jira takes."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One row.

    Attributes:
        id: File and key: unique enough to draw a sample by.
    """

    id: str
    title: str
    description: str


def read(folder: Path) -> tuple[Issue, ...]:
    """All issues of the folder's CSV files, in the order of their names.

    Raises:
        OSError: A file can't be read, or the folder holds none.
    """
    csv.field_size_limit(sys.maxsize)
    found = tuple(issue for path in sorted(folder.glob("*.csv")) for issue in _rows(path))
    if not found:
        raise FileNotFoundError(f"There are no CSV files of issues in {folder}.")
    return found


def sample(issues: Sequence[Issue], size: int) -> tuple[Issue, ...]:
    """The `size` issues whose ids have the lowest hashes: the same ones whenever, in whatever order."""
    return tuple(sorted(issues, key=lambda issue: hashlib.sha256(issue.id.encode()).digest())[:size])


def _rows(path: Path) -> Iterator[Issue]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        # NUL bytes come from damaged exports.
        for number, row in enumerate(csv.DictReader(line.replace("\0", "") for line in file), start=1):
            title = " ".join((row.get("title") or "").split()) or "(no title)"
            key = (row.get("issuekey") or "").strip() or f"row {number}"
            yield Issue(f"{path.stem}/{key}", title, (row.get("description") or "")[:_LONGEST])
