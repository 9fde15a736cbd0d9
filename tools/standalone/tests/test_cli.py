from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from casewright_standalone.cli import app
from casewright_standalone.engines.errors import EngineError
from casewright_standalone.terminal import run

COMMANDS = [
    ["up"], ["serve"], ["demo"], ["migrate"], ["topics", "create"], ["topics", "list"], ["topics", "update"],
    ["dlq", "list"], ["dlq", "show"], ["dlq", "replay"], ["replay"], ["doctor"],
]  # fmt: skip


def invoke(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, " ".join(result.output.split())


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_explains_itself(command: list[str]) -> None:
    status, output = invoke(*command, "--help")
    assert status == 0
    assert "Usage:" in output


def test_an_unknown_service_is_one_clear_sentence(tmp_path: Path) -> None:
    status, output = invoke("serve", "sphinx", "--run-dir", tmp_path)
    assert status == 1
    assert output.startswith("There is no service sphinx; there are ingest, embedder,")


def test_a_replay_of_a_file_that_is_not_there_is_one_clear_sentence(tmp_path: Path) -> None:
    status, output = invoke("replay", tmp_path / "none.csv", "--run-dir", tmp_path / "run")
    assert status == 1
    assert output.endswith("can't be read: No such file or directory.")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("command", [["topics", "list"], ["dlq", "list"], ["dlq", "replay"]], ids=" ".join)
def test_without_engines_an_administrative_command_says_how_to_start_them(
    command: list[str], tmp_path: Path
) -> None:
    status, output = invoke(*command, "--run-dir", tmp_path)
    assert status == 1
    assert output.endswith("start them with `casewright up`, or name a broker with --kafka.")


def test_a_known_error_ends_a_command_with_its_sentence_alone(capsys: pytest.CaptureFixture[str]) -> None:
    async def refuse() -> int | None:
        raise EngineError("Port 9 is in use.")

    with pytest.raises(typer.Exit) as raised:
        run(refuse())
    assert raised.value.exit_code == 1
    assert capsys.readouterr().err == "Port 9 is in use.\n"


@pytest.mark.connected
def test_topics_are_made_and_listed_on_a_named_broker(kafka: str, tmp_path: Path) -> None:
    assert invoke("topics", "create", "--kafka", kafka, "--run-dir", tmp_path)[0] == 0
    assert invoke("topics", "update", "--kafka", kafka, "--run-dir", tmp_path)[0] == 0
    status, output = invoke("topics", "list", "--kafka", kafka, "--run-dir", tmp_path)
    assert status == 0
    assert "missing" not in output
    assert invoke("dlq", "list", "--kafka", kafka, "--run-dir", tmp_path)[0] == 0
    assert invoke("dlq", "replay", "--kafka", kafka, "--run-dir", tmp_path)[0] == 0
