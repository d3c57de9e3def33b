"""The entity classes of Raise3D sensors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    RestoreSensor,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.core import CALLBACK_TYPE, HassJob, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.typing import StateType

from .api import RunningState
from .const import HEATING_MARGIN, HEATING_SWING, LAST_LAYERS, LAYER_INTERVAL
from .coordinator import Raise3DConfigEntry
from .entity import Raise3DEntity
from .models import NO_LAST_JOB, Raise3DData


class Raise3DSensor(Raise3DEntity, SensorEntity):
    """Raise3D sensor."""

    entity_description: Raise3DSensorEntityDescription

    @property
    @override
    def available(self) -> bool:
        """Whether the printer answers; the status is shown while it is off, too."""
        return self.entity_description.available_offline or super().available

    @override
    @callback
    def _update_attrs(self) -> None:
        """Update the value, except for the swing of a regulated heater."""
        data = self.coordinator.data
        value = self.entity_description.value_fn(data)
        target = self.entity_description.target_fn(data)
        if not _swings(value, self._attr_native_value, target):
            self._attr_native_value = value


class Raise3DKeptSensor(RestoreSensor, Raise3DSensor):
    """Raise3D sensor whose value stays valid while the printer is off."""

    @override
    async def async_added_to_hass(self) -> None:
        """Restore the value from before the restart."""
        last = await self.async_get_last_sensor_data()
        if last is not None and isinstance(last.native_value, int | float):
            self._attr_native_value = last.native_value
        await super().async_added_to_hass()

    @property
    @override
    def available(self) -> bool:
        """Whether there has ever been a value."""
        return super().available or self._attr_native_value is not None

    @override
    @callback
    def _update_attrs(self) -> None:
        """Update the value, and keep the last one where there is none."""
        value = self.entity_description.value_fn(self.coordinator.data)
        if value is not None:
            self._attr_native_value = value


class Raise3DLastJobSensor(Raise3DKeptSensor):
    """Raise3D sensor of the last job, unknown until the history contains that job."""

    @override
    @callback
    def _update_attrs(self) -> None:
        """Update the value, and keep the last one until the history is read at all."""
        data = self.coordinator.data
        if data.last_job is not NO_LAST_JOB:
            self._attr_native_value = self.entity_description.value_fn(data)


class Raise3DLayerSensor(Raise3DSensor):
    """Raise3D sensor of the layer, with at most one state a minute.

    Otherwise each layer would be a state. The first and last layers are not delayed.
    """

    _cancel_wait: CALLBACK_TYPE | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Cancel the timer when the entity is removed."""
        await super().async_added_to_hass()
        self.async_on_remove(self._end_wait)

    @override
    async def async_update(self) -> None:
        """Show the current layer at an update on request."""
        self._end_wait()
        await super().async_update()

    @override
    @callback
    def _update_attrs(self) -> None:
        """Update the value, unless another one was shown less than a minute ago."""
        data = self.coordinator.data
        value = self.entity_description.value_fn(data)
        shown = self._attr_native_value
        waits = self.available and self._cancel_wait is not None
        if value == shown or (waits and not _is_shown_at_once(value, shown, data)):
            return
        self._attr_native_value = value
        self._end_wait()
        self._cancel_wait = async_call_later(
            self.hass,
            LAYER_INTERVAL,
            HassJob(self._handle_wait_over, cancel_on_shutdown=True),
        )

    @callback
    def _handle_wait_over(self, _now: datetime) -> None:
        """Show what was held back."""
        self._cancel_wait = None
        self._handle_coordinator_update()

    @callback
    def _end_wait(self) -> None:
        """Cancel the timer: the next value is shown at once."""
        if self._cancel_wait is not None:
            self._cancel_wait()
            self._cancel_wait = None


@dataclass(frozen=True, kw_only=True)
class Raise3DSensorEntityDescription(SensorEntityDescription):
    """Describes a Raise3D sensor."""

    value_fn: Callable[[Raise3DData], StateType | datetime]
    target_fn: Callable[[Raise3DData], float | None] = lambda _: None
    supported_fn: Callable[[Raise3DConfigEntry], bool] = lambda _: True
    available_offline: bool = False
    entity_class: type[Raise3DSensor] = Raise3DSensor


def _swings(value: object, shown: object, target: float | None) -> bool:
    """Whether a heater only swings around its target: then the value stands still."""
    return (
        isinstance(value, int)
        and isinstance(shown, int)
        and target is not None
        and abs(value - target) <= HEATING_MARGIN
        and abs(value - shown) <= HEATING_SWING
    )


def _is_shown_at_once(value: object, shown: object, data: Raise3DData) -> bool:
    """Whether a layer is shown at once.

    That is the first one, the last ones, and any of a job that is paused or has ended.
    """
    if not isinstance(value, int) or not isinstance(shown, int):
        return True
    # a smaller one is that of another job
    if value <= 1 or value < shown:
        return True
    if data.state not in {RunningState.RUNNING, RunningState.BUSY, None}:
        return True
    total = data.job.total_layers
    return total is not None and value > total - LAST_LAYERS
