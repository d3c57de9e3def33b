"""How polls that disagree, lag or say nothing are judged."""

from datetime import timedelta

import pytest

from custom_components.raise3d.api import JobReport, JobState, RunningState
from custom_components.raise3d.jobs import (
    HistoryEmpty,
    HistoryKnown,
    JobMemory,
    JobPhase,
    JobTracker,
)

from .common import (
    BUSY,
    DONE,
    ERROR,
    IDLE,
    LAG,
    NOTHING,
    NOW,
    RESTS,
    RUNS,
    Follower,
    bookmark,
    history,
    report,
)

JOB_2 = report("job-2", elapsed=0)
names = pytest.mark.parametrize("name", ["Local/folder/part.gcode", None])


@pytest.mark.parametrize("gone", [report(elapsed=0), report(None, None, 0, None)])
def test_the_history_makes_a_gone_job_completed(gone: JobReport) -> None:
    follower = Follower(JobPhase.PRINTING, late=True)
    assert follower.tracker.needs_history(IDLE, gone, NOW)
    assert follower.poll(IDLE, gone, history("job-0", new=("job-1",))) == ["completed"]
    assert follower.late == [True]


def test_a_job_that_the_history_lists_seconds_later_is_completed() -> None:
    follower = Follower(JobPhase.PRINTING)
    assert follower.poll(IDLE, report(elapsed=0), history("job-0")) == NOTHING
    assert follower.tracker.unresolved
    listed = history("job-0", new=("job-1",))
    assert follower.poll(IDLE, report(elapsed=0), listed) == ["completed"]


def test_an_end_is_reported_within_five_minutes_without_a_history() -> None:
    follower = Follower(JobPhase.PRINTING)
    assert follower.hold(IDLE, report(elapsed=0), None, 200) == NOTHING
    assert follower.hold(IDLE, report(elapsed=0), None, 80) == ["stopped"]
    # and that is the last word, whatever the history lists afterwards
    follower.tracker.mark_outage()
    listed = history("job-0", new=("job-1",))
    assert follower.hold(IDLE, report(elapsed=0), listed) == NOTHING


def test_the_end_of_one_job_is_reported_before_the_start_of_the_next() -> None:
    follower = Follower(JobPhase.PRINTING)
    follower.poll(RUNS, JOB_2, history("job-0", new=("job-1",)))
    assert follower.events == [("completed", "job-1"), ("started", "job-2")]


def test_jobs_that_nobody_saw_are_reported_in_their_order() -> None:
    follower = Follower(JobPhase.PRINTING, late=True)
    listed = history("job-0", new=("job-1", "job-2", "job-3"))
    follower.poll(IDLE, report("job-3", elapsed=0), listed)
    assert follower.events == [
        ("completed", "job-1"),
        ("started", "job-2"),
        ("completed", "job-2"),
        ("started", "job-3"),
        ("completed", "job-3"),
    ]
    assert all(follower.late)


def test_a_job_behind_busy_is_reported_before_the_next_one() -> None:
    follower = Follower(JobPhase.COMPLETED)
    follower.hold(BUSY, report("job-2", elapsed=0), seconds=600)
    listed = history("job-0", "job-1", new=("job-2",))
    follower.poll(RUNS, report("job-3", elapsed=10), listed)
    assert follower.events == [
        ("started", "job-2"),
        ("completed", "job-2"),
        ("started", "job-3"),
    ]


@pytest.mark.parametrize("seconds", range(0, 31, 5))
def test_a_print_whose_state_lags_is_started_and_no_more(seconds: int) -> None:
    follower = Follower(JobPhase.STOPPED)
    assert follower.hold(IDLE, JOB_2, history("job-0"), seconds) == NOTHING
    assert follower.hold(RUNS, JOB_2, history("job-0"), 90) == ["started"]


def test_a_print_named_long_before_it_runs_is_started() -> None:
    follower = Follower(JobPhase.STOPPED)
    assert follower.hold(IDLE, JOB_2, history("job-0"), 120) == NOTHING
    assert follower.hold(RUNS, JOB_2, history("job-0"), 60) == ["started"]


@pytest.mark.parametrize("state", [RUNS, RESTS])
@pytest.mark.parametrize("phase", [JobPhase.STOPPED, JobPhase.FAILED])
def test_an_answer_that_lags_takes_no_job_up_again(
    state: RunningState, phase: JobPhase
) -> None:
    follower = Follower(phase)
    assert follower.poll(state) == NOTHING
    assert follower.poll(state) == NOTHING
    assert follower.hold(IDLE, report(elapsed=0), history("job-0")) == NOTHING


