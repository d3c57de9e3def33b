"""Tests of setting up, unloading and being switched off."""

from collections.abc import Callable
import logging

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.const import DOMAIN
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulator import Simulator

from .common import PASSWORD, add_entry, set_up, state_of
from .conftest import Ticker


def own_lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the integration has logged above debug."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.raise3d")
        and record.levelno > logging.DEBUG
    ]


async def test_an_entry_sets_up_and_unloads(
    hass: HomeAssistant, loaded_entry: MockConfigEntry
) -> None:
    assert state_of(loaded_entry) is ConfigEntryState.LOADED
    assert await hass.config_entries.async_unload(loaded_entry.entry_id)
    assert state_of(loaded_entry) is ConfigEntryState.NOT_LOADED


async def test_nothing_is_asked_after_unloading(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    await hass.config_entries.async_unload(loaded_entry.entry_id)
    before = len(simulator.requests)
    await tick(300)
    assert len(simulator.requests) == before


async def test_the_device_is_the_printer(
    hass: HomeAssistant, simulator: Simulator, loaded_entry: MockConfigEntry
) -> None:
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, simulator.printer.machine_id), loaded_entry.entry_id
    )
    assert device
    assert device.name == "Lab printer"
    assert device.manufacturer == "Raise3D"
    assert device.model == "Raise3D Pro2"
    assert device.serial_number == simulator.printer.serial_number
    assert device.sw_version == "1.7.7.1026"
    assert device.configuration_url == f"http://127.0.0.1:{simulator.port}"


async def test_a_printer_that_is_off_loads_and_is_offline(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await simulator.power_off()
    await set_up(hass, config_entry)
    assert state_of(config_entry) is ConfigEntryState.LOADED
    states = {
        entry.unique_id.partition("_")[2]: hass.states.get(entry.entity_id)
        for entry in er.async_get(hass).entities.values()
        if not entry.disabled
    }
    told = {key: state.state for key, state in states.items() if state}
    assert told.pop("status") == "offline"
    assert told.pop("connected") == "off"
    assert told.pop("job") == "unknown"
    assert len(told) > 10
    assert set(told.values()) == {"unavailable"}
    assert "Traceback" not in caplog.text


async def test_each_outage_writes_two_lines(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    for _ in range(3):
        caplog.clear()
        await simulator.power_off()
        await tick(100)
        assert state("status") == "offline"
        assert state("bed_temperature") == "unavailable"
        assert len(own_lines(caplog)) == 1
        await simulator.power_on()
        await tick(100)
        assert state("status") == "idle"
        assert float(state("bed_temperature")) > 0
        assert len(own_lines(caplog)) == 2
        assert "Traceback" not in caplog.text
        assert all(
            record.levelno <= logging.INFO
            for record in caplog.records
            if record.name.startswith("custom_components")
        )


async def test_a_restart_with_the_printer_off_finds_it_when_it_comes_on(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
) -> None:
    await simulator.power_off()
    await set_up(hass, config_entry)
    await tick(120)
    assert state("status") == "offline"
    await simulator.power_on()
    await tick(75)
    assert state("status") == "idle"
    assert state("connected", "binary_sensor") == "on"


async def test_a_dead_token_at_the_start_asks_for_a_new_one(
    hass: HomeAssistant, simulator: Simulator
) -> None:
    entry = add_entry(hass, simulator, token="0" * 32)
    await set_up(hass, entry)
    assert state_of(entry) is ConfigEntryState.SETUP_ERROR
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [flow["context"]["source"] for flow in flows] == [SOURCE_REAUTH]


async def test_a_garbled_printer_at_the_start_is_tried_again(
    hass: HomeAssistant, simulator: Simulator, config_entry: MockConfigEntry
) -> None:
    simulator.faults.add("html", count=None)
    await set_up(hass, config_entry)
    assert state_of(config_entry) is ConfigEntryState.SETUP_RETRY
    simulator.faults.clear()
    assert await hass.config_entries.async_reload(config_entry.entry_id)
    assert state_of(config_entry) is ConfigEntryState.LOADED


async def test_no_secret_reaches_the_log(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    simulator.printer.start("Local/medaille_1.gcode")
    await set_up(hass, config_entry)
    for kind in ("reset", "http_500", "token_error", "truncated", "http_429"):
        simulator.faults.add(kind, count=3)
        await tick(60)
    await simulator.power_off()
    await tick(60)
    own = "\n".join(
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.raise3d")
    )
    assert "printer/runningstatus" in own
    for secret in (PASSWORD, "token=", "sign=", "medaille", str(simulator.port)):
        assert secret not in own
