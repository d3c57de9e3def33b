"""Signing in: what a 401 means, and how few logins any fault can cost."""

from aiohttp import ClientSession, web
import pytest

from custom_components.raise3d.api import (
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DClient,
    Raise3DConnectionError,
    Raise3DError,
    Raise3DResponseError,
    Raise3DSessionError,
    sign,
)
from simulator import Simulator, Unknowns

from .calls import SYSTEM
from .conftest import PASSWORD, Freezer, Lab, Serve

POLL = 15
HOUR = 3600
# Seconds between the polls of an hour: still far more than logins are allowed.
SELDOM = 45
# Logins of one client in an hour in which each of them is in vain.
MOST_IN_AN_HOUR = 32
refused = pytest.mark.parametrize("kind", ["token_error", "http_401"])


async def poll(client: Raise3DClient) -> str:
    """Poll a printer, and return the name of the error."""
    try:
        await client.queries.get_running_status()
    except Raise3DError as err:
        return type(err).__name__
    return ""


async def poll_for(
    freezer: Freezer, seconds: float, *clients: Raise3DClient, every: float = POLL
) -> list[str]:
    """Poll with each client for a while, and return the names of the errors."""
    errors = []
    for _ in range(int(seconds / every)):
        errors += [await poll(client) for client in clients]
        freezer.tick(every)
    return errors


async def poll_for_an_hour(freezer: Freezer, *clients: Raise3DClient) -> list[str]:
    """Poll with each client for an hour, and return the names of the errors."""
    return await poll_for(freezer, HOUR, *clients, every=SELDOM)


# What a 401 means


@refused
async def test_a_refused_token_is_renewed_once_and_blames_no_password(
    lab: Lab, kind: str
) -> None:
    await lab.queries.get_system()
    lab.faults.add(kind, path=SYSTEM, count=None)
    with pytest.raises(Raise3DSessionError):
        await lab.queries.get_system()
    assert (lab.simulator.logins, lab.count_requests(SYSTEM)) == (2, 3)
    lab.faults.clear()
    assert await lab.queries.get_system()


