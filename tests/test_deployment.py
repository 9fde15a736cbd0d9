"""The compose file, without a Docker engine: each image's environment is built and started for real."""

import os
import re
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from casewright_common.settings import KafkaSettings

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = ("ingest", "embedder", "generator", "jira-sync", "gateway")
MEMBERS = ("jira-simulator", "standalone", *SERVICES)
DOT_ENV = {
    "POSTGRES_PASSWORD": "only-for-tests",
    **{f"{name.upper().replace('-', '_')}_PASSWORD": "only-for-tests" for name in SERVICES},
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
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Path]]:
    """Does what the Dockerfile does for one member, once; returns the new environment.

    The first wish starts all of them, so that one is installed while another one is tested.
    """
    folder = tmp_path_factory.mktemp("images")
    builder = os.environ | {"BUILDER": str(folder / "builder")}  # noqa: TID251  # package settings of this machine

    def run(member: str) -> Path:
        command = [str(ROOT / "deploy/docker/install.sh"), member, str(folder / member)]
        subprocess.run(command, check=True, timeout=600, env=builder)
        return folder / member

    with ThreadPoolExecutor(2) as pool:
        # One by itself, which makes the builder that the others use.
        first = pool.submit(run, MEMBERS[0])
        coming = {MEMBERS[0]: first}
        first.add_done_callback(
            lambda _: coming.update({member: pool.submit(run, member) for member in MEMBERS[1:]})
        )

        def wait(member: str) -> Path:
            first.result()
            while member not in coming:
                time.sleep(0.01)
            return coming[member].result()

        yield wait
        pool.shutdown(cancel_futures=True)


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """How a process of an image is started: a home that isn't there, and nothing to write to but `/tmp`."""
    cwd, scratch = tmp_path / "cwd", tmp_path / "tmp"
    cwd.mkdir()
    scratch.mkdir()
    given = {
        # Below a device not even root makes a folder.
        "HOME": "/dev/null",
        "TMPDIR": str(scratch),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }
    yield {"cwd": cwd, "env": given}
    assert list(cwd.iterdir()) == [], "the image's folders are read-only"


def files_of(folder: Path) -> dict[Path, int]:
    """When each file below was written last."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def prepared(
    install: Callable[[str], Path], engines: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Roles, tables and topics, made by the compose file's own set-up, twice as at a second start."""
    bin_folder = install("standalone") / "bin"
    given = environment("setup", engines)
    given |= {"PATH": f"{bin_folder}:{given['PATH']}", "HOME": "/dev/null", "PYTHONDONTWRITEBYTECODE": "1"}
    cwd = tmp_path_factory.mktemp("setup")
    for _ in range(2):
        subprocess.run(
            COMPOSE["services"]["setup"]["entrypoint"], env=given, cwd=cwd, check=True, timeout=120
        )
    assert list(cwd.iterdir()) == [], "the image's folders are read-only"


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
def test_a_service_installed_from_its_lock_starts_with_what_compose_gives_it_and_writes_nothing(
    service: str,
    install: Callable[[str], Path],
    engines: dict[str, str],
    port: int,
    locked: dict[str, Any],
) -> None:
    image = install(service)
    before = files_of(image)
    given = environment(service, engines) | locked["env"] | {"CASEWRIGHT_HTTP__PORT": str(port)}
    with subprocess.Popen([image / "bin" / f"casewright-{service}"], env=given, cwd=locked["cwd"]) as process:
        try:
            wait_until(f"http://127.0.0.1:{port}/readyz", process)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0, "SIGTERM drains and ends with status 0"
        finally:
            process.kill()
    assert files_of(image) == before


def test_the_simulator_installed_from_its_lock_starts_with_what_compose_gives_it(
    install: Callable[[str], Path], tmp_path: Path, port: int, locked: dict[str, Any]
) -> None:
    command = install("jira-simulator") / "bin" / "casewright-jira-simulator"
    given = environment("jira-simulator", {}) | locked["env"]
    given |= {"CASEWRIGHT_SIMULATOR_DATA": str(tmp_path / "data"), "CASEWRIGHT_SIMULATOR_PORT": str(port)}
    with subprocess.Popen([command], env=given, cwd=locked["cwd"]) as process:
        try:
            wait_until(f"http://127.0.0.1:{port}/", process)
        finally:
            process.terminate()


COUNT = "import litellm; assert litellm.token_counter('gpt-4o', text='reset the password') == 3"
EMBED = """
import asyncio
from casewright_embedder.adapters import weights
from casewright_embedder.adapters.local_embedding import LocalEmbedding
local = LocalEmbedding(weights.model_path(), weights.tokenizer_path())
[vector] = asyncio.run(local.embed(["reset the password"]))
assert len(vector) == 384
"""


@pytest.mark.parametrize(
    ("service", "work"), [("embedder", COUNT), ("generator", COUNT), ("embedder", EMBED)]
)
def test_models_need_no_home_and_write_nothing(
    service: str, work: str, install: Callable[[str], Path], locked: dict[str, Any]
) -> None:
    image = install(service)
    before = files_of(image)
    given = locked["env"] | {"LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    command = [str(image / "bin" / "python"), "-c", work]
    subprocess.run(command, env=given, cwd=locked["cwd"], check=True, timeout=120)
    assert files_of(image) == before


def test_the_dockerfile_runs_what_is_tested_here() -> None:
    dockerfile = (ROOT / "deploy/docker/python.Dockerfile").read_text()
    assert "ARG SERVICE" in dockerfile
    assert 'deploy/docker/install.sh "$SERVICE" /opt/casewright' in dockerfile
    assert "USER 10001" in dockerfile
    entrypoint = next(line for line in dockerfile.splitlines() if line.startswith("ENTRYPOINT"))
    assert "exec casewright-" in shlex.join(yaml.safe_load(entrypoint.removeprefix("ENTRYPOINT ")))


def test_every_image_of_the_compose_file_has_a_lock() -> None:
    for name, service in COMPOSE["services"].items():
        if "build" in service:
            member = service["build"]["args"]["SERVICE"]
            assert (ROOT / "requirements" / f"{member}.lock").exists(), name
            assert (ROOT / service["build"]["dockerfile"]).exists()


@pytest.mark.parametrize("name", [*SERVICES, "setup", "jira-simulator"])
def test_our_images_run_locked(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]  # noqa: S108  # the container's own
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_given_the_time_to_drain(name: str) -> None:
    drain_s = KafkaSettings().drain_timeout_s
    given_s = int(COMPOSE["services"][name]["stop_grace_period"].removesuffix("s"))
    # First the requests, then the messages; then the consumers leave and connections close.
    assert given_s >= 2 * drain_s + 10


@pytest.mark.parametrize("name", [name for name in COMPOSE["services"] if name != "setup"])
def test_what_stays_up_is_watched_and_started_again(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"]


def test_secrets_come_from_the_environment_file_and_each_is_asked_for() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r"\$\{(\w+):\?", text))
    assert asked == set(DOT_ENV)
    known = set(re.findall(r"^#? ?(\w+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"\$\{(\w+)", text)) == known


def test_gateway_and_jira_sync_trust_the_same_sites() -> None:
    gateway, sync = (COMPOSE["services"][name]["environment"] for name in ("gateway", "jira-sync"))
    assert gateway["CASEWRIGHT_TRUSTED_SITES"] == sync["CASEWRIGHT_TRUSTED_SITES"]
