"""What a printer did before it was added is no event, and what lags is none either."""

import asyncio
from typing import Any

import pytest

from homeassistant.const import Platform
from simulator import Unknowns

from .common import Home, add_entry, set_up

pytestmark = pytest.mark.usefixtures("only_platforms")

ENDS = [
    ("completed", False),
    ("completed", True),
    ("stopped", False),
    ("failed", False),
]
HISTORIES = [
    Unknowns(),
    Unknowns(history_empty_for=120, counter=0),
    Unknowns(history_busy_for=400),
    Unknowns(history_newest_first=True, history_index=False, history_base=1),
    Unknowns(history_of_all=True, counter_offset=-5),
]
# Each end with each history, which is empty or not by turns.
PASTS = [
    {
        "last_job": end,
        "plate_full": full,
        "unknowns": kind,
        "history": 16 * ((place + turn) % 2),
    }
    for place, (end, full) in enumerate(ENDS)
    for turn, kind in enumerate(HISTORIES)
]
# Seconds by which the state and the job lag behind.
LAGS = ((1, 0), (12, 0), (25, 0), (30, 0), (0, 12), (0, 30), (30, 10))


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that have totals and the last job read too."""
    return [Platform.EVENT, Platform.SENSOR]


def reported(home: Home) -> list[tuple[str, bool]]:
    """Return all that the event entity ever reported, with the first state it has."""
    states = [
        change["new_state"]
        for change in home.changes
        if change["old_state"] is None
        or change["new_state"] is None
        or change["old_state"].state != change["new_state"].state
    ]
    return [
        (state.attributes["event_type"], state.attributes["late"])
        for state in states
        if state and state.domain == "event" and "late" in state.attributes
    ]


@pytest.mark.parametrize("settings", PASTS)
async def test_the_past_of_a_printer_that_is_added_is_no_event(
    home: Home, settings: dict[str, Any]
) -> None:
    await home.tick(450)
    await home.reload()
    await home.tick(120)
    assert not reported(home)


@pytest.mark.parametrize("settings", [{"last_job": "completed", "plate_full": True}])
async def test_a_plate_that_is_cleared_between_the_first_two_polls_is_no_event(
    home: Home,
) -> None:
    home.printer.dismiss()
    await home.tick(600)
    assert not reported(home)


@pytest.mark.parametrize("settings", [{"last_job": "completed", "history": 3}])
async def test_a_printer_that_is_removed_and_added_again_has_no_event(
    home: Home,
) -> None:
    await home.tick(60)
    await home.remove()
    home.printer.start(duration=300)
    await home.tick(900)
    home.printer.dismiss()
    await set_up(home.hass, add_entry(home.hass, home.simulator))
    await home.tick(600)
    assert not reported(home)


@pytest.mark.parametrize(
    "settings",
    [
        {"last_job": "completed", "unknowns": Unknowns(state_lag=state, job_lag=job)}
        for state, job in LAGS
    ],
)
async def test_a_print_whose_answers_lag_is_started_and_completed(home: Home) -> None:
    await home.tick(120)
    home.printer.start("Local/part.gcode", duration=120)
    # as after `raise3d.start_print`: polls every two seconds
    await home.coordinator.async_send_command(asyncio.sleep(0))
    await home.tick(240)
    home.printer.dismiss()
    await home.tick(60)
    assert reported(home) == [("started", False), ("completed", False)]
