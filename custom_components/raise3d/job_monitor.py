"""Watches the jobs of one printer: reads the history, stores, fires events."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
import logging
from typing import override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CALLBACK_TYPE, CoreState, Event, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .api import (
    HistoryBookmark,
    HistoryEnd,
    JobReport,
    Raise3DAuthenticationError,
    Raise3DClient,
    Raise3DError,
    Raise3DWrongPrinterError,
    RunningState,
)
from .backoff import doubled
from .const import (
    CONF_NOZZLE_COUNT,
    DOMAIN,
    HISTORY_RETRY_INTERVAL,
    MAX_END_RETRY_INTERVAL,
    SLOW_INTERVAL,
    STORAGE_VERSION,
)
from .entry_store import DAMAGE_ERRORS, EntryStore
from .jobs import (
    JobEvent,
    JobMemory,
    JobTracker,
    Moment,
    MomentTracker,
    TrackedJob,
)
from .models import NO_JOB, Raise3DData
from .moments import (
    async_awaits_cool_down,
    async_on_listening,
    async_report_moment,
)
from .polling import TEMPERATURES, Part

_LOGGER = logging.getLogger(__name__)

type JobListener = Callable[[JobEvent], None]


class JobMonitor:
    """Fires the events and the moments of one printer's jobs, each of them once."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, client: Raise3DClient
    ) -> None:
        """Start with an empty memory, which `async_load` fills."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self.wanted_parts: tuple[Part, ...] = ()
        """What has to be read for moments, whatever the entities show."""
        self._pending: list[JobEvent | Moment] = []
        self._tracker = JobTracker()
        self._moments = MomentTracker(self._tracker, self._pending.append)
        self._store = job_store(hass, entry)
        self.saved = JobMemory()
        """What is stored of the jobs: all of it has been reported."""
        self._history = HistoryAccess()
        self._listeners: list[JobListener] = []
        self.on_saved: Callable[[TrackedJob | None], None] = lambda _job: None
        """Hears of the tracked job, after its events."""

    async def async_load(self) -> None:
        """Load what was reported before the restart."""
        try:
            if (stored := await self._store.async_load()) is not None:
                self.saved = JobMemory.from_dict(stored)
        except DAMAGE_ERRORS:
            _LOGGER.warning(
                "The stored last print of %s is damaged and is not used",
                self._entry.title,
            )
        self._tracker = JobTracker(self.saved)
        self._moments = MomentTracker(self._tracker, self._pending.append)
        self._entry.async_on_unload(
            async_on_listening(self._hass, self._moments.mark_unsaved)
        )
        # their ids name the printer's network adapters
        last = self.saved.job.job_id if self.saved.job else None
        self._client.guard.know_jobs((*self.saved.recent, last or ""))
        self._entry.async_on_unload(self._async_save_time)
        self._entry.async_on_unload(
            self._hass.bus.async_listen_once(
                EVENT_HOMEASSISTANT_FINAL_WRITE, self._async_save_time
            )
        )

    def describe(self, data: Raise3DData) -> Raise3DData:
        """Return the data with the active job, and whether anything is open."""
        job = self._tracker.job or NO_JOB
        return replace(data, job=job, unresolved=self._tracker.unresolved)

    @property
    def wants_job(self) -> bool:
        """Whether the next poll has to read the job, though no job is active."""
        return self._tracker.unresolved or (
            self._tracker.lacks_history and self._history.is_due(dt_util.utcnow())
        )

    @callback
    def async_add_listener(self, listener: JobListener) -> CALLBACK_TYPE:
        """Listen to the events of jobs."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def note_state(self, state: RunningState | None) -> None:
        """Process a poll that read the state only."""
        self._tracker.note_state(state, dt_util.utcnow())

    async def async_process_poll(
        self, state: RunningState | None, report: JobReport, *, late: bool = False
    ) -> Sequence[JobEvent]:
        """Process one poll, with the history where only that can decide.

        What the first poll after an outage finds out is late.

        Raises Raise3DAuthenticationError and Raise3DWrongPrinterError, and no other
        error: a history that cannot be read is read later.
        """
        if late:
            self._tracker.mark_outage()
        now = dt_util.utcnow()
        history = None
        needed = self._tracker.needs_history(state, report, now)
        # not at the first poll, which a start of Home Assistant waits for
        missing = self._tracker.lacks_history and self._tracker.memory.job is not None
        if needed or (missing and self._history.is_due(now)):
            history = await self._async_read_history(now, needed=needed)
        events = self._tracker.update(state, report, now, history)
        self._pending += events
        self._moments.note_job(state, report, events)
        return events

    @callback
    def note_snapshot(self, data: Raise3DData) -> None:
        """Process what a poll has read beside the job."""
        heaters = data.heaters[: 1 + self._entry.data[CONF_NOZZLE_COUNT]]
        self._moments.note_snapshot(data.state, heaters, uploading=data.uploading)
        awaited = async_awaits_cool_down(self._hass, self._entry, self._moments.heat)
        self.wanted_parts = TEMPERATURES if awaited else ()

    @callback
    def async_schedule_dispatch(self) -> None:
        """Fire the events after the sensors are updated, so that both agree."""
        unsaved = self._moments.unsaved or self._tracker.memory != self.saved
        if self._pending or unsaved:
            self._hass.loop.call_soon(self._dispatch)

    @callback
    def _dispatch(self) -> None:
        """Fire the events and moments of jobs, and store that they were fired.

        Automations listen only when Home Assistant has started, and the event entity
        only when the entry is loaded. Until then nothing is fired or stored, so that
        no event is lost.
        """
        if (
            self._hass.state is not CoreState.running
            or self._entry.state is not ConfigEntryState.LOADED
        ):
            return
        pending = self._pending.copy()
        self._pending.clear()
        for each in pending:
            if isinstance(each, Moment):
                triggered = async_report_moment(self._hass, self._entry, each)
                self._moments.unsaved |= triggered
                continue
            for listener in list(self._listeners):
                listener(each)
        if self._moments.unsaved or self._tracker.memory != self.saved:
            self._moments.unsaved = False
            self.saved = self._tracker.memory
            self.on_saved(self.saved.job)
            self._entry.async_create_task(
                self._hass, self._store.async_save(self.saved.as_dict())
            )

    async def _async_save_time(self, _stop: Event | None = None) -> None:
        """Store how far the job was followed: until then, nothing was missed."""
        if self.saved.job is not None:
            memory, job = self._tracker.memory, self.saved.job
            if not self._pending and memory.job == job:
                # marks that only moved on are not stored before
                job = memory.job
            self.saved = replace(self.saved, polled_at=memory.polled_at, job=job)
            await self._store.async_save(self.saved.as_dict())

    async def _async_read_history(
        self, now: datetime, *, needed: bool
    ) -> HistoryEnd | None:
        """Read the end of the history, None where it cannot be read now."""
        if not self._history.is_due(now, needed=needed):
            return None
        try:
            history = await self._client.history.read_end(
                self._tracker.memory.cursor.bookmark
            )
        except Raise3DAuthenticationError, Raise3DWrongPrinterError:
            raise
        except Raise3DError:
            if self._history.note_failure(now):
                _LOGGER.info("The history of %s cannot be read", self._entry.title)
            return None
        if self._history.note_success():
            _LOGGER.info("The history of %s can be read again", self._entry.title)
        if not history.entries and self._tracker.lacks_history:
            # perhaps not ready: read it again before an empty one counts
            self._history.postpone(now)
        return history


