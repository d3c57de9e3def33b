"""The first poll of a printer: what comes after it is news, what was before is not."""

import pytest

from custom_components.raise3d.api import JobReport, RunningState
from custom_components.raise3d.jobs import JobPhase, JobTracker

from .common import BUSY, DONE, IDLE, NOTHING, RUNS, Follower, history, report

NAMED = report(elapsed=0)


@pytest.mark.parametrize(
    "seen", [report(None, None, 0, None), report("job-0", None, 0)]
)
def test_the_first_print_after_an_unknown_idle_state_is_started(
    seen: JobReport,
) -> None:
    follower = Follower()
    assert follower.hold(None, seen, history(), 400) == NOTHING
    assert follower.poll(RUNS, NAMED, history()) == ["started"]


def test_a_print_behind_an_unknown_state_at_the_first_poll_is_no_event() -> None:
    follower = Follower()
    for elapsed in range(600, 1200, 15):
        follower.poll(None, report(elapsed=elapsed))
    assert follower.events == []
    assert follower.tracker.memory.job is not None
    assert follower.tracker.memory.job.phase is JobPhase.PRINTING


@pytest.mark.parametrize("state", [IDLE, DONE])
def test_a_print_that_is_named_at_the_first_poll_is_started(
    state: RunningState,
) -> None:
    follower = Follower()
    assert follower.hold(state, NAMED, history("job-0"), 30) == NOTHING
    assert follower.hold(RUNS, NAMED, history("job-0"), 60) == ["started"]
    assert follower.hold(DONE, report(elapsed=900)) == ["completed"]


def test_a_print_of_before_the_first_poll_is_resumed() -> None:
    follower = Follower()
    follower.hold(IDLE, NAMED, history("job-0"), 60)
    assert follower.hold(RUNS, report(elapsed=4000), history("job-0")) == ["resumed"]


def test_a_print_that_was_stopped_during_a_restart_is_resumed() -> None:
    follower = Follower()
    follower.hold(IDLE, report("job-0", elapsed=0), history("job-0"))
    follower.poll(RUNS, NAMED, history("job-0"))
    follower.tracker = JobTracker(follower.tracker.memory)
    follower.hold(IDLE, NAMED, history("job-0"), 700)
    follower.hold(RUNS, report(elapsed=60), history("job-0"))
    assert [kind for kind, _ in follower.events] == ["started", "stopped", "resumed"]


def test_an_old_print_behind_busy_whose_answers_lag_is_no_event() -> None:
    """It was in the history when that was first read."""
    follower = Follower()
    assert follower.hold(BUSY, NAMED, history(NAMED.job_id or ""), 60) == NOTHING
    assert follower.poll(RUNS, NAMED) == NOTHING
    next_one = report("job-2", elapsed=8)
    assert follower.poll(RUNS, next_one, history(NAMED.job_id or "")) == ["started"]
