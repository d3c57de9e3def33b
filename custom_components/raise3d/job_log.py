"""Keeps the log of a printer's jobs in Home Assistant's storage."""

from collections.abc import Callable, Mapping
import logging
from typing import NamedTuple, Self, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .const import (
    DOMAIN,
    IMPORT_SAVE_DELAY,
    JOB_LOG_DELAY,
    JOB_LOG_MINOR_VERSION,
    JOB_LOG_VERSION,
    MAX_LOGGED_JOBS,
    PROGRESS_SAVE_DELAY,
)
from .entry_store import EntryStore
from .job_monitor import JobMonitor
from .jobs import (
    JobEvent,
    JobEventType,
    LogBook,
    LoggedJob,
    TrackedJob,
    date_jobs,
    with_history,
)
from .models import NO_LAST_JOB, LastJob, Raise3DData

_LOGGER = logging.getLogger(__name__)

type LogListener = Callable[[LoggedJob], None]


class JobLog:
    """The jobs that a printer has printed, as far as anyone knows; oldest first."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Start with an empty log, which `async_load` fills."""
        self.complete = False
        """Whether the printer's own history has been imported."""
        self._entry = entry
        self._file = _LogFile(hass, entry, lambda: _as_dict(self))
        self._book = LogBook(MAX_LOGGED_JOBS)
        self._listeners: list[LogListener] = []
        # that of the last poll: an event comes after it, and gets its figures
        self._last_job = NO_LAST_JOB
        # jobs come one by one: they are dated together, at the end of a poll
        self._imported = False

    @property
    def jobs(self) -> tuple[LoggedJob, ...]:
        """The jobs, oldest first."""
        return self._book.jobs

    async def async_load(self, monitor: JobMonitor) -> None:
        """Load the jobs of before, without those that are damaged; follow a monitor."""
        stored = await self._file.async_load()
        rows = stored.jobs if stored else []
        kept = [job for job in map(_stored_job, rows) if job is not None]
        intact = len(kept) == len(rows)
        if not intact:
            _LOGGER.warning(
                "The stored log of the prints of %s is damaged; what is damaged of it "
                "is not used",
                self._entry.title,
            )
        self._book = LogBook(MAX_LOGGED_JOBS, kept)
        # what was lost can be read again
        self.complete = stored is not None and stored.complete and intact
        # first, so that who hears of an event finds its job in the log
        monitor.async_add_listener(self.async_note_event)
        monitor.on_saved = self.async_follow
        self.async_follow(monitor.saved.job)

    def get(self, key: str) -> LoggedJob | None:
        """Return the job with a key or an id, None if there is none."""
        return self._book.get(key)

    def job_of(self, event: JobEvent) -> LoggedJob | None:
        """Return the job that an event is about, None if it is not in the log."""
        return self._book.job_of(event)

    @callback
    def async_put(
        self, job: LoggedJob, *, before: str | None = None, delay: float = JOB_LOG_DELAY
    ) -> None:
        """Keep a job, or what is new of it; the oldest make room."""
        if not self._book.put(job, before=before):
            return
        self._file.async_schedule(delay)
        for listener in list(self._listeners):
            listener(job)

    @callback
    def async_import(self, job: LoggedJob, newer: LoggedJob | None) -> bool:
        """Keep a job of the printer's history, which lists another one just after it.

        Return False where it is too old for the log.
        """
        before = None
        if self._book.get(job.key) is None:
            before = self._book.successor_of(job, newer.key if newer else None)
            if self._book.is_full_before(before):
                return False
        self.async_put(job, before=before, delay=IMPORT_SAVE_DELAY)
        self._imported = True
        return True

    @callback
    def async_set_complete(self) -> None:
        """Note that the printer's own history has been imported."""
        self.complete = True
        self._file.async_schedule(JOB_LOG_DELAY)

    @callback
    def async_note_event(self, event: JobEvent) -> None:
        """Keep what an event says of its job, with the figures of the printer."""
        job = self._book.after(event, dt_util.utcnow().replace(microsecond=0))
        if event.type is JobEventType.COMPLETED:
            job = _with_figures(job, self._last_job)
        before = self._book.successor_of(job) if event.late else None
        # at once, as it is stored that it was fired: whatever happens, both agree
        self.async_put(job, before=before, delay=0)
        for dated in date_jobs(self.jobs):
            self.async_put(dated)

    @callback
    def note_snapshot(self, data: Raise3DData) -> None:
        """Keep what a poll has read: of the print, of the last one, and of old ones."""
        self._last_job = data.last_job
        for dated in date_jobs(self.jobs) if self._imported else ():
            self.async_put(dated, delay=IMPORT_SAVE_DELAY)
        self._imported = False
        job = self._book.with_progress(data.job)
        # not reported: nobody needs each layer; stored in case its end is not seen
        if job is not None and self._book.put(job):
            self._file.async_schedule(PROGRESS_SAVE_DELAY)
        job = self._book.get(data.last_job.job_id or "")
        if job is not None and job.lacks_figures:
            self.async_put(_with_figures(job, data.last_job))

    @callback
    def async_follow(self, tracked: TrackedJob | None) -> None:
        """Agree with the job that is tracked, also where its events were lost.

        Home Assistant may have been killed when they were fired, but not yet stored.
        """
        if tracked is None:
            return
        for job in self._book.follow(tracked, dt_util.utcnow().replace(microsecond=0)):
            self.async_put(job)

    @callback
    def async_add_listener(self, listener: LogListener) -> CALLBACK_TYPE:
        """Listen to what is new in the log."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)


def _as_dict(log: JobLog) -> dict[str, object]:
    """Return a log as it is stored."""
    return {"jobs": [job.as_dict() for job in log.jobs], "complete": log.complete}


def _with_figures(job: LoggedJob, last_job: LastJob) -> LoggedJob:
    """Return a completed job with the printer's figures, where they are its own."""
    entry, details = last_job.entry, last_job.details
    if entry is None or details is None or entry.job_id != job.job_id:
        return job
    return with_history(job, entry, details)


