"""Tests of the repair issues: raised for what a person can fix, gone when fixed."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
import re

import pytest

from custom_components.raise3d.const import DOMAIN
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.const import CONF_PORT, Platform
from homeassistant.helpers import issue_registry as ir
from simulator import Simulator
from simulator.camera import create_camera_app
from simulator.server import close, listen

from .common import EN, MINUTE, Home, add_entry, new_printer, set_up
from .wire import Wire

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that show whether the printer is there."""
    return [Platform.CAMERA, Platform.SENSOR]


TEXTS = EN["issues"]

type Down = Callable[[Home], AbstractAsyncContextManager[None]]
type End = Callable[[Home], Awaitable[None]]


def issues(home: Home) -> set[str]:
    """Return which issues Home Assistant shows, each as it should be."""
    found = ir.async_get(home.hass).issues.values()
    for issue in [issue for issue in found if issue.domain == DOMAIN]:
        assert issue.active
        assert issue.translation_key in TEXTS
        assert issue.translation_placeholders == {"name": "Lab printer"}
        assert issue.severity is ir.IssueSeverity.WARNING
        assert issue.is_fixable is ("fix_flow" in TEXTS[issue.translation_key])
    return home.issues


def test_every_issue_says_what_to_do() -> None:
    for key, text in TEXTS.items():
        assert "{name}" in text["title"], key
        words = text.get("description") or str(text["fix_flow"]["step"]["confirm"])
        assert len(re.split(r"[.?] ", words)) >= 2, key
        # where to do it
        assert re.search("screen|Settings|Submit", words), key


async def test_a_printer_without_a_problem_has_no_issue(home: Home) -> None:
    home.printer.start("Local/part.gcode", duration=60)
    await home.tick(2 * MINUTE)
    assert home.status == "completed"
    assert not issues(home)


# The API is off


@asynccontextmanager
async def hanging(home: Home) -> AsyncGenerator[None]:
    """Let the API answer everything with an error."""
    home.fail("http_500")
    yield
    home.heal()


@asynccontextmanager
async def switched_off(home: Home) -> AsyncGenerator[None]:
    """Stop listening at the API's port, and go on at the camera's."""
    simulator = home.simulator
    await simulator.unplug()
    app = create_camera_app(home.printer, simulator.faults)
    camera = await listen(app, simulator.host, simulator.camera_port)
    yield
    await close(camera)
    await simulator.start()


@pytest.mark.parametrize("api_down", [hanging, switched_off])
async def test_an_api_that_is_down_is_an_issue_after_five_minutes(
    home: Home, api_down: Down
) -> None:
    await home.tick(MINUTE)
    async with api_down(home):
        await home.tick(4 * MINUTE)
        assert home.status == "offline"
        assert not issues(home)
        await home.tick(3 * MINUTE)
        assert issues(home) == {"api_off"}
    await home.tick(90)
    assert home.status == "idle"
    assert not issues(home)


async def test_a_printer_that_is_off_is_no_issue(home: Home) -> None:
    await home.tick(MINUTE)
    await home.simulator.power_off()
    for _ in range(4):
        await home.tick(2 * MINUTE)
        assert not issues(home)
        home.freezer.tick(3600)
    assert home.status == "offline"


# the camera server, a process of its own, may be there before the API is
@pytest.mark.parametrize("api_down", [hanging, switched_off])
async def test_a_boot_of_less_than_five_minutes_is_no_issue(
    home: Home, api_down: Down
) -> None:
    await home.tick(MINUTE)
    async with api_down(home):
        for _ in range(9):
            await home.tick(MINUTE / 2)
            assert not issues(home)
    await home.tick(2 * MINUTE)
    assert not issues(home)


async def test_an_api_that_was_down_is_no_issue_once_the_printer_is_off(
    home: Home,
) -> None:
    await home.tick(MINUTE)
    home.fail("http_500")
    await home.tick(8 * MINUTE)
    assert issues(home) == {"api_off"}
    await home.simulator.power_off()
    await home.tick(2 * MINUTE)
    assert not issues(home)


async def test_an_api_that_hangs_when_home_assistant_starts_has_five_minutes_too(
    new_home: Home,
) -> None:
    new_home.fail("http_500")
    await new_home.set_up()
    # a power cut makes both of them boot
    await new_home.tick(4 * MINUTE)
    assert not issues(new_home)
    await new_home.tick(3 * MINUTE)
    assert issues(new_home) == {"api_off"}


async def test_the_camera_server_shows_an_api_that_was_off_before_the_start(
    new_home: Home,
) -> None:
    await new_home.simulator.unplug()
    async with Simulator(new_home.printer) as other:
        await new_home.set_up()
        # nobody has read yet where the camera of this printer is: as if it were the
        # usual port, which a test cannot have
        data = new_home.coordinator.data
        camera = replace(data.camera, port=other.camera_port)
        new_home.coordinator.data = replace(data, camera=camera)
        await new_home.tick(7 * MINUTE)
        assert issues(new_home) == {"api_off"}


