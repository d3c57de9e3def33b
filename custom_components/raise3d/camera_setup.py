"""Adds the entities that need a camera, now or when one is plugged in."""

from collections.abc import Sequence
from contextlib import ExitStack

from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .coordinator import Raise3DConfigEntry
from .entity import Raise3DEntity
from .polling import Part


@callback
def async_add_with_camera(
    entry: Raise3DConfigEntry,
    entities: Sequence[Raise3DEntity],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add entities now or as soon as a camera is connected for the first time."""
    coordinator = entry.runtime_data
    unique_id = f"{entry.unique_id}_camera"
    registry = er.async_get(coordinator.hass)
    # The printer may be off now; dashboards still refer to the camera that it had.
    had_one = registry.async_get_entity_id(Platform.CAMERA, DOMAIN, unique_id)
    if had_one or coordinator.camera.connected:
        async_add_entities(entities)
        return
    listening = ExitStack()
    entry.async_on_unload(listening.close)

    @callback
    def add() -> None:
        """Add the entities, and stop listening."""
        if coordinator.camera.connected:
            async_add_entities(entities)
            listening.close()

    listening.callback(coordinator.async_add_listener(add, (Part.CAMERA,)))
