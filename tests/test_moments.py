"""Tests of the moments of a job, each of them in a real automation."""

from .common import HOUR, MINUTE, Home
from .waiting import EVERYTHING, wait_for


async def test_each_moment_of_a_print_triggers_once_and_in_order(home: Home) -> None:
    waits = await wait_for(home, *EVERYTHING)
    home.printer.start("Local/part.gcode", duration=HOUR, layers=100)
    await home.tick(70 * MINUTE)
    home.printer.dismiss()
    await home.tick(2 * HOUR)
    assert waits.done == [
        ("first_layer_finished",),
        ("reached_layer", 50),
        ("finishes_soon", 10),
        ("became_free",),
        ("cooled_down", 50),
    ]