# Another printer, little storage, another password


async def test_another_printer_at_the_address_is_an_issue(home: Home) -> None:
    await home.simulator.power_off()
    await home.tick(MINUTE)
    async with home.replaced_by(new_printer("e2")):
        await home.tick(2 * MINUTE)
        assert issues(home) == {"wrong_printer"}
    await home.simulator.power_on()
    await home.tick(2 * MINUTE)
    assert not issues(home)


async def test_a_printer_at_another_address_is_found_again_by_reconfiguring(
    home: Home,
) -> None:
    simulator = home.simulator
    port = simulator.port
    await simulator.power_off()
    simulator.port = 0
    await simulator.power_on()
    async with Simulator(new_printer("e2"), port=port):
        await home.tick(3 * MINUTE)
        assert issues(home) == {"wrong_printer"}
        home.hass.config_entries.async_update_entry(
            home.entry, data={**home.entry.data, CONF_PORT: simulator.port}
        )
        await home.reload()
        await home.tick(MINUTE)
        assert home.status == "idle"
        assert not issues(home)


async def test_little_storage_is_an_issue(home: Home) -> None:
    async def issues_with(kilobytes: object) -> set[str]:
        home.heal()
        home.answer("printer/system", storage_available=kilobytes)
        home.freezer.tick(15 * MINUTE)
        await home.tick(MINUTE)
        return issues(home)

    assert not await issues_with(512 * 1024)
    assert await issues_with(512 * 1024 - 1) == {"storage_low"}
    assert not await issues_with(3694700)
    # what is not known is not little
    assert not await issues_with(None)


async def test_a_refused_password_is_home_assistants_own_issue(home: Home) -> None:
    home.printer.password = "changed"
    home.simulator.drop_tokens()
    await home.tick(7 * MINUTE)
    assert [flow["context"]["source"] for flow in home.flows] == [SOURCE_REAUTH]
    found = ir.async_get(home.hass).issues.values()
    assert [issue.translation_key for issue in found] == ["config_entry_reauth"]


async def test_a_token_that_ends_is_no_issue_but_to_renew(new_home: Home) -> None:
    new_home.use_token()
    await new_home.set_up()
    new_home.simulator.drop_tokens()
    await new_home.tick(MINUTE)
    assert [flow["context"]["source"] for flow in new_home.flows] == [SOURCE_REAUTH]
    assert not issues(new_home)


# The end of an entry


@pytest.fixture
async def low_home(new_home: Home) -> Home:
    """Return the home of a printer whose storage is nearly full from the start."""
    new_home.answer("printer/system", storage_available=1000)
    await new_home.set_up()
    return new_home


async def unload(home: Home) -> None:
    """Unload the entry."""
    await home.hass.config_entries.async_unload(home.entry.entry_id)


async def disable(home: Home) -> None:
    """Disable the entry."""
    await home.hass.config_entries.async_set_disabled_by(
        home.entry.entry_id, ConfigEntryDisabler.USER
    )


async def remove(home: Home) -> None:
    """Remove the entry."""
    await home.hass.config_entries.async_remove(home.entry.entry_id)


@pytest.mark.parametrize("end", [unload, disable, remove])
async def test_a_printer_that_is_no_longer_set_up_takes_its_issues_along(
    low_home: Home, end: End
) -> None:
    assert issues(low_home) == {"storage_low"}
    await end(low_home)
    await low_home.tick(2 * MINUTE)
    assert not low_home.issues


@pytest.mark.parametrize("end", [disable, remove])
async def test_an_entry_whose_setup_is_retried_takes_its_issues_along(
    new_home: Home, end: End
) -> None:
    new_home.printer.machine_id = "555"
    await new_home.set_up()
    assert new_home.entry_state() is ConfigEntryState.SETUP_RETRY
    assert issues(new_home) == {"wrong_printer"}
    await end(new_home)
    assert not issues(new_home)


async def test_an_issue_is_there_again_when_the_entry_is_enabled_again(
    low_home: Home,
) -> None:
    await disable(low_home)
    assert not issues(low_home)
    entry_id = low_home.entry.entry_id
    await low_home.hass.config_entries.async_set_disabled_by(entry_id, None)
    await low_home.block_till_done()
    assert issues(low_home) == {"storage_low"}
    await low_home.reload()
    assert issues(low_home) == {"storage_low"}


async def test_of_two_printers_the_one_is_named_that_needs_it(home: Home) -> None:
    async with Simulator(new_printer("e2")) as other:
        Wire(other).answer("printer/system", storage_available=1000)
        entry = add_entry(home.hass, other)
        await set_up(home.hass, entry)
        assert issues(home) == {"storage_low"}
        await home.tick(2 * MINUTE)
        keys = [key for key in ir.async_get(home.hass).issues if key[0] == DOMAIN]
        assert keys == [(DOMAIN, f"storage_low_{entry.entry_id}")]
        assert await home.hass.config_entries.async_remove(entry.entry_id)
        assert not issues(home)
