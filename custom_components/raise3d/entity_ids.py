"""The ids of a printer's entities: each unique id ends with the entity's key."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .const import DOMAIN


def unique_id_of(entry: ConfigEntry, key: str) -> str:
    """Return the unique id of a printer's entity."""
    return f"{entry.unique_id}_{key}"


def key_of(entry: ConfigEntry, entity: er.RegistryEntry) -> str:
    """Return the key of a printer's entity; that of a task begins with the task."""
    return entity.unique_id.removeprefix(unique_id_of(entry, ""))


@callback
def async_find_entity_id(
    hass: HomeAssistant, entry: ConfigEntry, platform: Platform, key: str
) -> str | None:
    """Return the id of a printer's entity, None where it is not registered."""
    return er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, unique_id_of(entry, key)
    )
