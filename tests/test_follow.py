"""Tests of printers with another address: their entries follow, and no other does."""

import asyncio
from collections.abc import AsyncGenerator

from freezegun.api import FrozenDateTimeFactory
import pytest
import pytest_socket

from custom_components.raise3d.const import DOMAIN
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.loader import async_get_dhcp
from simulator import Printer, Simulator

from .common import HOUR, MINUTE, START, Home, add_entry, new_printer
from .neighbours import move, neighbours, see

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that show whether a printer is there."""
    return [Platform.SENSOR]


OURS = ("02:00:00:00:00:01", "02:00:00:00:00:02")
THEIRS = ("02:00:00:00:00:03", "02:00:00:00:00:04")
# Where the printers are at first, and a place that nobody has.
HERE, THERE, ELSEWHERE = "127.0.0.2", "127.0.0.3", "127.0.0.9"


def printing(machine_id: str, macs: tuple[str, str]) -> Printer:
    """Return a printer that prints: the id of its job names its addresses."""
    digits = [mac.replace(":", "") for mac in macs]
    printer = new_printer(machine_id=machine_id, macs=(digits[0], digits[1]))
    printer.start("Local/part.gcode", duration=9 * HOUR)
    return printer


@pytest.fixture
async def homes(
    hass: HomeAssistant,
    socket_enabled: None,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> AsyncGenerator[tuple[Home, Home]]:
    """Return the homes of two printers, at addresses of their own."""
    pytest_socket.socket_allow_hosts(["127.0.0.0/8"])
    freezer.move_to(START)
    async with neighbours(
        one=printing("1", OURS), two=printing("2", THEIRS)
    ) as simulators:
        homes = [
            Home(simulator, hass, add_entry(hass, simulator), freezer, caplog)
            for simulator in simulators.values()
        ]
        # with the integration come all of its entries
        await homes[0].set_up()
        await homes[0].tick(35)
        yield homes[0], homes[1]
        await hass.async_block_till_done(wait_background_tasks=True)


def host(home: Home) -> str:
    """Return the address of an entry."""
    return str(home.entry.data["host"])


# The addresses


async def test_the_addresses_of_a_job_become_connections_of_the_device(
    homes: tuple[Home, Home],
) -> None:
    one, two = homes
    assert one.device.connections == {(dr.CONNECTION_NETWORK_MAC, mac) for mac in OURS}
    assert two.device.connections == {
        (dr.CONNECTION_NETWORK_MAC, mac) for mac in THEIRS
    }
    assert one.device.id != two.device.id
    # and they are there with the printer off
    await one.simulator.power_off()
    await one.reload()
    assert one.entry.data["mac_addresses"] == list(OURS)
    assert one.device.connections == {(dr.CONNECTION_NETWORK_MAC, mac) for mac in OURS}


async def test_an_address_that_two_printers_name_stays_with_the_first(
    homes: tuple[Home, Home],
) -> None:
    one, two = homes
    for number in range(2):
        job_id = f"020000000001_020000000005_{number:018x}"
        two.answer("job/currentjob", job_id=job_id)
        await two.tick(MINUTE)
    assert one.entry.data["mac_addresses"] == list(OURS)
    assert two.entry.data["mac_addresses"] == ["02:00:00:00:00:05"]
    registry = dr.async_get(two.hass)
    found = registry.async_get_devices(
        connections={(dr.CONNECTION_NETWORK_MAC, OURS[0])}
    )
    assert found == [one.device]


# What Home Assistant sees


async def test_an_entry_follows_its_printer(homes: tuple[Home, Home]) -> None:
    one, two = homes
    await move(to_9=one.simulator)
    assert await see(one.hass, OURS[0], ELSEWHERE) == "already_configured"
    assert host(one) == ELSEWHERE
    assert one.entry_state() is ConfigEntryState.LOADED
    assert one.status == "printing"
    # and back, with its other address
    await move(to_2=one.simulator)
    assert await see(one.hass, OURS[1], HERE) == "already_configured"
    assert host(one) == HERE
    assert one.status == "printing"
    assert host(two) == THERE


async def test_an_address_that_is_right_or_nobodys_costs_nothing(
    homes: tuple[Home, Home],
) -> None:
    one, two = homes
    # Home Assistant watches for devices that are registered
    matchers = await async_get_dhcp(one.hass)
    ours = [each for each in matchers if each["domain"] == DOMAIN]
    assert ours == [{"domain": DOMAIN, "registered_devices": True}]
    one.simulator.requests.clear()
    assert await see(one.hass, OURS[0], HERE) == "already_configured"
    await see(one.hass, "02:00:00:00:00:99", ELSEWHERE)
    assert [host(one), host(two)] == [HERE, THERE]
    assert not one.simulator.requests


async def test_a_printer_that_is_seen_at_two_addresses_stays_where_it_answers(
    homes: tuple[Home, Home],
) -> None:
    one, _ = homes
    second = Simulator(one.printer, host=ELSEWHERE, port=one.simulator.port)
    async with second:
        assert await see(one.hass, OURS[1], ELSEWHERE) == "already_configured"
        assert host(one) == HERE
        assert not second.requests
        # until it does no longer
        await one.simulator.unplug()
        assert await see(one.hass, OURS[1], ELSEWHERE) == "already_configured"
        assert host(one) == ELSEWHERE
        await one.unload()


async def test_a_name_is_left_alone(homes: tuple[Home, Home]) -> None:
    one, _ = homes
    data = {**one.entry.data, "host": "printer.local"}
    one.hass.config_entries.async_update_entry(one.entry, data=data)
    await move(to_9=one.simulator)
    await see(one.hass, OURS[0], ELSEWHERE)
    assert host(one) == "printer.local"


async def test_an_entry_that_a_person_has_disabled_follows_nobody(
    homes: tuple[Home, Home],
) -> None:
    one, _ = homes
    await one.hass.config_entries.async_set_disabled_by(
        one.entry.entry_id, ConfigEntryDisabler.USER
    )
    await move(to_9=one.simulator)
    one.simulator.requests.clear()
    await see(one.hass, OURS[0], ELSEWHERE)
    assert host(one) == HERE
    assert not one.simulator.requests


# Whoever else is there


async def test_an_entry_does_not_follow_to_another_printer(
    homes: tuple[Home, Home],
) -> None:
    one, two = homes
    await one.simulator.power_off()
    assert await see(one.hass, OURS[0], THERE) == "wrong_printer"
    assert [host(one), host(two)] == [HERE, THERE]
    assert two.status == "printing"


async def test_an_entry_follows_at_the_next_sighting_of_a_printer_that_boots(
    homes: tuple[Home, Home],
) -> None:
    one, _ = homes
    await move(to_9=one.simulator)
    await one.simulator.unplug()
    assert await see(one.hass, OURS[0], ELSEWHERE) == "cannot_connect"
    assert host(one) == HERE
    await one.simulator.start()
    await see(one.hass, OURS[0], ELSEWHERE)
    assert host(one) == ELSEWHERE


async def test_no_secret_goes_to_what_is_no_printer_or_another_one(
    homes: tuple[Home, Home],
) -> None:
    one, _ = homes
    await move(to_9=one.simulator)
    # it would even take the password
    one.fail("http_404", "/")
    one.simulator.requests.clear()
    assert await see(one.hass, OURS[0], ELSEWHERE) == "cannot_connect"
    assert [request.path for request in one.simulator.requests] == ["/"]
    assert host(one) == HERE
    # with another password it is another printer
    one.heal()
    one.printer.password = "another"
    one.simulator.requests.clear()
    assert await see(one.hass, OURS[0], ELSEWHERE) == "cannot_connect"
    assert host(one) == HERE
    assert one.simulator.logins == 1


# Two printers that swap addresses


@pytest.mark.parametrize("minutes", [0, 3])
async def test_two_printers_that_swap_addresses_are_followed_within_one_sighting(
    homes: tuple[Home, Home], minutes: int
) -> None:
    one, two = homes
    await move(to_3=one.simulator, to_2=two.simulator)
    await one.tick(minutes * MINUTE)
    one.changes.clear()
    assert await see(one.hass, OURS[0], THERE) == "already_configured"
    assert [host(one), host(two)] == [THERE, HERE]
    for each in homes:
        assert each.entry_state() is ConfigEntryState.LOADED
        assert each.status == "printing"
    await one.tick(MINUTE)
    assert not one.issues
    # the other sighting finds everything in order
    assert await see(one.hass, THEIRS[0], HERE) == "already_configured"
    assert [host(one), host(two)] == [THERE, HERE]


async def test_two_sightings_at_once_mix_nothing_up(homes: tuple[Home, Home]) -> None:
    one, two = homes
    await move(to_3=one.simulator, to_2=two.simulator)
    await asyncio.gather(see(one.hass, OURS[0], THERE), see(two.hass, THEIRS[1], HERE))
    assert [host(one), host(two)] == [THERE, HERE]
    assert [one.status, two.status] == ["printing", "printing"]


async def test_who_has_taken_an_address_over_is_not_moved_to_a_third_printer(
    homes: tuple[Home, Home],
) -> None:
    """The printer that is displaced is off, and another one is at its place."""
    one, two = homes
    await two.simulator.unplug()
    await move(to_3=one.simulator)
    async with Simulator(printing("3", THEIRS), host=HERE, port=one.simulator.port):
        await see(one.hass, OURS[0], THERE)
        assert [host(one), host(two)] == [THERE, THERE]
        await one.tick(2 * MINUTE)
        assert one.status == "printing"
        assert one.issues == {"wrong_printer"}
        assert two.status == "offline"
