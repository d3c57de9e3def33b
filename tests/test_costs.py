"""Tests of what a print costs: in the event, in the sensors, in the log."""

from copy import deepcopy
import logging
from typing import Any

import pytest

from homeassistant.const import Platform
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event

from .common import MINUTE, Home
from .plugs import (
    BY_POWER,
    BY_TARIFF,
    FILAMENT,
    GRAMS,
    METER,
    METERED,
    SENSORS,
    TARIFF,
    Workshop,
)

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that show a cost."""
    return [Platform.EVENT, Platform.SENSOR]


@pytest.fixture
def workshop(new_home: Home) -> Workshop:
    """Return a printer on a plug that has counted before."""
    workshop = Workshop(new_home)
    workshop.meter(100)
    workshop.power(300)
    workshop.tariff(0.5)
    return workshop


async def kill(workshop: Workshop, storage: dict[str, Any]) -> None:
    """Kill Home Assistant, which stores nothing any more, and start it again."""
    stored = deepcopy(storage)
    await workshop.home.unload()
    storage.clear()
    storage.update(stored)
    await workshop.home.set_up()


async def test_a_print_costs_its_filament_and_its_energy(workshop: Workshop) -> None:
    await workshop.open(**FILAMENT, **METERED)
    assert workshop.states == ["unknown", "unknown", "0.0"]
    await workshop.print()
    workshop.meter(100.5)
    await workshop.finish()
    # 40 g at 20, 2 g at 50, 0.5 kWh at 0.3
    assert workshop.event == (0.5, 1.05)
    assert workshop.states == ["0.5", "1.05", "1.05"]
    assert workshop.home.entity("last_job_cost").attributes["unit_of_measurement"] == (
        "EUR"
    )
    workshop.meter(103)
    await workshop.print()
    workshop.meter(104)
    await workshop.finish()
    assert workshop.event == (1.0, 1.2)
    jobs = (await workshop.home.act("get_print_history"))["jobs"]
    assert [(job["energy"], job["cost"]) for job in jobs] == [(1.0, 1.2), (0.5, 1.05)]
    await workshop.home.restart()
    await workshop.home.tick(MINUTE)
    assert workshop.states == ["1.0", "1.2", "2.25"]


async def test_the_energy_of_a_failed_print_counts_and_its_grams_are_unknown(
    workshop: Workshop,
) -> None:
    await workshop.open(**FILAMENT, **METERED)
    await workshop.print()
    workshop.meter(100.5)
    workshop.home.printer.fail()
    await workshop.home.tick(2 * MINUTE)
    assert workshop.event == (0.5, None)
    assert workshop.states == ["0.5", "unknown", "0.15"]


async def test_without_a_price_of_filament_a_stopped_print_costs_its_energy(
    workshop: Workshop,
) -> None:
    await workshop.open(**METERED)
    await workshop.print()
    workshop.meter(100.5)
    workshop.home.printer.stop()
    await workshop.home.tick(2 * MINUTE)
    assert workshop.event == (0.5, 0.15)


async def test_power_is_counted_over_time(workshop: Workshop) -> None:
    await workshop.open(**BY_POWER)
    await workshop.print(minutes=6)
    workshop.power(900)
    await workshop.home.tick(3 * MINUTE)
    workshop.power(300)
    await workshop.home.tick(3 * MINUTE)
    energy, _ = workshop.event
    # 300 W and 900 W for three minutes each; start and end are seen within a minute
    assert energy == pytest.approx(0.06, abs=0.005)


async def test_a_tariff_that_changes_at_two_o_clock_counts_from_then_on(
    workshop: Workshop,
) -> None:
    await workshop.open(**BY_TARIFF)
    await workshop.print()
    workshop.meter(101)
    workshop.tariff(20, unit="ct/kWh")
    workshop.meter(102)
    workshop.tariff(None)
    await workshop.home.tick(30)
    workshop.tariff(200, unit="EUR/MWh")
    workshop.meter(103)
    await workshop.finish()
    assert workshop.event == (3.0, 0.9)


async def test_a_start_that_was_not_seen_leaves_the_energy_unknown(
    workshop: Workshop,
) -> None:
    workshop.home.printer.start("Local/part.gcode", duration=240, filament=GRAMS)
    await workshop.home.tick(2 * MINUTE)
    await workshop.open(**FILAMENT, **METERED)
    workshop.meter(101)
    await workshop.finish()
    assert workshop.event == (None, None)
    # its grams are known
    assert workshop.states == ["unknown", "unknown", "0.9"]


async def test_an_end_during_a_short_restart_counts_until_then(
    workshop: Workshop,
) -> None:
    await workshop.open(**METERED)
    await workshop.print()
    workshop.meter(100.5)
    await workshop.home.tick(45)
    async with workshop.home.down():
        await workshop.home.tick(MINUTE)
    await workshop.home.tick(10)
    assert workshop.event == (0.5, 0.15)


async def test_a_restart_during_a_print_loses_and_doubles_nothing(
    workshop: Workshop,
) -> None:
    await workshop.open(**FILAMENT, **BY_TARIFF)
    await workshop.print()
    workshop.meter(101)
    async with workshop.home.down():
        workshop.meter(None)
        await workshop.home.tick(20)
    workshop.tariff(0.5)
    workshop.meter(102)
    await workshop.home.reload()
    await workshop.finish()
    assert workshop.event == (2.0, 1.9)
    assert workshop.states == ["2.0", "1.9", "1.9"]


async def test_a_kill_just_after_a_start_or_an_end_loses_no_cost(
    workshop: Workshop, hass_storage: dict[str, Any]
) -> None:
    await workshop.open(**FILAMENT, **METERED)
    workshop.home.printer.start("Local/part.gcode", duration=100, filament=GRAMS)
    await workshop.next_event()
    await kill(workshop, hass_storage)
    await workshop.home.tick(MINUTE)
    workshop.meter(101)
    await workshop.next_event()
    known = workshop.states
    assert known == ["1.0", "1.2", "1.2"]
    await kill(workshop, hass_storage)
    assert workshop.states == known
    assert [(job.energy, job.cost) for job in workshop.jobs] == [(1.0, 1.2)]


async def test_an_end_writes_the_costs_once_and_printing_not_at_all(
    workshop: Workshop, hass_storage: dict[str, Any]
) -> None:
    home = workshop.home
    await workshop.open(**FILAMENT, **METERED)
    await workshop.print(minutes=5)
    (key,) = (key for key in hass_storage if key.endswith(".costs"))
    hass_storage[key]["marked"] = True
    workshop.meter(101)
    await home.tick(3 * MINUTE)
    assert hass_storage[key]["marked"]
    await workshop.next_event()
    assert "marked" not in hass_storage[key]
    hass_storage[key]["marked"] = True
    await home.tick(5 * MINUTE)
    assert hass_storage[key]["marked"]


async def test_grams_that_come_later_complete_the_cost(workshop: Workshop) -> None:
    home = workshop.home
    await workshop.open(**FILAMENT, **METERED)
    await workshop.print()
    home.answer("dashboard/joblist", job_list=[])
    workshop.meter(100.5)
    await home.tick(90)
    assert workshop.event == (0.5, None)
    assert workshop.states == ["0.5", "unknown", "0.15"]
    home.heal()
    await home.tick(MINUTE)
    assert workshop.states == ["0.5", "1.05", "1.05"]
    assert [job.cost for job in workshop.jobs] == [1.05]


async def test_a_plug_that_is_switched_off_at_the_end_has_been_read_before(
    workshop: Workshop,
) -> None:
    home = workshop.home
    await workshop.open(**METERED)
    await workshop.print()
    workshop.meter(100.5)

    @callback
    def switch_off(_event: Event[EventStateChangedData]) -> None:
        """Lose the meter with the plug."""
        workshop.meter(None)

    event = home.entity_id("job", "event")
    async_track_state_change_event(home.hass, event, switch_off)
    await workshop.finish()
    assert workshop.event == (0.5, 0.15)


async def test_a_print_whose_id_comes_late_is_counted_from_its_start(
    workshop: Workshop,
) -> None:
    await workshop.open(**METERED)
    workshop.home.answer("job/currentjob", job_id="")
    await workshop.print()
    assert workshop.jobs[-1].job_id is None
    workshop.home.heal()
    workshop.meter(100.5)
    await workshop.finish()
    assert workshop.event == (0.5, 0.15)


async def test_a_plug_and_a_tariff_with_new_names_are_still_followed(
    workshop: Workshop,
) -> None:
    registry = er.async_get(workshop.home.hass)
    for sensor in (METER, TARIFF):
        workshop.home.hass.states.async_remove(sensor)
        name = sensor.partition(".")[2]
        registry.async_get_or_create("sensor", "x", name, suggested_object_id=name)
    workshop.meter(100)
    workshop.tariff(0.5)
    await workshop.open(**BY_TARIFF)
    await workshop.print()
    workshop.meter(101)
    for sensor in (METER, TARIFF):
        state = workshop.home.hass.states.get(sensor)
        assert state is not None
        registry.async_update_entity(sensor, new_entity_id=f"{sensor}_2")
        workshop.home.hass.states.async_remove(sensor)
        workshop.home.hass.states.async_set(
            f"{sensor}_2", state.state, state.attributes
        )
    await workshop.finish()
    assert workshop.event == (1.0, 0.5)
    assert set(workshop.home.entry.options.values()) == {f"{METER}_2", f"{TARIFF}_2"}


async def test_without_prices_nothing_is_read_counted_or_stored(
    workshop: Workshop, hass_storage: dict[str, object]
) -> None:
    await workshop.open()
    home = workshop.home
    home.simulator.requests.clear()
    await workshop.print()
    workshop.meter(101)
    await workshop.finish()
    assert home.count_requests("dashboard/job") == 0
    assert workshop.event == (None, None)
    assert set(home.disabled_by("sensor")) >= {"cost_total", "last_job_energy"}
    assert not [key for key in hass_storage if key.endswith(".costs")]


async def test_prices_enable_the_sensors_and_a_choice_of_a_person_stays(
    workshop: Workshop,
) -> None:
    await workshop.open()
    home = workshop.home
    registry = er.async_get(home.hass)
    registry.async_update_entity(
        home.entity_id("last_job_cost"), disabled_by=er.RegistryEntryDisabler.USER
    )
    flow = await home.hass.config_entries.options.async_init(home.entry.entry_id)
    await home.hass.config_entries.options.async_configure(
        flow["flow_id"], FILAMENT | METERED
    )
    # Home Assistant reloads what has been enabled once more
    await home.tick(MINUTE)
    found = home.disabled_by("sensor")
    assert [found[key] for key in SENSORS] == [
        *(None, er.RegistryEntryDisabler.USER, None)
    ]
    assert home.state("cost_total") == "0.0"


async def test_the_costs_of_a_printer_go_with_it(
    workshop: Workshop, hass_storage: dict[str, object]
) -> None:
    await workshop.open(**METERED)
    await workshop.home.reload()
    assert [key for key in hass_storage if key.endswith(".costs")]
    await workshop.home.remove()
    assert not [key for key in hass_storage if key.endswith(".costs")]


async def test_money_in_another_currency_is_in_no_sum_and_comes_back_with_it(
    workshop: Workshop,
) -> None:
    home = workshop.home
    await workshop.open(**METERED)
    await workshop.print()
    workshop.meter(101)
    await workshop.finish()
    await workshop.print()
    workshop.meter(102)
    await home.hass.config.async_update(currency="USD")
    await home.block_till_done()
    assert workshop.states == ["1.0", "unknown", "0.0"]
    workshop.meter(103)
    await workshop.finish()
    assert workshop.event == (2.0, None)
    assert home.entity("cost_total").attributes["unit_of_measurement"] == "USD"
    assert (await home.act("get_print_summary"))["total"]["cost"] is None
    (_, old) = (await home.act("get_print_history"))["jobs"]
    assert old["cost"] is None
    await home.hass.config.async_update(currency="EUR")
    await home.block_till_done()
    assert workshop.states == ["2.0", "unknown", "0.3"]
    assert (await home.act("get_print_summary"))["total"]["cost"] == 0.3


async def test_costs_of_a_newer_version_are_kept(
    workshop: Workshop, hass_storage: dict[str, object]
) -> None:
    key = f"raise3d.{workshop.home.entry.entry_id}.costs"
    stored = {"version": 99, "minor_version": 1, "key": key, "data": {"total": "12.5"}}
    hass_storage[key] = stored
    await workshop.open(**METERED)
    await workshop.home.unload()
    assert hass_storage[key] == stored
    assert len(workshop.home.log(logging.WARNING)) == 1


@pytest.mark.parametrize("version", [0, 1])
async def test_damaged_costs_are_logged_once_and_replaced(
    workshop: Workshop, hass_storage: dict[str, object], version: int
) -> None:
    key = f"raise3d.{workshop.home.entry.entry_id}.costs"
    data = {"totals": {"EUR": "much"}, "last": 3, "awaited": None, "energy": []}
    versions = {"version": version, "minor_version": 1}
    hass_storage[key] = {**versions, "key": key, "data": data}
    await workshop.open(**METERED)
    await workshop.print()
    workshop.meter(101)
    await workshop.finish()
    assert workshop.states == ["1.0", "0.3", "0.3"]
    assert len(workshop.home.log(logging.WARNING)) == 1
