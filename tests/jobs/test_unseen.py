"""Prints that no poll has seen: what the history holds, and when it can be read."""

from custom_components.raise3d.jobs import (
    HistoryEmpty,
    HistoryKnown,
    JobPhase,
)

from .common import BUSY, ERROR, IDLE, NOTHING, RUNS, Follower, history, report

JOB_3 = report("job-3", elapsed=300)


def test_old_prints_that_show_up_during_a_print_are_no_events() -> None:
    follower = Follower()
    follower.hold(RUNS, report(), history(), 30)
    assert isinstance(follower.tracker.memory.cursor, HistoryEmpty)
    follower.tracker.mark_outage()
    listed = history(new=("old-1", "old-2"))
    assert follower.poll(RUNS, report(elapsed=4000), listed, after=3600) == NOTHING
    # or it would be read at each poll
    assert not follower.tracker.lacks_history


def test_prints_are_reported_after_an_outage_that_began_behind_busy() -> None:
    follower = Follower()
    follower.hold(BUSY, report(), history(), 60)
    follower.tracker.mark_outage()
    listed = history(new=("job-2", "job-3"))
    follower.poll(IDLE, report("job-3", elapsed=0), listed, after=7200)
    follower.hold(IDLE, report("job-3", elapsed=0), listed)
    assert follower.events[-4:] == [
        ("started", "job-2"),
        ("completed", "job-2"),
        ("started", "job-3"),
        ("completed", "job-3"),
    ]


def test_a_print_of_an_outage_comes_before_one_that_busy_hides() -> None:
    follower = Follower(JobPhase.COMPLETED, late=True)
    assert follower.tracker.needs_history(BUSY, JOB_3, follower.now)
    follower.poll(BUSY, JOB_3, history("job-0", new=("job-2",)))
    assert follower.events == [
        ("started", "job-2"),
        ("completed", "job-2"),
        ("started", "job-3"),
    ]


def test_a_print_of_an_outage_is_reported_when_the_history_can_be_read() -> None:
    follower = Follower(JobPhase.COMPLETED, late=True)
    assert follower.poll(RUNS, JOB_3) == ["started"]
    assert follower.tracker.lacks_history
    listed = history("job-0", new=("job-2",))
    assert follower.poll(RUNS, JOB_3, listed) == ["started", "completed"]
    assert follower.late == [True, True, True]
    assert follower.hold(RUNS, JOB_3, history("job-0", "job-2")) == NOTHING
    assert isinstance(follower.tracker.memory.cursor, HistoryKnown)


def test_a_repaired_print_that_is_soon_completed_is_completed() -> None:
    follower = Follower(JobPhase.PRINTING)
    follower.poll(ERROR, report(), history("job-0"))
    follower.poll(RUNS, report(elapsed=605), history("job-0"))
    gone = report(elapsed=0)
    assert follower.tracker.needs_history(IDLE, gone, follower.now)
    listed = history("job-0", new=("job-1",))
    assert follower.poll(IDLE, gone, listed) == ["resumed", "completed"]
