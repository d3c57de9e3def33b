"""Tests of the sensors."""

from collections.abc import Callable

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator import Simulator

from .conftest import Ticker, set_up


@pytest.fixture
def platforms() -> list[Platform]:
    return [Platform.SENSOR]


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "only_platforms")
async def test_sensors_of_an_idle_printer(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    config_entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    await set_up(hass, config_entry)
    await snapshot_platform(hass, entity_registry, snapshot, config_entry.entry_id)


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "only_platforms")
async def test_sensors_of_a_printing_printer(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
    tick: Ticker,
) -> None:
    simulator.printer.start("Local/folder/part.gcode", duration=3600)
    await set_up(hass, config_entry)
    await tick(900)
    await snapshot_platform(hass, entity_registry, snapshot, config_entry.entry_id)


@pytest.mark.parametrize("model", ["n2"])
async def test_a_printer_with_one_nozzle_has_no_right_one(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
) -> None:
    keys = {
        entry.unique_id.partition("_")[2]
        for entry in er.async_entries_for_config_entry(
            entity_registry, loaded_entry.entry_id
        )
    }
    assert "left_nozzle_temperature" in keys
    assert not {key for key in keys if key.startswith("right")}
    assert not [r for r in simulator.requests if r.path.endswith("nozzle2")]


async def test_an_idle_printer_that_names_yesterdays_file_has_no_job(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
) -> None:
    simulator.printer.start("Local/part.gcode", duration=600)
    await tick(900)
    assert state("status") == "completed"
    assert state("file_name") == "part.gcode"
    assert state("progress") == "100"
    simulator.printer.dismiss()
    await tick(60)
    assert state("status") == "idle"
    for key in (
        "progress",
        "current_layer",
        "total_layers",
        "remaining_time",
        "finish_time",
        "file_name",
    ):
        assert state(key) == "unknown", key


async def test_the_placeholder_of_a_thousand_hours_never_reaches_a_sensor(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
) -> None:
    simulator.printer.start("Local/part.gcode", duration=600)
    simulator.faults.add(
        "override", path="job/currentjob", count=None, data={"total_time": 3600000}
    )
    await tick(300)
    assert state("status") == "printing"
    assert state("finish_time") == "unknown"
    assert state("remaining_time") == "unknown"


async def test_a_word_that_nobody_knows_is_unknown_and_told_once(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    simulator.faults.add(
        "override",
        path="printer/runningstatus",
        count=None,
        data={"running_status": "levitating"},
    )
    await tick(120)
    assert state("status") == "unknown"
    assert state("connected", "binary_sensor") == "on"
    assert caplog.text.count("levitating") == 1


async def test_one_unreadable_part_does_not_blank_the_others(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
) -> None:
    simulator.faults.add("html", path="printer/nozzle1", count=None)
    await tick(300)
    assert state("left_nozzle_temperature") == "unknown"
    assert float(state("right_nozzle_temperature")) > 0
    assert state("status") == "idle"


async def test_a_very_long_file_name_is_cut(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
) -> None:
    simulator.printer.start(f"Local/folder/{'ü' * 300}.gcode")
    await tick(60)
    assert state("file_name") == "ü" * 255


async def test_a_temperature_stands_still_while_the_heater_is_regulated(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    entity_id: Callable[..., str],
) -> None:
    simulator.printer.start("Local/part.gcode", duration=7200)
    await tick(600)
    temperatures = set()
    for _ in range(20):
        await tick(60)
        shown = hass.states.get(entity_id("left_nozzle_temperature"))
        assert shown
        temperatures.add(float(shown.state))
    assert len(temperatures) <= 2
    assert all(abs(temperature - 210) <= 2 for temperature in temperatures)
    simulator.printer.stop()
    await tick(600)
    shown = hass.states.get(entity_id("left_nozzle_temperature"))
    assert shown
    assert float(shown.state) < 150
