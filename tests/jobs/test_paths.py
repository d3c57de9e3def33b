"""What is reported of a job that goes from one phase to another."""

import pytest

from custom_components.raise3d.api import HistoryEnd, JobState, RunningState
from custom_components.raise3d.jobs import PATHS, JobPhase

from .common import (
    BUSY,
    DONE,
    ERROR,
    IDLE,
    NOTHING,
    RESTS,
    RUNS,
    Follower,
    history,
    report,
)

PRINTING, PAUSED, NAMED = JobPhase.PRINTING, JobPhase.PAUSED, JobPhase.NAMED
COMPLETED, STOPPED, FAILED = JobPhase.COMPLETED, JobPhase.STOPPED, JobPhase.FAILED

# (phase, state of the printer, same job) -> what is reported while that state lasts;
# the job says running, and the history holds nothing new
TABLE: list[tuple[JobPhase, RunningState | None, bool, list[str]]] = [
    (PRINTING, RUNS, True, NOTHING),
    (PRINTING, RESTS, True, ["paused"]),
    (PRINTING, DONE, True, ["completed"]),
    (PRINTING, IDLE, True, ["stopped"]),
    (PRINTING, ERROR, True, ["failed"]),
    (PRINTING, BUSY, True, NOTHING),
    (PRINTING, None, True, NOTHING),
    (PRINTING, RUNS, False, ["stopped", "started"]),
    (PRINTING, RESTS, False, ["stopped", "started", "paused"]),
    (PRINTING, DONE, False, ["stopped", "started", "completed"]),
    (PRINTING, IDLE, False, ["stopped"]),
    (PRINTING, ERROR, False, ["stopped", "started", "failed"]),
    (PRINTING, BUSY, False, ["stopped", "started"]),
    (PRINTING, None, False, ["stopped", "started"]),
    (PAUSED, RUNS, True, ["resumed"]),
    (PAUSED, RESTS, True, NOTHING),
    # nothing completes while it is paused: it has gone on in between
    (PAUSED, DONE, True, ["resumed", "completed"]),
    (PAUSED, IDLE, True, ["stopped"]),
    (PAUSED, ERROR, True, ["failed"]),
    (PAUSED, RUNS, False, ["stopped", "started"]),
    *[(COMPLETED, state, True, NOTHING) for state in (*RunningState, None)],
    *[
        (ended, state, True, reported)
        for ended in (STOPPED, FAILED)
        for state, reported in (
            (RUNS, ["resumed"]),
            (RESTS, ["resumed", "paused"]),
            (DONE, ["resumed", "completed"]),
            (IDLE, NOTHING),
            (ERROR, NOTHING),
            (BUSY, NOTHING),
            (None, NOTHING),
        )
    ],
    *[
        (ended, state, False, reported)
        for ended in (COMPLETED, STOPPED, FAILED)
        for state, reported in (
            (RUNS, ["started"]),
            (RESTS, ["started", "paused"]),
            (DONE, ["started", "completed"]),
            (IDLE, NOTHING),
            (ERROR, ["started", "failed"]),
            (BUSY, ["started"]),
            (None, ["started"]),
        )
    ],
]


@pytest.mark.parametrize(("phase", "state", "same", "reported"), TABLE)
def test_each_pair_of_phase_and_state_reports_what_happened(
    phase: JobPhase,
    state: RunningState | None,
    same: bool,  # noqa: FBT001 - a column of the table
    reported: list[str],
) -> None:
    follower = Follower(phase)
    # as much as passes within a poll's interval, so that it is no older print
    job = (report("job-2", elapsed=20), report("job-1", elapsed=600))[same]
    assert follower.hold(state, job, history("job-0"), 90) == reported
    assert follower.hold(state, job, history("job-0"), 90) == NOTHING


@pytest.mark.parametrize("state", [*RunningState, None])
def test_the_first_poll_ever_reports_nothing(state: RunningState | None) -> None:
    follower = Follower()
    assert follower.hold(state, report(), history("job-0")) == NOTHING


@pytest.mark.parametrize("phase", [PRINTING, PAUSED])
@pytest.mark.parametrize("state", [IDLE, BUSY, RUNS, DONE, ERROR, None])
@pytest.mark.parametrize("listed", [history("job-0"), history("job-0", "job-1")])
def test_a_job_that_says_completed_is_completed(
    phase: JobPhase, state: RunningState | None, listed: HistoryEnd
) -> None:
    follower = Follower(phase)
    events = follower.poll(state, report(state=JobState.COMPLETED))
    assert events[-1] == "completed"
    assert follower.hold(IDLE, report(elapsed=0), listed) == NOTHING


@pytest.mark.parametrize("phase", [PRINTING, PAUSED])
@pytest.mark.parametrize("state", [IDLE, BUSY, RUNS, DONE, None])
def test_a_job_that_says_stopped_is_stopped_though_the_history_lists_it(
    phase: JobPhase, state: RunningState | None
) -> None:
    listed = history("job-0", new=("job-1",))
    follower = Follower(phase)
    assert follower.poll(state, report(state=JobState.STOPPED), listed) == ["stopped"]
    follower.tracker.mark_outage()
    assert follower.hold(IDLE, report(elapsed=0), listed) == NOTHING


def test_every_way_into_an_end_is_in_the_table() -> None:
    for before in (NAMED, PRINTING, PAUSED):
        assert {COMPLETED, STOPPED, FAILED} <= {to for at, to in PATHS if at is before}
