"""Tests of the job, without Home Assistant and without a printer."""

from datetime import UTC, datetime, timedelta
import json
from pathlib import Path

import pytest

from custom_components.raise3d.api import JobReport, JobState, RunningState
from custom_components.raise3d.jobs import ActiveJob, JobTracker, display_name

from .common import history

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
FIXTURES = Path(__file__).parents[1] / "fixtures"


def fixture(name: str) -> JobReport:
    """Return a job as a fixture's printer sends it."""
    body = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    return JobReport.from_dict(body["data"])


def current(
    elapsed: int | None = 600,
    total: int | None = 3600,
    job_id: str | None = "job-1",
    state: JobState = JobState.RUNNING,
) -> JobReport:
    """Return a job as a printer sends it."""
    return JobReport(
        job_id=job_id,
        file_name="Local/folder/part.gcode",
        state=state,
        progress=12.5,
        printed_layers=10,
        total_layers=100,
        elapsed=elapsed,
        total=total,
    )


def follow(
    tracker: JobTracker, state: RunningState | None, job: JobReport, after: float = 0
) -> ActiveJob | None:
    """Let a tracker take in one poll, and return the job it makes of it."""
    tracker.update(state, job, NOW + timedelta(seconds=after))
    return tracker.job


@pytest.mark.parametrize(
    "name", ["currentjob_idle_empty_captured", "currentjob_idle_stale_captured"]
)
@pytest.mark.parametrize(
    "state", [RunningState.IDLE, RunningState.BUSY, RunningState.ERROR, None]
)
def test_the_old_name_of_an_idle_printer_is_no_job(
    name: str, state: RunningState | None
) -> None:
    assert follow(JobTracker(), state, fixture(name)) is None


def test_a_captured_print_is_shown_as_it_was() -> None:
    job = follow(
        JobTracker(), RunningState.RUNNING, fixture("currentjob_running_captured")
    )
    assert job
    assert display_name(job.file_name) == "medaille_1.gcode"
    assert job.progress == 1.1
    assert (job.printed_layers, job.total_layers) == (6, 43)
    assert (job.elapsed, job.total) == (444, 3689)
    assert job.started_at == NOW - timedelta(seconds=444)
    assert job.finish_at == NOW + timedelta(seconds=3689 - 444)
    assert job.remaining == 54 * 60


def test_half_a_percent_is_not_half() -> None:
    job = follow(
        JobTracker(), RunningState.RUNNING, fixture("currentjob_running_low_progress")
    )
    assert job
    assert job.progress == 0.5


def test_a_finished_part_on_the_plate_is_still_the_job() -> None:
    job = follow(JobTracker(), RunningState.COMPLETED, fixture("currentjob_completed"))
    assert job
    assert job.progress == 100
    assert job.remaining == 0
    assert job.finish_at is None


@pytest.mark.parametrize("state", [RunningState.BUSY, RunningState.ERROR, None])
def test_a_job_lives_through_states_that_say_nothing_about_it(
    state: RunningState | None,
) -> None:
    tracker = JobTracker()
    follow(tracker, RunningState.RUNNING, current(elapsed=0))
    assert follow(tracker, state, current(elapsed=0))


def test_a_job_that_begins_is_seen_before_it_has_printed() -> None:
    job = follow(JobTracker(), RunningState.RUNNING, current(elapsed=0, total=None))
    assert job
    assert job.finish_at is None
    assert job.remaining is None


def test_the_finish_time_stands_still_while_the_estimate_wobbles() -> None:
    tracker = JobTracker()
    times = set()
    for second in range(0, 1800, 15):
        wobble = (second // 15) % 7 * 15
        job = follow(
            tracker, RunningState.RUNNING, current(second, 3600 + wobble), second
        )
        assert job
        times.add(job.finish_at)
    assert times == {NOW + timedelta(seconds=3600)}


def test_the_finish_time_moves_when_the_plan_does() -> None:
    tracker = JobTracker()
    follow(tracker, RunningState.RUNNING, current(0, 3600))
    job = follow(tracker, RunningState.RUNNING, current(60, 3800), 60)
    assert job
    assert job.finish_at == NOW + timedelta(seconds=3800)


def test_a_pause_has_no_finish_time_and_moves_it_when_it_ends() -> None:
    tracker = JobTracker()
    follow(tracker, RunningState.RUNNING, current(600))
    paused = follow(tracker, RunningState.PAUSED, current(600), 30)
    assert paused
    assert paused.finish_at is None
    assert paused.remaining == 3000
    resumed = follow(tracker, RunningState.RUNNING, current(600), 900)
    assert resumed
    assert resumed.finish_at == NOW + timedelta(seconds=900 + 3000)
    assert resumed.started_at == NOW - timedelta(seconds=600)


def test_an_estimate_that_is_lost_for_a_moment_changes_nothing() -> None:
    tracker = JobTracker()
    before = follow(tracker, RunningState.RUNNING, current(600))
    lost = follow(tracker, RunningState.RUNNING, current(615, None), 15)
    assert before
    assert lost
    assert lost.finish_at == before.finish_at


def test_a_late_print_keeps_the_time_at_which_it_was_due() -> None:
    tracker = JobTracker()
    follow(tracker, RunningState.RUNNING, current(3500))
    job = follow(tracker, RunningState.RUNNING, current(4500), 1000)
    assert job
    assert job.finish_at == NOW + timedelta(seconds=100)
    assert job.remaining == 0


def test_the_next_job_has_a_finish_time_of_its_own() -> None:
    tracker = JobTracker()
    follow(tracker, RunningState.RUNNING, current(600))
    later = NOW + timedelta(seconds=30)
    following = current(0, 3060, "job-2")
    tracker.update(
        RunningState.RUNNING, following, later, history("job-0", new=("job-1",))
    )
    job = tracker.job
    assert job
    assert job.finish_at == NOW + timedelta(seconds=3090)
    assert job.started_at == NOW + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("left", "shown"), [(3629, 3600), (601, 600), (599, 600), (100, 105), (7, 0)]
)
def test_remaining_comes_in_steps_that_mean_something(left: int, shown: int) -> None:
    job = follow(JobTracker(), RunningState.RUNNING, current(0, left))
    assert job
    assert job.remaining == shown


def test_a_job_does_not_print_its_file_or_its_id() -> None:
    job = follow(JobTracker(), RunningState.RUNNING, current())
    assert "part" not in repr(job)
    assert "job-1" not in repr(job)
