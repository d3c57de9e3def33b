"""Signing in: what a 401 means, and how few logins any fault can cost."""

import time

from aiohttp import ClientSession, web
from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.raise3d.api import (
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DClient,
    Raise3DConnectionError,
    Raise3DError,
    Raise3DResponseError,
    Raise3DSessionError,
)
from simulator import Printer, Simulator, Unknowns

from .conftest import PASSWORD, Serve

SYSTEM = "printer/system"
POLL = 15
HOUR = 3600
# Logins of one client in an hour in which each of them is in vain.
MOST_IN_AN_HOUR = 32
REFUSED = ["token_error", "http_401"]


async def poll(client: Raise3DClient) -> str:
    """Poll a printer, and return the name of the error."""
    try:
        await client.queries.get_running_status()
    except Raise3DError as err:
        return type(err).__name__
    return ""


async def poll_for(
    freezer: FrozenDateTimeFactory, seconds: float, *clients: Raise3DClient
) -> list[str]:
    """Poll with each client for a while, and return the names of the errors."""
    errors = []
    for _ in range(int(seconds / POLL)):
        errors += [await poll(client) for client in clients]
        freezer.tick(POLL)
    return errors


def connect(
    session: ClientSession, simulator: Simulator, password: str = PASSWORD
) -> Raise3DClient:
    """Return another client of the same printer."""
    return Raise3DClient(session, simulator.host, simulator.port, password=password)


# What a 401 means


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("path", [None, "printer/runningstatus"])
async def test_a_token_that_is_refused_right_after_its_login_says_nothing_of_a_password(
    client: Raise3DClient, simulator: Simulator, path: str | None, kind: str
) -> None:
    await client.login()
    simulator.faults.add(kind, path="printer/runningstatus", count=None)
    with pytest.raises(Raise3DSessionError):
        await client.queries.get_running_status()
    simulator.faults.clear()
    assert await client.queries.get_running_status()


@pytest.mark.parametrize("kind", REFUSED)
async def test_one_endpoint_that_takes_no_token_leaves_the_others_alone(
    client: Raise3DClient,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    kind: str,
) -> None:
    simulator.faults.add(kind, path="dashboard/statistics", count=None)
    for _ in range(HOUR // POLL):
        with pytest.raises(Raise3DSessionError):
            await client.queries.get_statistics()
        assert await poll(client) == ""
        freezer.tick(POLL)
    assert simulator.logins <= MOST_IN_AN_HOUR


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("token_error", Raise3DSessionError),
        ("http_401", Raise3DSessionError),
        ("no_server", Raise3DBusyError),
        ("http_503", Raise3DBusyError),
        ("http_500", Raise3DConnectionError),
        ("no_data", Raise3DResponseError),
        ("html", Raise3DResponseError),
    ],
)
async def test_only_the_printers_own_word_at_login_makes_a_password_wrong(
    client: Raise3DClient,
    simulator: Simulator,
    kind: str,
    expected: type[Raise3DError],
) -> None:
    simulator.faults.add(kind, path="login", count=None)
    with pytest.raises(expected):
        await client.queries.get_system()


async def test_a_word_about_the_password_outside_a_login_is_none(
    client: Raise3DClient, simulator: Simulator
) -> None:
    msg = "sign error or password error"
    simulator.faults.add("refuse", path=SYSTEM, count=None, code=10000, msg=msg)
    with pytest.raises(Raise3DSessionError):
        await client.queries.get_system()


@pytest.mark.parametrize("kind", REFUSED)
async def test_a_lone_token_that_is_refused_is_over_at_once(
    session: ClientSession, client: Raise3DClient, simulator: Simulator, kind: str
) -> None:
    token = await client.login()
    lone = Raise3DClient(session, simulator.host, simulator.port, token=token)
    simulator.faults.add(kind, path=SYSTEM)
    with pytest.raises(Raise3DAuthenticationError):
        await lone.queries.get_system()
    assert simulator.logins == 1


# How many logins


async def test_two_clients_that_end_each_others_tokens_cause_no_storm_of_logins(
    session: ClientSession, socket_enabled: None, freezer: FrozenDateTimeFactory
) -> None:
    unknowns = Unknowns(single_token=True)
    printer = Printer("pro2", password=PASSWORD, clock=time.time, unknowns=unknowns)
    async with Simulator(printer) as simulator:
        clients = connect(session, simulator), connect(session, simulator)
        errors = await poll_for(freezer, HOUR, *clients)
        assert set(errors) == {"", "Raise3DSessionError"}
        assert simulator.logins <= 2 * MOST_IN_AN_HOUR
        # one alone is served as ever, as soon as it may log in again
        freezer.tick(180)
        assert set(await poll_for(freezer, HOUR, clients[0])) == {""}


