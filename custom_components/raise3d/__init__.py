"""The Raise3D integration."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .coordinator import Raise3DConfigEntry, Raise3DCoordinator
from .cost_sensor import async_enable_cost_sensors
from .dashboard import (
    async_offer_module,
    async_setup_dashboards,
    async_withdraw_module,
)
from .gone import GonePrinters
from .issues import async_clear_issues
from .maintenance import async_watch_tasks
from .migration import async_migrate_entry as async_migrate_entry
from .records import async_remove_records
from .second_nozzle import async_remove_second_nozzle
from .services import async_setup_services

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.CAMERA,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.NUMBER,
    Platform.SENSOR,
]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up what is there before any printer is: actions and dashboards."""
    async_setup_services(hass)
    GonePrinters(hass).async_start()
    await async_setup_dashboards(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: Raise3DConfigEntry) -> bool:
    """Set up a printer from a config entry; it may well be switched off."""
    # first: a dashboard shows a printer that does not let us in as well
    await async_offer_module(hass)
    coordinator = Raise3DCoordinator(hass, entry)
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = coordinator
    async_remove_second_nozzle(hass, entry)
    async_watch_tasks(hass, entry, coordinator.records.maintenance.tasks)
    async_enable_cost_sensors(hass, entry)
    coordinator.records.async_start()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: Raise3DConfigEntry) -> bool:
    """Unload a config entry."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: Raise3DConfigEntry) -> None:
    """Forget what is kept of the printer, and leave nothing behind in the frontend."""
    async_clear_issues(hass, entry)
    if not hass.config_entries.async_entries(DOMAIN):
        await async_withdraw_module(hass)
    await async_remove_records(hass, entry)
