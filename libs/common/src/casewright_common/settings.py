"""Settings that several services have in common, and how a service reads its own."""

import os
import ssl
import sys
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

ENV_PREFIX = "CASEWRIGHT_"
NESTED_DELIMITER = "__"


class SettingsGroup(BaseModel):
    """A named group of settings; a misspelled name in it is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class KafkaSecurity(SettingsGroup):
    """How a client proves who it is to Kafka, and Kafka to it.

    Attributes:
        security_protocol: As Kafka names it; the `SASL_…` ones need mechanism, user name and password.
        sasl_mechanism: How the password is proved; `PLAIN` sends it, the others don't.
        sasl_username: Our name there.
        sasl_password: Its password.
        ca_file: Certificates in PEM of those who may sign the broker's; by default the system's.
    """

    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = None
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ca_file: Path | None = None

    @property
    def uses_tls(self) -> bool:
        """Whether the connection is encrypted and the broker proves its name."""
        return self.security_protocol in {"SSL", "SASL_SSL"}

    @property
    def uses_sasl(self) -> bool:
        """Whether we log in by name and password."""
        return self.security_protocol in {"SASL_PLAINTEXT", "SASL_SSL"}

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        protocol = self.security_protocol
        password = self.sasl_password is not None and self.sasl_password.get_secret_value()
        given = {
            "sasl_mechanism": self.sasl_mechanism,
            "sasl_username": self.sasl_username,
            "sasl_password": password,
        }
        missing = [name for name, value in given.items() if not value]
        if self.uses_sasl and missing:
            raise disagreement(f"security_protocol {protocol} needs {', '.join(missing)}")
        # Somebody who sets these believes that they protect something.
        idle = [] if self.uses_sasl else [name for name in given if name not in missing]
        if self.ca_file is not None and not self.uses_tls:
            idle.append("ca_file")
        if idle:
            raise disagreement(f"security_protocol {protocol} makes no use of {', '.join(idle)}")
        if self.ca_file is not None:
            _check_certificates(self.ca_file)
        return self


def disagreement(message: str) -> PydanticCustomError:
    """An error whose message, unlike that of a `ValueError`, is known to quote no value and may be shown."""
    return PydanticCustomError("settings_disagree", "{message}", {"message": message})


def _check_certificates(file: Path) -> None:
    try:
        ssl.create_default_context(cafile=file)
    except ssl.SSLError as error:
        raise disagreement("ca_file holds no certificate in PEM") from error
    except OSError as error:
        raise disagreement(f"ca_file can't be read: {error.strerror}") from error


class KafkaSettings(KafkaSecurity):
    """How Kafka is reached, and how much is done at once.

    Attributes:
        bootstrap_servers: Comma-separated `host:port`.
        partitions: Partitions of a topic that we create.
        replication_factor: Copies of a topic that we create.
        max_in_flight: Messages that one subscriber handles or queues at once.
        max_in_flight_bytes: Their size; the last poll may go beyond it.
        max_running: Handlers of one subscriber that run at once; the others queue.
        max_attempts: Attempts at a message that fails for its own sake, before it is parked.
        max_dead_letters_in_a_row: After so many parked messages without a good one between, a consumer
            stops instead of draining its topic.
        session_timeout_s: Without a heartbeat for so long, a member is thought dead.
        rebalance_timeout_s: Time that a member has to give up its partitions; work is drained for less.
        request_timeout_s: Longest wait for one answer of the broker.
        instance_id: Name of this process among its peers, if it keeps one over a restart (a StatefulSet's
            pod): its partitions then wait for it instead of moving, for `session_timeout_s` at most.
    """

    bootstrap_servers: str = "127.0.0.1:9092"
    partitions: int = Field(default=6, ge=1)
    replication_factor: int = Field(default=1, ge=1)
    max_in_flight: int = Field(default=100, ge=1)
    max_in_flight_bytes: int = Field(default=64 * 1024 * 1024, ge=1)
    max_running: int = Field(default=64, ge=1)
    max_attempts: int = Field(default=3, ge=1)
    max_dead_letters_in_a_row: int = Field(default=10, ge=1)
    session_timeout_s: float = Field(default=30, gt=0)
    rebalance_timeout_s: float = Field(default=60, gt=0)
    request_timeout_s: float = Field(default=20, gt=0)
    instance_id: str | None = None

    def group_instance_id(self, group: str) -> str | None:
        """Static member name in `group`; one per group, or two consumers of a process fence each other."""
        return None if self.instance_id is None else f"{self.instance_id}.{group}"

    @property
    def drain_timeout_s(self) -> float:
        """Time that work in flight is given to finish, on shutdown and on revoke."""
        return self.rebalance_timeout_s / 3


class PostgresSettings(SettingsGroup):
    """How a service reaches its schema.

    Attributes:
        url: `postgresql://role:password@host:port/database` of the service's own role.
        pool_size: Most connections at once.
        statement_timeout_s: Longest run of one statement.
        through_pgbouncer: Whether a transaction-pooling PgBouncer stands between.
    """

    url: SecretStr
    pool_size: int = Field(default=10, ge=1)
    statement_timeout_s: float = Field(default=15, gt=0)
    through_pgbouncer: bool = False


class VaultSettings(SettingsGroup):
    """Master keys of the vault.

    Attributes:
        master_keys: `key-id:base64` of 32 bytes, comma-separated; the first encrypts, all decrypt.
    """

    master_keys: SecretStr


class QdrantSettings(SettingsGroup):
    """How Qdrant is reached.

    Attributes:
        url: Base address of its REST interface.
        api_key: Its key, if it wants one.
        timeout_s: Longest wait for one answer, in whole seconds.
    """

    url: str = "http://127.0.0.1:6333"
    api_key: SecretStr | None = None
    timeout_s: int = Field(default=10, ge=1)


def _hosts(value: tuple[str, ...]) -> tuple[str, ...]:
    lowered = tuple(entry.lower() for entry in value)
    for entry in lowered:
        parts = urlsplit(f"//{entry}")
        # Whatever is not plainly `host` or `host:port` would never match and leave somebody puzzled.
        if not parts.hostname or parts.netloc != entry or "@" in entry or (parts.port == 0):
            raise ValueError("each entry must be `host` or `host:port`")
    return lowered


def _hosts_or_networks(value: tuple[str, ...]) -> tuple[str, ...]:
    networks = {entry for entry in value if "/" in entry}
    for entry in networks:
        ip_network(entry)
    return (*_hosts(tuple(entry for entry in value if entry not in networks)), *sorted(networks))


AllowedHosts = Annotated[tuple[str, ...], AfterValidator(_hosts_or_networks)]
"""Hosts and networks that a user's address may lead to although they are private; each `host`, `host:port` or
a network in CIDR notation."""

TrustedSites = Annotated[tuple[str, ...], AfterValidator(_hosts)]
"""Jira sites that the operator trusts without TLS and in private networks, each `host` or `host:port` (an
IPv6 address in brackets). Any other is called over TLS at a public address only."""


class OutboundSettings(SettingsGroup):
    """Addresses that a user entered and a service connects to.

    Attributes:
        allowed_hosts: What may lie on this machine or in a private network, and be without TLS (a model
            served next door): each `host`, `host:port`, or a network such as `10.1.0.0/16`.
        allow_private_addresses: Whether every private address may be connected to, which is for machines
            of one's own. Link-local addresses, where clouds keep their credentials, never are.
    """

    allowed_hosts: AllowedHosts = ()
    allow_private_addresses: bool = False


class TelemetrySettings(SettingsGroup):
    """Logs and traces.

    Attributes:
        log_level: `DEBUG`, `INFO`, `WARNING` or `ERROR`.
        otlp_endpoint: Address of an OTLP/HTTP collector; `None` exports no traces.
    """

    log_level: str = "INFO"
    otlp_endpoint: str | None = None


class HttpSettings(SettingsGroup):
    """Where a service listens.

    Attributes:
        host: Address to listen on; `0.0.0.0` for all.
        port: Port; 0 takes a free one.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65_535)


