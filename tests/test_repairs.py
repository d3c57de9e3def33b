"""Tests of the repair issues: raised for what a person can mend, gone when mended."""

from collections.abc import Awaitable, Callable
import json
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.raise3d.const import DOMAIN
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.const import CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from simulator import Printer, Simulator
from simulator.camera import create_camera_app
from simulator.server import listen

from .common import PASSWORD, add_entry, now, set_up
from .conftest import Ticker

MINUTE = 60
TEXTS = json.loads(
    (
        Path(__file__).parents[1] / "custom_components/raise3d/translations/en.json"
    ).read_text("utf-8")
)["issues"]


type Issues = Callable[[], set[str]]


@pytest.fixture
def issues(issue_registry: ir.IssueRegistry) -> Issues:
    """Return a function that names what Home Assistant asks to be mended."""

    def issues() -> set[str]:
        found = [
            issue
            for issue in issue_registry.issues.values()
            if issue.domain == DOMAIN and issue.active
        ]
        for issue in found:
            assert issue.translation_key in TEXTS
            assert issue.translation_placeholders == {"name": "Lab printer"}
            assert issue.severity is ir.IssueSeverity.WARNING
            assert not issue.is_fixable
        return {str(issue.translation_key) for issue in found}

    return issues


async def switch_off_api(simulator: Simulator) -> None:
    """Stop listening at the API's port, and go on at the camera's."""
    await simulator.stop()
    app = create_camera_app(simulator.printer, simulator.faults)
    camera = await listen(app, simulator.host, simulator.camera_port)
    simulator._runners.append(camera)


async def switch_on_api(simulator: Simulator) -> None:
    """Listen at both ports again."""
    await simulator.stop()
    await simulator.start()


async def test_a_printer_that_is_well_needs_nothing(
    simulator: Simulator, loaded_entry: MockConfigEntry, tick: Ticker, issues: Issues
) -> None:
    simulator.printer.start("Local/part.gcode", duration=600)
    await tick(20 * MINUTE)
    assert not issues()


def test_every_issue_says_what_to_do() -> None:
    for key, text in TEXTS.items():
        assert "{name}" in text["title"], key
        sentences = text["description"].split(". ")
        assert len(sentences) >= 2, key
        # where to do it
        assert "screen" in text["description"] or "Settings" in text["description"]


# The API is off


async def test_an_api_that_hangs_is_told_after_five_minutes(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    issues: Issues,
    state: Callable[..., str],
) -> None:
    await tick(MINUTE)
    simulator.faults.add("http_500", count=None)
    await tick(4 * MINUTE)
    assert state("status") == "offline"
    assert not issues()
    await tick(3 * MINUTE)
    assert issues() == {"api_off"}
    simulator.faults.clear()
    await tick(90)
    assert state("status") == "idle"
    assert not issues()


async def test_an_api_that_is_switched_off_is_told_when_the_camera_still_answers(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    issues: Issues,
) -> None:
    await tick(MINUTE)
    await switch_off_api(simulator)
    await tick(4 * MINUTE)
    assert not issues()
    await tick(3 * MINUTE)
    assert issues() == {"api_off"}
    await switch_on_api(simulator)
    await tick(90)
    assert not issues()


async def test_a_printer_that_is_off_is_nothing_to_mend(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    freezer: FrozenDateTimeFactory,
    issues: Issues,
    state: Callable[..., str],
) -> None:
    await tick(MINUTE)
    await simulator.power_off()
    for _ in range(10):
        await tick(2 * MINUTE)
        assert not issues()
        freezer.tick(3600)
    assert state("status") == "offline"


@pytest.mark.parametrize("off", ["http_500", "refused"])
async def test_a_printer_that_boots_for_less_than_five_minutes_is_nothing_to_mend(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    issues: Issues,
    off: str,
) -> None:
    await tick(MINUTE)
    if off == "refused":
        # the camera server, a process of its own, is there before the API is
        await switch_off_api(simulator)
    else:
        simulator.faults.add(off, count=None)
    for _ in range(9):
        await tick(MINUTE / 2)
        assert not issues()
    simulator.faults.clear()
    await switch_on_api(simulator)
    await tick(2 * MINUTE)
    assert not issues()


async def test_an_api_that_was_off_is_forgotten_when_the_printer_is_switched_off(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    issues: Issues,
) -> None:
    await tick(MINUTE)
    simulator.faults.add("http_500", count=None)
    await tick(8 * MINUTE)
    assert issues() == {"api_off"}
    await simulator.power_off()
    await tick(2 * MINUTE)
    assert not issues()


async def test_an_api_that_hangs_when_home_assistant_starts_has_five_minutes_too(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    issues: Issues,
) -> None:
    simulator.faults.add("http_500", count=None)
    await set_up(hass, config_entry)
    # a power cut makes both of them boot
    await tick(4 * MINUTE)
    assert not issues()
    await tick(3 * MINUTE)
    assert issues() == {"api_off"}


