"""Tests of the search of the own networks: where it goes, and what it makes of it."""

import asyncio
from asyncio.selector_events import BaseSelectorEventLoop
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from ipaddress import IPv4Address
from itertools import pairwise
import socket

import pytest
import pytest_socket

from custom_components.raise3d.network_search import OwnNetworks, async_search
from homeassistant.components.network.models import Adapter
from homeassistant.core import HomeAssistant

from .common import new_printer, until
from .neighbours import adapter, neighbours

type Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

TITLE = b"Raise Touch Remote Access API"


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """Let the search reach the loopback network, and nothing else."""
    pytest_socket.socket_allow_hosts(["127.0.0.0/8"])


# Where it goes


@pytest.mark.parametrize(
    ("adapters", "names", "count"),
    [
        ([adapter("192.168.1.20", 24)], "192.168.1.0/24", 253),
        ([adapter("10.1.2.3", 22)], "10.1.0.0/22", 1021),
        # the part around the own address, whose edges are addresses as any other
        ([adapter("10.1.2.3", 8)], "10.1.0.0/22", 1023),
        ([adapter("172.31.255.9", 12)], "172.31.252.0/22", 1022),
        # two networks share what is searched, the smaller one is searched in full
        (
            [adapter("172.17.0.1", 16), adapter("192.168.1.20", 24)],
            "172.17.0.0/23, 192.168.1.0/24",
            510 + 253,
        ),
        # two adapters in one network
        ([adapter("10.0.0.5", 24), adapter("10.0.0.6", 24)], "10.0.0.0/24", 252),
        # a point-to-point link
        ([adapter("10.0.0.4", 31)], "10.0.0.4/31", 1),
        ([adapter("10.8.0.1", 32)], "10.8.0.1/32", 0),
        ([], "", 0),
    ],
)
def test_no_more_than_a_22_of_the_own_networks_is_searched(
    adapters: list[Adapter], names: str, count: int
) -> None:
    networks = OwnNetworks(adapters)
    assert networks.names == names
    assert len(networks.addresses) == len(set(networks.addresses)) == count


@pytest.mark.parametrize(
    "other",
    [
        adapter("203.0.113.9", 24),
        adapter("100.64.0.9", 24),
        adapter("169.254.3.4", 16),
        adapter("127.0.0.1", 8),
        adapter("192.168.7.1", 24, enabled=False),
    ],
    ids=lambda each: each["name"],
)
def test_only_private_networks_of_enabled_adapters_are_searched(other: Adapter) -> None:
    assert OwnNetworks([other, adapter("10.0.0.5", 30)]).addresses == ["10.0.0.6"]


def test_a_loopback_network_is_searched_where_there_is_no_other() -> None:
    addresses = OwnNetworks([adapter("127.0.0.1", 8)]).addresses
    assert len(addresses) == 1023
    assert all(IPv4Address(address).is_loopback for address in addresses)


def test_many_networks_are_no_more_than_one_large_one() -> None:
    many = [adapter(f"10.{number}.0.1", 24) for number in range(200)]
    # four addresses of each, two of which are no neighbours
    assert len(OwnNetworks(many).addresses) == 400


# What it makes of it


async def test_printers_are_found_by_one_request_without_a_login(
    hass: HomeAssistant,
) -> None:
    steps: list[float] = []
    async with neighbours(first=new_printer(), second=new_printer()) as simulators:
        first, second = simulators.values()
        addresses = [f"127.0.0.{number}" for number in range(1, 255)]
        found = await async_search(hass, addresses, first.port, steps.append)
        assert found == [first.host, second.host]
        assert [request.path for request in first.requests] == ["/"]
        assert [request.path for request in second.requests] == ["/"]
    assert steps[-1] == 1
    assert len(steps) == 20
    assert all(before < after for before, after in pairwise(steps))


