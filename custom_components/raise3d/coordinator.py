"""Coordinator of the Raise3D integration: when to ask the printer what."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
import logging
import time
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    CONF_HOST,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_TOKEN,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .api import (
    BasicInfo,
    JobState,
    NozzleInfo,
    Raise3DAuthenticationError,
    Raise3DBusyError,
    Raise3DClient,
    Raise3DConnectionError,
    Raise3DError,
    Raise3DNotFoundError,
    Raise3DRefusedError,
    Raise3DResponseError,
    RunningState,
    SystemInfo,
)
from .const import (
    CONF_FIRMWARE_VERSION,
    CONF_NOZZLE_COUNT,
    CONF_SW_VERSION,
    DOMAIN,
    GRACE_PERIOD,
    MAX_OFFLINE_INTERVAL,
    SCAN_INTERVAL,
    SYSTEM_INTERVAL,
)
from .helpers import update_error
from .job import JobTracker, PrintJob

_LOGGER = logging.getLogger(__name__)

type Raise3DConfigEntry = ConfigEntry[Raise3DCoordinator]


class PrinterStatus(StrEnum):
    """Status of the printer as a person would put it."""

    IDLE = "idle"
    BUSY = "busy"
    PRINTING = "printing"
    PAUSED = "paused"
    COMPLETED = "completed"
    ERROR = "error"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise3DData:
    """One look at the printer; everything that entities show comes from here."""

    online: bool = False
    state: RunningState | None = None
    job: PrintJob | None = None
    basic: BasicInfo | None = None
    left_nozzle: NozzleInfo | None = None
    right_nozzle: NozzleInfo | None = None
    system: SystemInfo | None = None

    @property
    def status(self) -> PrinterStatus | None:
        """The status, None where the printer uses a word that is not known."""
        if not self.online:
            return PrinterStatus.OFFLINE
        if self.state is RunningState.RUNNING:
            return PrinterStatus.PRINTING
        return None if self.state is None else PrinterStatus(self.state.value)

    @property
    def printing(self) -> bool | None:
        """Whether it prints, also while somebody at the panel makes it say busy."""
        if self.state is None:
            return None
        if self.state is RunningState.BUSY:
            return self.job is not None and self.job.state is JobState.RUNNING
        return self.state is RunningState.RUNNING


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
            update_interval=SCAN_INTERVAL,
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
        self._jobs = JobTracker()
        self._system_read_at = 0.0
        self._last_success = 0.0
        self._told_offline = False

    @override
    async def _async_update_data(self) -> Raise3DData:
        """Look at the printer."""
        try:
            data = await self._async_read()
        except Raise3DConnectionError as err:
            return self._offline(err)
        except Raise3DAuthenticationError as err:
            self.data = replace(self.data, online=False)
            raise update_error(err) from None
        except Raise3DError as err:
            return self._keep_or_fail(err)
        self._last_success = time.monotonic()
        self.update_interval = SCAN_INTERVAL
        if self._told_offline:
            _LOGGER.info("%s can be reached again", self.name)
            self._told_offline = False
        return data

    async def _async_read(self) -> Raise3DData:
        """Read the printer, one endpoint after the other."""
        system = await self._async_read_system()
        state = (await self.client.get_running_status()).state
        current = await self.client.get_current_job()
        job = self._jobs.update(state, current, dt_util.utcnow())
        right_nozzle = None
        if self.config_entry.data[CONF_NOZZLE_COUNT] > 1:
            right_nozzle = await _readable(self.client.get_right_nozzle)
        return Raise3DData(
            online=True,
            state=state,
            job=job,
            basic=await _readable(self.client.get_basic),
            left_nozzle=await _readable(self.client.get_left_nozzle),
            right_nozzle=right_nozzle,
            system=system,
        )

    async def _async_read_system(self) -> SystemInfo:
        """Read what the printer is; after an outage it may be another one."""
        system = self.data.system
        age = time.monotonic() - self._system_read_at
        if (
            system is not None
            and self.data.online
            and age < SYSTEM_INTERVAL.total_seconds()
        ):
            return system
        system = await self.client.get_system()
        if system.machine_id is None:
            msg = "printer/system: the answer has no machine id"
            raise Raise3DResponseError(msg)
        if system.machine_id != self.config_entry.unique_id:
            self.data = replace(self.data, online=False)
            raise UpdateFailed(
                translation_domain=DOMAIN, translation_key="wrong_printer"
            )
        self._system_read_at = time.monotonic()
        self._store_versions(system)
        return system

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
        if self._told_offline:
            interval = min(
                2 * (self.update_interval or SCAN_INTERVAL), MAX_OFFLINE_INTERVAL
            )
        else:
            _LOGGER.info("%s cannot be reached: %s", self.name, err)
            interval = SCAN_INTERVAL
        self._told_offline = True
        self.update_interval = interval
        return replace(self.data, online=False)

    def _keep_or_fail(self, err: Raise3DError) -> Raise3DData:
        """Keep what was last read for a while: one bad answer means nothing."""
        age = time.monotonic() - self._last_success
        if self.data.online and age < GRACE_PERIOD.total_seconds():
            _LOGGER.debug("%s: %s", self.name, err)
            if isinstance(err, Raise3DBusyError) and err.retry_after is not None:
                self.update_interval = timedelta(seconds=err.retry_after)
            return self.data
        self.data = replace(self.data, online=False)
        raise update_error(err) from None


async def _readable[InfoT](read: Callable[[], Awaitable[InfoT]]) -> InfoT | None:
    """Read a part that others can do without, None where it cannot be read."""
    try:
        return await read()
    except Raise3DNotFoundError, Raise3DRefusedError, Raise3DResponseError:
        return None
