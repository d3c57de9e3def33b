"""Tests of a printer that refuses to let us in: for a moment, or for good."""

import pytest

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import Platform
from homeassistant.exceptions import HomeAssistantError

from .common import MINUTE, PASSWORD, Home

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that show whether we are let in."""
    return [Platform.SENSOR]


# The wrong password, in the printer's words.
REFUSAL = {"code": 10000, "msg": "sign error"}
POLLED = ("printer/runningstatus", "job/currentjob", "printer/system")


def change_password(home: Home) -> None:
    """Change the password at the printer's screen, which ends all tokens."""
    home.printer.password = "changed"
    home.simulator.drop_tokens()


async def list_files(home: Home) -> None:
    """Ask for the files, as an action does, and fail."""
    client = home.coordinator.client
    with pytest.raises(HomeAssistantError):
        await home.coordinator.async_call(client.files.list("Local"))
    await home.block_till_done()


async def test_a_wrong_password_is_tried_for_five_minutes_then_reauth_starts_once(
    home: Home,
) -> None:
    change_password(home)
    logins = home.simulator.logins
    await home.tick(5 * MINUTE)
    assert home.status == "offline"
    assert home.state("bed_temperature") == "unavailable"
    assert not home.flows
    await home.tick(2 * MINUTE)
    assert [flow["context"]["source"] for flow in home.flows] == [SOURCE_REAUTH]
    await home.tick(20 * MINUTE)
    assert len(home.flows) == 1
    assert home.simulator.logins - logins <= 10


@pytest.mark.parametrize("minutes", [0.5, 2, 4])
async def test_a_password_that_is_refused_in_passing_needs_no_person(
    home: Home, minutes: float
) -> None:
    change_password(home)
    await home.tick(minutes * MINUTE)
    home.printer.password = PASSWORD
    await home.tick(2 * MINUTE)
    assert home.status == "idle"
    assert not home.flows
    # the five minutes begin again
    change_password(home)
    await home.tick(4 * MINUTE)
    assert not home.flows
    await home.tick(3 * MINUTE)
    assert len(home.flows) == 1


async def test_an_entry_loads_with_a_refused_password_and_goes_on_polling(
    new_home: Home,
) -> None:
    home = new_home
    home.fail("refuse", "login", **REFUSAL)
    await home.set_up()
    assert home.entry_state() is ConfigEntryState.LOADED
    await home.tick(3 * MINUTE)
    assert home.status == "offline"
    assert not home.flows
    home.heal()
    await home.tick(2 * MINUTE)
    assert home.status == "idle"
    assert home.number("bed_temperature") > 0


async def test_an_entry_with_a_wrong_password_starts_reauth_after_five_minutes(
    new_home: Home,
) -> None:
    home = new_home
    home.printer.password = "another"
    await home.set_up()
    await home.tick(4 * MINUTE)
    assert not home.flows
    await home.tick(20 * MINUTE)
    assert len(home.flows) == 1
    assert home.simulator.logins <= 10


async def test_an_action_with_a_refused_password_starts_no_sign_in(home: Home) -> None:
    change_password(home)
    await list_files(home)
    assert not home.flows


async def test_an_action_with_a_dead_token_starts_reauth_at_once(
    new_home: Home,
) -> None:
    home = new_home
    home.use_token()
    await home.set_up()
    home.simulator.drop_tokens()
    await list_files(home)
    assert len(home.flows) == 1


@pytest.mark.parametrize(
    "paths",
    [POLLED, ["printer/runningstatus"], ["job/currentjob"], ["printer/basic"]],
    ids=str,
)
async def test_a_token_that_is_refused_for_minutes_after_a_login_needs_no_person(
    home: Home, paths: list[str]
) -> None:
    for kind in ("token_error", "http_401"):
        home.fail(kind, *paths)
        await home.tick(8 * MINUTE)
        assert not home.flows
        home.heal()
        await home.tick(6 * MINUTE)
        assert home.status == "idle"
        assert home.number("bed_temperature") > 0
        assert not home.flows


async def test_a_printer_that_refuses_every_token_at_the_start_is_tried_forever(
    new_home: Home,
) -> None:
    home = new_home
    home.fail("token_error", *POLLED)
    await home.set_up()
    await home.tick(10 * MINUTE)
    assert not home.flows
    home.heal()
    await home.tick(5 * MINUTE)
    assert home.status == "idle"