class _StoredLog(NamedTuple):
    """A log as it was stored."""

    jobs: list[object]
    complete: bool

    @classmethod
    def of(cls, stored: Mapping[str, object]) -> Self:
        """Read it; raises TypeError where it is damaged as a whole."""
        jobs = stored.get("jobs")
        if not isinstance(jobs, list):
            msg = "no list of jobs"
            raise TypeError(msg)
        return cls(jobs, stored.get("complete") is True)


class _LogFile:
    """The file of a log: written seldom, but not later than the entry is unloaded."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        as_dict: Callable[[], dict[str, object]],
    ) -> None:
        """Store what a function returns."""
        self._entry = entry
        self._as_dict = as_dict
        self._store = _log_store(hass, entry)
        self._closed = False

    async def async_load(self) -> _StoredLog | None:
        """Return what was stored, None where there is nothing that can be read."""
        self._entry.async_on_unload(self._async_close)
        title = self._entry.title
        return await self._store.async_read(_StoredLog.of, "log of the prints", title)

    @callback
    def async_schedule(self, delay: float) -> None:
        """Store the log after a delay, or sooner where that is due."""
        if not self._closed:
            self._store.async_schedule(self._as_dict, delay)

    async def _async_close(self) -> None:
        """Store what is not stored yet; nothing after that."""
        self._closed = True
        if self._store.due:
            await self._store.async_save(self._as_dict())


class JobLogStore(EntryStore):
    """The storage of a printer's log."""

    @override
    async def _async_migrate_func(
        self,
        old_major_version: int,
        old_minor_version: int,
        old_data: object,
    ) -> dict[str, object]:
        """Migrate an older version; what a newer minor one has besides is left out."""
        return old_data if isinstance(old_data, dict) else {"jobs": None}


def _stored_job(row: object) -> LoggedJob | None:
    """Return a job that was stored, None if it is damaged."""
    if not isinstance(row, dict):
        return None
    try:
        return LoggedJob.from_dict(row)
    except KeyError, ValueError:
        return None


def _log_store(hass: HomeAssistant, entry: ConfigEntry) -> JobLogStore:
    """Return the storage of a printer's log."""
    return JobLogStore(
        hass,
        JOB_LOG_VERSION,
        f"{DOMAIN}.{entry.entry_id}.jobs",
        minor_version=JOB_LOG_MINOR_VERSION,
    )


async def async_remove_log(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove the log of a printer with its entry."""
    await _log_store(hass, entry).async_remove()
