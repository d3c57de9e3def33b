"""Faults of the printer and the network: each has its error, and few requests."""

from contextlib import suppress
import socket
from typing import override

from aiohttp import ClientSession, ClientTimeout, TCPConnector, web
from aiohttp.abc import AbstractResolver, ResolveResult
import pytest

from custom_components.raise3d.api import (
    Raise3DApiDownError,
    Raise3DBusyError,
    Raise3DClient,
    Raise3DConnectionError,
    Raise3DResponseError,
    Raise3DTimeoutError,
)
from custom_components.raise3d.api.const import MAX_BODY_SIZE, MAX_RETRY_AFTER
from simulator import Simulator

from .calls import ERRORS, READS, RETRIED, SYSTEM, TOLERATED, send_fan
from .conftest import API, PASSWORD, Lab, Patch, Serve, failure, ok

TWICE = {*RETRIED, "http_503", "http_401", "token_error"}


def test_every_fault_of_the_simulator_has_an_expectation() -> None:
    from simulator.faults import KINDS  # noqa: PLC0415 - the simulator's own list

    assert set(ERRORS) | set(TOLERATED) | {"override"} == set(KINDS)


@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.usefixtures("impatient")
async def test_every_fault_ends_in_its_error_after_two_requests_at_most(
    lab: Lab, kind: str
) -> None:
    """A second one follows a broken connection, or where a new token may help."""
    lab.faults.add(kind, path=SYSTEM, count=None)
    assert type(await failure(lab.queries.get_system())) is ERRORS[kind]
    assert lab.count_requests(SYSTEM) == 1 + (kind in TWICE)
    lab.faults.clear()
    assert await lab.queries.get_system(), "the client is of no more use"


@pytest.mark.parametrize("kind", TOLERATED)
async def test_oddities_are_read_all_the_same(lab: Lab, kind: str) -> None:
    await lab.login()
    lab.faults.add(kind, count=None, seconds=0.01)
    for read in READS.values():
        assert await read(lab)


@pytest.mark.parametrize(
    "kind", sorted(set(TOLERATED) - {"wrong_types", "missing_keys"})
)
async def test_an_odd_login_is_read_too(lab: Lab, kind: str) -> None:
    lab.faults.add(kind, path="login", seconds=0.01)
    assert await lab.login()


@pytest.mark.parametrize("kind", RETRIED)
async def test_a_stumble_is_forgiven_once(lab: Lab, kind: str) -> None:
    await lab.login()
    lab.faults.add(kind, path=SYSTEM)
    assert await lab.queries.get_system()
    assert lab.count_requests(SYSTEM) == 2


async def test_a_second_try_waits_a_little(lab: Lab, monkeypatch: Patch) -> None:
    monkeypatch.setattr(f"{API}.transport.RETRY_DELAY", 0.2)
    await lab.login()
    lab.faults.add("http_429", path=SYSTEM)
    await lab.queries.get_system()
    first, second = (request.time for request in lab.requests[1:])
    assert second - first >= 0.19


async def test_a_stumbling_login_is_tried_again(lab: Lab) -> None:
    lab.faults.add("disconnect", path="login")
    assert await lab.queries.get_system()
    assert lab.simulator.logins == 2


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 30 ", 30),
        # at once is what it could not take; and nobody waits for a year
        ("0", 1),
        ("99999999", MAX_RETRY_AFTER),
        ("9" * 500, MAX_RETRY_AFTER),
    ],
)
@pytest.mark.parametrize("kind", ["http_429", "http_503"])
async def test_a_printer_that_names_its_time_gets_it(
    lab: Lab, kind: str, header: str, seconds: float
) -> None:
    await lab.login()
    lab.faults.add(kind, path=SYSTEM, retry_after=header)
    with pytest.raises(Raise3DBusyError) as caught:
        await lab.queries.get_system()
    assert caught.value.retry_after == seconds
    assert lab.count_requests(SYSTEM) == 1


@pytest.mark.parametrize(
    "header", ["soon", "-5", "1.5", "²", "Wed, 21 Oct 2026 07:28:00 GMT"]
)
async def test_an_unreadable_retry_after_is_ignored(lab: Lab, header: str) -> None:
    lab.faults.add("http_429", path=SYSTEM, count=None, retry_after=header)
    with pytest.raises(Raise3DBusyError) as caught:
        await lab.queries.get_system()
    assert caught.value.retry_after is None
    assert lab.count_requests(SYSTEM) == 2


