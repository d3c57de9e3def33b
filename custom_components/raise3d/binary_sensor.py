"""Binary sensors of the Raise3D integration."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import RunningState
from .coordinator import Raise3DConfigEntry
from .entity import Raise3DEntity
from .maintenance_entity import Raise3DDue, async_add_maintenance
from .models import Raise3DData

PARALLEL_UPDATES = 0


class Raise3DBinarySensor(Raise3DEntity, BinarySensorEntity):
    """Raise3D binary sensor."""

    entity_description: Raise3DBinarySensorEntityDescription

    @property
    @override
    def available(self) -> bool:
        """Whether the printer answers; the connection is shown while it is off, too."""
        return self.entity_description.available_offline or super().available

    @override
    @callback
    def _update_attrs(self) -> None:
        """Update the state."""
        self._attr_is_on = self.entity_description.is_on_fn(self.coordinator.data)


class Raise3DInUse(Raise3DBinarySensor):
    """Raise3D binary sensor that is off only while a printer may be switched off."""

    @override
    @callback
    def _update_attrs(self) -> None:
        """Update the state; where no one polls, no one would see a print begin."""
        super()._update_attrs()
        if self.coordinator.config_entry.pref_disable_polling:
            self._attr_is_on = True


@dataclass(frozen=True, kw_only=True)
class Raise3DBinarySensorEntityDescription(BinarySensorEntityDescription):
    """Describes a Raise3D binary sensor."""

    is_on_fn: Callable[[Raise3DData], bool | None]
    entity_class: type[Raise3DBinarySensor] = Raise3DBinarySensor
    available_offline: bool = False


def _is(state: RunningState) -> Callable[[Raise3DData], bool | None]:
    """Return a function that compares the state, None where that is unknown."""
    return lambda data: None if data.state is None else data.state is state


BINARY_SENSORS: tuple[Raise3DBinarySensorEntityDescription, ...] = (
    Raise3DBinarySensorEntityDescription(
        key="awaiting_removal",
        translation_key="awaiting_removal",
        is_on_fn=_is(RunningState.COMPLETED),
    ),
    Raise3DBinarySensorEntityDescription(
        key="connected",
        translation_key="connected",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        available_offline=True,
        is_on_fn=lambda data: data.online,
    ),
    Raise3DBinarySensorEntityDescription(
        key="in_use",
        translation_key="in_use",
        entity_class=Raise3DInUse,
        is_on_fn=lambda data: data.usage.in_use,
    ),
    Raise3DBinarySensorEntityDescription(
        key="panel_in_use",
        translation_key="panel_in_use",
        entity_registry_enabled_default=False,
        is_on_fn=_is(RunningState.BUSY),
    ),
    Raise3DBinarySensorEntityDescription(
        key="paused",
        translation_key="paused",
        is_on_fn=_is(RunningState.PAUSED),
    ),
    Raise3DBinarySensorEntityDescription(
        key="printing",
        translation_key="printing",
        device_class=BinarySensorDeviceClass.RUNNING,
        is_on_fn=lambda data: data.printing,
    ),
    Raise3DBinarySensorEntityDescription(
        key="problem",
        translation_key="problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        is_on_fn=_is(RunningState.ERROR),
    ),
)

# Of each maintenance task. Home Assistant's own dashboard for maintenance shows the
# entities of this class.
DUE = BinarySensorEntityDescription(
    key="due", translation_key="due", device_class=BinarySensorDeviceClass.PROBLEM
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: Raise3DConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of a printer."""
    async_add_entities(
        description.entity_class(entry.runtime_data, description)
        for description in BINARY_SENSORS
    )
    async_add_maintenance(hass, entry, async_add_entities, Raise3DDue, DUE)
