"""Tests of the buttons."""

import json

import pytest

from homeassistant.components.button.const import DOMAIN as BUTTON
from homeassistant.const import Platform
from homeassistant.helpers import entity_registry as er

from .actions import REFUSALS, refused
from .common import FIXTURES, Home

pytestmark = pytest.mark.usefixtures("only_platforms")

OPERATE = "job/currentjob/set"
CATALOGUE = FIXTURES / "errors_catalogue.json"


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms of the buttons and of what they bring about."""
    return [Platform.BINARY_SENSOR, Platform.BUTTON, Platform.SENSOR]


async def press(home: Home, key: str) -> None:
    """Press a button."""
    await home.call("button.press", (key, BUTTON))


def usable(home: Home) -> set[str]:
    """Return the buttons that can be pressed."""
    keys = ("pause", "recover", "resume", "stop")
    return {key for key in keys if home.state(key, BUTTON) != "unavailable"}


async def test_all_buttons_but_one_are_there_but_not_while_the_panel_is_in_use(
    home: Home,
) -> None:
    assert home.disabled_by(BUTTON) == {
        "pause": None,
        "recover": er.RegistryEntryDisabler.INTEGRATION,
        "resume": None,
        "stop": None,
    }
    # with nobody at work there is nothing to press
    home.printer.touch(300)
    await home.tick(60)
    assert home.status == "busy"
    for key in ("pause", "resume", "stop"):
        assert home.state(key, BUTTON) == "unavailable", key


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_a_button_can_be_pressed_when_it_makes_sense(home: Home) -> None:
    printer = home.printer
    await home.tick(30)
    assert usable(home) == {"recover"}
    printer.start("Local/part.gcode", duration=400)
    await home.tick(60)
    assert usable(home) == {"pause", "stop"}
    printer.pause()
    await home.tick(60)
    assert usable(home) == {"resume", "stop"}
    printer.resume()
    await home.tick(60)
    # the error says that someone is in the way
    printer.touch(60)
    await home.tick(45)
    assert usable(home) == {"pause", "resume", "stop"}
    await home.tick(300)
    assert home.status == "completed"
    assert usable(home) == set()
    printer.dismiss()
    await home.tick(60)
    assert usable(home) == {"recover"}
    printer.fail()
    await home.tick(60)
    assert usable(home) == set()
    await home.simulator.power_off()
    await home.tick(60)
    assert usable(home) == set()


async def test_pausing_resuming_and_stopping_show_within_ten_seconds(
    printing: Home,
) -> None:
    await press(printing, "pause")
    await printing.tick(10)
    assert printing.status == "paused"
    assert printing.state("paused", "binary_sensor") == "on"
    await printing.tick(60)
    await press(printing, "resume")
    await printing.tick(10)
    assert printing.status == "printing"
    assert printing.state("printing", "binary_sensor") == "on"
    # no waiting between two commands
    await press(printing, "pause")
    await printing.tick(10)
    assert printing.status == "paused"
    await press(printing, "stop")
    await printing.tick(10)
    assert printing.status == "idle"
    assert printing.state("progress") == "unknown"
    assert printing.posts() == [OPERATE] * 4
    kinds = [event.kind for event in printing.printer.record]
    assert kinds == ["started", "paused", "resumed", "paused", "stopped"]


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_a_print_that_a_power_cut_ended_is_recovered(home: Home) -> None:
    error = await refused(press(home, "recover"), "refused_stopped")
    assert str(error) == "There is no print to do this to"
    assert home.posts() == ["job/recover/set"]
    home.printer.start("Local/part.gcode", duration=7200)
    await home.tick(120)
    await home.simulator.power_off()
    await home.tick(60)
    await home.simulator.power_on()
    await home.tick(90)
    assert home.status == "idle"
    await press(home, "recover")
    await home.tick(10)
    assert home.status == "printing"
    assert home.posts() == ["job/recover/set"] * 2


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


async def test_every_refusal_is_an_error_in_words(printing: Home) -> None:
    for said, (key, words) in REFUSALS.items():
        printing.simulator.faults.add("refuse", path=OPERATE, code=500, msg=said)
        error = await refused(press(printing, "pause"), key)
        assert str(error) == words.removesuffix(".")
    assert len(printing.posts()) == len(REFUSALS)


async def test_someone_at_the_panel_is_the_reason_that_is_shown(printing: Home) -> None:
    printing.printer.touch(60)
    await refused(press(printing, "pause"), "refused_busy")
    printing.printer.show("calibrate")
    await refused(press(printing, "stop"), "refused_panel")
    assert printing.printer.record[-1].kind == "started"


async def test_an_action_at_the_panel_just_before_is_the_reason_that_is_shown(
    printing: Home,
) -> None:
    printer = printing.printer
    printer.pause()
    printing.freezer.tick(6)
    await refused(press(printing, "pause"), "refused_paused")
    assert printer.phase == "paused"
    await printing.tick(60)
    printer.resume()
    printing.freezer.tick(6)
    await refused(press(printing, "resume"), "refused_printing")
    assert printer.phase == "running"
    await printing.tick(60)
    printer.stop()
    printing.freezer.tick(6)
    phase = printer.phase
    await refused(press(printing, "pause"), "refused_stopped")
    await refused(press(printing, "stop"), "refused_stopped")
    assert printer.phase == phase


async def test_a_print_that_has_just_ended_cannot_be_stopped(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=200)
    await home.tick(60)
    home.freezer.tick(200)
    await refused(press(home, "stop"), "refused_completed")
    assert home.printer.phase == "completed"


async def test_a_command_whose_answer_is_lost_is_never_sent_twice(
    printing: Home,
) -> None:
    for fault, key in {
        "reset": "cannot_connect",
        "disconnect": "cannot_connect",
        "http_500": "api_down",
        "http_429": "printer_busy",
        "http_503": "printer_busy",
        "busy_body": "printer_busy",
        "no_server": "printer_busy",
        "html": "invalid_response",
        "empty": "invalid_response",
    }.items():
        printing.heal()
        printing.simulator.requests.clear()
        printing.fail(fault, OPERATE)
        await refused(press(printing, "pause"), key)
        assert printing.posts() == [OPERATE], fault
    # nor is one to a printer that has just gone
    await printing.simulator.power_off()
    error = await refused(press(printing, "pause"), "cannot_connect")
    assert str(error) == "The printer cannot be reached"


async def test_a_token_that_has_just_died_does_not_lose_the_command(
    printing: Home,
) -> None:
    printing.simulator.drop_tokens()
    await press(printing, "pause")
    await printing.tick(10)
    # the first was not heard, for want of a token
    assert printing.posts() == [OPERATE] * 2
    assert [event.kind for event in printing.printer.record] == ["started", "paused"]


async def test_a_password_that_was_changed_is_named_as_the_reason(
    printing: Home,
) -> None:
    printing.printer.password = "changed"
    printing.simulator.drop_tokens()
    error = await refused(press(printing, "pause"), "invalid_auth")
    assert str(error) == "The printer no longer accepts the password or the token"
    await printing.block_till_done()
    # the polls decide whether that lasts
    assert not printing.flows
    assert printing.printer.phase == "running"


async def test_a_restart_of_home_assistant_presses_nothing(printing: Home) -> None:
    await press(printing, "pause")
    await printing.tick(30)
    assert printing.state("pause", BUTTON) == "unavailable"
    await printing.unload()
    printing.printer.resume()
    await printing.set_up()
    await printing.tick(60)
    assert printing.status == "printing"
    assert printing.posts() == [OPERATE]


async def test_a_refusal_is_followed_by_what_the_printer_really_does(
    printing: Home,
) -> None:
    printing.printer.pause()
    await printing.tick(5)
    # somebody at the panel was faster, and Home Assistant has not seen it yet
    await refused(press(printing, "pause"), "refused_paused")
    await printing.tick(5)
    assert printing.status == "paused"
