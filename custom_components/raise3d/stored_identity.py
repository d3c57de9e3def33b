"""What an entry keeps of its printer's identity, for when the printer is off."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .api import Adapters, SystemInfo
from .const import (
    CONF_FIRMWARE_VERSION,
    CONF_MAC_ADDRESSES,
    CONF_NOZZLE_COUNT,
    CONF_SERIAL_NUMBER,
    CONF_SW_VERSION,
    DOMAIN,
    MANUFACTURER,
)
from .identity import assumed_nozzle_count


def reported_identity(system: SystemInfo) -> dict[str, Any]:
    """Return what an entry keeps of the system info, only values that it has."""
    reported = {
        CONF_MODEL: system.model,
        CONF_SERIAL_NUMBER: system.serial_number,
        CONF_NOZZLE_COUNT: system.nozzle_count,
        CONF_SW_VERSION: system.version,
        CONF_FIRMWARE_VERSION: system.firmware_version,
    }
    return {key: value for key, value in reported.items() if value is not None}


def entry_identity(
    system: SystemInfo, known: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what an entry keeps of a printer, always with a number of nozzles.

    A value that the system info lacks is taken from what is known.
    """
    unknown = {
        CONF_MODEL: MANUFACTURER,
        CONF_SERIAL_NUMBER: None,
        CONF_NOZZLE_COUNT: assumed_nozzle_count(system.model),
        CONF_SW_VERSION: None,
        CONF_FIRMWARE_VERSION: None,
    }
    keys = (*unknown, CONF_MAC_ADDRESSES)
    kept = {key: known[key] for key in keys if known and known.get(key) is not None}
    return {**unknown, **kept, **reported_identity(system)}


@callback
def async_store_identity(
    hass: HomeAssistant, entry: ConfigEntry, system: SystemInfo
) -> None:
    """Store what the printer reports of itself; other values stay as they are."""
    reported = reported_identity(system)
    if reported.items() <= entry.data.items():
        return
    nozzles = entry.data[CONF_NOZZLE_COUNT]
    data = {**entry.data, **reported}
    hass.config_entries.async_update_entry(entry, data=data)
    if (device := find_device(hass, entry)) is not None:
        dr.async_get(hass).async_update_device(
            device.id,
            model=data[CONF_MODEL],
            serial_number=data[CONF_SERIAL_NUMBER],
            sw_version=data[CONF_SW_VERSION],
        )
    if data[CONF_NOZZLE_COUNT] != nozzles and entry.state is ConfigEntryState.LOADED:
        # the second nozzle has entities of its own
        hass.config_entries.async_schedule_reload(entry.entry_id)


@callback
def async_store_adapters(
    hass: HomeAssistant, entry: ConfigEntry, adapters: Adapters
) -> None:
    """Store the MAC addresses of a printer, without those of another one."""
    known = mac_addresses(entry)
    resolved = adapters.resolve(known)
    if list(resolved) == known:
        return
    others = hass.config_entries.async_entries(DOMAIN)
    taken = {
        address
        for other in others
        if other is not entry
        for address in mac_addresses(other)
    }
    own = [address for address in resolved if address not in taken]
    if own == known:
        return
    data = {**entry.data, CONF_MAC_ADDRESSES: own}
    hass.config_entries.async_update_entry(entry, data=data)
    if (device := find_device(hass, entry)) is not None:
        dr.async_get(hass).async_update_device(
            device.id, new_connections=device_connections(entry)
        )


def mac_addresses(entry: ConfigEntry) -> list[str]:
    """Return the MAC addresses of a printer, none until a job has named them."""
    found: list[str] = entry.data.get(CONF_MAC_ADDRESSES, [])
    return found


def device_connections(entry: ConfigEntry) -> set[tuple[str, str]]:
    """Return the network connections by which Home Assistant knows the device."""
    return {(dr.CONNECTION_NETWORK_MAC, address) for address in mac_addresses(entry)}


@callback
def find_device(hass: HomeAssistant, entry: ConfigEntry) -> dr.DeviceEntry | None:
    """Return the printer's device, None where it is not registered."""
    return dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, str(entry.unique_id)), entry.entry_id
    )
