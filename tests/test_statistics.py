"""Tests of what stays of a printer for years: its long-term statistics."""

from datetime import timedelta
from functools import partial
import logging

import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.statistics import (
    get_last_short_term_statistics,
    list_statistic_ids,
)
from homeassistant.const import Platform
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util

from .common import Home

pytestmark = pytest.mark.usefixtures("only_platforms")

UNITS = {
    "filament_used": "g",
    "filament_used_left": "g",
    "filament_used_right": "g",
    "print_time_total": "h",
    "prints_completed": "prints",
}


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platform of the totals."""
    return [Platform.SENSOR]


@pytest.fixture(autouse=True)
def quiet_database(caplog: pytest.LogCaptureFixture) -> None:
    """Log no statement: they take longer than what they do."""
    caplog.set_level(logging.WARNING, "sqlalchemy.engine")


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(
    quiet_database: None, recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Let Home Assistant load custom_components, and before that record."""


async def compile_statistics(home: Home) -> None:
    """Compile the statistics of the five minutes that end now."""
    await async_wait_recording_done(home.hass)
    start = dt_util.utcnow()
    start = start.replace(minute=start.minute // 5 * 5, second=0, microsecond=0)
    home.freezer.move_to(start + timedelta(seconds=299))
    do_adhoc_statistics(home.hass, start=start)
    await async_wait_recording_done(home.hass)


async def print_grams(home: Home, grams: int) -> None:
    """Print for an hour."""
    home.printer.start("Local/part.gcode", duration=3600, filament=(grams, 0))
    home.freezer.tick(3600)
    await home.tick(90)
    home.printer.dismiss()
    await home.tick(30)
    await compile_statistics(home)


async def test_totals_add_up_over_the_years_also_with_a_new_board(home: Home) -> None:
    await home.tick(60)
    await compile_statistics(home)
    await print_grams(home, 20)
    await print_grams(home, 5)
    # a new board: the printer begins at 0
    await home.simulator.power_off()
    await home.tick(60)
    home.printer.history.clear()
    await home.simulator.power_on()
    await home.tick(120)
    await compile_statistics(home)
    await print_grams(home, 7)

    ids = {home.entity_id(key): unit for key, unit in UNITS.items()}
    known = await get_instance(home.hass).async_add_executor_job(
        list_statistic_ids, home.hass, set(ids)
    )
    assert {
        row["statistic_id"]: row["statistics_unit_of_measurement"] for row in known
    } == ids
    assert all(row["has_sum"] for row in known)
    latest = partial(get_last_short_term_statistics, convert_units=True, types={"sum"})
    sums = {}
    for key in UNITS:
        found = await get_instance(home.hass).async_add_executor_job(
            latest, home.hass, 1, home.entity_id(key)
        )
        sums[key] = found[home.entity_id(key)][0]["sum"]
    assert sums == {
        "filament_used": 32,
        "filament_used_left": 32,
        "filament_used_right": 0,
        "print_time_total": 3,
        "prints_completed": 3,
    }
    # a poll that is under way when the printer goes away would fail in asyncio
    await home.unload()
