"""Keeps count of a printer's maintenance tasks."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from .const import (
    CONF_COUNTED,
    CONF_INTERVAL,
    DOMAIN,
    MAINTENANCE_DELAY,
    MAINTENANCE_VERSION,
    SUBENTRY_TASK,
)
from .entry_store import EntryStore
from .job_log import JobLog
from .job_monitor import JobMonitor
from .jobs import JobEvent, LoggedJob
from .maintenance_issues import MaintenanceIssues
from .models import NO_STATISTICS, Raise3DData
from .polling import Part
from .upkeep import Counted, Ledger, Task, counters

type Tasks = Mapping[str, Task]


class Maintenance:
    """The maintenance tasks of one printer; without one it does nothing."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, log: JobLog) -> None:
        """Start with the tasks that a person has added, and nothing counted."""
        self._hass = hass
        self._entry = entry
        self._log = log
        self._ledger = Ledger()
        self._file = MaintenanceFile(hass, entry, lambda: self._ledger)
        self._last_answer = NO_STATISTICS
        self._listeners: list[CALLBACK_TYPE] = []
        self._timer = DayTimer(hass, self._async_update)
        self._issues = MaintenanceIssues(hass, entry)
        self.tasks: Tasks = tasks_of(entry)
        """By the id of their subentry."""

    @property
    def wanted_parts(self) -> tuple[Part, ...]:
        """What has to be read for the tasks, whatever the entities show."""
        counted = any(task.counted is not Counted.DAYS for task in self.tasks.values())
        return (Part.STATISTICS,) if counted else ()

    async def async_load(self, monitor: JobMonitor) -> None:
        """Load what was counted before, without that of tasks that are gone."""
        if not self.tasks:
            self._issues.async_keep(())
            await self._file.async_remove()
            return
        self._ledger = await self._file.async_load()
        self._ledger.keep(self.tasks, dt_util.utcnow())
        # not to the log: there, an end is repeated once more of it is known, and what
        # is imported is in the counters
        monitor.async_add_listener(self._handle_event)
        self._entry.async_on_unload(self._timer.cancel)
        self._entry.async_on_unload(self._issues.async_close)
        self._async_update()
        for job in _open_jobs(self._log, self._ledger.failed.current):
            self._note_job(job)

    def remaining(self, task_id: str) -> int | None:
        """Return the units that are left of a task, None where that is not known."""
        now, ledger = dt_util.utcnow(), self._ledger
        task = self.tasks[task_id]
        used = ledger.tasks[task_id].used(task.counted, ledger.total, now)
        return task.remaining(used)

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Listen to what changes."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def note_snapshot(self, data: Raise3DData) -> None:
        """Count what a poll has read; the same answer is read only once."""
        if not self.tasks or data.statistics is self._last_answer:
            return
        self._last_answer = data.statistics
        amounts = counters(
            prints=data.statistics.prints_completed,
            seconds=data.statistics.print_time,
            left=data.statistics.filament_used_left,
            right=data.statistics.filament_used_right,
        )
        self._count(lambda: self._ledger.note_counters(amounts, dt_util.utcnow()))

    @callback
    def _handle_event(self, event: JobEvent) -> None:
        """Count a failed print, which the printer's own counters leave out."""
        if (job := self._log.job_of(event)) is not None:
            self._note_job(job)

    @callback
    def _note_job(self, job: LoggedJob) -> None:
        """Count a job; that nobody knows how it ended counts nothing."""
        if not job.assumed:
            now, ledger = dt_util.utcnow(), self._ledger
            self._count(lambda: ledger.note_job(job.key, job.phase, job.duration, now))

    async def async_mark_done(self, task_id: str) -> None:
        """Note that a task was done, and keep it at once."""
        self._ledger.note_done(task_id, dt_util.utcnow())
        self._async_update()
        await self._file.async_save()

    async def async_acknowledge(self) -> None:
        """Note that a person knows of counters that have started again."""
        self._ledger.acknowledge()
        self._async_update()
        await self._file.async_save()

    @callback
    def _count(self, count: Callable[[], None]) -> None:
        """Count something, and show and store it if that changes anything."""
        before = self._ledger.essence
        count()
        if self._ledger.essence != before:
            self._async_update()
            self._file.async_schedule()

    @callback
    def _async_update(self, _now: datetime | None = None) -> None:
        """Show what is left of each task now, and again once a day has passed."""
        now = dt_util.utcnow()
        left = {task_id: self.remaining(task_id) for task_id in self.tasks}
        self._issues.async_update(
            {
                task_id: self.tasks[task_id]
                for task_id, units in left.items()
                if units is not None and units < 0
            },
            restarted=self._ledger.unacknowledged,
        )
        for listener in list(self._listeners):
            listener()
        self._timer.schedule(
            self._ledger.tasks[task_id].next_day(now)
            for task_id, task in self.tasks.items()
            if task.counted is Counted.DAYS
        )


