"""What changes a job of the log: events, the tracked job, the printer's history."""

from dataclasses import replace
from datetime import datetime, timedelta

from ..api import HistoryDetails, HistoryEntry
from .log import LoggedJob
from .models import JobEvent, JobEventType, JobPhase, TrackedJob

_PHASES = {
    JobEventType.STARTED: JobPhase.PRINTING,
    JobEventType.RESUMED: JobPhase.PRINTING,
    JobEventType.PAUSED: JobPhase.PAUSED,
    JobEventType.COMPLETED: JobPhase.COMPLETED,
    JobEventType.STOPPED: JobPhase.STOPPED,
    JobEventType.FAILED: JobPhase.FAILED,
}
# What rounding, and the lag of an answer, can shift an end that is computed.
_SLACK = timedelta(seconds=30)


def after_event(job: LoggedJob, event: JobEvent, now: datetime) -> LoggedJob:
    """Return the job after an event; what the event lacks stays."""
    phase, at = _PHASES[event.type], (event.at or now).replace(microsecond=0)
    started = event.type is JobEventType.STARTED
    late_end = event.late and not phase.active
    start_seen = started and not event.late and event.started_at is not None
    job = replace(
        job,
        job_id=event.job_id if event.identified else job.job_id,
        file_name=event.path or event.file_name or job.file_name,
        phase=phase,
        started_at=event.started_at or job.started_at,
        ended_at=None if phase.active or event.late else at,
        ended_after=event.polled_before if late_end else None,
        ended_before=at if late_end else None,
        layers=job.layers if event.layers is None else event.layers,
        progress=job.progress if event.progress is None else event.progress,
        estimated_duration=event.estimated_duration or job.estimated_duration,
        # 0 at the start says nothing of the end
        duration=event.duration or job.duration,
        start_seen=start_seen or (job.start_seen and not started),
        dated=job.dated and event.started_at is None,
        paused=job.paused or phase is JobPhase.PAUSED,
        assumed=False,
    )
    return with_late_end(job)


def following(job: LoggedJob, tracked: TrackedJob) -> LoggedJob:
    """Return the job as it is tracked, where no event has said so."""
    phase = tracked.phase
    job = replace(
        job,
        job_id=job.job_id or tracked.job_id,
        file_name=job.file_name or tracked.file_name,
        started_at=job.started_at or tracked.started_at,
    )
    if phase in (job.phase, JobPhase.NAMED):
        return job
    return replace(
        job,
        phase=phase,
        ended_at=None,
        duration=tracked.elapsed or job.duration,
        paused=job.paused or phase is JobPhase.PAUSED,
        assumed=False,
    )


def without_end(job: LoggedJob) -> LoggedJob:
    """Return a job that goes on no more, and whose end nobody saw."""
    return replace(job, phase=JobPhase.STOPPED, ended_at=None, assumed=True)


def with_late_end(job: LoggedJob) -> LoggedJob:
    """Return the job with an end that was not seen, where it can be computed."""
    after, before, start = job.ended_after, job.ended_before, job.started_at
    if job.ended_at or job.paused or not (after and before and start):
        return job
    if job.duration is None:
        return job
    end = start + timedelta(seconds=job.duration)
    # what was printed at the last poll before is not all that was printed
    earliest = after - _SLACK if job.listed else after + _SLACK
    if not earliest < end <= before + _SLACK:
        return job
    return replace(job, ended_at=max(after, min(end, before)))


def with_entry(job: LoggedJob, entry: HistoryEntry) -> LoggedJob:
    """Return the job with what the list of the printer's history says of it."""
    return replace(
        job,
        job_id=entry.job_id,
        file_name=entry.file_name or job.file_name,
        user_tag=entry.user_tag or job.user_tag,
        # what is listed and was not seen to end otherwise was printed to its end
        phase=JobPhase.COMPLETED if job.assumed else job.phase,
        assumed=False,
    )


def with_history(
    job: LoggedJob, entry: HistoryEntry, details: HistoryDetails
) -> LoggedJob:
    """Return the job with what the printer's history says of it.

    A stopped or failed job stays what it is. Its grams stay unknown, because some
    printers list what the whole print would have used.
    """
    job = with_entry(job, entry)
    job = replace(
        job,
        file_name=details.file_name or job.file_name,
        user_tag=details.user_tag or job.user_tag,
        estimated_duration=details.estimated_time or job.estimated_duration,
        listed=True,
        unreadable=False,
    )
    if job.phase is not JobPhase.COMPLETED:
        duration = job.duration or details.real_print_time
        return replace(job, duration=duration)
    job = replace(
        job,
        filament_left=updated(details.filament_used_left, job.filament_left),
        filament_right=updated(details.filament_used_right, job.filament_right),
        duration=details.real_print_time or job.duration,
    )
    return with_late_end(job) if details.real_print_time else job


def updated[T](value: T | None, before: T | None) -> T | None:
    """Return a value, or the one before where it is not known."""
    return before if value is None else value
