"""Tests of another printer that takes the address over: nothing of it gets out."""

from collections.abc import Awaitable, Callable

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.api import Raise3DResponseError
from custom_components.raise3d.const import DOMAIN
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from simulator import Printer, Simulator

from .common import PASSWORD, now
from .conftest import Ticker

MINUTE = 60

# What brings a printer into a state.
BEGIN: dict[str, Callable[[Printer, str], object]] = {
    "idle": lambda _, __: None,
    "printing": lambda printer, file: printer.start(file, duration=6 * 3600),
}

type State = Callable[..., str]
type Swap = Callable[[Printer], Awaitable[Simulator]]


@pytest.fixture
async def swap(simulator: Simulator, loaded_entry: MockConfigEntry) -> Swap:
    """Return a function that puts another printer in place, between two polls."""

    async def swap(other: Printer) -> Simulator:
        await simulator.stop()
        stranger = Simulator(other, port=simulator.port)
        await stranger.start()
        return stranger

    return swap


@pytest.fixture
def history_of_states(hass: HomeAssistant) -> list[tuple[str, str]]:
    """Return what is written of each entity from now on."""
    written: list[tuple[str, str]] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if (new := event.data["new_state"]) is not None:
            written.append((new.entity_id, new.state))

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return written


def stranger_printer() -> Printer:
    """Return a printer with macs and tokens of its own."""
    return Printer("e2", password=PASSWORD, clock=now, seed=7, history=40, ambient=35.0)


def is_wrong_printer(issue_registry: ir.IssueRegistry) -> bool:
    """Whether Home Assistant says that it is another printer."""
    keys = [issue for domain, issue in issue_registry.issues if domain == DOMAIN]
    return any(issue.startswith("wrong_printer") for issue in keys)


@pytest.mark.parametrize("theirs", ["idle", "printing"])
@pytest.mark.parametrize("ours", ["idle", "printing"])
async def test_nothing_of_another_printer_gets_out(
    simulator: Simulator,
    swap: Swap,
    tick: Ticker,
    state: State,
    issue_registry: ir.IssueRegistry,
    history_of_states: list[tuple[str, str]],
    entity_id: Callable[..., str],
    ours: str,
    theirs: str,
) -> None:
    BEGIN[ours](simulator.printer, "Local/part.gcode")
    await tick(3 * MINUTE)
    total = state("prints_completed")
    event = state("job", "event")
    other = stranger_printer()
    BEGIN[theirs](other, "Local/strange.gcode")
    history_of_states.clear()
    stranger = await swap(other)
    await tick(3 * MINUTE)
    assert state("status") == "offline"
    assert is_wrong_printer(issue_registry)
    assert state("job", "event") == event
    assert state("prints_completed") == total
    written = {value for _, value in history_of_states}
    assert not {value for value in written if "strange" in value}
    assert (entity_id("prints_completed"), "40") not in history_of_states
    asked = len(stranger.requests)
    await tick(5 * MINUTE)
    # less often, but at least each minute
    assert 4 <= len(stranger.requests) - asked <= 12
    await stranger.stop()
    await simulator.start()
    await tick(65)
    assert state("status") == ours
    assert not is_wrong_printer(issue_registry)
    assert state("job", "event") == event
    assert state("prints_completed") == total


async def test_a_printer_that_takes_our_token_is_known_by_its_job(
    simulator: Simulator,
    swap: Swap,
    tick: Ticker,
    state: State,
    issue_registry: ir.IssueRegistry,
) -> None:
    simulator.printer.start("Local/part.gcode", duration=6 * 3600)
    await tick(3 * MINUTE)
    event = state("job", "event")
    # the same seed: the same tokens, and even the same network addresses
    other = Printer("e2", password=PASSWORD, clock=now)
    other.tokens.issue(now())
    stranger = await swap(other)
    await tick(45)
    assert stranger.logins == 0
    assert state("status") == "offline"
    assert is_wrong_printer(issue_registry)
    assert state("job", "event") == event
    await stranger.stop()
    await simulator.start()
    await tick(65)
    assert state("status") == "printing"
    assert state("job", "event") == event


async def test_a_camera_of_another_printer_is_not_taken_over(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    swap: Swap,
    tick: Ticker,
) -> None:
    await tick(MINUTE)
    coordinator = loaded_entry.runtime_data
    before = coordinator.data.camera
    other = stranger_printer()
    other.camera_password = "foreign"
    stranger = await swap(other)
    with pytest.raises(Raise3DResponseError, match="another printer"):
        await coordinator.async_refresh_camera()
    assert coordinator.data.camera == before
    await stranger.stop()


async def test_a_print_that_starts_costs_no_check_and_an_odd_change_one(
    simulator: Simulator, loaded_entry: MockConfigEntry, tick: Ticker
) -> None:
    def checks() -> int:
        paths = [request.path for request in simulator.requests]
        return paths.count("/v1/printer/system")

    # past the first regular check
    await tick(4 * MINUTE)
    before = checks()
    simulator.printer.start("Local/part.gcode", duration=6 * 3600)
    await tick(3 * MINUTE)
    assert checks() == before
    simulator.faults.add(
        "override",
        path="job/currentjob",
        count=None,
        data=lambda data: data | {"job_id": f"020000000001_020000000002_{'0' * 16}"},
    )
    await tick(2 * MINUTE)
    assert checks() == before + 1
