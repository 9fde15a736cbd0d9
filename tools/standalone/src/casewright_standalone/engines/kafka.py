"""Apache Kafka itself, one KRaft node on loopback."""

import os
import socket
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.jars import kafka_jars
from casewright_standalone.engines.java import Java, find_java, java_environment
from casewright_standalone.engines.process import (
    LOOPBACK,
    Child,
    claim_port,
    free_port,
    require_free_disk,
    wait_until,
)

# Any fixed id will do: the node is the whole cluster.
_CLUSTER_ID = "Y2FzZXdyaWdodDAwMDAwMA"
_MESSAGE_BYTES = 8 * 1024 * 1024
_START_TIMEOUT_S = 90


class Kafka:
    """One broker. Stop it, kill it and start it again on the same data and the same port.

    Args:
        folder: Everything of it: data, configuration, log.
        port: TCP port on loopback; 0 chooses a free one, kept from then on.
    """

    name = "Kafka"

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self._folder = folder.absolute()
        self._port = port
        self._controller_port = 0
        self._java: Java | None = None
        self._jars: Sequence[Path] = ()
        self._child: Child | None = None

    @property
    def bootstrap(self) -> str:
        """Address for clients, `host:port`."""
        return f"{LOOPBACK}:{self._port}"

    @property
    def address(self) -> str:
        """The same as `bootstrap`, as every engine has it."""
        return self.bootstrap

    @property
    def pid(self) -> int | None:
        """Process id of the running broker."""
        return self._child.pid if self._child is not None and self._child.running else None

    def prepare(self) -> None:
        """Everything slow before the start: Java, jars, format of the data folder.

        Raises:
            EngineError: If it can't run here.
        """
        require_free_disk(self._folder)
        self._java = self._java or find_java()
        self._jars = self._jars or kafka_jars()
        self._port = claim_port(self._port, engine=self.name)
        self._controller_port = free_port()
        (self._folder / "server.properties").write_text(self._properties(), encoding="utf-8")
        if not (self._folder / "data" / "meta.properties").exists():
            self._format()

    def launch(self) -> None:
        """Start the broker, without waiting for it."""
        self._child = Child(
            self.name,
            [*self._command("kafka.Kafka", heap="320m"), "server.properties"],
            log_path=self._folder / "kafka.log",
            cwd=self._folder,
            env=java_environment(os.environ),  # noqa: TID251 - a JVM needs PATH, HOME and the like
        )

    def wait_ready(self) -> None:
        """Return once it answers requests.

        Raises:
            EngineError: If it ends or takes too long.
        """
        if self._child is None:
            raise EngineError("Kafka was not launched.")
        wait_until(self._answers, child=self._child, timeout_s=_START_TIMEOUT_S)

    def start(self) -> None:
        """Prepare, launch and wait."""
        self.prepare()
        self.launch()
        self.wait_ready()

    def stop(self) -> None:
        """Shut down in good order; harmless if it does not run."""
        if self._child is not None:
            self._child.stop()

    def kill(self) -> None:
        """SIGKILL: what a crash of the machine's kernel would spare."""
        if self._child is not None:
            self._child.kill()

    def _command(self, main: str, *, heap: str) -> list[str]:
        if self._java is None:
            raise EngineError("Kafka was not prepared.")
        return [
            str(self._java.program),
            f"-Xmx{heap}",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlog4j2.level=WARN",
            "-cp",
            os.pathsep.join(str(jar) for jar in self._jars),
            main,
        ]

    def _format(self) -> None:
        command = [*self._command("kafka.tools.StorageTool", heap="128m"), "format"]
        command += ["--cluster-id", _CLUSTER_ID, "--config", "server.properties", "--ignore-formatted"]
        done = subprocess.run(  # noqa: S603 - our own command
            command,
            cwd=self._folder,
            env=java_environment(os.environ),  # noqa: TID251 - as above
            capture_output=True,
            text=True,
            check=False,
            timeout=_START_TIMEOUT_S,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise EngineError(
                f"Kafka can't format {self._folder / 'data'}: {said[-1] if said else 'no reason given'}."
            )

    def _answers(self) -> bool:
        """Whether a request for the API versions is answered: the port opens a little earlier."""
        client = b"casewright"
        body = struct.pack(">hhih", 18, 0, 1, len(client)) + client
        try:
            with socket.create_connection((LOOPBACK, self._port), timeout=2) as connection:
                connection.sendall(struct.pack(">i", len(body)) + body)
                return len(connection.recv(4)) > 0
        except OSError:
            return False

    def _properties(self) -> str:
        settings = {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@{LOOPBACK}:{self._controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{LOOPBACK}:{self._port},CONTROLLER://{LOOPBACK}:{self._controller_port}",
            "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{self._port}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": "data",
            "auto.create.topics.enable": "false",
            "num.partitions": 3,
            "message.max.bytes": _MESSAGE_BYTES,
            "replica.fetch.max.bytes": _MESSAGE_BYTES,
            "group.initial.rebalance.delay.ms": 0,
            # A killed broker may be back before its old session ends: shorter sessions, faster restart.
            "broker.session.timeout.ms": 2000,
            "broker.heartbeat.interval.ms": 500,
            "offsets.topic.num.partitions": 4,
            "offsets.topic.replication.factor": 1,
            "transaction.state.log.num.partitions": 2,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "share.coordinator.state.topic.num.partitions": 1,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            "log.segment.bytes": 64 * 1024 * 1024,
            "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
        }
        return "".join(f"{key}={value}\n" for key, value in settings.items())
