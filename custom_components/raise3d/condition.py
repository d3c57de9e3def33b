"""Conditions of the Raise3D integration."""

from typing import override

from homeassistant.const import STATE_ON, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.condition import Condition, make_entity_state_condition

from .models import PrinterStatus
from .targets import own_entities


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


CONDITIONS: dict[str, type[Condition]] = {
    "is_awaiting_removal": _make_condition(
        Platform.BINARY_SENSOR, "awaiting_removal", STATE_ON
    ),
    "is_idle": _make_condition(Platform.SENSOR, "status", PrinterStatus.IDLE),
    "is_paused": _make_condition(Platform.BINARY_SENSOR, "paused", STATE_ON),
    "is_printing": _make_condition(Platform.BINARY_SENSOR, "printing", STATE_ON),
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions for Raise3D printers."""
    return CONDITIONS