@refused
async def test_one_endpoint_that_takes_no_token_leaves_the_others_alone(
    lab: Lab, freezer: Freezer, kind: str
) -> None:
    lab.faults.add(kind, path="dashboard/statistics", count=None)
    for _ in range(HOUR // SELDOM):
        with pytest.raises(Raise3DSessionError):
            await lab.queries.get_statistics()
        assert await poll(lab) == ""
        freezer.tick(SELDOM)
    assert lab.simulator.logins <= MOST_IN_AN_HOUR


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
async def test_only_the_printer_at_login_makes_a_password_wrong(
    lab: Lab, kind: str, expected: type[Raise3DError]
) -> None:
    lab.faults.add(kind, path="login", count=None)
    with pytest.raises(expected):
        await lab.queries.get_system()


async def test_a_word_about_the_password_outside_a_login_is_none(lab: Lab) -> None:
    msg = "sign error or password error"
    lab.faults.add("refuse", path=SYSTEM, count=None, code=10000, msg=msg)
    with pytest.raises(Raise3DSessionError):
        await lab.queries.get_system()


@refused
async def test_a_lone_token_that_is_refused_ends_at_once(lab: Lab, kind: str) -> None:
    token = await lab.login()
    lone = lab.connect(token=token)
    lab.faults.add(kind, path=SYSTEM)
    with pytest.raises(Raise3DAuthenticationError):
        await lone.queries.get_system()
    assert lab.simulator.logins == 1


def test_the_vendors_example_of_a_sign() -> None:
    assert sign("123456", 1503477369615) == "ed416d3d02cf58efe4f65d3bbc8a4dc6"


def test_the_password_of_a_sign_is_utf8() -> None:
    assert sign("pässwort", 1) != sign("passwort", 1)


async def test_a_login_gives_its_token_and_the_client_uses_it(lab: Lab) -> None:
    token = await lab.login()
    other = lab.connect(token=token)
    assert await other.queries.get_system() == await lab.queries.get_system()
    assert lab.simulator.logins == 1


async def test_a_401_without_a_body_is_one_too(serve: Serve) -> None:
    client = await serve(web.Response(status=401))
    with pytest.raises(Raise3DAuthenticationError):
        await client.queries.get_system()


@refused
async def test_a_new_token_that_is_refused_is_not_renewed(lab: Lab, kind: str) -> None:
    lab.faults.add(kind, path=SYSTEM, count=None)
    with pytest.raises(Raise3DSessionError):
        await lab.queries.get_system()
    assert (lab.simulator.logins, lab.count_requests(SYSTEM)) == (1, 1)


async def test_a_wrong_password_is_not_sent_again(lab: Lab) -> None:
    client = lab.connect(password="wrong")
    with pytest.raises(Raise3DAuthenticationError, match="password error"):
        await client.queries.get_system()
    assert len(lab.requests) == 1


async def test_a_changed_password_is_an_authentication_error(lab: Lab) -> None:
    await lab.queries.get_system()
    lab.printer.password = "another"
    lab.simulator.drop_tokens()
    with pytest.raises(Raise3DAuthenticationError):
        await lab.queries.get_system()
    assert lab.simulator.logins == 2


async def test_a_token_alone_never_signs_in(lab: Lab) -> None:
    token = await lab.login()
    lone = lab.connect(token=token)
    await lone.queries.get_system()
    lab.simulator.drop_tokens()
    with pytest.raises(Raise3DAuthenticationError):
        await lone.queries.get_system()
    with pytest.raises(Raise3DAuthenticationError):
        await lone.login()
    assert lab.simulator.logins == 1


async def test_no_secret_at_all_is_an_authentication_error(
    session: ClientSession, simulator: Simulator
) -> None:
    client = Raise3DClient(session, simulator.host, simulator.port)
    with pytest.raises(Raise3DAuthenticationError):
        await client.queries.get_system()
    assert not simulator.requests


@pytest.mark.parametrize("token", [None, "", 7, ["x"]])
async def test_a_login_without_a_token_cannot_be_read(lab: Lab, token: object) -> None:
    lab.faults.add("override", path="login", data={"token": token})
    with pytest.raises(Raise3DResponseError):
        await lab.queries.get_system()


# How many logins


@pytest.mark.parametrize("unknowns", [Unknowns(single_token=True)])
async def test_clients_that_end_each_others_tokens_cause_no_storm(
    lab: Lab, freezer: Freezer
) -> None:
    errors = await poll_for_an_hour(freezer, lab, lab.connect())
    assert set(errors) == {"", "Raise3DSessionError"}
    assert lab.simulator.logins <= 2 * MOST_IN_AN_HOUR
    # one alone is served as ever, as soon as it may log in again
    freezer.tick(180)
    assert set(await poll_for_an_hour(freezer, lab)) == {""}


@refused
async def test_a_printer_that_takes_no_token_gets_few_logins(
    lab: Lab, freezer: Freezer, kind: str
) -> None:
    lab.faults.add(kind, path="printer/runningstatus", count=None)
    errors = await poll_for_an_hour(freezer, lab)
    assert set(errors) == {"Raise3DSessionError"}
    assert lab.simulator.logins <= MOST_IN_AN_HOUR


@pytest.mark.parametrize("kind", ["token_error", "http_401", "no_data"])
async def test_a_login_without_a_token_is_not_repeated_for_ever(
    lab: Lab, freezer: Freezer, kind: str
) -> None:
    lab.faults.add(kind, path="login", count=None)
    await poll_for_an_hour(freezer, lab)
    assert lab.simulator.logins <= MOST_IN_AN_HOUR
    assert len(lab.requests) == lab.simulator.logins


@refused
async def test_tokens_are_taken_a_minute_after_the_refusals(
    lab: Lab, freezer: Freezer, kind: str
) -> None:
    lab.faults.add(kind, count=None)
    assert "" not in await poll_for(freezer, 120, lab)
    lab.faults.clear()
    assert (await poll_for(freezer, 75, lab))[-1] == ""


async def test_a_wrong_password_costs_few_logins(lab: Lab, freezer: Freezer) -> None:
    client = lab.connect(password="wrong")
    errors = await poll_for(freezer, 300, client)
    assert set(errors) == {"Raise3DAuthenticationError", "Raise3DSessionError"}
    assert lab.simulator.logins <= 10


async def test_a_request_without_a_login_is_not_sent(
    lab: Lab, freezer: Freezer
) -> None:
    client = lab.connect(password="wrong")
    await poll_for(freezer, 75, client)
    sent = len(lab.requests)
    assert await poll(client) == "Raise3DSessionError"
    assert len(lab.requests) == sent


async def test_a_login_of_a_person_never_waits(lab: Lab, freezer: Freezer) -> None:
    client = lab.connect(password="wrong")
    await poll_for(freezer, 75, client)
    lab.printer.password = "wrong"
    assert await client.login()
    assert await poll(client) == ""


@pytest.mark.parametrize("kind", ["no_server", "http_429", "http_500", "reset"])
async def test_a_printer_that_has_booted_gets_a_login_at_once(
    lab: Lab, freezer: Freezer, kind: str
) -> None:
    lab.faults.add(kind, path="login", count=None)
    assert "Raise3DSessionError" not in await poll_for_an_hour(freezer, lab)
    lab.faults.clear()
    assert await poll(lab) == ""


async def test_a_printer_that_was_off_gets_a_login_at_once(
    lab: Lab, freezer: Freezer
) -> None:
    await lab.simulator.power_off()
    assert set(await poll_for_an_hour(freezer, lab)) == {"Raise3DApiDownError"}
    await lab.simulator.power_on()
    assert await poll(lab) == ""


async def test_a_usual_day_has_one_login_and_no_wait(
    lab: Lab, freezer: Freezer
) -> None:
    for hour in range(24):
        assert await poll(lab) == "", hour
        freezer.tick(HOUR - 1)
    assert lab.simulator.logins == lab.logins == 1
    for restart in range(3):
        lab.simulator.drop_tokens()
        assert await poll(lab) == "", restart
    assert lab.simulator.logins == lab.logins == 4


async def test_a_client_counts_the_tokens_that_it_got(lab: Lab) -> None:
    client = lab.connect(password="wrong")
    assert await poll(client) == "Raise3DAuthenticationError"
    assert client.logins == 0
    lab.printer.password = "wrong"
    assert await poll(client) == ""
    assert client.logins == 1


async def test_a_401_of_another_machine_at_login_is_no_wrong_password(
    serve: Serve, freezer: Freezer
) -> None:
    """A printer says 10000 in the body: nobody shall be asked for its password."""
    client = await serve(web.Response(status=401), password=PASSWORD)
    errors = await poll_for(freezer, 120, client)
    assert errors[0] == "Raise3DResponseError"
    assert "Raise3DAuthenticationError" not in errors
