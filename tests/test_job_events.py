"""Tests of what is told of a job: by table, and by courses nobody thought of."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Self

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.raise3d.api import (
    HistoryEntry,
    JobReport,
    JobState,
    RunningState,
    RunningStatus,
)
from custom_components.raise3d.jobs import JobPhase, JobTracker, TrackedJob
from simulator import Phase, Printer, wire

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
POLL = 15.0
TERMINAL = ("completed", "stopped", "failed")


def body(
    job_id: str = "job-1",
    state: JobState = JobState.RUNNING,
    elapsed: int | None = 600,
) -> JobReport:
    """Return a job as a printer sends it."""
    return JobReport(
        job_id=job_id or None,
        file_name="Local/folder/part.gcode",
        state=state,
        progress=12.5,
        printed_layers=10,
        total_layers=100,
        elapsed=elapsed,
        total=3600,
    )


def record(*job_ids: str) -> list[HistoryEntry]:
    """Return a history, oldest first."""
    return [
        HistoryEntry(
            job_id=job_id, index=index, file_name="Local/b.gcode", user_tag=None
        )
        for index, job_id in enumerate(job_ids)
    ]


def tracker_in(phase: JobPhase | None) -> JobTracker:
    """Return a tracker that has seen job-1 come to a phase."""
    return JobTracker(
        None
        if phase is None
        else TrackedJob(key="job-1", phase=phase, completed="job-0")
    )


PRINTING, PAUSED = JobPhase.PRINTING, JobPhase.PAUSED
COMPLETED, STOPPED, FAILED = JobPhase.COMPLETED, JobPhase.STOPPED, JobPhase.FAILED
NOTHING: list[str] = []

# (seen, state of the printer, same job) -> what is told; the history is empty
TABLE: list[tuple[JobPhase | None, RunningState | None, bool, list[str]]] = [
    # the first look ever tells nothing
    *[(None, state, True, NOTHING) for state in (*RunningState, None)],
    (PRINTING, RunningState.RUNNING, True, NOTHING),
    (PRINTING, RunningState.PAUSED, True, ["paused"]),
    (PRINTING, RunningState.COMPLETED, True, ["completed"]),
    (PRINTING, RunningState.IDLE, True, ["stopped"]),
    (PRINTING, RunningState.ERROR, True, ["failed"]),
    (PRINTING, RunningState.BUSY, True, NOTHING),
    (PRINTING, None, True, NOTHING),
    (PRINTING, RunningState.RUNNING, False, ["stopped", "started"]),
    (PRINTING, RunningState.PAUSED, False, ["stopped", "started", "paused"]),
    (PRINTING, RunningState.COMPLETED, False, NOTHING),
    (PRINTING, RunningState.IDLE, False, ["stopped"]),
    (PRINTING, RunningState.ERROR, False, NOTHING),
    (PRINTING, RunningState.BUSY, False, NOTHING),
    (PRINTING, None, False, NOTHING),
    (PAUSED, RunningState.RUNNING, True, ["resumed"]),
    (PAUSED, RunningState.PAUSED, True, NOTHING),
    # nothing completes while it is paused: it has gone on in between
    (PAUSED, RunningState.COMPLETED, True, ["resumed", "completed"]),
    (PAUSED, RunningState.IDLE, True, ["stopped"]),
    (PAUSED, RunningState.ERROR, True, ["failed"]),
    (PAUSED, RunningState.BUSY, True, NOTHING),
    (PAUSED, None, True, NOTHING),
    (PAUSED, RunningState.RUNNING, False, ["stopped", "started"]),
    *[
        (ended, state, True, NOTHING)
        for ended in (COMPLETED, STOPPED, FAILED)
        for state in (*RunningState, None)
        # a stopped job that shows as completed was taken up again unseen
        if ended is COMPLETED or state is not RunningState.COMPLETED
    ],
    (STOPPED, RunningState.COMPLETED, True, ["resumed", "completed"]),
    (FAILED, RunningState.COMPLETED, True, ["resumed", "completed"]),
    *[
        (ended, state, False, told)
        for ended in (COMPLETED, STOPPED, FAILED)
        for state, told in (
            (RunningState.RUNNING, ["started"]),
            (RunningState.PAUSED, ["started", "paused"]),
            (RunningState.COMPLETED, NOTHING),
            (RunningState.IDLE, NOTHING),
            (RunningState.ERROR, NOTHING),
            (RunningState.BUSY, NOTHING),
            (None, NOTHING),
        )
    ],
]


@pytest.mark.parametrize(("seen", "state", "same", "told"), TABLE)
def test_each_pair_of_states_tells_what_happened(
    seen: JobPhase | None,
    state: RunningState | None,
    same: bool,  # noqa: FBT001 - a column of the table
    told: list[str],
) -> None:
    tracker = tracker_in(seen)
    events = tracker.update(state, body("job-1" if same else "job-2"), NOW)
    assert [event.type for event in events] == told
    again = tracker.update(state, body("job-1" if same else "job-2"), NOW)
    revived = seen in (STOPPED, FAILED) and same
    if revived and state in (RunningState.RUNNING, RunningState.PAUSED):
        assert "resumed" in [event.type for event in again]
    else:
        assert not again


@pytest.mark.parametrize("seen", [PRINTING, PAUSED])
@pytest.mark.parametrize(
    "state", [RunningState.IDLE, RunningState.BUSY, RunningState.RUNNING, None]
)
def test_a_job_that_says_completed_is_completed(
    seen: JobPhase, state: RunningState | None
) -> None:
    tracker = tracker_in(seen)
    events = tracker.update(state, body(state=JobState.COMPLETED), NOW)
    assert events[-1].type == "completed"
    assert not tracker.update(RunningState.IDLE, body(elapsed=0), NOW)


@pytest.mark.parametrize("current", [body(elapsed=0), body(""), body("job-2")])
def test_the_history_makes_a_gone_job_completed(current: JobReport) -> None:
    tracker = tracker_in(PRINTING)
    assert tracker.needs_history(RunningState.IDLE, current)
    events = tracker.update(
        RunningState.IDLE, current, NOW, history=record("job-0", "job-1")
    )
    assert [(event.type, event.late) for event in events] == [("completed", True)]


def test_the_job_before_is_settled_before_the_next_one_starts() -> None:
    tracker = tracker_in(PRINTING)
    events = tracker.update(
        RunningState.RUNNING, body("job-2"), NOW, history=record("job-1")
    )
    assert [(event.type, event.job_id) for event in events] == [
        ("completed", "job-1"),
        ("started", "job-2"),
    ]


def test_jobs_that_nobody_saw_are_told_afterwards() -> None:
    tracker = tracker_in(PRINTING)
    events = tracker.update(
        RunningState.IDLE,
        body("job-3", elapsed=0),
        NOW,
        history=record("job-0", "job-1", "job-2", "job-3"),
    )
    assert [(event.type, event.job_id) for event in events] == [
        ("completed", "job-1"),
        ("started", "job-2"),
        ("completed", "job-2"),
        ("started", "job-3"),
        ("completed", "job-3"),
    ]
    again = body("job-3", elapsed=0)
    assert not tracker.needs_history(RunningState.IDLE, again)


def test_an_error_after_a_gap_leaves_the_history_to_be_told() -> None:
    tracker = tracker_in(PRINTING)
    history = record("job-0", "job-2")
    current = body("job-2", elapsed=0)
    assert not tracker.update(RunningState.ERROR, current, NOW, history)
    events = tracker.update(RunningState.IDLE, current, NOW, history)
    assert [(event.type, event.job_id) for event in events] == [
        ("stopped", "job-1"),
        ("started", "job-2"),
        ("completed", "job-2"),
    ]


def test_an_error_after_the_end_does_not_make_the_print_failed() -> None:
    tracker = tracker_in(PRINTING)
    tracker.update(RunningState.RUNNING, body(), NOW)
    current = body(elapsed=0)
    assert tracker.needs_history(RunningState.ERROR, current)
    events = tracker.update(RunningState.ERROR, current, NOW, record("job-1"))
    assert [event.type for event in events] == ["completed"]


def test_an_event_carries_what_was_last_known() -> None:
    tracker = tracker_in(PRINTING)
    tracker.update(RunningState.RUNNING, body(), NOW)
    (event,) = tracker.update(RunningState.IDLE, body("", elapsed=0), NOW)
    assert event.job_id == "job-1"
    assert (event.duration, event.estimated_duration) == (600, 3600)
    assert (event.progress, event.layers) == (12.5, 10)
    assert not event.late


def test_an_event_does_not_print_its_file_or_its_id() -> None:
    (event,) = tracker_in(STOPPED).update(RunningState.RUNNING, body("job-2"), NOW)
    assert event.file_name == "part.gcode"
    assert "part" not in repr(event)
    assert "job-2" not in repr(event)


def test_what_was_seen_survives_storage() -> None:
    tracker = JobTracker()
    tracker.update(RunningState.RUNNING, body(), NOW)
    assert tracker.seen
    assert tracker.seen.started_at
    assert TrackedJob.from_dict(tracker.seen.as_dict()) == tracker.seen


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"key": "a"},
        {**TrackedJob(key="a", phase=PRINTING).as_dict(), "phase": "levitating"},
        {**TrackedJob(key="a", phase=PRINTING).as_dict(), "started_at": "yesterday"},
    ],
)
def test_damaged_storage_is_noticed(stored: dict[str, str | None]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the damage is
        TrackedJob.from_dict(stored)


class Course:
    """A printer, somebody who uses it, and a tracker that looks at it."""

    def __init__(self) -> None:
        """Look at an idle printer first, so that everything after is news."""
        self.now = 1_795_000_000.0
        self.printer = Printer("pro2", password="", clock=lambda: self.now)
        self.tracker = JobTracker()
        self.told: list[tuple[str, str]] = []
        self.late = False
        self.body: JobReport | None = None
        # the second look is for the history
        self.look()
        self.look()

    def look(self, *, stale: bool = False) -> None:
        """Look at the printer, which answers one thing after the other."""
        if not self.printer.powered:
            self.late = True
            return
        state = RunningStatus.from_dict(wire.running_status(self.printer)).state
        self.now += 0.3
        current = JobReport.from_dict(wire.current_job(self.printer))
        if stale and self.body is not None:
            current, self.body = self.body, current
        else:
            self.body = current
        history: Sequence[HistoryEntry] | None = None
        if self.late:
            self.tracker.note_gap()
        if self.tracker.needs_history(state, current):
            rows = wire.job_list(
                self.printer, max(0, len(self.printer.history) - 11), 12
            )
            history = HistoryEntry.list_from_dict(rows)
        when = datetime.fromtimestamp(self.now, UTC)
        for event in self.tracker.update(state, current, when, history):
            self.told.append((event.type.value, event.job_id))
        self.late = False

    def act(self, choice: int, seconds: float) -> Self:
        """Do something at the printer that is possible just now."""
        printer = self.printer
        if not printer.powered:
            printer.power_on()
            return self
        always: list[Callable[[], object]] = [
            lambda: printer.touch(20),
            printer.power_off,
            printer.fail,
        ]
        possible: dict[Phase, list[Callable[[], object]]] = {
            Phase.IDLE: [
                *[lambda: printer.start("Local/a.gcode", duration=60 + seconds)] * 4,
                *([printer.recover] if printer._lost_job else []),
            ],
            Phase.RUNNING: [printer.pause, printer.stop, lambda: None],
            Phase.PAUSED: [printer.resume, printer.resume, printer.stop],
            Phase.COMPLETED: [printer.dismiss] * 3,
            Phase.ERROR: [printer.clear_error],
            Phase.BUSY: [lambda: None],
        }
        options = [*possible[printer.phase] * 3, *always]
        options[choice % len(options)]()
        return self

    @property
    def happened(self) -> list[tuple[str, str]]:
        """What happened, by the printer's own record."""
        return [(event.kind, event.job_id) for event in self.printer.record]

    def finish(self) -> None:
        """Let the course come to its end and look at that twice."""
        self.printer.power_on()
        self.printer.clear_error()
        for _ in range(3):
            self.now += POLL
            self.look()


