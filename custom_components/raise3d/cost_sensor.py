"""Sensors of what jobs cost, disabled until there are prices."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import UnitOfEnergy
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .coordinator import Raise3DCoordinator
from .cost_ledger import CostLedger
from .cost_options import CostOptions
from .entity import Raise3DEntity
from .entity_ids import unique_id_of


@dataclass(frozen=True, kw_only=True)
class Raise3DCostSensorEntityDescription(SensorEntityDescription):
    """Describes a sensor of what jobs cost."""

    value_fn: Callable[[CostLedger], float | None]


def _last_energy(costs: CostLedger) -> float | None:
    """Return the kWh of the last job."""
    return None if costs.last_job is None else costs.last_job.energy


def _last_cost(costs: CostLedger) -> float | None:
    """Return what the last job has cost."""
    return None if costs.last_job is None else costs.last_job.cost


# No state class where each job has a value of its own: a sum over them is `cost_total`.
COST_SENSORS: Final = (
    Raise3DCostSensorEntityDescription(
        key="last_job_energy",
        translation_key="last_job_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=2,
        value_fn=_last_energy,
    ),
    Raise3DCostSensorEntityDescription(
        key="last_job_cost",
        translation_key="last_job_cost",
        device_class=SensorDeviceClass.MONETARY,
        suggested_display_precision=2,
        value_fn=_last_cost,
    ),
    Raise3DCostSensorEntityDescription(
        key="cost_total",
        translation_key="cost_total",
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=2,
        value_fn=lambda costs: costs.known_total,
    ),
)


class Raise3DCostSensor(Raise3DEntity, SensorEntity):
    """Raise3D sensor of what jobs cost, known also while the printer is off."""

    entity_description: Raise3DCostSensorEntityDescription

    def __init__(
        self,
        coordinator: Raise3DCoordinator,
        description: Raise3DCostSensorEntityDescription,
    ) -> None:
        """Show money in the currency of Home Assistant."""
        super().__init__(coordinator, description)
        self._attr_entity_registry_enabled_default = (
            description.key in coordinator.records.costs.options.sensor_keys
        )
        if description.device_class is SensorDeviceClass.MONETARY:
            self._attr_native_unit_of_measurement = coordinator.hass.config.currency

    @property
    @override
    def available(self) -> bool:
        """Whether it is shown: always, because it is kept here."""
        return True

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to new costs."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.records.costs.ledger.async_add_listener(
                self._handle_coordinator_update
            )
        )

    @override
    @callback
    def _update_attrs(self) -> None:
        """Update the value."""
        self._attr_native_value = self.entity_description.value_fn(
            self.coordinator.records.costs.ledger
        )


@callback
def async_enable_cost_sensors(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Enable what has something to show by now; what a user has disabled stays."""
    registry = er.async_get(hass)
    keys = CostOptions.of(entry).sensor_keys
    unique_ids = {unique_id_of(entry, key) for key in keys}
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if (
            entity.unique_id in unique_ids
            and entity.disabled_by is er.RegistryEntryDisabler.INTEGRATION
        ):
            registry.async_update_entity(entity.entity_id, disabled_by=None)
