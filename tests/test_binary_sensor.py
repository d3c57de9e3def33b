"""Tests of the binary sensors."""

import pytest

from homeassistant.const import Platform

from .common import Home

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms of this module."""
    return [Platform.BINARY_SENSOR]


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_each_state_of_the_printer_has_its_own_sensor(
    new_home: Home,
) -> None:
    printer = new_home.printer
    await new_home.set_up()

    def reported() -> set[str]:
        keys = ("awaiting_removal", "panel_in_use", "paused", "printing", "problem")
        return {key for key in keys if new_home.state(key, "binary_sensor") == "on"}

    assert reported() == set()
    printer.touch(60)
    await new_home.tick(45)
    assert reported() == {"panel_in_use"}
    await new_home.tick(60)
    printer.start("Local/part.gcode", duration=400)
    await new_home.tick(60)
    assert reported() == {"printing"}
    printer.touch(60)
    await new_home.tick(45)
    assert reported() == {"panel_in_use", "printing"}
    await new_home.tick(60)
    printer.pause()
    await new_home.tick(60)
    assert reported() == {"paused"}
    printer.resume()
    await new_home.tick(400)
    assert reported() == {"awaiting_removal"}
    printer.dismiss()
    await new_home.tick(60)
    assert reported() == set()
    printer.fail()
    await new_home.tick(60)
    assert reported() == {"problem"}


async def test_a_state_that_nobody_knows_leaves_the_sensors_unknown(home: Home) -> None:
    home.fail("missing_keys", "printer/runningstatus")
    await home.tick(60)
    for key in ("awaiting_removal", "paused", "printing", "problem"):
        assert home.state(key, "binary_sensor") == "unknown", key
