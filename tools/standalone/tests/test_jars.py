import hashlib
from pathlib import Path

import pytest

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.jars import COORDINATE, locked_checksums, verify


def test_the_lock_holds_kafka_itself_and_a_checksum_for_every_jar() -> None:
    checksums = locked_checksums()
    _, artifact, version = COORDINATE.split(":")
    assert f"{artifact}-{version}.jar" in checksums
    assert all(len(checksum) == 64 for checksum in checksums.values())


def test_jars_that_are_those_of_the_lock_pass(tmp_path: Path) -> None:
    jar = tmp_path / "a.jar"
    jar.write_bytes(b"a")
    verify([jar], {"a.jar": hashlib.sha256(b"a").hexdigest()})


@pytest.mark.parametrize(
    ("on_disk", "locked"),
    [
        pytest.param(b"altered", {"a.jar": hashlib.sha256(b"a").hexdigest()}, id="altered"),
        pytest.param(b"a", {}, id="unknown"),
        pytest.param(b"a", {"a.jar": hashlib.sha256(b"a").hexdigest(), "b.jar": "00"}, id="missing"),
    ],
)
def test_jars_that_differ_from_the_lock_are_refused_by_name(
    tmp_path: Path, on_disk: bytes, locked: dict[str, str]
) -> None:
    jar = tmp_path / "a.jar"
    jar.write_bytes(on_disk)
    with pytest.raises(EngineError, match=r"differ from the lock \([ab]\.jar\)"):
        verify([jar], locked)
