"""Tests of the log as a book: each job once, in order, with what is known of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from custom_components.raise3d.api import HistoryDetails, HistoryEntry
from custom_components.raise3d.jobs import (
    JobEvent,
    JobEventType,
    JobPhase,
    LogBook,
    LoggedJob,
    TrackedJob,
    with_entry,
    with_history,
)

from .common import NOW, dated

PATH = "Local/folder/part.gcode"
MINUTE = timedelta(minutes=1)
LATE: dict[str, Any] = {"late": True, "polled_before": NOW - 30 * MINUTE}
STARTED, PAUSED, RESUMED, COMPLETED, STOPPED, FAILED = JobEventType
LISTED = HistoryEntry(job_id="job-1", index=1, file_name=PATH, user_tag="course")
DETAILS = HistoryDetails(
    file_name=None,
    user_tag=None,
    real_print_time=3600,
    estimated_time=3500,
    filament_used_left=12.5,
    filament_used_right=None,
)


def event(kind: JobEventType, job_id: str | None = "job-1", **more: Any) -> JobEvent:
    """Return an event, as a job without an id has it unless there is one."""
    given = {"file_name": "part.gcode", "path": PATH, "at": NOW, **more}
    return JobEvent(type=kind, job_id=job_id or given["path"] or "", **given)


def book(*events: JobEvent, limit: int = 10) -> LogBook:
    """Return the log after some events."""
    result = LogBook(limit)
    for each in events:
        result.put(result.after(each, NOW))
    return result


def only(log: LogBook) -> LoggedJob:
    """Return the only job of a log."""
    (job,) = log.jobs
    return job


def test_a_job_without_an_id_keeps_its_key_when_its_start_and_id_become_known() -> None:
    log = book(event(STARTED, None))
    key = only(log).key
    log.put(log.after(event(PAUSED, None, started_at=NOW - MINUTE), NOW))
    log.put(log.after(event(RESUMED, "job-1", started_at=NOW - MINUTE), NOW))
    log.put(log.after(event(COMPLETED, "job-1", started_at=NOW - MINUTE), NOW))
    job = only(log)
    assert (job.key, job.job_id, job.file_name) == (key, "job-1", PATH)
    assert log.get("job-1") == log.get(key) == job
    assert log.job_of(event(COMPLETED, "job-1")) == job


def test_a_job_without_id_and_name_is_one_job() -> None:
    log = book(*(event(kind, None, path=None) for kind in (STARTED, PAUSED, STOPPED)))
    assert only(log).phase is JobPhase.STOPPED


def test_the_same_file_without_an_id_is_another_job_each_time() -> None:
    log = book(
        event(STARTED, None),
        event(COMPLETED, None),
        event(STARTED, None),
        event(STOPPED, None),
    )
    assert [job.phase.value for job in log.jobs] == ["completed", "stopped"]


def test_events_that_come_twice_change_nothing() -> None:
    start = NOW - 60 * MINUTE
    course = [event(kind, None, started_at=start) for kind in (STARTED, STOPPED)]
    log = book(*course)
    before = only(log)
    for each in course:
        log.put(log.after(each, NOW))
    assert only(log) == before


def test_what_an_event_lacks_stays_known() -> None:
    figures: dict[str, Any] = {"layers": 12, "progress": 8.5, "duration": 600}
    log = book(
        event(PAUSED, estimated_duration=3600, **figures),
        event(STOPPED, path=None, file_name=None),
    )
    job = only(log)
    assert (job.layers, job.progress, job.duration) == (12, 8.5, 600)
    assert (job.estimated_duration, job.file_name) == (3600, PATH)
    assert (job.ended_at, job.phase) == (NOW, JobPhase.STOPPED)


@pytest.mark.parametrize(
    ("duration", "kind", "ended"),
    [
        (3600, COMPLETED, NOW),
        (3615, COMPLETED, NOW),
        (3000, FAILED, NOW - 10 * MINUTE),
        (1800, STOPPED, None),  # when it was last polled, and not its end
        (1200, STOPPED, None),
        (4000, COMPLETED, None),
        (None, COMPLETED, None),
    ],
)
def test_a_late_end_is_known_where_it_lies_in_the_time_without_polls(
    duration: int | None, kind: JobEventType, ended: datetime | None
) -> None:
    start = event(STARTED, started_at=NOW - 60 * MINUTE)
    log = book(start, event(kind, duration=duration, **LATE))
    assert only(log).ended_at == ended


@pytest.mark.parametrize(("kind", "minutes"), [(STARTED, 5), (PAUSED, None)])
def test_the_figures_of_the_printer_date_a_late_end_unless_there_was_a_pause(
    kind: JobEventType, minutes: int | None
) -> None:
    start = event(kind, started_at=NOW - 65 * MINUTE)
    end = event(COMPLETED, duration=1800, **LATE)
    job = with_history(only(book(start, end)), LISTED, DETAILS)
    assert job.ended_at == (minutes and NOW - minutes * MINUTE)
    assert (job.duration, job.filament_left, job.filament_right) == (3600, 12.5, None)
    assert (job.user_tag, job.listed) == ("course", True)


def test_what_was_printed_at_the_last_poll_dates_no_late_end_without_the_figures() -> (
    None
):
    late: dict[str, Any] = {**LATE, "duration": 1800}
    start = event(STARTED, started_at=NOW - 60 * MINUTE)
    job = only(book(start, event(COMPLETED, **late)))
    listed = with_history(job, LISTED, replace(DETAILS, real_print_time=None))
    assert (listed.duration, listed.ended_at) == (1800, None)
    assert with_entry(job, LISTED).ended_at is None


def test_a_stopped_job_that_the_printer_lists_stays_stopped_without_grams() -> None:
    stopped = only(book(event(STARTED), event(STOPPED, duration=600)))
    job = with_history(stopped, LISTED, DETAILS)
    assert (job.phase, job.duration) == (JobPhase.STOPPED, 600)
    assert (job.filament_left, job.user_tag, job.listed) == (None, "course", True)


def tracked(phase: JobPhase, **more: Any) -> TrackedJob:
    """Return a tracked job of which there were events."""
    given = {"job_id": "job-1", "file_name": PATH, "reported": True, **more}
    return TrackedJob(phase=phase, **given)


def follow(log: LogBook, job: TrackedJob) -> None:
    """Let a log follow the tracked job."""
    for changed in log.follow(job, NOW):
        log.put(changed)


@pytest.mark.parametrize("phase", list(JobPhase)[1:])
@pytest.mark.parametrize("job_id", ["job-1", None])
@pytest.mark.parametrize("events", [0, 1])
def test_events_that_were_lost_are_made_good_by_the_tracked_job(
    phase: JobPhase, job_id: str | None, events: int
) -> None:
    start = NOW - 60 * MINUTE
    log = book(*[event(STARTED, job_id, started_at=start)][:events])
    job = tracked(phase, job_id=job_id, started_at=start, elapsed=900)
    for _ in range(2):
        follow(log, job)
        known = only(log)
        assert (known.phase, known.started_at) == (phase, start)
        assert (known.file_name, known.ended_at) == (PATH, None)


def test_a_job_from_before_the_first_poll_is_not_logged() -> None:
    log = LogBook(10)
    follow(log, tracked(JobPhase.STOPPED, reported=False))
    follow(log, tracked(JobPhase.NAMED, reported=False))
    assert not log.jobs


def test_what_the_printer_lists_is_not_stopped_by_a_guess() -> None:
    log = LogBook(10)
    log.put(LoggedJob(key="job-1", job_id="job-1", phase=JobPhase.COMPLETED))
    follow(log, tracked(JobPhase.STOPPED, reported=False))
    assert only(log).phase is JobPhase.COMPLETED


def test_a_job_whose_end_nobody_saw_does_not_print_for_ever() -> None:
    log = book(event(STARTED, "lost"))
    follow(log, tracked(JobPhase.COMPLETED))
    lost, job = log.jobs
    assert (lost.phase, lost.ended_at, lost.assumed) == (JobPhase.STOPPED, None, True)
    assert job.phase is JobPhase.COMPLETED
    entry = replace(LISTED, job_id="lost")
    assert with_history(lost, entry, DETAILS).phase is JobPhase.COMPLETED


def imported(job_id: str) -> LoggedJob:
    """Return a job of the printer's history."""
    return LoggedJob(key=job_id, job_id=job_id, phase=JobPhase.COMPLETED, listed=True)


