"""Imports the printer's own history into the log: slowly, and only while it is idle."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
import logging
import time

from homeassistant.util import dt as dt_util

from .api import (
    HistoryDetails,
    HistoryEntry,
    Raise3DAuthenticationError,
    Raise3DError,
    Raise3DInvalidValueError,
    Raise3DSessionError,
    Raise3DWrongPrinterError,
)
from .api.const import JOB_LIST_MAX
from .api.history import History, read_newest
from .backoff import doubled
from .const import (
    IMPORT_INTERVAL,
    IMPORT_REQUESTS,
    IMPORT_RETRY_INTERVAL,
    IMPORT_START_DELAY,
    MAX_IMPORT_RETRY_INTERVAL,
    MAX_IMPORT_TRIES,
    MAX_LOGGED_JOBS,
    SLOW_INTERVAL,
)
from .endpoints import concerns_all
from .job_log import JobLog
from .job_monitor import JobMonitor
from .jobs import HistoryKnown, JobPhase, LoggedJob, with_history
from .models import Raise3DData

_LOGGER = logging.getLogger(__name__)


class _PauseError(Exception):
    """The import goes on at a later poll."""


class PagedHistory:
    """Reads the history a few requests at a time, and remembers the pages.

    So what is interrupted at any request starts from the front, and comes to the same
    request again without repeating the others.
    """

    def __init__(self, history: History) -> None:
        """Start without a page, and without a request that may be sent."""
        self._history = history
        self._pages: dict[tuple[int, int], list[HistoryEntry] | None] = {}
        self._shift = 0
        self._left = 0
        self.moved = False
        """Whether entries have come to other places since they were read."""

    def allow(self, requests: int) -> None:
        """Allow so many requests from now on."""
        self._left = requests

    def forget(self) -> None:
        """Forget the pages: the history has changed."""
        self._pages.clear()
        self._shift = 0
        self.moved = False

    async def read_page(self, start: int, count: int) -> list[HistoryEntry]:
        """Return a page, from memory where it was read before."""
        place = (start, count)
        if place not in self._pages:
            try:
                self._pages[place] = await self._fetch_page(start, count)
            except Raise3DInvalidValueError:
                self._pages[place] = None
        page = self._pages[place]
        if page is None:
            msg = "no job has that place"
            raise Raise3DInvalidValueError(msg)
        return page

    async def read_details(self, entry: HistoryEntry) -> HistoryDetails:
        """Return the details of an entry, also where it is at another place by now.

        Raises Raise3DInvalidValueError where the history does not hold it any more.
        """
        try:
            return await self._fetch_details(entry)
        except Raise3DInvalidValueError:
            start = max(1, entry.index + self._shift - JOB_LIST_MAX // 2)
            page = await self._fetch_page(start, JOB_LIST_MAX)
            indexes = {each.job_id: each.index for each in page}
            shift = indexes.get(entry.job_id, entry.index) - entry.index
            if entry.job_id not in indexes or shift == self._shift:
                raise
            # a new job has come before it, or an old one has dropped out
            self._shift = shift
            self.moved = True
        return await self._fetch_details(entry)

    async def _fetch_details(self, entry: HistoryEntry) -> HistoryDetails:
        """Read the details of an entry."""
        self._spend()
        moved = replace(entry, index=entry.index + self._shift)
        return await self._history.get_details(moved)

    async def _fetch_page(self, start: int, count: int) -> list[HistoryEntry]:
        """Read a page."""
        self._spend()
        return await self._history.get_page(start, count)

    def _spend(self) -> None:
        """Use up a request; raises _PauseError where none is left."""
        if self._left <= 0:
            raise _PauseError
        self._left -= 1


class HistoryImport:
    """Reads what the log lacks of the printer's history, at the end of idle polls.

    What has been read is in the log, so it goes on after a restart. The list is read
    from the newest job on, until all of it is known.
    """

    def __init__(self, history: History, jobs: JobMonitor, log: JobLog) -> None:
        """Begin some time after the start."""
        self._pages = PagedHistory(history)
        self._jobs = jobs
        self._log = log
        self._not_before = time.monotonic() + IMPORT_START_DELAY
        self._failures = 0
        self._tries: Counter[str] = Counter()
        self._checked: frozenset[str] = frozenset()
        self._counted_again = False
        self._limit = JOB_LIST_MAX
        self._deferred: set[str] = set()
        self._has_new = False
        self._count: int | None = None

    async def async_read(self, data: Raise3DData) -> None:
        """Read on, if the printer has nothing to do and the log lacks anything.

        Raises Raise3DAuthenticationError and Raise3DWrongPrinterError, and no other
        error: what cannot be read is read later.
        """
        now = time.monotonic()
        if not data.free or now < self._not_before or not self._has_work(data):
            return
        self._not_before = now + IMPORT_INTERVAL
        self._pages.allow(IMPORT_REQUESTS)
        if self._count is None:
            self._count = data.statistics.prints_completed
        try:
            await self._read()
        except _PauseError:
            return
        except Raise3DAuthenticationError, Raise3DWrongPrinterError:
            self._begin_pass()
            raise
        except Raise3DError as err:
            _LOGGER.debug("The history cannot be imported now: %s", err)
            self._postpone()

    def _has_work(self, data: Raise3DData) -> bool:
        """Whether the log lacks anything that the printer's history may have."""
        listed = self._listed
        if listed is None:
            return False
        if not (listed or data.statistics.prints_completed or self._log.complete):
            # both say that there is none
            self._log.async_set_complete()
        if not self._log.complete:
            return True
        new = any(self._log.get(job_id) is None for job_id in listed - self._checked)
        return new or bool(self._lacking())

    def _lacking(self) -> list[LoggedJob]:
        """Return the completed jobs without figures, which others have read in vain."""
        due = dt_util.utcnow() - timedelta(seconds=IMPORT_START_DELAY)
        lacking = [job for job in self._log.jobs if job.lacks_figures]
        return [
            job for job in lacking if (job.ended_at or job.ended_before or due) <= due
        ]

    def _begin_pass(self) -> None:
        """Read the list from the newest job on, as it is now."""
        self._pages.forget()
        self._limit = JOB_LIST_MAX
        self._deferred.clear()
        self._has_new = False
        self._count = None

    async def _read(self) -> None:
        """Read until the end; raises _PauseError where no request is left."""
        while True:
            entries = await read_newest(self._pages.read_page, self._limit, self._count)
            full = not await self._read_entries(entries)
            ended = len(entries) < self._limit or self._limit >= MAX_LOGGED_JOBS
            if full or ended or (self._log.complete and not self._has_new):
                self._end_pass(len(entries))
                return
            self._limit += JOB_LIST_MAX
            self._has_new = False

    async def _read_entries(self, entries: Sequence[HistoryEntry]) -> bool:
        """Read what the log lacks of the last page; return False where it is full."""
        for place in range(self._limit - JOB_LIST_MAX, len(entries)):
            entry = entries[place]
            if not self._is_wanted(entry):
                continue
            self._has_new = True
            job = await self._read_entry(entry)
            newer = (self._log.get(each.job_id) for each in reversed(entries[:place]))
            if not self._log.async_import(job, next(filter(None, newer), None)):
                return False
        return True

    def _is_wanted(self, entry: HistoryEntry) -> bool:
        """Whether the log lacks an entry, or its figures."""
        job = self._log.get(entry.job_id)
        if job is None:
            return entry.job_id not in self._deferred
        known = job.phase.active or job.listed or job.unreadable
        return not known and entry.job_id not in self._deferred

    async def _read_entry(self, entry: HistoryEntry) -> LoggedJob:
        """Read an entry; raises _PauseError where that has to wait."""
        try:
            details = await self._pages.read_details(entry)
        except Raise3DError as err:
            if isinstance(err, Raise3DSessionError) or concerns_all(err):
                raise
            self._tries[entry.job_id] += 1
            if self._tries[entry.job_id] < MAX_IMPORT_TRIES:
                # the next ones first: perhaps it is only this one
                self._deferred.add(entry.job_id)
                self._postpone()
                if isinstance(err, Raise3DInvalidValueError):
                    # no longer where it was: the list is not what it was either
                    self._begin_pass()
                raise _PauseError from None
            job = with_history(
                _known(self._log, entry), entry, HistoryDetails.from_dict({})
            )
            return replace(job, listed=False, unreadable=True)
        self._failures = 0
        # only now: the log may have learnt more while it was read
        return with_history(_known(self._log, entry), entry, details)

    def _end_pass(self, found: int) -> None:
        """Decide whether all is known, or what has to be read again."""
        unclear = bool(self._deferred) or self._pages.moved
        # without a count, nothing but a second pass shows that no page was missed
        short = not self._count or found < min(self._count, MAX_LOGGED_JOBS)
        self._begin_pass()
        if unclear:
            return
        now = time.monotonic()
        if short and not (self._log.complete or self._counted_again):
            # perhaps the printer has not shown all of it yet
            self._counted_again = True
            self._not_before = now + MAX_IMPORT_RETRY_INTERVAL
            return
        for job in self._lacking():
            self._not_before = now + SLOW_INTERVAL
            self._tries[job.key] += 1
            if self._tries[job.key] >= MAX_IMPORT_TRIES:
                self._log.async_put(replace(job, unreadable=True))
        self._checked = self._listed or frozenset()
        if not self._log.complete:
            self._log.async_set_complete()

    @property
    def _listed(self) -> frozenset[str] | None:
        """Return jobs that the printer is known to list, None where it was not read."""
        cursor = self._jobs.saved.cursor
        if isinstance(cursor, HistoryKnown):
            return frozenset(cursor.bookmark.listed)
        # the monitor reads it first, and waits for one that is not ready
        return None

    def _postpone(self) -> None:
        """Wait after a failure, longer after each one."""
        wait = doubled(IMPORT_RETRY_INTERVAL, self._failures, MAX_IMPORT_RETRY_INTERVAL)
        self._failures += 1
        self._not_before = time.monotonic() + wait


def _known(log: JobLog, entry: HistoryEntry) -> LoggedJob:
    """Return what a log knows of the job of an entry."""
    return log.get(entry.job_id) or LoggedJob(
        key=entry.job_id, phase=JobPhase.COMPLETED
    )
