"""What no printer can mean reaches no state, and what it just can breaks nothing."""

from collections.abc import Callable
from itertools import chain
import logging

import pytest

from homeassistant.const import Platform

from .common import MINUTE, Home, now

YEAR = 366 * 86400
# Those that a set-up begins with, and those that come later, each in a poll of its own.
NUMBERS: list[list[object]] = [
    [10**400, 1e11, 10**11, 2**63, 1e300],
    [-1, -1e9, 2**31],
    [0, YEAR, 1_000_000, 100, 1],
]
# Seconds in which every endpoint is read at least once.
ROUND = 60
ENDPOINTS = [
    *("printer/basic", "printer/nozzle1", "printer/nozzle2", "job/currentjob"),
    "dashboard/statistics",
]

pytestmark = pytest.mark.usefixtures("entity_registry_enabled_by_default")


def numbers_become(value: object) -> Callable[[dict[str, object]], dict[str, object]]:
    """Return what replaces each number of an answer."""

    def change(data: dict[str, object]) -> dict[str, object]:
        return {
            key: value if isinstance(old, int | float) else old
            for key, old in data.items()
        }

    return change


def complaints(home: Home) -> list[str]:
    """Return what was logged that a person would look into."""
    return [
        record.getMessage()
        for record in home.caplog.records
        # that it is a custom integration is always said
        if record.levelno > logging.INFO and record.name != "homeassistant.loader"
        # of the test's own machine
        if not record.name.startswith("aiohttp")
    ]


def answer_numbers(home: Home, value: object) -> None:
    """Let each number of each answer be one value from now on."""
    home.heal()
    home.simulator.requests.clear()
    for path in (*ENDPOINTS, "dashboard/job"):
        home.answer(path, numbers_become(value))


async def poll_a_print(home: Home, duration: float = 3600) -> None:
    """Start Home Assistant in a print, and let it read everything."""
    home.printer.start("Local/part.gcode", duration=duration)
    await home.set_up()
    await home.tick(ROUND)


@pytest.mark.parametrize("values", NUMBERS, ids=["huge", "negative", "small"])
async def test_no_number_of_a_print_is_too_much_for_its_entities(
    new_home: Home, values: list[object]
) -> None:
    answer_numbers(new_home, values[0])
    await poll_a_print(new_home, 10 * 3600)
    assert not complaints(new_home)
    for value in values:
        # after an outage everything is due again
        new_home.fail("reset")
        new_home.freezer.tick(MINUTE)
        await new_home.tick(5)
        assert new_home.status == "offline"
        answer_numbers(new_home, value)
        await new_home.tick(ROUND)
        assert {*ENDPOINTS} <= {*new_home.paths}
        assert new_home.status == "printing"
        assert not complaints(new_home)


@pytest.mark.parametrize("platforms", [[Platform.EVENT, Platform.SENSOR]], ids=[""])
@pytest.mark.usefixtures("only_platforms")
async def test_no_number_of_a_print_that_has_ended_is_too_much(new_home: Home) -> None:
    new_home.printer.start("Local/part.gcode", duration=1)
    await new_home.set_up()
    for value in chain.from_iterable(NUMBERS):
        answer_numbers(new_home, value)
        # what is known of the last job is read once, when it ends or at the start
        await new_home.reload()
        await new_home.tick(ROUND)
        assert {*ENDPOINTS, "dashboard/job"} <= {*new_home.paths}
        assert new_home.status == "completed"
        assert not complaints(new_home)


async def test_the_longest_print_has_its_times(new_home: Home) -> None:
    new_home.answer("job/currentjob", printed_time=10, total_time=2**63)
    await poll_a_print(new_home)
    job = new_home.coordinator.data.job
    assert job
    assert job.remaining is None
    for elapsed, total, remaining in ((0, YEAR, YEAR), (YEAR, YEAR, 0), (YEAR, 1, 0)):
        new_home.heal()
        new_home.answer("job/currentjob", printed_time=elapsed, total_time=total)
        await new_home.tick(ROUND)
        job = new_home.coordinator.data.job
        assert job
        assert (job.elapsed, job.total) == (elapsed, total)
        assert job.remaining == pytest.approx(remaining, abs=ROUND)
    assert not complaints(new_home)


@pytest.mark.parametrize("length", [300, 100_000])
async def test_a_print_with_an_endless_id_is_known_by_its_name(
    new_home: Home, length: int
) -> None:
    new_home.answer("job/currentjob", job_id="x" * length)
    await poll_a_print(new_home)
    assert new_home.state("file_name") == "part.gcode"
    assert new_home.state("job_id") == "unknown"
    assert not complaints(new_home)


async def test_a_fraction_of_a_print_is_shown_as_percent(new_home: Home) -> None:
    home = new_home
    home.answer(
        "job/currentjob",
        lambda data: data | {"print_progress": float(data["print_progress"]) / 100},
    )
    home.printer.start("Local/part.gcode", duration=1200)
    await home.set_up()
    await home.tick(200)
    assert home.number("progress") < 1
    # the end of the print goes by without a poll
    home.freezer.tick(480)
    await home.tick(20)
    # so that the last poll is as good as the present
    home.printer.pause()
    await home.tick(ROUND)
    shown = home.printer.job.progress_at(now())
    assert home.number("progress") == pytest.approx(shown, abs=1)


async def test_no_state_has_the_noise_of_the_printers_floats(new_home: Home) -> None:
    answer_numbers(new_home, 33.09997558594)
    await poll_a_print(new_home)
    states = new_home.hass.states.async_all()
    assert not [state for state in states if "33.09" in str(state)]
