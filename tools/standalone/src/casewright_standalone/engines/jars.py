"""Apache Kafka's jars from Maven Central, by jgo, held to a lock of checksums."""

import hashlib
import logging
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.locks import take

COORDINATE = "org.apache.kafka:kafka_2.13:4.3.1"
_LOCK = "jgo.lock.toml"
_CACHE = Path.home() / ".cache" / "jgo"


def kafka_jars() -> Sequence[Path]:
    """Kafka's classpath, fetched the first time (44 MB, half a minute) and cached for the user.

    Raises:
        EngineError: If the jars can't be fetched, or are not those that the lock names.
    """
    import jgo  # noqa: PLC0415 - only the process that runs Kafka needs it

    logging.getLogger("jgo").setLevel(logging.ERROR)
    try:
        _CACHE.mkdir(parents=True, exist_ok=True)
        # Two processes that fill the same cache would read each other's half-written jars.
        with (_CACHE / "casewright.lock").open("w", encoding="utf-8") as lock:
            take(lock)
            environment = Path(jgo.build(COORDINATE, cache_dir=_CACHE).path)
    except Exception as error:  # jgo documents no error types
        raise EngineError(
            f"Apache Kafka ({COORDINATE}) can't be fetched from Maven Central: {error}; "
            "check the network, or set CASEWRIGHT_KAFKA__BOOTSTRAP_SERVERS to a broker of your own."
        ) from error
    jars = _jars_in(environment)
    verify(jars, locked_checksums())
    return jars


def cached_jars() -> Sequence[Path]:
    """The jars that an earlier start fetched, if they are those of the lock; fetches nothing."""
    group, artifact, _ = COORDINATE.split(":")
    folder = _CACHE.joinpath("envs", *group.split("."), artifact)
    checksums = locked_checksums()
    for environment in sorted(folder.glob("*")):
        jars = _jars_in(environment)
        if {jar.name for jar in jars} == checksums.keys():
            return jars
    return ()


def locked_checksums() -> dict[str, str]:
    """File name of every jar in the lock, with its SHA-256 in hexadecimal."""
    text = files(__package__).joinpath(_LOCK).read_text(encoding="utf-8")
    return {
        f"{entry['artifactId']}-{entry['version']}.{entry['packaging']}": entry["sha256"]
        for entry in tomllib.loads(text)["dependencies"]
    }


def verify(jars: Sequence[Path], checksums: dict[str, str]) -> None:
    """Hold the fetched files to the lock.

    Raises:
        EngineError: If one is missing, unknown or altered.
    """
    names = {jar.name for jar in jars}
    wrong = sorted(names ^ checksums.keys())
    wrong += [jar.name for jar in jars if jar.name in checksums and _sha256(jar) != checksums[jar.name]]
    if wrong:
        raise EngineError(
            f"Kafka's jars differ from the lock ({', '.join(wrong)}); "
            "delete the folder ~/.cache/jgo and try again."
        )


def _jars_in(environment: Path) -> list[Path]:
    return sorted(environment.glob("jars/*.jar")) + sorted(environment.glob("modules/*.jar"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
