"""Finds this integration's entities among the targets of triggers and conditions."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .const import DOMAIN
from .coordinator import Raise3DCoordinator
from .models import Raise3DData


def own_entities(
    hass: HomeAssistant, entities: set[str], translation_key: str
) -> set[str]:
    """Keep the entities of this integration that are named by a translation key.

    A device, an area or a label targets all kinds of entities.
    """
    registry = er.async_get(hass)
    return {
        entity_id
        for entity_id in entities
        if (entry := registry.async_get(entity_id)) is not None
        and entry.platform == DOMAIN
        and entry.translation_key == translation_key
    }


def printer_data(hass: HomeAssistant, entity_id: str) -> Raise3DData | None:
    """Return what was last read of an entity's printer, None while it is not loaded."""
    entity = er.async_get(hass).async_get(entity_id)
    if entity is None or entity.config_entry_id is None:
        return None
    entry = hass.config_entries.async_get_entry(entity.config_entry_id)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return None
    coordinator: Raise3DCoordinator = entry.runtime_data
    return coordinator.data
