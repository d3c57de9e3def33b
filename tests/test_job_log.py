"""Tests of the job log: it agrees with the events, also where its storage does not."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
import logging
from typing import Any

import pytest

from custom_components.raise3d.jobs import LoggedJob
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE, Platform
from homeassistant.core import CoreState
from homeassistant.helpers import entity_registry as er
from simulator import Phase

from .common import HOUR, MINUTE, Home

pytestmark = pytest.mark.usefixtures("only_platforms")

MINUTES = timedelta(minutes=1)
FILE = "Local/customer/part.gcode"


@pytest.fixture
def settings() -> dict[str, Any]:
    """Return what makes a printer that has printed before."""
    return {"history": 3, "last_job": "stopped"}


def jobs(home: Home) -> tuple[LoggedJob, ...]:
    """Return the jobs that were seen, without those of the printer's history."""
    old = {entry.job_id for entry in home.printer.history[:3]}
    return tuple(job for job in home.coordinator.log.jobs if job.job_id not in old)


def key(home: Home) -> str:
    """Return where the log is stored."""
    return f"raise3d.{home.entry.entry_id}.jobs"


async def print_all(home: Home) -> None:
    """Print a file to its end, and clear the plate."""
    home.printer.start(FILE, duration=2 * MINUTE)
    await home.tick(3 * MINUTE)
    home.printer.dismiss()
    await home.tick(MINUTE)


async def test_completed_stopped_and_failed_jobs_are_logged_as_they_were(
    home: Home,
) -> None:
    await home.tick(MINUTE)
    assert not jobs(home)
    await print_all(home)
    home.printer.start(FILE, duration=HOUR, filament=(5, 1))
    await home.tick(4 * MINUTE)
    home.printer.stop()
    await home.tick(MINUTE)
    home.printer.start(FILE, duration=HOUR)
    await home.tick(MINUTE)
    home.printer.fail()
    await home.tick(MINUTE)
    done, stopped, failed = jobs(home)
    assert [job.phase.value for job in jobs(home)] == ["completed", "stopped", "failed"]
    assert {job.file_name for job in jobs(home)} == {FILE}
    assert (done.duration, done.filament_left, done.filament_right) == (120, 18.9, 10.9)
    assert done.started_at
    assert done.ended_at
    assert timedelta() <= done.ended_at - done.started_at - 2 * MINUTES < MINUTES
    assert (stopped.filament_left, failed.filament_left) == (None, None)
    assert stopped.duration == pytest.approx(4 * MINUTE, abs=30)
    assert 0 < (stopped.layers or 0) < 250
    assert 0 < (stopped.progress or 0) < 100


@pytest.mark.parametrize("platforms", [[Platform.EVENT, Platform.SENSOR]])
async def test_the_log_has_the_figures_before_the_event_is_fired(home: Home) -> None:
    registry = er.async_get(home.hass)
    registry.async_update_entity(home.entity_id("last_job_filament"), disabled_by=None)
    await home.reload()
    await home.tick(MINUTE)
    seen: list[LoggedJob | None] = []

    home.coordinator.jobs.async_add_listener(
        lambda event: seen.append(home.coordinator.log.job_of(event))
    )
    await print_all(home)
    assert seen[-1]
    assert (seen[-1].listed, seen[-1].filament_left) == (True, 18.9)


async def test_a_reload_within_the_delay_of_the_log_loses_nothing(home: Home) -> None:
    await home.tick(MINUTE)
    home.printer.start(FILE, duration=600)
    await home.tick(MINUTE)
    done = replace(jobs(home)[-1], energy=0.25)
    home.coordinator.log.async_put(done)
    await home.reload()
    assert [(job.key, job.energy) for job in jobs(home)] == [(done.key, 0.25)]


async def test_a_change_of_the_log_is_stored_within_seconds(
    printing: Home, hass_storage: dict[str, Any]
) -> None:
    printing.coordinator.log.async_put(replace(jobs(printing)[-1], energy=0.25))
    await printing.tick(20)
    assert hass_storage[key(printing)]["data"]["jobs"][-1]["energy"] == 0.25


async def test_the_log_goes_with_the_entry_and_stays_away(
    home: Home, hass_storage: dict[str, Any]
) -> None:
    await home.tick(MINUTE)
    await print_all(home)
    log, job = home.coordinator.log, jobs(home)[-1]
    await home.remove()
    log.async_put(job)
    await home.tick(15 * MINUTE)
    assert not [name for name in hass_storage if home.entry.entry_id in name]


