"""Tests of the camera: stills, the live stream, and a login that never stays."""

import asyncio
import base64
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import ClientResponse, hdrs, web
from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.const import Platform
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from simulator import Simulator
from simulator.camera import BOUNDARY, USER

from .cameras import SHOT, STREAM, Watched
from .common import (
    Home,
    add_entry,
    log_everything,
    new_printer,
    set_up,
)

JPEG = b"\xff\xd8\xff"
MJPEG = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
# Seconds until camera and totals are read with a regular poll.
FIRST_EXTRAS = 35
# Seconds for which a still is good.
STILL = 3

PAGE = b"<html><script>alert(1)</script></html>"

type Client = TestClient[web.Request, web.Application]
type OpenViewer = Callable[[Home], Awaitable[Viewer]]


def part(content: bytes, kind: str) -> bytes:
    """Return a part of a stream."""
    head = f"--{BOUNDARY}\r\nContent-Type: {kind}\r\n"
    head += f"Content-Length: {len(content)}\r\n\r\n"
    return head.encode() + content + b"\r\n"


pytestmark = pytest.mark.usefixtures("only_platforms")


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the camera, and what has the same printer polled."""
    return [Platform.CAMERA, Platform.SENSOR]


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Return what counts at the camera server."""
    return Watched.of_all(monkeypatch)


@dataclass
class Viewer(Home):
    """A home with a browser that is signed in, after the camera was found."""

    client: Client = field(kw_only=True)
    watched: Watched = field(kw_only=True)
    opened: list[ClientResponse] = field(default_factory=list)

    @property
    def camera(self) -> str:
        """Return the state of the camera."""
        return self.state("camera", Platform.CAMERA)

    @property
    def camera_id(self) -> str:
        """Return the entity id of the camera."""
        return self.entity_id("camera", Platform.CAMERA)

    async def still(self) -> tuple[int, bytes]:
        """Return the HTTP status of a still, and the picture."""
        response = await self.client.get(f"/api/camera_proxy/{self.camera_id}")
        return response.status, await response.read()

    async def live(self) -> ClientResponse:
        """Open the live stream."""
        url = f"/api/camera_proxy_stream/{self.camera_id}"
        self.opened.append(await self.client.get(url))
        return self.opened[-1]

    async def update(self) -> None:
        """Update the camera as a person does."""
        await self.call("homeassistant.update_entity", ("camera", "camera"))
        await self.block_till_done()

    async def reboot(self) -> None:
        """Pull the plug and put it back, between two polls."""
        await self.simulator.power_off()
        await self.simulator.power_on()


@pytest.fixture
async def open_viewer(
    watched: Watched, hass_client: ClientSessionGenerator
) -> AsyncGenerator[OpenViewer]:
    """Return a function that opens a browser at a home, once the camera was found."""
    viewers: list[Viewer] = []

    async def open_viewer(home: Home) -> Viewer:
        await home.tick(FIRST_EXTRAS)
        known = (home.simulator, home.hass, home.entry, home.freezer, home.caplog)
        viewers.append(Viewer(*known, client=await hass_client(), watched=watched))
        return viewers[-1]

    yield open_viewer
    for viewer in viewers:
        for response in viewer.opened:
            response.close()


@pytest.fixture
async def diagnostics(hass: HomeAssistant) -> None:
    """Have the diagnostics ready before the first request."""
    assert await async_setup_component(hass, "diagnostics", {})


@pytest.fixture
async def viewer(home: Home, open_viewer: OpenViewer) -> Viewer:
    """Return a viewer of the printer's camera."""
    return await open_viewer(home)


def cameras(home: Home) -> list[str]:
    """Return the cameras in the registry."""
    registry = er.async_get(home.hass)
    return [each for each in registry.entities if each.startswith("camera.")]


def is_picture(answer: tuple[int, bytes]) -> bool:
    """Return whether an answer is a still."""
    return answer[0] == 200 and answer[1].startswith(JPEG)


async def test_a_still_is_what_the_camera_sees(viewer: Viewer) -> None:
    response = await viewer.client.get(f"/api/camera_proxy/{viewer.camera_id}")
    assert response.content_type == "image/jpeg"
    assert (await response.read()).startswith(JPEG)
    assert viewer.camera == "idle"


