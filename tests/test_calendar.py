"""Tests of the calendar of prints: the past, and the present one."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from custom_components.raise3d.calendar import PrintEvent
from custom_components.raise3d.jobs import JobPhase
from homeassistant.const import Platform
from homeassistant.core import ServiceCall
from homeassistant.util import dt as dt_util

from .automations import automate
from .common import HOUR, MINUTE, Home, now
from .logged import at, logged, put

pytestmark = pytest.mark.usefixtures("only_platforms")

MONTH = (at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z"))


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the calendar, and what it has to agree with."""
    return [Platform.CALENDAR, Platform.EVENT, Platform.SENSOR]


async def events(
    home: Home, start: datetime = MONTH[0], end: datetime = MONTH[1]
) -> list[dict[str, Any]]:
    """Return what the calendar has in some time."""
    entity_id = home.entity_id("prints", "calendar")
    found = await home.call(
        "calendar.get_events",
        ("prints", "calendar"),
        start_date_time=start.isoformat(),
        end_date_time=end.isoformat(),
    )
    listed: list[dict[str, Any]] = found[entity_id]["events"]
    return listed


def minutes_from_now(minutes: int) -> datetime:
    """Return a time in the test's clock."""
    return dt_util.utcnow() + timedelta(minutes=minutes)


async def test_past_prints_have_their_times_and_figures(home: Home) -> None:
    await home.hass.config.async_set_time_zone("Europe/Berlin")
    put(
        home,
        logged("plain", at("2026-11-20T22:30:00Z"), 7384, layers=470),
        logged(
            "failed",
            at("2026-11-19T08:00:00Z"),
            phase=JobPhase.FAILED,
            estimated_duration=36000,
        ),
        logged(
            "grams", at("2026-11-21T08:00:00Z"), filament_left=12.34, filament_right=0.0
        ),
        logged("", at("2026-11-22T08:00:00Z"), file_name=None, duration=None),
    )
    assert await events(home) == [
        {
            "start": "2026-11-19T09:00:00+01:00",
            "end": "2026-11-19T10:00:00+01:00",
            "summary": "failed.gcode",
            "description": "Failed\nDuration: 1:00:00\nEstimated duration: 10:00:00",
        },
        {
            "start": "2026-11-20T23:30:00+01:00",
            "end": "2026-11-21T01:33:04+01:00",
            "summary": "plain.gcode",
            "description": "Completed\nDuration: 2:03:04\nLayers: 470",
        },
        {
            "start": "2026-11-21T09:00:00+01:00",
            "end": "2026-11-21T10:00:00+01:00",
            "summary": "grams.gcode",
            "description": "Completed\nDuration: 1:00:00\n"
            "Filament used left: 12.3 g\nFilament used right: 0 g",
        },
        {
            "start": "2026-11-22T09:00:00+01:00",
            "end": "2026-11-22T10:00:00+01:00",
            "summary": "Job",
            "description": "Completed",
        },
    ]


async def test_prints_have_their_times_while_the_clocks_are_put_back(
    home: Home,
) -> None:
    """On the wall clock, the first one ends before it has begun."""
    await home.hass.config.async_set_time_zone("Europe/Berlin")
    put(
        home,
        logged("later", at("2026-10-25T01:05:00Z")),
        logged("first", at("2026-10-25T00:50:00Z"), 1200),
    )
    first, later = await events(home, at("2026-10-01T00:00:00Z"))
    assert (first["start"], first["end"]) == (
        "2026-10-25T02:50:00+02:00",
        "2026-10-25T02:10:00+01:00",
    )
    assert later["start"] == "2026-10-25T02:05:00+01:00"
    event = PrintEvent(
        start=at("2026-10-25T00:50:00Z"), end=at("2026-10-25T01:10:00Z"), summary=""
    )
    moment = dt_util.as_local(at("2026-10-25T01:05:00Z"))
    assert event.start_datetime_local < moment < event.end_datetime_local


async def test_texts_are_in_the_language_of_home_assistant(home: Home) -> None:
    await home.hass.config.async_update(language="de")
    await home.block_till_done()
    put(home, logged("a", at("2026-11-20T08:00:00Z"), file_name=None))
    (event,) = await events(home)
    assert event["summary"] == "Druckauftrag"
    assert event["description"].splitlines() == ["Abgeschlossen", "Dauer: 1:00:00"]


async def test_a_print_without_a_known_time_is_in_no_calendar(home: Home) -> None:
    start = at("2026-11-20T08:00:00Z")
    put(
        home,
        logged("no start", None, ended_at=start),
        logged("no end", start, ended_at=None),
        logged("backwards", start, -60),
        logged("going on", start, phase=JobPhase.PRINTING, ended_at=None),
    )
    assert await events(home) == []
    put(home, logged("stopped at once", start, 0, phase=JobPhase.STOPPED))
    (event,) = await events(home)
    assert (event["start"], event["end"]) == (
        "2026-11-20T00:00:00-08:00",
        "2026-11-20T00:00:01-08:00",
    )


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("07:00", "08:00", []),
        ("07:00", "08:01", ["print.gcode"]),
        ("08:30", "08:40", ["print.gcode"]),
        ("08:59", "10:00", ["print.gcode"]),
        ("09:00", "10:00", []),
    ],
)
async def test_a_print_is_in_each_range_that_has_a_part_of_it(
    home: Home, start: str, end: str, found: list[str]
) -> None:
    put(home, logged("print", at("2026-11-20T08:00:00Z")))
    inside = await events(
        home, at(f"2026-11-20T{start}:00Z"), at(f"2026-11-20T{end}:00Z")
    )
    assert [event["summary"] for event in inside] == found


