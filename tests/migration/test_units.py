"""Tests of the units in which the sensors of an older integration are shown."""

import pytest

from custom_components.raise3d.const import DOMAIN
from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er
from tests.common import Home

from .older import UNITS_2, OldHome, version_2

pytestmark = pytest.mark.usefixtures("only_platforms")

# By old key, what a sensor is shown in afterwards.
OUR_UNITS = {
    "printed_time": "min",
    "remaining_time": "min",
    "total_time": "min",
    "storage_available": "GiB",
    "printed_total_time": "h",
    "printed_used_filament": "g",
    "heatbed_cur_temp": "°C",
    "print_progress": "%",
}
PRIVATE, SUGGESTED = "sensor.private", "suggested_unit_of_measurement"


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platform whose units are shown."""
    return [Platform.SENSOR]


def units(home: OldHome) -> dict[str, str | None]:
    """Return the units that sensors are shown in, by their old keys."""
    states = home.shown([*OUR_UNITS])
    return {
        key: state.attributes.get("unit_of_measurement")
        for key, state in states.items()
    }


@pytest.mark.parametrize("suggested", [True, False], ids=["suggested", ""])
@pytest.mark.parametrize("shown", [True, False], ids=["shown", ""])
async def test_an_entity_with_no_unit_or_the_older_default_gets_ours(
    home: OldHome, *, shown: bool, suggested: bool
) -> None:
    registry = er.async_get(home.hass)
    for key, unit in {**UNITS_2, "storage_available": "B"}.items():
        sensor = home.ids["sensor", key]
        registry.async_update_entity(sensor, unit_of_measurement=(None, unit)[shown])
        options = (None, {SUGGESTED: unit})[suggested]
        registry.async_update_entity_options(sensor, PRIVATE, options)
    home.printer.start("Local/medaille_1.gcode")
    await home.set_up()
    await home.tick(30)
    found = units(home)
    assert found.items() <= OUR_UNITS.items()
    assert UNITS_2.keys() <= found.keys()


async def test_a_unit_that_a_person_has_chosen_stays(home: OldHome) -> None:
    chosen = {"remaining_time": "h", "total_time": "s", "storage_available": "MB"}
    for key, unit in chosen.items():
        er.async_get(home.hass).async_update_entity_options(
            home.ids["sensor", key], "sensor", {"unit_of_measurement": unit}
        )
    home.printer.start("Local/medaille_1.gcode")
    await home.set_up()
    await home.tick(30)
    assert chosen.items() <= units(home).items()


@version_2
async def test_an_entity_that_was_disabled_gets_our_unit_when_it_is_enabled(
    home: OldHome,
) -> None:
    remaining = home.ids["sensor", "remaining_time"]
    registry = er.async_get(home.hass)
    registry.async_update_entity(remaining, disabled_by=er.RegistryEntryDisabler.USER)
    home.printer.start("Local/medaille_1.gcode")
    await home.set_up()
    registry.async_update_entity(remaining, disabled_by=None)
    await home.reload()
    await home.tick(30)
    assert units(home)["remaining_time"] == "min"


async def test_an_entry_of_our_own_first_release_gets_minutes(new_home: Home) -> None:
    assert new_home.entry.minor_version == 1
    registry = er.async_get(new_home.hass)
    for key, kind, option in (
        ("remaining_time", PRIVATE, SUGGESTED),
        ("elapsed_time", "sensor", "unit_of_measurement"),
    ):
        entity = registry.async_get_or_create(
            "sensor",
            DOMAIN,
            f"{new_home.printer.machine_id}_{key}",
            config_entry=new_home.entry,
            unit_of_measurement="h",
        )
        registry.async_update_entity_options(entity.entity_id, kind, {option: "h"})
    new_home.printer.start("Local/medaille_1.gcode")
    await new_home.set_up()
    await new_home.tick(30)
    shown = [new_home.entity(key) for key in ("remaining_time", "elapsed_time")]
    assert [it.attributes["unit_of_measurement"] for it in shown] == ["min", "h"]
    assert new_home.entry.minor_version == 2