def test_imported_jobs_sort_in_by_the_list_and_around_what_it_lacks() -> None:
    day = [dated(NOW - timedelta(days=days)) for days in range(6)]
    log = book(event(STARTED, day[2]), event(STOPPED, day[2]), event(STARTED, day[0]))
    newer = None
    for job_id in (day[1], day[3], day[5]):
        job = imported(job_id)
        log.put(job, before=log.successor_of(job, newer))
        newer = job_id
    assert [job.key for job in log.jobs] == [day[n] for n in (5, 3, 2, 1, 0)]
    late = log.after(event(STARTED, day[4], late=True), NOW)
    assert log.successor_of(late) == day[3]


def test_the_oldest_job_makes_room_and_none_older_comes_in() -> None:
    log = book(*(event(STOPPED, f"job-{n}") for n in range(4)), limit=3)
    assert [job.key for job in log.jobs] == ["job-1", "job-2", "job-3"]
    assert log.get("job-0") is None
    assert log.is_full_before("job-1")
    assert not log.is_full_before("job-2")
    assert not book(event(STOPPED), limit=3).is_full_before("job-1")


def test_all_of_a_job_is_stored() -> None:
    start = event(STARTED, started_at=NOW - 60 * MINUTE)
    end = event(COMPLETED, layers=3, **LATE)
    job = with_history(only(book(start, end)), LISTED, DETAILS)
    job = replace(job, energy=0.0, cost=1.25, dated=True, paused=True, unreadable=True)
    assert LoggedJob.from_dict(job.as_dict()) == job
    assert all(value is not None for value in job.as_dict().values())
