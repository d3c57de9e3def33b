"""The camera server: sign-in by the password of this boot, stills and a stream."""

import asyncio
import base64
import contextlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp
from PIL import Image
import pytest

from simulator import Simulator
from simulator.picture import printable, scene

from .conftest import Driven, fixture

type Request = contextlib.AbstractAsyncContextManager[aiohttp.ClientResponse]


def basic(password: str) -> dict[str, str]:
    text = base64.b64encode(f"raise3d_camera:{password}".encode()).decode()
    return {"Authorization": f"Basic {text}"}


@dataclass
class Camera:
    """The camera of a simulator, with the password of the boot before the test."""

    simulator: Simulator
    session: aiohttp.ClientSession
    login: dict[str, str]

    def get(self, name: str, login: dict[str, str] | None = None) -> Request:
        """Send a request to the camera server."""
        url = f"http://127.0.0.1:{self.simulator.camera_port}/api/v1/camera/{name}"
        return self.session.get(url, headers=self.login if login is None else login)

    async def read(self, name: str) -> tuple[int, bytes]:
        """Return the status and the body of an answer."""
        async with self.get(name) as response:
            return response.status, await response.read()


@pytest.fixture
def camera(simulator: Simulator, session: aiohttp.ClientSession) -> Camera:
    """Return the camera."""
    return Camera(simulator, session, basic(simulator.printer.camera_password))


def picture(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    assert image.format == "JPEG"
    assert image.size == (1280, 720)
    return image.convert("RGB")


def painted(data: bytes) -> int:
    """Count the pixels in a bright colour: the chamber is grey, the part is not."""
    return sum(picture(data).convert("HSV").getchannel("S").histogram()[110:])


async def test_a_still_is_a_picture_of_the_documented_size(camera: Camera) -> None:
    async with camera.get("takeshot") as response:
        assert response.content_type == "image/jpeg"
        picture(await response.read())


@pytest.mark.parametrize("login", [{}, basic("000000"), {"Authorization": "Bearer ä"}])
async def test_without_the_password_everything_is_401(
    camera: Camera, login: dict[str, str]
) -> None:
    headers = fixture("camera_401")["headers"]
    for name in ("stream", "takeshot", "state", "auth_stream", "nothing"):
        async with camera.get(name, login) as response:
            assert (response.status, await response.read()) == (401, b"")
            assert {**response.headers, **headers} == dict(response.headers)


async def test_the_password_changes_at_every_boot(camera: Camera) -> None:
    await camera.simulator.power_off()
    await camera.simulator.power_on()
    assert (await camera.read("takeshot"))[0] == 401


async def test_the_advertised_path_is_not_implemented(camera: Camera) -> None:
    status = fixture("camera_auth_stream_501")["http_status"]
    assert await camera.read("auth_stream") == (status, b"")
    async with camera.get("state") as response:
        assert (await response.json())["data"] == {"connected": True}
    assert (await camera.read("nothing"))[0] == 404


async def test_the_stream_is_endless_mjpeg(camera: Camera) -> None:
    expected = fixture("camera_stream_headers")["headers"]["Content-Type"]
    async with camera.get("stream") as response:
        assert response.headers["Content-Type"] == expected
        reader = aiohttp.MultipartReader.from_response(response)
        for _ in range(2):
            part: Any = await reader.next()
            assert part.headers["Content-Type"] == "image/jpeg"
            picture(await part.read())
        # the server gives up a client that has gone, and one that is cut off
        response.close()


async def test_a_stream_ends_with_the_power(camera: Camera) -> None:
    async with camera.get("stream") as response:
        await response.content.readline()
        async with asyncio.timeout(5):
            await camera.simulator.power_off()
            with pytest.raises(aiohttp.ClientError):
                await response.content.read()


async def test_a_stream_ends_when_the_camera_is_unplugged(camera: Camera) -> None:
    async with camera.get("stream") as response:
        await response.content.readline()
        camera.simulator.printer.unplug_camera()
        async with asyncio.timeout(5):
            await response.content.read()
    for name in ("takeshot", "stream"):
        assert await camera.read(name) == (503, b"")
    camera.simulator.printer.plug_camera()
    assert (await camera.read("takeshot"))[0] == 200


async def test_only_faults_that_name_the_camera_hit_it(camera: Camera) -> None:
    camera.simulator.faults.add("http_500", count=None)
    camera.simulator.faults.add("empty", path="/api/v1/camera/takeshot")
    assert await camera.read("takeshot") == (200, b"")
    assert picture((await camera.read("takeshot"))[1])


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
    assert printable("bracket v3 ä 测.gcode") == "bracket v3 a _.gcode"
