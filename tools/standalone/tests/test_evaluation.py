from pathlib import Path

import pytest
from typer.testing import CliRunner

from casewright_standalone.cli import app


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--part", "third"], "There is no part third"),
        (["--only", "weather"], "There is no section weather"),
        (["--write-docs", "page.md", "--only", "cost"], "leave out --part and --only"),
    ],
)
def test_options_that_make_no_sense_are_refused_in_a_sentence(options: list[str], told: str) -> None:
    result = CliRunner().invoke(app, ["evaluate", *options])
    assert result.exit_code == 2
    assert told in result.output


def test_a_section_is_measured_shown_and_reported(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", "--only", "cost", "--report", str(tmp_path / "report")])
    assert result.exit_code == 0, result.output
    assert "Cost of a story" in result.output
    assert {path.name for path in (tmp_path / "report").iterdir()} == {
        "report.md",
        "report.html",
        "report.json",
    }


def test_absent_data_ends_in_status_2_and_says_which_variable_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWRIGHT_REQUIREMENTS", str(tmp_path / "none.txt"))
    result = CliRunner().invoke(app, ["evaluate", "--only", "fullteaching"])
    assert result.exit_code == 2
    assert "CASEWRIGHT_REQUIREMENTS" in result.output


def test_a_report_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = CliRunner().invoke(app, ["evaluate", "--only", "cost", "--report", str(tmp_path / "file")])
    assert result.exit_code == 2
    assert "can't be written" in result.output
