"""Tests of what is read out of turn: during an upload, and of a camera's login."""

import asyncio
from collections.abc import AsyncIterator, Callable

from aiohttp import ClientTimeout
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from simulator import Simulator

from .conftest import Ticker

MINUTE = 60

type State = Callable[..., str]


class Upload:
    """A file that is on its way until it is let through."""

    def __init__(self, entry: MockConfigEntry) -> None:
        """Take the printer to send it to."""
        self._client = entry.runtime_data.client
        self._through = asyncio.Event()
        self._under_way = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

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
def upload(loaded_entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch) -> Upload:
    """Return an upload that takes as long as the test wants, on a clock that jumps."""
    for name in ("transport", "upload"):
        module = f"custom_components.raise3d.api.{name}"
        monkeypatch.setattr(f"{module}.UPLOAD_IDLE_TIMEOUT", 86400.0)
    monkeypatch.setattr(
        "custom_components.raise3d.api.transport._UPLOAD_TIMEOUT", ClientTimeout()
    )
    return Upload(loaded_entry)


async def test_an_upload_makes_the_printer_busy_and_keeps_its_figures(
    simulator: Simulator, upload: Upload, tick: Ticker, state: State
) -> None:
    simulator.printer.start("Local/part.gcode", duration=6 * 3600)
    await tick(3 * MINUTE)
    name, layers = state("file_name"), state("total_layers")
    await upload.begin()
    await tick(10 * MINUTE)
    assert state("status") == "busy"
    assert (state("file_name"), state("total_layers")) == (name, layers)
    assert float(state("bed_temperature")) > 0
    await upload.end()
    await tick(20)
    assert state("status") == "printing"


@pytest.mark.parametrize(("seconds", "late"), [(60, False), (1200, True)])
async def test_a_print_that_ends_during_an_upload_is_reported_after_it(
    hass: HomeAssistant,
    simulator: Simulator,
    upload: Upload,
    tick: Ticker,
    entity_id: Callable[..., str],
    seconds: int,
    *,
    late: bool,
) -> None:
    simulator.printer.start("Local/part.gcode", duration=5 * MINUTE)
    await tick(4 * MINUTE + 30)
    await upload.begin()
    await tick(seconds)
    event = hass.states.get(entity_id("job", "event"))
    assert event
    assert event.attributes["event_type"] == "started"
    await upload.end()
    await tick(20)
    event = hass.states.get(entity_id("job", "event"))
    assert event
    assert event.attributes["event_type"] == "completed"
    assert event.attributes["late"] is late


async def test_a_bad_answer_after_a_long_upload_has_its_grace_too(
    simulator: Simulator, upload: Upload, tick: Ticker, state: State
) -> None:
    await tick(MINUTE)
    await upload.begin()
    await tick(20 * MINUTE)
    simulator.faults.add("html", path="printer/runningstatus", count=2)
    await upload.end()
    await tick(15)
    assert state("status") != "offline"
    await tick(45)
    assert state("status") == "idle"


async def test_a_camera_login_read_during_a_poll_is_not_overwritten(
    simulator: Simulator,
    loaded_entry: MockConfigEntry,
    tick: Ticker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await tick(MINUTE)
    coordinator = loaded_entry.runtime_data
    read = coordinator.client.queries.get_running_status

    async def read_while_a_camera_asks() -> object:
        status = await read()
        simulator.printer.camera_password = "fresh"
        await coordinator.async_refresh_camera()
        return status

    monkeypatch.setattr(
        coordinator.client.queries, "get_running_status", read_while_a_camera_asks
    )
    await coordinator.async_refresh()
    await tick(5)
    await coordinator.async_request_refresh()
    assert coordinator.data.camera.password == "fresh"
