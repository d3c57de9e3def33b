"""Tests of the camera: stills, the live stream, and a login that never stays."""

import asyncio
import base64
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
import logging

from aiohttp import ClientResponse, hdrs, web
from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.raise3d.const import DOMAIN
from homeassistant.const import ATTR_ENTITY_ID, Platform
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from simulator import Printer, Simulator
from simulator.camera import BOUNDARY, USER, Camera

from .common import PASSWORD, add_entry, now, set_up
from .conftest import Ticker

SHOT = "api/v1/camera/takeshot"
STREAM = "api/v1/camera/stream"
JPEG = b"\xff\xd8\xff"
MJPEG = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
# Seconds until camera and totals are read with a regular look.
FIRST_EXTRAS = 35
# Seconds for which a still is good.
STILL = 3

PAGE = b"<html><script>alert(1)</script></html>"

type Client = TestClient[web.Request, web.Application]
type Live = Callable[[], Awaitable[ClientResponse]]
type Still = Callable[[], Awaitable[tuple[int, bytes]]]
type EntityId = Callable[..., str]
type State = Callable[..., str]


class Watched:
    """What the camera server was asked, and how many streams it is sending."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.asked: Counter[str] = Counter()
        self.streams = 0
        self.ended = asyncio.Event()

    @property
    def shots(self) -> int:
        """Return how often a still was asked for."""
        return self.asked[SHOT]


def part(content: bytes, kind: str) -> bytes:
    """Return a part of a stream."""
    head = f"--{BOUNDARY}\r\nContent-Type: {kind}\r\n"
    head += f"Content-Length: {len(content)}\r\n\r\n"
    return head.encode() + content + b"\r\n"


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Return what counts at the camera server."""
    watched = Watched()
    handle, stream = Camera.handle, Camera._stream

    async def counted(camera: Camera, request: web.Request) -> web.StreamResponse:
        watched.asked[request.path.strip("/")] += 1
        return await handle(camera, request)

    async def watched_stream(
        camera: Camera, request: web.Request
    ) -> web.StreamResponse:
        watched.streams += 1
        try:
            return await stream(camera, request)
        finally:
            watched.streams -= 1
            watched.ended.set()

    monkeypatch.setattr(Camera, "handle", counted)
    monkeypatch.setattr(Camera, "_stream", watched_stream)
    return watched


@pytest.fixture
async def camera(
    watched: Watched, loaded_entry: MockConfigEntry, tick: Ticker, entity_id: EntityId
) -> str:
    """Return the id of a camera that was found."""
    await tick(FIRST_EXTRAS)
    return entity_id("camera", Platform.CAMERA)


@pytest.fixture
async def client(camera: str, hass_client: ClientSessionGenerator) -> Client:
    """Return a browser that is signed in."""
    return await hass_client()


@pytest.fixture
async def live(client: Client, camera: str) -> AsyncGenerator[Live]:
    """Return a function that opens the live stream."""
    opened: list[ClientResponse] = []

    async def live() -> ClientResponse:
        response = await client.get(f"/api/camera_proxy_stream/{camera}")
        opened.append(response)
        return response

    yield live
    for response in opened:
        response.close()


@pytest.fixture
def still(client: Client, camera: str) -> Still:
    """Return a function that gives the HTTP status of a still, and the picture."""

    async def still() -> tuple[int, bytes]:
        response = await client.get(f"/api/camera_proxy/{camera}")
        return response.status, await response.read()

    return still


@pytest.fixture
def api_asked(simulator: Simulator) -> Callable[[], int]:
    """Return a function that tells how often the API was asked for the camera."""
    return lambda: len(
        [r for r in simulator.requests if r.path.endswith("printer/camera")]
    )


@pytest.fixture
async def diagnostics(hass: HomeAssistant) -> None:
    """Have the diagnostics ready before the first request."""
    assert await async_setup_component(hass, "diagnostics", {})


def is_picture(answer: tuple[int, bytes]) -> bool:
    """Tell whether an answer is a still."""
    return answer[0] == 200 and answer[1].startswith(JPEG)


