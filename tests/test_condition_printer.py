"""Tests of the conditions that are about a printer as a whole: free, and hot."""

import pytest

from homeassistant.const import Platform
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from simulator import Printer, Unknowns

from .automations import TARGETS, another_printer, device_of, targets_of
from .common import MINUTE, Home
from .test_condition import Holding, automate, own

pytestmark = pytest.mark.usefixtures("few_polls", "only_platforms")

NAMES = ("any", "all")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platform that has the temperatures read."""
    return [Platform.SENSOR]


async def holding_of(home: Home, key: str, **options: object) -> Holding:
    """Set up an automation with one condition for the printer."""
    one = own(key, options, device_id=home.device.id)
    return await automate(home, {"it": one})


async def holding_of_both(home: Home, key: str, other: str) -> Holding:
    """Set up an automation for any and for all of two printers."""
    devices = [home.device.id, other]
    conditions = {
        name: own(key, {"behavior": name}, device_id=devices) for name in NAMES
    }
    return await automate(home, conditions)


def heat(printer: Printer, degrees: int) -> None:
    """Give all heaters a target."""
    for heater in (*printer.machine.nozzles, printer.machine.bed):
        printer.machine.set_heater(heater, degrees)


def begin(printer: Printer) -> None:
    """Begin a print that heats nothing."""
    printer.start(duration=10 * MINUTE, nozzle_temp=0, bed_temp=0)


async def update(home: Home) -> None:
    """Poll at once."""
    await home.coordinator.async_request_refresh()
    await home.tick(11)


# Free


async def test_a_printer_is_free_only_while_it_has_nothing_to_do(home: Home) -> None:
    holding = await holding_of(home, "is_free")
    assert await holding()
    begin(home.printer)
    await home.tick(MINUTE)
    assert not await holding()
    home.printer.pause()
    await home.tick(MINUTE)
    assert not await holding()
    home.printer.resume()
    await home.tick(10 * MINUTE)
    # a part is on the plate
    assert not await holding()
    home.printer.dismiss()
    await home.tick(MINUTE)
    assert await holding()
    home.printer.touch(MINUTE)
    await home.tick(40)
    assert not await holding()
    home.printer.fail()
    await home.tick(MINUTE)
    assert not await holding()


async def test_a_printer_that_is_hot_is_free(home: Home) -> None:
    holding = await holding_of(home, "is_free")
    heat(home.printer, 200)
    await home.tick(4 * MINUTE)
    assert await holding()


@pytest.mark.parametrize("unknowns", [Unknowns(state_lag=30)])
async def test_a_printer_that_names_a_new_job_is_not_free(home: Home) -> None:
    holding = await holding_of(home, "is_free")
    await home.tick(MINUTE)
    begin(home.printer)
    await update(home)
    assert home.status == "idle"
    assert not await holding()


async def test_how_long_a_printer_has_been_free_counts_from_its_state(
    home: Home,
) -> None:
    holding = await holding_of(home, "is_free", **{"for": "00:05:00"})
    home.printer.touch(MINUTE)
    await home.tick(40)
    await home.tick(5 * MINUTE)
    assert not await holding()
    await home.tick(2 * MINUTE)
    assert await holding()


@pytest.mark.parametrize("key", ["is_free", "is_hot"])
async def test_nothing_is_true_of_a_printer_that_says_nothing(
    home: Home, key: str
) -> None:
    options = {"behavior": "all"}
    holding = await holding_of(home, key, **options)
    home.answer("printer/runningstatus", running_status=None)
    home.fail("no_data", "printer/basic", "printer/nozzle1", "printer/nozzle2")
    await home.tick(10 * MINUTE)
    assert home.status == "unknown"
    assert not await holding()
    await home.simulator.power_off()
    await home.tick(10 * MINUTE)
    assert not await holding()
    await home.unload()
    assert not await holding()


# Hot


async def test_a_printer_is_hot_from_a_temperature_on(home: Home) -> None:
    holding = await automate(
        home,
        {
            str(degrees): own(
                "is_hot", {"temperature": degrees}, device_id=home.device.id
            )
            for degrees in (49, 50, 51)
        }
        | {"default": own("is_hot", device_id=home.device.id)},
    )
    assert not await holding()
    home.answer("printer/nozzle2", nozzle_cur_temp=50)
    await update(home)
    assert await holding() == {"49", "50", "default"}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("printer/nozzle1", "nozzle_cur_temp"),
        ("printer/nozzle2", "nozzle_cur_temp"),
        ("printer/basic", "heatbed_cur_temp"),
    ],
)
async def test_each_heater_alone_makes_a_printer_hot(
    home: Home, path: str, name: str
) -> None:
    holding = await holding_of(home, "is_hot")
    home.answer(path, lambda data: data | {name: 60})
    await update(home)
    assert await holding()


async def test_a_printer_is_hot_whatever_its_state_is(home: Home) -> None:
    holding = await holding_of(home, "is_hot")
    heat(home.printer, 200)
    home.answer("printer/runningstatus", running_status="dreaming")
    await home.tick(10 * MINUTE)
    assert home.status == "unknown"
    assert await holding()


async def test_degrees_are_celsius_where_fahrenheit_is_shown(new_home: Home) -> None:
    new_home.hass.config.units = US_CUSTOMARY_SYSTEM
    await new_home.set_up()
    holding = await holding_of(new_home, "is_hot")
    await new_home.tick(MINUTE)
    assert new_home.number("bed_temperature") > 50
    assert not await holding()
    heat(new_home.printer, 60)
    await new_home.tick(10 * MINUTE)
    assert await holding()


# Targets


async def test_only_the_targeted_printer_counts(home: Home) -> None:
    targets = targets_of(home, home.entity_id("status"))
    free = {f"free {kind}": own("is_free", **targets[kind]) for kind in TARGETS}
    hot = {f"hot {kind}": own("is_hot", **targets[kind]) for kind in TARGETS}
    holding = await automate(home, free | hot)
    async with another_printer(home.hass) as (other, _):
        heat(other, 200)
        begin(home.printer)
        await home.tick(4 * MINUTE)
        assert await holding() == set()
        home.printer.stop()
        heat(home.printer, 200)
        await home.tick(4 * MINUTE)
        assert await holding() == {*free, *hot}


async def test_each_printer_is_free_once(home: Home) -> None:
    async with another_printer(home.hass) as (other, entry):
        holding = await holding_of_both(home, "is_free", device_of(home.hass, entry).id)
        assert await holding() == {"any", "all"}
        begin(other)
        await home.tick(MINUTE)
        assert await holding() == {"any"}
        await home.simulator.power_off()
        await home.tick(MINUTE)
        assert await holding() == set()


async def test_each_printer_is_hot_once_however_many_heaters_it_has(
    home: Home,
) -> None:
    async with another_printer(home.hass) as (other, entry):
        holding = await holding_of_both(home, "is_hot", device_of(home.hass, entry).id)
        assert await holding() == set()
        other.machine.set_heater(other.machine.bed, 60)
        await home.tick(4 * MINUTE)
        assert await holding() == {"any"}
        home.printer.machine.set_heater(home.printer.machine.nozzles[0], 200)
        await home.tick(4 * MINUTE)
        assert await holding() == {"any", "all"}
        await home.simulator.power_off()
        await home.tick(MINUTE)
        assert await holding() == {"any"}
