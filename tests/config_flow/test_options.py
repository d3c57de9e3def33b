"""Tests of the options: what a person sets of prices, meter and tariff."""

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass
class Options:
    """The options of an entry, as a person changes them."""

    hass: HomeAssistant
    entry: MockConfigEntry

    def show(self, sensor: str, unit: str | None, **more: str) -> None:
        """Let a sensor show 1 of a unit."""
        self.hass.states.async_set(sensor, "1", {"unit_of_measurement": unit, **more})

    async def open(self) -> ConfigFlowResult:
        """Open the form."""
        return await self.hass.config_entries.options.async_init(self.entry.entry_id)

    async def choose(self, options: dict[str, Any]) -> ConfigFlowResult:
        """Open the form, and send it."""
        form = await self.open()
        flow = self.hass.config_entries.options
        result = await flow.async_configure(form["flow_id"], options)
        await self.hass.async_block_till_done()
        return result


@pytest.fixture
async def options(hass: HomeAssistant, entry: MockConfigEntry) -> Options:
    """Return the options of a printer beside a plug and a tariff."""
    options = Options(hass, entry)
    options.show(METER, "kWh", **COUNTS)
    options.show(POWER, "W")
    options.show(TARIFF, "EUR/kWh")
    await set_up(hass, entry)
    return options


def fields_of(result: ConfigFlowResult) -> dict[str, Any]:
    """Return the fields of a form, and what is filled in."""
    schema = result["data_schema"]
    assert schema
    return {
        str(marker): (marker.description or {}).get("suggested_value")
        for marker in schema.schema
    }


async def test_all_may_be_set_shown_again_and_cleared(options: Options) -> None:
    await options.choose(ALL)
    assert options.entry.options == ALL
    shown = await options.open()
    filled = {key: value for key, value in fields_of(shown).items() if value}
    assert filled == ALL
    result = await options.choose({})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert options.entry.options == {}


async def test_permission_to_search_and_costs_leave_each_other_alone(
    options: Options,
) -> None:
    await options.choose({**ALL, "search_again": True})
    shown = await options.open()
    assert fields_of(shown)["search_again"] is True
    await options.choose(ALL)
    assert options.entry.options == {**ALL, "search_again": True}
    await options.choose({**ALL, "search_again": False})
    assert options.entry.options == {**ALL, "search_again": False}


async def test_prices_are_in_the_currency_of_home_assistant(options: Options) -> None:
    options.hass.config.currency = "SEK"
    result = await options.open()
    schema = result["data_schema"]
    assert schema
    units = {
        str(marker): selector.config.get("unit_of_measurement")
        for marker, selector in schema.schema.items()
    }
    assert units["filament_price_left"] == "SEK/kg"
    assert units["energy_price"] == "SEK/kWh"


async def test_one_nozzle_has_one_price(options: Options) -> None:
    data = {**options.entry.data, CONF_NOZZLE_COUNT: 1}
    options.hass.config_entries.async_update_entry(options.entry, data=data)
    result = await options.open()
    assert "filament_price_right" not in fields_of(result)


@pytest.mark.parametrize(
    ("typed", "errors"),
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
    options: Options, typed: dict[str, Any], errors: Mapping[str, str]
) -> None:
    options.show("sensor.gas", "m³", **COUNTS)
    options.show("sensor.measured", "kWh", state_class="measurement")
    options.show("sensor.dollars", "USD/kWh")
    result = await options.choose(typed)
    assert result["errors"] == errors
    # nothing that was typed is lost
    shown = {key: value for key, value in fields_of(result).items() if value}
    assert shown == typed
    assert options.entry.options == {}


async def test_a_plug_that_is_offline_can_be_chosen(options: Options) -> None:
    options.hass.states.async_set(METER, "unavailable")
    await options.choose({"energy_meter": METER})
    assert options.entry.options == {"energy_meter": METER}