async def test_the_present_print_ends_at_the_finish_time(printing: Home) -> None:
    state = printing.entity("prints", "calendar")
    assert state.state == "on"
    assert state.attributes["message"] == "part.gcode"
    (event,) = await events(printing)
    assert event["description"] == "Printing"
    assert at(event["end"]).isoformat() == printing.state("finish_time")
    started_at = printing.entity("job", "event").attributes["started_at"]
    assert at(event["start"]).isoformat() == started_at
    printing.printer.stop()
    await printing.tick(45)
    assert printing.state("prints", "calendar") == "off"
    (event,) = await events(printing)
    assert event["description"].startswith("Stopped\n")
    assert at(event["end"]) <= dt_util.utcnow()


async def test_a_print_is_written_when_it_starts_shifts_and_ends(home: Home) -> None:
    await home.tick(MINUTE)
    home.changes.clear()
    home.printer.start("Local/part.gcode", duration=8 * MINUTE)
    await home.tick(10 * MINUTE)
    assert home.status == "completed"
    ours = home.entity_id("prints", "calendar")
    states = [state for key, state in home.written() if key == ours]
    # before the printer knows how long it takes, then with the finish time, once that
    # is over, and when the end is seen
    assert states == ["on", "on", "on", "off"]


async def test_the_past_is_shown_while_the_printer_is_off(printing: Home) -> None:
    put(printing, logged("past", at("2026-11-20T08:00:00Z")))
    await printing.simulator.power_off()
    await printing.tick(5 * MINUTE)
    assert printing.status == "offline"
    # as far as anyone knows it goes on, but not beyond its end
    assert printing.state("prints", "calendar") == "on"
    printing.freezer.tick(2 * HOUR - MINUTE)
    await printing.tick(MINUTE)
    assert printing.state("prints", "calendar") == "off"
    assert [event["summary"] for event in await events(printing)] == ["past.gcode"]


async def test_a_print_whose_end_nobody_knows_goes_on_until_a_full_hour(
    printing: Home,
) -> None:
    printing.printer.pause()
    await printing.tick(MINUTE)
    assert printing.state("finish_time") == "unknown"
    printing.changes.clear()
    await printing.tick(HOUR)
    state = printing.entity("prints", "calendar")
    assert state.state == "on"
    end = at(f"{state.attributes['end_time']}-08:00")
    assert (end.minute, end.second) == (0, 0)
    assert minutes_from_now(20) <= end <= minutes_from_now(60 * 4)
    written = [key for key, _ in printing.written() if key.startswith("calendar.")]
    assert len(written) == 1


async def test_a_print_that_is_late_still_goes_on(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=HOUR, estimate=5 * MINUTE)
    await home.tick(7 * MINUTE)
    assert home.status == "printing"
    assert at(home.state("finish_time")) < dt_util.utcnow()
    assert home.state("prints", "calendar") == "on"


async def test_an_end_that_nobody_knows_is_further_than_triggers_read_ahead(
    home: Home,
) -> None:
    """They read 15 minutes ahead, and would run at an end that moves on."""
    home.printer.start("Local/part.gcode", duration=107 * MINUTE)
    await home.tick(105 * MINUTE)
    home.printer.pause()
    await home.tick(MINUTE)
    state = home.entity("prints", "calendar")
    assert at(f"{state.attributes['end_time']}-08:00") >= minutes_from_now(20)


async def test_a_print_that_ended_while_home_assistant_was_down_is_over(
    printing: Home,
) -> None:
    async with printing.down():
        printing.freezer.tick(3 * HOUR)
    await printing.tick(2 * MINUTE)
    assert printing.state("prints", "calendar") == "off"


# Triggers


async def attach(
    home: Home, event: str, minutes: int = 0, kind: str = "before"
) -> list[ServiceCall]:
    """Let an automation trigger on the calendar."""
    return await automate(
        home.hass,
        {
            "trigger": f"calendar.{event}",
            "target": {"entity_id": home.entity_id("prints", "calendar")},
            "options": {"offset": {"minutes": minutes}, "offset_type": kind},
        },
        {"at": "{{ now().timestamp() }}"},
    )


@pytest.mark.usefixtures("few_polls")
async def test_an_automation_runs_once_at_the_end_also_when_that_shifts(
    home: Home,
) -> None:
    calls = await attach(home, "event_ended")
    home.printer.start("Local/part.gcode", duration=30 * MINUTE)
    await home.tick(15 * MINUTE)
    home.printer.pause()
    await home.tick(25 * MINUTE)
    home.printer.resume()
    await home.tick(5 * MINUTE)
    assert calls == []
    end = at(home.state("finish_time")).timestamp()
    await home.tick(30 * MINUTE)
    assert home.status == "completed"
    (call,) = calls
    assert abs(float(call.data["at"]) - end) < 5
    assert now() - end > 15 * MINUTE
    await home.call("automation.turn_off", entity_id="all")


@pytest.mark.usefixtures("few_polls")
async def test_an_automation_runs_once_some_time_after_the_start(home: Home) -> None:
    """Triggers of calendars read 15 minutes ahead, and a start is not foreseen."""
    calls = await attach(home, "event_started", 20, "after")
    await home.tick(7 * MINUTE)
    home.printer.start("Local/part.gcode", duration=2 * HOUR)
    await home.tick(35 * MINUTE)
    (call,) = calls
    started_at = at(home.entity("job", "event").attributes["started_at"]).timestamp()
    assert abs(float(call.data["at"]) - started_at - 20 * MINUTE) < 5
    await home.call("automation.turn_off", entity_id="all")