async def reboot(simulator: Simulator) -> None:
    """Pull the plug and put it back, between two looks."""
    await simulator.power_off()
    await simulator.power_on()


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged that a person would look into."""
    return [
        record.getMessage()
        for record in caplog.records
        # its clock cannot be frozen
        if record.levelno > logging.INFO and record.name != "aiohttp.access"
    ]


async def test_a_still_is_what_the_camera_sees(
    client: Client, camera: str, state: State
) -> None:
    response = await client.get(f"/api/camera_proxy/{camera}")
    assert response.content_type == "image/jpeg"
    assert (await response.read()).startswith(JPEG)
    assert state("camera", Platform.CAMERA) == "idle"


async def test_ten_viewers_at_once_cost_one_request(
    still: Still, watched: Watched
) -> None:
    answers = await asyncio.gather(*(still() for _ in range(10)))
    assert all(map(is_picture, answers))
    assert len(set(answers)) == 1
    assert watched.asked == {SHOT: 1}


async def test_a_still_is_taken_anew_after_seconds(
    simulator: Simulator, still: Still, watched: Watched, tick: Ticker
) -> None:
    _, before = await still()
    simulator.printer.start("Local/part.gcode", duration=60)
    await tick(STILL)
    _, after = await still()
    assert watched.shots == 2
    assert before != after


async def test_the_live_stream_is_passed_on(
    live: Live, watched: Watched, tick: Ticker
) -> None:
    response = await live()
    assert response.status == 200
    kind, _, boundary = response.headers[hdrs.CONTENT_TYPE].partition("; boundary=")
    assert kind == "multipart/x-mixed-replace"
    for _ in range(3):
        head = await response.content.readuntil(b"\r\n\r\n")
        assert head.startswith(f"--{boundary}\r\nContent-Type: image/jpeg\r\n".encode())
        size = int(head.partition(b"Content-Length: ")[2])
        assert (await response.content.readexactly(size)).startswith(JPEG)
        await response.content.readexactly(2)
        await tick(0.5)
    assert watched.asked == {STREAM: 1}


@pytest.fixture
def stream_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, bytes], None]:
    """Return a function that lets the camera send anything at all, and then end."""

    def stream_of(content_type: str, body: bytes) -> None:
        async def stream(_: Camera, request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: content_type})
            await response.prepare(request)
            await response.write(body)
            return response

        monkeypatch.setattr(Camera, "_stream", stream)

    return stream_of


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
    live: Live,
    stream_of: Callable[[str, bytes], None],
    intruder: bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    head = "image/jpeg\r\nSet-Cookie: a=b\r\nRefresh: 0; url=http://evil"
    picture = part(JPEG, head)
    stream_of(MJPEG, picture + intruder + picture)
    response = await live()
    assert response.status == 200
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    boundary = response.headers[hdrs.CONTENT_TYPE].partition("boundary=")[2]
    assert BOUNDARY not in boundary
    passed_on = (
        f"--{boundary}\r\nContent-Type: image/jpeg\r\n"
        f"Content-Length: {len(JPEG)}\r\n\r\n"
    ).encode() + JPEG
    assert await response.read() == 2 * (passed_on + b"\r\n")
    assert not complaints(caplog)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html",
        "image/svg+xml",
        "multipart/x-mixed-replace",
        "multipart/mixed; boundary=raise3dcameraboundary",
    ],
)
async def test_a_stream_that_names_no_boundary_is_not_passed_on(
    live: Live, stream_of: Callable[[str, bytes], None], content_type: str
) -> None:
    stream_of(content_type, part(JPEG, "image/jpeg"))
    response = await live()
    assert response.status == 502
    assert JPEG not in await response.read()


async def test_a_stream_without_a_picture_is_not_begun(
    live: Live, stream_of: Callable[[str, bytes], None]
) -> None:
    stream_of(MJPEG, part(PAGE, "text/html"))
    response = await live()
    assert response.status == 502
    assert PAGE not in await response.read()


async def test_the_stream_ends_when_the_viewer_leaves(
    live: Live, watched: Watched, tick: Ticker
) -> None:
    response = await live()
    assert watched.streams == 1
    response.close()
    # both ends notice with a picture
    for _ in range(4):
        await tick(0.5)
    await watched.ended.wait()
    assert watched.streams == 0


async def test_the_stream_ends_with_home_assistant(
    hass: HomeAssistant, live: Live, watched: Watched, tick: Ticker
) -> None:
    response = await live()
    hass.set_state(CoreState.stopping)
    await tick(0.5)
    assert (await response.read()).startswith(b"--")
    for _ in range(2):
        await tick(0.5)
    await watched.ended.wait()
    assert watched.streams == 0


async def test_a_camera_that_dies_ends_the_stream_quietly(
    simulator: Simulator,
    live: Live,
    watched: Watched,
    caplog: pytest.LogCaptureFixture,
) -> None:
    response = await live()
    caplog.clear()
    await simulator.stop()
    assert (await response.read()).startswith(b"--")
    assert not complaints(caplog)


async def test_a_stream_that_stands_still_ends(
    live: Live, monkeypatch: pytest.MonkeyPatch, tick: Ticker
) -> None:
    monkeypatch.setattr("simulator.camera.FRAME_SECONDS", 3600)
    response = await live()
    await tick(60)
    assert (await response.read()).startswith(b"--")


async def test_a_still_after_a_reboot_needs_no_person(
    simulator: Simulator,
    still: Still,
    watched: Watched,
    api_asked: Callable[[], int],
    tick: Ticker,
) -> None:
    await still()
    # past the next poll
    await tick(STILL)
    before = api_asked()
    await reboot(simulator)
    await tick(STILL)
    assert is_picture(await still())
    # twice, because the token was lost too
    assert api_asked() - before == 2
    assert watched.shots == 3


async def test_ten_viewers_after_a_reboot_ask_for_the_password_once(
    simulator: Simulator, live: Live, watched: Watched, api_asked: Callable[[], int]
) -> None:
    before = api_asked()
    await reboot(simulator)
    responses = await asyncio.gather(*(live() for _ in range(10)))
    assert {response.status for response in responses} == {200}
    # twice, because the token was lost too
    assert api_asked() - before == 2
    assert watched.streams == 10


async def test_a_reboot_while_somebody_watches(
    simulator: Simulator,
    live: Live,
    still: Still,
    state: State,
    tick: Ticker,
    caplog: pytest.LogCaptureFixture,
) -> None:
    response = await live()
    await simulator.power_off()
    await response.read()
    await tick(35)
    assert state("camera", Platform.CAMERA) == "unavailable"
    await simulator.power_on()
    await tick(60)
    assert state("camera", Platform.CAMERA) == "idle"
    assert (await live()).status == 200
    assert is_picture(await still())
    assert not complaints(caplog)


async def test_nobody_is_asked_for_pictures_of_a_printer_that_is_off(
    simulator: Simulator,
    live: Live,
    still: Still,
    tick: Ticker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await simulator.power_off()
    await tick(35)

    async def not_now(*_: object) -> None:
        pytest.fail("asked")

    monkeypatch.setattr("custom_components.raise3d.api.Raise3DCamera._open", not_now)
    assert (await still())[0] == 500
    assert (await live()).status == 502


async def test_the_camera_of_a_printer_that_is_off_at_the_start_comes_back(
    hass: HomeAssistant,
    simulator: Simulator,
    camera: str,
    still: Still,
    loaded_entry: MockConfigEntry,
    state: State,
    tick: Ticker,
) -> None:
    await hass.config_entries.async_unload(loaded_entry.entry_id)
    await simulator.power_off()
    await set_up(hass, loaded_entry)
    assert state("camera", Platform.CAMERA) == "unavailable"
    await simulator.power_on()
    await tick(60 + FIRST_EXTRAS)
    assert state("camera", Platform.CAMERA) == "idle"
    assert is_picture(await still())


async def test_a_camera_that_is_unplugged_is_unavailable_at_the_next_still(
    simulator: Simulator,
    still: Still,
    api_asked: Callable[[], int],
    state: State,
    tick: Ticker,
) -> None:
    await still()
    before = api_asked()
    simulator.printer.unplug_camera()
    await tick(STILL)
    assert (await still())[0] == 500
    assert api_asked() - before == 1
    assert state("camera", Platform.CAMERA) == "unavailable"


async def test_a_camera_that_nobody_looks_at_is_plugged_out_and_in(
    simulator: Simulator, camera: str, state: State, tick: Ticker
) -> None:
    simulator.printer.unplug_camera()
    await tick(16 * 60)
    assert state("camera", Platform.CAMERA) == "unavailable"
    simulator.printer.plug_camera()
    await tick(16 * 60)
    assert state("camera", Platform.CAMERA) == "idle"


async def test_a_person_can_have_it_looked_for(
    hass: HomeAssistant,
    simulator: Simulator,
    camera: str,
    state: State,
    tick: Ticker,
) -> None:
    await async_setup_component(hass, "homeassistant", {})
    simulator.printer.unplug_camera()

    async def look() -> None:
        await hass.services.async_call(
            "homeassistant", "update_entity", {ATTR_ENTITY_ID: camera}, blocking=True
        )
        await hass.async_block_till_done()

    await look()
    assert state("camera", Platform.CAMERA) == "unavailable"
    simulator.printer.plug_camera()
    await look()
    assert state("camera", Platform.CAMERA) == "idle"
    await simulator.power_off()
    await look()
    # somebody has just looked: the printer is asked a little later
    await tick(15)
    assert state("camera", Platform.CAMERA) == "unavailable"


async def test_a_camera_may_come_later(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    tick: Ticker,
) -> None:
    def camera() -> str | None:
        unique_id = f"{simulator.printer.machine_id}_camera"
        return entity_registry.async_get_entity_id(Platform.CAMERA, DOMAIN, unique_id)

    simulator.printer.unplug_camera()
    await set_up(hass, config_entry)
    await tick(FIRST_EXTRAS)
    assert camera() is None
    simulator.printer.plug_camera()
    await tick(16 * 60)
    assert (entity_id := camera())
    assert (found := hass.states.get(entity_id))
    assert found.state == "idle"


async def test_the_camera_is_there_as_soon_as_the_printer(
    hass: HomeAssistant,
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    state: State,
    api_asked: Callable[[], int],
) -> None:
    assert state("camera", Platform.CAMERA) == "idle"
    assert api_asked() == 1


async def test_a_start_does_not_wait_for_the_camera(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    state: State,
    tick: Ticker,
) -> None:
    simulator.faults.add("busy_body", path="printer/camera", count=2)
    await set_up(hass, config_entry)
    assert "camera" not in {
        entity.domain for entity in entity_registry.entities.values()
    }
    await tick(FIRST_EXTRAS)
    assert state("camera", Platform.CAMERA) == "idle"


@pytest.mark.parametrize("kind", ["html", "empty", "http_500", "disconnect", "reset"])
async def test_what_is_no_picture_is_not_shown(
    simulator: Simulator,
    still: Still,
    kind: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    simulator.faults.add(kind, path=SHOT, count=None)
    status, body = await still()
    assert status == 500
    assert b"Raise Touch" not in body
    assert not complaints(caplog)


@pytest.mark.parametrize("kind", ["html", "empty", "http_500", "disconnect", "reset"])
async def test_what_is_no_stream_is_not_passed_on(
    simulator: Simulator,
    live: Live,
    kind: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    simulator.faults.add(kind, path=STREAM, count=None)
    response = await live()
    assert response.status == 502
    assert b"Raise Touch" not in await response.read()
    assert not complaints(caplog)


async def test_a_broken_camera_does_not_wear_the_printer_out(
    simulator: Simulator,
    still: Still,
    api_asked: Callable[[], int],
    state: State,
    tick: Ticker,
) -> None:
    simulator.faults.add("http_401", path=SHOT, count=None)
    before, looks = api_asked(), len(simulator.requests)
    for _ in range(20):
        await still()
        await tick(STILL)
    assert api_asked() - before <= 3
    # the printer is looked at all the same
    assert len(simulator.requests) - looks >= 4
    assert state("camera", Platform.CAMERA) == "idle"
    simulator.faults.clear()
    assert is_picture(await still())


async def test_a_printer_that_does_not_tell_the_login_costs_the_still_alone(
    simulator: Simulator, still: Still, state: State
) -> None:
    simulator.faults.add("http_401", path=SHOT, count=None)
    simulator.faults.add("busy_body", path="printer/camera", count=None)
    assert (await still())[0] == 500
    assert state("camera", Platform.CAMERA) == "idle"


async def test_the_port_is_the_printers_word(
    simulator: Simulator,
    still: Still,
    unused_tcp_port: int,
    tick: Ticker,
) -> None:
    await still()
    await simulator.stop()
    assert simulator.camera_port != unused_tcp_port
    simulator.camera_port = unused_tcp_port
    await simulator.start()
    await tick(STILL)
    assert is_picture(await still())


async def test_the_host_is_always_the_printers_own(
    hass: HomeAssistant,
    simulator: Simulator,
    config_entry: MockConfigEntry,
    entity_id: EntityId,
    hass_client: ClientSessionGenerator,
    tick: Ticker,
) -> None:
    def elsewhere(data: dict[str, object]) -> dict[str, object]:
        uri = f"http://192.0.2.1:{simulator.camera_port}/api/v1/camera/auth_stream"
        return data | {"camerserver_URI": uri}

    simulator.faults.add("override", path="printer/camera", count=None, data=elsewhere)
    await set_up(hass, config_entry)
    await tick(FIRST_EXTRAS)
    client = await hass_client()
    camera = entity_id("camera", Platform.CAMERA)
    response = await client.get(f"/api/camera_proxy/{camera}")
    assert is_picture((response.status, await response.read()))


async def test_two_printers_have_a_camera_each(
    hass: HomeAssistant,
    simulator: Simulator,
    client: Client,
    entity_id: EntityId,
    tick: Ticker,
) -> None:
    printer = Printer("pro3", password=PASSWORD, clock=now, machine_name="Other")
    async with Simulator(printer) as other:
        entry = add_entry(hass, other)
        await set_up(hass, entry)
        await tick(FIRST_EXTRAS)
        pictures = set()
        for each in hass.config_entries.async_entries(DOMAIN):
            camera = entity_id("camera", Platform.CAMERA, each)
            response = await client.get(f"/api/camera_proxy/{camera}")
            pictures.add(await response.read())
        assert len(pictures) == 2
        await hass.config_entries.async_unload(entry.entry_id)


async def test_its_login_is_nowhere_to_be_seen(
    hass: HomeAssistant,
    simulator: Simulator,
    camera: str,
    diagnostics: None,
    live: Live,
    still: Still,
    loaded_entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    tick: Ticker,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = {USER, simulator.printer.camera_password}
    await still()
    await live()
    await reboot(simulator)
    secrets.add(simulator.printer.camera_password)
    await tick(STILL)
    await still()
    (await live()).close()
    simulator.faults.add("html", path=SHOT)
    await tick(STILL)
    await still()
    simulator.printer.unplug_camera()
    await tick(STILL)
    await still()
    secrets |= {
        base64.b64encode(f"{USER}:{secret}".encode()).decode() for secret in secrets
    }
    shared = await get_diagnostics_for_config_entry(hass, hass_client, loaded_entry)
    seen = "\n".join(
        [
            *(record.getMessage() for record in caplog.records),
            *(str(record.exc_info) for record in caplog.records),
            *(str(state.as_dict()) for state in hass.states.async_all()),
            str(shared),
            repr(loaded_entry.runtime_data.data),
        ]
    )
    assert len(secrets) == 6
    assert {secret for secret in secrets if secret in seen} == set()
    assert str(simulator.camera_port) in str(shared)
