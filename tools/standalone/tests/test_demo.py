from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from rich.console import Console

from casewright_standalone.clients import Gateway, LedgerEntry, Simulator
from casewright_standalone.demo import Finished, samples, stories_table, wait_for_cases
from casewright_standalone.results import PROVENANCE, Result, Results
from casewright_standalone.workspace import Workspace

START = datetime(2026, 11, 1, tzinfo=UTC)


def finished(
    *, expects: str = "cases", status: str = "synced", comments: int = 1, cases: int = 2
) -> Finished:
    sample = next(sample for sample in samples() if sample.expects == expects)
    story: dict[str, Any] = {
        "status": status,
        "criteria": [{"id": "AC-1"}],
        "questions": ["How fast?"],
        "targets": [{"kind": "comment"}],
    }
    result = Result("SHOP-1", START, START + timedelta(seconds=2), comments)
    return Finished(sample, result, story, [{"technique": "boundary_value"}] * cases)


def test_the_samples_are_different_and_one_of_them_needs_detail() -> None:
    stories = samples()
    assert (
        len({story.name for story in stories})
        == len({story.summary for story in stories})
        == len(stories)
        == 8
    )
    assert [story.name for story in stories if story.expects == "needs_detail"] == ["vague"]


@pytest.mark.parametrize(
    ("one", "good"),
    [
        (finished(), True),
        (finished(cases=0), False),
        (finished(comments=0), False),
        (finished(comments=2), False),
        (finished(status="cases"), False),
        (finished(status="needs_detail"), False),
        (finished(expects="needs_detail", status="needs_detail", cases=0), True),
        (finished(expects="needs_detail"), False),
    ],
)
def test_a_story_counts_only_with_what_it_should_have_in_jira(one: Finished, *, good: bool) -> None:
    assert one.as_expected is good


def test_the_table_tells_cases_by_technique_where_they_went_and_how_long_it_took() -> None:
    console = Console(width=200, record=True)
    console.print(
        stories_table([finished(), finished(expects="needs_detail", status="needs_detail", cases=0)])
    )
    shown = console.export_text()
    for words in ("2: 2 boundary value", "1 comment on SHOP-1", "2.0", "needs detail: 1 question"):
        assert words in shown


async def test_without_a_terminal_each_story_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    issues = {str(number): sample for number, sample in enumerate(samples())}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/simulator/ledger":
            return httpx.Response(200, json={"effects": [], "next_since": 0, "more": False})
        stories = [{"issue_id": issue_id, "status": "synced"} for issue_id in issues]
        return httpx.Response(200, json={"items": stories, "next_cursor": None})

    async with httpx.AsyncClient(
        base_url="http://127.0.0.1", transport=httpx.MockTransport(answer)
    ) as client:
        results = Results(Simulator(client))
        kinds: dict[str, dict[str, Any]] = {"issue.created": {}, "comment.created": {PROVENANCE: {}}}
        for kind, properties in kinds.items():
            results.take([LedgerEntry(START, kind, "c", key, f"SHOP-{key}", properties) for key in issues])
        await wait_for_cases(Gateway(client), Workspace("/organisations/1", "p", "SHOP"), results, issues)
    told = capsys.readouterr().out.splitlines()
    assert told == [f"SHOP-{key} {sample.summary}: has its cases in Jira" for key, sample in issues.items()]
