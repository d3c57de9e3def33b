"""Tests of what a plug and a tariff say, in the units that they come in."""

import pytest

from custom_components.raise3d.cost_options import CostOptions
from custom_components.raise3d.jobs import Prices, Reading, Source
from custom_components.raise3d.plug import async_read_plug, async_read_price
from homeassistant.core import HomeAssistant

SENSOR = "sensor.one"


def options(source: Source = Source.METER) -> CostOptions:
    """Return options that name one sensor for everything."""
    return CostOptions(
        prices=Prices(),
        source=source,
        plug=SENSOR,
        energy_price=None,
        price_sensor=SENSOR,
    )


@pytest.mark.parametrize(
    ("state", "unit", "reading"),
    [
        ("1500", "Wh", Reading(value=1.5)),
        ("1.5", "MWh", Reading(value=1500)),
        ("7.2", "MJ", Reading(value=2)),
        ("1", "m³", None),
        ("-1", "kWh", None),
        ("nan", "kWh", None),
        ("unavailable", "kWh", None),
        ("1", None, None),
    ],
)
def test_a_meter_is_read_in_any_unit_of_energy(
    hass: HomeAssistant, state: str, unit: str | None, reading: Reading | None
) -> None:
    attributes = {"unit_of_measurement": unit, "state_class": "total_increasing"}
    hass.states.async_set(SENSOR, state, attributes)
    assert async_read_plug(hass, options()) == reading


@pytest.mark.parametrize(
    ("state", "unit", "reading"),
    [
        ("300", "W", Reading(value=0.3)),
        ("0.3", "kW", Reading(value=0.3)),
        ("300", "VA", None),
        ("off", "W", None),
    ],
)
def test_power_is_read_in_any_unit_of_power(
    hass: HomeAssistant, state: str, unit: str, reading: Reading | None
) -> None:
    hass.states.async_set(SENSOR, state, {"unit_of_measurement": unit})
    assert async_read_plug(hass, options(Source.POWER)) == reading


@pytest.mark.parametrize(
    ("state", "unit", "price"),
    [
        ("0.3", "EUR/kWh", 0.3),
        ("-0.02", "EUR/kWh", -0.02),
        ("300", "EUR/MWh", pytest.approx(0.3)),
        ("0.0003", "€/Wh", pytest.approx(0.3)),
        ("30", "ct/kWh", pytest.approx(0.3)),
        ("0.3", None, 0.3),
        ("0.3", "EUR", 0.3),
        ("0.3", "USD/kWh", None),
        ("unknown", "EUR/kWh", None),
    ],
)
def test_a_price_is_that_of_a_kilowatt_hour(
    hass: HomeAssistant, state: str, unit: str | None, price: float | None
) -> None:
    hass.states.async_set(SENSOR, state, {"unit_of_measurement": unit})
    assert async_read_price(hass, options()) == price


def test_a_sensor_that_is_not_there_says_nothing(hass: HomeAssistant) -> None:
    assert async_read_plug(hass, options()) is None
    assert async_read_price(hass, options()) is None
