"""Tests of what is written: a print's hundreds of layers are not as many states."""

from collections.abc import Callable, Generator
from itertools import pairwise

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import Event, EventStateChangedData, HomeAssistant
from homeassistant.setup import async_setup_component
from simulator import Simulator

from .conftest import Ticker

# The vendor's own example of a job.
LAYERS, SECONDS = 470, 11333

type States = list[tuple[float, str]]


@pytest.fixture
def written(hass: HomeAssistant) -> Generator[Callable[[str], States]]:
    """Return a function that tells when an entity got which states."""
    states: list[tuple[str, float, str]] = []

    def note(event: Event[EventStateChangedData]) -> None:
        if (new := event.data["new_state"]) is not None:
            states.append((new.entity_id, new.last_updated_timestamp, new.state))

    unsubscribe = hass.bus.async_listen("state_changed", note)
    yield lambda entity_id: [
        (at, state) for name, at, state in states if name == entity_id
    ]
    unsubscribe()


@pytest.fixture
async def middle(
    simulator: Simulator, loaded_entry: MockConfigEntry, tick: Ticker
) -> Simulator:
    """Return a printer in the midst of the vendor's example job."""
    simulator.printer.start("Local/part.gcode", duration=SECONDS, layers=LAYERS)
    await tick(3000)
    return simulator


async def test_a_layer_is_written_once_a_minute_at_most(
    middle: Simulator,
    tick: Ticker,
    entity_id: Callable[..., str],
    written: Callable[[str], States],
) -> None:
    begun = len(written(entity_id("current_layer")))
    await tick(1800)
    times = [at for at, _ in written(entity_id("current_layer"))[begun:]]
    assert 25 <= len(times) <= 30
    gaps = [after - before for before, after in pairwise(times)]
    assert min(gaps) >= 60
    assert max(gaps) <= 75


def report(simulator: Simulator, layer: int) -> None:
    """Let the printer say that it is at a layer, and nothing else that changes."""
    same = {"printed_layer": layer, "printed_time": 3000, "print_progress": 30.0}
    simulator.faults.clear()
    simulator.faults.add(
        "override",
        path="job/currentjob",
        count=None,
        data=lambda answer: answer | same,
    )


async def test_a_layer_that_is_held_back_is_shown_after_the_minute(
    middle: Simulator, tick: Ticker, state: Callable[..., str]
) -> None:
    report(middle, 150)
    await tick(75)
    assert state("current_layer") == "150"
    report(middle, 151)
    await tick(15)
    report(middle, 152)
    # from now on each poll reads the same
    await tick(75)
    assert state("current_layer") == "152"


async def test_the_first_layer_is_shown_at_once(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: Callable[..., str],
) -> None:
    simulator.printer.start("Local/part.gcode", duration=SECONDS, layers=LAYERS)
    report(simulator, 0)
    await tick(45)
    assert state("current_layer") == "0"
    report(simulator, 1)
    await tick(15)
    assert state("current_layer") == "1"
    report(simulator, 2)
    await tick(15)
    assert state("current_layer") == "1"


async def test_the_last_layers_are_shown_at_once(
    middle: Simulator, tick: Ticker, state: Callable[..., str]
) -> None:
    for layer in range(LAYERS - 4, LAYERS + 1):
        report(middle, layer)
        await tick(20)
        assert state("current_layer") == str(layer)


async def test_the_layer_of_a_pause_is_shown_at_once(
    middle: Simulator, tick: Ticker, state: Callable[..., str]
) -> None:
    report(middle, 150)
    await tick(75)
    middle.printer.pause()
    report(middle, 151)
    await tick(45)
    assert state("status") == "paused"
    assert state("current_layer") == "151"
    report(middle, 152)
    await tick(15)
    assert state("current_layer") == "152"


async def test_the_layer_of_the_end_is_shown_at_once(
    middle: Simulator, tick: Ticker, state: Callable[..., str]
) -> None:
    await tick(SECONDS - 3000 + 20)
    assert state("status") == "completed"
    assert state("current_layer") == str(LAYERS)
    middle.printer.dismiss()
    await tick(45)
    assert state("current_layer") == "unknown"


async def test_the_next_job_begins_at_its_own_layer(
    middle: Simulator, tick: Ticker, state: Callable[..., str]
) -> None:
    middle.printer.stop()
    await tick(45)
    middle.printer.start("Local/other.gcode", duration=SECONDS, layers=LAYERS)
    await tick(45)
    assert int(state("current_layer")) < 5


async def test_who_asks_for_a_layer_gets_it(
    hass: HomeAssistant,
    middle: Simulator,
    tick: Ticker,
    entity_id: Callable[..., str],
    state: Callable[..., str],
) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    report(middle, 150)
    await tick(75)
    report(middle, 151)
    await tick(15)
    report(middle, 152)
    await hass.services.async_call(
        "homeassistant",
        "update_entity",
        {"entity_id": entity_id("current_layer")},
        blocking=True,
    )
    await tick(15)
    assert state("current_layer") == "152"


async def test_a_layer_is_shown_as_soon_as_the_printer_is_back(
    middle: Simulator, tick: Ticker, state: Callable[..., str]
) -> None:
    report(middle, 150)
    await tick(75)
    report(middle, 151)
    await tick(15)
    await middle.power_off()
    await tick(30)
    assert state("current_layer") == "unavailable"
    await middle.power_on()
    middle.printer.start("Local/part.gcode", duration=SECONDS, layers=LAYERS)
    report(middle, 153)
    await tick(45)
    assert state("current_layer") == "153"


async def test_remaining_time_is_written_every_five_minutes_above_an_hour(
    middle: Simulator,
    tick: Ticker,
    entity_id: Callable[..., str],
    written: Callable[[str], States],
) -> None:
    name = entity_id("remaining_time")
    await tick(60)
    begun = len(written(name))
    await tick(3600)
    minutes = [float(state) for _, state in written(name)[begun:]]
    assert len(minutes) == 12
    assert all(value % 5 == 0 for value in minutes)
    await tick(SECONDS - 6660 - 3600)
    begun = len(written(name))
    await tick(1800)
    minutes = [float(state) for _, state in written(name)[begun:]]
    assert 28 <= len(minutes) <= 31
    assert all(value == int(value) for value in minutes)
