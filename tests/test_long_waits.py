"""Tests of a printer that wants to be left alone, and of refusals hours apart."""

from collections.abc import Callable

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.const import DOMAIN
from homeassistant.core import HomeAssistant
from simulator import Simulator

from .conftest import Ticker

MINUTE = 60

type State = Callable[..., str]


async def test_a_printer_that_asks_for_minutes_shows_no_old_values_for_minutes(
    simulator: Simulator, loaded_entry: MockConfigEntry, tick: Ticker, state: State
) -> None:
    await tick(MINUTE)
    simulator.faults.add("http_429", count=None, retry_after=300)
    await tick(35)
    assert state("status") == "idle"
    asked = len(simulator.requests)
    await tick(MINUTE)
    assert state("bed_temperature") == "unavailable"
    assert state("status") == "offline"
    await tick(2 * MINUTE)
    assert len(simulator.requests) == asked
    simulator.faults.clear()
    await tick(2.5 * MINUTE)
    assert state("status") == "idle"
    assert float(state("bed_temperature")) > 0


async def test_a_person_need_not_wait_for_as_long_as_the_printer_asked(
    simulator: Simulator, loaded_entry: MockConfigEntry, tick: Ticker, state: State
) -> None:
    await tick(MINUTE)
    simulator.faults.add("http_429", count=1, retry_after=300)
    await tick(2 * MINUTE)
    assert state("status") == "offline"
    await loaded_entry.runtime_data.async_request_refresh()
    await tick(15)
    assert state("status") == "idle"


@pytest.mark.parametrize("minutes", [3, 20])
async def test_a_refusal_at_a_boot_long_after_another_begins_five_minutes_of_its_own(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
    minutes: float,
) -> None:
    simulator.drop_tokens()
    simulator.faults.add("refuse", path="login", count=1, code=10000, msg="sign error")
    await tick(45)
    assert state("status") == "offline"
    await simulator.power_off()
    await tick(minutes * MINUTE)
    simulator.faults.add("refuse", path="login", count=3, code=10000, msg="sign error")
    await simulator.power_on()
    await tick(6 * MINUTE)
    assert state("status") == "idle"
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)
