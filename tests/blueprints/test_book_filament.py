"""Tests of book_filament_in_spoolman.yaml."""

from dataclasses import replace
from typing import Any

import pytest
import voluptuous as vol

from homeassistant.core import ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from tests.common import MINUTE, Home

from .running import ALL_ENTITIES, automation, instantiate_all, reload, restarting

pytestmark = pytest.mark.usefixtures(
    "few_entities", "few_polls", "only_platforms", "runs_may_wait"
)

# Longer than anything that the blueprint waits for, but for a printer that is off.
LONG = 15 * MINUTE
LEFT, RIGHT = "sensor.spoolman_spool_7", "sensor.spoolman_spool_12"
# The schema of the action of Disane87/spoolman-homeassistant 1.x, checked 2026-11-27.
USE_SPOOL_FILAMENT = vol.Schema(
    {
        vol.Required("id"): cv.string,
        vol.Optional("use_length"): vol.Coerce(float),
        vol.Optional("use_weight"): vol.Coerce(float),
    }
)


@pytest.fixture
def found() -> set[str]:
    """Return the keys of the entities that the blueprint finds."""
    return {"connected", "job", "status"}


@pytest.fixture
def few_polls(few_polls: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Poll less often, but see the end of a print within seconds."""
    monkeypatch.setattr("custom_components.raise3d.polling.NEAR_END_INTERVAL", 10)


class Spoolman:
    """What the Spoolman integration shows and takes; what a person is notified of."""

    def __init__(self, home: Home, notified: list[ServiceCall]) -> None:
        """Register its action, with two spools."""
        self.home, self.notified = home, notified
        self.bookings: list[tuple[str, float]] = []
        self.broken: set[str] = set()
        home.hass.services.async_register(
            "spoolman", "use_spool_filament", self._use, USE_SPOOL_FILAMENT
        )
        self.show(LEFT, 7)
        self.show(RIGHT, 12)

    def show(self, spool: str, number: int) -> None:
        """Show a spool."""
        attributes = {"id": number, "filament_id": 3, "remaining_weight": 800}
        self.home.hass.states.async_set(spool, "800", attributes)

    def lose(self, spool: str) -> None:
        """Show a spool as unavailable: without attributes, as they are then."""
        self.home.hass.states.async_set(spool, "unavailable")

    def took(self, left: float, right: float) -> None:
        """Let the history say what its newest job took."""
        history = self.home.printer.history
        history[-1] = replace(history[-1], filament=(left, right))

    @callback
    def _use(self, call: ServiceCall) -> None:
        self.bookings.append((call.data["id"], call.data["use_weight"]))
        if call.data["id"] in self.broken:
            msg = "Failed to use filament"
            raise HomeAssistantError(msg)


@pytest.fixture
def spoolman(home: Home, notifications: list[ServiceCall]) -> Spoolman:
    """Return a Spoolman with two spools."""
    return Spoolman(home, notifications)


def booking(home: Home, **inputs: Any) -> dict[str, Any]:
    """Return the automation."""
    inputs = {"left": LEFT, "right": RIGHT, **inputs}
    name = "book_filament_in_spoolman.yaml"
    return automation(name, printer=home.device.id, **inputs)


async def book(home: Home, **inputs: Any) -> None:
    """Set up the blueprint."""
    await instantiate_all(home, booking(home, **inputs))


async def print_part(home: Home, name: str = "part") -> None:
    """Print to the end, up to the poll that sees it."""
    home.printer.start(f"Local/{name}.gcode", duration=120)
    await home.tick(140)
    assert home.status == "completed"


@ALL_ENTITIES
async def test_what_a_print_took_is_booked_once(home: Home, spoolman: Spoolman) -> None:
    await book(home)
    await print_part(home)
    spoolman.took(18.884, 10.5)
    assert not spoolman.bookings
    await home.tick(LONG)
    assert spoolman.bookings == [("7", 18.88), ("12", 10.5)]
    home.printer.dismiss()
    await home.tick(LONG)
    assert len(spoolman.bookings) == 2
    assert not spoolman.notified


async def test_a_nozzle_that_took_nothing_is_not_booked(
    home: Home, spoolman: Spoolman
) -> None:
    await book(home)
    await print_part(home)
    spoolman.took(0, 10.5)
    await home.tick(LONG)
    assert spoolman.bookings == [("12", 10.5)]
    assert not spoolman.notified


async def test_a_nozzle_without_a_spool_is_not_booked(
    home: Home, spoolman: Spoolman
) -> None:
    await book(home, right="")
    await print_part(home)
    spoolman.took(18.88, 10.5)
    await home.tick(LONG)
    assert spoolman.bookings == [("7", 18.88)]
    assert not spoolman.notified


async def test_unknown_grams_are_not_booked_but_notified(
    home: Home, spoolman: Spoolman
) -> None:
    await book(home)
    home.printer.start("Local/[part].gcode", duration=120)
    await home.tick(130)
    spoolman.took(1e9, 10.5)
    await home.tick(LONG)
    assert spoolman.bookings == [("12", 10.5)]
    (notification,) = spoolman.notified
    assert notification.data == {
        "title": "Lab printer: filament not booked",
        "message": r"\[part\].gcode: left nozzle, "
        "the printer does not report how much it took.",
    }


async def test_a_print_that_the_history_never_lists_is_notified(
    home: Home, spoolman: Spoolman
) -> None:
    await book(home, right="")
    await print_part(home)
    home.printer.clear_history()
    before = home.count_requests()
    await home.tick(LONG)
    assert not spoolman.bookings
    assert len(spoolman.notified) == 1
    assert home.count_requests() - before < 100


async def test_a_history_that_lags_is_read_again(
    home: Home, spoolman: Spoolman
) -> None:
    home.printer.unknowns = replace(home.printer.unknowns, history_delay=200)
    await book(home)
    await print_part(home, "older")
    spoolman.took(1, 2)
    await home.tick(90)
    assert not spoolman.bookings
    await home.tick(10 * MINUTE)
    assert spoolman.bookings == [("7", 1), ("12", 2)]


async def test_two_prints_in_a_row_are_booked_with_their_own_grams(
    home: Home, spoolman: Spoolman
) -> None:
    home.printer.unknowns = replace(home.printer.unknowns, history_delay=170)
    await book(home, right="")
    await print_part(home, "a")
    spoolman.took(1, 0)
    home.printer.dismiss()
    await home.tick(5)
    await print_part(home, "b")
    spoolman.took(2, 0)
    assert not spoolman.bookings
    await home.tick(LONG)
    assert sorted(spoolman.bookings) == [("7", 1), ("7", 2)]


async def test_prints_that_are_found_out_late_are_booked(
    home: Home, spoolman: Spoolman
) -> None:
    await book(home, right="")
    home.printer.start("Local/a.gcode", duration=300)
    await home.tick(60)
    await home.simulator.unplug()
    await home.tick(600)
    spoolman.took(1, 0)
    home.printer.dismiss()
    home.printer.start("Local/b.gcode", duration=300)
    await home.tick(600)
    spoolman.took(2, 0)
    await home.simulator.start()
    await home.tick(LONG)
    assert home.events.count(("completed", True)) == 2
    assert sorted(spoolman.bookings) == [("7", 1), ("7", 2)]


async def test_a_printer_that_is_switched_off_at_once_is_waited_for(
    home: Home, spoolman: Spoolman
) -> None:
    await book(home, right="")
    await print_part(home)
    spoolman.took(1, 0)
    await home.simulator.power_off()
    await home.tick(LONG)
    assert not spoolman.bookings
    await home.simulator.power_on()
    await home.tick(LONG)
    assert spoolman.bookings == [("7", 1)]


async def test_a_stopped_print_is_not_booked(home: Home, spoolman: Spoolman) -> None:
    await book(home)
    home.printer.start("Local/part.gcode")
    await home.tick(60)
    home.printer.stop()
    await home.tick(LONG)
    assert not spoolman.bookings


async def test_a_spool_that_is_away_does_not_hold_the_other_back(
    home: Home, spoolman: Spoolman
) -> None:
    await book(home)
    await print_part(home)
    spoolman.took(18.88, 10.5)
    spoolman.lose(LEFT)
    await home.tick(2 * MINUTE)
    assert spoolman.bookings == [("12", 10.5)]
    spoolman.show(LEFT, 7)
    await home.tick(LONG)
    assert spoolman.bookings == [("12", 10.5), ("7", 18.88)]
    assert not spoolman.notified


async def test_a_spool_that_stays_away_is_notified(
    home: Home, spoolman: Spoolman
) -> None:
    await book(home)
    await print_part(home)
    spoolman.took(18.88, 10.5)
    spoolman.lose(LEFT)
    await home.tick(LONG)
    assert spoolman.bookings == [("12", 10.5)]
    (notification,) = spoolman.notified
    assert notification.data["message"] == (
        f"part.gcode: left nozzle, 18.88 g, {LEFT} is not available."
    )


async def test_a_booking_that_fails_is_not_repeated_but_notified(
    home: Home, spoolman: Spoolman
) -> None:
    await book(home)
    await print_part(home)
    spoolman.took(18.88, 10.5)
    spoolman.broken = {"7"}
    await home.tick(LONG)
    assert spoolman.bookings == [("7", 18.88), ("12", 10.5)]
    (notification,) = spoolman.notified
    assert "left nozzle, 18.88 g, Spoolman has not" in notification.data["message"]


@pytest.mark.parametrize("wait", [10, 120])
async def test_a_restart_neither_loses_a_booking_nor_repeats_it(
    home: Home, spoolman: Spoolman, wait: float
) -> None:
    await book(home, right="")
    await print_part(home)
    spoolman.took(1, 0)
    await home.tick(wait)
    async with restarting(home, booking(home, right="")):
        await home.tick(LONG)
    await home.tick(LONG)
    assert spoolman.bookings == [("7", 1)]


async def test_a_print_before_the_automation_is_not_booked(
    home: Home, spoolman: Spoolman
) -> None:
    await print_part(home)
    spoolman.took(1, 0)
    await book(home)
    async with restarting(home, booking(home)):
        await home.tick(MINUTE)
    await home.tick(LONG)
    assert not spoolman.bookings


@pytest.mark.parametrize("alias", ["Under test", "Another name"])
@pytest.mark.parametrize("wait", [10, 120])
async def test_a_reload_neither_loses_a_booking_nor_repeats_it(
    home: Home, spoolman: Spoolman, alias: str, wait: float
) -> None:
    await book(home, right="")
    await print_part(home)
    spoolman.took(1, 0)
    await home.tick(wait)
    await reload(home, {**booking(home, right=""), "alias": alias})
    await home.tick(LONG)
    assert spoolman.bookings == [("7", 1)]
