"""Tests of the diagnostics: enough to help, and nothing that is somebody's own."""

import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.components.diagnostics import REDACTED
from homeassistant.core import HomeAssistant
from simulator import Printer, Simulator

from .common import PASSWORD, add_entry, now, set_up
from .conftest import Ticker

FILE = "Local/customer/secret bracket.gcode"
MACHINE_NAME = "Printer of Jane Doe"
MACS = ("0200C0FFEE01", "0200C0FFEE02")
HOST = "127.0.0.1"


@pytest.fixture
def printer(model: str, freezer: Any) -> Printer:
    """Return a printer that is easy to recognise."""
    freezer.move_to("2026-11-23 08:00:00+00:00")
    return Printer(
        model,
        password=PASSWORD,
        clock=now,
        machine_id="16363785338095344960",
        machine_name=MACHINE_NAME,
        serial_number="SN-4711",
        macs=MACS,
        history=3,
    )


# hass_client comes after the simulator: its token lives in the printer's time.


def private(printer: Printer, entry: MockConfigEntry) -> set[str]:
    """Return what no diagnostics may hold, in any part of the text."""
    return {
        PASSWORD,
        HOST,
        MACHINE_NAME,
        "Jane",
        entry.title,
        "customer",
        "bracket",
        *MACS,
        printer.machine_id,
        printer.serial_number,
        printer.job.job_id,
        printer.camera_password,
        printer.model.machine_ip,
        *printer.tokens._born,
    }


@pytest.mark.parametrize("with_token", [False, True], ids=["password", "token"])
async def test_diagnostics_of_a_print_hold_nothing_private(
    hass: HomeAssistant,
    simulator: Simulator,
    hass_client: ClientSessionGenerator,
    tick: Ticker,
    *,
    with_token: bool,
) -> None:
    printer = simulator.printer
    token = printer.tokens.issue(now())
    secret = {"token": token} if with_token else {"password": PASSWORD}
    entry = add_entry(hass, simulator, **secret)
    await set_up(hass, entry)
    printer.start(FILE)
    await tick(600)
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    text = json.dumps(diagnostics, ensure_ascii=False)
    assert not {item for item in private(printer, entry) if item and item in text}


async def test_diagnostics_say_what_helps(
    hass: HomeAssistant,
    simulator: Simulator,
    hass_client: ClientSessionGenerator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    simulator.printer.start(FILE)
    await tick(600)
    diagnostics: Any = await get_diagnostics_for_config_entry(
        hass, hass_client, loaded_entry
    )
    entry, data = diagnostics["entry"], diagnostics["data"]
    assert entry["version"] == 3
    assert entry["data"]["model"] == "Raise3D Pro2"
    assert entry["data"]["nozzle_count"] == 2
    assert entry["data"]["port"] == simulator.port
    assert entry["data"]["password"] == REDACTED
    assert data["online"] is True
    assert data["state"] == "running"
    assert data["job"]["state"] == "running"
    assert data["job"]["total"] == 3600
    assert data["job"]["file_name"] == REDACTED
    assert data["system"]["version"] == "1.7.7.1026"
    assert data["system"]["firmware_version"] == "1.7.0.1008"
    assert diagnostics["coordinator"]["last_update_success"] is True


async def test_a_printer_that_is_off_has_diagnostics_too(
    hass: HomeAssistant,
    simulator: Simulator,
    hass_client: ClientSessionGenerator,
    config_entry: MockConfigEntry,
) -> None:
    await simulator.power_off()
    await set_up(hass, config_entry)
    diagnostics: Any = await get_diagnostics_for_config_entry(
        hass, hass_client, config_entry
    )
    assert diagnostics["data"]["online"] is False
    assert diagnostics["data"]["system"] is None
