"""Tests of the client against a simulated printer over real connections."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
import json
import logging
import socket
import time
import traceback
from typing import override

from aiohttp import ClientSession, ClientTimeout, TCPConnector, web
from aiohttp.abc import AbstractResolver, ResolveResult
import pytest

from custom_components.raise3d.api import (
    Raise3DApiDownError,
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DClient,
    Raise3DConnectionError,
    Raise3DDisconnectedError,
    Raise3DError,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DRefusedError,
    Raise3DResponseError,
    Raise3DSessionError,
    Raise3DTimeoutError,
    RunningState,
    sign,
)
from custom_components.raise3d.api.const import MAX_BODY_SIZE, MAX_RETRY_AFTER
from simulator import MODELS, Printer, Simulator
from tests.common import until

from .conftest import API, FIXTURES, PASSWORD, TOKEN, Serve, body

type Read = Callable[[Raise3DClient], Awaitable[object]]

SYSTEM = "printer/system"
STATUS = "printer/runningstatus"
FAN = "printer/fanspeed/set"

READS: dict[str, Read] = {
    SYSTEM: Raise3DClient.get_system,
    STATUS: Raise3DClient.get_running_status,
    "printer/basic": Raise3DClient.get_basic,
    "printer/nozzle1": Raise3DClient.get_left_nozzle,
    "printer/nozzle2": Raise3DClient.get_right_nozzle,
    "printer/camera": Raise3DClient.get_camera,
    "job/currentjob": Raise3DClient.get_current_job,
    "dashboard/statistics": Raise3DClient.get_statistics,
}

# Every fault of the simulator that keeps an answer from being read.
ERRORS: dict[str, type[Raise3DError]] = {
    "http_400": Raise3DResponseError,
    "http_401": Raise3DSessionError,
    "http_404": Raise3DResponseError,
    "http_429": Raise3DBusyError,
    "http_500": Raise3DApiDownError,
    "http_502": Raise3DResponseError,
    "http_503": Raise3DBusyError,
    "reset": Raise3DDisconnectedError,
    "disconnect": Raise3DDisconnectedError,
    "hang": Raise3DTimeoutError,
    "empty": Raise3DResponseError,
    "html": Raise3DResponseError,
    "busy_body": Raise3DBusyError,
    "no_server": Raise3DBusyError,
    "token_error": Raise3DSessionError,
    "refuse": Raise3DRefusedError,
    "truncated": Raise3DResponseError,
    "cut_off": Raise3DDisconnectedError,
    "no_data": Raise3DResponseError,
}
# Every fault that it reads all the same.
TOLERATED = (
    *("wrong_types", "missing_keys", "extra_keys", "string_status"),
    *("not_json_type", "bom", "newline", "chunked", "slow"),
)
RETRIED = ("http_429", "reset", "disconnect", "cut_off", "busy_body", "no_server")


def asked(simulator: Simulator, path: str) -> int:
    """Return how often an endpoint was asked."""
    return sum(request.path == f"/v1/{path}" for request in simulator.requests)


async def send_fan(client: Raise3DClient) -> None:
    """Send a command; all the others are in COMMANDS."""
    await client.set_fan_speed(50)


def test_the_vendors_example_of_a_sign() -> None:
    assert sign("123456", 1503477369615) == "ed416d3d02cf58efe4f65d3bbc8a4dc6"


def test_the_password_of_a_sign_is_utf8() -> None:
    assert sign("pässwort", 1) != sign("passwort", 1)


# Reading


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("path", READS)
async def test_every_endpoint_of_every_model_is_read(
    client: Raise3DClient, simulator: Simulator, path: str
) -> None:
    if path.endswith("nozzle2") and simulator.printer.model.nozzles == 1:
        with pytest.raises(Raise3DNotFoundError, match="no right nozzle"):
            await READS[path](client)
        return
    assert await READS[path](client)
    assert asked(simulator, path) == 1


@pytest.mark.parametrize("model", MODELS)
async def test_the_system_is_the_printers(
    client: Raise3DClient, simulator: Simulator
) -> None:
    printer = simulator.printer
    system = await client.get_system()
    assert asdict(system) == {
        "machine_id": printer.machine_id,
        "serial_number": printer.serial_number,
        "machine_name": printer.machine_name,
        "model": printer.model.name,
        "version": printer.model.version,
        "firmware_version": printer.model.firmware_version,
        "api_version": printer.model.api_version,
        "nozzle_count": printer.model.nozzles,
        "storage_available": printer.model.storage_kb,
    }


async def test_an_idle_printer_is_idle_and_names_no_time(client: Raise3DClient) -> None:
    assert (await client.get_running_status()).state is RunningState.IDLE
    assert (await client.get_current_job()).total is None


@pytest.mark.parametrize("base", [0, 1])
@pytest.mark.parametrize("jobs", [0, 1, 2, 10, 11, 12, 13, 30])
async def test_the_newest_jobs_end_with_the_newest(
    client: Raise3DClient, simulator: Simulator, jobs: int, base: int
) -> None:
    """Wherever the history begins to count, which is not documented."""
    printer = simulator.printer
    unknowns = replace(printer.unknowns, history_base=base)
    simulator.printer.unknowns = unknowns
    printer._history[:] = Printer(
        "pro2", clock=time.time, history=jobs, unknowns=unknowns
    ).history
    end = await client.read_history_end(None)
    newest = [entry.job_id for entry in end.entries]
    expected = [entry.job_id for entry in printer.history]
    assert newest == expected[len(expected) - len(newest) :]
    assert len(newest) >= min(jobs, 10)


async def test_a_part_of_the_history_that_does_not_exist_is_an_invalid_value(
    client: Raise3DClient,
) -> None:
    with pytest.raises(Raise3DInvalidValueError, match="start_pos"):
        await client.get_job_list(99)
    with pytest.raises(Raise3DInvalidValueError, match="max_num"):
        await client.get_job_list(0, 13)


# Signing in


async def test_one_login_serves_many_requests(
    client: Raise3DClient, simulator: Simulator
) -> None:
    for read in READS.values():
        await read(client)
    assert simulator.logins == 1
    assert len(simulator.requests) == len(READS) + 1


async def test_a_login_gives_its_token_and_the_client_uses_it(
    client: Raise3DClient, session: ClientSession, simulator: Simulator
) -> None:
    token = await client.login()
    other = Raise3DClient(session, simulator.host, simulator.port, token=token)
    assert await other.get_system() == await client.get_system()
    assert simulator.logins == 1


async def test_a_dead_token_is_renewed_once(
    client: Raise3DClient, simulator: Simulator
) -> None:
    await client.get_system()
    simulator.drop_tokens()
    await client.get_system()
    assert (simulator.logins, asked(simulator, SYSTEM)) == (2, 3)


@pytest.mark.parametrize("kind", ["token_error", "http_401"])
async def test_a_401_is_one_in_the_body_as_in_http(
    client: Raise3DClient, simulator: Simulator, kind: str
) -> None:
    await client.get_system()
    simulator.faults.add(kind, path=SYSTEM)
    await client.get_system()
    assert simulator.logins == 2


async def test_a_401_without_a_body_is_one_too(serve: Serve) -> None:
    client = await serve(web.Response(status=401))
    with pytest.raises(Raise3DAuthenticationError):
        await client.get_system()


@pytest.mark.parametrize("kind", ["token_error", "http_401"])
async def test_two_refusals_are_enough(
    client: Raise3DClient, simulator: Simulator, kind: str
) -> None:
    await client.get_system()
    simulator.faults.add(kind, path=SYSTEM, count=None)
    with pytest.raises(Raise3DSessionError):
        await client.get_system()
    assert (simulator.logins, asked(simulator, SYSTEM)) == (2, 3)


@pytest.mark.parametrize("kind", ["token_error", "http_401"])
async def test_a_new_token_that_is_refused_is_not_renewed_again(
    client: Raise3DClient, simulator: Simulator, kind: str
) -> None:
    simulator.faults.add(kind, path=SYSTEM, count=None)
    with pytest.raises(Raise3DSessionError):
        await client.get_system()
    assert (simulator.logins, asked(simulator, SYSTEM)) == (1, 1)


async def test_a_wrong_password_is_told_and_not_repeated(
    session: ClientSession, simulator: Simulator
) -> None:
    client = Raise3DClient(session, simulator.host, simulator.port, password="wrong")
    with pytest.raises(Raise3DAuthenticationError, match="password error"):
        await client.get_system()
    assert len(simulator.requests) == 1


async def test_a_password_that_was_changed_ends_in_an_authentication_error(
    client: Raise3DClient, simulator: Simulator
) -> None:
    await client.get_system()
    simulator.printer.password = "another"
    simulator.drop_tokens()
    with pytest.raises(Raise3DAuthenticationError):
        await client.get_system()
    assert simulator.logins == 2


async def test_a_client_recovers_after_a_failed_login(
    client: Raise3DClient, simulator: Simulator
) -> None:
    simulator.faults.add("http_500", path="login")
    with pytest.raises(Raise3DConnectionError):
        await client.get_system()
    assert await client.get_system()


async def test_a_token_alone_never_signs_in(
    session: ClientSession, client: Raise3DClient, simulator: Simulator
) -> None:
    token = await client.login()
    lone = Raise3DClient(session, simulator.host, simulator.port, token=token)
    await lone.get_system()
    simulator.drop_tokens()
    with pytest.raises(Raise3DAuthenticationError):
        await lone.get_system()
    with pytest.raises(Raise3DAuthenticationError):
        await lone.login()
    assert simulator.logins == 1


async def test_no_secret_at_all_is_an_authentication_error(
    session: ClientSession, simulator: Simulator
) -> None:
    client = Raise3DClient(session, simulator.host, simulator.port)
    with pytest.raises(Raise3DAuthenticationError):
        await client.get_system()
    assert not simulator.requests


@pytest.mark.parametrize("token", [None, "", 7, ["x"]])
async def test_a_login_without_a_token_cannot_be_read(
    client: Raise3DClient, simulator: Simulator, token: object
) -> None:
    simulator.faults.add("override", path="login", data={"token": token})
    with pytest.raises(Raise3DResponseError):
        await client.get_system()


async def test_a_bare_401_at_login_comes_from_another_machine(serve: Serve) -> None:
    """A printer says 10000 in the body: nobody shall be asked for its password."""
    client = await serve(web.Response(status=401), password=PASSWORD)
    with pytest.raises(Raise3DResponseError):
        await client.get_system()


# One at a time


async def test_the_printer_is_asked_one_thing_at_a_time(
    client: Raise3DClient, simulator: Simulator
) -> None:
    simulator.faults.add("slow", count=None, seconds=0.005)
    await asyncio.gather(*(read(client) for read in READS.values() for _ in range(5)))
    assert simulator.max_in_flight == 1
    assert simulator.logins == 1
    assert len(simulator.requests) == 5 * len(READS) + 1


async def test_many_refused_at_once_sign_in_once(
    client: Raise3DClient, simulator: Simulator
) -> None:
    await client.get_system()
    simulator.drop_tokens()
    await asyncio.gather(*(client.get_system() for _ in range(10)))
    assert simulator.logins == 2


async def test_a_call_that_is_given_up_frees_the_line(
    client: Raise3DClient, simulator: Simulator
) -> None:
    simulator.faults.add("hang", path=SYSTEM)
    call = asyncio.create_task(client.get_system())
    await until(lambda: asked(simulator, SYSTEM) == 1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await client.get_system()


# Trouble


def test_every_fault_of_the_simulator_has_an_expectation() -> None:
    from simulator.faults import KINDS  # noqa: PLC0415 - the simulator's own list

    assert set(ERRORS) | set(TOLERATED) | {"override"} == set(KINDS)


@pytest.mark.parametrize(("kind", "expected"), ERRORS.items())
@pytest.mark.usefixtures("short_timeout")
async def test_every_fault_ends_in_its_error(
    client: Raise3DClient, simulator: Simulator, kind: str, expected: type[Raise3DError]
) -> None:
    await client.login()
    simulator.faults.add(kind, path=SYSTEM, count=None)
    with pytest.raises(Raise3DError) as caught:
        await client.get_system()
    assert type(caught.value) is expected
    simulator.faults.clear()
    assert await client.get_system(), "the client is of no more use"


@pytest.mark.parametrize("kind", TOLERATED)
async def test_oddities_are_read_all_the_same(
    client: Raise3DClient, simulator: Simulator, kind: str
) -> None:
    simulator.faults.add(kind, count=None, seconds=0.01)
    if kind in {"wrong_types", "missing_keys"}:
        # a login has nothing but its token
        simulator.faults.clear()
        await client.login()
        simulator.faults.add(kind, count=None)
    for read in READS.values():
        assert await read(client)


@pytest.mark.parametrize("kind", RETRIED)
async def test_a_stumble_is_forgiven_once(
    client: Raise3DClient, simulator: Simulator, kind: str
) -> None:
    await client.login()
    simulator.faults.add(kind, path=SYSTEM)
    assert await client.get_system()
    assert asked(simulator, SYSTEM) == 2


@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.usefixtures("short_timeout")
async def test_nothing_is_asked_more_than_twice(
    client: Raise3DClient, simulator: Simulator, kind: str
) -> None:
    """What stumbled is tried again, as is what a new token may mend; else once."""
    await client.login()
    simulator.faults.add(kind, path=SYSTEM, count=None)
    with pytest.raises(Raise3DError):
        await client.get_system()
    twice = {*RETRIED, "http_503", "http_401", "token_error"}
    assert asked(simulator, SYSTEM) == (2 if kind in twice else 1)


async def test_a_second_try_waits_a_little(
    client: Raise3DClient, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{API}.transport.RETRY_DELAY", 0.2)
    await client.login()
    simulator.faults.add("http_429", path=SYSTEM)
    await client.get_system()
    first, second = (
        request.time
        for request in simulator.requests
        if request.path.endswith("system")
    )
    assert second - first >= 0.19


async def test_a_stumbling_login_is_tried_again(
    client: Raise3DClient, simulator: Simulator
) -> None:
    simulator.faults.add("disconnect", path="login")
    assert await client.get_system()
    assert simulator.logins == 2


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
    client: Raise3DClient,
    simulator: Simulator,
    kind: str,
    header: str,
    seconds: float,
) -> None:
    await client.login()
    simulator.faults.add(kind, path=SYSTEM, retry_after=header)
    with pytest.raises(Raise3DBusyError) as caught:
        await client.get_system()
    assert caught.value.retry_after == seconds
    assert asked(simulator, SYSTEM) == 1


@pytest.mark.parametrize(
    "header", ["soon", "-5", "1.5", "²", "Wed, 21 Oct 2026 07:28:00 GMT"]
)
async def test_a_time_that_is_none_is_no_time(
    client: Raise3DClient, simulator: Simulator, header: str
) -> None:
    simulator.faults.add("http_429", path=SYSTEM, count=None, retry_after=header)
    with pytest.raises(Raise3DBusyError) as caught:
        await client.get_system()
    assert caught.value.retry_after is None
    assert asked(simulator, SYSTEM) == 2


async def test_a_printer_that_is_off_cannot_be_connected(
    client: Raise3DClient, simulator: Simulator
) -> None:
    await client.get_system()
    await simulator.power_off()
    with pytest.raises(Raise3DApiDownError, match="refused") as caught:
        await client.get_system()
    assert not caught.value.certain
    await simulator.power_on()
    assert await client.get_system()


async def test_an_api_that_hangs_says_so_itself(
    client: Raise3DClient, simulator: Simulator
) -> None:
    simulator.faults.add("http_500", path=SYSTEM)
    with pytest.raises(Raise3DApiDownError) as caught:
        await client.get_system()
    assert caught.value.certain


async def test_an_answer_that_comes_too_slowly_is_a_timeout(
    client: Raise3DClient, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.login()
    monkeypatch.setattr(f"{API}.transport._TIMEOUT", ClientTimeout(total=0.5))
    simulator.faults.add("slow", path=SYSTEM, seconds=60)
    with pytest.raises(Raise3DTimeoutError):
        await client.get_system()
    assert asked(simulator, SYSTEM) == 1


async def test_a_body_without_an_end_is_not_read_to_it(serve: Serve) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        chunk = b"x" * 65536
        while sent < 16 * MAX_BODY_SIZE:
            try:
                await response.write(chunk)
            except ConnectionError:
                break
            sent += len(chunk)
        return response

    client = await serve(endless)
    with pytest.raises(Raise3DResponseError, match="too long"):
        await client.get_system()
    assert sent < 3 * MAX_BODY_SIZE


async def test_a_body_just_below_the_limit_is_read(serve: Serve) -> None:
    envelope = json.dumps({"status": 1, "data": {"model": "X"}})
    client = await serve(envelope + " " * (MAX_BODY_SIZE - len(envelope)))
    assert (await client.get_system()).model == "X"


async def test_redirects_are_not_followed(serve: Serve) -> None:
    """A redirect would hand the token to another machine."""
    seen = []

    async def redirect(request: web.Request) -> web.StreamResponse:
        seen.append(request.path)
        if request.path == "/elsewhere":
            return web.json_response({"status": 1, "data": {}})
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    client = await serve(redirect)
    with pytest.raises(Raise3DResponseError):
        await client.get_system()
    assert seen == ["/v1/printer/system"]


async def test_a_connection_is_not_kept(serve: Serve) -> None:
    seen = []

    async def handle(request: web.Request) -> web.StreamResponse:
        seen.append(request.headers["Connection"])
        return web.json_response({"status": 1, "data": {}})

    await (await serve(handle)).get_system()
    assert seen == ["close"]


@pytest.mark.parametrize("printer_host", ["::1", "[::1]"])
async def test_an_ipv6_address_is_an_address(
    session: ClientSession, simulator: Simulator, ipv6: None, printer_host: str
) -> None:
    async with Simulator(simulator.printer, host="::1") as other:
        client = Raise3DClient(
            session, printer_host.strip("[]"), other.port, password=PASSWORD
        )
        assert await client.get_system()


@pytest.mark.parametrize(
    "host",
    ["", "a b", "[", "[::1", "::1::2", "host/path", "user@host", "a\x00b", "\u2100"],
)
async def test_a_host_that_is_none_cannot_be_connected(
    session: ClientSession, host: str
) -> None:
    client = Raise3DClient(session, host, password=PASSWORD)
    with pytest.raises(Raise3DConnectionError) as caught:
        await client.get_system()
    assert len(host) < 2 or host not in str(caught.value)


async def test_a_name_that_is_unknown_cannot_be_connected(
    socket_enabled: None,
) -> None:
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
            await client.get_system()
    assert "example" not in str(caught.value)


# Bodies


DATA = '{"model": "X", "storage_available": %s}'


@pytest.mark.parametrize(
    "raw",
    [
        '{"status": 1, "data": ' + DATA % "NaN" + "}",
        '{"status": 1, "data": ' + DATA % "-Infinity" + "}",
        '{"status": 1, "data": ' + DATA % "1e999" + "}",
        '{"status": "1", "data": ' + DATA % "null" + "}",
        '\n\t {"data": ' + DATA % '"7"' + ', "status": 1}\r\n\r\n',
        '{"status": 1, "data": ' + DATA % "true" + ', "error": null}',
        '{"status": 1, "data": ' + DATA % ("9" * 4000) + "}",
    ],
)
async def test_what_can_be_understood_is(serve: Serve, raw: str) -> None:
    system = await (await serve(raw)).get_system()
    assert system.model == "X"
    assert system.storage_available is None


async def test_the_content_type_and_the_http_status_do_not_matter(serve: Serve) -> None:
    envelope = b'{"status": 1, "data": {"model": "X"}}'
    for status, content_type in ((200, "text/html"), (203, "x/y"), (500, "")):
        response = web.Response(status=status, body=envelope)
        response.headers["Content-Type"] = content_type
        assert (await (await serve(response)).get_system()).model == "X"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"[]",
        b"null",
        b'"text"',
        b"7",
        b"[" * 100_000,
        b'{"status": 1, "data": ' + b'{"a":' * 100_000 + b"}" * 100_000 + b"}",
        b'{"status": 1, "data": {"storage_available": ' + b"9" * 10_000 + b"}}",
        b'{"status": 1}',
        b'{"status": 1, "data": []}',
        b'{"status": 1, "data": null}',
        b'{"status": 2, "data": {}}',
        b'{"status": null, "data": {}}',
        b'{"data": {}}',
        b'{"status": 0}',
        b'{"status": 0, "error": "busy"}',
        b'{"status": 0, "error": {}}',
        b'{"status": 0, "error": {"code": "x", "msg": "y"}}',
        b'{"status": 0, "error": {"code": 1e400}}',
        b'{"status": 0, "error": {"code": 12345}}',
        b'{"status": 1, "data": {"machine_name": "\xb0"}}',
    ],
)
async def test_what_cannot_be_understood_is_a_response_error(
    serve: Serve, raw: bytes
) -> None:
    client = await serve(raw)
    with pytest.raises(Raise3DResponseError):
        await client.get_system()


async def test_the_documents_own_slip_is_a_response_error(serve: Serve) -> None:
    name = "camera_not_connected_documented_raw_invalid.txt"
    client = await serve((FIXTURES / name).read_text(encoding="utf-8"))
    with pytest.raises(Raise3DResponseError):
        await client.get_camera()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (401, Raise3DAuthenticationError),
        (10000, Raise3DAuthenticationError),
        (404, Raise3DNotFoundError),
        (429, Raise3DBusyError),
        (500, Raise3DRefusedError),
        (503, Raise3DBusyError),
        (10002, Raise3DInvalidValueError),
        (10003, Raise3DBusyError),
        (10004, Raise3DInvalidValueError),
        (10005, Raise3DInvalidValueError),
        (10006, Raise3DInvalidValueError),
        (0, Raise3DResponseError),
        (-1, Raise3DResponseError),
    ],
)
@pytest.mark.parametrize("kind", [int, str])
async def test_a_code_has_its_error_as_a_number_or_a_text(
    serve: Serve,
    code: int,
    expected: type[Raise3DError],
    kind: Callable[[int], object],
) -> None:
    envelope = {"status": 0, "error": {"code": kind(code), "msg": "own words"}}
    client = await serve(json.dumps(envelope))
    with pytest.raises(Raise3DError) as caught:
        await client.get_system()
    assert type(caught.value) is expected
    if expected is not Raise3DResponseError:
        assert str(caught.value) == "own words"


ERROR_FILES = sorted(
    path.name
    for path in FIXTURES.glob("*.json")
    if '"error":' in (text := path.read_text(encoding="utf-8"))
    and '"_fixture"' not in text
)


@pytest.mark.parametrize("name", ERROR_FILES)
async def test_every_documented_error_keeps_the_printers_words(
    serve: Serve, name: str
) -> None:
    envelope = body(name)
    client = await serve(json.dumps(envelope))
    with pytest.raises(Raise3DError) as caught:
        await client.get_system()
    assert not isinstance(caught.value, Raise3DResponseError)
    error = envelope["error"]
    assert isinstance(error, dict)
    assert str(caught.value) == error["msg"]


async def test_every_error_of_the_catalogue_is_known(serve: Serve) -> None:
    catalogue = json.loads((FIXTURES / "errors_catalogue.json").read_text("utf-8"))
    errors = {json.dumps(error) for entry in catalogue for error in entry["errors"]}
    for error in sorted(errors):
        client = await serve(f'{{"status": 0, "error": {error}}}')
        with pytest.raises(Raise3DError) as caught:
            await client.get_system()
        assert not isinstance(caught.value, Raise3DResponseError), error


async def test_a_file_that_is_too_large_is_no_busy_printer(serve: Serve) -> None:
    """The documents give both the code 10003."""
    client = await serve(json.dumps(body("upload_too_large.json")))
    with pytest.raises(Raise3DInvalidValueError):
        await client.get_system()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("http_200_html.json", Raise3DResponseError),
        ("http_400_empty.json", Raise3DResponseError),
        ("http_401_with_body.json", Raise3DAuthenticationError),
        ("http_404_empty.json", Raise3DResponseError),
        ("http_405_empty.json", Raise3DResponseError),
        ("http_413_empty.json", Raise3DResponseError),
        ("http_415_empty.json", Raise3DResponseError),
        ("http_429_empty.json", Raise3DBusyError),
        ("http_500_empty.json", Raise3DApiDownError),
        ("http_502_html.json", Raise3DResponseError),
    ],
)
async def test_every_http_error_has_its_error(
    serve: Serve, name: str, expected: type[Raise3DError]
) -> None:
    fixture = body(name)

    async def handle(_: web.Request) -> web.StreamResponse:
        status, headers, text = (
            fixture[key] for key in ("http_status", "headers", "body")
        )
        assert isinstance(status, int)
        assert isinstance(headers, dict)
        assert isinstance(text, str)
        return web.Response(status=status, headers=headers, body=text.encode())

    client = await serve(handle)
    with pytest.raises(Raise3DError) as caught:
        await client.get_system()
    assert type(caught.value) is expected


@pytest.mark.parametrize("words", ["x" * 201, "no /v1/system?token=0a1b"])
async def test_words_that_are_not_the_printers_are_not_passed_on(
    serve: Serve, words: str
) -> None:
    error = {"code": 500, "msg": words}
    client = await serve(json.dumps({"status": 0, "error": error}))
    with pytest.raises(Raise3DRefusedError, match=r"^no reason given$"):
        await client.get_system()


async def test_a_refusal_without_words_is_one(serve: Serve) -> None:
    client = await serve('{"status": 0, "error": {"code": 500, "msg": [1]}}')
    with pytest.raises(Raise3DRefusedError, match="no reason given"):
        await client.get_system()


# Commands


async def test_a_command_has_no_answer_but_an_effect(
    client: Raise3DClient, simulator: Simulator
) -> None:
    await send_fan(client)
    simulator.printer.time.catch_up()
    assert simulator.printer.machine.rate_targets["fan"] == 50


@pytest.mark.parametrize(
    "kind",
    [kind for kind in ERRORS if kind not in {"http_401", "token_error", "no_data"}],
)
@pytest.mark.usefixtures("short_timeout")
async def test_a_command_is_never_sent_twice(
    client: Raise3DClient, simulator: Simulator, kind: str
) -> None:
    """It may have worked, and a second start or move could break something."""
    await client.login()
    simulator.faults.add(kind, path=FAN, count=None)
    with pytest.raises(ERRORS[kind]):
        await send_fan(client)
    assert asked(simulator, FAN) == 1


async def test_a_command_that_the_token_kept_out_is_sent_again(
    client: Raise3DClient, simulator: Simulator
) -> None:
    await client.login()
    simulator.drop_tokens()
    await send_fan(client)
    assert (simulator.logins, asked(simulator, FAN)) == (2, 2)


async def test_a_value_that_the_printer_does_not_take_is_an_invalid_one(
    client: Raise3DClient,
) -> None:
    with pytest.raises(Raise3DInvalidValueError, match="fanspeed error value"):
        await client._post(FAN, {"fanspeed": 101})


async def test_a_command_in_the_wrong_state_is_refused_in_the_printers_words(
    client: Raise3DClient, simulator: Simulator
) -> None:
    simulator.printer.fail("safe mode")
    with pytest.raises(Raise3DRefusedError, match="safe mode"):
        await send_fan(client)


# Discretion


def test_a_client_shows_nothing_of_itself() -> None:
    session: ClientSession = object()  # type: ignore[assignment]
    client = Raise3DClient(session, "printer.example", password=PASSWORD, token=TOKEN)
    assert repr(client) == str(client) == "<Raise3DClient>"


@pytest.mark.parametrize("place", ["login", SYSTEM, FAN, "refused", "wrong password"])
@pytest.mark.parametrize("kind", [*ERRORS, *TOLERATED])
@pytest.mark.usefixtures("short_timeout")
async def test_no_trouble_tells_a_secret(
    session: ClientSession,
    simulator: Simulator,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    kind: str,
) -> None:
    """Neither as text nor as traceback nor in the log, down to debug."""
    if place in {"refused", "wrong password"} and kind != "http_500":
        return
    secrets = {PASSWORD, "not the password", f":{simulator.port}", simulator.host}

    def spy(password: str, timestamp: int) -> str:
        result = sign(password, timestamp)
        secrets.update({str(timestamp), result})
        return result

    monkeypatch.setattr(f"{API}.requests.sign", spy)
    caplog.set_level(logging.DEBUG)
    password = "not the password" if place == "wrong password" else PASSWORD
    client = Raise3DClient(session, simulator.host, simulator.port, password=password)
    if place in {SYSTEM, FAN, "refused"}:
        secrets.add(await client.login())
    if place == "refused":
        await simulator.stop()
    elif place != "wrong password":
        simulator.faults.add(kind, path=place, count=None, seconds=0.01)
    texts = []
    try:
        await (send_fan(client) if place == FAN else client.get_system())
    except Raise3DError as err:
        texts += [str(err), repr(err), *traceback.format_exception(err)]
    else:
        assert kind not in ERRORS or place == FAN
    secrets.update(simulator.printer.tokens._born)
    texts += [
        record.getMessage()
        for record in caplog.records
        if not record.name.startswith("asyncio")
    ]
    texts.append(repr(client))
    told = {secret for secret in secrets for text in texts if secret in text}
    assert not told
