"""Tests of the options: what a person sets of prices, meter and tariff."""

from collections.abc import Mapping
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.const import CONF_NOZZLE_COUNT
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.common import set_up

METER, POWER, TARIFF = "sensor.plug_energy", "sensor.plug_power", "sensor.tariff"
ALL: dict[str, Any] = {
    "filament_price_left": 25.5,
    "filament_price_right": 60,
    "energy_meter": METER,
    "energy_price_sensor": TARIFF,
}
COUNTS = {"state_class": "total_increasing"}


@pytest.fixture(autouse=True)
async def sensors(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Show a plug and a tariff, and set up the printer."""
    show(hass, METER, "kWh", **COUNTS)
    show(hass, POWER, "W")
    show(hass, TARIFF, "EUR/kWh")
    await set_up(hass, entry)


def show(hass: HomeAssistant, sensor: str, unit: str | None, **more: str) -> None:
    """Let a sensor show 1 of a unit."""
    hass.states.async_set(sensor, "1", {"unit_of_measurement": unit, **more})


async def choose(
    hass: HomeAssistant, entry: MockConfigEntry, options: dict[str, Any]
) -> ConfigFlowResult:
    """Open the options, and send the form."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], options
    )
    await hass.async_block_till_done()
    return result


def fields_of(result: ConfigFlowResult) -> dict[str, Any]:
    """Return the fields of a form, and what is filled in."""
    schema = result["data_schema"]
    assert schema
    return {
        str(marker): (marker.description or {}).get("suggested_value")
        for marker in schema.schema
    }


async def test_all_may_be_set_shown_again_and_cleared(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await choose(hass, entry, ALL)
    assert entry.options == ALL
    shown = await hass.config_entries.options.async_init(entry.entry_id)
    filled = {key: value for key, value in fields_of(shown).items() if value}
    assert filled == ALL
    result = await choose(hass, entry, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {}


async def test_permission_to_search_and_costs_leave_each_other_alone(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await choose(hass, entry, {**ALL, "search_again": True})
    shown = await hass.config_entries.options.async_init(entry.entry_id)
    assert fields_of(shown)["search_again"] is True
    await choose(hass, entry, ALL)
    assert entry.options == {**ALL, "search_again": True}
    await choose(hass, entry, {**ALL, "search_again": False})
    assert entry.options == {**ALL, "search_again": False}


async def test_prices_are_in_the_currency_of_home_assistant(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    hass.config.currency = "SEK"
    result = await hass.config_entries.options.async_init(entry.entry_id)
    schema = result["data_schema"]
    assert schema
    units = {
        str(marker): selector.config.get("unit_of_measurement")
        for marker, selector in schema.schema.items()
    }
    assert units["filament_price_left"] == "SEK/kg"
    assert units["energy_price"] == "SEK/kWh"


async def test_one_nozzle_has_one_price(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    data = {**entry.data, CONF_NOZZLE_COUNT: 1}
    hass.config_entries.async_update_entry(entry, data=data)
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert "filament_price_right" not in fields_of(result)


@pytest.mark.parametrize(
    ("options", "errors"),
    [
        ({"energy_meter": METER, "power_sensor": POWER}, {"power_sensor": "two_plugs"}),
        (
            {"energy_meter": METER, "energy_price": 1, "energy_price_sensor": TARIFF},
            {"energy_price_sensor": "two_prices"},
        ),
        ({"energy_price": 0.3}, {"energy_price": "no_plug"}),
        ({"energy_meter": POWER}, {"energy_meter": "not_a_meter"}),
        ({"energy_meter": "sensor.gas"}, {"energy_meter": "not_a_meter"}),
        ({"energy_meter": "sensor.measured"}, {"energy_meter": "not_a_meter"}),
        ({"power_sensor": METER}, {"power_sensor": "not_power"}),
        (
            {"energy_meter": METER, "energy_price_sensor": "sensor.dollars"},
            {"energy_price_sensor": "not_a_price"},
        ),
    ],
    ids=str,
)
async def test_what_cannot_be_counted_is_an_error_of_its_field(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    options: dict[str, Any],
    errors: Mapping[str, str],
) -> None:
    show(hass, "sensor.gas", "m³", **COUNTS)
    show(hass, "sensor.measured", "kWh", state_class="measurement")
    show(hass, "sensor.dollars", "USD/kWh")
    result = await choose(hass, entry, options)
    assert result["errors"] == errors
    # nothing that was typed is lost
    typed = {key: value for key, value in fields_of(result).items() if value}
    assert typed == options
    assert entry.options == {}


async def test_a_plug_that_is_offline_can_be_chosen(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    hass.states.async_set(METER, "unavailable")
    await choose(hass, entry, {"energy_meter": METER})
    assert entry.options == {"energy_meter": METER}
