"""Reads the last job as soon as the printer's history contains it."""

from dataclasses import dataclass, replace
import time

from .api import HistoryBookmark, HistoryEntry, Raise3DClient, Statistics
from .const import FIGURES_PERIOD
from .models import NO_STATISTICS, LastJob, Raise3DData


@dataclass(frozen=True, slots=True, kw_only=True)
class _Completed:
    """A job that was completed, and what was known before that."""

    job_id: str | None
    newest: str | None
    """The newest job of the history before."""
    statistics: Statistics
    until: float
    """Until when its figures are expected."""

    @property
    def in_time(self) -> bool:
        """Whether its figures may still come."""
        return time.monotonic() < self.until


class LastJobReader:
    """Reads the figures of the last job, and only where they may have changed."""

    def __init__(self, client: Raise3DClient) -> None:
        """Start with a history that has to be read."""
        self._client = client
        self._bookmark: HistoryBookmark | None = None
        self._newest: str | None = None
        self._statistics = NO_STATISTICS
        self._completed: _Completed | None = None
        self._stale = True

    @property
    def overdue(self) -> bool:
        """Whether the history lacks the job that was completed, for a limited time."""
        completed = self._completed
        return completed is not None and self._stale and completed.in_time

    def expect(self, job_id: str | None, data: Raise3DData) -> Raise3DData:
        """Expect the figures of a job that has just been completed.

        Until they are read, those of the job before must not be shown as its own.
        """
        self._stale = True
        self._completed = _Completed(
            job_id=job_id,
            newest=self._newest,
            statistics=data.statistics,
            until=time.monotonic() + FIGURES_PERIOD,
        )
        return replace(data, last_job=LastJob(job_id=job_id))

    def lacks_totals(self, data: Raise3DData) -> bool:
        """Whether the totals lack the job that was completed, for a limited time."""
        completed = self._completed
        return (
            completed is not None
            and completed.in_time
            and completed.statistics is not NO_STATISTICS
            and completed.statistics == data.statistics
        )

    async def read(self, _client: Raise3DClient, data: Raise3DData) -> Raise3DData:
        """Return the data with the last job, where that may have changed."""
        if not self._stale and data.statistics == self._statistics:
            return data
        history = await self._client.history.read_end(self._bookmark)
        entry = history.entries[-1] if history.entries else None
        lacks = self._lacks(entry)
        if entry is not None and not lacks:
            details = await self._client.history.get_details(entry)
            last_job = LastJob(job_id=entry.job_id, entry=entry, details=details)
            data = replace(data, last_job=last_job)
        # only now: after an error above, everything is read again
        self._stale = lacks
        self._bookmark = history.bookmark
        self._newest = entry.job_id if entry else None
        self._statistics = data.statistics
        return data

    def reset(self) -> None:
        """Forget the history: it may have been another printer's."""
        self._bookmark = None
        self._stale = True

    def _lacks(self, entry: HistoryEntry | None) -> bool:
        """Whether the newest job of the history is not the one that was completed."""
        completed = self._completed
        if completed is None or not self._stale:
            return False
        if entry is not None and entry.job_id == completed.job_id:
            return False
        if completed.job_id is not None and completed.in_time:
            return True
        # without an id, or in the end, any other job than before is taken for it
        return entry is None or entry.job_id == completed.newest
