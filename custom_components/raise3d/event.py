"""Event entity of the Raise3D integration."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import JOB_EVENT_KEY
from .coordinator import Raise3DConfigEntry
from .entity import Raise3DEntity
from .jobs import JobEvent, JobEventType

PARALLEL_UPDATES = 0

JOB_EVENT = EventEntityDescription(
    key=JOB_EVENT_KEY,
    translation_key=JOB_EVENT_KEY,
    event_types=[kind.value for kind in JobEventType],
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: Raise3DConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event entity of a printer."""
    async_add_entities([Raise3DJobEvent(entry.runtime_data, JOB_EVENT)])


class Raise3DJobEvent(Raise3DEntity, EventEntity):
    """Raise3D event entity for the jobs of a printer."""

    @property
    @override
    def available(self) -> bool:
        """Keep the last event while the printer is off.

        Triggers ignore an event of an entity that was unavailable just before, and the
        end of a print may be found out at that moment.
        """
        return True

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the events of jobs."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.jobs.async_add_listener(self._handle_job))

    @callback
    def _handle_job(self, event: JobEvent) -> None:
        """Fire one event; the log has the cost of a job that has ended."""
        ended = self.coordinator.log.job_of(event) if event.type.is_end else None
        self._trigger_event(
            event.type,
            {
                "job_id": event.job_id,
                "file_name": event.file_name,
                "duration": event.duration,
                "estimated_duration": event.estimated_duration,
                "progress": event.progress,
                "layers": event.layers,
                "started_at": event.started_at and event.started_at.isoformat(),
                "late": event.late,
                "energy": ended and ended.energy,
                "cost": ended and ended.cost,
            },
        )
        self.async_write_ha_state()
