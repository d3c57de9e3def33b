"""Tests of the pictures of ends in the media browser: of each printer, newest first."""

from pathlib import Path
import re

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from homeassistant.const import Platform

from .common import MINUTE, Home
from .media import ROOT, Browser, set_up_media

pytestmark = pytest.mark.usefixtures("only_platforms")

PICTURES = f"{ROOT}/pictures"
JPEG = b"\xff\xd8\xff"
PART = "Local/customer/part, v2.gcode"


class Viewer(Browser):
    """Someone who sees pictures."""

    @property
    def pictures(self) -> str:
        """Return the id of the printer's pictures."""
        return f"{PICTURES}/{self.entry.entry_id}"

    async def print_two(self) -> None:
        """Complete a print, and stop another one."""
        self.printer.start(PART, duration=MINUTE)
        await self.tick(80)
        self.printer.dismiss()
        self.printer.start("Local/other.gcode", duration=3600)
        await self.tick(45)
        self.printer.stop()
        await self.tick(30)


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms of the pictures, and of the names that go with them."""
    return [Platform.CAMERA, Platform.IMAGE, Platform.SENSOR]


@pytest.fixture
async def browser(
    home: Home, hass_ws_client: WebSocketGenerator, hass_client: ClientSessionGenerator
) -> Viewer:
    """Return someone at the media browser."""
    await set_up_media(home)
    known = (home.simulator, home.hass, home.entry, home.freezer, home.caplog)
    return Viewer(*known, sockets=hass_ws_client, client=await hass_client())


async def test_without_pictures_there_is_no_folder(browser: Viewer) -> None:
    assert await browser.titles(ROOT) == ["Lab printer"]
    assert await browser.titles(PICTURES) == []


async def test_each_printer_has_its_pictures_with_the_newest_first(
    browser: Viewer,
) -> None:
    await browser.print_two()
    assert await browser.titles(ROOT) == ["Lab printer", "Pictures of prints"]
    assert await browser.titles(PICTURES) == ["Lab printer"]
    stopped, completed = await browser.titles(browser.pictures)
    assert re.fullmatch(r"2026-11-23 08:0\d · other\.gcode · Stopped", stopped), stopped
    assert re.fullmatch(
        r"2026-11-23 08:0\d · part, v2\.gcode · Completed", completed
    ), completed


async def test_the_texts_are_in_the_language_of_home_assistant(
    browser: Viewer,
) -> None:
    browser.hass.config.language = "de"
    await browser.print_two()
    assert await browser.titles(ROOT) == ["Lab printer", "Bilder von Drucken"]
    assert (await browser.titles(browser.pictures))[1].endswith("· Abgeschlossen")


async def test_a_picture_can_be_opened(browser: Viewer) -> None:
    await browser.print_two()
    children = (await browser.open(browser.pictures))["children"]
    for child in children:
        assert child["can_play"]
        assert child["media_content_type"] == "image/jpeg"
        answer = await browser.request("resolve", child["media_content_id"])
        for url in (answer["result"]["url"], child["thumbnail"]):
            response = await browser.client.get(url)
            assert response.status == 200
            assert response.content_type == "image/jpeg"
            assert (await response.read()).startswith(JPEG)
    assert len({child["thumbnail"] for child in children}) == 2


async def test_the_pictures_are_there_while_the_printer_is_off(
    browser: Viewer,
) -> None:
    await browser.print_two()
    await browser.simulator.power_off()
    await browser.tick(2 * MINUTE)
    assert len(await browser.titles(browser.pictures)) == 2


async def test_nobody_sees_a_picture_who_is_not_signed_in(
    browser: Viewer, hass_client_no_auth: ClientSessionGenerator
) -> None:
    await browser.print_two()
    child = (await browser.open(browser.pictures))["children"][0]
    stranger = await hass_client_no_auth()
    assert (await stranger.get(child["thumbnail"])).status == 401


@pytest.mark.parametrize(
    ("keys", "seen"),
    [
        (set(), 0),
        ({("file_name", Platform.SENSOR)}, 0),
        ({("finished_part", Platform.IMAGE)}, 0),
        ({("file_name", Platform.SENSOR), ("finished_part", Platform.IMAGE)}, 1),
    ],
    ids=["nothing", "names", "image", "names and image"],
)
async def test_a_user_sees_the_pictures_of_the_images_that_he_may_see(
    browser: Viewer,
    hass_admin_user: MockUser,
    keys: set[tuple[str, Platform]],
    seen: int,
) -> None:
    await browser.print_two()
    children = (await browser.open(browser.pictures))["children"]
    hass_admin_user.groups = []
    allowed = {browser.entity_id(*each): {"read": True} for each in keys}
    hass_admin_user.mock_policy({"entities": {"entity_ids": allowed}})
    assert len(await browser.titles(browser.pictures)) == seen
    assert len(await browser.titles(PICTURES)) == min(seen, 1)
    answers = [await browser.client.get(child["thumbnail"]) for child in children]
    assert [answer.status for answer in answers].count(200) == seen
    resolved = [
        await browser.request("resolve", child["media_content_id"])
        for child in children
    ]
    assert [answer["success"] for answer in resolved].count(True) == seen


async def test_there_is_no_other_file(
    browser: Viewer, subtests: pytest.Subtests
) -> None:
    await browser.print_two()
    for name in ("nothing", "", "../../secrets", "%2e%2e%2fsecrets"):
        with subtests.test(name=name):
            answer = await browser.request("resolve", f"{browser.pictures}/{name}")
            assert not answer["success"]
            assert answer["error"]["message"] == "This picture is no longer kept"
            url = f"/api/raise3d/picture/{browser.entry.entry_id}/{name}"
            # Home Assistant itself refuses some
            assert (await browser.client.get(url)).status in {400, 404}


async def test_a_printer_that_is_not_loaded_has_no_pictures(browser: Viewer) -> None:
    await browser.print_two()
    child = (await browser.open(browser.pictures))["children"][0]
    await browser.unload()
    answer = await browser.request("browse", browser.pictures)
    assert "not set up" in answer["error"]["message"]
    assert await browser.titles(ROOT) == []
    assert (await browser.client.get(child["thumbnail"])).status == 404


async def test_a_file_that_is_gone_is_not_found(browser: Viewer) -> None:
    await browser.print_two()
    child = (await browser.open(browser.pictures))["children"][0]
    storage = Path(browser.hass.config.path(".storage", "raise3d.pictures"))
    for file in (storage / browser.entry.entry_id).iterdir():
        file.unlink()
    assert (await browser.client.get(child["thumbnail"])).status == 404
