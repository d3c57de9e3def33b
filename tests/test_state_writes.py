"""Tests of what is written: a print's hundreds of layers are not as many states."""

from itertools import pairwise

import pytest

from homeassistant.const import Platform
from homeassistant.setup import async_setup_component

from .common import Home

pytestmark = pytest.mark.usefixtures("only_platforms")

# The vendor's own example of a job.
LAYERS, SECONDS = 470, 11333


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platform that is written most."""
    return [Platform.SENSOR]


@pytest.fixture
async def middle(home: Home) -> Home:
    """Return a home whose printer is in the middle of the vendor's example job."""
    home.printer.start("Local/part.gcode", duration=SECONDS, layers=LAYERS)
    await home.tick(15)
    home.freezer.tick(2910)
    await home.tick(75)
    return home


async def written(home: Home, key: str, seconds: float) -> list[tuple[float, str]]:
    """Return when an entity gets which states in some time from now on."""
    home.changes.clear()
    await home.tick(seconds)
    entity_id = home.entity_id(key)
    states = [change["new_state"] for change in home.changes]
    return [
        (state.last_updated_timestamp, state.state)
        for state in states
        if state and state.entity_id == entity_id
    ]


async def report(home: Home, layer: int, seconds: float) -> str:
    """Return the layer shown some time after the printer reports only another layer."""
    home.heal()
    home.answer(
        "job/currentjob", printed_layer=layer, printed_time=3000, print_progress=30.0
    )
    await home.tick(seconds)
    return home.state("current_layer")


async def test_a_layer_is_written_once_a_minute_at_most(middle: Home) -> None:
    times = [at for at, _ in await written(middle, "current_layer", 900)]
    assert 12 <= len(times) <= 15
    gaps = [after - before for before, after in pairwise(times)]
    assert min(gaps) >= 60
    assert max(gaps) <= 75


async def test_a_layer_that_is_held_back_is_shown_after_the_minute(
    middle: Home,
) -> None:
    assert await report(middle, 150, 75) == "150"
    await report(middle, 151, 15)
    # from now on each poll reads the same
    assert await report(middle, 152, 75) == "152"


async def test_the_first_layer_is_shown_at_once(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=SECONDS, layers=LAYERS)
    assert await report(home, 0, 45) == "0"
    assert await report(home, 1, 15) == "1"
    assert await report(home, 2, 15) == "1"


async def test_the_last_layers_are_shown_at_once(middle: Home) -> None:
    for layer in range(LAYERS - 4, LAYERS + 1):
        assert await report(middle, layer, 20) == str(layer)


async def test_the_layer_of_a_pause_is_shown_at_once(middle: Home) -> None:
    await report(middle, 150, 75)
    middle.printer.pause()
    assert await report(middle, 151, 45) == "151"
    assert middle.status == "paused"
    assert await report(middle, 152, 15) == "152"


async def test_the_layer_of_the_end_is_shown_at_once(middle: Home) -> None:
    middle.freezer.tick(SECONDS - 3000 - 60)
    await middle.tick(80)
    assert middle.status == "completed"
    assert middle.state("current_layer") == str(LAYERS)
    middle.printer.dismiss()
    await middle.tick(45)
    assert middle.state("current_layer") == "unknown"


async def test_the_next_job_begins_at_its_own_layer(middle: Home) -> None:
    middle.printer.stop()
    await middle.tick(45)
    middle.printer.start("Local/other.gcode", duration=SECONDS, layers=LAYERS)
    await middle.tick(45)
    assert int(middle.state("current_layer")) < 5


async def test_an_update_on_request_shows_the_layer(middle: Home) -> None:
    assert await async_setup_component(middle.hass, "homeassistant", {})
    await report(middle, 150, 75)
    await report(middle, 151, 15)
    await report(middle, 152, 0)
    await middle.call("homeassistant.update_entity", ("current_layer", "sensor"))
    await middle.tick(15)
    assert middle.state("current_layer") == "152"


async def test_a_layer_is_shown_as_soon_as_the_printer_is_back(middle: Home) -> None:
    await report(middle, 150, 75)
    await report(middle, 151, 15)
    await middle.simulator.power_off()
    await middle.tick(30)
    assert middle.state("current_layer") == "unavailable"
    await middle.simulator.power_on()
    middle.printer.start("Local/part.gcode", duration=SECONDS, layers=LAYERS)
    assert await report(middle, 153, 45) == "153"


async def test_remaining_time_is_written_every_five_minutes_above_an_hour(
    middle: Home,
) -> None:
    await middle.tick(60)
    states = await written(middle, "remaining_time", 1800)
    minutes = [float(state) for _, state in states]
    assert len(minutes) == 6
    assert all(value % 5 == 0 for value in minutes)
    middle.freezer.tick(SECONDS - 4860 - 3600 - 120)
    await middle.tick(120)
    states = await written(middle, "remaining_time", 600)
    minutes = [float(state) for _, state in states]
    assert 9 <= len(minutes) <= 11
    assert all(value == int(value) for value in minutes)
