"""The entities that only a printer with two nozzles has."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .const import CONF_NOZZLE_COUNT
from .entity_ids import unique_id_of

# With one nozzle, the filament of the left one is the total.
SECOND_NOZZLE_KEYS: Final = frozenset(
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
def async_remove_second_nozzle(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove the second nozzle's entities of a printer that has one nozzle."""
    if entry.data[CONF_NOZZLE_COUNT] != 1:
        return
    registry = er.async_get(hass)
    unique_ids = {unique_id_of(entry, key) for key in SECOND_NOZZLE_KEYS}
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if entity.unique_id in unique_ids:
            registry.async_remove(entity.entity_id)
