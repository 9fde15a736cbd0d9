"""Reads a CSV file of issues, tolerantly: real exports hold broken bytes, huge fields and empty ones."""

import csv
import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from casewright_standalone.engines.errors import CommandError

_COLUMNS = ("issuekey", "title", "description")
LONGEST_SUMMARY = 255
LONGEST_DESCRIPTION = 32_767


@dataclass(frozen=True)
class IssueRow:
    """One row, cut to what Jira takes.

    Attributes:
        number: Of the row, from 1.
        key: What the file calls it; need not be unique.
        shortened: Whether Jira would not have taken the whole text.
    """

    number: int
    key: str
    summary: str
    description: str
    shortened: bool


def read_rows(path: Path, *, limit: int | None = None) -> list[IssueRow]:
    """The first `limit` rows of the file, or all.

    Raises:
        CommandError: If there is no such file, it is no CSV file of issues, or it has no row.
    """
    csv.field_size_limit(sys.maxsize)
    try:
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            rows = list(itertools.islice(_rows(path, file), limit))
    except OSError as error:
        raise CommandError(f"The file {path} can't be read: {error.strerror}.") from error
    except csv.Error as error:
        raise CommandError(f"The file {path} is no CSV file of issues: {error}.") from error
    if not rows:
        raise CommandError(f"The file {path} holds no issues.")
    return rows


def _rows(path: Path, lines: Iterator[str]) -> Iterator[IssueRow]:
    # NUL bytes come from damaged exports; the database could not keep them either.
    reader = csv.DictReader(line.replace("\0", "") for line in lines)
    names = [name.strip().lstrip("\ufeff").lower() for name in reader.fieldnames or ()]
    missing = [column for column in _COLUMNS if column not in names]
    if missing:
        raise CommandError(
            f"The file {path} is no CSV file of issues: it has no column {', '.join(missing)}."
        )
    reader.fieldnames = names
    for number, row in enumerate(reader, start=1):
        summary = " ".join((row["title"] or "").split()) or "(no title)"
        description = row["description"] or ""
        yield IssueRow(
            number=number,
            key=(row["issuekey"] or "").strip() or f"row {number}",
            summary=summary[:LONGEST_SUMMARY],
            description=description[:LONGEST_DESCRIPTION],
            shortened=len(summary) > LONGEST_SUMMARY or len(description) > LONGEST_DESCRIPTION,
        )
