from dataclasses import fields
from datetime import UTC, datetime, timedelta

import httpx
from hypothesis import given
from hypothesis import strategies as st

from casewright_standalone.clients import LedgerEntry, Simulator
from casewright_standalone.issue_rows import IssueRow
from casewright_standalone.report import Report, build_report, hold_against_ledger, percentile
from casewright_standalone.results import Result, Results

START = datetime(2026, 11, 1, tzinfo=UTC)


def row(number: int) -> IssueRow:
    return IssueRow(number, f"A-{number}", "title", "text", shortened=False)


def result(number: int, *, seconds: float | None, comments: int = 1) -> Result:
    first_at = None if seconds is None else START + timedelta(seconds=seconds)
    return Result(f"P-{number}", START, first_at, 0 if seconds is None else comments)


def test_a_row_without_a_comment_is_lost_and_one_with_two_is_duplicated() -> None:
    rows = [row(1), row(2), row(3), row(4), row(5)]
    results = {
        1: [result(1, seconds=1)],
        2: [result(2, seconds=None)],
        3: [result(3, seconds=1, comments=2)],
        4: [result(4, seconds=1), result(6, seconds=2)],
    }
    lost, duplicated = hold_against_ledger(rows, results)
    assert [one.number for one in lost] == [2, 5]
    assert [one.number for one in duplicated] == [3, 4]


def test_the_report_has_the_promised_keys_and_counts() -> None:
    report = build_report(
        [row(1), row(2), row(3)],
        {1: [result(1, seconds=1)], 2: [result(2, seconds=4)], 3: [result(3, seconds=None)]},
        accepted=3,
        stories=[{"status": "synced", "case_count": 5}, {"status": "needs_detail", "case_count": 0}],
        parked_codes=["malformed_message", "malformed_message"],
    )
    assert [field.name for field in fields(Report)] == [
        "sent", "accepted", "stories", "cases", "needs_detail", "pushed", "parked", "lost", "duplicated",
        "p50_s", "p95_s", "stories_per_s", "parked_reasons",
    ]  # fmt: skip
    assert report == Report(
        sent=3, accepted=3, stories=2, cases=5, needs_detail=1, pushed=2, parked=2, lost=1, duplicated=0,
        p50_s=1.0, p95_s=4.0, stories_per_s=0.5, parked_reasons={"malformed_message": 2},
    )  # fmt: skip


def test_a_replay_of_which_nothing_came_back_has_no_figures() -> None:
    report = build_report([row(1)], {}, accepted=0, stories=[], parked_codes=[])
    assert (report.sent, report.lost, report.p50_s, report.p95_s, report.stories_per_s) == (
        0,
        1,
        None,
        None,
        None,
    )


@given(st.lists(st.floats(0, 1000), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_a_value_that_enough_others_do_not_exceed(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values)


def entry(seq: int, kind: str, issue_id: str, **properties: object) -> LedgerEntry:
    return LedgerEntry(START + timedelta(seconds=seq), kind, str(seq), issue_id, f"P-{issue_id}", properties)


def test_results_count_only_our_comments_on_living_issues() -> None:
    results = Results(Simulator(httpx.AsyncClient()))
    results.take(
        [
            entry(1, "issue.created", "1", sample="a"),
            entry(2, "issue.created", "2", sample="b"),
            entry(3, "issue.created", "3"),
            entry(4, "comment.created", "1", casewright={"generation": 1}),
            entry(5, "comment.created", "2"),
            entry(6, "comment.updated", "1", casewright={"generation": 2}),
            entry(7, "issue.deleted", "2"),
        ]
    )
    assert results.marked("sample") == {"1": "a"}
    assert results.of("1") == Result("P-1", START + timedelta(seconds=1), START + timedelta(seconds=4), 1)
    assert results.of("1").seconds == 3.0
    assert results.of("3").comments == 0
