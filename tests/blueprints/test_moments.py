"""Tests of tell_before_it_ends.yaml and first_layer.yaml."""

from typing import Any

import pytest

from homeassistant.const import Platform
from homeassistant.core import ServiceCall
from homeassistant.helpers import device_registry as dr
from tests.common import MINUTE, Home

from .phones import Phone, add_phone
from .running import automation, instantiate_all, restarting

BEFORE, LAYER = "tell_before_it_ends.yaml", "first_layer.yaml"


pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that the blueprints use."""
    return [Platform.CAMERA, Platform.EVENT]


@pytest.fixture
def phone(home: Home) -> Phone:
    """Return a phone with the app."""
    return add_phone(home.hass, "My phone")


def given(home: Home, name: str, **inputs: Any) -> dict[str, Any]:
    """Return an automation for the first printer."""
    return automation(name, printers={"device_id": home.device.id}, **inputs)


async def test_the_end_is_announced_once(
    home: Home, phone: Phone, notifications: list[ServiceCall]
) -> None:
    await instantiate_all(
        home, given(home, BEFORE, minutes=15, phones=[phone.device_id])
    )
    home.printer.start("Local/<b>[part].gcode", duration=20 * MINUTE)
    await home.tick(4 * MINUTE)
    assert not notifications
    await home.tick(2 * MINUTE)
    (notification,) = notifications
    assert notification.data == {
        "title": "Lab printer: almost finished",
        "message": r"\<b\>\[part\].gcode will be finished in 15 minutes.",
    }
    (push,) = phone.pushes
    assert push.title == "Lab printer: almost finished"
    assert push.message == "‹b>[part].gcode will be finished in 15 minutes."  # noqa: RUF001 - no tag begins
    assert push.data == {"tag": f"raise3d_soon_{home.device.id}"}
    await home.tick(15 * MINUTE)
    assert len(notifications) == 1


async def test_an_end_within_a_restart_is_announced_after_it(
    home: Home, notifications: list[ServiceCall]
) -> None:
    await instantiate_all(home, given(home, BEFORE))
    home.printer.start("Local/part.gcode", duration=20 * MINUTE)
    await home.tick(5 * MINUTE)
    async with restarting(home, given(home, BEFORE)):
        await home.tick(7 * MINUTE)
    await home.tick(MINUTE)
    (notification,) = notifications
    assert notification.data["message"] == "part.gcode will be finished in 8 minutes."


async def test_the_first_layer_is_shown_once(
    home: Home, phone: Phone, notifications: list[ServiceCall]
) -> None:
    await home.tick(35)
    await instantiate_all(home, given(home, LAYER, phones=[phone.device_id]))
    home.printer.start("Local/<b>[part].gcode", duration=10 * MINUTE)
    await home.tick(11 * MINUTE)
    (notification,) = notifications
    assert notification.data == {
        "title": "Lab printer: have a look",
        "message": r"The first layer of \<b\>\[part\].gcode is finished.",
    }
    (push,) = phone.pushes
    assert push.message == "The first layer of ‹b>[part].gcode is finished."  # noqa: RUF001 - no tag begins
    assert push.data == {
        "tag": f"raise3d_first_layer_{home.device.id}",
        "image": f"/api/camera_proxy/{home.entity_id('camera', 'camera')}",
    }


@pytest.mark.parametrize("name", [BEFORE, LAYER])
async def test_phones_that_take_nothing_hold_nothing_back(
    home: Home, phone: Phone, notifications: list[ServiceCall], name: str
) -> None:
    silent, gone = (add_phone(home.hass, name) for name in ("Silent", "Gone"))
    devices = [silent.device_id, gone.device_id, phone.device_id]
    await home.tick(35)
    await instantiate_all(home, given(home, name, phones=devices))
    silent.stop_notifications()
    gone.stop_notifications()
    dr.async_get(home.hass).async_remove_device(gone.device_id)
    home.printer.start("Local/part.gcode", duration=15 * MINUTE)
    await home.tick(15 * MINUTE)
    assert len(phone.pushes) == 1
    assert len(notifications) == 1


async def test_without_a_camera_there_is_no_picture(
    home: Home, phone: Phone, notifications: list[ServiceCall]
) -> None:
    home.printer.unplug_camera()
    await home.tick(35)
    await instantiate_all(home, given(home, LAYER, phones=[phone.device_id]))
    home.printer.start("Local/part.gcode", duration=10 * MINUTE)
    await home.tick(5 * MINUTE)
    assert len(notifications) == 1
    (push,) = phone.pushes
    assert push.data == {"tag": f"raise3d_first_layer_{home.device.id}"}
