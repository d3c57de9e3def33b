"""Tests of the media source: folders, files, their pictures, and plain refusals."""

import asyncio
import base64
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from aiohttp import web
from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulator import Printer, Simulator

from .common import PASSWORD, Home, add_entry, now, set_up

ROOT = "media-source://raise3d"
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

type Media = dict[str, Any]
type Client = TestClient[web.Request, web.Application]


class Browser:
    """Someone at the media browser."""

    def __init__(self, hass: HomeAssistant, sockets: WebSocketGenerator) -> None:
        """Sign in when it is needed."""
        self._hass = hass
        self._sockets = sockets

    async def ask(self, kind: str, media_id: str) -> Media:
        """Ask what the front end asks."""
        socket = await self._sockets(self._hass)
        await socket.send_json_auto_id(
            {"type": f"media_source/{kind}_media", "media_content_id": media_id}
        )
        answer: Media = await socket.receive_json()
        return answer

    async def open(self, media_id: str) -> Media:
        """Open a folder."""
        answer = await self.ask("browse", media_id)
        assert answer["success"], answer
        result: Media = answer["result"]
        return result

    async def words(self, media_id: str) -> str:
        """Return why a folder cannot be opened."""
        answer = await self.ask("browse", media_id)
        assert not answer["success"]
        assert answer["error"]["code"] == "browse_media_failed"
        return str(answer["error"]["message"])


@pytest.fixture(autouse=True)
async def media_source(home: Home) -> None:
    """Set up media sources, and this one with them, before the first request."""
    assert await async_setup_component(home.hass, "websocket_api", {})
    assert await async_setup_component(home.hass, "media_source", {})
    await home.hass.data["media_source_platforms"].async_get_platforms()


@pytest.fixture
def browser(
    hass: HomeAssistant, simulator: Simulator, hass_ws_client: WebSocketGenerator
) -> Browser:
    """Return someone at the media browser."""
    return Browser(hass, hass_ws_client)


@pytest.fixture
async def client(hass_client: ClientSessionGenerator) -> Client:
    """Return a browser that is signed in."""
    return await hass_client()


@pytest.fixture
def local(home: Home) -> str:
    """Return the id of the printer's storage."""
    return f"{ROOT}/{home.entry.entry_id}/Local"


def preview(entry: MockConfigEntry, path: str) -> str:
    """Return the address of a picture."""
    return f"/api/raise3d/preview/{entry.entry_id}/{quote(path)}"


def titles(folder: Media) -> list[str]:
    """Return the names in a folder, in their order."""
    return [child["title"] for child in folder["children"]]


async def test_it_is_among_the_media_sources(browser: Browser) -> None:
    everything = await browser.open("")
    assert "Raise3D" in titles(everything)


async def test_the_printers_come_first(home: Home, browser: Browser) -> None:
    printer = Printer("pro3", password=PASSWORD, clock=now, machine_name="Other")
    async with Simulator(printer) as simulator:
        other = add_entry(home.hass, simulator)
        home.hass.config_entries.async_update_entry(other, title="annex printer")
        await set_up(home.hass, other)
        root = await browser.open(ROOT)
        assert root["title"] == "Raise3D"
        assert titles(root) == ["annex printer", "Lab printer"]
        assert all(child["can_expand"] for child in root["children"])
        assert not any(child["can_play"] for child in root["children"])
        await home.hass.config_entries.async_unload(other.entry_id)
        assert titles(await browser.open(ROOT)) == ["Lab printer"]


async def test_a_folder_shows_folders_and_then_files(
    home: Home, browser: Browser, local: str
) -> None:
    printer = home.printer
    part = next(iter(printer.files.values()))
    printer.files.clear()
    for name in ("b", "A", "sub/x", "Other/y", "sub/deep/z"):
        printer.files[f"Local/{name}.gcode"] = part
    root = await browser.open(ROOT)
    folder = await browser.open(root["children"][0]["media_content_id"])
    assert root["children"][0]["media_content_id"] == local
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


async def test_a_large_folder_is_shown_whole(
    home: Home, browser: Browser, local: str
) -> None:
    printer = home.printer
    part = next(iter(printer.files.values()))
    printer.files.clear()
    printer.files |= {f"Local/{number:03}.gcode": part for number in range(60)}
    assert len(titles(await browser.open(local))) == 60


@pytest.mark.parametrize("name", STRANGE)
async def test_any_name_can_be_opened_and_has_its_picture(
    home: Home, browser: Browser, client: Client, local: str, name: str
) -> None:
    printer = home.printer
    part = next(iter(printer.files.values()))
    printer.files.clear()
    printer.files[f"Local/{name}/{name}"] = part
    folder = (await browser.open(local))["children"][0]
    assert folder["title"] == name
    file = (await browser.open(folder["media_content_id"]))["children"][0]
    assert file["title"] == name
    response = await client.get(file["thumbnail"])
    assert response.status == 200
    assert response.content_type == "image/png"
    assert (await response.read()).startswith(PNG)


async def test_a_file_without_a_picture_has_none(
    home: Home, browser: Browser, local: str
) -> None:
    printer = home.printer
    part = next(iter(printer.files.values()))
    printer.files.clear()
    printer.files["Local/bare.gcode"] = replace(part, has_preview=False)
    file = (await browser.open(local))["children"][0]
    assert file["thumbnail"] is None


