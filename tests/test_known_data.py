"""Tests of what an entry knows of its printer: an answer that lacks it takes it not."""

import pytest

from homeassistant.helpers import device_registry as dr

from .common import Home
from .config_flow.flow import Flow, fields_of

QUARTER = 15 * 60
STATED = ["model", "Serial_number", "nozzies_num", "version", "firmware_version"]
RIGHT_KEYS = ("right_nozzle_temperature", "filament_used_right", "filament_used_left")


def count_nozzles(home: Home, number: int | None) -> None:
    """Have the printer say that it has so many nozzles."""
    home.heal()
    home.answer("printer/system", nozzies_num=number)


@pytest.mark.parametrize("source", ["reauth", "reconfigure"])
@pytest.mark.parametrize("nozzles", [1, 2])
async def test_a_form_keeps_what_the_answer_of_the_printer_lacks(
    new_home: Home, source: str, nozzles: int
) -> None:
    data = {**new_home.entry.data, "nozzle_count": nozzles}
    new_home.hass.config_entries.async_update_entry(new_home.entry, data=data)
    new_home.fail("missing_keys", "printer/system", keys=STATED)
    new_home.fail("http_500", "printer/nozzle2")
    flow = Flow(new_home.simulator, new_home.hass)
    start = {"reauth": flow.start_reauth, "reconfigure": flow.start_reconfigure}
    await start[source](new_home.entry, f"{source}_password")
    await flow.fill({key: flow.address()[key] for key in fields_of(flow)})
    await new_home.block_till_done()
    assert flow.reason == f"{source}_successful"
    assert dict(new_home.entry.data) == data


async def test_a_nozzle_that_the_printer_corrects_away_takes_its_entities_along(
    home: Home,
) -> None:
    assert home.keys.issuperset(RIGHT_KEYS)
    count_nozzles(home, 1)
    await home.tick(QUARTER + 60)
    assert home.entry.data["nozzle_count"] == 1
    assert not home.keys.intersection(RIGHT_KEYS)
    count_nozzles(home, 2)
    await home.tick(QUARTER + 60)
    assert home.entry.data["nozzle_count"] == 2
    assert home.keys.issuperset(RIGHT_KEYS)


async def test_a_nozzle_that_is_counted_at_the_start_needs_no_second_start(
    home: Home,
) -> None:
    await home.unload()
    count_nozzles(home, 1)
    await home.set_up()
    assert not home.keys.intersection(RIGHT_KEYS)


async def test_what_the_printer_reports_later_reaches_its_device(
    new_home: Home,
) -> None:
    data = {**new_home.entry.data, "model": "Raise3D", "serial_number": None}
    new_home.hass.config_entries.async_update_entry(new_home.entry, data=data)
    await new_home.set_up()
    device: dr.DeviceEntry = new_home.device
    assert device.model == new_home.printer.model.name
    assert device.serial_number == new_home.printer.serial_number
