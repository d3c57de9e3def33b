"""Tests of the conditions, each of them in a real automation."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.raise3d.condition import CONDITIONS
from custom_components.raise3d.const import DOMAIN
from homeassistant.const import Platform
from homeassistant.helpers import condition, icon, translation
from homeassistant.setup import async_setup_component

from .automations import AUTOMATION, TARGETS, another_printer, device_of, targets_of
from .common import Home

pytestmark = pytest.mark.usefixtures("few_polls", "only_platforms")

type Holding = Callable[[], Awaitable[set[str]]]


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms of the states and of the temperatures."""
    return [Platform.BINARY_SENSOR, Platform.SENSOR]


def own(key: str, options: Any = None, **target: Any) -> Any:
    """Return the configuration of one of our conditions."""
    name = f"{DOMAIN}.{key}"
    return {"condition": name, "target": target, "options": options or {}}


async def automate(home: Home, conditions: dict[str, Any]) -> Holding:
    """Set up an automation for each condition; return which of them hold."""
    calls = async_mock_service(home.hass, "test", "automation")
    config = [
        {
            "triggers": [{"trigger": "event", "event_type": "check"}],
            "conditions": [one],
            "actions": [{"action": "test.automation", "data": {"name": name}}],
        }
        for name, one in conditions.items()
    ]
    assert await async_setup_component(home.hass, AUTOMATION, {AUTOMATION: config})
    await home.block_till_done()

    async def holding() -> set[str]:
        calls.clear()
        home.hass.bus.async_fire("check")
        await home.block_till_done()
        return {call.data["name"] for call in calls}

    return holding


@pytest.fixture
async def holding(home: Home) -> Holding:
    """Return which conditions hold for the printer."""
    device_id = home.device.id
    return await automate(
        home, {key: own(key, device_id=device_id) for key in CONDITIONS}
    )


async def test_each_state_has_its_conditions(home: Home, holding: Holding) -> None:
    assert await holding() == {"is_idle", "is_free"}
    home.printer.start("Local/part.gcode", duration=300, nozzle_temp=0, bed_temp=40)
    await home.tick(60)
    assert await holding() == {"is_printing"}
    home.printer.pause()
    await home.tick(60)
    assert await holding() == {"is_paused"}
    home.printer.resume()
    await home.tick(400)
    assert await holding() == {"is_awaiting_removal"}
    home.printer.dismiss()
    await home.tick(60)
    assert await holding() == {"is_idle", "is_free"}


async def test_none_holds_in_an_error_or_while_someone_is_at_the_panel(
    home: Home, holding: Holding
) -> None:
    home.printer.touch(100)
    await home.tick(60)
    assert await holding() == set()
    await home.tick(120)
    assert await holding() == {"is_idle", "is_free"}
    home.printer.start("Local/part.gcode", nozzle_temp=0, bed_temp=40)
    await home.tick(60)
    home.printer.fail()
    await home.tick(60)
    assert await holding() == set()


async def test_none_holds_for_a_printer_that_goes_off_or_whose_entry_is_not_loaded(
    home: Home, holding: Holding
) -> None:
    await home.simulator.power_off()
    await home.tick(60)
    assert await holding() == set()
    await home.simulator.power_on()
    await home.tick(120)
    assert await holding() == {"is_idle", "is_free"}
    await home.unload()
    assert await holding() == set()
    await home.set_up()
    home.printer.start("Local/part.gcode")
    await home.tick(600)
    assert await holding() == {"is_printing", "is_hot"}
    await home.simulator.power_off()
    await home.tick(60)
    assert await holding() == set()


async def test_only_the_targeted_printer_counts(home: Home) -> None:
    targets = targets_of(home, home.entity_id("printing", "binary_sensor"))
    ask = await automate(
        home, {kind: own("is_printing", **target) for kind, target in targets.items()}
    )
    async with another_printer(home.hass) as (other, _):
        other.start("Local/other.gcode")
        await home.tick(60)
        assert not await ask()
        home.printer.start("Local/part.gcode")
        await home.tick(60)
        assert await ask() == set(TARGETS)


async def test_it_can_be_about_any_or_all_of_several_printers(home: Home) -> None:
    async with another_printer(home.hass) as (other, entry):
        devices = [home.device.id, device_of(home.hass, entry).id]
        ask = await automate(
            home,
            {
                name: own("is_printing", {"behavior": name}, device_id=devices)
                for name in ("any", "all")
            },
        )
        assert await ask() == set()
        other.start("Local/other.gcode")
        await home.tick(60)
        assert await ask() == {"any"}
        home.printer.start("Local/part.gcode")
        await home.tick(60)
        assert await ask() == {"any", "all"}


async def test_all_printers_are_idle_only_if_none_is_off(home: Home) -> None:
    async with another_printer(home.hass) as (_, entry):
        devices = [home.device.id, device_of(home.hass, entry).id]
        ask = await automate(
            home, {"idle": own("is_idle", {"behavior": "all"}, device_id=devices)}
        )
        assert await ask()
        await home.simulator.power_off()
        await home.tick(60)
        assert not await ask()


async def test_a_condition_can_ask_for_how_long(home: Home) -> None:
    device_id = home.device.id
    ask = await automate(
        home, {"it": own("is_printing", {"for": "00:05:00"}, device_id=device_id)}
    )
    home.printer.start("Local/part.gcode")
    await home.tick(240)
    assert not await ask()
    await home.tick(120)
    assert await ask()


# What a condition has beside its behavior, where that is not how long it lasts.
FIELDS = {"is_hot": "temperature"}


async def test_each_condition_is_described_translated_and_drawn(home: Home) -> None:
    assert await async_setup_component(home.hass, AUTOMATION, {})
    descriptions = await condition.async_get_all_descriptions(home.hass)
    texts = await translation.async_get_translations(
        home.hass, "en", "conditions", {DOMAIN}
    )
    icons = await icon.async_get_icons(home.hass, "conditions", {DOMAIN})
    for key in CONDITIONS:
        description = descriptions[f"{DOMAIN}.{key}"]
        assert description
        (target,) = description["target"]["entity"]
        assert target["integration"] == DOMAIN
        prefix = f"component.{DOMAIN}.conditions.{key}"
        assert texts[f"{prefix}.name"].startswith("3D printer is ")
        assert texts[f"{prefix}.description"].startswith(
            "Tests if one or more 3D printers are "
        )
        fields = set(description["fields"])
        assert fields == {"behavior", FIELDS.get(key, "for")}
        assert all(texts[f"{prefix}.fields.{field}.name"] for field in fields)
        assert icons[DOMAIN][key]["condition"].startswith("mdi:")
