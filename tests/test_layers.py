"""Tests of the layers of a print that automations wait for."""

import pytest

from homeassistant.core import CoreState

from .common import MINUTE, Home
from .waiting import FIRST_LAYER, Waiting, layer, wait_for

pytestmark = pytest.mark.usefixtures("only_platforms")

# Until its first layer begins, it takes a minute.
PRINT = 20 * MINUTE
FIRST = ("first_layer_finished",)


def reached(number: int, *late: str) -> tuple[object, ...]:
    """Return what an automation has done at a layer."""
    return ("reached_layer", number, *late)


@pytest.fixture
async def waits(home: Home) -> Waiting:
    """Return what happens at some layers of a print."""
    waits = await wait_for(home, FIRST_LAYER, layer(2), layer(10), layer(100))
    home.printer.start("Local/part.gcode", duration=PRINT, layers=100)
    await home.tick(MINUTE)
    return waits


async def show(
    home: Home, number: int | None, seconds: int = 1000, **more: int
) -> None:
    """Let the printer report a layer."""
    home.heal()
    layers: dict[str, object] = {"printed_layer": number, "printed_time": seconds}
    home.answer("job/currentjob", None, **(layers | more))
    await home.tick(40)


async def test_each_layer_fires_once(home: Home, waits: Waiting) -> None:
    await home.tick(PRINT)
    assert waits.done == [FIRST, reached(2), reached(10), reached(100)]


async def test_it_says_which_layer_it_is(home: Home, waits: Waiting) -> None:
    await show(home, 1)
    await show(home, 12)
    assert waits.done == [FIRST, reached(2), reached(10)]
    assert [each["layer"] for each in waits.given] == [12, 12, 12]
    assert waits.given[0]["total_layers"] == 100


async def test_the_count_names_the_layer_in_work(home: Home, waits: Waiting) -> None:
    await show(home, 0)
    await show(home, 1)
    assert waits.done == []
    await show(home, 2)
    assert waits.done == [FIRST, reached(2)]


async def test_layers_that_go_backwards_do_not_fire_again(
    home: Home, waits: Waiting
) -> None:
    for number in (1, 10, 1, 0, 10, 2, 11):
        await show(home, number)
    assert waits.done == [FIRST, reached(2), reached(10)]


@pytest.mark.parametrize(
    "figures",
    [
        {"total_layer": 0},
        {"printed_time": 0},
        {"total_layer": 5},
        {"printed_layer": None},
        {"printed_layer": -3},
    ],
)
async def test_layers_that_cannot_be_are_none(
    home: Home, waits: Waiting, figures: dict[str, object]
) -> None:
    home.answer("job/currentjob", None, **({"printed_layer": 12} | figures))
    await home.tick(2 * MINUTE)
    assert waits.done == []


async def test_a_bad_body_invents_no_layer(home: Home, waits: Waiting) -> None:
    home.fail("truncated", "job/currentjob")
    await home.tick(30)
    home.heal()
    home.fail("no_data", "job/currentjob")
    await home.tick(30)
    assert waits.done == []


@pytest.fixture
async def late(new_home: Home) -> Waiting:
    """Return what happens at the layers of a print that is seen only at layer 10."""
    new_home.printer.start("Local/part.gcode", duration=PRINT, layers=100)
    await new_home.tick(MINUTE)
    new_home.answer("job/currentjob", printed_layer=10, printed_time=1000)
    # until it runs, nothing is fired that no automation waits for yet
    new_home.hass.set_state(CoreState.starting)
    await new_home.set_up()
    waits = await wait_for(new_home, FIRST_LAYER, layer(9), layer(10), layer(11))
    new_home.hass.set_state(CoreState.running)
    return waits


async def test_a_print_that_is_seen_late_has_no_past(
    new_home: Home, late: Waiting
) -> None:
    await new_home.tick(MINUTE)
    assert late.done == [reached(10, "late")]
    await show(new_home, 12)
    assert late.done == [reached(10, "late"), reached(11)]


async def test_a_print_that_is_seen_at_its_second_layer_has_finished_none_before_us(
    new_home: Home,
) -> None:
    new_home.printer.start("Local/part.gcode", duration=PRINT, layers=100)
    await new_home.tick(MINUTE)
    new_home.answer("job/currentjob", printed_layer=2, printed_time=1000)
    await new_home.set_up()
    waits = await wait_for(new_home, FIRST_LAYER)
    await new_home.tick(5 * MINUTE)
    assert waits.done == []


async def test_layers_that_fell_into_an_outage_fire_after_it(
    home: Home, waits: Waiting
) -> None:
    await home.simulator.unplug()
    await home.tick(PRINT / 2)
    await home.simulator.start()
    await home.tick(MINUTE)
    assert waits.done == [
        (*FIRST, "late"),
        reached(2, "late"),
        reached(10, "late"),
    ]


async def test_layers_of_a_print_that_ended_in_an_outage_do_not_fire(
    home: Home, waits: Waiting
) -> None:
    await home.simulator.unplug()
    await home.tick(PRINT)
    await home.simulator.start()
    await home.tick(MINUTE)
    assert home.events[-1] == ("completed", True)
    assert waits.done == []


async def test_a_layer_at_which_the_print_is_paused_fires_at_once(
    home: Home, waits: Waiting
) -> None:
    await show(home, 9)
    home.printer.pause()
    await show(home, 10)
    assert waits.done == [FIRST, reached(2), reached(10)]


async def test_the_last_layer_counts_in_the_poll_that_sees_the_end(home: Home) -> None:
    waits = await wait_for(home, layer(100))
    home.printer.start("Local/part.gcode", duration=10 * MINUTE, layers=100)
    home.printer.job.layer_ends[98] = 599.9
    await home.tick(12 * MINUTE)
    assert waits.done == [reached(100)]


@pytest.mark.parametrize(
    "missing", [{"job_id": ""}, {"job_id": "", "file_name": ""}], ids=["ids", "names"]
)
async def test_prints_without_ids_or_names_have_layers_too(
    home: Home, missing: dict[str, str]
) -> None:
    home.answer("job/currentjob", None, **missing)
    waits = await wait_for(home, FIRST_LAYER, layer(10))
    home.printer.start("Local/part.gcode", duration=10 * MINUTE, layers=20)
    await home.tick(8 * MINUTE)
    assert waits.done == [FIRST, reached(10)]
    home.printer.stop()
    await home.tick(2 * MINUTE)
    home.printer.start("Local/part.gcode", duration=10 * MINUTE, layers=20)
    await home.tick(8 * MINUTE)
    assert waits.done == [FIRST, reached(10)] * 2
