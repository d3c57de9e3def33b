"""Faults: each spoils the answers that it names, and no others."""

import asyncio
from collections.abc import Callable
import errno

import aiohttp
import pytest

from simulator import Faults, Simulator
from simulator.faults import KINDS
from tests.common import until

from .conftest import Client, fixture

HTML_PAGE = fixture("http_200_html")
NOZZLE_TEMP = "printer/nozzle1/temp/set"


async def test_http_faults_have_no_body(client: Client) -> None:
    for status in (400, 404, 429, 500, 503):
        client.faults.add(f"http_{status}")
        assert await client.status("GET", "printer/system") == status
    assert await client.status("GET", "printer/system") == 200


async def test_too_many_requests_may_say_when_to_come_back(client: Client) -> None:
    client.faults.add("http_429", retry_after=5)
    async with client.session.get(client.url("printer/system")) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "5")


async def test_two_http_faults_have_the_documented_bodies(client: Client) -> None:
    for name in ("http_401_with_body", "http_502_html"):
        expected = fixture(name)
        client.faults.add(f"http_{expected['http_status']}")
        async with client.session.get(client.url("printer/system")) as response:
            assert response.status == expected["http_status"]
            assert await response.text() == expected["body"]
            assert response.content_type == expected["headers"]["Content-Type"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("busy_body", "error_10003_busy"),
        ("no_server", "error_503_no_server"),
        ("token_error", "error_401_token_error"),
    ],
)
async def test_faults_in_the_body(client: Client, kind: str, name: str) -> None:
    client.faults.add(kind)
    assert await client.get("printer/system") == fixture(name)


async def test_connections_break(client: Client) -> None:
    # a POST, because aiohttp repeats a GET by itself when its connection breaks
    pause = {"operate": "pause"}
    client.faults.add("reset")
    with pytest.raises(aiohttp.ClientOSError) as caught:
        await client.post("job/currentjob/set", pause)
    assert caught.value.errno == errno.ECONNRESET
    client.faults.add("disconnect")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.post("job/currentjob/set", pause)
    assert (await client.get("printer/system"))["status"] == 1


async def test_a_reset_is_a_tcp_reset(simulator: Simulator) -> None:
    simulator.faults.add("reset")
    reader, writer = await asyncio.open_connection("127.0.0.1", simulator.port)
    writer.write(b"GET /v1/printer/system HTTP/1.1\r\nHost: a\r\n\r\n")
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()


async def test_a_hanging_request_ends_with_client_or_fault(client: Client) -> None:
    faults, log = client.faults, client.simulator.log
    faults.add("hang")
    waiting = asyncio.create_task(client.get("printer/system"))
    await until(lambda: log.in_flight == 1)
    waiting.cancel()
    await until(lambda: log.in_flight == 0)

    faults.add("hang", count=None)
    # not a GET, which aiohttp would repeat by itself
    body = {"temperature": 200}
    waiting = asyncio.create_task(client.post(NOZZLE_TEMP, body))
    await until(lambda: log.in_flight == 1)
    faults.clear()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await waiting
    assert (await client.get("printer/system"))["status"] == 1


async def test_a_slow_answer_comes_all_the_same(client: Client) -> None:
    loop = asyncio.get_running_loop()
    client.faults.add("slow", seconds=0.2)
    before = loop.time()
    assert (await client.get("printer/system"))["status"] == 1
    assert loop.time() - before >= 0.19


async def test_bodies_that_are_not_json(client: Client) -> None:
    faults = client.faults
    whole = await client.raw("printer/system")
    faults.add("empty")
    assert await client.raw("printer/system") == b""
    faults.add("html")
    assert (await client.raw("printer/system")).decode() == HTML_PAGE["body"]
    faults.add("truncated")
    assert await client.raw("printer/system") == whole[: len(whole) // 2]
    faults.add("cut_off")
    with pytest.raises(aiohttp.ClientPayloadError):
        await client.raw("printer/system")


async def test_bodies_in_unusual_form(client: Client) -> None:
    faults = client.faults
    whole = await client.raw("printer/system")
    for kind in ("bom", "newline", "chunked", "not_json_type"):
        faults.add(kind)
    async with client.session.get(
        client.url("printer/system"), params={"token": client.token}
    ) as response:
        assert await response.read() == b"\xef\xbb\xbf" + whole + b"\r\n"
        assert response.content_type == "text/plain"
        assert response.headers["Transfer-Encoding"] == "chunked"


async def test_data_that_is_wrong(client: Client) -> None:
    faults = client.faults
    whole = (await client.get("printer/system"))["data"]

    faults.add("wrong_types")
    wrong = (await client.get("printer/system"))["data"]
    assert wrong.keys() == whole.keys()
    assert None in wrong.values()
    assert all(type(wrong[key]) is not type(whole[key]) for key in whole)

    faults.add("missing_keys")
    missing = (await client.get("printer/system"))["data"]
    assert 0 < len(missing) < len(whole)
    faults.add("missing_keys", keys=["model"])
    missing = (await client.get("printer/system"))["data"]
    assert missing.keys() == whole.keys() - {"model"}

    faults.add("extra_keys")
    assert (await client.get("printer/system"))["data"].keys() > whole.keys()
    faults.add("no_data")
    assert await client.get("printer/system") == {"status": 1}
    faults.add("string_status")
    assert (await client.get("printer/system"))["status"] == "1"
    faults.add("wrong_types")
    assert await client.post("printer/fanspeed/set", {"fanspeed": 1}) == {"status": 1}


@pytest.mark.parametrize(
    "data",
    [{"running_status": "ready"}, lambda data: {**data, "running_status": "ready"}],
)
async def test_data_may_be_replaced_on_a_path(
    client: Client, data: object | Callable[..., object]
) -> None:
    faults = client.faults
    faults.add("override", path="printer/runningstatus", count=None, data=data)
    for _ in range(2):
        answer = await client.get("printer/runningstatus")
        assert answer["data"] == {"running_status": "ready"}
    assert (await client.get("printer/system"))["data"]["model"] == "Raise3D Pro2"


def test_faults_hit_their_path_their_number_of_times_one_answer_at_a_time() -> None:
    faults = Faults()
    faults.add("http_500", path="/v1/printer/system", count=2)
    faults.add("http_429", count=1)
    faults.add("bom", count=None)

    def hits(path: str) -> list[str]:
        return [fault.kind for fault in faults.take(path)]

    assert hits("/v1/printer/system") == ["http_500", "bom"]
    assert hits("/v1/login") == ["http_429", "bom"]
    assert hits("printer/system") == ["http_500", "bom"]
    assert hits("printer/system") == ["bom"]
    faults.clear()
    assert hits("printer/system") == []


def test_an_unknown_fault_is_refused_at_once() -> None:
    faults = Faults()
    with pytest.raises(ValueError, match=r"unknown fault 'http_418'.*http_429"):
        faults.add("http_418")
    with pytest.raises(ValueError, match="at least 1"):
        faults.add("http_429", count=0)
    assert len(KINDS) > 20
