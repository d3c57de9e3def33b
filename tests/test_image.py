"""Tests of the preview: the job's picture, fetched once and quiet without one."""

import base64
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.const import Platform
from simulator import Unknowns

from .common import MINUTE, Home

pytestmark = pytest.mark.usefixtures("only_platforms")

JOB_IMAGE = "dashboard/imagedownload"
FILE_IMAGE = "fileops/imagedownload"
FILE_LIST = "fileops/list"
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff\xe0 a small picture"
PART = "Local/medaille_1.gcode"
WITHOUT_JOB_IMAGE = Unknowns(preview_of_running=False)
# Seconds until the optional parts are read after a start.
FIRST_OPTIONAL = 35
# Seconds after which a job that was started at the printer is known.
SEEN = 45
# Seconds after which a preview that has failed twice is read again.
RETRIED = 150

type Show = Callable[[], Awaitable[tuple[int, str, bytes]]]


@pytest.fixture
def history() -> int:
    """Return how many files with pictures were printed."""
    return 2


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platform of the preview, and that of what it must not hide."""
    return [Platform.IMAGE, Platform.SENSOR]


@pytest.fixture
async def client(
    home: Home, hass_client: ClientSessionGenerator
) -> TestClient[web.Request, web.Application]:
    """Return a browser that is signed in."""
    return await hass_client()


@pytest.fixture
def show(client: TestClient[web.Request, web.Application], home: Home) -> Show:
    """Return a function that looks at the picture."""

    async def show() -> tuple[int, str, bytes]:
        entity = home.entity_id("preview", Platform.IMAGE)
        response = await client.get(f"/api/image_proxy/{entity}")
        return response.status, response.content_type, await response.read()

    return show


def preview(home: Home) -> str:
    """Return the state of the preview."""
    return home.state("preview", Platform.IMAGE)


def send(home: Home, path: str, picture: bytes | str) -> None:
    """Have the printer send a certain picture, or a text in the place of one."""
    text = base64.b64encode(picture).decode() if isinstance(picture, bytes) else picture
    home.fail("override", path, data={"img_data": text})


async def test_without_a_job_there_is_no_picture(show: Show, home: Home) -> None:
    assert preview(home) == "unknown"
    assert (await show())[0] == 500
    assert home.count_requests(JOB_IMAGE) == 0


async def test_a_job_has_its_picture_fetched_once(home: Home, show: Show) -> None:
    home.printer.start(PART, duration=3600)
    await home.tick(SEEN)
    since = preview(home)
    assert since.startswith("2026-11-23T08:00")
    for _ in range(10):
        status, kind, picture = await show()
        assert (status, kind) == (200, "image/png")
        assert picture.startswith(PNG)
    await home.tick(10 * MINUTE)
    assert preview(home) == since
    assert home.count_requests(JOB_IMAGE) == 1
    assert home.count_requests(FILE_LIST) == 0


async def test_the_picture_changes_with_the_job(home: Home, show: Show) -> None:
    printer = home.printer
    printer.start(PART, duration=3600)
    await home.tick(SEEN)
    since, first = preview(home), (await show())[2]
    printer.stop()
    await home.tick(60)
    # as long as there is no other job
    assert (await show())[2] == first
    assert preview(home) == since
    send(home, JOB_IMAGE, PNG + b"another")
    printer.start("Local/other.gcode", duration=3600)
    await home.tick(SEEN)
    assert (await show())[2] == PNG + b"another"
    assert preview(home) > since
    assert home.count_requests(JOB_IMAGE) == 2


async def test_a_job_that_runs_at_the_start_has_its_picture(new_home: Home) -> None:
    new_home.printer.start(PART, duration=3600)
    await new_home.set_up()
    assert preview(new_home) == "unknown"
    await new_home.tick(FIRST_OPTIONAL)
    assert preview(new_home).startswith("2026-11-23T08:00")


async def test_the_picture_outlives_a_power_cut(home: Home, show: Show) -> None:
    home.printer.start(PART, duration=3600)
    await home.tick(SEEN)
    since, before = preview(home), await show()
    await home.simulator.power_off()
    await home.tick(120)
    assert home.status == "offline"
    assert preview(home) == since
    assert await show() == before
    assert home.count_requests(JOB_IMAGE) == 1


async def test_without_a_picture_there_is_none_while_the_printer_is_off(
    home: Home,
) -> None:
    await home.simulator.power_off()
    await home.tick(60)
    assert preview(home) == "unavailable"


@pytest.mark.parametrize("unknowns", [WITHOUT_JOB_IMAGE])
@pytest.mark.parametrize("folder", ["Local", "Local/Kunde & Söhne #1/50 % größer"])
async def test_a_printer_that_has_no_picture_of_the_job_has_one_of_its_file(
    home: Home, show: Show, folder: str
) -> None:
    printer = home.printer
    name = f"{folder}/teil, 100%.gcode"
    printer.files[name] = printer.files[PART]
    printer.start(name, duration=3600)
    await home.tick(SEEN)
    assert (await show())[2].startswith(PNG)
    assert preview(home).startswith("2026-11-23T08:00")
    assert home.count_requests(FILE_IMAGE) == 1
    await home.tick(300)
    assert (home.count_requests(JOB_IMAGE), home.count_requests(FILE_IMAGE)) == (1, 1)


@pytest.mark.parametrize("unknowns", [WITHOUT_JOB_IMAGE])
async def test_a_job_without_any_picture_is_no_error(home: Home, show: Show) -> None:
    names = ("Local/gone.gcode", "Local/no folder/gone.gcode", "USB/stick.gcode", "x")
    for number, name in enumerate(names, 1):
        home.printer.start(name, duration=3600)
        home.printer.files.pop(name, None)
        await home.tick(SEEN)
        assert preview(home) == "unknown"
        assert (await show())[0] == 500
        await home.tick(90)
        assert home.count_requests(JOB_IMAGE) == number
        home.printer.stop()
        await home.tick(30)
    assert not home.complaints


NO_PICTURES: dict[str, bytes | str] = {
    "empty": b"",
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "gif": b"GIF89a",
    "no base64": "no base64!",
    # more than any preview of 1024 x 1024 has
    "endless": "iVBORw0KGgo" + "A" * 5 * 1024 * 1024,
}


async def test_what_is_no_picture_is_not_shown(
    home: Home, show: Show, subtests: pytest.Subtests
) -> None:
    for number, (kind, wrong) in enumerate(NO_PICTURES.items(), 1):
        with subtests.test(kind=kind):
            for path in (JOB_IMAGE, FILE_IMAGE):
                send(home, path, wrong)
            home.printer.start(PART, duration=3600)
            await home.tick(SEEN)
            assert home.count_requests(JOB_IMAGE) == number
            assert preview(home) == "unknown"
            assert (await show())[0] == 500
            home.heal()
            home.printer.stop()
            home.freezer.tick(30)
    assert not home.complaints


async def test_a_jpeg_has_its_own_content_type(home: Home, show: Show) -> None:
    send(home, JOB_IMAGE, JPEG)
    home.printer.start(PART, duration=3600)
    await home.tick(SEEN)
    assert await show() == (200, "image/jpeg", JPEG)


async def test_the_picture_of_a_busy_printer_is_read_again_soon(
    home: Home, show: Show
) -> None:
    home.fail("busy_body", JOB_IMAGE)
    home.printer.start(PART, duration=3600, layers=3600)
    await home.tick(SEEN)
    assert preview(home) == "unknown"
    home.heal()
    await home.tick(RETRIED)
    assert (await show())[0] == 200


async def test_a_printer_that_stays_busy_is_left_alone(home: Home) -> None:
    home.fail("busy_body", JOB_IMAGE)
    home.printer.start(PART, duration=3600, layers=3600)
    await home.tick(1200)
    assert home.count_requests(JOB_IMAGE) <= 10


@pytest.mark.parametrize("kind", ["http_500", "disconnect", "truncated", "busy_body"])
async def test_a_preview_that_fails_hides_nothing_of_the_printer(
    home: Home, kind: str
) -> None:
    home.fail(kind, JOB_IMAGE, FILE_IMAGE, FILE_LIST)
    home.printer.start(PART, duration=3600)
    await home.tick(2 * MINUTE)
    assert preview(home) == "unknown"
    assert home.status == "printing"
    assert home.number("bed_temperature") > 0


async def test_the_picture_of_a_job_that_fails_once_is_shown_after_its_end(
    home: Home, show: Show
) -> None:
    home.fail("busy_body", JOB_IMAGE)
    home.printer.start(PART, duration=3600)
    await home.tick(SEEN)
    home.printer.stop()
    home.heal()
    await home.tick(RETRIED)
    assert (await show())[0] == 200


async def test_an_outage_within_a_job_costs_no_second_request(
    home: Home, show: Show
) -> None:
    home.printer.start(PART, duration=3600)
    await home.tick(SEEN)
    before = await show()
    await home.simulator.unplug()
    await home.tick(60)
    await home.simulator.start()
    await home.tick(120)
    assert await show() == before
    assert home.count_requests(JOB_IMAGE) == 1