async def test_ten_viewers_at_once_cost_one_request(viewer: Viewer) -> None:
    answers = await asyncio.gather(*(viewer.still() for _ in range(10)))
    assert all(map(is_picture, answers))
    assert len(set(answers)) == 1
    assert viewer.watched.count_requests == {SHOT: 1}


async def test_a_still_is_taken_again_after_seconds(viewer: Viewer) -> None:
    _, before = await viewer.still()
    viewer.printer.start("Local/part.gcode", duration=60)
    await viewer.tick(STILL)
    _, after = await viewer.still()
    assert viewer.watched.count_requests[SHOT] == 2
    assert before != after


async def test_the_live_stream_is_passed_on(viewer: Viewer) -> None:
    response = await viewer.live()
    assert response.status == 200
    kind, _, boundary = response.headers[hdrs.CONTENT_TYPE].partition("; boundary=")
    assert kind == "multipart/x-mixed-replace"
    for _ in range(3):
        head = await response.content.readuntil(b"\r\n\r\n")
        assert head.startswith(f"--{boundary}\r\nContent-Type: image/jpeg\r\n".encode())
        size = int(head.partition(b"Content-Length: ")[2])
        assert (await response.content.readexactly(size)).startswith(JPEG)
        await response.content.readexactly(2)
        await viewer.tick(0.5)
    assert viewer.watched.count_requests == {STREAM: 1}


@pytest.mark.parametrize(
    "intruder",
    [
        part(PAGE, "text/html"),
        part(PAGE, "image/jpeg"),
        part(PAGE, "image/svg+xml"),
        part(JPEG + PAGE, "text/html"),
        part(PAGE, "application/javascript"),
        part(b"", f"text/html\r\n\r\n{PAGE.decode()}"),
        PAGE,
        f"--{BOUNDARY}\r\n".encode() + PAGE + b"\r\n",
    ],
)
async def test_the_stream_passes_pictures_on_and_nothing_else(
    viewer: Viewer, intruder: bytes
) -> None:
    head = "image/jpeg\r\nSet-Cookie: a=b\r\nRefresh: 0; url=http://evil"
    picture = part(JPEG, head)
    viewer.watched.send(MJPEG, picture + intruder + picture)
    response = await viewer.live()
    assert response.status == 200
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    boundary = response.headers[hdrs.CONTENT_TYPE].partition("boundary=")[2]
    assert BOUNDARY not in boundary
    passed_on = (
        f"--{boundary}\r\nContent-Type: image/jpeg\r\n"
        f"Content-Length: {len(JPEG)}\r\n\r\n"
    ).encode() + JPEG
    assert await response.read() == 2 * (passed_on + b"\r\n")
    assert not viewer.complaints


@pytest.mark.parametrize(
    ("content_type", "content", "kind"),
    [
        ("text/html", JPEG, "image/jpeg"),
        ("image/svg+xml", JPEG, "image/jpeg"),
        ("multipart/x-mixed-replace", JPEG, "image/jpeg"),
        (f"multipart/mixed; boundary={BOUNDARY}", JPEG, "image/jpeg"),
        (MJPEG, PAGE, "text/html"),
    ],
)
async def test_a_stream_without_boundary_or_picture_is_not_begun(
    viewer: Viewer, content_type: str, content: bytes, kind: str
) -> None:
    viewer.watched.send(content_type, part(content, kind))
    response = await viewer.live()
    assert response.status == 502
    assert content not in await response.read()


async def test_the_stream_ends_when_the_viewer_leaves(viewer: Viewer) -> None:
    response = await viewer.live()
    assert viewer.watched.streams == 1
    response.close()
    # both ends notice with a picture
    for _ in range(4):
        await viewer.tick(0.5)
    await viewer.watched.ended.wait()
    assert viewer.watched.streams == 0


async def test_the_stream_ends_with_home_assistant(viewer: Viewer) -> None:
    response = await viewer.live()
    viewer.hass.set_state(CoreState.stopping)
    await viewer.tick(0.5)
    assert (await response.read()).startswith(b"--")
    for _ in range(2):
        await viewer.tick(0.5)
    await viewer.watched.ended.wait()
    assert viewer.watched.streams == 0


async def test_a_camera_that_dies_ends_the_stream_quietly(viewer: Viewer) -> None:
    response = await viewer.live()
    viewer.caplog.clear()
    await viewer.simulator.unplug()
    assert (await response.read()).startswith(b"--")
    assert not viewer.complaints


