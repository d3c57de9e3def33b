"""Tests of the binary sensors."""

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

from .common import set_up
from .conftest import Ticker


@pytest.fixture
def platforms() -> list[Platform]:
    return [Platform.BINARY_SENSOR]


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "only_platforms")
async def test_binary_sensors_of_an_idle_printer(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    config_entry: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    await set_up(hass, config_entry)
    await snapshot_platform(hass, entity_registry, snapshot, config_entry.entry_id)


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_each_state_of_the_printer_is_told_by_its_own_sensor(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
) -> None:
    printer = simulator.printer
    await set_up(hass, config_entry)

    def told() -> set[str]:
        keys = ("awaiting_removal", "panel_in_use", "paused", "printing", "problem")
        return {key for key in keys if state(key, "binary_sensor") == "on"}

    assert told() == set()
    printer.touch(120)
    await tick(60)
    assert told() == {"panel_in_use"}
    await tick(120)
    printer.start("Local/part.gcode", duration=1200)
    await tick(120)
    assert told() == {"printing"}
    printer.touch(60)
    await tick(45)
    assert told() == {"panel_in_use", "printing"}
    await tick(60)
    printer.pause()
    await tick(60)
    assert told() == {"paused"}
    printer.resume()
    await tick(1800)
    assert told() == {"awaiting_removal"}
    printer.dismiss()
    await tick(60)
    assert told() == set()
    printer.fail()
    await tick(60)
    assert told() == {"problem"}


async def test_a_state_that_nobody_knows_leaves_the_sensors_unknown(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
) -> None:
    simulator.faults.add("missing_keys", path="printer/runningstatus", count=None)
    await tick(60)
    for key in ("awaiting_removal", "paused", "printing", "problem"):
        assert state(key, "binary_sensor") == "unknown", key
