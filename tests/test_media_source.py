"""Tests of the media source: folders, files, their pictures, and plain refusals."""

import asyncio
import base64
from dataclasses import replace
from urllib.parse import quote

from aiohttp import ClientResponse
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from simulator import Simulator

from .common import Home, add_entry, new_printer, set_up
from .media import ROOT, Browser, set_up_media, titles

LIST = "fileops/list"
IMAGE = "fileops/imagedownload"
PNG = b"\x89PNG\r\n\x1a\n"
STRANGE = (
    "50 % größer, #2?.gcode",
    "a+b&c=d.gcode",
    "100%25.gcode",
    "日本語 🙂.gcode",
    "it's [here] {now}.gcode",
    "back\\slash;semi.gcode",
)


pytestmark = pytest.mark.usefixtures("only_platforms")


class Visitor(Browser):
    """Someone who visits the files of a printer."""

    async def words(self, media_id: str) -> str:
        """Return why a folder cannot be opened."""
        answer = await self.request("browse", media_id)
        assert not answer["success"]
        assert answer["error"]["code"] == "browse_media_failed"
        return str(answer["error"]["message"])

    def store(self, *paths: str, has_preview: bool = True) -> None:
        """Let these be the only files on the printer."""
        part = next(iter(self.printer.files.values()))
        part = replace(part, has_preview=has_preview)
        self.printer.files.clear()
        self.printer.files |= {f"Local/{path}": part for path in paths}

    async def picture(self, path: str = "Local/medaille_1.data") -> ClientResponse:
        """Fetch the picture of a file."""
        return await self.client.get(preview(self.entry, path))


def preview(entry: MockConfigEntry, path: str) -> str:
    """Return the address of a picture."""
    return f"/api/raise3d/preview/{entry.entry_id}/{quote(path)}"


@pytest.fixture(autouse=True)
async def media_source(home: Home) -> None:
    """Set up media sources, and this one with them, before the first request."""
    await set_up_media(home)


@pytest.fixture
async def browser(
    home: Home, hass_ws_client: WebSocketGenerator, hass_client: ClientSessionGenerator
) -> Visitor:
    """Return someone at the media browser."""
    known = (home.simulator, home.hass, home.entry, home.freezer, home.caplog)
    return Visitor(*known, sockets=hass_ws_client, client=await hass_client())


async def test_it_is_among_the_media_sources(browser: Visitor) -> None:
    everything = await browser.open("")
    assert "Raise3D" in titles(everything)


async def test_the_printers_come_first(browser: Visitor) -> None:
    async with Simulator(new_printer("pro3", machine_name="Other")) as simulator:
        other = add_entry(browser.hass, simulator)
        browser.hass.config_entries.async_update_entry(other, title="annex printer")
        await set_up(browser.hass, other)
        root = await browser.open(ROOT)
        assert root["title"] == "Raise3D"
        assert titles(root) == ["annex printer", "Lab printer"]
        assert all(child["can_expand"] for child in root["children"])
        assert not any(child["can_play"] for child in root["children"])
        await browser.hass.config_entries.async_unload(other.entry_id)
        assert titles(await browser.open(ROOT)) == ["Lab printer"]


async def test_a_folder_shows_folders_and_then_files(browser: Visitor) -> None:
    names = ("b", "A", "sub/x", "Other/y", "sub/deep/z")
    browser.store(*(f"{name}.gcode" for name in names))
    root = await browser.open(ROOT)
    folder = await browser.open(root["children"][0]["media_content_id"])
    assert root["children"][0]["media_content_id"] == browser.local
    assert folder["title"] == "Lab printer"
    assert titles(folder) == ["Other", "sub", "A.gcode", "b.gcode"]
    assert [child["can_expand"] for child in folder["children"]] == [
        *(True, True, False, False)
    ]
    assert not any(child["can_play"] for child in folder["children"])
    sub = await browser.open(folder["children"][1]["media_content_id"])
    assert sub["title"] == "sub"
    assert titles(sub) == ["deep", "x.gcode"]
    deep = await browser.open(sub["children"][0]["media_content_id"])
    assert titles(deep) == ["z.gcode"]


async def test_a_large_folder_is_shown_whole(browser: Visitor) -> None:
    browser.store(*(f"{number:03}.gcode" for number in range(60)))
    assert len(titles(await browser.open(browser.local))) == 60


async def test_any_name_can_be_opened_and_has_its_picture(browser: Visitor) -> None:
    for name in STRANGE:
        browser.store(f"{name}/{name}")
        (folder,) = (await browser.open(browser.local))["children"]
        assert folder["title"] == name
        (file,) = (await browser.open(folder["media_content_id"]))["children"]
        assert file["title"] == name
        response = await browser.client.get(file["thumbnail"])
        assert response.status == 200
        assert response.content_type == "image/png"
        assert (await response.read()).startswith(PNG)
    # one that has none shows none
    browser.store("bare.gcode", has_preview=False)
    (file,) = (await browser.open(browser.local))["children"]
    assert file["thumbnail"] is None


