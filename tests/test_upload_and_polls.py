"""Tests of what is read out of turn: during an upload, and of a camera's login."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import ClientTimeout
import pytest

from .common import MINUTE, Home


class Upload:
    """A file that is on its way until it is let through."""

    def __init__(self, home: Home) -> None:
        """Take the printer to send it to."""
        self._client = home.coordinator.client
        self._through = asyncio.Event()
        self._under_way = asyncio.Event()
        self._task: asyncio.Task[str] | None = None

    async def begin(self) -> None:
        """Send the first half."""
        self._task = asyncio.create_task(
            self._client.files.upload("Local", "new.gcode", self._chunks(), 8)
        )
        await self._under_way.wait()

    async def end(self) -> None:
        """Send the rest."""
        assert self._task
        self._through.set()
        await self._task

    async def _chunks(self) -> AsyncIterator[bytes]:
        yield b"G28\n"
        self._under_way.set()
        await self._through.wait()
        yield b"G28\n"


@pytest.fixture
def upload(home: Home, monkeypatch: pytest.MonkeyPatch) -> Upload:
    """Return an upload that takes as long as the test wants, on a clock that jumps."""
    for name in ("transport", "upload"):
        module = f"custom_components.raise3d.api.{name}"
        monkeypatch.setattr(f"{module}.UPLOAD_IDLE_TIMEOUT", 86400.0)
    monkeypatch.setattr(
        "custom_components.raise3d.api.transport.UPLOAD_TIMEOUT", ClientTimeout()
    )
    return Upload(home)


async def test_an_upload_makes_the_printer_busy_and_keeps_its_figures(
    home: Home, upload: Upload
) -> None:
    home.printer.start("Local/part.gcode", duration=6 * 3600)
    await home.tick(3 * MINUTE)
    name, layers = home.state("file_name"), home.state("total_layers")
    await upload.begin()
    await home.tick(10 * MINUTE)
    assert home.status == "busy"
    assert (home.state("file_name"), home.state("total_layers")) == (name, layers)
    assert home.number("bed_temperature") > 0
    await upload.end()
    await home.tick(20)
    assert home.status == "printing"


@pytest.mark.parametrize(("seconds", "late"), [(60, False), (1200, True)])
async def test_a_print_that_ends_during_an_upload_is_reported_after_it(
    home: Home, upload: Upload, seconds: int, *, late: bool
) -> None:
    home.printer.start("Local/part.gcode", duration=5 * MINUTE)
    await home.tick(4 * MINUTE + 30)
    await upload.begin()
    await home.tick(seconds)
    assert home.events == [("started", False)]
    await upload.end()
    await home.tick(20)
    assert home.events == [("started", False), ("completed", late)]


async def test_an_unreadable_answer_after_a_long_upload_has_its_grace_too(
    home: Home, upload: Upload
) -> None:
    await home.tick(MINUTE)
    await upload.begin()
    await home.tick(20 * MINUTE)
    home.simulator.faults.add("html", path="printer/runningstatus", count=2)
    await upload.end()
    await home.tick(15)
    assert home.status != "offline"
    await home.tick(45)
    assert home.status == "idle"


async def test_a_camera_login_read_during_a_poll_is_not_overwritten(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    await home.tick(MINUTE)
    coordinator = home.coordinator
    read = coordinator.client.queries.get_running_status

    async def read_during_a_camera_request() -> object:
        status = await read()
        home.printer.camera_password = "fresh"
        await coordinator.camera.async_refresh()
        return status

    monkeypatch.setattr(
        coordinator.client.queries, "get_running_status", read_during_a_camera_request
    )
    await coordinator.async_refresh()
    await home.tick(5)
    await coordinator.async_request_refresh()
    camera = coordinator.data.camera
    assert camera
    assert camera.password == "fresh"


async def test_a_printer_is_in_use_during_an_upload_and_for_two_minutes_after_it(
    home: Home, upload: Upload
) -> None:
    await home.tick(5 * MINUTE)
    assert home.state("in_use", "binary_sensor") == "off"
    await upload.begin()
    await home.tick(31)
    assert home.state("in_use", "binary_sensor") == "on"
    await home.tick(10 * MINUTE)
    assert home.state("in_use", "binary_sensor") == "on"
    await upload.end()
    await home.tick(2 * MINUTE)
    assert home.state("in_use", "binary_sensor") == "on"
    await home.tick(MINUTE)
    assert home.state("in_use", "binary_sensor") == "off"
