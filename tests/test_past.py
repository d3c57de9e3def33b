"""What a printer did before it was added is no event, and what lags is none either."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, HomeAssistant
from simulator import Printer, Simulator, Unknowns

from .common import PASSWORD, add_entry, now, set_up
from .conftest import Ticker

LAGS = ((1, 0), (12, 0), (25, 0), (30, 0), (30, 10))
NEVER: list[tuple[str, bool]] = []


@pytest.fixture
def past() -> dict[str, Any]:
    """Return what the printer did before; a test may parametrize it."""
    return {}


@pytest.fixture
def printer(past: dict[str, Any], freezer: FrozenDateTimeFactory) -> Printer:
    """Return a printer with a past."""
    freezer.move_to("2026-11-23 08:00:00+00:00")
    return Printer("pro2", password=PASSWORD, clock=now, **past)


@pytest.fixture
def reported(hass: HomeAssistant) -> list[tuple[str, bool]]:
    """Return what the event entity reports from now on, and whether it is late."""
    reported: list[tuple[str, bool]] = []

    def note(event: Event[Any]) -> None:
        new = event.data["new_state"]
        if new is not None and new.domain == "event" and "late" in new.attributes:
            kind = new.attributes["event_type"], new.attributes["late"]
            old = event.data["old_state"]
            reported.extend([kind] * (old is None or old.state != new.state))

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return reported


PASTS = [
    {"last_job": kind, "history": history, "plate_full": full}
    for kind, full in (
        ("completed", False),
        ("completed", True),
        ("stopped", False),
        ("failed", False),
    )
    for history in (0, 16)
]
HISTORIES = [
    Unknowns(),
    Unknowns(history_empty_for=120, counter=0),
    Unknowns(history_busy_for=400),
    Unknowns(history_newest_first=True, history_index=False, history_base=1),
    Unknowns(history_of_all=True, counter_offset=-5),
]


@pytest.mark.parametrize(
    "past", [past | {"unknowns": kind} for past in PASTS for kind in HISTORIES]
)
async def test_the_past_of_a_printer_that_is_added_is_no_event(
    hass: HomeAssistant,
    simulator: Simulator,
    tick: Ticker,
    reported: list[tuple[str, bool]],
    past: dict[str, Any],
) -> None:
    entry = add_entry(hass, simulator)
    await set_up(hass, entry)
    await tick(900)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await tick(120)
    assert reported == NEVER


@pytest.mark.parametrize("past", [{"last_job": "completed", "plate_full": True}])
async def test_a_plate_that_is_cleared_between_the_first_two_polls_is_no_event(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    reported: list[tuple[str, bool]],
) -> None:
    await set_up(hass, config_entry)
    simulator.printer.dismiss()
    await tick(600)
    assert reported == NEVER


@pytest.mark.parametrize("past", [{"last_job": "completed", "history": 3}])
async def test_a_printer_that_is_removed_and_added_again_has_no_news(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    reported: list[tuple[str, bool]],
) -> None:
    await set_up(hass, config_entry)
    await tick(60)
    assert await hass.config_entries.async_remove(config_entry.entry_id)
    simulator.printer.start(duration=300)
    await tick(900)
    simulator.printer.dismiss()
    await set_up(hass, add_entry(hass, simulator))
    await tick(600)
    assert reported == NEVER


@pytest.mark.parametrize(
    "past",
    [
        {"last_job": "completed", "unknowns": Unknowns(state_lag=lag, job_lag=other)}
        for lag, other in (
            (1, 0),
            (12, 0),
            (25, 0),
            (30, 0),
            (0, 12),
            (0, 30),
            (30, 10),
        )
    ],
)
async def test_a_print_whose_answers_lag_is_started_and_completed(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    reported: list[tuple[str, bool]],
) -> None:
    await set_up(hass, config_entry)
    await tick(120)
    simulator.printer.start("Local/part.gcode", duration=600)
    # as after `raise3d.start_print`: polls every two seconds
    await config_entry.runtime_data.async_expect_change()
    await tick(900)
    simulator.printer.dismiss()
    await tick(120)
    assert reported == [("started", False), ("completed", False)]
