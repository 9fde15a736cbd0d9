import asyncio
from contextlib import suppress
from ipaddress import ip_address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from casewright_common.outbound import (
    AddressRefusedError,
    GuardedTransport,
    IPAddress,
    Resolve,
    check_address,
    check_spelled,
    endpoint,
    resolve,
)
from casewright_common.settings import OutboundSettings

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
    "192.0.0.8",
    "192.88.99.1",
    "3fff::1",
    "fec0::1",
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


@pytest.mark.parametrize(
    "url",
    [
        "http://①②⑦.⓪.⓪.①:9999/v1",
        "http://-①.example/v1",
        "http:///v1",
        "ftp://models.example",
        "http://models.example:0",
        "http://models.example:65536",
        "http://[::1",
    ],
)
def test_what_is_no_endpoint_is_refused_by_name(url: str) -> None:
    with pytest.raises(AddressRefusedError):
        endpoint(url)


def test_an_endpoint_is_read_as_the_client_reads_it() -> None:
    assert endpoint("https://bücher.example:8443/v1").raw_host == b"xn--bcher-kva.example"


@given(st.text())
def test_any_text_is_an_endpoint_or_refused(text: str) -> None:
    with suppress(AddressRefusedError):
        assert endpoint(f"http://{text}").raw_host


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
    for host in ("127.0.0.1", "127.1", "2130706433", "[::1]", "localhost"):
        with pytest.raises(AddressRefusedError):
            await get(f"https://{host}/")


@pytest.mark.parametrize("host", ["[64:ff9b::a9fe:a9fe]", "2852039166", "169.254.43518"])
async def test_no_spelling_leads_to_the_metadata_service(host: str) -> None:
    with pytest.raises(AddressRefusedError):
        await get(f"http://{host}/", allow_private=True)


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f.1", "169.254.169.254", "169.254.169.254.", "64:ff9b::a9fe:a9fe"]
)
def test_an_address_can_be_refused_by_its_spelling(host: str) -> None:
    with pytest.raises(AddressRefusedError):
        check_spelled(host, plain=False, allow_private=True)


def test_names_and_addresses_that_may_work_pass_by_their_spelling() -> None:
    for host in ("model.internal", "localhost", "127.0.0.1", "::1", "10.0.0.7", "1.example.com", "", "ü"):
        check_spelled(host, plain=True, allow_private=True)
    check_spelled("8.8.8.8", plain=False, allow_private=False)
    for host, plain in (("8.8.8.8", True), ("10.0.0.7", False)):
        with pytest.raises(AddressRefusedError):
            check_spelled(host, plain=plain, allow_private=False)


@given(st.text(max_size=40))
def test_any_host_passes_or_is_refused(host: str) -> None:
    with suppress(AddressRefusedError):
        check_spelled(host, plain=True, allow_private=False)


async def test_a_name_without_address_cannot_be_reached() -> None:
    async def nothing(_host: str, _port: int) -> list[IPAddress]:
        raise OSError

    transport = GuardedTransport(allow_private=False, resolver=nothing)
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("https://model.invalid/")


def leading_to(*addresses: str) -> Resolve:
    async def fixed(_host: str, _port: int) -> list[IPAddress]:
        return [ip_address(address) for address in addresses]

    return fixed