async def test_a_file_cannot_be_played_but_printed(
    browser: Browser, local: str
) -> None:
    answer = await browser.ask("resolve", f"{local}/50%20%25%20gr%C3%B6%C3%9Fer.gcode")
    assert not answer["success"]
    assert "cannot be played" in answer["error"]["message"]
    assert "Start print" in answer["error"]["message"]
    assert "Local/50 % größer.gcode" in answer["error"]["message"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("Local/../../etc", "does not take this value"),
        ("USB", "does not take this value"),
        ("Local/no%20such%20folder", "Not found"),
    ],
)
async def test_a_folder_that_is_none_is_told_in_words(
    browser: Browser, home: Home, path: str, words: str
) -> None:
    assert words in await browser.words(f"{ROOT}/{home.entry.entry_id}/{path}")


async def test_the_printers_mood_is_told_in_words(
    home: Home, browser: Browser, local: str
) -> None:
    home.fail("busy_body", LIST)
    assert "not taking requests" in await browser.words(local)
    home.heal()
    home.simulator.faults.add("html", path=LIST)
    assert "cannot be read" in await browser.words(local)
    await home.simulator.power_off()
    assert "cannot be reached" in await browser.words(local)


async def test_a_password_that_is_wrong_by_now_is_named_as_the_reason(
    home: Home, browser: Browser, local: str
) -> None:
    home.simulator.drop_tokens()
    home.printer.password = "changed"
    assert "no longer accepts" in await browser.words(local)
    await home.settle()
    # the polls decide whether that lasts
    assert not home.flows


async def test_a_printer_that_is_not_loaded_has_no_files(
    home: Home, browser: Browser, local: str
) -> None:
    await home.unload()
    assert "not set up" in await browser.words(local)
    assert "not set up" in await browser.words(f"{ROOT}/nobody")


async def test_nobody_sees_a_picture_who_is_not_signed_in(
    hass_client_no_auth: ClientSessionGenerator, home: Home
) -> None:
    client = await hass_client_no_auth()
    response = await client.get(preview(home.entry, "Local/medaille_1.data"))
    assert response.status == 401


async def test_a_picture_is_fetched_once_for_many_viewers(
    client: Client, home: Home
) -> None:
    address = preview(home.entry, "Local/medaille_1.data")
    answers = await asyncio.gather(*(client.get(address) for _ in range(10)))
    assert {answer.status for answer in answers} == {200}
    assert answers[0].headers["Cache-Control"] == "private, max-age=600"
    assert home.asked(IMAGE) == 1
    await home.tick(601)
    assert (await client.get(address)).status == 200
    assert home.asked(IMAGE) == 2


async def test_pictures_of_a_folder_leave_room_for_looks(
    home: Home, client: Client
) -> None:
    part = next(iter(home.printer.files.values()))
    paths = [f"Local/{number}" for number in range(30)]
    home.printer.files |= {f"{path}.gcode": part for path in paths}
    addresses = [preview(home.entry, f"{path}.data") for path in paths]
    requests = asyncio.gather(*map(client.get, addresses))
    await asyncio.sleep(0)
    look = asyncio.create_task(home.entry.runtime_data.async_refresh())
    await asyncio.wait([look])
    assert home.asked(IMAGE) < 10
    await requests
    assert home.simulator.max_in_flight == 1


async def test_only_so_many_pictures_are_kept(
    home: Home, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.raise3d.media_source.MAX_THUMBNAILS", 2)
    part = next(iter(home.printer.files.values()))
    for name in "abc":
        home.printer.files[f"Local/{name}.gcode"] = part
    for name in ("a", "b", "a", "c", "a"):
        await client.get(preview(home.entry, f"Local/{name}.data"))
    assert home.asked(IMAGE) == 3
    await client.get(preview(home.entry, "Local/b.data"))
    assert home.asked(IMAGE) == 4


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("busy_body", 503),
        ("http_429", 503),
        ("disconnect", 503),
        ("html", 404),
        ("refuse", 404),
    ],
)
async def test_a_picture_that_is_not_to_be_had_has_a_status_that_says_so(
    home: Home, client: Client, kind: str, status: int
) -> None:
    home.fail(kind, IMAGE)
    address = preview(home.entry, "Local/medaille_1.data")
    assert (await client.get(address)).status == status
    home.heal()
    assert (await client.get(address)).status == 200


@pytest.mark.parametrize("path", ["USB/a.data", "Local/no.data", "Local", "etc/passwd"])
async def test_there_are_pictures_of_files_alone(
    client: Client, home: Home, path: str
) -> None:
    assert (await client.get(preview(home.entry, path))).status == 404


async def test_what_is_no_picture_is_not_passed_on(home: Home, client: Client) -> None:
    page = base64.b64encode(b"<html><script>alert(1)</script></html>").decode()
    home.simulator.faults.add("override", path=IMAGE, data={"img_data": page})
    response = await client.get(preview(home.entry, "Local/medaille_1.data"))
    assert response.status == 404
    assert await response.read() == b""


async def test_pictures_of_printers_that_are_not_loaded_are_not_found(
    home: Home, client: Client
) -> None:
    other = MockConfigEntry(domain="sun")
    other.add_to_hass(home.hass)
    assert (await client.get(preview(other, "Local/a.data"))).status == 404
    await home.unload()
    address = preview(home.entry, "Local/medaille_1.data")
    assert (await client.get(address)).status == 404