class HistoryAccess:
    """Knows when the history may be read: less often while that fails."""

    def __init__(self) -> None:
        """Start with a history that may be read at once."""
        self._failures = 0
        self._failed_at: datetime | None = None
        self._not_before: datetime | None = None

    def is_due(self, now: datetime, *, needed: bool = False) -> bool:
        """Whether to read it; sooner where the end of a print needs it."""
        if not needed and self._not_before is not None and now < self._not_before:
            return False
        if self._failed_at is None or now < self._failed_at:
            return True
        limit = MAX_END_RETRY_INTERVAL if needed else SLOW_INTERVAL
        wait = doubled(HISTORY_RETRY_INTERVAL, self._failures - 1, limit)
        return now - self._failed_at >= timedelta(seconds=wait)

    def note_failure(self, now: datetime) -> bool:
        """Note that it could not be read; return True the first time."""
        self._failures += 1
        self._failed_at = now
        return self._failures == 1

    def note_success(self) -> bool:
        """Note that it was read; return True after a failure."""
        failed, self._failures, self._failed_at = self._failures > 0, 0, None
        return failed

    def postpone(self, now: datetime) -> None:
        """Put the next read off, unless the end of a print needs it."""
        self._not_before = now + timedelta(seconds=SLOW_INTERVAL)


class JobStore(EntryStore):
    """The storage that remembers a printer's last job."""

    @override
    async def _async_migrate_func(
        self,
        old_major_version: int,
        old_minor_version: int,
        old_data: object,
    ) -> dict[str, object]:
        """Migrate version 1, which stored only one job of the history."""
        if not isinstance(old_data, dict):
            # reported as damaged when it is read
            return {}
        completed = old_data.get("completed")
        history: dict[str, object] = {}
        if completed not in (None, "", "untold"):
            history = {
                "bookmark": HistoryBookmark().with_known(str(completed)).as_dict()
            }
        started_at = old_data.get("started_at")
        job = {
            "job_id": old_data.get("key") or None,
            "file_name": old_data.get("file_name"),
            "phase": old_data.get("phase"),
            "certain": False,
            "elapsed": None,
            "started_at": started_at,
        }
        previous = old_data.get("previous")
        return {
            "job": job,
            "history": history,
            "recent": [previous] if previous else [],
            "polled_at": None,
        }


def job_store(hass: HomeAssistant, entry: ConfigEntry) -> JobStore:
    """Return the storage that remembers a printer's last job."""
    return JobStore(hass, STORAGE_VERSION, f"{DOMAIN}.{entry.entry_id}")
