"""Tests of the events of a print, whatever happens meanwhile."""

import logging
import re
from typing import Any

import pytest

from custom_components.raise3d.const import DOMAIN, STORAGE_VERSION
from custom_components.raise3d.job_monitor import JobStore
from homeassistant.const import Platform
from homeassistant.core import CoreState
from simulator import Unknowns

from .common import Home

WITH_SENSORS = [Platform.EVENT, Platform.SENSOR]

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
async def home(home: Home) -> Home:
    """Return a home that has polled an idle printer for a minute."""
    await home.tick(60)
    return home


async def test_a_print_is_reported_from_start_to_end(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=150)
    await home.tick(120)
    home.printer.pause()
    await home.tick(60)
    home.printer.resume()
    await home.tick(120)
    home.printer.dismiss()
    await home.tick(60)
    assert home.events == [
        ("started", False),
        ("paused", False),
        ("resumed", False),
        ("completed", False),
    ]


async def test_an_event_says_what_was_printed(home: Home) -> None:
    job_id = home.printer.start("Local/folder/part.gcode", duration=150)
    await home.tick(210)
    expected = {
        "event_type": "completed",
        "job_id": job_id,
        "file_name": "part.gcode",
        "duration": 150,
        "estimated_duration": 150,
        "progress": 100.0,
        "layers": 250,
        "late": False,
    }
    attributes = home.entity("job", "event").attributes
    assert {key: attributes[key] for key in expected} == expected


async def test_each_event_of_a_job_says_when_the_printer_began_with_it(
    home: Home,
) -> None:
    home.printer.start("Local/part.gcode", duration=150)
    await home.tick(120)
    home.printer.pause()
    async with home.down():
        await home.tick(300)
    await home.tick(60)
    home.printer.resume()
    await home.tick(120)
    events = [
        (new.attributes["event_type"], new.attributes["started_at"])
        for change in home.changes
        if (new := change["new_state"])
        and new.entity_id == home.entity_id("job", "event")
        and new.attributes.get("event_type")
    ]
    assert [kind for kind, _ in dict.fromkeys(events)] == [
        "started",
        "paused",
        "resumed",
        "completed",
    ]
    (began,) = {began for _, began in events}
    assert re.fullmatch(r"2026-11-23T08:01:[0-2]\d\+00:00", began)


@pytest.mark.parametrize(
    ("act", "kind"), [("stop", "stopped"), ("fail", "failed"), ("pause", "paused")]
)
async def test_a_print_that_is_not_completed_is_not_reported_as_completed(
    home: Home, act: str, kind: str
) -> None:
    home.printer.start("Local/part.gcode", duration=600)
    await home.tick(120)
    getattr(home.printer, act)()
    await home.tick(120)
    assert home.events == [("started", False), (kind, False)]


@pytest.mark.parametrize("after", range(0, 15, 3))
async def test_a_print_stopped_at_the_panel_is_not_completed_where_all_are_listed(
    home: Home, after: int
) -> None:
    home.printer.unknowns = Unknowns(history_of_all=True)
    await home.tick(60)
    home.printer.start("Local/part.gcode", duration=1200)
    await home.tick(120 + after)
    home.printer.stop()
    await home.tick(120)
    assert home.events == [("started", False), ("stopped", False)]


async def test_the_first_poll_ever_reports_nothing(new_home: Home) -> None:
    new_home.printer.start("Local/part.gcode", duration=1200)
    await new_home.tick(300)
    await new_home.set_up()
    await new_home.tick(120)
    assert new_home.events == []


@pytest.mark.parametrize("platforms", [WITH_SENSORS])
async def test_a_restart_during_a_print_reports_nothing(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=3600)
    await home.tick(120)
    home.events.clear()
    async with home.down():
        await home.tick(120)
    await home.tick(120)
    assert home.events == []
    assert home.status == "printing"


async def test_a_print_that_ended_while_home_assistant_was_down_is_reported_once(
    home: Home,
) -> None:
    home.printer.start("Local/part.gcode", duration=600)
    await home.tick(120)
    home.events.clear()
    async with home.down():
        await home.tick(900)
    assert home.events == []
    await home.tick(60)
    assert home.events == [("completed", True)]
    async with home.down():
        await home.tick(60)
    await home.tick(60)
    assert home.events == [("completed", True)]


async def test_nothing_is_reported_before_automations_listen(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=600)
    home.hass.set_state(CoreState.starting)
    await home.tick(120)
    assert home.events == []
    home.hass.set_state(CoreState.running)
    await home.tick(60)
    assert home.events == [("started", False)]


async def test_a_crash_before_the_report_loses_nothing(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=600)
    home.hass.set_state(CoreState.starting)
    await home.tick(60)
    async with home.down():
        await home.tick(60)
    await home.tick(60)
    assert home.events == [("started", True)]


@pytest.mark.parametrize(
    ("seconds", "act", "kind"), [(600, "dismiss", "completed"), (0, "stop", "stopped")]
)
async def test_the_history_decides_what_became_of_a_print_that_is_gone(
    home: Home, seconds: int, act: str, kind: str
) -> None:
    home.printer.start("Local/part.gcode", duration=600)
    await home.tick(120)
    home.events.clear()
    async with home.down():
        await home.tick(seconds)
        getattr(home.printer, act)()
        await home.tick(300)
    await home.tick(60)
    assert home.events == [(kind, True)]


