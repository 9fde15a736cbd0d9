"""Connections to addresses that a user entered: never to what only we can reach, unless a setting allows it.

The name is resolved and the connection made to the very address that was checked, so that a name which
resolves differently a moment later gains nothing.
"""

import asyncio
import socket
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeVar, cast

import httpcore
import httpx

from casewright_common.errors import CasewrightError

ErrorT = TypeVar("ErrorT", bound=BaseException)
IPAddress = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[IPAddress]]]

_PORTS = {"http": 80, "https": 443}
_LAST_PORT = 65_535

# Clouds hand out credentials here, in ranges that are otherwise merely private.
_METADATA = frozenset({ip_address("fd00:ec2::254"), ip_address("100.100.100.200")})
_NAT64 = IPv6Network("64:ff9b::/96")
# By IANA's registries of special addresses; older Pythons take these for global.
_NOT_GLOBAL = tuple(
    ip_network(block)
    for block in (
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)


class AddressRefusedError(CasewrightError):
    """An address that a user entered is not one we connect to."""

    code = "address_refused"
    of_one_owner = True


class UnknownHostError(httpx.ConnectError):
    """A host has no address."""


def is_trusted(host: str, port: int, trusted: Collection[str]) -> bool:
    """Whether the operator named this `host` or `host:port`; an IPv6 address stands in brackets there."""
    shown = f"[{host}]" if ":" in host else host
    return shown in trusted or f"{shown}:{port}" in trusted


def check_address(address: IPAddress, *, allow_private: bool) -> None:
    """Refuse an address that must not be connected to.

    Raises:
        AddressRefusedError: It is link-local, multicast, reserved or a metadata service; or it is loopback
            or private and `allow_private` is off.
    """
    plain = _unwrapped(address)
    if (
        plain in _METADATA
        or plain.is_link_local
        or plain.is_multicast
        or plain.is_unspecified
        or (plain.is_reserved and not plain.is_loopback)
    ):
        raise AddressRefusedError(f"{address} is never connected to")
    if not allow_private and not _is_global(plain):
        raise AddressRefusedError(f"{address} is a private address, which the settings don't allow")


def spelled_address(host: str) -> IPAddress | None:
    """The address that a host is, without brackets; `None` for a name.

    Raises:
        AddressRefusedError: It is an IPv4 address in short or as one number, which people misread.
    """
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        socket.inet_aton(host)
    except (OSError, ValueError):
        return None
    raise AddressRefusedError("an IPv4 address is written as four numbers with dots")


def check_spelled(host: str, *, plain: bool, allow_private: bool) -> None:
    """Refuse early, without asking for a name's addresses, what a connection would be refused for anyway.

    Args:
        host: Name or address, without brackets.
        plain: Whether the connection would be without TLS, which public addresses must have.
        allow_private: As in `check_address`.

    Raises:
        AddressRefusedError: It is an address that isn't connected to. Names always pass.
    """
    address = spelled_address(host.rstrip("."))
    if address is None:
        return
    check_address(address, allow_private=allow_private)
    if plain and _is_global(_unwrapped(address)):
        raise AddressRefusedError(f"{address} is public and wants HTTPS")


def endpoint(url: str) -> httpx.URL:
    """The address of an endpoint that a user entered, as the client will read it.

    Raises:
        AddressRefusedError: It isn't one: no http(s), no host, or a host that can't be looked up.
    """
    try:
        found = httpx.URL(url)
        usable = (
            found.scheme in _PORTS
            and bool(found.raw_host)
            and (found.port is None or 0 < found.port <= _LAST_PORT)
        )
    except (httpx.InvalidURL, ValueError, UnicodeError):
        usable = False
    if not usable:
        raise AddressRefusedError("the address is not one of http or https with a host that can be looked up")
    return found


def _is_global(address: IPAddress) -> bool:
    return address.is_global and not any(address in block for block in _NOT_GLOBAL)


def _unwrapped(address: IPAddress) -> IPAddress:
    """The IPv4 address inside an IPv6 one, where there is one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


async def resolve(host: str, port: int) -> list[IPAddress]:
    """All addresses of a host.

    Raises:
        OSError: There are none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(str(entry[4][0]).split("%", 1)[0]) for entry in found]


