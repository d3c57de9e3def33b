"""Tests of the print history in the media browser: of each printer, with previews."""

import asyncio
from datetime import UTC, datetime

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.raise3d.jobs import LoggedJob
from homeassistant.const import Platform

from .common import MINUTE, Home
from .media import ROOT, Browser, set_up_media

pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms that the history needs."""
    return [Platform.EVENT, Platform.SENSOR]


IMAGE = "dashboard/imagedownload"
PNG = b"\x89PNG\r\n\x1a\n"
ENDED = datetime(2026, 11, 22, 8, 3, tzinfo=UTC)


class Reader(Browser):
    """Someone who reads the history of a printer."""

    @property
    def history(self) -> str:
        """Return the id of the printer's history."""
        return f"{ROOT}/history/{self.entry.entry_id}"

    def remember(self, key: str, **values: object) -> None:
        """Put a print into the log."""
        job = {"job_id": key, "file_name": f"Local/x/{key}.gcode", **values}
        job = {"phase": "completed", "ended_at": ENDED.isoformat(), **job, "key": key}
        self.coordinator.log.async_put(LoggedJob.from_dict(job))

    async def fetch(self, url: str) -> int:
        """Return the status with which a picture is answered."""
        return (await self.client.get(url)).status


@pytest.fixture
async def reader(
    home: Home, hass_ws_client: WebSocketGenerator, hass_client: ClientSessionGenerator
) -> Reader:
    """Return someone at the media browser."""
    await set_up_media(home)
    known = (home.simulator, home.hass, home.entry, home.freezer, home.caplog)
    return Reader(*known, sockets=hass_ws_client, client=await hass_client())


async def test_a_printer_without_prints_has_no_history(reader: Reader) -> None:
    assert "Print history" not in await reader.titles(reader.local)
    assert await reader.titles(reader.history) == []


async def test_prints_are_in_the_folder_of_their_printer_with_the_newest_first(
    reader: Reader,
) -> None:
    reader.remember("a")
    reader.remember("b", phase="stopped")
    reader.remember("c", phase="failed", ended_at=None, started_at=None)
    reader.remember("d", phase="printing")
    reader.remember("e", job_id=None, file_name=None)
    local = await reader.open(reader.local)
    assert local["children"][0]["title"] == "Print history"
    assert local["children"][0]["media_content_id"] == reader.history
    folder = await reader.open(reader.history)
    assert folder["title"] == "Print history"
    assert await reader.titles(reader.history) == [
        "2026-11-22 08:03 · Completed",
        "c.gcode · Failed",
        "2026-11-22 08:03 · b.gcode · Stopped",
        "2026-11-22 08:03 · a.gcode · Completed",
    ]
    assert [child["can_play"] for child in folder["children"]] == [
        *(False, True, True, True)
    ]
    assert folder["children"][0]["thumbnail"] is None
    # other folders have none
    deep = await reader.titles(f"{reader.local}/webapi_store")
    assert "Print history" not in deep
    # nothing is read of the printer before it is seen
    assert not reader.count_requests(IMAGE)


async def test_the_texts_are_in_the_language_of_home_assistant(reader: Reader) -> None:
    reader.hass.config.language = "de"
    reader.remember("a")
    assert (await reader.titles(reader.local))[0] == "Druckverlauf"
    assert (await reader.titles(reader.history))[0].endswith("Abgeschlossen")


async def test_a_print_shows_its_preview_and_opens_a_larger_one(
    reader: Reader,
) -> None:
    reader.printer.start("Local/part.gcode", duration=MINUTE)
    await reader.tick(2 * MINUTE)
    (child,) = (await reader.open(reader.history))["children"]
    answer = await reader.request("resolve", child["media_content_id"])
    assert answer["result"]["mime_type"] == "image/png"
    sizes = []
    for url in (child["thumbnail"], answer["result"]["url"]):
        response = await reader.client.get(url)
        assert response.status == 200
        assert response.content_type == "image/png"
        content = await response.read()
        assert content.startswith(PNG)
        # the height: the pictures of prints are upright
        sizes.append(int.from_bytes(content[20:24]))
    assert sizes == [256, 512]


