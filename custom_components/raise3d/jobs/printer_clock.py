"""The printer's own clock: the end of a job id is the start of the job by it.

The one printer known ran at UTC+8, others may not, and a dead clock begins again at
each boot. So the offset is learnt from jobs whose start was seen, and a job is dated
only between two of them that agree, before the first two or after the last two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from .log import LoggedJob

# RaiseTouch's API is not older; an earlier clock was never set.
_FIRST_YEAR: Final = 2018
_LAST_YEAR: Final = 2100
# An id is older than the first poll of its print, which is up to half a minute late;
# a clock drifts by some minutes in years.
_TOLERANCE: Final = timedelta(minutes=5)
# Readings that must agree.
_NEEDED: Final = 2
# The zones of the world. A clock that is further off has been dead.
_OFFSETS: Final = (timedelta(hours=-12), timedelta(hours=14))


class _Seen(NamedTuple):
    """A job whose start was seen, as a reading of the printer's clock."""

    place: int
    offset: timedelta

    def agrees(self, other: _Seen) -> bool:
        """Whether two readings show the same clock, and one of a zone."""
        low, high = _OFFSETS
        return (
            low - _TOLERANCE <= self.offset <= high + _TOLERANCE
            and abs(self.offset - other.offset) <= _TOLERANCE
        )


def credible_start(job: LoggedJob) -> datetime | None:
    """Return the start by the printer's clock, None where that was never set."""
    start = job.clock_start
    return start if start and _FIRST_YEAR <= start.year < _LAST_YEAR else None


def date_jobs(jobs: Sequence[LoggedJob]) -> list[LoggedJob]:
    """Return the jobs whose times the printer's clock changes; takes all, in order."""
    seen = [
        _Seen(place, start - job.started_at)
        for place, job in enumerate(jobs)
        if job.start_seen
        and job.started_at
        and (start := credible_start(job)) is not None
    ]
    dated: list[LoggedJob] = []
    bounds: list[_Seen | None] = [None, *seen, None]
    for number, (before, after) in enumerate(pairwise(bounds)):
        first = 0 if before is None else before.place
        last = len(jobs) - 1 if after is None else after.place
        offset = _offset(seen, number)
        dated += _date_between(jobs[first : last + 1], offset)
    return dated


def _offset(seen: Sequence[_Seen], number: int) -> timedelta | None:
    """Return the offset behind so many readings, None where it is not certain."""
    if len(seen) < _NEEDED:
        return None
    # beside the first and the last one, there is only one side
    number = min(max(number, 1), len(seen) - 1)
    before, after = seen[number - 1 : number + 1]
    return after.offset if before.agrees(after) else None


def _date_between(
    jobs: Sequence[LoggedJob], offset: timedelta | None
) -> list[LoggedJob]:
    """Return the jobs of a part of the log whose times change."""
    starts = [job.clock_start for job in jobs]
    trusted = _rising(starts)
    changed = []
    for job, start in zip(jobs, starts, strict=True):
        if job.phase.active or not (job.dated or _undated(job)):
            continue
        at = None
        if offset is not None and start in trusted and credible_start(job):
            at = (start - offset).replace(microsecond=0) if start else None
        ended = job.ended_at is not None or job.duration is None
        if (job.started_at, job.dated) == (at, at is not None) and (ended or not at):
            continue
        dated = _dated(job, at)
        if dated != job:
            changed.append(dated)
    return changed


def _undated(job: LoggedJob) -> bool:
    """Whether nothing is known of the times of a job."""
    return job.started_at is None and job.ended_at is None


def _rising(starts: Iterable[datetime | None]) -> set[datetime]:
    """Return the starts that no other one contradicts: the log is in order.

    A clock that was dead, or was set back, shows by this.
    """
    known = [start for start in starts if start is not None]
    latest = accumulate(known, max)
    earliest = [*accumulate(reversed(known), min)][::-1]
    return {
        start
        for start, after, before in zip(known, latest, earliest, strict=True)
        if after - _TOLERANCE <= start <= before + _TOLERANCE
    }


def _dated(job: LoggedJob, started_at: datetime | None) -> LoggedJob:
    """Return the job with a start by the clock, or without one."""
    if started_at is None:
        if not job.dated:
            return job
        return replace(job, started_at=None, ended_at=None, dated=False)
    ended_at = None
    if job.duration is not None and not job.paused:
        ended_at = started_at + timedelta(seconds=job.duration)
    if job.ended_before and (ended_at or started_at) > job.ended_before + _TOLERANCE:
        return _dated(job, None)
    return replace(job, started_at=started_at, ended_at=ended_at, dated=True)
