"""Finds this integration's entities among the targets of triggers and conditions."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .const import DOMAIN


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
