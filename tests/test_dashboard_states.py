"""Tests of what is on the screen while a print goes on, without a reload."""

from itertools import product

import pytest

from homeassistant.helpers import entity_registry as er

from .common import HOUR, MINUTE, Home
from .dashboards import (
    AT_WORK,
    ATTENTION,
    FREE,
    OFF,
    Config,
    Frontend,
    add_printer,
    entities_of,
    sections,
    set_state,
    shown_keys,
    titles,
    visible,
)
from .plugs import METERED, Workshop

JOB = ["progress", "file_name", "remaining_time", "finish_time"]
LAYERS = ["current_layer", "total_layers"]
# Each state of a status, with what Home Assistant adds.
STATES = [
    "idle",
    "busy",
    "printing",
    "paused",
    "completed",
    "error",
    "offline",
    "unavailable",
    "unknown",
]
# What a number may be, and where the order of those who print changes.
NUMBERS = ["unknown", "unavailable", "0", "59", "60", "240", "9999"]


def lines(home: Home, config: Config) -> list[tuple[str, str]]:
    """Return the lines on the screen: which entity, and in which colour."""
    shown = visible(home.hass, config)
    assert shown
    return [(card["entity"], card["color"]) for card in shown["cards"]]


class Screen:
    """A page that stays open: it was asked for once."""

    def __init__(self, home: Home, view: Config, page: Config, cards: Config) -> None:
        """Keep what was asked for."""
        self._home = home
        self._view = view
        self._page = page
        self._cards = cards

    @property
    def fleet(self) -> list[str]:
        """Return what is shown of the one printer among all."""
        (section,) = sections(self._home.hass, self._view)
        return shown_keys(self._home, section)

    @property
    def page(self) -> list[str]:
        """Return what is shown first on the printer's page."""
        return shown_keys(self._home, sections(self._home.hass, self._page)[0])

    @property
    def card(self) -> list[str]:
        """Return what is shown by the card."""
        return shown_keys(self._home, self._cards)


@pytest.fixture
async def screen(home: Home, frontend: Frontend) -> Screen:
    """Return a page with all there is of one printer."""
    cards = await frontend.request(device_id=home.device.id, size="normal")
    view = await frontend.view()
    return Screen(home, view, await frontend.view("printer-lab_printer"), cards)


async def test_a_print_is_followed_from_idle_to_idle(
    home: Home, screen: Screen
) -> None:
    await home.tick(MINUTE)
    assert screen.fleet == ["camera picture", "entities"]
    assert screen.page == ["camera picture"]
    assert screen.card == ["status", "camera picture", "entities"]

    home.printer.start("Local/part.gcode", duration=500)
    await home.tick(2 * MINUTE)
    shown = ["camera picture", "preview picture", *JOB, *LAYERS]
    assert screen.fleet == [*shown, "entities"]
    assert screen.page == [*shown, "pause", "stop"]
    assert screen.card == [
        *("progress", "camera picture", *JOB[2:], *LAYERS, "pause", "stop", "entities")
    ]

    home.printer.pause()
    await home.tick(MINUTE)
    assert home.status == "paused"
    shown.remove("finish_time")  # as nobody knows when it goes on
    assert screen.fleet == [*shown, "entities"]
    assert screen.page == [*shown, "resume", "stop"]
    assert screen.card[0] == "status"

    home.printer.resume()
    await home.tick(500)
    assert home.status == "completed"
    shown.remove("remaining_time")
    assert screen.fleet == ["markdown", *shown, "entities"]
    assert screen.page == ["markdown", *shown]
    assert screen.card == [
        *("status", "markdown", "camera picture", *LAYERS, "entities")
    ]

    home.printer.dismiss()
    await home.tick(MINUTE)
    assert screen.fleet == ["camera picture", "entities"]

    home.printer.power_off()
    await home.tick(3 * MINUTE)
    assert home.status == "offline"
    assert screen.fleet == screen.page == ["markdown"]
    assert screen.card == ["status", "markdown"]


