"""The camera: a still, a stream, its password of the day, and none of it in a log."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import ClientSession, ClientTimeout, web
import pytest

from custom_components.raise3d.api import (
    CameraInfo,
    Raise3DApiDownError,
    Raise3DAuthenticationError,
    Raise3DCamera,
    Raise3DConnectionError,
    Raise3DDisconnectedError,
    Raise3DNotFoundError,
    Raise3DResponseError,
    Raise3DTimeoutError,
)
from custom_components.raise3d.api.const import MAX_SHOT_SIZE
from simulator import Printer, Simulator
from tests.common import log_everything

from .conftest import API, Caplog, Handler, Lab, Listen, Patch, outcome, shown

JPEG = b"\xff\xd8\xff\xe0"
INFO = CameraInfo(connected=True, port=1, user_name="cam", password="368d8d")

type Other = Callable[[Handler], Awaitable[CameraInfo]]
type Use = Callable[[Raise3DCamera, CameraInfo], Awaitable[object]]


@pytest.fixture
def camera(session: ClientSession) -> Raise3DCamera:
    """Return the camera of a printer on this machine."""
    return Raise3DCamera(session, "127.0.0.1")


@pytest.fixture
async def info(lab: Lab) -> CameraInfo:
    """Return what the printer reports about its camera."""
    return await lab.queries.get_camera()


@pytest.fixture
def other(listen: Listen) -> Other:
    """Return a function that serves any answer at all in the camera's place."""

    async def serve(handle: Handler) -> CameraInfo:
        return replace(INFO, port=await listen(handle))

    return serve


async def watch(camera: Raise3DCamera, info: CameraInfo) -> str:
    """Open the stream and close it again."""
    stream = await camera.open_stream(info)
    stream.close()
    return "open"


USES: dict[str, Use] = {"takeshot": Raise3DCamera.take_shot, "stream": watch}


async def test_a_shot_is_a_jpeg(camera: Raise3DCamera, info: CameraInfo) -> None:
    assert (await camera.take_shot(info)).startswith(JPEG)


async def test_a_stream_goes_on_picture_after_picture(
    camera: Raise3DCamera, info: CameraInfo
) -> None:
    stream = await camera.open_stream(info)
    pictures = [await anext(stream) for _ in range(3)]
    assert all(picture.startswith(JPEG) for picture in pictures)
    stream.close()


@pytest.mark.parametrize("name", USES)
async def test_the_camera_is_at_the_port_that_is_named(
    camera: Raise3DCamera, other: Other, name: str
) -> None:
    seen = []

    async def handle(request: web.Request) -> web.StreamResponse:
        seen.append((request.method, request.path, request.headers["Authorization"]))
        headers = {"Content-Type": "multipart/x-mixed-replace; boundary=x"}
        return web.Response(body=JPEG, headers=headers)

    await USES[name](camera, await other(handle))
    login = base64.b64encode(b"cam:368d8d").decode()
    assert seen == [("GET", f"/api/v1/camera/{name}", f"Basic {login}")]


@pytest.mark.parametrize("name", USES)
async def test_the_password_of_the_last_boot_is_an_authentication_error(
    lab: Lab, camera: Raise3DCamera, info: CameraInfo, name: str
) -> None:
    await lab.simulator.power_off()
    await lab.simulator.power_on()
    with pytest.raises(Raise3DAuthenticationError):
        await USES[name](camera, info)
    assert await USES[name](camera, await lab.queries.get_camera())


@pytest.mark.parametrize("name", USES)
async def test_without_a_camera_there_is_no_picture(
    lab: Lab, camera: Raise3DCamera, name: str
) -> None:
    lab.printer.unplug_camera()
    with pytest.raises(Raise3DNotFoundError, match="No camera is connected"):
        await USES[name](camera, await lab.queries.get_camera())
    for lacking in (
        replace(INFO, connected=None),
        replace(INFO, user_name=None),
        replace(INFO, password=None),
    ):
        with pytest.raises(Raise3DNotFoundError):
            await USES[name](camera, lacking)


@pytest.mark.parametrize("name", USES)
async def test_a_camera_that_was_unplugged_since_is_a_response_error(
    camera: Raise3DCamera, info: CameraInfo, printer: Printer, name: str
) -> None:
    printer.unplug_camera()
    with pytest.raises(Raise3DResponseError, match="HTTP 503"):
        await USES[name](camera, info)


