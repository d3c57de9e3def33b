"""Tests of the job, without Home Assistant and without a printer."""

from datetime import timedelta

import pytest

from custom_components.raise3d.api import HistoryEnd, JobReport, RunningState
from custom_components.raise3d.jobs import ActiveJob, JobTracker, display_name
from tests.api.conftest import data_of

from .common import BUSY, DONE, ERROR, IDLE, NOW, RESTS, RUNS, history, report


def captured(name: str) -> JobReport:
    """Return a job as a fixture's printer sends it."""
    return JobReport.from_dict(data_of(f"currentjob_{name}.json"))


def current(
    elapsed: int | None = 600, total: int | None = 3600, job_id: str = "job-1"
) -> JobReport:
    """Return a job that is being printed."""
    return report(job_id, elapsed=elapsed, total=total)


def follow(
    tracker: JobTracker,
    state: RunningState | None,
    job: JobReport,
    after: float = 0,
    read: HistoryEnd | None = None,
) -> ActiveJob:
    """Let a tracker take in one poll, and return the job it makes of it."""
    tracker.update(state, job, NOW + timedelta(seconds=after), read)
    assert tracker.job
    return tracker.job


@pytest.mark.parametrize("name", ["idle_empty_captured", "idle_stale_captured"])
@pytest.mark.parametrize("state", [IDLE, BUSY, ERROR, None])
def test_the_old_name_of_an_idle_printer_is_no_job(
    name: str, state: RunningState | None
) -> None:
    tracker = JobTracker()
    tracker.update(state, captured(name), NOW)
    assert tracker.job is None


def test_a_captured_print_is_shown_as_it_was() -> None:
    job = follow(JobTracker(), RUNS, captured("running_captured"))
    assert display_name(job.file_name) == "medaille_1.gcode"
    assert job.progress == 1.1
    assert (job.printed_layers, job.total_layers) == (6, 43)
    assert (job.elapsed, job.total) == (444, 3689)
    assert job.started_at == NOW - timedelta(seconds=444)
    assert job.finish_at == NOW + timedelta(seconds=3689 - 444)
    assert job.remaining == 54 * 60


def test_half_a_percent_is_not_half() -> None:
    job = follow(JobTracker(), RUNS, captured("running_low_progress"))
    assert job.progress == 0.5


def test_a_finished_part_on_the_plate_is_still_the_job() -> None:
    job = follow(JobTracker(), DONE, captured("completed"))
    assert job.progress == 100
    assert job.remaining == 0
    assert job.finish_at is None


@pytest.mark.parametrize("state", [BUSY, ERROR, None])
def test_a_job_lives_through_states_that_say_nothing_about_it(
    state: RunningState | None,
) -> None:
    tracker = JobTracker()
    follow(tracker, RUNS, current(elapsed=0))
    assert follow(tracker, state, current(elapsed=0))


def test_a_job_that_begins_is_seen_before_it_has_printed() -> None:
    job = follow(JobTracker(), RUNS, current(elapsed=0, total=None))
    assert job.finish_at is None
    assert job.remaining is None


def test_the_finish_time_stands_still_while_the_estimate_wobbles() -> None:
    tracker = JobTracker()
    times = set()
    for second in range(0, 1800, 15):
        wobble = (second // 15) % 7 * 15
        job = follow(tracker, RUNS, current(second, 3600 + wobble), second)
        times.add(job.finish_at)
    assert times == {NOW + timedelta(seconds=3600)}


def test_the_finish_time_moves_when_the_plan_does() -> None:
    tracker = JobTracker()
    follow(tracker, RUNS, current(0, 3600))
    job = follow(tracker, RUNS, current(60, 3800), 60)
    assert job.finish_at == NOW + timedelta(seconds=3800)


def test_a_pause_has_no_finish_time_and_moves_it_when_it_ends() -> None:
    tracker = JobTracker()
    follow(tracker, RUNS, current(600))
    paused = follow(tracker, RESTS, current(600), 30)
    assert paused.finish_at is None
    assert paused.remaining == 3000
    resumed = follow(tracker, RUNS, current(600), 900)
    assert resumed.finish_at == NOW + timedelta(seconds=900 + 3000)
    assert resumed.started_at == NOW - timedelta(seconds=600)


def test_an_estimate_that_is_lost_for_a_moment_changes_nothing() -> None:
    tracker = JobTracker()
    before = follow(tracker, RUNS, current(600))
    lost = follow(tracker, RUNS, current(615, None), 15)
    assert lost.finish_at == before.finish_at


def test_a_late_print_keeps_the_time_at_which_it_was_due() -> None:
    tracker = JobTracker()
    follow(tracker, RUNS, current(3500))
    job = follow(tracker, RUNS, current(4500), 1000)
    assert job.finish_at == NOW + timedelta(seconds=100)
    assert job.remaining == 0


def test_the_next_job_has_a_finish_time_of_its_own() -> None:
    tracker = JobTracker()
    follow(tracker, RUNS, current(600))
    listed = history("job-0", new=("job-1",))
    job = follow(tracker, RUNS, current(0, 3060, "job-2"), 30, listed)
    assert job.finish_at == NOW + timedelta(seconds=3090)
    assert job.started_at == NOW + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("left", "shown"), [(3629, 3600), (601, 600), (599, 600), (100, 105), (7, 0)]
)
def test_remaining_comes_in_steps_that_mean_something(left: int, shown: int) -> None:
    job = follow(JobTracker(), RUNS, current(0, left))
    assert job.remaining == shown


def test_a_job_does_not_print_its_file_or_its_id() -> None:
    job = follow(JobTracker(), RUNS, current())
    assert "part" not in repr(job)
    assert "job-1" not in repr(job)