async def test_a_trusted_host_may_be_private_and_plain_and_its_neighbours_may_not() -> None:
    hello = Hello()
    server = await asyncio.start_server(hello, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport = GuardedTransport(
        allow_private=False, trusted=[f"jira.invalid:{port}"], resolver=leading_to("127.0.0.1")
    )
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        assert (await client.get(f"http://jira.invalid:{port}/")).text == "hi"
        for url in (f"http://other.invalid:{port}/", f"http://jira.invalid:{port + 1}/"):
            with pytest.raises(AddressRefusedError):
                await client.get(url)
    assert hello.hosts == [f"jira.invalid:{port}"]
    server.close()


async def test_trust_does_not_reach_where_clouds_keep_their_credentials() -> None:
    transport = GuardedTransport(
        allow_private=False, trusted=["jira.invalid"], resolver=leading_to("169.254.169.254")
    )
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        with pytest.raises(AddressRefusedError):
            await client.get("http://jira.invalid/")


async def test_connections_are_kept_by_name_and_each_new_one_is_checked() -> None:
    peers: list[object] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            while await reader.readuntil(b"\r\n\r\n"):
                peers.append(writer.get_extra_info("peername"))
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport = GuardedTransport(allow_private=True, resolver=leading_to("127.0.0.1"))
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        for host in ("one", "one", "two"):
            await client.get(f"http://{host}.invalid:{port}/")
    assert peers[0] == peers[1] != peers[2]
    server.close()
    await asyncio.sleep(0.05)  # until the handlers have seen the end


async def test_the_next_address_is_tried_where_one_is_not_reachable() -> None:
    server = await asyncio.start_server(Hello(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport = GuardedTransport(allow_private=True, resolver=leading_to("127.0.0.2", "127.0.0.1"))
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        assert (await client.get(f"http://jira.invalid:{port}/")).text == "hi"
    server.close()


async def test_failures_are_those_of_httpx() -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/body" in head:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi")
        writer.close()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    for handler, path, expected in (
        (cut, "/", httpx.RemoteProtocolError),
        (cut, "/body", httpx.RemoteProtocolError),
        (silent, "/", httpx.ReadTimeout),
    ):
        server = await asyncio.start_server(handler, "127.0.0.1", 0)
        url = f"http://jira.invalid:{server.sockets[0].getsockname()[1]}{path}"
        transport = GuardedTransport(allow_private=True, resolver=leading_to("127.0.0.1"))
        async with httpx.AsyncClient(transport=transport, trust_env=False, timeout=0.3) as client:
            with pytest.raises(expected):
                await client.get(url)
        server.close()
        await asyncio.sleep(0.05)  # until the handler has seen the end
        if handler is cut:
            async with httpx.AsyncClient(transport=GuardedTransport(allow_private=True)) as client:
                with pytest.raises(httpx.ConnectError):
                    await client.get(url.replace("jira.invalid", "127.0.0.1"))


async def test_names_that_are_not_resolved_in_time_are_given_up_on() -> None:
    async def slow(_host: str, _port: int) -> list[IPAddress]:
        await asyncio.sleep(30)
        return []

    transport = GuardedTransport(allow_private=False, resolver=slow)
    async with httpx.AsyncClient(transport=transport, trust_env=False, timeout=0.1) as client:
        with pytest.raises(httpx.ConnectTimeout):
            await client.get("https://jira.invalid/")


@pytest.mark.parametrize("entry", ["127.0.0.0/8", "::1/128", "model.invalid", "model.invalid:{port}"])
async def test_the_allow_list_names_hosts_and_networks(entry: str) -> None:
    server = await asyncio.start_server(Hello(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport = GuardedTransport(
        allow_private=False, trusted=[entry.format(port=port)], resolver=leading_to("127.0.0.1")
    )
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        if entry.startswith("::1"):  # another network
            with pytest.raises(AddressRefusedError):
                await client.get(f"http://model.invalid:{port}/")
        else:
            assert (await client.get(f"http://model.invalid:{port}/")).text == "hi"
    server.close()


async def test_all_addresses_of_a_name_must_lie_in_networks_of_the_allow_list() -> None:
    transport = GuardedTransport(
        allow_private=False, trusted=["127.0.0.0/8"], resolver=leading_to("127.0.0.1", "10.0.0.1")
    )
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        with pytest.raises(AddressRefusedError):
            await client.get("http://model.invalid/")


async def test_a_network_of_the_allow_list_does_not_open_link_local_addresses() -> None:
    transport = GuardedTransport(
        allow_private=False, trusted=["169.254.0.0/16"], resolver=leading_to("169.254.169.254")
    )
    async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
        with pytest.raises(AddressRefusedError):
            await client.get("http://model.invalid/")


@pytest.mark.parametrize("wrong", ["10.0.0.1/8", "10.0.0.0/99", "https://model", "model/v1", "a b/"])
def test_an_allow_list_takes_hosts_ports_and_networks_only(wrong: str) -> None:
    with pytest.raises(ValidationError):
        OutboundSettings(allowed_hosts=(wrong,))


def test_an_allow_list_is_read_whole() -> None:
    settings = OutboundSettings(allowed_hosts=("Model.Test:8000", "10.1.0.0/16", "[::1]:80"))
    assert set(settings.allowed_hosts) == {"model.test:8000", "10.1.0.0/16", "[::1]:80"}
