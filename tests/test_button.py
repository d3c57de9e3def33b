"""Tests of the buttons."""

from collections.abc import Awaitable, Callable
import json
from pathlib import Path

import pytest

from homeassistant.components.button.const import DOMAIN as BUTTON, SERVICE_PRESS
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator import Printer

from .actions import REFUSALS, refused
from .common import Home

OPERATE = "job/currentjob/set"
CATALOGUE = Path(__file__).parent / "fixtures" / "errors_catalogue.json"

type Press = Callable[[str], Awaitable[None]]
type State = Callable[..., str]


@pytest.fixture
def press(hass: HomeAssistant, entity_id: Callable[..., str]) -> Press:
    """Return a function that presses a button."""

    async def press(key: str) -> None:
        await hass.services.async_call(
            BUTTON,
            SERVICE_PRESS,
            {ATTR_ENTITY_ID: entity_id(key, BUTTON)},
            blocking=True,
        )

    return press


@pytest.fixture
def usable(state: State) -> Callable[[], set[str]]:
    """Return a function that names the buttons that can be pressed."""
    return lambda: {
        key
        for key in ("pause", "recover", "resume", "stop")
        if state(key, BUTTON) != "unavailable"
    }


@pytest.fixture
async def printing(home: Home) -> Printer:
    """Return a printer in the middle of a print."""
    home.printer.start("Local/part.gcode", duration=7200)
    await home.tick(60)
    return home.printer


async def test_all_buttons_but_one_are_there_from_the_start(
    entity_registry: er.EntityRegistry, home: Home
) -> None:
    buttons = {
        entry.unique_id.partition("_")[2]: entry.disabled_by
        for entry in er.async_entries_for_config_entry(
            entity_registry, home.entry.entry_id
        )
        if entry.domain == BUTTON
    }
    assert buttons == {
        "pause": None,
        "recover": er.RegistryEntryDisabler.INTEGRATION,
        "resume": None,
        "stop": None,
    }


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_a_button_can_be_pressed_when_it_makes_sense(
    home: Home, usable: Callable[[], set[str]]
) -> None:
    printer = home.printer
    await home.tick(30)
    assert usable() == {"recover"}
    printer.start("Local/part.gcode", duration=1200)
    await home.tick(60)
    assert usable() == {"pause", "stop"}
    printer.pause()
    await home.tick(60)
    assert usable() == {"resume", "stop"}
    printer.resume()
    await home.tick(60)
    # whoever asks is told that somebody is in the way
    printer.touch(60)
    await home.tick(45)
    assert usable() == {"pause", "resume", "stop"}
    await home.tick(1200)
    assert usable() == set()
    printer.dismiss()
    await home.tick(60)
    assert usable() == {"recover"}
    printer.fail()
    await home.tick(60)
    assert usable() == set()
    await home.simulator.power_off()
    await home.tick(60)
    assert usable() == set()


async def test_nobody_at_work_leaves_nothing_to_press_while_the_panel_is_in_use(
    home: Home,
) -> None:
    home.printer.touch(300)
    await home.tick(60)
    assert home.state("status") == "busy"
    for key in ("pause", "resume", "stop"):
        assert home.state(key, BUTTON) == "unavailable", key


async def test_pausing_resuming_and_stopping_show_within_ten_seconds(
    home: Home, printing: Printer, press: Press
) -> None:
    await press("pause")
    await home.tick(10)
    assert home.state("status") == "paused"
    assert home.state("paused", "binary_sensor") == "on"
    await home.tick(60)
    await press("resume")
    await home.tick(10)
    assert home.state("status") == "printing"
    assert home.state("printing", "binary_sensor") == "on"
    # no waiting between two commands
    await press("pause")
    await home.tick(10)
    assert home.state("status") == "paused"
    await press("stop")
    await home.tick(10)
    assert home.state("status") == "idle"
    assert home.state("progress") == "unknown"
    assert home.posts() == [OPERATE] * 4
    assert [event.kind for event in printing.record] == [
        "started",
        "paused",
        "resumed",
        "paused",
        "stopped",
    ]


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_a_print_that_a_power_cut_ended_is_recovered(
    home: Home, press: Press
) -> None:
    home.printer.start("Local/part.gcode", duration=7200)
    await home.tick(600)
    await home.simulator.power_off()
    await home.tick(60)
    await home.simulator.power_on()
    await home.tick(90)
    assert home.state("status") == "idle"
    await press("recover")
    await home.tick(10)
    assert home.state("status") == "printing"
    assert home.posts() == ["job/recover/set"]


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_without_a_print_to_recover_the_user_is_told_so(
    home: Home, press: Press
) -> None:
    error = await refused(press("recover"), "refused_stopped")
    assert str(error) == "There is no print to do this to"
    assert home.posts() == ["job/recover/set"]


