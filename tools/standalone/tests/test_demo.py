from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from casewright_standalone.demo import Finished, samples, stories_table
from casewright_standalone.results import Result

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
