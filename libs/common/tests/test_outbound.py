import asyncio
from ipaddress import ip_address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_common.outbound import (
    AddressRefusedError,
    GuardedTransport,
    IPAddress,
    check_address,
    resolve,
)

NEVER = (
    "169.254.169.254",
    "fe80::1",
    "fd00:ec2::254",
    "100.100.100.200",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "0.0.0.0",  # noqa: S104  # an address to refuse, not to bind
    "::",
    "224.0.0.1",
    "255.255.255.255",
)
PRIVATE = (
    "127.0.0.1",
    "::1",
    "10.1.2.3",
    "192.168.0.9",
    "172.16.0.1",
    "fd12::1",
    "::ffff:10.0.0.1",
    "100.64.0.1",
)


@pytest.mark.parametrize("address", NEVER)
def test_metadata_and_link_local_are_refused_whatever_the_settings_say(address: str) -> None:
    for allow_private in (False, True):
        with pytest.raises(AddressRefusedError):
            check_address(ip_address(address), allow_private=allow_private)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_take_a_setting(address: str) -> None:
    check_address(ip_address(address), allow_private=True)
    with pytest.raises(AddressRefusedError):
        check_address(ip_address(address), allow_private=False)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
def test_public_addresses_are_fine(address: str) -> None:
    check_address(ip_address(address), allow_private=False)


@given(st.ip_addresses(v=4))
def test_hiding_an_address_in_ipv6_changes_nothing(address: IPAddress) -> None:
    def verdict(of: IPAddress) -> bool:
        try:
            check_address(of, allow_private=False)
        except AddressRefusedError:
            return False
        return True

    assert verdict(ip_address(f"::ffff:{address}")) == verdict(address)
    assert verdict(ip_address(0x0064_FF9B << 96 | int(address))) == verdict(address)


class Hello:
    """A server on loopback that notes the Host header of each request."""

    def __init__(self) -> None:
        self.hosts: list[str] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        self.hosts += [line[6:] for line in head.splitlines() if line.startswith("host: ")]
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
        await writer.drain()
        writer.close()


async def get(url: str, *addresses: str, allow_private: bool = False) -> httpx.Response:
    async def fixed(_host: str, _port: int) -> list[IPAddress]:
        return [ip_address(address) for address in addresses]

    transport = GuardedTransport(allow_private=allow_private, resolver=fixed if addresses else resolve)
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        return await client.get(url)


async def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    hello = Hello()
    server = await asyncio.start_server(hello, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    # Resolved anew, this name would lead nowhere at all.
    answer = await get(f"http://model.invalid:{port}/", "127.0.0.1", allow_private=True)
    assert answer.text == "hi"
    assert hello.hosts == [f"model.invalid:{port}"]
    with pytest.raises(AddressRefusedError):
        await get(f"http://model.invalid:{port}/", "127.0.0.1")
    assert len(hello.hosts) == 1
    server.close()


async def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    with pytest.raises(AddressRefusedError):
        await get("https://model.invalid/", "8.8.8.8", "127.0.0.1")


async def test_a_public_address_wants_https() -> None:
    with pytest.raises(AddressRefusedError, match="HTTPS"):
        await get("http://model.invalid/", "8.8.8.8")


async def test_numbers_that_mean_loopback_are_refused() -> None:
    for url in ("https://127.0.0.1/", "https://2130706433/", "https://[::1]/", "https://localhost/"):
        with pytest.raises(AddressRefusedError):
            await get(url)


async def test_a_name_without_address_cannot_be_reached() -> None:
    async def nothing(_host: str, _port: int) -> list[IPAddress]:
        raise OSError

    transport = GuardedTransport(allow_private=False, resolver=nothing)
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("https://model.invalid/")
