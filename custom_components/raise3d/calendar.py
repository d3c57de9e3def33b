"""Calendar of the Raise3D integration: the prints of a printer."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEvent,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .api import RunningState
from .const import CALENDAR_KEY, OPEN_END_MARGIN
from .coordinator import Raise3DConfigEntry, Raise3DCoordinator
from .entity import Raise3DEntity
from .job_log import JobLog
from .job_texts import JobTexts, async_get_job_texts
from .jobs import ActiveJob, LoggedJob, display_name
from .models import Raise3DData

PARALLEL_UPDATES = 0

PRINTS = CalendarEntityDescription(key=CALENDAR_KEY, translation_key=CALENDAR_KEY)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: Raise3DConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the calendar of a printer."""
    texts = await async_get_job_texts(hass)
    async_add_entities([Raise3DCalendar(entry.runtime_data, PRINTS, texts)])


@dataclass
class PrintEvent(CalendarEvent):
    """A print in the calendar, also while the clocks are put back.

    Home Assistant compares the times of the wall clock. In that night, they do not say
    what comes first: it would refuse the whole calendar for a print that ends in it.
    """

    @override
    def __post_init__(self) -> None:
        """Take the times as they are: they were checked in UTC."""

    @property
    @override
    def start_datetime_local(self) -> datetime:
        """The start, which compares as the moment that it is."""
        return _local(super().start_datetime_local)

    @property
    @override
    def end_datetime_local(self) -> datetime:
        """The end, which compares as the moment that it is."""
        return _local(super().end_datetime_local)


class Raise3DCalendar(Raise3DEntity, CalendarEntity):
    """Raise3D calendar of the prints of a printer."""

    def __init__(
        self,
        coordinator: Raise3DCoordinator,
        description: CalendarEntityDescription,
        texts: JobTexts,
    ) -> None:
        """Take the texts, because a state cannot wait for them."""
        super().__init__(coordinator, description)
        self._texts = texts
        self._written: CalendarEvent | None = None

    @property
    @override
    def available(self) -> bool:
        """Show the past while the printer is off, too."""
        return True

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """The print that goes on."""
        now = dt_util.utcnow()
        data, log = self.coordinator.data, self.coordinator.log
        start, end = data.job.started_at, _expected_end(data, now)
        if start is None or end is None or _is_over(log, data.job):
            return None
        status = self._texts.status(data.status)
        return self._event_of(start, end, data.job.file_name, status)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return the prints that have any part in a range of time."""
        self._texts = texts = await async_get_job_texts(hass)
        events = [
            self._event_of(start, end, job.file_name, texts.result(job))
            for job in self.coordinator.log.jobs
            if (times := _known_times(job)) is not None
            for start, end in [times]
            if start < end_date and end > start_date
        ]
        present = self.event
        if (
            present is not None
            and present.start_datetime_local < end_date
            and present.end_datetime_local > start_date
        ):
            events.append(present)
        return sorted(events, key=lambda event: event.start_datetime_local)

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to what is new of the past."""
        await super().async_added_to_hass()
        log = self.coordinator.log
        self.async_on_remove(log.async_add_listener(self._handle_logged_job))
        self._written = self.event

    @override
    @callback
    def _handle_coordinator_update(self) -> None:
        """Write what has changed; each write has open calendars read all events."""
        event = self.event
        if event != self._written:
            self._written = event
            self.async_write_ha_state()

    @callback
    def _handle_logged_job(self, _job: LoggedJob) -> None:
        """Show what is new of the past."""
        self._written = self.event
        self.async_write_ha_state()

    def _event_of(
        self, start: datetime, end: datetime, file_name: str | None, description: str
    ) -> CalendarEvent:
        """Return an event in the time zone of Home Assistant."""
        return PrintEvent(
            start=_local(start),
            end=_local(end),
            summary=display_name(file_name) or self._texts.nameless,
            description=description,
        )


def _local(time: datetime) -> datetime:
    """Return a time in the zone of Home Assistant, with the offset that it has then."""
    local = dt_util.as_local(time)
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()))


def _expected_end(data: Raise3DData, now: datetime) -> datetime | None:
    """Return when the print ends that goes on, None where nothing is known to.

    That is the finish time. While it is paused, or late, nobody knows the end: then it
    is a full hour that moves on, so far away that no trigger believes in it.
    """
    if data.state in {RunningState.IDLE, RunningState.COMPLETED}:
        return None
    finish_at = data.job.finish_at
    if finish_at is not None and finish_at > now:
        return finish_at
    if not data.online:
        # it may have ended long ago
        return None
    wait = max(OPEN_END_MARGIN, timedelta(seconds=data.job.remaining or 0))
    end = now + wait + timedelta(hours=1)
    return end.replace(minute=0, second=0, microsecond=0)


def _is_over(log: JobLog, job: ActiveJob) -> bool:
    """Whether the end of a job that the printer still names was reported."""
    logged = log.get(job.job_id) if job.job_id else None
    if job.job_id is None:
        same = (each for each in log.jobs if each.started_at == job.started_at)
        logged = next(same, None)
    return logged is not None and not logged.phase.active


def _known_times(job: LoggedJob) -> tuple[datetime, datetime] | None:
    """Return start and end of a job that has ended, None where one is not known."""
    start, end = job.started_at, job.ended_at
    if start is None or end is None or job.phase.active or end < start:
        return None
    # what was stopped at once is seen, too
    return start, max(end, start + timedelta(seconds=1))
