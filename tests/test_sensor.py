"""Tests of the sensors."""

import logging

import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.raise3d.sensor import SENSORS
from custom_components.raise3d.sensor_entity import Raise3DSensorEntityDescription
from homeassistant.components.sensor.const import (
    DEVICE_CLASS_STATE_CLASSES,
    DEVICE_CLASS_UNITS,
    SensorStateClass,
)
from homeassistant.const import Platform

from .common import Home

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    return [Platform.SENSOR]


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_sensors_of_a_printing_printer(
    new_home: Home, snapshot: SnapshotAssertion
) -> None:
    new_home.printer.start("Local/folder/part.gcode", duration=3600)
    await new_home.set_up()
    await new_home.tick(900)
    await new_home.matches(snapshot)


@pytest.mark.parametrize("model", ["n2"])
async def test_a_printer_with_one_nozzle_has_no_right_one(home: Home) -> None:
    assert "left_nozzle_temperature" in home.keys
    assert not [key for key in home.keys if key.startswith("right")]
    assert not home.count_requests("printer/nozzle2")


async def test_an_idle_printer_that_names_yesterdays_file_has_no_job(
    home: Home,
) -> None:
    home.printer.start("Local/part.gcode", duration=60)
    await home.tick(120)
    assert home.status == "completed"
    assert home.state("file_name") == "part.gcode"
    assert home.state("progress") == "100"
    home.printer.dismiss()
    await home.tick(60)
    assert home.status == "idle"
    of_a_job = (
        "progress current_layer total_layers remaining_time finish_time file_name"
    )
    assert {home.state(key) for key in of_a_job.split()} == {"unknown"}


async def test_the_placeholder_of_a_thousand_hours_never_reaches_a_sensor(
    home: Home,
) -> None:
    home.printer.start("Local/part.gcode", duration=600)
    home.answer("job/currentjob", lambda _: {"total_time": 3600000})
    await home.tick(120)
    assert home.status == "printing"
    assert home.state("finish_time") == "unknown"
    assert home.state("remaining_time") == "unknown"


@pytest.mark.parametrize("platforms", [[Platform.BINARY_SENSOR, Platform.SENSOR]])
async def test_an_unknown_word_is_unknown_and_logged_once(home: Home) -> None:
    home.answer("printer/runningstatus", lambda _: {"running_status": "levitating"})
    await home.tick(120)
    assert home.status == "unknown"
    assert home.state("connected", "binary_sensor") == "on"
    assert home.caplog.text.count("levitating") == 1


async def test_one_unreadable_part_does_not_blank_the_others(home: Home) -> None:
    home.fail("html", "printer/nozzle1")
    await home.tick(300)
    assert home.state("left_nozzle_temperature") == "unknown"
    assert home.number("right_nozzle_temperature") > 0
    assert home.status == "idle"


async def test_a_very_long_file_name_is_cut(home: Home) -> None:
    home.printer.start(f"Local/folder/{'ü' * 300}.gcode")
    await home.tick(60)
    assert home.state("file_name") == "ü" * 255


async def test_a_temperature_stands_still_while_the_heater_is_regulated(
    home: Home,
) -> None:
    home.printer.start("Local/part.gcode", duration=7200)
    await home.tick(300)
    temperatures = set()
    for _ in range(8):
        await home.tick(60)
        temperatures.add(home.number("left_nozzle_temperature"))
    assert len(temperatures) <= 2
    assert all(abs(temperature - 210) <= 2 for temperature in temperatures)
    home.printer.stop()
    await home.tick(600)
    assert home.number("left_nozzle_temperature") < 150


# Totals, and the last job


TOTALS = (
    "filament_used",
    "filament_used_left",
    "filament_used_right",
    "print_time_total",
    "prints_completed",
)
LAST_JOB = ("last_job_duration", "last_job_filament")


def values(home: Home, keys: tuple[str, ...] = TOTALS) -> list[float]:
    """Return what sensors show; all of them have to show a number."""
    return [home.number(key) for key in keys]


async def later(home: Home, seconds: float) -> None:
    """Skip most of a long time."""
    home.freezer.tick(seconds - 60)
    await home.tick(60)


@pytest.mark.parametrize(
    "description",
    [sensor for sensor in SENSORS if sensor.device_class],
    ids=lambda sensor: sensor.key,
)
def test_a_sensor_is_one_that_home_assistant_has_statistics_for(
    description: Raise3DSensorEntityDescription,
) -> None:
    assert (kind := description.device_class)
    unit = description.native_unit_of_measurement
    assert unit in DEVICE_CLASS_UNITS.get(kind, {unit})
    assert {description.state_class} <= {*DEVICE_CLASS_STATE_CLASSES[kind], None}


@pytest.mark.parametrize("key", TOTALS)
def test_a_total_only_increases(key: str) -> None:
    (total,) = [sensor for sensor in SENSORS if sensor.key == key]
    assert total.state_class is SensorStateClass.TOTAL_INCREASING


