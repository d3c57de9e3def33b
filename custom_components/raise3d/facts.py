"""Keeps what a printer says of itself in its config entry, for when it is off."""

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .api import SystemInfo
from .const import CONF_FIRMWARE_VERSION, CONF_NOZZLE_COUNT, CONF_SW_VERSION, DOMAIN


@callback
def async_store_facts(
    hass: HomeAssistant, entry: ConfigEntry, system: SystemInfo
) -> None:
    """Store versions and nozzles; what one answer lacks stays as it is known."""
    answered = {
        CONF_SW_VERSION: system.version,
        CONF_FIRMWARE_VERSION: system.firmware_version,
        CONF_NOZZLE_COUNT: system.nozzle_count,
    }
    facts = {key: value for key, value in answered.items() if value is not None}
    if facts.items() <= entry.data.items():
        return
    nozzles = entry.data[CONF_NOZZLE_COUNT]
    hass.config_entries.async_update_entry(entry, data={**entry.data, **facts})
    if system.version is not None:
        registry = dr.async_get(hass)
        device = registry.async_get_device_by_identifier(
            (DOMAIN, str(entry.unique_id)), entry.entry_id
        )
        if device is not None:
            registry.async_update_device(device.id, sw_version=system.version)
    if (
        entry.data[CONF_NOZZLE_COUNT] != nozzles
        and entry.state is ConfigEntryState.LOADED
    ):
        # the second nozzle has entities of its own
        hass.config_entries.async_schedule_reload(entry.entry_id)
