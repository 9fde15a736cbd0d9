import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casewright_evaluation.options import SECTIONS
from casewright_standalone.cli import app


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--part", "third"], "There is no part third"),
        (["--only", "weather"], "There is no section weather"),
        (["--write-docs", "page.md", "--only", "cost"], "leave out --part and --only"),
        (["--only", "model"], "Name the model with --model"),
        (["--api-base", "http://127.0.0.1:1"], "Name the model with --model"),
        (["--model", "gpt-4o"], "such as openai/gpt-4o"),
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


def test_a_model_without_a_key_is_named_and_the_status_says_that_something_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [one for one in os.environ if one.startswith("CASEWRIGHT_")]:  # noqa: TID251  # a clean start
        monkeypatch.delenv(name)
    result = CliRunner().invoke(app, ["evaluate", "--only", "model", "--model", "openai/some"])
    assert result.exit_code == 2
    assert "CASEWRIGHT_EVALUATION_KEY" in result.output


def test_the_help_names_every_section_and_option() -> None:
    text = CliRunner().invoke(app, ["evaluate", "--help"], env={"COLUMNS": "400"}).output
    sections = re.search(r"may be repeated\): ([a-z, ]+)\.", text)
    assert sections is not None
    assert tuple(sections[1].split(", ")) == SECTIONS
    for name in ("model", "api-base", "stories", "part", "only", "sample", "report", "write-docs"):
        assert f"--{name}" in text
    assert "CASEWRIGHT_EVALUATION_KEY" in text
    assert not re.search(r"--[\w-]*key", text), "a key in an argument is seen by everybody on the machine"


def test_who_reads_the_first_lines_only_sees_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", "from casewright_standalone.cli import main; main()"]
    with os.fdopen(writer, "w") as pipe:
        done = subprocess.run(
            [*command, "evaluate", "--only", "cost"],
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.stderr == ""
