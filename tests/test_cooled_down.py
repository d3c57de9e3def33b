"""Tests of the cool-down after a print, in real automations."""

import pytest

from homeassistant.const import Platform
from homeassistant.setup import async_setup_component
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from .automations import AUTOMATION
from .common import MINUTE, Home
from .waiting import Options, Waiting, cool, wait_for, waiting

PARTS = {
    "printer/basic": "heatbed",
    "printer/nozzle1": "nozzle",
    "printer/nozzle2": "nozzle",
}
TEMPERATURES = set(PARTS)
# Seconds after which a bed of 58 degrees is known to be below 45.
COOL_DOWN = 9 * MINUTE

pytestmark = pytest.mark.usefixtures("only_platforms")
events_only = pytest.mark.parametrize("platforms", [[Platform.EVENT]])


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that have the temperatures read before the end too."""
    return [Platform.EVENT, Platform.SENSOR]


def cooled(temperature: float, *late: str) -> tuple[object, ...]:
    """Return what an automation has done below a temperature."""
    return ("cooled_down", temperature, *late)


def begin(home: Home, nozzle: int = 60, bed: int = 58) -> None:
    """Begin a print that ends in five minutes."""
    home.printer.start(
        "Local/part.gcode", duration=5 * MINUTE, nozzle_temp=nozzle, bed_temp=bed
    )


@pytest.fixture
async def waits(home: Home) -> Waiting:
    """Return what happens below 50 and 45 degrees, near the end of a print."""
    waits = await wait_for(home, cool(50), cool(45))
    begin(home)
    await home.tick(4 * MINUTE)
    return waits


async def test_it_fires_once_when_all_is_below(home: Home, waits: Waiting) -> None:
    await home.tick(2 * MINUTE)
    assert home.events[-1] == ("completed", False)
    assert waits.done == []
    await home.tick(COOL_DOWN)
    assert waits.done == [cooled(50), cooled(45)]
    assert all(each["temperature"] < 50 for each in waits.given)


@pytest.mark.parametrize("path", PARTS)
async def test_it_waits_for_a_part_that_is_hot_or_has_a_target_or_is_not_known(
    home: Home, waits: Waiting, path: str
) -> None:
    part = PARTS[path]
    home.answer(path, None, **{f"{part}_tar_temp": 60})
    await home.tick(MINUTE + COOL_DOWN)
    assert waits.done == []
    home.heal()
    home.fail("http_500", path)
    await home.tick(6 * MINUTE)
    assert waits.done == []
    home.heal()
    home.answer(path, None, **{f"{part}_cur_temp": 50})
    await home.tick(6 * MINUTE)
    assert waits.done == []
    home.heal()
    home.answer(path, None, **{f"{part}_cur_temp": 49})
    await home.tick(4 * MINUTE)
    assert waits.done == [cooled(50)]
    home.heal()
    await home.tick(4 * MINUTE)
    assert waits.done == [cooled(50), cooled(45)]


async def test_it_does_not_fire_before_the_end_of_a_print(home: Home) -> None:
    waits = await wait_for(home, cool(50))
    await home.tick(5 * MINUTE)
    begin(home, nozzle=40, bed=30)
    await home.tick(4 * MINUTE)
    assert waits.done == []
    await home.tick(5 * MINUTE)
    assert waits.done == [cooled(50)]


async def test_a_next_print_ends_the_cool_down_of_the_one_before(
    home: Home, waits: Waiting
) -> None:
    await home.tick(2 * MINUTE)
    home.printer.dismiss()
    first = home.printer.job.job_id
    begin(home)
    await home.tick(6 * MINUTE + COOL_DOWN)
    assert waits.done == [cooled(50), cooled(45)]
    assert first not in [each["job_id"] for each in waits.given]


async def test_what_was_read_before_the_end_is_no_cool_down(home: Home) -> None:
    await home.tick(10 * MINUTE)
    waits = await wait_for(home, cool(50))
    begin(home, nozzle=205)
    await home.tick(35)
    home.printer.fail()
    await home.tick(10)
    home.answer("printer/nozzle1", nozzle_cur_temp=180)
    await home.tick(COOL_DOWN)
    assert home.events[-1] == ("failed", False)
    assert waits.done == []


async def test_a_cool_down_during_a_restart_is_late(home: Home, waits: Waiting) -> None:
    await home.tick(2 * MINUTE)
    async with home.down():
        await home.tick(COOL_DOWN)
    await home.tick(MINUTE)
    assert waits.done == [cooled(50, "late"), cooled(45, "late")]


async def test_an_end_that_is_seen_late_is_followed_too(
    home: Home, waits: Waiting
) -> None:
    await home.simulator.unplug()
    await home.tick(3 * MINUTE)
    await home.simulator.start()
    await home.tick(MINUTE)
    assert home.events[-1] == ("completed", True)
    assert waits.done == []
    await home.tick(COOL_DOWN)
    assert waits.done == [cooled(50), cooled(45)]


async def test_a_printer_that_is_added_after_its_print_does_not_fire(
    new_home: Home,
) -> None:
    begin(new_home)
    await new_home.tick(6 * MINUTE)
    await new_home.set_up()
    waits = await wait_for(new_home, cool(50))
    await new_home.tick(COOL_DOWN)
    assert waits.done == []


@pytest.mark.parametrize("model", ["n2"])
async def test_one_nozzle_is_enough(home: Home, waits: Waiting, model: str) -> None:
    await home.tick(MINUTE + COOL_DOWN)
    assert waits.done == [cooled(50), cooled(45)]


async def test_the_usual_temperature_is_fifty_degrees(home: Home) -> None:
    waits = await wait_for(home, ("cooled_down", {}))
    begin(home)
    await home.tick(6 * MINUTE)
    assert waits.done == []
    await home.tick(COOL_DOWN)
    assert len(waits.done) == 1
    assert 25 < waits.given[0]["temperature"] < 50


async def test_degrees_are_celsius_whatever_unit_is_shown(home: Home) -> None:
    home.hass.config.units = US_CUSTOMARY_SYSTEM
    waits = await wait_for(home, cool(50), ("cooled_down", {}))
    begin(home)
    await home.tick(6 * MINUTE)
    assert waits.done == []
    await home.tick(COOL_DOWN)
    warm = [each["temperature"] for each in waits.given]
    assert len(warm) == 2
    assert 25 < warm[0] < 50
    assert warm[1] == warm[0]


async def test_temperatures_that_make_no_sense_are_refused(home: Home) -> None:
    target: Options = {"device_id": home.device.id}
    config = [
        waiting(home, "cooled_down", {"temperature": temperature}, target)
        for temperature in (24, 151, "warm", "nan")
    ]
    assert await async_setup_component(home.hass, AUTOMATION, {AUTOMATION: config})
    await home.block_till_done()
    states = home.hass.states.async_all(AUTOMATION)
    assert [state.state for state in states] == ["unavailable"] * 4


@events_only
async def test_temperatures_that_no_entity_shows_are_read_while_it_cools_down(
    home: Home,
) -> None:
    waits = await wait_for(home, cool(50))
    home.simulator.requests.clear()
    begin(home)
    await home.tick(4 * MINUTE)
    assert not TEMPERATURES & set(home.paths)
    await home.tick(2 * MINUTE + COOL_DOWN)
    assert waits.done == [cooled(50)]
    read = home.count_requests("printer/basic")
    assert read > 0
    # nobody waits any more
    await home.tick(10 * MINUTE)
    assert home.count_requests("printer/basic") == read


@events_only
async def test_temperatures_that_nobody_waits_for_are_not_read(home: Home) -> None:
    home.simulator.requests.clear()
    begin(home)
    await home.tick(6 * MINUTE + COOL_DOWN)
    assert home.events[-1] == ("completed", False)
    assert not TEMPERATURES & set(home.paths)
