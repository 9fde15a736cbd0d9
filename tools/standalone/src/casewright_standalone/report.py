"""The outcome of a replay, computed from the CSV rows and the simulator's ledger."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from casewright_standalone.issue_rows import IssueRow
from casewright_standalone.results import Result


@dataclass(frozen=True)
class Report:
    """What a replay did. `lost` and `duplicated` hold the rows against the ledger.

    Attributes:
        sent: Rows that became issues in the simulator.
        accepted: Webhooks about their creation that ingest answered with 2xx.
        stories: Stories that the gateway knows of.
        cases: Test cases of these stories.
        needs_detail: Stories that say too little to test.
        pushed: Issues on which a comment of Casewright stands.
        parked: Messages that went to the dead letters meanwhile.
        parked_reasons: How many, by error code.
        lost: Rows without an issue or without a comment of Casewright on it.
        duplicated: Rows with more than one issue, or more than one comment of Casewright.
        p50_s: Median of the seconds from issue to comment; None without one.
        p95_s: 95th percentile of them.
        stories_per_s: Comments per second, from the first issue to the last comment.
    """

    sent: int
    accepted: int
    stories: int
    cases: int
    needs_detail: int
    pushed: int
    parked: int
    lost: int
    duplicated: int
    p50_s: float | None
    p95_s: float | None
    stories_per_s: float | None
    parked_reasons: dict[str, int]


def hold_against_ledger(
    rows: Sequence[IssueRow], results: Mapping[int, Sequence[Result]]
) -> tuple[list[IssueRow], list[IssueRow]]:
    """Rows that were lost, and rows that were done more than once.

    Args:
        rows: Of the file.
        results: What stands on each issue that was made from a row, by the row's number.
    """
    lost = [row for row in rows if not any(one.comments for one in results.get(row.number, ()))]
    duplicated = [
        row
        for row in rows
        if len(found := results.get(row.number, ())) > 1 or any(one.comments > 1 for one in found)
    ]
    return lost, duplicated


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` (0 to 1) of the values don't exceed; None of none."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def throughput(results: Sequence[Result]) -> float | None:
    """Comments per second from the first issue to the last comment; None of none."""
    ends: list[datetime] = [one.first_at for one in results if one.first_at is not None]
    if not ends:
        return None
    seconds = (max(ends) - min(one.created_at for one in results)).total_seconds()
    return len(ends) / seconds if seconds > 0 else None


def build_report(
    rows: Sequence[IssueRow],
    results: Mapping[int, Sequence[Result]],
    *,
    accepted: int,
    stories: Sequence[Mapping[str, object]],
    parked_codes: Sequence[str],
) -> Report:
    """Put the report together.

    Args:
        rows: Of the file.
        results: What stands on each issue that was made from a row, by the row's number.
        accepted: Webhooks answered with 2xx.
        stories: As the gateway shows them.
        parked_codes: Error code of each message that was parked meanwhile.
    """
    everything = [one for found in results.values() for one in found]
    lost, duplicated = hold_against_ledger(rows, results)
    seconds = [one.seconds for one in everything if one.seconds is not None]
    p50, p95, rate = percentile(seconds, 0.5), percentile(seconds, 0.95), throughput(everything)
    return Report(
        sent=len(everything),
        accepted=accepted,
        stories=len(stories),
        cases=sum(int(str(story["case_count"])) for story in stories),
        needs_detail=sum(story["status"] == "needs_detail" for story in stories),
        pushed=sum(one.comments > 0 for one in everything),
        parked=len(parked_codes),
        lost=len(lost),
        duplicated=len(duplicated),
        p50_s=None if p50 is None else round(p50, 3),
        p95_s=None if p95 is None else round(p95, 3),
        stories_per_s=None if rate is None else round(rate, 2),
        parked_reasons=dict(Counter(parked_codes)),
    )
