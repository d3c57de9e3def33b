"""What no printer can mean reaches no state, and what it just can breaks nothing."""

from collections.abc import Callable
import logging

import pytest

from .common import Home, now

YEAR = 366 * 86400
# Seconds in which every endpoint is read at least once.
ROUND = 60
ENDPOINTS = [
    *("printer/basic", "printer/nozzle1", "printer/nozzle2", "job/currentjob"),
    *("dashboard/statistics", "dashboard/job"),
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


async def poll_a_print(home: Home, duration: float = 3600) -> None:
    """Start Home Assistant in a print, and let it read everything."""
    home.printer.start("Local/part.gcode", duration=duration)
    await home.set_up()
    await home.tick(ROUND)


@pytest.mark.parametrize(
    "value",
    [1e11, 10**11, 2**63, 2**31, 1e300, -1, -1e9, 10**400, YEAR, 1_000_000, 100, 1, 0],
)
@pytest.mark.parametrize(("duration", "status"), [(3600, "printing"), (1, "completed")])
async def test_no_number_of_a_printer_is_too_much_for_its_entities(
    new_home: Home, value: object, duration: float, status: str
) -> None:
    for path in ENDPOINTS:
        new_home.answer(path, numbers_become(value))
    await poll_a_print(new_home, duration)
    assert new_home.status == status
    assert not complaints(new_home)


@pytest.mark.parametrize(
    ("elapsed", "total", "remaining"),
    [(0, YEAR, YEAR), (YEAR, YEAR, 0), (YEAR, 1, 0), (10, 2**63, None)],
)
async def test_the_longest_print_has_its_times(
    new_home: Home, elapsed: int, total: int, remaining: int | None
) -> None:
    new_home.answer("job/currentjob", printed_time=elapsed, total_time=total)
    await poll_a_print(new_home)
    job = new_home.coordinator.data.job
    assert job
    assert job.remaining == (remaining and pytest.approx(remaining, abs=ROUND))
    assert not complaints(new_home)


@pytest.mark.parametrize("job_id", ["x" * 300, "x" * 100_000], ids=len)
async def test_a_print_with_an_endless_id_is_known_by_its_name(
    new_home: Home, job_id: str
) -> None:
    new_home.answer("job/currentjob", job_id=job_id)
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
    home.printer.start("Local/part.gcode", duration=3600)
    await home.set_up()
    await home.tick(600)
    assert home.number("progress") < 1
    await home.tick(1500)
    # so that the last poll is as good as the present
    home.printer.pause()
    await home.tick(ROUND)
    shown = home.printer.job.progress_at(now())
    assert home.number("progress") == pytest.approx(shown, abs=1)


async def test_no_state_has_the_noise_of_the_printers_floats(new_home: Home) -> None:
    for path in ENDPOINTS:
        new_home.answer(path, numbers_become(33.09997558594))
    await poll_a_print(new_home)
    states = new_home.hass.states.async_all()
    assert not [state for state in states if "33.09" in str(state)]
