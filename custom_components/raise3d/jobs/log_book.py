"""All jobs of a printer's log, in order; which of them an event is about."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
import itertools

from .log import LoggedJob
from .log_changes import after_event, following, updated, without_end
from .models import JobEvent, JobEventType, JobPhase, TrackedJob
from .printer_clock import credible_start
from .progress import ActiveJob

# What two polls may compute apart for the start of one print.
_SAME_START = timedelta(minutes=1)


class LogBook:
    """The jobs of a log, oldest first, each of them once."""

    def __init__(self, limit: int, jobs: Iterable[LoggedJob] = ()) -> None:
        """Keep at most so many jobs: the oldest make room."""
        self._limit = limit
        self._jobs: dict[str, LoggedJob] = {}
        self._keys: dict[str, str] = {}
        for job in jobs:
            if job.job_id is None or self.get(job.job_id) is None:
                self.put(job)

    @property
    def jobs(self) -> tuple[LoggedJob, ...]:
        """The jobs, oldest first."""
        return tuple(self._jobs.values())

    def get(self, key: str) -> LoggedJob | None:
        """Return the job with a key or an id, None if there is none."""
        return self._jobs.get(self._keys.get(key, key))

    def is_full_before(self, key: str | None) -> bool:
        """Whether what is older than a job would have to make room at once."""
        return len(self._jobs) >= self._limit and key == next(iter(self._jobs))

    def put(self, job: LoggedJob, *, before: str | None = None) -> bool:
        """Keep a job, or what is new of it; return whether anything is.

        A new one is the newest, or the next one before another job.
        """
        known = self._jobs.get(job.key)
        if known == job:
            return False
        if job.job_id is not None:
            self._keys[job.job_id] = job.key
        if known is None and before is not None:
            self._insert(job, before)
        else:
            self._jobs[job.key] = job
        while len(self._jobs) > self._limit:
            oldest = _oldest(self.jobs)
            del self._jobs[oldest.key]
            self._keys.pop(oldest.job_id or "", None)
        return True

    def job_of(self, event: JobEvent) -> LoggedJob | None:
        """Return the job that an event is about, None if it is not in the log."""
        if event.identified and (job := self.get(event.job_id)) is not None:
            return job
        newest = next(reversed(self._jobs.values()), None)
        if newest is None or newest.job_id is not None:
            return None
        # the first answers may have been without the id, or without the name
        if event.identified and not newest.phase.active:
            return None
        path = event.path or event.file_name
        other_file = path is not None and newest.file_name not in (None, path)
        return None if other_file or _starts_differ(newest, event) else newest

    def after(self, event: JobEvent, now: datetime) -> LoggedJob:
        """Return the job of an event as it is after that."""
        job = self.job_of(event)
        started = event.type is JobEventType.STARTED
        if started and job is not None and not event.identified:
            # the same file again, unless it is the event of before
            job = job if job.phase.active or _same_start(job, event) else None
        if job is None:
            key = event.job_id
            if not event.identified:
                key = self._new_key(event.path, event.started_at or event.at or now)
            job = LoggedJob(key=key, phase=JobPhase.PRINTING)
        return after_event(job, event, now)

    def follow(self, tracked: TrackedJob, now: datetime) -> list[LoggedJob]:
        """Return what the tracked job changes where its events were lost."""
        job = self.job_of(_as_event(tracked))
        changed = [
            without_end(other)
            for other in self._jobs.values()
            if other.phase.active and (job is None or other.key != job.key)
        ]
        if not (tracked.phase.active or tracked.reported):
            # from before the first poll
            return changed
        if job is None:
            key = tracked.job_id or self._new_key(
                tracked.file_name, tracked.started_at or now
            )
            job = LoggedJob(key=key, phase=JobPhase.NAMED)
        return [*changed, following(job, tracked)]

    def with_progress(self, active: ActiveJob) -> LoggedJob | None:
        """Return the job that is printed as far as it has come, None if there is none.

        It has the figures of the last poll if its end is not seen.
        """
        newest = next(reversed(self._jobs.values()), None)
        if newest is None or not newest.phase.active or not active.elapsed:
            return None
        named = (active.job_id, None if active.job_id else active.file_name)
        known = (newest.job_id, None if newest.job_id else newest.file_name)
        if named != known:
            return None
        return replace(
            newest,
            duration=active.elapsed,
            layers=updated(active.printed_layers, newest.layers),
            progress=updated(active.progress, newest.progress),
            estimated_duration=active.total or newest.estimated_duration,
        )

    def successor_of(self, job: LoggedJob, before: str | None = None) -> str | None:
        """Return the key of the job that a new one goes before, None for the newest.

        `before` is what the printer lists just after it: jobs that it does not list can
        lie between. Without that, only the times say where it belongs.
        """
        keys = list(self._jobs)
        place = keys.index(before) if before in self._jobs else len(keys)
        while place:
            other = self._jobs[keys[place - 1]]
            placed = other.listed and before in self._jobs
            if placed or not _is_later(other, job):
                break
            place -= 1
        return keys[place] if place < len(keys) else None

    def _insert(self, job: LoggedJob, before: str) -> None:
        """Keep a new job before another one."""
        items = list(self._jobs.items())
        items.insert(list(self._jobs).index(before), (job.key, job))
        self._jobs = dict(items)

    def _new_key(self, path: str | None, start: datetime) -> str:
        """Return a key for a job without an id: files are printed repeatedly."""
        key = f"{path or ''}@{start.isoformat()}"
        names = itertools.chain([key], (f"{key}#{n}" for n in itertools.count(2)))
        return next(name for name in names if name not in self._jobs)


def _oldest(jobs: Sequence[LoggedJob]) -> LoggedJob:
    """Return the job that makes room: the first one, or one that has ended before.

    The statistics keep what was counted before the first end in the log, and count the
    rest again: what is no longer in the log must not have ended after that.
    """
    first = jobs[0]
    if first.ended_at is None:
        return first
    ends = [(job.ended_at, place) for place, job in enumerate(jobs) if job.ended_at]
    _, place = min(ends)
    return jobs[place]


def _as_event(tracked: TrackedJob) -> JobEvent:
    """Return an event as the tracked job would have one."""
    return JobEvent(
        type=JobEventType.RESUMED,
        job_id=tracked.key,
        file_name=None,
        path=tracked.file_name,
        started_at=tracked.started_at,
    )


def _starts_differ(job: LoggedJob, event: JobEvent) -> bool:
    """Whether an event is known to be about another print of the same file."""
    if job.started_at is None or event.started_at is None:
        return False
    return not _same_start(job, event)


def _same_start(job: LoggedJob, event: JobEvent) -> bool:
    """Whether an event is known to be about the same print."""
    if job.started_at is None or event.started_at is None:
        return False
    return abs(job.started_at - event.started_at) <= _SAME_START


def _is_later(job: LoggedJob, new: LoggedJob) -> bool:
    """Whether a job began after another one, as far as that is known."""
    if job.phase.active and not new.phase.active:
        return True
    if job.started_at and new.started_at:
        return job.started_at > new.started_at
    start, other = credible_start(job), credible_start(new)
    return start is not None and other is not None and start > other
