"""Clients against brokers that want a password, a certificate, or both."""

import asyncio
import ipaddress
import logging
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from prometheus_client import CollectorRegistry
from pydantic import SecretStr, ValidationError

from casewright_common import kafka as kafka_clients
from casewright_common.configuration import ConfigurationTables
from casewright_common.delivery import Delivery
from casewright_common.errors import UpstreamUnavailableError
from casewright_common.runtime import Runtime
from casewright_common.settings import (
    KafkaSecurity,
    KafkaSettings,
    PostgresSettings,
    ServiceSettings,
    TelemetrySettings,
)
from casewright_common.telemetry import configure_logging
from casewright_common.testing import Ping, Rig, make_topics, ping, until
from casewright_standalone import dead_letters, topics
from casewright_standalone.engines import Kafka
from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.process import LOOPBACK, free_port

USER, RIGHT, WRONG = "casewright", "r1ght-passw0rd", "wr0ng-passw0rd"
PLAIN_LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
SCRAM_LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule"
SASL = {"sasl_mechanism": "PLAIN", "sasl_username": USER, "sasl_password": RIGHT}


class SecuredKafka(Kafka):
    """The embedded broker with a listener for each protocol."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ports = {name: free_port() for name in ("SSL", "SASL_PLAINTEXT", "SASL_SSL")}
        self.ca_file = folder / "ca.pem"

    def _properties(self) -> str:
        chain = self.folder / "server.pem"
        _write_certificates(self.ca_file, chain)
        added = ",".join(f"{name}://{LOOPBACK}:{port}" for name, port in self.ports.items())
        lines = []
        for line in super()._properties().splitlines():
            if line.startswith(("listeners=", "advertised.listeners=")):
                lines.append(f"{line},{added}")
            elif line.startswith("listener.security.protocol.map="):
                lines.append(f"{line},{','.join(f'{name}:{name}' for name in self.ports)}")
            else:
                lines.append(line)
        lines += ["ssl.keystore.type=PEM", f"ssl.keystore.location={chain}"]
        for name in ("sasl_plaintext", "sasl_ssl"):
            prefix = f"listener.name.{name}"
            lines += [
                f"{prefix}.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512",
                f'{prefix}.plain.sasl.jaas.config={PLAIN_LOGIN} required user_{USER}="{RIGHT}";',
                f"{prefix}.scram-sha-512.sasl.jaas.config={SCRAM_LOGIN} required;",
            ]
        return "\n".join(lines) + "\n"

    def add_scram_user(self, name: str = USER) -> None:
        """Make a user known to SCRAM, with the right password."""
        command = [*self._command("kafka.admin.ConfigCommand", heap="128m"), "--bootstrap-server"]
        command += [self.bootstrap, "--alter", "--entity-type", "users", "--entity-name", name]
        command += ["--add-config", f"SCRAM-SHA-512=[password={RIGHT}]"]
        subprocess.run(command, cwd=self.folder, check=True, timeout=60, capture_output=True)

    def settings(self, protocol: str, **changes: Any) -> KafkaSettings:
        """How a client reaches one of the listeners."""
        ca = {"ca_file": self.ca_file} if protocol.endswith("SSL") else {}
        login = SASL if protocol.startswith("SASL") else {}
        return KafkaSettings(
            bootstrap_servers=f"{LOOPBACK}:{self.ports[protocol]}",
            security_protocol=protocol,
            session_timeout_s=6,
            rebalance_timeout_s=9,
            request_timeout_s=10,
            **{**ca, **login, **changes},
        )


def _write_certificates(ca_file: Path, chain: Path) -> None:
    """A certificate authority, and a key with a certificate of it for loopback."""
    now = datetime.now(UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def certificate(name: str, public: ec.EllipticCurvePublicKey, *, ca: bool) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")]))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))]), critical=False
            )
        )
        return builder.sign(ca_key, hashes.SHA256())

    pem = serialization.Encoding.PEM
    authority = certificate("test authority", ca_key.public_key(), ca=True).public_bytes(pem)
    server = certificate("broker", key.public_key(), ca=False).public_bytes(pem)
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    ca_file.write_bytes(authority)
    chain.write_bytes(private + server + authority)


@pytest.fixture(scope="module")
def secured(engine_folder: Path) -> Iterator[SecuredKafka]:
    broker = SecuredKafka(engine_folder / "secured")
    broker.start()
    try:
        broker.add_scram_user()
        yield broker
    finally:
        broker.stop()


@pytest.mark.connected
@pytest.mark.parametrize(
    ("protocol", "changes"),
    [
        ("SSL", {}),
        ("SASL_PLAINTEXT", {}),
        ("SASL_PLAINTEXT", {"sasl_mechanism": "SCRAM-SHA-512"}),
        ("SASL_SSL", {}),
        ("SASL_SSL", {"sasl_mechanism": "SCRAM-SHA-512"}),
    ],
)
async def test_messages_are_published_and_handled_over_each_protocol(
    secured: SecuredKafka, protocol: str, changes: dict[str, Any]
) -> None:
    topic = f"ping.{uuid4().hex[:8]}.v1"
    await make_topics(secured.bootstrap, (topic, 2), (f"{topic}.dlq", 1))
    handled: list[int] = []

    async def handle(event: Ping) -> None:
        handled.append(event.number)

    settings = secured.settings(protocol, **changes)
    rig = Rig(settings.bootstrap_servers, topic)
    security = settings.model_dump(include=set(KafkaSecurity.model_fields))
    async with rig.running(handle, **security) as member:
        for number in range(5):
            await member.delivery.publish(ping("story", number), topic=topic)
        await until(lambda: len(handled) == 5)
    assert handled == list(range(5))


@pytest.mark.connected
async def test_the_commands_for_topics_and_dead_letters_log_in_as_well(secured: SecuredKafka) -> None:
    settings = secured.settings("SASL_SSL")
    bootstrap = settings.bootstrap_servers
    await topics.create(bootstrap, partitions=1, replication_factor=1, security=settings)
    states = await topics.states(bootstrap, settings)
    assert {state.name for state in states if state.partitions} == set(topics.wanted())
    names = dead_letters.dead_letter_topics([])
    messages = await dead_letters.parked(bootstrap, names, settings)
    assert await dead_letters.unreplayed(bootstrap, messages, settings) == []
    assert await dead_letters.replay(bootstrap, messages, settings) == 0
    stranger = secured.settings("SASL_SSL", sasl_password=WRONG)
    with pytest.raises(EngineError, match="refused the user name or password"):
        await topics.states(bootstrap, stranger)
    with pytest.raises(EngineError, match="refused the user name or password"):
        await dead_letters.parked(bootstrap, names, stranger)


@pytest.mark.connected
@pytest.mark.parametrize("protocol", ["SASL_PLAINTEXT", "SASL_SSL"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-512"])
async def test_a_wrong_password_is_told_as_such_and_shown_nowhere(
    secured: SecuredKafka,
    protocol: str,
    mechanism: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        configure_logging("tested", TelemetrySettings(log_level="DEBUG"))
        root.addHandler(caplog.handler)
        settings = secured.settings(protocol, sasl_mechanism=mechanism, sasl_password=WRONG)
        delivery = Delivery("tested", settings, registry=CollectorRegistry())
        with pytest.raises(UpstreamUnavailableError, match=f"user name or password for {mechanism}"):
            await delivery.start()
        with pytest.raises(UpstreamUnavailableError, match=f"user name or password for {mechanism}"):
            await delivery.publish(ping("story", 1), topic="ping.v1")
        await delivery.stop()
        async with ConfigurationTables(settings, service="ingest") as configuration:
            await until(lambda: "user name or password" in (configuration.not_ready() or ""))
    finally:
        root.handlers[:], root.level = before
    logged = caplog.text + capsys.readouterr().err
    assert "aiokafka" in logged
    assert WRONG not in logged
    assert WRONG not in repr(settings)


@pytest.mark.connected
async def test_a_service_says_why_it_is_not_let_in_and_needs_no_restart_when_it_is(
    secured: SecuredKafka,
) -> None:
    await topics.create(secured.bootstrap, partitions=1, replication_factor=1)
    settings = ServiceSettings(
        kafka=secured.settings("SASL_SSL", sasl_mechanism="SCRAM-SHA-512", sasl_username="late"),
        postgres=PostgresSettings(url=SecretStr("postgresql://casewright_generator:x@127.0.0.1/x")),
    )
    runtime = Runtime("generator", settings)
    runtime.configuration()
    async with runtime.lifespan(), asyncio.timeout(60):
        refused = "refused the user name or password for SCRAM-SHA-512"
        while refused not in str(await runtime.not_ready()):  # noqa: ASYNC110  # there is no event
            await asyncio.sleep(0.05)
        await asyncio.to_thread(secured.add_scram_user, "late")
        while await runtime.not_ready():  # noqa: ASYNC110  # there is no event
            await asyncio.sleep(0.05)


@pytest.mark.connected
async def test_a_mechanism_that_the_broker_does_not_offer_is_named(secured: SecuredKafka) -> None:
    settings = secured.settings("SASL_PLAINTEXT", sasl_mechanism="SCRAM-SHA-256")
    delivery = Delivery("tested", settings, registry=CollectorRegistry())
    with pytest.raises(UpstreamUnavailableError, match="does not offer SCRAM-SHA-256"):
        await delivery.start()
    await delivery.stop()


@pytest.mark.connected
async def test_a_broker_whose_certificate_nobody_we_trust_has_signed_is_refused(
    secured: SecuredKafka,
) -> None:
    settings = secured.settings("SASL_SSL", ca_file=None)
    delivery = Delivery("tested", settings, registry=CollectorRegistry())
    with pytest.raises(UpstreamUnavailableError, match="certificate"):
        await delivery.start()
    await delivery.stop()


async def test_a_certificate_file_that_is_gone_is_told_and_tried_again(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    _write_certificates(ca_file, tmp_path / "server.pem")
    settings = KafkaSettings(security_protocol="SSL", ca_file=ca_file)
    ca_file.unlink()
    async with ConfigurationTables(settings, service="ingest") as configuration:
        await until(lambda: "ca_file can't be read" in (configuration.not_ready() or ""))
        await asyncio.sleep(1)
        assert "not running" not in (configuration.not_ready() or "")


def test_the_arguments_are_those_that_aiokafka_names() -> None:
    security = KafkaSecurity(
        security_protocol="SASL_SSL",
        sasl_mechanism="SCRAM-SHA-256",
        sasl_username=USER,
        sasl_password=SecretStr(RIGHT),
    )
    arguments = kafka_clients.connection("one:9096,two:9096", security)
    context = arguments.pop("ssl_context")
    assert context.check_hostname
    assert arguments == {
        "bootstrap_servers": "one:9096,two:9096",
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-256",
        "sasl_plain_username": USER,
        "sasl_plain_password": RIGHT,
    }
    assert kafka_clients.connection("one:9092", KafkaSecurity()) == {
        "bootstrap_servers": "one:9092",
        "security_protocol": "PLAINTEXT",
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"security_protocol": "SASL_SSL"}, "needs sasl_mechanism, sasl_username, sasl_password"),
        ({"security_protocol": "SASL_PLAINTEXT", **SASL, "sasl_username": ""}, "needs sasl_username"),
        ({"security_protocol": "SASL_PLAINTEXT", **SASL, "sasl_password": ""}, "needs sasl_password"),
        (SASL, "PLAINTEXT makes no use of sasl_mechanism, sasl_username, sasl_password"),
        ({"security_protocol": "SSL", "sasl_username": USER}, "SSL makes no use of sasl_username"),
        ({"security_protocol": "SASL_PLAINTEXT", **SASL, "ca_file": __file__}, "makes no use of ca_file"),
        ({"security_protocol": "SSL", "ca_file": __file__}, "ca_file holds no certificate in PEM"),
        ({"security_protocol": "SSL", "ca_file": f"{__file__}.gone"}, "ca_file can't be read: No such file"),
        ({"security_protocol": "TLS"}, "'SASL_SSL'"),
        ({"security_protocol": "SASL_SSL", **SASL, "sasl_mechanism": "GSSAPI"}, "'SCRAM-SHA-512'"),
    ],
)
def test_settings_that_do_not_agree_are_refused_by_name_and_without_the_password(
    given: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        KafkaSettings(**given)
    [problem] = refused.value.errors(include_input=False)
    assert said in problem["msg"]
    assert RIGHT not in problem["msg"]