async def test_pictures_are_fetched_one_at_a_time_and_kept_for_a_while(
    reader: Reader,
) -> None:
    reader.printer.start("Local/part.gcode", duration=7200)
    await reader.tick(MINUTE)
    reader.remember(reader.printer.job.job_id)
    reader.remember("without a picture")
    before = reader.count_requests(IMAGE)
    children = (await reader.open(reader.history))["children"]
    urls = [child["thumbnail"] for child in children] * 3
    assert sorted(await asyncio.gather(*map(reader.fetch, urls))) == [
        *([200] * 3),
        *([404] * 3),
    ]
    assert reader.count_requests(IMAGE) - before == 2
    assert reader.simulator.max_in_flight == 1


async def test_only_the_newest_hundred_prints_are_shown(reader: Reader) -> None:
    for number in range(120):
        reader.remember(f"{number:03}")
    folder = await reader.open(reader.history)
    assert len(folder["children"]) == 100
    assert folder["children"][-1]["title"].endswith("020.gcode · Completed")
    newest = folder["children"][0]["thumbnail"]
    assert await reader.fetch(newest.replace("119", "019")) == 404


async def test_any_id_can_be_opened(reader: Reader) -> None:
    keys = ("50 % größer/#2?", "a+b&c=d", "../../secrets", "100%25")
    for key in keys:
        reader.remember(key)
    children = (await reader.open(reader.history))["children"]
    assert len(children) == len(keys)
    for child in children:
        await reader.fetch(child["thumbnail"])
        answer = await reader.request("resolve", child["media_content_id"])
        assert answer["success"]


async def test_the_list_is_there_while_the_printer_is_off(reader: Reader) -> None:
    reader.remember("a")
    (child,) = (await reader.open(reader.history))["children"]
    await reader.simulator.power_off()
    assert await reader.titles(reader.local) == ["Print history"]
    assert await reader.titles(reader.history) == [child["title"]]
    assert await reader.fetch(child["thumbnail"]) == 404
    await reader.tick(MINUTE)
    requests = reader.count_requests()
    assert await reader.fetch(child["thumbnail"]) == 404
    assert reader.count_requests() == requests


async def test_a_picture_that_is_not_to_be_had_has_a_status_that_says_so(
    reader: Reader,
) -> None:
    for key, status in {"busy_body": 503, "http_429": 503, "html": 404}.items():
        reader.remember(key)
        child = (await reader.open(reader.history))["children"][0]
        assert key in child["title"]
        reader.heal()
        reader.fail(key, IMAGE)
        assert await reader.fetch(child["thumbnail"]) == status


async def test_who_may_not_see_file_names_sees_no_prints(
    reader: Reader,
    hass_admin_user: MockUser,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    reader.remember("a")
    (child,) = (await reader.open(reader.history))["children"]
    stranger = await hass_client_no_auth()
    assert (await stranger.get(child["thumbnail"])).status == 401
    hass_admin_user.groups = []
    hass_admin_user.mock_policy({})
    for media_id in (reader.history, reader.local):
        assert not (await reader.request("browse", media_id))["success"]
    assert not (await reader.request("resolve", child["media_content_id"]))["success"]
    assert await reader.fetch(child["thumbnail"]) == 404
    allowed = {reader.entity_id("file_name", Platform.SENSOR): {"read": True}}
    hass_admin_user.mock_policy({"entities": {"entity_ids": allowed}})
    assert len(await reader.titles(reader.history)) == 1


async def test_a_printer_that_is_not_loaded_has_no_history(reader: Reader) -> None:
    reader.remember("a")
    (child,) = (await reader.open(reader.history))["children"]
    await reader.unload()
    for media_id in (reader.history, f"{ROOT}/history"):
        answer = await reader.request("browse", media_id)
        assert "not set up" in answer["error"]["message"]
    assert await reader.fetch(child["thumbnail"]) == 404
    answer = await reader.request("resolve", child["media_content_id"])
    assert answer["error"]["message"] == "This picture is no longer kept"
