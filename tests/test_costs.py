"""Tests of what a print costs: in the event, in the sensors, in the log."""

import pytest

from .common import MINUTE, Home
from .plugs import (
    BY_POWER,
    BY_TARIFF,
    FILAMENT,
    GRAMS,
    METER,
    METERED,
    Workshop,
)


@pytest.fixture
def workshop(new_home: Home) -> Workshop:
    """Return a printer on a plug that has counted before."""
    workshop = Workshop(new_home)
    workshop.meter(100)
    workshop.power(300)
    workshop.tariff(0.5)
    return workshop


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
    await workshop.print(minutes=60)
    workshop.power(900)
    await workshop.home.tick(30 * MINUTE)
    workshop.power(300)
    await workshop.home.tick(30 * MINUTE)
    energy, _ = workshop.event
    # 900 W for half an hour and 300 W for another; the end is seen within seconds
    assert energy == pytest.approx(0.6, abs=0.01)


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
    workshop.home.printer.start("Local/part.gcode", duration=1200, filament=GRAMS)
    await workshop.home.tick(5 * MINUTE)
    await workshop.open(**FILAMENT, **METERED)
    workshop.meter(101)
    await workshop.finish()
    assert workshop.event == (None, None)
    # its grams are known
    assert workshop.states == ["unknown", "unknown", "0.9"]


async def test_an_end_while_home_assistant_is_down_leaves_the_energy_unknown(
    workshop: Workshop,
) -> None:
    await workshop.open(**FILAMENT, **METERED)
    await workshop.print()
    async with workshop.home.down():
        await workshop.home.tick(40 * MINUTE)
        workshop.meter(103)
    await workshop.home.tick(MINUTE)
    assert workshop.event == (None, None)
    assert workshop.states == ["unknown", "unknown", "0.9"]


async def test_a_restart_during_a_print_loses_and_doubles_nothing(
    workshop: Workshop,
) -> None:
    await workshop.open(**FILAMENT, **BY_TARIFF)
    await workshop.print()
    workshop.meter(101)
    async with workshop.home.down():
        workshop.meter(None)
        await workshop.home.tick(5 * MINUTE)
    workshop.tariff(0.5)
    workshop.meter(102)
    await workshop.home.reload()
    await workshop.finish()
    assert workshop.event == (2.0, 1.9)
    assert workshop.states == ["2.0", "1.9", "1.9"]


async def test_a_plug_that_is_reset_while_offline_hides_the_energy(
    workshop: Workshop,
) -> None:
    await workshop.open(**METERED)
    await workshop.print()
    workshop.meter(None)
    await workshop.home.tick(5 * MINUTE)
    workshop.meter(0.2)
    await workshop.finish()
    assert workshop.event == (None, None)
    assert workshop.states == ["unknown", "unknown", "0.0"]


async def test_grams_that_come_later_complete_the_cost(workshop: Workshop) -> None:
    home = workshop.home
    await workshop.open(**FILAMENT, **METERED)
    await workshop.print()
    home.answer("dashboard/joblist", job_list=[])
    workshop.meter(100.5)
    await home.tick(20 * MINUTE)
    assert workshop.event == (0.5, None)
    assert workshop.states == ["0.5", "unknown", "0.15"]
    home.heal()
    await home.tick(MINUTE)
    assert workshop.states == ["0.5", "1.05", "1.05"]
    assert [job.cost for job in workshop.jobs] == [1.05]


async def test_the_history_names_energy_and_cost_of_the_job_that_was_seen(
    workshop: Workshop,
) -> None:
    await workshop.open(**FILAMENT, **METERED)
    await workshop.print()
    workshop.meter(100.5)
    await workshop.finish()
    (job,) = (await workshop.home.act("get_print_history"))["jobs"]
    assert (job["energy"], job["cost"]) == (0.5, 1.05)


async def test_a_plug_that_is_switched_off_at_the_end_has_been_read_before(
    workshop: Workshop,
) -> None:
    home = workshop.home
    await workshop.open(**METERED)
    await workshop.print()
    workshop.meter(100.5)
    home.hass.bus.async_listen_once("noon", lambda _: None)
    await workshop.finish()
    workshop.meter(None)
    home.hass.states.async_remove(METER)
    await home.tick(MINUTE)
    assert workshop.states[0] == "0.5"


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
