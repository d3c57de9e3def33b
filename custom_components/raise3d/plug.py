"""Reads the plug of a printer and the tariff, as other integrations show them."""

import math
import re
from typing import Final

from homeassistant.components.sensor import ATTR_LAST_RESET, SensorStateClass
from homeassistant.components.sensor.const import ATTR_STATE_CLASS
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, UnitOfEnergy, UnitOfPower
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.util.unit_conversion import EnergyConverter, PowerConverter

from .cost_options import CostOptions
from .jobs import Reading, Source

METER_CLASSES: Final = (SensorStateClass.TOTAL, SensorStateClass.TOTAL_INCREASING)
# What tariffs call a hundredth of the currency.
_HUNDREDTHS: Final = frozenset({"¢", "c", "cent", "cents", "ct", "p", "öre", "øre"})
_CURRENCY_CODE: Final = re.compile("[A-Z]{3}")


@callback
def async_read_plug(hass: HomeAssistant, options: CostOptions) -> Reading | None:
    """Return what the sensor of the plug shows, None for nothing."""
    if options.plug is None or (state := hass.states.get(options.plug)) is None:
        return None
    read = _read_power if options.source is Source.POWER else _read_meter
    value = _number(state)
    return None if value is None else read(state, value)


def is_meter(state: State) -> bool:
    """Whether a sensor counts energy."""
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    state_class = state.attributes.get(ATTR_STATE_CLASS)
    return unit in EnergyConverter.VALID_UNITS and state_class in METER_CLASSES


def is_power(state: State) -> bool:
    """Whether a sensor shows power."""
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return unit in PowerConverter.VALID_UNITS


def _read_power(state: State, value: float) -> Reading | None:
    """Return the power in kW, None where its unit is none of power."""
    if not is_power(state):
        return None
    unit = state.attributes[ATTR_UNIT_OF_MEASUREMENT]
    return Reading(value=PowerConverter.convert(value, unit, UnitOfPower.KILO_WATT))


def _read_meter(state: State, value: float) -> Reading | None:
    """Return the kWh of a meter, None where it is none."""
    if not is_meter(state):
        return None
    unit = state.attributes[ATTR_UNIT_OF_MEASUREMENT]
    increasing = state.attributes[ATTR_STATE_CLASS] == SensorStateClass.TOTAL_INCREASING
    if increasing and value < 0:
        # Home Assistant does not count it either
        return None
    cycle = state.attributes.get(ATTR_LAST_RESET)
    return Reading(
        value=EnergyConverter.convert(value, unit, UnitOfEnergy.KILO_WATT_HOUR),
        increasing=increasing,
        cycle=None if increasing or cycle is None else str(cycle),
    )


@callback
def async_read_price(hass: HomeAssistant, options: CostOptions) -> float | None:
    """Return the price of a kWh, None where it is not known."""
    if options.price_sensor is None:
        return options.energy_price
    state = hass.states.get(options.price_sensor)
    value = None if state is None else _number(state)
    if state is None or value is None:
        return None
    factor = price_factor(
        hass.config.currency, state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    )
    return None if factor is None else value * factor


def price_factor(currency: str, unit: str | None) -> float | None:
    """Return what makes a price per kWh of a unit, None for another currency.

    As in the energy dashboard, a unit that is missing is that of a price per kWh.
    """
    money, _, energy = (unit or "").partition("/")
    money, energy = money.strip(), energy.strip()
    if _CURRENCY_CODE.fullmatch(money) and money != currency:
        return None
    factor = 0.01 if money.lower() in _HUNDREDTHS else 1.0
    if energy not in EnergyConverter.VALID_UNITS:
        return factor
    return factor * EnergyConverter.convert(1, UnitOfEnergy.KILO_WATT_HOUR, energy)


def _number(state: State) -> float | None:
    """Return the number that a sensor shows, None for anything else."""
    try:
        value = float(state.state)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
