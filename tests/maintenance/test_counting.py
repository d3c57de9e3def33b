"""Tests of what is counted for a task: also what nobody in Home Assistant has seen."""

from copy import deepcopy
from typing import Any

import pytest

from custom_components.raise3d.const import DOMAIN
from custom_components.raise3d.jobs import JobPhase
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_OFF, STATE_ON, STATE_UNKNOWN
from tests.common import HOUR, MINUTE, Home
from tests.logged import at, logged, put

from .tasks import OVERDUE, RESTARTED, add_task, added_task, press, print_for, shown

DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("counted", "interval", "left"),
    [
        ("print_hours", 300, "298"),
        ("filament_left", 500, "470"),
        ("filament_right", 500, "500"),
        ("prints", 10, "9"),
        ("days", 30, "30"),
    ],
)
async def test_a_task_counts_what_the_printer_counts(
    home: Home, counted: str, interval: int, left: str
) -> None:
    task = await added_task(home, counted, interval)
    assert shown(home, task) == (STATE_OFF, str(interval))
    await print_for(home, 2 * HOUR, 30)
    assert shown(home, task) == (STATE_OFF, left)


async def test_a_task_is_right_after_a_month_without_home_assistant(
    home: Home,
) -> None:
    hours = await added_task(home, "print_hours", 100)
    days = await added_task(home, "days", 30)
    async with home.down():
        home.printer.start("Local/part.gcode", duration=99 * HOUR)
        home.freezer.tick(29 * DAY)
        home.printer.dismiss()
        await home.simulator.power_off()
    # at once, and with the printer off
    assert shown(home, days) == (STATE_OFF, "1")
    assert shown(home, hours) == (STATE_OFF, "100")
    async with home.down():
        home.freezer.tick(2 * DAY)
    assert shown(home, days) == (STATE_ON, "-1")
    assert home.issues == {OVERDUE}
    await home.simulator.power_on()
    await home.tick(3 * MINUTE)
    assert shown(home, hours) == (STATE_OFF, "1")
    await print_for(home, HOUR)
    assert shown(home, hours) == (STATE_ON, "0")


async def test_a_day_passes_without_a_poll(home: Home) -> None:
    task = await added_task(home, "days", 2)
    await home.simulator.power_off()
    home.changes.clear()
    home.freezer.tick(2 * DAY - 2 * HOUR)
    await home.tick(HOUR)
    assert shown(home, task) == (STATE_OFF, "1")
    await home.tick(HOUR)
    assert shown(home, task) == (STATE_ON, "0")


async def test_a_new_board_neither_resets_nor_doubles(home: Home) -> None:
    task = await added_task(home, "print_hours", 100)
    await print_for(home, 10 * HOUR)
    await home.simulator.power_off()
    home.printer.history.clear()
    await home.tick(5 * MINUTE)
    await home.simulator.power_on()
    await home.tick(35 * MINUTE)
    assert shown(home, task) == (STATE_OFF, "90")
    assert home.issues == {RESTARTED}
    await print_for(home, 4 * HOUR)
    assert shown(home, task) == (STATE_OFF, "86")


async def test_a_failed_print_counts_once(home: Home) -> None:
    hours = await added_task(home, "print_hours", 100)
    prints = await added_task(home, "prints", 10)
    home.printer.start("Local/part.gcode", duration=9 * HOUR)
    await home.tick(MINUTE)
    home.freezer.tick(2.5 * HOUR)
    await home.tick(MINUTE)
    home.printer.stop()
    await home.tick(20 * MINUTE)
    assert shown(home, prints) == (STATE_OFF, "9")
    await home.restart()
    await home.tick(20 * MINUTE)
    await print_for(home, 3 * HOUR)
    assert shown(home, hours) == (STATE_OFF, "95")
    assert shown(home, prints) == (STATE_OFF, "8")


async def test_a_kill_before_anything_is_stored_loses_no_failed_print(
    home: Home, hass_storage: dict[str, Any]
) -> None:
    task = await added_task(home, "prints", 10)
    keys = [f"{DOMAIN}.{home.entry.entry_id}.{end}" for end in ("jobs", "maintenance")]
    await print_for(home, 600)
    await home.reload()
    stored = [deepcopy(hass_storage[key]) for key in keys]
    home.printer.start("Local/part.gcode", duration=9 * HOUR)
    await home.tick(MINUTE)
    async with home.down():
        hass_storage.update(zip(keys, stored, strict=True))
    assert home.entry_state() is ConfigEntryState.LOADED
    await home.tick(MINUTE)
    stored = [deepcopy(hass_storage[key]) for key in keys]
    home.printer.stop()
    await home.tick(MINUTE)
    assert shown(home, task) == (STATE_OFF, "8")
    async with home.down():
        hass_storage.update(zip(keys, stored, strict=True))
    await home.tick(20 * MINUTE)
    assert shown(home, task) == (STATE_OFF, "8")


async def test_what_is_repeated_or_imported_into_the_log_counts_nothing(
    home: Home,
) -> None:
    task = await added_task(home, "prints", 10)
    start = at("2026-11-20T08:00:00Z")
    put(
        home,
        logged("failed", start, phase=JobPhase.FAILED),
        logged("assumed", start, phase=JobPhase.STOPPED, assumed=True),
        logged("completed", start),
    )
    await home.tick(20 * MINUTE)
    assert shown(home, task) == (STATE_OFF, "10")


@pytest.mark.parametrize(
    "stored", [[], {"tasks": [1], "meter": 1, "failed": {"credits": [2]}}]
)
async def test_counting_starts_again_where_its_storage_is_damaged(
    home: Home, hass_storage: dict[str, Any], stored: object
) -> None:
    task = await added_task(home, "prints", 10)
    async with home.down():
        hass_storage[f"{DOMAIN}.{home.entry.entry_id}.maintenance"]["data"] = stored
    await home.tick(MINUTE)
    assert shown(home, task) == (STATE_OFF, "10")


async def test_what_the_printer_has_never_said_is_unknown(new_home: Home) -> None:
    await new_home.simulator.power_off()
    await new_home.set_up()
    task = await added_task(new_home, "prints", 3)
    assert shown(new_home, task) == (STATE_UNKNOWN, STATE_UNKNOWN)
    await press(new_home, task)
    await new_home.simulator.power_on()
    await new_home.tick(3 * MINUTE)
    assert shown(new_home, task) == (STATE_OFF, "3")


async def test_a_new_task_is_known_as_soon_as_it_is_added(home: Home) -> None:
    await home.tick(MINUTE)
    totals = "dashboard/statistics"
    before = home.count_requests(totals)
    add_task(home, "days", 3, name="Filter")
    await home.block_till_done()
    assert home.count_requests(totals) == before
    task = add_task(home, "prints", 3)
    await home.block_till_done()
    assert shown(home, task) == (STATE_OFF, "3")
    await home.reload()
    assert home.count_requests(totals) == before + 1


async def test_an_hour_of_printing_writes_a_task_at_most_twice(home: Home) -> None:
    task = await added_task(home, "print_hours", 100)
    ours = {
        home.entity_id(f"{task}_remaining"),
        home.entity_id(f"{task}_due", "binary_sensor"),
    }
    home.changes.clear()
    await print_for(home, HOUR)
    await home.tick(HOUR)
    assert [entity for entity, _ in home.written() if entity in ours] == [
        home.entity_id(f"{task}_remaining")
    ]
