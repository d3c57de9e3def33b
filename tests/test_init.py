"""Tests of setting up, unloading and being switched off."""

import logging

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.helpers import entity_registry as er

from .common import (
    PASSWORD,
    Home,
    log_everything,
)


async def test_an_entry_sets_up_a_device_and_unloads_without_a_request(
    home: Home,
) -> None:
    assert home.entry_state() is ConfigEntryState.LOADED
    device = home.device
    assert device.name == "Lab printer"
    assert device.manufacturer == "Raise3D"
    assert device.model == "Raise3D Pro2"
    assert device.serial_number == home.printer.serial_number
    assert device.sw_version == "1.7.7.1026"
    assert device.configuration_url == f"http://127.0.0.1:{home.simulator.port}"
    await home.unload()
    assert home.entry_state() is ConfigEntryState.NOT_LOADED
    before = home.count_requests()
    await home.tick(300)
    assert home.count_requests() == before


async def test_a_printer_that_is_off_loads_and_is_offline(new_home: Home) -> None:
    home = new_home
    await home.simulator.power_off()
    await home.set_up()
    assert home.entry_state() is ConfigEntryState.LOADED
    states = {
        entry.unique_id.partition("_")[2]: home.hass.states.get(entry.entity_id)
        for entry in er.async_get(home.hass).entities.values()
        if not entry.disabled
    }
    shown = {key: state.state for key, state in states.items() if state}
    assert shown.pop("status") == "offline"
    assert shown.pop("connected") == "off"
    assert shown.pop("job") == "unknown"
    assert shown.pop("prints") == "off"
    assert len(shown) > 10
    assert set(shown.values()) == {"unavailable"}
    assert "Traceback" not in home.caplog.text


async def test_each_outage_logs_two_lines(home: Home) -> None:
    for _ in range(3):
        home.caplog.clear()
        await home.simulator.power_off()
        await home.tick(60)
        assert home.status == "offline"
        assert home.state("bed_temperature") == "unavailable"
        assert len(home.log()) == 1
        await home.simulator.power_on()
        await home.tick(100)
        assert home.status == "idle"
        assert home.number("bed_temperature") > 0
        assert len(home.log()) == 2
        assert "Traceback" not in home.caplog.text
        assert not home.log(logging.INFO + 1)


async def test_a_restart_with_the_printer_off_finds_it_when_it_comes_on(
    new_home: Home,
) -> None:
    home = new_home
    await home.simulator.power_off()
    await home.set_up()
    await home.tick(120)
    assert home.status == "offline"
    await home.simulator.power_on()
    await home.tick(75)
    assert home.status == "idle"
    assert home.state("connected", "binary_sensor") == "on"


async def test_a_dead_token_at_the_start_starts_reauth(new_home: Home) -> None:
    new_home.use_token("0" * 32)
    await new_home.set_up()
    assert new_home.entry_state() is ConfigEntryState.SETUP_ERROR
    assert [flow["context"]["source"] for flow in new_home.flows] == [SOURCE_REAUTH]


async def test_a_garbled_answer_at_the_start_makes_the_setup_try_again(
    new_home: Home,
) -> None:
    new_home.fail("html")
    await new_home.set_up()
    assert new_home.entry_state() is ConfigEntryState.SETUP_RETRY
    new_home.heal()
    await new_home.reload()
    assert new_home.entry_state() is ConfigEntryState.LOADED


async def test_no_secret_reaches_the_log(new_home: Home) -> None:
    home = new_home
    log_everything(home.caplog)
    home.printer.start("Local/medaille_1.gcode")
    await home.set_up()
    for kind in ("reset", "http_500", "token_error", "truncated", "http_429"):
        home.simulator.faults.add(kind, count=3)
        await home.tick(60)
    await home.simulator.power_off()
    await home.tick(60)
    own = "\n".join(home.log(logging.DEBUG))
    assert "printer/runningstatus" in own
    port = str(home.simulator.port)
    for secret in (PASSWORD, "token=", "sign=", "medaille", port):
        assert secret not in own
