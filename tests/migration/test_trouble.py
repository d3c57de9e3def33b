"""Tests of taking over an entry while its printer is off or says no."""

from typing import Any

import pytest

from custom_components.raise3d.const import (
    CONF_FIRMWARE_VERSION,
    CONF_NOZZLE_COUNT,
    CONF_SERIAL_NUMBER,
    CONF_SW_VERSION,
)
from custom_components.raise3d.migration import UNSEEN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    CONF_HOST,
    CONF_MODEL,
    CONF_NAME,
    CONF_PASSWORD,
    CONF_PORT,
    CONF_TOKEN,
)
from homeassistant.helpers import device_registry as dr
from tests.common import PASSWORD, add_entry, entry_data, now, state_of

from .older import NAME_1, OldHome, version_1, version_2


def assert_works(home: OldHome, **secret: str) -> None:
    """Assert that the entry is taken over, and shows its printer."""
    assert home.entry_state() is ConfigEntryState.LOADED
    assert home.entry.unique_id == home.printer.machine_id
    assert home.entry.data == entry_data(home.simulator, **secret)
    assert home.shown(["running_status"])["running_status"].state == "idle"


def assert_waits(home: OldHome, reason: str) -> None:
    """Assert that nothing is changed until later."""
    assert home.entry_state() is ConfigEntryState.SETUP_RETRY
    assert home.entry.error_reason_translation_key == reason
    assert home.entry.version == 1
    assert home.ids_now() == home.ids


def move(home: OldHome, host: str) -> None:
    """Let the entry have another address."""
    home.hass.config_entries.async_update_entry(
        home.entry, data={**home.entry.data, CONF_HOST: host}
    )


# A printer that is off


@version_2
async def test_version_2_is_taken_over_while_the_printer_is_off(home: OldHome) -> None:
    await home.simulator.power_off()
    await home.set_up()
    assert home.entry_state() is ConfigEntryState.LOADED
    assert (home.entry.version, home.entry.minor_version) == (3, UNSEEN)
    assert home.entry.data == entry_data(home.simulator)
    assert home.shown(["running_status"])["running_status"].state == "offline"
    assert not home.orphans
    (device,) = home.devices
    assert (device.sw_version, device.hw_version) == ("1.7.7.1026", None)


@version_2
@pytest.mark.parametrize("model", ["n2"])
async def test_what_only_the_printer_knows_is_read_when_it_is_on(
    home: OldHome,
) -> None:
    await home.simulator.power_off()
    await home.set_up()
    # no telling yet whether the right nozzle is there; nothing of it may get lost
    assert home.entry.data[CONF_NOZZLE_COUNT] == 2
    assert home.entry.data[CONF_MODEL] == "Raise3D Pro2"
    await home.reload()
    assert home.entry.minor_version == UNSEEN
    assert home.entry.data[CONF_NOZZLE_COUNT] == 2
    await home.simulator.power_on()
    await home.reload()
    assert (home.entry.version, home.entry.minor_version) == (3, 2)
    assert home.entry.data == entry_data(home.simulator)
    assert not [e.unique_id for e in home.entities if "right" in e.unique_id]
    await home.tick(60)
    assert not home.orphans


@version_2
async def test_an_entry_that_never_worked_is_taken_over_with_what_little_is_known(
    home: OldHome,
) -> None:
    known = {CONF_HOST: home.simulator.host, "conf_port": home.simulator.port}
    home.hass.config_entries.async_update_entry(
        home.entry,
        minor_version=1,
        data={CONF_NAME: NAME_1, **known, "conf_password": PASSWORD},
    )
    (device,) = home.devices
    dr.async_get(home.hass).async_remove_device(device.id)
    await home.block_till_done()
    assert not home.entities
    await home.simulator.power_off()
    await home.set_up()
    assert home.entry_state() is ConfigEntryState.LOADED
    assert home.entry.data == {
        CONF_HOST: home.simulator.host,
        CONF_PORT: home.simulator.port,
        CONF_PASSWORD: PASSWORD,
        CONF_MODEL: "Raise3D",
        CONF_SERIAL_NUMBER: None,
        CONF_NOZZLE_COUNT: 1,
        CONF_SW_VERSION: None,
        CONF_FIRMWARE_VERSION: None,
    }
    await home.simulator.power_on()
    await home.reload()
    assert home.entry.data == entry_data(home.simulator)