class MaintenanceFile:
    """The file of what was counted: kept soon, and at the latest on unloading."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, ledger: Callable[[], Ledger]
    ) -> None:
        """Store what a function returns."""
        self._hass = hass
        self._entry = entry
        self._as_dict: Callable[[], dict[str, object]] = lambda: ledger().as_dict()
        key = f"{DOMAIN}.{entry.entry_id}.maintenance"
        self._store = EntryStore(hass, MAINTENANCE_VERSION, key)

    async def async_load(self) -> Ledger:
        """Return what was stored; nothing was counted where it cannot be read."""
        self._entry.async_on_unload(self.async_save)
        self._entry.async_on_unload(
            self._hass.bus.async_listen_once(
                EVENT_HOMEASSISTANT_FINAL_WRITE, self.async_save
            )
        )
        title = self._entry.title
        ledger = await self._store.async_read(Ledger.from_dict, "maintenance", title)
        return ledger or Ledger()

    @callback
    def async_schedule(self) -> None:
        """Store what was counted, after a delay."""
        self._store.async_schedule(self._as_dict, MAINTENANCE_DELAY)

    async def async_save(self, _stop: Event | None = None) -> None:
        """Store what was counted, now."""
        await self._store.async_save(self._as_dict())

    async def async_remove(self) -> None:
        """Remove the file."""
        await self._store.async_remove()


class DayTimer:
    """Calls a function once the next day of a task has passed."""

    def __init__(self, hass: HomeAssistant, action: Callable[[datetime], None]) -> None:
        """Start without a time."""
        self._hass = hass
        self._action = action
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def schedule(self, times: Iterable[datetime]) -> None:
        """Wait for the first of these times, instead of the one before."""
        self.cancel()
        if (first := min(times, default=None)) is not None:
            self._cancel = async_track_point_in_utc_time(
                self._hass, self._action, first
            )

    @callback
    def cancel(self) -> None:
        """Wait no longer."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None


def tasks_of(entry: ConfigEntry) -> dict[str, Task]:
    """Return the tasks of an entry, without those that nobody can count."""
    found = {}
    for subentry in entry.get_subentries_of_type(SUBENTRY_TASK):
        with suppress(KeyError, TypeError, ValueError):
            found[subentry.subentry_id] = Task(
                name=subentry.title,
                counted=Counted(subentry.data[CONF_COUNTED]),
                interval=float(subentry.data[CONF_INTERVAL]),
            )
    return found


@callback
def async_watch_tasks(hass: HomeAssistant, entry: ConfigEntry, tasks: Tasks) -> None:
    """Reload the entry when its tasks are no longer those that are set up.

    Not by a listener of the entry, which would reload it for everything that changes.
    """
    before = tasks

    @callback
    def async_check(_change: ConfigEntryChange, changed: ConfigEntry) -> None:
        """Compare the tasks with those that are set up."""
        nonlocal before
        if changed is entry and (now := tasks_of(entry)) != before:
            before = now
            hass.config_entries.async_schedule_reload(entry.entry_id)

    entry.async_on_unload(
        async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, async_check)
    )
    # one may have been added while the entry was set up
    async_check(ConfigEntryChange.UPDATED, entry)


async def async_remove_maintenance(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove what is kept of a printer's maintenance with its entry."""
    MaintenanceIssues(hass, entry).async_keep({})
    await MaintenanceFile(hass, entry, Ledger).async_remove()


def _open_jobs(log: JobLog, current: str | None) -> list[LoggedJob]:
    """Return the job that was active when it was stored, and the one that is now.

    Home Assistant may have been killed before the end of it was stored here.
    """
    last = log.get(current or "")
    newest = log.jobs[-1:]
    active = [job for job in newest if job.phase.active and job is not last]
    return active if last is None else [last, *active]
