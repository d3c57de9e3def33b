"""Tests of the diagnostics: enough to help, and nothing that is somebody's own."""

import json
from types import MappingProxyType
from typing import Any

import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.components.diagnostics import REDACTED
from homeassistant.config_entries import ConfigSubentry

from .common import PASSWORD, Home

FILE = "Local/customer/secret bracket.gcode"
MACHINE_NAME = "Printer of Jane Doe"
MACS = ("0200C0FFEE01", "0200C0FFEE02")
HOST = "127.0.0.1"


@pytest.fixture
def settings() -> dict[str, Any]:
    """Return what makes a printer easy to recognise."""
    return {
        "machine_id": "16363785338095344960",
        "machine_name": MACHINE_NAME,
        "serial_number": "SN-4711",
        "macs": MACS,
        "history": 3,
    }


# hass_client comes after the home: its token lives in the printer's time.


def private(home: Home) -> set[str]:
    """Return what no diagnostics may hold, in any part of the text."""
    printer = home.printer
    return {
        PASSWORD,
        HOST,
        MACHINE_NAME,
        "Jane",
        home.entry.title,
        "customer",
        "bracket",
        *MACS,
        printer.machine_id,
        printer.serial_number,
        printer.job.job_id,
        printer.camera_password,
        printer.model.machine_ip,
        *printer.tokens.held,
    }


async def assert_nothing_private(home: Home, client: ClientSessionGenerator) -> None:
    """Print, and look for what is private in the diagnostics of it."""
    await home.set_up()
    home.printer.start(FILE)
    await home.tick(150)
    found = await get_diagnostics_for_config_entry(home.hass, client, home.entry)
    text = json.dumps(found, ensure_ascii=False)
    assert home.printer.tokens.held
    assert not {item for item in private(home) if item and item in text}


async def test_diagnostics_with_a_password_hold_nothing_private(
    new_home: Home, hass_client: ClientSessionGenerator
) -> None:
    await assert_nothing_private(new_home, hass_client)


async def test_diagnostics_with_a_token_hold_nothing_private(
    new_home: Home, hass_client: ClientSessionGenerator
) -> None:
    new_home.use_token()
    await assert_nothing_private(new_home, hass_client)


async def test_diagnostics_do_not_name_what_a_person_has_named(
    new_home: Home, hass_client: ClientSessionGenerator
) -> None:
    task = ConfigSubentry(
        data=MappingProxyType({"counted": "print_hours", "interval": 500}),
        subentry_type="maintenance_task",
        title="Call Jane",
        unique_id=None,
    )
    entries = new_home.hass.config_entries
    entries.async_add_subentry(new_home.entry, task)
    options = {
        "energy_meter": "sensor.janes_office_energy",
        "power_sensor": "sensor.janes_office_power",
        "energy_price_sensor": "sensor.janes_tariff",
        "filament_price_left": 20,
    }
    entries.async_update_entry(new_home.entry, options=options)
    await new_home.set_up()
    found: Any = await get_diagnostics_for_config_entry(
        new_home.hass, hass_client, new_home.entry
    )
    assert "jane" not in json.dumps(found).lower()
    assert found["entry"]["options"]["filament_price_left"] == 20
    assert found["maintenance"][0]["interval"] == 500


async def test_diagnostics_say_what_helps(
    home: Home, hass_client: ClientSessionGenerator
) -> None:
    home.printer.start(FILE)
    await home.tick(150)
    diagnostics: Any = await get_diagnostics_for_config_entry(
        home.hass, hass_client, home.entry
    )
    entry, data = diagnostics["entry"], diagnostics["data"]
    assert entry["version"] == 3
    assert entry["data"]["model"] == "Raise3D Pro2"
    assert entry["data"]["nozzle_count"] == 2
    assert entry["data"]["port"] == home.simulator.port
    assert entry["data"]["password"] == REDACTED
    assert data["online"] is True
    assert data["state"] == "running"
    assert data["job"]["state"] == "running"
    assert data["job"]["total"] == 3600
    assert data["job"]["file_name"] == REDACTED
    assert data["system"]["version"] == "1.7.7.1026"
    assert data["system"]["firmware_version"] == "1.7.0.1008"
    assert diagnostics["coordinator"]["last_update_success"] is True


async def test_diagnostics_count_the_pictures_of_ends(
    home: Home, hass_client: ClientSessionGenerator
) -> None:
    home.printer.start(FILE, duration=60)
    await home.tick(150)
    diagnostics: Any = await get_diagnostics_for_config_entry(
        home.hass, hass_client, home.entry
    )
    assert diagnostics["pictures"] == {"finished_part": 1}
    assert not {item for item in private(home) if item and item in str(diagnostics)}


async def test_a_printer_that_is_off_has_diagnostics_too(
    new_home: Home, hass_client: ClientSessionGenerator
) -> None:
    await new_home.simulator.power_off()
    await new_home.set_up()
    diagnostics: Any = await get_diagnostics_for_config_entry(
        new_home.hass, hass_client, new_home.entry
    )
    assert diagnostics["data"]["online"] is False
    assert diagnostics["data"]["system"] is None
