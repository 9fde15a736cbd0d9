"""Apache Kafka itself, one KRaft node on loopback."""

import os
import socket
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

from casewright_standalone.engines.engine import Engine
from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.jars import kafka_jars
from casewright_standalone.engines.java import Java, find_java, java_environment
from casewright_standalone.engines.process import LOOPBACK, Child, free_port

# Any fixed id will do: the node is the whole cluster.
_CLUSTER_ID = "Y2FzZXdyaWdodDAwMDAwMA"
_MESSAGE_BYTES = 8 * 1024 * 1024


class Kafka(Engine):
    """One broker, which is its own controller."""

    name = "Kafka"
    start_timeout_s = 90

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        super().__init__(folder, port=port)
        self._controller_port = 0
        self._java: Java | None = None
        self._jars: Sequence[Path] = ()

    @property
    def bootstrap(self) -> str:
        """Address for clients, `host:port`."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def address(self) -> str:
        """The same as `bootstrap`, as every engine has it."""
        return self.bootstrap

    def prepare(self) -> None:
        """Find Java, fetch the jars, format the data folder if it is new.

        Raises:
            EngineError: If it can't run here.
        """
        super().prepare()
        self._java = self._java or find_java()
        self._jars = self._jars or kafka_jars()
        self._controller_port = free_port()
        (self.folder / "server.properties").write_text(self._properties(), encoding="utf-8")
        if not (self.folder / "data" / "meta.properties").exists():
            self._format()

    def spawn(self) -> Child:
        """Start the broker."""
        return Child(
            self.name,
            [*self._command("kafka.Kafka", heap="320m"), "server.properties"],
            log_path=self.folder / "kafka.log",
            cwd=self.folder,
            env=java_environment(os.environ),  # noqa: TID251 - a JVM needs PATH, HOME and the like
        )

    def answers(self) -> bool:
        """Whether it answers a request for its API versions: the port opens a little earlier."""
        client = b"casewright"
        body = struct.pack(">hhih", 18, 0, 1, len(client)) + client
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=2) as connection:
                connection.sendall(struct.pack(">i", len(body)) + body)
                return len(connection.recv(4)) > 0
        except OSError:
            return False

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
            cwd=self.folder,
            env=java_environment(os.environ),  # noqa: TID251 - as above
            capture_output=True,
            text=True,
            check=False,
            timeout=self.start_timeout_s,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise EngineError(
                f"Kafka can't format {self.folder / 'data'}: {said[-1] if said else 'no reason given'}."
            )

    def _properties(self) -> str:
        settings = {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@{LOOPBACK}:{self._controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{LOOPBACK}:{self.port},CONTROLLER://{LOOPBACK}:{self._controller_port}",
            "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{self.port}",
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
