"""Tests of switch_off_after_print.yaml."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import mock_restore_cache

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant, State
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from simulator import Printer
from tests.common import MINUTE, Home

from .running import ALL_ENTITIES, instantiate, print_one, restart

pytestmark = pytest.mark.usefixtures("few_entities", "few_polls", "only_platforms")

PLUG = "input_boolean.plug"
STATE = "printer/runningstatus"
PREPARING = 12 * 60  # longer than anything that the blueprint waits for
PARTS = ("left_nozzle_temperature", "right_nozzle_temperature", "bed_temperature")
SIGNS = ("awaiting_removal", "in_use", "panel_in_use", "paused", "printing", "problem")

type Leave = Callable[[Printer], object]

leave = pytest.mark.parametrize(
    "leave", [lambda printer: None, Printer.dismiss], ids=["completed", "idle"]
)


@pytest.fixture
def found() -> set[str]:
    """Return the keys of the entities that the blueprint finds."""
    return {"connected", "job", "status", *PARTS, *SIGNS}


@pytest.fixture(autouse=True)
async def plug_in(hass: HomeAssistant) -> None:
    """Plug the printer in."""
    assert await async_setup_component(hass, "homeassistant", {})
    helpers = {"input_boolean": {"plug": {"initial": True}}}
    assert await async_setup_component(hass, "input_boolean", helpers)


def plug(home: Home) -> str:
    """Return the state of the plug."""
    state = home.hass.states.get(PLUG)
    assert state
    return state.state


async def plug_later(home: Home) -> str:
    """Return the state of the plug after all that may happen."""
    await home.tick(PREPARING)
    return plug(home)


async def switch(home: Home, action: str) -> None:
    """Switch the plug by hand."""
    await home.call(f"input_boolean.{action}", entity_id=PLUG)


async def switch_off_after_print(home: Home, **inputs: Any) -> None:
    """Set up the blueprint with a short waiting time."""
    given = {"printer": home.device.id, "plug": PLUG, "minutes": 5, **inputs}
    await instantiate(home, "switch_off_after_print.yaml", **given)


async def print_one_with_it(home: Home, **inputs: Any) -> None:
    """Set up the blueprint, and print to the end."""
    await switch_off_after_print(home, **inputs)
    await print_one(home)


async def hottest_when_switched_off(home: Home) -> float:
    """Return the highest temperature in the moment before it is switched off."""
    hottest = 0.0
    while plug(home) == "on":
        hottest = max(home.number(key) for key in PARTS)
        await home.tick(5)
        assert dt_util.utcnow().hour == 8
    return hottest


def last_run(home: Home) -> object:
    """Return when the automation last ran."""
    state = home.hass.states.get("automation.under_test")
    assert state
    return state.attributes["last_triggered"]


@leave
@ALL_ENTITIES
async def test_the_plug_is_switched_off_once_all_is_cold(
    home: Home, leave: Leave
) -> None:
    await print_one_with_it(home, minutes=1)
    leave(home.printer)
    assert 0 < await hottest_when_switched_off(home) < 50


async def test_the_waiting_time_is_kept_even_if_all_is_cold(home: Home) -> None:
    await print_one_with_it(home, minutes=20)
    await home.tick(19 * 60)
    assert plug(home) == "on"
    await home.tick(7 * 60)
    assert plug(home) == "off"


async def test_it_may_wait_until_the_plate_is_cleared(home: Home) -> None:
    await print_one_with_it(home, states=["idle"])
    assert await plug_later(home) == "on"
    home.printer.dismiss()
    assert await plug_later(home) == "off"


async def test_a_plate_that_is_cleared_may_mean_that_it_stays_on(home: Home) -> None:
    await print_one_with_it(home, states=["completed"])
    home.printer.dismiss()
    assert await plug_later(home) == "on"


async def test_fahrenheit_is_understood(new_home: Home) -> None:
    new_home.hass.config.units = US_CUSTOMARY_SYSTEM
    await new_home.set_up()
    await print_one_with_it(new_home)
    assert await plug_later(new_home) == "off"
    assert new_home.number("left_nozzle_temperature") > 50


def begin_next(printer: Printer) -> None:
    printer.dismiss()
    printer.start("Local/next.gcode", duration=24 * 3600)


def heat(printer: Printer, bed: int, *nozzles: int) -> None:
    """Give the heaters their targets."""
    heaters = (printer.machine.bed, *printer.machine.nozzles)
    for heater, target in zip(heaters, (bed, *nozzles), strict=True):
        printer.machine.set_heater(heater, target)


async def test_it_stays_on_while_anything_goes_on(home: Home) -> None:
    await print_one_with_it(home)
    home.printer.touch(PREPARING)
    assert await plug_later(home) == "on"
    begin_next(home.printer)
    assert await plug_later(home) == "on"
    home.printer.pause()
    assert await plug_later(home) == "on"
    home.printer.resume()
    await home.tick(MINUTE)
    home.printer.fail()
    assert await plug_later(home) == "on"
    assert home.status == "error"


async def test_it_stays_on_while_any_part_is_hot(home: Home) -> None:
    await print_one_with_it(home)
    heat(home.printer, 0, 0, 200)
    assert await plug_later(home) == "on"
    heat(home.printer, 60, 0, 0)
    assert await plug_later(home) == "on"
    # by now only the bed is
    assert home.number("right_nozzle_temperature") < 50
    assert await plug_later(home) == "on"
    home.printer.dismiss()
    assert await plug_later(home) == "on"
    heat(home.printer, 0, 0, 0)
    assert await plug_later(home) == "off"


async def plug_while_it_reports(home: Home, path: str, **data: Any) -> str:
    """Return the state of the plug after a while with some data."""
    home.answer(path, **data)
    state = await plug_later(home)
    home.heal()
    return state


async def test_it_stays_on_while_anything_is_unknown(home: Home) -> None:
    await print_one_with_it(home)
    assert [
        await plug_while_it_reports(home, "printer/nozzle1", nozzle_cur_temp=None),
        await plug_while_it_reports(home, "printer/nozzle2", nozzle_cur_temp=None),
        await plug_while_it_reports(home, "printer/basic", heatbed_cur_temp=None),
        await plug_while_it_reports(home, STATE, running_status=None),
        await plug_while_it_reports(home, STATE, running_status="dreaming"),
    ] == ["on"] * 5
    assert await plug_later(home) == "off"


async def test_it_stays_on_while_the_printer_is_out_of_reach(home: Home) -> None:
    await print_one_with_it(home)
    await home.simulator.unplug()
    assert await plug_later(home) == "on"
    await home.simulator.start()
    assert await plug_later(home) == "off"


async def test_it_stays_on_while_the_entry_is_disabled(home: Home) -> None:
    await print_one_with_it(home)
    await home.hass.config_entries.async_set_disabled_by(
        home.entry.entry_id, ConfigEntryDisabler.USER
    )
    assert await plug_later(home) == "on"


async def test_a_print_that_starts_in_the_last_second_keeps_it_on(home: Home) -> None:
    await print_one_with_it(home, minutes=8)
    # the check at 08:15 is the first that finds everything as it has to be
    await home.tick(12 * 60 + 25)
    assert str(dt_util.utcnow().time()) == "08:14:55"
    assert plug(home) == "on"
    before = last_run(home)
    begin_next(home.printer)
    assert home.status == "completed"
    await home.tick(10)
    assert last_run(home) != before
    assert plug(home) == "on"
    assert await plug_later(home) == "on"
    assert home.printer.running_status == "running"


async def test_a_heater_that_is_switched_on_in_the_last_second_keeps_it_on(
    home: Home,
) -> None:
    await print_one_with_it(home, minutes=8)
    home.printer.dismiss()
    await home.tick(12 * 60 + 25)
    assert str(dt_util.utcnow().time()) == "08:14:55"
    assert plug(home) == "on"
    before = last_run(home)
    # it is a while until its temperature shows it
    home.answer("printer/nozzle2", nozzle_tar_temp=200)
    await home.tick(10)
    assert last_run(home) != before
    assert plug(home) == "on"
    assert await plug_later(home) == "on"


async def test_a_lower_temperature_than_that_of_use_is_kept(home: Home) -> None:
    await print_one_with_it(home, temperature=30)
    home.printer.dismiss()
    assert 0 < await hottest_when_switched_off(home) < 30


@leave
async def test_a_restart_while_it_cools_down_changes_nothing(
    home: Home, leave: Leave
) -> None:
    await print_one(home)
    leave(home.printer)
    await home.tick(30)
    await restart(home, down=30)
    await switch_off_after_print(home)
    await home.hass.async_start()
    await home.tick(60)
    assert plug(home) == "on"
    assert await plug_later(home) == "off"


async def test_a_printer_that_is_switched_on_again_stays_on(home: Home) -> None:
    await print_one_with_it(home)
    assert await plug_later(home) == "off"
    await home.simulator.power_off()
    await home.tick(60)
    await switch(home, "turn_on")
    await home.simulator.power_on()
    assert await plug_later(home) == "on"
    # until the next print has ended
    await print_one(home)
    assert await plug_later(home) == "off"


async def test_a_printer_that_was_switched_off_by_hand_stays_on_afterwards(
    home: Home,
) -> None:
    await print_one_with_it(home)
    await switch(home, "turn_off")
    await home.simulator.power_off()
    await home.tick(30)
    await switch(home, "turn_on")
    await home.simulator.power_on()
    assert await plug_later(home) == "on"


async def test_a_printer_that_was_switched_off_at_its_own_switch_stays_on_afterwards(
    home: Home,
) -> None:
    await print_one_with_it(home)
    await home.simulator.power_off()
    await home.tick(600)
    await home.simulator.power_on()
    assert await plug_later(home) == "on"


async def test_a_print_that_a_power_failure_ended_is_nothing_to_act_on(
    home: Home,
) -> None:
    await switch_off_after_print(home)
    home.printer.start("Local/part.gcode")
    await home.tick(120)
    await home.simulator.power_off()
    await home.tick(180)
    await home.simulator.power_on()
    assert await plug_later(home) == "on"


async def test_what_it_did_before_a_restart_is_remembered(home: Home) -> None:
    await print_one(home)
    home.printer.dismiss()
    await home.tick(60)
    ran = {"last_triggered": dt_util.utcnow().isoformat()}
    mock_restore_cache(home.hass, [State("automation.under_test", "on", ran)])
    await switch_off_after_print(home)
    assert await plug_later(home) == "on"
