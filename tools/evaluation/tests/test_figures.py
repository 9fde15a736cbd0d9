import json
import math
from html.parser import HTMLParser
from pathlib import Path

import pytest

from casewright_evaluation import docs, report
from casewright_evaluation.aims import AIMS, aim_of
from casewright_evaluation.figures import Aim, Evaluation, Figure, Section, table
from casewright_evaluation.plots import bars

GOOD = Figure("a.b", "Good | ones", 0.97, "score", 40, Aim("because", least=0.95))
BAD = Figure("a.c", "Bad <ones>", 0.5, "share", 40, Aim("because", least=0.95))


def evaluation(*figures: Figure, skipped: tuple[str, ...] = ()) -> Evaluation:
    return Evaluation((Section("Section & co", "On something.", figures, skipped),))


@pytest.mark.parametrize(
    ("aim", "value", "holds"),
    [
        (Aim("", least=0.95), 0.95, True),
        (Aim("", least=0.95), 0.9499, False),
        (Aim("", most=0), 0, True),
        (Aim("", most=0), 0.01, False),
        (Aim("", above=0), 0, False),
        (Aim("", above=0), 0.001, True),
        (Aim("", least=0), math.nan, False),
    ],
)
def test_an_aim_holds_at_its_bound_unless_it_asks_for_more(aim: Aim, value: float, *, holds: bool) -> None:
    assert aim.holds(value) is holds


def test_the_status_tells_what_is_below_from_what_is_missing_and_is_never_silently_green() -> None:
    assert evaluation(GOOD).status == 0
    assert evaluation(GOOD, skipped=("data",)).status == 2
    assert evaluation(GOOD, BAD, skipped=("data",)).status == 1


def test_the_longest_key_says_what_is_asked_and_every_aim_has_a_reason() -> None:
    assert aim_of("gate.recall.duplicate") == AIMS["gate.recall."]
    assert aim_of("criteria.f1.holdout") == AIMS["criteria.f1.holdout"]
    assert aim_of("criteria.precision.holdout") is None
    assert all(aim.reason and str(aim) for aim in AIMS.values())


def test_a_report_is_written_in_three_forms_that_agree(tmp_path: Path) -> None:
    written = report.write(evaluation(GOOD, BAD, skipped=("no data",)), tmp_path / "new", made="Today.")
    markdown, html, data = (path.read_text(encoding="utf-8") for path in written)
    assert [path.name for path in written] == ["report.md", "report.html", "report.json"]
    assert r"| Good \| ones | 0.970 | 40 | ≥ 0.95 | holds |" in markdown
    assert "| Bad <ones> | 50.0 % | 40 | ≥ 0.95 | **below** |" in markdown
    assert "Not measured: no data." in markdown
    assert "Bad &lt;ones&gt;" in html
    whole = json.loads(data)
    assert whole["status"] == 1
    assert [one["holds"] for one in whole["sections"][0]["figures"]] == [True, False]
    assert whole["sections"][0]["figures"][0]["aim"]["reason"] == "because"


def test_the_page_needs_nothing_from_elsewhere_and_closes_what_it_opens() -> None:
    page = report.html(evaluation(GOOD, BAD), made="Today.")
    assert "src=" not in page
    assert "href=" not in page
    assert "<script" not in page

    class Balance(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []

        def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
            if tag != "meta":
                self.open.append(tag)

        def handle_startendtag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
            del tag

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    balance = Balance()
    balance.feed(page)
    assert balance.open == []


def test_bars_show_shares_and_their_aims_and_nothing_for_counts() -> None:
    drawn = bars([GOOD, BAD, Figure("n", "Number", 12, "count")])
    assert drawn.count("<line") == 2
    assert "Number" not in drawn
    assert bars([Figure("n", "Number", 12, "count")]) == ""


def test_values_are_shown_in_their_unit() -> None:
    units = ("share", "score", "count", "usd", "seconds")
    shown = [Figure("k", "n", 0.5, unit).shown() for unit in units]  # type: ignore[arg-type]  # a list forgets literals
    assert shown == ["50.0 %", "0.500", "0", "0.5000 USD", "0.5 s"]


def test_a_summary_says_what_is_below_and_what_is_missing() -> None:
    assert report.summary(evaluation(GOOD)) == "All figures that have an aim reach it."
    assert "Bad <ones> is 50.0 %, aim ≥ 0.95" in report.summary(evaluation(BAD, skipped=("x.",)))


def test_the_page_of_the_documentation_says_when_and_why() -> None:
    page = docs.page(evaluation(GOOD), made="Measured on 2026-01-01 at commit abc.")
    assert "commit abc" in page
    assert all(aim.reason in page for aim in AIMS.values())


def test_rows_of_a_table_are_as_wide_as_its_head() -> None:
    assert {len(row) for row in table([GOOD, BAD])} == {5}