async def test_a_failed_print_says_what_to_do(home: Home, screen: Screen) -> None:
    home.printer.start("Local/part.gcode", duration=1200)
    await home.tick(2 * MINUTE)
    home.printer.fail()
    await home.tick(MINUTE)
    assert home.status == "error"
    assert screen.fleet[0] == screen.page[0] == screen.card[1] == "markdown"
    assert not {"finish_time", "remaining_time", "pause", "stop"} & {*screen.page}


async def test_a_busy_printer_without_a_job_shows_none(
    home: Home, screen: Screen
) -> None:
    """Also no picture of the part before."""
    home.printer.start("Local/part.gcode", duration=200)
    await home.tick(260)
    home.printer.dismiss()
    home.printer.touch(HOUR)
    await home.tick(MINUTE)
    assert home.status == "busy"
    assert screen.fleet == ["camera picture", "entities"]
    assert screen.page == ["camera picture"]
    assert screen.card == ["status", "camera picture", "entities"]


async def test_a_word_that_nobody_knows_does_not_mean_off(
    home: Home, screen: Screen
) -> None:
    home.printer.start("Local/part.gcode", duration=1200)
    await home.tick(2 * MINUTE)
    home.printer.status_word = "levitating"
    await home.tick(MINUTE)
    assert home.status == "unknown"
    assert "markdown" not in {*screen.fleet, *screen.page, *screen.card}
    assert {"progress", "camera picture"} <= {*screen.fleet}


async def test_a_printer_that_is_unloaded_or_loses_its_connection_is_off(
    home: Home, screen: Screen
) -> None:
    await home.unload()
    assert screen.fleet == screen.page == ["markdown"]


async def test_a_printer_is_shown_once_in_every_state(
    home: Home, frontend: Frontend
) -> None:
    detailed = await frontend.view()
    card = await frontend.request(device_id=home.device.id, size="compact")
    for number in range(12):
        add_printer(home, number)
    (many,) = (await frontend.view())["sections"]
    own = {home.entity_id("status"), home.entity_id("progress")}
    states = home.hass.states
    # of the others nothing changes
    states.async_set(home.entity_id("status"), STATES[0])
    own_lines = {"cards": [one for one in many["cards"] if entities_of(one) & own]}
    assert len(lines(home, many)) == 13
    assert len(own_lines["cards"]) > 1
    for status, remaining, progress in product(STATES, NUMBERS, NUMBERS):
        states.async_set(home.entity_id("status"), status)
        states.async_set(home.entity_id("remaining_time"), remaining)
        states.async_set(home.entity_id("progress"), progress)
        assert titles(home.hass, detailed) == ["Lab printer"]
        assert len(lines(home, card)) == len(lines(home, own_lines)) == 1


async def test_a_printer_without_an_entity_is_shown_once_in_every_state(
    home: Home, frontend: Frontend
) -> None:
    registry = er.async_get(home.hass)
    for missing in map(home.entity_id, ["remaining_time", "progress", "finish_time"]):
        registry.async_update_entity(missing, hidden_by=er.RegistryEntryHider.USER)
        view = await frontend.view()
        card = await frontend.request(device_id=home.device.id, size="compact")
        for status in STATES:
            home.hass.states.async_set(home.entity_id("status"), status)
            assert titles(home.hass, view) == ["Lab printer"]
            assert len(lines(home, card)) == 1
        registry.async_update_entity(missing, hidden_by=None)


async def test_without_its_status_a_printer_shows_its_job(
    home: Home, frontend: Frontend
) -> None:
    er.async_get(home.hass).async_update_entity(
        home.entity_id("status"), hidden_by=er.RegistryEntryHider.USER
    )
    view = await frontend.view()
    (section,) = sections(home.hass, view)
    assert shown_keys(home, section) == ["camera picture", "entities"]
    home.printer.start("Local/part.gcode", duration=1200)
    await home.tick(2 * MINUTE)
    (section,) = sections(home.hass, view)
    assert set(JOB) < {*shown_keys(home, section)}


