"""Tests of who may do what: an action asks for the right that an entity asks for."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.raise3d.const import DOMAIN
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.auth.permissions import PolicyPermissions
from homeassistant.auth.permissions.models import PermissionLookup
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.setup import async_setup_component

from .automations import another_printer, device_of
from .common import Home

pytestmark = pytest.mark.usefixtures("only_platforms")

FILE = "Local/medaille_1.gcode"
CONTROL: dict[str, dict[str, Any]] = {
    "delete_file": {"file": FILE},
    "move_axis": {"z": 5},
    "pause_print": {},
    "resume_print": {},
    "start_print": {"file": FILE},
    "stop_print": {},
    "upload_file": {"path": "part.gcode"},
}
READ: dict[str, dict[str, Any]] = {"get_print_history": {}, "list_files": {}}
EVERYTHING = {**CONTROL, **READ}


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms whose rights count, and one that only shows."""
    return [Platform.BUTTON, Platform.CAMERA, Platform.NUMBER, Platform.SENSOR]


@pytest.fixture
def part(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be a file that Home Assistant may read."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    path = tmp_path / "part.gcode"
    path.write_bytes(b"G28\n")
    monkeypatch.setitem(CONTROL["upload_file"], "path", str(path))


async def act(home: Home, name: str, context: Context, **data: str) -> None:
    """Call an action for a printer, as somebody or as Home Assistant itself."""
    await home.hass.services.async_call(
        DOMAIN,
        name,
        {"device_id": home.device.id, **EVERYTHING[name], **data},
        blocking=True,
        context=context,
        return_response=name in READ,
    )


async def user_of(home: Home, group_id: str) -> Context:
    """Return the context of a user of a group."""
    # the first user of all is the owner, who may do everything
    await home.hass.auth.async_create_user("Owner")
    user = await home.hass.auth.async_create_user("Somebody", group_ids=[group_id])
    assert not user.is_owner
    return Context(user_id=user.id)


def user_with(home: Home, entities: object) -> Context:
    """Return the context of a user with a policy of his own."""
    user = MockUser().add_to_hass(home.hass)
    lookup = PermissionLookup(er.async_get(home.hass), dr.async_get(home.hass))
    user.permissions = PolicyPermissions({"entities": entities}, lookup)  # type: ignore[dict-item]
    return Context(user_id=user.id)


async def refused(home: Home, name: str, context: Context, **data: str) -> Unauthorized:
    """Return the error that an action ends with."""
    with pytest.raises(Unauthorized) as caught:
        await act(home, name, context, **data)
    return caught.value


async def test_who_may_only_read_can_do_nothing_to_the_printer(
    home: Home, subtests: pytest.Subtests
) -> None:
    context = await user_of(home, GROUP_ID_READ_ONLY)
    requests = home.count_requests()
    for name in CONTROL:
        with subtests.test(name):
            error = await refused(home, name, context)
            assert error.context is context
            assert error.user_id == context.user_id
            assert error.permission == "control"
            assert error.perm_category == "entities"
            assert error.entity_id
            assert er.async_get(home.hass).async_get(error.entity_id)
            assert home.count_requests() == requests
    # a button is refused as well
    with pytest.raises(Unauthorized):
        await home.hass.services.async_call(
            "button",
            "press",
            {"entity_id": home.entity_id("stop", "button")},
            blocking=True,
            context=context,
        )
    for name in READ:
        await act(home, name, context)


@pytest.mark.parametrize("group_id", [GROUP_ID_USER, GROUP_ID_ADMIN])
async def test_who_may_control_reads_starts_and_stops(
    home: Home, part: None, group_id: str
) -> None:
    context = await user_of(home, group_id)
    for name in READ:
        await act(home, name, context)
    for name in ("move_axis", "upload_file", "start_print"):
        await act(home, name, context)
    await home.tick(60)
    await act(home, "stop_print", context)
    await home.tick(60)
    await act(home, "delete_file", context)
    assert len(home.posts()) >= 5


async def test_a_user_who_is_gone_or_has_no_right_is_refused(
    home: Home, subtests: pytest.Subtests
) -> None:
    nobody, powerless = Context(user_id="nobody"), user_with(home, {})
    for name in EVERYTHING:
        with subtests.test(name):
            assert isinstance(await refused(home, name, nobody), UnknownUser)
            await refused(home, name, powerless)


async def test_an_automation_needs_no_user_but_a_printer(
    home: Home, part: None
) -> None:
    for name in (*READ, "move_axis", "upload_file", "delete_file"):
        await act(home, name, Context())
    # an unknown one is a mistake of everybody
    context = await user_of(home, GROUP_ID_ADMIN)
    with pytest.raises(ServiceValidationError):
        await act(home, "stop_print", context, device_id="nowhere")


async def test_the_right_to_one_printer_is_none_to_another(
    home: Home, subtests: pytest.Subtests
) -> None:
    device = home.device
    context = user_with(home, {"device_ids": {device.id: True}})
    async with another_printer(home.hass) as (_, other):
        device_id = device_of(home.hass, other).id
        for name in EVERYTHING:
            with subtests.test(name):
                await refused(home, name, context, device_id=device_id)


async def test_a_device_an_area_or_all_of_its_entities_stand_for_a_printer(
    home: Home,
) -> None:
    device = home.device
    area = ar.async_get(home.hass).async_create("Workshop")
    dr.async_get(home.hass).async_update_device(device.id, area_id=area.id)
    shown = home.hass.states.async_entity_ids()
    policies: tuple[dict[str, object], ...] = (
        {"device_ids": {device.id: True}},
        {"area_ids": {area.id: {"read": True, "control": True}}},
        {"domains": {"button": {"control": True}, "sensor": {"read": True}}},
        {"entity_ids": dict.fromkeys(shown, True)},
    )
    for policy in policies:
        context = user_with(home, policy)
        await act(home, "move_axis", context)
        await act(home, "list_files", context)
    assert len(home.posts("axiscontrol")) == 4


async def test_a_right_to_what_only_shows_something_commands_nothing(
    home: Home,
) -> None:
    context = user_with(home, {"domains": {"sensor": True, "camera": True}})
    for name in CONTROL:
        await refused(home, name, context)
    await act(home, "list_files", context)


async def test_the_right_to_a_button_is_the_right_to_its_action(home: Home) -> None:
    for key in ("pause", "resume"):
        button = home.entity_id(key, "button")
        context = user_with(home, {"entity_ids": {button: {"control": True}}})
        error = await refused(home, "stop_print", context)
        assert error.entity_id == home.entity_id("stop", "button")
        with pytest.raises(HomeAssistantError, match="There is no print"):
            await act(home, f"{key}_print", context)


async def test_the_right_to_stop_is_no_right_to_start(home: Home) -> None:
    home.printer.start("Local/other.gcode", duration=7200)
    await home.tick(60)
    stop = home.entity_id("stop", "button")
    context = user_with(home, {"entity_ids": {stop: {"control": True}}})
    error = await refused(home, "start_print", context)
    assert error.entity_id not in {None, stop}
    await act(home, "stop_print", context)
    assert home.posts() == ["job/currentjob/set"]


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_an_entity_that_is_enabled_counts(home: Home) -> None:
    context = user_with(home, {"domains": {"button": True}})
    error = await refused(home, "move_axis", context)
    assert str(error.entity_id).startswith("number.")


async def test_who_may_not_see_file_names_reads_none(home: Home) -> None:
    readable = {home.entity_id("file_name"): {"read": True}}
    blind = user_with(home, {"entity_ids": {home.entity_id("status"): True}})
    seeing = user_with(home, {"entity_ids": readable})
    for name in READ:
        await refused(home, name, blind)
        await act(home, name, seeing)


# The media browser


type Browse = Callable[[str], Awaitable[dict[str, Any]]]


@pytest.fixture
async def browse(
    home: Home, hass_ws_client: WebSocketGenerator, hass_read_only_access_token: str
) -> Browse:
    """Return what opens a folder for a user who may read."""
    assert await async_setup_component(home.hass, "websocket_api", {})
    assert await async_setup_component(home.hass, "media_source", {})
    await home.hass.data["media_source_platforms"].async_get_platforms()

    async def browse(folder: str) -> dict[str, Any]:
        socket = await hass_ws_client(home.hass, hass_read_only_access_token)
        await socket.send_json_auto_id(
            {"type": "media_source/browse_media", "media_content_id": folder}
        )
        answer: dict[str, Any] = await socket.receive_json()
        return answer

    return browse


async def test_who_may_read_browses_the_files(browse: Browse) -> None:
    answer = await browse(f"media-source://{DOMAIN}")
    (printer,) = answer["result"]["children"]
    assert (await browse(printer["media_content_id"]))["success"]


async def test_who_may_not_read_sees_no_printer_and_no_file(
    home: Home, browse: Browse, hass_read_only_user: MockUser
) -> None:
    hass_read_only_user.mock_policy({})
    answer = await browse(f"media-source://{DOMAIN}")
    assert answer["result"]["children"] == []
    answer = await browse(f"media-source://{DOMAIN}/{home.entry.entry_id}/Local")
    assert answer["error"]["code"] == "unauthorized"


@pytest.mark.usefixtures("browse")
async def test_a_thumbnail_is_for_those_who_may_read(
    home: Home,
    hass_client: ClientSessionGenerator,
    hass_read_only_user: MockUser,
    hass_read_only_access_token: str,
) -> None:
    url = f"/api/raise3d/preview/{home.entry.entry_id}/Local/part.png"
    client = await hass_client(hass_read_only_access_token)
    assert (await client.get(url)).status == 404
    requested = home.count_requests()
    hass_read_only_user.mock_policy({})
    assert (await client.get(url)).status == 401
    assert home.count_requests() == requested
