"""Base entity of the Raise3D integration."""

from typing import override

from yarl import URL

from homeassistant.const import CONF_HOST, CONF_MODEL, CONF_PORT
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import (
    CONF_NOZZLE_COUNT,
    CONF_SERIAL_NUMBER,
    CONF_SW_VERSION,
    DOMAIN,
    MANUFACTURER,
)
from .coordinator import Raise3DConfigEntry, Raise3DCoordinator
from .entity_ids import unique_id_of
from .interest import PARTS
from .stored_identity import device_connections


def has_right_nozzle(entry: Raise3DConfigEntry) -> bool:
    """Whether a printer has two nozzles."""
    return bool(entry.data[CONF_NOZZLE_COUNT] > 1)


def _device_info(entry: Raise3DConfigEntry) -> DeviceInfo:
    """Return what the config entry knows of the printer's device."""
    host, port = entry.data[CONF_HOST], entry.data[CONF_PORT]
    return DeviceInfo(
        connections=device_connections(entry),
        identifiers={(DOMAIN, str(entry.unique_id))},
        manufacturer=MANUFACTURER,
        model=entry.data[CONF_MODEL],
        name=entry.title,
        serial_number=entry.data[CONF_SERIAL_NUMBER],
        sw_version=entry.data[CONF_SW_VERSION],
        configuration_url=str(URL.build(scheme="http", host=host, port=port)),
    )


@callback
def printer_device(hass: HomeAssistant, entry: Raise3DConfigEntry) -> dr.DeviceEntry:
    """Return the printer's device, for entities that belong to a subentry."""
    return dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, **_device_info(entry)
    )


class Raise3DEntity(CoordinatorEntity[Raise3DCoordinator]):
    """Base of the entities; the config entry has the device data while it is off."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: Raise3DCoordinator, description: EntityDescription
    ) -> None:
        """Take identity and device from the config entry."""
        super().__init__(coordinator, context=PARTS.get(description.key))
        self.entity_description = description
        entry = coordinator.config_entry
        self._attr_unique_id = unique_id_of(entry, description.key)
        self._attr_device_info = _device_info(entry)

    @property
    @override
    def available(self) -> bool:
        """Whether the printer answers."""
        return super().available and self.coordinator.data.online

    @override
    async def async_added_to_hass(self) -> None:
        """Show the last data."""
        await super().async_added_to_hass()
        self._update_attrs()

    @override
    @callback
    def _handle_coordinator_update(self) -> None:
        """Show the new data."""
        self._update_attrs()
        super()._handle_coordinator_update()

    @callback
    def _update_attrs(self) -> None:
        """Update the entity's attributes from the coordinator's data."""
