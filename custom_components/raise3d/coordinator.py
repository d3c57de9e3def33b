"""Coordinator of the Raise3D integration: polls one printer, on time."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
import logging
import time
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PASSWORD
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator

from .api import (
    Raise3DAuthenticationError,
    Raise3DConnectionError,
    Raise3DError,
    Raise3DWrongPrinterError,
)
from .availability import Availability
from .camera_access import CameraAccess
from .connection import create_client
from .const import (
    SIGN_IN_INTERVAL,
    STATE_INTERVAL,
)
from .errors import action_error, update_error
from .interest import async_wanted_parts
from .issues import Issue, PrinterIssues
from .job_monitor import JobMonitor
from .models import IN_USE, NO_SYSTEM, Raise3DData
from .picture_store import PictureStore
from .pictures import EndPictures
from .polling import TEMPERATURES, Part, PollingPlan
from .reader import PrinterReader
from .records import PrinterRecords
from .stored_identity import async_store_adapters, async_store_identity

_LOGGER = logging.getLogger(__name__)

type Raise3DConfigEntry = ConfigEntry[Raise3DCoordinator]


class Raise3DCoordinator(DataUpdateCoordinator[Raise3DData]):
    """Polls one printer for everything, one request at a time.

    A printer that is switched off is no failed update but a status of its own: it
    is off most of its life, and that is not worth an error in the log.
    """

    config_entry: Raise3DConfigEntry

    def __init__(self, hass: HomeAssistant, entry: Raise3DConfigEntry) -> None:
        """Set up the client, the reader and the monitor of one printer."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=timedelta(seconds=STATE_INTERVAL),
            always_update=False,
        )
        self.client = create_client(hass, entry.data)
        self.data = Raise3DData()
        self.jobs = JobMonitor(hass, entry, self.client)
        self.records = PrinterRecords(self, entry, self.client, self.jobs)
        self.log = self.records.log
        machine_id = str(entry.unique_id)
        self._plan = PollingPlan(machine_id)
        self._reader = PrinterReader(self.client, self._plan, self.name, machine_id)
        self.camera = CameraAccess(self, self._reader, entry.data[CONF_HOST])
        self.pictures = EndPictures(self.camera, PictureStore(hass, entry))
        self._issues = PrinterIssues(hass, entry)
        self._availability = Availability(self.name)

    @override
    async def _async_setup(self) -> None:
        """Load what is kept over restarts."""
        await self.jobs.async_load()
        await self.records.async_load()
        self._plan.expire(*self.records.awaited_parts)
        await self.pictures.store.async_load()

    async def async_send_command(self, command: Awaitable[None]) -> None:
        """Send a command, then poll often to show its effect.

        Also after a failure: a refusal means that the printer has changed its state,
        and where only the answer was lost the command may have been executed.
        """
        try:
            await self.async_call(command)
        finally:
            # whoever sends it uses the printer, whose answers may lag
            self.data = replace(self.data, usage=IN_USE)
            self.async_update_listeners()
            self._plan.expect_change(time.monotonic())
            await self.async_request_refresh()

    async def async_call[AnswerT](self, request: Awaitable[AnswerT]) -> AnswerT:
        """Await a client request that a user has made, and translate its errors."""
        try:
            return await request
        except Raise3DError as err:
            # A right password may be refused for a while: the polls find that out.
            if (
                isinstance(err, Raise3DAuthenticationError)
                and CONF_PASSWORD not in self.config_entry.data
            ):
                self.config_entry.async_start_reauth_if_available(self.hass)
            raise action_error(err) from None

    @override
    async def async_request_refresh(self) -> None:
        """Poll state, job and temperatures now: someone is waiting for them."""
        self._plan.expire(Part.STATE, Part.JOB, *TEMPERATURES)
        self._availability.end_wait()
        await super().async_request_refresh()

    @override
    async def _async_update_data(self) -> Raise3DData:
        """Poll the printer, and apply what it answers or why it does not."""
        try:
            self._availability.check_wait()
            data = await self._async_poll()
        except Raise3DError as err:
            await self._async_apply_failure(err)
            return self.data
        self._accept(data)
        return data

    async def _async_apply_failure(self, err: Raise3DError) -> None:
        """Decide what a failure means for the data, the issues and the next poll.

        Raises UpdateFailed or ConfigEntryAuthFailed unless the printer is merely off.
        """
        match err:
            case Raise3DWrongPrinterError():
                self._issues.async_set(Issue.WRONG_PRINTER, active=True)
                self._set_offline()
                raise update_error(err) from None
            case Raise3DConnectionError():
                answered_at = self._availability.last_answer_at
                port = self.data.camera.port
                await self._issues.async_check_api(err, answered_at, port)
                self._set_offline(err)
            case Raise3DAuthenticationError():
                # a printer that boots may refuse the right password
                retry = self._availability.note_refusal()
                if not retry or CONF_PASSWORD not in self.config_entry.data:
                    self._set_offline()
                    raise update_error(err) from None
                self._set_offline(err)
                self.update_interval = timedelta(seconds=SIGN_IN_INTERVAL)
            case _:
                self._keep_or_fail(err)

    async def _async_poll(self) -> Raise3DData:
        """Read state and job first: their events decide which details are due."""
        start = self.data
        others = (self.jobs.wanted_parts, self.records.wanted_parts)
        contexts = (*self.async_contexts(), *others)
        wanted = async_wanted_parts(self.hass, self.config_entry, contexts)
        data = self._reader.want(replace(start, online=True, uploading=False), wanted)
        data, report = await self._reader.read_job(data)
        if report is None:
            self.jobs.note_state(data.state)
        else:
            late = self._availability.after_outage
            events = await self.jobs.async_process_poll(data.state, report, late=late)
            await self.pictures.async_process_poll(data.state, report, events)
            data = self._reader.note_events(self.jobs.describe(data), events)
        data = await self._reader.read_details(data)
        await self.records.async_import(data)
        if self.data is not start:
            # The camera's login was read again meanwhile.
            data = replace(data, camera=self.data.camera)
        return data

    @callback
    def _accept(self, data: Raise3DData) -> None:
        """Apply a successful poll to the plan, the issues and the config entry."""
        self.jobs.note_snapshot(data)
        self.records.note_snapshot(data)
        now = time.monotonic()
        self._plan.mark_success(data, now, job_wanted=self.jobs.wants_job)
        self.update_interval = timedelta(seconds=self._plan.next_delay(data, now))
        self._availability.note_answer()
        self._issues.async_update(data.system, verified=self._reader.identity.verified)
        async_store_adapters(self.hass, self.config_entry, self.client.guard.adapters)
        if data.system is not NO_SYSTEM and data.system is not self.data.system:
            async_store_identity(self.hass, self.config_entry, data.system)

    @callback
    def _set_offline(self, err: Raise3DError | None = None) -> None:
        """Show the printer as offline; log the error unless the caller raises it."""
        if err is not None:
            self._availability.log_offline(err)
        self._plan.mark_offline()
        self._reader.mark_outage()
        self.data = replace(self.data, online=False, usage=IN_USE)
        self.update_interval = timedelta(seconds=self._plan.offline_interval)

    @callback
    def _keep_or_fail(self, err: Raise3DError) -> None:
        """Keep the last data for a while, or for as long as an upload takes."""
        self._plan.mark_unusable()
        self.update_interval = timedelta(seconds=self._availability.delay_after(err))
        uploading = self.client.uploading
        if uploading:
            self._availability.note_upload()
        if self.data.online and self._availability.in_grace_period:
            _LOGGER.debug("%s: %s", self.name, err)
            self.data = replace(self.data, uploading=uploading, usage=IN_USE)
            return
        self._reader.mark_outage()
        self.data = replace(self.data, online=False, usage=IN_USE)
        raise update_error(err) from None

    @override
    @callback
    def _async_refresh_finished(self) -> None:
        """Fire the events of jobs, now that the sensors are updated."""
        self.jobs.async_schedule_dispatch()
