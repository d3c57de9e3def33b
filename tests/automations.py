"""What the tests of triggers, conditions and blueprints have in common."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.raise3d.const import DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    floor_registry as fr,
    label_registry as lr,
)
from homeassistant.setup import async_setup_component
from simulator import Printer, Simulator

from .common import PASSWORD, Home, add_entry, now, set_up

AUTOMATION = "automation"
# What a target may name.
TARGETS = ("entity", "device", "area", "floor", "label")


async def automate(
    hass: HomeAssistant, trigger: dict[str, Any], data: dict[str, str] | None = None
) -> list[ServiceCall]:
    """Set up an automation; return the list in which its calls will be."""
    calls = async_mock_service(hass, "test", "automation")
    config = {
        "triggers": [trigger],
        "actions": [{"action": "test.automation", "data": data or {}}],
    }
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: [config]})
    await hass.async_block_till_done()
    return calls


def device_of(hass: HomeAssistant, entry: ConfigEntry) -> dr.DeviceEntry:
    """Return the device of a printer."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, str(entry.unique_id)), entry.entry_id
    )
    assert device
    return device


def targets_of(home: Home, entity_id: str) -> dict[str, dict[str, str]]:
    """Return the targets that mean an entity of the printer, or where its device is."""
    device = home.device
    floor = fr.async_get(home.hass).async_create("Cellar")
    area = ar.async_get(home.hass).async_create("Lab", floor_id=floor.floor_id)
    label = lr.async_get(home.hass).async_create("Printers")
    dr.async_get(home.hass).async_update_device(
        device.id, area_id=area.id, labels={label.label_id}
    )
    ids = (entity_id, device.id, area.id, floor.floor_id, label.label_id)
    return {kind: {f"{kind}_id": each} for kind, each in zip(TARGETS, ids, strict=True)}


@asynccontextmanager
async def another_printer(
    hass: HomeAssistant,
) -> AsyncGenerator[tuple[Printer, MockConfigEntry]]:
    """Add a second printer next to the first."""
    printer = Printer("e2", password=PASSWORD, clock=now, machine_id="other")
    async with Simulator(printer) as simulator:
        entry = add_entry(hass, simulator)
        await set_up(hass, entry)
        yield printer, entry