def merged(events: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return events in words that the API can tell apart after an outage."""
    return [
        ("ended" if kind in ("stopped", "failed") else kind, job_id)
        for kind, job_id in events
    ]


def assert_subsequence(
    told: list[tuple[str, str]], happened: list[tuple[str, str]]
) -> None:
    """Assert that nothing was invented, told twice or told out of order."""
    rest = iter(happened)
    for event in told:
        assert event in rest, f"{event} of {told} is not in {happened}"


STEPS = st.lists(
    st.tuples(st.integers(0, 99), st.floats(45, 900), st.integers(0, 9)),
    min_size=1,
    max_size=25,
)
# The same courses in each run: a new one is found by raising the number, on purpose.
QUIET = settings(
    deadline=None,
    derandomize=True,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow],
)


@QUIET
@given(STEPS)
def test_who_always_looks_tells_exactly_what_happened(
    steps: list[tuple[int, float, int]],
) -> None:
    course = Course()
    for choice, seconds, lost in steps:
        course.act(choice, seconds)
        end = course.now + seconds
        count = 0
        while course.now < end:
            course.now += POLL
            count += 1
            # every now and then a look is lost, an answer late, or all restarted
            if lost and count % (lost + 1) == 0:
                continue
            course.look(stale=lost > 5 and count % 3 == 0)
            if lost == 1 and course.tracker.seen:
                seen = TrackedJob.from_dict(course.tracker.seen.as_dict())
                course.tracker = JobTracker(seen)
    course.finish()
    assert course.told == course.happened


@QUIET
@given(STEPS)
def test_who_looks_now_and_then_invents_nothing_and_loses_no_print(
    steps: list[tuple[int, float, int]],
) -> None:
    course = Course()
    for choice, seconds, gap in steps:
        course.act(choice, seconds)
        if gap > 4:
            # an outage: of the network, of Home Assistant, or both
            course.now += seconds
            course.late = True
            if gap > 7 and course.tracker.seen:
                seen = TrackedJob.from_dict(course.tracker.seen.as_dict())
                course.tracker = JobTracker(seen)
            continue
        end = course.now + seconds
        while course.now < end:
            course.now += POLL
            course.look()
    course.finish()
    told, happened = merged(course.told), merged(course.happened)
    assert_subsequence(told, happened)
    started = {job_id for kind, job_id in told if kind == "started"}
    for job_id in started:
        last = [kind for kind, job in happened if job == job_id][-1]
        assert [kind for kind, job in told if job == job_id][-1] == last
    completed = [event for event in happened if event[0] == "completed"]
    assert [event for event in told if event[0] == "completed"] == completed
