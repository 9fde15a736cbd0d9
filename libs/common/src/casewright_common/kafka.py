"""How every client of ours connects to Kafka, and why one could not."""

from typing import Any, Protocol

from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import (
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.helpers import create_ssl_context

from casewright_common.errors import UpstreamUnavailableError
from casewright_common.settings import KafkaSecurity

DEPENDENCY = "kafka"
MILLISECONDS = 1000
PLAINTEXT = KafkaSecurity()
"""A broker that asks for nothing, such as the embedded one."""
_ASK_WHY_MS = 5000


class _Client(Protocol):
    async def start(self) -> None: ...


def connection(bootstrap_servers: str, security: KafkaSecurity) -> dict[str, Any]:
    """Keyword arguments of aiokafka's consumer, producer and administration client.

    Args:
        bootstrap_servers: Comma-separated `host:port`.
        security: What the broker wants; `ca_file` is read anew each time.

    Raises:
        UpstreamUnavailableError: `ca_file` was good at the start and is no longer.
    """
    arguments: dict[str, Any] = {
        "bootstrap_servers": bootstrap_servers,
        "security_protocol": security.security_protocol,
    }
    if security.uses_tls:
        try:
            arguments["ssl_context"] = create_ssl_context(cafile=security.ca_file)
        except OSError as error:
            raise UpstreamUnavailableError(DEPENDENCY, "ca_file can't be read any more") from error
    if security.uses_sasl:
        password = security.sasl_password
        arguments["sasl_mechanism"] = security.sasl_mechanism
        arguments["sasl_plain_username"] = security.sasl_username
        arguments["sasl_plain_password"] = None if password is None else password.get_secret_value()
    return arguments


async def start(client: _Client, bootstrap_servers: str, security: KafkaSecurity) -> None:
    """Start an aiokafka client; where it can't connect, say why as well as can be known.

    Raises:
        UpstreamUnavailableError: No broker was reached, or none let us in. That is retried as well: a
            password is often changed on one side first.
        KafkaError: Anything else.
    """
    try:
        await client.start()
    except KafkaConnectionError as error:
        why = await _refusal(bootstrap_servers, security)
        raise UpstreamUnavailableError(DEPENDENCY, why or f"no connection to {bootstrap_servers}") from error


async def _refusal(bootstrap_servers: str, security: KafkaSecurity) -> str | None:
    """What a broker has against us: aiokafka only tells its log. `None` where it is merely out of reach."""
    if not (security.uses_sasl or security.uses_tls):
        return None
    arguments = connection(bootstrap_servers, security)
    (host, port, _), *_others = collect_hosts(arguments.pop("bootstrap_servers"))
    try:
        probe = await create_conn(host, port, request_timeout_ms=_ASK_WHY_MS, **arguments)
    except SaslAuthenticationFailed:
        return f"it refused the user name or password for {security.sasl_mechanism}"
    except (UnsupportedSaslMechanismError, IllegalSaslStateError):
        return f"it does not offer {security.sasl_mechanism} there"
    except OSError as error:  # TLS's errors are among them
        return f"no connection to {bootstrap_servers}: {error.strerror or type(error).__name__}"
    except (KafkaError, TimeoutError):
        return None
    probe.close()
    return None
