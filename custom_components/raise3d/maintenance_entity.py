"""The entities of a maintenance task, at the device of the printer."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.components.button import ButtonEntity
from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import UnitOfMass, UnitOfTime
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .coordinator import Raise3DConfigEntry
from .entity import printer_device
from .entity_ids import unique_id_of
from .upkeep import Counted


class MaintenanceEntity(Entity):
    """Base of the entities of a task, which count also while the printer is off."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self,
        entry: Raise3DConfigEntry,
        task_id: str,
        device: dr.DeviceEntry,
        description: EntityDescription,
    ) -> None:
        """Take the name from the task."""
        self.entity_description = description
        self.maintenance = entry.runtime_data.records.maintenance
        self.task_id = task_id
        self.task = self.maintenance.tasks[task_id]
        # A device may belong to a subentry or to none: by a device info, the printer
        # would be moved to the task.
        self.device_entry = device
        self._attr_unique_id = unique_id_of(entry, f"{task_id}_{description.key}")
        self._attr_translation_placeholders = {"task": self.task.name}


class ShownMaintenance(MaintenanceEntity):
    """Base of the entities that show something of a task."""

    remaining: int | None = None
    """Units."""

    @override
    async def async_added_to_hass(self) -> None:
        """Show what is left, from now on."""
        await super().async_added_to_hass()
        self.async_on_remove(self.maintenance.async_add_listener(self._handle_update))
        self._update_attrs(self.maintenance.remaining(self.task_id))

    @callback
    def _handle_update(self) -> None:
        """Write a state where it has changed."""
        remaining = self.maintenance.remaining(self.task_id)
        if remaining != self.remaining:
            self._update_attrs(remaining)
            self.async_write_ha_state()

    @callback
    def _update_attrs(self, remaining: int | None) -> None:
        """Update the entity's attributes."""
        self.remaining = remaining


class Raise3DDue(ShownMaintenance, BinarySensorEntity):
    """Raise3D binary sensor that is on while a task has to be done."""

    @override
    @callback
    def _update_attrs(self, remaining: int | None) -> None:
        """Update the state."""
        super()._update_attrs(remaining)
        self._attr_is_on = None if remaining is None else remaining <= 0


class Raise3DRemaining(ShownMaintenance, SensorEntity):
    """Raise3D sensor of what is left until a task has to be done."""

    def __init__(
        self,
        entry: Raise3DConfigEntry,
        task_id: str,
        device: dr.DeviceEntry,
        description: EntityDescription,
    ) -> None:
        """Take the unit from the task."""
        super().__init__(entry, task_id, device, description)
        match self.task.counted:
            case Counted.PRINT_HOURS:
                self._attr_device_class = SensorDeviceClass.DURATION
                self._attr_native_unit_of_measurement = UnitOfTime.HOURS
            case Counted.DAYS:
                self._attr_device_class = SensorDeviceClass.DURATION
                self._attr_native_unit_of_measurement = UnitOfTime.DAYS
            case Counted.FILAMENT_LEFT | Counted.FILAMENT_RIGHT:
                self._attr_device_class = SensorDeviceClass.WEIGHT
                self._attr_native_unit_of_measurement = UnitOfMass.GRAMS

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """The unit; prints have the one of the totals, which is translated."""
        if self.task.counted is not Counted.PRINTS:
            return super().native_unit_of_measurement
        texts = self.platform_data.default_language_platform_translations
        return texts.get(
            f"component.{DOMAIN}.entity.sensor.prints_completed.unit_of_measurement"
        )

    @override
    @callback
    def _update_attrs(self, remaining: int | None) -> None:
        """Update the value."""
        super()._update_attrs(remaining)
        self._attr_native_value = remaining


class Raise3DDone(MaintenanceEntity, ButtonEntity):
    """Raise3D button that notes that a task was done."""

    @override
    async def async_press(self) -> None:
        """Begin to count again."""
        await self.maintenance.async_mark_done(self.task_id)


@callback
def async_add_maintenance(
    hass: HomeAssistant,
    entry: Raise3DConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entity_class: type[Raise3DDone | Raise3DDue | Raise3DRemaining],
    description: EntityDescription,
) -> None:
    """Add an entity of each task, which goes with the task."""
    for task_id in entry.runtime_data.records.maintenance.tasks:
        device = printer_device(hass, entry)
        async_add_entities(
            [entity_class(entry, task_id, device, description)],
            config_subentry_id=task_id,
        )