@version_1
async def test_version_1_waits_for_the_printer_and_loses_nothing(home: OldHome) -> None:
    await home.simulator.power_off()
    await home.set_up()
    assert_waits(home, "cannot_connect")
    assert not home.flows
    await home.tick(60)
    assert home.entry_state() is ConfigEntryState.SETUP_RETRY
    await home.simulator.power_on()
    await home.tick(600)
    assert_works(home)


@version_1
async def test_an_invalid_address_waits_to_be_fixed(home: OldHome) -> None:
    for host in ("nowhere at all", "http://", "[::1", "http://a b/"):
        move(home, host)
        await home.hass.config_entries.async_reload(home.entry.entry_id)
        assert home.entry_state() is ConfigEntryState.SETUP_RETRY
        assert home.entry.data[CONF_HOST] == host


# A printer that says no


@version_1
async def test_version_1_with_a_wrong_password_starts_reauth_and_waits(
    home: OldHome,
) -> None:
    home.printer.password = "another"
    await home.set_up()
    assert_waits(home, "invalid_auth")
    (flow,) = home.flows
    assert flow["context"]["entry_id"] == home.entry.entry_id
    await home.tick(60)
    assert len(home.flows) == 1
    assert_waits(home, "invalid_auth")
    # what the config flow shows and keeps
    assert home.entry.data == {
        CONF_HOST: home.simulator.host,
        CONF_PORT: home.simulator.port,
        CONF_PASSWORD: PASSWORD,
    }
    home.printer.password = PASSWORD
    await home.tick(600)
    assert_works(home)


@version_1
@pytest.mark.parametrize("kind", [CONF_PASSWORD, CONF_TOKEN])
async def test_version_1_goes_on_with_the_secret_of_its_reauth(
    home: OldHome, kind: str
) -> None:
    home.printer.password = "another"
    await home.set_up()
    token = home.printer.tokens.issue(now())
    secret = {kind: {CONF_PASSWORD: "another", CONF_TOKEN: token}[kind]}
    result = await home.answer_flow(f"reauth_{kind}", {**secret})
    assert result["reason"] == "reauth_successful"
    assert_works(home, **secret)


@version_1
async def test_version_1_goes_on_with_the_address_that_it_is_given(
    home: OldHome,
) -> None:
    address: dict[str, Any] = {
        CONF_HOST: home.simulator.host,
        CONF_PORT: home.simulator.port,
    }
    move(home, "nowhere at all")
    await home.set_up()
    await home.entry.start_reconfigure_flow(home.hass)
    result = await home.answer_flow("reconfigure_password", address)
    assert result["reason"] == "reconfigure_successful"
    assert_works(home)


@version_2
async def test_version_2_with_a_wrong_password_is_taken_over_and_starts_reauth(
    home: OldHome,
) -> None:
    home.printer.password = "another"
    await home.set_up()
    assert home.entry_state() is ConfigEntryState.LOADED
    assert home.entry.version == 3
    # until then it may be a printer that boots
    await home.tick(400)
    await home.answer_flow("reauth_password", {CONF_PASSWORD: "another"})
    assert_works(home, password="another")
    assert (home.entry.version, home.entry.minor_version) == (3, 2)


@version_2
async def test_another_printer_at_the_address_of_version_2_is_not_mixed_in(
    home: OldHome,
) -> None:
    home.printer.machine_id = "555"
    home.printer.serial_number = "666"
    await home.set_up()
    assert home.entry_state() is ConfigEntryState.SETUP_RETRY
    assert home.entry.error_reason_translation_key == "wrong_printer"
    assert (home.entry.version, home.entry.minor_version) == (3, UNSEEN)
    assert home.entry.unique_id == "1234567890123456789"
    assert home.entry.data[CONF_SERIAL_NUMBER] == "1234567890"


@version_1
async def test_a_printer_that_was_added_again_is_not_set_up_twice(
    home: OldHome,
) -> None:
    new = add_entry(home.hass, home.simulator)
    await home.set_up()
    assert home.entry_state() is ConfigEntryState.MIGRATION_ERROR
    assert home.entry.error_reason_translation_key == "duplicate_printer"
    assert home.entry.error_reason_translation_placeholders == {"name": new.title}
    assert home.ids_now() == home.ids
    assert state_of(new) is ConfigEntryState.LOADED