def test_an_older_job_that_an_answer_names_is_not_started_again() -> None:
    follower = Follower(JobPhase.COMPLETED)
    follower.poll(RUNS, JOB_2)
    assert follower.hold(RUNS, report("job-1"), history("job-0")) == NOTHING


@pytest.mark.parametrize("past", [(), ("job-1",), ("job-0", "job-1", "job-2")])
@pytest.mark.parametrize("state", [IDLE, DONE])
def test_the_past_is_not_reported(past: tuple[str, ...], state: RunningState) -> None:
    follower = Follower()
    assert follower.poll(state, report("job-1"), history(*past)) == NOTHING
    named = report("job-1", elapsed=0)
    assert follower.hold(IDLE, named, history(*past), 600) == NOTHING


def test_old_prints_after_an_empty_first_history_are_no_events() -> None:
    follower = Follower()
    follower.poll(IDLE, report(elapsed=0), history())
    assert isinstance(follower.tracker.memory.cursor, HistoryEmpty)
    stored = JobMemory.from_dict(follower.tracker.memory.as_dict())
    follower.tracker = JobTracker(stored)
    old = history(new=tuple(f"old-{number}" for number in range(16)))
    assert follower.hold(IDLE, report(elapsed=0), old) == NOTHING
    assert isinstance(follower.tracker.memory.cursor, HistoryKnown)


def test_more_prints_than_fit_into_an_outage_are_old_ones() -> None:
    follower = Follower(JobPhase.COMPLETED)
    follower.tracker.mark_outage()
    old = history("job-0", new=tuple(f"old-{number}" for number in range(16)))
    assert follower.poll(IDLE, report(elapsed=0), old, after=130) == NOTHING
    assert follower.hold(IDLE, report(elapsed=0), old) == NOTHING


def test_a_new_printer_s_first_print_is_reported_though_nobody_saw_it() -> None:
    follower = Follower()
    follower.hold(IDLE, report(None, None, 0, None), history(), 600)
    assert isinstance(follower.tracker.memory.cursor, HistoryKnown)
    follower.tracker.mark_outage()
    listed = history(new=("job-1",))
    assert follower.poll(IDLE, report(elapsed=0), listed, after=3600) == [
        "started",
        "completed",
    ]


def test_a_failed_print_that_was_repaired_and_completed_unseen_is_completed() -> None:
    follower = Follower(JobPhase.PRINTING)
    follower.hold(ERROR, report(), history("job-0"), 120)
    gone = report(elapsed=0)
    assert follower.tracker.needs_history(IDLE, gone, follower.now)
    follower.poll(IDLE, gone, history("job-0", new=("job-1",)), after=60)
    assert follower.events == [
        ("failed", "job-1"),
        ("resumed", "job-1"),
        ("completed", "job-1"),
    ]


def test_a_failed_print_that_the_history_lists_at_once_is_not_completed() -> None:
    follower = Follower(JobPhase.PRINTING)
    follower.poll(ERROR, report(), history("job-0"))
    listed = history("job-0", new=("job-1",))
    follower.poll(IDLE, report(elapsed=0), listed)
    assert follower.events == [("failed", "job-1")]


def test_an_error_after_the_printer_was_idle_fails_no_print() -> None:
    follower = Follower(JobPhase.PRINTING)
    assert follower.hold(IDLE, report(elapsed=0), history("job-0"), 30) == NOTHING
    assert follower.poll(ERROR, report(elapsed=0), history("job-0")) == ["stopped"]


@pytest.mark.parametrize("elapsed", [0, 600])
def test_an_unknown_state_keeps_no_job_alive_for_ever(elapsed: int) -> None:
    follower = Follower(JobPhase.PRINTING)
    still = report(elapsed=elapsed)
    assert follower.hold(None, still, history("job-0"), 240) == NOTHING
    assert follower.hold(None, still, history("job-0"), 240) == ["stopped"]


def test_a_print_goes_on_behind_an_unknown_state() -> None:
    follower = Follower(JobPhase.PRINTING)
    for seconds in range(600, 4200, 15):
        assert follower.poll(None, report(elapsed=seconds)) == NOTHING


