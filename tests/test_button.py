"""Tests of the buttons."""

from collections.abc import Awaitable, Callable
import json
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.const import DOMAIN
from homeassistant.components.button.const import DOMAIN as BUTTON, SERVICE_PRESS
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator import Printer, Simulator

from .actions import REFUSALS, posts, refused
from .common import set_up
from .conftest import Ticker

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
async def printing(
    simulator: Simulator, loaded_entry: MockConfigEntry, tick: Ticker
) -> Printer:
    """Return a printer in the middle of a print."""
    simulator.printer.start("Local/part.gcode", duration=7200)
    await tick(60)
    return simulator.printer


async def test_all_buttons_but_one_are_there_from_the_start(
    entity_registry: er.EntityRegistry, loaded_entry: MockConfigEntry
) -> None:
    buttons = {
        entry.unique_id.partition("_")[2]: entry.disabled_by
        for entry in er.async_entries_for_config_entry(
            entity_registry, loaded_entry.entry_id
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
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    usable: Callable[[], set[str]],
) -> None:
    printer = simulator.printer
    await tick(30)
    assert usable() == {"recover"}
    printer.start("Local/part.gcode", duration=1200)
    await tick(60)
    assert usable() == {"pause", "stop"}
    printer.pause()
    await tick(60)
    assert usable() == {"resume", "stop"}
    printer.resume()
    await tick(60)
    # whoever asks is told that somebody is in the way
    printer.touch(60)
    await tick(45)
    assert usable() == {"pause", "resume", "stop"}
    await tick(1200)
    assert usable() == set()
    printer.dismiss()
    await tick(60)
    assert usable() == {"recover"}
    printer.fail()
    await tick(60)
    assert usable() == set()
    await simulator.power_off()
    await tick(60)
    assert usable() == set()


async def test_nobody_at_work_leaves_nothing_to_press_while_the_panel_is_in_use(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
) -> None:
    simulator.printer.touch(300)
    await tick(60)
    assert state("status") == "busy"
    for key in ("pause", "resume", "stop"):
        assert state(key, BUTTON) == "unavailable", key


async def test_pausing_resuming_and_stopping_show_within_ten_seconds(
    simulator: Simulator,
    printing: Printer,
    tick: Ticker,
    state: State,
    press: Press,
) -> None:
    await press("pause")
    await tick(10)
    assert state("status") == "paused"
    assert state("paused", "binary_sensor") == "on"
    await tick(60)
    await press("resume")
    await tick(10)
    assert state("status") == "printing"
    assert state("printing", "binary_sensor") == "on"
    # no waiting between two commands
    await press("pause")
    await tick(10)
    assert state("status") == "paused"
    await press("stop")
    await tick(10)
    assert state("status") == "idle"
    assert state("progress") == "unknown"
    assert posts(simulator) == [OPERATE] * 4
    assert [event.kind for event in printing.record] == [
        "started",
        "paused",
        "resumed",
        "paused",
        "stopped",
    ]


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_a_print_that_a_power_cut_ended_is_recovered(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    state: State,
    press: Press,
) -> None:
    simulator.printer.start("Local/part.gcode", duration=7200)
    await tick(600)
    await simulator.power_off()
    await tick(60)
    await simulator.power_on()
    await tick(90)
    assert state("status") == "idle"
    await press("recover")
    await tick(10)
    assert state("status") == "printing"
    assert posts(simulator) == ["job/recover/set"]


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_without_a_print_to_recover_the_user_is_told_so(
    simulator: Simulator, loaded_entry: MockConfigEntry, press: Press
) -> None:
    error = await refused(press("recover"), "refused_stopped")
    assert str(error) == "There is no print to do this to"
    assert posts(simulator) == ["job/recover/set"]


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
    simulator: Simulator, printing: Printer, press: Press
) -> None:
    for said, (key, words) in REFUSALS.items():
        simulator.faults.add("refuse", path=OPERATE, code=500, msg=said)
        error = await refused(press("pause"), key)
        assert str(error) == words.removesuffix(".")
    assert len(posts(simulator)) == len(REFUSALS)


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
    printing: Printer,
    press: Press,
    freezer: FrozenDateTimeFactory,
    done: str,
    pressed: str,
    key: str,
) -> None:
    getattr(printing, done)()
    freezer.tick(6)
    await refused(press(pressed), key)


async def test_resuming_a_print_that_was_resumed_at_the_panel_is_refused(
    printing: Printer, press: Press, tick: Ticker, freezer: FrozenDateTimeFactory
) -> None:
    printing.pause()
    await tick(60)
    printing.resume()
    freezer.tick(6)
    await refused(press("resume"), "refused_printing")


async def test_a_print_that_has_just_ended_cannot_be_stopped(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    press: Press,
    freezer: FrozenDateTimeFactory,
) -> None:
    simulator.printer.start("Local/part.gcode", duration=1200)
    await tick(600)
    freezer.tick(900)
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
    simulator: Simulator, printing: Printer, press: Press, fault: str, key: str
) -> None:
    simulator.faults.add(fault, path=OPERATE, count=None)
    await refused(press("pause"), key)
    assert posts(simulator) == [OPERATE]


async def test_a_command_to_a_printer_that_has_just_gone_says_so(
    simulator: Simulator, printing: Printer, press: Press
) -> None:
    await simulator.power_off()
    error = await refused(press("pause"), "cannot_connect")
    assert str(error) == "The printer cannot be reached"


async def test_a_token_that_has_just_died_does_not_lose_the_command(
    simulator: Simulator, printing: Printer, press: Press, tick: Ticker
) -> None:
    simulator.drop_tokens()
    await press("pause")
    await tick(10)
    # the first was not heard, for want of a token
    assert posts(simulator) == [OPERATE] * 2
    assert [event.kind for event in printing.record] == ["started", "paused"]


async def test_a_password_that_was_changed_is_named_as_the_reason(
    hass: HomeAssistant, simulator: Simulator, printing: Printer, press: Press
) -> None:
    printing.password = "changed"
    simulator.drop_tokens()
    error = await refused(press("pause"), "invalid_auth")
    assert str(error) == "The printer no longer accepts the password or the token"
    await hass.async_block_till_done()
    # the polls decide whether that lasts
    assert not hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert printing.phase == "running"


async def test_a_restart_of_home_assistant_presses_nothing(
    hass: HomeAssistant,
    simulator: Simulator,
    printing: Printer,
    config_entry: MockConfigEntry,
    press: Press,
    tick: Ticker,
    state: State,
) -> None:
    await press("pause")
    await tick(30)
    assert state("pause", BUTTON) == "unavailable"
    assert await hass.config_entries.async_unload(config_entry.entry_id)
    printing.resume()
    await set_up(hass, config_entry)
    await tick(60)
    assert state("status") == "printing"
    assert posts(simulator) == [OPERATE]


async def test_a_refusal_is_followed_by_what_the_printer_really_does(
    printing: Printer, press: Press, tick: Ticker, state: State
) -> None:
    printing.pause()
    await tick(5)
    # somebody at the panel was faster, and Home Assistant has not seen it yet
    await refused(press("pause"), "refused_paused")
    await tick(5)
    assert state("status") == "paused"
