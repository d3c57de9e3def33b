"""Tests of what a person does between two polls: it reaches no other printer."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from custom_components.raise3d.api import Raise3DWrongPrinterError
from custom_components.raise3d.const import DOMAIN
from custom_components.raise3d.coordinator import Raise3DCoordinator
from homeassistant.core import HomeAssistant, SupportsResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from simulator import Printer, Simulator

from .automations import device_of
from .common import PASSWORD, Home, now

MINUTE = 60

type State = Callable[..., str]
type Swap = Callable[[], Awaitable[Simulator]]
type Act = Callable[[HomeAssistant, Raise3DCoordinator], Awaitable[object]]


def action(name: str, **data: object) -> Act:
    """Return what calls an action, with its answer where it has one."""

    async def act(hass: HomeAssistant, coordinator: Raise3DCoordinator) -> object:
        device = device_of(hass, coordinator.config_entry)
        return await hass.services.async_call(
            DOMAIN,
            name,
            {"device_id": device.id, **data},
            blocking=True,
            return_response=hass.services.supports_response(DOMAIN, name)
            is not SupportsResponse.NONE,
        )

    return act


def entity_action(platform: str, key: str, name: str, **data: object) -> Act:
    """Return what calls an action of an entity."""

    async def act(hass: HomeAssistant, coordinator: Raise3DCoordinator) -> object:
        entity_id = er.async_get(hass).async_get_entity_id(
            platform, DOMAIN, f"{coordinator.config_entry.unique_id}_{key}"
        )
        target = {"entity_id": entity_id}
        return await hass.services.async_call(
            platform, name, data, blocking=True, target=target
        )

    return act


ACTS: dict[str, Act] = {
    "start_print": action("start_print", file="Local/strange.gcode"),
    "stop_print": action("stop_print"),
    "stop_the_expected_print": action("stop_print", expected_job_id="theirs"),
    "move_axis": action("move_axis", x=1),
    "delete_file": action("delete_file", file="Local/strange.gcode"),
    "list_files": action("list_files"),
    "get_print_history": action("get_print_history"),
    "upload_file": action("upload_file", path=str(Path(__file__)), start=True),
    "camera": lambda _, coordinator: coordinator.async_refresh_camera(),
    "preview": lambda _, coordinator: coordinator.client.history.get_image("x", 64, 64),
    "picture": lambda _, coordinator: coordinator.client.files.get_image(
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
BOTH = [pytest.param(act, False, id=key) for key, act in (ACTS | ENTITY_ACTS).items()]
BOTH += [pytest.param(act, True, id=f"{key}-later") for key, act in ACTS.items()]
# What may be asked of a printer whose name is not known.
HARMLESS = {"/v1/login", "/v1/printer/system"}


@pytest.fixture
async def swap(home: Home) -> Swap:
    """Return a function that puts another printer in place, between two polls."""

    async def swap() -> Simulator:
        await home.simulator.stop()
        other = Printer("e2", password=PASSWORD, clock=now, seed=7)
        other.start("Local/strange.gcode", duration=6 * 3600)
        stranger = Simulator(other, port=home.simulator.port)
        await stranger.start()
        return stranger

    return swap


@pytest.fixture
def allow_upload(hass: HomeAssistant) -> None:
    """Let Home Assistant read the tests."""
    hass.config.allowlist_external_dirs.add(str(Path(__file__).parent))


@pytest.mark.usefixtures("entity_registry_enabled_by_default", "allow_upload")
@pytest.mark.parametrize(("act", "found_out"), BOTH)
async def test_nothing_a_person_does_reaches_another_printer(
    home: Home,
    swap: Swap,
    act: Act,
    found_out: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    home.printer.start("Local/part.gcode", duration=6 * 3600)
    await home.tick(3 * MINUTE)
    stranger = await swap()
    await home.tick(found_out * 2 * MINUTE)
    with pytest.raises((HomeAssistantError, Raise3DWrongPrinterError)) as error:
        await act(home.hass, home.entry.runtime_data)
    await stranger.stop()
    assert getattr(error.value, "translation_key", "wrong_printer") == "wrong_printer"
    paths = [request.path for request in stranger.requests]
    # what comes with the token of our printer is refused
    assert set(paths[paths.index("/v1/login") :]) == HARMLESS


async def test_a_command_goes_to_the_right_printer_as_soon_as_it_is_back(
    home: Home, swap: Swap
) -> None:
    home.printer.start("Local/part.gcode", duration=6 * 3600)
    await home.tick(3 * MINUTE)
    stranger = await swap()
    await home.tick(2 * MINUTE)
    await stranger.stop()
    await home.simulator.start()
    await ACTS["stop_print"](home.hass, home.entry.runtime_data)
    await home.tick(30)
    assert home.state("status") == "idle"
    assert [request.path for request in home.simulator.requests].count(
        "/v1/job/currentjob/set"
    ) == 1


async def test_a_command_needs_no_check_while_the_token_lives(home: Home) -> None:
    await home.tick(4 * MINUTE)
    asked = len(home.simulator.requests)
    await ACTS["list_files"](home.hass, home.entry.runtime_data)
    await ACTS["move_axis"](home.hass, home.entry.runtime_data)
    paths = [request.path for request in home.simulator.requests[asked:]]
    assert "/v1/printer/system" not in paths
    assert "/v1/login" not in paths


async def test_a_printer_that_cannot_name_itself_after_a_login_gets_no_command(
    home: Home,
) -> None:
    await home.tick(4 * MINUTE)
    home.fail("http_404", "printer/system")
    home.simulator.drop_tokens()
    await home.tick(2 * MINUTE)
    assert home.state("status") == "idle"
    with pytest.raises(HomeAssistantError):
        await ACTS["start_print"](home.hass, home.entry.runtime_data)
    assert await ACTS["list_files"](home.hass, home.entry.runtime_data)
    home.heal()
    await ACTS["move_axis"](home.hass, home.entry.runtime_data)
    assert [request.path for request in home.simulator.requests].count(
        "/v1/job/newjob/set"
    ) == 0
