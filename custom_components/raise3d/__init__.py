"""The Raise3D integration."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

from .coordinator import Raise3DConfigEntry, Raise3DCoordinator, job_store
from .migration import async_migrate_entry as async_migrate_entry

PLATFORMS = [Platform.BINARY_SENSOR, Platform.EVENT, Platform.SENSOR]


async def async_setup_entry(hass: HomeAssistant, entry: Raise3DConfigEntry) -> bool:
    """Set up a printer from a config entry; it may well be switched off."""
    coordinator = Raise3DCoordinator(hass, entry)
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = coordinator
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: Raise3DConfigEntry) -> bool:
    """Unload a config entry."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: Raise3DConfigEntry) -> None:
    """Forget the printer's last job along with the printer."""
    await job_store(hass, entry).async_remove()
