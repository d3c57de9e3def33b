"""Tests of the end of a print: its figures are there when the event is fired."""

from collections.abc import Callable

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from simulator import Printer, Simulator

from .common import PASSWORD, now, set_up
from .conftest import Ticker

MINUTE = 60
FIGURES = (
    *("prints_completed", "filament_used", "print_time_total"),
    *("last_job_filament", "last_job_duration"),
)
FIRST, SECOND = (40.0, 2.0), (10.0, 0.5)
# grams and minutes of the second print, and both together
ALL = [2, 52.5, 0.5, 10.5, 10]

type State = Callable[..., str]

pytestmark = pytest.mark.usefixtures("entity_registry_enabled_by_default")


@pytest.fixture
def printer(freezer: FrozenDateTimeFactory) -> Printer:
    """Return a printer that has completed one print before."""
    freezer.move_to("2026-11-23 08:00:00+00:00")
    printer = Printer("pro2", password=PASSWORD, clock=now)
    printer.start("Local/first.gcode", duration=20 * MINUTE, filament=FIRST)
    freezer.tick(21 * MINUTE)
    printer.dismiss()
    return printer


@pytest.fixture
def at_event(
    hass: HomeAssistant, entity_id: Callable[..., str]
) -> dict[str, list[str]]:
    """Return the figures that an automation finds at each event of a job."""
    found: dict[str, list[str]] = {}

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        if new is None or new.entity_id != entity_id("job", "event"):
            return
        states = [hass.states.get(entity_id(key)) for key in FIGURES]
        kind = str(new.attributes.get("event_type"))
        found[kind] = [state.state for state in states if state]

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return found


def numbers(states: list[str]) -> list[float]:
    """Return figures as numbers."""
    return [float(state) for state in states]


def hide_entry(simulator: Simulator) -> None:
    """Let the history get its new entry later, as some printers do."""
    before = len(simulator.printer.history)
    simulator.faults.add(
        "override",
        path="dashboard/joblist",
        count=None,
        data=lambda data: {
            "job_list": [job for job in data["job_list"] if job["job_index"] < before]
        },
    )


async def test_the_figures_are_there_when_the_end_is_reported(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    at_event: dict[str, list[str]],
) -> None:
    await set_up(hass, config_entry)
    await tick(2 * MINUTE)
    simulator.printer.start("Local/part.gcode", duration=10 * MINUTE, filament=SECOND)
    await tick(11 * MINUTE)
    assert numbers(at_event["completed"]) == pytest.approx(ALL, abs=0.01)


async def test_the_figures_are_there_also_for_an_end_during_a_restart(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    freezer: FrozenDateTimeFactory,
    at_event: dict[str, list[str]],
) -> None:
    await set_up(hass, config_entry)
    await tick(2 * MINUTE)
    simulator.printer.start("Local/part.gcode", duration=10 * MINUTE, filament=SECOND)
    await tick(2 * MINUTE)
    await hass.config_entries.async_unload(config_entry.entry_id)
    freezer.tick(20 * MINUTE)
    await set_up(hass, config_entry)
    await tick(MINUTE)
    assert numbers(at_event["completed"]) == pytest.approx(ALL, abs=0.01)


async def test_the_figures_of_the_job_before_do_not_pass_as_those_of_the_new_one(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
    at_event: dict[str, list[str]],
) -> None:
    await set_up(hass, config_entry)
    await tick(2 * MINUTE)
    hide_entry(simulator)
    simulator.printer.start("Local/part.gcode", duration=10 * MINUTE, filament=SECOND)
    await tick(11 * MINUTE)
    assert at_event["completed"][3:] == ["unknown", "unknown"]
    simulator.faults.clear()
    # the following polls read the entry
    await tick(45)
    assert float(state("last_job_filament")) == 10.5
    assert float(state("last_job_duration")) == 10


async def test_an_entry_that_never_comes_is_not_asked_for_without_end(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
) -> None:
    await set_up(hass, config_entry)
    await tick(2 * MINUTE)
    hide_entry(simulator)
    simulator.printer.start("Local/part.gcode", duration=10 * MINUTE, filament=SECOND)
    await tick(20 * MINUTE)
    simulator.requests.clear()
    await tick(60 * MINUTE)
    asked = [r for r in simulator.requests if r.path == "/v1/dashboard/joblist"]
    assert len(asked) <= 10
    assert state("last_job_filament") == "unknown"


async def test_totals_that_come_later_are_read_with_the_following_polls(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
) -> None:
    await set_up(hass, config_entry)
    await tick(2 * MINUTE)
    old = {"printed_file_num": 1, "printed_used_filament": 42.0}
    simulator.faults.add(
        "override",
        path="dashboard/statistics",
        count=None,
        data=lambda data: (
            data
            | old
            | {
                "printed_total_time": 1200,
                "printed_used_filament_0": 40.0,
                "printed_used_filament_1": 2.0,
            }
        ),
    )
    simulator.printer.start("Local/part.gcode", duration=10 * MINUTE, filament=SECOND)
    await tick(11 * MINUTE)
    assert state("prints_completed") == "1"
    simulator.faults.clear()
    await tick(45)
    assert state("prints_completed") == "2"


@pytest.mark.parametrize("end", ["stop", "fail"])
async def test_the_last_completed_job_stays_when_one_is_not_completed(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
    end: str,
) -> None:
    await set_up(hass, config_entry)
    await tick(2 * MINUTE)
    assert float(state("last_job_filament")) == 42
    simulator.printer.start("Local/part.gcode", duration=60 * MINUTE, filament=SECOND)
    await tick(5 * MINUTE)
    {"stop": simulator.printer.stop, "fail": simulator.printer.fail}[end]()
    await tick(10 * MINUTE)
    assert float(state("last_job_filament")) == 42
    assert state("prints_completed") == "1"


async def test_an_end_costs_few_requests(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    await set_up(hass, config_entry)
    await tick(2 * MINUTE)
    simulator.printer.start("Local/part.gcode", duration=10 * MINUTE, filament=SECOND)
    await tick(9 * MINUTE)
    simulator.requests.clear()
    await tick(10 * MINUTE)
    paths = [request.path.removeprefix("/v1/") for request in simulator.requests]
    assert paths.count("dashboard/statistics") <= 2
    assert paths.count("dashboard/joblist") <= 2
    assert paths.count("dashboard/job") == 1
