"""Keeps what the jobs of one printer cost: the energy of the plug, the filament."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.exceptions import UnsupportedStorageVersionError
from homeassistant.helpers.storage import Store
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .api import RunningState
from .const import COSTS_VERSION, DOMAIN, JOB_LOG_DELAY, MAX_AWAITED
from .cost_options import CostOptions
from .job_energy import RunningEnergy, was_seen_to_start
from .job_log import JobLog
from .job_monitor import JobMonitor
from .jobs import JobEvent, JobEventType, LoggedJob, Used, added_cost, with_cost
from .jobs.stored import read_str
from .models import LastJob, Raise3DData
from .polling import Part

_LOGGER = logging.getLogger(__name__)

ENDS = (JobEventType.COMPLETED, JobEventType.STOPPED, JobEventType.FAILED)

_ACTIVE = (RunningState.RUNNING, RunningState.PAUSED, RunningState.BUSY)
# What a job has used before it starts.
_NOTHING = Used(energy=0.0, cost=0.0)

type CostStore = Store[dict[str, object]]


class JobCosts:
    """The cost of the jobs of one printer, and the sum of it."""

    def __init__(
        self,
        coordinator: DataUpdateCoordinator[Raise3DData],
        entry: ConfigEntry,
        log: JobLog,
    ) -> None:
        """Start without a sum, which `async_load` fills."""
        self.options = CostOptions.of(entry)
        self.total = Decimal()
        """All that is known of the cost of all jobs since there are prices."""
        self._coordinator = coordinator
        self._entry = entry
        self._log = log
        self._store = _cost_store(coordinator.hass, entry)
        self._energy = RunningEnergy(coordinator.hass, self.options)
        self._last: str | None = None
        # completed jobs whose grams may still come
        self._awaited: list[str] = []
        self._listeners: list[CALLBACK_TYPE] = []

    @property
    def wanted_parts(self) -> tuple[Part, ...]:
        """What has to be read for costs, whatever the entities show."""
        return (Part.LAST_JOB,) if self.options.prices.filament else ()

    @property
    def last_job(self) -> LoggedJob | None:
        """The last job that has ended."""
        return None if self._last is None else self._log.get(self._last)

    async def async_load(self, jobs: JobMonitor) -> None:
        """Load what is kept over restarts, and listen if there are prices."""
        try:
            if (stored := await self._store.async_load()) is not None:
                self._read(stored)
        except (
            *(InvalidOperation, KeyError, TypeError, ValueError),
            UnsupportedStorageVersionError,
        ):
            _LOGGER.warning(
                "The stored costs of %s are damaged and are not used",
                self._entry.title,
            )
        if not self.options.keys:
            return
        bus = self._coordinator.hass.bus
        jobs.async_add_listener(self._handle_event)
        for cancel in (
            self._energy.async_follow(self._async_schedule_save),
            self._log.async_add_listener(self._handle_logged),
            self._async_save,
            bus.async_listen_once(EVENT_HOMEASSISTANT_FINAL_WRITE, self._async_save),
        ):
            self._entry.async_on_unload(cancel)

    @callback
    def async_start(self) -> None:
        """Listen to the polls, once the first one has succeeded."""
        if self.options.keys:
            self._entry.async_on_unload(
                self._coordinator.async_add_listener(self._handle_poll)
            )

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Listen to new costs."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def _handle_event(self, event: JobEvent) -> None:
        """Count from the start of a job to its end; the log has heard of it before."""
        if (job := self._log.job_of(event)) is None:
            return
        match event.type:
            case JobEventType.STARTED:
                before = _NOTHING if was_seen_to_start(event) else Used()
                self._energy.async_start(event, before)
            case JobEventType.RESUMED if not self._energy.counts(event):
                # it had ended before: what it used meanwhile is known, or nothing is
                before = Used(energy=job.energy, cost=job.energy_cost)
                self._energy.async_start(event, Used() if event.late else before)
                self._log.async_put(replace(job, energy=None, cost=None))
            case JobEventType.PAUSED | JobEventType.RESUMED:
                return
            case _:
                self._end(job, event)
        self._async_schedule_save()

    @callback
    def _end(self, job: LoggedJob, event: JobEvent) -> None:
        """Keep what a job has cost that has just ended."""
        ended = job
        if (used := self._energy.async_end(event)) is not None:
            priced = self.options.prices.energy
            ended = replace(
                job, energy=used.energy, energy_cost=used.cost if priced else None
            )
        if event.type is JobEventType.COMPLETED:
            last_job = self._coordinator.data.last_job
            # without an id, only the print that was just seen to end is the last one
            if job.job_id == last_job.job_id or (job.job_id is None and not event.late):
                ended = _with_grams(ended, last_job)
            if self.options.prices.filament:
                self._awaited = [*self._awaited, job.key][-MAX_AWAITED:]
        self._last = job.key
        self._keep(job, ended)

    @callback
    def _keep(self, before: LoggedJob, job: LoggedJob) -> None:
        """Keep a job with its cost, and add what is new of it to the sum."""
        job = with_cost(job, self.options.prices)
        if job.filament_cost is not None and job.key in self._awaited:
            self._awaited.remove(job.key)
        self.total += added_cost(before, job)
        self._log.async_put(job)
        self._async_schedule_save()
        for listener in list(self._listeners):
            listener()

    @callback
    def _handle_logged(self, job: LoggedJob) -> None:
        """Complete the cost of a job whose grams have come late."""
        if (
            job.key in self._awaited
            and self.options.prices.filament_cost(job) is not None
        ):
            self._keep(job, job)

    @callback
    def _handle_poll(self) -> None:
        """Note the job that is printed, and the grams of one that has ended."""
        data = self._coordinator.data
        if data.online and data.state in _ACTIVE:
            self._energy.async_note_active(data.job.job_id)
        last_job = data.last_job
        if last_job.job_id in self._awaited and (job := self._log.get(last_job.job_id)):
            self._log.async_put(_with_grams(job, last_job))

    def _read(self, stored: Mapping[str, object]) -> None:
        """Read what was stored; raises one of several errors if it is damaged."""
        self.total = Decimal(str(stored["total"]))
        self._last = read_str(stored["last"])
        awaited = stored["awaited"]
        self._awaited = list(map(str, awaited)) if isinstance(awaited, list) else []
        if stored["energy"] is not None:
            self._energy.async_resume(stored["energy"])

    @callback
    def _async_schedule_save(self) -> None:
        """Store soon what has changed."""
        self._store.async_delay_save(self._as_dict, JOB_LOG_DELAY)

    async def _async_save(self, _stop: Event | None = None) -> None:
        """Store now: until then, plug and tariff were followed."""
        await self._store.async_save(self._as_dict())

    def _as_dict(self) -> dict[str, object]:
        """Return what is stored."""
        return {
            "total": str(self.total),
            "last": self._last,
            "awaited": self._awaited,
            "energy": self._energy.as_dict(),
        }


def _with_grams(job: LoggedJob, last_job: LastJob) -> LoggedJob:
    """Return a job with the grams of the last one, as far as they are known."""
    left, right = last_job.filament_used_left, last_job.filament_used_right
    return replace(
        job,
        filament_left=job.filament_left if left is None else left,
        filament_right=job.filament_right if right is None else right,
    )


def _cost_store(hass: HomeAssistant, entry: ConfigEntry) -> CostStore:
    """Return the storage of a printer's costs."""
    return Store(hass, COSTS_VERSION, f"{DOMAIN}.{entry.entry_id}.costs", private=True)


async def async_remove_costs(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove the costs of a printer with its entry."""
    await _cost_store(hass, entry).async_remove()