class ServiceSettings(BaseSettings):
    """What every service needs. Read from variables such as `CASEWRIGHT_KAFKA__BOOTSTRAP_SERVERS`."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter=NESTED_DELIMITER, frozen=True, extra="forbid"
    )

    kafka: KafkaSettings = KafkaSettings()
    postgres: PostgresSettings
    telemetry: TelemetrySettings = TelemetrySettings()
    http: HttpSettings = HttpSettings()


SettingsT = TypeVar("SettingsT", bound=ServiceSettings)


def load(settings: type[SettingsT]) -> SettingsT:
    """Read a service's settings from the environment; end the process with one sentence if they are wrong.

    Raises:
        SystemExit: A setting is missing, misspelled or out of bounds; each is named on standard error.
    """
    known = {f"{ENV_PREFIX}{name}".upper() for name in settings.model_fields}
    unknown = [
        name
        for name in os.environ  # noqa: TID251  # this is the place
        if name.startswith(ENV_PREFIX) and name.upper().split(NESTED_DELIMITER, 1)[0] not in known
    ]
    problems = [f"{name} is not a setting of this service" for name in sorted(unknown)]
    try:
        loaded = settings()
    except ValidationError as error:
        problems += [
            f"{ENV_PREFIX}{NESTED_DELIMITER.join(map(str, problem['loc'])).upper()}: {problem['msg']}"
            for problem in error.errors(include_input=False)
        ]
        loaded = None
    except SettingsError as error:  # what should be JSON isn't; the cause would quote it
        problems.append(str(error))
        loaded = None
    if problems or loaded is None:
        sys.exit("Wrong settings:\n  " + "\n  ".join(problems))
    return loaded