async def test_an_api_that_was_off_before_the_start_is_told_by_the_camera_server(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
    issues: Issues,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await simulator.stop()
    async with Simulator(simulator.printer) as other:
        # nobody has asked this printer yet where its camera is
        monkeypatch.setattr(
            "custom_components.raise3d.coordinator.DEFAULT_CAMERA_PORT",
            other.camera_port,
        )
        await set_up(hass, config_entry)
        await tick(7 * MINUTE)
        assert issues() == {"api_off"}


# Another printer, little storage, another password


async def test_another_printer_at_the_address_is_told(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    issues: Issues,
) -> None:
    await simulator.power_off()
    await tick(MINUTE)
    stranger = Printer("e2", password=PASSWORD, clock=now)
    async with Simulator(stranger, port=simulator.port):
        await tick(2 * MINUTE)
        assert issues() == {"wrong_printer"}
    await simulator.power_on()
    await tick(2 * MINUTE)
    assert not issues()


async def test_a_printer_at_another_address_is_found_again_by_reconfiguring(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    issues: Issues,
    state: Callable[..., str],
) -> None:
    port = simulator.port
    await simulator.power_off()
    simulator.port = 0
    await simulator.power_on()
    stranger = Printer("e2", password=PASSWORD, clock=now)
    async with Simulator(stranger, port=port):
        await tick(3 * MINUTE)
        assert issues() == {"wrong_printer"}
        hass.config_entries.async_update_entry(
            loaded_entry, data={**loaded_entry.data, CONF_PORT: simulator.port}
        )
        assert await hass.config_entries.async_reload(loaded_entry.entry_id)
        await tick(MINUTE)
        assert state("status") == "idle"
        assert not issues()


async def test_little_storage_is_told(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    freezer: FrozenDateTimeFactory,
    issues: Issues,
) -> None:
    def store(kilobytes: object) -> None:
        simulator.faults.clear()
        simulator.faults.add(
            "override",
            path="printer/system",
            count=None,
            data=lambda data: data | {"storage_available": kilobytes},
        )

    async def quarter_of_an_hour() -> None:
        freezer.tick(15 * MINUTE)
        await tick(MINUTE)

    store(512 * 1024)
    await quarter_of_an_hour()
    assert not issues()
    store(512 * 1024 - 1)
    await quarter_of_an_hour()
    assert issues() == {"storage_low"}
    store(3694700)
    await quarter_of_an_hour()
    assert not issues()
    # what is not known is not little
    store(None)
    await quarter_of_an_hour()
    assert not issues()


def the_reauth_flow(hass: HomeAssistant) -> Any:
    """Return the one request to sign in again."""
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH
    return flow


async def test_a_password_that_is_refused_is_home_assistants_own_issue(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    issues: Issues,
    issue_registry: ir.IssueRegistry,
) -> None:
    simulator.printer.password = "changed"
    simulator.drop_tokens()
    await tick(7 * MINUTE)
    assert the_reauth_flow(hass)
    assert not issues()
    assert [issue.translation_key for issue in issue_registry.issues.values()] == [
        "config_entry_reauth"
    ]


async def test_a_token_that_ends_is_nothing_to_mend_but_to_renew(
    hass: HomeAssistant, simulator: Simulator, tick: Ticker, issues: Issues
) -> None:
    token = simulator.printer.tokens.issue(now())
    await set_up(hass, add_entry(hass, simulator, token=token))
    simulator.drop_tokens()
    await tick(MINUTE)
    assert the_reauth_flow(hass)
    assert not issues()


@pytest.fixture
def low_storage(simulator: Simulator) -> None:
    """Let the printer say from the start that its storage is nearly full."""
    simulator.faults.add(
        "override",
        path="printer/system",
        count=None,
        data=lambda data: data | {"storage_available": 1000},
    )


async def unload(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_unload(entry.entry_id)


async def disable(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )


async def remove(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.config_entries.async_remove(entry.entry_id)


type End = Callable[[HomeAssistant, MockConfigEntry], Awaitable[None]]


@pytest.mark.usefixtures("low_storage")
@pytest.mark.parametrize("end", [unload, disable, remove])
async def test_a_printer_that_is_no_longer_set_up_takes_its_issues_along(
    hass: HomeAssistant,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    issues: Issues,
    issue_registry: ir.IssueRegistry,
    end: End,
) -> None:
    assert issues() == {"storage_low"}
    await end(hass, loaded_entry)
    await tick(2 * MINUTE)
    assert not [key for key in issue_registry.issues if key[0] == DOMAIN]


@pytest.mark.parametrize("end", [disable, remove])
async def test_an_entry_whose_setup_is_retried_takes_its_issues_along(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    issues: Issues,
    end: End,
) -> None:
    simulator.printer.machine_id = "555"
    await set_up(hass, config_entry)
    assert config_entry.state is ConfigEntryState.SETUP_RETRY
    assert issues() == {"wrong_printer"}
    await end(hass, config_entry)
    assert not issues()


@pytest.mark.usefixtures("low_storage")
async def test_an_issue_is_there_again_when_the_entry_is_enabled_again(
    hass: HomeAssistant, loaded_entry: MockConfigEntry, issues: Issues
) -> None:
    await disable(hass, loaded_entry)
    assert not issues()
    await hass.config_entries.async_set_disabled_by(loaded_entry.entry_id, None)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issues() == {"storage_low"}
    assert await hass.config_entries.async_reload(loaded_entry.entry_id)
    assert issues() == {"storage_low"}


async def test_of_two_printers_the_one_is_named_that_needs_it(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    issues: Issues,
    issue_registry: ir.IssueRegistry,
) -> None:
    other = Printer("e2", password=PASSWORD, clock=now)
    async with Simulator(other) as second:
        second.faults.add(
            "override",
            path="printer/system",
            count=None,
            data=lambda data: data | {"storage_available": 1000},
        )
        entry = add_entry(hass, second)
        await set_up(hass, entry)
        assert issues() == {"storage_low"}
        await tick(2 * MINUTE)
        assert {
            issue_id for domain, issue_id in issue_registry.issues if domain == DOMAIN
        } == {f"storage_low_{entry.entry_id}"}
        assert await hass.config_entries.async_remove(entry.entry_id)
        assert not issues()
