"""Tests of the times that a user reads, by the formula of Home Assistant's front end.

It is the same in 20260930.5 (Home Assistant 2026.10) and 20261028.8 (2026.11):
`computeStateDisplay` formats a duration in min, h or d by itself, and cuts down.
"""

from dataclasses import replace
import math
from typing import Any

import pytest

from custom_components.raise3d.sensor import SENSORS
from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er

from .common import Home

pytestmark = pytest.mark.usefixtures("only_platforms")

DURATIONS = ("elapsed_time", "remaining_time", "total_time")
# Seconds in each unit, and in the smaller one that is shown beside it.
UNITS = {"d": (86400, 3600), "h": (3600, 60), "min": (60, 1)}


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platform that shows times."""
    return [Platform.SENSOR]


def formatted(state: str, unit: str, precision: int | None) -> float:
    """Return the seconds that the front end shows."""
    value = float(state)
    if precision is not None:
        value = math.floor(value * 10**precision + 0.5) / 10**precision
    whole = math.floor(value)
    large, small = UNITS[unit]
    return whole * large + math.floor(large / small * (value - whole)) * small


def shown(home: Home, key: str) -> float:
    """Return the seconds that a user reads."""
    state = home.entity(key)
    entry = er.async_get(home.hass).async_get(state.entity_id)
    assert entry
    options = entry.options["sensor"]
    return formatted(
        state.state,
        state.attributes["unit_of_measurement"],
        options.get("display_precision", options.get("suggested_display_precision")),
    )


def set_times(home: Home, **seconds: Any) -> None:
    """Let the entities show other times of the job."""
    data = home.coordinator.data
    assert data.job
    job = replace(data.job, **seconds)
    home.coordinator.async_set_updated_data(replace(data, job=job))


def test_the_formula_is_wrong_for_46_of_120_minutes_in_hours() -> None:
    wrong = [
        minutes
        for minutes in range(1, 121)
        if formatted(str(minutes / 60), "h", 2) != minutes * 60
    ]
    assert len(wrong) == 46


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_whole_minutes_and_the_last_quarters_show_as_they_are(
    home: Home,
) -> None:
    home.printer.start("Local/part.gcode", duration=7200)
    await home.tick(60)
    for minutes in (*range(1, 121), 37 * 60 + 12, 999 * 60 + 59):
        seconds = minutes * 60
        set_times(home, remaining=seconds, elapsed=seconds, total=seconds)
        assert {shown(home, key) for key in DURATIONS} == {seconds}
    # the last ones to the quarter
    for seconds in range(0, 601, 15):
        set_times(home, remaining=seconds)
        assert shown(home, "remaining_time") == seconds


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_the_duration_of_the_last_job_is_shown_to_the_minute(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=62 * 60)
    await home.tick(60)
    home.freezer.tick(60 * 60)
    await home.tick(2 * 60)
    assert shown(home, "last_job_duration") == 62 * 60


def test_only_a_printers_life_is_shown_in_hours_and_then_in_whole_ones() -> None:
    units = {
        sensor.key: (
            sensor.suggested_unit_of_measurement,
            sensor.suggested_display_precision,
        )
        for sensor in SENSORS
        if sensor.device_class is SensorDeviceClass.DURATION
    }
    assert units == {
        "elapsed_time": ("min", 0),
        "last_job_duration": ("min", 0),
        "print_time_total": ("h", 0),
        "remaining_time": ("min", 2),
        "total_time": ("min", 0),
    }
