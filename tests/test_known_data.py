"""Tests of what an entry knows of its printer: an answer that lacks it takes it not."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulator import Simulator

from .automations import device_of
from .common import PASSWORD, set_up
from .conftest import Ticker

QUARTER = 15 * 60
STATED = ["model", "Serial_number", "nozzies_num", "version", "firmware_version"]
RIGHT_KEYS = ("right_nozzle_temperature", "filament_used_right", "filament_used_left")


def keys(hass: HomeAssistant, entry: MockConfigEntry) -> set[str]:
    """Return the keys of the entities that there are."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return {one.unique_id.removeprefix(f"{entry.unique_id}_") for one in entities}


def count_nozzles(simulator: Simulator, number: int | None) -> None:
    """Have the printer say that it has so many nozzles."""
    simulator.faults.clear()
    simulator.faults.add(
        "override",
        path="printer/system",
        count=None,
        data=lambda data: data | {"nozzies_num": number},
    )


@pytest.mark.parametrize("source", ["reauth", "reconfigure"])
@pytest.mark.parametrize("nozzles", [1, 2])
async def test_a_form_keeps_what_the_answer_of_the_printer_lacks(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    source: str,
    nozzles: int,
) -> None:
    data = {**config_entry.data, "nozzle_count": nozzles}
    hass.config_entries.async_update_entry(config_entry, data=data)
    simulator.faults.add("missing_keys", path="printer/system", count=None, keys=STATED)
    simulator.faults.add("http_500", path="printer/nozzle2", count=None)
    flow = hass.config_entries.flow
    menu = await getattr(config_entry, f"start_{source}_flow")(hass)
    form = await flow.async_configure(
        menu["flow_id"], {"next_step_id": f"{source}_password"}
    )
    address = {"host": simulator.host, "port": simulator.port}
    assert form["data_schema"] is not None
    fields = {str(field) for field in form["data_schema"].schema}
    typed = {"password": PASSWORD} | address
    result = await flow.async_configure(
        menu["flow_id"], {key: typed[key] for key in fields}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == f"{source}_successful"
    assert dict(config_entry.data) == data


async def test_a_nozzle_that_the_printer_corrects_away_takes_its_entities_along(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    assert keys(hass, loaded_entry).issuperset(RIGHT_KEYS)
    count_nozzles(simulator, 1)
    await tick(QUARTER + 60)
    assert loaded_entry.data["nozzle_count"] == 1
    assert not keys(hass, loaded_entry).intersection(RIGHT_KEYS)
    count_nozzles(simulator, 2)
    await tick(QUARTER + 60)
    assert loaded_entry.data["nozzle_count"] == 2
    assert keys(hass, loaded_entry).issuperset(RIGHT_KEYS)


async def test_a_nozzle_that_is_counted_at_the_start_needs_no_second_start(
    hass: HomeAssistant, simulator: Simulator, loaded_entry: MockConfigEntry
) -> None:
    await hass.config_entries.async_unload(loaded_entry.entry_id)
    count_nozzles(simulator, 1)
    await set_up(hass, loaded_entry)
    assert not keys(hass, loaded_entry).intersection(RIGHT_KEYS)


async def test_what_the_printer_tells_later_reaches_its_device(
    hass: HomeAssistant, simulator: Simulator, config_entry: MockConfigEntry
) -> None:
    data = {**config_entry.data, "model": "Raise3D", "serial_number": None}
    hass.config_entries.async_update_entry(config_entry, data=data)
    await set_up(hass, config_entry)
    device: dr.DeviceEntry = device_of(hass, config_entry)
    assert device.model == simulator.printer.model.name
    assert device.serial_number == simulator.printer.serial_number
