"""Tests of printers that are gone for an hour, and of the repair that searches them."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from unittest.mock import AsyncMock, patch

from freezegun.api import FrozenDateTimeFactory
import pytest
import pytest_socket

from custom_components.raise3d.const import DOMAIN
from homeassistant.components.repairs import (
    RepairsFlowManager,
    RepairsFlowResult,
    repairs_flow_manager,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from simulator import Simulator

from .common import HOUR, MINUTE, START, Home, add_entry, new_printer, set_up, state_of
from .neighbours import adapter, move, neighbours
from .wire import Wire

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that show whether the printer is there."""
    return [Platform.SENSOR]


@pytest.fixture(autouse=True)
def network(socket_enabled: None) -> Iterator[AsyncMock]:
    """Return the adapters of a network with six addresses."""
    pytest_socket.socket_allow_hosts(["127.0.0.0/8"])
    with patch(
        "homeassistant.components.network.async_get_adapters",
        AsyncMock(return_value=[adapter("127.0.0.1", 29)]),
    ) as adapters:
        yield adapters


@pytest.fixture
async def simulators(
    freezer: FrozenDateTimeFactory, network: AsyncMock
) -> AsyncGenerator[dict[str, Simulator]]:
    """Return our printer and its neighbour."""
    freezer.move_to(START)
    ours, theirs = new_printer(machine_id="1"), new_printer(machine_id="2", seed=7)
    async with neighbours(ours=ours, theirs=theirs) as simulators:
        yield simulators