async def test_an_entry_that_is_removed_while_home_assistant_stops_leaves_no_file(
    home: Home, hass_storage: dict[str, Any]
) -> None:
    await home.tick(MINUTE)
    home.printer.start(FILE, duration=600)
    await home.tick(MINUTE)
    assert key(home) in hass_storage
    home.hass.set_state(CoreState.stopping)
    await home.remove()
    home.hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await home.block_till_done()
    assert not [name for name in hass_storage if home.entry.entry_id in name]


async def test_an_event_is_in_the_stored_log_as_soon_as_it_is_fired(
    home: Home, hass_storage: dict[str, Any]
) -> None:
    await home.tick(MINUTE)
    home.printer.start(FILE, duration=600)
    await home.tick(MINUTE)
    home.printer.stop()
    for _ in range(MINUTE):
        await home.tick(1)
        stored = hass_storage[key(home)]["data"]["jobs"][-1]
        assert stored["phase"] == jobs(home)[-1].phase.value
    assert stored["phase"] == "stopped"
    assert stored["ended_at"]


@pytest.mark.parametrize("lost", [0, 1])
async def test_what_was_not_stored_when_home_assistant_was_killed_is_made_good(
    home: Home, hass_storage: dict[str, Any], lost: int
) -> None:
    await home.tick(MINUTE)
    home.printer.start(FILE, duration=4 * MINUTE)
    await home.tick(MINUTE)
    stored = deepcopy(hass_storage[key(home)])
    await home.tick((5 + lost) * MINUTE)
    before = jobs(home)
    await home.unload()
    stored["data"]["jobs"] = stored["data"]["jobs"][: 4 - lost]
    hass_storage[key(home)] = stored
    await home.set_up()
    await home.tick(2 * MINUTE)
    assert [(job.job_id, job.phase) for job in jobs(home)] == [
        (job.job_id, job.phase) for job in before
    ]
    assert len(home.events) == 2


async def test_a_print_whose_end_nobody_saw_ends_when_it_is_polled_again(
    home: Home,
) -> None:
    await home.tick(MINUTE)
    home.printer.start(FILE, duration=HOUR)
    await home.tick(2 * MINUTE)
    async with home.down():
        home.freezer.tick(24 * HOUR)
    await home.tick(2 * MINUTE)
    (job,) = jobs(home)
    assert job.phase.value == "completed"
    assert job.started_at
    assert job.ended_at == job.started_at + timedelta(hours=1)


async def test_a_stop_while_nobody_polled_has_no_time(home: Home) -> None:
    await home.tick(MINUTE)
    home.printer.start(FILE, duration=HOUR)
    await home.tick(2 * MINUTE)
    async with home.down():
        home.printer.stop()
        home.freezer.tick(10 * MINUTE)
    await home.tick(MINUTE)
    (job,) = jobs(home)
    assert (job.phase.value, job.ended_at) == ("stopped", None)
    assert job.duration == pytest.approx(2 * MINUTE, abs=30)


@pytest.mark.parametrize(
    ("stored", "kept"),
    [
        ({"version": 1, "minor_version": 9, "data": {"jobs": [{"key": "a"}]}}, 0),
        (
            {
                "version": 1,
                "minor_version": 0,
                "data": {"jobs": [{"key": "a", "phase": "stopped", "new": 1}, 7]},
            },
            1,
        ),
        ({"version": 1, "minor_version": 1, "data": []}, 0),
        ({"version": 1, "minor_version": 1, "data": {"jobs": {}}}, 0),
        ({"version": 9, "minor_version": 1, "data": {"jobs": []}}, 0),
    ],
)
async def test_what_is_damaged_or_of_another_version_keeps_no_printer_from_its_log(
    new_home: Home, hass_storage: dict[str, Any], stored: dict[str, Any], kept: int
) -> None:
    hass_storage[key(new_home)] = {"key": key(new_home), **deepcopy(stored)}
    await new_home.set_up()
    assert len(new_home.coordinator.log.jobs) == kept
    assert len(new_home.log(logging.WARNING)) == 1
    await new_home.tick(5 * MINUTE)
    assert len(new_home.coordinator.log.jobs) == kept + 3
    await new_home.unload()
    # what a newer version has stored is not overwritten
    assert hass_storage[key(new_home)]["version"] == stored["version"]


@pytest.mark.parametrize("platforms", [[Platform.EVENT, Platform.SENSOR]])
async def test_the_log_is_written_with_the_events_only(
    home: Home, hass_storage: dict[str, Any]
) -> None:
    await home.tick(20 * MINUTE)
    assert home.printer.phase is Phase.IDLE
    hass_storage[key(home)]["marked"] = True
    await home.tick(HOUR)
    assert hass_storage[key(home)]["marked"]
    home.printer.start(FILE, duration=600)
    await home.tick(MINUTE)
    assert "marked" not in hass_storage[key(home)]
