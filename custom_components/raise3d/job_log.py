"""Keeps the log of a printer's jobs in Home Assistant's storage."""

from collections.abc import Callable
from datetime import datetime
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import UnsupportedStorageVersionError
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import DOMAIN, JOB_LOG_DELAY, JOB_LOG_VERSION, MAX_LOGGED_JOBS
from .jobs import JobEvent, JobPhase, LoggedJob

_LOGGER = logging.getLogger(__name__)

type LogListener = Callable[[LoggedJob], None]
type LogStore = Store[dict[str, object]]


class JobLog:
    """The jobs that a printer has printed, as far as anyone knows; oldest first."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Start with an empty log, which `async_load` fills."""
        self._entry = entry
        self._store = _log_store(hass, entry)
        self._jobs: dict[str, LoggedJob] = {}
        self._listeners: list[LogListener] = []

    @property
    def jobs(self) -> tuple[LoggedJob, ...]:
        """The jobs, oldest first."""
        return tuple(self._jobs.values())

    async def async_load(self) -> None:
        """Load the jobs of before, without those that are damaged."""
        try:
            stored = await self._store.async_load()
        except UnsupportedStorageVersionError:
            stored = {}
        rows = stored.get("jobs") if stored is not None else []
        if not isinstance(rows, list):
            rows = []
            _LOGGER.warning(
                "The stored log of the prints of %s is damaged and is not used",
                self._entry.title,
            )
        jobs = [job for row in rows if (job := _stored_job(row)) is not None]
        self._jobs = {job.key: job for job in jobs}

    def get(self, key: str) -> LoggedJob | None:
        """Return the job with a key, None if there is none."""
        return self._jobs.get(key)

    def job_of(self, event: JobEvent) -> LoggedJob | None:
        """Return the job that an event is about, None if it is not in the log."""
        return self._jobs.get(_key(event))

    @callback
    def async_put(self, job: LoggedJob) -> None:
        """Keep a job, or what is new of it; the oldest make room."""
        if self._jobs.get(job.key) == job:
            return
        self._jobs[job.key] = job
        while len(self._jobs) > MAX_LOGGED_JOBS:
            del self._jobs[next(iter(self._jobs))]
        self._store.async_delay_save(self._as_dict, JOB_LOG_DELAY)
        for listener in list(self._listeners):
            listener(job)

    @callback
    def async_note_event(self, event: JobEvent) -> None:
        """Keep what an event says of its job."""
        now = dt_util.utcnow().replace(microsecond=0)
        key = _key(event)
        job = self._jobs.get(key) or LoggedJob(
            key=key,
            # without an id, the event has the name of the file instead
            job_id=event.job_id if event.job_id not in ("", event.file_name) else None,
            phase=JobPhase.PRINTING,
        )
        self.async_put(job.after(event, now))

    @callback
    def async_add_listener(self, listener: LogListener) -> CALLBACK_TYPE:
        """Listen to what is new in the log."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _as_dict(self) -> dict[str, object]:
        """Return the log as it is stored."""
        return {"jobs": [job.as_dict() for job in self._jobs.values()]}


def _key(event: JobEvent) -> str:
    """Return the key of an event's job; without an id, files are printed repeatedly."""
    if event.job_id not in ("", event.file_name):
        return event.job_id
    started_at: datetime | None = event.started_at
    return f"{event.job_id}@{started_at.isoformat() if started_at else ''}"


def _stored_job(row: object) -> LoggedJob | None:
    """Return a job that was stored, None if it is damaged."""
    if not isinstance(row, dict):
        return None
    try:
        return LoggedJob.from_dict(row)
    except KeyError, ValueError:
        return None


def _log_store(hass: HomeAssistant, entry: ConfigEntry) -> LogStore:
    """Return the storage of a printer's log."""
    key = f"{DOMAIN}.{entry.entry_id}.jobs"
    return Store(hass, JOB_LOG_VERSION, key, private=True)


async def async_remove_log(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove the log of a printer with its entry."""
    await _log_store(hass, entry).async_remove()