async def test_a_printer_that_is_off_cannot_be_connected(lab: Lab) -> None:
    await lab.queries.get_system()
    await lab.simulator.power_off()
    with pytest.raises(Raise3DApiDownError, match="refused") as caught:
        await lab.queries.get_system()
    assert not caught.value.certain
    await lab.simulator.power_on()
    assert await lab.queries.get_system()


async def test_an_api_that_hangs_is_certainly_down(lab: Lab) -> None:
    lab.faults.add("http_500", path=SYSTEM)
    with pytest.raises(Raise3DApiDownError) as caught:
        await lab.queries.get_system()
    assert caught.value.certain


async def test_an_answer_that_comes_too_slowly_is_a_timeout(
    lab: Lab, monkeypatch: Patch
) -> None:
    await lab.login()
    monkeypatch.setattr(f"{API}.transport.TIMEOUT", ClientTimeout(total=0.5))
    lab.faults.add("slow", path=SYSTEM, seconds=60)
    with pytest.raises(Raise3DTimeoutError):
        await lab.queries.get_system()
    assert lab.count_requests(SYSTEM) == 1


async def test_a_body_without_an_end_is_not_read_to_it(serve: Serve) -> None:
    sent: list[bytes] = []

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        with suppress(ConnectionError):
            for _ in range(256):
                sent.append(b"x" * (MAX_BODY_SIZE // 16))
                await response.write(sent[-1])
        return response

    client = await serve(endless)
    with pytest.raises(Raise3DResponseError, match="too long"):
        await client.queries.get_system()
    assert len(sent) < 3 * 16


async def test_a_body_just_below_the_limit_is_read(serve: Serve) -> None:
    envelope = ok({"model": "X"})
    client = await serve(envelope + " " * (MAX_BODY_SIZE - len(envelope)))
    assert (await client.queries.get_system()).model == "X"


async def test_redirects_are_not_followed(serve: Serve) -> None:
    """A redirect would hand the token to another machine."""
    seen = []

    async def redirect(request: web.Request) -> web.StreamResponse:
        seen.append(request.path)
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    client = await serve(redirect)
    with pytest.raises(Raise3DResponseError):
        await client.queries.get_system()
    assert seen == ["/v1/printer/system"]


async def test_a_connection_is_not_kept(serve: Serve) -> None:
    seen = []

    async def handle(request: web.Request) -> web.StreamResponse:
        seen.append(request.headers["Connection"])
        return web.json_response({"status": 1, "data": {}})

    await (await serve(handle)).queries.get_system()
    assert seen == ["close"]


@pytest.mark.parametrize("printer_host", ["::1", "[::1]"])
async def test_an_ipv6_address_is_an_address(
    session: ClientSession, simulator: Simulator, ipv6: None, printer_host: str
) -> None:
    async with Simulator(simulator.printer, host="::1") as other:
        client = Raise3DClient(
            session, printer_host.strip("[]"), other.port, password=PASSWORD
        )
        assert await client.queries.get_system()


async def test_an_unusable_host_is_an_error(session: ClientSession) -> None:
    for host in [
        "",
        "a b",
        "[",
        "[::1",
        "::1::2",
        "host/path",
        "user@host",
        "a\x00b",
        "\u2100",
    ]:
        client = Raise3DClient(session, host, password=PASSWORD)
        with pytest.raises(Raise3DConnectionError) as caught:
            await client.queries.get_system()
        assert len(host) < 2 or host not in str(caught.value), host


async def test_a_name_that_is_unknown_cannot_be_connected(socket_enabled: None) -> None:
    class NoNames(AbstractResolver):
        @override
        async def resolve(
            self, host: str, port: int = 0, family: int = socket.AF_INET
        ) -> list[ResolveResult]:
            raise OSError(None, f"{host} is unknown")

        @override
        async def close(self) -> None:
            pass

    async with ClientSession(connector=TCPConnector(resolver=NoNames())) as session:
        client = Raise3DClient(session, "printer.example", password=PASSWORD)
        with pytest.raises(Raise3DConnectionError) as caught:
            await client.queries.get_system()
    assert "example" not in str(caught.value)


# Commands


async def test_a_command_has_no_answer_but_an_effect(lab: Lab) -> None:
    await send_fan(lab)
    lab.printer.time.catch_up()
    assert lab.printer.machine.rate_targets["fan"] == 50