async def test_the_colour_of_a_line_says_what_a_printer_is_to_a_person(
    home: Home, frontend: Frontend
) -> None:
    compact = await frontend.request(device_id=home.device.id, size="compact")
    for status, color in {
        "error": ATTENTION,
        "completed": ATTENTION,
        "paused": ATTENTION,
        "printing": AT_WORK,
        "busy": AT_WORK,
        "unknown": AT_WORK,
        "idle": FREE,
        "offline": OFF,
        "unavailable": OFF,
    }.items():
        home.hass.states.async_set(home.entity_id("status"), status)
        assert [line[1] for line in lines(home, compact)] == [color], status


# The order


async def test_who_needs_a_hand_comes_first(home: Home, frontend: Frontend) -> None:
    others = [add_printer(home, number) for number in range(1, 7)]
    view = await frontend.view()
    words = ["offline", "idle", "printing", "error", "busy", "completed"]
    for entry, word in zip(others, words, strict=True):
        set_state(home, entry, "status", word)
    assert home.status == "idle"
    assert titles(home.hass, view) == [
        *("Printer 04", "Printer 06"),
        *("Printer 03", "Printer 05"),
        *("Lab printer", "Printer 02"),
        "Printer 01",
    ]
    set_state(home, others[0], "status", "paused")
    assert titles(home.hass, view)[0] == "Printer 01"


async def test_who_ends_soon_comes_before_who_ends_later(
    home: Home, frontend: Frontend
) -> None:
    home.printer.start("Local/part.gcode", duration=20 * HOUR)
    await home.tick(MINUTE)
    other = add_printer(home, 1)
    set_state(home, other, "status", "printing")
    remaining = home.entity_id("remaining_time")
    for unit, an_hour in {"h": 1.0, "min": 60.0, "s": 3600.0, "d": 1 / 24}.items():
        er.async_get(home.hass).async_update_entity_options(
            remaining, "sensor", {"unit_of_measurement": unit}
        )
        # the new unit reaches the state
        await home.tick(MINUTE)
        view = await frontend.view()

        set_state(home, other, "remaining_time", "239")
        assert titles(home.hass, view) == ["Printer 01", "Lab printer"]
        home.hass.states.async_set(remaining, str(an_hour * 0.99))
        assert titles(home.hass, view) == ["Lab printer", "Printer 01"]
        set_state(home, other, "remaining_time", "59")
        home.hass.states.async_set(remaining, str(an_hour))
        assert titles(home.hass, view) == ["Printer 01", "Lab printer"]
        set_state(home, other, "remaining_time", "unknown")
        assert titles(home.hass, view) == ["Lab printer", "Printer 01"]


async def test_who_ends_first_comes_first_and_totals_are_shown_once_there_are_any(
    home: Home, frontend: Frontend
) -> None:
    home.printer.start("Local/part.gcode", duration=40 * MINUTE)
    await home.tick(MINUTE)
    other = add_printer(home, 1)
    set_state(home, other, "status", "printing")
    set_state(home, other, "remaining_time", "30")
    set_state(home, other, "finish_time", "2026-11-23T08:30:00+00:00")
    # that is, when the page is opened
    assert titles(home.hass, await frontend.view()) == ["Printer 01", "Lab printer"]
    view = await frontend.view("totals")
    shown = sections(home.hass, view)
    assert [section["cards"][0].get("heading") for section in shown] == [
        *("Prints per week", "Lab printer")
    ]
    set_state(home, other, "prints_completed", "7")
    assert titles(home.hass, {**view, "sections": view["sections"][1:]}) == [
        *("Lab printer", "Printer 01")
    ]


async def test_the_page_shows_what_the_last_job_and_all_of_them_have_cost(
    new_home: Home, frontend: Frontend
) -> None:
    workshop = Workshop(new_home)
    workshop.meter(100)
    await workshop.open(**METERED)
    await workshop.print()
    workshop.meter(100.5)
    await workshop.finish()
    page = await frontend.view("printer-lab_printer")
    (last_job,) = [
        section
        for section in sections(new_home.hass, page)
        if section["cards"][0]["heading"] == "Last job"
    ]
    assert shown_keys(new_home, last_job)[-2:] == ["last_job_energy", "last_job_cost"]
    totals = sections(new_home.hass, await frontend.view("totals"))[-1]
    assert shown_keys(new_home, totals)[-1] == "cost_total"
