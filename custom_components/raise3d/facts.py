"""Keeps what a printer reports of itself in its entry, for when it is off."""

from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .api import Adapters, SystemInfo
from .const import (
    CONF_MAC_ADDRESSES,
    CONF_NOZZLE_COUNT,
    CONF_SERIAL_NUMBER,
    CONF_SW_VERSION,
    DOMAIN,
)
from .identity import stated_identity

# Entities that only a printer with two nozzles has.
TWO_NOZZLE_KEYS: Final = frozenset(
    {
        "filament_used_left",
        "filament_used_right",
        "right_flow_rate",
        "right_flow_rate_target",
        "right_nozzle_target_temperature",
        "right_nozzle_temperature",
    }
)


@callback
def async_store_facts(
    hass: HomeAssistant, entry: ConfigEntry, system: SystemInfo
) -> None:
    """Store what the printer reports of itself; other values stay as they are."""
    facts = stated_identity(system)
    if facts.items() <= entry.data.items():
        return
    nozzles = entry.data[CONF_NOZZLE_COUNT]
    data = {**entry.data, **facts}
    hass.config_entries.async_update_entry(entry, data=data)
    registry = dr.async_get(hass)
    device = registry.async_get_device_by_identifier(
        (DOMAIN, str(entry.unique_id)), entry.entry_id
    )
    if device is not None:
        registry.async_update_device(
            device.id,
            model=data[CONF_MODEL],
            serial_number=data[CONF_SERIAL_NUMBER],
            sw_version=data[CONF_SW_VERSION],
        )
    if data[CONF_NOZZLE_COUNT] != nozzles and entry.state is ConfigEntryState.LOADED:
        # the second nozzle has entities of its own
        hass.config_entries.async_schedule_reload(entry.entry_id)


def mac_addresses(entry: ConfigEntry) -> list[str]:
    """Return the MAC addresses of a printer, none until a job has named them."""
    found: list[str] = entry.data.get(CONF_MAC_ADDRESSES, [])
    return found


def connections(entry: ConfigEntry) -> set[tuple[str, str]]:
    """Return by what else than its entry Home Assistant knows the device."""
    return {(dr.CONNECTION_NETWORK_MAC, address) for address in mac_addresses(entry)}


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
    registry = dr.async_get(hass)
    device = registry.async_get_device_by_identifier(
        (DOMAIN, str(entry.unique_id)), entry.entry_id
    )
    if device is not None:
        registry.async_update_device(device.id, new_connections=connections(entry))


@callback
def async_remove_second_nozzle(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove the second nozzle's entities of a printer that has one nozzle."""
    if entry.data[CONF_NOZZLE_COUNT] != 1:
        return
    registry = er.async_get(hass)
    unique_ids = {f"{entry.unique_id}_{key}" for key in TWO_NOZZLE_KEYS}
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if entity.unique_id in unique_ids:
            registry.async_remove(entity.entity_id)
