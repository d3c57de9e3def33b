"""Numbers of the Raise3D integration: targets of heaters, fan and rates."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import UnitOfRatio, UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api import Nozzle, Raise3DClient
from .api.const import (
    MAX_BED_TEMPERATURE,
    MAX_FAN_SPEED,
    MAX_FEED_RATE,
    MAX_FLOW_RATE,
    MAX_NOZZLE_TEMPERATURE,
)
from .coordinator import Raise3DConfigEntry
from .entity import Raise3DEntity, has_right_nozzle
from .models import Raise3DData

# One command at a time, in the order in which they were given.
PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class Raise3DNumberEntityDescription(NumberEntityDescription):
    """Describes a Raise3D number; disabled, because accidental heat burns things."""

    value_fn: Callable[[Raise3DData], float | None]
    set_value_fn: Callable[[Raise3DClient, float], Awaitable[None]]
    supported_fn: Callable[[Raise3DConfigEntry], bool] = lambda _: True
    entity_registry_enabled_default: bool = False
    mode: NumberMode = NumberMode.BOX
    native_step: float = 1


NUMBERS: tuple[Raise3DNumberEntityDescription, ...] = (
    Raise3DNumberEntityDescription(
        key="bed_target_temperature",
        translation_key="bed_target_temperature",
        device_class=NumberDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        native_min_value=0,
        native_max_value=MAX_BED_TEMPERATURE,
        value_fn=lambda data: data.basic.target_temperature,
        set_value_fn=lambda client, value: client.commands.set_bed_temperature(value),
    ),
    Raise3DNumberEntityDescription(
        key="fan_speed_target",
        translation_key="fan_speed_target",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        native_min_value=0,
        native_max_value=MAX_FAN_SPEED,
        value_fn=lambda data: data.basic.fan_speed_target,
        set_value_fn=lambda client, value: client.commands.set_fan_speed(value),
    ),
    Raise3DNumberEntityDescription(
        key="feed_rate_target",
        translation_key="feed_rate_target",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        native_min_value=1,
        native_max_value=MAX_FEED_RATE,
        value_fn=lambda data: data.basic.feed_rate_target,
        set_value_fn=lambda client, value: client.commands.set_feed_rate(value),
    ),
    Raise3DNumberEntityDescription(
        key="left_flow_rate_target",
        translation_key="left_flow_rate_target",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        native_min_value=1,
        native_max_value=MAX_FLOW_RATE,
        value_fn=lambda data: data.left_nozzle.flow_rate_target,
        set_value_fn=lambda client, value: client.commands.set_flow_rate(
            Nozzle.LEFT, value
        ),
    ),
    Raise3DNumberEntityDescription(
        key="left_nozzle_target_temperature",
        translation_key="left_nozzle_target_temperature",
        device_class=NumberDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        native_min_value=0,
        native_max_value=MAX_NOZZLE_TEMPERATURE,
        value_fn=lambda data: data.left_nozzle.target_temperature,
        set_value_fn=lambda client, value: client.commands.set_nozzle_temperature(
            Nozzle.LEFT, value
        ),
    ),
    Raise3DNumberEntityDescription(
        key="right_flow_rate_target",
        translation_key="right_flow_rate_target",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        native_min_value=1,
        native_max_value=MAX_FLOW_RATE,
        supported_fn=has_right_nozzle,
        value_fn=lambda data: data.right_nozzle.flow_rate_target,
        set_value_fn=lambda client, value: client.commands.set_flow_rate(
            Nozzle.RIGHT, value
        ),
    ),
    Raise3DNumberEntityDescription(
        key="right_nozzle_target_temperature",
        translation_key="right_nozzle_target_temperature",
        device_class=NumberDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        native_min_value=0,
        native_max_value=MAX_NOZZLE_TEMPERATURE,
        supported_fn=has_right_nozzle,
        value_fn=lambda data: data.right_nozzle.target_temperature,
        set_value_fn=lambda client, value: client.commands.set_nozzle_temperature(
            Nozzle.RIGHT, value
        ),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: Raise3DConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the numbers of a printer."""
    async_add_entities(
        Raise3DNumber(entry.runtime_data, description)
        for description in NUMBERS
        if description.supported_fn(entry)
    )


class Raise3DNumber(Raise3DEntity, NumberEntity):
    """Raise3D number: a target, sent only when someone sets it."""

    entity_description: Raise3DNumberEntityDescription

    @override
    @callback
    def _update_attrs(self) -> None:
        """Update the target."""
        data = self.coordinator.data
        self._attr_native_value = self.entity_description.value_fn(data)

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the target."""
        await self.coordinator.async_send_command(
            self.entity_description.set_value_fn(self.coordinator.client, value)
        )
