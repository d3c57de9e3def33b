"""Adds the entities that need a camera, now or when one is plugged in."""

from collections.abc import Sequence
from contextlib import ExitStack

from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import CAMERA_KEY
from .coordinator import Raise3DConfigEntry
from .entity import Raise3DEntity
from .entity_ids import async_find_entity_id
from .polling import Part


@callback
def async_add_with_camera(
    entry: Raise3DConfigEntry,
    entities: Sequence[Raise3DEntity],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add entities now or as soon as a camera is connected for the first time."""
    coordinator = entry.runtime_data
    # The printer may be off now; dashboards still refer to the camera that it had.
    known = async_find_entity_id(coordinator.hass, entry, Platform.CAMERA, CAMERA_KEY)
    if known or coordinator.camera.connected:
        async_add_entities(entities)
        return
    # A listener is removed once: by the camera, or else when the entry is unloaded.
    listening = ExitStack()
    entry.async_on_unload(listening.close)

    @callback
    def add() -> None:
        """Add the entities, and stop listening."""
        if coordinator.camera.connected:
            async_add_entities(entities)
            listening.close()

    listening.callback(coordinator.async_add_listener(add, (Part.CAMERA,)))
