"""Tests of the minutes before the end of a print, in real automations."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from homeassistant.const import Platform

from .common import HOUR, MINUTE, Home
from .waiting import Waiting, soon, wait_for

pytestmark = pytest.mark.usefixtures("only_platforms")

QUARTER = 15 * MINUTE
FIVE = ("finishes_soon", 5)
LATE = (*FIVE, "late")


@asynccontextmanager
async def go_down(home: Home, what: str) -> AsyncGenerator[None]:
    """Let Home Assistant or the network be down for a while."""
    match what:
        case "restart":
            async with home.down():
                yield
        case _:
            await home.simulator.unplug()
            yield
            await home.simulator.start()


@pytest.fixture
async def waits(home: Home) -> Waiting:
    """Return what happens five minutes before the end of a print that has ten left."""
    waits = await wait_for(home, soon(5))
    home.printer.start("Local/part.gcode", duration=QUARTER)
    await home.tick(5 * MINUTE)
    return waits


async def test_it_fires_once_as_soon_as_no_more_is_left(
    home: Home, waits: Waiting
) -> None:
    await home.tick(5 * MINUTE)
    assert waits.done == []
    await home.tick(MINUTE)
    assert waits.done == [FIVE]
    await home.tick(10 * MINUTE)
    assert waits.done == [FIVE]


async def test_it_says_how_long_it_takes_and_until_when(
    home: Home, waits: Waiting
) -> None:
    await home.tick(6 * MINUTE)
    (given,) = waits.given
    assert 285 <= int(given["remaining"]) <= 300
    end = datetime.fromtimestamp(home.printer.record[0].time + QUARTER).astimezone()
    assert abs(datetime.fromisoformat(given["finish_time"]) - end) < timedelta(
        minutes=2
    )
    assert given["entity_id"] == home.entity_id("job", "event")
    assert given["job_id"] == home.printer.job.job_id
    assert given["file_name"] == "part.gcode"
    assert given["late"] is False


async def test_any_number_of_thresholds_fires_once_each(home: Home) -> None:
    waits = await wait_for(home, soon(240), soon(12), soon(8), soon(8), soon(1))
    home.printer.start("Local/part.gcode", duration=QUARTER)
    await home.tick(20 * MINUTE)
    # more than four hours were never left
    assert waits.done == [(FIVE[0], minutes) for minutes in (12, 8, 8, 1)]


async def test_a_print_that_is_first_seen_with_less_left_does_not_fire(
    new_home: Home,
) -> None:
    new_home.printer.start("Local/part.gcode", duration=QUARTER)
    await new_home.tick(11 * MINUTE)
    await new_home.set_up()
    waits = await wait_for(new_home, soon(5), soon(2))
    await new_home.tick(QUARTER)
    assert waits.done == [("finishes_soon", 2)]


async def test_an_automation_that_is_made_later_does_not_fire_for_what_is_past(
    home: Home,
) -> None:
    home.printer.start("Local/part.gcode", duration=QUARTER)
    await home.tick(11 * MINUTE)
    waits = await wait_for(home, soon(5))
    await home.tick(QUARTER)
    assert waits.done == []


@pytest.mark.parametrize("down", ["restart", "outage"])
async def test_what_falls_into_an_outage_fires_at_the_first_poll_after_it(
    home: Home, waits: Waiting, down: str
) -> None:
    async with go_down(home, down):
        await home.tick(7 * MINUTE)
    await home.tick(MINUTE)
    assert waits.done == [LATE]
    await home.tick(QUARTER)
    assert waits.done == [LATE]


@pytest.mark.parametrize("down", ["restart", "outage"])
async def test_a_print_that_ended_meanwhile_does_not_finish_soon(
    home: Home, waits: Waiting, down: str
) -> None:
    async with go_down(home, down):
        await home.tick(QUARTER)
    await home.tick(10 * MINUTE)
    assert home.events[-1] == ("completed", True)
    assert waits.done == []


@pytest.mark.parametrize("down", ["restart", "outage"])
async def test_a_print_that_is_paused_after_an_outage_fires_when_it_goes_on(
    home: Home, waits: Waiting, down: str
) -> None:
    async with go_down(home, down):
        await home.tick(7 * MINUTE)
        home.printer.pause()
        await home.tick(8 * MINUTE)
    await home.tick(5 * MINUTE)
    assert waits.done == []
    home.printer.resume()
    await home.tick(MINUTE)
    assert waits.done == [LATE]


async def test_a_pause_does_not_count_down(home: Home, waits: Waiting) -> None:
    await home.tick(4 * MINUTE)
    home.printer.pause()
    await home.tick(QUARTER)
    assert waits.done == []
    home.printer.resume()
    await home.tick(2 * MINUTE)
    assert waits.done == [FIVE]


@pytest.mark.parametrize("platforms", [[Platform.BINARY_SENSOR, Platform.EVENT]])
async def test_a_pause_behind_a_panel_in_use_does_not_count_down(
    home: Home, waits: Waiting
) -> None:
    await home.tick(4 * MINUTE)
    home.printer.pause()
    home.printer.touch(HOUR)
    await home.tick(QUARTER)
    assert home.state("paused", "binary_sensor") == "off"
    assert waits.done == []
    home.printer.resume()
    await home.tick(3 * MINUTE)
    assert waits.done == [FIVE]


@pytest.mark.parametrize(
    ("shift", "times"), [(3 * MINUTE, 1), (5 * MINUTE, 2), (10 * MINUTE, 2)]
)
async def test_it_fires_again_only_if_the_plan_moves_back_by_more_than_it_wobbles(
    home: Home, shift: int, times: int
) -> None:
    waits = await wait_for(home, soon(5))
    home.printer.start("Local/part.gcode", duration=HOUR, estimate=QUARTER)
    await home.tick(12 * MINUTE)
    assert waits.done == [FIVE]
    home.printer.job.estimate += shift
    await home.tick(shift + 5 * MINUTE)
    assert waits.done == [FIVE] * times


async def test_it_never_fires_after_the_end(home: Home, waits: Waiting) -> None:
    home.printer.stop()
    await home.tick(MINUTE)
    home.answer("job/currentjob", printed_time=890, total_time=QUARTER)
    await home.tick(5 * MINUTE)
    assert waits.done == []


async def test_a_print_without_an_estimate_does_not_finish_soon(home: Home) -> None:
    waits = await wait_for(home, soon(5))
    home.answer("job/currentjob", total_time=3600000)
    home.printer.start("Local/part.gcode", duration=QUARTER)
    await home.tick(20 * MINUTE)
    assert waits.done == []


async def test_minutes_that_a_power_cut_interrupts_fire_once_for_the_same_job(
    home: Home, waits: Waiting
) -> None:
    await home.tick(7 * MINUTE)
    assert waits.done == [FIVE]
    await home.simulator.power_off()
    await home.tick(5 * MINUTE)
    await home.simulator.power_on()
    await home.tick(2 * MINUTE)
    home.printer.recover()
    await home.tick(QUARTER)
    assert ("resumed", False) in home.events
    assert waits.done == [FIVE]
