"""Coordinator of the Raise3D integration: looks at one printer, on time."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
import logging
import time
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_TOKEN
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .api import (
    CameraInfo,
    HistoryDetails,
    JobReport,
    Raise3DApiDownError,
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DCamera,
    Raise3DClient,
    Raise3DConnectionError,
    Raise3DError,
    Raise3DInvalidValueError,
    Raise3DNotFoundError,
    Raise3DRefusedError,
    Raise3DResponseError,
    RunningState,
    SystemInfo,
)
from .api.const import DEFAULT_CAMERA_PORT
from .const import (
    API_OFF_AFTER,
    CONF_FIRMWARE_VERSION,
    CONF_NOZZLE_COUNT,
    CONF_SW_VERSION,
    DOMAIN,
    GRACE_PERIOD,
    LATE_AFTER,
    STATE_INTERVAL,
    STORAGE_LOW,
)
from .helpers import action_error, update_error
from .job_monitor import JobMonitor
from .models import Raise3DData
from .polling import Part, PollingPlan
from .repairs import Issue, async_set_issue

_LOGGER = logging.getLogger(__name__)

type Raise3DConfigEntry = ConfigEntry[Raise3DCoordinator]


class Raise3DCoordinator(DataUpdateCoordinator[Raise3DData]):
    """Asks one printer for everything, one request at a time.

    A printer that is switched off is no failed update but a status of its own: it
    is off most of its life, and that is not worth an error in the log.
    """

    config_entry: Raise3DConfigEntry

    def __init__(self, hass: HomeAssistant, entry: Raise3DConfigEntry) -> None:
        """Make the client from what the config flow found out."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=timedelta(seconds=STATE_INTERVAL),
            always_update=False,
        )
        self.client = Raise3DClient(
            async_get_clientsession(hass),
            entry.data[CONF_HOST],
            entry.data[CONF_PORT],
            password=entry.data.get(CONF_PASSWORD),
            token=entry.data.get(CONF_TOKEN),
        )
        self.data = Raise3DData()
        self._plan = PollingPlan(str(entry.unique_id))
        self._created = time.monotonic()
        self._last_success = 0.0
        self._logged_offline = False
        # unknown at first: an issue may have been raised before a reload
        self._issues: dict[Issue, bool] = {}

        self.jobs = JobMonitor(hass, entry, self.client)

    @override
    async def _async_setup(self) -> None:
        """Remember what was told before the restart."""
        await self.jobs.async_load()

    async def async_send_command(self, command: Awaitable[None]) -> None:
        """Send a command, and follow closely what it does.

        Also one that fails: a refusal says that the printer has gone on, and where
        only the answer was lost the command may have been carried out.
        """
        try:
            await self.async_call(command)
        finally:
            await self.async_expect_change()

    async def async_call[AnswerT](self, request: Awaitable[AnswerT]) -> AnswerT:
        """Await a request of the client's on behalf of a person."""
        try:
            return await request
        except Raise3DError as err:
            if isinstance(err, Raise3DAuthenticationError):
                self.config_entry.async_start_reauth_if_available(self.hass)
            raise action_error(err) from None

    async def async_refresh_camera(self) -> CameraInfo:
        """Return the camera's login anew: it changes at each boot of the printer.

        The looks go on as planned: a new plan each time would put them off for as
        long as somebody watches a camera that does not work.
        """
        camera = await self.client.get_camera()
        if camera != self.data.camera:
            self.data = replace(self.data, camera=camera)
            self.async_update_listeners()
        return camera

    async def async_expect_change(self) -> None:
        """Look at once and often for a while: a command is on its way."""
        self._plan.expect_change(time.monotonic())
        await self.async_request_refresh()

    @override
    async def async_request_refresh(self) -> None:
        """Look at everything that changes: whoever asks wants to know it now."""
        self._plan.expire(Part.STATE, Part.JOB, Part.HEAT)
        await super().async_request_refresh()

    @override
    async def _async_update_data(self) -> Raise3DData:
        """Look at the printer."""
        try:
            data = await self._async_read()
        except Raise3DConnectionError as err:
            await self._async_check_api(err)
            return self._offline(err)
        except Raise3DAuthenticationError as err:
            self.data = replace(self.data, online=False)
            password = CONF_PASSWORD in self.config_entry.data
            self._set_issue(Issue.WRONG_PASSWORD, active=password)
            raise update_error(err) from None
        except Raise3DError as err:
            return self._keep_or_fail(err)
        self._set_issue(Issue.API_OFF, active=False)
        self._set_issue(Issue.WRONG_PASSWORD, active=False)
        now = time.monotonic()
        self._last_success = now
        self._wait(self._plan.online(data, now))
        if self._logged_offline:
            _LOGGER.info("%s can be reached again", self.name)
            self._logged_offline = False
        return data

    async def _async_read(self) -> Raise3DData:
        """Read what is due, one endpoint after the other."""
        data = replace(self.data, online=True)
        if self._is_due(Part.SYSTEM):
            data = replace(data, system=await self._async_read_system())
        data = await self._async_read_job(data)
        if self._is_due(Part.HEAT) or data.state is not self.data.state:
            data = await self._async_read_heat(data)
        if self._is_due(Part.EXTRAS):
            data = await self._async_read_extras(data)
        return data

    async def _async_read_system(self) -> SystemInfo:
        """Read what the printer is; after an outage it may be another one."""
        system = await self.client.get_system()
        if system.machine_id is None:
            msg = "printer/system: the answer has no machine id"
            raise Raise3DResponseError(msg)
        strange = system.machine_id != self.config_entry.unique_id
        self._set_issue(Issue.WRONG_PRINTER, active=strange)
        if strange:
            self.data = replace(self.data, online=False)
            self._plan.offline()
            raise UpdateFailed(
                translation_domain=DOMAIN, translation_key="wrong_printer"
            )
        self._plan.read(Part.SYSTEM, time.monotonic())
        self._store_versions(system)
        storage = system.storage_available
        self._set_issue(
            Issue.STORAGE_LOW, active=storage is not None and storage < STORAGE_LOW
        )
        return system

    async def _async_read_job(self, data: Raise3DData) -> Raise3DData:
        """Read state and job, together where one of them has changed."""
        state, current = data.state, data.current
        fresh = self._is_due(Part.STATE)
        if fresh:
            state = await self._async_read_state()
        if (
            current is None
            or state is not data.state
            or self._is_due(Part.JOB)
            or self.jobs.unresolved
        ):
            current = await self.client.get_current_job()
            if not fresh and _other_job(current, data.current):
                # The state that belongs to it, and again the job: between the two
                # answers it may have gone on.
                state = await self._async_read_state()
                current = await self.client.get_current_job()
            if time.monotonic() - self._last_success > LATE_AFTER:
                self.jobs.mark_outage()
            if await self.jobs.async_process_poll(state, current):
                # a print that has ended changes the totals
                self._plan.expire(Part.EXTRAS)
            self._plan.read(Part.JOB, time.monotonic())
        return replace(data, state=state, current=current, job=self.jobs.job)

    async def _async_read_state(self) -> RunningState | None:
        """Read the state; it counts as read when the job that goes with it is."""
        state = (await self.client.get_running_status()).state
        self._plan.read(Part.STATE, time.monotonic())
        return state

    async def _async_read_heat(self, data: Raise3DData) -> Raise3DData:
        """Read bed, fan and nozzles."""
        right_nozzle = None
        basic = await _readable(self.client.get_basic, data.basic)
        left_nozzle = await _readable(self.client.get_left_nozzle, data.left_nozzle)
        if self.config_entry.data[CONF_NOZZLE_COUNT] > 1:
            right_nozzle = await _readable(
                self.client.get_right_nozzle, data.right_nozzle
            )
        self._plan.read(Part.HEAT, time.monotonic())
        return replace(
            data, basic=basic, left_nozzle=left_nozzle, right_nozzle=right_nozzle
        )

    async def _async_read_extras(self, data: Raise3DData) -> Raise3DData:
        """Read camera and totals, and the last job where the totals have grown.

        What cannot be read stays as it was: totals that vanish for a moment would
        count as totals that began anew.
        """
        camera = await _readable(self.client.get_camera, None) or data.camera
        statistics = await _readable(self.client.get_statistics, None)
        statistics = statistics or data.statistics
        last_job = data.last_job
        if statistics is not None and statistics != data.statistics:
            last_job = await _readable(self._async_read_last_job, last_job)
        self._plan.read(Part.EXTRAS, time.monotonic())
        return replace(data, camera=camera, statistics=statistics, last_job=last_job)

    async def _async_read_last_job(self) -> HistoryDetails | None:
        """Read the newest job of the printer's history."""
        jobs = (await self.client.read_history_end(None)).entries
        return await self.client.get_job(jobs[-1]) if jobs else None

    async def _async_check_api(self, err: Raise3DConnectionError) -> None:
        """Find out whether the printer is on and only its API is not.

        A machine that is off refuses nothing. One that refuses may have taken the
        printer's address; the printer's own still has its camera server.
        """
        since = max(self._last_success, self._created)
        if time.monotonic() - since < API_OFF_AFTER:
            return
        active = isinstance(err, Raise3DApiDownError) and (
            err.certain or await self._async_is_camera_server_on()
        )
        self._set_issue(Issue.API_OFF, active=active)

    async def _async_is_camera_server_on(self) -> bool:
        """Whether the printer's camera server takes connections."""
        known = self.data.camera
        camera = Raise3DCamera(
            async_get_clientsession(self.hass), self.config_entry.data[CONF_HOST]
        )
        return await camera.is_listening(known.port if known else DEFAULT_CAMERA_PORT)

    @callback
    def _set_issue(self, issue: Issue, *, active: bool) -> None:
        """Raise an issue or take it back, where that is news."""
        if self._issues.get(issue) is not active:
            self._issues[issue] = active
            async_set_issue(self.hass, self.config_entry, issue, active=active)

    @callback
    def _store_versions(self, system: SystemInfo) -> None:
        """Keep the versions after an update of the printer."""
        entry = self.config_entry
        versions = {
            CONF_SW_VERSION: system.version,
            CONF_FIRMWARE_VERSION: system.firmware_version,
        }
        if versions.items() <= entry.data.items():
            return
        self.hass.config_entries.async_update_entry(
            entry, data={**entry.data, **versions}
        )
        registry = dr.async_get(self.hass)
        device = registry.async_get_device_by_identifier(
            (DOMAIN, str(entry.unique_id)), entry.entry_id
        )
        if device is not None:
            registry.async_update_device(device.id, sw_version=system.version)

    def _offline(self, err: Raise3DConnectionError) -> Raise3DData:
        """Note that the printer is off, and ask less and less often."""
        if not self._logged_offline:
            _LOGGER.info("%s cannot be reached: %s", self.name, err)
            self._logged_offline = True
        self._wait(self._plan.offline())
        return replace(self.data, online=False)

    def _keep_or_fail(self, err: Raise3DError) -> Raise3DData:
        """Keep what was last read for a while: one bad answer means nothing."""
        retry_after = err.retry_after if isinstance(err, Raise3DBusyError) else None
        interval = self._plan.retry()
        self._wait(interval if retry_after is None else retry_after)
        recent = time.monotonic() - self._last_success < GRACE_PERIOD
        if self.data.online and (recent or self.client.uploading):
            _LOGGER.debug("%s: %s", self.name, err)
            return self.data
        self.data = replace(self.data, online=False)
        raise update_error(err) from None

    def _is_due(self, part: Part) -> bool:
        """Whether a part has to be read now."""
        return self._plan.is_due(part, self.data, time.monotonic())

    def _wait(self, seconds: float) -> None:
        """Set the time until the next look."""
        self.update_interval = timedelta(seconds=seconds)

    @override
    @callback
    def _async_refresh_finished(self) -> None:
        """Tell what happened to jobs, now that the sensors show it."""
        self.jobs.async_schedule_dispatch()


def _other_job(current: JobReport, before: JobReport | None) -> bool:
    """Whether the printer says something of its job that its state has to confirm."""
    return before is None or (
        (current.job_id, current.state) != (before.job_id, before.state)
    )


async def _readable[InfoT](
    read: Callable[[], Awaitable[InfoT]], before: InfoT | None
) -> InfoT | None:
    """Read a part that others can do without, None where it cannot be read.

    A printer that is too busy to answer has not changed its mind: what was read
    before still holds.
    """
    try:
        return await read()
    except Raise3DBusyError:
        return before
    except (
        Raise3DInvalidValueError,
        Raise3DNotFoundError,
        Raise3DRefusedError,
        Raise3DResponseError,
    ):
        return None
