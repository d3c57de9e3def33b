"""What no printer can mean reaches no state, and what it just can breaks nothing."""

from collections.abc import Callable
import logging

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from simulator import Simulator

from .common import now, set_up
from .conftest import Ticker

YEAR = 366 * 86400
# Seconds in which every endpoint is read at least once.
ROUND = 60
ENDPOINTS = [
    *("printer/basic", "printer/nozzle1", "printer/nozzle2", "job/currentjob"),
    *("dashboard/statistics", "dashboard/job"),
]

pytestmark = pytest.mark.usefixtures("entity_registry_enabled_by_default")

type State = Callable[..., str]


def numbers_become(value: object) -> Callable[[dict[str, object]], dict[str, object]]:
    """Return what replaces each number of an answer."""

    def change(data: dict[str, object]) -> dict[str, object]:
        return {
            key: value if isinstance(old, int | float) else old
            for key, old in data.items()
        }

    return change


def troubles(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged that a person would look into."""
    return [
        record.getMessage()
        for record in caplog.records
        # that it is a custom integration is always said
        if record.levelno > logging.INFO and record.name != "homeassistant.loader"
        # of the test's own machine
        if not record.name.startswith("aiohttp")
    ]


@pytest.mark.parametrize(
    "value",
    [1e11, 10**11, 2**63, 2**31, 1e300, -1, -1e9, 10**400, YEAR, 1_000_000, 100, 1, 0],
)
@pytest.mark.parametrize("printing", [True, False])
async def test_no_number_of_a_printer_is_too_much_for_its_entities(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
    caplog: pytest.LogCaptureFixture,
    value: object,
    printing: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    for path in ENDPOINTS:
        simulator.faults.add(
            "override", path=path, count=None, data=numbers_become(value)
        )
    simulator.printer.start("Local/part.gcode", duration=3600 if printing else 1)
    await set_up(hass, config_entry)
    await tick(ROUND)
    assert state("status") == ("printing" if printing else "completed")
    assert not troubles(caplog)


@pytest.mark.parametrize(
    ("elapsed", "total", "remaining"),
    [(0, YEAR, YEAR), (YEAR, YEAR, 0), (YEAR, 1, 0), (10, 2**63, None)],
)
async def test_the_longest_print_has_its_times(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    caplog: pytest.LogCaptureFixture,
    elapsed: int,
    total: int,
    remaining: int | None,
) -> None:
    simulator.faults.add(
        "override",
        path="job/currentjob",
        count=None,
        data=lambda data: data | {"printed_time": elapsed, "total_time": total},
    )
    simulator.printer.start("Local/part.gcode", duration=3600)
    await set_up(hass, config_entry)
    await tick(ROUND)
    job = config_entry.runtime_data.data.job
    assert job.remaining == (remaining and pytest.approx(remaining, abs=ROUND))
    assert not troubles(caplog)


@pytest.mark.parametrize("job_id", ["x" * 300, "x" * 100_000])
async def test_a_print_with_an_endless_id_is_one_by_its_name(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
    caplog: pytest.LogCaptureFixture,
    job_id: str,
) -> None:
    simulator.faults.add(
        "override",
        path="job/currentjob",
        count=None,
        data=lambda data: data | {"job_id": job_id},
    )
    simulator.printer.start("Local/part.gcode", duration=3600)
    await set_up(hass, config_entry)
    await tick(ROUND)
    assert state("file_name") == "part.gcode"
    assert state("job_id") == "unknown"
    assert not troubles(caplog)


async def test_a_fraction_of_a_print_is_shown_as_percent(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
) -> None:
    simulator.faults.add(
        "override",
        path="job/currentjob",
        count=None,
        data=lambda data: (
            data | {"print_progress": float(data["print_progress"]) / 100}
        ),
    )
    simulator.printer.start("Local/part.gcode", duration=3600)
    await set_up(hass, config_entry)
    await tick(600)
    assert float(state("progress")) < 1
    await tick(1500)
    shown = simulator.printer.job.progress_at(now())
    assert float(state("progress")) == pytest.approx(shown, abs=1)


async def test_no_state_has_the_noise_of_the_printers_floats(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    for path in ENDPOINTS:
        simulator.faults.add(
            "override", path=path, count=None, data=numbers_become(33.09997558594)
        )
    simulator.printer.start("Local/part.gcode", duration=3600)
    await set_up(hass, config_entry)
    await tick(ROUND)
    noisy = [state for state in hass.states.async_all() if "33.09" in str(state)]
    assert not noisy
