"""Tests of the pictures of ends: which end has a picture, and which has none."""

from datetime import timedelta

import pytest

from custom_components.raise3d.api import JobReport, RunningState
from custom_components.raise3d.jobs import JobEvent, JobEventType
from homeassistant.const import Platform
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
from simulator import Unknowns
from tests.common import MINUTE, Home

from .lab import FAILURE, FINISHED, PART, SEEN, Lab, is_picture


async def test_without_an_end_there_is_no_picture(lab: Lab) -> None:
    assert lab.since(FINISHED) == lab.since(FAILURE) == "unknown"
    assert (await lab.image(FINISHED))[0] == 500
    assert lab.shots == 0


async def test_a_finished_print_has_its_picture(lab: Lab) -> None:
    await lab.complete()
    assert is_picture(await lab.image(FINISHED))
    assert lab.job_of(FINISHED) == lab.ended_job
    assert abs(lab.taken(FINISHED) - lab.fired) < timedelta(seconds=1)
    assert lab.since(FAILURE) == "unknown"


async def test_a_stopped_print_is_the_last_failure(lab: Lab) -> None:
    await lab.get_stopped()
    assert is_picture(await lab.image(FAILURE))
    state = lab.entity(FAILURE, Platform.IMAGE)
    assert state.attributes["event_type"] == "stopped"
    assert state.attributes["file_name"] == "part.gcode"
    assert lab.since(FINISHED) == "unknown"


async def test_a_failed_print_is_the_last_failure(lab: Lab) -> None:
    lab.printer.start(PART, duration=3600)
    await lab.tick(SEEN)
    lab.printer.fail()
    await lab.tick(30)
    state = lab.entity(FAILURE, Platform.IMAGE)
    assert state.attributes["event_type"] == "failed"
    assert lab.job_of(FAILURE) == lab.ended_job


async def test_an_automation_on_the_event_finds_the_new_picture(lab: Lab) -> None:
    found: list[object] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        assert event.data["new_state"]
        kind = event.data["new_state"].attributes["event_type"]
        found.append((kind, lab.job_of(FINISHED)))

    job = lab.entity_id("job", Platform.EVENT)
    async_track_state_change_event(lab.hass, job, note)
    await lab.complete()
    assert found == [("started", None), ("completed", lab.ended_job)]


async def test_a_print_costs_two_stills_and_no_request_of_the_api(lab: Lab) -> None:
    before = lab.count_requests("printer/camera")
    await lab.complete(duration=4 * MINUTE)
    assert lab.shots == 2
    assert lab.count_requests("printer/camera") == before
    await lab.tick(5 * MINUTE)
    assert lab.shots == 2


async def test_the_next_print_replaces_the_picture(lab: Lab) -> None:
    await lab.complete()
    since, first = lab.since(FINISHED), await lab.image(FINISHED)
    lab.printer.dismiss()
    await lab.tick(20)
    await lab.complete(duration=100)
    assert lab.since(FINISHED) > since
    assert await lab.image(FINISHED) != first


# the others print with the one that most tests have
@pytest.mark.parametrize("model", ["n2"])
async def test_a_printer_with_one_nozzle_has_its_pictures(lab: Lab) -> None:
    await lab.complete()
    assert is_picture(await lab.image(FINISHED))


@pytest.mark.parametrize("unknowns", [Unknowns(job_lag=25)])
async def test_where_answers_lag_the_picture_is_from_the_moment_of_the_end(
    lab: Lab,
) -> None:
    lab.printer.start(PART, duration=3600)
    await lab.tick(MINUTE)
    lab.printer.stop()
    stopped = dt_util.utcnow()
    await lab.tick(2 * MINUTE)
    assert lab.job_of(FAILURE) == lab.ended_job
    assert lab.taken(FAILURE) < lab.fired
    assert lab.taken(FAILURE) - stopped <= timedelta(seconds=35)
    assert lab.shots == 1


# Ends that nobody saw


async def test_an_end_during_an_outage_has_no_picture(lab: Lab) -> None:
    await lab.near_end()
    await lab.simulator.unplug()
    await lab.tick(3 * MINUTE)
    await lab.simulator.start()
    await lab.tick(2 * MINUTE)
    assert lab.events[-1] == ("completed", True)
    assert lab.since(FINISHED) == "unknown"
    assert lab.shots == 1


async def test_an_end_during_a_restart_has_no_picture(lab: Lab) -> None:
    lab.printer.start(PART, duration=4 * MINUTE)
    await lab.tick(2 * MINUTE)
    async with lab.down():
        lab.freezer.tick(5 * MINUTE)
    await lab.tick(2 * MINUTE)
    assert lab.events[-1] == ("completed", True)
    assert lab.since(FINISHED) == "unknown"
    assert lab.shots == 0


async def test_what_ended_before_the_first_poll_has_no_picture(new_home: Home) -> None:
    new_home.printer.start(PART, duration=60)
    new_home.freezer.tick(90)
    await new_home.set_up()
    await new_home.tick(2 * MINUTE)
    assert new_home.state(FINISHED, Platform.IMAGE) == "unknown"


async def test_the_next_print_is_no_picture_of_the_one_before(lab: Lab) -> None:
    lab.printer.start(PART, duration=3600)
    await lab.tick(SEEN)
    lab.printer.stop()
    lab.freezer.tick(5)
    lab.printer.start("Local/next.gcode", duration=3600)
    await lab.tick(2 * MINUTE)
    assert ("stopped", False) in lab.events
    assert lab.since(FAILURE) == "unknown"
    assert lab.shots == 0


@pytest.mark.parametrize("named", ["another", ""])
async def test_a_print_that_only_the_history_knows_has_no_picture(
    lab: Lab, named: str
) -> None:
    report = JobReport.from_dict({"job_id": named})
    end = JobEvent(type=JobEventType.COMPLETED, job_id="unseen", file_name=None)
    poll = lab.coordinator.pictures.async_process_poll
    await poll(RunningState.IDLE, report, [end])
    assert lab.shots == 0
    assert lab.since(FINISHED) == "unknown"
