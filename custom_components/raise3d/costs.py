"""Finds out what the jobs of one printer cost: the energy of the plug, the filament."""

from dataclasses import replace

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    EVENT_CORE_CONFIG_UPDATE,
    EVENT_HOMEASSISTANT_FINAL_WRITE,
)
from homeassistant.core import Event, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_entity_registry_updated_event
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .api import HistoryDetails, RunningState
from .cost_ledger import CostLedger
from .cost_options import CostOptions, with_renamed
from .job_energy import RunningEnergy, was_seen_to_start
from .job_log import JobLog
from .job_monitor import JobMonitor
from .jobs import JobEvent, JobEventType, LoggedJob, Used
from .models import Raise3DData
from .polling import Part

_ACTIVE = (RunningState.RUNNING, RunningState.PAUSED, RunningState.BUSY)
# What a job has used before it starts.
_NOTHING = Used(energy=0.0, cost=0.0)


class JobCosts:
    """Counts from the start of each job to its end."""

    def __init__(
        self,
        coordinator: DataUpdateCoordinator[Raise3DData],
        entry: ConfigEntry,
        log: JobLog,
    ) -> None:
        """Start without a job."""
        self.options = CostOptions.of(entry)
        hass, prices = coordinator.hass, self.options.prices
        self._energy = RunningEnergy(hass, self.options)
        self.ledger = CostLedger(hass, entry, log, prices, self._energy)
        self._coordinator = coordinator
        self._entry = entry
        self._log = log

    async def async_load(self, jobs: JobMonitor) -> None:
        """Load what is kept over restarts, and listen if there are prices."""
        ledger, hass = self.ledger, self._coordinator.hass
        await ledger.async_load()
        if not self.options.sensor_keys:
            return
        jobs.async_add_listener(self._handle_event)
        for cancel in (
            self._energy.async_follow(ledger.async_schedule_save),
            self._log.async_add_listener(self._handle_logged),
            ledger.async_save,
            hass.bus.async_listen_once(
                EVENT_HOMEASSISTANT_FINAL_WRITE, ledger.async_save
            ),
            hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, self._handle_config),
            async_track_entity_registry_updated_event(
                hass, self.options.sensors, self._handle_registry
            ),
        ):
            self._entry.async_on_unload(cancel)

    @callback
    def async_start(self) -> None:
        """Listen to the polls, once the first one has succeeded."""
        if not self.options.sensor_keys:
            return
        # grams have to be read, whatever the entities show
        wanted = (Part.LAST_JOB,) if self.options.prices.filament else None
        self._entry.async_on_unload(
            self._coordinator.async_add_listener(self._handle_poll, wanted)
        )

    @callback
    def _handle_config(self, _event: Event) -> None:
        """Start again in another currency."""
        hass = self._coordinator.hass
        if hass.config.currency != self.ledger.currency:
            hass.config_entries.async_schedule_reload(self._entry.entry_id)

    @callback
    def _handle_registry(self, event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        """Follow a sensor that gets another entity id."""
        if event.data["action"] != "update" or "old_entity_id" not in event.data:
            return
        old, new = event.data["old_entity_id"], event.data["entity_id"]
        entries = self._coordinator.hass.config_entries
        options = with_renamed(self._entry.options, old, new)
        entries.async_update_entry(self._entry, options=options)
        # the job that runs goes on after the reload
        self._energy.options = CostOptions.of(self._entry)
        entries.async_schedule_reload(self._entry.entry_id)

    @callback
    def _handle_event(self, event: JobEvent) -> None:
        """Count from the start of a job to its end; the log has heard of it before."""
        if (job := self._log.job_of(event)) is None:
            return
        match event.type:
            case JobEventType.STARTED if was_seen_to_start(event):
                self._energy.async_start(job.key, _NOTHING)
            case JobEventType.STARTED:
                self._energy.async_drop()
            case JobEventType.RESUMED if not self._energy.counts(job.key):
                # it had ended before: go on from what it had used by then
                before = Used(energy=job.energy, cost=job.energy_cost)
                self._energy.async_start(job.key, Used() if event.late else before)
                self._log.async_put(replace(job, energy=None, cost=None))
            case JobEventType.PAUSED | JobEventType.RESUMED:
                return
            case _:
                self._end(job, event)
        # at once, as it is stored that it was fired: whatever happens, both agree
        self.ledger.async_schedule_save(0)

    @callback
    def _end(self, job: LoggedJob, event: JobEvent) -> None:
        """Keep what a job has cost that has just ended."""
        ended = job
        if (used := self._energy.async_end(job.key, event)) is not None:
            cost = used.cost if self.options.prices.energy else None
            ended = replace(job, energy=used.energy, energy_cost=cost)
        completed = event.type is JobEventType.COMPLETED
        last_job = self._coordinator.data.last_job
        # without an id, only the print that was just seen to end is the last one
        same = job.job_id == last_job.job_id if job.job_id else not event.late
        if completed and same and last_job.details:
            ended = _with_grams(ended, last_job.details)
        self.ledger.async_end(job, ended, grams=completed)

    @callback
    def _handle_logged(self, job: LoggedJob) -> None:
        """Complete the cost of a job whose grams have come late."""
        known = self.options.prices.filament_cost(job) is not None
        if self.ledger.awaits(job.key) and known:
            self.ledger.async_keep(job, job)

    @callback
    def _handle_poll(self) -> None:
        """Note the job that is printed, and the grams of one that has ended."""
        data = self._coordinator.data
        counted = self._log.get(self._energy.key or "")
        active = data.online and data.state in _ACTIVE
        if active and counted and counted.job_id == data.job.job_id:
            self._energy.async_note_active()
        # the log takes the figures of a job once: grams may be added to them later
        key, details = data.last_job.job_id, data.last_job.details
        if key and details and self.ledger.awaits(key) and (job := self._log.get(key)):
            self._log.async_put(_with_grams(job, details))


def _with_grams(job: LoggedJob, details: HistoryDetails) -> LoggedJob:
    """Return a job with the grams of the history, as far as they are known."""
    left, right = details.filament_used_left, details.filament_used_right
    return replace(
        job,
        filament_left=job.filament_left if left is None else left,
        filament_right=job.filament_right if right is None else right,
    )
