"""Real issues: through the whole stack without a loss, and through the pure parts without a crash."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from casewright_generator.domain.designer import design
from casewright_generator.domain.gate.verify import verify
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.questions.detail import questions
from casewright_generator.domain.reading.analysis import analyse
from casewright_ingest.domain.stories import story_of
from casewright_ingest.domain.webhook import Delivered, Received, read_webhook
from casewright_standalone.issue_rows import IssueRow, read_rows

NAMES = ("bamboo", "duracloud", "jirasoftware", "moodle", "mule", "springxd", "talenddataquality")
KEYS = {
    "sent", "accepted", "stories", "cases", "needs_detail", "pushed", "parked", "lost", "duplicated",
    "p50_s", "p95_s", "stories_per_s",
}  # fmt: skip
EVERY_IN_SHORT = 5
MAX_CASES = 20
LEAST_SHARE = 0.065
"""Of issues that get a case: 8 % of all were measured when this was set, less a margin for rules that come.

Only a floor against a rule that silences what used to be read. It isn't to be raised for its own sake: most
real issues are developers' notes, and a case that nobody would keep costs more than a question.
"""
LONGEST_S = 5.0
"""For one story, on a machine that does other things too; the usual time is a thousandth of it."""

ORG = UUID("00000000-0000-0000-0000-00000000000a")
CONNECTION = UUID("00000000-0000-0000-0000-00000000000b")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.connected
@pytest.mark.flow
def test_real_issues_get_one_comment_each(
    full_size: bool,  # noqa: FBT001 - a fixture
    shared_data: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    file = shared_data("issues/springxd.csv")
    limit = 500 if full_size else 40
    run_dir, report_path = tmp_path / "run", tmp_path / "report.json"
    command = [str(Path(sys.executable).parent / "casewright"), "replay", str(file), "--limit", str(limit)]
    command += ["--report", str(report_path), "--run-dir", str(run_dir), "--base-port", "0"]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300 + 2 * limit)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]

    report: dict[str, Any] = json.loads(report_path.read_text())
    assert report.keys() >= KEYS | {"parked_reasons"}
    assert report["sent"] == report["accepted"] == report["stories"] == report["pushed"] == limit
    assert (report["lost"], report["duplicated"], report["parked"]) == (0, 0, 0)
    assert report["parked_reasons"] == {}
    assert report["cases"] >= report["stories"] - report["needs_detail"] > 0
    assert 0 < report["p50_s"] <= report["p95_s"]

    # The same once more, from the file that the simulator itself wrote, and from the CSV file.
    rows = read_rows(file, limit=limit)
    created, comments, needs_detail = on_the_site(run_dir / "simulator" / "journal.jsonl")
    assert Counter(created.values()) == Counter(row.summary for row in rows)
    assert comments == Counter(dict.fromkeys(created, 1)), "one comment on each issue, and nowhere else"
    assert needs_detail == report["needs_detail"]
    sys.stdout.write(f"\nReplay of {limit} issues in {time.monotonic() - began:.0f} s: {report}\n")


def on_the_site(journal: Path) -> tuple[dict[str, str], Counter[str], int]:
    """Summary of each issue by id, how many comments each ever got, how many of them ask for detail."""
    changes = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    effects = [effect for change in changes for effect in change.get("effects", ())]
    issues = {issue["id"]: issue for change in changes for issue in change.get("issues", ())}
    bodies = {
        comment["id"]: json.dumps(comment["body"])
        for change in changes
        for comment in change.get("comments", ())
    }
    created = [effect for effect in effects if effect["kind"] == "comment.created"]
    assert all("casewright" in effect["properties"] for effect in created)
    return (
        {issue["id"]: issue["summary"] for issue in issues.values()},
        Counter(effect["issue_id"] for effect in created),
        sum("needs detail" in body for body in bodies.values()),
    )


def test_every_issue_of_all_files_is_read_and_designed_for(
    full_size: bool,  # noqa: FBT001 - a fixture
    shared_data: Callable[[str], Path],
) -> None:
    slowest: tuple[float, str] = (0.0, "")
    counts: Counter[str] = Counter()
    for name, row in real_issues(shared_data, every=1 if full_size else EVERY_IN_SHORT):
        began = time.perf_counter()
        number, asked = cases_of(row)
        slowest = max(slowest, (time.perf_counter() - began, f"{name} {row.key}"))
        assert number or asked, f"{name} {row.key} would end in silence"
        counts["issues"] += 1
        counts["cases"] += number
        counts["without cases"] += number == 0
    share = 1 - counts["without cases"] / counts["issues"]
    assert share >= LEAST_SHARE, f"only {share:.1%} of what people write would get a case"
    assert slowest[0] < LONGEST_S, slowest
    sys.stdout.write(f"\nAll files: {dict(counts)}, slowest {slowest[0]:.3f} s ({slowest[1]})\n")


def real_issues(shared_data: Callable[[str], Path], *, every: int) -> Iterator[tuple[str, IssueRow]]:
    for name in NAMES:
        for row in read_rows(shared_data(f"issues/{name}.csv"))[::every]:
            yield name, row


def cases_of(row: IssueRow) -> tuple[int, int]:
    """How many verified cases an issue gets, and how many questions are asked."""
    body = {
        "webhookEvent": "jira:issue_created",
        "timestamp": int(NOW.timestamp() * 1000),
        "issue": {
            "id": str(row.number),
            "key": f"REAL-{row.number}",
            "fields": {
                "summary": row.summary,
                "description": row.description,
                "issuetype": {"name": "Story"},
                "project": {"key": "REAL"},
            },
        },
    }
    received = read_webhook(body, Delivered(ORG, CONNECTION, f"delivery {row.number}", (), NOW))
    assert isinstance(received, Received), received
    story = story_of(received.event, criteria_field=None)
    analysis = analyse(story)
    planned = plan(analysis, max_cases=MAX_CASES)
    cases = design(planned, story, story_id=f"REAL-{row.number}")
    verdict = verify(cases, planned, story)
    assert len(verdict.accepted) <= MAX_CASES
    return len(verdict.accepted), len(questions(analysis).questions)