@names
def test_the_same_file_printed_twice_without_an_id_is_two_prints(
    name: str | None,
) -> None:
    follower = Follower()
    idle = report(None, None, 0, name)
    follower.hold(IDLE, idle, history(), 60)
    for _ in range(2):
        follower.poll(RUNS, report(None, None, 30, name))
        follower.hold(RUNS, report(None, None, 3600, name))
        follower.hold(DONE, report(None, None, 3600, name))
        follower.hold(IDLE, idle)
    kinds = [kind for kind, _ in follower.events]
    assert kinds == ["started", "completed"] * 2


@names
def test_figures_that_fall_back_begin_another_print(name: str | None) -> None:
    follower = Follower()
    follower.hold(RUNS, report(None, None, 3000, name), history(), 60)
    follower.hold(RUNS, report(None, None, 40, name), history(), 60)
    assert [kind for kind, _ in follower.events] == ["stopped", "started"]


@names
def test_a_repaired_print_without_an_id_is_resumed(name: str | None) -> None:
    follower = Follower()
    follower.hold(RUNS, report(None, elapsed=600, file_name=name), history(), 60)
    follower.hold(ERROR, report(None, elapsed=630, file_name=name), history())
    assert follower.poll(RUNS, report(None, elapsed=640, file_name=name)) == ["resumed"]


def test_a_short_idle_between_two_prints_without_a_name_ends_the_first() -> None:
    follower = Follower()
    follower.hold(RUNS, report(None, None, 3000, None), history(), 60)
    assert follower.hold(IDLE, report(None, None, 0, None), history(), 15) == NOTHING
    follower.hold(RUNS, report(None, None, 10, None), history(), 60)
    assert [kind for kind, _ in follower.events] == ["stopped", "started"]


def test_a_print_that_is_found_stopped_keeps_its_figures() -> None:
    follower = Follower(JobPhase.STOPPED)
    follower.hold(RUNS, report("job-2", elapsed=900))
    idle = report("job-2", elapsed=0)
    follower.poll(IDLE, idle, history("job-0"))
    later = follower.now + timedelta(seconds=LAG)
    (event,) = follower.tracker.update(IDLE, idle, later, history("job-0"))
    assert event.duration == 900


def test_an_id_that_comes_late_is_the_same_job() -> None:
    follower = Follower()
    follower.hold(IDLE, report(None, None, 0, None), history())
    follower.hold(RUNS, report(None, None, 20, None))
    follower.hold(RUNS, report("job-2", JobState.RUNNING, 90))
    follower.poll(DONE, report("job-2", JobState.COMPLETED, 900))
    assert [kind for kind, _ in follower.events] == ["started", "completed"]


def test_a_pause_is_confirmed_by_the_job_when_it_has_just_started() -> None:
    follower = Follower(JobPhase.STOPPED)
    follower.poll(RUNS, JOB_2)
    # the state of the job before, which was paused when it was stopped
    assert follower.poll(RESTS, JOB_2) == NOTHING
    assert follower.poll(RUNS, JOB_2) == NOTHING
    paused = report("job-2", JobState.PAUSED)
    assert follower.poll(RESTS, paused) == ["paused"]


def test_what_is_known_survives_storage() -> None:
    follower = Follower(JobPhase.PRINTING)
    follower.poll(RUNS, JOB_2, history("job-0", new=("job-1",)))
    memory = follower.tracker.memory
    stored = JobMemory.from_dict(memory.as_dict())
    assert stored == memory
    assert stored.polled_at == memory.polled_at
    assert stored.cursor == HistoryKnown(bookmark("job-0", "job-1"))


@pytest.mark.parametrize(
    "damage",
    [
        {"job": {"job_id": "a"}},
        {"job": "a"},
        {"history": None},
        {"polled_at": "yesterday"},
        {"polled_at": "2026-11-24T08:00:00"},
        {"history": {"empty_since": "yesterday", "bookmark": {"known": []}}},
    ],
)
def test_damaged_storage_is_noticed(damage: dict[str, object]) -> None:
    stored = Follower(JobPhase.PRINTING).tracker.memory.as_dict() | damage
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the damage is
        JobMemory.from_dict(stored)


def test_an_event_does_not_print_its_file_or_its_id() -> None:
    follower = Follower(JobPhase.STOPPED)
    (event,) = follower.tracker.update(RUNS, JOB_2, NOW)
    assert event.file_name == "part.gcode"
    assert "part" not in repr(event)
    assert "job-2" not in repr(event)
