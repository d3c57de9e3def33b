"""Tests of the moment at which a printer becomes free, in real automations."""

from typing import Any

import pytest

from simulator import Unknowns

from .common import HOUR, MINUTE, Home
from .waiting import FREE, Waiting, wait_for

pytestmark = pytest.mark.usefixtures("only_platforms")

ONCE = [("became_free",)]


@pytest.fixture
async def waits(home: Home) -> Waiting:
    """Return what happens when a printer becomes free."""
    return await wait_for(home, FREE)


async def test_a_plate_that_is_cleared_makes_it_free_once(
    home: Home, waits: Waiting
) -> None:
    job_id = home.printer.start("Local/part.gcode", duration=2 * MINUTE)
    await home.tick(4 * MINUTE)
    assert waits.done == []
    home.printer.dismiss()
    await home.tick(MINUTE)
    assert waits.done == ONCE
    assert waits.given[0]["job_id"] == job_id
    await home.tick(2 * MINUTE)
    home.printer.touch(2 * MINUTE)
    await home.tick(5 * MINUTE)
    assert waits.done == ONCE


async def test_a_print_that_follows_at_once_does_not_make_it_free(
    home: Home, waits: Waiting
) -> None:
    home.printer.start("Local/part.gcode", duration=2 * MINUTE)
    await home.tick(4 * MINUTE)
    home.printer.dismiss()
    home.printer.start("Local/next.gcode", duration=HOUR)
    await home.tick(5 * MINUTE)
    assert waits.done == []


async def test_a_print_that_is_stopped_leaves_it_free(
    home: Home, waits: Waiting
) -> None:
    home.printer.start("Local/part.gcode", duration=HOUR)
    await home.tick(2 * MINUTE)
    home.printer.stop()
    await home.tick(2 * MINUTE)
    assert waits.done == ONCE


async def test_an_error_has_to_be_cleared_first(home: Home, waits: Waiting) -> None:
    home.printer.start("Local/part.gcode", duration=HOUR)
    await home.tick(2 * MINUTE)
    home.printer.fail()
    await home.tick(5 * MINUTE)
    assert waits.done == []
    home.printer.clear_error()
    await home.tick(2 * MINUTE)
    assert waits.done == ONCE


async def test_a_person_at_the_panel_keeps_it_busy(home: Home, waits: Waiting) -> None:
    home.printer.start("Local/part.gcode", duration=2 * MINUTE)
    await home.tick(3 * MINUTE)
    home.printer.touch(5 * MINUTE)
    home.printer.dismiss()
    await home.tick(4 * MINUTE)
    assert waits.done == []
    await home.tick(2 * MINUTE)
    assert waits.done == ONCE


@pytest.mark.parametrize(
    "settings",
    [{}, {"last_job": "completed"}, {"last_job": "stopped"}, {"last_job": "failed"}],
)
async def test_a_printer_that_is_first_seen_free_has_not_become_so(
    home: Home, waits: Waiting, settings: dict[str, Any]
) -> None:
    await home.tick(3 * MINUTE)
    home.printer.touch(2 * MINUTE)
    await home.tick(4 * MINUTE)
    await home.reload()
    await home.tick(3 * MINUTE)
    assert waits.done == []


@pytest.mark.parametrize("settings", [{"last_job": "completed", "plate_full": True}])
async def test_a_plate_that_was_full_when_the_printer_was_added_is_cleared(
    home: Home, waits: Waiting, settings: dict[str, Any]
) -> None:
    await home.tick(2 * MINUTE)
    assert waits.done == []
    home.printer.dismiss()
    await home.tick(2 * MINUTE)
    assert waits.done == ONCE


async def test_a_plate_that_is_cleared_meanwhile_makes_it_free_late(
    home: Home, waits: Waiting
) -> None:
    home.printer.start("Local/part.gcode", duration=2 * MINUTE)
    await home.tick(3 * MINUTE)
    await home.unload()
    home.printer.dismiss()
    await home.tick(10 * MINUTE)
    await home.set_up()
    await home.tick(2 * MINUTE)
    assert waits.done == [("became_free", "late")]


async def test_the_whole_print_in_an_outage_makes_it_free_late(
    home: Home, waits: Waiting
) -> None:
    home.printer.start("Local/part.gcode", duration=10 * MINUTE)
    await home.tick(2 * MINUTE)
    await home.simulator.unplug()
    await home.tick(10 * MINUTE)
    home.printer.dismiss()
    await home.tick(10 * MINUTE)
    await home.simulator.start()
    await home.tick(2 * MINUTE)
    assert waits.done == [("became_free", "late")]


@pytest.mark.parametrize(
    "settings",
    [
        {"unknowns": Unknowns(state_lag=state, job_lag=job)}
        for state, job in ((30, 0), (0, 30), (30, 10))
    ],
)
async def test_answers_that_lag_make_it_free_once(
    home: Home, waits: Waiting, settings: dict[str, Any]
) -> None:
    for _ in range(2):
        home.printer.start("Local/part.gcode", duration=2 * MINUTE)
        await home.tick(4 * MINUTE)
        home.printer.dismiss()
        await home.tick(3 * MINUTE)
    assert waits.done == ONCE * 2


@pytest.mark.parametrize(
    "settings", [{"unknowns": Unknowns(job_ids=False, names=False)}]
)
async def test_prints_without_ids_and_names_make_it_free(
    home: Home, waits: Waiting, settings: dict[str, Any]
) -> None:
    for _ in range(2):
        home.printer.start("Local/part.gcode", duration=2 * MINUTE)
        await home.tick(4 * MINUTE)
        home.printer.dismiss()
        await home.tick(3 * MINUTE)
    assert waits.done == ONCE * 2


async def test_a_job_that_goes_on_after_a_power_cut_makes_it_free_once(
    home: Home, waits: Waiting
) -> None:
    home.printer.start("Local/part.gcode", duration=4 * MINUTE)
    await home.tick(2 * MINUTE)
    await home.simulator.power_off()
    await home.tick(5 * MINUTE)
    await home.simulator.power_on()
    await home.tick(3 * MINUTE)
    late = [("became_free", "late")]
    assert waits.done == late
    home.printer.recover()
    await home.tick(5 * MINUTE)
    home.printer.dismiss()
    await home.tick(3 * MINUTE)
    assert waits.done == late
