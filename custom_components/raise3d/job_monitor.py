"""Keeps the job tracker fed, remembered over restarts, and heard."""

from collections.abc import Callable, Sequence
import logging

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, CoreState, HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .api import (
    HistoryEntry,
    JobReport,
    Raise3DBusyError,
    Raise3DClient,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DRefusedError,
    Raise3DResponseError,
    RunningState,
)
from .const import DOMAIN, MAX_HISTORY_ATTEMPTS, STORAGE_VERSION
from .job import JobEvent, JobTracker, TrackedJob
from .print_job import ActiveJob

_LOGGER = logging.getLogger(__name__)

type JobListener = Callable[[JobEvent], None]


class JobMonitor:
    """Tells what happens to the jobs of one printer, each thing once."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, client: Raise3DClient
    ) -> None:
        """Start without a memory, which `async_load` brings."""
        self.tracker = JobTracker()
        self._hass = hass
        self._entry = entry
        self._client = client
        self._store = job_store(hass, entry)
        self._saved: TrackedJob | None = None
        self._history_attempts = 0
        self._events: list[JobEvent] = []
        self._listeners: list[JobListener] = []

    async def async_load(self) -> None:
        """Remember what was told before the restart."""
        stored = await self._store.async_load()
        if stored is None:
            return
        try:
            self._saved = TrackedJob.from_dict(stored)
        except ValueError:
            _LOGGER.warning(
                "What was remembered of the last print on %s is damaged; starting anew",
                self._entry.title,
            )
        self.tracker = JobTracker(self._saved)

    @callback
    def async_add_listener(self, listener: JobListener) -> CALLBACK_TYPE:
        """Listen to what happens to jobs."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def job(self) -> ActiveJob | None:
        """The job as it stands, None where there is none."""
        return self.tracker.job

    @property
    def unresolved(self) -> bool:
        """Whether the next poll has to read the job again: a verdict is pending."""
        return self.tracker.needs_first_history

    @callback
    def mark_outage(self) -> None:
        """Take what the next poll finds out as learnt late."""
        self.tracker.note_gap()

    @callback
    def note_state(self, state: RunningState | None) -> None:
        """Take in a state at a poll that did not read the job."""

    async def async_process_poll(
        self, state: RunningState | None, current: JobReport
    ) -> Sequence[JobEvent]:
        """Take in one look, with the history where that alone can tell."""
        history = None
        if self.tracker.needs_history(state, current):
            history = await self._async_read_history()
            if history is None:
                self.tracker.give_up_history()
        events = self.tracker.update(state, current, dt_util.utcnow(), history)
        self._events += events
        return events

    @callback
    def async_schedule_dispatch(self) -> None:
        """Tell what happened once the sensors show it, so that both agree."""
        if self._events or self.tracker.seen != self._saved:
            self._hass.loop.call_soon(self._dispatch)

    @callback
    def _dispatch(self) -> None:
        """Tell what happened to jobs, and remember that it was told.

        Automations listen only when Home Assistant has started, and the event entity
        only when the entry is loaded. Until then nothing is told and nothing is
        remembered, so that nothing gets lost.
        """
        if (
            self._hass.state is not CoreState.running
            or self._entry.state is not ConfigEntryState.LOADED
        ):
            return
        events, self._events = self._events, []
        for event in events:
            for listener in list(self._listeners):
                listener(event)
        if self.tracker.seen is not None and self.tracker.seen != self._saved:
            self._saved = self.tracker.seen
            self._entry.async_create_task(
                self._hass, self._store.async_save(self._saved.as_dict())
            )

    async def _async_read_history(self) -> Sequence[HistoryEntry] | None:
        """Read the newest completed jobs, None where the printer does not tell.

        The printer may be busy at that moment; then the look counts as failed and is
        repeated, but not for ever.
        """
        self._history_attempts += 1
        history: Sequence[HistoryEntry] | None = None
        try:
            history = (await self._client.read_history_end(None)).entries
        except Raise3DInvalidValueError, Raise3DNotFoundError, Raise3DRefusedError:
            pass
        except Raise3DBusyError, Raise3DResponseError:
            if self._history_attempts < MAX_HISTORY_ATTEMPTS:
                raise
        self._history_attempts = 0
        return history


def job_store(hass: HomeAssistant, entry: ConfigEntry) -> Store[dict[str, str | None]]:
    """Return the storage that remembers a printer's last job."""
    return Store(hass, STORAGE_VERSION, f"{DOMAIN}.{entry.entry_id}", private=True)
