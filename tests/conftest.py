"""Fixtures: a simulated printer, real Home Assistant, and a clock that moves both."""

from collections.abc import AsyncGenerator, Generator
import gc
import logging
from pathlib import Path
import socket
from typing import Any
from unittest.mock import patch

from aiohttp import ClientSession
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_asyncio import is_async_test
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
import pytest_socket
from syrupy.assertion import SnapshotAssertion

from custom_components.raise3d.api import transport
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from simulator import Printer, Simulator, Unknowns

from .common import HOUR, MINUTE, OURS, START, Home, add_entry, new_printer

# This imports our custom_components, before a Home Assistant that runs finds the folder
# of that name in its own test package.
from .dashboards import Frontend

# Seconds between two polls; an event after more than two minutes would be late.
INTERVALS = {
    "HEATING_INTERVAL": 10 * MINUTE,
    "JOB_INTERVAL": MINUTE,
    "NEAR_END_INTERVAL": 20,
    "STATE_INTERVAL": MINUTE,
    "TEMPERATURES_PRINTING_INTERVAL": HOUR,
}
# A clock that jumps makes every step look slow to asyncio.
logging.getLogger("asyncio").setLevel(logging.ERROR)
# A poll makes and drops some hundred objects: to collect them so often costs more.
gc.set_threshold(100_000, 20, 20)


def starts_home_assistant(request: pytest.FixtureRequest) -> bool:
    """Whether a test starts Home Assistant: most tests of the client do not."""
    # where a module overrides `home`, pytest loses the others for parametrized tests
    return bool({"hass", "home"} & set(request.fixturenames))


def has_loop(request: pytest.FixtureRequest) -> bool:
    """Whether a test needs an event loop: those of the job logic do not."""
    return is_async_test(request.node) or starts_home_assistant(request)


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant load custom_components, where a test starts one at all."""
    if starts_home_assistant(request):
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(autouse=True)
def disable_http_server(request: pytest.FixtureRequest) -> None:
    """Start no web server, where a test starts a Home Assistant at all."""
    if starts_home_assistant(request):
        request.getfixturevalue("disable_http_server")


@pytest.fixture(autouse=True)
def configure_event_loop(request: pytest.FixtureRequest) -> None:
    """Configure the loop as Home Assistant does, where a test has one."""
    if has_loop(request):
        request.getfixturevalue("configure_event_loop")


@pytest.fixture(autouse=True)
def verify_cleanup(request: pytest.FixtureRequest) -> None:
    """Find what a test leaves in its loop, where it has one."""
    if has_loop(request):
        request.getfixturevalue("verify_cleanup")


@pytest.fixture(scope="session", autouse=True)
def ticking() -> Generator[None]:
    """Let the clock of a test be frozen within a freeze: that searches no modules."""
    with freeze_time(tick=True):
        yield


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Leave the loop as it is at home: the origin of each callback costs a third."""


@pytest.fixture
def caplog(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Log what a person reads; a test of what is logged for developers says so."""
    caplog.set_level(logging.WARNING)
    caplog.set_level(logging.INFO, OURS)
    return caplog


@pytest.fixture(scope="session")
def config_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of this process; the usual one is in the virtual environment.

    Home Assistant writes there, several processes at a time, and it may be read-only.
    """
    return tmp_path_factory.mktemp("config")


@pytest.fixture
def hass_config_dir(config_folder: Path) -> str:
    """Return where Home Assistant has its configuration."""
    return str(config_folder)


@pytest.fixture(autouse=True)
def no_retry_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once: a clock that stands still never ends a sleep."""
    monkeypatch.setattr(transport, "RETRY_DELAY", 0)


@pytest.fixture
def ipv6(socket_enabled: None) -> None:
    """Skip where there is no IPv6, as in many containers."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6")
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1"])


@pytest.fixture
async def session(socket_enabled: None) -> AsyncGenerator[ClientSession]:
    """Return a session, which no client may close."""
    async with ClientSession() as session:
        yield session
        assert not session.closed


@pytest.fixture
def model() -> str:
    """Return the simulated model; a test may parametrize it."""
    return "pro2"


@pytest.fixture
def unknowns() -> Unknowns:
    """Return what no document says of the printer; a test may parametrize it."""
    return Unknowns()


@pytest.fixture
def history() -> int:
    """Return the number of jobs that it has completed; a test may parametrize it."""
    return 0


@pytest.fixture
def settings() -> dict[str, Any]:
    """Return what else is special of the printer; a test may parametrize it."""
    return {}


@pytest.fixture
def printer(
    model: str,
    unknowns: Unknowns,
    history: int,
    settings: dict[str, Any],
    freezer: FrozenDateTimeFactory,
) -> Printer:
    """Return a printer that lives in the test's time."""
    freezer.move_to(START)
    known = {"unknowns": unknowns, "history": history}
    return new_printer(model, **(known | settings))


@pytest.fixture
async def simulator(
    printer: Printer, socket_enabled: None
) -> AsyncGenerator[Simulator]:
    """Return the printer's running servers."""
    async with Simulator(printer) as simulator:
        yield simulator


@pytest.fixture
async def settled(hass: HomeAssistant, simulator: Simulator) -> AsyncGenerator[None]:
    """Let polls end before the printer goes away: they would fail in asyncio."""
    yield
    simulator.faults.clear()
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
def new_home(
    settled: None,
    hass: HomeAssistant,
    simulator: Simulator,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> Home:
    """Return a home whose entry is not set up yet."""
    return Home(simulator, hass, add_entry(hass, simulator), freezer, caplog)


@pytest.fixture
async def home(new_home: Home) -> Home:
    """Return a home whose entry is set up."""
    await new_home.set_up()
    return new_home


@pytest.fixture
async def printing(home: Home) -> Home:
    """Return a home whose printer is in the middle of a print."""
    home.printer.start("Local/part.gcode", duration=7200)
    await home.tick(60)
    return home


@pytest.fixture
def frontend(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> Frontend:
    """Return the page of an administrator."""
    return Frontend(hass, hass_ws_client)


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots that leave out what differs from run to run."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def entity_registry_enabled_by_default() -> Generator[None]:
    """Enable the entities that are disabled by default too."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        return_value=True,
    ):
        yield


@pytest.fixture
def platforms() -> list[Platform]:
    """Return the platforms of the test module: the events, unless it needs others."""
    return [Platform.EVENT]


@pytest.fixture
def only_platforms(platforms: list[Platform]) -> Generator[None]:
    """Set up the platforms of the test module alone."""
    with patch("custom_components.raise3d.PLATFORMS", platforms):
        yield


@pytest.fixture
def few_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Poll less often, where a test takes hours."""
    for name, seconds in INTERVALS.items():
        monkeypatch.setattr(f"custom_components.raise3d.polling.{name}", seconds)