@pytest.fixture
async def serve() -> AsyncGenerator[Callable[[Answer], Awaitable[int]]]:
    """Return what starts a server that answers as a test wants it."""
    servers: list[asyncio.Server] = []

    async def start(answer: Answer) -> int:
        servers.append(await asyncio.start_server(answer, "127.0.0.2", 0))
        port: int = servers[-1].sockets[0].getsockname()[1]
        return port

    yield start
    for server in servers:
        server.close()


def page(content: bytes, status: bytes = b"200 OK") -> bytes:
    """Return an answer with a page."""
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (
        status,
        len(content),
        content,
    )


PAGES = {
    "page": (page(b"<title></title>" + TITLE), True),
    # styles before it, and no end of the page
    "long": (b"HTTP/1.0 200 OK\r\n\r\n" + b" " * 200_000 + TITLE, True),
    "endless": (b"HTTP/1.0 200 OK\r\n\r\n" + b" " * 400_000 + TITLE, False),
    "other": (page(b"<title>Router</title>"), False),
    "error": (page(TITLE, b"404 Not Found"), False),
    # whoever sends the search elsewhere does not get it there
    "redirect": (b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\n\r\n", False),
    "ssh": (b"SSH-2.0-OpenSSH_9.9\r\n", False),
    "cut_off": (b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nRaise", False),
    "noise": (b"\xff\x00" * 50, False),
    "nothing": (b"", False),
}


@pytest.mark.parametrize(("raw", "recognized"), PAGES.values(), ids=PAGES)
async def test_only_the_documentation_page_makes_a_printer(
    hass: HomeAssistant,
    serve: Callable[[Answer], Awaitable[int]],
    raw: bytes,
    recognized: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    received: list[bytes] = []

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        received.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(raw)
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()

    port = await serve(answer)
    found = await async_search(hass, ["127.0.0.2"], port)
    assert found == ["127.0.0.2"] * recognized
    assert len(received) == 1
    assert received[0].startswith(b"GET / HTTP/1.1\r\n")


async def test_a_search_that_is_cancelled_hangs_up(
    hass: HomeAssistant, serve: Callable[[Answer], Awaitable[int]]
) -> None:
    received, ended = asyncio.Event(), asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        received.set()
        await reader.read()
        writer.close()
        ended.set()

    port = await serve(hang)
    search = hass.async_create_task(async_search(hass, ["127.0.0.2"], port))
    await received.wait()
    search.cancel()
    await ended.wait()
    await asyncio.wait([search])
    assert search.cancelled()


async def test_a_24_is_searched_with_one_connection_to_each_address(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the network is like: the connections of the loop are counted."""
    connected: list[str] = []
    connect = BaseSelectorEventLoop.sock_connect
    # nobody has this port at any address
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]

    async def count(
        loop: BaseSelectorEventLoop, sock: socket.socket, address: tuple[str, int]
    ) -> None:
        connected.append(address[0])
        await connect(loop, sock, address)

    monkeypatch.setattr(BaseSelectorEventLoop, "sock_connect", count)
    addresses = OwnNetworks([adapter("127.0.0.1", 24)]).addresses
    assert await async_search(hass, addresses, port) == []
    assert sorted(connected) == sorted(addresses)
    assert len(connected) == 254


async def test_so_many_addresses_are_searched_at_a_time_that_a_24_takes_two_rounds(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[set[str]] = [set()]
    released = asyncio.Event()

    async def hang(_: object, address: str, __: int) -> bool:
        rounds[-1].add(address)
        await released.wait()
        return False

    monkeypatch.setattr("custom_components.raise3d.network_search.is_printer", hang)
    addresses = OwnNetworks([adapter("192.168.1.20", 24)]).addresses
    search = hass.async_create_task(async_search(hass, addresses, 1))
    await until(lambda: len(rounds[-1]) == 128)
    rounds.append(set())
    released.set()
    await search
    assert [len(each) for each in rounds] == [128, 125]
