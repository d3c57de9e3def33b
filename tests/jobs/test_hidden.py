"""Jobs whose state is hidden: by busy, or by a word that is not known."""

import pytest

from custom_components.raise3d.api import JobState, RunningState
from custom_components.raise3d.jobs import JobPhase

from .common import BUSY, ERROR, IDLE, NOTHING, RUNS, Follower, history, report


def test_a_paused_print_that_is_stopped_behind_busy_is_not_resumed() -> None:
    follower = Follower(JobPhase.PAUSED)
    assert follower.hold(BUSY, report(), seconds=90) == NOTHING
    assert follower.hold(IDLE, report(elapsed=0), history("job-0")) == ["stopped"]


def test_a_paused_print_that_goes_on_behind_busy_is_resumed() -> None:
    follower = Follower(JobPhase.PAUSED)
    for elapsed in range(600, 660, 15):
        follower.poll(BUSY, report(elapsed=elapsed))
    assert follower.events == [("resumed", "job-1")]


def test_an_unknown_state_without_a_job_ends_the_print() -> None:
    follower = Follower(JobPhase.PRINTING)
    nameless = report(None, None, 0, None)
    assert follower.hold(None, nameless, history("job-0"), 240) == NOTHING
    listed = history("job-0", new=("job-1",))
    assert follower.hold(None, nameless, listed, 240) == ["completed"]


@pytest.mark.parametrize("state", [None, BUSY, ERROR])
def test_what_begins_long_after_an_outage_is_not_late(
    state: RunningState | None,
) -> None:
    follower = Follower(JobPhase.STOPPED, late=True)
    follower.hold(state, report(elapsed=0), seconds=400)
    follower.poll(RUNS, report("job-2", elapsed=0), history("job-0"))
    assert follower.events == [("started", "job-2")]
    assert follower.late == [False]


def test_a_state_that_is_all_that_is_read_ends_an_outage_too() -> None:
    follower = Follower(JobPhase.FAILED, late=True)
    follower.poll(ERROR, report())
    follower.tracker.note_state(ERROR, follower.now.replace(minute=30))
    follower.poll(RUNS, report("job-2", elapsed=0), history("job-0"), after=1800)
    assert follower.late == [False]


def test_a_print_that_ended_in_an_outage_is_late_however_long_busy_hides_it() -> None:
    follower = Follower(JobPhase.PRINTING, late=True)
    follower.hold(BUSY, report(), seconds=600)
    follower.hold(IDLE, report(elapsed=0), history("job-0"))
    assert follower.events == [("stopped", "job-1")]
    assert follower.late == [True]


def test_a_print_that_goes_on_behind_busy_ends_in_time() -> None:
    follower = Follower(JobPhase.PRINTING, late=True)
    for elapsed in range(600, 1200, 15):
        follower.poll(BUSY, report(elapsed=elapsed))
    follower.poll(BUSY, report(state=JobState.STOPPED, elapsed=1200))
    assert follower.late == [False]