async def test_totals_are_grams_and_seconds_of_the_printers_life(home: Home) -> None:
    await home.tick(60)
    assert values(home) == [0] * 5
    home.printer.start("Local/part.gcode", duration=7200, filament=(60.5, 10))
    await later(home, 7320)
    assert values(home) == [70.5, 60.5, 10, 2, 1]
    home.printer.dismiss()
    home.printer.start("Local/part.gcode", duration=1800, filament=(5, 0))
    await home.tick(600)
    # what is not finished does not count
    home.printer.stop()
    await home.tick(1000)
    assert values(home) == [70.5, 60.5, 10, 2, 1]


@pytest.mark.parametrize("model", ["n2"])
async def test_a_printer_with_one_nozzle_has_one_total_of_filament(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=300, filament=(5, 0))
    await home.tick(400)
    assert values(home, ("filament_used",)) == [5]
    assert not home.keys & {"filament_used_left", "filament_used_right"}


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_totals_and_last_job_stay_while_the_printer_is_off(
    new_home: Home,
) -> None:
    await new_home.set_up()
    new_home.printer.start("Local/part.gcode", duration=3600, filament=(20, 3))
    await later(new_home, 3700)
    shown = values(new_home, TOTALS + LAST_JOB)
    assert shown == [23, 20, 3, 1, 1, 60, 23]
    await new_home.simulator.power_off()
    await new_home.tick(300)
    assert new_home.status == "offline"
    assert values(new_home, TOTALS + LAST_JOB) == shown
    # also over a restart of Home Assistant, and until the printer has been polled
    await new_home.unload()
    await new_home.set_up()
    assert values(new_home, TOTALS + LAST_JOB) == shown
    await new_home.tick(300)
    assert values(new_home, TOTALS + LAST_JOB) == shown
    await new_home.simulator.power_on()
    await new_home.tick(120)
    assert new_home.status == "idle"
    assert values(new_home, TOTALS + LAST_JOB) == shown


async def test_a_printer_that_has_never_reported_its_totals_has_none(
    new_home: Home,
) -> None:
    await new_home.simulator.power_off()
    await new_home.set_up()
    await new_home.tick(60)
    assert {new_home.state(key) for key in TOTALS} == {"unavailable"}
    new_home.fail("html", "dashboard/statistics")
    await new_home.simulator.power_on()
    await new_home.tick(120)
    assert {new_home.state(key) for key in TOTALS} == {"unknown"}
    new_home.heal()
    await later(new_home, 16 * 60)
    assert values(new_home) == [0] * 5


async def test_totals_stay_while_they_cannot_be_read(home: Home) -> None:
    for grams in (10, 5):
        home.printer.start("Local/part.gcode", duration=60, filament=(grams, 0))
        await home.tick(120)
        home.printer.dismiss()
    assert values(home, ("filament_used",)) == [15]
    home.fail("html", "dashboard/statistics")
    await later(home, 16 * 60)
    assert values(home, ("filament_used",)) == [15]


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_totals_that_fall_are_those_of_a_new_board(new_home: Home) -> None:
    await new_home.set_up()
    new_home.printer.start("Local/part.gcode", duration=3600, filament=(20, 3))
    await later(new_home, 3700)
    await new_home.simulator.power_off()
    await new_home.tick(60)
    new_home.printer.history.clear()
    await new_home.simulator.power_on()
    await new_home.tick(120)
    assert values(new_home) == [0] * 5
    new_home.printer.start("Local/part.gcode", duration=300, filament=(2, 0))
    await new_home.tick(400)
    assert values(new_home, ("filament_used", "prints_completed")) == [2, 1]
    assert values(new_home, ("last_job_filament",)) == [2]
    loud = [r for r in new_home.caplog.records if r.levelno >= logging.WARNING]
    assert not [record.name for record in loud if "sensor" in record.name]


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_the_last_job_is_the_last_that_was_finished(new_home: Home) -> None:
    await new_home.set_up()
    await new_home.tick(60)
    assert {new_home.state(key) for key in LAST_JOB} == {"unknown"}
    printer = new_home.printer
    printer.start("Local/part.gcode", duration=7200, filament=(18.9, 10.9))
    await later(new_home, 7000)
    assert {new_home.state(key) for key in LAST_JOB} == {"unknown"}
    await new_home.tick(300)
    assert values(new_home, LAST_JOB) == [120, pytest.approx(29.8)]
    printer.dismiss()
    # one that is stopped is not in the printer's history
    printer.start("Local/other.gcode", duration=7200)
    await new_home.tick(600)
    printer.stop()
    await later(new_home, 16 * 60)
    assert values(new_home, LAST_JOB) == [120, pytest.approx(29.8)]
    printer.start("Local/other.gcode", duration=1800, filament=(1, 0.5))
    await later(new_home, 1900)
    assert values(new_home, LAST_JOB) == [30, 1.5]