@pytest.mark.parametrize("kind", REFUSED)
async def test_a_printer_that_takes_no_token_at_all_is_not_flooded_with_logins(
    client: Raise3DClient,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    kind: str,
) -> None:
    simulator.faults.add(kind, path="printer/runningstatus", count=None)
    errors = await poll_for(freezer, HOUR, client)
    assert set(errors) == {"Raise3DSessionError"}
    assert simulator.logins <= MOST_IN_AN_HOUR


@pytest.mark.parametrize("kind", ["token_error", "http_401", "no_data"])
async def test_a_login_without_a_token_is_not_repeated_for_ever(
    client: Raise3DClient,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    kind: str,
) -> None:
    simulator.faults.add(kind, path="login", count=None)
    await poll_for(freezer, HOUR, client)
    assert simulator.logins <= MOST_IN_AN_HOUR
    assert len(simulator.requests) == simulator.logins


@pytest.mark.parametrize("kind", REFUSED)
async def test_tokens_that_are_refused_for_two_minutes_are_taken_a_minute_later(
    client: Raise3DClient,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    kind: str,
) -> None:
    simulator.faults.add(kind, count=None)
    assert "" not in await poll_for(freezer, 120, client)
    simulator.faults.clear()
    assert (await poll_for(freezer, 75, client))[-1] == ""


async def test_a_wrong_password_costs_few_logins_while_it_is_tried(
    session: ClientSession, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    client = connect(session, simulator, "wrong")
    errors = await poll_for(freezer, 300, client)
    assert set(errors) == {"Raise3DAuthenticationError", "Raise3DSessionError"}
    assert simulator.logins <= 10


async def test_a_request_that_may_not_log_in_is_not_sent(
    session: ClientSession, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    client = connect(session, simulator, "wrong")
    await poll_for(freezer, 75, client)
    sent = len(simulator.requests)
    assert await poll(client) == "Raise3DSessionError"
    assert len(simulator.requests) == sent


async def test_a_login_of_a_person_never_waits(
    session: ClientSession, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    client = connect(session, simulator, "wrong")
    await poll_for(freezer, 75, client)
    simulator.printer.password = "wrong"
    assert await client.login()
    assert await poll(client) == ""


@pytest.mark.parametrize("kind", ["no_server", "http_429", "http_500", "reset"])
async def test_a_printer_that_boots_for_an_hour_is_signed_in_to_at_once(
    client: Raise3DClient,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    kind: str,
) -> None:
    simulator.faults.add(kind, path="login", count=None)
    assert "Raise3DSessionError" not in await poll_for(freezer, HOUR, client)
    simulator.faults.clear()
    assert await poll(client) == ""


async def test_a_printer_that_is_off_for_an_hour_is_signed_in_to_at_once(
    client: Raise3DClient, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    await simulator.power_off()
    assert set(await poll_for(freezer, HOUR, client)) == {"Raise3DApiDownError"}
    await simulator.power_on()
    assert await poll(client) == ""


async def test_a_usual_day_has_one_login_and_no_wait(
    client: Raise3DClient, simulator: Simulator, freezer: FrozenDateTimeFactory
) -> None:
    for hour in range(24):
        assert await poll(client) == "", hour
        freezer.tick(HOUR - 1)
    assert simulator.logins == client.logins == 1
    for restart in range(3):
        simulator.drop_tokens()
        assert await poll(client) == "", restart
    assert simulator.logins == client.logins == 4


async def test_a_client_counts_the_tokens_that_it_got(
    session: ClientSession, simulator: Simulator
) -> None:
    client = connect(session, simulator, "wrong")
    assert await poll(client) == "Raise3DAuthenticationError"
    assert client.logins == 0
    simulator.printer.password = "wrong"
    assert await poll(client) == ""
    assert client.logins == 1


async def test_a_401_of_another_machine_at_login_is_no_wrong_password(
    serve: Serve, freezer: FrozenDateTimeFactory
) -> None:
    client = await serve(web.Response(status=401), password=PASSWORD)
    errors = await poll_for(freezer, 120, client)
    assert "Raise3DAuthenticationError" not in errors
