"""Tests of what a person does between two polls: it reaches no other printer."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from custom_components.raise3d.api import Raise3DWrongPrinterError
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from simulator import Printer

from .common import HOUR, MINUTE, Home, new_printer

pytestmark = pytest.mark.usefixtures(
    "entity_registry_enabled_by_default", "only_platforms"
)

type Act = Callable[[Home], Awaitable[object]]


def action(name: str, **data: object) -> Act:
    """Return what calls an action, with its answer where it has one."""
    return lambda home: home.act(name, **data)


def entity_action(platform: str, key: str, name: str, **data: object) -> Act:
    """Return what calls an action of an entity."""
    return lambda home: home.call(f"{platform}.{name}", (key, platform), **data)


ACTS: dict[str, Act] = {
    "start_print": action("start_print", file="Local/strange.gcode"),
    "stop_print": action("stop_print"),
    "stop_the_expected_print": action("stop_print", expected_job_id="theirs"),
    "move_axis": action("move_axis", x=1),
    "delete_file": action("delete_file", file="Local/strange.gcode"),
    "list_files": action("list_files"),
    "get_print_history": action("get_print_history"),
    "upload_file": action("upload_file", path=str(Path(__file__)), start=True),
    "camera": lambda home: home.coordinator.camera.async_refresh(),
    "preview": lambda home: home.coordinator.client.history.get_image("x", 64, 64),
    "picture": lambda home: home.coordinator.client.files.get_image(
        "Local/strange.gcode", 64, 64
    ),
}
# These are unavailable once the other printer has been found out.
ENTITY_ACTS: dict[str, Act] = {
    "pause": entity_action("button", "pause", "press"),
    "stop": entity_action("button", "stop", "press"),
    "bed_target_temperature": entity_action(
        "number", "bed_target_temperature", "set_value", value=60
    ),
}
# What may be read of a printer whose name is not known.
HARMLESS = {"login", "printer/system"}


@pytest.fixture
def stranger() -> Printer:
    """Return another printer, which is printing."""
    stranger = new_printer("e2", seed=7)
    stranger.start("Local/strange.gcode", duration=6 * HOUR)
    return stranger


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms with which a person acts, and that of the state."""
    return [Platform.BUTTON, Platform.NUMBER, Platform.SENSOR]


@pytest.fixture(autouse=True)
def allow_upload(hass: HomeAssistant) -> None:
    """Let Home Assistant read the tests."""
    hass.config.allowlist_external_dirs.add(str(Path(__file__).parent))


async def refusal(home: Home, act: Act) -> str:
    """Return why an action is refused."""
    with pytest.raises((HomeAssistantError, Raise3DWrongPrinterError)) as error:
        await act(home)
    return str(getattr(error.value, "translation_key", "wrong_printer"))


@pytest.fixture
async def busy(home: Home) -> Home:
    """Return a home whose printer has begun a long print."""
    home.printer.start("Local/part.gcode", duration=6 * HOUR)
    await home.tick(3 * MINUTE)
    return home


@pytest.mark.parametrize("act", (ACTS | ENTITY_ACTS).values(), ids=ACTS | ENTITY_ACTS)
async def test_nothing_a_person_does_reaches_another_printer(
    busy: Home, stranger: Printer, act: Act
) -> None:
    async with busy.replaced_by(stranger) as there:
        assert await refusal(busy, act) == "wrong_printer"
    # what comes with the token of our printer is refused
    assert set(there.paths[there.paths.index("login") :]) == HARMLESS


async def test_nothing_reaches_another_printer_that_has_been_found_out(
    busy: Home, stranger: Printer
) -> None:
    async with busy.replaced_by(stranger) as there:
        await busy.tick(2 * MINUTE)
        refusals = {key: await refusal(busy, act) for key, act in ACTS.items()}
    assert refusals == dict.fromkeys(ACTS, "wrong_printer")
    assert set(there.paths[there.paths.index("login") :]) == HARMLESS


async def test_a_command_goes_to_the_right_printer_as_soon_as_it_is_back(
    busy: Home, stranger: Printer
) -> None:
    async with busy.replaced_by(stranger):
        await busy.tick(2 * MINUTE)
    await ACTS["stop_print"](busy)
    await busy.tick(30)
    assert busy.status == "idle"
    assert busy.count_requests("job/currentjob/set") == 1


async def test_a_command_needs_no_check_while_the_token_lives(home: Home) -> None:
    await home.tick(4 * MINUTE)
    home.simulator.requests.clear()
    await ACTS["list_files"](home)
    await ACTS["move_axis"](home)
    assert not home.count_requests("printer/system")
    assert not home.count_requests("login")


async def test_a_printer_that_cannot_name_itself_after_a_login_gets_no_command(
    home: Home,
) -> None:
    await home.tick(4 * MINUTE)
    home.fail("http_404", "printer/system")
    home.simulator.drop_tokens()
    await home.tick(2 * MINUTE)
    assert home.status == "idle"
    with pytest.raises(HomeAssistantError):
        await ACTS["start_print"](home)
    assert await ACTS["list_files"](home)
    home.heal()
    await ACTS["move_axis"](home)
    assert not home.count_requests("job/newjob/set")