def test_every_refusal_that_is_documented_has_words_of_its_own() -> None:
    documented = {
        error["msg"]
        for endpoint in json.loads(CATALOGUE.read_text("utf-8"))
        if endpoint["endpoint"].startswith(("POST /job", "POST /printer"))
        for error in endpoint["errors"]
        if error["code"] == 500
    }
    assert documented
    assert documented <= set(REFUSALS)


async def test_every_refusal_is_told_in_words(
    home: Home, printing: Printer, press: Press
) -> None:
    for said, (key, words) in REFUSALS.items():
        home.simulator.faults.add("refuse", path=OPERATE, code=500, msg=said)
        error = await refused(press("pause"), key)
        assert str(error) == words.removesuffix(".")
    assert len(home.posts()) == len(REFUSALS)


async def test_somebody_at_the_panel_is_the_reason_that_is_told(
    printing: Printer, press: Press
) -> None:
    printing.touch(60)
    await refused(press("pause"), "refused_busy")
    printing.show("calibrate")
    await refused(press("stop"), "refused_panel")
    assert printing.record[-1].kind == "started"


@pytest.mark.parametrize(
    ("done", "pressed", "key"),
    [
        ("pause", "pause", "refused_paused"),
        ("stop", "pause", "refused_stopped"),
        ("stop", "stop", "refused_stopped"),
    ],
)
async def test_what_was_done_at_the_panel_just_before_is_the_reason_that_is_told(
    printing: Printer, press: Press, home: Home, done: str, pressed: str, key: str
) -> None:
    getattr(printing, done)()
    home.freezer.tick(6)
    await refused(press(pressed), key)


async def test_resuming_a_print_that_was_resumed_at_the_panel_is_refused(
    printing: Printer, press: Press, home: Home
) -> None:
    printing.pause()
    await home.tick(60)
    printing.resume()
    home.freezer.tick(6)
    await refused(press("resume"), "refused_printing")


async def test_a_print_that_has_just_ended_cannot_be_stopped(
    home: Home, press: Press
) -> None:
    home.printer.start("Local/part.gcode", duration=1200)
    await home.tick(600)
    home.freezer.tick(900)
    await refused(press("stop"), "refused_completed")


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ("reset", "cannot_connect"),
        ("disconnect", "cannot_connect"),
        ("http_500", "cannot_connect"),
        ("http_429", "printer_busy"),
        ("http_503", "printer_busy"),
        ("busy_body", "printer_busy"),
        ("no_server", "printer_busy"),
        ("html", "invalid_response"),
        ("empty", "invalid_response"),
    ],
)
async def test_a_command_whose_answer_is_lost_is_never_sent_twice(
    home: Home, printing: Printer, press: Press, fault: str, key: str
) -> None:
    home.fail(fault, OPERATE)
    await refused(press("pause"), key)
    assert home.posts() == [OPERATE]


async def test_a_command_to_a_printer_that_has_just_gone_says_so(
    home: Home, printing: Printer, press: Press
) -> None:
    await home.simulator.power_off()
    error = await refused(press("pause"), "cannot_connect")
    assert str(error) == "The printer cannot be reached"


async def test_a_token_that_has_just_died_does_not_lose_the_command(
    home: Home, printing: Printer, press: Press
) -> None:
    home.simulator.drop_tokens()
    await press("pause")
    await home.tick(10)
    # the first was not heard, for want of a token
    assert home.posts() == [OPERATE] * 2
    assert [event.kind for event in printing.record] == ["started", "paused"]


async def test_a_password_that_was_changed_is_named_as_the_reason(
    home: Home, printing: Printer, press: Press
) -> None:
    printing.password = "changed"
    home.simulator.drop_tokens()
    error = await refused(press("pause"), "invalid_auth")
    assert str(error) == "The printer no longer accepts the password or the token"
    await home.settle()
    # the polls decide whether that lasts
    assert not home.flows
    assert printing.phase == "running"


async def test_a_restart_of_home_assistant_presses_nothing(
    home: Home, printing: Printer, press: Press
) -> None:
    await press("pause")
    await home.tick(30)
    assert home.state("pause", BUTTON) == "unavailable"
    await home.unload()
    printing.resume()
    await home.set_up()
    await home.tick(60)
    assert home.state("status") == "printing"
    assert home.posts() == [OPERATE]


async def test_a_refusal_is_followed_by_what_the_printer_really_does(
    printing: Printer, press: Press, home: Home
) -> None:
    printing.pause()
    await home.tick(5)
    # somebody at the panel was faster, and Home Assistant has not seen it yet
    await refused(press("pause"), "refused_paused")
    await home.tick(5)
    assert home.state("status") == "paused"
