"""Tests of what stays of a printer for years: its long-term statistics."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.statistics import (
    get_last_short_term_statistics,
    list_statistic_ids,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
from simulator import Simulator

from .common import set_up
from .conftest import Ticker

UNITS = {
    "filament_used": "g",
    "filament_used_left": "g",
    "filament_used_right": "g",
    "print_time_total": "h",
    "prints_completed": "prints",
}


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Let Home Assistant load custom_components, and before that record."""


async def test_totals_add_up_over_the_years_also_with_a_new_board(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    freezer: FrozenDateTimeFactory,
    entity_id: Callable[..., str],
) -> None:
    async def compile_statistics() -> None:
        await async_wait_recording_done(hass)
        start = dt_util.utcnow()
        start = start.replace(minute=start.minute // 5 * 5, second=0, microsecond=0)
        freezer.move_to(start + timedelta(seconds=299))
        do_adhoc_statistics(hass, start=start)
        await async_wait_recording_done(hass)

    async def print_grams(grams: int) -> None:
        simulator.printer.start("Local/part.gcode", duration=3600, filament=(grams, 0))
        freezer.tick(3600)
        await tick(90)
        simulator.printer.dismiss()
        await tick(30)
        await compile_statistics()

    await set_up(hass, config_entry)
    await tick(60)
    await compile_statistics()
    await print_grams(20)
    await print_grams(5)
    # a new board: the printer begins at 0
    await simulator.power_off()
    await tick(60)
    simulator.printer.history.clear()
    await simulator.power_on()
    await tick(120)
    await compile_statistics()
    await print_grams(7)

    ids = {entity_id(key): unit for key, unit in UNITS.items()}
    known = await get_instance(hass).async_add_executor_job(
        list_statistic_ids, hass, set(ids)
    )
    assert {
        row["statistic_id"]: row["statistics_unit_of_measurement"] for row in known
    } == ids
    assert all(row["has_sum"] for row in known)
    latest = partial(get_last_short_term_statistics, convert_units=True, types={"sum"})
    sums = {}
    for key in UNITS:
        found = await get_instance(hass).async_add_executor_job(
            latest, hass, 1, entity_id(key)
        )
        sums[key] = found[entity_id(key)][0]["sum"]
    assert sums == {
        "filament_used": 32,
        "filament_used_left": 32,
        "filament_used_right": 0,
        "print_time_total": 3,
        "prints_completed": 3,
    }
    # a look that is under way when the printer goes away would fail in asyncio
    assert await hass.config_entries.async_unload(config_entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
