"""Imports the printer's own history into the log: slowly, and only while it is idle."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
import logging
import time

from homeassistant.util import dt as dt_util

from .api import (
    HistoryEntry,
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DError,
    Raise3DSessionError,
    Raise3DTimeoutError,
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
from .jobs import HistoryKnown, JobPhase, LoggedJob, with_entry, with_history
from .models import Raise3DData
from .paged_history import PagedHistory, PauseError

_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True)
class _Pass:
    """One pass over the list, from the newest job on."""

    limit: int = JOB_LIST_MAX
    """How many of the newest entries are read."""
    deferred: set[str] = field(default_factory=set)
    """Ids of those whose details could not be read."""
    has_new: bool = False
    """Whether the last page has held anything that the log lacked."""
    count: int | None = None
    """How many jobs the printer counted when the pass began."""


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
        self._pass = _Pass()

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
        if self._pass.count is None:
            self._pass.count = data.statistics.prints_completed
        try:
            await self._read()
        except PauseError:
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
        """Return the completed jobs whose figures the log lacks a while after the end.

        Until then, the sensors of the last job have them read.
        """
        due = dt_util.utcnow() - timedelta(seconds=IMPORT_START_DELAY)
        lacking = [job for job in self._log.jobs if job.lacks_figures]
        return [
            job for job in lacking if (job.ended_at or job.ended_before or due) <= due
        ]

    def _begin_pass(self) -> None:
        """Read the list from the newest job on, as it is now."""
        self._pages.forget()
        self._pass = _Pass()

    async def _read(self) -> None:
        """Read until the end; raises PauseError where no request is left."""
        while True:
            entries = await read_newest(
                self._pages.read_page, self._pass.limit, self._pass.count
            )
            full = not await self._read_entries(entries)
            ended = (
                len(entries) < self._pass.limit or self._pass.limit >= MAX_LOGGED_JOBS
            )
            if full or ended or (self._log.complete and not self._pass.has_new):
                self._end_pass(len(entries))
                return
            self._pass.limit += JOB_LIST_MAX
            self._pass.has_new = False

    async def _read_entries(self, entries: Sequence[HistoryEntry]) -> bool:
        """Read what the log lacks of the last page; return False where it is full."""
        for place in range(self._pass.limit - JOB_LIST_MAX, len(entries)):
            entry = entries[place]
            if not self._is_wanted(entry):
                continue
            self._pass.has_new = True
            job = await self._read_entry(entry)
            newer = (self._log.get(each.job_id) for each in reversed(entries[:place]))
            if not self._log.async_import(job, next(filter(None, newer), None)):
                return False
        return True

    def _is_wanted(self, entry: HistoryEntry) -> bool:
        """Whether the log lacks an entry, or its figures."""
        if entry.job_id in self._pass.deferred:
            return False
        job = self._log.get(entry.job_id)
        return job is None or not (job.phase.active or job.listed or job.unreadable)

    async def _read_entry(self, entry: HistoryEntry) -> LoggedJob:
        """Read an entry, without its figures where these cannot be read.

        They are tried again after all others. Raises Raise3DError where it is the
        printer that does not answer, and not this entry.
        """
        try:
            details = await self._pages.read_details(entry)
        except Raise3DError as err:
            patient = self._failures < MAX_IMPORT_TRIES
            if _concerns_others(err) or (patient and isinstance(err, Raise3DBusyError)):
                # one that stays busy for half an hour, though idle, always is
                raise
            self._tries[entry.job_id] += 1
            given_up = self._tries[entry.job_id] >= MAX_IMPORT_TRIES
            if not given_up:
                self._pass.deferred.add(entry.job_id)
            if isinstance(err, Raise3DTimeoutError):
                # polls wait as long for the next one, should it hang as well
                self._pages.allow(0)
                self._postpone()
            job = with_entry(_logged(self._log, entry), entry)
            return replace(job, unreadable=given_up)
        self._failures = 0
        # only now: the log may have learnt more while it was read
        return with_history(_logged(self._log, entry), entry, details)

    def _end_pass(self, found: int) -> None:
        """Decide whether all is known, or what has to be read again."""
        deferred, moved = bool(self._pass.deferred), self._pages.moved
        # without a count, nothing but a second pass shows that no page was missed
        short = not self._pass.count or found < min(self._pass.count, MAX_LOGGED_JOBS)
        self._begin_pass()
        if deferred:
            self._postpone()
        if deferred or moved:
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


def _concerns_others(err: Raise3DError) -> bool:
    """Whether an error says nothing of the entry that was to be read."""
    return isinstance(err, Raise3DSessionError) or concerns_all(err)


def _logged(log: JobLog, entry: HistoryEntry) -> LoggedJob:
    """Return the job of an entry as the log has it, or a new one."""
    return log.get(entry.job_id) or LoggedJob(
        key=entry.job_id, phase=JobPhase.COMPLETED
    )
