"""Which part each entity shows: a part that only disabled ones show is not read."""

from collections.abc import Iterable, Mapping
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .const import CONF_NOZZLE_COUNT
from .entity_ids import key_of
from .polling import TEMPERATURES, Part

# By the entity's key. What is not here shows the state and the job, which are always
# read: events depend on them.
PARTS: Final[Mapping[str, tuple[Part, ...]]] = {
    "bed_target_temperature": (Part.BASIC,),
    "bed_temperature": (Part.BASIC,),
    "camera": (Part.CAMERA,),
    "fan_speed": (Part.BASIC,),
    "fan_speed_target": (Part.BASIC,),
    "feed_rate": (Part.BASIC,),
    "feed_rate_target": (Part.BASIC,),
    "filament_used": (Part.STATISTICS,),
    "filament_used_left": (Part.STATISTICS,),
    "filament_used_right": (Part.STATISTICS,),
    "finished_part": (Part.CAMERA,),
    "in_use": TEMPERATURES,
    "last_failure": (Part.CAMERA,),
    "last_job_duration": (Part.LAST_JOB,),
    "last_job_filament": (Part.LAST_JOB,),
    "left_flow_rate": (Part.LEFT_NOZZLE,),
    "left_flow_rate_target": (Part.LEFT_NOZZLE,),
    "left_nozzle_target_temperature": (Part.LEFT_NOZZLE,),
    "left_nozzle_temperature": (Part.LEFT_NOZZLE,),
    "preview": (Part.PREVIEW,),
    "print_time_total": (Part.STATISTICS,),
    "prints_completed": (Part.STATISTICS,),
    "right_flow_rate": (Part.RIGHT_NOZZLE,),
    "right_flow_rate_target": (Part.RIGHT_NOZZLE,),
    "right_nozzle_target_temperature": (Part.RIGHT_NOZZLE,),
    "right_nozzle_temperature": (Part.RIGHT_NOZZLE,),
    "storage_free": (Part.SYSTEM,),
}


@callback
def async_wanted_parts(
    hass: HomeAssistant, entry: ConfigEntry, contexts: Iterable[tuple[Part, ...]]
) -> frozenset[Part]:
    """Return the parts that entities show, or will show once they are set up."""
    if entry.state is ConfigEntryState.LOADED:
        parts = {part for context in contexts for part in context}
    else:
        parts = async_enabled_parts(hass, entry)
    if entry.data[CONF_NOZZLE_COUNT] <= 1:
        parts.discard(Part.RIGHT_NOZZLE)
    return frozenset(parts)


@callback
def async_enabled_parts(hass: HomeAssistant, entry: ConfigEntry) -> set[Part]:
    """Return the parts that an entry's entities will show once they are set up.

    At the first setup nothing is registered, and everything is read.
    """
    registered: dict[Part, bool] = {}
    for entity in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        key = key_of(entry, entity)
        enabled = entity.disabled_by is None
        for part in PARTS.get(key, ()):
            registered[part] = registered.get(part, False) or enabled
    return {part for part in Part if registered.get(part, True)}