@pytest.mark.parametrize("status", [204, 301, 400, 404, 500, 501, 503])
@pytest.mark.parametrize("name", USES)
async def test_any_other_status_is_a_response_error_and_no_redirect_is_followed(
    camera: Raise3DCamera, other: Other, name: str, status: int
) -> None:
    """The password would go along with it."""
    seen = []

    async def handle(request: web.Request) -> web.StreamResponse:
        seen.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    info = await other(handle)
    with pytest.raises(Raise3DResponseError, match=f"HTTP {status}"):
        await USES[name](camera, info)
    assert len(seen) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8"])
async def test_what_is_no_jpeg_is_no_shot(
    camera: Raise3DCamera, other: Other, body: bytes
) -> None:
    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type="image/jpeg")

    with pytest.raises(Raise3DResponseError, match="no picture"):
        await camera.take_shot(await other(handle))


async def test_a_shot_without_end_is_not_read_to_its_end(
    camera: Raise3DCamera, other: Other
) -> None:
    sent: list[bytes] = []

    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1000):
            sent.append(JPEG * 100_000)
            await response.write(sent[-1])
        return response

    with pytest.raises(Raise3DResponseError, match="too long"):
        await camera.take_shot(await other(handle))
    assert len(sent) * 400_000 < 3 * MAX_SHOT_SIZE


@pytest.mark.parametrize("name", USES)
async def test_a_camera_that_is_silent_is_given_up(
    camera: Raise3DCamera,
    info: CameraInfo,
    simulator: Simulator,
    monkeypatch: Patch,
    name: str,
) -> None:
    monkeypatch.setattr(f"{API}.camera.SHOT_TIMEOUT", ClientTimeout(total=0.1))
    limit = ClientTimeout(total=None, sock_read=0.1)
    monkeypatch.setattr(f"{API}.camera.STREAM_TIMEOUT", limit)
    simulator.faults.add("hang", path=f"/api/v1/camera/{name}")
    with pytest.raises(Raise3DTimeoutError):
        await USES[name](camera, info)
    simulator.faults.clear()


@pytest.mark.parametrize("kind", ["reset", "disconnect"])
@pytest.mark.parametrize("name", USES)
async def test_a_broken_connection_is_not_tried_again(
    camera: Raise3DCamera, info: CameraInfo, simulator: Simulator, name: str, kind: str
) -> None:
    simulator.faults.add(kind, path=f"/api/v1/camera/{name}")
    with pytest.raises(Raise3DDisconnectedError):
        await USES[name](camera, info)
    assert await USES[name](camera, info)


@pytest.mark.parametrize("name", USES)
async def test_a_printer_that_is_off_is_a_connection_error(
    camera: Raise3DCamera, info: CameraInfo, simulator: Simulator, name: str
) -> None:
    await simulator.power_off()
    with pytest.raises(Raise3DApiDownError):
        await USES[name](camera, info)


async def test_a_host_or_a_user_that_is_none_is_an_error(
    camera: Raise3DCamera, session: ClientSession
) -> None:
    with pytest.raises(Raise3DConnectionError):
        await Raise3DCamera(session, "a b").take_shot(INFO)
    with pytest.raises(Raise3DConnectionError):
        await camera.take_shot(replace(INFO, user_name="a:b"))


async def test_a_camera_that_listens_is_a_sign_of_life(
    camera: Raise3DCamera, info: CameraInfo, simulator: Simulator
) -> None:
    assert await camera.is_listening(info.port)
    await simulator.power_off()
    assert not await camera.is_listening(info.port)


async def test_a_camera_that_never_answers_is_no_sign_of_life(
    camera: Raise3DCamera, monkeypatch: Patch
) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(f"{API}.camera.CONNECT_TIMEOUT", 0.01)
    monkeypatch.setattr("asyncio.open_connection", never)
    assert not await camera.is_listening(1)


async def trouble(simulator: Simulator, path: str, kind: str) -> None:
    """Spoil the next answers of the camera, or none."""
    match kind:
        case "off":
            await simulator.power_off()
        case "password":
            simulator.printer.camera_password = "another"
        case "reset" | "http_500":
            simulator.faults.add(kind, path=path, count=None)


@pytest.mark.parametrize("kind", ["password", "off", "reset", "http_500", "none"])
@pytest.mark.parametrize("name", USES)
async def test_no_trouble_with_the_camera_shows_a_secret(
    lab: Lab, camera: Raise3DCamera, caplog: Caplog, name: str, kind: str
) -> None:
    """Neither as text nor as traceback nor in the log, down to debug."""
    log_everything(caplog)
    info = await lab.queries.get_camera()
    await trouble(lab.simulator, f"/api/v1/camera/{name}", kind)
    error = await outcome(USES[name](camera, info))
    text = shown(caplog, error, camera, info)
    assert info.user_name
    assert info.password
    for secret in (info.user_name, info.password, "Basic ", lab.simulator.host):
        assert secret not in text
