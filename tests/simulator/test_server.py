"""The running servers: ports, power, and a clean end."""

import asyncio
import base64
import socket

import aiohttp
from freezegun.api import FrozenDateTimeFactory
import pytest

from simulator import Printer, Simulator
from simulator.server import ListenError, reserve
from tests.common import until

from .conftest import Client, Clock, fixture


async def test_the_ports_are_free_ones_and_stay_the_same(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    ports = (simulator.port, simulator.camera_port)
    assert all(ports)
    assert simulator.printer.camera_port == simulator.camera_port
    await simulator.power_off()
    await simulator.power_on()
    assert (simulator.port, simulator.camera_port) == ports
    await Client(session, simulator).login()


async def test_without_power_all_connections_end(client: Client) -> None:
    simulator = client.simulator
    reader, writer = await asyncio.open_connection("127.0.0.1", simulator.port)
    await simulator.power_off()
    assert not simulator.listening
    with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)
    writer.close()
    for port in (simulator.port, simulator.camera_port):
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)

    await simulator.power_on()
    await simulator.power_on()
    answer = await client.get("printer/system")
    assert answer == fixture("error_401_token_error")
    await client.login()
    assert (await client.get("printer/system"))["status"] == 1


async def test_a_printer_that_is_off_keeps_its_ports(simulator: Simulator) -> None:
    ports = (simulator.port, simulator.camera_port)
    await simulator.power_off()
    for port in ports:
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
    await simulator.stop()
    for port in ports:
        reserve("127.0.0.1", port).close()


async def test_a_printer_that_moves_keeps_the_ports_that_it_leaves(
    simulator: Simulator,
) -> None:
    ports = (simulator.port, simulator.camera_port)
    await simulator.unplug()
    simulator.host = "127.0.0.2"
    await simulator.start()
    for port in ports:
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))


async def test_a_port_in_use_cannot_be_reserved(simulator: Simulator) -> None:
    with pytest.raises(OSError, match="in use"):
        reserve("127.0.0.1", simulator.port)


async def test_power_may_go_while_requests_hang(client: Client) -> None:
    simulator = client.simulator
    simulator.faults.add("hang", count=None)
    waiting = [
        asyncio.create_task(client.post("printer/fanspeed/set", {"fanspeed": 1}))
        for _ in range(3)
    ]
    await until(lambda: simulator.max_in_flight == 3)
    async with asyncio.timeout(5):
        await simulator.power_off()
        results = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(isinstance(result, aiohttp.ClientError) for result in results)
    assert simulator.log.in_flight == 0


async def test_power_may_go_while_a_frozen_clock_stands_still(
    client: Client, freezer: FrozenDateTimeFactory
) -> None:
    simulator = client.simulator
    freezer.move_to("2026-11-23 08:00:00+00:00")
    simulator.faults.add("hang", count=None)
    url = f"http://127.0.0.1:{simulator.camera_port}/api/v1/camera/stream"
    text = f"raise3d_camera:{client.printer.camera_password}".encode()
    auth = {"Authorization": f"Basic {base64.b64encode(text).decode()}"}
    async with client.session.get(url, headers=auth) as stream:
        await stream.content.readline()
        body = {"fanspeed": 1}
        waiting = asyncio.create_task(client.post("printer/fanspeed/set", body))
        for _ in range(100):
            await asyncio.sleep(0)
        await simulator.power_off()
        with pytest.raises(aiohttp.ClientError):
            await waiting
    await simulator.power_on()
    simulator.faults.clear()
    await client.login()
    assert (await client.get("printer/system"))["status"] == 1


async def test_dropped_tokens_need_a_new_login(client: Client) -> None:
    client.simulator.drop_tokens()
    answer = await client.get("printer/system")
    assert answer == fixture("error_401_token_error")
    await client.login()
    assert (await client.get("printer/system"))["status"] == 1
    assert client.simulator.logins == 2


async def test_a_taken_port_is_named_and_leaves_nothing_open(
    simulator: Simulator, clock: Clock
) -> None:
    second = Simulator(Printer(clock=clock), port=simulator.port)
    with pytest.raises(ListenError, match=rf":{simulator.port}: Address already"):
        await second.start()
    assert not second.listening
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", second.camera_port)

    third = Simulator(Printer(clock=clock), camera_port=simulator.camera_port)
    with pytest.raises(ListenError):
        await third.start()
    assert not third.listening


async def test_nothing_is_left_behind(clock: Clock, socket_enabled: None) -> None:
    before = asyncio.all_tasks()
    async with Simulator(Printer(clock=clock)) as simulator:
        async with aiohttp.ClientSession() as session:
            client = Client(session, simulator)
            await client.login()
            await client.get("printer/system")
        reader, writer = await asyncio.open_connection("127.0.0.1", simulator.port)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
    assert reader.at_eof() or await reader.read() == b""
    writer.close()


async def test_two_printers_live_side_by_side(
    clock: Clock, session: aiohttp.ClientSession
) -> None:
    async with (
        Simulator(Printer("e2", clock=clock, seed=1)) as first,
        Simulator(Printer("n2", clock=clock, seed=2)) as second,
    ):
        models = []
        for simulator in (first, second):
            client = Client(session, simulator)
            await client.login()
            models.append((await client.get("printer/system"))["data"]["model"])
    assert models == ["Raise3D E2", "Raise3D N2"]
