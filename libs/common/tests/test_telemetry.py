import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import TracerProvider
from pydantic import SecretStr

from casewright_common.settings import TelemetrySettings
from casewright_common.telemetry import bind, configure_logging, masked, never_log, take_over_loggers


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def logged(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().err.splitlines()[-1])
    return found


def test_a_line_is_json_with_service_level_and_the_ids_in_force(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("ingest", TelemetrySettings())
    with bind(event_id="e-1"), bind(issue_key="SHOP-1"):
        logging.getLogger("casewright.test").info("Stored %s", "it")
    line = logged(capsys)
    assert line | {"timestamp": ""} == {
        "timestamp": "",
        "level": "INFO",
        "logger": "casewright.test",
        "message": "Stored it",
        "service": "ingest",
        "event_id": "e-1",
        "issue_key": "SHOP-1",
    }
    logging.getLogger("casewright.test").info("After")
    assert "event_id" not in logged(capsys)


def test_a_line_inside_a_span_carries_its_ids(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("ingest", TelemetrySettings())
    with TracerProvider().get_tracer("test").start_as_current_span("work"):
        logging.getLogger("casewright.test").warning("Inside")
    line = logged(capsys)
    assert len(str(line["trace_id"])) == 32
    assert len(str(line["span_id"])) == 16


def test_a_library_that_brings_its_own_handler_logs_like_everybody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("generator", TelemetrySettings())
    chatty = logging.getLogger("a chatty library")
    chatty.addHandler(logging.StreamHandler())
    chatty.setLevel(logging.DEBUG)
    chatty.propagate = False
    take_over_loggers("a chatty library")
    chatty.info("completion() model=some")
    chatty.warning("something is odd")
    written = capsys.readouterr()
    (line,) = written.err.splitlines()
    assert written.out == ""
    assert json.loads(line)["message"] == "something is odd"


def test_a_secret_in_an_exception_does_not_reach_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("ingest", TelemetrySettings())
    never_log(SecretStr('my "own" word'))
    try:
        raise ValueError('my "own" word')  # noqa: TRY301  # there must be something to log
    except ValueError:
        logging.getLogger("casewright.test").exception("Failed with %s", 'my "own" word')
    line = capsys.readouterr().err
    assert "own" not in line
    assert line.count("[secret]") >= 2


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("connect postgresql://casewright:hunter22@db/x", "hunter22"),
        ("headers {'Authorization': 'Basic dXNlcjpwYXNzd29yZA=='}", "dXNlcjpwYXNzd29yZA=="),
        ("authorization: bearer abcdefghijklmnop", "abcdefghijklmnop"),
        ("x-api-key=abcdefgh1234", "abcdefgh1234"),
        ("Incorrect API key provided: sk-abcdefghijklmnop1234", "sk-abcdefghijklmnop1234"),
    ],
)
def test_what_looks_like_a_secret_is_masked_unannounced(line: str, hidden: str) -> None:
    assert hidden not in masked(line)
    assert "[secret]" in masked(line)


@pytest.mark.parametrize(
    "line", ["GET http://127.0.0.1:8080/readyz", "skipped 12 rows", "basic auth is used"]
)
def test_ordinary_lines_are_left_alone(line: str) -> None:
    assert masked(line) == line


@given(st.text(max_size=200))
def test_masking_never_fails(line: str) -> None:
    assert isinstance(masked(line), str)
