"""The compose file, without a Docker engine: each image's environment is built and started for real."""

import os
import re
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = ("ingest", "embedder", "generator", "jira-sync", "gateway")
DOT_ENV = {
    "POSTGRES_PASSWORD": "only-for-tests",
    "ROLE_PASSWORD": "only-for-tests",
    "MASTER_KEYS": "key1:" + "QUFB" * 10 + "QUE=",
    "API_TOKEN": "only-for-tests-0123456789",
}

pytestmark = pytest.mark.connected


def environment(service: str, engines: dict[str, str]) -> dict[str, str]:
    """Exactly what compose gives the service, with the engines of this machine in place of its own."""

    def filled(match: re.Match[str]) -> str:
        name, _, default = match.group(1).partition(":")
        return DOT_ENV.get(name, default.removeprefix("-") if default.startswith("-") else "")

    given = {}
    for name, value in COMPOSE["services"][service]["environment"].items():
        text = re.sub(r"\$\{([^}]+)\}", filled, str(value))
        for ours, theirs in engines.items():
            text = text.replace(ours, theirs)
        given[name] = text
    path = os.environ["PATH"]  # noqa: TID251  # the child's environment is built from nothing
    return given | {"PATH": path}


@pytest.fixture(scope="module")
def engines(kafka_broker: Any, new_database: Callable[[], str], qdrant: str, redis: str) -> dict[str, str]:
    """Addresses in the compose file, and what stands for them here."""
    address = urlsplit(new_database())
    here = f"@{address.hostname}:{address.port}{address.path}"
    superuser = f"postgresql://{address.username}:{address.password}{here}"
    return {
        f"postgresql://postgres:{DOT_ENV['POSTGRES_PASSWORD']}@postgres:5432/casewright": superuser,
        "@pgbouncer:6432/casewright": here,
        "@postgres:5432/casewright": here,
        "kafka:9092": kafka_broker.bootstrap,
        "http://qdrant:6333": qdrant,
        "redis://redis:6379/0": redis,
    }


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Does what the Dockerfile does for one member; returns the new environment."""

    def run(member: str) -> Path:
        target = tmp_path_factory.mktemp("image") / member
        subprocess.run([ROOT / "deploy/docker/install.sh", member, target], check=True, timeout=600)
        return target

    return run


@pytest.fixture(scope="module")
def prepared(
    install: Callable[[str], Path], engines: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Roles, tables and topics, made by the compose file's own set-up, twice as at a second start."""
    bin_folder = install("standalone") / "bin"
    given = environment("setup", engines)
    given |= {
        "PATH": f"{bin_folder}:{given['PATH']}",
        "CASEWRIGHT_RUN_DIR": str(tmp_path_factory.mktemp("run")),
    }
    for _ in range(2):
        subprocess.run(COMPOSE["services"]["setup"]["entrypoint"], env=given, check=True, timeout=120)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        chosen: int = free.getsockname()[1]
    return chosen


def wait_until(url: str, process: subprocess.Popen[bytes], within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    answer = "nothing"
    while time.monotonic() < deadline:
        assert process.poll() is None, "it ended by itself"
        try:
            response = httpx.get(url, timeout=2)
        except httpx.HTTPError:
            time.sleep(0.2)
            continue
        if response.is_success:
            return
        answer = response.text
        time.sleep(0.2)
    pytest.fail(f"{url} answers {answer}")


@pytest.mark.usefixtures("prepared")
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_installed_from_its_lock_starts_with_what_compose_gives_it(
    service: str, install: Callable[[str], Path], engines: dict[str, str], port: int
) -> None:
    command = install(service) / "bin" / f"casewright-{service}"
    given = environment(service, engines) | {"CASEWRIGHT_HTTP__PORT": str(port)}
    with subprocess.Popen([command], env=given) as process:
        try:
            wait_until(f"http://127.0.0.1:{port}/readyz", process)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0, "SIGTERM drains and ends with status 0"
        finally:
            process.kill()


def test_the_simulator_installed_from_its_lock_starts_with_what_compose_gives_it(
    install: Callable[[str], Path], tmp_path: Path, port: int
) -> None:
    command = install("jira-simulator") / "bin" / "casewright-jira-simulator"
    given = environment("jira-simulator", {}) | {
        "CASEWRIGHT_SIMULATOR_DATA": str(tmp_path),
        "CASEWRIGHT_SIMULATOR_PORT": str(port),
    }
    with subprocess.Popen([command], env=given) as process:
        try:
            wait_until(f"http://127.0.0.1:{port}/", process)
        finally:
            process.terminate()


def test_the_dockerfile_runs_what_is_tested_here() -> None:
    dockerfile = (ROOT / "deploy/docker/python.Dockerfile").read_text()
    assert "ARG SERVICE" in dockerfile
    assert "RUN deploy/docker/install.sh" in dockerfile
    assert "USER 10001" in dockerfile
    entrypoint = next(line for line in dockerfile.splitlines() if line.startswith("ENTRYPOINT"))
    assert "exec casewright-" in shlex.join(yaml.safe_load(entrypoint.removeprefix("ENTRYPOINT ")))


def test_every_image_of_the_compose_file_has_a_lock() -> None:
    for name, service in COMPOSE["services"].items():
        if "build" in service:
            member = service["build"]["args"]["SERVICE"]
            assert (ROOT / "requirements" / f"{member}.lock").exists(), name
            assert (ROOT / service["build"]["dockerfile"]).exists()