async def test_the_end_of_a_job_is_reported_before_the_start_of_the_next(
    home: Home,
) -> None:
    home.printer.start("Local/part.gcode", duration=600)
    await home.tick(120)
    home.events.clear()
    async with home.down():
        await home.tick(600)
        home.printer.dismiss()
        home.printer.start("Local/next.gcode", duration=600)
        await home.tick(60)
    await home.tick(60)
    assert home.events == [("completed", True), ("started", True)]


async def test_prints_that_came_and_went_unpolled_are_reported_afterwards(
    home: Home,
) -> None:
    async with home.down():
        for name in ("Local/one.gcode", "Local/two.gcode"):
            home.printer.start(name, duration=600)
            await home.tick(900)
            home.printer.dismiss()
        await home.tick(60)
    await home.tick(60)
    assert home.events == [("started", True), ("completed", True)] * 2


async def test_a_power_cut_stops_a_print_and_a_recovery_resumes_it(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=3600)
    await home.tick(120)
    home.events.clear()
    await home.simulator.power_off()
    await home.tick(200)
    assert home.events == []
    await home.simulator.power_on()
    await home.tick(120)
    assert home.events == [("stopped", True)]
    home.printer.recover()
    await home.tick(120)
    assert home.events == [("stopped", True), ("resumed", False)]


async def test_a_reload_reports_nothing_again(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=150)
    await home.tick(210)
    home.events.clear()
    for _ in range(3):
        await home.reload()
        await home.tick(60)
    assert home.events == []


async def test_the_same_file_twice_is_two_prints(home: Home) -> None:
    for _ in range(2):
        home.printer.start("Local/part.gcode", duration=150)
        await home.tick(210)
        home.printer.dismiss()
        await home.tick(60)
    assert home.events == [("started", False), ("completed", False)] * 2


async def test_a_wrong_clock_of_the_printer_changes_nothing(home: Home) -> None:
    home.printer.set_clock_offset(-25 * 365 * 86400)
    home.printer.start("Local/part.gcode", duration=150)
    await home.tick(210)
    assert home.events == [("started", False), ("completed", False)]


async def test_an_outage_of_the_network_loses_nothing(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=600)
    await home.tick(120)
    await home.simulator.unplug()
    await home.tick(900)
    await home.simulator.start()
    await home.tick(120)
    assert home.events == [("started", False), ("completed", True)]


@pytest.mark.parametrize(
    ("fault", "count", "kind"),
    [("http_404", None, "stopped"), ("html", 3, "completed")],
)
async def test_an_unreadable_history_is_not_waited_for_forever(
    home: Home, fault: str, count: int | None, kind: str
) -> None:
    home.printer.start("Local/part.gcode", duration=600)
    await home.tick(120)
    home.events.clear()
    await home.simulator.unplug()
    await home.tick(600)
    home.printer.dismiss()
    home.simulator.faults.add(fault, path="dashboard/joblist", count=count)
    await home.simulator.start()
    await home.tick(360)
    assert home.events == [(kind, True)]


@pytest.mark.parametrize(
    "damage",
    [
        {"data": {"phase": "levitating"}},
        {"data": {"key": "a"}},
        {"data": []},
        {"version": STORAGE_VERSION, "data": []},
        {"version": STORAGE_VERSION + 1, "data": {}},
        {"version": None, "data": {}},
    ],
)
async def test_damaged_memory_is_logged_once_and_replaced(
    new_home: Home, hass_storage: dict[str, Any], damage: dict[str, Any]
) -> None:
    key = f"{DOMAIN}.{new_home.entry.entry_id}"
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key} | damage
    await new_home.set_up()
    await new_home.tick(60)
    new_home.printer.start("Local/part.gcode", duration=600)
    await new_home.tick(45)
    assert new_home.events == [("started", False)]
    assert len(new_home.log(logging.WARNING)) == 1


async def test_the_memory_is_written_on_change_only(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    # until it is believed that the history is empty
    await home.tick(1000)
    phases: list[str] = []
    write = JobStore.async_save

    async def counted(self: JobStore, data: dict[str, Any]) -> None:
        phases.append(data["job"]["phase"])
        await write(self, data)

    monkeypatch.setattr(JobStore, "async_save", counted)
    home.printer.start("Local/part.gcode", duration=150)
    await home.tick(600)
    assert phases == ["printing", "completed"]


async def test_removing_a_printer_forgets_its_jobs(
    hass_storage: dict[str, Any], home: Home
) -> None:
    assert f"{DOMAIN}.{home.entry.entry_id}" in hass_storage
    await home.remove()
    assert f"{DOMAIN}.{home.entry.entry_id}" not in hass_storage


@pytest.mark.parametrize("platforms", [WITH_SENSORS])
@pytest.mark.parametrize("kind", ["http_404", "busy_body"])
async def test_a_history_that_is_missing_is_not_read_again_and_again(
    new_home: Home, kind: str
) -> None:
    home = new_home
    home.fail(kind, "dashboard/statistics")
    await home.set_up()
    await home.tick(300)
    home.simulator.requests.clear()
    await home.tick(600)
    assert home.count_requests("dashboard/statistics") <= 2
    home.printer.start("Local/part.gcode", duration=150)
    await home.tick(210)
    assert home.events == [("started", False), ("completed", False)]
