"""Tests of when what is read."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from custom_components.raise3d.api import BasicInfo, JobState, RunningState
from custom_components.raise3d.jobs import ActiveJob
from custom_components.raise3d.models import Raise3DData
from custom_components.raise3d.polling import (
    ESSENTIAL,
    OPTIONAL,
    TEMPERATURES,
    Part,
    PollingPlan,
)
from homeassistant.const import Platform
from homeassistant.helpers.entity_component import async_update_entity
from homeassistant.setup import async_setup_component

from .common import Home

JOB = ActiveJob(
    job_id="job-1",
    file_name="Local/part.gcode",
    state=JobState.RUNNING,
    progress=50,
    printed_layers=50,
    total_layers=100,
    elapsed=1800,
    total=3600,
    remaining=1800,
    started_at=None,
    finish_at=None,
)
IDLE = Raise3DData(online=True, state=RunningState.IDLE)
PRINTING = Raise3DData(online=True, state=RunningState.RUNNING, job=JOB)
WARM = BasicInfo(
    temperature=60,
    target_temperature=60,
    fan_speed=0,
    fan_speed_target=0,
    feed_rate=100,
    feed_rate_target=100,
)


class Polls:
    """A plan that is followed, and how often each part was read."""

    def __init__(self, seed: str = "printer") -> None:
        """Start with everything due."""
        self.plan = PollingPlan(seed)
        self.now = 1000.0
        self.count: Counter[Part] = Counter()
        self.read_at: dict[Part, float] = {}

    def follow(self, data: Raise3DData, seconds: float) -> Counter[Part]:
        """Poll a printer that stays as it is for a while."""
        self.count.clear()
        end = self.now + seconds
        while self.now < end:
            for part in Part:
                if self.plan.is_due(part, data, self.now):
                    self.plan.mark_read(part, self.now)
                    self.count[part] += 1
                    self.read_at[part] = self.now
            self.plan.mark_success(data, self.now)
            self.now += self.plan.next_delay(data, self.now)
        return self.count


def settled(data: Raise3DData) -> Polls:
    """Return polls that are past the first one, which reads everything."""
    polls = Polls()
    polls.follow(data, 30)
    return polls


def test_an_idle_printer_is_polled_for_its_state_and_less_often_its_temperatures() -> (
    None
):
    count = settled(IDLE).follow(IDLE, 3600)
    assert count[Part.JOB] == 0
    assert count[Part.STATE] == pytest.approx(120, abs=2)
    assert count[Part.BASIC] == pytest.approx(20, abs=2)
    assert count[Part.SYSTEM] == pytest.approx(4, abs=1)


@pytest.mark.parametrize(
    "state", [RunningState.RUNNING, RunningState.PAUSED, RunningState.BUSY, None]
)
def test_a_job_is_polled_every_fifteen_seconds(state: RunningState | None) -> None:
    data = replace(PRINTING, state=state)
    count = settled(data).follow(data, 3600)
    assert count[Part.JOB] == pytest.approx(240, abs=3)
    assert count[Part.STATE] == pytest.approx(120, abs=3)
    assert count[Part.BASIC] == pytest.approx(40, abs=3)


def test_a_heater_that_warms_up_is_polled_every_fifteen_seconds() -> None:
    heating = replace(PRINTING, basic=replace(WARM, temperature=30))
    assert settled(heating).follow(heating, 600)[Part.BASIC] == pytest.approx(40, abs=2)
    warm = replace(PRINTING, basic=WARM)
    assert settled(warm).follow(warm, 600)[Part.BASIC] == pytest.approx(7, abs=2)


@pytest.mark.parametrize(
    "job",
    [
        replace(JOB, remaining=60),
        replace(JOB, progress=97.0),
        replace(JOB, printed_layers=100),
    ],
)
def test_near_the_end_state_and_job_are_polled_every_three_seconds(
    job: ActiveJob,
) -> None:
    data = replace(PRINTING, job=job)
    count = settled(data).follow(data, 300)
    assert count[Part.STATE] == count[Part.JOB] == pytest.approx(100, abs=2)


def test_an_end_that_does_not_come_is_polled_often_for_ten_minutes() -> None:
    data = replace(PRINTING, job=replace(JOB, remaining=0))
    polls = settled(data)
    polls.follow(data, 600)
    assert polls.follow(data, 600)[Part.JOB] == pytest.approx(40, abs=2)


def test_a_more_certain_end_gets_its_own_ten_minutes() -> None:
    polls = settled(PRINTING)
    for sign in ({}, {"progress": 97.0}, {"progress": 99.0}, {"printed_layers": 100}):
        data = replace(PRINTING, job=replace(JOB, remaining=0, **sign))
        assert polls.follow(data, 300)[Part.JOB] == pytest.approx(100, abs=3)
        polls.follow(data, 900)


def test_the_next_job_gets_its_own_ten_minutes() -> None:
    data = replace(PRINTING, job=replace(JOB, remaining=0))
    polls = settled(data)
    polls.follow(data, 1200)
    following = replace(PRINTING, job=replace(JOB, job_id="job-2", remaining=0))
    assert polls.follow(following, 300)[Part.JOB] == pytest.approx(100, abs=2)


def test_after_a_command_state_and_job_are_polled_for_twenty_seconds() -> None:
    polls = settled(IDLE)
    polls.plan.expect_change(polls.now)
    count = polls.follow(IDLE, 20)
    assert count[Part.STATE] == count[Part.JOB] == pytest.approx(10, abs=2)
    assert polls.follow(IDLE, 300)[Part.STATE] == pytest.approx(10, abs=2)


def test_a_printer_that_is_off_is_polled_less_and_less_until_it_is_back() -> None:
    plan = PollingPlan("printer")
    intervals = []
    for _ in range(5):
        plan.mark_offline()
        intervals.append(plan.offline_interval)
    assert intervals == [15, 30, 60, 60, 60]
    plan.mark_success(IDLE, 1000)
    plan.mark_offline()
    assert plan.offline_interval == 15


def test_everything_is_read_again_after_an_outage() -> None:
    polls = settled(IDLE)
    polls.plan.mark_offline()
    due = {part for part in Part if polls.plan.is_due(part, IDLE, polls.now)}
    # camera and totals can wait for the poll after that
    assert due == {*ESSENTIAL, *TEMPERATURES}
    polls.follow(IDLE, 60)
    assert {polls.count[part] for part in OPTIONAL} == {1}


@pytest.mark.parametrize("data", [IDLE, PRINTING])
def test_printers_that_start_together_do_not_stay_in_step(data: Raise3DData) -> None:
    printers = [Polls(f"16363785338095344{number:03}") for number in range(100)]
    for polls in printers:
        polls.follow(data, 600)
    for part in (Part.STATE, Part.BASIC):
        slots = Counter(int(polls.read_at[part]) % 30 // 5 for polls in printers)
        assert len(slots) == 6
        assert max(slots.values()) < 30


def test_what_is_read_together_stays_together() -> None:
    polls = settled(PRINTING)
    reads = Counter(polls.follow(PRINTING, 1))
    for _ in range(100):
        count = polls.follow(PRINTING, 1)
        # the state never alone, the temperatures never without the state
        assert count[Part.JOB] >= count[Part.STATE] >= count[Part.BASIC]
        reads += count
    assert reads[Part.BASIC] > 10


async def test_setting_up_takes_eight_requests_and_an_update_on_request_polls_at_once(
    home: Home,
) -> None:
    assert home.count_requests() == 8
    assert await async_setup_component(home.hass, "homeassistant", {})
    home.simulator.requests.clear()
    await async_update_entity(home.hass, home.entity_id("status"))
    await home.block_till_done()
    assert set(home.paths) >= {
        "printer/runningstatus",
        "job/currentjob",
        "printer/basic",
        "printer/nozzle1",
        "printer/nozzle2",
    }


@pytest.mark.parametrize("platforms", [[Platform.SENSOR]], ids=["sensor"])
@pytest.mark.usefixtures("only_platforms")
async def test_a_command_is_followed_within_seconds(home: Home) -> None:
    await home.tick(120)
    home.printer.start("Local/part.gcode")
    await home.coordinator.async_send_command(asyncio.sleep(0))
    await home.tick(10)
    assert home.status == "printing"