async def test_a_stream_that_stands_still_ends(
    viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.camera.FRAME_SECONDS", 3600)
    response = await viewer.live()
    await viewer.tick(60)
    assert (await response.read()).startswith(b"--")


async def test_a_still_after_a_reboot_needs_no_person(viewer: Viewer) -> None:
    await viewer.still()
    # past the next poll
    await viewer.tick(STILL)
    before = viewer.count_requests("printer/camera")
    await viewer.reboot()
    await viewer.tick(STILL)
    assert is_picture(await viewer.still())
    # twice, because the token was lost too
    assert viewer.count_requests("printer/camera") - before == 2
    assert viewer.watched.count_requests[SHOT] == 3


async def test_ten_viewers_after_a_reboot_ask_for_the_password_once(
    viewer: Viewer,
) -> None:
    before = viewer.count_requests("printer/camera")
    await viewer.reboot()
    responses = await asyncio.gather(*(viewer.live() for _ in range(10)))
    assert {response.status for response in responses} == {200}
    # twice, because the token was lost too
    assert viewer.count_requests("printer/camera") - before == 2
    assert viewer.watched.streams == 10


async def test_a_reboot_while_someone_watches(viewer: Viewer) -> None:
    response = await viewer.live()
    await viewer.simulator.power_off()
    await response.read()
    await viewer.tick(35)
    assert viewer.camera == "unavailable"
    await viewer.simulator.power_on()
    await viewer.tick(60)
    assert viewer.camera == "idle"
    assert (await viewer.live()).status == 200
    assert is_picture(await viewer.still())
    assert not viewer.complaints


async def test_no_picture_is_requested_of_a_printer_that_is_off(
    viewer: Viewer,
) -> None:
    await viewer.simulator.power_off()
    await viewer.tick(35)
    opened: list[object] = []
    address = (viewer.simulator.host, viewer.simulator.camera_port)
    async with await asyncio.start_server(lambda *them: opened.append(them), *address):
        assert (await viewer.still())[0] == 500
        assert (await viewer.live()).status == 502
    assert not opened


async def test_the_camera_of_a_printer_that_is_off_at_the_start_comes_back(
    viewer: Viewer,
) -> None:
    await viewer.unload()
    await viewer.simulator.power_off()
    await viewer.set_up()
    assert viewer.camera == "unavailable"
    await viewer.simulator.power_on()
    await viewer.tick(60 + FIRST_EXTRAS)
    assert viewer.camera == "idle"
    assert is_picture(await viewer.still())


async def test_a_camera_that_is_unplugged_is_unavailable_at_the_next_still(
    viewer: Viewer,
) -> None:
    await viewer.still()
    before = viewer.count_requests("printer/camera")
    viewer.printer.unplug_camera()
    await viewer.tick(STILL)
    assert (await viewer.still())[0] == 500
    assert viewer.count_requests("printer/camera") - before == 1
    assert viewer.camera == "unavailable"


async def test_a_camera_that_nobody_watches_is_plugged_out_and_in(
    viewer: Viewer,
) -> None:
    viewer.printer.unplug_camera()
    await viewer.tick(16 * 60)
    assert viewer.camera == "unavailable"
    viewer.printer.plug_camera()
    await viewer.tick(16 * 60)
    assert viewer.camera == "idle"


async def test_a_refresh_by_a_person_finds_it(viewer: Viewer) -> None:
    await async_setup_component(viewer.hass, "homeassistant", {})
    viewer.printer.unplug_camera()
    await viewer.update()
    assert viewer.camera == "unavailable"
    viewer.printer.plug_camera()
    await viewer.update()
    assert viewer.camera == "idle"
    await viewer.simulator.power_off()
    await viewer.update()
    # it has just been polled: the next request follows a little later
    await viewer.tick(15)
    assert viewer.camera == "unavailable"


async def test_a_camera_may_come_later(new_home: Home) -> None:
    new_home.printer.unplug_camera()
    await new_home.set_up()
    await new_home.tick(FIRST_EXTRAS)
    assert not new_home.hass.states.async_entity_ids(Platform.CAMERA)
    assert not cameras(new_home)
    new_home.printer.plug_camera()
    await new_home.tick(16 * 60)
    assert new_home.state("camera", Platform.CAMERA) == "idle"


async def test_the_camera_is_there_as_soon_as_the_printer(home: Home) -> None:
    assert home.state("camera", Platform.CAMERA) == "idle"
    assert home.count_requests("printer/camera") == 1


async def test_a_start_does_not_wait_for_the_camera(new_home: Home) -> None:
    new_home.simulator.faults.add("busy_body", path="printer/camera", count=2)
    await new_home.set_up()
    assert not cameras(new_home)
    await new_home.tick(FIRST_EXTRAS)
    assert new_home.state("camera", Platform.CAMERA) == "idle"


@pytest.mark.parametrize("kind", ["html", "empty", "http_500", "disconnect", "reset"])
async def test_what_is_no_picture_is_neither_shown_nor_passed_on(
    viewer: Viewer, kind: str
) -> None:
    viewer.fail(kind, SHOT, STREAM)
    status, body = await viewer.still()
    response = await viewer.live()
    assert (status, response.status) == (500, 502)
    assert b"Raise Touch" not in body + await response.read()
    assert not viewer.complaints


async def test_a_broken_camera_does_not_wear_the_printer_out(viewer: Viewer) -> None:
    viewer.fail("http_401", SHOT)
    before, polls = viewer.count_requests("printer/camera"), viewer.count_requests()
    for _ in range(20):
        await viewer.still()
        await viewer.tick(STILL)
    assert viewer.count_requests("printer/camera") - before <= 3
    # the printer is polled all the same
    assert viewer.count_requests() - polls >= 4
    assert viewer.camera == "idle"
    viewer.heal()
    assert is_picture(await viewer.still())


async def test_a_missing_login_costs_the_still_alone(
    viewer: Viewer,
) -> None:
    viewer.fail("http_401", SHOT)
    viewer.fail("busy_body", "printer/camera")
    assert (await viewer.still())[0] == 500
    assert viewer.camera == "idle"


async def test_the_port_is_the_printers_word(
    viewer: Viewer, unused_tcp_port: int
) -> None:
    await viewer.still()
    await viewer.simulator.unplug()
    assert viewer.simulator.camera_port != unused_tcp_port
    viewer.simulator.camera_port = unused_tcp_port
    await viewer.simulator.start()
    await viewer.tick(STILL)
    assert is_picture(await viewer.still())


async def test_the_host_is_always_the_printers_own(
    new_home: Home, open_viewer: OpenViewer
) -> None:
    uri = f"http://192.0.2.1:{new_home.simulator.camera_port}/api/v1/camera/auth_stream"
    new_home.answer("printer/camera", camerserver_URI=uri)
    await new_home.set_up()
    viewer = await open_viewer(new_home)
    assert is_picture(await viewer.still())


async def test_two_printers_have_a_camera_each(viewer: Viewer) -> None:
    async with Simulator(new_printer("pro3", machine_name="Other")) as other:
        entry = add_entry(viewer.hass, other)
        await set_up(viewer.hass, entry)
        await viewer.tick(FIRST_EXTRAS)
        urls = [f"/api/camera_proxy/{each}" for each in cameras(viewer)]
        pictures = {await (await viewer.client.get(url)).read() for url in urls}
        assert len(pictures) == 2
        await viewer.hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.usefixtures("diagnostics")
async def test_its_login_is_nowhere_to_be_seen(
    viewer: Viewer, hass_client: ClientSessionGenerator
) -> None:
    log_everything(viewer.caplog)
    secrets = {USER, viewer.printer.camera_password}
    await viewer.still()
    await viewer.live()
    await viewer.reboot()
    secrets.add(viewer.printer.camera_password)
    await viewer.tick(STILL)
    await viewer.still()
    (await viewer.live()).close()
    viewer.simulator.faults.add("html", path=SHOT)
    await viewer.tick(STILL)
    await viewer.still()
    viewer.printer.unplug_camera()
    await viewer.tick(STILL)
    await viewer.still()
    secrets |= {
        base64.b64encode(f"{USER}:{secret}".encode()).decode() for secret in secrets
    }
    shared = await get_diagnostics_for_config_entry(
        viewer.hass, hass_client, viewer.entry
    )
    seen = "\n".join(
        [
            *(record.getMessage() for record in viewer.caplog.records),
            *(str(record.exc_info) for record in viewer.caplog.records),
            *(str(state.as_dict()) for state in viewer.hass.states.async_all()),
            str(shared),
            repr(viewer.entry.runtime_data.data),
        ]
    )
    assert len(secrets) == 6
    assert {secret for secret in secrets if secret in seen} == set()
    assert str(viewer.simulator.camera_port) in str(shared)