class GuardedTransport(httpx.AsyncBaseTransport):
    """Transport of an `httpx.AsyncClient` that connects to checked addresses only.

    HTTPS is wanted, except to private addresses where those are allowed, and to trusted hosts. Connections
    are kept by name, so that two names of one address never share one. No proxy is used: what it would
    connect to can't be checked here.

    Args:
        allow_private: Whether loopback and private addresses may be connected to.
        trusted: `host`, `host:port` or networks that may be private and without TLS, in lower case.
        limits: How many connections there are, and how many are kept.
        resolver: Finds the addresses of a host.
    """

    def __init__(
        self,
        *,
        allow_private: bool,
        trusted: Collection[str] = (),
        limits: httpx.Limits | None = None,
        resolver: Resolve = resolve,
    ) -> None:
        limits = limits or httpx.Limits(max_connections=100, max_keepalive_connections=20)
        certificates = httpx.create_ssl_context()
        self._pools = {
            scheme: httpcore.AsyncConnectionPool(
                ssl_context=certificates,
                max_connections=limits.max_connections,
                max_keepalive_connections=limits.max_keepalive_connections,
                keepalive_expiry=limits.keepalive_expiry,
                network_backend=_CheckedConnections(
                    scheme, allow_private=allow_private, trusted=trusted, resolver=resolver
                ),
            )
            for scheme in _PORTS
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to a checked address of its host.

        Raises:
            AddressRefusedError: One of the host's addresses is not connected to, or the scheme isn't.
            UnknownHostError: The host has no address.
            httpx.TransportError: It can't be reached, or the exchange fails.
        """
        url = request.url
        if url.scheme not in self._pools:
            raise AddressRefusedError(f"{url.scheme} is not a scheme that we speak")
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        with _failures_of_httpx():
            answer = await self._pools[url.scheme].handle_async_request(
                httpcore.Request(
                    request.method,
                    target,
                    headers=request.headers.raw,
                    content=cast("httpx.AsyncByteStream", request.stream),
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close what is open."""
        for pool in self._pools.values():
            await pool.aclose()


def guarded_client(
    trusted: Collection[str], *, timeout: httpx.Timeout, limits: httpx.Limits | None = None
) -> httpx.AsyncClient:
    """A client that sends credentials to public addresses over TLS and to trusted hosts, and nowhere else.

    It follows no redirect and takes no proxy from the environment.
    """
    return httpx.AsyncClient(
        transport=GuardedTransport(allow_private=False, trusted=trusted, limits=limits),
        timeout=timeout,
        follow_redirects=False,
        trust_env=False,
    )


class _CheckedConnections(httpcore.AsyncNetworkBackend):
    """Makes connections for one scheme, each to an address that was checked a moment before."""

    def __init__(
        self, scheme: str, *, allow_private: bool, trusted: Collection[str], resolver: Resolve
    ) -> None:
        self._plain = scheme == "http"
        self._allow_private = allow_private
        self._trusted = frozenset(entry for entry in trusted if "/" not in entry)
        self._networks = tuple(ip_network(entry) for entry in trusted if "/" in entry)
        self._resolve = resolver
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._checked(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"the addresses of {host} are not known in time") from error
        failure = httpcore.ConnectError(f"{host} can't be reached")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except httpcore.ConnectError as error:
                failure = error
        raise failure

    async def _checked(self, host: str, port: int) -> list[IPAddress]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise UnknownHostError(f"{host} has no address") from error
        if not addresses:
            raise UnknownHostError(f"{host} has no address")
        named = is_trusted(host, port, self._trusted)
        for address in addresses:
            # All must be fine: a name with one private address is up to something.
            trusted = named or any(_unwrapped(address) in network for network in self._networks)
            check_address(address, allow_private=trusted or self._allow_private)
            if self._plain and not trusted and _is_global(_unwrapped(address)):
                raise AddressRefusedError(f"{host} is public and wants HTTPS")
        return addresses

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Body(httpx.AsyncByteStream):
    """An answer's body as httpx wants it."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _failures_of_httpx():
            async for part in cast("AsyncIterable[bytes]", self._answer.stream):
                yield part

    async def aclose(self) -> None:
        await self._answer.aclose()


@contextmanager
def _failures_of_httpx() -> Iterator[None]:
    """Let httpcore's exceptions leave as their namesakes of httpx."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
    ) as error:
        kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
        raise kind(str(error)) from error


def behind(error: BaseException, kind: type[ErrorT]) -> ErrorT | None:
    """The error of that kind that led to `error`, for callers whose library wraps what a transport raises."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        if isinstance(current, kind):
            return current
        seen.add(id(current))
        current = current.__cause__ or current.__context__
    return None
