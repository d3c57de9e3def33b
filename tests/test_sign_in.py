"""Tests of a printer that refuses to let us in: for a moment, or for good."""

from collections.abc import Callable

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.const import DOMAIN
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from simulator import Simulator

from .common import PASSWORD, add_entry, now, set_up, state_of
from .conftest import Ticker

MINUTE = 60
# The wrong password, in the printer's words.
REFUSAL = {"code": 10000, "msg": "sign error"}

type State = Callable[..., str]


def flows(hass: HomeAssistant) -> list[ConfigFlowResult]:
    """Return what Home Assistant asks a person for."""
    return hass.config_entries.flow.async_progress_by_handler(DOMAIN)


def change_password(simulator: Simulator) -> None:
    """Change the password at the printer's screen, which ends all tokens."""
    simulator.printer.password = "changed"
    simulator.drop_tokens()


async def test_a_wrong_password_is_tried_for_five_minutes_then_a_person_is_asked_once(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
) -> None:
    change_password(simulator)
    logins = simulator.logins
    await tick(5 * MINUTE)
    assert state("status") == "offline"
    assert state("bed_temperature") == "unavailable"
    assert not flows(hass)
    await tick(2 * MINUTE)
    assert [flow["context"]["source"] for flow in flows(hass)] == [SOURCE_REAUTH]
    await tick(60 * MINUTE)
    assert len(flows(hass)) == 1
    assert simulator.logins - logins <= 10


@pytest.mark.parametrize("minutes", [0.5, 2, 4])
async def test_a_password_that_is_refused_in_passing_needs_no_person(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
    minutes: float,
) -> None:
    change_password(simulator)
    await tick(minutes * MINUTE)
    simulator.printer.password = PASSWORD
    await tick(2 * MINUTE)
    assert state("status") == "idle"
    assert not flows(hass)
    # the five minutes begin again
    change_password(simulator)
    await tick(4 * MINUTE)
    assert not flows(hass)
    await tick(3 * MINUTE)
    assert len(flows(hass)) == 1


async def test_an_entry_loads_with_a_password_that_is_refused_and_goes_on_polling(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
) -> None:
    simulator.faults.add("refuse", path="login", count=None, **REFUSAL)
    await set_up(hass, config_entry)
    assert state_of(config_entry) is ConfigEntryState.LOADED
    await tick(3 * MINUTE)
    assert state("status") == "offline"
    assert not flows(hass)
    simulator.faults.clear()
    await tick(2 * MINUTE)
    assert state("status") == "idle"
    assert float(state("bed_temperature")) > 0


async def test_an_entry_with_a_wrong_password_asks_after_five_minutes(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    simulator.printer.password = "another"
    await set_up(hass, config_entry)
    await tick(4 * MINUTE)
    assert not flows(hass)
    await tick(60 * MINUTE)
    assert len(flows(hass)) == 1
    assert simulator.logins <= 10


async def test_an_action_with_a_refused_password_starts_no_sign_in(
    hass: HomeAssistant, simulator: Simulator, loaded_entry: MockConfigEntry
) -> None:
    change_password(simulator)
    coordinator = loaded_entry.runtime_data
    with pytest.raises(HomeAssistantError):
        await coordinator.async_call(coordinator.client.list_all_files("Local"))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not flows(hass)


async def test_an_action_with_a_dead_token_asks_at_once(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    entry = add_entry(hass, simulator, token=simulator.printer.tokens.issue(now()))
    await set_up(hass, entry)
    simulator.drop_tokens()
    coordinator = entry.runtime_data
    with pytest.raises(HomeAssistantError):
        await coordinator.async_call(coordinator.client.list_all_files("Local"))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(flows(hass)) == 1


@pytest.mark.parametrize("kind", ["token_error", "http_401"])
@pytest.mark.parametrize(
    "path", [None, "printer/runningstatus", "job/currentjob", "printer/basic"]
)
async def test_a_token_that_is_refused_for_minutes_after_a_login_needs_no_person(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
    kind: str,
    path: str | None,
) -> None:
    paths = ("printer/runningstatus", "job/currentjob", "printer/system")
    for refused in (path,) if path else paths:
        simulator.faults.add(kind, path=refused, count=None)
    await tick(20 * MINUTE)
    assert not flows(hass)
    simulator.faults.clear()
    await tick(6 * MINUTE)
    assert state("status") == "idle"
    assert float(state("bed_temperature")) > 0
    assert not flows(hass)


async def test_a_printer_that_refuses_every_token_at_the_start_is_tried_for_ever(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
) -> None:
    for path in ("printer/runningstatus", "job/currentjob", "printer/system"):
        simulator.faults.add("token_error", path=path, count=None)
    await set_up(hass, config_entry)
    await tick(10 * MINUTE)
    assert not flows(hass)
    simulator.faults.clear()
    await tick(5 * MINUTE)
    assert state("status") == "idle"
