"""The camera server: sign-in by the password of this boot, stills and a stream."""

import asyncio
import base64
from io import BytesIO
from typing import Any

import aiohttp
from PIL import Image
import pytest

from simulator import Printer, Simulator
from simulator.picture import _plain, scene

from .conftest import Driven, fixture


@pytest.fixture
def auth(printer: Printer) -> dict[str, str]:
    """Return what `/printer/camera` gives."""
    return basic(printer.camera_password)


def basic(password: str) -> dict[str, str]:
    text = base64.b64encode(f"raise3d_camera:{password}".encode()).decode()
    return {"Authorization": f"Basic {text}"}


def url(simulator: Simulator, name: str) -> str:
    return f"http://127.0.0.1:{simulator.camera_port}/api/v1/camera/{name}"


def picture(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    assert image.format == "JPEG"
    assert image.size == (1280, 720)
    return image.convert("RGB")


def painted(data: bytes) -> int:
    """Count the pixels in a bright colour: the chamber is grey, the part is not."""
    return sum(picture(data).convert("HSV").getchannel("S").histogram()[110:])


async def read(response: aiohttp.ClientResponse) -> tuple[int, bytes]:
    return response.status, await response.read()


async def test_a_still_is_a_picture_of_the_documented_size(
    simulator: Simulator, session: aiohttp.ClientSession, auth: dict[str, str]
) -> None:
    async with session.get(url(simulator, "takeshot"), headers=auth) as response:
        assert response.content_type == "image/jpeg"
        picture(await response.read())


async def test_without_the_password_everything_is_401(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    expected = fixture("camera_401")
    wrong = basic("000000")
    for name in ("stream", "takeshot", "state", "auth_stream", "nothing"):
        for given in ({}, wrong, {"Authorization": "Bearer ä"}):
            async with session.get(url(simulator, name), headers=given) as response:
                assert await read(response) == (401, b"")
                for key, value in expected["headers"].items():
                    assert response.headers[key] == value


async def test_the_password_changes_at_every_boot(
    simulator: Simulator, session: aiohttp.ClientSession, auth: dict[str, str]
) -> None:
    await simulator.power_off()
    await simulator.power_on()
    async with session.get(url(simulator, "takeshot"), headers=auth) as response:
        assert response.status == 401


async def test_the_advertised_path_is_not_implemented(
    simulator: Simulator, session: aiohttp.ClientSession, auth: dict[str, str]
) -> None:
    expected = fixture("camera_auth_stream_501")
    async with session.get(url(simulator, "auth_stream"), headers=auth) as response:
        assert await read(response) == (expected["http_status"], b"")
    async with session.get(url(simulator, "state"), headers=auth) as response:
        assert (await response.json())["data"] == {"connected": True}
    async with session.get(url(simulator, "nothing"), headers=auth) as response:
        assert response.status == 404


async def test_the_stream_is_endless_mjpeg(
    simulator: Simulator, session: aiohttp.ClientSession, auth: dict[str, str]
) -> None:
    expected = fixture("camera_stream_headers")["headers"]["Content-Type"]
    async with session.get(url(simulator, "stream"), headers=auth) as response:
        assert response.headers["Content-Type"] == expected
        reader = aiohttp.MultipartReader.from_response(response)
        for _ in range(2):
            part: Any = await reader.next()
            assert part.headers["Content-Type"] == "image/jpeg"
            picture(await part.read())
        # the server gives up a client that has gone, and one that is cut off
        response.close()


async def test_a_stream_ends_with_the_power(
    simulator: Simulator, session: aiohttp.ClientSession, auth: dict[str, str]
) -> None:
    async with session.get(url(simulator, "stream"), headers=auth) as response:
        await response.content.readline()
        async with asyncio.timeout(5):
            await simulator.power_off()
            with pytest.raises(aiohttp.ClientError):
                await response.content.read()


async def test_a_stream_ends_when_the_camera_is_unplugged(
    simulator: Simulator, session: aiohttp.ClientSession, auth: dict[str, str]
) -> None:
    async with session.get(url(simulator, "stream"), headers=auth) as response:
        await response.content.readline()
        simulator.printer.unplug_camera()
        async with asyncio.timeout(5):
            await response.content.read()
    for name in ("takeshot", "stream"):
        async with session.get(url(simulator, name), headers=auth) as response:
            assert await read(response) == (503, b"")
    simulator.printer.plug_camera()
    async with session.get(url(simulator, "takeshot"), headers=auth) as response:
        assert response.status == 200


async def test_only_faults_that_name_the_camera_hit_it(
    simulator: Simulator, session: aiohttp.ClientSession, auth: dict[str, str]
) -> None:
    simulator.faults.add("http_500", count=None)
    simulator.faults.add("empty", path="/api/v1/camera/takeshot")
    for empty in (True, False):
        async with session.get(url(simulator, "takeshot"), headers=auth) as response:
            status, body = await read(response)
            assert (status, not body) == (200, empty)


def test_the_picture_grows_with_the_print(printer: Driven) -> None:
    shots = [scene(printer)]
    printer.start(duration=3600)
    for seconds in (30, 900, 1800, 872):
        printer.tick(seconds)
        shots.append(scene(printer))
    grown = [painted(shot) for shot in shots]
    assert grown[1] < grown[2] < grown[3] < grown[4]
    printer.dismiss()
    assert painted(scene(printer)) == grown[0]


def test_a_print_without_layers_can_be_seen_too(printer: Driven) -> None:
    printer.start(duration=100, layers=0)
    printer.tick(60)
    assert picture(scene(printer))


def test_a_name_is_written_without_letters_the_font_lacks() -> None:
    assert _plain("bracket v3 ä 测.gcode") == "bracket v3 a _.gcode"
