"""Conditions of the Raise3D integration."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Final, override

import voluptuous as vol

from homeassistant.const import (
    ATTR_TEMPERATURE,
    CONF_OPTIONS,
    CONF_TARGET,
    STATE_ON,
    Platform,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.condition import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    Condition,
    ConditionConfig,
    EntityConditionBase,
    make_entity_state_condition,
)

from .const import HOT
from .models import PrinterStatus, Raise3DData
from .targets import own_entities, printer_data

SENSORS: Final[Mapping[str, DomainSpec]] = {Platform.SENSOR: DomainSpec()}
# °C: the hottest nozzle goes up to 300.
MAX_TEMPERATURE: Final = 300


def _make_condition(
    platform: Platform, translation_key: str, state: str
) -> type[Condition]:
    """Create a condition for the state of one entity of a printer."""

    # mypy cannot check a base class that is made at run time
    class CustomCondition(make_entity_state_condition(platform, state)):  # type: ignore[misc]
        """Condition for the state of one entity of a printer."""

        @override
        def entity_filter(self, entities: set[str]) -> set[str]:
            """Keep the entities that the condition is about."""
            return own_entities(
                self._hass, super().entity_filter(entities), translation_key
            )

    return CustomCondition


# Without `for`: the temperatures are read only every few minutes.
HOT_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_TARGET): cv.TARGET_FIELDS,
        vol.Required(CONF_OPTIONS, default={}): {
            vol.Required(ATTR_BEHAVIOR, default=BEHAVIOR_ANY): vol.In(
                [BEHAVIOR_ANY, BEHAVIOR_ALL]
            ),
            vol.Required(ATTR_TEMPERATURE, default=HOT): vol.All(
                vol.Coerce(float), vol.Range(min=0, max=MAX_TEMPERATURE)
            ),
        },
    }
)


class PrinterCondition(EntityConditionBase):
    """Condition for a whole printer, which is targeted by its status."""

    _domain_specs = SENSORS

    @property
    @override
    def needs_polling(self) -> bool:
        """Return that the result depends on more than a state."""
        return True

    @property
    @override
    def _needs_duration_tracking(self) -> bool:
        """Return that `for` counts from the last change of the status."""
        return False

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Keep the status of each printer."""
        return own_entities(self._hass, super().entity_filter(entities), "status")

    @override
    def _should_include(self, _state: State) -> bool:
        """Count each printer, also one that is off: for it, no condition is true."""
        return True

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        """Check the printer that the status is of."""
        data = printer_data(self._hass, entity_state.entity_id)
        return data is not None and self._holds(data)

    @abstractmethod
    def _holds(self, data: Raise3DData) -> bool:
        """Check what was last read of a printer."""


class FreeCondition(PrinterCondition):
    """Condition for a printer that has nothing to do."""

    @override
    def _holds(self, data: Raise3DData) -> bool:
        """Check that it is idle, and names no job that has not begun yet."""
        return data.free


class HotCondition(PrinterCondition):
    """Condition for the temperatures of a printer."""

    _schema = HOT_SCHEMA

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Take over the temperature, which is in °C whatever unit is shown."""
        super().__init__(hass, config)
        self._temperature = float((config.options or {})[ATTR_TEMPERATURE])

    @override
    def _holds(self, data: Raise3DData) -> bool:
        """Check the nozzles and the bed."""
        return data.is_hot(self._temperature)


CONDITIONS: dict[str, type[Condition]] = {
    "is_awaiting_removal": _make_condition(
        Platform.BINARY_SENSOR, "awaiting_removal", STATE_ON
    ),
    "is_free": FreeCondition,
    "is_hot": HotCondition,
    "is_idle": _make_condition(Platform.SENSOR, "status", PrinterStatus.IDLE),
    "is_paused": _make_condition(Platform.BINARY_SENSOR, "paused", STATE_ON),
    "is_printing": _make_condition(Platform.BINARY_SENSOR, "printing", STATE_ON),
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions for Raise3D printers."""
    return CONDITIONS
