"""Connections to addresses that a user entered: never to what only we can reach, unless a setting allows it.

The name is resolved and the connection made to the very address that was checked, so that a name which
resolves differently a moment later gains nothing. Redirects are the caller's to refuse.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from casewright_common.errors import CasewrightError

IPAddress = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[IPAddress]]]

# Clouds hand out credentials here, in ranges that are otherwise merely private.
_METADATA = frozenset({ip_address("fd00:ec2::254"), ip_address("100.100.100.200")})
_NAT64 = IPv6Network("64:ff9b::/96")
_SHARED = ip_network("100.64.0.0/10")


class AddressRefusedError(CasewrightError):
    """An address that a user entered is not one we connect to."""

    code = "address_refused"


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
    if not allow_private and (not plain.is_global or plain in _SHARED):
        raise AddressRefusedError(f"{address} is a private address, which the settings don't allow")


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

    HTTPS is wanted, except to private addresses where those are allowed. No connection is kept, because
    two names of one address must not share one.

    Args:
        allow_private: Whether loopback and private addresses may be connected to.
        resolver: Finds the addresses of a host.
    """

    def __init__(self, *, allow_private: bool, resolver: Resolve = resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolver
        self._inner = httpx.AsyncHTTPTransport(
            trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to a checked address of its host.

        Raises:
            AddressRefusedError: One of the host's addresses is not connected to, or the scheme isn't.
            httpx.ConnectError: The host has no address, or can't be reached.
        """
        address = await self._checked(request)
        if request.url.scheme == "https":
            # The certificate is the name's, not the address's.
            request.extensions = {**request.extensions, "sni_hostname": request.url.host}
        request.url = request.url.copy_with(host=str(address))
        return await self._inner.handle_async_request(request)

    async def _checked(self, request: httpx.Request) -> IPAddress:
        url = request.url
        if url.scheme not in {"http", "https"}:
            raise AddressRefusedError(f"{url.scheme} is not a scheme that we speak")
        try:
            addresses = await self._resolve(url.host, url.port or (443 if url.scheme == "https" else 80))
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"{url.host} has no address", request=request) from error
        if not addresses:
            raise httpx.ConnectError(f"{url.host} has no address", request=request)
        for address in addresses:
            # All must be fine: a name with one private address is up to something.
            check_address(address, allow_private=self._allow_private)
            if url.scheme == "http" and _unwrapped(address).is_global:
                raise AddressRefusedError(f"{url.host} is public and wants HTTPS")
        return addresses[0]

    async def aclose(self) -> None:
        """Close what is open."""
        await self._inner.aclose()


def refusal_behind(error: BaseException) -> AddressRefusedError | None:
    """The refusal that led to `error`, for callers whose library wraps what a transport raises."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        if isinstance(current, AddressRefusedError):
            return current
        seen.add(id(current))
        current = current.__cause__ or current.__context__
    return None
