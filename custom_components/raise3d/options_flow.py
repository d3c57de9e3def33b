"""Options flow of the Raise3D integration: costs, and whether to search."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, STATE_UNAVAILABLE, Platform
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    EntityWithDeviceFilterSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

from .const import CONF_NOZZLE_COUNT, CONF_SEARCH_AGAIN
from .cost_options import (
    CONF_ENERGY_METER,
    CONF_ENERGY_PRICE,
    CONF_ENERGY_PRICE_SENSOR,
    CONF_POWER_SENSOR,
    CONF_PRICE_LEFT,
    CONF_PRICE_RIGHT,
)
from .plug import is_meter, is_power, price_factor

_PRICES: Final = (CONF_ENERGY_PRICE, CONF_ENERGY_PRICE_SENSOR)
_PLUGS: Final = (CONF_ENERGY_METER, CONF_POWER_SENSOR)


class Raise3DOptionsFlow(OptionsFlowWithReload):
    """Handle the options: all of them may stay empty."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the form until it can be used; an empty field removes an option."""
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = _errors(self.hass, user_input)
            if not errors:
                # a permission that the form does not mention stays
                kept = {
                    key: value
                    for key, value in self.config_entry.options.items()
                    if key == CONF_SEARCH_AGAIN
                }
                return self.async_create_entry(data=kept | user_input)
        shown = self.config_entry.options if user_input is None else user_input
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(self._schema(), shown),
            errors=errors,
        )

    def _schema(self) -> vol.Schema:
        """Return the fields of the form."""
        currency = self.hass.config.currency
        nozzles = [CONF_PRICE_LEFT]
        if self.config_entry.data[CONF_NOZZLE_COUNT] > 1:
            nozzles.append(CONF_PRICE_RIGHT)
        return vol.Schema(
            {
                **{vol.Optional(key): _number(f"{currency}/kg", 0) for key in nozzles},
                vol.Optional(CONF_ENERGY_METER): _sensor(SensorDeviceClass.ENERGY),
                vol.Optional(CONF_POWER_SENSOR): _sensor(SensorDeviceClass.POWER),
                # some tariffs pay for what is used
                vol.Optional(CONF_ENERGY_PRICE): _number(f"{currency}/kWh"),
                vol.Optional(CONF_ENERGY_PRICE_SENSOR): _sensor(),
                vol.Optional(CONF_SEARCH_AGAIN): BooleanSelector(),
            }
        )


def _number(unit: str, minimum: float | None = None) -> NumberSelector:
    """Return a field for a price."""
    config = NumberSelectorConfig(
        mode=NumberSelectorMode.BOX, step="any", unit_of_measurement=unit
    )
    if minimum is not None:
        config["min"] = minimum
    return NumberSelector(config)


def _sensor(device_class: SensorDeviceClass | None = None) -> EntitySelector:
    """Return a field for a sensor."""
    domains: list[str] = [Platform.SENSOR]
    if device_class is None:
        # a price may also be what a user enters in a helper
        domains += [Platform.NUMBER, "input_number"]
    of = EntityWithDeviceFilterSelectorConfig(domain=domains)
    if device_class is not None:
        of["device_class"] = device_class
    return EntitySelector(EntitySelectorConfig(filter=[of]))


def _errors(hass: HomeAssistant, options: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with the options, by field."""
    errors = {}
    if all(key in options for key in _PLUGS):
        errors[CONF_POWER_SENSOR] = "two_plugs"
    if all(key in options for key in _PRICES):
        errors[CONF_ENERGY_PRICE_SENSOR] = "two_prices"
    priced = [key for key in _PRICES if key in options]
    if priced and not any(key in options for key in _PLUGS):
        errors[priced[0]] = "no_plug"
    checks = (
        (CONF_ENERGY_METER, is_meter, "not_a_meter"),
        (CONF_POWER_SENSOR, is_power, "not_power"),
        (CONF_ENERGY_PRICE_SENSOR, lambda state: _is_price(hass, state), "not_a_price"),
    )
    for key, check, error in checks:
        state = hass.states.get(options.get(key, ""))
        # what is not there now cannot be checked
        if state is not None and state.state != STATE_UNAVAILABLE and not check(state):
            errors.setdefault(key, error)
    return errors


def _is_price(hass: HomeAssistant, state: State) -> bool:
    """Whether a sensor shows a price in the currency of Home Assistant."""
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return price_factor(hass.config.currency, unit) is not None
