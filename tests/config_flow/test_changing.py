"""Tests of signing in again and of reconfiguring."""

from unittest.mock import AsyncMock

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator import Simulator
from tests.common import PASSWORD, add_entry, new_printer

from .flow import DEAD, WRONG, Flow, address, optional

# Signing in again


@pytest.mark.parametrize("kind", ["password", "token"])
async def test_a_dead_token_gives_way_to_another_secret(
    flow: Flow, token: str, mock_setup_entry: AsyncMock, kind: str
) -> None:
    entry = add_entry(flow.hass, flow.simulator, token=DEAD)
    secret = {kind: {"password": PASSWORD, "token": token}[kind]}
    await flow.start_reauth(entry, f"reauth_{kind}")
    await flow.fill(secret)
    assert flow.reason == "reauth_successful"
    assert dict(entry.data) == flow.data(**secret)
    assert len(mock_setup_entry.mock_calls) == 1


async def test_after_a_wrong_secret_the_right_one_signs_in(flow: Flow) -> None:
    entry = add_entry(flow.hass, flow.simulator, password="old")
    await flow.start_reauth(entry, "reauth_password")
    await flow.fill({"password": WRONG})
    assert flow.errors == {"password": "invalid_auth"}
    assert flow.suggested == {"password": WRONG}
    assert entry.data["password"] == "old"
    await flow.fill({"password": PASSWORD})
    assert flow.reason == "reauth_successful"
    assert entry.data["password"] == PASSWORD


async def test_nobody_signs_in_to_another_printer(
    flow: Flow, entry: MockConfigEntry
) -> None:
    before = dict(entry.data)
    flow.printer.machine_id = "42"
    await flow.start_reauth(entry, "reauth_password")
    await flow.fill({"password": PASSWORD})
    assert flow.reason == "wrong_printer"
    assert dict(entry.data) == before


# Reconfiguring


@pytest.mark.parametrize("typed", [{}, {"password": ""}, {"password": PASSWORD}])
async def test_a_printer_that_moved_keeps_its_password(
    flow: Flow,
    entry: MockConfigEntry,
    mock_setup_entry: AsyncMock,
    typed: dict[str, str],
) -> None:
    elsewhere = {**entry.data, "host": "192.0.2.1", "port": 1}
    flow.hass.config_entries.async_update_entry(entry, data=elsewhere)
    await flow.start_reconfigure(entry, "reconfigure_password")
    assert optional(flow, "password")
    await flow.fill({"host": flow.simulator.host, "port": flow.simulator.port} | typed)
    assert flow.reason == "reconfigure_successful"
    assert dict(entry.data) == flow.data()
    assert entry.unique_id == flow.printer.machine_id
    assert entry.title == "Lab printer"
    assert len(mock_setup_entry.mock_calls) == 1


@pytest.mark.parametrize("typed", [{}, {"token": ""}])
async def test_a_printer_that_moved_keeps_its_token(
    flow: Flow, token: str, typed: dict[str, str]
) -> None:
    entry = add_entry(flow.hass, flow.simulator, token=token)
    await flow.start_reconfigure(entry, "reconfigure_token")
    assert optional(flow, "token")
    await flow.fill(flow.suggested | typed)
    assert flow.reason == "reconfigure_successful"
    assert dict(entry.data) == flow.data(token=token)


@pytest.mark.parametrize(("old", "new"), [("token", "password"), ("password", "token")])
async def test_a_secret_gives_way_to_one_of_the_other_kind(
    flow: Flow, token: str, old: str, new: str
) -> None:
    secrets = {"password": PASSWORD, "token": token}
    entry = add_entry(flow.hass, flow.simulator, **{old: secrets[old]})
    await flow.start_reconfigure(entry, f"reconfigure_{new}")
    assert not optional(flow, new)
    await flow.fill(flow.address(**{new: secrets[new]}))
    assert flow.reason == "reconfigure_successful"
    assert dict(entry.data) == flow.data(**{new: secrets[new]})


async def test_another_printer_is_not_moved_in(
    flow: Flow, entry: MockConfigEntry
) -> None:
    before = dict(entry.data)
    async with Simulator(new_printer(machine_id="42")) as second:
        await flow.start_reconfigure(entry, "reconfigure_password")
        await flow.fill(address(second))
    assert flow.reason == "wrong_printer"
    assert dict(entry.data) == before


async def test_after_trouble_the_same_form_reconfigures(
    flow: Flow, entry: MockConfigEntry
) -> None:
    await flow.start_reconfigure(entry, "reconfigure_password")
    await flow.simulator.unplug()
    await flow.fill()
    assert flow.errors == {"base": "cannot_connect"}
    assert flow.suggested == flow.address()
    await flow.simulator.start()
    await flow.fill(flow.suggested)
    assert flow.reason == "reconfigure_successful"
