"""What is kept of a printer's prints: the log, and what is made of it."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .api import Raise3DClient
from .cost_ledger import async_remove_costs
from .costs import JobCosts
from .history_import import HistoryImport
from .job_log import JobLog, async_remove_log
from .job_monitor import JobMonitor, job_store
from .job_statistics import JobStatistics, async_clear_statistics
from .maintenance import Maintenance, async_remove_maintenance
from .models import Raise3DData
from .picture_store import async_remove_pictures
from .polling import Part


class PrinterRecords:
    """The log of a printer's jobs; its costs, maintenance tasks and statistics."""

    def __init__(
        self,
        coordinator: DataUpdateCoordinator[Raise3DData],
        entry: ConfigEntry,
        client: Raise3DClient,
        jobs: JobMonitor,
    ) -> None:
        """Start with nothing, which `async_load` changes."""
        hass = coordinator.hass
        self._jobs = jobs
        self.log = JobLog(hass, entry)
        self.costs = JobCosts(coordinator, entry, self.log)
        self.maintenance = Maintenance(hass, entry, self.log)
        self.statistics = JobStatistics(hass, entry, self.log)
        self._import = HistoryImport(client.history, jobs, self.log)

    @property
    def wanted_parts(self) -> tuple[Part, ...]:
        """What has to be read for them, whatever the entities show."""
        return self.maintenance.wanted_parts

    @property
    def awaited_parts(self) -> tuple[Part, ...]:
        """What has to be read at the first poll: a new task waits for its totals."""
        left = map(self.maintenance.remaining, self.maintenance.tasks)
        return (Part.STATISTICS,) if None in left else ()

    async def async_load(self) -> None:
        """Load what is kept over restarts; the log is the first to hear of an event."""
        await self.log.async_load(self._jobs)
        await self.maintenance.async_load(self._jobs)
        await self.costs.async_load(self._jobs)

    @callback
    def async_start(self) -> None:
        """Follow the printer, once the first poll has succeeded."""
        self.costs.async_start()
        self.statistics.async_start()

    async def async_import(self, data: Raise3DData) -> None:
        """Read a little of the printer's own history, if that is due."""
        await self._import.async_read(data)

    @callback
    def note_snapshot(self, data: Raise3DData) -> None:
        """Process what a poll has read."""
        self.maintenance.note_snapshot(data)
        self.log.note_snapshot(data)


async def async_remove_records(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove all that is kept of a printer with its entry."""
    await job_store(hass, entry).async_remove()
    await async_remove_pictures(hass, entry)
    await async_remove_log(hass, entry)
    async_clear_statistics(hass, entry)
    await async_remove_maintenance(hass, entry)
    await async_remove_costs(hass, entry)