async def test_a_file_cannot_be_played_but_printed(browser: Visitor) -> None:
    answer = await browser.request(
        "resolve", f"{browser.local}/50%20%25%20gr%C3%B6%C3%9Fer.gcode"
    )
    assert not answer["success"]
    assert "cannot be played" in answer["error"]["message"]
    assert "Start print" in answer["error"]["message"]
    assert "Local/50 % größer.gcode" in answer["error"]["message"]


async def test_a_missing_folder_is_an_error_in_words(browser: Visitor) -> None:
    for path, words in {
        "Local/../../etc": "This is not a path on the printer",
        "USB": "This is not a path on the printer",
        "Local/no%20such%20folder": "Not found",
    }.items():
        assert words in await browser.words(f"{ROOT}/{browser.entry.entry_id}/{path}")


async def test_a_refusal_of_the_printer_is_an_error_in_words(browser: Visitor) -> None:
    browser.fail("busy_body", LIST)
    assert "not taking requests" in await browser.words(browser.local)
    browser.heal()
    browser.simulator.faults.add("html", path=LIST)
    assert "cannot be read" in await browser.words(browser.local)
    await browser.simulator.power_off()
    assert "cannot be reached" in await browser.words(browser.local)


async def test_a_password_that_is_wrong_by_now_is_named_as_the_reason(
    browser: Visitor,
) -> None:
    browser.simulator.drop_tokens()
    browser.printer.password = "changed"
    assert "no longer accepts" in await browser.words(browser.local)
    await browser.block_till_done()
    # the polls decide whether that lasts
    assert not browser.flows


async def test_a_printer_that_is_not_loaded_has_no_files(browser: Visitor) -> None:
    await browser.unload()
    assert "not set up" in await browser.words(browser.local)
    assert "not set up" in await browser.words(f"{ROOT}/nobody")


async def test_nobody_sees_a_picture_who_is_not_signed_in(
    hass_client_no_auth: ClientSessionGenerator, home: Home
) -> None:
    client = await hass_client_no_auth()
    response = await client.get(preview(home.entry, "Local/medaille_1.data"))
    assert response.status == 401


async def test_a_picture_is_fetched_once_for_many_viewers(browser: Visitor) -> None:
    answers = await asyncio.gather(*(browser.picture() for _ in range(10)))
    assert {answer.status for answer in answers} == {200}
    assert answers[0].headers["Cache-Control"] == "private, max-age=600"
    assert browser.count_requests(IMAGE) == 1
    await browser.tick(601)
    assert (await browser.picture()).status == 200
    assert browser.count_requests(IMAGE) == 2


async def test_pictures_of_a_folder_leave_room_for_polls(browser: Visitor) -> None:
    part = next(iter(browser.printer.files.values()))
    paths = [f"Local/{number}" for number in range(16)]
    browser.printer.files |= {f"{path}.gcode": part for path in paths}
    addresses = [preview(browser.entry, f"{path}.data") for path in paths]
    requests = asyncio.gather(*map(browser.client.get, addresses))
    await asyncio.sleep(0)
    refresh = asyncio.create_task(browser.entry.runtime_data.async_refresh())
    await asyncio.wait([refresh])
    assert browser.count_requests(IMAGE) < 10
    await requests
    assert browser.simulator.max_in_flight == 1


async def test_only_so_many_pictures_are_kept(
    browser: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.raise3d.thumbnails.MAX_THUMBNAILS", 2)
    part = next(iter(browser.printer.files.values()))
    for name in "abc":
        browser.printer.files[f"Local/{name}.gcode"] = part
    for name in ("a", "b", "a", "c", "a"):
        await browser.picture(f"Local/{name}.data")
    assert browser.count_requests(IMAGE) == 3
    await browser.picture("Local/b.data")
    assert browser.count_requests(IMAGE) == 4


async def test_a_picture_that_is_not_to_be_had_has_a_status_that_says_so(
    browser: Visitor,
) -> None:
    for kind, status in {
        "busy_body": 503,
        "http_429": 503,
        "disconnect": 503,
        "html": 404,
        "refuse": 404,
    }.items():
        browser.store(f"{kind}.gcode")
        browser.fail(kind, IMAGE)
        assert (await browser.picture(f"Local/{kind}.data")).status == status
        browser.heal()
        assert (await browser.picture(f"Local/{kind}.data")).status == 200


async def test_there_are_pictures_of_files_alone(browser: Visitor) -> None:
    for path in ("USB/a.data", "Local/no.data", "Local", "etc/passwd"):
        assert (await browser.picture(path)).status == 404
    page = base64.b64encode(b"<html><script>alert(1)</script></html>").decode()
    browser.simulator.faults.add("override", path=IMAGE, data={"img_data": page})
    response = await browser.picture()
    assert response.status == 404
    assert await response.read() == b""


async def test_pictures_of_printers_that_are_not_loaded_are_not_found(
    browser: Visitor,
) -> None:
    other = MockConfigEntry(domain="sun")
    other.add_to_hass(browser.hass)
    assert (await browser.client.get(preview(other, "Local/a.data"))).status == 404
    await browser.unload()
    assert (await browser.picture()).status == 404
