import asyncio
from pathlib import Path

import pytest
import typer
from aiokafka import AIOKafkaProducer
from typer.testing import CliRunner

from casewright_common.delivery import Header
from casewright_common.topics import Topic
from casewright_standalone.cli import app
from casewright_standalone.engines.errors import EngineError
from casewright_standalone.terminal import run

COMMANDS = [
    ["up"], ["serve"], ["demo"], ["migrate"], ["topics", "create"], ["topics", "list"], ["topics", "update"],
    ["dlq", "list"], ["dlq", "show"], ["dlq", "replay"], ["replay"], ["doctor"], ["vault", "rotate"],
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


@pytest.mark.connected
def test_a_parked_message_is_listed_shown_whole_and_sent_back_once(kafka: str, tmp_path: Path) -> None:
    options = ("--kafka", kafka, "--run-dir", tmp_path)
    invoke("topics", "create", *options)
    topic = Topic.DOCUMENT_CHANGED
    headers = [
        (Header.ERROR_CODE, b"internal"),
        (Header.ERROR, b"ZeroDivisionError"),
        (Header.TRACEBACK, b"service.py:7 divide"),
        (Header.TOPIC, topic.value.encode()),
        (Header.PARTITION, b"0"),
        (Header.OFFSET, b"3"),
        (Header.GROUP, b"casewright.embedder"),
        (Header.ATTEMPTS, b"1"),
        (Header.PARKED_AT, b"2026-11-01T00:00:00+00:00"),
    ]

    async def park() -> str:
        async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
            sent = await producer.send_and_wait(topic.dead_letters, b"{}", key=b"doc", headers=headers)
        return f"{sent.topic}/{sent.partition}/{sent.offset}"

    message_id = asyncio.run(park())
    listed = CliRunner().invoke(app, ["dlq", "list", topic.value, *map(str, options)], env={"COLUMNS": "20"})
    lines = listed.output.splitlines()
    assert lines[0] == f"1 parked on {topic.value} by casewright.embedder: internal"
    assert f"{message_id}  2026-11-01 00:00:00  casewright.embedder  internal: ZeroDivisionError" in lines[2:]
    assert invoke("dlq", "show", topic.value, *options)[1].startswith(f"id {message_id} from")
    assert invoke("dlq", "show", Topic.MODEL_CATALOGUED.value, *options) == (
        1,
        f"No message of {Topic.MODEL_CATALOGUED.value} is parked.",
    )
    status, shown = invoke("dlq", "show", message_id, *options)
    assert status == 0
    for words in (
        "internal: ZeroDivisionError",
        "service.py:7 divide",
        "casewright.embedder",
        "key doc",
        "{}",
    ):
        assert words in shown
    assert invoke("dlq", "replay", message_id, *options) == (0, "Sent back 1 message.")
    assert invoke("dlq", "replay", topic.value, *options) == (0, "Sent back 1 message.")
    assert invoke("dlq", "replay", topic.value, *options) == (0, "No message waits to be sent back.")
    assert invoke("dlq", "replay", topic.value, "--again", *options)[1] == "Sent back 1 message."
