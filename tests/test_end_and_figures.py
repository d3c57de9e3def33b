"""Tests of the end of a print: its figures are there when the event is fired."""

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.const import EVENT_STATE_CHANGED, Platform
from homeassistant.core import Event, EventStateChangedData, callback
from simulator import Printer

from .common import MINUTE, START, Home, new_printer

FIGURES = (
    *("prints_completed", "filament_used", "print_time_total"),
    *("last_job_filament", "last_job_duration"),
)
FIRST, SECOND = (40.0, 2.0), (10.0, 0.5)
# grams and minutes of the second print, and both together
ALL = [2, 52.5, 0.5, 10.5, 10]

pytestmark = pytest.mark.usefixtures(
    "entity_registry_enabled_by_default", "few_polls", "only_platforms"
)


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms of the event and of the figures."""
    return [Platform.EVENT, Platform.SENSOR]


@pytest.fixture
def printer(freezer: FrozenDateTimeFactory) -> Printer:
    """Return a printer that has completed one print before."""
    freezer.move_to(START)
    printer = new_printer()
    printer.start("Local/first.gcode", duration=20 * MINUTE, filament=FIRST)
    freezer.tick(21 * MINUTE)
    printer.dismiss()
    return printer


@pytest.fixture
async def home(home: Home) -> Home:
    """Return a home that has read everything of the first print."""
    await home.tick(2 * MINUTE)
    return home


@pytest.fixture
def at_event(home: Home) -> dict[str, list[str]]:
    """Return the figures that an automation finds at each event of a job."""
    found: dict[str, list[str]] = {}

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        if new is not None and new.entity_id == home.entity_id("job", "event"):
            kind = str(new.attributes.get("event_type"))
            found[kind] = [home.state(key) for key in FIGURES]

    home.hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return found


def print_second(home: Home, minutes: int = 10) -> None:
    """Start the second print."""
    home.printer.start("Local/part.gcode", duration=minutes * MINUTE, filament=SECOND)


def numbers(states: list[str]) -> list[float]:
    """Return figures as numbers."""
    return [float(state) for state in states]


def hide_entry(home: Home) -> None:
    """Let the history get its new entry later, as some printers do."""
    before = len(home.printer.history)
    home.answer(
        "dashboard/joblist",
        lambda data: {
            "job_list": [job for job in data["job_list"] if job["job_index"] < before]
        },
    )


async def test_the_figures_are_there_when_the_end_is_reported(
    home: Home, at_event: dict[str, list[str]]
) -> None:
    print_second(home)
    await home.tick(11 * MINUTE)
    assert numbers(at_event["completed"]) == pytest.approx(ALL, abs=0.01)


async def test_the_figures_are_there_also_for_an_end_during_a_restart(
    home: Home, at_event: dict[str, list[str]]
) -> None:
    print_second(home)
    await home.tick(2 * MINUTE)
    await home.unload()
    home.freezer.tick(20 * MINUTE)
    await home.set_up()
    await home.tick(MINUTE)
    assert numbers(at_event["completed"]) == pytest.approx(ALL, abs=0.01)


async def test_the_figures_of_the_job_before_do_not_pass_as_those_of_the_new_one(
    home: Home, at_event: dict[str, list[str]]
) -> None:
    hide_entry(home)
    print_second(home)
    await home.tick(11 * MINUTE)
    assert at_event["completed"][3:] == ["unknown", "unknown"]
    home.heal()
    # the following polls read the entry
    await home.tick(45)
    assert home.number("last_job_filament") == 10.5
    assert home.number("last_job_duration") == 10


async def test_an_entry_that_never_comes_is_not_read_without_end(
    home: Home,
) -> None:
    hide_entry(home)
    print_second(home)
    await home.tick(20 * MINUTE)
    home.simulator.requests.clear()
    await home.tick(60 * MINUTE)
    assert home.count_requests("dashboard/joblist") <= 10
    assert home.state("last_job_filament") == "unknown"


async def test_totals_that_come_later_are_read_with_the_following_polls(
    home: Home,
) -> None:
    home.answer(
        "dashboard/statistics",
        printed_file_num=1,
        printed_used_filament=42.0,
        printed_total_time=1200,
        printed_used_filament_0=40.0,
        printed_used_filament_1=2.0,
    )
    print_second(home)
    await home.tick(11 * MINUTE)
    assert home.state("prints_completed") == "1"
    home.heal()
    await home.tick(45)
    assert home.state("prints_completed") == "2"


@pytest.mark.parametrize("end", ["stop", "fail"])
async def test_the_last_completed_job_stays_when_one_is_not_completed(
    home: Home, end: str
) -> None:
    assert home.number("last_job_filament") == 42
    print_second(home, minutes=60)
    await home.tick(5 * MINUTE)
    getattr(home.printer, end)()
    await home.tick(10 * MINUTE)
    assert home.number("last_job_filament") == 42
    assert home.state("prints_completed") == "1"


async def test_an_end_costs_few_requests(home: Home) -> None:
    print_second(home)
    await home.tick(9 * MINUTE)
    home.simulator.requests.clear()
    await home.tick(10 * MINUTE)
    assert home.count_requests("dashboard/statistics") <= 2
    assert home.count_requests("dashboard/joblist") <= 2
    assert home.count_requests("dashboard/job") == 1
