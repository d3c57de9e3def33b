"""Tests of print_ended.yaml."""

from dataclasses import replace
from pathlib import Path
import re
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from homeassistant.const import Platform
from homeassistant.core import ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from tests.automations import another_printer
from tests.common import Home

from .running import instantiate

pytestmark = pytest.mark.usefixtures("only_platforms")

PICTURE_ACTIONS = [
    {
        "action": "notify.phone",
        "data": {
            "message": "{{ message }}",
            "data": {"image": "{{ picture_url }}", "file": "{{ picture }}"},
        },
    }
]


@pytest.fixture(autouse=True)
def fewer_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """See the end of a print within a quarter of a minute, which is enough here."""
    monkeypatch.setattr("custom_components.raise3d.polling.NEAR_END_INTERVAL", 15)


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that the blueprint uses."""
    return [Platform.CAMERA, Platform.EVENT, Platform.IMAGE]


async def notify(home: Home, **inputs: Any) -> None:
    """Set up the blueprint for the first printer."""
    printers = {"device_id": home.device.id}
    await instantiate(home, "print_ended.yaml", printers=printers, **inputs)


def add_camera(home: Home, state: str) -> None:
    """Give the printer a camera."""
    camera = er.async_get(home.hass).async_get_or_create(
        "camera", "test", "unique", device_id=home.device.id
    )
    home.hass.states.async_set(camera.entity_id, state)


@pytest.mark.usefixtures("few_polls")
async def test_the_end_of_a_print_is_notified_in_words(
    home: Home, notifications: list[ServiceCall]
) -> None:
    await notify(home)
    home.printer.start("Local/part.gcode", duration=4320)
    await home.tick(4400)
    assert [call.data for call in notifications] == [
        {
            "title": "Lab printer: print finished",
            "message": "part.gcode is finished after 1 h 12 min.",
        }
    ]


async def test_each_kind_of_end_has_its_words(
    home: Home, notifications: list[ServiceCall]
) -> None:
    await notify(home, events=["completed", "stopped", "failed", "paused"])
    home.printer.start("Local/a.gcode", duration=600)
    await home.tick(330)
    home.printer.pause()
    await home.tick(60)
    home.printer.stop()
    await home.tick(60)
    home.printer.start("Local/b.gcode", duration=600)
    await home.tick(45)
    home.printer.fail()
    await home.tick(60)
    home.printer.clear_error()
    await home.tick(60)
    home.printer.start("Local/c.gcode", duration=20)
    await home.tick(90)
    titles = [call.data["title"].partition(": ")[2] for call in notifications]
    assert titles == ["print paused", "print stopped", "print failed", "print finished"]
    messages = [call.data["message"] for call in notifications]
    patterns = [
        r"a.gcode is paused after 5 min at \d+ %\.",
        r"a.gcode was stopped after 5 min at \d+ %\.",
        r"b.gcode failed after less than a minute at \d+ %\.",
        r"c.gcode is finished after less than a minute\.",
    ]
    for pattern, message in zip(patterns, messages, strict=True):
        assert re.fullmatch(pattern, message)


async def test_only_the_chosen_events_of_the_chosen_printers_are_notified(
    home: Home, notifications: list[ServiceCall]
) -> None:
    await notify(home, events=["stopped"])
    async with another_printer(home.hass) as (other, _):
        other.start("Local/other.gcode")
        home.printer.start("Local/a.gcode", duration=60)
        await home.tick(180)
        other.stop()
        home.printer.dismiss()
        await home.tick(60)
        assert not notifications
        home.printer.start("Local/b.gcode")
        await home.tick(60)
        home.printer.stop()
        # an entry of the history may lag by 30 seconds
        await home.tick(120)
        assert len(notifications) == 1


@pytest.mark.parametrize(("tell_late", "reported"), [(True, 1), (False, 0)])
async def test_a_late_event_is_notified_as_late_or_not_at_all(
    home: Home, notifications: list[ServiceCall], *, tell_late: bool, reported: int
) -> None:
    await notify(home, tell_late=tell_late)
    home.printer.start("Local/part.gcode", duration=300)
    await home.tick(60)
    await home.simulator.unplug()
    await home.tick(600)
    await home.simulator.start()
    await home.tick(120)
    assert len(notifications) == reported
    for call in notifications:
        assert call.data["message"].endswith(". This is reported late.")


async def test_the_camera_of_the_printer_takes_a_picture(
    home: Home, tmp_path: Path
) -> None:
    home.hass.config.allowlist_external_dirs = {str(tmp_path)}
    home.hass.states.async_set("camera.other", "idle")
    notes = async_mock_service(home.hass, "notify", "phone")
    await notify(
        home,
        events=["paused", "completed"],
        picture_folder=f"{tmp_path}/prints",
        actions=PICTURE_ACTIONS,
    )
    home.printer.start("Local/part.gcode", duration=120)
    await home.tick(60)
    home.printer.pause()
    await home.tick(60)
    home.printer.resume()
    await home.tick(180)
    files = sorted((tmp_path / "prints").iterdir())
    assert [note.data["data"]["file"] for note in notes] == [
        str(file) for file in files
    ]
    for file in files:
        assert re.fullmatch(r"lab_printer_2026-11-2[\d_-]+\.jpg", file.name)
        assert file.read_bytes().startswith(b"\xff\xd8")
    paused, completed = (note.data["data"]["image"] for note in notes)
    assert paused == str(files[0])
    assert completed == f"/api/image_proxy/{home.entity_id('finished_part', 'image')}"


async def test_each_end_is_notified_with_the_picture_of_itself(home: Home) -> None:
    notes = async_mock_service(home.hass, "notify", "phone")
    snapshots = async_mock_service(home.hass, "camera", "snapshot")
    await notify(home, actions=PICTURE_ACTIONS, picture_folder="")
    home.printer.start("Local/a.gcode", duration=60)
    await home.tick(180)
    home.printer.dismiss()
    home.printer.start("Local/b.gcode", duration=3600)
    await home.tick(60)
    home.printer.stop()
    await home.tick(120)
    home.printer.start("Local/c.gcode", duration=3600)
    await home.tick(60)
    home.printer.fail()
    await home.tick(120)
    finished, failure = (
        f"/api/image_proxy/{home.entity_id(key, 'image')}"
        for key in ("finished_part", "last_failure")
    )
    pictures = [note.data["data"]["image"] for note in notes]
    assert pictures == [finished, failure, failure]
    assert not [
        note.data["data"]["file"] for note in notes if note.data["data"]["file"]
    ]
    assert not snapshots


@pytest.mark.usefixtures("few_polls")
@pytest.mark.parametrize("job_ids", [True, False])
async def test_the_picture_of_an_older_print_is_not_that_of_this_one(
    home: Home, *, job_ids: bool
) -> None:
    home.printer.unknowns = replace(home.printer.unknowns, job_ids=job_ids)
    notes = async_mock_service(home.hass, "notify", "phone")
    snapshots = async_mock_service(home.hass, "camera", "snapshot")
    await notify(home, actions=PICTURE_ACTIONS, picture_folder="/media/prints")
    for _ in range(2):
        home.printer.start("Local/part.gcode", duration=300)
        await home.tick(400)
        home.printer.dismiss()
        await home.tick(60)
        home.fail("http_500", "api/v1/camera/takeshot")
    first, second = (note.data["data"]["image"] for note in notes)
    assert first.startswith("/api/image_proxy/")
    # taken by the camera, which is mocked here
    assert second.startswith("/media/local/prints/")
    assert len(snapshots) == 1


async def test_a_print_that_nobody_saw_end_is_notified_without_a_picture(
    home: Home,
) -> None:
    notes = async_mock_service(home.hass, "notify", "phone")
    snapshots = async_mock_service(home.hass, "camera", "snapshot")
    await notify(home, actions=PICTURE_ACTIONS)
    home.printer.start("Local/part.gcode", duration=300)
    await home.tick(60)
    await home.simulator.unplug()
    await home.tick(600)
    await home.simulator.start()
    await home.tick(120)
    (note,) = notes
    assert note.data["data"] == {"image": "", "file": ""}
    assert not snapshots


@pytest.mark.parametrize(
    ("folder", "url"),
    [
        ("/media/raise3d", "/media/local/raise3d/"),
        ("/config/www/prints", "/local/prints/"),
    ],
)
async def test_the_notification_links_the_picture(
    home: Home, folder: str, url: str
) -> None:
    notes = async_mock_service(home.hass, "notify", "phone")
    snapshots = async_mock_service(home.hass, "camera", "snapshot")
    await notify(
        home, events=["paused"], picture_folder=folder, actions=PICTURE_ACTIONS
    )
    home.printer.start("Local/part.gcode", duration=3600)
    await home.tick(60)
    home.printer.pause()
    await home.tick(60)
    (snapshot,) = snapshots
    assert snapshot.data["entity_id"] == [home.entity_id("camera", "camera")]
    path = snapshot.data["filename"]
    assert path.startswith(f"{folder}/")
    (note,) = notes
    assert note.data["data"]["image"] == path.replace(f"{folder}/", url)


@pytest.mark.parametrize(
    ("cameras", "tried"), [([], 0), (["unavailable"], 0), (["fails"], 1)]
)
async def test_a_missing_picture_holds_no_notification_back(
    new_home: Home, cameras: list[str], tried: int
) -> None:
    new_home.printer.unplug_camera()
    await new_home.set_up()
    notes = async_mock_service(new_home.hass, "notify", "phone")
    snapshots = async_mock_service(
        new_home.hass,
        "camera",
        "snapshot",
        raise_exception=HomeAssistantError("no picture"),
    )
    for state in cameras:
        add_camera(new_home, state)
    await notify(new_home, actions=PICTURE_ACTIONS)
    new_home.printer.start("Local/part.gcode", duration=60)
    await new_home.tick(180)
    assert len(snapshots) == tried
    (note,) = notes
    assert note.data["data"]["image"] == ""
    assert note.data["message"].startswith("part.gcode is finished")