@pytest.fixture
async def home(
    hass: HomeAssistant,
    simulators: dict[str, Simulator],
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> AsyncGenerator[Home]:
    """Return the home of our printer."""
    simulator = simulators["ours"]
    entry = add_entry(hass, simulator)
    home = Home(simulator, hass, entry, freezer, caplog)
    await home.set_up()
    await home.tick(MINUTE)
    assert await async_setup_component(hass, "repairs", {})
    yield home
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
def neighbour(simulators: dict[str, Simulator]) -> Wire:
    """Return the neighbour, which is not set up in Home Assistant."""
    return Wire(simulators["theirs"])


def allow(home: Home) -> None:
    """Allow Home Assistant to search for the printer."""
    home.hass.config_entries.async_update_entry(
        home.entry, options={"search_again": True}
    )


async def pass_an_hour(home: Home) -> None:
    """Let an hour pass, most of it without a poll."""
    await home.tick(2 * MINUTE)
    home.freezer.tick(HOUR - 2 * MINUTE)
    await home.tick(3 * MINUTE)


# Allowed to search


async def test_a_printer_that_is_gone_for_an_hour_is_found_at_another_address(
    home: Home, neighbour: Wire
) -> None:
    allow(home)
    await move(to_5=home.simulator)
    await home.tick(50 * MINUTE)
    assert not neighbour.count_requests()
    await home.tick(12 * MINUTE)
    assert home.entry.data["host"] == "127.0.0.5"
    assert home.status == "idle"
    assert not home.issues
    # its neighbour has been recognized, and asked for its number
    assert [request.path for request in neighbour.simulator.requests] == [
        "/",
        "/v1/login",
        "/v1/printer/system",
    ]


async def test_a_printer_that_is_off_is_searched_for_once_in_each_outage(
    home: Home, neighbour: Wire
) -> None:
    allow(home)
    await home.simulator.power_off()
    for _ in range(3):
        await pass_an_hour(home)
    assert neighbour.simulator.logins == 1
    assert not home.issues
    await home.simulator.power_on()
    await home.tick(3 * MINUTE)
    await home.simulator.power_off()
    await pass_an_hour(home)
    assert neighbour.simulator.logins == 2
    assert home.entry.data["host"] == "127.0.0.2"


async def test_without_leave_nothing_is_searched(home: Home, neighbour: Wire) -> None:
    await move(to_5=home.simulator)
    await pass_an_hour(home)
    assert not neighbour.count_requests()
    assert home.status == "offline"
    assert not home.issues


async def test_leave_that_comes_late_in_an_outage_starts_the_search_once(
    home: Home, neighbour: Wire
) -> None:
    await home.simulator.power_off()
    await pass_an_hour(home)
    assert not neighbour.count_requests()
    allow(home)
    await home.tick(5 * MINUTE)
    assert neighbour.simulator.logins == 1


async def test_a_printer_that_comes_back_during_the_search_raises_nothing(
    home: Home,
) -> None:
    home.printer.start("Local/part.gcode", duration=9 * HOUR)
    await home.tick(2 * MINUTE)
    allow(home)
    await home.simulator.unplug()

    async def search(*_: object) -> frozenset[str]:
        await home.simulator.start()
        await home.entry.runtime_data.async_refresh()
        assert home.status == "printing"
        return frozenset()

    with (
        patch("custom_components.raise3d.gone.async_search_again", search),
        patch("custom_components.raise3d.gone.async_raise_issue") as raised,
    ):
        await pass_an_hour(home)
    assert home.status == "printing"
    assert not raised.called


async def test_a_printer_that_answers_its_own_entry_gets_no_login_of_another(
    home: Home, neighbour: Wire
) -> None:
    allow(home)
    other = add_entry(home.hass, neighbour.simulator)
    await set_up(home.hass, other)
    await move(to_5=home.simulator)
    await pass_an_hour(home)
    assert home.entry.data["host"] == "127.0.0.5"
    # its own login alone
    assert neighbour.simulator.logins == 1


async def test_a_new_router_moves_all_printers_and_all_are_found(
    home: Home, neighbour: Wire
) -> None:
    allow(home)
    other = add_entry(home.hass, neighbour.simulator)
    home.hass.config_entries.async_update_entry(other, options={"search_again": True})
    await set_up(home.hass, other)
    await move(to_5=home.simulator, to_2=neighbour.simulator)
    await pass_an_hour(home)
    assert home.entry.data["host"] == "127.0.0.5"
    assert other.data["host"] == "127.0.0.2"
    assert state_of(other) is ConfigEntryState.LOADED
    assert not home.issues


# A repair


@dataclass
class Repair:
    """A person who repairs an issue."""

    home: Home
    result: RepairsFlowResult = field(init=False)

    @property
    def manager(self) -> RepairsFlowManager:
        """Return what has the flows of repairs."""
        manager = repairs_flow_manager(self.home.hass)
        assert manager
        return manager

    async def start(self) -> None:
        """Open the only issue there is."""
        issues = ir.async_get(self.home.hass).issues.values()
        [issue] = [each for each in issues if each.domain == DOMAIN]
        assert issue.is_fixable
        self.result = await self.manager.async_init(
            DOMAIN, context={"issue_id": issue.issue_id}
        )
        assert self.result["step_id"] == "confirm"

    async def submit(self, **data: bool) -> None:
        """Submit the form, and wait for the end of the search."""
        flow_id = self.result["flow_id"]
        self.result = await self.manager.async_configure(flow_id, data)
        assert self.result["type"] is FlowResultType.SHOW_PROGRESS
        await self.home.block_till_done()
        self.result = await self.manager.async_configure(flow_id)
        await self.home.block_till_done()


@pytest.fixture
async def repair(home: Home) -> Repair:
    """Return a person whose printer was printing, and is gone for an hour."""
    home.printer.start("Local/part.gcode", duration=9 * HOUR)
    await home.tick(2 * MINUTE)
    assert home.status == "printing"
    await move(to_5=home.simulator)
    await pass_an_hour(home)
    assert home.issues == {"gone"}
    return Repair(home)


async def test_a_printer_that_went_in_a_print_is_searched_for_by_a_repair(
    repair: Repair,
) -> None:
    home = repair.home
    await repair.start()
    await repair.submit(search_again=False)
    assert repair.result["type"] is FlowResultType.CREATE_ENTRY
    assert home.entry.data["host"] == "127.0.0.5"
    assert home.entry.options == {"search_again": False}
    assert home.status == "printing"
    assert not home.issues


async def test_a_repair_gives_leave_to_search_from_now_on(repair: Repair) -> None:
    home = repair.home
    await home.simulator.power_off()
    await repair.start()
    await repair.submit(search_again=True)
    assert repair.result["step_id"] == "not_found"
    assert home.issues == {"gone"}
    # a printer that boots is found by the second search
    await home.simulator.power_on()
    await repair.submit()
    assert repair.result["type"] is FlowResultType.CREATE_ENTRY
    assert home.entry.options == {"search_again": True}
    await move(to_2=home.simulator)
    await pass_an_hour(home)
    assert home.entry.data["host"] == "127.0.0.2"


async def test_the_issue_is_gone_with_the_printer_back(repair: Repair) -> None:
    await move(to_2=repair.home.simulator)
    await repair.home.tick(3 * MINUTE)
    assert not repair.home.issues


async def test_the_issue_is_gone_with_the_entry(repair: Repair) -> None:
    await repair.home.remove()
    assert not repair.home.issues


async def test_a_printer_whose_address_another_one_has_is_searched_for_by_a_repair(
    home: Home, neighbour: Wire
) -> None:
    await move(to_5=home.simulator, to_2=neighbour.simulator)
    await home.tick(2 * MINUTE)
    assert home.issues == {"wrong_printer"}
    repair = Repair(home)
    await repair.start()
    await repair.submit(search_again=False)
    assert repair.result["type"] is FlowResultType.CREATE_ENTRY
    assert home.entry.data["host"] == "127.0.0.5"
    await home.tick(2 * MINUTE)
    assert home.status == "idle"
    assert not home.issues


async def test_a_repair_that_is_closed_ends_its_search(repair: Repair) -> None:
    await repair.start()
    ended = asyncio.Event()

    async def search(*_: object) -> None:
        with ExitStack() as stack:
            stack.callback(ended.set)
            await asyncio.Event().wait()

    with patch("custom_components.raise3d.search_repair.async_search_again", search):
        repair.result = await repair.manager.async_configure(
            repair.result["flow_id"], {"search_again": False}
        )
        repair.manager.async_abort(repair.result["flow_id"])
        await ended.wait()
    assert repair.home.issues == {"gone"}
